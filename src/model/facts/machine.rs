//! What this machine tells, and the credentials that were chosen on it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::Fact;
use crate::model::Hop;
use crate::model::selection::CredentialSource;
use crate::values::time::Timestamp;
use crate::values::{AccountId, PrincipalArn, SecretText, shell};

/// What is known of this machine without asking AWS.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Machine {
    /// How many certificate authorities TLS can trust; 0 means that no AWS endpoint can be reached.
    pub ca_roots: usize,
    /// `AWS_ENDPOINT_URL`: all calls go there. Shown as a permanent banner.
    pub endpoint_url: Option<String>,
    /// The folder that holds the config profiles: `$XDG_CONFIG_HOME/benchling-webhook` or `~/.config/benchling-webhook` (C26).
    pub config_root: PathBuf,
    /// The catalog that quilt3 is configured for, from its own configuration file.
    pub quilt3_catalog: Option<String>,
    /// Why quilt3's configuration file could not be read, if it is there: the file and a reason.
    pub quilt3_fault: Option<String>,
    /// Variables that matter to a judgement, as they were set: `AWS_PROFILE`, `AWS_REGION`, …; never a secret one.
    pub environment: BTreeMap<String, String>,
    /// What was wrong with `~/.aws/config` or `~/.aws/credentials`: each a file and a reason.
    pub aws_file_faults: Vec<String>,
    /// Roles that the AWS files and the environment name, in that order.
    pub roles: Vec<KnownRole>,
    /// Why a variable that should name roles names none, each as a sentence.
    pub role_faults: Vec<String>,
}

/// A way to a role that this machine's files or environment name, with what goes with each call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownRole {
    /// The roles to assume, one with the session of the other: more than one where an AWS profile rests on another one's role.
    pub hops: Vec<Hop>,
    /// What names it: "AWS profile audit", "AWS_ROLE_ARN".
    pub from: String,
    /// The AWS profile whose credentials begin the path, if the files tell.
    pub source: Option<CredentialSource>,
    /// The MFA device that the files name for it.
    pub mfa_serial: Option<String>,
}

/// One entry of the AWS profile list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceEntry {
    /// What choosing it selects.
    pub source: CredentialSource,
    /// What kind of credentials it gives.
    pub kind: SourceKind,
    /// Its region, if the file or environment names one.
    pub region: Option<String>,
    /// The account, if the file tells.
    pub account: Option<AccountId>,
    /// The role it assumes or the permission set it logs in to, if the file tells.
    pub role: Option<String>,
    /// For SSO, also where a role rests on it: whether a cached token is still good, and until when. `None`: not SSO.
    pub sso_token: Option<SsoToken>,
    /// The AWS profile that is logged in to: this one, or the one that its `source_profile` leads to. `None`: there is no login.
    pub login: Option<String>,
    /// Why this entry cannot work, as far as the files tell.
    pub fault: Option<String>,
}

impl SourceEntry {
    /// Whether its login is one of IAM Identity Center, not of `aws login`.
    #[must_use]
    pub const fn logs_in_by_sso(&self) -> bool {
        self.sso_token.is_some()
    }

    /// The command that logs in, quoted for a POSIX shell; `None` where there is no login.
    #[must_use]
    pub fn login_command(&self) -> Option<String> {
        let name = self.login.as_deref()?;
        let sso: &[&str] = if self.logs_in_by_sso() { &["sso"] } else { &[] };
        let words = std::iter::once("aws").chain(sso.iter().copied()).chain(["login", "--profile", name]);
        Some(shell::command(words))
    }
}

/// The state of a cached SSO token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SsoToken {
    /// Good until then, UTC.
    Live(Timestamp),
    /// Ended then, UTC.
    Expired(Timestamp),
    /// Never logged in, or logged out.
    Missing,
}

/// What kind of credentials an AWS profile gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourceKind {
    /// `aws_access_key_id` and `aws_secret_access_key` in a file.
    StaticKeys,
    /// IAM Identity Center.
    Sso,
    /// `role_arn` with `source_profile` or `credential_source`.
    AssumeRole,
    /// `credential_process`.
    Process,
    /// `web_identity_token_file`.
    WebIdentity,
    /// `aws login`.
    Login,
    /// Keys in the environment.
    Environment,
    /// The container's endpoint.
    Container,
    /// The instance metadata service.
    Instance,
    /// The section names none.
    None,
}

impl SourceKind {
    /// In words, as the list shows it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::StaticKeys => "access keys",
            Self::Sso => "SSO",
            Self::AssumeRole => "role",
            Self::Process => "process",
            Self::WebIdentity => "web identity",
            Self::Login => "aws login",
            Self::Environment => "environment",
            Self::Container => "container",
            Self::Instance => "instance",
            Self::None => "no credentials",
        }
    }
}

/// A config profile: a folder that holds `config.json`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigProfile {
    /// The folder's name.
    pub name: String,
    /// Whether it holds a `config.json`.
    pub has_config: bool,
}

/// A `config.json` as it is on disk. It may hold a client secret, so the text is redacted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigFile {
    /// Where it is.
    pub path: PathBuf,
    /// The whole file.
    pub text: SecretText,
    /// Its permission bits, on Unix.
    pub mode: Option<u32>,
}

/// A config profile that the chosen one inherits from, directly or by way of others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ancestor {
    /// Its name, as the one that inherits from it spells it.
    pub name: String,
    /// Its `config.json`.
    pub file: Fact<ConfigFile>,
}

/// What the webhook package last deployed, as its `deployments.json` has it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Deployed {
    /// The webhook's stack.
    pub stack_name: Option<String>,
    /// The tag of the image: `0.9.9`, `latest`. It tells which runtime reads the secret.
    pub image_tag: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// When, UTC.
    pub at: Option<Timestamp>,
}

/// The chosen credentials, without the credentials.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credentials {
    /// The access key id's first four letters: `AKIA` long-term, `ASIA` temporary.
    pub prefix: String,
    /// When they end, UTC, if they do.
    pub expires: Option<Timestamp>,
    /// Where they came from: "AWS profile staging (SSO)".
    pub provider: String,
    /// The region every regional call goes to, and where it was taken from.
    pub region: String,
    /// "your choice", "stack ARN", "AWS_REGION", "AWS profile", "default".
    pub region_from: String,
}

/// `sts:GetCallerIdentity`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallerIdentity {
    /// The account.
    pub account: AccountId,
    /// The ARN, parsed.
    pub arn: PrincipalArn,
    /// `AIDA…`, `AROA…:session`, or the account id for root.
    pub user_id: String,
}
