//! Every statement of a case and how it fared: what an explanation is chosen from.

use jiff::Timestamp;

use super::assume_role::Asked;
use super::case::Case;
use super::decide::stated;
use super::decision::{Answer, Deciding, Unknown};
use super::truth::Truth;
use super::{assume_role, derived};

/// One action that an AssumeRole needs, with every statement that was tried for it.
#[derive(Clone, PartialEq, Debug)]
pub struct Trace {
    /// `sts:AssumeRole`, `sts:TagSession` or `sts:SetSourceIdentity`.
    pub action: &'static str,
    /// What the policies say to it.
    pub answer: Answer,
    /// The statements of every layer, in order.
    pub statements: Vec<Traced>,
}

/// One statement. It applies when nothing of it failed and nothing is unknown.
#[derive(Clone, PartialEq, Debug)]
pub struct Traced {
    /// Where it stands, and which of its elements failed.
    pub statement: Deciding,
    /// What was not known of it.
    pub unknowns: Vec<Unknown>,
}

/// Tries every statement of a case as of `now`, for each action. What refuses outside the policies is left aside.
#[must_use]
pub fn trace(case: &Case, now: Timestamp) -> Vec<Trace> {
    let context = derived::context(case, now);
    assume_role::judge(case, &context).1.iter().map(of_action).collect()
}

fn of_action(asked: &Asked<'_>) -> Trace {
    let mut statements = Vec::new();
    for (layer, judged) in asked.layers() {
        statements.extend(judged.trials.iter().map(|trial| Traced {
            statement: stated(layer, asked.action, trial, trial.tried.failed.clone()),
            unknowns: trial.tried.doubts.clone(),
        }));
    }
    let answer = match asked.answer(false) {
        Truth::Yes => Answer::Allow,
        Truth::No => Answer::Deny,
        Truth::Unknown => Answer::Unknown,
    };
    Trace { action: asked.action, answer, statements }
}
