use std::io::{BufRead, BufReader};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::explain::{CASE_SCHEMA, Element, Named, read};
use crate::policy::{Answer, evaluate};

const RECORDED: [&str; 3] = [
    include_str!("../../../tests/cases/assume-role.json"),
    include_str!("../../../tests/cases/documented-caller.json"),
    include_str!("../../../tests/cases/documented-trust.json"),
];
const GOLDEN: &[u8] = include_bytes!("../../../tests/golden/cases.ndjson.gz");

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn read_back(value: &Value) -> Named {
    let text = value.to_string().into_bytes();
    read(&Element { text, index: None, line: 1, column: 1 }).unwrap_or_else(|fault| panic!("{fault}\n{value:#}"))
}

fn recorded() -> Vec<Value> {
    let of_list = |text: &str| serde_json::from_str::<Vec<Value>>(text).unwrap();
    RECORDED.into_iter().flat_map(of_list).filter_map(|mut one| one.get_mut("case").map(Value::take)).collect()
}

fn golden() -> impl Iterator<Item = Value> {
    let lines = BufReader::new(flate2::read::GzDecoder::new(GOLDEN)).lines();
    lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap()["case"].take())
}

#[test]
fn what_is_saved_is_read_back_as_the_same_case() {
    let schema = jsonschema::draft202012::new(&serde_json::from_str(CASE_SCHEMA).unwrap()).unwrap();
    let mut count = 0;
    for (number, value) in recorded().into_iter().chain(golden()).enumerate() {
        let before = read_back(&value).case;
        let saved = case(&before);
        let after = read_back(&saved);
        assert_eq!(after.case, before, "case {number}");
        assert_eq!(after.remarks, Vec::<String>::new(), "case {number}");
        if number % 50 == 0 {
            assert!(schema.is_valid(&saved), "case {number}: {saved:#}");
        }
        count += 1;
    }
    assert!(count > 5_000, "{count}");
}

#[test]
fn names_are_kept_and_what_was_not_read_stays_unread() {
    let policy = json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    let value = json!({
        "caller_arn": "arn:aws:iam::111122223333:user/alice", "role_arn": "arn:aws:iam::444455556666:role/Target",
        "identity_policies": [policy, policy], "identity_policy_names": ["inline policy A", ""],
        "permission_boundary": policy, "permission_boundary_name": "arn:aws:iam::111122223333:policy/B", "request": {},
    });
    let before = read_back(&value).case;
    assert_eq!(before.identity.read().unwrap()[0].name, "inline policy A");
    let saved = case(&before);
    assert_eq!(read_back(&saved).case, before);
    for absent in ["trust_policy", "session_policy", "scps", "rcps", "context", "live_error"] {
        assert_eq!(saved.get(absent), None, "{absent}");
    }
    let trust = |text: &str| {
        read_back(&json!({
        "caller_arn": value["caller_arn"], "role_arn": value["role_arn"], "request": {}, "trust_policy": serde_json::from_str::<Value>(text).unwrap(),
    })).case
    };
    assert_eq!(case(&trust("null")).get("trust_policy"), Some(&Value::Null), "a role that is not there");
}

/// Of every recorded case that knows external IDs the verdict is the same, or it is said that it is not.
#[test]
fn placeholders_keep_the_verdict_or_say_that_they_do_not() {
    let (mut masked_ones, mut said) = (0, 0);
    for value in recorded().into_iter().chain(golden().step_by(4)) {
        let before = read_back(&value).case;
        let Masked { case: value, remarks, .. } = masked(&before, &[], now());
        let after = read_back(&value).case;
        if after == before {
            continue;
        }
        masked_ones += 1;
        let (before, after) = (evaluate(&before, now()), evaluate(&after, now()));
        if remarks.iter().any(|remark| remark.contains("the verdict is")) {
            said += 1;
        } else {
            assert_eq!((before.verdict, before.cause), (after.verdict, after.cause), "{value:#}");
        }
    }
    assert!(masked_ones > 60 && said * 20 < masked_ones, "{said} of {masked_ones}");
}

