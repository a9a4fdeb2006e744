//! The keys as a secret has them, for the runtimes that will read it: all faults at once (S3-06, S3-22).

use super::nearest::{Spelling, nearest};
use super::rules::{self, ValueFault};
use super::{Document, Entry, Key};
use crate::model::{Reader, Severity};
use crate::values::mask::Mask;
use crate::values::{SecretText, text};

mod extras;
mod present;

pub use extras::{Extra, extras};

/// One key, as a secret has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyRow {
    /// The key.
    pub key: Key,
    /// The names under which it is read, that of the specification first.
    pub names: Vec<&'static str>,
    /// Those of them that are not there.
    pub absent: Vec<&'static str>,
    /// Whether the key is there under any of them.
    pub present: bool,
    /// Whether it is there under two names with two values; [`KeyRow::value`] is that of the first name.
    pub differs: bool,
    /// Its value as a text; `None` when it is missing, null, an array or an object.
    pub value: Option<SecretText>,
    /// What is wrong with the value; names that are not there are in [`KeyRow::absent`].
    pub faults: Vec<ValueFault>,
    /// The worst of all that is wrong.
    pub severity: Severity,
    /// All that is wrong, or what a valid value means where that is not plain; else empty. Safe to print.
    pub message: String,
    /// What was probably meant; never of a masked key. Safe to print.
    pub suggestion: Option<String>,
    /// What was certainly meant: it may be put in place without asking for more. It may be secret.
    pub cure: Option<SecretText>,
}

impl KeyRow {
    /// What comes of the names that are not there, as a clause: how bad, and which runtime would not start.
    #[must_use]
    pub fn absence(&self) -> Option<(Severity, String)> {
        (!self.absent.is_empty()).then(|| present::absence(self.key, &self.absent))
    }

    /// Whether only the spelling is at fault: a write puts the value under every name that is read.
    #[must_use]
    pub const fn is_half_spelled(&self) -> bool {
        self.present && (self.differs || !self.absent.is_empty())
    }
}

/// Judges every key that a reader looks for, in the order of the specification: 11, or the 10 of the shipped runtimes. `None`: there is no
/// secret, or none that can be read.
#[must_use]
pub fn rows(document: Option<&Document>, reader: Reader) -> Vec<KeyRow> {
    Key::ALL.into_iter().filter(|key| !key.names(reader).is_empty()).map(|key| row(key, document, reader)).collect()
}

fn row(key: Key, document: Option<&Document>, reader: Reader) -> KeyRow {
    let names = key.names(reader);
    let Some(document) = document else { return missing(key, names, None) };
    let there: Vec<(&'static str, &Entry)> =
        names.iter().filter_map(|name| Some((*name, document.get(name)?))).collect();
    if there.is_empty() { missing(key, names, Some(document)) } else { present::row(key, names, &there, document) }
}

/// A missing key says under which other name a value stands.
fn missing(key: Key, names: Vec<&'static str>, document: Option<&Document>) -> KeyRow {
    let other = document.and_then(|document| {
        let near = |name: &str| meant(name).filter(|(meant, _)| *meant == key).map(|(_, spelling)| spelling);
        document.entries().filter_map(|(name, entry)| Some((near(name)?, name, entry))).min_by_key(|(near, ..)| *near)
    });
    let severity = present::absence(key, &names).0;
    let message = match other {
        Some((_, name, _)) => format!("missing; `{}` holds a value", text::elide_end(&text::safe(name), 40)),
        None if severity == Severity::Warning => format!("missing: {}", present::BEFORE_0_10),
        None => "missing".to_owned(),
    };
    let cure = other
        .filter(|(spelling, ..)| *spelling != Spelling::Typo)
        .and_then(|(.., entry)| entry.text())
        .filter(|value| rules::check(key, value.expose()).is_empty());
    let suggestion =
        cure.as_ref().filter(|_| key.mask() == Mask::Open).map(|cure| text::safe(cure.expose()).into_owned());
    let suggestion = suggestion.or_else(|| key.suggested().map(str::to_owned)).filter(|shown| !shown.is_empty());
    KeyRow {
        key,
        absent: names.clone(),
        names,
        present: false,
        differs: false,
        value: None,
        faults: Vec::new(),
        severity,
        message,
        suggestion,
        cure,
    }
}

/// The key that a name stands for or was probably meant for.
fn meant(name: &str) -> Option<(Key, Spelling)> {
    // The capitals are a slip only for those who read the other spelling.
    Key::from_name(name).map(|key| (key, Spelling::Shipped)).or_else(|| nearest(name))
}

#[cfg(test)]
mod tests;
