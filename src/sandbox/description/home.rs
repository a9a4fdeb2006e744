//! Files of a world's home.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::ser::PrettyFormatter;

use crate::values::SecretText;

/// A file: a text, the lines of a text, or JSON as the webhook package writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Value")]
pub(in crate::sandbox) struct HomeFile {
    /// All of it. It may hold access keys or a client secret.
    pub text: SecretText,
}

impl TryFrom<Value> for HomeFile {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        let text = match value {
            Value::String(text) => text,
            Value::Array(lines) => {
                let lines: Option<Vec<&str>> = lines.iter().map(Value::as_str).collect();
                lines.ok_or("a file is a text, an array of lines or an object")?.join("\n") + "\n"
            }
            Value::Object(_) => four_spaces(&value).map_err(|error| error.to_string())?,
            _ => return Err("a file is a text, an array of lines or an object".into()),
        };
        Ok(Self { text: text.into() })
    }
}

/// JSON indented by four spaces, without a line break at the end: so the webhook package writes `config.json`.
fn four_spaces(value: &Value) -> Result<String, serde_json::Error> {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    value.serialize(&mut serializer)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
