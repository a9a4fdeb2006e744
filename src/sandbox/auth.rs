//! Whether the caller may: its identity policies, permissions boundary and session policy, the organization's policies on both ends,
//! asked of rolecall's evaluator.
//!
//! The wording of a refusal is AWS's (IAM User Guide, "Troubleshoot access denied error messages"): it names one policy type, even
//! when several refuse.

use std::collections::BTreeMap;

use super::exchange::{Call, ServiceError};
use super::policies::{Limits, limits, rcps};
use super::service::Service;
use super::session::Session;
use super::state::{State, role_arn, user_arn};
use crate::policy::condition::Context;
use crate::policy::{Authorization, NamedPolicy, Query, authorize};
use crate::values::PrincipalArn;

/// The address that every call of a world comes from (RFC 5737: for documentation).
pub(super) const SOURCE_IP: &str = "203.0.113.24";

/// What a call needs.
pub(super) struct Access<'a> {
    /// For example `s3:ListBucket`.
    pub action: &'a str,
    /// The ARN, or `*`.
    pub resource: &'a str,
    /// The resource as a refusal names it.
    pub shown: Option<&'a str>,
    /// The account that the resource belongs to.
    pub owner: &'a str,
    /// Whether the resource's own policy lets the caller's account in. Within one account that is not asked.
    pub shared: bool,
    /// Condition keys of the request itself.
    pub keys: Vec<(&'static str, String)>,
}

/// Lets the call pass only if the caller may do `action` on `resource` of its own account. `shown` is the resource as the refusal
/// names it.
///
/// # Errors
/// AWS's refusal.
pub(super) fn require(
    state: &State,
    call: &Call,
    action: &str,
    resource: &str,
    shown: Option<&str>,
) -> Result<(), ServiceError> {
    let owner = call.account();
    permit(state, call, &Access { action, resource, shown, owner, shared: false, keys: Vec::new() })
}

/// Lets the call pass only if the caller has that access.
///
/// # Errors
/// AWS's refusal.
pub(super) fn permit(state: &State, call: &Call, access: &Access<'_>) -> Result<(), ServiceError> {
    let limits = limits(state, &call.caller)?;
    let mut context = context(state, call);
    for (key, value) in &access.keys {
        context.set(*key, value.clone());
    }
    let Access { action, resource, .. } = *access;
    let query = Query { principal: &call.caller.arn, action, resource, context: &context };
    let guarded = if call.service.has_rcps() { rcps(state, access.owner)? } else { Vec::new() };
    let denied = |kind: &str| {
        let article = if kind.starts_with('i') { "an" } else { "a" };
        refused(call, access, &format!("with an explicit deny in {article} {kind}"))
    };
    for policy in guarded.iter().flat_map(|level| &level.policies) {
        if authorize(std::slice::from_ref(policy), None, &query) == Authorization::ExplicitDeny {
            return Err(denied("resource control policy"));
        }
    }
    let mut missing = None;
    for (kind, policies) in layers(&limits) {
        match authorize(policies, None, &query) {
            Authorization::Allowed => {}
            Authorization::ExplicitDeny => return Err(denied(kind)),
            Authorization::ImplicitDeny => missing = missing.or(Some(kind)),
            Authorization::Unknown(what) => return Err(ServiceError::gap(what)),
        }
    }
    if access.owner != call.account() && !access.shared {
        missing = missing.or(Some("resource-based policy"));
    }
    match missing {
        None => Ok(()),
        Some(kind) => Err(refused(call, access, &format!("because no {kind} allows the {action} action"))),
    }
}

/// The ceilings of an organization first, as AWS evaluates them.
fn layers(limits: &Limits) -> impl Iterator<Item = (&'static str, &[NamedPolicy])> {
    let scps = limits.scps.iter().map(|level| ("service control policy", level.policies.as_slice()));
    let own = [("identity-based policy", limits.identity.as_slice())];
    let ceilings = [("permissions boundary", &limits.boundary), ("session policy", &limits.session)];
    let ceilings =
        ceilings.into_iter().filter_map(|(kind, policy)| Some((kind, std::slice::from_ref(policy.as_ref()?))));
    scps.chain(own).chain(ceilings)
}

