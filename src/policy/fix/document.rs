//! Statements inside the JSON of a policy, and what IAM stores.

use serde_json::Value;

use super::edit::{Target, part};
use super::refusal::Refusal;
use crate::policy::case::Case;
use crate::policy::document::Policy;
use crate::policy::lint::{self, Kind, Use};

/// The path to a statement: `Statement` may be one or a list.
pub(super) fn path(document: &Value, statement: usize) -> Vec<String> {
    let mut path = vec!["Statement".to_owned()];
    if document.get("Statement").is_some_and(Value::is_array) {
        path.push(statement.to_string());
    }
    path
}

/// The path to an element of a statement.
pub(super) fn element(document: &Value, statement: usize, tokens: &[&str]) -> Vec<String> {
    let mut path = path(document, statement);
    path.extend(tokens.iter().map(|token| (*token).to_owned()));
    path
}

/// A statement.
pub(super) fn statement(document: &Value, index: usize) -> Option<&Value> {
    match document.get("Statement")? {
        Value::Array(list) => list.get(index),
        one => (index == 0).then_some(one),
    }
}

/// The texts of an element that may be one or a list.
pub(super) fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text],
        _ => Vec::new(),
    }
}

/// One action or a list of them, as people write it.
pub(super) fn actions(actions: &[&str]) -> Value {
    match actions {
        [one] => Value::from(*one),
        many => many.iter().copied().collect(),
    }
}

/// Whether IAM would store what an edit leaves: nothing that it refuses may be new.
pub(super) fn storable(before: &Case, after: &Case, target: Target) -> Result<(), Refusal> {
    let kind = match target {
        Target::Trust => Use::Trust,
        Target::Identity(_) | Target::Boundary => Use::Caller,
        _ => return Ok(()),
    };
    let refused = |case: &Case| -> Vec<lint::Lint> {
        let policy = part(case, target).and_then(|value| Policy::from_json(&value).ok());
        let lints = policy.map(|policy| lint::lint(&policy, kind)).unwrap_or_default();
        lints.into_iter().filter(|lint| lint.kind == Kind::Refused).collect()
    };
    let before = refused(before);
    match refused(after).into_iter().find(|lint| before.iter().all(|known| known.rule != lint.rule)) {
        Some(lint) => Err(Refusal::noted(format!("the patched policy would be refused by IAM: {}", lint.what))),
        None => Ok(()),
    }
}
