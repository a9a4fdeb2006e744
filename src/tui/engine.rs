//! The one place where the screens meet the rooms that decide.

use super::app::Answers;
use crate::model::{Facts, Plan, Selection};

pub use crate::gather::{Ask, Land};
pub use crate::judge::{Judgement, OfSystem, again, as_diagnosis};
pub use crate::plan::Draft;

/// What the facts suggest, and over it what the user answered.
pub fn draft(facts: &Facts, selection: &Selection, answers: &Answers) -> Draft {
    answers.draft(facts, selection)
}

/// What would be written.
pub fn plan(facts: &Facts, selection: &Selection, draft: &Draft) -> Plan {
    crate::plan::plan(facts, selection, draft)
}
