//! Recorded questions with their answers.

use serde_json::Value;

use crate::policy::{CAUSES, Case, evaluate};

const CASES: &str = include_str!("../../../tests/cases/assume-role.json");

#[test]
fn every_recorded_case_gets_its_answer() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    assert!(cases.len() >= 32);
    let now = "2026-11-21T12:00:00Z".parse().unwrap();
    let mut wrong = Vec::new();
    for case in cases {
        let decision = evaluate(&Case::from_json(&case["case"]).unwrap(), now);
        let answer = serde_json::to_value(&decision).unwrap();
        assert!(CAUSES.contains(&decision.cause.0), "{}", decision.cause.0);
        for (field, expected) in case["expected"].as_object().unwrap() {
            if answer[field] != *expected {
                wrong.push(format!("{}: {field} is {}, not {expected}", case["name"], answer[field]));
            }
        }
        if std::env::var_os("SHOW_SUMMARIES").is_some() {
            println!("{:40} {}", case["name"].as_str().unwrap(), decision.summary);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
