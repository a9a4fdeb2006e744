//! The help page: every key of the screen below it, made from the keymap, and what its findings mean.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::page::{self, Page};
use super::row::{Row, blank, heading, sentence, wrapped};
use crate::judge;
use crate::model::{Finding, Severity};
use crate::tui::app::App;
use crate::tui::keymap;
use crate::tui::steps;
use crate::tui::theme::{DIM, KEY, PLAIN};

/// What the findings of this step mean, why they matter and how to cure them.
fn findings(app: &App, columns: usize) -> Vec<Line<'static>> {
    let told = |f: &&Finding| f.unknown || matches!(f.severity, Severity::Error | Severity::Warning);
    let of_step = app.judgement.findings.iter().filter(|finding| steps::step_of(finding) == Some(app.route));
    let mut ids: Vec<&str> = Vec::new();
    for finding in of_step.filter(told) {
        if !ids.contains(&finding.id.as_str()) {
            ids.push(&finding.id);
        }
    }
    let mut lines = Vec::new();
    for id in ids {
        lines.extend([blank(), heading(id)]);
        let paragraphs = judge::paragraph(id).unwrap_or_default().split("\n\n");
        lines.extend(paragraphs.flat_map(|text| wrapped(&text.replace('\n', " "), columns, 2, PLAIN)));
    }
    lines
}

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
    page.body.extend(findings(app, columns));
    page.scroll = page.scroll.min(page::furthest(&page, area));
    page::draw(&page, area, buffer)
}
