//! Regions in which an account has switched STS off.

use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::state::State;

/// Lets a call pass that would make credentials. GetCallerIdentity is answered everywhere.
///
/// # Errors
/// `RegionDisabledException`, as AWS words it.
pub(super) fn on(state: &State, call: &Call) -> Result<(), ServiceError> {
    let account = call.account();
    if state.accounts.get(account).is_none_or(|content| !content.sts_regions_off.contains(&call.region)) {
        return Ok(());
    }
    let message = format!(
        "STS is not activated in this region for account:{account}. Your account administrator can activate STS in this region \
         using the IAM Console."
    );
    Err(ServiceError::new(403, "RegionDisabledException", message))
}
