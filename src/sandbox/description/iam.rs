//! Users, groups, roles and managed policies of a world.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::SecretField;
use crate::sandbox::moment::Moment;

/// Inline policies: document by name.
pub(in crate::sandbox) type Inline = BTreeMap<String, Value>;

/// An IAM user. Its ARN and unique id follow from account, path and name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct User {
    /// `/` or `/team/`.
    #[serde(default = "root_path")]
    pub path: String,
    /// When it was made.
    #[serde(default)]
    pub created: Moment,
    /// Access keys, by id.
    #[serde(default)]
    pub access_keys: BTreeMap<String, AccessKey>,
    /// Inline policies.
    #[serde(default)]
    pub inline: Inline,
    /// ARNs of managed policies.
    #[serde(default)]
    pub attached: Vec<String>,
    /// Names of groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// ARN of the permissions boundary.
    #[serde(default)]
    pub boundary: Option<String>,
    /// Tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// MFA devices.
    #[serde(default)]
    pub mfa_devices: Vec<MfaDevice>,
}

/// An MFA device of a user.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct MfaDevice {
    /// `arn:aws:iam::111122223333:mfa/alice`; for a security key `arn:aws:iam::111122223333:u2f/user/alice/…`.
    pub serial: String,
    /// The six digits that it shows, in every period of 30 seconds the same, each of which takes them once. None: it shows no code.
    #[serde(default)]
    pub code: Option<SecretField>,
}

/// A long-term access key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct AccessKey {
    /// The secret half.
    pub secret: SecretField,
    /// False: AWS answers as if the key did not exist.
    #[serde(default = "yes")]
    pub active: bool,
    /// When it was made.
    #[serde(default)]
    pub created: Moment,
    /// Its last use; none: it was never used.
    #[serde(default)]
    pub last_used: Option<KeyUse>,
}

/// The last use of an access key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct KeyUse {
    /// When.
    pub at: Moment,
    /// `batch`.
    pub service: String,
    /// `eu-west-1`.
    pub region: String,
}

/// An IAM group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Group {
    /// `/` or `/team/`.
    #[serde(default = "root_path")]
    pub path: String,
    /// When it was made.
    #[serde(default)]
    pub created: Moment,
    /// Inline policies.
    #[serde(default)]
    pub inline: Inline,
    /// ARNs of managed policies.
    #[serde(default)]
    pub attached: Vec<String>,
}

/// An IAM role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Role {
    /// `/` or `/team/`.
    #[serde(default = "root_path")]
    pub path: String,
    /// `AROA…`; follows from the ARN where it is not given.
    #[serde(default)]
    pub id: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created: Moment,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// The trust policy.
    pub trust: Value,
    /// Inline policies.
    #[serde(default)]
    pub inline: Inline,
    /// ARNs of managed policies.
    #[serde(default)]
    pub attached: Vec<String>,
    /// In seconds.
    #[serde(default = "one_hour")]
    pub max_session_duration: u32,
    /// ARN of the permissions boundary.
    #[serde(default)]
    pub boundary: Option<String>,
    /// Tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Until the role is so old, in seconds, STS does not know it or its present trust policy yet: "changes … are eventually
    /// consistent" (IAM User Guide, Troubleshoot IAM: Changes that I make are not always immediately visible).
    #[serde(default)]
    pub denied_until_age_seconds: u32,
}

/// A managed policy with one version or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct ManagedPolicy {
    /// `/` or `/team/`.
    #[serde(default = "root_path")]
    pub path: String,
    /// When it was made.
    #[serde(default)]
    pub created: Moment,
    /// The version in force.
    #[serde(default = "first_version")]
    pub default_version: String,
    /// Documents, by version id (`v1`).
    pub versions: BTreeMap<String, Value>,
}

fn root_path() -> String {
    "/".into()
}

fn first_version() -> String {
    "v1".into()
}

const fn yes() -> bool {
    true
}

const fn one_hour() -> u32 {
    3_600
}
