//! The command line: definitions only.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::values::RoleArn;

/// Sets up and diagnoses AWS role-based access.
///
/// Without a command, on a terminal, rolecall opens full screen.
#[derive(Parser, Debug, Clone)]
#[command(name = "rolecall", version, about, max_term_width = 100)]
pub struct Cli {
    /// What applies to every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What applies to every command.
#[derive(Args, Debug, Clone, Default)]
pub struct Global {
    /// Show a demo world in place of AWS and of your files [default world: quilt-untouched]
    #[arg(long, global = true, value_name = "WORLD", num_args = 0..=1, require_equals = true, default_missing_value = "quilt-untouched")]
    pub demo: Option<String>,
    /// The config profile: a folder below benchling-webhook/ [default: default]
    #[arg(long, global = true, value_name = "CONFIG_PROFILE")]
    pub profile: Option<String>,
    /// The AWS profile to use, alone: keys in the environment do not shadow it
    #[arg(long, global = true, value_name = "AWS_PROFILE")]
    pub aws_profile: Option<String>,
    /// The AWS region [default: the stack's, AWS_REGION, AWS_DEFAULT_REGION, then the AWS profile's]
    #[arg(long, global = true)]
    pub region: Option<String>,
    /// Name or ARN of the Quilt stack
    #[arg(long, global = true)]
    pub stack: Option<String>,
    /// Name or ARN of the secret
    #[arg(long, global = true)]
    pub secret: Option<String>,
    /// The role that will assume the roles in production [default: the webhook stack's task role]
    #[arg(long, global = true, value_name = "ROLE_ARN", value_parser = role_arn)]
    pub principal: Option<RoleArn>,
    /// The external ID to send with sts:AssumeRole
    #[arg(long, global = true, value_name = "ID", value_parser = external_id)]
    pub external_id: Option<String>,
}

/// A command.
#[derive(Subcommand, Debug, Clone)]
pub enum Command {
    /// Open full screen at the set-up of a config profile
    Setup,
    /// Open full screen at the roles, to see why access is denied
    Diagnose,
    /// Open full screen at the secret
    Secret,
    /// Judge everything without a screen; the exit code tells
    Check(Check),
    /// Say why an access case is allowed or denied, or what an AWS error message tells; asks AWS nothing
    #[command(
        after_help = "Exit codes: 0 allowed, 1 denied, 3 not decided; of a list 3 over 1 over 0; 2 when the input is no case.\n\
                      With --message: 0 when the message is known, 3 when it is not."
    )]
    Explain(Explain),
    /// Print a published JSON Schema
    Schema {
        /// Which one
        #[arg(value_enum)]
        name: Schema,
    },
}

/// `rolecall check`.
#[derive(Args, Debug, Clone)]
pub struct Check {
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write the result to a file in place of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
}

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

/// How a result is printed.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
}

/// The least severity that makes a check fail.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
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
}

fn role_arn(text: &str) -> Result<RoleArn, String> {
    RoleArn::parse(text).map_err(|error| error.to_string())
}

/// Source: STS API Reference, AssumeRole, ExternalId: 2 to 1224 characters of `[\w+=,.@:\/-]` (C18).
fn external_id(text: &str) -> Result<String, String> {
    let allowed = text.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c));
    if (2..=1224).contains(&text.len()) && allowed {
        return Ok(text.to_owned());
    }
    Err("an external ID has 2 to 1224 letters, digits and _+=,.@:/-".into())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_demo_needs_no_world() {
        let world = |arguments: &[&str]| Cli::try_parse_from(arguments).unwrap().global.demo;
        assert_eq!(world(&["rolecall", "--demo"]).as_deref(), Some("quilt-untouched"));
        assert_eq!(world(&["rolecall", "check", "--demo=fresh-account"]).as_deref(), Some("fresh-account"));
        assert_eq!(world(&["rolecall"]), None);
    }
}
