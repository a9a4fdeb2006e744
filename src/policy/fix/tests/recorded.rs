//! The recorded cases: each has the smallest edit, or whose decision it is; and every law of cures holds of every case there is.

use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::{cure, last, law, patched};
use crate::policy::tests::documented;
use crate::policy::{Answer, Case, verdict};

const CASES: &str = include_str!("../../../../tests/cases/assume-role.json");
const ALICE: &str = "arn:aws:iam::111111111111:user/alice";
const CALLER: &str = "arn:aws:iam::111111111111:role/Caller";
const THERE: &str = "arn:aws:iam::222222222222:role/Target";

/// Target, and the operations on it; `None` where it is somebody's decision.
fn smallest(name: &str) -> Option<(&'static str, Value)> {
    let grant = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": THERE});
    let sso =
        "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0fed56ec5d997fc5";
    let one = |op: &str, path: &str, value: Value| json!([{"op": op, "path": path, "value": value}]);
    Some(match name {
        "principal-not-listed" => (
            "trust_policy",
            one("replace", "/Statement/0/Principal/AWS", json!(["arn:aws:iam::111111111111:user/bob", ALICE])),
        ),
        "principal-deleted-user-aida" => ("trust_policy", one("replace", "/Statement/0/Principal/AWS/0", json!(ALICE))),
        "principal-pinned-session-name" => {
            ("trust_policy", one("replace", "/Statement/0/Principal/AWS", json!(CALLER)))
        }
        "sso-role-arnlike-without-path" => {
            ("trust_policy", one("replace", "/Statement/0/Condition/ArnLike/aws:PrincipalArn", json!(sso)))
        }
        "external-id-missing" | "two-statements-two-reasons" => {
            ("request", one("add", "/external_id", json!("cust-42")))
        }
        "request-tag-required" => ("request", one("add", "/tags", json!({"team": "red"}))),
        "session-name-must-be-username" => ("request", one("add", "/session_name", json!("alice"))),
        "identity-missing" => {
            ("identity_policies", one("add", "/-", json!({"Version": "2012-10-17", "Statement": [grant]})))
        }
        "identity-resource-misses-path" => (
            "identity_policies/0",
            one("replace", "/Statement/0/Resource", json!("arn:aws:iam::222222222222:role/team/Target")),
        ),
        "boundary-cross-account" => ("permission_boundary", one("add", "/Statement/-", grant)),
        "self-assume-without-trust" => {
            ("trust_policy", one("add", "/Statement/0/Principal/AWS", json!("arn:aws:iam::111111111111:role/Target")))
        }
        "duration-role-chaining" => ("request", one("add", "/duration_seconds", json!(3600))),
        "region-sts-disabled" => ("request", one("add", "/region", json!("us-east-1"))),
        _ => return None,
    })
}

#[test]
fn every_recorded_case_has_the_smallest_edit_or_says_whose_decision_it_is() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    let mut cured = 0;
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let cure = cure(&case["case"]);
        patched(&case["case"], &cure);
        match smallest(name) {
            Some((target, patch)) => {
                let fixes = serde_json::to_value(&cure.fixes).unwrap();
                assert_eq!(fixes.as_array().unwrap().len(), 1, "{name}");
                assert_eq!((&fixes[0]["target"], &fixes[0]["patch"]), (&json!(target), &patch), "{name}");
                assert_eq!(last(&cure), Some(Answer::Allow), "{name}");
                cured += 1;
            }
            None => {
                assert!(cure.fixes.is_empty(), "{name}: {:?}", cure.fixes);
                let no_fix = cure.no_fix.unwrap();
                for text in [&no_fix.reason, &no_fix.next_step] {
                    assert!(text.ends_with('.') && !text.contains("  "), "{name}: {text}");
                }
                assert!(!no_fix.owner.is_empty(), "{name}");
            }
        }
    }
    assert_eq!(cured, 14);
}

/// As `explain` answers: a cure ends with `allow`, or with `unknown` where something was not read.
fn laws(case: &Value) -> Option<Answer> {
    let (cure, last) = law::hold(case);
    let before = verdict(&Case::from_json(case).unwrap(), super::now());
    assert!(cure.fixes.is_empty() || before == Answer::Deny || case.get("live_error").is_some());
    last
}

#[test]
fn every_law_holds_of_every_recorded_denial() {
    const RECORDED: &[u8] = include_bytes!("../../../../tests/golden/cases.ndjson.gz");
    let lines: Vec<String> = BufReader::new(GzDecoder::new(RECORDED)).lines().map(Result::unwrap).collect();
    assert!(lines.len() >= 5_000);
    let cured = |lines: &[String]| {
        let each = lines.iter().filter(|line| {
            let recorded: Value = serde_json::from_str(line).unwrap();
            let last = laws(&recorded["case"]);
            // Everything was read, so that nothing is left open.
            assert!(matches!(last, None | Some(Answer::Allow)), "{line}");
            assert!(last.is_none() || recorded["answer"]["verdict"] == "deny", "{line}");
            last.is_some()
        });
        each.count()
    };
    let halves = lines.split_at(lines.len() / 2);
    let count = std::thread::scope(|scope| {
        let other = scope.spawn(|| cured(halves.0));
        cured(halves.1) + other.join().unwrap()
    });
    assert!(count >= 1_000, "{count}");
}

#[test]
fn every_law_holds_of_every_documented_case() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    let cases = cases.into_iter().map(|mut one| one["case"].take()).chain(documented::cases());
    let ends: Vec<Answer> = cases.filter_map(|case| laws(&case)).collect();
    assert!(!ends.contains(&Answer::Deny) && ends.len() >= 50, "{}", ends.len());
}
