//! The regions: which were searched for stacks, and how to search the others.

use super::super::view::{View, reason};
use crate::model::finding::Fix;
use crate::model::{ErrorKind, Fact, Finding, Severity};
use crate::values::regions::is_opt_in;
use crate::values::text::counted;

/// "region us-east-1", or "32 regions" after a search of all.
pub(super) fn words(view: &View<'_>) -> String {
    let answered = view.facts.regions.values().filter(|fact| fact.known().is_some()).count();
    if answered == 0 { view.region_words() } else { counted(answered, "region") }
}

/// How to look elsewhere.
pub(super) fn search(view: &View<'_>) -> Fix {
    Fix::command("To look for Quilt stacks in every region:", view.rolecall_with(&["check", "--all-regions"]))
}

/// A region that was searched and did not answer may hold a stack: never passed over in silence.
pub(super) fn judge(view: &View<'_>) -> Option<Finding> {
    let mut off = Vec::new();
    let mut unanswered = Vec::new();
    for (region, fact) in &view.facts.regions {
        match fact {
            Fact::Denied { action, .. } => unanswered.push(format!("{region}: needs {action}")),
            // AWS takes credentials for unknown in a region that the account has not switched on.
            Fact::Failed(error) if error.kind == ErrorKind::Credentials && is_opt_in(region) => {
                off.push(region.as_str())
            }
            Fact::Failed(error) => unanswered.push(format!("{region}: {}", reason(error))),
            _ => {}
        }
    }
    if unanswered.is_empty() {
        return None;
    }
    let claim = format!(
        "{} of {} could not be searched for Quilt stacks.",
        unanswered.len(),
        counted(view.facts.regions.len(), "region")
    );
    let finding = Finding::new(Severity::Info, "stack/regions", "regions", claim);
    let finding = unanswered.into_iter().fold(finding, Finding::because);
    let finding = if off.is_empty() {
        finding
    } else {
        finding.because(format!("not switched on in this account, so left out: {}", off.join(", ")))
    };
    Some(finding.cure(Fix::advice("If the stack is in one of them, give its ARN (`--stack`).")).not_known())
}
