//! Everything that was looked up, in one place. Judges read nothing else.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::selection::{CredentialSource, RoleKind};
use super::{CallRecord, Fact, LiveCall};
use crate::policy::NamedPolicy;
use crate::policy::document::Policy;
use crate::values::time::Timestamp;
use crate::values::{AccountId, PrincipalArn, RoleArn, SecretText, StackArn};

/// All facts of one walk or one check.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The judges' only clock, UTC.
    pub observed_at: Timestamp,
    /// This machine: looked up before anything else, without AWS.
    pub machine: Fact<Machine>,
    /// The AWS profiles, and the other places credentials can come from.
    pub sources: Fact<Vec<SourceEntry>>,
    /// The config profiles on this machine.
    pub config_profiles: Fact<Vec<ConfigProfile>>,
    /// The `config.json` of the chosen config profile. `Absent`: there is none yet.
    pub config: Fact<ConfigFile>,
    /// The chosen credentials, resolved.
    pub credentials: Fact<Credentials>,
    /// Who they are.
    pub identity: Fact<CallerIdentity>,
    /// Every stack of the region.
    pub stacks: Fact<Vec<Stack>>,
    /// The chosen stack.
    pub stack: Fact<Stack>,
    /// Resources of the chosen stack that matter to the service, by logical id. A resource that the stack does not have is not in it.
    pub resources: Fact<BTreeMap<String, StackResource>>,
    /// The two roles.
    pub roles: BTreeMap<RoleKind, RoleFacts>,
    /// The stack of the webhook. `Absent`: not deployed yet.
    pub webhook: Fact<Stack>,
    /// The identity that will assume the roles. Its `arn` is `Absent` while the webhook is not deployed.
    pub workload: PrincipalFacts,
    /// The identity running rolecall.
    pub operator: PrincipalFacts,
    /// The secrets of the region.
    pub secrets: Fact<Vec<SecretSummary>>,
    /// The chosen secret. `Absent`: it does not exist yet.
    pub secret: Fact<Secret>,
    /// Every HTTP exchange so far.
    pub calls: Vec<CallRecord>,
}

impl Facts {
    /// Nothing looked up yet, at `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            observed_at: now,
            machine: Fact::NotAsked,
            sources: Fact::NotAsked,
            config_profiles: Fact::NotAsked,
            config: Fact::NotAsked,
            credentials: Fact::NotAsked,
            identity: Fact::NotAsked,
            stacks: Fact::NotAsked,
            stack: Fact::NotAsked,
            resources: Fact::NotAsked,
            roles: RoleKind::BOTH.into_iter().map(|kind| (kind, RoleFacts::default())).collect(),
            webhook: Fact::NotAsked,
            workload: PrincipalFacts::default(),
            operator: PrincipalFacts::default(),
            secrets: Fact::NotAsked,
            secret: Fact::NotAsked,
            calls: Vec::new(),
        }
    }

    /// The facts of one role.
    pub fn role_mut(&mut self, kind: RoleKind) -> &mut RoleFacts {
        self.roles.entry(kind).or_default()
    }

    /// The facts of one role, if any were gathered.
    #[must_use]
    pub fn role(&self, kind: RoleKind) -> Option<&RoleFacts> {
        self.roles.get(&kind)
    }
}

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
    /// Variables that matter to a judgement, as they were set: `AWS_PROFILE`, `AWS_REGION`, …; never a secret one.
    pub environment: BTreeMap<String, String>,
    /// What was wrong with `~/.aws/config` or `~/.aws/credentials`: each a file and a reason.
    pub aws_file_faults: Vec<String>,
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
    /// For SSO: whether a cached token is still good, and until when. `None`: not SSO.
    pub sso_token: Option<SsoToken>,
    /// Why this entry cannot work, as far as the files tell.
    pub fault: Option<String>,
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

/// A CloudFormation stack as DescribeStacks returns it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stack {
    /// The ARN (`StackId`).
    pub arn: StackArn,
    /// `CREATE_COMPLETE`, …
    pub status: String,
    /// `StackStatusReason`.
    pub status_reason: Option<String>,
    /// UTC.
    pub created: Option<Timestamp>,
    /// UTC.
    pub updated: Option<Timestamp>,
    /// Outputs in the order AWS returned them.
    pub outputs: Vec<(String, String)>,
    /// Parameters in the order AWS returned them.
    pub parameters: Vec<(String, String)>,
}

