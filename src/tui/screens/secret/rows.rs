//! The eleven rows: what was typed over what the secret holds.

use super::{document, unread};
use crate::model::{Fact, Finding, Severity};
use crate::secret::{self, Key, KeyRow, rules};
use crate::tui::app::App;
use crate::values::SecretText;

/// One row.
pub struct Row {
    /// The key.
    pub key: Key,
    /// The value that would be written.
    pub value: Option<SecretText>,
    /// Where it comes from, if not from the secret.
    pub from: Option<&'static str>,
    /// How bad.
    pub severity: Severity,
    /// Why, as a clause.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// What was certainly meant.
    pub cure: Option<SecretText>,
}

/// All eleven, in the order of the specification.
pub fn rows(app: &App) -> Vec<Row> {
    let document = document(app);
    secret::rows(document.as_ref()).into_iter().map(|held| row(app, held)).collect()
}

fn row(app: &App, held: KeyRow) -> Row {
    let key = held.key;
    let value = app.draft.values.get(&key).cloned().or_else(|| held.value.clone());
    let typed = app.answers.values.contains_key(&key);
    let from = match (typed, value == held.value, app.facts.config.shown()) {
        (true, ..) => Some("typed"),
        (false, true, _) => None,
        (false, false, Some(_)) => Some("from config.json"),
        (false, false, None) => Some("from the stack"),
    };
    let mut row = match &value {
        Some(value) if from.is_some() => judged(key, value),
        _ => Row {
            key,
            value: None,
            from: None,
            severity: held.severity,
            message: held.message,
            suggestion: held.suggestion,
            cure: held.cure,
        },
    };
    if value.is_none() && unread(app) {
        let message = if app.facts.secret == Fact::NotAsked { "not looked up" } else { "not readable" };
        row = Row { severity: Severity::Info, message: message.into(), suggestion: None, cure: None, ..row };
    }
    if row.severity == Severity::Ok
        && let Some(finding) = beside(app, key)
    {
        row.severity = finding.severity;
        row.message.clone_from(&finding.claim);
    }
    Row { value, from, ..row }
}

fn judged(key: Key, value: &SecretText) -> Row {
    let faults = rules::check(key, value.expose());
    let worst = faults.iter().min_by_key(|fault| fault.severity);
    Row {
        key,
        value: None,
        from: None,
        severity: worst.map_or(Severity::Ok, |fault| fault.severity),
        message: faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; "),
        suggestion: faults.iter().find_map(|fault| fault.suggestion.clone()),
        cure: rules::repaired(key, value),
    }
}

/// A warning that a value gets only beside other facts: another bucket than the stack's, another tenant than `config.json`'s.
fn beside(app: &App, key: Key) -> Option<&Finding> {
    let about = |finding: &&Finding| finding.subject == key.name() && finding.severity == Severity::Warning;
    app.judgement.findings.iter().find(about)
}
