//! One side of an access path judged alone, everything else being open: which side is it that refuses?

use super::{matching_detail, readable, request, trust, with_path, workload_external_id};
use crate::model::facts::RoleFacts;
use crate::model::verdict::Party;
use crate::model::{Facts, Selection};
use crate::policy::case::CredentialKind;
use crate::policy::sides;
use crate::policy::{Answer, Case, Decision, Request, evaluate};

use crate::values::{PrincipalArn, RoleArn};

/// Whether the trust policy alone lets the caller in, everything else being open. `None`: it was not read.
pub(in super::super) fn trust_alone(
    facts: &Facts,
    selection: &Selection,
    role: &RoleFacts,
    party: Party,
) -> Option<Decision> {
    let found = role.found.known()?;
    let trust = trust(facts, role, found);
    trust.read()?;
    let (caller, external_id) = match party {
        Party::Workload => (with_path(facts.workload.arn.known()?, &facts.workload), workload_external_id(selection)),
        Party::Operator => (facts.identity.known()?.arn.clone(), selection.external_id.clone()),
    };
    one_side(facts, selection, role, caller, external_id)
}

/// Whether the trust policy alone lets in every role of the caller's account: the task role of a webhook that is not deployed yet may have any
/// name. `None`: it was not read, or the answer depends on the name.
pub(in super::super) fn lets_any_role_in(facts: &Facts, selection: &Selection, role: &RoleFacts) -> Option<bool> {
    let found = role.found.known()?;
    let account = &facts.identity.known()?.account;
    let answers = [format!("{}-TaskRole", selection.webhook_stack()), "any-other-role".to_owned()].map(|name| {
        let caller = PrincipalArn::Role(RoleArn::compose(found.arn.partition(), account, &name).ok()?);
        let decision = one_side(facts, selection, role, caller, None)?;
        match decision.verdict {
            Answer::Allow => Some(true),
            Answer::Deny => Some(false),
            Answer::Unknown => None,
        }
    });
    match answers {
        [Some(one), Some(other)] if one == other => Some(one),
        _ => None,
    }
}

/// The trust policy, with everything else open.
fn one_side(
    facts: &Facts,
    selection: &Selection,
    role: &RoleFacts,
    caller: PrincipalArn,
    external_id: Option<String>,
) -> Option<Decision> {
    let found = role.found.known()?;
    let trust = trust(facts, role, found);
    trust.read()?;
    let role_arn = matching_detail(role, found).map_or(&found.arn, |detail| &detail.arn);
    let request = Request { external_id, ..request(facts, selection, Some(false)) };
    let case = sides::trust_only(&Case { trust, request, ..Case::new(caller, role_arn.to_string()) })?;
    Some(evaluate(&case, facts.observed_at))
}

/// Whether the workload's own side alone lets it assume a role, as if the role trusted the workload's whole account: only then is a permission
/// of its own needed in any case. `None`: its policies were not read.
pub(in super::super) fn caller_alone(facts: &Facts, selection: &Selection, role: &RoleFacts) -> Option<Decision> {
    caller_case(facts, selection, role).map(|case| evaluate(&case, facts.observed_at))
}

/// The question that [`caller_alone`] answers.
pub(super) fn caller_case(facts: &Facts, selection: &Selection, role: &RoleFacts) -> Option<Case> {
    let found = role.found.known()?;
    let principal = &facts.workload;
    principal.policies.known()?;
    let caller = with_path(principal.arn.known()?, principal);
    let role_arn = matching_detail(role, found).map_or(&found.arn, |detail| &detail.arn);
    sides::caller_only(&Case {
        credential: Some(CredentialKind::Temporary),
        identity: readable(&principal.policies),
        boundary: readable(&principal.boundary),
        request: Request { external_id: workload_external_id(selection), ..request(facts, selection, Some(false)) },
        ..Case::new(caller, role_arn.to_string())
    })
}
