//! The published answer to an access case.

use jiff::Timestamp;
use serde::Serialize;

use super::read::Named;
use crate::policy::fix::{Cure, fixes};
use crate::policy::{self, Decision, decision};

/// The answer to one case; serializes as the published form.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Answer {
    /// The case's name, as it was given.
    pub name: Option<String>,
    /// The verdict, its causes, and what it rests on.
    #[serde(flatten)]
    pub decision: Decision,
    /// What would cure a denial, or why nothing here can.
    #[serde(flatten)]
    pub cure: Cure,
}

impl Answer {
    /// Answers a case as of `now`, the time that conditions see.
    #[must_use]
    pub fn to(named: &Named, now: Timestamp) -> Self {
        let decision = policy::evaluate(&named.case, now);
        let cure = fixes(&named.case, &decision, now);
        Self { name: named.name.clone(), decision, cure }
    }

    /// 0 allow, 1 deny, 3 unknown.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self.decision.verdict {
            decision::Answer::Allow => 0,
            decision::Answer::Deny => 1,
            decision::Answer::Unknown => 3,
        }
    }
}

/// The exit code of several answers: 3 over 1 over 0.
#[must_use]
pub const fn worst(one: u8, other: u8) -> u8 {
    if one > other { one } else { other }
}
