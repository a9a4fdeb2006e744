//! The one place where the screens meet the rooms that decide.

use super::app::Answers;
use crate::model::{Facts, Plan, Selection};

pub use crate::gather::{Ask, Land};
pub use crate::judge::{Judgement, judge};
pub use crate::plan::Draft;
pub use crate::secret::Key;

/// What the facts suggest, and over it what the user answered.
pub fn draft(facts: &Facts, selection: &Selection, answers: &Answers) -> Draft {
    let mut draft = Draft::from_facts(facts, selection);
    for (key, value) in &answers.values {
        draft.set(*key, value.clone());
    }
    if let Some(name) = &answers.secret_name {
        draft.set_secret_name(name.clone());
    }
    draft.leave_out.extend(answers.leave_out.iter().cloned());
    draft.write_secret &= !answers.without_secret;
    draft.write_config &= !answers.without_config;
    draft
}

/// What would be written.
pub fn plan(facts: &Facts, selection: &Selection, draft: &Draft) -> Plan {
    crate::plan::plan(facts, selection, draft)
}
