//! Whether the caller may: its identity policies, permissions boundary and session policy, asked of rolecall's evaluator.
//!
//! The wording of a refusal is AWS's (IAM User Guide, "Troubleshoot access denied error messages"): it names one policy type, even
//! when several refuse.

use super::exchange::{Call, ServiceError};
use super::identity::Caller;
use super::state::{State, role_arn, user_arn};
use crate::policy::condition::Context;
use crate::policy::document::Policy;
use crate::policy::{Authorization, NamedPolicy, Query, authorize};
use crate::values::PrincipalArn;

/// The address that every call of a world comes from (RFC 5737: for documentation).
pub(super) const SOURCE_IP: &str = "203.0.113.24";

/// Everything that limits a caller.
pub(super) struct Limits {
    /// Inline, then attached, then those of the groups.
    pub identity: Vec<NamedPolicy>,
    /// The permissions boundary.
    pub boundary: Option<NamedPolicy>,
    /// The session policy of a role session.
    pub session: Option<NamedPolicy>,
}

/// Collects what limits a caller.
///
/// # Errors
/// The world's own fault: a document that is no policy, a managed policy that does not exist.
pub(super) fn limits(state: &State, caller: &Caller) -> Result<Limits, ServiceError> {
    let account = caller.arn.account().as_str();
    let mut identity = Vec::new();
    let boundary = match &caller.arn {
        PrincipalArn::User { name, .. } => {
            let user = state.user(account, name).ok_or_else(|| ServiceError::gap("the caller is gone"))?;
            collect(state, &mut identity, &user.inline, &user.attached)?;
            for group in user.groups.iter().filter_map(|group| state.group(account, group)) {
                collect(state, &mut identity, &group.inline, &group.attached)?;
            }
            user.boundary.as_deref()
        }
        PrincipalArn::Session { role, .. } => {
            let role = state.role(account, role).ok_or_else(|| ServiceError::gap("the caller's role is gone"))?;
            collect(state, &mut identity, &role.inline, &role.attached)?;
            role.boundary.as_deref()
        }
        other => return Err(ServiceError::gap(format!("a caller such as {}", other.short()))),
    };
    let boundary = boundary.map(|arn| managed(state, arn)).transpose()?;
    let session = caller
        .session
        .as_ref()
        .and_then(|session| session.policy.as_ref())
        .map(|document| named("session policy", document))
        .transpose()?;
    Ok(Limits { identity, boundary, session })
}

fn collect(
    state: &State,
    policies: &mut Vec<NamedPolicy>,
    inline: &super::description::iam::Inline,
    attached: &[String],
) -> Result<(), ServiceError> {
    for (name, document) in inline {
        policies.push(named(&format!("inline policy {name}"), document)?);
    }
    for arn in attached {
        policies.push(managed(state, arn)?);
    }
    Ok(())
}

fn managed(state: &State, arn: &str) -> Result<NamedPolicy, ServiceError> {
    let (_, policy) = state.managed(arn).ok_or_else(|| ServiceError::gap(format!("no managed policy `{arn}`")))?;
    let document = policy.versions.get(&policy.default_version);
    let document = document.ok_or_else(|| ServiceError::gap(format!("`{arn}` has no default version")))?;
    named(arn, document)
}

fn named(name: &str, document: &serde_json::Value) -> Result<NamedPolicy, ServiceError> {
    let policy = Policy::from_json(document).map_err(|error| ServiceError::gap(format!("{name}: {error}")))?;
    Ok(NamedPolicy { name: name.to_owned(), policy })
}

/// Lets the call pass only if the caller may do `action` on `resource`. `shown` is the resource as the refusal names it.
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
    let limits = limits(state, &call.caller)?;
    let context = context(state, call);
    let query = Query { principal: &call.caller.arn, action, resource, context: &context };
    let layers = [
        ("an", "identity-based policy", Some(limits.identity)),
        ("a", "permissions boundary", limits.boundary.map(|policy| vec![policy])),
        ("a", "session policy", limits.session.map(|policy| vec![policy])),
    ];
    let mut missing = None;
    for (article, kind, policies) in layers {
        let Some(policies) = policies else { continue };
        match authorize(&policies, None, &query) {
            Authorization::Allowed => {}
            Authorization::ExplicitDeny => {
                return Err(refusal(call, action, shown, &format!("with an explicit deny in {article} {kind}")));
            }
            Authorization::ImplicitDeny => missing = missing.or(Some(kind)),
            Authorization::Unknown(what) => return Err(ServiceError::gap(what)),
        }
    }
    match missing {
        None => Ok(()),
        Some(kind) => Err(refusal(call, action, shown, &format!("because no {kind} allows the {action} action"))),
    }
}

/// `User: … is not authorized to perform: … on resource: …`, with a reason or without.
pub(super) fn refusal(call: &Call, action: &str, resource: Option<&str>, reason: &str) -> ServiceError {
    let on = resource.map(|resource| format!(" on resource: {resource}")).unwrap_or_default();
    let reason = if reason.is_empty() { String::new() } else { format!(" {reason}") };
    let caller = &call.caller.arn;
    call.service.denied(format!("User: {caller} is not authorized to perform: {action}{on}{reason}"))
}

/// The condition keys that AWS sends with every call (IAM User Guide, "AWS global condition context keys").
pub(super) fn context(state: &State, call: &Call) -> Context<'static> {
    let mut context = Context::new();
    let account = call.account();
    let (arn, kind) = match &call.caller.arn {
        PrincipalArn::User { name, .. } => {
            context.set("aws:username", name.clone());
            (state.user(account, name).map(|user| user_arn(account, name, user)), "User")
        }
        PrincipalArn::Session { role, .. } => {
            (state.role(account, role).map(|found| role_arn(account, role, found)), "AssumedRole")
        }
        _ => (None, "Account"),
    };
    context.set("aws:PrincipalArn", arn.unwrap_or_else(|| call.caller.arn.to_string()));
    context.set("aws:PrincipalType", kind);
    context.set("aws:PrincipalAccount", account);
    context.set("aws:userid", call.caller.user_id.clone());
    context.set("aws:SecureTransport", "true");
    context.set("aws:SourceIp", SOURCE_IP);
    context.set("aws:RequestedRegion", call.region.clone());
    context.set("aws:CurrentTime", call.now.to_string());
    context.set("aws:EpochTime", call.now.as_second().to_string());
    context
}
