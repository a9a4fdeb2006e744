//! Codes of MFA devices. They are looked at before any policy is.

use super::parameter::{constraint, word};
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::query::Form;
use crate::sandbox::state::State;
use crate::values::PrincipalArn;

/// Whether the request brings a code, once it was taken.
///
/// # Errors
/// A device that is not the calling user's, or shows no codes; a code that is wrong or was taken before.
pub(super) fn given(state: &mut State, call: &Call, form: &Form) -> Result<bool, ServiceError> {
    let (serial, code) = match (form.get("SerialNumber"), form.get("TokenCode")) {
        (None, None) => return Ok(false),
        (Some(serial), Some(code)) => (serial, code),
        _ => return Err(failed(", must provide both MFA serial number and one time pass code.")),
    };
    word("serialNumber", serial, (9, 256), "=/:,.@-", r"[\w+=/:,.@-]*")?;
    if code.len() != 6 {
        let way = if code.len() < 6 { "greater" } else { "less" };
        return Err(constraint("tokenCode", code, &format!("have length {way} than or equal to 6")));
    }
    let of_user = match &call.caller.arn {
        PrincipalArn::User { name, .. } => state.user(call.account(), name),
        _ => None,
    };
    let device = of_user.and_then(|user| user.mfa_devices.iter().find(|device| device.serial == serial));
    let Some(shown) = device.and_then(|device| device.code.as_ref()) else {
        let rest = ", unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.";
        return Err(failed(rest));
    };
    if shown.0.expose() == code && state.take_code(serial, call.now) {
        return Ok(true);
    }
    Err(failed(" with invalid MFA one time pass code. "))
}

fn failed(rest: &str) -> ServiceError {
    ServiceError::new(403, "AccessDenied", format!("MultiFactorAuthentication failed{rest}"))
}
