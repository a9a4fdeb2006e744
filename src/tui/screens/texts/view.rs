//! How the page of texts looks: the list, and the text beside it or in its place.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{State, texts, title};
use crate::handover::Text;
use crate::tui::app::App;
use crate::tui::theme::{BOLD, DIM, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{Row, blank, marked, sentence, wrapped};
use crate::values::text::{safe, width};

/// From this width on list and text stand side by side.
const WIDE: u16 = 110;
/// The columns of the list beside a text.
const LIST: u16 = 48;

/// Draws it.
pub fn draw(app: &App, state: &State, area: Rect, buffer: &mut Buffer) {
    let texts = texts(app, state);
    let chosen = texts.get(state.at);
    if area.width >= WIDE {
        let left = Rect { width: LIST, ..area };
        let right = Rect { x: area.x + LIST, width: area.width - LIST, ..area };
        list(&texts, state, left, buffer);
        if let Some(text) = chosen {
            whole(text, state, right, buffer);
        }
    } else if let Some(text) = chosen.filter(|_| state.open) {
        whole(text, state, area, buffer);
    } else {
        list(&texts, state, area, buffer);
    }
}

fn list(texts: &[Text], state: &State, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let mut page = Page { head: sentence("What is to be handed over?", columns), ..Page::default() };
    page.head.push(blank());
    let beside = area.width == LIST;
    for (index, text) in texts.iter().enumerate() {
        let here = index == state.at;
        if here {
            page.focus = Some(page.body.len());
        }
        let mark = if text.is_whole() { Mark::Good } else { Mark::Doubt };
        let row = Row::item(here).mark(mark);
        let style = if here { BOLD } else { PLAIN };
        page.body.push(if beside {
            row.fit_middle(&title(text), columns - 1, style).line()
        } else {
            row.cell(text.name.word(), 20, style).fit(&text.title, columns - 2, DIM).line()
        });
    }
    page.foot.push(blank());
    page.foot.extend(standing(texts).iter().flat_map(|words| wrapped(words, columns, 2, DIM)));
    page::draw(&page, area, buffer);
}

/// Why some cannot be used as they are, each reason by itself.
fn standing(texts: &[Text]) -> Vec<String> {
    let count = |is: fn(&Text) -> bool| texts.iter().filter(|text| is(text)).count();
    let several = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(one.to_owned()),
        count => Some(format!("{count} {many}")),
    };
    let gaps = several(
        count(|text| !text.gaps.is_empty()),
        "One has a placeholder for what is not known or withheld; Enter says which.",
        "have placeholders for what is not known or withheld; Enter says which.",
    );
    let wrong = several(
        count(|text| text.partial),
        "One is made from what is wrong or could not be read; Enter says what.",
        "are made from what is wrong or could not be read; Enter says what.",
    );
    let words: Vec<String> = gaps.into_iter().chain(wrong).collect();
    if words.is_empty() { vec!["Each can be used as it is.".to_owned()] } else { words }
}

/// What its reader must know stands before the text, as `rolecall print` says it on standard error.
fn whole(text: &Text, state: &State, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let mut page = Page { head: sentence(&text.title, columns), ..Page::default() };
    page.head.push(blank());
    for gap in &text.gaps {
        // The flag is the command line's; here a key does the same.
        let why = gap.why.replace("--show-external-ids writes it", "v shows it");
        page.body.extend(marked(Mark::Doubt, &format!("{}: {why}", gap.placeholder), columns));
    }
    for note in &text.notes {
        page.body.extend(wrapped(&format!("note: {note}"), columns, 2, DIM));
    }
    if !page.body.is_empty() {
        page.body.push(blank());
    }
    page.body.extend(text.body.lines().flat_map(|line| broken(line, columns)));
    let furthest = page::furthest(&page, area);
    if furthest > 0 {
        page.foot.push(blank());
        let furthest = page::furthest(&page, area);
        state.furthest.set(furthest);
        page.scroll = state.from.min(furthest);
        let more = if page.scroll < furthest { "PgDn shows more" } else { "the end; PgUp leads back" };
        page.foot = vec![Row::new().right(more, columns.saturating_sub(2), DIM).line()];
    } else {
        state.furthest.set(0);
    }
    page::draw(&page, area, buffer);
}

/// A line as it stands, its spaces kept; what does not fit goes on below, two columns further in.
fn broken(line: &str, columns: usize) -> Vec<Line<'static>> {
    const INDENT: usize = 2;
    let line = safe(line);
    let begins = line.chars().take_while(|c| *c == ' ').count();
    let room = columns.saturating_sub(2 * INDENT).max(20);
    let below = (begins + 2).min(room / 2);
    let mut lines = Vec::new();
    let (mut piece, mut used) = (String::new(), 0);
    for c in line.chars() {
        let wide = width(c.encode_utf8(&mut [0; 4]));
        if used + wide > room {
            lines.push(std::mem::replace(&mut piece, " ".repeat(below)));
            used = below;
        }
        piece.push(c);
        used += wide;
    }
    lines.push(piece);
    lines.into_iter().map(|text| Row::default().to(INDENT).put(&text, PLAIN).line()).collect()
}
