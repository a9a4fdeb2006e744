//! What a secret or a file holds already, with the bytes of each member.

use std::collections::BTreeMap;

use jsonc_parser::common::Ranged;

use crate::secret::document::Member;
use crate::secret::{Document, DocumentFault, Entry};
use crate::values::{SecretText, json};

/// A text that could be read.
pub struct Old {
    document: Document,
    /// Name, colon and value of each member as they stand there; of one that stands twice those that count.
    pairs: BTreeMap<String, SecretText>,
}

impl Old {
    /// Reads a secret's text.
    ///
    /// # Errors
    /// It is no JSON object.
    pub fn parse(text: &SecretText) -> Result<Self, DocumentFault> {
        let document = Document::parse(text)?;
        let source = text.expose();
        let pairs = json::object(source)?
            .properties
            .into_iter()
            .map(|property| {
                let pair = source.get(property.name.range().start..property.value.range().end).unwrap_or_default();
                (property.name.into_string(), pair.into())
            })
            .collect();
        Ok(Self { document, pairs })
    }

    /// Its members in order, each once.
    pub fn members(&self) -> impl Iterator<Item = MemberText<'_>> {
        let pairs = &self.pairs;
        self.document.members().iter().filter_map(|member| {
            let Member { name, entry, .. } = member;
            Some(MemberText { name, entry, pair: pairs.get(name)? })
        })
    }

    /// What stands at a key of exactly this name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.document.get(name)
    }

    /// The names that stand more than once.
    pub fn duplicates(&self) -> &[String] {
        self.document.duplicates()
    }
}

/// A member and its bytes.
#[derive(Clone, Copy)]
pub struct MemberText<'o> {
    /// The key, as it is spelled.
    pub name: &'o String,
    /// What stands at it.
    pub entry: &'o Entry,
    /// Name, colon and value.
    pub pair: &'o SecretText,
}
