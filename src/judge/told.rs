//! What an error message says: of the live call, or as it was pasted. It is read, and never trusted alone.

use crate::message;
use crate::model::verdict::Told;
use crate::model::{AwsError, Inquiry, LiveCall};
use crate::policy::{Case, LiveError};
use crate::values::{PrincipalArn, SecretText};

/// A pasted message that is about a question: the same caller, the same role.
pub(super) struct Pasted {
    /// As evidence of the verdict.
    pub error: LiveError,
    /// As it is shown.
    pub told: Told,
}

/// What AWS told about a live call. `None`: it gave a session, or no answer came.
pub(super) fn of_call(live: &LiveCall) -> Option<Told> {
    let error = live.outcome.as_ref().err().filter(|error| error.code.is_some())?;
    Some(told(&message::read(&as_printed(error)), false))
}

/// The message that began the diagnosis, where it is about this very question.
pub(super) fn pasted(inquiry: &Inquiry, case: &Case) -> Option<Pasted> {
    let reading = message::read(inquiry.message.as_ref().map(SecretText::expose)?);
    if !same_caller(reading.caller.as_deref(), &case.caller) || !same_role(reading.role_arn.as_deref(), &case.role_arn)
    {
        return None;
    }
    let code = reading.code.clone().unwrap_or_else(|| "AccessDenied".into());
    let error = LiveError { code, message: reading.message.clone(), operation: None };
    Some(Pasted { error, told: told(&reading, true) })
}

/// An error as the AWS CLI prints it: the form that the reader of messages knows best.
pub(super) fn as_printed(error: &AwsError) -> String {
    let operation = error.operation.split_once(':').map_or(error.operation.as_str(), |(_, name)| name);
    format!("An error occurred ({}) when calling the {operation} operation: {}", error.code(), error.message)
}

fn told(reading: &message::Reading, pasted: bool) -> Told {
    Told {
        pasted,
        message: reading.message.clone(),
        summary: reading.summary.clone(),
        cause: reading.cause,
        layer: reading.layer,
    }
}

/// A message without a caller may be anybody's. One session of a role is as good as another.
fn same_caller(told: Option<&str>, caller: &PrincipalArn) -> bool {
    let Some(told) = told.and_then(|told| PrincipalArn::parse(told).ok()) else { return true };
    let role = |arn: &PrincipalArn| match arn {
        PrincipalArn::Session { account, role, .. } => Some((account.clone(), role.clone())),
        PrincipalArn::Role(role) => Some((role.account().clone(), role.name().to_owned())),
        _ => None,
    };
    told == *caller || (role(&told).is_some() && role(&told) == role(caller))
}

fn same_role(told: Option<&str>, role: &str) -> bool {
    told.is_none_or(|told| told == role)
}
