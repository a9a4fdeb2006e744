//! One error type for every call to AWS.

use serde::{Deserialize, Serialize};

/// What sort of failure it was, decided from the error code, never from the message alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// Authenticated, not authorized.
    Denied,
    /// The thing asked for does not exist.
    NotFound,
    /// No credentials, expired ones, a wrong key.
    Credentials,
    /// The service asks to slow down.
    Throttled,
    /// AWS refused the request as malformed.
    Invalid,
    /// The regional endpoint is switched off for the account that was asked for credentials: for `sts:AssumeRole` the role's.
    RegionDisabled,
    /// What was to be replaced has changed meanwhile, or exists already.
    Conflict,
    /// No answer: name resolution, connection, TLS, proxy, time-out.
    Network,
    /// The call was refused by rolecall's own guard, before it left.
    Guard,
    /// The user cancelled it.
    Cancelled,
    /// Anything else, with its code kept.
    Other,
}

/// A failed call: everything that helps to understand it, and nothing secret.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{operation} failed: {}{message}", code.as_ref().map(|code| format!("{code}: ")).unwrap_or_default())]
pub struct AwsError {
    /// What sort of failure.
    pub kind: ErrorKind,
    /// The error code as AWS sent it, for example `AccessDenied`. It may come from deep in the source chain.
    pub code: Option<String>,
    /// The message as AWS sent it, or the reason of a failure without an answer.
    pub message: String,
    /// `x-amzn-RequestId`.
    pub request_id: Option<String>,
    /// `sts:AssumeRole`, `iam:GetRole`, …
    pub operation: String,
    /// The IAM action that was missing, for a denial.
    pub missing_action: Option<String>,
    /// The whole source chain, outermost first, each cause once.
    pub chain: Vec<String>,
}

impl AwsError {
    /// An error that did not come from AWS.
    #[must_use]
    pub fn local(kind: ErrorKind, operation: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: None,
            message: message.into(),
            request_id: None,
            operation: operation.into(),
            missing_action: None,
            chain: Vec::new(),
        }
    }

    /// The code, or an empty text.
    #[must_use]
    pub fn code(&self) -> &str {
        self.code.as_deref().unwrap_or_default()
    }
}
