//! A verdict: allow, deny or unknown for one principal on one hop, with the evidence apart.

use std::time::Duration;

use serde::Serialize;

use super::AwsError;
use crate::policy::Decision;
use crate::policy::fix::Cure;
use crate::values::time::Timestamp;

/// Which of the two principals of an access path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
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

/// One principal, one hop.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    /// Operator or workload.
    pub party: Party,
    /// The principal's ARN; `None` for a workload that does not exist yet.
    pub principal: Option<String>,
    /// The role's ARN.
    pub role_arn: String,
    /// What the evaluator says of the policies that were readable. `None`: there is no principal to evaluate.
    pub evaluated: Option<Decision>,
    /// The verdict over all evidence; for the operator the live call counts.
    pub decision: Decision,
    /// The operator's live call.
    pub live: Option<LiveCall>,
    /// Live and evaluated contradict each other: that is itself a finding.
    pub disagreement: bool,
    /// What turns a denial: edits that were applied to a copy and evaluated again. `None`: it is no denial, or the operator's, whom no trust
    /// policy of production should name.
    pub cure: Option<Cure>,
}
