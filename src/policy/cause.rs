//! Which word of the vocabulary says why a layer refuses: taken from the Deny that applies or from the nearest miss.
//!
//! The nearest miss is the Allow statement with the fewest failed elements; of equals the one that names the caller, then the one
//! whose principals come closest to it.

use std::collections::BTreeSet;

use super::assume_role::{ASSUME_ROLE, Asked, SET_SOURCE_IDENTITY, TAG_SESSION};
use super::case::Case;
use super::condition::Context;
use super::decision::{Cause, Effect, Layer, LayerCause};
use super::evaluate::{Judged, Trial};
use super::live::{self, Live};
use super::request::Checked;
use super::statement::Tried;
use super::truth::Truth;
use crate::values::{PrincipalArn, RoleArn};

mod conditions;
mod miss;
mod words;

use conditions::by_conditions;
use miss::{Miss, miss};
#[cfg(test)]
pub(crate) use words::page_of;
pub use words::{CAUSES, paragraph};

/// The Allow that lets the caller in.
pub(super) fn allowing<'t, 'a>(judged: &'t Judged<'a>) -> Option<&'t Trial<'a>> {
    let allows = |trial: &&Trial<'_>| trial.tried.effect == Effect::Allow && trial.tried.outcome == Truth::Yes;
    judged.trials.iter().filter(allows).min_by_key(|trial| trial.tried.grants.strongest())
}

/// The Allow that came nearest; of SCPs, in the first level that has none.
pub(super) fn nearest<'t, 'a>(judged: &'t Judged<'a>) -> Option<&'t Trial<'a>> {
    let allows = || judged.trials.iter().filter(|trial| trial.tried.effect == Effect::Allow);
    let open: BTreeSet<_> = allows().filter(|t| t.tried.outcome != Truth::No).map(|trial| trial.level).collect();
    allows().filter(|trial| !open.contains(&trial.level)).min_by_key(|trial| {
        let Tried { misses, grants, .. } = &trial.tried;
        let elements = [misses.principal, misses.action, misses.resource, misses.conditions > 0];
        let elements = elements.into_iter().filter(|missed| *missed).count();
        (trial.level, elements, distance(trial), misses.action, misses.conditions, grants.strongest())
    })
}

/// How far the principals of a statement are from the caller: 0 when they name it.
fn distance(trial: &Trial<'_>) -> u8 {
    if trial.tried.misses.principal { miss(trial.statement.principals(), trial.caller) as u8 } else { 0 }
}

/// Why a layer refuses.
pub(super) fn of(case: &Case, context: &Context<'_>, asked: &Asked<'_>, layer: Layer) -> Cause {
    Cause(match layer {
        Layer::Trust => trust(case, context, asked),
        Layer::Identity => identity(asked),
        Layer::Boundary => "permission_boundary",
        Layer::Session => "session_policy",
        Layer::Scp if asked.scp.deny == Truth::Yes => "scp_explicit_deny",
        Layer::Scp => "scp_implicit_deny",
        Layer::Rcp => "rcp_explicit_deny",
        Layer::Credentials | Layer::Request => "condition_failed",
    })
}

fn trust(case: &Case, context: &Context<'_>, asked: &Asked<'_>) -> &'static str {
    let denies = |trial: &&Trial<'_>| trial.tried.effect == Effect::Deny && trial.tried.outcome == Truth::Yes;
    if let Some(deny) = asked.trust.trials.iter().find(denies) {
        return if deny.statement.has_not_principal() { "explicit_deny_notprincipal" } else { "explicit_deny_trust" };
    }
    let Some(near) = nearest(&asked.trust) else { return "principal_not_listed" };
    let lacks = match asked.action {
        TAG_SESSION => "tag_session_missing_trust",
        SET_SOURCE_IDENTITY => "set_source_identity_missing",
        _ => "trust_action_missing",
    };
    if near.tried.fails("Principal") {
        if asked.action == ASSUME_ROLE { by_principal(case, near) } else { lacks }
    } else if near.tried.fails("Action") {
        lacks
    } else {
        by_conditions(case, context, near.statement.conditions(), &near.told(&asked.ask).failed)
    }
}

