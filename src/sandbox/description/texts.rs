//! Texts that a world file describes rather than holds: `{"$repeat": "x", "times": 1048576}` is a megabyte of `x`.

use serde_json::{Map, Value};

/// The longest text that may be described, in bytes.
const LONGEST: usize = 4 << 20;

/// Puts every described text in its place.
///
/// # Errors
/// A sentence about a description that is none, or of a text longer than four megabytes.
pub(in crate::sandbox) fn spell_out(value: &mut Value) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(spell_out),
        Value::Object(members) => match repeated(members)? {
            Some(text) => {
                *value = Value::String(text);
                Ok(())
            }
            None => members.values_mut().try_for_each(spell_out),
        },
        _ => Ok(()),
    }
}

fn repeated(members: &Map<String, Value>) -> Result<Option<String>, String> {
    let Some(text) = members.get("$repeat") else { return Ok(None) };
    let times = members.get("times").and_then(Value::as_u64).and_then(|times| usize::try_from(times).ok());
    let (Some(text), Some(times), 2) = (text.as_str(), times, members.len()) else {
        return Err("a repeated text is `{\"$repeat\": TEXT, \"times\": NUMBER}`".into());
    };
    match text.len().checked_mul(times) {
        Some(length) if length <= LONGEST => Ok(Some(text.repeat(times))),
        _ => Err(format!("a repeated text may have {LONGEST} bytes")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_described_text_stands_where_it_was_described() {
        let mut value = json!({"a": [{"$repeat": "ab", "times": 3}], "b": {"c": {"$repeat": "", "times": 9}}, "d": 1});
        spell_out(&mut value).unwrap();
        assert_eq!(value, json!({"a": ["ababab"], "b": {"c": ""}, "d": 1}));
        for wrong in [
            json!({"$repeat": "x"}),
            json!({"$repeat": 1, "times": 2}),
            json!({"$repeat": "x", "times": 2, "then": "y"}),
            json!([{"$repeat": "xx", "times": LONGEST}]),
        ] {
            assert!(spell_out(&mut wrong.clone()).is_err(), "{wrong}");
        }
    }
}
