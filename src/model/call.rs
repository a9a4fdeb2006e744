//! The record of one HTTP exchange with AWS, as the calls pane and reports show it.

use std::time::Duration;

use serde::Serialize;

use crate::values::time::Timestamp;

/// One attempt of one call. Nothing of a request's or an answer's content is in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CallRecord {
    /// `sts:AssumeRole`; for the credential chain `sso:GetRoleCredentials`, `metadata`, …
    pub operation: String,
    /// Host that was asked.
    pub host: String,
    /// When it was sent, UTC.
    pub started: Timestamp,
    /// From sending to the end of the answer's head, in milliseconds.
    #[serde(rename = "duration_ms", serialize_with = "millis")]
    pub duration: Duration,
    /// Attempt within its call, from 1.
    pub attempt: u32,
    /// HTTP status; `None` without an answer.
    pub status: Option<u16>,
    /// `x-amzn-RequestId`.
    pub request_id: Option<String>,
    /// The server's `Date`, UTC: what clock skew is judged from.
    pub server_date: Option<Timestamp>,
    /// Why there was no answer.
    pub failure: Option<String>,
    /// Nobody waited for its answer any longer: another one came first, time was up, or the look-up was cancelled. No fault of AWS's.
    pub given_up: bool,
}

fn millis<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
