//! The eleven rows: what was typed over what sources and the secret hold.

use super::{document, trials, unread};
use crate::model::{Fact, Finding, Severity};
use crate::plan::Origin;
use crate::secret::{self, Key, KeyRow, rules};
use crate::tui::app::App;
use crate::tui::screens::sources;
use crate::values::SecretText;

/// What is said of a value that was tried and refused.
const REFUSED: &str = "refused when tried";

/// One row.
pub struct Row {
    /// The key.
    pub key: Key,
    /// The value that would be written.
    pub value: Option<SecretText>,
    /// Where it comes from, if not from the secret.
    pub from: Option<String>,
    /// How bad.
    pub severity: Severity,
    /// Why, as a clause.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// What was certainly meant.
    pub cure: Option<SecretText>,
}

impl Row {
    /// Whether its value would not do as it stands. Whether a value that was refused has to be another one, its form does not tell.
    pub fn is_wrong(&self) -> bool {
        self.severity == Severity::Error && !self.is_refused()
    }

    /// Whether it is well-formed, but was tried and refused.
    pub fn is_refused(&self) -> bool {
        self.message == REFUSED
    }
}

/// Every key that the reader looks for, in the order of the specification.
pub fn rows(app: &App) -> Vec<Row> {
    let document = document(app);
    secret::rows(document.as_ref(), app.draft.reader).into_iter().map(|held| row(app, held)).collect()
}

fn row(app: &App, held: KeyRow) -> Row {
    let key = held.key;
    let value = app.draft.values.get(&key).cloned().or_else(|| held.value.clone());
    let from = from(app, key, &held);
    let mut row = match &value {
        // What is written stands under every name that is read.
        Some(value) if from.is_some() || held.is_half_spelled() => judged(key, value),
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
    if value.is_none() && app.gathered.merged.references.contains_key(&key) {
        row.message = "missing; the container gets it from elsewhere".into();
    }
    if row.severity == Severity::Ok && sources::is_open_conflict(app, key) {
        row.severity = Severity::Warning;
        row.message = "two sources differ".into();
    }
    if row.severity == Severity::Ok
        && let Some(finding) = beside(app, key)
    {
        row.severity = finding.severity;
        row.message.clone_from(&finding.claim);
    }
    if row.severity != Severity::Error
        && let Some(severity) = trials::refused(app, key)
    {
        row = Row { severity, message: REFUSED.into(), ..row };
    }
    Row { value, from, ..row }
}

/// Where a value comes from, in a few words; `None`: it is that of the secret as it is.
fn from(app: &App, key: Key, held: &KeyRow) -> Option<String> {
    if let Some(typed) = app.answers.values.get(&key) {
        let offers = app.gathered.merged.offers(key).iter();
        let mended = offers.filter_map(|offer| rules::repaired(key, &offer.value)).chain(held.cure.clone());
        let is_mended = mended.into_iter().any(|cure| cure == *typed);
        return Some(if is_mended { "corrected" } else { "typed" }.into());
    }
    match app.draft.origins.get(&key)? {
        Origin::Import { label, .. } => Some(short(app, label)),
        _ if app.draft.values.get(&key) == held.value.as_ref() => None,
        Origin::Secret => Some("from the secret".into()),
        Origin::Config => Some("from config.json".into()),
        Origin::Stack => Some("from the stack".into()),
    }
}

/// Where a value that would be written comes from, also where that is the secret as it is.
pub fn origin(app: &App, key: Key) -> Option<String> {
    let row = rows(app).into_iter().find(|row| row.key == key);
    let there = app.draft.origins.get(&key).is_some_and(|origin| *origin == Origin::Secret);
    row.and_then(|row| row.from).or_else(|| there.then(|| "from the secret".to_owned()))
}

/// A source's name where there is little room.
pub fn short(app: &App, label: &str) -> String {
    let imports = app.selection.migration.imports.iter();
    let named = imports.zip(&app.gathered.sources).find(|(_, source)| source.label == label);
    named.map_or_else(|| label.to_owned(), |(named, _)| sources::short(app, named))
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

/// A warning that a value gets only beside other facts: another bucket than the stack's, another tenant than `config.json`'s. Where sources
/// differ is shown beside the value itself, until the user has said which counts.
fn beside(app: &App, key: Key) -> Option<&Finding> {
    let about = |finding: &&Finding| {
        finding.subject == key.name() && finding.severity == Severity::Warning && finding.id != "secret/conflict"
    };
    app.judgement.findings.iter().find(about)
}
