//! STS: a session of the caller's own, with MFA.

use super::sts::{Session, session};
use super::timestamp;
use crate::aws::Connection;
use crate::aws::error::from_sdk;
use crate::model::{AwsError, ErrorKind};
use crate::values::SecretText;
use crate::values::time::Timestamp;

/// `sts:GetSessionToken` with a code of the caller's MFA device, for `duration_seconds` (900 to 129,600). It can be called with long-term
/// keys alone, and a code works once (STS API reference, GetSessionToken). Returns the session and when it ends, UTC.
///
/// # Errors
/// What AWS refused: a code that is wrong or used up, a device that is not the caller's.
pub async fn get_session_token(
    connection: &Connection,
    serial: &str,
    code: &SecretText,
    duration_seconds: u32,
) -> Result<(Session, Timestamp), AwsError> {
    const OPERATION: &str = "sts:GetSessionToken";
    let answer = connection
        .sts
        .get_session_token()
        .serial_number(serial)
        .token_code(code.expose())
        .duration_seconds(i32::try_from(duration_seconds).unwrap_or(i32::MAX))
        .send()
        .await
        .map_err(|error| from_sdk(OPERATION, &error))?;
    let given = answer.credentials().and_then(|given| Some((session(given), timestamp(given.expiration())?)));
    given.ok_or_else(|| AwsError::local(ErrorKind::Other, OPERATION, "the answer holds no credentials"))
}
