//! The review: a diff of each change. Nothing is written but after `y`.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{done, movement, roles, secret, sources};
use crate::model::plan::{Change, FieldChange, FieldKind};
use crate::model::{Finding, Severity};
use crate::secret::Key;
use crate::tui::app::App;
use crate::tui::focus;
use crate::tui::keymap::{Action, When};
use crate::tui::message::Effect;
use crate::tui::route::{Route, Walk};
use crate::tui::steps;
use crate::tui::theme::{BOLD, DIM, KEY, Mark, PLAIN};
use crate::tui::widgets::diff;
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{self, Row, blank, sentence};
use crate::wording::review::{self as words, condition, fields, is_in_order, question};

/// How many lines a folded change shows.
const FOLDED: usize = 4;

/// How many reasons against writing are shown.
const BLOCKED: usize = 4;

/// How many warnings about the secret are shown.
const CAUTIONS: usize = 2;

/// Where the cursor is: a change, or one of its fields.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Cursor {
    change: usize,
    field: Option<String>,
}

/// What the screen keeps.
#[derive(Default)]
pub struct State {
    /// The cursor.
    pub cursor: Cursor,
    /// The changes that are shown whole.
    pub unfolded: BTreeSet<usize>,
    /// Lines scrolled by.
    pub scroll: usize,
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(by) = movement(action) {
        step(app, by);
        return Vec::new();
    }
    match action {
        Action::Unfold => {
            let change = app.review.cursor.change;
            if !app.review.unfolded.remove(&change) {
                app.review.unfolded.insert(change);
            }
            app.review.cursor.field = None;
        }
        Action::LeaveOut(index) => leave_out(app, index),
        Action::LeaveFieldOut => leave_field_out(app),
        Action::No => app.note = Some("nothing was written; every answer is kept".into()),
        Action::Yes => return done::write(app),
        _ => {}
    }
    Vec::new()
}

/// Every place of the cursor, from top to bottom.
fn places(app: &App) -> Vec<Cursor> {
    let mut places = Vec::new();
    for (change, what) in app.whole.changes.iter().enumerate() {
        places.push(Cursor { change, field: None });
        if app.review.unfolded.contains(&change) {
            let fields = fields(what).iter().filter(|field| diff::counts(field));
            places.extend(fields.map(|field| Cursor { change, field: Some(field.name.clone()) }));
        }
    }
    places
}

fn step(app: &mut App, by: isize) {
    let places = places(app);
    let at = places.iter().position(|place| *place == app.review.cursor).unwrap_or(0);
    let to = at.saturating_add_signed(by).min(places.len().saturating_sub(1));
    if let Some(place) = places.get(to) {
        app.review.cursor = place.clone();
    }
}

/// Leaves a change out of the plan, or takes it in again; counted from 0.
pub fn leave_out(app: &mut App, index: usize) {
    match app.whole.changes.get(index) {
        Some(Change::Secret(_) | Change::File(_)) => app.answers.without_secret = !app.answers.without_secret,
        Some(Change::Config(_)) => app.answers.without_config = !app.answers.without_config,
        None => return,
    }
    app.derive();
}

fn leave_field_out(app: &mut App) {
    let Some(field) = app.review.cursor.field.clone() else { return };
    if !app.answers.leave_out.remove(&field) {
        app.answers.leave_out.insert(field);
    }
    app.derive();
}

/// Whether there is anything to unfold.
pub fn has_changes(app: &App) -> When {
    if app.whole.is_empty() { When::No("there is no change to unfold") } else { When::Yes }
}

/// Whether there is a change of that number.
pub fn has_change(app: &App, index: usize) -> When {
    if app.whole.changes.len() > index { When::Yes } else { When::Hidden }
}

/// Whether the cursor is on a field that can be left out.
pub fn on_field(app: &App) -> When {
    let config = matches!(app.whole.changes.get(app.review.cursor.change), Some(Change::Config(_)));
    match (&app.review.cursor.field, config) {
        (Some(_), true) => When::Yes,
        (Some(_), false) => When::No("the service needs every value of the secret"),
        (None, true) => When::No("unfold the change with Space and move to a line of it"),
        (None, false) => When::Hidden,
    }
}

/// The line under the cursor, if it has a text.
pub fn under_cursor(app: &App) -> Option<&FieldChange> {
    let name = app.review.cursor.field.as_deref()?;
    let fields = fields(app.whole.changes.get(app.review.cursor.change)?);
    fields.iter().find(|field| field.name == name && !field.after.is_empty())
}

/// Whether a change is left out of the plan.
pub fn left_out(app: &App, change: &Change) -> bool {
    match change {
        Change::Secret(_) | Change::File(_) => app.answers.without_secret,
        Change::Config(_) => app.answers.without_config,
    }
}

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let mut page = Page { head: sentence(&opening(app), columns), ..Page::default() };
    page.head.push(blank());
    for (index, change) in app.whole.changes.iter().enumerate() {
        let here = app.review.cursor == (Cursor { change: index, field: None });
        if index > 0 {
            page.body.push(blank());
        }
        if here {
            page.focus = Some(page.body.len());
        }
        change_lines(app, index, change, columns, &mut page);
    }
    page.foot = foot(app, columns);
    page::draw(&page, area, buffer)
}

/// How many changes there are, and that nothing has been written.
pub fn opening(app: &App) -> String {
    if !app.running.is_empty() && !is_in_order(&app.plan, &app.whole) {
        return "Looking things up; what would be written shows after that.".into();
    }
    let left_out = app.plan.is_empty() && app.plan.blocked.is_empty() && app.answers == app.bare_answers();
    if app.walk == Walk::Secret
        && left_out
        && app.whole.changes.iter().all(|change| matches!(change, Change::Config(_)))
    {
        return "No changes: the secret is as it should be.".into();
    }
    words::opening(&app.plan, &app.whole)
}

