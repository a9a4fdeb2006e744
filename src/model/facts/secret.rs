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
