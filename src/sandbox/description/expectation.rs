//! What a world selects at the start, and what must come out of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::model::Severity;
use crate::policy::Answer;
use crate::values::RoleArn;

/// What is selected when the program starts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Chosen {
    /// The AWS profile.
    #[serde(default)]
    pub aws_profile: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// The config profile; `default` where none is named.
    #[serde(default)]
    pub config_profile: Option<String>,
    /// Name or ARN of the Quilt stack.
    #[serde(default)]
    pub stack: Option<String>,
    /// Role ARNs that the user typed, by `read` and `write`.
    #[serde(default)]
    pub typed_roles: TypedRoles,
    /// Name or ARN of the secret.
    #[serde(default)]
    pub secret: Option<String>,
    /// The stack whose task role is the workload.
    #[serde(default)]
    pub workload_stack: Option<String>,
    /// The workload's role, where no stack is asked.
    #[serde(default)]
    pub workload_role: Option<RoleArn>,
    /// The external ID to send.
    #[serde(default)]
    pub external_id: Option<String>,
}

/// Role ARNs that the user typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct TypedRoles {
    /// The read role's.
    #[serde(default)]
    pub read: Option<RoleArn>,
    /// The write role's.
    #[serde(default)]
    pub write: Option<RoleArn>,
}

/// What AWS's documentation says of one principal and one role.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedAnswer {
    /// ARN of the principal: a user, or a role whose session calls.
    pub principal: String,
    /// ARN of the role to assume.
    pub role: String,
    /// The external ID that goes with the call.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Allow or deny.
    pub verdict: Answer,
    /// The headline cause, of the vocabulary in `assets/causes.md`.
    pub cause: String,
    /// For the operator: what the call itself answers, `allow` or an error code.
    #[serde(default)]
    pub live: Option<String>,
    /// The rule it follows from, with the page that says so.
    pub because: String,
}

/// Edits of policies as an administrator makes them, and what AWS's documentation says of the edges afterwards.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedFix {
    /// Who does what, in a sentence.
    pub about: String,
    /// The edge whose denial rolecall must offer to cure by exactly these edits.
    #[serde(default)]
    pub cures: Option<Edge>,
    /// The documents that are put in place.
    pub edits: Vec<PolicyEdit>,
    /// The edges that answer otherwise than before; all others answer as before.
    pub answers: Vec<StatedAnswer>,
}

impl StatedFix {
    /// The answers after the edits, of a world whose answers before them are `before`.
    #[must_use]
    pub fn answers_after<'a>(&'a self, before: &'a [StatedAnswer]) -> Vec<&'a StatedAnswer> {
        let edge = |answer: &StatedAnswer| (answer.principal.clone(), answer.role.clone(), answer.external_id.clone());
        let replaced = |old: &&StatedAnswer| self.answers.iter().any(|new| edge(new) == edge(old));
        before.iter().filter(|old| !replaced(old)).chain(&self.answers).collect()
    }
}

/// A principal and a role that it would assume, as ARNs.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// A user, or a role whose session calls.
    pub principal: String,
    /// The role to assume.
    pub role: String,
}

/// Documents of one role or user that take the place of those of the same name.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyEdit {
    /// ARN of the role or user.
    pub of: String,
    /// The trust policy, of a role.
    #[serde(default)]
    pub trust: Option<Value>,
    /// Inline policies: document by name.
    #[serde(default)]
    pub inline: BTreeMap<String, Value>,
}

/// A finding that the judges must give.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFinding {
    /// For example `trust/principal`.
    pub id: String,
    /// How bad.
    pub severity: Severity,
    /// What it is about.
    pub subject: String,
}