fn change_lines(app: &App, index: usize, change: &Change, columns: usize, page: &mut Page) {
    let here = app.review.cursor == (Cursor { change: index, field: None });
    let out = left_out(app, change);
    let (name, kind) = (words::subject(change), words::kind(change));
    let style = if out {
        DIM
    } else if here {
        BOLD
    } else {
        PLAIN
    };
    let row = Row::item(here).put(&format!("{}  ", index + 1), DIM).put(&name, style);
    let kind = if out { "left out".to_owned() } else { kind };
    page.body.push(row.right(&kind, columns - 2, DIM).line());
    if out {
        return;
    }
    let names = diff::names(fields(change));
    let unfolded = app.review.unfolded.contains(&index);
    let all = fields(change);
    let shown: Vec<&FieldChange> = all.iter().filter(|field| unfolded || diff::counts(field)).collect();
    let limit = if unfolded { usize::MAX } else { FOLDED };
    for field in shown.iter().take(limit) {
        let here = app.review.cursor == (Cursor { change: index, field: Some(field.name.clone()) });
        if here {
            page.focus = Some(page.body.len());
        }
        let out = app.answers.leave_out.contains(&field.name) && matches!(change, Change::Config(_));
        let line = diff::line(field, names, here, out, columns);
        page.body.push(match origin(app, change, field) {
            Some(from) => row::ending(line, &from, columns - 2, DIM),
            None => line,
        });
    }
    let hidden = all.iter().filter(|field| diff::counts(field)).count().saturating_sub(shown.len().min(limit));
    if !unfolded && hidden > 0 {
        let text = format!("… {hidden} more, Space unfolds");
        page.body.push(Row::default().to(7).put(&text, DIM).line());
    }
    if !unfolded && let Some(text) = stays(all) {
        page.body.push(Row::default().to(5).fit(&text, columns - 2, DIM).line());
    }
    if let Some(text) = condition(change) {
        page.body.push(Row::default().to(5).fit(&text, columns - 2, DIM).line());
    }
}

/// Where a new value of the secret comes from, in the walk that puts one together.
fn origin(app: &App, change: &Change, field: &FieldChange) -> Option<String> {
    let of_secret = app.walk == Walk::Secret && matches!(change, Change::Secret(_) | Change::File(_));
    if !of_secret || !matches!(field.kind, FieldKind::Added | FieldKind::Changed) {
        return None;
    }
    let spells = |key: &Key| key.name() == field.name || key.shipped_name() == Some(field.name.as_str());
    secret::origin(app, Key::ALL.into_iter().find(spells)?)
}

/// What a change leaves as it is, in a line.
fn stays(fields: &[FieldChange]) -> Option<String> {
    let names: Vec<&str> =
        fields.iter().filter(|field| !diff::counts(field)).map(|field| field.name.as_str()).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("{one} stays as it is")),
        several => Some(format!("{} stay as they are, Space shows them", several.len())),
    }
}

/// What else there is to know before a secret is written: that its stack would drift, that sources differ.
pub fn cautions(app: &App) -> Vec<String> {
    if app.walk != Walk::Secret || app.plan.is_empty() {
        return Vec::new();
    }
    let warns = |finding: &&Finding| finding.severity == Severity::Warning;
    let told = focus::of_step(app, Route::Secret).filter(warns);
    let about = |finding: &&Finding| finding.subject == app.draft.secret_name;
    told.filter(about).take(CAUTIONS).map(|finding| finding.claim.clone()).chain(differ(app)).collect()
}

/// The keys about which sources differ and nobody said which counts, in a line.
fn differ(app: &App) -> Option<String> {
    let keys: Vec<&str> =
        Key::ALL.iter().filter(|key| sources::is_open_conflict(app, **key)).map(|key| key.name()).collect();
    match keys.as_slice() {
        [] => None,
        [key] => Some(format!("sources differ about {key}; the first that has it counts")),
        several => Some(format!("sources differ about {}; the first that has each counts", several.join(", "))),
    }
}

fn foot(app: &App, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Some(field) = under_cursor(app) {
        lines.extend(row::fact("whole", &field.after, 12, columns, DIM).into_iter().take(2));
    }
    for blocked in app.plan.blocked.iter().take(BLOCKED) {
        lines.extend(row::marked(Mark::Fault, blocked, columns));
    }
    if app.plan.blocked.len() > BLOCKED {
        let text = format!("and {} more; the step Secret shows each", app.plan.blocked.len() - BLOCKED);
        lines.push(Row::default().to(4).put(&text, DIM).line());
    }
    lines.extend(cautions(app).iter().flat_map(|caution| row::marked(Mark::Doubt, caution, columns)));
    let roles = steps::mark(app, Route::Roles);
    if matches!(roles, Mark::Fault | Mark::Doubt) && app.walk == Walk::SetUp {
        lines.extend(row::marked(Mark::Doubt, &roles::summary(app), columns));
    }
    if matches!(app.may_write(), When::Yes) {
        lines.push(blank());
        lines.push(
            Row::new()
                .put(question(&app.plan), BOLD)
                .text("   ")
                .put("y", KEY)
                .text(" yes   ")
                .put("N", KEY)
                .text(" no")
                .line(),
        );
    } else if app.setting.read_only {
        lines.push(Row::new().put("read-only: nothing will be written", DIM).line());
    }
    if !lines.is_empty() {
        lines.insert(0, blank());
    }
    lines
}
