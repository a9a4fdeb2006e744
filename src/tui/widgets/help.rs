//! The help pages as they look: the keys, made from the keymap and searched, and what the finding under the cursor means.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::page::{self, Page};
use super::row::{Row, blank, sentence, wrapped};
use crate::model::Finding;
use crate::tui::app::App;
use crate::tui::focus::{self, Focus};
use crate::tui::help::{Help, Pane};
use crate::tui::keymap::{self, Told};
use crate::tui::theme::{BOLD, DIM, FIELD, FOCUS, KEY, Mark, PLAIN};

/// The columns of the field that the keys are searched with.
const SEARCH: u16 = 30;

/// Draws the open help page.
pub fn draw(app: &App, help: &Help, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    match help.pane {
        Pane::Keys => keys(app, help, area, buffer),
        Pane::About => about(app, help, area, buffer),
    }
}

fn keys(app: &App, help: &Help, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let searching = !help.search.text().trim().is_empty();
    let told = keymap::help(app, help.search.text());
    let opening = match (searching, told.len()) {
        (false, _) => format!("Keys on this page: {}", app.route.name()),
        (true, 0) => "No key of rolecall does that.".into(),
        (true, 1) => "1 key does that.".into(),
        (true, many) => format!("{many} keys do that, those of this page first."),
    };
    let mut page = Page { head: sentence(&opening, columns), scroll: help.scroll, ..Page::default() };
    let view = help.search.view(SEARCH, false);
    let line = u16::try_from(page.head.len()).unwrap_or(1);
    let row = Row::new().put("/ ", FOCUS);
    page.head.push(if help.search.text().is_empty() {
        row.put("type to search", DIM).line()
    } else {
        row.put(&view.text, FIELD).line()
    });
    page.head.push(blank());
    page.body = told.iter().flat_map(|told| key_lines(told, columns)).collect();
    page.scroll = page.scroll.min(page::furthest(&page, area));
    page::draw(&page, area, buffer);
    Some(Position::new(area.x + 4 + view.cursor, area.y + line))
}

fn key_lines(told: &Told, columns: usize) -> Vec<Line<'static>> {
    let quiet = told.why.is_some() || told.elsewhere.is_some();
    let row = Row::new().cell(told.binding.shown, 12, if quiet { DIM } else { KEY });
    let mut lines = vec![row.fit(told.binding.help, columns - 2, if quiet { DIM } else { PLAIN }).line()];
    let below = match (told.why, &told.elsewhere) {
        (Some(why), _) => Some(format!("not now: {why}")),
        (None, Some(places)) => Some(format!("on: {places}")),
        (None, None) => None,
    };
    lines.extend(below.map(|text| Row::new().to(14).fit(&text, columns - 2, DIM).line()));
    lines
}

fn about(app: &App, help: &Help, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let mut focus = focus::of(app);
    // From the keys one gets here without a finding under the cursor: then those of the whole step are told.
    let of_step = focus.findings.is_empty();
    if of_step {
        focus.findings = focus::of_step(app, app.route).collect();
    }
    let opening = match (focus.findings.is_empty(), of_step) {
        (true, _) => "Nothing on this page is wrong or unknown.".into(),
        (false, true) => format!("What was found: {}", app.route.name()),
        (false, false) => format!("What was found about {}", focus.what),
    };
    let mut page = Page { head: sentence(&opening, columns), scroll: help.scroll, ..Page::default() };
    page.head.push(blank());
    page.body = explained(&focus, columns);
    page.scroll = page.scroll.min(page::furthest(&page, area));
    if page::furthest(&page, area) > page.scroll {
        page.foot = vec![Row::new().put("↓ and PgDn show more", DIM).line()];
    }
    page::draw(&page, area, buffer)
}

fn explained(focus: &Focus<'_>, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for finding in &focus.findings {
        lines.extend(marked(Mark::of(finding), &finding.claim, columns));
        lines.push(Row::default().to(4).put(&finding.id, DIM).line());
        // One paragraph per id: several findings of one kind mean the same.
        if !told.contains(&finding.id.as_str()) {
            told.push(&finding.id);
            lines.push(blank());
            lines.extend(paragraphs(focus::meaning(finding), columns, 4));
        }
        lines.extend(evidence_and_cures(finding, columns));
        lines.push(blank());
    }
    for slug in &focus.causes {
        let text = focus::meaning_of_cause(slug);
        if !text.is_empty() {
            lines.push(Row::default().to(4).put("Cause  ", DIM).put(slug, BOLD).line());
            lines.extend(paragraphs(text, columns, 4));
            lines.push(blank());
        }
    }
    lines.pop();
    lines
}

fn evidence_and_cures(finding: &Finding, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if !finding.evidence.is_empty() {
        lines.extend([blank(), Row::default().to(4).put("Judged from", DIM).line()]);
        lines.extend(finding.evidence.iter().flat_map(|line| wrapped(line, columns, 4, PLAIN)));
    }
    if !finding.fixes.is_empty() {
        lines.extend([blank(), Row::default().to(4).put("To cure it", DIM).line()]);
    }
    for fix in &finding.fixes {
        lines.extend(wrapped(&fix.what, columns, 4, PLAIN));
        lines.extend(fix.command.iter().flat_map(|command| wrapped(command, columns, 6, BOLD)));
    }
    lines
}

/// A bold sentence behind a mark; what does not fit goes on below its beginning.
fn marked(mark: Mark, text: &str, columns: usize) -> Vec<Line<'static>> {
    let mut lines = wrapped(text, columns, 4, BOLD);
    if let Some(first) = lines.first_mut() {
        let words: String = first.spans.iter().map(|span| span.content.as_ref()).collect();
        *first = Row::new().mark(mark).put(words.trim_start(), BOLD).line();
    }
    lines
}

/// Markdown without markup: paragraphs parted by a blank line.
fn paragraphs(text: &str, columns: usize, indent: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (index, paragraph) in text.split("\n\n").enumerate() {
        if index > 0 {
            lines.push(blank());
        }
        lines.extend(wrapped(&paragraph.replace('\n', " ").replace('`', ""), columns, indent, PLAIN));
    }
    lines
}
