//! Policy documents as IAM accepts them.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language". One statement or many, one text or a list of them, no version:
//! all are read. Documents that mean something are read even where IAM would not store them; what has no meaning is an error.

use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

use super::statement::Statement;
use crate::values::text::{elide_end, safe};

mod strict_json;

pub(crate) use strict_json::TWICE;

/// The longest document that is read, in bytes. IAM's own limit is 10,240 characters.
pub const LONGEST: usize = 1 << 20;

/// A policy document.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Policy {
    statements: Vec<Statement>,
    source: Value,
}

/// Why a text is no policy. `Display` names the place.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum PolicyError {
    /// Not JSON, or an element twice in one object.
    #[error("the policy is not valid JSON: {0}")]
    Json(String),
    /// Longer than [`LONGEST`].
    #[error("the policy has {bytes} bytes; at most {LONGEST} are read")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// An element is missing, unknown or of the wrong kind.
    #[error("{place}: {problem}")]
    Element {
        /// "the policy", "statement 2" (counted from 1), "statement 2, Condition".
        place: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
}

impl PolicyError {
    pub(super) fn at(place: impl Into<String>, problem: impl Into<String>) -> Self {
        // Keys of the document are part of the place.
        Self::Element { place: safe(&place.into()).into_owned(), problem: problem.into() }
    }
}

impl Policy {
    /// Reads a document.
    ///
    /// # Errors
    /// [`PolicyError`] names the line or the element at fault.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        if text.len() > LONGEST {
            return Err(PolicyError::TooLong { bytes: text.len() });
        }
        let mut reader = serde_json::Deserializer::from_str(text);
        let value = strict_json::Strict::deserialize(&mut reader)
            .and_then(|value| reader.end().map(|()| value.0))
            .map_err(|error| PolicyError::Json(safe(&error.to_string()).into_owned()))?;
        Self::read(value)
    }

    /// Reads a document that is JSON already.
    ///
    /// # Errors
    /// [`PolicyError`] names the element at fault.
    pub fn from_json(value: &Value) -> Result<Self, PolicyError> {
        Self::read(value.clone())
    }

    fn read(source: Value) -> Result<Self, PolicyError> {
        const POLICY: &str = "the policy";
        let Value::Object(object) = &source else {
            return Err(PolicyError::at(POLICY, format!("a JSON object is needed, this is {}", kind_of(&source))));
        };
        if let Some(other) = object.keys().find(|key| !matches!(key.as_str(), "Version" | "Id" | "Statement")) {
            return Err(PolicyError::at(POLICY, unknown_element(other, "Version, Id and Statement")));
        }
        let variables = variables(object)?;
        let statements = match object.get("Statement") {
            None => return Err(PolicyError::at(POLICY, "it has no `Statement`")),
            Some(Value::Array(list)) => list.iter().collect(),
            Some(one) => vec![one],
        };
        let statements = statements
            .into_iter()
            .enumerate()
            .map(|(index, value)| Statement::read(value, index, variables))
            .collect::<Result<_, _>>()?;
        Ok(Self { statements, source })
    }

    /// The document as it was read.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.source.clone()
    }

    /// The document as it was read, for showing.
    #[must_use]
    pub const fn as_json(&self) -> &Value {
        &self.source
    }

    /// Its statements, in order.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

/// Whether variables are replaced: only in version 2012-10-17. A document that names no version is of version 2008-10-17.
fn variables(object: &Map<String, Value>) -> Result<bool, PolicyError> {
    match object.get("Version") {
        None => Ok(false),
        Some(Value::String(version)) if version == "2012-10-17" => Ok(true),
        Some(Value::String(version)) if version == "2008-10-17" => Ok(false),
        Some(other) => Err(PolicyError::at(
            "the policy",
            format!("`Version` is {}; IAM knows 2012-10-17 and 2008-10-17", shown(other)),
        )),
    }
}

/// JSON in which no object has a key twice.
///
/// # Errors
/// What is wrong, with line and column.
pub(crate) fn strict(text: &[u8]) -> Result<Value, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let strict_json::Strict(value) = strict_json::Strict::deserialize(&mut reader)?;
    reader.end().map(|()| value)
}

