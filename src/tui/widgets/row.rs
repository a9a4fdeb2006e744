//! One line, put together from left to right. Every text passes [`safe`] here, so no screen can forget it.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::model::Finding;
use crate::tui::theme::{BOLD, DIM, FOCUS, Mark, PLAIN};
use crate::values::text::{elide_end, elide_middle, safe, width};

/// Below so many columns a detail stands beside a list.
const NARROW: usize = 64;

/// A line under construction.
#[derive(Default)]
pub struct Row {
    spans: Vec<Span<'static>>,
    used: usize,
}

impl Row {
    /// An empty line, indented by the margin of two columns.
    pub fn new() -> Self {
        Self::default().to(2)
    }

    /// A row of a list: the cursor in the margin, where it stands.
    pub fn item(under_cursor: bool) -> Self {
        if under_cursor { Self::default().put("▸ ", FOCUS) } else { Self::new() }
    }

    /// The columns used so far.
    pub const fn used(&self) -> usize {
        self.used
    }

    /// Appends a text.
    pub fn put(mut self, text: &str, style: Style) -> Self {
        let text = safe(text).into_owned();
        self.used += width(&text);
        self.spans.push(Span::styled(text, style));
        self
    }

    /// Appends a text in the terminal's own style.
    pub fn text(self, text: &str) -> Self {
        self.put(text, PLAIN)
    }

    /// Appends a mark and a space.
    pub fn mark(self, mark: Mark) -> Self {
        self.put(mark.glyph(), mark.style()).put(" ", PLAIN)
    }

    /// Fills with spaces up to a column.
    pub fn to(mut self, column: usize) -> Self {
        if column > self.used {
            self.spans.push(Span::raw(" ".repeat(column - self.used)));
            self.used = column;
        }
        self
    }

    /// Appends a column of a table: cut at its end, filled to its width.
    pub fn cell(self, text: &str, columns: usize, style: Style) -> Self {
        let end = self.used + columns;
        self.put(&elide_end(&safe(text), columns), style).to(end)
    }

    /// As [`Row::cell`], cut in the middle: for ARNs and names.
    pub fn cell_middle(self, text: &str, columns: usize, style: Style) -> Self {
        let end = self.used + columns;
        self.put(&elide_middle(&safe(text), columns), style).to(end)
    }

    /// Appends a text, cut so that the line ends before `limit`.
    pub fn fit(self, text: &str, limit: usize, style: Style) -> Self {
        let room = limit.saturating_sub(self.used);
        self.put(&elide_end(&safe(text), room), style)
    }

    /// As [`Row::fit`], cut in the middle.
    pub fn fit_middle(self, text: &str, limit: usize, style: Style) -> Self {
        let room = limit.saturating_sub(self.used);
        self.put(&elide_middle(&safe(text), room), style)
    }

    /// Appends a text so that it ends at `limit`, if there is room for it after a gap.
    pub fn right(self, text: &str, limit: usize, style: Style) -> Self {
        let text = safe(text).into_owned();
        let start = limit.saturating_sub(width(&text));
        if start < self.used + 2 { self } else { self.to(start).put(&text, style) }
    }

    /// The finished line.
    pub fn line(self) -> Line<'static> {
        Line::from(self.spans)
    }
}

/// A line with a text at its right end, if there is room for it after a gap.
pub fn ending(line: Line<'static>, text: &str, limit: usize, style: Style) -> Line<'static> {
    let used = line.width();
    Row { spans: line.spans, used }.right(text, limit, style).line()
}

/// An empty line.
pub fn blank() -> Line<'static> {
    Line::default()
}

/// A section's heading.
pub fn heading(text: &str) -> Line<'static> {
    Row::new().put(text, BOLD).line()
}

/// The sentence that opens a screen, broken into lines that fit.
pub fn sentence(text: &str, columns: usize) -> Vec<Line<'static>> {
    wrapped(text, columns, 2, BOLD)
}

/// A text broken at spaces into lines of at most `columns`, each indented; a word that is longer than a line goes on below.
pub fn wrapped(text: &str, columns: usize, indent: usize, style: Style) -> Vec<Line<'static>> {
    let room = columns.saturating_sub(indent + 2).max(8);
    broken(text, room).into_iter().map(|line| Row::default().to(indent).put(&line, style).line()).collect()
}

/// A text behind what a line begins with; what does not fit goes on below its own beginning.
pub fn wrapped_at(row: Row, text: &str, columns: usize, style: Style) -> Vec<Line<'static>> {
    let column = row.used();
    let mut row = Some(row);
    let mut lines = Vec::new();
    for part in broken(text, columns.saturating_sub(column + 2).max(8)) {
        lines.push(row.take().unwrap_or_else(|| Row::default().to(column)).put(&part, style).line());
    }
    lines
}

/// A mark and a text, which goes on below its own beginning.
pub fn marked(mark: Mark, text: &str, columns: usize) -> Vec<Line<'static>> {
    let room = columns.saturating_sub(6).max(8);
    let row = |(index, part): (usize, String)| {
        let row = if index == 0 { Row::new().mark(mark) } else { Row::default().to(4) };
        row.put(&part, PLAIN).line()
    };
    broken(text, room).into_iter().enumerate().map(row).collect()
}

