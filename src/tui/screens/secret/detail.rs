//! What there is to say of the value under the cursor: its rule, its faults in full, where it comes from and what else is offered.

use ratatui::text::Line;

use super::rows::{Row as KeyRow, short};
use super::view::{self, VALUE, live_mark, remark};
use super::{Cursor, cursor, document, exists, trials};
use crate::migrate::Offer;
use crate::model::Severity;
use crate::plan::{Origin, spelled};
use crate::secret::{self, Key, rules};
use crate::tui::app::App;
use crate::tui::screens::sources;
use crate::tui::theme::{DIM, Mark, PLAIN};
use crate::tui::widgets::row::{self, Row, blank, wrapped};
use crate::values::mask::{Mask, masked};
use crate::values::text::{counted, width};

/// The most offers of other sources that are listed.
const LISTED: usize = 4;

/// Where there is little room: so many lines below the values, so that all of these stay in sight.
const FEW: usize = 2;

/// The lines below the values; where there is little room the most pressing of them, each on one line.
pub fn lines(app: &App, rows: &[KeyRow], columns: usize, airy: bool) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Cursor::Key(key) = cursor(app) {
        let row = rows.iter().find(|row| row.key == key);
        let rule = format!("{}: {}", view::spelled(app, key), key.rule());
        if airy {
            lines.extend(wrapped(&rule, columns, 2, DIM));
        }
        lines.extend(faults(app, key, row, columns));
        if app.secret.edit.is_none() {
            if airy {
                lines.extend(offers(app, key, columns));
            } else {
                lines.extend(in_a_line(app, key).map(|text| Row::new().fit(&text, columns - 2, PLAIN).line()));
            }
            lines.extend(origin(app, key).map(|text| Row::new().fit(&text, columns - 2, DIM).line()));
        }
        if !airy {
            lines.push(Row::new().fit(&rule, columns - 2, DIM).line());
        }
    }
    let editing = app.secret.edit.is_some();
    if !editing {
        lines.extend(extras(app, columns));
    }
    if !airy {
        lines.truncate(FEW);
    }
    // What was asked for is answered, whatever room it takes.
    if !editing {
        lines.splice(0..0, trials::lines(app, columns));
    }
    if !lines.is_empty() {
        lines.insert(0, blank());
    }
    lines
}

/// Where sources differ, or refer elsewhere, in one line: what is taken, and what the next one has.
fn in_a_line(app: &App, key: Key) -> Option<String> {
    let merged = &app.gathered.merged;
    let typed = app.answers.values.contains_key(&key);
    if merged.differs(key) && !typed {
        let taken = merged.chosen(key, &app.answers.prefer)?;
        let other = merged.offers(key).iter().find(|offer| offer.value != taken.value)?;
        let (here, there) = (short(app, &taken.label), short(app, &other.label));
        return Some(match key.mask() {
            Mask::Full => format!("{here} and {there} differ; taken from {here}"),
            _ => format!("{} of {here}; {there} has {}", offered(key, taken, false), offered(key, other, true)),
        });
    }
    let (label, from) = merged.references.get(&key)?.first()?;
    Some(format!("by {} the container gets it from {from}", short(app, label)))
}

/// The faults of what is typed, or of what stands there where its row has no room for them.
fn faults(app: &App, key: Key, row: Option<&KeyRow>, columns: usize) -> Vec<Line<'static>> {
    let (mark, text) = match &app.secret.edit {
        Some(edit) if !edit.field.text().is_empty() => {
            let faults = rules::check(key, edit.field.text()).into_iter().map(|fault| match fault.suggestion {
                Some(meant) => format!("{}; {meant}?", fault.message),
                None => fault.message,
            });
            (live_mark(app, key, edit.field.text()), faults.collect::<Vec<_>>().join("; "))
        }
        Some(_) => return Vec::new(),
        None => {
            let Some(row) = row.filter(|row| row.value.is_some() && is_told(row)) else { return Vec::new() };
            let text = remark(row);
            if width(&text) <= columns.saturating_sub(VALUE + 23) {
                return Vec::new();
            }
            (Mark::from(row.severity), text)
        }
    };
    if text.is_empty() { Vec::new() } else { row::marked(mark, &text, columns) }
}

fn is_told(row: &KeyRow) -> bool {
    row.severity != Severity::Ok
}

/// What each source offers, where two differ; masked, and of what is hidden only that it differs.
fn offers(app: &App, key: Key, columns: usize) -> Vec<Line<'static>> {
    let merged = &app.gathered.merged;
    let mut lines = Vec::new();
    if merged.differs(key) {
        let typed = app.answers.values.contains_key(&key);
        let taken = merged.chosen(key, &app.answers.prefer).filter(|_| !typed).map(|offer| offer.source);
        let first = merged.offers(key).first();
        for offer in merged.offers(key).iter().take(LISTED) {
            let here = taken == Some(offer.source);
            let differs = first.is_some_and(|first| first.value != offer.value);
            let row =
                Row::new().cell(if here { "takes" } else { "" }, 8, DIM).cell(&short(app, &offer.label), 24, PLAIN);
            lines.push(row.text(" ").fit(&offered(key, offer, differs), columns - 2, PLAIN).line());
        }
        let more = merged.offers(key).len().saturating_sub(LISTED);
        if more > 0 {
            lines.push(Row::new().to(10).put(&format!("and {more} more"), DIM).line());
        }
    }
    for (label, from) in merged.references.get(&key).into_iter().flatten() {
        let text = format!("by {} the container gets it from {from}", short(app, label));
        lines.extend(wrapped(&text, columns, 2, DIM));
    }
    lines
}

fn offered(key: Key, offer: &Offer, differs: bool) -> String {
    match key.mask() {
        Mask::Full if differs => "another value, hidden".into(),
        Mask::Full => "a value, hidden".into(),
        _ if offer.value.is_empty() => "(empty)".into(),
        mask => masked(offer.value.expose(), mask),
    }
}

/// "taken from BENCHLING_TENANT of env file prod.env".
fn origin(app: &App, key: Key) -> Option<String> {
    if app.answers.values.contains_key(&key) {
        let instead = !app.gathered.merged.offers(key).is_empty();
        return instead.then(|| "p takes the value as the sources have it".into());
    }
    match app.draft.origins.get(&key)? {
        Origin::Import { label, name } => {
            let what = if name == key.name() { String::new() } else { format!("{name} of ") };
            let p = if sources::is_open_conflict(app, key) { "; p takes the next" } else { "" };
            Some(format!("taken from {what}{}{p}", short(app, label)))
        }
        Origin::Secret | Origin::Config | Origin::Stack => None,
    }
}

/// What the secret holds that no runtime asks for, and that stays (C8). Another spelling of a key of ours does not: it is renamed.
pub fn kept(app: &App) -> Vec<String> {
    if !exists(app) || app.selection.migration.to_file.is_some() {
        return Vec::new();
    }
    let extras = document(app).map(|document| secret::extras(&document, app.draft.reader)).unwrap_or_default();
    extras.into_iter().map(|extra| extra.name).filter(|name| spelled(name).is_none()).collect()
}

fn extras(app: &App, columns: usize) -> Option<Line<'static>> {
    let names = kept(app);
    if names.is_empty() {
        return None;
    }
    let more = counted(names.len(), "key");
    let text = format!("{more} more than the specification asks, kept: {}", names.join(", "));
    Some(Row::new().fit(&text, columns - 2, DIM).line())
}
