//! What refuses an AssumeRole before any policy is read.
//!
//! Sources: AWS STS API Reference, "AssumeRole"; IAM User Guide, "Roles terms and concepts" (role chaining) and "Amazon Resource
//! Names: partitions".

use super::case::{Case, Readable};
use super::decision::{Cause, Unknown};
use crate::values::{PrincipalArn, RoleArn};

/// The shortest session, in seconds.
pub const SHORTEST: u32 = 900;
/// The longest session of a role assumed by a role session, in seconds.
pub const LONGEST_CHAINED: u32 = 3_600;
/// The most that a role's MaxSessionDuration can be, in seconds.
pub const LONGEST: u32 = 43_200;

/// What the request comes to, policies aside.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// Why it is refused, the first in this order.
    pub refused: Option<Cause>,
    /// Whether the policies are of no account: there is no role, or the caller can assume none.
    pub is_final: bool,
    pub unknown: Option<Unknown>,
}

pub(super) fn check(case: &Case) -> Checked {
    let refuse = |slug, is_final| Checked { refused: Some(Cause(slug)), is_final, unknown: None };
    let Ok(role) = RoleArn::parse(&case.role_arn) else { return refuse("role_arn_malformed", true) };
    if matches!(case.caller, PrincipalArn::Root { .. }) {
        return refuse("root_cannot_assume", true);
    }
    if matches!(case.caller, PrincipalArn::FederatedUser { .. }) {
        return refuse("federated_user_cannot_assume", true);
    }
    if role.partition() != case.caller.partition() {
        return refuse("wrong_partition", false);
    }
    if case.trust == Readable::Read(None) {
        return refuse("role_not_found", false);
    }
    if case.request.session_name.as_deref().is_some_and(|name| !is_session_name(name)) {
        return refuse("session_name_invalid", false);
    }
    duration(case, &role)
}

fn duration(case: &Case, role: &RoleArn) -> Checked {
    let Some(asked) = case.request.duration_seconds else { return Checked::default() };
    let refuse = |slug| Checked { refused: Some(Cause(slug)), ..Checked::default() };
    let chained = matches!(case.caller, PrincipalArn::Session { .. } | PrincipalArn::Role(_));
    if asked < SHORTEST {
        return refuse("duration_under_min");
    }
    if chained && asked > LONGEST_CHAINED {
        return refuse("role_chaining_duration");
    }
    match case.max_session_duration {
        Some(longest) if asked > longest => refuse("duration_over_max"),
        _ if asked > LONGEST => refuse("duration_over_max"),
        None if asked > 3_600 => Checked {
            unknown: Some(Unknown {
                what: format!("the MaxSessionDuration of role/{}, to compare with {asked} s", role.name()),
                needs: "iam:GetRole".into(),
            }),
            ..Checked::default()
        },
        _ => Checked::default(),
    }
}

/// Whether STS takes it as `RoleSessionName`: 2 to 64 characters of `[\w+=,.@-]` (AWS STS API Reference, "AssumeRole").
#[must_use]
pub fn is_session_name(name: &str) -> bool {
    (2..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'=' | b',' | b'.' | b'@' | b'-'))
}
