//! The roles: who may assume them, and which side of the path fails.

mod advice;
mod detail;
mod evidence;
mod standing;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::movement;
use crate::model::Verdict;
use crate::model::selection::RoleKind;
use crate::model::verdict::Party;
use crate::policy::Decision;
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::keymap::Action;
use crate::tui::message::Effect;
use crate::tui::theme::{BOLD, DIM, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{Row, blank, sentence};
use crate::values::text::width;

pub use advice::fixes;
pub use detail::DISAGREE;
pub use standing::{is_likely, missing, nobody, standing, summary};

/// What the screen keeps.
pub struct State {
    /// The role under the cursor.
    pub selected: RoleKind,
    /// Whether the evidence is shown.
    pub unfolded: bool,
    /// Lines scrolled by.
    pub scroll: usize,
}

impl Default for State {
    fn default() -> Self {
        Self { selected: RoleKind::Read, unfolded: false, scroll: 0 }
    }
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Enter => return app.diagnose_role(),
        Action::Unfold => app.roles.unfolded = !app.roles.unfolded,
        Action::PageUp => app.roles.scroll = app.roles.scroll.saturating_sub(8),
        Action::PageDown => app.roles.scroll = app.roles.scroll.saturating_add(8).min(200),
        _ => {
            if let Some(by) = movement(action) {
                app.roles.selected = if by < 0 { RoleKind::Read } else { RoleKind::Write };
                app.roles.scroll = 0;
            }
        }
    }
    Vec::new()
}

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let mut page = Page { head: sentence(&summary(app), columns), scroll: app.roles.scroll, ..Page::default() };
    page.head.push(blank());
    for kind in RoleKind::BOTH {
        page.head.push(role_row(app, kind, columns));
    }
    page.head.push(blank());
    page.body = detail::detail(app, app.roles.selected, columns);
    page.scroll = page.scroll.min(page::furthest(&page, area));
    if page::furthest(&page, area) > page.scroll {
        page.foot = vec![Row::new().put("PgDn shows more", DIM).line()];
    }
    page::draw(&page, area, buffer)
}

/// The verdict of a party on a role.
pub fn verdict(app: &App, party: Party, kind: RoleKind) -> Option<&Verdict> {
    let arn = app.facts.role(kind)?.found.shown()?.arn.to_string();
    app.judgement.verdicts.iter().find(|verdict| verdict.party == party && verdict.role_arn == arn)
}

/// What the policies say of the webhook's task role on a role.
pub fn workload(app: &App, kind: RoleKind) -> Option<&Decision> {
    verdict(app, Party::Workload, kind)?.evaluated.as_ref()
}

fn role_row(app: &App, kind: RoleKind, columns: usize) -> Line<'static> {
    let here = app.roles.selected == kind;
    let (mark, word) = standing(app, kind);
    let row = Row::item(here).mark(mark).cell(kind.word(), 7, if here { BOLD } else { PLAIN });
    let facts = app.facts.role(kind);
    let word_columns = RoleKind::BOTH.into_iter().map(|kind| width(standing(app, kind).1)).max().unwrap_or(0) + 2;
    let names = RoleKind::BOTH.into_iter().filter_map(|kind| app.facts.role(kind)?.found.shown());
    let name_columns = names.map(|found| width(found.arn.name())).max().unwrap_or(20).min(columns / 2 - 11);
    let Some(found) = facts.and_then(|role| role.found.shown()) else {
        return row.cell(word, word_columns, PLAIN).fit(&missing(facts, kind), columns - 2, DIM).line();
    };
    let source = found.source.words();
    let source = source.strip_prefix("stack ").unwrap_or(&source);
    let source = if found.composed { format!("{source}, path not known") } else { source.to_owned() };
    let style = if app.running.contains_key(&Ask::Stack) { DIM } else { PLAIN };
    row.cell_middle(found.arn.name(), name_columns, style)
        .text("  ")
        .cell(word, word_columns, style)
        .fit(&source, columns - 2, DIM)
        .line()
}
