//! Done: what was written where, how to undo it, what to do next, and the proof, gathered again.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{movement, roles, sources};
use crate::model::plan::{ChangeOutcome, ChangeReport};
use crate::model::{Finding, ImportSource, Severity};
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::message::Effect;
use crate::tui::route::{Route, Walk};
use crate::tui::steps;
use crate::tui::theme::{BOLD, DIM, ERROR, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{Row, blank, heading, sentence, wrapped};
use crate::wording::checklist::{self as wording, Step};
use crate::wording::done::{next, proof as proven, undo};

/// What is being written before it is known which change it is.
pub const BEGINNING: &str = "the first change";

/// What the screen keeps.
#[derive(Default)]
pub struct State {
    /// What is being written.
    pub writing: Option<String>,
    /// What became of each change.
    pub reports: Vec<ChangeReport>,
    /// The sources whose values were written: what they had is to be taken out of the deployment.
    pub brought: Vec<ImportSource>,
    /// Lines scrolled by.
    pub scroll: usize,
}

impl State {
    /// Whether something is being written.
    pub const fn is_writing(&self) -> bool {
        self.writing.is_some()
    }

    /// Whether everything was written.
    pub fn all_written(&self) -> bool {
        let written = |report: &ChangeReport| matches!(report.outcome, ChangeOutcome::Written { .. });
        !self.is_writing() && !self.reports.is_empty() && self.reports.iter().all(written)
    }
}

/// The user said yes to the plan on the screen.
pub fn write(app: &mut App) -> Vec<Effect> {
    let seen = app.plan.id.clone();
    let Some(plan) = app.plan.clone().confirm(&seen) else {
        app.note = Some("the plan cannot be written; the page says why".into());
        return Vec::new();
    };
    app.done = State { writing: Some(BEGINNING.into()), ..State::default() };
    app.go(Route::Done);
    vec![Effect::Apply { plan: Box::new(plan), selection: Box::new(app.selection.clone()) }]
}

/// Writing ended: the answers that are written now are no longer unsaved, and everything is looked up again.
pub fn written(app: &mut App, reports: Vec<ChangeReport>) -> Vec<Effect> {
    app.done.writing = None;
    app.done.reports = reports;
    if let Some(code) = app.leave_after_writing {
        return vec![Effect::Quit(code)];
    }
    if app.done.all_written() {
        if app.answers.secret_name.is_some() || !app.answers.without_secret {
            app.selection.secret = Some(app.draft.secret_name.clone());
        }
        app.answers = app.bare_answers();
        // The secret holds the values now: read again, sources would be set against what was corrected.
        app.done.brought = std::mem::take(&mut app.selection.migration.imports);
        app.gathering = sources::State { begun_with: app.selection.migration.clone(), ..sources::State::default() };
    }
    app.rerun()
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(by) = movement(action) {
        app.done.scroll = app.done.scroll.saturating_add_signed(by).min(200);
    }
    Vec::new()
}

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let mut page = Page { head: sentence(&opening(app), columns), scroll: app.done.scroll, ..Page::default() };
    page.head.push(blank());
    if app.walk == Walk::Secret && app.done.reports.is_empty() && !app.done.is_writing() {
        page.body.extend(wrapped("Nothing has been written in this walk.", columns, 2, PLAIN));
    }
    for report in &app.done.reports {
        page.body.extend(report_lines(report, columns));
    }
    if !app.done.is_writing() {
        if !app.done.all_written() {
            page.body.push(blank());
            page.body.extend(wrapped("Every answer is kept: Esc goes back to the review.", columns, 2, PLAIN));
        }
        match app.walk {
            Walk::SetUp | Walk::System => {
                page.body.extend(commands("To undo", &undo(&app.done.reports), columns));
                if app.done.all_written() {
                    page.body.extend(commands("Next", &next(&app.facts, &app.selection), columns));
                }
                page.body.extend(proof(app, columns));
            }
            Walk::Secret => {
                page.body.extend(proof(app, columns));
                page.body.extend(versions(app, columns));
                page.body.extend(commands("To undo", &undo(&app.done.reports), columns));
                page.body.extend(steps_left(app, columns));
            }
        }
    }
    page.scroll = page.scroll.min(page::furthest(&page, area));
    page::draw(&page, area, buffer)
}

/// What became of it all, in a sentence.
pub fn opening(app: &App) -> String {
    if let Some(what) = &app.done.writing {
        return format!("Writing {what}.");
    }
    let lost = app.done.reports.iter().any(|report| matches!(report.outcome, ChangeOutcome::LostRace(_)));
    if app.done.all_written() {
        let left = problems(app);
        return match (app.running.is_empty(), left) {
            (false, _) => "Written. Looking everything up again.".into(),
            (true, 0) => "Written, and proven: everything was looked up again.".into(),
            (true, 1) => "Written. One thing is still wrong.".into(),
            (true, n) => format!("Written. {n} things are still wrong."),
        };
    }
    if app.done.reports.is_empty() {
        "Nothing to verify yet.".into()
    } else if lost {
        "Somebody else was faster: nothing of theirs was replaced.".into()
    } else {
        "Not everything was written.".into()
    }
}

