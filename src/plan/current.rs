//! The `config.json` that is there now, as values.

use jsonc_parser::ast;
use serde_json::Value;

use crate::model::facts::{ConfigFile, Facts};
use crate::values::SecretText;
use crate::values::json::{self, JsonFault};

/// The values of a `config.json`; none where there is no file, or none that can be read.
pub struct Current {
    root: Value,
}

impl Current {
    /// Reads a file.
    ///
    /// # Errors
    /// It is not a JSON object.
    pub fn read(file: &ConfigFile) -> Result<Self, JsonFault> {
        Ok(Self { root: ast::Value::Object(json::object(file.text.expose())?).into() })
    }

    /// No file.
    pub const fn none() -> Self {
        Self { root: Value::Null }
    }

    /// The file of the chosen config profile, or none.
    pub fn of(facts: &Facts) -> Self {
        facts.config.known().and_then(|file| Self::read(file).ok()).unwrap_or(Self::none())
    }

    /// The value at a path.
    pub fn get(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.root, |value, name| value.get(*name))
    }

    /// The text at a path, unless it is empty.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.get(path)?.as_str().filter(|text| !text.is_empty())
    }

    /// The value at a path as a field of the form would hold it.
    pub fn answer(&self, path: &[&str]) -> Option<SecretText> {
        match self.get(path)? {
            Value::String(text) => Some(text.as_str().into()),
            Value::Bool(boolean) => Some(boolean.to_string().into()),
            _ => None,
        }
    }
}
