//! Laws: what must hold for every case, whatever its policies say.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::policy::{Answer, Case, Decision, Layer, Readable, evaluate, trace, verdict};
use crate::values::PrincipalArn;

const LAYERS: [&str; 6] =
    ["trust_policy", "identity_policies", "permission_boundary", "session_policy", "scps", "rcps"];

fn decide(case: &Value) -> Decision {
    evaluate(&Case::from_json(case).unwrap(), "2026-11-21T12:00:00Z".parse().unwrap())
}

/// Deny, unknown, allow, in this order.
fn rank(decision: &Decision) -> u8 {
    match decision.verdict {
        Answer::Deny => 0,
        Answer::Unknown => 1,
        Answer::Allow => 2,
    }
}

fn principal() -> impl Strategy<Value = Value> {
    let one = select(vec![
        "*",
        "111111111111",
        "arn:aws:iam::222222222222:root",
        "arn:aws:iam::111111111111:user/alice",
        "arn:aws:iam::111111111111:role/Caller",
        "arn:aws:sts::111111111111:assumed-role/Caller/s1",
        "AROAEXAMPLEEXAMPLE123",
    ]);
    prop_oneof![8 => vec(one, 1..3).prop_map(|list| json!({"AWS": list})), 1 => Just(json!({"Service": "ec2.amazonaws.com"}))]
}

fn condition() -> impl Strategy<Value = Value> {
    let one = select(vec![
        json!({"StringEquals": {"sts:ExternalId": "x"}}),
        json!({"StringNotEquals": {"sts:ExternalId": ["x", "y"]}}),
        json!({"StringLike": {"sts:RoleSessionName": "${aws:username}"}}),
        json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
        json!({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}),
        json!({"StringEquals": {"aws:PrincipalTag/team": ["red", "${aws:RequestTag/team}"]}}),
        json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        json!({"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}),
        json!({"ForAllValues:StringLike": {"aws:TagKeys": ["t*"]}}),
        json!({"Null": {"aws:TokenIssueTime": "true"}}),
        json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/Caller"}}),
        json!({"Unheard": {"of": "it"}}),
    ]);
    prop_oneof![2 => Just(json!({})), 1 => one]
}

fn statement() -> impl Strategy<Value = Value> {
    let action = select(vec!["sts:AssumeRole", "sts:*", "*", "STS:assumerole", "sts:TagSession", "s3:*"]);
    let resource =
        select(vec!["*", "arn:aws:iam::222222222222:role/Target", "arn:aws:iam::*:role/T?rget", "arn:aws:s3:::x"]);
    (prop::bool::weighted(0.75), principal(), action, resource, condition()).prop_map(
        |(allows, principal, action, resource, condition)| {
            json!({"Effect": if allows { "Allow" } else { "Deny" }, "Principal": principal, "Action": action,
                "Resource": resource, "Condition": condition})
        },
    )
}

fn document() -> impl Strategy<Value = Value> {
    vec(statement(), 1..4).prop_map(|list| json!({"Version": "2012-10-17", "Statement": list}))
}

fn keys() -> impl Strategy<Value = BTreeMap<&'static str, Value>> {
    let pairs = select(vec![
        ("aws:PrincipalOrgID", json!("o-1")),
        ("aws:PrincipalOrgID", json!("o-2")),
        ("aws:PrincipalTag/team", json!("red")),
        ("aws:SourceIp", json!("10.1.1.1")),
        ("aws:SourceIp", json!("192.0.2.1")),
        ("aws:TokenIssueTime", json!("2026-11-21T10:00:00Z")),
    ]);
    vec(pairs, 0..4).prop_map(|pairs| pairs.into_iter().collect())
}

prop_compose! {
    fn any_case()(
        caller in select(vec![
            "arn:aws:iam::111111111111:user/alice",
            "arn:aws:sts::111111111111:assumed-role/Caller/s1",
            "arn:aws:iam::111111111111:role/Caller",
        ]),
        role in select(vec!["arn:aws:iam::111111111111:role/Target", "arn:aws:iam::222222222222:role/Target"]),
        trust in document(),
        identity in vec(document(), 0..3),
        limits in [prop::option::weighted(0.3, document()), prop::option::weighted(0.3, document())],
        scps in vec(document(), 0..3),
        rcps in vec(document(), 0..2),
        external_id in prop::option::of(Just("x")),
        tags in select(vec![json!({}), json!({"team": "red"})]),
        credential in select(vec!["long_term", "temporary"]),
        mut keys in keys(),
    ) -> Value {
        if caller.contains(":user/") && credential == "long_term" {
            // AWS sends no issue time with long-term keys.
            keys.remove("aws:TokenIssueTime");
        }
        let levels = |list: Vec<Value>| -> Value {
            list.into_iter().map(|one| json!({"policies": [{"policy": one}]})).collect()
        };
        let [boundary, session] = limits;
        json!({
            "caller_arn": caller, "caller_credential": if caller.contains(":user/") { credential } else { "temporary" },
            "role_arn": role, "trust_policy": trust, "identity_policies": identity, "permission_boundary": boundary,
            "session_policy": session, "scps": levels(scps), "rcps": levels(rcps), "max_session_duration": 3600,
            "request": {"external_id": external_id, "session_name": "alice", "mfa": false, "tags": tags},
            "extra_context": keys,
        })
    }
}

/// Every document of a case.
fn documents(case: &mut Value) -> Vec<&mut Value> {
    let mut found = Vec::new();
    let mut open = vec![case];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    if key == "Statement" { found.push(value) } else { open.push(value) }
                }
            }
            Value::Array(list) => open.extend(list.iter_mut()),
            _ => {}
        }
    }
    found
}

