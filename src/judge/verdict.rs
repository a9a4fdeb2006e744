//! Verdicts: what the evaluator says of the policies that were readable, and what the operator's own call proved.

use crate::model::facts::{PrincipalFacts, RoleDetail, RoleFacts, RoleFound};
use crate::model::selection::{RoleKind, WorkloadChoice};
use crate::model::verdict::{Evidence, Party};
use crate::model::{Fact, Facts, Selection, Verdict};
use crate::policy::case::CredentialKind;
use crate::policy::document::Policy;
use crate::policy::{Answer, Case, Cause, Decision, Leaning, Readable, Request, Unknown, evaluate};
use crate::systems::accounts;
use crate::values::PrincipalArn;

mod alone;
mod cure;
mod merge;

pub(super) use alone::{caller_alone, lets_any_role_in, trust_alone};
pub(super) use cure::caller_cure;
pub(crate) use cure::{operator_profile, profile_of, role_stack};
use merge::merge;
pub(super) use merge::proven;

/// The cause of a verdict on a workload that does not exist yet. Such a verdict blocks nothing.
pub const NOT_DEPLOYED: Cause = Cause("workload_not_deployed");

pub(super) fn verdicts(facts: &Facts, selection: &Selection) -> Vec<Verdict> {
    let mut cures = cure::Cures::new(facts, selection);
    RoleKind::BOTH
        .into_iter()
        .filter_map(|kind| facts.role(kind))
        .filter_map(|role| Some((role, role.found.known()?)))
        .filter(|(role, _)| !role.detail.is_pending())
        .flat_map(|(role, found)| {
            [workload(facts, selection, role, found, &mut cures), operator(facts, selection, role, found)]
        })
        .flatten()
        .collect()
}

fn workload(
    facts: &Facts,
    selection: &Selection,
    role: &RoleFacts,
    found: &RoleFound,
    cures: &mut cure::Cures<'_>,
) -> Option<Verdict> {
    let unsettled = |decision: Decision| Verdict {
        party: Party::Workload,
        principal: None,
        hop: 0,
        role_arn: found.arn.to_string(),
        case: None,
        evidence: Evidence::default(),
        evaluated: None,
        decision,
        live: None,
        disagreement: false,
        next: Vec::new(),
        cure: None,
    };
    let caller = match &facts.workload.arn {
        Fact::Known(arn) => with_path(arn, &facts.workload),
        Fact::Absent if facts.webhook.known().is_some() => return Some(unsettled(unknown_workload("its ARN"))),
        Fact::Absent => {
            return Some(unsettled(match accounts::stack_elsewhere(facts, selection) {
                Some(stack) => unknown_workload(&format!("an AWS profile of account {}", stack.account())),
                None => not_deployed(facts, selection),
            }));
        }
        Fact::Denied { action, .. } => return Some(unsettled(unknown_workload(action))),
        Fact::Failed(error) => return Some(unsettled(unknown_workload(&error.operation))),
        Fact::NotAsked | Fact::Pending(_) => return None,
    };
    let request = Request { external_id: workload_external_id(selection), ..request(facts, selection, Some(false)) };
    let case = Case {
        credential: Some(CredentialKind::Temporary),
        session: Readable::Read(None),
        request,
        ..case(facts, role, found, caller, &facts.workload)?
    };
    let evaluated = evaluate(&case, facts.observed_at);
    let cure = (evaluated.verdict == Answer::Deny).then(|| cures.of(found, &case, &evaluated));
    Some(Verdict {
        party: Party::Workload,
        principal: Some(case.caller.to_string()),
        hop: 0,
        role_arn: found.arn.to_string(),
        evidence: super::evidence::of(&case, facts.observed_at, None, None),
        case: Some(Box::new(case)),
        decision: evaluated.clone(),
        evaluated: Some(evaluated),
        live: None,
        disagreement: false,
        next: Vec::new(),
        cure,
    })
}

fn operator(facts: &Facts, selection: &Selection, role: &RoleFacts, found: &RoleFound) -> Option<Verdict> {
    let caller = facts.identity.known()?.arn.clone();
    let credential = match facts.credentials.known().map(|credentials| credentials.prefix.as_str()) {
        Some("AKIA") => Some(CredentialKind::LongTerm),
        Some("ASIA") => Some(CredentialKind::Temporary),
        _ => None,
    };
    let long_term = credential == Some(CredentialKind::LongTerm);
    let live = role.live.known();
    let request = Request {
        external_id: selection.external_id.clone(),
        session_name: live.map(|live| live.session_name.clone()),
        ..request(facts, selection, long_term.then_some(false))
    };
    let case = Case {
        credential,
        session: if long_term { Readable::Read(None) } else { Readable::Unread },
        request,
        ..case(facts, role, found, caller, &facts.operator)?
    };
    let evaluated = evaluate(&case, facts.observed_at);
    let (decision, disagreement) = merge(&case, &evaluated, live, facts.observed_at);
    Some(Verdict {
        party: Party::Operator,
        principal: Some(case.caller.to_string()),
        hop: 0,
        role_arn: found.arn.to_string(),
        evidence: super::evidence::of(&case, facts.observed_at, live, None),
        case: Some(Box::new(case)),
        evaluated: Some(evaluated),
        decision,
        live: live.cloned(),
        disagreement,
        next: Vec::new(),
        cure: None,
    })
}

