//! Members as they are written, and the line of the review that goes with each.

use std::collections::BTreeSet;

use super::old::MemberText;
use super::{Content, pair};
use crate::model::plan::{FieldChange, FieldKind};
use crate::plan::shown;
use crate::secret::Key;
use crate::values::SecretText;

/// What was put together so far.
#[derive(Default)]
pub struct Written {
    names: BTreeSet<String>,
    pairs: Vec<SecretText>,
    fields: Vec<FieldChange>,
}

impl Written {
    /// A member stays, byte for byte.
    pub fn kept(&mut self, member: MemberText<'_>) {
        let shown = shown::entry(member.name, member.entry);
        self.push(member.name, member.pair.clone(), shown::line(member.name, FieldKind::Same, shown.clone(), shown));
    }

    /// A member gets another value.
    pub fn changed(&mut self, member: MemberText<'_>, value: &SecretText) {
        let before = shown::entry(member.name, member.entry);
        let after = shown::value(value.expose(), shown::mask_of(member.name));
        self.push(member.name, pair(member.name, value), shown::line(member.name, FieldKind::Changed, before, after));
    }

    /// A member gets another name.
    pub fn renamed(&mut self, member: MemberText<'_>, name: &str, key: Key, value: &SecretText) {
        let before = crate::values::text::safe(member.name);
        let line = shown::line(name, FieldKind::Renamed, before, shown::value(value.expose(), key.mask()));
        self.push(name, pair(name, value), line);
    }

    /// A member that was not there.
    pub fn added(&mut self, name: &str, key: Key, value: &SecretText) {
        let line = shown::line(name, FieldKind::Added, "", shown::value(value.expose(), key.mask()));
        self.push(name, pair(name, value), line);
    }

    /// A member goes.
    pub fn removed(&mut self, member: MemberText<'_>) {
        let before = shown::entry(member.name, member.entry);
        self.fields.push(shown::line(member.name, FieldKind::Removed, before, ""));
    }

    /// A name stood more than once; nothing is said of one that goes anyway.
    pub fn stood_twice(&mut self, name: &str) {
        if self.names.contains(name) {
            let after = "stands once, with its last value";
            self.fields.push(shown::line(name, FieldKind::Removed, "stands more than once", after));
        }
    }

    fn push(&mut self, name: &str, pair: SecretText, line: FieldChange) {
        self.names.insert(name.to_owned());
        self.pairs.push(pair);
        self.fields.push(line);
    }

    /// The text and its lines.
    pub fn content(self) -> Content {
        let lines: Vec<String> = self.pairs.iter().map(|pair| format!("  {}", pair.expose())).collect();
        let text = if lines.is_empty() { "{}".into() } else { format!("{{\n{}\n}}", lines.join(",\n")) };
        Content { text: text.into(), fields: self.fields }
    }
}
