//! The command line: definitions only.

pub mod secret;

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::inquiry::ProbeTarget;
use crate::model::selection::external_id_fault;
use crate::plan::PlanId;
use crate::systems;
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
    #[arg(long, global = true, value_name = "NAME", value_parser = system)]
    pub system: Option<String>,
    /// Of a system: one of its settings; repeatable. It wins over files and environment. Never a secret
    #[arg(long, global = true, value_name = "NAME=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
    /// Of a system: a file that its settings stand in, as NAME=value lines or as JSON; repeatable, the first weighs most
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
    pub reader: Option<secret::ReaderWord>,
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

/// `rolecall print`.
#[derive(Args, Debug, Clone)]
pub struct Print {
    /// Which text
    #[arg(value_parser = print_what())]
    pub what: PrintWhat,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// A role that --principal is to assume; again for another one [default: the two roles of the Quilt stack]
    #[arg(long, value_name = "ROLE_ARN", value_parser = role_arn)]
    pub role: Vec<RoleArn>,
    /// Where there are several of that name: whom or what the text is about, as the message about them lists it
    #[arg(long, value_name = "NAME")]
    pub of: Option<String>,
    /// Write external IDs out, in place of a placeholder
    #[arg(long)]
    pub show_external_ids: bool,
    /// Allow sts:TagSession as well
    #[arg(long)]
    pub tag_session: bool,
    /// Of trust-policy and terraform: the role does not exist yet, so that there is no policy to add to
    #[arg(long)]
    pub new_role: bool,
    /// Of container-env: how the container is told where its services are [default: secrets-only]
    #[arg(long, value_enum)]
    pub style: Option<EnvStyle>,
    /// Of container-env: what it is written for [default: env-file]
    #[arg(long = "as", value_enum)]
    pub form: Option<EnvForm>,
}

/// How the container is told where its services are.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvStyle {
    /// By two variables: QuiltStackARN and BenchlingSecret
    SecretsOnly,
    /// By a variable for each service and role
    ServiceEnvars,
}

/// What a container's environment is written for.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvForm {
    /// A file for docker run --env-file
    EnvFile,
    /// `environment` of a container definition of an ECS task
    Ecs,
    /// `environment` of a service in a Compose file
    Compose,
}

/// How a result is printed.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
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

/// What `rolecall print` prints.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintWhat {
    /// A file of answers to fill in, for `setup --answers`
    Answers,
    /// The effective config.json of the config profile: each value and where it comes from, secrets masked
    Config,
    /// What the task role's own policies must allow: exactly the roles
    TaskRolePolicy,
    /// The same for whoever --principal names
    CallerPolicy,
    /// A role's trust policy as it should be: what is there, with the statement that lets the caller in
    TrustPolicy,
    /// The aws commands that set both sides right without losing a statement, and prove it
    AwsCommands,
    /// Both sides for the AWS CDK, in TypeScript
    Cdk,
    /// Both sides for Terraform
    Terraform,
    /// The environment of the webhook's container
    ContainerEnv,
    /// What the webhook answers to GET /health
    Health,
    /// What the webhook answers to GET /config, masked
    ConfigBody,
    /// A text that one system alone hands over
    #[value(skip)]
    OfSystem(&'static str),
}

/// The texts of every path, and those of each system.
fn print_what() -> impl TypedValueParser<Value = PrintWhat> {
    let own = PrintWhat::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let of_systems = systems::texts_of().into_iter().map(|word| {
        let titles: Vec<&str> = systems::of_text(word).map(|system| system.title()).collect();
        PossibleValue::new(word).help(format!("Of {}, one of its own texts", titles.join(" and ")))
    });
    PossibleValuesParser::new(own.chain(of_systems)).try_map(|word| {
        let of_system = systems::texts_of().into_iter().find(|known| *known == word).map(PrintWhat::OfSystem);
        of_system.map_or_else(|| PrintWhat::from_str(&word, false), Ok)
    })
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

fn role_arn(text: &str) -> Result<RoleArn, String> {
    RoleArn::parse(text).map_err(|error| error.to_string())
}

fn tag(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("a tag is KEY=VALUE")?;
    if key.is_empty() {
        return Err("a tag has a key before the =".into());
    }
    Ok((key.to_owned(), value.to_owned()))
}

fn probe(text: &str) -> Result<ProbeTarget, String> {
    ProbeTarget::parse(text).ok_or_else(|| {
        "it is none of s3://BUCKET, s3+write://BUCKET, ecr://ACCOUNT.dkr.ecr.REGION.amazonaws.com[/REPOSITORY]".into()
    })
}

fn principal_arn(text: &str) -> Result<PrincipalArn, String> {
    PrincipalArn::parse(text).map_err(|error| error.to_string())
}

fn external_id(text: &str) -> Result<String, String> {
    external_id_fault(text).map_or_else(|| Ok(text.to_owned()), |why| Err(why.into()))
}

fn system(text: &str) -> Result<String, String> {
    let known = systems::NAMES.contains(&text);
    known.then(|| text.to_owned()).ok_or_else(|| format!("there is no such system: {}", systems::NAMES.join(", ")))
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a setting is NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
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
