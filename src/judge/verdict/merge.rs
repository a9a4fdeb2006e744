//! The operator's own call beside the evaluation.

use crate::model::{AwsError, ErrorKind, LiveCall};
use crate::policy::{Answer, Case, Cause, Decision, Leaning, LiveError, evaluate};
use crate::values::time::Timestamp;

/// Success is an allow and a refusal a deny, whatever was evaluated; other failures
/// (credentials, region, throttling, network) say nothing about the role.
pub(super) fn merge(case: &Case, evaluated: &Decision, live: Option<&LiveCall>, now: Timestamp) -> (Decision, bool) {
    let lets = evaluated.verdict == Answer::Allow || evaluated.leaning == Some(Leaning::Allow);
    match live.map(|live| &live.outcome) {
        Some(Ok(_)) if evaluated.verdict == Answer::Allow => (evaluated.clone(), false),
        Some(Ok(_)) => (proven(evaluated), evaluated.verdict == Answer::Deny),
        Some(Err(error)) if error.kind == ErrorKind::Denied && evaluated.verdict != Answer::Deny => {
            (refused(case, error, now), lets)
        }
        _ => (evaluated.clone(), false),
    }
}

pub(in super::super) fn proven(evaluated: &Decision) -> Decision {
    Decision {
        verdict: Answer::Allow,
        leaning: None,
        cause: Cause("ok"),
        causes: Vec::new(),
        blocked_by: Vec::new(),
        summary: "The call was made, and AWS gave a session.".into(),
        deciding: evaluated.deciding.clone(),
        unknowns: Vec::new(),
    }
}

/// AWS refused what nothing readable refuses: its message may say why, else what was not read is named, and not blamed.
fn refused(case: &Case, error: &AwsError, now: Timestamp) -> Decision {
    let told = LiveError { code: error.code().into(), message: error.message.clone(), operation: None };
    let with_message = evaluate(&Case { live_error: Some(told), ..case.clone() }, now);
    Decision { verdict: Answer::Deny, leaning: None, ..with_message }
}
