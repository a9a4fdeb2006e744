//! Named roles to assume, as `AWS_AUTH_ROLES` holds them: read, held to the rules of who reads them, edited and written. Pure.
//!
//! ```json
//! {"prod": {"role_arn": "arn:aws:iam::123456789012:role/SRERole", "account_id": "123456789012",
//!           "role_session_name": "SREBotSession", "duration_seconds": 3600, "external_id": "…"}}
//! ```
//!
//! Source: S2-12 to S2-19 and S2-32; the SRE bot's `aws_auth/config.py`, which reads the variable.

mod edit;
pub mod findings;
mod read;
mod rules;
mod single;
mod write;

use serde_json::{Map, Value};

use crate::model::Hop;
use crate::values::RoleArn;
use crate::values::time::Timestamp;

pub use edit::{Edit, edit};
pub use read::{RoleSetFault, int, read};
pub use rules::{By, Fault, LONGEST_NAME, suffixed};
pub use single::{ACCOUNT, ARN, Roles};

/// The variable that holds a set.
pub const SET: &str = "AWS_AUTH_ROLES";

/// What a role's session is called where nothing else is said (S2-14).
pub const SESSION_NAME: &str = "SREBotSession";

#[cfg(test)]
thread_local! {
    /// How often a set was read.
    pub(crate) static READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// One entry.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NamedRole {
    /// Its name in the set.
    pub name: String,
    /// `role_arn` as it stands there, which may be none. Empty: it has none.
    pub role_arn: String,
    /// `account_id` as it stands there.
    pub account_id: Option<String>,
    /// `role_session_name`, without the suffix that it gets.
    pub session_name: Option<String>,
    /// `duration_seconds`, in seconds.
    pub duration_seconds: Option<i64>,
    /// `external_id`. An empty one is none: it is not sent.
    pub external_id: Option<String>,
    /// What cannot be read of it: each a member of the wrong kind, as a clause.
    pub unfit: Vec<(Field, String)>,
    /// Members that nobody reads, to be written as they were.
    pub others: Map<String, Value>,
}

/// A member of an entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Field {
    /// The entry itself.
    Entry,
    /// `role_arn`.
    RoleArn,
    /// `account_id`.
    AccountId,
    /// `role_session_name`.
    SessionName,
    /// `duration_seconds`.
    Duration,
    /// `external_id`.
    ExternalId,
}

impl Field {
    /// The members, in the order they are written.
    pub const MEMBERS: [Self; 5] =
        [Self::RoleArn, Self::AccountId, Self::SessionName, Self::Duration, Self::ExternalId];

    /// As the entry calls it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::RoleArn => "role_arn",
            Self::AccountId => "account_id",
            Self::SessionName => "role_session_name",
            Self::Duration => "duration_seconds",
            Self::ExternalId => "external_id",
        }
    }
}

impl NamedRole {
    /// A role of this ARN, its account taken from there: ARN and account are all that a role needs (S2-01).
    #[must_use]
    pub fn of(name: impl Into<String>, role_arn: impl Into<String>) -> Self {
        let role_arn = role_arn.into();
        let account_id = RoleArn::parse(&role_arn).ok().map(|arn| arn.account().to_string());
        Self { name: name.into(), role_arn, account_id, ..Self::default() }
    }

    /// The member that one which nobody reads was meant for, by its letters: `externalId` for `external_id`.
    #[must_use]
    pub fn meant_by(other: &str) -> Option<Field> {
        let letters = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let (other, role) = (letters(other), "role");
        let is_meant = |field: &Field| {
            let word = letters(field.word());
            let (word, other) = (word.strip_prefix(role).unwrap_or(&word), other.strip_prefix(role).unwrap_or(&other));
            word == other || word.strip_suffix("seconds") == Some(other) || word.strip_suffix("id") == Some(other)
        };
        Field::MEMBERS.into_iter().find(is_meant)
    }

    /// The call that the service makes with it at this time: the session's name with its suffix (S2-25), the external ID only where one is set
    /// (S2-26).
    #[must_use]
    pub fn hop(&self, now: Timestamp) -> Hop {
        let name = self.session_name.as_deref().unwrap_or(SESSION_NAME);
        Hop {
            external_id: self.external_id.clone().filter(|id| !id.is_empty()),
            duration_seconds: self.duration_seconds.and_then(|seconds| seconds.try_into().ok()),
            session_name: Some(suffixed(name, now)),
            ..Hop::to(self.role_arn.clone())
        }
    }
}

/// A set of roles.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RoleSet {
    /// In the order of the text; of a name that stands twice the last one.
    pub roles: Vec<NamedRole>,
    /// Names that stand more than once, each once.
    pub twice: Vec<String>,
    /// It is a list and no object: its entries are named by their place, from 1.
    pub is_list: bool,
}

impl RoleSet {
    /// The role of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&NamedRole> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// Adds a role, in the place of another one of its name.
    pub fn put(&mut self, role: NamedRole) {
        match self.roles.iter_mut().find(|known| known.name == role.name) {
            Some(known) => *known = role,
            None => self.roles.push(role),
        }
    }
}

#[cfg(test)]
mod tests;
