//! Copying what the cursor is on. Nothing that is ever hidden can be copied: no value of the secret is among what is offered.

use super::app::App;
use super::clipboard;
use super::focus;
use super::keymap::When;
use super::message::Effect;
use super::prompt::{Prompt, Purpose};
use crate::model::{Facts, Finding};
use crate::report::{self, Report};
use crate::values::account;

/// Something that can be copied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copyable {
    /// What it is, in a few words.
    pub what: String,
    /// The text.
    pub text: String,
}

impl Copyable {
    /// Puts one together.
    pub fn new(what: &str, text: String) -> Self {
        Self { what: what.to_owned(), text }
    }
}

/// Everything that the cursor is on, the most wanted first: what cures it, then what was found, then names.
fn offered(app: &App) -> Vec<Copyable> {
    let focus = focus::of(app);
    let mut offered: Vec<Copyable> = Vec::new();
    let mut offer = |what: String, text: String| {
        if !text.is_empty() && !offered.iter().any(|one| one.text == text) {
            offered.push(Copyable { what, text });
        }
    };
    for copy in &focus.copies {
        offer(copy.what.clone(), copy.text.clone());
    }
    for command in focus.findings.iter().flat_map(|finding| &finding.fixes).filter_map(|fix| fix.command.as_ref()) {
        offer(format!("command: {command}"), command.clone());
    }
    // As the report has them: external IDs masked, for findings are pasted where others read them.
    let masked = if focus.findings.is_empty() { Vec::new() } else { report_of(app).findings };
    for finding in &focus.findings {
        let at = app.judgement.findings.iter().position(|one| std::ptr::eq(one, *finding));
        if let Some(clean) = at.and_then(|at| masked.get(at)) {
            offer(format!("finding {} of {}", clean.id, clean.subject), account::plain(&report::finding(clean)));
        }
    }
    for slug in &focus.causes {
        offer(format!("cause {slug}"), format!("{slug}\n\n{}\n", focus::meaning_of_cause(slug)));
    }
    offered
}

/// Whether [`offered`] is not empty, without the report that it masks findings by.
fn offers_any(app: &App) -> bool {
    let focus = focus::of(app);
    let has_command =
        |finding: &Finding| finding.fixes.iter().any(|fix| fix.command.as_ref().is_some_and(|it| !it.is_empty()));
    let is_judged = |finding: &Finding| app.judgement.findings.iter().any(|one| std::ptr::eq(one, finding));
    focus.copies.iter().any(|copy| !copy.text.is_empty())
        || !focus.causes.is_empty()
        || focus.findings.iter().any(|finding| has_command(finding) || is_judged(finding))
}

/// The report of what is on the screens, as `rolecall check` makes it.
pub fn report_of(app: &App) -> Report {
    let report = match app.selection.system {
        Some(_) => Report::new(&without_set_up(&app.facts), &app.selection, &app.judgement),
        None => Report::new(&app.facts, &app.selection, &app.judgement),
    };
    report.of_demo(app.setting.demo.clone())
}

/// As `check` asks about a system: not about the files of a set-up.
fn without_set_up(facts: &Facts) -> Facts {
    let asked = Facts::new(facts.observed_at);
    let (machine, sources) = (facts.machine.clone(), facts.sources.clone());
    let (credentials, identity) = (facts.credentials.clone(), facts.identity.clone());
    let (operator, calls, system) = (facts.operator.clone(), facts.calls.clone(), facts.system.clone());
    Facts { machine, sources, credentials, identity, operator, calls, system, ..asked }
}

impl App {
    /// Whether there is something to copy. Asked for every key and frame: of what would be copied nothing is made.
    pub fn may_copy(&self) -> When {
        if offers_any(self) { When::Yes } else { When::No("there is nothing to copy under the cursor") }
    }

    /// Copies what the cursor is on; of several things the user says which.
    pub fn copy(&mut self) -> Vec<Effect> {
        let offered = offered(self);
        match offered.as_slice() {
            [] => Vec::new(),
            [one] => self.send(one),
            several => {
                let labels = several.iter().map(|one| one.what.clone()).collect();
                self.prompt = Some(Prompt { at: Some(0), ..Prompt::new(Purpose::Copy, "", labels) });
                Vec::new()
            }
        }
    }

    /// The user said which.
    pub fn copy_named(&mut self, what: &str) -> Vec<Effect> {
        offered(self).iter().find(|one| one.what == what).map_or_else(Vec::new, |one| self.send(one))
    }

    fn send(&mut self, copied: &Copyable) -> Vec<Effect> {
        let bytes = clipboard::encoded(&copied.text);
        if bytes > clipboard::LARGEST {
            let most = clipboard::LARGEST;
            self.note = Some(format!("{bytes} bytes are more than terminals take ({most}); x exports it"));
            return Vec::new();
        }
        self.note = Some("sent to the terminal; if nothing arrives, x exports".into());
        vec![Effect::Copy(copied.text.clone())]
    }
}
