//! The answer: allow, deny or unknown, with every reason as data. Sentences are made from it in `explain`.

use serde::{Deserialize, Serialize};

/// Whether the principal may assume the role.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Everything that could refuse was read, and allows.
    Allow,
    /// Something that was read refuses.
    Deny,
    /// Nothing read refuses, but not everything could be read.
    Unknown,
}

/// Which way an unknown answer leans.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Leaning {
    /// Everything readable allows.
    Allow,
    /// What is readable speaks against it, without deciding.
    Deny,
    /// Too little is readable.
    None,
}

/// The layers that can refuse, in the order in which the headline cause is chosen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// The caller's credentials.
    Credentials,
    /// The request itself.
    Request,
    /// The role's trust policy.
    Trust,
    /// The caller's identity policies.
    Identity,
    /// The caller's permissions boundary.
    Boundary,
    /// The session policy of the caller's session.
    Session,
    /// Service control policies of the caller's account.
    Scp,
    /// Resource control policies of the role's account.
    Rcp,
}

impl Layer {
    /// The word in `blocked_by` and in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Request => "request",
            Self::Trust => "trust",
            Self::Identity => "identity",
            Self::Boundary => "boundary",
            Self::Session => "session",
            Self::Scp => "scp",
            Self::Rcp => "rcp",
        }
    }
}

/// Why: a slug of the vocabulary in `assets/causes.md`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Cause(pub &'static str);

impl Serialize for Cause {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

/// One layer's cause.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LayerCause {
    /// The layer that refuses.
    pub layer: Layer,
    /// Why it does.
    pub cause: Cause,
}

/// The effect of a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Effect {
    /// `"Effect": "Allow"`.
    Allow,
    /// `"Effect": "Deny"`.
    Deny,
}

/// One element of a statement that did not match.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Failed {
    /// `Principal`, `Action`, `Resource` or `Condition`.
    pub element: &'static str,
    /// The condition operator, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The condition key, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What the policy wants.
    pub expected: Vec<String>,
    /// What there is; `None` when the key is absent.
    pub actual: Option<Vec<String>>,
}

/// A statement that decided: the Deny that matched, the Allow that matched, or the Allow that came nearest.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Deciding {
    /// Whose policy.
    pub layer: Layer,
    /// The level of an SCP or RCP, from the root, counted from 0.
    pub level: Option<usize>,
    /// The policy within its layer, counted from 0.
    pub policy: usize,
    /// The policy's name, where it has one.
    pub name: Option<String>,
    /// The statement, counted from 0.
    pub statement: usize,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// Its effect.
    pub effect: Effect,
    /// The action it was tried against.
    pub action: String,
    /// The elements that failed; empty when the statement matched.
    pub failed: Vec<Failed>,
}

/// What could not be read or judged, and what would settle it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Unknown {
    /// What is not known.
    pub what: String,
    /// The IAM action, or in words what is needed.
    pub needs: String,
}

/// The answer to a [`super::Case`].
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Decision {
    /// Allow, deny or unknown.
    pub verdict: Answer,
    /// For unknown: which way it leans.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaning: Option<Leaning>,
    /// The headline: the first of credentials, request, an explicit deny, then trust, identity, boundary, session, SCP, RCP.
    pub cause: Cause,
    /// One entry per layer that refuses.
    pub causes: Vec<LayerCause>,
    /// Every layer that refuses.
    pub blocked_by: Vec<Layer>,
    /// One sentence that a tired person understands.
    pub summary: String,
    /// The statements that decided, per layer.
    pub deciding: Vec<Deciding>,
    /// What could not be read.
    pub unknowns: Vec<Unknown>,
}

impl Decision {
    /// Why it is not allowed, the headline first, each cause once; none where it is.
    #[must_use]
    pub fn slugs(&self) -> Vec<&'static str> {
        if self.verdict == Answer::Allow {
            return Vec::new();
        }
        let mut slugs = vec![self.cause.0];
        for cause in &self.causes {
            if !slugs.contains(&cause.cause.0) {
                slugs.push(cause.cause.0);
            }
        }
        slugs
    }
}

#[cfg(test)]
impl Deciding {
    /// The second statement of a trust policy, which wants the external ID cust-42 and was sent none.
    pub(crate) fn wanting_external_id() -> Self {
        let failed = Failed {
            element: "Condition",
            operator: Some("StringEquals".into()),
            key: Some("sts:ExternalId".into()),
            expected: vec!["cust-42".into()],
            actual: None,
        };
        Self {
            layer: Layer::Trust,
            level: None,
            policy: 0,
            name: None,
            statement: 1,
            sid: None,
            effect: Effect::Allow,
            action: "sts:AssumeRole".into(),
            failed: vec![failed],
        }
    }
}
