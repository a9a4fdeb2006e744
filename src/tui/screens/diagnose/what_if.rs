//! What if: the request with changes, evaluated as one types. Nothing is called.

use ratatui::text::Line;

use super::edits::{Edits, Knob};
use super::subject::{Subject, of_answer, word};
use super::why;
use crate::policy::{Case, Decision, evaluate};
use crate::tui::app::App;
use crate::tui::field::Field;
use crate::tui::keymap::{Action, When};
use crate::tui::theme::{BOLD, DIM, ERROR, FIELD, Mark, PLAIN, WARNING};
use crate::tui::widgets::row::{Row, blank, sentence, wrapped, wrapped_at};

/// Where the values begin.
const VALUES: usize = 21;

/// A value being typed.
pub struct Typing {
    /// As it is typed.
    pub field: Field,
    /// What it was, to go back to.
    before: String,
}

/// What the pane keeps.
#[derive(Default)]
pub struct State {
    /// The row under the cursor.
    at: usize,
    /// What was changed.
    edits: Edits,
    /// The value being typed.
    pub typing: Option<Typing>,
}

impl State {
    fn knob(&self) -> Knob {
        Knob::ALL.get(self.at).copied().unwrap_or(Knob::ExternalId)
    }

    /// Whether something was changed.
    pub fn is_changed(&self) -> bool {
        !self.edits.is_empty()
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(Knob::ALL.len() - 1);
    }
}

/// The real case, and those of other principals on this hop, whose policies are known.
fn cases<'a>(subject: &Subject<'a>) -> Option<(&'a Case, Vec<&'a Case>)> {
    let case = subject.verdict()?.case.as_deref()?;
    let others = subject.verdicts.iter().filter(|verdict| verdict.hop == subject.hop);
    Some((case, others.filter_map(|verdict| verdict.case.as_deref()).collect()))
}

/// Whether there is a request to change.
pub fn may_change(app: &App) -> When {
    let there = Subject::of(app).is_some_and(|subject| cases(&subject).is_some());
    if there { When::Yes } else { When::No("there is no evaluated request to change yet") }
}

/// Enter on a row: a value is typed, MFA goes round.
pub fn begin(app: &mut App) {
    let knob = app.diagnose.what_if.knob();
    let Some(case) = real(app) else { return };
    let state = &mut app.diagnose.what_if;
    let value = state.edits.value(knob, &case);
    if knob == Knob::Mfa {
        let next = match value.as_str() {
            "" => "no",
            "no" => "yes",
            _ => "",
        };
        state.edits.set(knob, next.into(), &case);
        return;
    }
    state.typing = Some(Typing { field: Field::new(&value), before: value });
}

fn real(app: &App) -> Option<Case> {
    let subject = Subject::of(app)?;
    cases(&subject).map(|(case, _)| case.clone())
}

/// Takes what is in the field, as it is being typed.
pub fn typed(app: &mut App) {
    let Some(case) = real(app) else { return };
    let state = &mut app.diagnose.what_if;
    let knob = state.knob();
    if let Some(typing) = &state.typing {
        state.edits.set(knob, typing.field.text().to_owned(), &case);
    }
}

/// What a key does while a value is typed.
pub fn act_on_typing(app: &mut App, action: Action) {
    match action {
        Action::Back => {
            let Some(case) = real(app) else { return };
            let state = &mut app.diagnose.what_if;
            let knob = state.knob();
            if let Some(typing) = state.typing.take() {
                state.edits.set(knob, typing.before, &case);
            }
        }
        Action::Enter | Action::Up => {
            let state = &mut app.diagnose.what_if;
            state.typing = None;
            state.step(if action == Action::Up { -1 } else { 1 });
        }
        _ => {}
    }
}

/// Takes every change back.
pub fn reset(app: &mut App) {
    app.diagnose.what_if.edits = Edits::default();
}

