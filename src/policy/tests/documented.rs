//! Cases written from AWS's documentation, each with the page it follows from: `tests/cases/documented-*.json`.
//!
//! A row changes a base case that is allowed (`cross`: two accounts, `same`: one; the trust policy names the caller's account, the caller may
//! assume any role, everything is read). A field whose value is `"unread"` is taken out. `deciding` names the statements that must be among
//! those that decided: layer, policy and statement, counted from 0.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::decisions::{HERE, ROLE, SESSION, THERE, USER, base, with_changes};
use crate::policy::{Case, evaluate};

const FILES: [&str; 2] = [
    include_str!("../../../tests/cases/documented-trust.json"),
    include_str!("../../../tests/cases/documented-caller.json"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    /// The AWS page, and its section where that helps.
    page: String,
    /// `cross` or `same`.
    base: String,
    /// `user`, `session`, `role`, or an ARN.
    #[serde(default = "user")]
    caller: String,
    #[serde(default)]
    change: Map<String, Value>,
    verdict: String,
    #[serde(default)]
    leaning: Option<String>,
    cause: String,
    #[serde(default)]
    blocked_by: Vec<String>,
    deciding: Vec<(String, usize, usize)>,
}

fn user() -> String {
    "user".into()
}

#[test]
fn every_documented_case_is_decided_as_aws_says() {
    let rows: Vec<Row> = FILES.iter().flat_map(|file| serde_json::from_str::<Vec<Row>>(file).unwrap()).collect();
    assert!(rows.len() >= 150, "{}", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        assert!(row.page.len() > 10, "{} names no page", row.name);
        if let Some(difference) = difference(row) {
            wrong.push(format!("{}: {difference}", row.name));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    let mut names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), rows.len(), "names are unique");
}

/// Every row, as a case.
pub(in crate::policy) fn cases() -> impl Iterator<Item = Value> {
    FILES.iter().flat_map(|file| serde_json::from_str::<Vec<Row>>(file).unwrap()).map(|row| row.case())
}

impl Row {
    fn case(&self) -> Value {
        let caller = match self.caller.as_str() {
            "user" => USER,
            "session" => SESSION,
            "role" => ROLE,
            arn => arn,
        };
        let role = if self.base == "same" { HERE } else { THERE };
        with_changes(base(caller, role), &Value::Object(self.change.clone()))
    }
}

fn difference(row: &Row) -> Option<String> {
    let case = Case::from_json(&row.case()).unwrap();
    let decision = evaluate(&case, "2026-11-21T12:00:00Z".parse().unwrap());
    let answer = serde_json::to_value(&decision).unwrap();
    let blocked: Vec<&str> = decision.blocked_by.iter().map(|layer| layer.word()).collect();
    let decided: Vec<(String, usize, usize)> =
        decision.deciding.iter().map(|one| (one.layer.word().to_owned(), one.policy, one.statement)).collect();
    let same = answer["verdict"] == row.verdict.as_str()
        && answer.get("leaning").and_then(Value::as_str) == row.leaning.as_deref()
        && decision.cause.0 == row.cause
        && blocked == row.blocked_by
        && row.deciding.iter().all(|place| decided.contains(place));
    (!same).then(|| {
        let leaning = answer.get("leaning").and_then(Value::as_str).unwrap_or("-");
        format!("{} {leaning} {} {blocked:?} {decided:?}", answer["verdict"], decision.cause.0)
    })
}
