//! The second line: the steps, what each found, and where one is.

use ratatui::text::Line;

use super::row::Row;
use crate::tui::app::App;
use crate::tui::route::Walk;
use crate::tui::steps;
use crate::tui::theme::{DIM, FOCUS, HERE, Mark, PLAIN};

/// Columns that six steps with wide gaps between take.
const WIDE: usize = 74;

/// The stepper of the walk under way.
pub fn line(app: &App, columns: usize) -> Line<'static> {
    let mut row = Row::new();
    let gap = if columns >= WIDE || app.walk == Walk::SetUp { "   " } else { " " };
    for step in app.walk.steps().iter().copied() {
        let mark = steps::mark(app, step);
        let here = app.route == step;
        row = match (here, mark) {
            (true, Mark::Open) => row.put("▸ ", FOCUS),
            _ => row.mark(mark),
        };
        let style = match (here, mark) {
            (true, _) => HERE,
            (false, Mark::Open | Mark::Running) => DIM,
            (false, _) => PLAIN,
        };
        row = row.put(step.name(), style).text(gap);
    }
    row.line()
}
