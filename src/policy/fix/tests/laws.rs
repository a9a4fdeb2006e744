//! Laws of every cure, whatever the case.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::{cure, last, now, patched};
use crate::policy::{Answer, Case, Layer, evaluate};

fn principal() -> impl Strategy<Value = Value> {
    let one = select(vec![
        "*",
        "111111111111",
        "arn:aws:iam::222222222222:root",
        "arn:aws:iam::111111111111:user/alice",
        "arn:aws:iam::111111111111:user/bob",
        "arn:aws:iam::111111111111:role/Caller",
        "arn:aws:sts::111111111111:assumed-role/Caller/s1",
        "arn:aws:sts::111111111111:assumed-role/Caller/s2",
        "AROAEXAMPLEEXAMPLE123",
        "AIDAEXAMPLEEXAMPLE123",
        "arn:aws:iam::111111111111:role/Call*",
    ]);
    prop_oneof![
        6 => vec(one.clone(), 1..3).prop_map(|list| json!({"AWS": list})),
        3 => one.prop_map(|one| json!({"AWS": one})),
        1 => Just(json!({"Service": "ec2.amazonaws.com"})),
        1 => Just(json!("*")),
    ]
}

fn condition() -> impl Strategy<Value = Option<Value>> {
    let one = select(vec![
        json!({"StringEquals": {"sts:ExternalId": "x-1"}}),
        json!({"StringEquals": {"aws:ExternalId": ["x-1", "x-2"]}}),
        json!({"StringLike": {"sts:ExternalId": "x*"}}),
        json!({"StringNotEquals": {"sts:ExternalId": ["x-1", "x-2"]}}),
        json!({"StringLike": {"sts:RoleSessionName": "${aws:username}"}}),
        json!({"StringLike": {"sts:RoleSessionName": ["ci-*", "a?ice"]}}),
        json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
        json!({"StringEquals": {"aws:RequestTag/team": ["red", "blue"]}}),
        json!({"ForAllValues:StringLike": {"aws:TagKeys": ["t*"]}}),
        json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}, "Null": {"sts:ExternalId": "false"}}),
        json!({"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::111111111111:role/Other*", "arn:aws:iam::111111111111:user/*"]}}),
        json!({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/Caller"}}),
        json!({"StringEquals": {"sts:SourceIdentity": "alice"}}),
    ]);
    prop_oneof![2 => Just(None), 1 => one.prop_map(Some)]
}

fn statement(is_trust: bool) -> impl Strategy<Value = Value> {
    let action = select(vec![
        json!("sts:AssumeRole"),
        json!(["sts:AssumeRole", "sts:TagSession"]),
        json!("sts:*"),
        json!("STS:assumerole"),
        json!(["sts:TagSession"]),
        json!("s3:*"),
    ]);
    let resource = select(vec![
        json!("*"),
        json!("arn:aws:iam::222222222222:role/team/Target"),
        json!("arn:aws:iam::222222222222:role/Target"),
        json!(["arn:aws:iam::*:role/T?rget", "arn:aws:iam::222222222222:role/Other"]),
        json!("arn:aws:s3:::x"),
    ]);
    let parts = (prop::bool::weighted(0.85), principal(), action, resource, condition());
    parts.prop_map(move |(allows, principal, action, resource, condition)| {
        let mut statement = json!({"Effect": if allows { "Allow" } else { "Deny" }, "Action": action});
        if is_trust {
            statement["Principal"] = principal;
        } else {
            statement["Resource"] = resource;
        }
        if let Some(condition) = condition {
            statement["Condition"] = condition;
        }
        statement
    })
}

fn document(is_trust: bool) -> impl Strategy<Value = Value> {
    let many = vec(statement(is_trust), 1..4).prop_map(|list| json!({"Version": "2012-10-17", "Statement": list}));
    let one = statement(is_trust).prop_map(|one| json!({"Version": "2012-10-17", "Statement": one}));
    prop_oneof![3 => many, 1 => one]
}

