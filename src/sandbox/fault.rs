//! What goes wrong in a world, on purpose.

use serde::Deserialize;

/// One thing that goes wrong.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Fault {
    /// The operation it befalls, for example `secretsmanager:GetSecretValue`; `sts:*` and `*` name several.
    pub operation: String,
    /// How often it strikes; without it, always.
    #[serde(default)]
    pub times: Option<u32>,
    /// So many calls pass before it strikes.
    #[serde(default)]
    pub after: u32,
    /// It strikes only these attempts of a call, counted from 1 as the SDK does: `[1]` is "each call once, then it is answered". None
    /// named: every attempt.
    #[serde(default)]
    pub attempts: Vec<u32>,
    /// What happens.
    #[serde(flatten)]
    pub failure: Failure,
}

/// How a call goes wrong.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(tag = "failure", rename_all = "snake_case")]
pub enum Failure {
    /// The service answers with an error.
    Error {
        /// HTTP status.
        status: u16,
        /// The error code.
        code: String,
        /// The message.
        #[serde(default)]
        message: String,
    },
    /// Something on the way answers with a page that is no AWS error at all.
    Page {
        /// HTTP status.
        status: u16,
        /// The body.
        body: String,
    },
    /// Something on the way sends the request on.
    Redirect {
        /// HTTP status.
        status: u16,
        /// Where to.
        location: String,
    },
    /// The connection is refused.
    Connection,
    /// The connection is lost after the request was sent; whether the service acted on it is not known.
    Reset,
    /// The service answers, and the connection is lost in the middle of the body.
    Truncated,
    /// No answer comes.
    Silence,
}

impl Fault {
    /// Whether it strikes this call; counts the call if it is one of its own.
    pub(super) fn strikes(&mut self, operation: &str, attempt: u32) -> bool {
        let this_attempt = self.attempts.is_empty() || self.attempts.contains(&attempt);
        if !self.befalls(operation) || !this_attempt || self.times == Some(0) {
            return false;
        }
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        self.times = self.times.map(|times| times - 1);
        true
    }

    fn befalls(&self, operation: &str) -> bool {
        match self.operation.strip_suffix('*') {
            Some(start) => operation.starts_with(start),
            None => operation == self.operation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_it_says() {
        let text = r#"{"operation": "sts:*", "times": 2, "after": 1, "failure": "connection"}"#;
        let mut fault: Fault = serde_json::from_str(text).unwrap();
        let struck: Vec<bool> =
            ["sts:AssumeRole", "iam:GetRole", "sts:AssumeRole", "sts:GetCallerIdentity", "sts:AssumeRole"]
                .into_iter()
                .map(|operation| fault.strikes(operation, 1))
                .collect();
        assert_eq!(struck, [false, false, true, true, false]);
    }

    #[test]
    fn a_fault_may_strike_some_attempts_of_every_call() {
        let text = r#"{"operation": "*", "attempts": [1, 3], "failure": "reset"}"#;
        let mut fault: Fault = serde_json::from_str(text).unwrap();
        let struck: Vec<bool> =
            [1, 2, 3, 1, 2].into_iter().map(|attempt| fault.strikes("iam:GetRole", attempt)).collect();
        assert_eq!(struck, [true, false, true, true, false]);
    }
}
