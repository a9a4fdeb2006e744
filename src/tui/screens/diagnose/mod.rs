//! The diagnosis of an access path: the path as a picture, and below it one of six panes.
//!
//! What is looked at is a [`subject`]: one principal on one hop. Every pane is a pure function of it.

mod bar;
mod calls;
mod copies;
mod edits;
mod evidence;
mod fix;
mod marked;
mod picture;
mod policies;
mod subject;
pub mod what_if;
mod why;

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::Line;

use super::movement;
use crate::model::verdict::Party;
use crate::tui::app::App;
use crate::tui::keymap::{Action, When};
use crate::tui::message::Effect;
use crate::tui::theme::{DIM, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{Row, blank, sentence, wrapped};
use crate::values::text::width;
use crate::wording::credentials;
pub use bar::Pane;
pub use copies::{focus, saved};
use subject::Subject;

/// What the screen keeps.
#[derive(Default)]
pub struct State {
    /// The pane that is open.
    pub pane: Pane,
    /// Whose path is looked at; `None`: the one that was asked for.
    party: Option<Party>,
    /// Which hop, counted from 0; `None`: the first that is wrong.
    hop: Option<usize>,
    /// The first line that is seen; `None`: where the pane opens.
    from: Option<usize>,
    /// The first line that was drawn last.
    drawn: Cell<usize>,
    /// Whether long values and lists are whole.
    unfolded: bool,
    /// The pane What if.
    pub what_if: what_if::State,
}

impl State {
    /// Opens a pane where it begins.
    fn open(&mut self, pane: Pane) {
        self.pane = pane;
        self.from = None;
        self.what_if.typing = None;
    }

    /// Looks at another principal or hop: what was tried of the one before is gone.
    fn look_at(&mut self, party: Party, hop: usize) {
        self.party = Some(party);
        self.hop = Some(hop);
        self.from = None;
        self.what_if = what_if::State::default();
    }
}

/// Another diagnosis begins: nothing of the one before is kept, but the pane.
pub fn begin(app: &mut App) {
    app.diagnose = State { pane: app.diagnose.pane, ..State::default() };
}

/// The second line: what can be looked at.
pub fn tabs(app: &App, columns: usize) -> Line<'static> {
    bar::line(app.diagnose.pane, Subject::of(app).as_ref(), columns)
}

/// Who shall become what, and from where, for the first line: what there is no room for is left out.
pub fn header(app: &App, room: usize) -> Option<String> {
    let subject = Subject::of(app)?;
    let role = subject.asked().map(|hop| hop.role_arn.as_str()).unwrap_or_default();
    let account = app.facts.identity.shown().map(|identity| identity.account.grouped());
    let region = app.facts.credentials.shown().map(|credentials| credentials.region.clone());
    let (caller, role) = (subject.caller(), subject::role_of(role));
    let path = format!("{caller} → {role}");
    let before: Vec<String> = account.into_iter().chain(region).collect();
    let whole = (0..before.len()).map(|from| {
        let parts: Vec<&str> = before.iter().skip(from).map(String::as_str).chain([path.as_str()]).collect();
        parts.join(" · ")
    });
    let short = [path.clone(), format!("{caller} → {}", subject.role()), format!("→ {role}"), subject.role()];
    whole.chain(short).find(|line| width(line) <= room).or(Some(path))
}

/// Whether there is another principal to look at.
pub fn has_parties(app: &App) -> When {
    let several = Subject::of(app).is_some_and(|subject| subject.parties().len() > 1);
    if several { When::Yes } else { When::Hidden }
}

/// Whether there is another hop to look at.
pub fn has_hops(app: &App) -> When {
    let several = Subject::of(app).is_some_and(|subject| subject.inquiry.hops.len() > 1);
    if several { When::Yes } else { When::Hidden }
}

/// Whether a row of What if can be changed.
pub fn may_change(app: &App) -> When {
    if app.diagnose.pane == Pane::WhatIf { what_if::may_change(app) } else { When::Hidden }
}

/// Whether something of What if can be taken back.
pub fn may_reset(app: &App) -> When {
    match (app.diagnose.pane, app.diagnose.what_if.is_changed()) {
        (Pane::WhatIf, true) => When::Yes,
        (Pane::WhatIf, false) => When::No("nothing was changed: this is the real request"),
        _ => When::Hidden,
    }
}

/// Whether the pane has something to unfold.
pub fn may_unfold(app: &App) -> When {
    if matches!(app.diagnose.pane, Pane::Trust | Pane::Caller | Pane::Fix) { When::Yes } else { When::Hidden }
}

/// Whether there is a case to save.
pub fn may_save(app: &App) -> When {
    if saved(app).is_some() { When::Yes } else { When::No("there is no evaluated case to save yet") }
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Pane(index) => {
            if let Some(pane) = Pane::ALL.get(index) {
                app.diagnose.open(*pane);
            }
        }
        Action::PaneAfter => app.diagnose.open(app.diagnose.pane.step(1)),
        Action::PaneBefore => app.diagnose.open(app.diagnose.pane.step(-1)),
        Action::HopAfter => look(app, 1),
        Action::HopBefore => look(app, -1),
        Action::Party => other_party(app),
        Action::Unfold => app.diagnose.unfolded = !app.diagnose.unfolded,
        Action::Enter => what_if::begin(app),
        Action::Reset => what_if::reset(app),
        _ => {
            if let Some(by) = movement(action) {
                scroll(app, by);
            }
        }
    }
    Vec::new()
}

