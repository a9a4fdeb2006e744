//! What a trust policy asks of whoever calls: read off its conditions, nothing evaluated.

use super::decision::Effect;
use super::document::Policy;

const EXTERNAL_ID: &str = "sts:externalid";
const MFA: [&str; 2] = ["aws:multifactorauthpresent", "aws:multifactorauthage"];

/// The external ID that a trust policy wants, where it states exactly one: an Allow that wants it, or a Deny of every other. A pattern, a
/// variable or a second value leaves nothing that could be sent without guessing.
#[must_use]
pub fn external_id(trust: &Policy) -> Option<&str> {
    let mut wanted = None;
    for statement in trust.statements() {
        let of_key = statement.conditions().iter().filter(|condition| condition.key_lower() == EXTERNAL_ID);
        for text in of_key.flat_map(|condition| condition.texts(statement.effect == Effect::Deny)) {
            let text = text?;
            if wanted.is_some_and(|known| known != text) {
                return None;
            }
            wanted = Some(text);
        }
    }
    wanted
}

/// Whether a trust policy has a condition on the external ID, whichever it wants.
#[must_use]
pub fn any_external_id(trust: &Policy) -> bool {
    let mut conditions = trust.statements().iter().flat_map(super::statement::Statement::conditions);
    conditions.any(|condition| condition.key_lower() == EXTERNAL_ID)
}

/// Whether a trust policy has a condition on MFA, whichever way round.
#[must_use]
pub fn mfa(trust: &Policy) -> bool {
    let mut conditions = trust.statements().iter().flat_map(super::statement::Statement::conditions);
    conditions.any(|condition| MFA.contains(&condition.key_lower()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn trust(statements: &Value) -> Policy {
        Policy::from_json(&json!({"Version": "2012-10-17", "Statement": statements})).unwrap()
    }

    fn statement(effect: &str, condition: &Value) -> Value {
        json!({"Effect": effect, "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole", "Condition": condition})
    }

    #[test]
    fn one_stated_external_id_is_found_and_nothing_is_guessed() {
        let equals = |value: Value| statement("Allow", &json!({"StringEquals": {"sts:ExternalId": value}}));
        let not = json!({"StringNotEquals": {"STS:externalID": "acme-1"}});
        for (statements, wanted) in [
            (json!([equals(json!("acme-1"))]), Some("acme-1")),
            (json!([equals(json!("acme-1")), statement("Deny", &not)]), Some("acme-1")),
            (json!([statement("Deny", &not)]), Some("acme-1")),
            (json!([statement("Allow", &json!({"StringLike": {"sts:ExternalId": "acme-1"}}))]), Some("acme-1")),
            (json!([equals(json!(["acme-1", "acme-2"]))]), None),
            (json!([equals(json!("acme-1")), equals(json!("acme-2"))]), None),
            (json!([statement("Allow", &json!({"StringLike": {"sts:ExternalId": "acme-*"}}))]), None),
            (json!([equals(json!("${aws:username}"))]), None),
            (json!([statement("Allow", &not)]), None),
            (json!([statement("Allow", &json!({"Null": {"sts:ExternalId": "false"}}))]), None),
            (json!([statement("Allow", &json!({"StringEquals": {"aws:username": "acme-1"}}))]), None),
        ] {
            assert_eq!(external_id(&trust(&statements)), wanted, "{statements}");
        }
    }

    #[test]
    fn mfa_is_wanted_by_an_allow_and_by_a_deny() {
        for (effect, condition, wanted) in [
            ("Allow", json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}), true),
            ("Deny", json!({"BoolIfExists": {"aws:multifactorauthpresent": "false"}}), true),
            ("Allow", json!({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}), true),
            ("Allow", json!({"StringEquals": {"sts:ExternalId": "x1"}}), false),
        ] {
            assert_eq!(mfa(&trust(&json!([statement(effect, &condition)]))), wanted, "{condition}");
        }
    }
}
