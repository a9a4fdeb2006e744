//! What a world selects at the start, and what must come out of it.

use serde::Deserialize;

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
