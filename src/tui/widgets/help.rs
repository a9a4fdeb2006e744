//! The help page: every key of the screen below it, made from the keymap.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::page::{self, Page};
use super::row::{Row, blank, sentence};
use crate::tui::app::App;
use crate::tui::keymap;
use crate::tui::theme::{DIM, KEY, PLAIN};

/// Draws the help page.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let mut page = Page { scroll: app.help.unwrap_or(0), ..Page::default() };
    page.head = sentence(&format!("Keys on this page: {}", app.route.name()), columns);
    page.head.push(blank());
    for (binding, why) in keymap::help(app) {
        let style = if why.is_some() { DIM } else { PLAIN };
        let row = Row::new().cell(binding.shown, 12, if why.is_some() { DIM } else { KEY });
        let row = row.fit(binding.help, columns - 2, style);
        page.body.push(row.line());
        if let Some(why) = why {
            page.body.push(Row::new().to(14).fit(&format!("not now: {why}"), columns - 2, DIM).line());
        }
    }
    page::draw(&page, area, buffer)
}
