//! Temporary credentials that exist from the start of a world.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::SecretField;
use crate::sandbox::moment::Moment;

/// A session of a role, or of a user who called GetSessionToken.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct StartingSession {
    /// `ASIA…`.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: SecretField,
    /// The session token.
    pub session_token: SecretField,
    /// ARN of the role; a session has a role or a user.
    #[serde(default)]
    pub role: Option<String>,
    /// ARN of the user whose GetSessionToken made it.
    #[serde(default)]
    pub user: Option<String>,
    /// The session's name, for a role.
    #[serde(default)]
    pub session_name: Option<String>,
    /// When it ends.
    pub expires: Moment,
    /// The session policy it was made with.
    #[serde(default)]
    pub policy: Option<Value>,
    /// Session tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Those of them that further sessions inherit.
    #[serde(default)]
    pub transitive_tag_keys: BTreeSet<String>,
    /// The source identity, which every further session inherits.
    #[serde(default)]
    pub source_identity: Option<String>,
    /// When a code of an MFA device was given, for a user.
    #[serde(default)]
    pub mfa: Option<Moment>,
}
