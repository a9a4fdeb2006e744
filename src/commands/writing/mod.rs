//! What every command has that writes a plan without a screen: the plan as text and as JSON, the writing, the exit codes.

pub(super) mod outcome;
pub(super) mod page;

use std::io::{self, Write};

use color_eyre::eyre::{Result, WrapErr};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::apply::{self, ApplyEvent};
use crate::aws::ReadOnly;
use crate::gather::Gatherer;
use crate::model::plan::{ChangeOutcome, ChangeReport};
use crate::model::{Confirmed, Finding, Plan, Selection, Severity};
use crate::plan::PlanId;
use crate::report;
use crate::values::text::safe;
use crate::wording::review as words;

/// Somebody else was faster, or the plan is another one by now.
pub(super) const LOST_RACE: u8 = 5;
/// The plan has changes.
pub(super) const HAS_CHANGES: u8 = 4;
/// The heading over what is wrong before anything is written.
pub(super) const WRONG_NOW: &str = "Errors, as things are now";
/// Nothing could be looked up.
pub(super) const COULD_NOT_TELL: u8 = 3;

/// Writes, and says on standard error what is being written.
///
/// # Errors
/// [`ReadOnly`]: this run writes nothing.
pub(super) async fn write(
    gatherer: &Gatherer,
    selection: &Selection,
    plan: Confirmed<Plan>,
    cancel: CancellationToken,
) -> Result<Vec<ChangeReport>, ReadOnly> {
    let subjects: Vec<String> = plan.get().changes.iter().map(words::subject).collect();
    let (out, mut events) = mpsc::unbounded_channel();
    let tell = async {
        while let Some(event) = events.recv().await {
            if let ApplyEvent::Begun(index) = event
                && let Some(subject) = subjects.get(index)
            {
                let _ = writeln!(io::stderr(), "rolecall: writing {}", safe(subject));
            }
        }
    };
    tokio::join!(apply::apply(gatherer, selection, plan, out, cancel), tell).0
}

/// Where the plan that was asked for is not the one there is now: why, as a clause.
pub(super) struct Other<'a> {
    /// What was answered, in the words of the command: "the answers or the flags".
    pub asked: &'a str,
    /// Nothing is left to be written; `None`: which is as good as having written it.
    pub nothing: Option<&'a str>,
    /// What has changed though the same was asked for.
    pub moved: &'a str,
}

impl Other<'_> {
    /// Why the plan that was asked for is not the one there is now; `None`: it is.
    pub fn than(&self, wanted: &PlanId, id: &PlanId, plan: &Plan) -> Option<String> {
        if wanted.plan() == id.plan() {
            return None;
        }
        let why = if !wanted.has_answers_of(id) {
            self.asked
        } else if plan.is_empty() && plan.blocked.is_empty() {
            self.nothing?
        } else {
            self.moved
        };
        Some(format!("Nothing was written. Plan {wanted} is not the plan there is now: {why}."))
    }
}

/// How the secret is kept: whatever is written to it, this stays.
const KEPT: [&str; 4] = ["secret/owner", "secret/pending-version", "secret/replica", "secret/rotation"];

/// What to know before anything is written, ended by an empty line; nothing where there is nothing.
pub(super) fn warnings<'f>(findings: impl Iterator<Item = &'f Finding>) -> String {
    let text: String = findings.map(report::finding).collect();
    if text.is_empty() { text } else { format!("Warnings\n{text}\n") }
}

/// Whether a finding says how the secret is kept, and that this matters to whoever writes it.
pub(super) fn is_kept(finding: &Finding) -> bool {
    finding.severity != Severity::Ok && KEPT.contains(&finding.id.as_str())
}

/// The exit code where not everything was written.
pub(super) fn of_writing(reports: &[ChangeReport]) -> Option<u8> {
    if reports.iter().any(|report| matches!(report.outcome, ChangeOutcome::LostRace(_))) {
        return Some(LOST_RACE);
    }
    let written = |report: &ChangeReport| matches!(report.outcome, ChangeOutcome::Written { .. });
    (!reports.iter().all(written)).then_some(1)
}

/// Standard output carries the result alone.
///
/// # Errors
/// It cannot be written; a pipe that was closed is none.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if super::output::is_closed_pipe(&error) => Ok(()),
        other => other.wrap_err("standard output cannot be written"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_race_comes_before_a_failure_and_all_written_leaves_it_to_the_check() {
        let report = |outcome| ChangeReport { subject: "s".into(), outcome };
        let written = || report(ChangeOutcome::Written { what: String::new(), undo: Vec::new() });
        let lost = || report(ChangeOutcome::LostRace("changed".into()));
        let failed = || report(ChangeOutcome::Failed("denied".into()));
        let not_begun = || report(ChangeOutcome::NotBegun("before it failed".into()));
        assert_eq!(of_writing(&[written(), written()]), None);
        assert_eq!(of_writing(&[lost(), not_begun()]), Some(LOST_RACE));
        assert_eq!(of_writing(&[written(), lost()]), Some(LOST_RACE));
        assert_eq!(of_writing(&[failed(), not_begun()]), Some(1));
    }
}
