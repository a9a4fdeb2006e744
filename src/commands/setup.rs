//! `rolecall setup --answers`: the walk without a screen. What the screen looks up, judges, plans and writes, this does by the same code.

mod input;
mod outcome;
mod page;
mod signals;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use color_eyre::eyre::{Result, WrapErr};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{complain, select};
use crate::answers::AnswersFile;
use crate::apply::{self, ApplyEvent};
use crate::aws::{ReadOnly, Surroundings};
use crate::check::{self, Checked};
use crate::cli::{Format, Global, Setup};
use crate::gather::Gatherer;
use crate::model::plan::{ChangeOutcome, ChangeReport};
use crate::model::{Confirmed, Plan, Selection};
use crate::plan::{Answers, PlanId, plan};
use crate::report::FailOn;
use crate::values::text::safe;
use crate::wording::review as words;

pub use outcome::SCHEMA;
use outcome::{Outcome, Planned};

/// Somebody else was faster, or the plan is another one by now.
const LOST_RACE: u8 = 5;
/// The plan has changes.
const HAS_CHANGES: u8 = 4;
/// Nothing could be looked up.
const COULD_NOT_TELL: u8 = 3;

/// Runs the command; the result is its exit code. `chosen` is what a demo world chose: the file wins over it, and the flags over both.
///
/// # Errors
/// The result cannot be written.
pub fn run(
    runtime: &Runtime,
    here: Arc<Surroundings>,
    global: &Global,
    options: &Setup,
    file: &Path,
    chosen: Selection,
) -> Result<u8> {
    if options.yes && here.read_only {
        return Ok(complain(&ReadOnly.to_string()));
    }
    let answers = match input::read(file) {
        Ok(answers) => answers,
        Err(why) => return Ok(complain(&why)),
    };
    let selection = select(global, answers.choose(chosen));
    runtime.block_on(headless(here, global, options, file, selection, &answers))
}

async fn headless(
    here: Arc<Surroundings>,
    global: &Global,
    options: &Setup,
    file: &Path,
    selection: Selection,
    answers: &AnswersFile,
) -> Result<u8> {
    let answers = answers.answers();
    let gatherer = Gatherer::new(here);
    let checked = check::with(&gatherer, selection.clone()).await;
    let planned = planned(&checked, &selection, &answers, page::again(global, file));
    let printer = Printer { format: options.format };
    let wanted = options.plan_id.as_ref().filter(|_| planned.report.identity.is_some());
    let Some(wanted) = wanted else {
        let code = planned.exit_code();
        return printer.print(&Outcome::planned(planned, None)).map(|()| code);
    };
    if let Some(why) = another(wanted, &planned) {
        let _ = writeln!(io::stderr(), "rolecall: {why}");
        return printer.print(&Outcome::planned(planned, Some(why))).map(|()| LOST_RACE);
    }
    let Some(confirmed) = planned.plan.clone().confirm(wanted.plan()) else {
        let code = planned.exit_code();
        return printer.print(&Outcome::planned(planned, None)).map(|()| code);
    };
    let told = signals::Told::listen().wrap_err("signals cannot be listened to")?;
    let reports = match write(&gatherer, &checked.selection, confirmed, told.cancel()).await {
        Ok(reports) => reports,
        Err(refused) => return Ok(complain(&refused.to_string())),
    };
    if let Some(code) = told.code() {
        return printer.print(&Outcome::written(planned, reports, None)).map(|()| code);
    }
    let after = check::with(&gatherer, selection).await.report();
    let code = of_writing(&reports).unwrap_or_else(|| after.exit_code(FailOn::Error));
    printer.print(&Outcome::written(planned, reports, Some(after))).map(|()| code)
}

/// Writes, and says on standard error what is being written.
async fn write(
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

fn planned(checked: &Checked, selection: &Selection, answers: &Answers, again: String) -> Planned {
    let plan_of = |answers: &Answers| {
        plan(&checked.facts, &checked.selection, &answers.draft(&checked.facts, &checked.selection))
    };
    let (mut plan, whole) = (plan_of(answers), plan_of(&answers.whole()));
    if checked.facts.identity.known().is_none() {
        plan.blocked.insert(0, "Nothing is written while it is not known who asks.".into());
    }
    let id = PlanId::new(&plan.id, selection, answers);
    Planned { report: checked.report(), left_out: answers.leave_out.iter().cloned().collect(), plan, whole, id, again }
}

/// Why the plan that was asked for is not the one there is now.
fn another(wanted: &PlanId, planned: &Planned) -> Option<String> {
    if wanted.plan() == planned.id.plan() {
        return None;
    }
    let why = if !wanted.has_answers_of(&planned.id) {
        "the answers or the flags are not those it was made from"
    } else if planned.plan.is_empty() && planned.plan.blocked.is_empty() {
        "there is nothing to write any more: config.json and the secret hold what the answers say"
    } else {
        "the answers are the same, but the account, the stack, the secret or config.json is not as it was"
    };
    Some(format!("Nothing was written. Plan {wanted} is not the plan there is now: {why}."))
}

/// The exit code where not everything was written.
fn of_writing(reports: &[ChangeReport]) -> Option<u8> {
    if reports.iter().any(|report| matches!(report.outcome, ChangeOutcome::LostRace(_))) {
        return Some(LOST_RACE);
    }
    let written = |report: &ChangeReport| matches!(report.outcome, ChangeOutcome::Written { .. });
    (!reports.iter().all(written)).then_some(1)
}

impl Planned {
    /// 3 when nothing could be looked up; else what `check` says of a plan that cannot be written, at least 1; else 4, or 0 without changes.
    fn exit_code(&self) -> u8 {
        let of_check = self.report.exit_code(FailOn::Error);
        if self.report.identity.is_none() {
            COULD_NOT_TELL
        } else if !self.plan.blocked.is_empty() {
            of_check.max(1)
        } else if self.plan.is_empty() {
            0
        } else {
            HAS_CHANGES
        }
    }
}

/// Standard output carries the result alone.
struct Printer {
    format: Format,
}

impl Printer {
    fn print(&self, outcome: &Outcome) -> Result<()> {
        let text = match self.format {
            Format::Text => page::text(outcome),
            Format::Json => crate::values::json::printed(&outcome.document()),
        };
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if super::output::is_closed_pipe(&error) => Ok(()),
            other => other.wrap_err("standard output cannot be written"),
        }
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
