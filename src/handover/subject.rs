//! What the texts are about: plain values, each known or with the reason why it is not.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::model::selection::RoleKind;
use crate::model::text::Gap;
use crate::secret::Key;
use crate::values::{PrincipalArn, RoleArn, StackArn};

/// A value that a text needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Slot<T = String> {
    /// Known.
    Known(T),
    /// Not known.
    Open(Gap),
}

impl<T> Slot<T> {
    /// Not known, for this reason.
    #[must_use]
    pub fn open(name: &str, why: impl Into<String>) -> Self {
        Self::Open(Gap::new(name, why))
    }

    /// The value, if it is known.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Open(_) => None,
        }
    }

    /// The value as another one; a placeholder under another name.
    pub fn map<U>(&self, name: &str, of: impl FnOnce(&T) -> U) -> Slot<U> {
        match self {
            Self::Known(value) => Slot::Known(of(value)),
            Self::Open(gap) => Slot::open(name, gap.why.clone()),
        }
    }
}

impl<T: fmt::Display> fmt::Display for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::Open(gap) => f.write_str(&gap.placeholder),
        }
    }
}

/// Everything that texts are written from.
#[derive(Clone, PartialEq, Debug)]
pub struct Subject {
    /// Who assumes which roles. A chain has one for each hop.
    pub edges: Vec<Edge>,
    /// The service whose container assumes them.
    pub service: Service,
    /// Whether the path has to do with that service.
    pub is_of_service: bool,
}

impl Subject {
    /// Whether it is about the webhook and its roles.
    #[must_use]
    pub fn is_of_webhook(&self) -> bool {
        self.edges.iter().all(|edge| edge.caller.is_webhook)
    }
}

/// One principal and the roles it is to assume.
#[derive(Clone, PartialEq, Debug)]
pub struct Edge {
    /// Who assumes them.
    pub caller: Caller,
    /// The roles: one or more.
    pub roles: Vec<Target>,
    /// `sts:AssumeRole`, and what the request needs beside it.
    pub actions: Vec<&'static str>,
    /// How the caller becomes who it is.
    pub way: Way,
}

/// The hops before one of a chain.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Way {
    /// The roles that are assumed before, in their order; the last is the caller. None where the caller signs in itself.
    pub roles: Vec<Target>,
    /// The AWS profile that signs in as whoever assumes the first of them, where rolecall runs as that.
    pub signs_in: Option<String>,
}

/// Who assumes a role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caller {
    /// As a policy should name it: never a session.
    pub principal: Slot<PrincipalArn>,
    /// Whether it is the webhook's task role, which sends no external ID and has no setting for one.
    pub is_webhook: bool,
    /// An external ID was chosen and is left out, because the webhook sends none.
    pub leaves_external_id_out: bool,
    /// The CloudFormation stack that keeps it.
    pub stack: Option<String>,
    /// The AWS profile for commands in its account.
    pub aws_profile: Option<String>,
    /// The AWS profile that signs in as this very caller: for the calls that only it may make. `None`: rolecall runs as somebody else, or without
    /// an AWS profile.
    pub signs_in: Option<String>,
    /// A name for an inline policy that it has none of yet, as far as is known.
    pub policy_name: String,
    /// What of its own allows all of it already, by name: "inline policy AssumeCustomerRole". `None`: nothing, or it is not known.
    pub allowed_by: Option<String>,
    /// What was found of its present policies, in sentences.
    pub findings: Vec<String>,
}

/// A role that is to be assumed.
#[derive(Clone, PartialEq, Debug)]
pub struct Target {
    /// An identifier for it in code: `read`, `write`, `role_1`.
    pub label: String,
    /// Which of the two roles of a Quilt stack it is.
    pub kind: Option<RoleKind>,
    /// The ARN, path included.
    pub arn: Slot<RoleArn>,
    /// True when the ARN was put together from a name: its path is not known (C3).
    pub composed: bool,
    /// What it trusts now.
    pub trust: Trust,
    /// The external ID that the caller sends. `None`: it sends none. Withheld, it is open.
    pub external_id: Option<Slot>,
    /// The CloudFormation stack that keeps it.
    pub stack: Option<String>,
    /// The AWS profile for commands in its account.
    pub aws_profile: Option<String>,
}

impl Target {
    /// The role's name, without the path.
    #[must_use]
    pub fn name(&self) -> Slot {
        self.arn.map(&format!("{}-role-name", self.label.replace('_', "-")), |arn| arn.name().to_owned())
    }

    /// What files about the role are called after, for a caller: of another account than the caller's it has the account too, because roles of
    /// one name are usual in many accounts.
    #[must_use]
    pub fn file_stem(&self, caller: &Caller) -> String {
        match (&self.arn, caller.principal.known()) {
            (Slot::Known(arn), Some(caller)) if caller.account() == arn.account() => arn.name().to_owned(),
            (Slot::Known(arn), None) if caller.is_webhook => arn.name().to_owned(),
            (Slot::Known(arn), _) => format!("{}-{}", arn.name(), arn.account()),
            (Slot::Open(_), _) => self.name().to_string(),
        }
    }
}

/// The trust policy that a role has now.
#[derive(Clone, PartialEq, Debug)]
pub enum Trust {
    /// None: the role does not exist yet.
    New,
    /// Not known, and why, in a sentence.
    Unread(String),
    /// As it is, external IDs withheld unless they were asked for.
    Read {
        /// The document.
        document: Value,
        /// The placeholders in it.
        withheld: Vec<Gap>,
        /// How it stands to the caller.
        stands: Standing,
    },
}

/// How a trust policy stands to a caller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It lets the caller in.
    LetsIn,
    /// It does not name the caller, or not for these actions: a statement that does cures it.
    Lacks(Vec<&'static str>),
    /// It refuses a caller whom it names, or every caller: a condition or a Deny, by its cause. A statement beside it would go around the one and
    /// do nothing against the other.
    Refuses(&'static str),
}

/// The service whose container assumes the roles: a Quilt stack and its webhook.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    /// The Quilt stack.
    pub stack: Slot<StackArn>,
    /// The region that it is in.
    pub region: Slot,
    /// The account that it is in.
    pub account: Slot,
    /// The name of the webhook's secret.
    pub secret: Slot,
    /// The catalog's host name.
    pub catalog: Slot,
    /// The Athena database.
    pub database: Slot,
    /// The Athena workgroup. `None`: the stack names none.
    pub workgroup: Option<String>,
    /// The URL of the packager's queue.
    pub queue_url: Slot,
    /// The ARN of the packager's queue.
    pub queue_arn: Slot,
    /// The bucket that packages go to.
    pub bucket: Slot,
    /// What the secret holds, masked as far as it may not be seen. The client secret is not among it.
    pub values: BTreeMap<Key, String>,
    /// The version that was deployed last, as its image is tagged.
    pub version: Slot,
    /// The names of roles that it is known not to be able to assume.
    pub refused: Vec<String>,
}