/// A text made safe and broken at spaces into pieces of at most `room` columns.
fn broken(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in safe(text).split(' ') {
        for (at, piece) in pieces(word, room).into_iter().enumerate() {
            match lines.last_mut() {
                Some(line) if line.is_empty() => line.push_str(&piece),
                Some(line) if at == 0 && width(line) + 1 + width(&piece) <= room => {
                    line.push(' ');
                    line.push_str(&piece);
                }
                _ => lines.push(piece),
            }
        }
    }
    lines
}

/// A text cut into pieces of at most `room` columns: behind a `/` or `:` of the second half of a piece, where there is one, so that the name
/// at the end of an ARN stays whole.
fn pieces(text: &str, room: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while width(rest) > room {
        let mut used = 0;
        let fitting = |(at, c): (usize, char)| {
            used += width(c.encode_utf8(&mut [0; 4]));
            (used <= room).then_some(at + c.len_utf8())
        };
        // At least one character, however narrow the room is.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let fits = rest.char_indices().map_while(fitting).last().unwrap_or(first);
        let (whole, _) = rest.split_at(fits);
        let parted = whole
            .rfind(['/', ':'])
            .map(|at| at + 1)
            .filter(|at| whole.get(..*at).is_some_and(|head| width(head) * 2 > room));
        let (piece, after) = rest.split_at(parted.unwrap_or(fits));
        pieces.push(piece.to_owned());
        rest = after;
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(rest.to_owned());
    }
    pieces
}

/// A finding in a few lines: what is so, what to do, and the command that does it. Its evidence is on the help page.
pub fn found(finding: &Finding, columns: usize) -> Vec<Line<'static>> {
    let mut lines = wrapped(&finding.claim, columns, 4, PLAIN);
    if let Some(first) = lines.first_mut() {
        let words: String = first.spans.iter().map(|span| span.content.as_ref()).collect();
        *first = Row::new().mark(Mark::of(finding)).put(words.trim_start(), PLAIN).line();
    }
    for fix in &finding.fixes {
        lines.extend(wrapped(&fix.what, columns, 4, DIM));
        lines.extend(fix.command.iter().flat_map(|command| wrapped(command, columns, 6, BOLD)));
    }
    lines.insert(0, blank());
    lines
}

/// A named value, whole: what does not fit goes on below, so that an ARN can be read and compared. In a narrow column a long value
/// stands below its name, where it is broken less often.
pub fn fact(name: &str, value: &str, column: usize, columns: usize, style: Style) -> Vec<Line<'static>> {
    let room = columns.saturating_sub(column + 2).max(8);
    let below = columns.saturating_sub(6).max(8);
    let longest = value.split(' ').map(width).max().unwrap_or(0);
    if columns < NARROW && longest > room && below > room && !name.is_empty() {
        let mut lines = vec![Row::default().to(4).put(name, DIM).line()];
        lines.extend(broken(value, below).into_iter().map(|part| Row::default().to(5).put(&part, style).line()));
        return lines;
    }
    let row = |(index, part): (usize, String)| {
        let name = if index == 0 { name } else { "" };
        Row::default().to(4).cell(name, column - 4, DIM).put(&part, style).line()
    };
    broken(value, room).into_iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &Line<'_>) -> String {
        line.spans.iter().map(|span| span.content.as_ref()).collect()
    }

    #[test]
    fn columns_line_up_whatever_is_in_them() {
        for name in ["short", "much longer than the column", "日本語日本語日本語", "esc\u{1b}[31m"] {
            let row = Row::new().cell(name, 10, PLAIN).text("|");
            assert_eq!(row.used(), 13, "{name}");
        }
    }

    #[test]
    fn nothing_unsafe_gets_through() {
        assert_eq!(text(&Row::new().text("a\u{1b}[2Jb").line()), "  a\\u{1b}[2Jb");
    }

    #[test]
    fn a_long_value_goes_on_below() {
        let lines = fact("ARN", "arn:aws:iam::111122223333:role/Name", 8, 30, PLAIN);
        let shown: Vec<String> = lines.iter().map(text).collect();
        assert_eq!(shown, ["    ARN", "     arn:aws:iam::", "     111122223333:role/Name"]);
        let wide = fact("ARN", &"x".repeat(100), 8, 80, PLAIN);
        assert_eq!(wide.iter().map(text).map(|line| line.len()).collect::<Vec<_>>(), [78, 38]);
    }

    #[test]
    fn a_long_word_is_parted_before_a_name_and_nowhere_joined() {
        let text_of = |text: &str, room| pieces(text, room).join("|");
        assert_eq!(
            text_of("arn:aws:iam::111122223333:role/WaveEcrAccess", 40),
            "arn:aws:iam::111122223333:role/|WaveEcrAccess"
        );
        assert_eq!(text_of("a/bcdefghijklmnopq", 10), "a/bcdefghi|jklmnopq", "too early to part there");
        assert_eq!(text_of("日本", 1), "日|本");
        let lines = wrapped("of aaaa:aaaa/b or c", 13, 4, PLAIN);
        assert_eq!(lines.iter().map(text).collect::<Vec<_>>(), ["    of aaaa:", "    aaaa/b", "    or c"]);
    }

    #[test]
    fn sentences_break_at_spaces_and_fit() {
        let lines = sentence("one two three four", 14);
        assert_eq!(lines.iter().map(text).collect::<Vec<_>>(), ["  one two", "  three four"]);
    }
}
