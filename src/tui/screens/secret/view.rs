//! How the secret screen looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::edit::offered;
use super::rows::Row as KeyRow;
use super::{Cursor, cursor, document, exists, is_revealed, rows, trouble, unread};
use crate::model::facts::Secret;
use crate::model::{Fact, Severity};
use crate::secret::{self, Key, rules};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::theme::{BOLD, DIM, FIELD, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{Row, blank, sentence, wrapped};
use crate::values::mask::{Mask, masked};
use crate::values::text::width;
use crate::values::time;

/// Where the values begin.
const VALUE: usize = 36;

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let rows = rows(app);
    let mut page = Page { head: sentence(&opening(app, &rows), columns), ..Page::default() };
    let at = cursor(app);
    page.body.push(name_row(app, at == Cursor::Name, columns));
    page.body.push(blank());
    for row in &rows {
        if at == Cursor::Key(row.key) {
            page.focus = Some(page.body.len());
        }
        let (line, column) = key_row(app, row, at == Cursor::Key(row.key), columns);
        if let Some(column) = column {
            page.cursor = Some((page.body.len(), column));
        }
        page.body.push(line);
    }
    page.body.push(blank());
    if at == Cursor::GoOn {
        page.focus = Some(page.body.len());
    }
    page.body.push(go_on_row(app, &rows, at == Cursor::GoOn));
    page.foot = foot(app, &rows, columns);
    page::draw(&page, area, buffer)
}

/// How many values are as they should be, in a sentence.
pub fn opening(app: &App, rows: &[KeyRow]) -> String {
    if let Some(trouble) = trouble(app) {
        return trouble;
    }
    if app.running.contains_key(&Ask::Secret) && app.facts.secret.shown().is_none() {
        return "Reading the secret.".into();
    }
    let missing = rows.iter().filter(|row| row.value.is_none()).count();
    let wrong = rows.iter().filter(|row| row.severity == Severity::Error).count();
    let doubts = rows.iter().filter(|row| row.severity == Severity::Warning).count();
    match (wrong, missing, doubts) {
        (0, _, 0) => "All 11 values are as they should be.".into(),
        (0, _, n) => format!("All 11 values are there; {n} may not be what is meant."),
        (n, m, _) if !exists(app) => match (n - m.min(n), m) {
            (0, 1) => "1 value is still to be filled in.".into(),
            (0, m) => format!("{m} values are still to be filled in."),
            (1, 0) => "1 value is not valid yet.".into(),
            (wrong, 0) => format!("{wrong} values are not valid yet."),
            (wrong, m) => format!("{wrong} not valid yet, {m} still to be filled in."),
        },
        (n, ..) => format!("{n} of 11 values would stop the service at start-up."),
    }
}

fn name_row(app: &App, here: bool, columns: usize) -> Line<'static> {
    let row = Row::item(here).put(&app.draft.secret_name, if here { BOLD } else { PLAIN });
    let Some(secret) = app.facts.secret.shown().filter(|_| exists(app)) else {
        let about = match &app.facts.secret {
            Fact::NotAsked => "  not looked up",
            Fact::Denied { .. } | Fact::Failed(_) => "  not readable",
            _ => "  new: it will be created",
        };
        return row.put(about, DIM).line();
    };
    row.fit(&format!("  {}", about(app, secret).join(" · ")), columns - 2, DIM).line()
}

/// What is known of a secret that exists: its version, its spelling, its owner.
pub fn about(app: &App, secret: &Secret) -> Vec<String> {
    let mut about = Vec::new();
    if let Some(value) = secret.value.shown() {
        let id: String = value.version_id.chars().take(4).collect();
        let age =
            value.created.map(|then| format!(" of {}", time::ago(then, app.facts.observed_at))).unwrap_or_default();
        about.push(format!("version {id}…{age}"));
    }
    let spelling = |words: &str| words.split_once(" (").map_or(words, |(name, _)| name).to_owned();
    about.extend(document(app).map(|document| spelling(secret::dialect(&document).words())));
    about.extend(secret.stack.as_ref().map(|stack| format!("made by stack {stack}")));
    about
}

