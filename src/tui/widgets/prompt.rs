//! The drawer a prompt is answered in: the question, the field, what is wrong with it, what is known.

use ratatui::text::Line;

use super::footer;
use super::row::Row;
use crate::tui::prompt::Prompt;
use crate::tui::theme::{BOLD, DIM, ERROR, FIELD, FOCUS, Mark, PLAIN};

/// How many suggestions are shown at once.
const SHOWN: usize = 5;

/// The drawer's lines, and row and column of the real cursor in it.
pub fn lines(prompt: &Prompt, columns: usize) -> (Vec<Line<'static>>, (u16, u16)) {
    let room = columns.saturating_sub(8);
    let view = prompt.field.view(u16::try_from(room).unwrap_or(u16::MAX), prompt.purpose.is_hidden());
    let mut lines = vec![
        footer::rule("", columns),
        Row::new().put(prompt.purpose.title(), BOLD).line(),
        Row::new().put("▸ ", FOCUS).put(&view.text, FIELD).line(),
    ];
    // A half-typed answer is not called wrong: what is wrong is said once it was tried.
    lines.push(match &prompt.refused {
        Some(fault) => Row::new().mark(Mark::Fault).fit(fault, columns - 2, ERROR).line(),
        None => Line::default(),
    });
    let matching = prompt.matching();
    let first = prompt.at.unwrap_or(0).saturating_sub(SHOWN - 1);
    for (index, text) in matching.iter().enumerate().skip(first).take(SHOWN) {
        let here = prompt.at == Some(index);
        let row = Row::new().to(2).put(if here { "▸ " } else { "  " }, FOCUS);
        lines.push(row.fit_middle(text, columns - 2, if here { BOLD } else { PLAIN }).line());
    }
    if matching.len() > first + SHOWN {
        lines.push(Row::new().to(4).put(&format!("{} more", matching.len() - first - SHOWN), DIM).line());
    }
    (lines, (2, 4 + view.cursor))
}
