//! Who calls: the access key of the signature, looked up in the world.

use jiff::SignedDuration;

use super::exchange::ServiceError;
use super::ids;
use super::service::Service;
use super::session::{Holder, Session};
use super::state::{PARTITION, State, role_id, user_arn};
use crate::values::PrincipalArn;
use crate::values::time::Timestamp;

/// How far a request's date may be off (Signature Version 4; for STS as its own messages say).
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// What the headers of a signed request tell. The signature itself is not checked: no world has a network to protect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Signature {
    /// `AKIA…` or `ASIA…`.
    pub access_key_id: String,
    /// The region of the credential scope.
    pub region: String,
    /// `X-Amz-Date`, UTC.
    pub date: Option<Timestamp>,
}

impl Signature {
    /// Reads `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
    pub(super) fn read(authorization: &str) -> Option<Self> {
        let scope = authorization.split_once("Credential=")?.1.split(',').next()?;
        let mut parts = scope.split('/');
        let access_key_id = parts.next().filter(|key| !key.is_empty())?.to_owned();
        let region = parts.nth(1)?.to_owned();
        Some(Self { access_key_id, region, date: None })
    }

    /// With the date of `X-Amz-Date`.
    pub(super) fn dated(self, header: Option<&str>) -> Self {
        let date = header.and_then(|text| jiff::civil::DateTime::strptime(DATE, text).ok());
        Self {
            date: date.and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok()).map(|date| date.timestamp()),
            ..self
        }
    }
}

/// As `X-Amz-Date` and the messages about it write a time.
const DATE: &str = "%Y%m%dT%H%M%SZ";

/// The principal behind a request.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// As GetCallerIdentity shows it.
    pub arn: PrincipalArn,
    /// `AIDA…`, or `AROA…:session`.
    pub user_id: String,
    /// The session, for temporary credentials.
    pub session: Option<Session>,
}

impl Caller {
    /// How long ago its MFA code was given, in seconds. `None`: the credentials carry none.
    pub(super) fn mfa_age(&self, state: &State, now: Timestamp) -> Option<u64> {
        let given = self.session.as_ref()?.mfa?.resolve(state.loaded);
        Some(u64::try_from(now.duration_since(given).as_secs()).unwrap_or_default())
    }
}

/// Finds who signed.
///
/// # Errors
/// As AWS answers: no signature, an unknown or inactive key, a date too far off, a wrong or missing token, a session that has ended.
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
        dated(state, service, signature, now)?;
        return session_caller(state, service, session, token, now);
    }
    let user = state.accounts.iter().find_map(|(account, content)| {
        let (name, user) = content
            .users
            .iter()
            .find(|(_, user)| user.access_keys.get(&signature.access_key_id).is_some_and(|key| key.active))?;
        Some((account, name, user))
    });
    let Some((account, name, user)) = user else { return Err(service.unknown_key()) };
    dated(state, service, signature, now)?;
    let arn = user_arn(account, name, user);
    Ok(Caller { user_id: user_id(&arn), arn: parse(&arn)?, session: None })
}

/// Refuses a request of another time. Only in a world that is about it: tests date their requests as they like.
fn dated(state: &State, service: Service, signature: &Signature, now: Timestamp) -> Result<(), ServiceError> {
    let Some(sent) = signature.date.filter(|_| state.is_skewed()) else { return Ok(()) };
    let word = |time: Timestamp| time.strftime(DATE).to_string();
    let (earliest, latest) = (now.checked_sub(PATIENCE), now.checked_add(PATIENCE));
    let message = match (earliest, latest) {
        (Ok(limit), _) if sent < limit => {
            format!("Signature expired: {} is now earlier than {} ({} - 15 min.)", word(sent), word(limit), word(now))
        }
        (_, Ok(limit)) if sent > limit => {
            format!(
                "Signature not yet current: {} is still later than {} ({} + 15 min.)",
                word(sent),
                word(limit),
                word(now)
            )
        }
        _ => return Ok(()),
    };
    Err(service.skewed(message))
}

fn session_caller(
    state: &State,
    service: Service,
    session: &Session,
    token: Option<&str>,
    now: Timestamp,
) -> Result<Caller, ServiceError> {
    if token != Some(session.token.expose()) {
        return Err(service.unknown_key());
    }
    if session.expires.resolve(state.loaded) <= now {
        return Err(service.expired());
    }
    let (arn, user_id) = match &session.holder {
        Holder::Role { role, session: name } => {
            let found = state.role(&session.account, role).ok_or_else(|| service.unknown_key())?;
            let arn = format!("arn:{PARTITION}:sts::{}:assumed-role/{role}/{name}", session.account);
            (arn, format!("{}:{name}", role_id(&session.account, role, found)))
        }
        Holder::User { name } => {
            // "You cannot call any IAM API operations unless MFA authentication information is included in the request" (STS API
            // reference, GetSessionToken).
            if service == Service::Iam && session.mfa.is_none() {
                return Err(service.unknown_key());
            }
            let found = state.user(&session.account, name).ok_or_else(|| service.unknown_key())?;
            let arn = user_arn(&session.account, name, found);
            let user_id = user_id(&arn);
            (arn, user_id)
        }
    };
    Ok(Caller { arn: parse(&arn)?, user_id, session: Some(session.clone()) })
}

/// The unique id of a user.
fn user_id(arn: &str) -> String {
    ids::unique("AIDA", 21, arn)
}

fn parse(arn: &str) -> Result<PrincipalArn, ServiceError> {
    PrincipalArn::parse(arn).map_err(|error| ServiceError::gap(format!("caller `{arn}`: {error}")))
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
        let dated = signature.dated(Some("20260304T120000Z"));
        assert_eq!(dated.date, "2026-03-04T12:00:00Z".parse().ok());
        assert_eq!(Signature::read("Bearer x"), None);
        assert_eq!(Signature::read("AWS4-HMAC-SHA256 Credential="), None);
    }
}
