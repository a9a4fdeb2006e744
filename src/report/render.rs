//! A report in one of its formats: the same for the command line and for the screen.

use std::path::Path;

use super::hide::Accounts;
use super::{Report, html, json, markdown, text, words};

/// As much of a name as a file's name takes over: no role's name is longer.
const LONGEST_NAME: usize = 64;

/// How a report is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ReportFormat {
    /// For people, on a terminal.
    #[default]
    Text,
    /// Everything, as one JSON document.
    Json,
    /// To paste in a ticket.
    Markdown,
    /// A page for a browser, whole in one file.
    Html,
}

impl ReportFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Json, Self::Markdown, Self::Html];

    /// What the ending of a file's name says; `None` where it says nothing.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "txt" | "text" => Self::Text,
            "json" => Self::Json,
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" => Self::Html,
            _ => return None,
        })
    }

    /// The ending of its files.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }
}

/// What is masked when a report is printed. External IDs were, or were not, when it was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Masks {
    /// `<account-1>` stands for the first account id, and so on; in an access case 000000000001.
    pub accounts: bool,
}

/// The report, ended by a line break.
#[must_use]
pub fn render(report: &Report, format: ReportFormat, masks: &Masks) -> String {
    let masked = masks.accounts.then(|| without_accounts(report));
    let report = masked.as_ref().unwrap_or(report);
    match format {
        ReportFormat::Text => text(report),
        ReportFormat::Json => json(report),
        ReportFormat::Markdown => markdown::markdown(report),
        ReportFormat::Html => html::html(report),
    }
}

fn without_accounts(report: &Report) -> Report {
    let mut masked = report.clone();
    masked.hide(&Accounts::default());
    for (verdict, before) in masked.verdicts.iter_mut().zip(&report.verdicts) {
        verdict.compare_case(before.case.as_ref(), report.observed_at);
    }
    masked
}

/// A name to propose for its file: `rolecall-Target-20260304T120000Z.md`.
#[must_use]
pub fn file_name(report: &Report, format: ReportFormat) -> String {
    let subject = match (&report.diagnosis, &report.selection.stack) {
        (Some(diagnosis), _) => diagnosis.hops.last().map(|hop| words::role(&hop.role)),
        (None, Some(stack)) => Some(words::stack(stack)),
        (None, None) => Some(report.selection.config_profile.clone()),
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let subject: String = subject.unwrap_or_default().chars().take(LONGEST_NAME).map(plain).collect();
    let at = report.observed_at.strftime("%Y%m%dT%H%M%SZ");
    format!("rolecall-{subject}-{at}.{}", format.ending())
}
