//! A text to hand over: to whoever owns the other account, the deployment, or the template.

use serde::{Serialize, Serializer};

/// A placeholder and why it stands there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Gap {
    /// As it stands in the text: `<task-role-arn>`.
    pub placeholder: String,
    /// Why the value is not known, in a sentence.
    pub why: String,
}

impl Gap {
    /// A placeholder `<name>` and why it stands there.
    #[must_use]
    pub fn new(name: &str, why: impl Into<String>) -> Self {
        Self { placeholder: format!("<{name}>"), why: why.into() }
    }
}

/// Which text it is. Its word names it on the command line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Name {
    /// What the workload's own policies must allow.
    TaskRolePolicy,
    /// The same for any principal.
    CallerPolicy,
    /// What a role's trust policy must say.
    TrustPolicy,
    /// The commands that set both sides right.
    AwsCommands,
    /// Both sides for the AWS CDK.
    Cdk,
    /// Both sides for Terraform.
    Terraform,
    /// The environment of the webhook's container.
    ContainerEnv,
    /// What the webhook's `/health` answers.
    Health,
    /// What the webhook's `/config` answers.
    ConfigBody,
    /// A text that one system alone hands over, by its word.
    OfSystem(&'static str),
}

impl Name {
    /// As the command line calls it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TaskRolePolicy => "task-role-policy",
            Self::CallerPolicy => "caller-policy",
            Self::TrustPolicy => "trust-policy",
            Self::AwsCommands => "aws-commands",
            Self::Cdk => "cdk",
            Self::Terraform => "terraform",
            Self::ContainerEnv => "container-env",
            Self::Health => "health",
            Self::ConfigBody => "config-body",
            Self::OfSystem(word) => word,
        }
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// What a text is written in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// RFC 8259.
    Json,
    /// Commands for a POSIX shell.
    Sh,
    /// YAML 1.2.
    Yaml,
    /// TypeScript.
    Ts,
    /// Terraform's HCL.
    Hcl,
    /// `NAME=value` lines, as `docker run --env-file` reads them.
    Env,
}

/// A text to hand over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Text {
    /// Which one.
    pub name: Name,
    /// What it is about, where there are several of that name: the role of a trust policy, the style of an environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// In a line, for a list.
    pub title: String,
    /// What the body is written in.
    pub language: Language,
    /// The text itself, ended by a line break; safe to print.
    pub body: String,
    /// The placeholders in the body, and why each value is not known.
    pub gaps: Vec<Gap>,
    /// What it should have been made from could not be read, or is wrong; a note says what.
    pub partial: bool,
    /// What its reader must know beside it, in sentences.
    pub notes: Vec<String>,
}

impl Text {
    /// Whether it can be used as it is.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.gaps.is_empty() && !self.partial
    }
}
