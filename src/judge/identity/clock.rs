//! The clock of this machine against the `Date` of AWS's answers.

use super::super::view::View;
use crate::model::finding::Fix;
use crate::model::{CallRecord, Finding, Severity};
use crate::values::time::short;

/// Most services of AWS refuse a signature that is five minutes off, STS and some others one that is fifteen; the SDK corrects itself, other
/// software of the same machine does not (S1-35). Source: IAM User Guide, "AWS Signature Version 4 for API requests".
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
        .because("most services of AWS refuse a signature that is 5 minutes off, STS one that is 15 off; sessions seem to end early or late");
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

/// Seconds that AWS's clock is ahead of ours, counted from the second of each, as both are told. The answer was dated at some moment between
/// sending and its end.
fn skew(call: &CallRecord) -> Option<i64> {
    let sent = call.server_date?.as_second() - call.started.as_second();
    let took = i64::try_from(call.duration.as_secs()).unwrap_or(i64::MAX);
    Some(match sent {
        ..0 => sent,
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
        "AWS refuses the signature because this machine's clock is off, by more than 5 minutes (with some services 15).",
    ))
}
