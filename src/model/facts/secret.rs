//! A secret, its versions and its current value.

use crate::model::Fact;
use crate::values::SecretText;
use crate::values::time::Timestamp;

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
    /// Its tags, those of AWS itself included.
    pub tags: Vec<(String, String)>,
    /// What else happens to it.
    pub kept: Keeping,
    /// The current value. `Absent`: the secret has no version yet.
    pub value: Fact<SecretValue>,
}

/// What happens to a secret beside being read and written. The default: nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Keeping {
    /// The region of the secret that is written, if it is replicated; a secret elsewhere follows it.
    pub primary_region: Option<String>,
    /// The regions that follow this one.
    pub replicas: Vec<Replica>,
    /// It is rotated on its own.
    pub rotation: Option<Rotation>,
}

/// A region that follows a secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replica {
    /// The region.
    pub region: String,
    /// Why replication to it failed, as AWS says it; `None`: it did not.
    pub failure: Option<String>,
}

/// Automatic rotation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rotation {
    /// The ARN of the function that writes the new value; none where the service that manages the secret does.
    pub function: Option<String>,
    /// When it is next, UTC.
    pub next: Option<Timestamp>,
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
