//! The policies that limit a caller, collected from the world.

use super::description::iam::Inline;
use super::description::organization::OrganizationLevel;
use super::exchange::ServiceError;
use super::identity::Caller;
use super::state::State;
use crate::policy::document::Policy;
use crate::policy::{Level, NamedPolicy};
use crate::values::PrincipalArn;

/// Everything that limits a caller.
#[derive(Debug)]
pub(super) struct Limits {
    /// Inline, then attached, then those of the groups.
    pub identity: Vec<NamedPolicy>,
    /// The permissions boundary.
    pub boundary: Option<NamedPolicy>,
    /// The session policy of a role session.
    pub session: Option<NamedPolicy>,
    /// The service control policies of its account, from the root down; empty outside of an organization.
    pub scps: Vec<Level>,
}

/// Collects what limits a caller.
///
/// # Errors
/// The world's own fault: a document that is no policy, a managed policy that does not exist.
pub(super) fn limits(state: &State, caller: &Caller) -> Result<Limits, ServiceError> {
    let account = caller.arn.account().as_str();
    let mut limits = match &caller.arn {
        PrincipalArn::User { name, .. } => of_user(state, account, name)?,
        PrincipalArn::Session { role, .. } => of_role(state, account, role)?,
        other => return Err(ServiceError::gap(format!("a caller such as {}", other.short()))),
    };
    limits.session = caller
        .session
        .as_ref()
        .and_then(|session| session.policy.as_ref())
        .map(|document| named("session policy", document))
        .transpose()?;
    Ok(limits)
}

/// What limits a user.
///
/// # Errors
/// As [`limits`].
pub(super) fn of_user(state: &State, account: &str, name: &str) -> Result<Limits, ServiceError> {
    let user = state.user(account, name).ok_or_else(|| ServiceError::gap("the caller is gone"))?;
    let mut identity = Vec::new();
    collect(state, &mut identity, &user.inline, &user.attached)?;
    for group in user.groups.iter().filter_map(|group| state.group(account, group)) {
        collect(state, &mut identity, &group.inline, &group.attached)?;
    }
    whole(state, account, identity, user.boundary.as_deref())
}

/// What limits a role, but for session policies.
///
/// # Errors
/// As [`limits`].
pub(super) fn of_role(state: &State, account: &str, name: &str) -> Result<Limits, ServiceError> {
    let role = state.role(account, name).ok_or_else(|| ServiceError::gap("the caller's role is gone"))?;
    let mut identity = Vec::new();
    collect(state, &mut identity, &role.inline, &role.attached)?;
    whole(state, account, identity, role.boundary.as_deref())
}

fn whole(
    state: &State,
    account: &str,
    identity: Vec<NamedPolicy>,
    boundary: Option<&str>,
) -> Result<Limits, ServiceError> {
    let boundary = boundary.map(|arn| managed(state, arn)).transpose()?;
    let scps = state.accounts.get(account).map(|account| levels(&account.scps)).transpose()?.unwrap_or_default();
    Ok(Limits { identity, boundary, session: None, scps })
}

/// The resource control policies of an account, from the root down.
///
/// # Errors
/// The world's own fault: a document that is no policy.
pub(super) fn rcps(state: &State, account: &str) -> Result<Vec<Level>, ServiceError> {
    Ok(state.accounts.get(account).map(|account| levels(&account.rcps)).transpose()?.unwrap_or_default())
}

fn levels(levels: &[OrganizationLevel]) -> Result<Vec<Level>, ServiceError> {
    let read = |level: &OrganizationLevel| {
        let policies = level.policies.iter().map(|(name, document)| named(name, document));
        Ok(Level { target: level.target.clone(), policies: policies.collect::<Result<_, _>>()? })
    };
    levels.iter().map(read).collect()
}

fn collect(
    state: &State,
    policies: &mut Vec<NamedPolicy>,
    inline: &Inline,
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
