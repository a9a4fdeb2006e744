//! Who calls: the access key of the signature, looked up in the world.

use super::exchange::{Service, ServiceError};
use super::ids;
use super::state::{PARTITION, Session, State, role_id, user_arn};
use crate::values::PrincipalArn;
use crate::values::time::Timestamp;

/// What the `Authorization` header tells. The signature itself is not checked: no world has a network to protect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Signature {
    /// `AKIA…` or `ASIA…`.
    pub access_key_id: String,
    /// The region of the credential scope.
    pub region: String,
}

impl Signature {
    /// Reads `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
    pub(super) fn read(authorization: &str) -> Option<Self> {
        let scope = authorization.split_once("Credential=")?.1.split(',').next()?;
        let mut parts = scope.split('/');
        let access_key_id = parts.next().filter(|key| !key.is_empty())?.to_owned();
        let region = parts.nth(1)?.to_owned();
        Some(Self { access_key_id, region })
    }
}

/// The principal behind a request.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// As GetCallerIdentity shows it.
    pub arn: PrincipalArn,
    /// `AIDA…`, or `AROA…:session`.
    pub user_id: String,
    /// The role session, for temporary credentials.
    pub session: Option<Session>,
}

/// Finds who signed.
///
/// # Errors
/// As AWS answers: no signature, an unknown or inactive key, a wrong or missing token, a session that has ended.
pub(super) fn caller(
    state: &State,
    service: Service,
    signature: Option<&Signature>,
    token: Option<&str>,
    now: Timestamp,
) -> Result<Caller, ServiceError> {
    let Some(signature) = signature else {
        return Err(ServiceError::new(403, "MissingAuthenticationToken", "Request is missing Authentication Token"));
    };
    if let Some(session) = state.sessions.get(&signature.access_key_id) {
        return session_caller(state, service, session, token, now);
    }
    let user = state.accounts.iter().find_map(|(account, content)| {
        let (name, user) = content
            .users
            .iter()
            .find(|(_, user)| user.access_keys.get(&signature.access_key_id).is_some_and(|key| key.active))?;
        Some((account, name, user))
    });
    let Some((account, name, user)) = user else { return Err(unknown_key(service)) };
    let arn = user_arn(account, name, user);
    let user_id = ids::unique("AIDA", 21, &arn);
    Ok(Caller { arn: parse(&arn)?, user_id, session: None })
}

fn session_caller(
    state: &State,
    service: Service,
    session: &Session,
    token: Option<&str>,
    now: Timestamp,
) -> Result<Caller, ServiceError> {
    if token != Some(session.token.expose()) {
        return Err(unknown_key(service));
    }
    if session.expires.resolve(state.loaded) <= now {
        return Err(match service {
            Service::SecretsManager => {
                ServiceError::new(400, "ExpiredTokenException", "The security token included in the request is expired")
            }
            _ => ServiceError::new(403, "ExpiredToken", "The security token included in the request is expired"),
        });
    }
    let Some(role) = state.role(&session.account, &session.role) else { return Err(unknown_key(service)) };
    let arn = format!("arn:{PARTITION}:sts::{}:assumed-role/{}/{}", session.account, session.role, session.name);
    let user_id = format!("{}:{}", role_id(&session.account, &session.role, role), session.name);
    Ok(Caller { arn: parse(&arn)?, user_id, session: Some(session.clone()) })
}

fn parse(arn: &str) -> Result<PrincipalArn, ServiceError> {
    PrincipalArn::parse(arn).map_err(|error| ServiceError::gap(format!("caller `{arn}`: {error}")))
}

fn unknown_key(service: Service) -> ServiceError {
    let message = "The security token included in the request is invalid.";
    match service {
        Service::SecretsManager => ServiceError::new(400, "UnrecognizedClientException", message),
        _ => ServiceError::new(403, "InvalidClientTokenId", message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_tells_key_and_region() {
        let header =
            "AWS4-HMAC-SHA256 Credential=AKIAX/20260304/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=0";
        let signature = Signature::read(header).unwrap();
        assert_eq!((signature.access_key_id.as_str(), signature.region.as_str()), ("AKIAX", "eu-west-1"));
        assert_eq!(Signature::read("Bearer x"), None);
        assert_eq!(Signature::read("AWS4-HMAC-SHA256 Credential="), None);
    }
}
