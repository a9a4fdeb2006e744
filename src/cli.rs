//! The command line: definitions only.

mod offline;
mod path;
mod print;
pub mod secret;
mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::offline::{Explain, Permissions, Reach, Schema};
pub use self::path::{Check, Diagnose, FailOn, Path, ReportFormat};
pub use self::print::{EnvForm, EnvStyle, Print, PrintWhat};
use self::values::{external_id, principal_arn, setting, system};
use crate::plan::PlanId;
use crate::values::{PrincipalArn, RoleArn};

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
    /// Ask the walk as numbered questions, line by line: for screen readers, pipes and dumb terminals (TERM=dumb implies it)
    ///
    /// Exit codes: 0 left with nothing lost, 1 not everything that was confirmed was written, 3 the input ended before what was typed was written,
    /// 5 a write lost a race.
    #[arg(long, global = true)]
    pub plain: bool,
    /// The config profile: a folder below benchling-webhook/ [default: default]
    #[arg(long, global = true, value_name = "CONFIG_PROFILE")]
    pub profile: Option<String>,
    /// The AWS profile to use, alone: keys in the environment do not shadow it
    #[arg(long, global = true, value_name = "AWS_PROFILE")]
    pub aws_profile: Option<String>,
    /// The AWS region [default: the stack's, AWS_REGION, AWS_DEFAULT_REGION, then the AWS profile's]
    #[arg(long, global = true)]
    pub region: Option<String>,
    /// Look for Quilt stacks in every region of the partition
    #[arg(long, global = true)]
    pub all_regions: bool,
    /// Name or ARN of the Quilt stack
    #[arg(long, global = true)]
    pub stack: Option<String>,
    /// Name or ARN of the secret
    #[arg(long, global = true)]
    pub secret: Option<String>,
    /// Who will assume the role in production [default: the webhook stack's task role; of a diagnosis: you]
    #[arg(long, global = true, value_name = "ARN", value_parser = principal_arn)]
    pub principal: Option<PrincipalArn>,
    /// The external ID to send with sts:AssumeRole
    #[arg(long, global = true, value_name = "ID", value_parser = external_id)]
    pub external_id: Option<String>,
    /// Which system it is about [default: quilt]
    #[arg(long, global = true, value_name = "NAME", value_parser = system())]
    pub system: Option<String>,
    /// Of a system: one of its settings; repeatable. It wins over files and environment. Never a secret
    #[arg(long, global = true, value_name = "NAME=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
    /// Of a system: a file that its settings stand in, as NAME=value lines, JSON or YAML; repeatable, the first weighs most
    #[arg(long, global = true, value_name = "FILE")]
    pub settings: Vec<PathBuf>,
    /// Write nothing, whatever is confirmed
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Draw without colour; so does NO_COLOR in the environment
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Keep the log in this file [default: rolecall.log in the state folder; in a demo world none]
    #[arg(long, global = true, value_name = "FILE")]
    pub log_file: Option<PathBuf>,
}

impl Global {
    /// The principal, where it is a role: only a role can be the webhook's task role.
    #[must_use]
    pub const fn workload(&self) -> Option<&RoleArn> {
        match &self.principal {
            Some(PrincipalArn::Role(role)) => Some(role),
            _ => None,
        }
    }
}

/// A command.
#[derive(Subcommand, Debug, Clone)]
pub enum Command {
    /// Set up a config profile: full screen, or with --answers without a screen
    #[command(
        after_help = "Exit codes with --answers: 0 there is nothing to write, 4 the plan has changes, 1 it cannot be written, \
                      3 nothing could be looked up, 2 wrong usage or wrong answers.\n\
                      With --plan-id: 5 the plan is another one by now, or somebody else was faster; 1 a change could not be written; \
                      otherwise as check."
    )]
    Setup(Setup),
    /// Open full screen at an access path, to see why it is denied
    Diagnose(Diagnose),
    /// Open full screen at the secret, or judge, plan and write it without a screen
    #[command(
        after_help = "Without check, plan or apply the walk opens full screen, with these sources already named.\n\
                      A value of the secret is never an argument: it stands in a file, in the environment or on standard input."
    )]
    Secret(secret::Secret),
    /// Judge everything without a screen; the exit code tells
    #[command(
        after_help = "Exit codes: 0 nothing at or above --fail-on; 1 findings; 3 nothing could be judged (no credentials, no network), or \
                      something that matters is not known and what was read does not lean to allow; 2 wrong usage.\n\
                      Of a system's settings that are wrong without AWS: 1, even where AWS could not be asked."
    )]
    Check(Check),
    /// Say why an access case is allowed or denied, or what an AWS error message tells; asks AWS nothing
    #[command(
        after_help = "Exit codes: 0 allowed, 1 denied, 3 not decided; of a list 3 over 1 over 0; 2 when the input is no case.\n\
                      With --message: 0 when the message is known, 3 when it is not."
    )]
    Explain(Explain),
    /// Print a text to go on from, or to hand over
    #[command(
        after_help = "Standard output carries the text alone, so that it can be piped on; what must be known beside it goes to standard error.\n\
                      What is not known stands in the text as <placeholder>, and standard error says why. AWS is asked as by check, \
                      unless the flags say everything that the text needs.\n\n\
                      Exit codes: 0 the text is whole, 3 it holds placeholders or was made without a policy that could not be read, 2 wrong usage."
    )]
    Print(Print),
    /// Print the least IAM policy that rolecall itself needs; asks AWS nothing
    #[command(
        after_help = "Standard output carries the policy alone, so that it can be piped on: rolecall permissions read | \
                      aws iam put-user-policy --user-name NAME --policy-name rolecall --policy-document file:///dev/stdin\n\n\
                      --stack, --secret, --profile, --principal and --region narrow it to what they name."
    )]
    Permissions(Permissions),
    /// Print a script that completes rolecall's words in a shell
    Completions {
        /// Which shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, for `man -l -`
    Man,
    /// Print a published JSON Schema
    Schema {
        /// Which one
        #[arg(value_enum)]
        name: Schema,
    },
}

/// `rolecall setup`.
#[derive(Args, Debug, Clone)]
pub struct Setup {
    /// Set up without a screen, from a file of answers (`rolecall print answers` shows one); `-` is standard input. Prints the plan and writes nothing
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Write exactly the plan that was printed with this id; needs --yes
    #[arg(long, value_name = "ID", requires_all = ["answers", "yes"])]
    pub plan_id: Option<PlanId>,
    /// Yes, write the plan that --plan-id names
    #[arg(long, requires = "plan_id")]
    pub yes: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "answers")]
    pub format: Format,
}

impl Command {
    /// The word that calls it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Setup(_) => "setup",
            Self::Diagnose(_) => "diagnose",
            Self::Secret(_) => "secret",
            Self::Check(_) => "check",
            Self::Explain(_) => "explain",
            Self::Print { .. } => "print",
            Self::Permissions(_) => "permissions",
            Self::Completions { .. } => "completions",
            Self::Man => "man",
            Self::Schema { .. } => "schema",
        }
    }
}

/// How a result is printed.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
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
