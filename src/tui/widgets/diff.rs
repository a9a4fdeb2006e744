//! What a change does: a field as a line of a diff, and two documents line by line.

use ratatui::text::Line;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

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

/// Lines of a document that are shown around what changes in it.
const AROUND: usize = 3;

/// A document that is changed, or new: the lines that go and come, with some around them; unfolded, all of it.
pub fn documents(before: Option<&Value>, after: &Value, columns: usize, unfolded: bool) -> Vec<Line<'static>> {
    let text = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default();
    let (before, after) = (before.map(text).unwrap_or_default(), text(after));
    let diff = TextDiff::from_lines(&before, &after);
    let end = columns.saturating_sub(2);
    let radius = if unfolded { before.len() + after.len() } else { AROUND };
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(radius).iter().enumerate() {
        if index > 0 {
            lines.push(Row::default().to(7).put("…", DIM).line());
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, mark, style) = match change.tag() {
                ChangeTag::Equal => ("  ", DIM, DIM),
                ChangeTag::Delete => ("- ", ERROR, PLAIN),
                ChangeTag::Insert => ("+ ", GOOD, BOLD),
            };
            let text = change.value().trim_end_matches('\n');
            lines.push(Row::default().to(5).put(sign, mark).fit_middle(text, end, style).line());
        }
    }
    lines
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
        FieldKind::Renamed => {
            let old = format!("was {}  ", field.before);
            named(row.put(&sign, WARNING)).put(&old, DIM).fit_middle(&field.after, limit, PLAIN).line()
        }
        FieldKind::Changed => {
            let row = named(row.put(&sign, WARNING));
            let room = limit.saturating_sub(row.used() + 3) / 2;
            let before = row.used() + room;
            row.fit_middle(&field.before, before, DIM).put(" → ", DIM).fit_middle(&field.after, limit, PLAIN).line()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_shows_what_comes_and_goes_with_some_lines_around() {
        let before = serde_json::json!({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": [1], "g": 7});
        let after = serde_json::json!({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": [1], "g": 8});
        let shown: Vec<String> = documents(Some(&before), &after, 80, false).iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            ["         \"f\": [", "           1", "         ],", "     -   \"g\": 7", "     +   \"g\": 8", "       }"]
        );
        assert_eq!(documents(Some(&before), &after, 80, true).len(), 12, "unfolded, all of it");
        let new = documents(None, &after, 80, false);
        assert!(new.iter().all(|line| line.to_string().starts_with("     + ")), "a new document is all new");
    }
}
