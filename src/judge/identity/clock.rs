//! The clock of this machine against the `Date` of AWS's answers.

use super::super::view::View;
use crate::model::finding::Fix;
use crate::model::{CallRecord, Finding, Severity};
use crate::values::time::short;

/// AWS refuses signatures 15 minutes off; the SDK corrects itself, other software of the same machine does not (S1-35).
const ERROR_SECONDS: i64 = 300;
const WARNING_SECONDS: i64 = 60;

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let last = view.facts.calls.iter().rev().find_map(|call| Some((call, skew(call)?)));
    let Some((call, seconds)) = last else { return Vec::new() };
    let severity = match seconds.abs() {
        ERROR_SECONDS.. => Severity::Error,
        WARNING_SECONDS.. => Severity::Warning,
        _ => return Vec::new(),
    };
    let off = short(std::time::Duration::from_secs(seconds.unsigned_abs()));
    let way = if seconds > 0 { "behind" } else { "ahead of" };
    let finding = Finding::new(severity, "clock/skew", "clock", format!("This machine's clock is {off} {way} AWS's."))
        .because(format!("sent at {} by this clock", call.started.strftime("%F %T UTC")))
        .because("AWS refuses a signature that is 15 minutes off, and sessions seem to end early or late");
    vec![cured(match call.server_date {
        Some(date) => {
            finding.because(format!("{} answered with the date {}", call.operation, date.strftime("%F %T UTC")))
        }
        None => finding,
    })]
}

fn cured(finding: Finding) -> Finding {
    finding.cure(Fix::command("Let the clock follow a time server.", "sudo timedatectl set-ntp true"))
}

/// Seconds that AWS's clock is ahead of ours. The answer was dated at some moment between sending and its end, to the second.
fn skew(call: &CallRecord) -> Option<i64> {
    let date = call.server_date?;
    let sent = date.duration_since(call.started).as_secs();
    let took = i64::try_from(call.duration.as_secs()).unwrap_or(i64::MAX);
    Some(match sent {
        ..0 => sent + 1,
        _ if sent > took => sent - took,
        _ => 0,
    })
}

/// STS uses one code for a wrong clock and for a wrong key: the message tells.
pub(super) fn is_clock_message(message: &str) -> bool {
    message.contains("Signature expired") || message.contains("Signature not yet current")
}

pub(super) fn refused() -> Finding {
    cured(Finding::new(
        Severity::Error,
        "clock/skew",
        "clock",
        "AWS refuses the signature because this machine's clock is more than 15 minutes off.",
    ))
}
