//! How a path looks while it is typed.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::form::{Form, Part, Spot};
use crate::tui::theme::{BOLD, DIM, ERROR, FIELD, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{Row, blank, heading, wrapped};

/// Where the fields begin.
const FIELDS: usize = 22;

/// Draws it.
pub fn draw(form: &Form, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let opening = match form.length() {
        1 => "One role, with what goes with the call.".to_owned(),
        hops => format!("{hops} roles, each assumed with the session of the one before."),
    };
    let spots = form.spots();
    let at = spots.iter().position(|spot| *spot == form.at).unwrap_or(0);
    // What is below the last line is not forgotten.
    let count = format!("{} of {}", at + 1, spots.len());
    let head = vec![Row::new().put(&opening, BOLD).right(&count, columns - 2, DIM).line()];
    let mut page = Page { head, ..Page::default() };
    for spot in spots {
        match spot {
            Spot::Hop(hop, Part::Role) if form.length() > 1 => {
                page.body.push(blank());
                page.body.push(heading(&format!("Hop {}", hop + 1)));
            }
            Spot::Hop(_, Part::Role) | Spot::Principal => page.body.push(blank()),
            _ => {}
        }
        let here = form.at == spot;
        let (line, column) = field(form, spot, here, columns);
        if here {
            page.focus = Some(page.body.len());
            page.cursor = Some((page.body.len(), column));
        }
        page.body.push(line);
    }
    page.foot = foot(form, columns);
    page::draw(&page, area, buffer)
}

fn field(form: &Form, spot: Spot, here: bool, columns: usize) -> (Line<'static>, u16) {
    let start = u16::try_from(FIELDS).unwrap_or(22);
    let row = Row::item(here).cell(spot.name(), FIELDS - 2, if here { BOLD } else { PLAIN });
    let Some(field) = form.field(spot) else { return (row.line(), start) };
    let room = columns.saturating_sub(FIELDS + 2);
    if field.text().is_empty() && !here {
        return (row.fit(spot.empty(), columns - 2, DIM).line(), start);
    }
    if !here {
        return (row.fit_middle(field.text(), columns - 2, PLAIN).line(), start);
    }
    let view = field.view(u16::try_from(room).unwrap_or(40), false);
    (row.put(&format!("{:<room$}", view.text), FIELD).line(), start + view.cursor)
}

/// What is wrong, or else what the field is.
fn foot(form: &Form, columns: usize) -> Vec<Line<'static>> {
    let mut lines = vec![blank()];
    match &form.refused {
        Some(fault) => lines.push(Row::new().mark(Mark::Fault).fit(fault, columns - 2, ERROR).line()),
        None => lines.extend(wrapped(form.at.about(), columns, 4, DIM)),
    }
    lines
}