fn scroll(app: &mut App, by: isize) {
    let state = &mut app.diagnose;
    if state.pane == Pane::WhatIf {
        state.what_if.step(by);
    } else {
        state.from = Some(state.drawn.get().saturating_add_signed(by));
    }
}

fn look(app: &mut App, by: isize) {
    let Some(subject) = Subject::of(app) else { return };
    let last = subject.inquiry.hops.len().saturating_sub(1);
    let (party, hop) = (subject.party, subject.hop.saturating_add_signed(by).min(last));
    app.diagnose.look_at(party, hop);
}

fn other_party(app: &mut App) {
    let Some(subject) = Subject::of(app) else { return };
    let other = subject.parties().into_iter().find(|party| *party != subject.party);
    if let Some(other) = other {
        let hop = subject.hop;
        app.diagnose.look_at(other, hop);
    }
}

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    if app.has_no_source() {
        return page::draw(&without_credentials(columns), area, buffer);
    }
    let Some(subject) = Subject::of(app) else {
        let head = sentence("No access path was asked for.", columns);
        return page::draw(&Page { head, ..Page::default() }, area, buffer);
    };
    let (mut page, opened) = pane(app, &subject, columns);
    if subject.is_silent(app) {
        (page.head, page.body, page.foot) = (Vec::new(), Vec::new(), Vec::new());
    }
    if subject.running && subject.verdict().is_some() {
        [&mut page.head, &mut page.body, &mut page.foot].into_iter().for_each(dim);
    }
    let mut top = picture::lines(&subject, columns);
    top.push(blank());
    top.append(&mut page.head);
    page.head = top;
    if page.focus.is_none() {
        if page::furthest(&page, area) > 0 && page.foot.is_empty() {
            page.foot.push(blank());
        }
        let opens = opened.map_or(page.scroll, |(line, begins)| opening(line, begins, page::room(&page, area)));
        let furthest = page::furthest(&page, area);
        page.scroll = app.diagnose.from.unwrap_or(opens).min(furthest);
        app.diagnose.drawn.set(page.scroll);
        more(&mut page, area, columns);
    }
    page::draw(&page, area, buffer)
}

/// There is nobody to ask AWS as: what to do, and what can be done all the same.
fn without_credentials(columns: usize) -> Page {
    let mut page = Page { head: sentence(credentials::NONE, columns), ..Page::default() };
    page.head.push(blank());
    page.body = credentials::WHAT_TO_DO.into_iter().flat_map(|text| wrapped(text, columns, 2, PLAIN)).collect();
    page.body.push(blank());
    page.body.extend(wrapped(credentials::WITHOUT, columns, 2, DIM));
    page
}

/// Where a policy opens: at the beginning of the statement, if what decided is seen then, or else with some lines before that.
const fn opening(line: usize, begins: usize, room: usize) -> usize {
    if line + 3 < room {
        0
    } else if line + 3 < begins + room {
        begins
    } else {
        line.saturating_sub(room / 3)
    }
}

/// That there is more to see stands at the bottom.
fn more(page: &mut Page, area: Rect, columns: usize) {
    let last = page::furthest(page, area);
    let text = match page.scroll {
        _ if last == 0 => return,
        scroll if scroll < last => "↓ and PgDn show more",
        _ => "the end; ↑ and PgUp lead back",
    };
    if let Some(first) = page.foot.first_mut() {
        *first = Row::new().right(text, columns.saturating_sub(2), DIM).line();
    }
}

/// The pane, and of a policy the line that decided with the line where its statement begins.
fn pane(app: &App, subject: &Subject<'_>, columns: usize) -> (Page, Option<(usize, usize)>) {
    let unfolded = app.diagnose.unfolded;
    let page = match app.diagnose.pane {
        Pane::Why => {
            let [mut head, body, foot] = why::lines(subject, columns);
            head.push(blank());
            Page { head, body, foot, ..Page::default() }
        }
        Pane::Trust | Pane::Caller => {
            let of = if app.diagnose.pane == Pane::Trust { policies::trust } else { policies::caller };
            let policies::Sheet { head, body, focus } = of(subject, columns, unfolded);
            return (Page { head, body, ..Page::default() }, focus);
        }
        Pane::Fix => {
            let [head, body] = fix::lines(subject, columns, unfolded);
            Page { head, body, ..Page::default() }
        }
        Pane::WhatIf => {
            let what_if::Sheet { head, body, focus, cursor } = what_if::sheet(&app.diagnose.what_if, subject, columns);
            Page { head, body, focus, cursor, ..Page::default() }
        }
        Pane::Calls => {
            let [head, body] = calls::lines(subject, columns);
            // The newest is last, and seen first.
            Page { scroll: body.len(), head, body, ..Page::default() }
        }
    };
    (page, None)
}

/// What is being looked up again stays, dimmed.
fn dim(lines: &mut Vec<Line<'static>>) {
    for span in lines.iter_mut().flat_map(|line| &mut line.spans) {
        span.style = span.style.remove_modifier(Modifier::BOLD).add_modifier(Modifier::DIM);
    }
}
