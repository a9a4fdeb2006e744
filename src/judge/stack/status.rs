//! A stack's status: complete and not rolled back (S3-61).

use super::super::view::View;
use crate::model::facts::Stack;
use crate::model::finding::Fix;
use crate::model::{Finding, Severity};

pub(in super::super) fn judge(view: &View<'_>, stack: &Stack) -> Finding {
    let (name, status) = (stack.arn.name(), stack.status.as_str());
    let (severity, claim, cure) = match status {
        "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE" => {
            (Severity::Ok, format!("{name} is {status}."), None)
        }
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" => {
            (Severity::Ok, format!("{name} is updated; what it no longer needs is being removed ({status})."), None)
        }
        "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_ROLLBACK_COMPLETE" => (
            Severity::Warning,
            format!("The last update of {name} failed and was taken back ({status})."),
            Some("It works as before that update. Find the reason in the stack's events, then update it again."),
        ),
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS" => (
            Severity::Warning,
            format!("The last update of {name} failed and was taken back; its leftovers are being removed ({status})."),
            Some("It works as before that update. Find the reason in the stack's events, then update it again."),
        ),
        _ if status.starts_with("DELETE_") => {
            (Severity::Error, format!("{name} is being deleted, or is gone ({status})."), Some("Choose another stack."))
        }
        "REVIEW_IN_PROGRESS" => (
            Severity::Error,
            format!("{name} was never created: its change set waits for a yes ({status})."),
            Some("Execute the change set first."),
        ),
        "CREATE_IN_PROGRESS" | "IMPORT_IN_PROGRESS" => (
            Severity::Error,
            format!("{name} is being created and not there yet ({status})."),
            Some("Wait until CloudFormation has finished, then run it again."),
        ),
        "ROLLBACK_IN_PROGRESS" | "ROLLBACK_COMPLETE" => (
            Severity::Error,
            format!("The creation of {name} failed and was taken back: nothing of it is there ({status})."),
            Some("Such a stack can only be deleted. Find the reason in its events, delete it, and create it again."),
        ),
        _ if status.ends_with("_FAILED") => (
            Severity::Error,
            format!("{name} is in a failed state ({status})."),
            Some("Find the reason in the stack's events; CloudFormation says how to go on from there."),
        ),
        _ if status.ends_with("_IN_PROGRESS") => (
            Severity::Warning,
            format!("{name} is changing at this moment ({status})."),
            Some("Run it again when CloudFormation has finished: values may change."),
        ),
        _ => (
            Severity::Warning,
            format!("{name} has a status that rolecall does not know ({status})."),
            Some("See the CloudFormation console."),
        ),
    };
    let mut finding = Finding::new(severity, "stack/status", name, claim);
    if let Some(reason) = stack.status_reason.as_ref().filter(|reason| !reason.is_empty()) {
        finding = finding.because(reason);
    }
    if let Some(at) = stack.updated.or(stack.created) {
        finding = finding.because(format!("last changed {}", at.strftime("%F %T UTC")));
    }
    let finding = match cure {
        Some(what) => finding.cure(Fix::advice(what)),
        None => finding,
    };
    if status.contains("ROLLBACK") || status.ends_with("_FAILED") {
        return finding.cure(Fix::command("The events that failed:", view.aws_regional(&failed_events(name))));
    }
    finding
}

/// What failed, the newest first, with AWS's reasons.
const fn failed_events(stack: &str) -> [&str; 8] {
    const QUERY: &str =
        "StackEvents[?contains(ResourceStatus, 'FAILED')].[Timestamp, LogicalResourceId, ResourceStatusReason]";
    ["cloudformation", "describe-stack-events", "--stack-name", stack, "--query", QUERY, "--output", "table"]
}
