//! One `config.json`, and what it inherits.

use jsonc_parser::ast;
use serde_json::Value;

use super::merge::merged;
use crate::model::Fact;
use crate::model::facts::{Ancestor, ConfigFile, Facts};
use crate::values::SecretText;
use crate::values::json::{self, JsonFault};

/// U+FEFF in front of a text. Readers refuse it; everything behind it is kept.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// The config profile that a file inherits from, as it stands there. An empty text is none, as the webhook package has it.
#[must_use]
pub fn inherits(file: &ConfigFile) -> Option<String> {
    Config::read(file).ok()?.own_text(&["_inherits"]).map(str::to_owned)
}

/// Why the chain of config profiles does not end as it should. `deploy` of the webhook package stops there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Broken {
    /// A config profile inherits from one that has no `config.json`.
    Missing {
        /// Who inherits.
        child: String,
        /// From whom.
        parent: String,
    },
    /// The parent's `config.json` cannot be read.
    Unreadable {
        /// From whom.
        parent: String,
        /// Why not, to end a sentence. Holds nothing of the file.
        why: String,
    },
    /// A config profile inherits from itself, by way of others: their names in order, the first one last again.
    Circle(Vec<String>),
}

/// A `config.json` and its parents, as values. Not `Debug`: it may hold a client secret.
pub struct Config {
    /// The file itself, then what it inherits from, nearest first.
    layers: Vec<Layer>,
    merged: Value,
    broken: Option<Broken>,
    byte_order_mark: bool,
}

struct Layer {
    name: String,
    root: Value,
}

impl Config {
    /// Reads one file, without what it inherits.
    ///
    /// # Errors
    /// It is not a JSON object.
    pub fn read(file: &ConfigFile) -> Result<Self, JsonFault> {
        let text = file.text.expose();
        let bare = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let root: Value = ast::Value::Object(json::object(bare)?).into();
        let merged = root.clone();
        let layers = vec![Layer { name: name_of(file), root }];
        Ok(Self { layers, merged, broken: None, byte_order_mark: bare.len() < text.len() })
    }

    /// No file.
    #[must_use]
    pub const fn none() -> Self {
        Self { layers: Vec::new(), merged: Value::Null, broken: None, byte_order_mark: false }
    }

    /// The chosen config profile's file and its parents. `None`: not known, or not a JSON object.
    #[must_use]
    pub fn of(facts: &Facts) -> Option<Self> {
        Self::with_parents(facts.config.known()?, facts.ancestors.known().map(Vec::as_slice)).ok()
    }

    /// As [`Self::of`], also while it is being read again.
    #[must_use]
    pub fn shown(facts: &Facts) -> Option<Self> {
        Self::with_parents(facts.config.shown()?, facts.ancestors.shown().map(Vec::as_slice)).ok()
    }

    /// One file and its parents, nearest first; `None` where they were not looked up.
    ///
    /// # Errors
    /// The file itself is not a JSON object. A parent that cannot be read is [`Self::broken`].
    pub fn with_parents(file: &ConfigFile, parents: Option<&[Ancestor]>) -> Result<Self, JsonFault> {
        let mut config = Self::read(file)?;
        let Some(parents) = parents else { return Ok(config) };
        while let Some(parent) = config.next_parent() {
            let child = config.layers.last().map(|layer| layer.name.clone()).unwrap_or_default();
            if let Some(from) = config.layers.iter().position(|layer| layer.name == parent) {
                let names = config.layers.iter().skip(from).map(|layer| layer.name.clone()).chain([parent]);
                config.broken = Some(Broken::Circle(names.collect()));
                break;
            }
            match root_of(parents, &child, &parent) {
                Ok(root) => config.layers.push(Layer { name: parent, root }),
                Err(broken) => {
                    config.broken = Some(broken);
                    break;
                }
            }
        }
        let over = |base: Value, layer: &Layer| merged(&base, &layer.root);
        config.merged = config.layers.iter().rev().fold(Value::Null, over);
        if let Some(members) = config.merged.as_object_mut() {
            members.shift_remove("_inherits");
        }
        Ok(config)
    }

