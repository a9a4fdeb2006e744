//! Secrets of a world: the secret, its versions, and the staging labels that say which version is which.

use std::collections::{BTreeMap, BTreeSet};

use aws_smithy_types::base64;
use serde::Deserialize;
use serde_json::Value;

use crate::sandbox::moment::Moment;
use crate::values::SecretText;

/// A secret. Its ARN follows from account, region, name and suffix.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Secret {
    /// The six characters at the end of the ARN; they follow from the rest where they are not given.
    #[serde(default)]
    pub suffix: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created: Moment,
    /// It is scheduled for deletion, then.
    #[serde(default)]
    pub deleted: Option<Moment>,
    /// A key of the account's own in KMS.
    #[serde(default)]
    pub kms_key: Option<String>,
    /// The service that manages it.
    #[serde(default)]
    pub owning_service: Option<String>,
    /// The region of the secret that this one follows: this one is a replica.
    #[serde(default)]
    pub primary_region: Option<String>,
    /// The regions that follow this one, each with why that failed; an empty text where it did not.
    #[serde(default)]
    pub replicas: BTreeMap<String, String>,
    /// It is rotated on its own.
    #[serde(default)]
    pub rotation: Option<Rotation>,
    /// Tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Versions, by id.
    #[serde(default)]
    pub versions: BTreeMap<String, Version>,
}

/// Automatic rotation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Rotation {
    /// The ARN of the function that writes the new value.
    #[serde(default)]
    pub function: Option<String>,
    /// When it is due next.
    #[serde(default)]
    pub next: Option<Moment>,
}

/// One version of a secret.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "VersionText")]
pub(in crate::sandbox) struct Version {
    /// Its staging labels; a version without any is deprecated.
    pub stages: BTreeSet<String>,
    /// When it was made.
    pub created: Moment,
    /// The value.
    pub content: Content,
}

/// The value of a version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::sandbox) enum Content {
    /// `SecretString`.
    Text(SecretText),
    /// `SecretBinary`, in base64 as it travels.
    Binary(SecretText),
}

/// A version as the file writes it: exactly one of `json`, `text` and `binary`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionText {
    #[serde(default)]
    stages: BTreeSet<String>,
    #[serde(default)]
    created: Moment,
    #[serde(default)]
    json: Option<Value>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    binary: Option<String>,
}

impl TryFrom<VersionText> for Version {
    type Error = String;

    fn try_from(file: VersionText) -> Result<Self, Self::Error> {
        let content = match (file.json, file.text, file.binary) {
            (Some(json), None, None) => {
                Content::Text(serde_json::to_string_pretty(&json).map_err(|error| error.to_string())?.into())
            }
            (None, Some(text), None) => Content::Text(text.into()),
            (None, None, Some(binary)) => {
                base64::decode(&binary).map_err(|error| format!("`binary` is not base64: {error}"))?;
                Content::Binary(binary.into())
            }
            _ => return Err("a version has exactly one of `json`, `text` and `binary`".into()),
        };
        Ok(Self { stages: file.stages, created: file.created, content })
    }
}