pub(super) fn unknown_element(name: &str, known: &str) -> String {
    format!("it has an element `{}`; there are only {known}", safe(&elide_end(name, 60)))
}

/// A value in an error message, cut.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{}`", safe(&elide_end(text, 60))),
        Value::Bool(_) | Value::Number(_) => format!("`{value}`"),
        other => kind_of(other).to_owned(),
    }
}

/// What sort of value it is, in words that need no JSON to be understood.
pub(crate) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// One text or a list of texts. Numbers and truth values are taken as their text, as IAM takes them in conditions.
pub(super) fn texts(value: &Value, place: &str) -> Result<Vec<String>, PolicyError> {
    let one = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        other => {
            Err(PolicyError::at(place, format!("a text or a list of texts is needed, this is {}", kind_of(other))))
        }
    };
    match value {
        Value::Array(list) => list.iter().map(one).collect(),
        other => one(other).map(|text| vec![text]),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_accepted_form_is_read_and_given_back() {
        for text in [
            r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
            r#"{"Version":"2012-10-17","Id":"x","Statement":[]}"#,
            r#"{"Version":"2008-10-17","Statement":[{"Sid":"","Effect":"Deny","NotAction":["a:b"],"NotResource":"*"}]}"#,
            r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":["sts:AssumeRole","sts:TagSession"]}]}"#,
            r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":["111111111111","*"],"Service":"ec2.amazonaws.com"},
                "Action":"sts:AssumeRole","Condition":{"Bool":{"aws:SecureTransport":true},"NumericLessThan":{"aws:MultiFactorAuthAge":3600}}}}"#,
        ] {
            let policy = Policy::parse(text).unwrap();
            assert_eq!(policy.to_json(), serde_json::from_str::<Value>(text).unwrap());
            assert_eq!(Policy::from_json(&policy.to_json()).unwrap(), policy);
        }
    }

    #[test]
    fn errors_name_the_place() {
        for (text, expected) in [
            ("", "the policy is not valid JSON: EOF while parsing a value at line 1 column 0"),
            ("[]", "the policy: a JSON object is needed, this is a list"),
            ("{}", "the policy: it has no `Statement`"),
            (
                r#"{"statement":[]}"#,
                "the policy: it has an element `statement`; there are only Version, Id and Statement",
            ),
            (
                r#"{"Version":"2012-10-18","Statement":[]}"#,
                "the policy: `Version` is `2012-10-18`; IAM knows 2012-10-17 and 2008-10-17",
            ),
            (r#"{"Statement":[{"Effect":"Allow"},7]}"#, "statement 2: an object is needed, this is a number"),
            (r#"{"Statement":[{"Effect":"allow"}]}"#, "statement 1: `Effect` is `allow`; it must be Allow or Deny"),
            (r#"{"Statement":[{"Action":"*"}]}"#, "statement 1: it has no `Effect`"),
            (
                r#"{"Statement":{"Effect":"Allow","Action":[{}]}}"#,
                "statement 1, Action: a text or a list of texts is needed, this is an object",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Action":"*","NotAction":"*"}}"#,
                "statement 1: it has both `Action` and `NotAction`",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Principal":{"Aws":"*"}}}"#,
                "statement 1, Principal: `Aws` is no kind of principal; there are AWS, Service, Federated and CanonicalUser",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Condition":{"StringEquals":"x"}}}"#,
                "statement 1, Condition StringEquals: an object of keys and values is needed, this is a text",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Effect":"Deny"}}"#,
                "the policy is not valid JSON: `Effect` stands twice in one object at line 1 column 39",
            ),
            (r#"{"Statement":[]} x"#, "the policy is not valid JSON: trailing characters at line 1 column 18"),
        ] {
            assert_eq!(Policy::parse(text).unwrap_err().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(Policy::parse(&deep), Err(PolicyError::Json(_))));
        assert_eq!(Policy::parse(&" ".repeat(LONGEST + 1)), Err(PolicyError::TooLong { bytes: LONGEST + 1 }));
    }

    proptest! {
        #[test]
        fn any_text_gives_a_policy_or_an_error(text in "\\PC*|[\\[\\]{}\":,a-zA-Z0-9 ]*") {
            let _ = Policy::parse(&text);
        }
    }
}
