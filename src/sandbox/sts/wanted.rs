//! The parameters of AssumeRole, refused where the API model refuses them.
//!
//! Source: STS API reference, AssumeRole: Request Parameters.

use serde_json::Value;

use super::parameter::{constraint, duration, word};
use crate::policy::Request;
use crate::policy::document::Policy;
use crate::sandbox::auth::SOURCE_IP;
use crate::sandbox::exchange::ServiceError;
use crate::sandbox::query::Form;

/// The shortest and the longest session that may be asked for, in seconds.
const DURATION: (u32, u32) = (900, 43_200);
/// The most session tags that go with a call.
const TAGS: usize = 50;

/// What an AssumeRole asks for.
pub(super) struct Wanted {
    /// As it was written.
    pub role_arn: String,
    /// Everything that conditions see.
    pub request: Request,
    /// The session's name.
    pub session_name: String,
    /// The inline session policy.
    pub policy: Option<Value>,
}

impl Wanted {
    /// Reads the parameters that worlds use.
    ///
    /// # Errors
    /// As AWS answers; a gap for those that the sandbox does not have.
    pub(super) fn read(form: &Form) -> Result<Self, ServiceError> {
        let role_arn = form.required("RoleArn")?.to_owned();
        if role_arn.len() < 20 {
            return Err(constraint("roleArn", &role_arn, "have length greater than or equal to 20"));
        }
        let session_name = form.required("RoleSessionName")?.to_owned();
        word("roleSessionName", &session_name, (2, 64), "+=,.@-", r"[\w+=,.@-]*")?;
        let external_id = form.get("ExternalId").map(ToOwned::to_owned);
        if let Some(id) = &external_id {
            word("externalId", id, (2, 1_224), "+=,.@:/-", r"[\w+=,.@:\/-]*")?;
        }
        let source_identity = form.get("SourceIdentity").map(ToOwned::to_owned);
        if let Some(identity) = &source_identity {
            word("sourceIdentity", identity, (2, 64), "+=,.@-", r"[\w+=,.@-]*")?;
        }
        let keys = form.members("Tags", Some("Key"));
        if keys.len() > TAGS {
            return Err(constraint("tags", "(tags)", &format!("have length less than or equal to {TAGS}")));
        }
        if !form.members("PolicyArns", Some("arn")).is_empty() {
            return Err(ServiceError::gap("managed session policies"));
        }
        let request = Request {
            external_id,
            duration_seconds: duration(form, DURATION)?,
            session_name: Some(session_name.clone()),
            tags: keys.into_iter().zip(form.members("Tags", Some("Value"))).collect(),
            transitive_tag_keys: form.members("TransitiveTagKeys", None),
            source_identity,
            source_ip: Some(SOURCE_IP.to_owned()),
            ..Request::default()
        };
        Ok(Self { role_arn, request, session_name, policy: session_policy(form)? })
    }
}

fn session_policy(form: &Form) -> Result<Option<Value>, ServiceError> {
    let Some(text) = form.get("Policy") else { return Ok(None) };
    let refused = |message: &str| ServiceError::new(400, "MalformedPolicyDocument", message);
    if text.len() > 2_048 {
        return Err(constraint("policy", "(policy)", "have length less than or equal to 2048"));
    }
    let document: Value = serde_json::from_str(text).map_err(|_| refused("This policy contains invalid Json"))?;
    Policy::from_json(&document).map_err(|_| refused("Syntax errors in policy."))?;
    Ok(Some(document))
}
