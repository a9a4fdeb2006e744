//! The command line of `rolecall secret`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, FromArgMatches, Subcommand, ValueEnum};

use super::values::tag;
use super::{FailOn, Format};
use crate::model::Reader;
use crate::model::migration::VersionChoice;
use crate::plan::PlanId;

/// `rolecall secret`.
#[derive(Args, Debug, Clone)]
pub struct Secret {
    /// What to do; without it the screen opens at the secret.
    #[command(subcommand)]
    pub what: Option<SecretCommand>,
    /// What the walk opens with.
    #[command(flatten)]
    pub sources: Sources,
}

/// What is done with a secret without a screen.
#[derive(Subcommand, Debug, Clone)]
pub enum SecretCommand {
    /// Judge a secret, or what would become one: every fault of all 11 keys at once
    #[command(
        after_help = "Without a source the secret is judged that --secret names, else config.json, else the stack. With sources, only these are read, \
                      and AWS is asked for nothing but --name: a file, an env file, the environment, config.json and standard input need no \
                      credentials.\n\
                      Of two sources that differ the first on the command line counts, and the difference is told.\n\n\
                      Exit codes: 0 nothing at or above --fail-on, 1 findings, content that cannot be read among them, 3 it could not be told, \
                      2 wrong usage."
    )]
    Check(SecretCheck),
    /// Show what would be written, key by key, with the id of the plan; writes nothing
    #[command(
        after_help = "The target is what --to names, else --secret, else --name, else the secret that config.json or the stack names, else \
                      benchling-webhook-prod, or with the config profile's name in place of prod. What it holds already stays where no source says \
                      otherwise.\n\n\
                      Exit codes: 0 there is nothing to write, 4 the plan has changes, 1 it cannot be written, 3 it could not be told, 2 wrong usage."
    )]
    Plan(SecretPlan),
    /// Write exactly the plan that was printed with this id, look everything up again, and say what is left to do
    #[command(
        after_help = "The same sources and flags as for the plan are needed, standard input too: no value is kept anywhere between the two.\n\
                      After an interruption run plan and apply again: what was begun is finished.\n\n\
                      Exit codes: 0 written and right, or nothing to write, 1 it could not be written or is not right, 5 the plan is another one by now or somebody else was \
                      faster, 3 it could not be told, 2 wrong usage."
    )]
    Apply(SecretApply),
}

/// `rolecall secret check`.
#[derive(Args, Debug, Clone)]
pub struct SecretCheck {
    /// What is judged.
    #[command(flatten)]
    pub sources: Sources,
    /// Read the bucket too: as you, and with a session of each role
    #[arg(long, help_heading = "Trials")]
    pub try_bucket: bool,
    /// Ask Benchling for a token too, with the client ID and the client secret: TENANT.benchling.com is called
    #[arg(long, help_heading = "Trials")]
    pub try_benchling: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Report")]
    pub format: Format,
    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Error, help_heading = "Report")]
    pub fail_on: FailOn,
}

/// `rolecall secret plan`.
#[derive(Args, Debug, Clone)]
pub struct SecretPlan {
    /// Where the values come from.
    #[command(flatten)]
    pub sources: Sources,
    /// Where they go.
    #[command(flatten)]
    pub target: Target,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Plan")]
    pub format: Format,
}

/// `rolecall secret apply`.
#[derive(Args, Debug, Clone)]
pub struct SecretApply {
    /// What is planned.
    #[command(flatten)]
    pub plan: SecretPlan,
    /// The plan to write, as `rolecall secret plan` printed its id
    #[arg(long, value_name = "ID", requires = "yes", help_heading = "Plan")]
    pub plan_id: PlanId,
    /// Yes, write the plan that --plan-id names
    #[arg(long, required = true, help_heading = "Plan")]
    pub yes: bool,
}

