//! Laws of every cure, of random cases.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::{cure, law, now, patched};
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_law_holds_of_any_case(case in any_case()) {
        let (_, last) = law::hold(&case);
        prop_assert!(matches!(last, None | Some(Answer::Allow)));
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
