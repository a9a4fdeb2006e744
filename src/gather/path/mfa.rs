//! MFA: whether it is wanted, which devices there are, and the session that a typed code gives.

use tokio::sync::Mutex;

use super::Look;
use crate::aws::calls::sts::Session;
use crate::aws::calls::sts_session;
use crate::aws::{Clock, Connection, Connector};
use crate::gather::Sink;
use crate::model::facts::{MfaDevice, RoleDetail};
use crate::model::inquiry::MfaCode;
use crate::model::selection::CredentialSource;
use crate::model::{AwsError, ErrorKind, Fact, Selection};
use crate::policy::wants;
use crate::values::PrincipalArn;
use crate::values::time::Timestamp;

const OPERATION: &str = "sts:GetSessionToken";

/// How long the session of a code is asked for, in seconds: a diagnosis, and some repetitions of it.
const DURATION: u32 = 3_600;

/// The session of the last code. A code works once, so that it is sent once, and what came of it is kept for as long as it holds.
#[derive(Debug, Default)]
pub(in crate::gather) struct Kept(Mutex<Option<Used>>);

#[derive(Clone, Debug)]
struct Used {
    source: Option<CredentialSource>,
    code: MfaCode,
    /// `None`: it was sent, and nobody waited for the answer.
    outcome: Option<Result<Given, AwsError>>,
}

#[derive(Clone, Debug)]
struct Given {
    session: Session,
    since: Timestamp,
    expires: Timestamp,
}

/// Clients that carry MFA.
pub(super) struct WithMfa {
    pub connection: Connection,
    /// When the code was used, UTC.
    pub since: Timestamp,
}

/// The session of the typed code, if one was typed and it is good. What comes of it lands.
pub(super) async fn session(
    kept: &Kept,
    connector: &Connector,
    connection: &Connection,
    selection: &Selection,
    sink: &Sink,
) -> Option<WithMfa> {
    let code = selection.inquiry.as_ref()?.mfa.as_ref()?;
    let given = given(kept, connector.here().clock, connection, selection, code).await;
    let fact = match &given {
        Ok(given) => Fact::Known(given.expires),
        // A wrong code is no missing permission.
        Err(error) => Fact::Failed(AwsError { missing_action: None, ..error.clone() }),
    };
    sink.land(move |facts| facts.path.mfa_session = fact);
    let given = given.ok()?;
    let connection = connector.with_session(connection, &given.session).await.ok()?;
    Some(WithMfa { connection, since: given.since })
}

async fn given(
    kept: &Kept,
    clock: Clock,
    connection: &Connection,
    selection: &Selection,
    code: &MfaCode,
) -> Result<Given, AwsError> {
    let mut kept = kept.0.lock().await;
    let same = |used: &&Used| used.code == *code && used.source == selection.source;
    if let Some(used) = kept.as_ref().filter(same) {
        return used.again(clock.now());
    }
    if !connection.is_long_term() {
        return Err(AwsError::local(
            ErrorKind::Invalid,
            OPERATION,
            "a code cannot be used with these credentials: they are temporary, and GetSessionToken takes an IAM user's own access key",
        ));
    }
    *kept = Some(Used { source: selection.source.clone(), code: code.clone(), outcome: None });
    let since = clock.now();
    let answer = sts_session::get_session_token(connection, &code.serial, &code.code, DURATION).await;
    let outcome = answer.map(|(session, expires)| Given { session, since, expires });
    // Without an answer from STS the code was not used up.
    let unused = matches!(&outcome, Err(error) if error.code.is_none() || error.kind == ErrorKind::Throttled);
    *kept = (!unused).then(|| Used {
        source: selection.source.clone(),
        code: code.clone(),
        outcome: Some(outcome.clone()),
    });
    outcome
}

impl Used {
    fn again(&self, now: Timestamp) -> Result<Given, AwsError> {
        let spent = |message: &str| Err(AwsError::local(ErrorKind::Invalid, OPERATION, message));
        match &self.outcome {
            None => spent("this code was sent before, and a code works once: type the next one"),
            Some(Ok(given)) if given.expires <= now => {
                spent("the session of this code has ended, and a code works once: type a new one")
            }
            Some(outcome) => outcome.clone(),
        }
    }
}

/// The operator's devices, where MFA is wanted: by the AWS profile, or by the first role's trust policy. Only an IAM user has any, and only a
/// call with its own keys can get a session with MFA.
pub(super) async fn devices(look: &Look<'_>, first: Option<&RoleDetail>) {
    let own = look.shared.own;
    let serial = own.mfa_serial();
    let trust_wants = first.and_then(|role| role.trust.as_ref().ok()).is_some_and(wants::mfa);
    if !own.is_long_term() || !(serial.is_some() || trust_wants) {
        return;
    }
    let Ok(caller) = own.caller().await else { return };
    let PrincipalArn::User { name, .. } = &caller.arn else { return };
    let Some(reader) = look.shared.readers.of(&caller.account).await else { return };
    let devices = with_configured(look.shared.devices(&reader.connection, name).await, serial);
    look.sink.land(move |facts| facts.path.mfa_devices = Fact::from_result(devices));
}

/// The device that the AWS profile names comes first; where the list cannot be read, it is all that is known.
fn with_configured(listed: Result<Vec<MfaDevice>, AwsError>, serial: Option<&str>) -> Result<Vec<MfaDevice>, AwsError> {
    let Some(serial) = serial else { return listed };
    let mut devices = vec![MfaDevice { serial: serial.to_owned() }];
    devices.extend(listed.unwrap_or_default().into_iter().filter(|device| device.serial != serial));
    Ok(devices)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(serial: &str) -> MfaDevice {
        MfaDevice { serial: serial.into() }
    }

    #[test]
    fn the_configured_device_comes_first_and_is_known_without_a_list() {
        let denied = || Err(AwsError::local(ErrorKind::Denied, "iam:ListMFADevices", "no"));
        let listed = || Ok(vec![device("a"), device("b")]);
        assert_eq!(with_configured(listed(), Some("b")), Ok(vec![device("b"), device("a")]));
        assert_eq!(with_configured(listed(), None), listed());
        assert_eq!(with_configured(denied(), Some("b")), Ok(vec![device("b")]));
        assert_eq!(with_configured(denied(), None), denied());
    }

    #[test]
    fn a_code_that_was_sent_is_not_sent_again() {
        let code = MfaCode { serial: "a".into(), code: "123456".into() };
        let used = |outcome| Used { source: None, code: code.clone(), outcome };
        let now: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
        let refused =
            AwsError { code: Some("AccessDenied".into()), ..AwsError::local(ErrorKind::Denied, OPERATION, "x") };
        assert!(used(None).again(now).unwrap_err().message.contains("type the next one"));
        assert_eq!(used(Some(Err(refused.clone()))).again(now).unwrap_err(), refused);
        assert!(!format!("{:?}", used(None)).contains("123456"));
    }
}