fn by_principal(case: &Case, near: &Trial<'_>) -> &'static str {
    if assumes_itself(case) {
        return "self_assume_not_trusted";
    }
    match miss(near.statement.principals(), &case.caller) {
        Miss::OtherSession => "principal_session_name_mismatch",
        Miss::Deleted | Miss::DeletedOfOtherKind => "principal_deleted",
        Miss::SameAccount | Miss::Nobody => "principal_not_listed",
        Miss::OtherAccount => "principal_wrong_account",
        Miss::Service => "principal_type_service",
        Miss::Federated => "principal_type_federated",
    }
}

fn assumes_itself(case: &Case) -> bool {
    let Ok(target) = RoleArn::parse(&case.role_arn) else { return false };
    let name = match &case.caller {
        PrincipalArn::Session { role, .. } => role,
        PrincipalArn::Role(role) => role.name(),
        _ => return false,
    };
    target.account() == case.caller.account() && target.name() == name
}

fn identity(asked: &Asked<'_>) -> &'static str {
    if asked.identity.deny == Truth::Yes {
        return "explicit_deny_identity";
    }
    match asked.action {
        TAG_SESSION => return "tag_session_missing_identity",
        SET_SOURCE_IDENTITY => return "set_source_identity_missing",
        _ => {}
    }
    let Some(near) = nearest(&asked.identity) else { return "identity_missing" };
    let roles = || {
        near.told(&asked.ask).failed.iter().filter(|failed| failed.element.ends_with("Resource")).any(|failed| {
            failed.element == "NotResource"
                || failed
                    .expected
                    .iter()
                    .any(|arn| arn.split(':').nth(2).is_some_and(|s| matches!(s, "iam" | "sts" | "*")))
        })
    };
    if near.tried.fails("Action") {
        "identity_missing"
    } else if near.tried.fails("Resource") {
        if roles() { "identity_resource_mismatch" } else { "identity_missing" }
    } else {
        "identity_condition_failed"
    }
}

/// The headline of a denial: credentials, request, an explicit deny, then the layers in their order.
pub(super) fn headline(causes: &[LayerCause], asked: &[Asked<'_>]) -> Cause {
    let explicit = |layer: Layer| {
        asked.iter().any(|one| one.layers().into_iter().any(|(l, judged)| l == layer && judged.deny == Truth::Yes))
    };
    let rank = |cause: &&LayerCause| match cause.layer {
        Layer::Credentials | Layer::Request => (0, cause.layer),
        layer if explicit(layer) => (1, layer),
        layer => (2, layer),
    };
    causes.iter().min_by_key(rank).map_or(Cause("condition_failed"), |cause| cause.cause)
}

/// Why a verdict stays open.
pub(super) fn of_unknown(case: &Case, asked: &[Asked<'_>], checked: &Checked, live: &Live) -> Cause {
    let unread = |wanted: Layer| {
        asked.iter().any(|one| one.layers().into_iter().any(|(layer, judged)| layer == wanted && !judged.read))
    };
    let doubtful = checked.unknown.is_some()
        || asked.iter().any(|one| {
            one.layers().into_iter().any(|(_, judged)| judged.trials.iter().any(|t| t.tried.outcome == Truth::Unknown))
        });
    let young = case.role_age_seconds.is_some_and(|age| age < 60);
    Cause(if live::is_another_role(case) {
        "trust_policy_wrong_account"
    } else if live::reads_need_mfa(case) {
        "iam_reads_need_mfa"
    } else if unread(Layer::Trust) {
        "trust_policy_unreadable"
    } else if unread(Layer::Identity) {
        "caller_policies_unreadable"
    } else if doubtful {
        "condition_undecided"
    } else if live.denied && young {
        "recently_changed"
    } else if unread(Layer::Scp) || unread(Layer::Rcp) {
        "scp_unreadable"
    } else if unread(Layer::Boundary) || unread(Layer::Session) {
        "caller_policies_unreadable"
    } else {
        "recently_changed"
    })
}