fn map_keys(value: &Value, change: &impl Fn(&str) -> String) -> Value {
    let object = value.as_object().unwrap();
    Value::Object(object.iter().map(|(key, value)| (change(key), value.clone())).collect::<Map<_, _>>())
}

fn verdict_and_layers(decision: &Decision) -> (Answer, Vec<Layer>) {
    (decision.verdict, decision.blocked_by.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_deny_never_opens(mut case in any_case(), mut deny in statement(), at in any::<prop::sample::Index>()) {
        let before = rank(&decide(&case));
        deny["Effect"] = json!("Deny");
        let mut documents = documents(&mut case);
        let at = at.index(documents.len());
        documents[at].as_array_mut().unwrap().push(deny);
        prop_assert!(rank(&decide(&case)) <= before);
    }

    #[test]
    fn an_allow_less_never_opens(mut case in any_case(), document in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let before = rank(&decide(&case));
        let mut documents = documents(&mut case);
        let document = document.index(documents.len());
        let statements = documents[document].as_array_mut().unwrap();
        let at = at.index(statements.len());
        if statements[at]["Effect"] == "Allow" {
            statements.remove(at);
            prop_assert!(rank(&decide(&case)) <= before);
        }
    }

    #[test]
    fn order_does_not_matter(mut case in any_case()) {
        let before = verdict_and_layers(&decide(&case));
        for statements in documents(&mut case) {
            let list = statements.as_array_mut().unwrap();
            list.reverse();
            for statement in list {
                if let Some(names) = statement.pointer_mut("/Principal/AWS").and_then(Value::as_array_mut) {
                    names.reverse();
                }
            }
        }
        case["identity_policies"].as_array_mut().unwrap().reverse();
        prop_assert_eq!(verdict_and_layers(&decide(&case)), before);
    }

    #[test]
    fn letter_case_of_keys_and_actions_does_not_matter(mut case in any_case()) {
        let before = decide(&case);
        for statements in documents(&mut case) {
            for statement in statements.as_array_mut().unwrap() {
                statement["Action"] = json!(statement["Action"].as_str().unwrap().to_uppercase());
                let conditions = statement["Condition"].as_object_mut().unwrap();
                for keys in conditions.iter_mut().map(|(_, keys)| keys) {
                    *keys = map_keys(keys, &|key| if key == "of" { key.to_owned() } else { key.to_uppercase() });
                }
            }
        }
        case["extra_context"] = map_keys(&case["extra_context"], &str::to_lowercase);
        let after = decide(&case);
        prop_assert_eq!(verdict_and_layers(&after), verdict_and_layers(&before));
        prop_assert_eq!(after.cause, before.cause);
    }

    #[test]
    fn what_is_decided_with_less_stays_decided_with_more(case in any_case(), unread in vec(any::<bool>(), LAYERS.len())) {
        let mut less = case.clone();
        for (layer, _) in LAYERS.iter().zip(unread).filter(|(_, unread)| *unread) {
            less.as_object_mut().unwrap().remove(*layer);
        }
        let (less, more) = (decide(&less), decide(&case));
        let session_is_guessed = case["session_policy"] != Value::Null && !case["caller_arn"].as_str().unwrap().contains(":sts:");
        if less.verdict != Answer::Unknown && !session_is_guessed {
            prop_assert_eq!(less.verdict, more.verdict, "{} / {}", less.summary, more.summary);
        }
    }

    #[test]
    fn what_is_decided_without_knowing_a_key_holds_for_its_every_value(case in any_case()) {
        let mut open = case.clone();
        open.as_object_mut().unwrap().remove("extra_context");
        let (open, told) = (decide(&open), decide(&case));
        if open.verdict != Answer::Unknown {
            prop_assert_eq!(open.verdict, told.verdict, "{} / {}", open.summary, told.summary);
        }
    }

    #[test]
    fn no_words_break_it(mut case in any_case(), words in vec("\\PC{0,12}|[*?${}:/,' a-z0-9-]{0,20}", 8)) {
        let [operator, key, value, action, resource, principal, name, id] = words.as_slice() else { unreachable!() };
        case["trust_policy"] = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": {"AWS": principal},
            "Action": action, "Resource": resource, "Condition": {operator: {key: value}}},
            {"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": value},
                "DateLessThan": {"aws:CurrentTime": value}, "IpAddress": {key: value}, "StringLike": {key: value}}}]});
        case["request"]["session_name"] = json!(name);
        case["request"]["external_id"] = json!(id);
        case["extra_context"] = json!({key: value});
        let summary = decide(&case).summary;
        prop_assert!(summary.ends_with('.') || summary.ends_with('…'), "{summary}");
        case["role_arn"] = json!(resource);
        decide(&case);
    }

    #[test]
    fn a_verdict_and_its_reasons_agree(case in any_case()) {
        let decision = decide(&case);
        let (read, now) = (Case::from_json(&case).unwrap(), "2026-11-21T12:00:00Z".parse().unwrap());
        prop_assert_eq!(verdict(&read, now), decision.verdict);
        for (action, one) in trace(&read, now).iter().flat_map(|trace| trace.statements.iter().map(|one| (trace.action, one))) {
            let told = &one.statement;
            let stated = decision.deciding.iter().find(|stated| (stated.layer, stated.level, stated.policy, stated.statement)
                == (told.layer, told.level, told.policy, told.statement) && stated.action == action);
            prop_assert!(stated.is_none_or(|stated| stated == told));
        }
        match decision.verdict {
            Answer::Allow => prop_assert!(decision.causes.is_empty() && decision.unknowns.is_empty() && decision.cause.0 == "ok"),
            Answer::Deny => prop_assert!(!decision.blocked_by.is_empty() && decision.causes.len() == decision.blocked_by.len()
                && decision.causes.iter().any(|cause| cause.cause == decision.cause)),
            Answer::Unknown => prop_assert!(decision.causes.is_empty() && !decision.unknowns.is_empty()),
        }
        prop_assert_eq!(decision.leaning.is_some(), decision.verdict == Answer::Unknown);
    }
}

#[test]
fn a_case_of_which_only_two_names_are_known_is_open() {
    let caller = PrincipalArn::parse("arn:aws:iam::111111111111:role/Caller").unwrap();
    let case = Case::new(caller, "arn:aws:iam::222222222222:role/Target");
    assert_eq!(case.trust, Readable::Unread);
    let decision = evaluate(&case, "2026-11-21T12:00:00Z".parse().unwrap());
    assert_eq!((decision.verdict, decision.unknowns.len()), (Answer::Unknown, 5));
}
