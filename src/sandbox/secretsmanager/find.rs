//! A secret by what the request calls it: its name, its ARN, or its ARN without the suffix.

use super::{not_found, request};
use crate::sandbox::auth;
use crate::sandbox::description::secret::Secret;
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::state::{PARTITION, State, secret_arn};

/// A secret that was found, by name.
pub(super) struct Found {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
}

/// Finds the secret, once the caller may do `action` on it.
///
/// # Errors
/// A refusal, or `ResourceNotFoundException`.
pub(super) fn find(state: &State, call: &Call, id: &str, action: &str) -> Result<Found, ServiceError> {
    let found = search(state, call, id);
    let resource = found.as_ref().map_or_else(|| composed(call, id), |found| found.arn.clone());
    auth::require(state, call, action, &resource, Some(if id.starts_with("arn:") { id } else { &resource }))?;
    found.ok_or_else(|| not_found("Secrets Manager can't find the specified secret."))
}

fn search(state: &State, call: &Call, id: &str) -> Option<Found> {
    let (account, region) = (call.account(), call.region.as_str());
    let secrets = &state.accounts.get(account)?.regions.get(region)?.secrets;
    // An ARN holds the name, so that of thousands of secrets only those that may be meant need theirs.
    secrets.iter().filter(|(name, _)| id.contains(name.as_str())).find_map(|(name, secret)| {
        let arn = secret_arn(account, region, name, secret);
        let without_suffix = arn.get(..arn.len().saturating_sub(7));
        (id == name || id == arn || Some(id) == without_suffix).then(|| Found { name: name.clone(), arn })
    })
}

/// What a policy is matched against when there is no such secret.
fn composed(call: &Call, id: &str) -> String {
    if id.starts_with("arn:") {
        return id.to_owned();
    }
    format!("arn:{PARTITION}:secretsmanager:{}:{}:secret:{id}", call.region, call.account())
}

/// The secret, to be read. One that is scheduled for deletion can be described, nothing else.
pub(super) fn usable<'a>(state: &'a State, call: &Call, found: &Found) -> Result<&'a Secret, ServiceError> {
    let secret = described(state, call, found)?;
    if secret.deleted.is_some() {
        let message = "You can't perform this operation on the secret because it was marked for deletion.";
        return Err(request(message));
    }
    Ok(secret)
}

/// The secret, to be described.
pub(super) fn described<'a>(state: &'a State, call: &Call, found: &Found) -> Result<&'a Secret, ServiceError> {
    let region = state.accounts.get(call.account()).and_then(|account| account.regions.get(&call.region));
    region
        .and_then(|region| region.secrets.get(&found.name))
        .ok_or_else(|| not_found("Secrets Manager can't find the specified secret."))
}

/// The secret, to be changed.
pub(super) fn changed<'a>(state: &'a mut State, call: &Call, found: &Found) -> Result<&'a mut Secret, ServiceError> {
    usable(state, call, found)?;
    state
        .secrets_mut(call.account(), &call.region)
        .get_mut(&found.name)
        .ok_or_else(|| not_found("Secrets Manager can't find the specified secret."))
}