/// Where the secret is written.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Target")]
pub struct Target {
    /// The secret to write: its name or ARN [default: --secret, --name, what config.json or the stack names]
    #[arg(long, value_name = "NAME_OR_ARN")]
    pub to: Option<String>,
    /// Write a file in place of Secrets Manager, for you alone (0600)
    #[arg(long, value_name = "FILE")]
    pub to_file: Option<PathBuf>,
    /// Put right what is certain: white space around a value, its case, an address where a name belongs; the plan shows each
    #[arg(long)]
    pub fix: bool,
    /// The KMS key of a new secret: id, ARN or alias [default: aws/secretsmanager]
    #[arg(long, value_name = "KEY")]
    pub kms_key: Option<String>,
    /// A tag of a new secret; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = tag)]
    pub tag: Vec<(String, String)>,
}

/// A source of values, as the command line names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Named {
    /// `--name`: a secret in Secrets Manager.
    Secret(String, VersionChoice),
    /// `--file`.
    File(PathBuf),
    /// `--env-file`.
    EnvFile(PathBuf),
    /// `--environment`.
    Environment,
    /// `--from-config`.
    Config,
    /// `-`.
    Stdin,
}

/// Sources in the order in which they stand on the command line, and who will read the result.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sources {
    /// The first counts where two differ.
    pub named: Vec<Named>,
    /// Which runtime will read the secret.
    pub reader: Option<Reader>,
}

/// The flags as they are defined; their order is taken from where they stood.
#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Sources")]
struct Flags {
    /// Read standard input: JSON of any kind that --file reads, or NAME=value lines
    #[arg(value_name = "-", value_parser = dash)]
    stdin: Option<Dash>,
    /// A secret in Secrets Manager, by name or ARN
    #[arg(long, value_name = "NAME_OR_ARN")]
    name: Option<String>,
    /// Of --name: the version with this id, in place of the current one
    #[arg(long, value_name = "ID", requires = "name", conflicts_with = "version_stage")]
    version_id: Option<String>,
    /// Of --name: the version with this staging label, AWSPREVIOUS for instance
    #[arg(long, value_name = "LABEL", requires = "name")]
    version_stage: Option<String>,
    /// A JSON file: a secret, what `aws ecs describe-task-definition` prints, or a config.json; repeatable
    #[arg(long, value_name = "FILE")]
    file: Vec<PathBuf>,
    /// A file with NAME=value lines; repeatable
    #[arg(long, value_name = "FILE")]
    env_file: Vec<PathBuf>,
    /// The environment of this process
    #[arg(long)]
    environment: bool,
    /// config.json of the config profile
    #[arg(long)]
    from_config: bool,
    /// Which runtime will read the secret [default: specification; of a plan both, where small letters or a deployed release are found]
    #[arg(long, value_enum, value_name = "READER")]
    reader: Option<ReaderWord>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Dash;

fn dash(text: &str) -> Result<Dash, String> {
    if text == "-" {
        return Ok(Dash);
    }
    Err("it is no command of `rolecall secret`: there are check, plan and apply. `-` reads standard input, --file FILE a file".into())
}

/// Which runtime will read the secret, as the command line spells it.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReaderWord {
    /// The specification's: 11 keys in capitals
    Specification,
    /// Shipped runtimes: names in small letters
    Shipped,
    /// Either: both spellings at once, which every runtime accepts
    Both,
}

impl From<ReaderWord> for Reader {
    fn from(word: ReaderWord) -> Self {
        match word {
            ReaderWord::Specification => Self::Specification,
            ReaderWord::Shipped => Self::Shipped,
            ReaderWord::Both => Self::Both,
        }
    }
}

impl Args for Sources {
    fn augment_args(command: clap::Command) -> clap::Command {
        Flags::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Flags::augment_args_for_update(command)
    }
}

