//! A verdict where AWS does not know who calls: the credentials are at fault, and the role was never looked at.

use crate::judge::told;
use crate::message;
use crate::model::verdict::{Evidence, Party};
use crate::model::{AwsError, Facts, Inquiry, LiveCall, Verdict};
use crate::policy::fix;
use crate::policy::{Answer, Cause, Decision, Layer, LayerCause, Leaning, Unknown, settled_by_error};

/// The verdict on the first hop, from what the credentials themselves were refused with.
pub(super) fn verdict(facts: &Facts, inquiry: &Inquiry) -> Option<Verdict> {
    let error = facts.identity.error().or_else(|| facts.credentials.error())?;
    Some(of_error(inquiry, 0, error, None))
}

/// The verdict on a hop from the call itself.
pub(super) fn of_call(facts: &Facts, inquiry: &Inquiry, hop: usize, live: Option<&LiveCall>) -> Option<Verdict> {
    let identity = facts.identity.error().or_else(|| facts.credentials.error());
    let refused = live.and_then(|live| live.outcome.as_ref().err());
    let error = refused.or(identity).filter(|_| hop == 0)?;
    Some(of_error(inquiry, hop, error, live))
}

fn of_error(inquiry: &Inquiry, hop: usize, error: &AwsError, live: Option<&LiveCall>) -> Verdict {
    let decision =
        settled_by_error(error.code(), &error.message).map_or_else(|| open(error), |cause| refused(error, cause));
    Verdict {
        party: Party::Operator,
        principal: None,
        hop,
        role_arn: inquiry.hops.get(hop).map(|hop| hop.role_arn.clone()).unwrap_or_default(),
        case: None,
        evidence: Evidence { told: live.and_then(told::of_call), ..Evidence::default() },
        evaluated: None,
        cure: fix::of_credentials(decision.cause, &decision.summary),
        decision,
        live: live.cloned(),
        disagreement: false,
        next: Vec::new(),
    }
}

fn refused(error: &AwsError, cause: LayerCause) -> Decision {
    Decision {
        verdict: Answer::Deny,
        leaning: None,
        cause: cause.cause,
        blocked_by: vec![cause.layer],
        causes: vec![cause],
        summary: message::read(&told::as_printed(error)).summary,
        deciding: Vec::new(),
        unknowns: Vec::new(),
    }
}

fn open(error: &AwsError) -> Decision {
    Decision {
        verdict: Answer::Unknown,
        leaning: Some(Leaning::None),
        cause: Cause("caller_policies_unreadable"),
        causes: Vec::new(),
        blocked_by: Vec::new(),
        summary: "Not known: the credentials gave no identity, so no call could be made.".into(),
        deciding: Vec::new(),
        unknowns: vec![Unknown { what: "who calls".into(), needs: error.operation.clone() }],
    }
}

/// Whether it is the credentials that a verdict blames.
pub(super) fn are_blamed(verdict: &Verdict) -> bool {
    verdict.decision.causes.iter().any(|cause| cause.layer == Layer::Credentials)
}
