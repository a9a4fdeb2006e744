//! `rolecall setup --answers`: the walk without a screen. What the screen looks up, judges, plans and writes, this does by the same code.

mod input;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use color_eyre::eyre::{Result, WrapErr};
use tokio::runtime::Runtime;

use super::signals::Told;
use super::writing::outcome::{After, Outcome, Planned};
use super::writing::{self, COULD_NOT_TELL, HAS_CHANGES, LOST_RACE, Other, WRONG_NOW, page};
use super::{complain, select};
use crate::answers::AnswersFile;
use crate::aws::{ReadOnly, Surroundings};
use crate::check::{self, Checked};
use crate::cli::{Format, Global, Setup};
use crate::gather::Gatherer;
use crate::model::Selection;
use crate::plan::{Answers, PlanId, plan};
use crate::report::{self, FailOn};
use crate::values::shell;
use crate::wording::review as words;

/// The JSON Schema of the result, draft 2020-12.
pub const SCHEMA: &str = include_str!("../../assets/schema/setup.json");

/// What a plan is compared with.
const OTHER: Other<'static> = Other {
    asked: "the answers or the flags are not those it was made from",
    nothing: Some("there is nothing to write any more: config.json and the secret hold what the answers say"),
    moved: "the answers are the same, but the account, the stack, the secret or config.json is not as it was",
};

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
    let read_only = here.read_only;
    let gatherer = Gatherer::new(here);
    let checked = check::with(&gatherer, selection.clone()).await;
    let planned = planned(&checked, &selection, &answers, again(global, file), read_only);
    let print = |outcome: &Outcome| printed(outcome, options.format);
    let wanted = options.plan_id.as_ref().filter(|_| planned.report.identity.is_some());
    let Some(wanted) = wanted else {
        let code = exit_code(&planned);
        return print(&Outcome::planned(planned, None)).map(|()| code);
    };
    if let Some(why) = OTHER.than(wanted, &planned.id, &planned.plan) {
        let _ = writeln!(io::stderr(), "rolecall: {why}");
        return print(&Outcome::planned(planned, Some(why))).map(|()| LOST_RACE);
    }
    let Some(confirmed) = planned.plan.clone().confirm(wanted.plan()) else {
        let code = exit_code(&planned);
        return print(&Outcome::planned(planned, None)).map(|()| code);
    };
    let told = Told::listen().wrap_err("signals cannot be listened to")?;
    let reports = match writing::write(&gatherer, &checked.selection, confirmed, told.cancel()).await {
        Ok(reports) => reports,
        Err(refused) => return Ok(complain(&refused.to_string())),
    };
    if let Some(code) = told.code() {
        return print(&Outcome::written(planned, reports, None)).map(|()| code);
    }
    let after = check::with(&gatherer, selection).await.report();
    let code = writing::of_writing(&reports).unwrap_or_else(|| after.exit_code(FailOn::Error));
    let after = After { text: report::summary(&after), report: after };
    print(&Outcome::written(planned, reports, Some(after))).map(|()| code)
}

fn planned(checked: &Checked, selection: &Selection, answers: &Answers, again: String, read_only: bool) -> Planned {
    let plan_of = |answers: &Answers| {
        plan(&checked.facts, &checked.selection, &answers.draft(&checked.facts, &checked.selection))
    };
    let (mut plan, whole) = (plan_of(answers), plan_of(&answers.whole()));
    if checked.facts.identity.known().is_none() {
        plan.blocked.insert(0, "Nothing is written while it is not known who asks.".into());
    }
    let id = PlanId::new(&plan.id, selection, answers);
    Planned {
        opening: words::opening(&plan, &whole),
        wrong: report::wrong(&checked.report(), WRONG_NOW),
        warnings: writing::warnings(checked.report().findings.iter().filter(|finding| writing::is_kept(finding))),
        hint: None,
        report: checked.report(),
        beside: String::new(),
        origins: BTreeMap::new(),
        left_out: answers.leave_out.iter().cloned().collect(),
        plan,
        id,
        again,
        read_only,
    }
}

/// 3 when nothing could be looked up; else what `check` says of a plan that cannot be written, at least 1; else 4, or 0 without changes.
fn exit_code(planned: &Planned) -> u8 {
    let of_check = planned.report.exit_code(FailOn::Error);
    if planned.report.identity.is_none() {
        COULD_NOT_TELL
    } else if !planned.plan.blocked.is_empty() {
        of_check.max(1)
    } else if planned.plan.is_empty() {
        0
    } else {
        HAS_CHANGES
    }
}

fn printed(outcome: &Outcome, format: Format) -> Result<()> {
    writing::print(&match format {
        Format::Text => page::text(outcome),
        Format::Json => crate::values::json::printed(&outcome.document()),
    })
}

/// The command that leads to the same plan, with the flags that were given.
fn again(global: &Global, file: &Path) -> String {
    let mut words = vec!["rolecall".to_owned(), "setup".into()];
    words.extend(page::flags(global));
    words.extend(["--answers".to_owned(), file.to_string_lossy().into_owned()]);
    shell::command(words.iter().map(String::as_str))
}
