//! A stack's status: complete and not rolled back (S3-61).

use crate::model::facts::Stack;
use crate::model::finding::Fix;
use crate::model::{Finding, Severity};

pub(in super::super) fn judge(stack: &Stack) -> Finding {
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
            Some("It works as before that update. See the stack's events for the reason, then update it again."),
        ),
        _ if status.starts_with("DELETE_") => {
            (Severity::Error, format!("{name} is being deleted, or is gone ({status})."), Some("Choose another stack."))
        }
        "REVIEW_IN_PROGRESS" => (
            Severity::Error,
            format!("{name} was never created: its change set waits for a yes ({status})."),
            Some("Execute the change set first."),
        ),
        "CREATE_IN_PROGRESS" | "ROLLBACK_IN_PROGRESS" | "ROLLBACK_COMPLETE" => (
            Severity::Error,
            format!("{name} is not there yet, or its creation failed ({status})."),
            Some("Wait for it, or delete it and create it again."),
        ),
        _ if status.ends_with("_FAILED") => (
            Severity::Error,
            format!("{name} is in a failed state ({status})."),
            Some("See the stack's events for the reason; CloudFormation says how to go on from there."),
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
    match cure {
        Some(what) => finding.cure(Fix::advice(what)),
        None => finding,
    }
}
