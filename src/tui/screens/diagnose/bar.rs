//! The panes, and the line that names them.

use ratatui::text::Line;

use super::picture;
use super::subject::{Subject, mark};
use crate::model::Verdict;
use crate::tui::theme::{DIM, HERE, Mark, PLAIN};
use crate::tui::widgets::row::Row;

/// A pane.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Pane {
    /// The verdict, and what it rests on.
    #[default]
    Why,
    /// The role's trust policy.
    Trust,
    /// The caller's own policies.
    Caller,
    /// What cures it.
    Fix,
    /// The request as it might have been.
    WhatIf,
    /// Every call to AWS.
    Calls,
}

impl Pane {
    /// In the order of the keys 1 to 6.
    pub const ALL: [Self; 6] = [Self::Why, Self::Trust, Self::Caller, Self::Fix, Self::WhatIf, Self::Calls];

    /// As the line names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Why => "Why",
            Self::Trust => "Trust",
            Self::Caller => "Caller",
            Self::Fix => "Fix",
            Self::WhatIf => "What if",
            Self::Calls => "Calls",
        }
    }

    /// The pane so many further on, round and round.
    pub fn step(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0);
        let next = at.cast_signed().saturating_add(by).rem_euclid(Self::ALL.len().cast_signed());
        Self::ALL.get(next.unsigned_abs()).copied().unwrap_or(self)
    }
}

/// The line: every pane, what it holds in a mark or a number, and which one is open.
pub fn line(open: Pane, subject: Option<&Subject<'_>>, columns: usize) -> Line<'static> {
    let gap = if columns < 72 { "  " } else { "   " };
    let mut row = Row::new();
    for pane in Pane::ALL {
        row = row.put(pane.name(), if pane == open { HERE } else { PLAIN });
        row = match subject.and_then(|subject| state(pane, subject)) {
            Some(State::Mark(mark)) => row.text(" ").put(mark.glyph(), mark.style()),
            Some(State::Count(count)) => row.text(" ").put(&count.to_string(), DIM),
            None => row,
        };
        row = row.text(gap);
    }
    row.line()
}

enum State {
    Mark(Mark),
    Count(usize),
}

fn state(pane: Pane, subject: &Subject<'_>) -> Option<State> {
    let of = |pick: fn(&Verdict) -> Mark| {
        subject.verdict().filter(|verdict| verdict.case.is_some()).map(pick).map(State::Mark)
    };
    match pane {
        Pane::Why => subject.verdict().map(|verdict| State::Mark(mark(verdict))),
        Pane::Trust => of(|verdict| picture::marks(verdict).trust),
        Pane::Caller => of(|verdict| picture::marks(verdict).caller),
        Pane::Fix => subject
            .verdict()
            .and_then(|verdict| verdict.cure.as_ref())
            .map(|cure| cure.fixes.len())
            .filter(|count| *count > 0)
            .map(State::Count),
        Pane::WhatIf => None,
        Pane::Calls => Some(subject.facts.calls.len()).filter(|count| *count > 0).map(State::Count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_go_round_and_fit_the_smallest_terminal() {
        assert_eq!(
            (Pane::Calls.step(1), Pane::Why.step(-1), Pane::Why.step(2)),
            (Pane::Why, Pane::Calls, Pane::Caller)
        );
        assert_eq!(line(Pane::Fix, None, 60).to_string().trim_end(), "  Why  Trust  Caller  Fix  What if  Calls");
    }
}
