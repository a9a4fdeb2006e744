//! Security Token Service: GetCallerIdentity, AssumeRole and GetSessionToken.

mod assume_role;
pub(super) mod case;
mod issue;
mod mfa;
mod parameter;
mod region;
mod session_token;
mod wanted;

use super::exchange::{Call, ServiceError};
use super::query::Form;
use super::state::State;
use super::xml::Xml;
use crate::values::time::Timestamp;

/// Answers a call to STS.
///
/// # Errors
/// As AWS answers.
pub(super) fn serve(state: &mut State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    match call.operation.as_str() {
        // "No permissions are required to perform this operation" (STS API reference).
        "GetCallerIdentity" => Ok(caller_identity(call)),
        "AssumeRole" => assume_role::assume(state, call, form),
        "GetSessionToken" => session_token::get(state, call, form),
        other => Err(ServiceError::new(400, "InvalidAction", format!("Could not find operation {other}"))),
    }
}

fn caller_identity(call: &Call) -> Xml {
    let mut xml = Xml::new();
    xml.text("Arn", &call.caller.arn.to_string());
    xml.text("UserId", &call.caller.user_id);
    xml.text("Account", call.account());
    xml
}

/// RFC 3339 in UTC without a fraction, as AWS writes it.
pub(super) fn whole_seconds(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}
