//! An access path of a system, judged: one row of a list.

use crate::model::verdict::Party;
use crate::model::{AwsError, Finding, Severity, Verdict};
use crate::policy::{Answer, Leaning};
use crate::values::time::Timestamp;

/// One access path, judged. A list of a thousand holds what a row shows and no more.
#[derive(Clone, PartialEq, Debug)]
pub struct PathRow {
    /// The path's id.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// The ARN of the last role, as it was given.
    pub role: String,
    /// How far it is.
    pub state: RowState,
    /// Per party the answer of the hop that decides: the first that is not allowed, else the last. The workload's first, where one is named.
    pub answers: Vec<RowAnswer>,
    /// Findings about it alone, worst first.
    pub findings: Vec<Finding>,
    /// What the system itself finds wrong with it, errors and warnings, worst first. They stand among the judgement's findings by themselves.
    pub told: Vec<Finding>,
    /// The operator's last live call on it.
    pub live: Option<RowLive>,
    /// The role's longest session, in seconds, if its `iam:GetRole` told.
    pub max_session_duration: Option<u32>,
    /// All verdicts, where the system has few enough paths to keep them; else empty, and [`crate::judge::as_diagnosis`] makes them anew.
    pub verdicts: Vec<Verdict>,
}

/// How far a path is.
#[derive(Clone, PartialEq, Debug)]
pub enum RowState {
    /// Not looked up yet.
    Waiting,
    /// Looked up.
    Done {
        /// Experiments, probes and the simulator too.
        closely: bool,
    },
    /// The look itself failed: no credentials, cancelled.
    Failed(AwsError),
}

/// How an access path stands, worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// AWS refuses it, or the look itself failed.
    Refused,
    /// It could not be known.
    Unknown,
    /// AWS allows it.
    Allowed,
    /// It was not looked up.
    Waiting,
}

/// The answer for one party.
#[derive(Clone, PartialEq, Debug)]
pub struct RowAnswer {
    /// For whom.
    pub party: Party,
    /// Which hop decides, from 0.
    pub hop: usize,
    /// Allow, deny or unknown.
    pub verdict: Answer,
    /// Of an unknown: where it leans.
    pub leaning: Option<Leaning>,
    /// The cause's slug.
    pub cause: String,
    /// In a sentence.
    pub sentence: String,
}

/// The operator's call.
#[derive(Clone, PartialEq, Debug)]
pub struct RowLive {
    /// How long it took.
    pub took: std::time::Duration,
    /// When the session ends, UTC; or why there is none.
    pub outcome: Result<Timestamp, AwsError>,
}

impl PathRow {
    /// How bad it is; `None` while it is not looked up.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        match self.state {
            RowState::Waiting => None,
            RowState::Failed(_) => Some(Severity::Error),
            RowState::Done { .. } => {
                let all = self.findings.iter().chain(&self.told);
                Some(all.map(|finding| finding.severity).min().unwrap_or(Severity::Ok))
            }
        }
    }

    /// What AWS says of it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (&self.state, self.answer().map(|answer| answer.verdict)) {
            (RowState::Failed(_), _) | (_, Some(Answer::Deny)) => Standing::Refused,
            (_, Some(Answer::Unknown)) => Standing::Unknown,
            (RowState::Waiting, _) => Standing::Waiting,
            (RowState::Done { .. }, None) => Standing::Unknown,
            (RowState::Done { .. }, Some(Answer::Allow)) => Standing::Allowed,
        }
    }

    /// What the system itself refuses it for, whatever AWS says of it.
    #[must_use]
    pub fn refused_for(&self) -> Option<&Finding> {
        self.told.iter().find(|finding| finding.severity == Severity::Error)
    }

    /// Worst first: what is refused, by AWS or by the system itself, what is not known, what is fine, what waits; the system's order among
    /// equals.
    #[must_use]
    pub fn trouble(&self) -> (Standing, Severity) {
        let standing = if self.refused_for().is_some() { Standing::Refused } else { self.standing() };
        (standing, self.severity().unwrap_or(Severity::Ok))
    }

    /// The answer that the path is asked for: the named workload's, else the operator's.
    #[must_use]
    pub fn answer(&self) -> Option<&RowAnswer> {
        self.answers.first()
    }
}