fn asking(condition: Value, sent: &str) -> Case {
    read_back(&json!({
        "caller_arn": "arn:aws:iam::111122223333:user/alice", "role_arn": "arn:aws:iam::444455556666:role/Target",
        "identity_policies": [{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}],
        "permission_boundary": null, "session_policy": null, "scps": [], "rcps": [],
        "trust_policy": {"Statement": {"Sid": format!("For {sent}"), "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "sts:AssumeRole", "Condition": condition}},
        "request": {"external_id": sent}, "extra_context": {},
    }))
    .case
}

#[test]
fn equal_stays_equal_and_different_stays_different() {
    let equals = |operator: &str, wanted: Value| json!({operator: {"sts:ExternalId": wanted}});
    for (condition, sent, verdict) in [
        (equals("StringEquals", json!("cust-canary")), "cust-canary", Answer::Allow),
        (equals("StringEquals", json!(["x-canary", "cust-canary"])), "cust-canary", Answer::Allow),
        (equals("StringEquals", json!("cust-canary")), "Cust-Canary", Answer::Deny),
        (equals("StringEqualsIgnoreCase", json!("cust-canary")), "Cust-Canary", Answer::Allow),
        (equals("StringNotEquals", json!("cust-canary")), "other-canary", Answer::Allow),
        (equals("StringLike", json!("cust-*ry")), "cust-canary", Answer::Allow),
        (equals("StringLike", json!("c?st-other*")), "cust-canary", Answer::Deny),
        (equals("StringLike", json!("*")), "cust-canary", Answer::Allow),
        (equals("Null", json!("false")), "cust-canary", Answer::Allow),
        (equals("StringEquals", json!(4242)), "4242", Answer::Allow),
    ] {
        let case = asking(condition.clone(), sent);
        assert_eq!(evaluate(&case, now()).verdict, verdict, "{condition}");
        let Masked { case: value, remarks, .. } = masked(&case, &[], now());
        assert_eq!(remarks, Vec::<String>::new(), "{condition}");
        let text = value.to_string();
        for part in ["canary", "Canary", "cust", "c?st", "4242"] {
            assert!(!text.contains(part), "{part} in {text}");
        }
        assert_eq!(evaluate(&read_back(&value).case, now()).verdict, verdict, "{text}");
    }
}

#[test]
fn a_number_that_was_given_stays_and_what_cannot_be_kept_is_said() {
    let condition = json!({"StringEquals": {"sts:ExternalId": "wanted-canary"}});
    let known = ["first-canary".to_owned(), "wanted-canary".to_owned()];
    let Masked { case: value, .. } = masked(&asking(condition, "sent-canary"), &known, now());
    let wanted = &value["trust_policy"]["Statement"]["Condition"]["StringEquals"]["sts:ExternalId"];
    assert_eq!((wanted, &value["request"]["external_id"]), (&json!("external-id-2"), &json!("external-id-3")));

    let numbers = json!({"NumericLessThan": {"sts:ExternalId": "100"}});
    let remarks = masked(&asking(numbers, "42"), &[], now()).remarks;
    assert!(
        remarks.iter().any(|remark| remark.contains("the verdict is") && remark.contains("not allow (ok)")),
        "{remarks:?}"
    );
}

#[test]
fn an_external_id_in_a_name_is_replaced_there_too() {
    let mistyped = json!({"StringEquals": {"aws:External-ID": "typo-canary", "aws:username": "cust-canary"}});
    let mut case = asking(mistyped, "cust-canary");
    case.request.session_name = Some("cust-canary".into());
    let masked = masked(&case, &[], now());
    assert_eq!((masked.remarks, masked.leaves_some), (Vec::new(), false));
    assert!(!masked.case.to_string().contains("canary"), "{}", masked.case);
}

/// `Allow` cannot be taken out of a policy.
#[test]
fn an_external_id_that_cannot_be_taken_out_is_said_to_be_there() {
    let masked = masked(&asking(json!({"StringEquals": {"sts:ExternalId": "Allow"}}), "Allow"), &[], now());
    assert!(masked.leaves_some && masked.remarks[0].contains("was left there"), "{:?}", masked.remarks);
    assert_eq!(masked.case["request"]["external_id"], "external-id-1");
}
