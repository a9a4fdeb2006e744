//! What a secret is made from, what for, and where it goes: the answers of a migration. Nothing here was looked up.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::selection::RoleKind;
use crate::values::{RoleArn, SecretText};

/// Which runtime will read the secret; it decides what the keys are called (C8, C10).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reader {
    /// The specification's 11 keys in capitals, and none beside them.
    #[default]
    Specification,
    /// The runtimes that were shipped: names in small letters, 10 until 0.9.9 and 9 that are required from 0.10.0 on.
    Shipped,
    /// Both spellings at once, which every runtime accepts.
    Both,
}

impl Reader {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Specification, Self::Shipped, Self::Both];

    /// As flags, files and reports spell it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Specification => "specification",
            Self::Shipped => "shipped",
            Self::Both => "both",
        }
    }

    /// What it means for the secret, in a phrase.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Specification => "the specification: 11 keys in capitals",
            Self::Shipped => "shipped runtimes: names in small letters",
            Self::Both => "either: both spellings, which every runtime accepts",
        }
    }

    /// Whether the capitals of the specification are read.
    #[must_use]
    pub const fn reads_capitals(self) -> bool {
        !matches!(self, Self::Shipped)
    }

    /// Whether the shipped runtimes' names are read.
    #[must_use]
    pub const fn reads_small_letters(self) -> bool {
        !matches!(self, Self::Specification)
    }
}

/// Which version of a secret is read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum VersionChoice {
    /// The one that readers get.
    #[default]
    Current,
    /// The one with this id.
    Id(String),
    /// The one that carries this staging label, `AWSPREVIOUS` for instance.
    Stage(String),
}

/// Where values of the secret are taken from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ImportSource {
    /// A secret in Secrets Manager.
    Secret {
        /// Name, or ARN with or without its random suffix.
        id: String,
        /// Which version.
        version: VersionChoice,
    },
    /// A file with JSON: a secret, what `aws ecs describe-task-definition` prints, or a `config.json`.
    File(PathBuf),
    /// A file with `NAME=value` lines.
    EnvFile(PathBuf),
    /// The environment of this process.
    Environment,
    /// The `config.json` of the chosen config profile, with what it inherits.
    Config,
    /// What stood on standard input, read once: any of the above texts.
    Stdin(SecretText),
    /// What stood on standard input and is no UTF-8 text: how many bytes.
    StdinBytes(usize),
    /// What was pasted on the screen: any of the above texts. It is in memory and nowhere else.
    Pasted(SecretText),
}

impl ImportSource {
    /// How it is called: "env file prod.env". Not made safe to print.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Secret { id, version } => {
                let name = crate::values::arn::secret_name(id);
                match version {
                    VersionChoice::Current => format!("secret {name}"),
                    VersionChoice::Id(version) => format!("secret {name}, version {version}"),
                    VersionChoice::Stage(stage) => format!("secret {name}, {stage}"),
                }
            }
            Self::File(path) => format!("file {}", path.display()),
            Self::EnvFile(path) => format!("env file {}", path.display()),
            Self::Environment => "the environment".into(),
            Self::Config => "config.json".into(),
            Self::Stdin(_) | Self::StdinBytes(_) => "standard input".into(),
            Self::Pasted(_) => "pasted text".into(),
        }
    }

    /// The words of a command line that name it; none for a text that only this run has.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        let with = |flag: &str, path: &Path| vec![flag.to_owned(), path.to_string_lossy().into_owned()];
        match self {
            Self::Secret { id, version } => {
                let (flag, which) = match version {
                    VersionChoice::Current => return vec!["--name".into(), id.clone()],
                    VersionChoice::Id(id) => ("--version-id", id),
                    VersionChoice::Stage(stage) => ("--version-stage", stage),
                };
                vec!["--name".into(), id.clone(), flag.into(), which.clone()]
            }
            Self::File(path) => with("--file", path),
            Self::EnvFile(path) => with("--env-file", path),
            Self::Environment => vec!["--environment".into()],
            Self::Config => vec!["--from-config".into()],
            Self::Stdin(_) | Self::StdinBytes(_) => vec!["-".into()],
            Self::Pasted(_) => Vec::new(),
        }
    }

    /// Whether reading it needs AWS.
    #[must_use]
    pub const fn needs_aws(&self) -> bool {
        matches!(self, Self::Secret { .. })
    }
}

/// What is tried with the values, beyond looking at them. Nothing unless the user asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Trials {
    /// Read the bucket: as the operator, and with a session of each role.
    pub bucket: bool,
    /// Ask Benchling for a token with the client id and the client secret.
    pub benchling: bool,
}

impl Trials {
    /// Whether anything is tried.
    #[must_use]
    pub const fn any(self) -> bool {
        self.bucket || self.benchling
    }
}

/// What the trials are made with: worked out from the facts just before they are asked for. It is in no file and no report.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TrialValues {
    /// `USER_BUCKET`.
    pub bucket: Option<SecretText>,
    /// `TENANT`.
    pub tenant: Option<SecretText>,
    /// `CLIENT_ID`.
    pub client_id: Option<SecretText>,
    /// `CLIENT_SECRET`.
    pub client_secret: Option<SecretText>,
    /// The roles that the operator was let assume.
    pub roles: Vec<(RoleKind, RoleArn)>,
}

/// The answers of a migration. The default is none: the secret that is there is judged and edited.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Migration {
    /// Where values come from, in the order in which they count: of two that differ the first is taken unless the user says otherwise.
    pub imports: Vec<ImportSource>,
    /// Which runtime will read the secret; `None`: nobody said.
    pub reader: Option<Reader>,
    /// The file to write to in place of Secrets Manager.
    pub to_file: Option<PathBuf>,
    /// The KMS key a new secret is encrypted with: id, ARN or alias; `None`: `aws/secretsmanager`.
    pub kms_key: Option<String>,
    /// Tags of a new secret, beside `ManagedBy`.
    pub tags: Vec<(String, String)>,
    /// Values that are not typed are put right where what is meant is certain: white space around one, its case, an address where a name
    /// belongs.
    pub fix: bool,
    /// What is tried with the values.
    pub trials: Trials,
    /// The values it is tried with; empty until it is asked for.
    pub tried: TrialValues,
}
