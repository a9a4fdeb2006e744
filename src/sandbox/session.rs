//! Sessions: temporary credentials, whose they are, and what they carry.

use std::collections::{BTreeMap, BTreeSet};

use super::description::session::StartingSession;
use super::moment::Moment;
use crate::values::{PrincipalArn, SecretText};

/// Temporary credentials that were given out.
#[derive(Clone, Debug)]
pub(super) struct Session {
    /// Account of the role or user.
    pub account: String,
    /// Whose they are.
    pub holder: Holder,
    /// The secret half of the access key.
    pub secret_access_key: SecretText,
    /// The token that must come with every request.
    pub token: SecretText,
    /// When it ends.
    pub expires: Moment,
    /// The inline session policy it was created with.
    pub policy: Option<serde_json::Value>,
    /// Session tags, those that it inherited among them.
    pub tags: BTreeMap<String, String>,
    /// Keys of the tags that every further session inherits.
    pub transitive_tag_keys: BTreeSet<String>,
    /// The source identity, which every further session inherits.
    pub source_identity: Option<String>,
    /// When an MFA code was given. Those of AssumeRole never carry it: "temporary credentials returned by AssumeRole do not include
    /// MFA information in the context" (IAM User Guide, Secure API access with MFA).
    pub mfa: Option<Moment>,
}

/// Whose credentials they are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Holder {
    /// AssumeRole made them.
    Role {
        /// The role's name.
        role: String,
        /// The session's name.
        session: String,
    },
    /// GetSessionToken made them.
    User {
        /// The user's name.
        name: String,
    },
}

impl Session {
    /// One that a world has from the start. `None`: it names neither a role nor a user.
    pub(super) fn starting(described: &StartingSession) -> Option<Self> {
        let (of, session) = (described.role.as_ref().or(described.user.as_ref())?, described.session_name.clone());
        let arn = PrincipalArn::parse(of).ok()?;
        let holder = match &arn {
            PrincipalArn::Role(role) => Holder::Role { role: role.name().to_owned(), session: session? },
            PrincipalArn::User { name, .. } => Holder::User { name: name.clone() },
            _ => return None,
        };
        Some(Self {
            account: arn.account().to_string(),
            holder,
            secret_access_key: described.secret_access_key.0.clone(),
            token: described.session_token.0.clone(),
            expires: described.expires,
            policy: described.policy.clone(),
            tags: described.tags.clone(),
            transitive_tag_keys: described.transitive_tag_keys.clone(),
            source_identity: described.source_identity.clone(),
            mfa: described.mfa,
        })
    }

    /// Whether it is one of a role of this name.
    pub(super) fn is_of_role(&self, account: &str, name: &str) -> bool {
        self.account == account && matches!(&self.holder, Holder::Role { role, .. } if role == name)
    }

    /// Whether it is one of a user of this name.
    pub(super) fn is_of_user(&self, account: &str, user: &str) -> bool {
        self.account == account && matches!(&self.holder, Holder::User { name } if name == user)
    }

    /// The tags that every further session inherits.
    pub(super) fn inherited_tags(&self) -> impl Iterator<Item = (&String, &String)> {
        self.tags.iter().filter(|(key, _)| self.transitive_tag_keys.contains(*key))
    }
}
