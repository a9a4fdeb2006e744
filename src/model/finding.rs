//! A finding: something judged from facts.

use serde::{Deserialize, Serialize};

/// How bad it is, worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It will not work.
    Error,
    /// It may not work, or not as intended.
    Warning,
    /// Worth knowing; also what could not be known.
    Info,
    /// Checked, and right.
    Ok,
}

impl Severity {
    /// In a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Ok => "ok",
        }
    }
}

/// How to cure a finding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fix {
    /// What to do, in a sentence.
    pub what: String,
    /// The command that does it, quoted for a POSIX shell; never with a secret in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

impl Fix {
    /// Something to do by hand.
    #[must_use]
    pub fn advice(what: impl Into<String>) -> Self {
        Self { what: what.into(), command: None }
    }

    /// Something a command does.
    #[must_use]
    pub fn command(what: impl Into<String>, command: impl Into<String>) -> Self {
        Self { what: what.into(), command: Some(command.into()) }
    }
}

/// One judgement. Its id leads to the one file in `judge` that made it and to its paragraph in `assets/findings.md`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// For example `trust/principal`.
    pub id: String,
    /// How bad.
    pub severity: Severity,
    /// What it is about: a role's name, a key of the secret, a stack.
    pub subject: String,
    /// What is so, as one sentence.
    pub claim: String,
    /// What it was judged from, a line each.
    pub evidence: Vec<String>,
    /// What cures it.
    pub fixes: Vec<Fix>,
    /// True when it says that something could not be known; `claim` then names what would settle it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unknown: bool,
}

impl Finding {
    /// A finding with neither evidence nor fixes yet.
    #[must_use]
    pub fn new(severity: Severity, id: &str, subject: impl Into<String>, claim: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            severity,
            subject: subject.into(),
            claim: claim.into(),
            evidence: Vec::new(),
            fixes: Vec::new(),
            unknown: false,
        }
    }

    /// Adds a line of evidence.
    #[must_use]
    pub fn because(mut self, line: impl Into<String>) -> Self {
        self.evidence.push(line.into());
        self
    }

    /// Adds a cure.
    #[must_use]
    pub fn cure(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// Marks it as something that could not be known.
    #[must_use]
    pub const fn not_known(mut self) -> Self {
        self.unknown = true;
        self
    }
}
