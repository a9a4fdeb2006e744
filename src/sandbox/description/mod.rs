//! What a world file may say. An unknown field is an error, so that a misspelt one is not silently without effect.
//!
//! The account's things are keyed by name, which lets a world that `extends` another state its differences only: the file is
//! applied to the other as a JSON Merge Patch (RFC 7396), where `null` takes something away.

pub(super) mod check;
pub(super) mod diagnosis;
pub(super) mod expectation;
pub(super) mod filler;
pub(super) mod home;
pub(super) mod iam;
pub(super) mod organization;
pub(super) mod secret;
pub(super) mod session;
pub(super) mod stack;
pub(super) mod storage;
pub(super) mod texts;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use self::diagnosis::StatedDiagnosis;
use self::expectation::{Chosen, ExpectedFinding, StatedAnswer, StatedFix};
use self::home::HomeFile;
use self::iam::{Group, ManagedPolicy, Role, User};
use self::organization::OrganizationLevel;
use self::secret::Secret;
use self::session::StartingSession;
use self::stack::Stack;
use self::storage::{Bucket, Repository};
use super::fault::Fault;
use crate::values::SecretText;

/// A whole world.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    /// What the world shows, in a sentence.
    pub about: String,
    /// How long each answer takes.
    #[serde(default)]
    pub latency_ms: Latency,
    /// By account id; the account `aws` owns the AWS managed policies.
    pub accounts: BTreeMap<String, Account>,
    /// How far AWS's clock is ahead of this machine's, in seconds; negative where it is behind. The world's times are AWS's, and
    /// requests are dated by the machine.
    #[serde(default)]
    pub clock_skew_seconds: i64,
    /// A tenant of Benchling. Without one its host cannot be reached.
    #[serde(default)]
    pub benchling: Option<Benchling>,
    /// Sessions that exist from the start: how a workload's calls are tried.
    #[serde(default)]
    pub sessions: Vec<StartingSession>,
    /// What goes wrong, in order; the first that fits an operation and is not used up applies.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// The request id of every answer, where it is not to follow from the call: an endpoint may send any text.
    #[serde(default)]
    pub request_id: Option<String>,
    /// Files of the user's home, by path below it.
    #[serde(default)]
    pub home: BTreeMap<String, HomeFile>,
    /// Environment variables of the process, beside the home.
    #[serde(default)]
    pub environment: BTreeMap<String, SecretField>,
    /// What is selected when the program starts.
    pub selection: Chosen,
    /// What AWS's documentation says of every edge.
    #[serde(default)]
    pub answers: Vec<StatedAnswer>,
    /// Edits of policies, each of the world as it is, and the answers after them. A world that extends this one does not have them.
    #[serde(default)]
    pub fixes: Vec<StatedFix>,
    /// What the diagnosis of the selected path must say.
    #[serde(default)]
    pub diagnosis: Vec<StatedDiagnosis>,
    /// What the judges must say.
    #[serde(default)]
    pub expected: Vec<ExpectedFinding>,
}

/// How long answers take, in milliseconds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Latency {
    /// For every operation not named below.
    #[serde(default)]
    pub default: u64,
    /// For example `sts:AssumeRole`.
    #[serde(default)]
    pub operations: BTreeMap<String, u64>,
}

/// One AWS account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    /// IAM users, by name.
    #[serde(default)]
    pub users: BTreeMap<String, User>,
    /// IAM groups, by name.
    #[serde(default)]
    pub groups: BTreeMap<String, Group>,
    /// IAM roles, by name.
    #[serde(default)]
    pub roles: BTreeMap<String, Role>,
    /// Managed policies, by name.
    #[serde(default)]
    pub policies: BTreeMap<String, ManagedPolicy>,
    /// The organization that the account belongs to, `o-…`.
    #[serde(default)]
    pub organization: Option<String>,
    /// Service control policies that limit the account's principals, from the root down.
    #[serde(default)]
    pub scps: Vec<OrganizationLevel>,
    /// Resource control policies that guard the account's resources, from the root down, beside RCPFullAWSAccess.
    #[serde(default)]
    pub rcps: Vec<OrganizationLevel>,
    /// Regions in which the account has switched STS off: nobody gets credentials of its users and roles there.
    #[serde(default)]
    pub sts_regions_off: BTreeSet<String>,
    /// What is in one region, by region.
    #[serde(default)]
    pub regions: BTreeMap<String, Region>,
}

/// What an account has in one region.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Region {
    /// CloudFormation stacks, by name.
    #[serde(default)]
    pub stacks: BTreeMap<String, Stack>,
    /// So many further stacks that have nothing to do with Quilt.
    #[serde(default)]
    pub filler_stacks: usize,
    /// Secrets, by name.
    #[serde(default)]
    pub secrets: BTreeMap<String, Secret>,
    /// So many further secrets of other teams.
    #[serde(default)]
    pub filler_secrets: usize,
    /// Buckets, by name.
    #[serde(default)]
    pub buckets: BTreeMap<String, Bucket>,
    /// Repositories of the account's registry, by name.
    #[serde(default)]
    pub repositories: BTreeMap<String, Repository>,
}

/// A tenant of Benchling with one app.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Benchling {
    /// The name before `.benchling.com`.
    pub tenant: String,
    /// The app's client id.
    pub client_id: SecretField,
    /// The app's client secret.
    pub client_secret: SecretField,
    /// The token that it is given.
    pub token: SecretField,
}

/// A secret text of a world file.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub(super) struct SecretField(pub SecretText);

impl From<String> for SecretField {
    fn from(text: String) -> Self {
        Self(SecretText::new(text))
    }
}
