//! A secret's text, read as the JSON object it should be.

use std::fmt;

use jsonc_parser::ast::Value;

use super::Key;
use crate::model::facts::SecretContent;
use crate::model::{Facts, Reader};
use crate::values::SecretText;
use crate::values::json::{self, JsonFault};

/// Why a secret's text cannot be judged key by key. It prints as a clause about "it": the secret.
pub type DocumentFault = JsonFault;

/// What stands at a key.
#[derive(Clone, PartialEq, Eq)]
pub enum Entry {
    /// A text.
    Text(SecretText),
    /// `true` or `false` without quotes.
    Bool(bool),
    /// A number without quotes, as it was written.
    Number(String),
    /// `null`.
    Null,
    /// "an array" or "an object".
    Nested(&'static str),
}

impl Entry {
    /// The text that a lenient reader would take from it.
    #[must_use]
    pub fn text(&self) -> Option<SecretText> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Bool(value) => Some(value.to_string().into()),
            Self::Number(digits) => Some(digits.clone().into()),
            Self::Null | Self::Nested(_) => None,
        }
    }
}

impl fmt::Debug for Entry {
    /// Says what sort of entry it is, never its value: a number may be a secret too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text([redacted])",
            Self::Bool(_) => "Bool([redacted])",
            Self::Number(_) => "Number([redacted])",
            Self::Null => "Null",
            Self::Nested(kind) => kind,
        })
    }
}

/// One key and what stands at it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The key, as it is spelled.
    pub name: String,
    /// What stands at it.
    pub entry: Entry,
    /// The same as JSON, to be written back untouched.
    pub raw: SecretText,
}

/// A secret's members, in their order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    members: Vec<Member>,
    duplicates: Vec<String>,
}

impl Document {
    /// Reads a secret's text. Of a key that stands twice the last one counts, as for every JSON reader in use, and the key is remembered in
    /// [`Document::duplicates`].
    ///
    /// # Errors
    /// The text is not a JSON object.
    pub fn parse(text: &SecretText) -> Result<Self, DocumentFault> {
        let source = text.expose();
        let mut document = Self { members: Vec::new(), duplicates: Vec::new() };
        for property in json::object(source)?.properties {
            let range = jsonc_parser::common::Ranged::range(&property.value);
            let raw = SecretText::from(source.get(range.start..range.end).unwrap_or_default());
            document.put(property.name.into_string(), entry(property.value), raw);
        }
        Ok(document)
    }

    /// What the secret that was looked up holds, where it is a JSON object.
    #[must_use]
    pub fn current(facts: &Facts) -> Option<Self> {
        Self::of(&facts.secret.known()?.value.known()?.content)
    }

    /// What a version of a secret holds, where it is a JSON object.
    #[must_use]
    pub fn of(content: &SecretContent) -> Option<Self> {
        match content {
            SecretContent::Text(text) => Self::parse(text).ok(),
            SecretContent::Binary(_) => None,
        }
    }

    fn put(&mut self, name: String, entry: Entry, raw: SecretText) {
        if let Some(member) = self.members.iter_mut().find(|member| member.name == name) {
            (member.entry, member.raw) = (entry, raw);
            if !self.duplicates.contains(&name) {
                self.duplicates.push(name);
            }
        } else {
            self.members.push(Member { name, entry, raw });
        }
    }

    /// What stands at a key of exactly this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.members.iter().find(|member| member.name == name).map(|member| &member.entry)
    }

    /// Every key and what stands at it, in order, each once.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.members.iter().map(|member| (member.name.as_str(), &member.entry))
    }

    /// As [`Document::entries`], with the JSON of each.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The keys that stand more than once.
    #[must_use]
    pub fn duplicates(&self) -> &[String] {
        &self.duplicates
    }

    /// The objects that stand in it under a name that is no key's, with what they hold: keys that somebody wrote a level too deep.
    pub fn nested(&self) -> impl Iterator<Item = (&str, Self)> {
        let is_key = |name: &str| Key::from_name(name).or_else(|| Key::from_shipped_name(name)).is_some();
        self.members
            .iter()
            .filter(move |member| member.entry == Entry::Nested("an object") && !is_key(&member.name))
            .filter_map(|member| Some((member.name.as_str(), Self::parse(&member.raw).ok()?)))
    }

    /// The value meant for a key, under its own name or the shipped runtimes'.
    #[must_use]
    pub fn value(&self, key: Key) -> Option<SecretText> {
        let entry = self.get(key.name()).or_else(|| self.get(key.shipped_name()?))?;
        entry.text()
    }

    /// The value that a reader takes for a key; where it looks for neither name that is there, the one that was meant.
    #[must_use]
    pub fn read_by(&self, key: Key, reader: Reader) -> Option<SecretText> {
        let read = key.names(reader).into_iter().find_map(|name| self.get(name));
        read.map_or_else(|| self.value(key), Entry::text)
    }
}

fn entry(value: Value<'_>) -> Entry {
    match value {
        Value::StringLit(text) => Entry::Text(SecretText::new(text.value)),
        Value::BooleanLit(boolean) => Entry::Bool(boolean.value),
        Value::NumberLit(number) => Entry::Number(number.value.to_owned()),
        Value::NullKeyword(_) => Entry::Null,
        Value::Array(_) | Value::Object(_) => Entry::Nested(json::kind(&value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_of_entry_is_kept_as_it_is() {
        let text = r#"{"TENANT": "a\u0062\n", "ENABLE_WEBHOOK_VERIFICATION": true, "N": 12345678901234567890.50, "X": null, "Y": [1], "Z": {}}"#;
        let document = Document::parse(&text.into()).unwrap();
        assert_eq!(document.get("TENANT"), Some(&Entry::Text("ab\n".into())));
        assert_eq!(document.get("ENABLE_WEBHOOK_VERIFICATION"), Some(&Entry::Bool(true)));
        assert_eq!(document.get("N"), Some(&Entry::Number("12345678901234567890.50".into())));
        assert_eq!(document.get("X"), Some(&Entry::Null));
        assert_eq!(document.get("Y"), Some(&Entry::Nested("an array")));
        assert_eq!(document.get("Z"), Some(&Entry::Nested("an object")));
        assert_eq!(document.get("tenant"), None);
        assert_eq!(document.members().last().map(|member| member.raw.expose()), Some("{}"));
    }

    #[test]
    fn of_duplicates_the_last_counts_and_all_are_told() {
        let document = Document::parse(&r#"{"A": "1", "B": "2", "A": "3", "A": "4"}"#.into()).unwrap();
        assert_eq!(document.get("A"), Some(&Entry::Text("4".into())));
        assert_eq!(document.entries().map(|(name, _)| name).collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(document.duplicates(), ["A"]);
    }

    #[test]
    fn a_value_is_found_under_either_spelling() {
        let document =
            Document::parse(&r#"{"tenant": "old", "TENANT": "new", "log_level": "INFO", "client_id": null}"#.into())
                .unwrap();
        assert_eq!(document.value(Key::Tenant), Some("new".into()));
        assert_eq!(document.value(Key::LogLevel), Some("INFO".into()));
        assert_eq!(document.value(Key::ClientId), None);
    }

    #[test]
    fn no_value_is_ever_printed() {
        let document = Document::parse(&r#"{"A": "canary-1", "B": 77712, "C": {"D": "canary-2"}}"#.into()).unwrap();
        let printed = format!("{document:?}");
        assert!(!printed.contains("canary") && !printed.contains("77712"), "{printed}");
    }
}
