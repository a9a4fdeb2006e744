//! How the secret screen looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::edit::offered;
use super::rows::Row as KeyRow;
use super::{Cursor, cursor, detail, document, exists, is_revealed, rows, target, trials, trouble, unread};
use crate::model::Severity;
use crate::secret::{self, Dialect, Key, rules};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::theme::{BOLD, DIM, FIELD, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{Row, blank, sentence};
use crate::values::mask::{Mask, masked};

/// Where the values begin.
pub const VALUE: usize = 36;

/// From so many rows on everything there is to say of a value is shown.
const AIRY: u16 = 22;

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let rows = rows(app);
    let mut page = Page { head: sentence(&opening(app, &rows), columns), ..Page::default() };
    let at = cursor(app);
    page.foot = detail::lines(app, &rows, columns, area.height >= AIRY);
    let above = target::rows(app, columns);
    // Air between the parts only where everything is in sight all the same.
    let lines = page.head.len() + above.len() + rows.len() + 1 + page.foot.len();
    let spare = usize::from(area.height).saturating_sub(lines);
    page.body.extend(above);
    page.focus = target::line(app);
    if spare > 0 {
        page.body.push(blank());
    }
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
    if spare > 1 {
        page.body.push(blank());
    }
    if at == Cursor::GoOn {
        page.focus = Some(page.body.len());
    }
    page.body.push(go_on_row(app, &rows, at == Cursor::GoOn));
    page::draw(&page, area, buffer)
}

/// How many values are as they should be, in a sentence; then what else there is to know of the secret.
pub fn opening(app: &App, rows: &[KeyRow]) -> String {
    let trouble = trouble(app);
    // Values that stand elsewhere can be judged, whatever is with the secret.
    let brought = !app.gathered.sources.is_empty() || app.selection.migration.to_file.is_some();
    if let Some(trouble) = trouble.as_ref().filter(|_| !brought) {
        return trouble.clone();
    }
    if app.running.contains_key(&Ask::Secret) && app.facts.secret.shown().is_none() {
        return "Reading the secret.".into();
    }
    let more = trouble.or_else(|| spelling(app).map(str::to_owned));
    let more = more.map(|text| format!(" {text}")).unwrap_or_default();
    format!("{}{more}", counted(app, rows))
}

fn counted(app: &App, rows: &[KeyRow]) -> String {
    let all = rows.len();
    let missing = rows.iter().filter(|row| row.value.is_none()).count();
    let wrong = rows.iter().filter(|row| row.is_wrong()).count();
    let not_valid = rows.iter().filter(|row| row.is_wrong() && row.value.is_some()).count();
    let doubts = rows.iter().filter(|row| row.severity == Severity::Warning && !row.is_refused()).count();
    let refusals = trials::refusals(app);
    let refused = refusals.iter().map(|claim| claim.trim_end_matches('.')).collect::<Vec<_>>().join("; ");
    match (wrong, missing, doubts) {
        (0, 0, 0) if !refused.is_empty() => format!("All {all} values are well-formed; {refused}."),
        (0, 0, 0) => format!("All {all} values are as they should be."),
        (0, 0, n) if !refused.is_empty() => {
            format!("All {all} values are there; {n} may not be what is meant; {refused}.")
        }
        (0, 0, n) => format!("All {all} values are there; {n} may not be what is meant."),
        (0, 1, _) => "1 value stands in none of the sources.".into(),
        (0, m, _) => format!("{m} values stand in none of the sources."),
        (_, m, _) if !exists(app) => match (not_valid, m) {
            (0, 1) => "1 value is still to be filled in.".into(),
            (0, m) => format!("{m} values are still to be filled in."),
            (1, 0) => "1 value is not valid yet.".into(),
            (wrong, 0) => format!("{wrong} values are not valid yet."),
            (wrong, m) => format!("{wrong} not valid yet, {m} still to be filled in."),
        },
        (n, ..) => format!("{n} of {all} values would stop the service at start-up."),
    }
}

/// A key as the reader spells it; of two spellings the capitals.
pub fn spelled(app: &App, key: Key) -> &'static str {
    key.names(app.draft.reader).first().copied().unwrap_or(key.name())
}

/// The dialect that was found, where it is not what everybody expects (C10).
fn spelling(app: &App) -> Option<&'static str> {
    match secret::dialect(&document(app)?) {
        Dialect::Shipped => Some("The secret is spelled for shipped runtimes, in small letters."),
        Dialect::Legacy => Some("The secret is spelled for runtimes before 0.6.0: three names in small letters."),
        Dialect::Both => Some("The secret holds both spellings."),
        Dialect::Specification | Dialect::Unrecognised => None,
    }
}

fn key_row(app: &App, row: &KeyRow, here: bool, columns: usize) -> (Line<'static>, Option<u16>) {
    let line = Row::item(here).to(4).cell(spelled(app, row.key), VALUE - 7, if here { BOLD } else { PLAIN });
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
    let line = line.text(" ").fit(&remark(row), limit, if wrong { PLAIN } else { DIM });
    // Where a value is right its origin is all there is to say; else it stands on the right if there is room.
    let from = row.from.as_deref().filter(|from| remark(row) != *from).unwrap_or_default();
    (line.right(from, limit, DIM).line(), None)
}

fn mark(app: &App, row: &KeyRow) -> Mark {
    if row.value.is_none() && !exists(app) && !unread(app) { Mark::Open } else { Mark::from(row.severity) }
}

pub fn live_mark(app: &App, key: Key, text: &str) -> Mark {
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
        (Some(_), None) if row.message.is_empty() => match (&row.from, row.key.mask()) {
            (Some(from), _) => from.clone(),
            (None, Mask::Full) => "hidden".into(),
            (None, _) => String::new(),
        },
        (Some(_), None) => row.message.clone(),
    }
}

fn go_on_row(app: &App, rows: &[KeyRow], here: bool) -> Line<'static> {
    let wrong = || rows.iter().filter(|row| row.is_wrong());
    let left = wrong().count();
    let row = Row::item(here).to(4).put("Go on to the review", if here { BOLD } else { PLAIN });
    if left == 0 {
        row.line()
    } else {
        let only_empty = !exists(app) && wrong().all(|row| row.value.is_none());
        row.put(&format!("   {left} still to be {}", if only_empty { "filled in" } else { "put right" }), DIM).line()
    }
}
