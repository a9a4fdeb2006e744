//! Fixes that rolecall offers, against the recording of those that the reference was asked about.

use std::collections::BTreeMap;

use rolecall::policy::fix::fixes;
use rolecall::policy::{Case, evaluate};
use serde_json::{Value, json};

use super::unzipped;

/// One line per case with fixes: `{"case": its line in cases.ndjson.gz from 0, "fixes": [{"target", "patch"}], "verdicts": [the reference's
/// after each of them]}`; `"listed"` where these are not the verdicts that rolecall states, for a reason in DISAGREEMENTS.md.
const RECORDED: &[u8] = include_bytes!("cures.ndjson.gz");
const AGAIN: &str = "Have the reference judge what is offered now: `.ci/reference record` (cures.mjs) writes tests/golden/cures.ndjson.gz anew and fails if the reference refuses a fix.";

/// The list `fixes` of the answer to a case.
pub fn offered(case: &Value) -> Value {
    let read = Case::from_json(case).unwrap();
    let now = "2026-11-21T12:00:00Z".parse().unwrap();
    serde_json::to_value(fixes(&read, &evaluate(&read, now), now).fixes).unwrap()
}

/// Compares what is offered for every case with what was recorded. Gives the number of cures.
pub fn replay(cases: impl Iterator<Item = Value>) -> usize {
    let number = |line: &Value| line.get("case").and_then(Value::as_u64).unwrap();
    let recorded: BTreeMap<u64, Value> = unzipped(RECORDED).map(|line| (number(&line), line)).collect();
    let (mut cured, mut listed) = (0, 0);
    for (number, case) in (0..).zip(cases) {
        let offered = offered(&case);
        let offered = offered.as_array().unwrap();
        let Some(known) = recorded.get(&number) else {
            assert!(
                offered.is_empty(),
                "the reference was not asked about the cure of case {number}. {AGAIN}\n{offered:#?}"
            );
            continue;
        };
        cured += 1;
        let edits: Vec<Value> =
            offered.iter().map(|fix| json!({"target": fix["target"], "patch": fix["patch"]})).collect();
        assert_eq!(
            Value::from(edits),
            known["fixes"],
            "the cure of case {number} is not the one that the reference accepted. {AGAIN}"
        );
        if known.get("listed").is_some() {
            listed += 1;
            continue;
        }
        let stated: Vec<&Value> = offered.iter().map(|fix| &fix["turns_verdict_to"]).collect();
        let accepted: Vec<&Value> = known["verdicts"].as_array().unwrap().iter().collect();
        assert_eq!(stated, accepted, "the verdicts after each fix of case {number}");
        assert_eq!(accepted.last(), Some(&&json!("allow")), "case {number}");
    }
    assert_eq!(cured, recorded.len(), "the recording holds cures of other cases. {AGAIN}");
    assert!(listed * 200 <= cured, "{listed} of {cured} cures part from the reference as listed");
    cured
}
