//! The command lines of `rolecall diagnose` and `rolecall check`: an access path, and how what was found is reported.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::secret::ReaderWord;
use super::values::{probe, tag};
use crate::model::inquiry::ProbeTarget;

/// `rolecall diagnose`.
#[derive(Args, Debug, Clone, Default)]
pub struct Diagnose {
    /// The role to assume; several make a chain, each assumed with the session of the one before
    #[arg(value_name = "ROLE_ARN")]
    pub roles: Vec<String>,
    /// What goes with it
    #[command(flatten)]
    pub path: Path,
}

/// What goes with an access path.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Access path")]
pub struct Path {
    /// An AWS profile that may read the account of a role or a principal, where yours may not; repeatable
    #[arg(long, value_name = "AWS_PROFILE")]
    pub inspector: Vec<String>,
    /// DurationSeconds to ask for [default: 3600]
    #[arg(long, value_name = "SECONDS")]
    pub duration: Option<u32>,
    /// RoleSessionName to use [default: one of rolecall's own]
    #[arg(long, value_name = "NAME")]
    pub session_name: Option<String>,
    /// A session tag; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = tag)]
    pub tag: Vec<(String, String)>,
    /// The key of a session tag that the next session inherits; repeatable
    #[arg(long, value_name = "KEY")]
    pub transitive_tag: Vec<String>,
    /// SourceIdentity to set
    #[arg(long, value_name = "IDENTITY")]
    pub source_identity: Option<String>,
    /// What to try with the session: s3://BUCKET, s3+write://BUCKET (writing is only simulated), ecr://REGISTRY_HOST[/REPOSITORY]; repeatable
    #[arg(long, value_name = "TARGET", value_parser = probe)]
    pub probe: Vec<ProbeTarget>,
    /// If the trust policy wants another external ID, try once more with that one
    #[arg(long)]
    pub try_wanted_external_id: bool,
}

/// `rolecall check`.
#[derive(Args, Debug, Clone)]
pub struct Check {
    /// Diagnose the path to this role instead; repeatable: a chain. External ID, tags and the like go with the last
    #[arg(long, value_name = "ROLE_ARN")]
    pub role: Vec<String>,
    /// What goes with it
    #[command(flatten)]
    pub path: Path,
    /// Serial number or ARN of your MFA device; its six-digit code is read from standard input, and works once
    #[arg(long, value_name = "SERIAL", help_heading = "Access path")]
    pub mfa_serial: Option<String>,
    /// How to print the result [default: as the name of the file ends, else text]
    #[arg(long, value_enum, help_heading = "Report")]
    pub format: Option<ReportFormat>,
    /// Write the result to a file in place of standard output: .md, .html, .json or .txt; for you alone, over one that is there
    #[arg(short, long, value_name = "FILE", help_heading = "Report")]
    pub output: Option<PathBuf>,
    /// Print account-1 and so on in place of account ids
    #[arg(long, help_heading = "Report")]
    pub mask_accounts: bool,
    /// Print external IDs as they are, in place of external-id-1 and so on
    #[arg(long, help_heading = "Report")]
    pub show_external_ids: bool,
    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Error, help_heading = "Report")]
    pub fail_on: FailOn,
    /// Rehearse the start of the service's container instead: read what it reads, stop where it would stop, with its message
    ///
    /// QuiltStackARN and BenchlingSecret are taken from the environment, or from --env-file. Exit codes: 0 it would start, 1 it would stop, 3 it
    /// could not be told.
    #[arg(long, conflicts_with_all = ["role", "output", "mask_accounts", "show_external_ids", "fail_on", "mfa_serial"], help_heading = "Container")]
    pub as_container: bool,
    /// Of --as-container: the container's environment, as NAME=value lines [default: the environment of this process]
    #[arg(long, value_name = "FILE", requires = "as_container", help_heading = "Container")]
    pub env_file: Option<PathBuf>,
    /// Of --as-container: which runtime it is
    #[arg(long, value_enum, value_name = "READER", requires = "as_container", help_heading = "Container")]
    pub reader: Option<ReaderWord>,
}

/// How a report is printed.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// For people
    Text,
    /// One JSON document with everything
    Json,
    /// To paste in a ticket
    Markdown,
    /// One page for a browser, which loads nothing
    Html,
}

impl From<ReportFormat> for crate::report::ReportFormat {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Text => Self::Text,
            ReportFormat::Json => Self::Json,
            ReportFormat::Markdown => Self::Markdown,
            ReportFormat::Html => Self::Html,
        }
    }
}

/// The least severity that makes a check fail.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
}
