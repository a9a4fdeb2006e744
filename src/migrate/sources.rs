//! One source, read: names, values, and what could not be read of it. One file for each shape.
//!
//! Nothing of a source's text is in a fault, and of its values nothing is in a remark: what a source holds may be a secret from its first
//! byte to its last.

mod config;
mod lines;
mod names;
mod reference;
mod secret;
mod task;
mod variables;

#[cfg(test)]
mod tests;

pub use names::{Meaning, meaning, old_names};
pub use reference::Place;

use jsonc_parser::ast;

use crate::model::facts::ImportContent;
use crate::model::{Facts, ImportSource};
use crate::secret::{Document, Key};
use crate::values::json;
use crate::values::{SecretText, text};

/// The most that is remarked on one source: a text made to fill a screen fills no more than one.
const MOST_REMARKS: usize = 40;

/// The most names that are listed in a sentence.
const MOST_NAMES: usize = 12;

/// What sort of text a source turned out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A secret's JSON.
    Secret,
    /// What `aws ecs describe-task-definition` prints, or a part of it.
    TaskDefinition,
    /// A `config.json`.
    Config,
    /// Names and values: an env file, an environment.
    Variables,
}

impl Shape {
    /// What it was read as, for a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Secret => "a secret's JSON",
            Self::TaskDefinition => "an ECS task definition",
            Self::Config => "a config.json",
            Self::Variables => "environment variables",
        }
    }
}

/// What a source gives for a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// A value.
    Text(SecretText),
    /// The container gets it from elsewhere: `secrets[].valueFrom`, an ARN or the name of a parameter. It is shown and never followed
    /// unasked; [`Place::of`] tells its parts.
    Reference(String),
}

/// One value of a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    /// The key it is for.
    pub key: Key,
    /// What the source calls it: `BENCHLING_TENANT`, `benchling.tenant`. Not made safe to print.
    pub name: String,
    /// What it gives.
    pub value: Value,
}

/// A source that could be read.
#[derive(Clone, Debug)]
pub struct Import {
    /// What it turned out to be.
    pub shape: Shape,
    /// Its values, in its order.
    pub given: Vec<Given>,
    /// The secret as it stands there, where the source is one: it is judged as it is, extra keys and all.
    pub document: Option<Document>,
    /// What is worth knowing of it, as sentences without any value: names that look like a key and are none, several containers.
    pub remarks: Vec<String>,
    /// Variables of earlier versions that are no part of the secret: they go once the service reads it (S3-27). Not made safe to print.
    pub leftovers: Vec<String>,
}

impl Import {
    const fn new(shape: Shape) -> Self {
        Self { shape, given: Vec::new(), document: None, remarks: Vec::new(), leftovers: Vec::new() }
    }

    fn remark(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if self.remarks.len() < MOST_REMARKS && !self.remarks.contains(&sentence) {
            self.remarks.push(sentence);
            if self.remarks.len() == MOST_REMARKS {
                self.remarks.push("More could be said of it than is said here.".into());
            }
        }
    }

    fn gives(&self, key: Key) -> bool {
        self.given.iter().any(|given| given.key == key)
    }

    /// The keys it says something of, a value or where it stands, each once.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        Key::ALL.into_iter().filter(|key| self.gives(*key)).collect()
    }
}

/// Why a source cannot be used, as a clause about it: "it is not JSON: … at line 3, column 7". Never holds any of the text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct ImportFault(pub String);

impl From<json::JsonFault> for ImportFault {
    fn from(fault: json::JsonFault) -> Self {
        Self(fault.to_string())
    }
}

