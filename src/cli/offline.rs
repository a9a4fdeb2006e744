//! The command lines of what asks AWS nothing: `rolecall explain`, `rolecall permissions` and `rolecall schema`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Format;
use super::values::{principal_arn, role_arn};
use crate::values::{PrincipalArn, RoleArn};

/// `rolecall explain`.
#[derive(Args, Debug, Clone)]
pub struct Explain {
    /// A file with one access case or a list of them; `-` is standard input
    #[arg(value_name = "FILE", conflicts_with = "message")]
    pub file: Option<PathBuf>,
    /// Explain an AWS error message instead; `-` reads it from standard input
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub message: Option<String>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write the result to a file in place of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `rolecall permissions`.
#[derive(Args, Debug, Clone)]
pub struct Permissions {
    /// What it shall allow
    #[arg(value_enum, default_value_t = Reach::Read)]
    pub what: Reach,
    /// The user or role that will run rolecall [default: any IAM user, any role of IAM Identity Center]
    #[arg(long = "for", value_name = "ARN", value_parser = principal_arn)]
    pub caller: Option<PrincipalArn>,
    /// Only what a diagnosis of the path to this role needs; repeatable: a chain, each role assumed with the session of the one before
    #[arg(long, value_name = "ROLE_ARN", value_parser = role_arn)]
    pub role: Vec<RoleArn>,
    /// Of a system: every role of an account in place of its roles one by one; shorter, and allows more than is needed
    #[arg(long, requires = "system")]
    pub by_account: bool,
}

/// How far a policy reaches.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everything that `check` and the screens look up
    Read,
    /// That, and writing the secret
    Write,
}

/// A published schema.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// What `check --format json` prints
    Report,
    /// What `explain` reads: an access case, or a list of them
    Case,
    /// What `explain --format json` prints: the answer to a case, or a list of them
    Answer,
    /// What `explain --message --format json` prints
    Message,
    /// What `setup --answers FILE --format json` prints
    Setup,
    /// What `secret check --format json` prints
    SecretCheck,
    /// What `secret plan` and `secret apply` print with `--format json`
    SecretPlan,
    /// What `check --as-container --format json` prints
    Startup,
    /// A config.json as rolecall writes it
    Config,
    /// What `print config --format json` prints
    Effective,
    /// What `print WHAT --format json` prints for a text to hand over
    Print,
}