/// The pane: what stays on top, what scrolls, and line and column of the real cursor in that.
pub struct Sheet {
    /// Stays on top.
    pub head: Vec<Line<'static>>,
    /// Scrolls.
    pub body: Vec<Line<'static>>,
    /// The line that must be seen.
    pub focus: Option<usize>,
    /// The real cursor.
    pub cursor: Option<(usize, u16)>,
}

/// Draws it.
pub fn sheet(state: &State, subject: &Subject<'_>, columns: usize) -> Sheet {
    let Some((case, others)) = cases(subject) else {
        let text = "There is no evaluated request to change yet.";
        return Sheet { head: sentence(text, columns), body: Vec::new(), focus: None, cursor: None };
    };
    let changed = state.edits.applied(case, &others);
    let now = subject.facts.observed_at;
    let decision = changed.map(|changed| evaluate(&Case { live_error: None, ..changed }, now));
    let mut sheet =
        Sheet { head: head(state, subject, decision.as_ref(), columns), body: Vec::new(), focus: None, cursor: None };
    for (index, knob) in Knob::ALL.into_iter().enumerate() {
        let here = index == state.at;
        if here {
            sheet.focus = Some(sheet.body.len());
        }
        let (line, cursor) = row(state, knob, case, here, columns);
        if let Some(column) = cursor {
            sheet.cursor = Some((sheet.body.len(), column));
        }
        sheet.body.push(line);
    }
    if let Ok(decision) = &decision {
        sheet.body.push(blank());
        sheet.body.extend(why::failing(decision, columns));
        sheet.body.extend(why::unread(decision, columns));
    }
    // From the last value one sees to the end.
    if state.at + 1 == Knob::ALL.len() {
        sheet.focus = Some(sheet.body.len());
    }
    sheet
}

fn head(
    state: &State,
    subject: &Subject<'_>,
    decision: Result<&Decision, &(Knob, String)>,
    columns: usize,
) -> Vec<Line<'static>> {
    let lead = Row::new().put("Evaluated, not live  ", WARNING);
    let mut lines = match decision {
        Ok(decision) => {
            let text = format!("{}. {}", word(decision), decision.summary);
            wrapped_at(lead.mark(of_answer(decision.verdict)), &text, columns, BOLD)
        }
        Err((knob, why)) => wrapped_at(lead.mark(Mark::Fault), &format!("{} {why}.", knob.name()), columns, ERROR),
    };
    let real = subject.evaluated().map(word).unwrap_or_default();
    let text = if state.is_changed() {
        format!("The real request: {}. 0 takes it back.", real.to_lowercase())
    } else {
        "This is the real request; Enter changes a value, and no call is made.".into()
    };
    lines.extend(wrapped(&text, columns, 2, DIM));
    lines.push(blank());
    lines
}

fn row(state: &State, knob: Knob, case: &Case, here: bool, columns: usize) -> (Line<'static>, Option<u16>) {
    let end = columns.saturating_sub(2);
    let changed = state.edits.has(knob);
    let row = Row::item(here).put(if changed { "~ " } else { "  " }, WARNING);
    let row = row.cell(knob.name(), VALUES - 4, if here { BOLD } else { DIM });
    if let Some(typing) = state.typing.as_ref().filter(|_| here) {
        let room = u16::try_from(end.saturating_sub(VALUES)).unwrap_or(u16::MAX);
        let view = typing.field.view(room, false);
        let column = u16::try_from(VALUES).unwrap_or(0) + view.cursor;
        let text = if view.text.is_empty() { " ".to_owned() } else { view.text };
        return (row.put(&text, FIELD).line(), Some(column));
    }
    let value = state.edits.value(knob, case);
    let shown = if value.is_empty() { knob.none().to_owned() } else { value.clone() };
    let style = if value.is_empty() { DIM } else { PLAIN };
    if !changed {
        return (row.fit_middle(&shown, end, style).line(), None);
    }
    let was = knob.read(case);
    let was = if was.is_empty() { knob.none().to_owned() } else { was };
    let half = row.used() + end.saturating_sub(row.used()) / 2;
    let row = row.fit_middle(&shown, half, BOLD).put("   was ", DIM);
    (row.fit_middle(&was, end, DIM).line(), None)
}
