//! STS.

use std::fmt;
use std::time::{Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_sdk_sts::types::Tag;

use crate::aws::error::from_sdk;
use crate::aws::{Clock, Connection};
use crate::model::facts::CallerIdentity;
use crate::model::{AwsError, ErrorKind, Hop, LiveCall};
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
    /// The role, and what goes with the call.
    pub hop: &'a Hop,
    /// The session's name, to be found in CloudTrail.
    pub session_name: &'a str,
    /// The inline session policy: what the session may do at most, so that a test never holds more power than it needs.
    pub session_policy: &'a str,
}

/// An inline session policy that denies everything: the test proves that the role can be assumed, and its session can do nothing.
pub const NOTHING: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;

/// The credentials of a session, in memory alone.
#[derive(Clone)]
pub struct Session(pub(crate) Credentials);

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session(…)")
    }
}

/// A live call, and the session that it gave.
#[derive(Clone, Debug)]
pub struct Assumed {
    /// What was asked and answered.
    pub call: LiveCall,
    /// `None` for a refusal.
    pub session: Option<Session>,
}

/// `sts:AssumeRole` as whoever the connection is. A refusal is the outcome, not an error.
pub async fn assume_role(connection: &Connection, clock: Clock, request: &AssumeRole<'_>) -> Assumed {
    const OPERATION: &str = "sts:AssumeRole";
    let (hop, at, started) = (request.hop, clock.now(), Instant::now());
    let seconds = hop.duration_seconds.unwrap_or(Hop::DEFAULT_DURATION);
    let call = connection
        .sts
        .assume_role()
        .role_arn(&hop.role_arn)
        .role_session_name(request.session_name)
        .set_external_id(hop.external_id.clone())
        .duration_seconds(i32::try_from(seconds).unwrap_or(i32::MAX))
        .set_tags(tags(hop))
        .set_transitive_tag_keys(Some(hop.transitive_tag_keys.clone()).filter(|keys| !keys.is_empty()))
        .set_source_identity(hop.source_identity.clone())
        .policy(request.session_policy);
    let answer = call.send().await.map_err(|error| from_sdk(OPERATION, &error));
    let session = answer.as_ref().ok().and_then(|answer| answer.credentials()).map(session);
    let outcome = answer.and_then(|answer| {
        let expires = answer.credentials().and_then(|credentials| timestamp(credentials.expiration()));
        expires.ok_or_else(|| AwsError::local(ErrorKind::Other, OPERATION, "the answer holds no credentials"))
    });
    Assumed {
        call: LiveCall { at, took: started.elapsed(), session_name: request.session_name.to_owned(), outcome },
        session,
    }
}

/// A tag needs a key and a value, which ours have.
fn tags(hop: &Hop) -> Option<Vec<Tag>> {
    let tags: Vec<Tag> =
        hop.tags.iter().filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok()).collect();
    (!tags.is_empty()).then_some(tags)
}

/// The SDK's credentials of an answer, as every client takes them.
pub(crate) fn session(answer: &aws_sdk_sts::types::Credentials) -> Session {
    Session(Credentials::new(
        answer.access_key_id(),
        answer.secret_access_key(),
        Some(answer.session_token().to_owned()),
        SystemTime::try_from(*answer.expiration()).ok(),
        "rolecall",
    ))
}
