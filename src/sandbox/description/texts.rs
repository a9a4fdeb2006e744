//! What a world file describes rather than holds:
//!
//! - `{"$repeat": "x", "times": 1048576}` is a megabyte of `x`;
//! - `{"$json": VALUE}` is the text of a value, as a variable holds it;
//! - `{"$fill": {"role-#": MEMBER}, "times": 1000, "with": {…}}` is an object of `role-0001` to `role-1000`, each `#` in it the number, and of the
//!   members of `with`, which win;
//! - `{"$list": [ITEM, …], "times": 1000, "except": ["0007"], "with": [ITEM, …]}` is a list of the items of each number but those, and of the
//!   items of `with`.

use serde_json::{Map, Value};

/// The longest text that may be described, in bytes.
const LONGEST: usize = 4 << 20;

/// The most members that may be described.
const MOST: u64 = 10_000;

/// Puts everything described in its place.
///
/// # Errors
/// A sentence about a description that is none, or of one that comes to more than a world may hold.
pub(in crate::sandbox) fn spell_out(value: &mut Value) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(spell_out),
        Value::Object(members) => {
            if let Some(text) = repeated(members)? {
                *value = Value::String(text);
                return Ok(());
            }
            if let Some(filled) = filled(members)? {
                *members = filled;
            }
            if let Some(list) = listed(members)? {
                *value = Value::Array(list);
                return spell_out(value);
            }
            members.values_mut().try_for_each(spell_out)?;
            if let (Some(inner), 1) = (members.get("$json"), members.len()) {
                *value = Value::String(inner.to_string());
            }
            Ok(())
        }
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

fn filled(members: &Map<String, Value>) -> Result<Option<Map<String, Value>>, String> {
    let Some(pattern) = members.get("$fill") else { return Ok(None) };
    let known = ["$fill", "times", "with"];
    let times = members.get("times").and_then(Value::as_u64).filter(|times| *times <= MOST);
    let (Some(pattern), Some(times), true) =
        (pattern.as_object(), times, members.keys().all(|name| known.contains(&name.as_str())))
    else {
        return Err(format!("a filled object is `{{\"$fill\": OBJECT, \"times\": UP TO {MOST}, \"with\": OBJECT}}`"));
    };
    let mut filled = Map::new();
    for number in 1..=times {
        let number = format!("{number:04}");
        filled.extend(pattern.iter().map(|(name, value)| (name.replace('#', &number), numbered(value, &number))));
    }
    filled.extend(members.get("with").and_then(Value::as_object).cloned().unwrap_or_default());
    Ok(Some(filled))
}

fn listed(members: &Map<String, Value>) -> Result<Option<Vec<Value>>, String> {
    let Some(items) = members.get("$list") else { return Ok(None) };
    let known = ["$list", "times", "except", "with"];
    let times = members.get("times").and_then(Value::as_u64).filter(|times| *times <= MOST);
    let (Some(items), Some(times), true) =
        (items.as_array(), times, members.keys().all(|name| known.contains(&name.as_str())))
    else {
        return Err(format!(
            "a list is `{{\"$list\": LIST, \"times\": UP TO {MOST}, \"except\": LIST, \"with\": LIST}}`"
        ));
    };
    let list = |name: &str| members.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let except = list("except");
    let numbers = (1..=times).map(|number| format!("{number:04}"));
    let numbers = numbers.filter(|number| !except.iter().any(|other| other.as_str() == Some(number)));
    let all = numbers.flat_map(|number| items.iter().map(move |item| numbered(item, &number)));
    Ok(Some(all.chain(list("with")).collect()))
}

fn numbered(value: &Value, number: &str) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('#', number)),
        Value::Array(items) => items.iter().map(|item| numbered(item, number)).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), numbered(value, number))).collect(),
        other => other.clone(),
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

    #[test]
    fn an_object_is_filled_and_a_value_stands_as_its_text() {
        let mut value = json!({"AWS_AUTH_ROLES": {"$json": {
            "$fill": {"role-#": {"arn": ["role/R#"], "n": 1}}, "times": 2, "with": {"role-0002": null, "other": {"$json": [1]}}
        }}});
        spell_out(&mut value).unwrap();
        let text = r#"{"role-0001":{"arn":["role/R0001"],"n":1},"role-0002":null,"other":"[1]"}"#;
        assert_eq!(value, json!({"AWS_AUTH_ROLES": text}));
        for wrong in
            [json!({"$fill": {}}), json!({"$fill": {}, "times": 10_001}), json!({"$fill": {}, "times": 1, "x": 1})]
        {
            assert!(spell_out(&mut wrong.clone()).is_err(), "{wrong}");
        }
    }
}