/// The evidence that both parties share. `None` while a part of it is under way.
fn case(
    facts: &Facts,
    role: &RoleFacts,
    found: &RoleFound,
    caller: PrincipalArn,
    principal: &PrincipalFacts,
) -> Option<Case> {
    if principal.policies.is_pending() || principal.boundary.is_pending() {
        return None;
    }
    let detail = matching_detail(role, found);
    let role_arn = detail.map_or_else(|| found.arn.to_string(), |detail| detail.arn.to_string());
    Some(Case {
        identity: readable(&principal.policies),
        boundary: readable(&principal.boundary),
        trust: trust(facts, role, found),
        max_session_duration: detail.and_then(|detail| detail.max_session_duration),
        role_age_seconds: detail.and_then(|detail| age(facts, detail)),
        get_role_arn: other_role(role, found),
        ..Case::new(caller, role_arn)
    })
}

fn readable<T: Clone>(fact: &Fact<T>) -> Readable<T> {
    fact.known().cloned().into()
}

/// What `iam:GetRole` told, if it was about this role: it takes a name only (C3).
pub(crate) fn matching_detail<'a>(role: &'a RoleFacts, found: &RoleFound) -> Option<&'a RoleDetail> {
    let detail = role.detail.known()?;
    let same = if found.composed { detail.arn.account() == found.arn.account() } else { detail.arn == found.arn };
    (same && detail.arn.name() == found.arn.name()).then_some(detail)
}

/// A role of that name in another account: what `iam:GetRole` answered is not about the role that was asked for.
fn other_role(role: &RoleFacts, found: &RoleFound) -> Option<String> {
    let detail = role.detail.known()?;
    (detail.arn.account() != found.arn.account()).then(|| detail.arn.to_string())
}

fn age(facts: &Facts, detail: &RoleDetail) -> Option<u64> {
    u64::try_from(facts.observed_at.duration_since(detail.created?).as_secs()).ok()
}

fn trust(facts: &Facts, role: &RoleFacts, found: &RoleFound) -> Readable<Option<Policy>> {
    let own_account = facts.identity.known().is_some_and(|identity| &identity.account == found.arn.account());
    match &role.detail {
        Fact::Known(detail) if matching_detail(role, found).is_some() => match &detail.trust {
            Ok(policy) => Readable::Read(Some(policy.clone())),
            Err(_) => Readable::Unread,
        },
        // Same account, other path: the ARN that was given names no role.
        Fact::Known(detail) if detail.arn.account() == found.arn.account() => Readable::Read(None),
        Fact::Absent if own_account => Readable::Read(None),
        _ => Readable::Unread,
    }
}

/// The workload as IAM names it, with its path: a task definition's ARN has it, a session's has not (C30).
pub(crate) fn with_path(arn: &PrincipalArn, principal: &PrincipalFacts) -> PrincipalArn {
    match (arn, principal.role.known()) {
        (PrincipalArn::Role(role), Some(detail)) if detail.arn.account() == role.account() => {
            PrincipalArn::Role(detail.arn.clone())
        }
        _ => arn.clone(),
    }
}

fn request(facts: &Facts, selection: &Selection, mfa: Option<bool>) -> Request {
    Request {
        duration_seconds: Some(selection.duration_seconds),
        mfa,
        region: facts.credentials.known().map(|credentials| credentials.region.clone()),
        ..Request::default()
    }
}

/// The webhook sends no external ID and has no setting for one; a principal that the user typed sends the one they chose.
pub(super) fn workload_external_id(selection: &Selection) -> Option<String> {
    match selection.workload {
        WorkloadChoice::Role(_) => selection.external_id.clone(),
        WorkloadChoice::WebhookStack | WorkloadChoice::Stack(_) | WorkloadChoice::Named(_) => None,
    }
}

fn not_deployed(facts: &Facts, selection: &Selection) -> Decision {
    let stack = crate::config::webhook_stack(facts, selection);
    unknown(
        NOT_DEPLOYED,
        format!("Not known yet: the webhook's stack {stack} is not deployed, so there is no task role to judge."),
        Unknown { what: "the webhook's task role".into(), needs: format!("the deployment of {stack}") },
    )
}

fn unknown_workload(needs: &str) -> Decision {
    unknown(
        Cause("caller_policies_unreadable"),
        "Not known: the webhook's task role could not be found out.".into(),
        Unknown { what: "the webhook's task role".into(), needs: needs.to_owned() },
    )
}

fn unknown(cause: Cause, summary: String, missing: Unknown) -> Decision {
    Decision {
        verdict: Answer::Unknown,
        leaning: Some(Leaning::None),
        cause,
        causes: Vec::new(),
        blocked_by: Vec::new(),
        summary,
        deciding: Vec::new(),
        unknowns: vec![missing],
    }
}

#[cfg(test)]
mod tests;
