//! The 11 keys as a secret has them: all faults at once (S3-06, S3-22).

use super::nearest::{Spelling, nearest};
use super::rules::{self, ValueFault};
use super::{Document, Entry, Key};
use crate::model::Severity;
use crate::values::mask::Mask;
use crate::values::{SecretText, text};

/// One key, as a secret has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyRow {
    /// The key.
    pub key: Key,
    /// Whether the key is there at all.
    pub present: bool,
    /// Its value as a text; `None` when it is missing, null, an array or an object.
    pub value: Option<SecretText>,
    /// The worst of its faults.
    pub severity: Severity,
    /// All its faults, or what a valid value means where that is not plain; else empty. Safe to print.
    pub message: String,
    /// What was probably meant; never of a masked key. Safe to print.
    pub suggestion: Option<String>,
    /// What was certainly meant: it may be put in place without asking for more. It may be secret.
    pub cure: Option<SecretText>,
}

/// Judges the 11 keys, in the order of the specification. `None`: there is no secret, or none that can be read.
#[must_use]
pub fn rows(document: Option<&Document>) -> Vec<KeyRow> {
    Key::ALL.into_iter().map(|key| row(key, document)).collect()
}

fn row(key: Key, document: Option<&Document>) -> KeyRow {
    match document.and_then(|document| document.get(key.name()).map(|entry| (document, entry))) {
        Some((document, entry)) => present(key, entry, document),
        None => missing(key, document),
    }
}

/// A missing key says under which other name a value stands.
fn missing(key: Key, document: Option<&Document>) -> KeyRow {
    let other = document.and_then(|document| {
        let near = |name: &str| nearest(name).filter(|(meant, _)| *meant == key).map(|(_, spelling)| spelling);
        document.entries().filter_map(|(name, entry)| Some((near(name)?, name, entry))).min_by_key(|(near, ..)| *near)
    });
    let message = other.map_or_else(
        || "missing".to_owned(),
        |(_, name, _)| format!("missing; `{}` holds a value", text::elide_end(&text::safe(name), 40)),
    );
    let cure = other
        .filter(|(spelling, ..)| *spelling != Spelling::Typo)
        .and_then(|(.., entry)| entry.text())
        .filter(|value| rules::check(key, value.expose()).is_empty());
    let suggestion =
        cure.as_ref().filter(|_| key.mask() == Mask::Open).map(|cure| text::safe(cure.expose()).into_owned());
    let suggestion = suggestion.or_else(|| key.suggested().map(str::to_owned)).filter(|shown| !shown.is_empty());
    KeyRow { key, present: false, value: None, severity: Severity::Error, message, suggestion, cure }
}

fn present(key: Key, entry: &Entry, document: &Document) -> KeyRow {
    let value = entry.text();
    let mut faults: Vec<ValueFault> = kind_fault(key, entry).into_iter().collect();
    if let Some(value) = value.as_ref().filter(|_| !matches!(entry, Entry::Bool(_))) {
        faults.extend(rules::check(key, value.expose()));
    }
    faults.extend(beside_others(key, value.as_ref(), document));
    let certain = value.as_ref().and_then(|value| {
        let meant = rules::repaired(key, value);
        let as_text = !matches!(entry, Entry::Text(_)) && rules::check(key, value.expose()).is_empty();
        meant.or_else(|| as_text.then(|| value.clone()))
    });
    let severity = faults.iter().map(|fault| fault.severity).min().unwrap_or(Severity::Ok);
    let mut message = faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; ");
    if faults.is_empty() && key == Key::WebhookAllowList && value.as_ref().is_some_and(SecretText::is_empty) {
        message = "empty: any address".into();
    }
    let suggestion = certain
        .as_ref()
        .filter(|_| key.mask() == Mask::Open)
        .map(|cure| text::safe(cure.expose()).into_owned())
        .or_else(|| faults.iter().find_map(|fault| fault.suggestion.clone()))
        .filter(|shown| !shown.is_empty());
    KeyRow { key, present: true, value, severity, message, suggestion, cure: certain }
}

/// A value that is not a text (S3-07, C12).
fn kind_fault(key: Key, entry: &Entry) -> Option<ValueFault> {
    let boolean = key == Key::EnableWebhookVerification;
    let message = match entry {
        Entry::Text(_) => return None,
        Entry::Bool(_) if boolean => {
            return Some(ValueFault::warning("a boolean without quotes; it is written as a text"));
        }
        Entry::Number(_) if boolean => {
            return Some(ValueFault::warning("a number without quotes; it is written as a text"));
        }
        Entry::Bool(_) => "a boolean without quotes, not a text",
        Entry::Number(_) => "a number without quotes, not a text",
        Entry::Null => "null",
        Entry::Nested("an array") => "an array, not a text",
        Entry::Nested(_) => "an object, not a text",
    };
    Some(ValueFault::error(message))
}

/// What is wrong with a value only beside the rest of the secret.
fn beside_others(key: Key, value: Option<&SecretText>, document: &Document) -> Vec<ValueFault> {
    let mut faults = Vec::new();
    if document.duplicates().iter().any(|name| name == key.name()) {
        faults.push(ValueFault::warning("it stands more than once; the last one counts"));
    }
    let Some(value) = value.filter(|value| !value.is_empty()) else { return faults };
    if key == Key::ClientSecret && document.value(Key::ClientId).as_ref() == Some(value) {
        faults.push(ValueFault::error("the same as CLIENT_ID"));
    }
    let other = key.shipped_name().and_then(|name| Some((name, document.get(name)?)));
    if let Some((name, entry)) = other
        && entry.text().as_ref() != Some(value)
    {
        faults.push(ValueFault::warning(format!("`{name}`, which shipped runtimes read, holds another value")));
    }
    faults
}

/// A key that is none of the 11; it is ignored by readers and kept on writing (S3-23, C8).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extra {
    /// Its name, safe to print.
    pub name: String,
    /// What it was probably meant to be, or who reads it.
    pub hint: Option<String>,
}

/// The keys that are none of the 11, in order.
#[must_use]
pub fn extras(document: &Document) -> Vec<Extra> {
    document
        .entries()
        .filter(|(name, _)| Key::from_name(name).is_none())
        .map(|(name, _)| Extra { name: text::elide_end(&text::safe(name), 60), hint: hint(name, document) })
        .collect()
}

fn hint(name: &str, document: &Document) -> Option<String> {
    match (nearest(name), name) {
        (Some((key, Spelling::Shipped)), _) => Some(format!("what shipped runtimes call {key}")),
        (Some((key, _)), _) if document.get(key.name()).is_none() => Some(format!("did you mean {key}?")),
        (Some((key, _)), _) => Some(format!("looks like {key}, which is there too")),
        (None, "workflow") => Some("read by shipped runtimes from 0.13".into()),
        (None, "queue_url") => Some("read by shipped runtimes 0.7.2 to 0.9.9".into()),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests;
