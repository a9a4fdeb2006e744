//! How a trust policy stands to a caller: whether a statement for the caller is what it lacks.

use super::subject::Standing;
use crate::policy::sides::trust_only;
use crate::policy::{Answer, Case, Layer, Policy, Readable, Request, evaluate};
use crate::values::time::Timestamp;
use crate::values::{PrincipalArn, RoleArn};

/// The causes of a trust policy that does not name the caller for `sts:AssumeRole`.
const NOT_NAMED: [&str; 8] = [
    "principal_not_listed",
    "principal_wrong_account",
    "principal_deleted",
    "principal_type_service",
    "principal_type_federated",
    "principal_session_name_mismatch",
    "self_assume_not_trusted",
    "trust_action_missing",
];

/// The trust policy alone, everything else being open; of the request only what it can ask for.
pub(super) fn of(
    trust: &Policy,
    role: &RoleArn,
    caller: &PrincipalArn,
    request: &Request,
    actions: &[&'static str],
    now: Timestamp,
) -> Standing {
    let decide = |request: Request| {
        let request = Request { duration_seconds: None, ..request };
        let trust = Readable::Read(Some(trust.clone()));
        let case = Case { trust, request, ..Case::new(caller.clone(), role.to_string()) };
        trust_only(&case).map(|case| evaluate(&case, now))
    };
    let is_open = |request: Request| decide(request).is_some_and(|decision| decision.verdict == Answer::Allow);
    let bare = Request { external_id: request.external_id.clone(), mfa: request.mfa, ..Request::default() };
    let (assume, more): (Vec<_>, Vec<_>) = actions.iter().copied().partition(|action| *action == "sts:AssumeRole");
    let Some(decision) = decide(bare) else { return Standing::Lacks(actions.to_vec()) };
    if decision.verdict == Answer::Allow {
        // What was wished for beside the request is asked of the policy as well.
        let wanted = with_all(request, &more);
        return if more.is_empty() || is_open(wanted) { Standing::LetsIn } else { Standing::Lacks(more) };
    }
    let causes = decision.causes.iter().filter(|cause| cause.layer == Layer::Trust).map(|cause| cause.cause.0);
    let refusing = causes.chain([decision.cause.0]).find(|cause| !NOT_NAMED.contains(cause));
    match refusing {
        Some(cause) if decision.verdict == Answer::Deny => Standing::Refuses(cause),
        _ if decision.verdict == Answer::Deny => Standing::Lacks([assume, more].concat()),
        _ => Standing::Refuses("condition_failed"),
    }
}

/// The request with a tag and a source identity where these actions are wanted.
fn with_all(request: &Request, more: &[&str]) -> Request {
    let mut request = request.clone();
    if more.contains(&"sts:TagSession") && request.tags.is_empty() {
        request.tags.insert("rolecall".into(), "1".into());
    }
    request
}
