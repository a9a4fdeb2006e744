//! A policy with what became of each statement: matched, missed or nearest, and the failing element in its place.

use ratatui::text::Line;
use serde_json::Value;

use super::why::listed;
use crate::model::facts::RoleDetail;
use crate::policy::{Answer, Case, Decision, Effect, Failed, Layer, Trace, Traced, trace};
use crate::tui::theme::{BOLD, DIM, Mark};
use crate::tui::widgets::json::{self, Note, Printed};
use crate::tui::widgets::row::Row;
use crate::values::time::Timestamp;

/// How every statement of a case fared, for the action that is refused first.
pub struct Tried<'a> {
    trace: Option<Trace>,
    decision: &'a Decision,
}

/// Which policy of which layer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Whose policy.
    pub layer: Layer,
    /// Of SCPs and RCPs the level, from the root.
    pub level: Option<usize>,
    /// Within its layer, counted from 0.
    pub policy: usize,
}

impl<'a> Tried<'a> {
    /// Tries the statements of what was evaluated.
    pub fn of(case: &Case, decision: &'a Decision, now: Timestamp) -> Self {
        let mut all = trace(case, now);
        let with = |all: &[Trace], answer| all.iter().position(|one| one.answer == answer);
        let at = with(&all, Answer::Deny).or_else(|| with(&all, Answer::Unknown)).unwrap_or(0);
        Self { trace: (at < all.len()).then(|| all.swap_remove(at)), decision }
    }

    /// The action that the statements were tried for.
    pub fn action(&self) -> Option<&'static str> {
        self.trace.as_ref().map(|trace| trace.action)
    }

    fn of_policy(&self, place: Place) -> impl Iterator<Item = &Traced> {
        self.trace.iter().flat_map(|trace| &trace.statements).filter(move |one| {
            let at = &one.statement;
            (at.layer, at.level, at.policy) == (place.layer, place.level, place.policy)
        })
    }

    /// Whether a statement is one that the decision names as nearest.
    fn is_nearest(&self, one: &Traced) -> bool {
        let at = &one.statement;
        self.decision.deciding.iter().any(|other| {
            !other.failed.is_empty()
                && (other.layer, other.level, other.policy, other.statement)
                    == (at.layer, at.level, at.policy, at.statement)
        })
    }

    fn fate(&self, one: &Traced) -> Fate {
        match (one.statement.failed.is_empty(), one.unknowns.is_empty(), one.statement.effect) {
            (true, true, Effect::Allow) => Fate::Allows,
            (true, true, Effect::Deny) => Fate::Denies,
            (true, false, _) => Fate::Open,
            (false, _, Effect::Allow) if self.is_nearest(one) => Fate::Nearest,
            (false, ..) => Fate::Missed,
        }
    }

    /// Whether any statement of a policy matched, came nearest or is not decided.
    pub fn concerns(&self, place: Place) -> bool {
        self.of_policy(place).any(|one| self.fate(one) != Fate::Missed)
    }

    /// The mark of a policy: what its statements do to the call.
    pub fn mark(&self, place: Place) -> Option<Mark> {
        let fates: Vec<Fate> = self.of_policy(place).map(|one| self.fate(one)).collect();
        let has = |fate| fates.contains(&fate);
        let refuses = self.decision.blocked_by.contains(&place.layer);
        if has(Fate::Denies) || (has(Fate::Nearest) && refuses) {
            Some(Mark::Fault)
        } else if has(Fate::Allows) {
            Some(Mark::Good)
        } else {
            has(Fate::Open).then_some(Mark::Unknown)
        }
    }

    /// The remarks on a document.
    fn notes(&self, value: &Value, place: Place) -> Vec<Note> {
        let refuses = self.decision.blocked_by.contains(&place.layer);
        self.of_policy(place).flat_map(|one| self.of_statement(value, one, refuses)).collect()
    }

    fn of_statement(&self, value: &Value, one: &Traced, refuses: bool) -> Vec<Note> {
        let at = statement(value, one.statement.statement);
        let number = one.statement.statement + 1;
        let fate = self.fate(one);
        let note = Note {
            at: at.clone(),
            mark: match fate {
                Fate::Allows => Some(Mark::Good),
                Fate::Denies => Some(Mark::Fault),
                Fate::Open => Some(Mark::Unknown),
                Fate::Nearest | Fate::Missed => None,
            },
            beside: format!("statement {number}: {}", words(fate, one)),
            style: (fate == Fate::Missed).then_some(DIM),
            focus: matches!(fate, Fate::Denies) || (!refuses && matches!(fate, Fate::Allows | Fate::Open)),
            below: Vec::new(),
        };
        let mut notes = vec![note];
        if fate == Fate::Nearest {
            notes.extend(one.statement.failed.iter().map(|failed| element(value, &at, failed, refuses)));
        }
        notes
    }
}

