//! Writing what was found to a file that the user names, as `rolecall check` prints it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::app::App;
use super::copy::report_of;
use super::keymap::{Action, When};
use super::message::Effect;
use super::prompt::{Prompt, Purpose};
use super::route::Route;
use crate::model::Plan;
use crate::model::plan::{Change, FieldKind};
use crate::report;
use crate::store::ExportError;

/// The name that is proposed.
const NAME: &str = "rolecall-report.txt";

/// What became of exporting.
#[derive(Default)]
pub struct State {
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

    /// Asks for the file's name.
    pub fn open_export(&mut self) {
        self.prompt = Some(Prompt::new(Purpose::Export, NAME, Vec::new()));
    }

    /// Has the file written; JSON where its name says so.
    pub fn export(&self, path: &Path, replace: bool) -> Effect {
        let report = report_of(self);
        let json = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
        let text = if json {
            report::json(&report)
        } else if self.route == Route::Review {
            format!("{}{}", report::text(&report), planned(&self.plan))
        } else {
            report::text(&report)
        };
        Effect::Export { path: path.to_owned(), text, replace }
    }

    /// The file was written, or why not; one that is there already is asked about.
    pub fn exported(&mut self, result: Result<PathBuf, ExportError>) {
        match result {
            Ok(path) => {
                self.note = Some(format!("written: {}", path.display()));
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
            return vec![self.export(&path, true)];
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
        let (title, fields) = match change {
            Change::Secret(secret) => (format!("secret {}", secret.name), &secret.fields),
            Change::Config(config) => (format!("config.json of config profile {}", config.profile), &config.fields),
        };
        let _ = writeln!(out, "  {title}");
        for field in fields {
            let _ = match field.kind {
                FieldKind::Added => writeln!(out, "    + {}: {}", field.name, field.after),
                FieldKind::Removed => writeln!(out, "    - {}: {}", field.name, field.before),
                FieldKind::Changed => writeln!(out, "    ~ {}: {} -> {}", field.name, field.before, field.after),
                FieldKind::Same => writeln!(out, "      {}: same", field.name),
            };
        }
    }
    for reason in &plan.blocked {
        let _ = writeln!(out, "  not yet: {reason}");
    }
    out
}