/// Reads a source.
///
/// # Errors
/// What is wrong with it.
pub fn read(source: &ImportSource, content: &ImportContent) -> Result<Import, ImportFault> {
    match (source, content) {
        (ImportSource::Secret { .. }, ImportContent::Binary(bytes)) => {
            Err(ImportFault(format!("it is binary, {bytes} bytes, and the webhook reads text")))
        }
        (_, ImportContent::Binary(bytes)) => {
            Err(ImportFault(format!("it is not UTF-8 text, {bytes} bytes: save it as UTF-8")))
        }
        (_, ImportContent::Variables(variables)) => Ok(variables::of_environment(variables)),
        (ImportSource::Secret { .. }, ImportContent::Text { text, .. }) => secret::read(text),
        (ImportSource::EnvFile(_), ImportContent::Text { text, .. }) => variables::of_lines(text),
        (_, ImportContent::Text { text, .. }) => recognised(text),
    }
}

/// Every variable of a text of `NAME=value` lines, as a container would be given them.
///
/// # Errors
/// Lines that cannot be read, all of them at once.
pub fn variables(text: &SecretText) -> Result<Vec<(String, SecretText)>, ImportFault> {
    variables::all(text)
}

/// One line of `NAME=value`.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The name.
    pub name: String,
    /// The value as it stands there, without its quotes.
    pub value: SecretText,
    /// A `$` in it is one where readers put in a variable: it stands in no single quotes.
    pub expands: bool,
}

/// The same in the order of the lines, a name that stands twice too.
///
/// # Errors
/// As [`variables`].
pub fn statements(text: &SecretText) -> Result<Vec<Assignment>, ImportFault> {
    variables::statements(text)
}

/// What the `config.json` of the chosen config profile gives, with what it inherits.
///
/// # Errors
/// It is not JSON.
pub fn of_config(facts: &Facts) -> Result<Import, ImportFault> {
    config::of_facts(facts)
}

/// Says in the remarks what of a secret's JSON is not taken along when the target is written: names of no key that the target, as far as
/// one is there, does not hold with the same value.
pub(super) fn leave_behind(import: &mut Import, target: Option<&Document>) {
    secret::leave_behind(import, target);
}

/// A text of any shape: JSON by what is in it, else lines of `NAME=value`.
fn recognised(text: &SecretText) -> Result<Import, ImportFault> {
    let bare = text.expose().strip_prefix('\u{feff}').unwrap_or(text.expose());
    match bare.trim_start().chars().next() {
        None => Err(json::JsonFault::Empty.into()),
        Some('{' | '[' | '"') => of_json(text, bare),
        Some(_) => variables::of_lines(text).map_err(|ImportFault(why)| match json::value(bare) {
            Err(json::JsonFault::Syntax { line, column, .. }) => {
                ImportFault(format!("it is neither JSON (line {line}, column {column}) nor lines of NAME=value: {why}"))
            }
            _ => ImportFault(why),
        }),
    }
}

fn of_json(text: &SecretText, bare: &str) -> Result<Import, ImportFault> {
    let value = json::value(bare)?;
    if let Some(containers) = task::containers(&value) {
        return Ok(task::read(&containers));
    }
    let Some(object) = value.as_object() else { return secret::read(text) };
    if config::is_one(object) {
        return config::of_text(text);
    }
    match secret::printed_by_aws(object) {
        Some(inner) => {
            let mut import = secret::read(&inner)?;
            import.remark("It is what `aws secretsmanager get-secret-value` prints; its SecretString was read.");
            Ok(import)
        }
        None => secret::read(text),
    }
}

/// Of a name that stands twice in an object the last one counts, as for every JSON reader in use.
fn member<'v, 'a>(object: &'v ast::Object<'a>, name: &str) -> Option<&'v ast::Value<'a>> {
    object.properties.iter().rev().find(|property| property.name.as_str() == name).map(|property| &property.value)
}

fn text_at<'v>(object: &'v ast::Object<'_>, name: &str) -> Option<&'v str> {
    member(object, name)?.as_string_lit().map(|text| text.value.as_ref())
}

/// Things in a row, the first of them by name.
fn listed(all: &[String]) -> String {
    let named = all.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match all.len().checked_sub(MOST_NAMES).filter(|more| *more > 0) {
        Some(more) => format!("{named} and {more} more"),
        None => named,
    }
}

/// A name of a source, for a sentence.
fn shown(name: &str) -> String {
    text::elide_end(&text::safe(name), 60)
}
