//! GetSessionToken: temporary credentials of a user, with an MFA code behind them or without.

use super::issue::{Kind, issue};
use super::parameter::duration;
use super::{mfa, region};
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::moment::Moment;
use crate::sandbox::query::Form;
use crate::sandbox::session::Holder;
use crate::sandbox::state::State;
use crate::sandbox::xml::Xml;
use crate::values::PrincipalArn;

/// The shortest and the longest session that may be asked for, in seconds.
const DURATION: (u32, u32) = (900, 129_600);
/// What is given where nothing is asked for: 12 hours, in seconds.
const DEFAULT: u32 = 43_200;

/// Answers the call. "You cannot use policies to control authentication operations" (IAM User Guide, Permissions for
/// GetSessionToken), so that none is looked at.
///
/// # Errors
/// As AWS answers.
pub(super) fn get(state: &mut State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let (PrincipalArn::User { name, .. }, None) = (&call.caller.arn, &call.caller.session) else {
        return Err(call.service.denied("Cannot call GetSessionToken with session credentials"));
    };
    region::on(state, call, call.account())?;
    let seconds = duration(form, DURATION)?.unwrap_or(DEFAULT);
    let with_code = mfa::given(state, call, form)?;
    let kind = Kind {
        holder: Holder::User { name: name.clone() },
        account: call.account().to_owned(),
        seconds,
        mfa: with_code.then_some(Moment::At(call.now)),
        ..Kind::default()
    };
    let (session, credentials) = issue(state, call, kind);
    state.sessions.insert(credentials.access_key_id.clone(), session);
    let mut xml = Xml::new();
    credentials.write(&mut xml);
    Ok(xml)
}
