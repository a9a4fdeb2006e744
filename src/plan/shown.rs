//! Lines of the review: masked, and safe to print.

use serde_json::Value;

use crate::model::plan::{FieldChange, FieldKind};
use crate::secret::{Entry, Key};
use crate::values::mask::{FULL, Mask, masked};
use crate::values::text;

/// A value as far as it may be seen.
pub fn value(value: &str, mask: Mask) -> String {
    if value.is_empty() { "(empty)".into() } else { text::safe(&masked(value, mask)).into_owned() }
}

/// A JSON value as far as it may be seen; texts without their quotes.
pub fn json(json: &Value, mask: Mask) -> String {
    match json {
        Value::String(text) => value(text, mask),
        other if mask == Mask::Open => text::safe(&other.to_string()).into_owned(),
        _ => FULL.into(),
    }
}

/// How much may be seen of what stands at a key of a secret: of keys that are not known nothing.
pub fn mask_of(name: &str) -> Mask {
    Key::from_name(name).or_else(|| Key::from_shipped_name(name)).map_or(Mask::Full, Key::mask)
}

/// What stands at a key of a secret, as far as it may be seen.
pub fn entry(name: &str, entry: &Entry) -> String {
    let mask = mask_of(name);
    match entry {
        Entry::Text(text) => value(text.expose(), mask),
        Entry::Bool(_) | Entry::Number(_) if mask != Mask::Open => FULL.into(),
        Entry::Bool(boolean) => format!("{boolean}, without quotes"),
        Entry::Number(digits) => format!("{}, without quotes", value(digits, mask)),
        Entry::Null => "null".into(),
        Entry::Nested(kind) => (*kind).into(),
    }
}

/// A line of the review.
pub fn line(name: &str, kind: FieldKind, before: impl Into<String>, after: impl Into<String>) -> FieldChange {
    FieldChange { name: text::safe(name).into_owned(), kind, before: before.into(), after: after.into() }
}
