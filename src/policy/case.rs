//! The question: may this principal assume this role with this request?

use std::collections::BTreeMap;

use super::document::Policy;
use crate::values::PrincipalArn;

/// Something that may not have been readable. Unread is never the same as absent.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Readable<T> {
    /// It could not be read, or nobody asked.
    #[default]
    Unread,
    /// It was read; what it holds may still be "none".
    Read(T),
}

impl<T> Readable<T> {
    /// What was read.
    pub const fn read(&self) -> Option<&T> {
        match self {
            Self::Unread => None,
            Self::Read(value) => Some(value),
        }
    }
}

impl<T> From<Option<T>> for Readable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unread, Self::Read)
    }
}

/// A policy with the name people know it by.
#[derive(Clone, PartialEq, Debug)]
pub struct NamedPolicy {
    /// "inline policy AssumeCustomer", "arn:aws:iam::…:policy/X"; empty when the source gave none.
    pub name: String,
    /// The document.
    pub policy: Policy,
}

/// The policies attached at one level of the organization, root first.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Level {
    /// Root, organizational unit or account that they are attached to.
    pub target: String,
    /// The policies of that level.
    pub policies: Vec<NamedPolicy>,
}

/// Whether the caller signs with long-term keys or with temporary credentials.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CredentialKind {
    /// An access key that begins with `AKIA`.
    LongTerm,
    /// A session token goes with the key (`ASIA`).
    Temporary,
}

/// What goes with the call. `None` was not sent.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Request {
    /// `ExternalId`.
    pub external_id: Option<String>,
    /// `DurationSeconds`, in seconds.
    pub duration_seconds: Option<u32>,
    /// `RoleSessionName`.
    pub session_name: Option<String>,
    /// Whether the caller's credentials carry MFA.
    pub mfa: Option<bool>,
    /// Seconds since MFA was used.
    pub mfa_age_seconds: Option<u64>,
    /// Session tags.
    pub tags: BTreeMap<String, String>,
    /// Keys of the tags that the next session inherits.
    pub transitive_tag_keys: Vec<String>,
    /// The address the call comes from.
    pub source_ip: Option<String>,
    /// The STS region called.
    pub region: Option<String>,
    /// `SourceIdentity`.
    pub source_identity: Option<String>,
}

/// An error that AWS returned to a call.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LiveError {
    /// `AccessDenied`, `ExpiredToken`, …
    pub code: String,
    /// The message as it came.
    pub message: String,
    /// The call; `None` is `sts:AssumeRole`.
    pub operation: Option<String>,
}

/// One question to [`super::evaluate`].
#[derive(Clone, PartialEq, Debug)]
pub struct Case {
    /// Who calls, as `GetCallerIdentity` shows it, or a role that has no session yet (a workload).
    pub caller: PrincipalArn,
    /// Long-term or temporary; `None` is not known.
    pub credential: Option<CredentialKind>,
    /// The caller's own policies, inline and attached, in order.
    pub identity: Readable<Vec<NamedPolicy>>,
    /// The case has `null` for an empty list of them: a patch that adds one must not append to it.
    pub identity_is_null: bool,
    /// The caller's permissions boundary, if it has one.
    pub boundary: Readable<Option<NamedPolicy>>,
    /// The session policy of the caller's own session, if it has one.
    pub session: Readable<Option<NamedPolicy>>,
    /// Service control policies of the caller's account, root first.
    pub scps: Readable<Vec<Level>>,
    /// Resource control policies of the role's account, root first.
    pub rcps: Readable<Vec<Level>>,
    /// The role to assume.
    pub role_arn: String,
    /// Its trust policy; `Read(None)` when the role's account answered that there is no such role.
    pub trust: Readable<Option<Policy>>,
    /// `MaxSessionDuration` of the role, in seconds.
    pub max_session_duration: Option<u32>,
    /// What goes with the call.
    pub request: Request,
    /// Condition keys beyond those that the request gives. `Some` is complete: a key that is neither derived nor here was not sent.
    pub extra_context: Option<BTreeMap<String, Vec<String>>>,
    /// The whole condition context as it is: nothing is derived, and `extra_context` does not count.
    pub context: Option<BTreeMap<String, Vec<String>>>,
    /// What AWS answered, if the call was made and failed.
    pub live_error: Option<LiveError>,
    /// How old the role is, in seconds.
    pub role_age_seconds: Option<u64>,
    /// The ARN that `iam:GetRole` returned for the role's name: the call takes no account, so it may be another role.
    pub get_role_arn: Option<String>,
}

impl Case {
    /// A case about which nothing is known but the two names.
    #[must_use]
    pub fn new(caller: PrincipalArn, role_arn: impl Into<String>) -> Self {
        Self {
            caller,
            credential: None,
            identity: Readable::Unread,
            identity_is_null: false,
            boundary: Readable::Unread,
            session: Readable::Unread,
            scps: Readable::Unread,
            rcps: Readable::Unread,
            role_arn: role_arn.into(),
            trust: Readable::Unread,
            max_session_duration: None,
            request: Request::default(),
            extra_context: None,
            context: None,
            live_error: None,
            role_age_seconds: None,
            get_role_arn: None,
        }
    }
}