impl Stack {
    /// The value of an output by its exact key.
    #[must_use]
    pub fn output(&self, key: &str) -> Option<&str> {
        self.outputs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter by its exact key.
    #[must_use]
    pub fn parameter(&self, key: &str) -> Option<&str> {
        self.parameters.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// A Quilt stack has output `QuiltWebHost`, or `UserAthenaDatabaseName` and a packager queue.
    #[must_use]
    pub fn is_quilt(&self) -> bool {
        self.output("QuiltWebHost").is_some()
            || (self.output("UserAthenaDatabaseName").is_some()
                && (self.output("PackagerQueueUrl").is_some() || self.output("PackagerQueueArn").is_some()))
    }
}

/// A resource of a stack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StackResource {
    /// `AWS::IAM::Role`, …
    pub resource_type: String,
    /// The physical id: for a role its *name* (C3), for a managed policy its ARN.
    pub physical_id: String,
}

/// What is known of one of the two roles.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RoleFacts {
    /// Its ARN and who told. `Absent`: every place was asked and none knew.
    pub found: Fact<RoleFound>,
    /// A stack resource of that logical id that is no IAM role: its type.
    pub wrong_type: Option<String>,
    /// `iam:GetRole`.
    pub detail: Fact<RoleDetail>,
    /// The operator's own `sts:AssumeRole`; its outcome is inside, also a refusal.
    pub live: Fact<LiveCall>,
}

/// Where a role's ARN came from (C31).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RoleSource {
    /// A stack resource of type AWS::IAM::Role.
    StackResource(String),
    /// A stack parameter that holds an ARN.
    StackParameter(String),
    /// A stack output.
    StackOutput(String),
    /// An output of the `{stack}-iam` stack.
    IamStackOutput {
        /// That stack's name.
        stack: String,
        /// The output's key.
        key: String,
    },
    /// The user typed it.
    Typed,
    /// It stands in `config.json`, and the stack knows none.
    Config,
}

impl RoleSource {
    /// As the roles screen shows it.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::StackResource(id) => format!("stack resource {id}"),
            Self::StackParameter(key) => format!("stack parameter {key}"),
            Self::StackOutput(key) => format!("stack output {key}"),
            Self::IamStackOutput { stack, key } => format!("output {key} of stack {stack}"),
            Self::Typed => "typed".into(),
            Self::Config => "config.json".into(),
        }
    }
}

/// A role's ARN and its source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleFound {
    /// The ARN.
    pub arn: RoleArn,
    /// True when it was put together from a name, because `iam:GetRole` was not allowed: the path is unknown (C3).
    pub composed: bool,
    /// Which place answered.
    pub source: RoleSource,
}

/// `iam:GetRole`.
#[derive(Clone, PartialEq, Debug)]
pub struct RoleDetail {
    /// The ARN as IAM has it, path included.
    pub arn: RoleArn,
    /// `AROA…`.
    pub role_id: String,
    /// UTC.
    pub created: Option<Timestamp>,
    /// In seconds.
    pub max_session_duration: Option<u32>,
    /// The trust policy, percent-decoded.
    pub trust_text: String,
    /// The same, parsed; or why it cannot be.
    pub trust: Result<Policy, String>,
    /// The permissions boundary's policy ARN.
    pub boundary_arn: Option<String>,
}

/// What is known of a principal.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PrincipalFacts {
    /// Its ARN: for a workload the role's, for the operator as GetCallerIdentity has it.
    pub arn: Fact<PrincipalArn>,
    /// Where the ARN came from, in words.
    pub source: String,
    /// Its own policies: inline, then attached, then those of its groups.
    pub policies: Fact<Vec<NamedPolicy>>,
    /// Its permissions boundary.
    pub boundary: Fact<Option<NamedPolicy>>,
    /// For a role: `iam:GetRole`.
    pub role: Fact<RoleDetail>,
}

/// One secret of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecretSummary {
    /// The name.
    pub name: String,
    /// The ARN, with its random suffix.
    pub arn: String,
    /// `Description`.
    pub description: Option<String>,
    /// UTC.
    pub changed: Option<Timestamp>,
}

/// The chosen secret: `DescribeSecret` and the value of `AWSCURRENT`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Secret {
    /// The name.
    pub name: String,
    /// The ARN, with its random suffix.
    pub arn: String,
    /// When it is deleted for good, UTC: it is scheduled for deletion and cannot be read.
    pub deleted: Option<Timestamp>,
    /// Every version's id and stages.
    pub versions: Vec<(String, Vec<String>)>,
    /// `kms:` key id, if it is not the account's default.
    pub kms_key: Option<String>,
    /// The service that owns it.
    pub owning_service: Option<String>,
    /// The CloudFormation stack that made it, from the tag `aws:cloudformation:stack-name`.
    pub stack: Option<String>,
    /// The current value. `Absent`: the secret has no version yet.
    pub value: Fact<SecretValue>,
}

/// The value of `AWSCURRENT`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecretValue {
    /// The version's id, which a write must find unchanged.
    pub version_id: String,
    /// When that version was made, UTC.
    pub created: Option<Timestamp>,
    /// The content.
    pub content: SecretContent,
}

/// What a secret version holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SecretContent {
    /// `SecretString`.
    Text(SecretText),
    /// `SecretBinary`, and how many bytes it has.
    Binary(usize),
}