impl FromArgMatches for Sources {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let flags = Flags::from_arg_matches(matches)?;
        Ok(in_order(flags, matches))
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        // Taking the values out takes their places along.
        let places = matches.clone();
        let flags = Flags::from_arg_matches_mut(matches)?;
        Ok(in_order(flags, &places))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn in_order(flags: Flags, matches: &ArgMatches) -> Sources {
    let places = |id: &str| {
        let typed = matches.value_source(id) == Some(ValueSource::CommandLine);
        matches.indices_of(id).into_iter().flatten().filter(move |_| typed)
    };
    let version = match (flags.version_id, flags.version_stage) {
        (Some(id), _) => VersionChoice::Id(id),
        (None, Some(stage)) => VersionChoice::Stage(stage),
        (None, None) => VersionChoice::Current,
    };
    let mut named = BTreeMap::new();
    named.extend(places("stdin").zip(flags.stdin).map(|(at, Dash)| (at, Named::Stdin)));
    named.extend(places("name").zip(flags.name).map(|(at, id)| (at, Named::Secret(id, version.clone()))));
    named.extend(places("file").zip(flags.file).map(|(at, path)| (at, Named::File(path))));
    named.extend(places("env_file").zip(flags.env_file).map(|(at, path)| (at, Named::EnvFile(path))));
    named.extend(places("environment").filter(|_| flags.environment).map(|at| (at, Named::Environment)));
    named.extend(places("from_config").filter(|_| flags.from_config).map(|at| (at, Named::Config)));
    Sources { named: named.into_values().collect(), reader: flags.reader.map(Reader::from) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    fn secret(arguments: &[&str]) -> Result<Secret, String> {
        let cli = Cli::try_parse_from(["rolecall", "secret"].iter().chain(arguments)).map_err(|e| e.to_string())?;
        match cli.command {
            Some(Command::Secret(secret)) => Ok(secret),
            other => panic!("{other:?}"),
        }
    }

    fn sources(arguments: &[&str]) -> Vec<Named> {
        secret(arguments).unwrap().sources.named
    }

    #[test]
    fn the_order_on_the_command_line_is_the_order_of_the_sources() {
        let (a, b, c) = (PathBuf::from("a"), PathBuf::from("b"), PathBuf::from("c"));
        let current = |name: &str| Named::Secret(name.into(), VersionChoice::Current);
        assert_eq!(
            sources(&[
                "--file",
                "a",
                "-",
                "--env-file",
                "b",
                "--from-config",
                "--file=c",
                "--environment",
                "--name",
                "s"
            ]),
            [
                Named::File(a.clone()),
                Named::Stdin,
                Named::EnvFile(b.clone()),
                Named::Config,
                Named::File(c),
                Named::Environment,
                current("s"),
            ]
        );
        assert_eq!(
            sources(&["--name", "s", "--environment", "--file", "a"]),
            [current("s"), Named::Environment, Named::File(a)]
        );
        assert_eq!(sources(&["--env-file", "b", "-"]), [Named::EnvFile(b), Named::Stdin]);
        assert_eq!(sources(&[]), []);
    }

    #[test]
    fn the_commands_below_take_the_same_sources() {
        let of = |arguments: &[&str]| match secret(arguments).unwrap().what.unwrap() {
            SecretCommand::Check(check) => check.sources,
            SecretCommand::Plan(plan) => plan.sources,
            SecretCommand::Apply(apply) => apply.plan.sources,
        };
        let id = "0123456789abcdef-0123";
        for words in [&["check"][..], &["plan"], &["apply", "--plan-id", id, "--yes"]] {
            let found = of(&[
                words,
                &["--env-file", "b", "-", "--name", "s", "--version-stage", "AWSPREVIOUS", "--reader", "both"],
            ]
            .concat());
            let stage = VersionChoice::Stage("AWSPREVIOUS".into());
            assert_eq!(found.named, [Named::EnvFile("b".into()), Named::Stdin, Named::Secret("s".into(), stage)]);
            assert_eq!(found.reader, Some(Reader::Both));
        }
    }

    #[test]
    fn what_makes_no_sense_together_is_refused() {
        for (arguments, word) in [
            (&["check", "--version-id", "v"][..], "--name"),
            (&["check", "--name", "s", "--version-id", "v", "--version-stage", "l"], "cannot be used with"),
            (&["apply", "--plan-id", "0123456789abcdef-0123"], "--yes"),
            (&["apply", "--yes"], "--plan-id"),
            (&["plan", "--tag", "novalue"], "KEY=VALUE"),
            (&["chekc"], "check, plan and apply"),
            (&["check", "file.json"], "--file FILE"),
        ] {
            let error = secret(arguments).unwrap_err();
            assert!(error.contains(word), "{arguments:?}: {error}");
        }
    }
}
