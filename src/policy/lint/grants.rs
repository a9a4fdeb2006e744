//! What the identity policies of one principal grant for nothing: what never has an effect, what reaches further than is meant, and what is
//! said more than once. The policies are read as a set, since they act as one.
//!
//! | rule | kind | AWS page |
//! |---|---|---|
//! | `passes_any_role`, `passes_other_roles` | wider | IAM User Guide, "Grant a user permissions to pass a role to an AWS service" |
//! | `changes_any_role`, `changes_other_roles` | wider | IAM User Guide, "Permissions boundaries for IAM entities" |
//! | `other_buckets` | wider | Amazon S3 User Guide, "Policies and permissions in Amazon S3" |
//! | `every_action` | wider | IAM User Guide, "Security best practices in IAM" (least privilege) |
//! | `not_action`, `not_resource` | wider | IAM User Guide, "IAM JSON policy elements: NotAction" and "NotResource" |
//! | `action_not_meant` | wider | IAM User Guide, "Security best practices in IAM" (least privilege) |
//! | `unknown_service` | dead | Service Authorization Reference; the check `INVALID_SERVICE_IN_ACTION` of IAM Access Analyzer |
//! | `policy_covered`, `policy_overlaps`, `action_twice`, `action_covered` | doubled | the check `REDUNDANT_ACTION` of IAM Access Analyzer |
//!
//! Nothing is said that a Deny of the set makes untrue; boundaries and organization policies, which may forbid more, are not looked at.

mod buckets;
mod effective;
mod everything;
mod meant;
mod overlap;
mod roles;
mod services;
mod set;
mod within;

use serde::Serialize;

use super::open::Page;
use crate::policy::case::NamedPolicy;
use set::Set;

pub use effective::effective_actions;

/// What a set of policies is meant to reach. `None` asks nothing: any bucket, any role, any action may be meant.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Boundaries {
    /// Names of the buckets that S3 is meant to be used with; an empty list is none at all.
    pub buckets: Option<Vec<String>>,
    /// ARNs of the roles that may be passed and changed; `*` and `?` as in a policy. Without them only what reaches every role is told.
    pub roles: Option<Vec<String>>,
    /// Actions that may be allowed, as patterns: `batch:*`.
    pub actions: Option<Vec<String>>,
}

/// What a lint of a set is about, the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// It reaches further than is needed.
    WiderThanNeeded,
    /// It never has an effect.
    Dead,
    /// It is granted elsewhere in the set as well.
    Doubled,
}

/// One thing that a set grants for nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct GrantLint {
    /// A slug: `unknown_service`.
    pub rule: &'static str,
    /// What it is about.
    pub kind: GrantKind,
    /// The policy, counted from 0 in the set.
    pub index: usize,
    /// Its name, as the set has it; may be empty. Not made safe to print.
    pub policy: String,
    /// The statement, counted from 0; `None` for the whole policy.
    pub statement: Option<usize>,
    /// A sentence that names policy and statement, which are counted from 1 in it. Safe to print.
    pub what: String,
    /// The actions it is about, as written, in the order of the policy, each once. Not made safe to print.
    pub actions: Vec<String>,
    /// What to do about it: a sentence. Safe to print.
    pub cure: String,
    /// The AWS page that says so.
    pub page: Page,
}

/// Reads the identity policies of one principal over, as the set that they are: the worst first, then in the order of the policies.
///
/// ```
/// use rolecall::policy::lint::{Boundaries, grants};
/// use rolecall::policy::{NamedPolicy, Policy};
///
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": "efs:CreateFileSystem", "Resource": "*"}}"#;
/// let policy = NamedPolicy { name: "Storage".into(), policy: Policy::parse(text)? };
/// let lints = grants(&[policy], &Boundaries::default());
/// assert_eq!(lints[0].rule, "unknown_service");
/// assert!(lints[0].cure.contains("elasticfilesystem:"));
/// # Ok::<(), rolecall::policy::PolicyError>(())
/// ```
#[must_use]
pub fn grants(policies: &[NamedPolicy], wants: &Boundaries) -> Vec<GrantLint> {
    let set = Set::new(policies);
    let mut lints = everything::lint(&set);
    lints.extend(roles::lint(&set, wants.roles.as_deref()));
    lints.extend(wants.buckets.iter().flat_map(|buckets| buckets::lint(&set, buckets)));
    lints.extend(wants.actions.iter().flat_map(|actions| meant::lint(&set, actions)));
    lints.extend(services::lint(&set));
    lints.extend(overlap::lint(&set));
    lints.extend(within::lint(&set));
    lints.sort_by_key(|lint| (lint.kind, lint.index, lint.statement));
    lints
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
