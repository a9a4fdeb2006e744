//! External IDs stay out of a text unless they were asked for.

use serde_json::Value;

use super::Gap;
use super::subject::Slot;
use crate::model::selection::external_id_fault;

/// The option that shows them.
const HOW: &str = "--show-external-ids writes it";

/// The external ID that a caller sends.
pub(super) fn sent(id: &str, shown: bool) -> Slot {
    if let Some(why) = external_id_fault(id) {
        return Slot::open("external-id", format!("What was given is none: {why}."));
    }
    if shown {
        Slot::Known(id.to_owned())
    } else {
        Slot::open("external-id", format!("External IDs are withheld: {HOW}."))
    }
}

/// A trust policy without the external IDs that it asks for, and what stands in their place. The one that the caller sends has the same
/// placeholder everywhere.
pub(super) fn withheld(document: &Value, sent: Option<&str>) -> (Value, Vec<Gap>) {
    let mut document = document.clone();
    let mut ids = Vec::new();
    conditions(&mut document, sent, &mut ids);
    let why = |text: &str| match sent {
        Some(sent) if sent == text => format!("External IDs are withheld: {HOW}."),
        _ => format!(
            "The trust policy asks for an external ID here, which is withheld: {HOW}. Without it, do not put this policy in the place of the one that is there."
        ),
    };
    let gaps = (0..).zip(&ids).map(|(number, id)| Gap::new(&name(id, sent, number), why(id))).collect();
    (document, gaps)
}

fn name(id: &str, sent: Option<&str>, number: usize) -> String {
    if sent == Some(id) { "external-id".into() } else { format!("external-id-{}", number + 1) }
}

/// `sts:ExternalId`, and what was meant to be it: a key under another prefix matches nothing, but holds the external ID all the same.
fn is_external_id(key: &str) -> bool {
    key.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case("ExternalId"))
}

/// The values of every condition on an external ID, in whatever operator.
fn conditions(value: &mut Value, sent: Option<&str>, ids: &mut Vec<String>) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(|one| conditions(one, sent, ids)),
        Value::Object(members) => {
            for (key, value) in members {
                if is_external_id(key) {
                    texts(value, sent, ids);
                } else {
                    conditions(value, sent, ids);
                }
            }
        }
        _ => {}
    }
}

fn texts(value: &mut Value, sent: Option<&str>, ids: &mut Vec<String>) {
    let id = match value {
        Value::Array(all) => return all.iter_mut().for_each(|one| texts(one, sent, ids)),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return,
    };
    let number = ids.iter().position(|known| *known == id).unwrap_or_else(|| {
        ids.push(id.clone());
        ids.len() - 1
    });
    *value = Value::String(format!("<{}>", name(&id, sent, number)));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_external_id_of_a_policy_is_withheld_and_nothing_else() {
        let document = json!({"Statement": [
            {"Sid": "a-1", "Condition": {"StringEquals": {"STS:externalid": ["a-1", "b-2", 42], "aws:PrincipalTag/id": "a-1"}}},
            {"Condition": {"StringLike": {"sts:ExternalId": "b-2"}}},
        ]});
        let (hidden, gaps) = withheld(&document, Some("b-2"));
        assert_eq!(
            hidden,
            json!({"Statement": [
                {"Sid": "a-1", "Condition": {"StringEquals": {
                    "STS:externalid": ["<external-id-1>", "<external-id>", "<external-id-3>"], "aws:PrincipalTag/id": "a-1"}}},
                {"Condition": {"StringLike": {"sts:ExternalId": "<external-id>"}}},
            ]})
        );
        let placeholders: Vec<&str> = gaps.iter().map(|gap| gap.placeholder.as_str()).collect();
        assert_eq!(placeholders, ["<external-id-1>", "<external-id>", "<external-id-3>"]);
        assert!(gaps.iter().all(|gap| gap.why.contains("--show-external-ids")));
    }
}
