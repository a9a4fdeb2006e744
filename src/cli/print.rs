//! The command line of `rolecall print`.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::Format;
use super::values::role_arn;
use crate::model::text::Name;
use crate::systems::{self, System};
use crate::values::RoleArn;

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

/// What `rolecall print` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintWhat {
    /// A file of answers to fill in.
    Answers,
    /// The effective config.json.
    Config,
    /// A text to hand over.
    Text(Name),
}

/// The words of `rolecall print` and what each prints, apart from the texts of one system alone.
const WHAT: [(PrintWhat, &str); 11] = [
    (PrintWhat::Answers, "A file of answers to fill in, for `setup --answers`"),
    (
        PrintWhat::Config,
        "The effective config.json of the config profile: each value and where it comes from, secrets masked",
    ),
    (PrintWhat::Text(Name::TaskRolePolicy), "What the task role's own policies must allow: exactly the roles"),
    (PrintWhat::Text(Name::CallerPolicy), "The same for whoever --principal names"),
    (
        PrintWhat::Text(Name::TrustPolicy),
        "A role's trust policy as it should be: what is there, with the statement that lets the caller in",
    ),
    (
        PrintWhat::Text(Name::AwsCommands),
        "The aws commands that set both sides right without losing a statement, and prove it",
    ),
    (PrintWhat::Text(Name::Cdk), "Both sides for the AWS CDK, in TypeScript"),
    (PrintWhat::Text(Name::Terraform), "Both sides for Terraform"),
    (PrintWhat::Text(Name::ContainerEnv), "The environment of the webhook's container"),
    (PrintWhat::Text(Name::Health), "What the webhook answers to GET /health"),
    (PrintWhat::Text(Name::ConfigBody), "What the webhook answers to GET /config, masked"),
];

impl PrintWhat {
    /// Everything that can be printed: what every path has, then the texts of each system.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let of_systems = systems::texts_of().into_iter().map(|word| Self::Text(Name::OfSystem(word)));
        WHAT.into_iter().map(|(what, _)| what).chain(of_systems).collect()
    }

    /// As the command line calls it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Config => "config",
            Self::Text(name) => name.word(),
        }
    }

    /// What is printed, in a line.
    fn help(self) -> String {
        if let Some((_, help)) = WHAT.into_iter().find(|(what, _)| *what == self) {
            return help.to_owned();
        }
        let of_one = |system: &dyn System| {
            let own = system.text_names().iter().find(|(word, _)| *word == self.word());
            own.map(|(_, help)| format!("Of {}: {}", system.title(), help))
        };
        systems::of_text(self.word()).filter_map(of_one).collect::<Vec<_>>().join("; ")
    }
}

/// The texts of every path, and those of each system.
fn print_what() -> impl TypedValueParser<Value = PrintWhat> {
    let words = PrintWhat::all().into_iter().map(|what| PossibleValue::new(what.word()).help(what.help()));
    PossibleValuesParser::new(words).try_map(|word| {
        let found = PrintWhat::all().into_iter().find(|what| what.word() == word);
        found.ok_or_else(|| format!("there is no text {word}"))
    })
}
