//! A key that is there: what is wrong with its value, its type and its spellings.

use super::KeyRow;
use crate::model::Severity;
use crate::secret::rules::{self, ValueFault};
use crate::secret::{Document, Entry, Key};
use crate::values::mask::Mask;
use crate::values::{SecretText, text};

/// Judges what stands under the names that are there, each by the rules of the runtime that reads that name.
pub fn row(key: Key, names: Vec<&'static str>, there: &[(&'static str, &Entry)], document: &Document) -> KeyRow {
    let value = there.iter().find_map(|(_, entry)| entry.text());
    let absent: Vec<&'static str> =
        names.iter().copied().filter(|name| there.iter().all(|(found, _)| found != name)).collect();
    let differs = differs(there);
    let mut faults = merged(key, there);
    faults.extend(beside_client_id(key, value.as_ref(), document));
    faults.extend(differs.then(|| other_value(there)).flatten());
    let missing = (!absent.is_empty()).then(|| absence(key, &absent));
    let cure = certain(key, there, value.as_ref(), differs, &absent);
    let absence = missing.iter().map(|(severity, message)| (*severity, message));
    let all: Vec<(Severity, &String)> =
        faults.iter().map(|fault| (fault.severity, &fault.message)).chain(absence).collect();
    let severity = all.iter().map(|(severity, _)| *severity).min().unwrap_or(Severity::Ok);
    let mut message = all.iter().map(|(_, message)| message.as_str()).collect::<Vec<_>>().join("; ");
    if message.is_empty() && key == Key::WebhookAllowList && value.as_ref().is_some_and(SecretText::is_empty) {
        message = "empty: any address".into();
    }
    let suggestion = cure
        .as_ref()
        .filter(|cure| key.mask() == Mask::Open && Some(*cure) != value.as_ref().filter(|_| is_text(there)))
        .map(|cure| shown(cure, value.as_ref()))
        .or_else(|| faults.iter().find_map(|fault| fault.suggestion.clone()))
        .filter(|shown| !shown.is_empty());
    KeyRow { key, names, absent, present: true, differs, value, faults, severity, message, suggestion, cure }
}

/// What differs by its quotes alone is shown with them.
fn shown(cure: &SecretText, value: Option<&SecretText>) -> String {
    let cure_text = text::safe(cure.expose());
    if Some(cure) == value { format!("\"{cure_text}\"") } else { cure_text.into_owned() }
}

fn is_text(there: &[(&'static str, &Entry)]) -> bool {
    there.iter().all(|(_, entry)| matches!(entry, Entry::Text(_)))
}

/// Two values, as readers take them: `true` and `"true"` are one.
fn differs(there: &[(&'static str, &Entry)]) -> bool {
    there.windows(2).any(|pair| matches!(pair, [(_, one), (_, other)] if one.text() != other.text()))
}

/// The faults under each name; one that stands under both is told once, without a name.
fn merged(key: Key, there: &[(&'static str, &Entry)]) -> Vec<ValueFault> {
    let each: Vec<(&'static str, Vec<ValueFault>)> =
        there.iter().map(|(name, entry)| (*name, faults_of(key, name, entry))).collect();
    let in_all = |fault: &ValueFault| each.iter().all(|(_, faults)| faults.contains(fault));
    let mut told: Vec<ValueFault> = Vec::new();
    for (name, faults) in &each {
        for fault in faults {
            if in_all(fault) {
                if !told.contains(fault) {
                    told.push(fault.clone());
                }
            } else {
                told.push(ValueFault { message: format!("`{name}`: {}", fault.message), ..fault.clone() });
            }
        }
    }
    told
}

fn faults_of(key: Key, name: &str, entry: &Entry) -> Vec<ValueFault> {
    let shipped = key.shipped_name() == Some(name);
    let mut faults: Vec<ValueFault> = kind_fault(key, entry, shipped).into_iter().collect();
    if let Some(value) = entry.text().filter(|_| !matches!(entry, Entry::Bool(_))) {
        faults.extend(if shipped {
            rules::check_shipped(key, value.expose())
        } else {
            rules::check(key, value.expose())
        });
    }
    faults
}

/// A value that is not a text (S3-07, C12). The shipped runtimes take a boolean as it is.
fn kind_fault(key: Key, entry: &Entry, shipped: bool) -> Option<ValueFault> {
    let boolean = key == Key::EnableWebhookVerification;
    let message = match entry {
        Entry::Text(_) => return None,
        Entry::Bool(_) if boolean && shipped => return None,
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

fn beside_client_id(key: Key, value: Option<&SecretText>, document: &Document) -> Option<ValueFault> {
    let value = value.filter(|value| key == Key::ClientSecret && !value.is_empty())?;
    (document.value(Key::ClientId).as_ref() == Some(value)).then(|| ValueFault::error("the same as CLIENT_ID"))
}

/// Which runtime reads something else than the others.
fn other_value(there: &[(&'static str, &Entry)]) -> Option<ValueFault> {
    let (first, _) = there.first()?;
    let (last, _) = there.last()?;
    Some(ValueFault::error(format!("`{last}` holds another value than `{first}`: shipped runtimes read that one")))
}

/// What comes of a missing allow list: the newer runtimes take it for an empty one.
pub(super) const BEFORE_0_10: &str = "runtimes before 0.10.0 do not start without it";

/// What comes of names that are not there: how bad, and which runtime would not start.
pub(super) fn absence(key: Key, absent: &[&'static str]) -> (Severity, String) {
    let small = |name: &&&str| key.shipped_name() == Some(**name);
    let list = absent.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    if key == Key::WebhookAllowList && absent.iter().all(|name| small(&name)) {
        return (Severity::Warning, format!("{list} missing: {BEFORE_0_10}"));
    }
    let who = match absent.iter().find(small) {
        Some(_) if absent.len() > 1 => "no runtime starts",
        Some(_) => "shipped runtimes do not start without it",
        None => "a runtime of the specification does not start without it",
    };
    (Severity::Error, format!("{list} missing: {who}"))
}

/// The value that may be put in place unasked: repaired, or as a text, or under the name that lacks it.
fn certain(
    key: Key,
    there: &[(&'static str, &Entry)],
    value: Option<&SecretText>,
    differs: bool,
    absent: &[&'static str],
) -> Option<SecretText> {
    let value = value.filter(|_| !differs)?;
    let valid = || rules::check(key, value.expose()).is_empty();
    let otherwise = (!is_text(there) && !shipped_boolean(key, there)) || !absent.is_empty();
    let repaired = rules::repaired(key, value)
        .filter(|_| there.iter().any(|(name, entry)| !faults_of(key, name, entry).is_empty()));
    repaired.or_else(|| (otherwise && valid()).then(|| value.clone()))
}

/// A boolean that only shipped runtimes read: right as it is.
fn shipped_boolean(key: Key, there: &[(&'static str, &Entry)]) -> bool {
    there.iter().all(|(name, entry)| {
        matches!(entry, Entry::Text(_)) || (matches!(entry, Entry::Bool(_)) && key.shipped_name() == Some(*name))
    })
}
