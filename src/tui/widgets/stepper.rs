//! The second line: the steps, what each found, and where one is.

use ratatui::text::Line;

use super::row::Row;
use crate::tui::app::App;
use crate::tui::route::Route;
use crate::tui::steps;
use crate::tui::theme::{DIM, FOCUS, HERE, Mark, PLAIN};

/// The stepper.
pub fn line(app: &App) -> Line<'static> {
    let mut row = Row::new();
    for step in Route::STEPS {
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
        row = row.put(step.name(), style).text("   ");
    }
    row.line()
}