/// The findings that this walk answers for: whoever came for the secret is not told of roles here.
pub fn findings(app: &App) -> Vec<Finding> {
    let of_walk = |finding: &&Finding| app.walk == Walk::SetUp || finding.id.starts_with("secret/");
    app.judgement.findings.iter().filter(of_walk).cloned().collect()
}

fn problems(app: &App) -> usize {
    findings(app).iter().filter(|finding| finding.severity == Severity::Error).count()
}

/// The versions of the secret that carry a label, as they are after writing: labels and id.
pub fn labelled(app: &App) -> Vec<(String, &str)> {
    let there = app.facts.secret.known().filter(|_| app.running.is_empty() && app.done.all_written());
    let labelled = there.into_iter().flat_map(|secret| &secret.versions).filter(|(_, labels)| !labels.is_empty());
    let mut versions: Vec<(String, &str)> = labelled.map(|(id, labels)| (labels.join(", "), id.as_str())).collect();
    // AWSCURRENT before AWSPREVIOUS.
    versions.sort();
    versions
}

fn versions(app: &App, columns: usize) -> Vec<Line<'static>> {
    let line = |(labels, id): (String, &str)| {
        Row::default().to(4).cell(&labels, 14, PLAIN).text(" ").fit(id, columns - 2, PLAIN).line()
    };
    let lines: Vec<Line<'static>> = labelled(app).into_iter().map(line).collect();
    if lines.is_empty() { lines } else { [blank(), heading("Versions")].into_iter().chain(lines).collect() }
}

/// What is left to be done by hand.
pub fn checklist(app: &App) -> Vec<Step> {
    if app.walk != Walk::Secret || !app.done.all_written() || !app.running.is_empty() {
        return Vec::new();
    }
    let mut selection = app.selection.clone();
    selection.migration.imports.clone_from(&app.done.brought);
    wording::checklist(&app.facts, &selection, &app.done.reports)
}

fn steps_left(app: &App, columns: usize) -> Vec<Line<'static>> {
    let steps = checklist(app);
    if steps.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![blank(), heading("Left to do, in this order")];
    for (number, step) in (1..).zip(&steps) {
        lines.push(blank());
        lines.push(Row::new().put(&format!("{number} "), DIM).fit(&step.title, columns - 2, BOLD).line());
        lines.extend(step.body.iter().flat_map(|line| indented(line, columns)));
        lines.extend(step.notes.iter().flat_map(|note| wrapped(note, columns, 4, DIM)));
    }
    lines
}

/// A line of a body keeps its own indent, which JSON is read by.
fn indented(line: &str, columns: usize) -> Vec<Line<'static>> {
    let own = line.chars().take_while(|c| *c == ' ').count();
    wrapped(line.trim_start(), columns, 4 + own, PLAIN)
}

fn report_lines(report: &ChangeReport, columns: usize) -> Vec<Line<'static>> {
    let (mark, text, style) = match &report.outcome {
        ChangeOutcome::Written { what, .. } => (Mark::Good, what, PLAIN),
        ChangeOutcome::NotBegun(why) => (Mark::Open, why, PLAIN),
        ChangeOutcome::LostRace(why) => (Mark::Doubt, why, PLAIN),
        ChangeOutcome::Failed(why) => (Mark::Fault, why, ERROR),
    };
    let mut lines = vec![Row::new().mark(mark).fit(&report.subject, columns - 2, BOLD).line()];
    lines.extend(wrapped(text, columns, 4, style));
    lines
}

fn commands(title: &str, commands: &[String], columns: usize) -> Vec<Line<'static>> {
    if commands.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![blank(), heading(title)];
    lines.extend(commands.iter().flat_map(|command| wrapped(command, columns, 4, PLAIN)));
    lines
}

/// What was judged of the facts that were gathered after writing: what is right is counted, what is not is told.
fn proof(app: &App, columns: usize) -> Vec<Line<'static>> {
    let findings = &findings(app);
    if app.done.reports.is_empty() || findings.is_empty() || !app.running.is_empty() {
        return Vec::new();
    }
    let proof = proven(findings);
    let mut lines = vec![blank(), heading("Proof")];
    let told = |mark, text: &str| Row::default().to(4).mark(mark).fit(text, columns - 2, PLAIN).line();
    if app.facts.stack.known().is_some() && app.walk == Walk::SetUp {
        lines.push(told(steps::mark(app, Route::Roles), &roles::summary(app)));
    }
    lines.extend(proof.written.iter().map(|finding| told(Mark::Good, &finding.claim)));
    lines.push(told(Mark::Good, &format!("{} checks are right in all.", proof.right)));
    for finding in proof.wrong {
        let row = Row::default().to(4).mark(Mark::from(finding.severity));
        lines.push(row.cell(&finding.id, 22, DIM).fit(&finding.claim, columns - 2, PLAIN).line());
    }
    lines
}
