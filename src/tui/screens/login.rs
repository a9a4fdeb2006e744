//! Nothing can be asked before a login: the command that makes it, and that it is waited for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::source;
use crate::model::facts::SourceEntry;
use crate::tui::app::App;
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::sentence;

/// Draws it in place of a screen that waits.
pub fn draw(app: &App, entry: &SourceEntry, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let opening = format!("AWS profile {} needs a login before anything can be asked.", entry.source.label());
    let page =
        Page { head: sentence(&opening, columns), body: source::how_to_log_in(app, entry, columns), ..Page::default() };
    page::draw(&page, area, buffer);
}