    fn next_parent(&self) -> Option<String> {
        let name = self.layers.last()?.root.get("_inherits")?.as_str()?;
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// The value at a path in the file itself.
    #[must_use]
    pub fn own(&self, path: &[&str]) -> Option<&Value> {
        at(&self.layers.first()?.root, path)
    }

    /// The text at a path in the file itself, unless it is empty.
    #[must_use]
    pub fn own_text(&self, path: &[&str]) -> Option<&str> {
        self.own(path)?.as_str().filter(|text| !text.is_empty())
    }

    /// The value at a path, inherited ones included.
    #[must_use]
    pub fn get(&self, path: &[&str]) -> Option<&Value> {
        at(&self.merged, path)
    }

    /// The text at a path, inherited ones included, unless it is empty.
    #[must_use]
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.get(path)?.as_str().filter(|text| !text.is_empty())
    }

    /// The value at a path as a field of the form would hold it, inherited ones included.
    #[must_use]
    pub fn answer(&self, path: &[&str]) -> Option<SecretText> {
        match self.get(path)? {
            Value::String(text) => Some(text.as_str().into()),
            Value::Bool(boolean) => Some(boolean.to_string().into()),
            _ => None,
        }
    }

    /// The config profile whose file has the value at a path: the nearest that says anything there.
    #[must_use]
    pub fn origin(&self, path: &[&str]) -> Option<&str> {
        self.layers.iter().find(|layer| at(&layer.root, path).is_some()).map(|layer| layer.name.as_str())
    }

    /// The config profile that a value is inherited from; `None` for one of the file itself.
    #[must_use]
    pub fn inherited_from(&self, path: &[&str]) -> Option<&str> {
        if self.own(path).is_some() { None } else { self.origin(path) }
    }

    /// What the nearest parent that says anything says at a path, whatever the file itself says: its name and the value.
    #[must_use]
    pub fn of_parents(&self, path: &[&str]) -> Option<(&str, &Value)> {
        self.layers.iter().skip(1).find_map(|layer| Some((layer.name.as_str(), at(&layer.root, path)?)))
    }

    /// The names of the config profiles it inherits from, nearest first.
    pub fn parents(&self) -> impl Iterator<Item = &str> {
        self.layers.iter().skip(1).map(|layer| layer.name.as_str())
    }

    /// Whether the file names a parent, readable or not.
    #[must_use]
    pub fn inherits(&self) -> Option<&str> {
        self.own_text(&["_inherits"])
    }

    /// Why the chain of parents does not end.
    #[must_use]
    pub const fn broken(&self) -> Option<&Broken> {
        self.broken.as_ref()
    }

    /// Whether the file begins with a byte order mark.
    #[must_use]
    pub const fn has_byte_order_mark(&self) -> bool {
        self.byte_order_mark
    }

    /// The names at the top of the file itself.
    pub fn top(&self) -> impl Iterator<Item = &str> {
        self.layers
            .first()
            .and_then(|layer| layer.root.as_object())
            .into_iter()
            .flat_map(|top| top.keys())
            .map(String::as_str)
    }

    /// The names below a section of the file itself.
    pub fn below(&self, section: &str) -> impl Iterator<Item = &str> {
        self.own(&[section]).and_then(Value::as_object).into_iter().flat_map(|top| top.keys()).map(String::as_str)
    }

    /// Everything, inherited values included.
    pub(super) const fn merged(&self) -> &Value {
        &self.merged
    }
}

/// A config profile is called as its folder is.
fn name_of(file: &ConfigFile) -> String {
    let folder = file.path.parent().and_then(|folder| folder.file_name());
    folder.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The value at a path; a step that is a number leads into a list.
fn at<'v>(root: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(root, |value, step| match value {
        Value::Array(all) => all.get(step.parse::<usize>().ok()?),
        value => value.get(*step),
    })
}

fn root_of(parents: &[Ancestor], child: &str, parent: &str) -> Result<Value, Broken> {
    let unreadable = |why: String| Broken::Unreadable { parent: parent.to_owned(), why };
    let found = parents.iter().find(|ancestor| ancestor.name == parent).map(|ancestor| &ancestor.file);
    match found {
        Some(Fact::Known(file)) => Config::read(file)
            .map(|mut config| config.layers.pop().map_or(Value::Null, |layer| layer.root))
            .map_err(|fault| unreadable(fault.to_string())),
        Some(Fact::Absent) => Err(Broken::Missing { child: child.to_owned(), parent: parent.to_owned() }),
        Some(Fact::Denied { error, .. } | Fact::Failed(error)) => Err(unreadable(error.message.clone())),
        Some(Fact::NotAsked | Fact::Pending(_)) | None => Err(unreadable("it was not looked up".into())),
    }
}