fn key_row(app: &App, row: &KeyRow, here: bool, columns: usize) -> (Line<'static>, Option<u16>) {
    let line = Row::item(here).to(4).cell(row.key.name(), VALUE - 7, if here { BOLD } else { PLAIN });
    let limit = columns.saturating_sub(2);
    if let Some(edit) = app.secret.edit.as_ref().filter(|edit| edit.key == row.key) {
        let hidden = row.key.mask() == Mask::Full && !is_revealed(app, row.key);
        let room = u16::try_from(limit.saturating_sub(VALUE)).unwrap_or(20);
        let view = edit.field.view(room, hidden);
        let line = line.mark(live_mark(app, row.key, edit.field.text())).to(VALUE);
        let column = u16::try_from(VALUE).unwrap_or(36) + view.cursor;
        let line = match placeholder(app, row.key).filter(|_| edit.field.text().is_empty()) {
            Some(hint) => line.fit(&hint, limit, DIM),
            None => line.put(&view.text, FIELD),
        };
        return (line.line(), Some(column));
    }
    let line = line.mark(mark(app, row)).to(VALUE);
    let value_columns = if columns >= 110 { 28 } else { 20 };
    if row.value.is_none() && !exists(app) && !unread(app) {
        return (line.fit(&to_fill_in(row.key), limit, DIM).line(), None);
    }
    let line = match &row.value {
        None => line.cell("–", value_columns, DIM),
        Some(value) if value.is_empty() => line.cell("(empty)", value_columns, DIM),
        Some(value) if is_revealed(app, row.key) => line.cell_middle(value.expose(), value_columns, PLAIN),
        Some(value) => line.cell(&masked(value.expose(), row.key.mask()), value_columns, PLAIN),
    };
    let wrong = matches!(row.severity, Severity::Error | Severity::Warning) && row.value.is_some();
    (line.text(" ").fit(&remark(row), limit, if wrong { PLAIN } else { DIM }).line(), None)
}

fn mark(app: &App, row: &KeyRow) -> Mark {
    if row.value.is_none() && !exists(app) && !unread(app) { Mark::Open } else { Mark::from(row.severity) }
}

fn live_mark(app: &App, key: Key, text: &str) -> Mark {
    if text.is_empty() {
        return if offered(app, key).is_some() { Mark::Good } else { Mark::Open };
    }
    rules::check(key, text).iter().map(|fault| fault.severity).min().map_or(Mark::Good, Mark::from)
}

fn placeholder(app: &App, key: Key) -> Option<String> {
    let offered = offered(app, key)?;
    Some(match key.mask() {
        Mask::Full => "type to replace it; Enter keeps it".into(),
        _ if offered.is_empty() => "Enter leaves it empty: any address".into(),
        _ => format!("{}   Enter takes it", masked(offered.expose(), key.mask())),
    })
}

fn to_fill_in(key: Key) -> String {
    match key.suggested() {
        Some("") => "to fill in; usually empty".into(),
        Some(usual) => format!("to fill in; usually {usual}"),
        None => "to fill in".into(),
    }
}

/// What there is to say of a value.
pub fn remark(row: &KeyRow) -> String {
    match (&row.value, &row.suggestion) {
        (None, _) => row.message.clone(),
        (Some(_), Some(meant)) => format!("{}; {meant}?", row.message),
        (Some(_), None) if row.message.is_empty() && row.key.mask() == Mask::Full => "hidden".into(),
        (Some(_), None) if row.message.is_empty() => row.from.unwrap_or_default().into(),
        (Some(_), None) => row.message.clone(),
    }
}

fn go_on_row(app: &App, rows: &[KeyRow], here: bool) -> Line<'static> {
    let left = rows.iter().filter(|row| row.severity == Severity::Error).count();
    let row = Row::item(here).to(4).put("Go on to the review", if here { BOLD } else { PLAIN });
    if left == 0 {
        row.line()
    } else {
        row.put(&format!("   {left} still to be {}", if exists(app) { "put right" } else { "filled in" }), DIM).line()
    }
}

/// The rule of the key under the cursor, and its faults in full.
fn foot(app: &App, rows: &[KeyRow], columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Cursor::Key(key) = cursor(app) {
        let faults = match &app.secret.edit {
            Some(edit) if !edit.field.text().is_empty() => {
                let faults = rules::check(key, edit.field.text());
                faults
                    .into_iter()
                    .map(|fault| match fault.suggestion {
                        Some(meant) => format!("{}; {meant}?", fault.message),
                        None => fault.message,
                    })
                    .collect::<Vec<_>>()
                    .join("; ")
            }
            Some(_) => String::new(),
            None => {
                let row = rows.iter().find(|row| row.key == key && row.value.is_some());
                row.map(remark).filter(|text| width(text) > columns.saturating_sub(VALUE + 23)).unwrap_or_default()
            }
        };
        lines.push(blank());
        lines.extend(wrapped(&format!("{key}: {}", key.rule()), columns, 2, DIM));
        if !faults.is_empty() {
            let mark = app.secret.edit.as_ref().map_or(Mark::Doubt, |edit| live_mark(app, key, edit.field.text()));
            lines.push(Row::new().mark(mark).fit(&faults, columns - 2, BOLD).line());
        }
    }
    let extras = document(app).map(|document| secret::extras(&document)).unwrap_or_default();
    if !extras.is_empty() && app.secret.edit.is_none() {
        let names: Vec<&str> = extras.iter().map(|extra| extra.name.as_str()).collect();
        let more = if extras.len() == 1 { "1 key" } else { &format!("{} keys", extras.len()) };
        let text = format!("{more} more than the specification asks, kept: {}", names.join(", "));
        lines.push(Row::new().fit(&text, columns - 2, DIM).line());
    }
    lines
}
