//! The question for the evaluator, as the world answers everything in it.

use crate::model::Hop;
use crate::policy::case::CredentialKind;
use crate::policy::document::Policy;
use crate::policy::{Case, Readable, Request};
use crate::sandbox::auth;
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::policies;
use crate::sandbox::state::{State, role_arn};

/// The case of an AssumeRole. In a world nothing is unreadable.
///
/// # Errors
/// The world's own fault: a document that is no policy.
pub(in crate::sandbox) fn case(
    state: &State,
    call: &Call,
    wanted: &str,
    request: &Request,
) -> Result<Case, ServiceError> {
    let limits = policies::limits(state, &call.caller)?;
    // A malformed ARN is refused whatever it means; what it means is what a cure makes of it.
    let target = Hop::to(wanted).role();
    // An ARN with another path than the role's names no role.
    let role = target.as_ref().and_then(|arn| {
        let (account, name) = (arn.account().as_str(), arn.name());
        state.role(account, name).filter(|role| role_arn(account, name, role) == arn.to_string())
    });
    let trust = role
        .map(|role| Policy::from_json(&role.trust))
        .transpose()
        .map_err(|error| ServiceError::gap(format!("trust policy of `{wanted}`: {error}")))?;
    let owner = target.as_ref().map(|arn| arn.account().as_str()).unwrap_or_default();
    let mut keys = auth::caller_keys(state, call);
    keys.insert("aws:ResourceAccount".to_owned(), vec![owner.to_owned()]);
    for (key, value) in role.into_iter().flat_map(|role| &role.tags) {
        keys.insert(format!("aws:ResourceTag/{key}"), vec![value.clone()]);
        keys.insert(format!("iam:ResourceTag/{key}"), vec![value.clone()]);
    }
    let temporary = call.caller.session.is_some();
    Ok(Case {
        credential: Some(if temporary { CredentialKind::Temporary } else { CredentialKind::LongTerm }),
        identity: Readable::Read(limits.identity),
        boundary: Readable::Read(limits.boundary),
        session: Readable::Read(limits.session),
        scps: Readable::Read(limits.scps),
        rcps: Readable::Read(policies::rcps(state, owner)?),
        trust: Readable::Read(trust),
        max_session_duration: role.map(|role| role.max_session_duration),
        request: inherited(state, call, request),
        extra_context: Some(keys),
        role_age_seconds: role.and_then(|role| {
            let created = role.created.resolve(state.loaded);
            u64::try_from(call.now.duration_since(created).as_secs()).ok()
        }),
        ..Case::new(call.caller.arn.clone(), wanted)
    })
}

/// What the caller's own session adds to the request: the tags it hands on ("transitive session tags persist"), the region, and
/// whether an MFA code stands behind it.
fn inherited(state: &State, call: &Call, request: &Request) -> Request {
    let mut request = request.clone();
    request.region = Some(call.region.clone());
    for (key, value) in call.caller.session.iter().flat_map(|session| session.inherited_tags()) {
        request.tags.insert(key.clone(), value.clone());
        if !request.transitive_tag_keys.contains(key) {
            request.transitive_tag_keys.push(key.clone());
        }
    }
    if request.mfa.is_none() {
        let age = call.caller.mfa_age(state, call.now);
        request.mfa = Some(age.is_some());
        request.mfa_age_seconds = age;
    }
    request
}