prop_compose! {
    fn any_case()(
        caller in select(vec![
            "arn:aws:iam::111111111111:user/alice",
            "arn:aws:sts::111111111111:assumed-role/Caller/s1",
            "arn:aws:iam::111111111111:role/Caller",
        ]),
        role in select(vec!["arn:aws:iam::111111111111:role/Target", "arn:aws:iam::222222222222:role/Target"]),
        trust in document(true),
        identity in vec(document(false), 0..3),
        boundary in prop::option::weighted(0.2, document(false)),
        scp in prop::option::weighted(0.1, document(false)),
        external_id in prop::option::of(select(vec!["x-1", "other"])),
        tags in select(vec![json!({}), json!(null), json!({"team": "red"}), json!({"cost": "1"})]),
        region in prop::option::of(select(vec!["us-east-1", "eu-west-1"])),
        name in select(vec!["alice", "diag", "not/valid"]),
        duration in select(vec![900, 3600, 43_200]),
    ) -> Value {
        let scps = scp.map_or(json!([]), |scp| json!([{"policies": [{"policy": scp}]}]));
        json!({
            "caller_arn": caller, "caller_credential": if caller.contains(":user/") { "long_term" } else { "temporary" },
            "role_arn": role, "trust_policy": trust, "identity_policies": if identity.is_empty() { json!(null) } else { json!(identity) },
            "permission_boundary": boundary, "session_policy": null, "scps": scps, "rcps": [], "max_session_duration": 3600,
            "request": {"external_id": external_id, "session_name": name, "mfa": false, "tags": tags, "region": region,
                "duration_seconds": duration},
            "extra_context": {"aws:PrincipalArn": if caller.contains(":user/") { caller } else { "arn:aws:iam::111111111111:role/Caller" }},
        })
    }
}

/// Every text of a value.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::Object(object) => object.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Every statement of the policies that may be edited.
fn statements(case: &Value) -> Vec<&Value> {
    let identity = case["identity_policies"].as_array().into_iter().flatten();
    let documents = [&case["trust_policy"], &case["permission_boundary"]].into_iter().chain(identity);
    let mut all = Vec::new();
    for document in documents {
        match document.get("Statement") {
            Some(Value::Array(list)) => all.extend(list),
            Some(one) => all.push(one),
            None => {}
        }
    }
    all
}

/// Operator and name of the key, the prefix aside, of every condition.
fn conditions(statement: &Value) -> BTreeSet<(String, String)> {
    let operators = statement["Condition"].as_object().into_iter().flatten();
    let keys = operators.flat_map(|(operator, keys)| {
        keys.as_object().into_iter().flatten().map(move |(key, values)| (operator, key, values))
    });
    keys.map(|(operator, key, _)| (operator.clone(), key.rsplit(':').next().unwrap_or_default().to_lowercase()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_offered_turns_the_verdict(case in any_case()) {
        let cure = cure(&case);
        prop_assert_eq!(cure.fixes.is_empty(), cure.no_fix.is_some());
        patched(&case, &cure);
        prop_assert!(matches!(last(&cure), None | Some(Answer::Allow)));
        let targets: BTreeSet<&str> = cure.fixes.iter().map(|fix| fix.target.as_str()).collect();
        prop_assert_eq!(targets.len(), cure.fixes.len());
    }

    #[test]
    fn nothing_is_widened_beyond_the_caller(case in any_case()) {
        let cure = cure(&case);
        let after = patched(&case, &cure);
        let known: BTreeSet<&str> = texts(&case).into_iter().collect();
        for text in texts(&after).into_iter().filter(|text| !known.contains(text)) {
            prop_assert!(!text.contains(['*', '?']) && !text.ends_with(":root") && !text.contains(":sts:"), "{text}");
            prop_assert!(!text.bytes().all(|b| b.is_ascii_digit()), "{text}");
        }
        for statement in after["trust_policy"]["Statement"].as_array().into_iter().flatten() {
            prop_assert!(statement.get("Resource").is_none());
        }
    }

    #[test]
    fn no_condition_is_dropped(case in any_case()) {
        let cure = cure(&case);
        let after = patched(&case, &cure);
        let after = statements(&after);
        for before in statements(&case) {
            let kept = after.iter().any(|after| {
                after["Effect"] == before["Effect"] && conditions(after) == conditions(before)
                    && texts(&before["Condition"]).iter().all(|text| texts(&after["Condition"]).contains(text))
            });
            prop_assert!(kept, "{before}");
        }
        prop_assert!(after.len() >= statements(&case).len());
    }

    #[test]
    fn others_gain_nothing(case in any_case()) {
        let cure = cure(&case);
        let after = patched(&case, &cure);
        let trust_refuses = |trust: &Value, other: &str| {
            let mut probe = case.clone();
            probe["trust_policy"] = trust.clone();
            probe["caller_arn"] = json!(other);
            probe["extra_context"] = json!({"aws:PrincipalArn": other});
            probe["request"] = after["request"].clone();
            let decision = evaluate(&Case::from_json(&probe).unwrap(), now());
            decision.blocked_by.contains(&Layer::Trust)
        };
        for other in ["arn:aws:iam::111111111111:user/mallory", "arn:aws:iam::333333333333:user/alice", "arn:aws:iam::111111111111:role/Mallory"] {
            let same = trust_refuses(&case["trust_policy"], other) == trust_refuses(&after["trust_policy"], other);
            let had_dead_key = case["trust_policy"].to_string().contains("aws:ExternalId");
            prop_assert!(same || had_dead_key, "{other}");
        }
    }
}
