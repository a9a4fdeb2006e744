//! A screen's body: what stays on top, what scrolls, what stays below, and what stands beside on a wide terminal.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

/// From this width on the detail stands beside the list.
const WIDE: u16 = 110;

/// A body.
#[derive(Default)]
pub struct Page {
    /// Stays on top.
    pub head: Vec<Line<'static>>,
    /// Scrolls.
    pub body: Vec<Line<'static>>,
    /// Ends the body, and is always in sight.
    pub tail: Vec<Line<'static>>,
    /// The line of the body that must be seen.
    pub focus: Option<usize>,
    /// Lines the user scrolled by, where nothing has the focus.
    pub scroll: usize,
    /// The detail: beside the rest on a wide terminal, below it otherwise.
    pub aside: Vec<Line<'static>>,
    /// Stays below everything.
    pub foot: Vec<Line<'static>>,
    /// Line of the body and column of the real cursor.
    pub cursor: Option<(usize, u16)>,
    /// The columns that the body would like to have where a detail stands beside it.
    pub wanted: usize,
}

/// The least columns of a detail that stands beside: the ARN of a user or role fits.
const DETAIL: usize = 45;

/// The columns of the main part, which would like to have `wanted`, and of the detail if it stands beside. What the main part does not
/// want the detail gets, up to half of the width.
pub fn columns(area: Rect, wanted: usize) -> (usize, Option<usize>) {
    let width = usize::from(area.width);
    if area.width < WIDE {
        return (width, None);
    }
    let aside = width.saturating_sub(wanted).clamp(DETAIL, (width / 2).max(DETAIL));
    (width - aside, Some(aside))
}

/// Draws a page. Returns where the real cursor is.
pub fn draw(page: &Page, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let beside = !page.aside.is_empty() && area.width >= WIDE;
    let height = usize::from(area.height);
    let head = page.head.len().min(height);
    let width = if beside { u16::try_from(columns(area, page.wanted).0).unwrap_or(area.width) } else { area.width };
    if beside {
        let down = u16::try_from(head).unwrap_or(0);
        let right = Rect { x: area.x + width, y: area.y + down, width: area.width - width, height: area.height - down };
        lines(&page.aside, right, buffer);
    }
    let below: &[Line<'_>] = if beside { &[] } else { &page.aside };
    let foot = page.foot.len().min(height - head);
    let room = height - head - foot;
    // The list keeps at least half of the room when the detail below is long; a blank line parts them.
    let gap = usize::from(!below.is_empty());
    let list = room.saturating_sub(below.len() + gap).max(room.div_ceil(2)).max(page.body.len().min(3)).min(room);
    let tail = page.tail.len().min(list);
    let shown = page.body.len().min(list - tail);
    let detail = below.len().min(room.saturating_sub(shown + tail + gap));
    let first = first_line(page, shown);
    let mut pen = Pen { y: area.y, area };
    pen.put(page.head.get(..head).unwrap_or_default(), area.width, buffer);
    let top = pen.y;
    pen.put(page.body.get(first..first + shown).unwrap_or_default(), width, buffer);
    pen.put(page.tail.get(..tail).unwrap_or_default(), width, buffer);
    if detail > 0 {
        pen.y += 1;
        pen.put(below.get(..detail).unwrap_or_default(), width, buffer);
    }
    pen.put(page.foot.get(..foot).unwrap_or_default(), area.width, buffer);
    let (line, column) = page.cursor?;
    let row = u16::try_from(line.checked_sub(first)?).ok()?;
    (usize::from(row) < shown).then(|| Position::new(area.x + column.min(width.saturating_sub(1)), top + row))
}

/// Writes lines downwards.
struct Pen {
    y: u16,
    area: Rect,
}

impl Pen {
    fn put(&mut self, lines: &[Line<'static>], width: u16, buffer: &mut Buffer) {
        for line in lines {
            if self.y < self.area.bottom() {
                buffer.set_line(self.area.x, self.y, line, width);
                self.y += 1;
            }
        }
    }
}

/// The lines of a body that can be on the screen when `focus` must be: the others need not be made.
pub fn near(focus: Option<usize>, area: Rect) -> Range<usize> {
    let height = usize::from(area.height);
    let focus = focus.unwrap_or(0);
    focus.saturating_sub(height)..focus + height
}

/// The lines of the body that are seen at once.
pub fn room(page: &Page, area: Rect) -> usize {
    usize::from(area.height).saturating_sub(page.head.len() + page.foot.len())
}

/// How far a page without a cursor can be scrolled.
pub fn furthest(page: &Page, area: Rect) -> usize {
    page.body.len().saturating_sub(room(page, area))
}

fn first_line(page: &Page, shown: usize) -> usize {
    let furthest = page.body.len() - shown;
    match page.focus {
        Some(line) => line.saturating_sub(shown / 2).min(furthest),
        None => page.scroll.min(furthest),
    }
}

/// Draws lines from the top of an area.
pub fn lines(lines: &[Line<'static>], area: Rect, buffer: &mut Buffer) {
    for (line, y) in lines.iter().zip(area.y..area.bottom()) {
        buffer.set_line(area.x, y, line, area.width);
    }
}
