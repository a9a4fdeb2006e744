//! What to do about a role: the fixes of its findings, and who can answer what could not be read.

use ratatui::text::Line;

use crate::model::finding::Fix;
use crate::model::{Finding, Severity};
use crate::tui::app::App;
use crate::tui::theme::{DIM, PLAIN};
use crate::tui::widgets::row::{Row, blank, heading, wrapped};

/// What cures a role: the fixes of its findings, each once.
pub fn fixes<'a>(app: &'a App, role: &str) -> Vec<&'a Fix> {
    let bad = |severity| matches!(severity, Severity::Error | Severity::Warning);
    let about = app.judgement.findings.iter().filter(|f| bad(f.severity) && f.subject.contains(role));
    let mut fixes: Vec<&Fix> = Vec::new();
    for fix in about.flat_map(|finding| &finding.fixes) {
        if !fixes.contains(&fix) {
            fixes.push(fix);
        }
    }
    fixes
}

/// What cures it where nothing denies for certain.
pub fn advice(app: &App, role: &str, columns: usize) -> Vec<Line<'static>> {
    let fixes = fixes(app, role);
    if fixes.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![blank(), heading("To cure it")];
    for (index, fix) in fixes.iter().enumerate() {
        let mut what = wrapped(&fix.what, columns, 6, PLAIN);
        if let Some(first) = what.first_mut() {
            let text: String = first.spans.iter().map(|span| span.content.as_ref()).collect();
            *first = Row::default().to(4).put(&format!("{} ", index + 1), DIM).put(text.trim(), PLAIN).line();
        }
        lines.extend(what);
        lines.extend(fix.command.iter().flat_map(|command| wrapped(command, columns, 8, DIM)));
    }
    lines
}

/// What can only be done once the webhook is deployed.
pub fn awaited(app: &App, role: &str, columns: usize) -> Vec<Line<'static>> {
    let waits = |f: &&Finding| f.id == "trust/after-deployment" && f.severity != Severity::Ok && f.subject == role;
    let Some(finding) = app.judgement.findings.iter().find(waits) else { return Vec::new() };
    let mut lines = vec![blank(), heading("After the deployment")];
    lines.extend(told(finding, columns));
    lines
}

/// A finding whole: what is so, what to do, what it rests on.
fn told(finding: &Finding, columns: usize) -> Vec<Line<'static>> {
    let mut lines = wrapped(&finding.claim, columns, 4, PLAIN);
    lines.extend(cure_of(finding, columns));
    lines
}

/// What to do, and what the finding rests on.
pub fn cure_of(finding: &Finding, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for fix in &finding.fixes {
        lines.extend(wrapped(&fix.what, columns, 4, PLAIN));
        lines.extend(fix.command.iter().flat_map(|command| wrapped(command, columns, 8, DIM)));
    }
    lines.extend(finding.evidence.iter().flat_map(|line| wrapped(line, columns, 4, DIM)));
    lines
}

/// What could not be read of a role, and who can read it.
pub fn open_questions(app: &App, role: &str, columns: usize) -> Vec<Line<'static>> {
    let open = app.judgement.findings.iter().filter(|f| f.unknown && f.subject == role);
    let mut fixes: Vec<&str> = Vec::new();
    for fix in open.flat_map(|finding| &finding.fixes) {
        if !fixes.contains(&fix.what.as_str()) {
            fixes.push(&fix.what);
        }
    }
    if fixes.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![blank(), heading("To find out")];
    lines.extend(fixes.into_iter().flat_map(|what| wrapped(what, columns, 4, PLAIN)));
    lines
}
