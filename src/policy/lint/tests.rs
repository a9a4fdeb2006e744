use serde_json::{Value, json};

use super::*;

fn rules(statement: Value, used: Use) -> Vec<(&'static str, Kind)> {
    let policy = Policy::from_json(&json!({"Version": "2012-10-17", "Statement": statement})).unwrap();
    lint(&policy, used).iter().map(|lint| (lint.rule, lint.kind)).collect()
}

fn trust(changes: Value) -> Value {
    let mut statement = json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:role/Caller"}, "Action": "sts:AssumeRole"});
    for (element, value) in changes.as_object().unwrap() {
        statement[element] = value.clone();
    }
    statement
}

#[test]
fn a_trust_policy_is_read_over() {
    for (changes, expected) in [
        (json!({}), vec![]),
        (json!({"Resource": "*"}), vec![("resource_in_trust", Kind::Refused)]),
        (
            json!({"Principal": {"AWS": "arn:aws:iam::111111111111:role/Call*"}}),
            vec![("wildcard_in_principal", Kind::Refused)],
        ),
        (json!({"Principal": {"AWS": "arn:aws:iam::1:role/x"}}), vec![("invalid_principal", Kind::Refused)]),
        (json!({"Principal": {"AWS": "AROAEXAMPLEEXAMPLE123"}}), vec![("dead_principal", Kind::Dead)]),
        (json!({"Principal": "*"}), vec![]),
        (json!({"Principal": {"Service": "*"}}), vec![]),
        (json!({"Condition": {"StringEquals": {"aws:ExternalId": "x"}}}), vec![("key_never_present", Kind::Dead)]),
        (json!({"Condition": {"StringIs": {"sts:ExternalId": "x"}}}), vec![("unknown_operator", Kind::Refused)]),
    ] {
        assert_eq!(rules(trust(changes.clone()), Use::Trust), expected, "{changes}");
    }
    assert_eq!(rules(json!([]), Use::Trust), [("no_statement", Kind::Refused)]);
    let twice = trust(json!({"Sid": "A"}));
    assert_eq!(rules(json!([twice, twice]), Use::Trust), [("sid_twice", Kind::Refused)]);
    let bare = json!({"Effect": "Allow", "NotPrincipal": {"AWS": "111111111111"}});
    assert_eq!(rules(bare, Use::Trust), [("no_action", Kind::Refused), ("not_principal_in_trust", Kind::Refused)]);
    let long = trust(json!({"Sid": "x".repeat(4_096)}));
    assert_eq!(rules(long, Use::Trust), [("too_long", Kind::Refused)]);
}

#[test]
fn an_identity_policy_is_read_over() {
    for (statement, expected) in [
        (json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::2:role/x"}), vec![]),
        (json!({"Effect": "Allow", "Action": "STS:Assume*", "Resource": "*"}), vec![]),
        (json!({"Effect": "Deny", "Action": "*", "Resource": "*"}), vec![]),
        (json!({"Effect": "Allow", "Action": "s3:*"}), vec![("no_resource", Kind::Refused)]),
        (
            json!({"Effect": "Allow", "Principal": "*", "NotAction": "s3:*", "Resource": "*"}),
            vec![("principal_in_identity", Kind::Refused)],
        ),
    ] {
        assert_eq!(rules(statement.clone(), Use::Caller), expected, "{statement}");
    }
}
