//! The service's messages, in the specification's form: title, what is required, what there is, an example, where to read on (S3-43 to S3-46).

use std::fmt;

use serde::Serialize;

use crate::model::Reader;
use crate::model::facts::Stack;
use crate::secret::Key;
use crate::values::text::{elide_end, safe};
use crate::values::{StackArn, json};

/// Where the service's own documentation is.
const PAGE: &str = "https://github.com/quiltdata/benchling-webhook";

/// As much of a value as a message shows, in columns.
const LONGEST: usize = 200;

/// Which step it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Both variables are set.
    Environment,
    /// The stack's ARN is one.
    StackArn,
    /// The stack is there and can be read.
    Stack,
    /// It has the outputs that are needed.
    Outputs,
    /// The secret is there, can be read, and is JSON.
    Secret,
    /// All parameters are there and can be used.
    Parameters,
}

/// What the service would print when it stops. Safe to print, and without any value of the secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stop {
    /// At which step.
    pub phase: Phase,
    title: String,
    body: Vec<String>,
    anchor: &'static str,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\u{274c} Configuration Error: {}\n", self.title)?;
        for line in &self.body {
            writeln!(f, "{line}")?;
        }
        write!(f, "\nSee: {PAGE}#{}", self.anchor)
    }
}

fn shown(text: &str) -> String {
    elide_end(&safe(text), LONGEST)
}

pub(super) fn missing_variables(variables: &[(&str, Option<&str>)]) -> Stop {
    let names: Vec<&str> = variables.iter().map(|(name, _)| *name).collect();
    let mut body = vec![format!("Required: {}", names.join(", ")), String::new(), "Current:".into()];
    body.extend(variables.iter().map(|(name, value)| match value {
        None => format!("  {name}: not set"),
        Some("") => format!("  {name}: empty"),
        Some(value) => format!("  {name}: {}", shown(value)),
    }));
    let title = "Missing required environment variables".into();
    Stop { phase: Phase::Environment, title, body, anchor: "configuration" }
}

pub(super) fn invalid_arn(received: &str, why: &str) -> Stop {
    let body = vec![
        "Expected: arn:aws:cloudformation:region:account:stack/name/id".into(),
        format!("Received: {}", shown(received)),
        String::new(),
        shown(why),
    ];
    let title = "Invalid CloudFormation stack ARN format".into();
    Stop { phase: Phase::StackArn, title, body, anchor: "cloudformation" }
}

pub(super) fn no_stack(arn: &StackArn) -> Stop {
    let title = format!("CloudFormation stack '{}' not found", shown(arn.name()));
    let body = vec![
        format!("Region: {}", shown(arn.region())),
        format!("Account: {}", arn.account()),
        format!("Stack ARN: {}", shown(&arn.to_string())),
    ];
    Stop { phase: Phase::Stack, title, body, anchor: "cloudformation" }
}

pub(super) fn stack_denied(arn: &StackArn, action: &str) -> Stop {
    let title = format!("Access denied to CloudFormation stack '{}'", shown(arn.name()));
    Stop { phase: Phase::Stack, title, body: permissions(action), anchor: "permissions" }
}

pub(super) fn no_outputs(stack: &Stack, missing: &[&[&str]]) -> Stop {
    let title = format!("Missing required outputs in CloudFormation stack '{}'", shown(stack.arn.name()));
    let names: Vec<String> = missing.iter().map(|names| names.join(" or ")).collect();
    let found: Vec<&str> = stack.outputs.iter().map(|(name, _)| name.as_str()).collect();
    let found = if found.is_empty() { "none".into() } else { elide_end(&safe(&found.join(", ")), LONGEST) };
    let body = vec![format!("Missing: {}", names.join(", ")), String::new(), format!("Current: {found}")];
    Stop { phase: Phase::Outputs, title, body, anchor: "cloudformation" }
}

pub(super) fn no_secret(name: &str, region: &str, elsewhere: Option<&str>) -> Stop {
    let title = format!("Secret '{}' not found", shown(name));
    let mut body = vec![format!("Region: {}, the stack's", shown(region))];
    body.extend(elsewhere.map(|other| format!("Current: the ARN names a secret in {}", shown(other))));
    Stop { phase: Phase::Secret, title, body, anchor: "secret-format" }
}

pub(super) fn no_json(name: &str, why: &str) -> Stop {
    let title = format!("Invalid JSON in secret '{}'", shown(name));
    let mut body = vec![format!("Current: {}", shown(why)), String::new()];
    body.extend(expected(Reader::Specification));
    Stop { phase: Phase::Secret, title, body, anchor: "secret-format" }
}

pub(super) fn secret_denied(name: &str, action: &str) -> Stop {
    let what = if action.starts_with("kms:") { "the KMS key of secret" } else { "secret" };
    let title = format!("Access denied to {what} '{}'", shown(name));
    Stop { phase: Phase::Secret, title, body: permissions(action), anchor: "permissions" }
}

pub(super) fn secret_refused(name: &str, why: &str) -> Stop {
    let title = format!("Secret '{}' cannot be read", shown(name));
    Stop { phase: Phase::Secret, title, body: vec![format!("Current: {}", shown(why))], anchor: "secret-format" }
}

pub(super) fn missing_parameters(name: &str, missing: &[String], reader: Reader) -> Stop {
    let title = format!("Missing required parameters in secret '{}'", shown(name));
    let mut body = vec![format!("Missing: {}", missing.join(", ")), String::new()];
    body.extend(expected(reader));
    Stop { phase: Phase::Parameters, title, body, anchor: "secret-format" }
}

pub(super) fn wrong_parameters(name: &str, wrong: &[String]) -> Stop {
    let title = format!("Invalid parameters in secret '{}'", shown(name));
    let mut body = vec!["Invalid:".to_owned()];
    body.extend(wrong.iter().map(|one| format!("  {one}")));
    Stop { phase: Phase::Parameters, title, body, anchor: "secret-format" }
}

fn permissions(action: &str) -> Vec<String> {
    vec![
        "The IAM role lacks required permissions.".into(),
        String::new(),
        "Required permissions:".into(),
        format!("  - {}", shown(action)),
    ]
}

/// The example of the specification (S3-45), in the spelling that the runtime reads.
fn expected(reader: Reader) -> Vec<String> {
    let named = |key: Key| match reader {
        Reader::Shipped => key.shipped_name(),
        Reader::Specification | Reader::Both => Some(key.name()),
    };
    let members: Vec<String> = Key::ALL
        .into_iter()
        .filter_map(|key| Some(format!("  {}: {}", json::quoted(named(key)?), json::quoted(key.sample()))))
        .collect();
    let mut lines = vec!["Expected secret format (JSON):".to_owned(), "{".into()];
    lines.extend(members.join(",\n").lines().map(str::to_owned));
    lines.push("}".into());
    lines
}
