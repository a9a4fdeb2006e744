//! One frame.
//!
//! ```text
//!   who and where                                   banner
//!   ✓ AWS profile   ✓ Stack   ✗ Roles   ○ Secret   ○ Review
//!  ───────────────────────────────────────────────────────────
//!   the screen: one sentence, then what it rests on
//!
//!  ── what is running, or why a key did nothing ──────────────
//!   the keys that do something now
//! ```

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::app::App;
use super::route::Route;
use super::screens;
use super::widgets::{footer, header, help, page, prompt, row, stepper};
use crate::tui::theme::BOLD;

/// The smallest terminal that is drawn on, in columns and rows.
pub const SMALLEST: (u16, u16) = (60, 16);

/// Draws the frame and puts the real cursor into the field that has the focus.
pub fn draw(app: &App, frame: &mut Frame<'_>) {
    let area = frame.area();
    let cursor = onto(app, area, frame.buffer_mut());
    if let Some(position) = cursor.filter(|position| area.contains(*position)) {
        frame.set_cursor_position(position);
    }
}

/// Draws onto a buffer; returns where the real cursor is.
pub fn onto(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let cursor = if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(area, buffer);
        None
    } else {
        whole(app, area, buffer)
    };
    app.setting.theme.finish(buffer);
    cursor
}

fn too_small(area: Rect, buffer: &mut Buffer) {
    let (columns, rows) = SMALLEST;
    let text = format!("rolecall needs {columns}x{rows}, this terminal has {}x{}", area.width, area.height);
    let lines = row::wrapped(&text, usize::from(area.width) + 1, 0, BOLD);
    page::lines(&lines, area, buffer);
}

fn whole(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let width = usize::from(area.width);
    let mut top = vec![header::line(app, width)];
    if app.route == Route::Diagnose {
        top.push(screens::diagnose::tabs(app, width));
    } else if app.route.is_of_walk() {
        top.push(stepper::line(app, width));
    }
    if app.route != Route::Home {
        top.push(footer::rule("", width));
    }
    let bottom = [footer::rule(&footer::status(app), width), footer::line(app, width)];
    let head = u16::try_from(top.len()).unwrap_or(3);
    page::lines(&top, area, buffer);
    let below = Rect { y: area.bottom() - 2, height: 2, ..area };
    page::lines(&bottom, below, buffer);
    let mut body = Rect { y: area.y + head, height: area.height - head - 2, ..area };
    let open = match &app.prompt {
        Some(prompt) => {
            let (lines, cursor) = prompt::lines(prompt, width);
            let height = u16::try_from(lines.len()).unwrap_or(4).min(body.height);
            body.height -= height;
            let drawer = Rect { y: body.bottom(), height, ..area };
            page::lines(&lines, drawer, buffer);
            Some(Position::new(drawer.x + cursor.1, drawer.y + cursor.0))
        }
        None => None,
    };
    if app.secret.trials.asking {
        let lines = screens::secret::trials::question(app, width);
        let height = u16::try_from(lines.len() + 1).unwrap_or(6).min(body.height);
        body.height -= height;
        page::lines(&lines, Rect { y: body.bottom() + 1, height: height - 1, ..area }, buffer);
    }
    let cursor = match &app.help {
        Some(page) => help::draw(app, page, body, buffer),
        None => match &app.texts {
            Some(page) => {
                screens::texts::draw(app, page, body, buffer);
                None
            }
            None => screens::draw(app, body, buffer),
        },
    };
    open.or(cursor)
}
