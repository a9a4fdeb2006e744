//! Regions in which an account has switched STS off.

use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::state::State;

/// Lets a call pass that would make credentials in `account`: the role's for AssumeRole, the caller's for GetSessionToken.
/// GetCallerIdentity makes none and is answered everywhere.
///
/// Source: IAM User Guide, "Manage AWS STS in an AWS Region": the account in which the credentials are made has to have the endpoint
/// activated, whether or not the caller's own account has.
///
/// # Errors
/// `RegionDisabledException`, as AWS words it.
pub(super) fn on(state: &State, call: &Call, account: &str) -> Result<(), ServiceError> {
    if state.accounts.get(account).is_none_or(|content| !content.sts_regions_off.contains(&call.region)) {
        return Ok(());
    }
    let message = format!(
        "STS is not activated in this region for account:{account}. Your account administrator can activate STS in this region \
         using the IAM Console."
    );
    Err(ServiceError::new(403, "RegionDisabledException", message))
}
