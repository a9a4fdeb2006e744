//! How a config profile is laid over the one it inherits from: as lodash's `merge`, which the webhook package calls.

use serde_json::{Map, Value};

/// `over` laid over `base`: objects member by member, lists element by element (a longer list keeps its tail), anything else replaced. `null` is
/// a value and replaces too.
///
/// Source: lodash 4, `merge`: "array and plain object properties are merged recursively, other values are overridden by assignment".
#[must_use]
pub fn merged(base: &Value, over: &Value) -> Value {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => Value::Object(objects(base, over)),
        (Value::Array(base), Value::Array(over)) => {
            let both = base.iter().zip(over).map(|(base, over)| merged(base, over));
            let tail = base.iter().skip(over.len()).chain(over.iter().skip(base.len())).cloned();
            Value::Array(both.chain(tail).collect())
        }
        (_, over) => over.clone(),
    }
}

fn objects(base: &Map<String, Value>, over: &Map<String, Value>) -> Map<String, Value> {
    let mut all = base.clone();
    for (name, value) in over {
        let value = all.get(name).map_or_else(|| value.clone(), |old| merged(old, value));
        all.insert(name.clone(), value);
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_lodashs_merge() {
        for (base, over, wanted) in [
            (json!({"a": {"x": 1, "y": 2}}), json!({"a": {"y": 3}}), json!({"a": {"x": 1, "y": 3}})),
            (json!({"a": [1, 2, 3]}), json!({"a": [9]}), json!({"a": [9, 2, 3]})),
            (json!({"a": [1]}), json!({"a": [9, 8]}), json!({"a": [9, 8]})),
            (json!({"a": [{"x": 1}]}), json!({"a": [{"y": 2}]}), json!({"a": [{"x": 1, "y": 2}]})),
            (json!({"a": {"x": 1}}), json!({"a": null}), json!({"a": null})),
            (json!({"a": null}), json!({"a": {"x": 1}}), json!({"a": {"x": 1}})),
            (json!({"a": 1}), json!({"a": [2]}), json!({"a": [2]})),
            (json!({"a": 1}), json!({}), json!({"a": 1})),
        ] {
            assert_eq!(merged(&base, &over), wanted, "{base} under {over}");
        }
    }
}
