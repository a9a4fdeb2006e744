//! A fact: something looked up, or why it is not known.

use super::AwsError;

/// One thing looked up.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Fact<T> {
    /// Nobody asked yet.
    #[default]
    NotAsked,
    /// The call is under way. A fact fetched again keeps what was known before, to be shown dimmed; nothing is judged from it.
    Pending(Option<Box<T>>),
    /// Known.
    Known(T),
    /// Looked up, and not there.
    Absent,
    /// The caller may not look it up.
    Denied {
        /// The IAM action that is missing, for example `iam:GetRole`.
        action: String,
        /// The refusal.
        error: AwsError,
    },
    /// The look-up failed otherwise.
    Failed(AwsError),
}

impl<T> Fact<T> {
    /// The value, if it is known now.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    /// The value to show: known now, or known before while it is fetched again.
    pub fn shown(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Pending(Some(previous)) => Some(previous),
            _ => None,
        }
    }

    /// The same with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::NotAsked => Fact::NotAsked,
            Self::Pending(previous) => Fact::Pending(previous.map(|value| Box::new(f(*value)))),
            Self::Known(value) => Fact::Known(f(value)),
            Self::Absent => Fact::Absent,
            Self::Denied { action, error } => Fact::Denied { action, error },
            Self::Failed(error) => Fact::Failed(error),
        }
    }

    /// Whether a call is under way.
    pub const fn is_pending(&self) -> bool {
        matches!(self, Self::Pending(_))
    }

    /// Whether the look-up has ended, well or badly.
    pub const fn is_settled(&self) -> bool {
        !matches!(self, Self::NotAsked | Self::Pending(_))
    }

    /// The error of a look-up that was denied or failed.
    pub const fn error(&self) -> Option<&AwsError> {
        match self {
            Self::Denied { error, .. } | Self::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// Marks the fact as being fetched, keeping what was known.
    pub fn begin(&mut self) {
        *self = match std::mem::take(self) {
            Self::Known(value) => Self::Pending(Some(Box::new(value))),
            Self::Pending(previous) => Self::Pending(previous),
            _ => Self::Pending(None),
        };
    }

    /// A denial becomes [`Fact::Denied`], "there is none" [`Fact::Absent`], anything else [`Fact::Failed`].
    pub fn from_result(result: Result<T, AwsError>) -> Self {
        match result {
            Ok(value) => Self::Known(value),
            Err(error) => Self::from_error(error),
        }
    }

    /// As [`Fact::from_result`], for an error alone.
    #[must_use]
    pub fn from_error(error: AwsError) -> Self {
        match error.kind {
            super::ErrorKind::NotFound => Self::Absent,
            super::ErrorKind::Denied => {
                Self::Denied { action: error.missing_action.clone().unwrap_or_else(|| error.operation.clone()), error }
            }
            _ => Self::Failed(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fetching_again_keeps_what_was_known() {
        let mut fact = Fact::Known(7);
        fact.begin();
        fact.begin();
        assert_eq!((fact.known(), fact.shown(), fact.is_pending()), (None, Some(&7), true));
    }
}