/// What became of a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Allows,
    Denies,
    Nearest,
    Missed,
    Open,
}

fn words(fate: Fate, one: &Traced) -> String {
    let failed: Vec<&str> = one.statement.failed.iter().map(|failed| failed.element).collect();
    match fate {
        Fate::Allows => "matched, allows".into(),
        Fate::Denies => "matched, denies".into(),
        Fate::Nearest => "nearest".into(),
        Fate::Missed if one.statement.effect == Effect::Deny => "a Deny that missed".into(),
        Fate::Missed => format!("missed, {}", unique(&failed).join(" and ")),
        Fate::Open => {
            let what = one.unknowns.first().map(|unknown| unknown.what.as_str()).unwrap_or_default();
            format!("not known: {what}")
        }
    }
}

fn unique<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut out = Vec::new();
    for word in words {
        if !out.contains(word) {
            out.push(*word);
        }
    }
    out
}

/// Where a statement stands: in a list, or alone.
fn statement(value: &Value, index: usize) -> Vec<String> {
    let mut at = vec!["Statement".to_owned()];
    if value.get("Statement").is_some_and(Value::is_array) {
        at.push(index.to_string());
    }
    at
}

/// The remark on an element that failed. What is wanted is said where the document does not say it word for word.
fn element(value: &Value, statement: &[String], failed: &Failed, refuses: bool) -> Note {
    let mut at = statement.to_vec();
    match (&failed.operator, &failed.key) {
        (Some(operator), Some(key)) => at.extend(["Condition".to_owned(), operator.clone(), key.clone()]),
        _ => {
            let not = format!("Not{}", failed.element);
            let there = get(value, &at).is_some_and(|one| one.get(failed.element).is_some());
            at.push(if there { failed.element.to_owned() } else { not });
        }
    }
    if get(value, &at).is_none() {
        at = statement.to_vec();
    }
    let written = get(value, &at).map(ToString::to_string).unwrap_or_default();
    let verbatim = failed.expected.iter().all(|text| written.contains(&Value::from(text.as_str()).to_string()));
    let got = failed.actual.as_ref().map_or_else(|| "nothing".to_owned(), |actual| listed(actual));
    let wants = (!verbatim).then(|| ("wants", listed(&failed.expected)));
    Note {
        at,
        mark: Some(if refuses { Mark::Fault } else { Mark::Open }),
        below: wants.into_iter().chain([("got", got)]).collect(),
        style: Some(BOLD),
        focus: true,
        ..Note::default()
    }
}

fn get<'a>(value: &'a Value, at: &[String]) -> Option<&'a Value> {
    at.iter().try_fold(value, |value, step| match value {
        Value::Array(list) => list.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    })
}

/// A document with its remarks.
pub fn print(value: &Value, tried: Option<&Tried<'_>>, place: Place, columns: usize, unfolded: bool) -> Printed {
    let notes = tried.map(|tried| tried.notes(value, place)).unwrap_or_default();
    json::print(value, &notes, columns, unfolded)
}

/// A document that is no policy, as it was read.
pub fn verbatim(detail: &RoleDetail, columns: usize) -> Vec<Line<'static>> {
    let lines = detail.trust_text.lines().map(|line| Row::default().to(4).fit(line, columns.saturating_sub(2), DIM));
    lines.map(Row::line).collect()
}