/// Amazon S3 gives reasons within an account only (S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors").
fn refused(call: &Call, access: &Access<'_>, reason: &str) -> ServiceError {
    if call.service == Service::S3 && access.owner != call.account() {
        return call.service.denied("Access Denied");
    }
    refusal(call, access.action, access.shown, reason)
}

/// `User: … is not authorized to perform: … on resource: …`, with a reason or without.
pub(super) fn refusal(call: &Call, action: &str, resource: Option<&str>, reason: &str) -> ServiceError {
    let on = resource.map(|resource| format!(" on resource: {resource}")).unwrap_or_default();
    let reason = if reason.is_empty() { String::new() } else { format!(" {reason}") };
    let caller = &call.caller.arn;
    call.service.denied(format!("User: {caller} is not authorized to perform: {action}{on}{reason}"))
}

/// The condition keys that AWS sends with every call (IAM User Guide, "AWS global condition context keys").
fn context(state: &State, call: &Call) -> Context<'static> {
    let mut context = Context::new();
    for (key, values) in caller_keys(state, call) {
        context.set_many(key, values);
    }
    let kind = match &call.caller.arn {
        PrincipalArn::User { name, .. } => {
            context.set("aws:username", name.clone());
            "User"
        }
        PrincipalArn::Session { .. } => "AssumedRole",
        _ => "Account",
    };
    context.set("aws:PrincipalType", kind);
    context.set("aws:PrincipalAccount", call.account());
    context.set("aws:SourceIp", SOURCE_IP);
    context.set("aws:CurrentTime", call.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    context.set("aws:EpochTime", call.now.as_second().to_string());
    if let Some(age) = call.caller.mfa_age(state, call.now) {
        context.set("aws:MultiFactorAuthPresent", "true");
        context.set("aws:MultiFactorAuthAge", age.to_string());
    } else if call.caller.session.is_some() {
        context.set("aws:MultiFactorAuthPresent", "false");
    }
    context
}

/// The keys that follow from who calls and how, but not from the request: a case for the evaluator has those by itself.
pub(super) fn caller_keys(state: &State, call: &Call) -> BTreeMap<String, Vec<String>> {
    let account = call.account();
    let session = call.caller.session.as_ref();
    let (arn, own_tags) = match &call.caller.arn {
        PrincipalArn::User { name, .. } => {
            let user = state.user(account, name);
            (user.map(|user| user_arn(account, name, user)), user.map(|user| &user.tags))
        }
        // A session's ARN has no path; the key carries the role's own ARN, which has.
        PrincipalArn::Session { role: name, .. } => {
            let role = state.role(account, name);
            (role.map(|role| role_arn(account, name, role)), role.map(|role| &role.tags))
        }
        _ => (None, None),
    };
    let mut keys = BTreeMap::new();
    let mut set = |key: &str, value: &str| drop(keys.insert(key.to_owned(), vec![value.to_owned()]));
    // A session tag takes the place of the role's tag of the same key.
    for (key, value) in own_tags.into_iter().flatten().chain(session.into_iter().flat_map(|session| &session.tags)) {
        set(&format!("aws:PrincipalTag/{key}"), value);
    }
    set("aws:PrincipalArn", &arn.unwrap_or_else(|| call.caller.arn.to_string()));
    set("aws:userid", &call.caller.user_id);
    set("aws:SecureTransport", "true");
    set("aws:RequestedRegion", &call.region);
    // An IAM principal that calls for itself.
    set("aws:PrincipalIsAWSService", "false");
    set("aws:ViaAWSService", "false");
    if let Some(organization) = state.accounts.get(account).and_then(|account| account.organization.as_ref()) {
        set("aws:PrincipalOrgID", organization);
    }
    if let Some(identity) = session.and_then(|session: &Session| session.source_identity.as_ref()) {
        set("aws:SourceIdentity", identity);
    }
    keys
}
