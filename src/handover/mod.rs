//! Texts to hand over: to whoever owns the other account, the deployment, or the template. Pure.
//!
//! One [`Subject`] is made of facts, of the selection and of the user's draft; every text is written from it alone. What is not known
//! stands in a text as a placeholder in angle brackets, and [`Text::gaps`] says of each why it is not known. No text holds a credential, and
//! none an external ID that was not asked for.
//!
//! ```text
//!   Facts, Selection, Draft  ->  Subject  ->  task-role-policy, caller-policy, trust-policy, aws-commands, cdk, terraform,
//!                                             container-env, health, config-body
//! ```
//!
//! Source: what each text is for, `A1` to `A11` of the specification's texts.

mod aws_commands;
mod caller_policy;
mod cdk;
mod config_body;
mod container_env;
mod external_id;
mod health;
mod list;
mod of_facts;
mod of_path;
mod of_service;
mod sheet;
mod standing;
mod subject;
mod terraform;
mod trust_policy;

use serde::Serialize;

pub use container_env::{Form, Style, of};
pub use of_facts::{Wish, subject};
pub use subject::{Caller, Edge, Gap, Service, Slot, Standing, Subject, Target, Trust};

use crate::judge::Judgement;
use crate::model::{Facts, Reader, Selection};
use crate::plan::Draft;

/// The JSON Schema of a printed text, draft 2020-12.
pub const SCHEMA: &str = include_str!("../../assets/schema/print.json");

/// Which text it is. The order is that of [`texts`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
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
        }
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
    /// What it should have been made from could not be read; a note says what.
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

/// Every text about what was looked up, for a list to choose from. External IDs are withheld.
#[must_use]
pub fn texts(facts: &Facts, selection: &Selection, judgement: &Judgement, draft: Option<&Draft>) -> Vec<Text> {
    all(&subject(facts, selection, judgement, draft, &Wish::default()))
}

/// Every text about a subject, in the order of [`Name`]. Where the caller is the webhook, its policy is the task role's.
#[must_use]
pub fn all(subject: &Subject) -> Vec<Text> {
    let policy = if subject.is_of_webhook() { Name::TaskRolePolicy } else { Name::CallerPolicy };
    let of_service = [Name::ContainerEnv, Name::Health, Name::ConfigBody];
    let names = [policy, Name::TrustPolicy, Name::AwsCommands, Name::Cdk, Name::Terraform];
    let names = names.into_iter().chain(of_service.into_iter().filter(|_| subject.is_of_service));
    names.flat_map(|name| named(subject, name)).collect()
}

/// The texts of one name.
#[must_use]
pub fn named(subject: &Subject, name: Name) -> Vec<Text> {
    let service = &subject.service;
    match name {
        Name::TaskRolePolicy | Name::CallerPolicy => caller_policy::texts(subject, name),
        Name::TrustPolicy => trust_policy::texts(subject),
        Name::AwsCommands => vec![aws_commands::text(subject)],
        Name::Cdk => vec![cdk::text(subject)],
        Name::Terraform => vec![terraform::text(subject)],
        Name::ContainerEnv => container_env::texts(subject, service),
        Name::Health => vec![health::text(service, Reader::Specification)],
        Name::ConfigBody => vec![config_body::text(service)],
    }
}

/// What the webhook's `/health` answers where this runtime reads the secret: shipped releases answer three fields alone.
#[must_use]
pub fn health(subject: &Subject, reader: Reader) -> Text {
    health::text(&subject.service, reader)
}

#[cfg(test)]
mod tests;
