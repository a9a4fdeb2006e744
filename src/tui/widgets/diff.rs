//! One field of a change, as a line of a diff.

use ratatui::text::Line;

use super::row::Row;
use crate::model::plan::{FieldChange, FieldKind};
use crate::tui::theme::{BOLD, DIM, ERROR, GOOD, PLAIN, WARNING};
use crate::wording::review::sign;

/// The width of the names of some fields, within reason.
pub fn names(fields: &[FieldChange]) -> usize {
    let longest = fields.iter().map(|field| crate::values::text::width(&field.name)).max().unwrap_or(0);
    longest.clamp(14, 30)
}

/// Whether a field is shown while its change is folded.
pub fn counts(field: &FieldChange) -> bool {
    field.kind != FieldKind::Same
}

/// The line of a field: what happens to it, from what to what.
pub fn line(field: &FieldChange, name: usize, here: bool, left_out: bool, columns: usize) -> Line<'static> {
    let row = Row::item(here).to(5);
    let limit = columns.saturating_sub(2);
    if left_out {
        return row
            .put("  ", DIM)
            .cell_middle(&field.name, name, DIM)
            .fit("  left out; l takes it in again", limit, DIM)
            .line();
    }
    let named = |row: Row| row.cell_middle(&field.name, name, if here { BOLD } else { PLAIN }).text("  ");
    let sign = format!("{} ", sign(field.kind));
    match field.kind {
        FieldKind::Added => named(row.put(&sign, GOOD)).fit_middle(&field.after, limit, PLAIN).line(),
        FieldKind::Removed => named(row.put(&sign, ERROR)).fit_middle(&field.before, limit, DIM).line(),
        FieldKind::Same => {
            let row = row.put(&sign, DIM).cell_middle(&field.name, name, DIM).put("  same", DIM);
            if field.after.is_empty() {
                row.line()
            } else {
                row.put("  ", DIM).fit_middle(&field.after, limit, DIM).line()
            }
        }
        FieldKind::Changed => {
            let row = named(row.put(&sign, WARNING));
            let room = limit.saturating_sub(row.used() + 3) / 2;
            let before = row.used() + room;
            row.fit_middle(&field.before, before, DIM).put(" → ", DIM).fit_middle(&field.after, limit, PLAIN).line()
        }
    }
}
