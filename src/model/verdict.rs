//! A verdict: allow, deny or unknown for one principal on one hop, with the evidence apart.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::facts::Simulation;
use super::finding;
use super::{AwsError, Fact};
use crate::policy::fix::Cure;
use crate::policy::{Answer, Case, Cause, Decision, Layer};
use crate::values::time::Timestamp;

/// Which of the two principals of an access path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The identity that will assume the role in production.
    Workload,
    /// The identity running rolecall.
    Operator,
}

impl Party {
    /// As the screen says it: "webhook" and "you" are the walk's own words; reports use this.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Workload => "workload",
            Self::Operator => "operator",
        }
    }
}

/// The operator's own `sts:AssumeRole`. The credentials it returned are gone.
#[derive(Clone, PartialEq, Debug)]
pub struct LiveCall {
    /// When it was made, UTC.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// The session name it used, to be found in CloudTrail (S0-13).
    pub session_name: String,
    /// The session's expiry, or why there is none.
    pub outcome: Result<Timestamp, AwsError>,
}

/// What one side says when everything else is taken to be open.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Side {
    /// Whether it lets the call through.
    pub verdict: Answer,
    /// Why, as a slug.
    pub cause: Cause,
    /// Why, as a sentence.
    pub summary: String,
}

/// What an error message says: of the live call, or as it was pasted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Told {
    /// True for a pasted one; false for the answer to the operator's own call.
    pub pasted: bool,
    /// The message without what tools put around it.
    pub message: String,
    /// What it tells, in a sentence.
    pub summary: String,
    /// The cause, where the message leaves no other.
    pub cause: Option<Cause>,
    /// The side that it names, if it names one.
    pub layer: Option<Layer>,
}

/// The kinds of evidence beside the live call and the evaluation of everything together. None stands in for another.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Evidence {
    /// The trust policy alone. `None`: it was not read.
    pub trust: Option<Side>,
    /// The caller's own policies alone. `None`: they were not read.
    pub caller: Option<Side>,
    /// IAM's simulator for the caller's side.
    pub simulated: Fact<Simulation>,
    /// What the message says.
    pub told: Option<Told>,
}

/// One principal, one hop.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    /// Operator or workload.
    pub party: Party,
    /// The principal's ARN; `None` for a workload that does not exist yet.
    pub principal: Option<String>,
    /// Which role of the path, counted from 0; of roles that make no path always 0.
    pub hop: usize,
    /// The role's ARN.
    pub role_arn: String,
    /// The question that was evaluated. `None`: there is no principal to evaluate.
    pub case: Option<Box<Case>>,
    /// What else tells, each kind apart.
    pub evidence: Evidence,
    /// What the evaluator says of the policies that were readable. `None`: there is no principal to evaluate.
    pub evaluated: Option<Decision>,
    /// The verdict over all evidence; for the operator the live call counts.
    pub decision: Decision,
    /// The operator's live call.
    pub live: Option<LiveCall>,
    /// Live and evaluated contradict each other: that is itself a finding.
    pub disagreement: bool,
    /// What to do next to know more: what would settle each unknown, and who changed the trust policy last.
    pub next: Vec<finding::Fix>,
    /// What turns a denial: edits that were applied to a copy and evaluated again. `None`: it is no denial, or the operator's, whom no trust
    /// policy of production should name.
    pub cure: Option<Cure>,
}
