//! A role, where its ARN came from, and a principal with its own policies.

use crate::model::{Fact, LiveCall};
use crate::policy::NamedPolicy;
use crate::policy::document::Policy;
use crate::values::time::Timestamp;
use crate::values::{PrincipalArn, RoleArn};

/// What is known of one of the two roles.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RoleFacts {
    /// Its ARN and who told. `Absent`: every place was asked and none knew.
    pub found: Fact<RoleFound>,
    /// A stack resource of that logical id that is no IAM role: its type.
    pub wrong_type: Option<String>,
    /// `iam:GetRole`.
    pub detail: Fact<RoleDetail>,
    /// The operator's own `sts:AssumeRole`; its outcome is inside, also a refusal.
    pub live: Fact<LiveCall>,
}

/// Where a role's ARN came from (C31).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RoleSource {
    /// A stack resource of type AWS::IAM::Role.
    StackResource(String),
    /// A stack parameter that holds an ARN.
    StackParameter(String),
    /// A stack output.
    StackOutput(String),
    /// An output of the `{stack}-iam` stack.
    IamStackOutput {
        /// That stack's name.
        stack: String,
        /// The output's key.
        key: String,
    },
    /// The user typed it.
    Typed,
    /// It stands in `config.json`, and the stack knows none.
    Config,
}

impl RoleSource {
    /// As the roles screen shows it.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::StackResource(id) => format!("stack resource {id}"),
            Self::StackParameter(key) => format!("stack parameter {key}"),
            Self::StackOutput(key) => format!("stack output {key}"),
            Self::IamStackOutput { stack, key } => format!("output {key} of stack {stack}"),
            Self::Typed => "typed".into(),
            Self::Config => "config.json".into(),
        }
    }
}

/// A role's ARN and its source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleFound {
    /// The ARN.
    pub arn: RoleArn,
    /// True when it was put together from a name, because `iam:GetRole` was not allowed: the path is unknown (C3).
    pub composed: bool,
    /// Which place answered.
    pub source: RoleSource,
}

/// `iam:GetRole`.
#[derive(Clone, PartialEq, Debug)]
pub struct RoleDetail {
    /// The ARN as IAM has it, path included.
    pub arn: RoleArn,
    /// `AROA…`.
    pub role_id: String,
    /// UTC.
    pub created: Option<Timestamp>,
    /// In seconds.
    pub max_session_duration: Option<u32>,
    /// The trust policy, percent-decoded.
    pub trust_text: String,
    /// The same, parsed; or why it cannot be.
    pub trust: Result<Policy, String>,
    /// The permissions boundary's policy ARN.
    pub boundary_arn: Option<String>,
}

/// What is known of a principal.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PrincipalFacts {
    /// Its ARN: for a workload the role's, for the operator as GetCallerIdentity has it.
    pub arn: Fact<PrincipalArn>,
    /// Where the ARN came from, in words.
    pub source: String,
    /// Its own policies: inline, then attached, then those of its groups.
    pub policies: Fact<Vec<NamedPolicy>>,
    /// Its permissions boundary.
    pub boundary: Fact<Option<NamedPolicy>>,
    /// For a role: `iam:GetRole`.
    pub role: Fact<RoleDetail>,
}
