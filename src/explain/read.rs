//! One element of the input as a [`Case`], or why it is none, with the place in the whole input.

use serde_json::Value;
use thiserror::Error;

use super::input::Element;
use super::{shape, spans};
use crate::policy::Case;
use crate::policy::case_json::CaseError;
use crate::policy::document::{self, PolicyError};
use crate::values::text::{elide_end, safe};

/// How many fields that no case has are named.
const NAMED: usize = 5;

/// A case with the name it was given.
#[derive(Clone, PartialEq, Debug)]
pub struct Named {
    /// Free text; `None` when it has none.
    pub name: Option<String>,
    /// The question.
    pub case: Case,
    /// What was passed over, a sentence each: fields that no case has.
    pub remarks: Vec<String>,
}

/// Why an element is no access case.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct CaseFault {
    /// In the input, from 1.
    pub line: usize,
    /// In the input, from 1, in characters.
    pub column: usize,
    /// What is wrong, with the field.
    pub problem: String,
}

/// Reads one element.
///
/// # Errors
/// It is not JSON, has a key twice, lacks a field, holds a policy that is none or is longer than [`document::LONGEST`], ….
pub fn read(element: &Element) -> Result<Named, CaseFault> {
    let text = &element.text;
    let value = document::strict(text).map_err(|error| not_json(element, &error))?;
    if let Some((range, bytes)) = too_long(text) {
        return Err(fault(element, range, PolicyError::TooLong { bytes }.to_string()));
    }
    if let Some(misshapen) = shape::fault(&value) {
        return Err(at_path(element, &misshapen.path, &misshapen.problem));
    }
    let case = Case::from_json(&value).map_err(|error| no_case(element, error))?;
    Ok(Named {
        name: value.get("name").and_then(Value::as_str).map(str::to_owned),
        remarks: remarks(&value, &case),
        case,
    })
}

fn not_json(element: &Element, error: &serde_json::Error) -> CaseFault {
    let words = error.to_string();
    let reason = words.split(" at line ").next().unwrap_or_default();
    // serde_json counts columns in bytes, from the start of the element.
    let lines = element.text.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    let at = before + error.column().saturating_sub(1);
    if reason.ends_with(document::TWICE) {
        // The error stands at the end of the second one.
        let start = element.text.get(..at).and_then(|text| text.iter().rposition(|byte| *byte == b'"'));
        let problem =
            format!("{}: one of the two would be passed over, and IAM stores no policy like that", safe(reason));
        return fault(element, start.unwrap_or(at), problem);
    }
    let reason = if reason == "trailing characters" && element.index.is_none() {
        "there is more text after the case; several cases stand in a list: [{…}, {…}]".to_owned()
    } else {
        format!("this is not JSON: {}", safe(reason))
    };
    fault(element, at, reason)
}

fn no_case(element: &Element, error: CaseError) -> CaseFault {
    match error {
        CaseError::Caller(error) => at_path(element, &["caller_arn".into()], &error.to_string()),
        CaseError::Policy { field, error } => {
            let mut path: Vec<String> = field.split('/').map(str::to_owned).collect();
            path.extend(statement(&error));
            let problem = format!("{field}: {error}");
            fault(element, find(element, &path), problem)
        }
        CaseError::Shape(error) => fault(element, 0, format!("not an access case: {error}")),
    }
}

/// "statement 2, Condition" leads to `Statement/1`.
fn statement(error: &PolicyError) -> Vec<String> {
    let PolicyError::Element { place, .. } = error else { return Vec::new() };
    let number = place.strip_prefix("statement ").and_then(|rest| rest.split(',').next()?.parse::<usize>().ok());
    number.map(|number| vec!["Statement".to_owned(), number.saturating_sub(1).to_string()]).unwrap_or_default()
}

fn at_path(element: &Element, path: &[String], problem: &str) -> CaseFault {
    let place = if path.is_empty() { "not an access case".to_owned() } else { safe(&path.join("/")).into_owned() };
    fault(element, find(element, path), format!("{place}: {problem}"))
}

fn find(element: &Element, path: &[String]) -> usize {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    spans::find(&element.text, &path).start
}

/// Byte `at` of the element, as a place in the input.
fn fault(element: &Element, at: usize, problem: String) -> CaseFault {
    let (line, column) = spans::line_and_column(&element.text, at);
    let column = if line == 1 { element.column + column - 1 } else { column };
    CaseFault { line: element.line + line - 1, column, problem }
}

/// The first policy that is longer than is read: where, and its length as it stands in the input.
fn too_long(text: &[u8]) -> Option<(usize, usize)> {
    if text.len() <= document::LONGEST {
        return None;
    }
    let within = |ranges: Vec<std::ops::Range<usize>>, name: &str| -> Vec<_> {
        let inner = ranges.iter().flat_map(|range| spans::children(text, range));
        inner.filter(|(key, _)| name.is_empty() || key == name).map(|(_, range)| range).collect()
    };
    for (name, range) in spans::children(text, &(0..text.len())) {
        let policies = match name.as_str() {
            "trust_policy" | "permission_boundary" | "session_policy" => vec![range],
            "identity_policies" => within(vec![range], ""),
            "scps" | "rcps" => within(within(within(within(vec![range], ""), "policies"), ""), "policy"),
            _ => continue,
        };
        if let Some(long) = policies.into_iter().find(|policy| policy.len() > document::LONGEST) {
            return Some((long.start, long.len()));
        }
    }
    None
}

fn remarks(value: &Value, case: &Case) -> Vec<String> {
    let strays = shape::strays(value);
    let more = strays.len().saturating_sub(NAMED);
    let mut remarks: Vec<String> = strays
        .iter()
        .take(NAMED)
        .map(|name| format!("`{}` is no field of an access case and was passed over", safe(&elide_end(name, 60))))
        .collect();
    if more > 0 {
        remarks.push(format!("{more} more fields were passed over"));
    }
    let account = value.get("caller_account").and_then(Value::as_str);
    if let Some(account) = account.filter(|account| *account != case.caller.account().as_str()) {
        remarks.push(format!(
            "caller_account is {}, but caller_arn is of account {}: the ARN counts",
            safe(&elide_end(account, 60)),
            case.caller.account()
        ));
    }
    remarks
}
