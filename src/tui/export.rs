//! Writing what was found to a file that the user names, as `rolecall check` prints it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::app::App;
use super::copy::report_of;
use super::keymap::{Action, When};
use super::message::Effect;
use super::prompt::{Prompt, Purpose};
use super::route::Route;
use super::screens;
use crate::model::Plan;
use crate::model::plan::FieldKind;
use crate::report::{self, Masks, ReportFormat};
use crate::store::ExportError;
use crate::wording::{checklist, review as words};

/// The name that is proposed.
const NAME: &str = "rolecall-report.txt";

/// What became of exporting.
#[derive(Default)]
pub struct State {
    /// It is the access case that is being written, and no report.
    pub is_case: bool,
    /// A file that is there already: whether it may go is being asked.
    pub replacing: Option<PathBuf>,
    /// The files that were written.
    pub written: Vec<PathBuf>,
}

impl App {
    /// Whether there is something to export.
    pub fn may_export(&self) -> When {
        if self.judgement.findings.is_empty() { When::No("nothing was looked up yet") } else { When::Yes }
    }

    /// Asks for the file's name. A diagnosis is proposed as Markdown, to be pasted in a ticket.
    pub fn open_export(&mut self) {
        if let Some(name) = screens::texts::file_name(self) {
            self.prompt = Some(Prompt::new(Purpose::Text, &name, Vec::new()));
            return;
        }
        let name = match self.route {
            Route::Diagnose => report::file_name(&report_of(self), ReportFormat::Markdown),
            _ => NAME.to_owned(),
        };
        self.prompt = Some(Prompt::new(Purpose::Export, &name, Vec::new()));
    }

    /// Asks for the name of the file that keeps the access case.
    pub fn open_save(&mut self) {
        self.prompt = Some(Prompt::new(Purpose::Case, screens::diagnose::State::CASE, Vec::new()));
    }

    /// Has the access case written.
    pub fn save_case(&mut self, path: &Path, replace: bool) -> Option<Effect> {
        self.export.is_case = true;
        screens::diagnose::saved(self).map(|text| Effect::Export { path: path.to_owned(), text, replace })
    }

    /// Has the file written, in the format that its name says; as text where it says none.
    pub fn export(&mut self, path: &Path, replace: bool) -> Effect {
        self.export.is_case = false;
        let report = report_of(self);
        let format = ReportFormat::of_path(path).unwrap_or_default();
        let mut text = report::render(&report, format, &Masks::default());
        if format == ReportFormat::Text && self.route == Route::Review {
            text.push_str(&planned(&self.plan));
        }
        let steps = screens::done::checklist(self);
        if format == ReportFormat::Text && self.route == Route::Done && !steps.is_empty() {
            text.push_str("\nLeft to do, in this order\n");
            text.extend(checklist::lines(&steps).iter().map(|line| format!("  {line}\n")));
        }
        Effect::Export { path: path.to_owned(), text, replace }
    }

    /// Has the text to hand over written.
    pub fn save_text(&self, path: &Path, replace: bool) -> Option<Effect> {
        screens::texts::save(self, path, replace)
    }

    /// The file was written, or why not; one that is there already is asked about.
    pub fn exported(&mut self, result: Result<PathBuf, ExportError>) {
        match result {
            Ok(path) => {
                self.note = Some(format!("written: {}", path.display()));
                if self.texts.is_some() {
                    screens::texts::saved(self);
                }
                self.export.written.retain(|other| *other != path);
                self.export.written.push(path);
            }
            Err(ExportError::Exists(path)) => self.export.replacing = Some(path),
            Err(error) => self.note = Some(error.to_string()),
        }
    }

    /// The user said whether the file may be replaced.
    pub fn act_on_replacing(&mut self, action: Action) -> Vec<Effect> {
        let Some(path) = self.export.replacing.take() else { return Vec::new() };
        if action == Action::Yes {
            return match (self.texts.is_some(), self.export.is_case) {
                (true, _) => self.save_text(&path, true).into_iter().collect(),
                (false, true) => self.save_case(&path, true).into_iter().collect(),
                (false, false) => vec![self.export(&path, true)],
            };
        }
        self.note = Some(format!("{} was left as it is", path.display()));
        Vec::new()
    }
}

/// The changes of the review, masked as on the screen.
fn planned(plan: &Plan) -> String {
    let mut out = String::from("\nWhat would be written\n");
    if plan.changes.is_empty() {
        out.push_str("  nothing\n");
    }
    for change in &plan.changes {
        let _ = writeln!(out, "  {}", words::subject(change));
        for field in words::fields(change) {
            let _ = match field.kind {
                FieldKind::Added => writeln!(out, "    + {}: {}", field.name, field.after),
                FieldKind::Removed => writeln!(out, "    - {}: {}", field.name, field.before),
                FieldKind::Changed => writeln!(out, "    ~ {}: {} -> {}", field.name, field.before, field.after),
                FieldKind::Renamed => writeln!(out, "    > {}: in place of {}", field.name, field.before),
                FieldKind::Same => writeln!(out, "      {}: same", field.name),
            };
        }
    }
    for reason in &plan.blocked {
        let _ = writeln!(out, "  not yet: {reason}");
    }
    out
}
