//! STS.

use std::time::Instant;

use crate::aws::error::from_sdk;
use crate::aws::{Clock, Connection};
use crate::model::facts::CallerIdentity;
use crate::model::{AwsError, ErrorKind, LiveCall};
use crate::values::{AccountId, PrincipalArn};

use super::timestamp;

/// `sts:GetCallerIdentity`: needs no permission, and cannot be denied.
///
/// # Errors
/// Credentials that AWS does not accept, or no answer.
pub async fn caller_identity(connection: &Connection) -> Result<CallerIdentity, AwsError> {
    const OPERATION: &str = "sts:GetCallerIdentity";
    let answer = connection.sts.get_caller_identity().send().await.map_err(|error| from_sdk(OPERATION, &error))?;
    let unreadable = |what: String| AwsError::local(ErrorKind::Other, OPERATION, what);
    let account = AccountId::parse(answer.account().unwrap_or_default())
        .ok_or_else(|| unreadable("the answer names no account".into()))?;
    let arn = answer.arn().unwrap_or_default();
    let arn = PrincipalArn::parse(arn)
        .map_err(|error| unreadable(format!("the caller's ARN `{arn}` cannot be read: {error}")))?;
    Ok(CallerIdentity { account, arn, user_id: answer.user_id().unwrap_or_default().to_owned() })
}

/// What the live test of a role asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssumeRole<'a> {
    /// The role.
    pub role_arn: &'a str,
    /// The session's name, to be found in CloudTrail.
    pub session_name: &'a str,
    /// `ExternalId`; sent only when set (S2-26).
    pub external_id: Option<&'a str>,
    /// `DurationSeconds`, in seconds.
    pub duration_seconds: u32,
}

/// An inline session policy that denies everything: the test proves that the role can be assumed, and its session can do nothing.
const NOTHING: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;

/// `sts:AssumeRole` as the operator. The session's credentials are dropped at once; a refusal is the outcome, not an error.
pub async fn assume_role(connection: &Connection, clock: Clock, request: &AssumeRole<'_>) -> LiveCall {
    const OPERATION: &str = "sts:AssumeRole";
    let at = clock.now();
    let started = Instant::now();
    let duration = i32::try_from(request.duration_seconds).unwrap_or(i32::MAX);
    let result = connection
        .sts
        .assume_role()
        .role_arn(request.role_arn)
        .role_session_name(request.session_name)
        .set_external_id(request.external_id.map(str::to_owned))
        .duration_seconds(duration)
        .policy(NOTHING)
        .send()
        .await;
    let outcome = match result {
        Ok(answer) => answer
            .credentials()
            .and_then(|credentials| timestamp(credentials.expiration()))
            .ok_or_else(|| AwsError::local(ErrorKind::Other, OPERATION, "the answer holds no credentials")),
        Err(error) => Err(from_sdk(OPERATION, &error)),
    };
    LiveCall { at, took: started.elapsed(), session_name: request.session_name.to_owned(), outcome }
}
