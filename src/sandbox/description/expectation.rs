//! What a world selects at the start, and what must come out of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use crate::model::Severity;
use crate::model::inquiry::ProbeTarget;
use crate::model::{Hop, Inquiry, SystemChoice};
use crate::policy::Answer;
use crate::values::{PrincipalArn, RoleArn, SecretText};

/// What is selected when the program starts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Chosen {
    /// The AWS profile.
    #[serde(default)]
    pub aws_profile: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// The config profile; `default` where none is named.
    #[serde(default)]
    pub config_profile: Option<String>,
    /// Name or ARN of the Quilt stack.
    #[serde(default)]
    pub stack: Option<String>,
    /// Role ARNs that the user typed, by `read` and `write`.
    #[serde(default)]
    pub typed_roles: TypedRoles,
    /// Name or ARN of the secret.
    #[serde(default)]
    pub secret: Option<String>,
    /// The stack whose task role is the workload.
    #[serde(default)]
    pub workload_stack: Option<String>,
    /// The workload's role, where no stack is asked.
    #[serde(default)]
    pub workload_role: Option<RoleArn>,
    /// The external ID to send.
    #[serde(default)]
    pub external_id: Option<String>,
    /// What is tried with the secret's values: `bucket`, `benchling`.
    #[serde(default)]
    pub trials: BTreeSet<TrialName>,
    /// The access path that is diagnosed, where there is one.
    #[serde(default)]
    pub path: Option<ChosenPath>,
    /// The system that is looked at, where it is not the Quilt webhook.
    #[serde(default)]
    pub system: Option<ChosenSystem>,
}

/// A system other than the Quilt webhook.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct ChosenSystem {
    /// Its name; a world checks that there is one.
    pub name: String,
    /// Settings that were typed, by the setting's name.
    #[serde(default)]
    pub typed: BTreeMap<String, String>,
    /// Files of the home that settings are read from.
    #[serde(default)]
    pub files: Vec<PathBuf>,
    /// The ARN of who walks its paths in production.
    #[serde(default)]
    pub principal: Option<String>,
    /// AWS profiles that may read accounts which the operator may not.
    #[serde(default)]
    pub inspectors: Vec<String>,
}

impl ChosenSystem {
    /// As the program is asked.
    pub fn choice(self) -> SystemChoice {
        SystemChoice {
            typed: self.typed,
            files: self.files,
            principal: self.principal.as_deref().and_then(|arn| PrincipalArn::parse(arn).ok()),
            inspectors: self.inspectors,
            ..SystemChoice::of(self.name)
        }
    }
}

/// Something that is tried with the secret's values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::sandbox) enum TrialName {
    /// The bucket is listed.
    Bucket,
    /// Benchling is asked for a token.
    Benchling,
}

/// An access path.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct ChosenPath {
    /// One or more roles, each assumed with the session of the one before.
    pub hops: Vec<ChosenHop>,
    /// The ARN of who assumes them in production; without it the operator is asked about.
    #[serde(default)]
    pub principal: Option<String>,
    /// AWS profiles that may read accounts which the operator may not.
    #[serde(default)]
    pub inspectors: Vec<String>,
    /// The error message that began it.
    #[serde(default)]
    pub message: Option<String>,
    /// What is tried with the last session: `s3://BUCKET`, `s3+write://BUCKET`, `ecr://HOST/REPOSITORY`.
    #[serde(default)]
    pub probes: Vec<String>,
}

/// A role to assume, and what goes with the call.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct ChosenHop {
    /// The role's ARN; it may be malformed.
    pub role: String,
    /// `ExternalId`.
    #[serde(default)]
    pub external_id: Option<String>,
    /// `DurationSeconds`.
    #[serde(default)]
    pub duration_seconds: Option<u32>,
    /// `RoleSessionName`.
    #[serde(default)]
    pub session_name: Option<String>,
    /// Session tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Keys of the tags that the next session inherits.
    #[serde(default)]
    pub transitive_tag_keys: Vec<String>,
    /// `SourceIdentity`.
    #[serde(default)]
    pub source_identity: Option<String>,
}

impl ChosenPath {
    /// As the program is asked.
    ///
    /// # Errors
    /// A principal that is none, a probe that is none.
    pub fn inquiry(&self) -> Result<Inquiry, String> {
        let principal = self.principal.as_deref().map(PrincipalArn::parse).transpose();
        let probes = self.probes.iter().map(|text| ProbeTarget::parse(text).ok_or(format!("`{text}` is no probe")));
        Ok(Inquiry {
            hops: self.hops.iter().cloned().map(Hop::from).collect(),
            principal: principal.map_err(|error| error.to_string())?,
            inspectors: self.inspectors.clone(),
            message: self.message.clone().map(SecretText::new),
            probes: probes.collect::<Result<_, _>>()?,
            source: "the demo world".into(),
            ..Inquiry::default()
        })
    }
}

impl From<ChosenHop> for Hop {
    fn from(hop: ChosenHop) -> Self {
        Self {
            role_arn: hop.role,
            external_id: hop.external_id,
            duration_seconds: hop.duration_seconds,
            session_name: hop.session_name,
            tags: hop.tags,
            transitive_tag_keys: hop.transitive_tag_keys,
            source_identity: hop.source_identity,
        }
    }
}

/// Role ARNs that the user typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct TypedRoles {
    /// The read role's.
    #[serde(default)]
    pub read: Option<RoleArn>,
    /// The write role's.
    #[serde(default)]
    pub write: Option<RoleArn>,
}

/// What AWS's documentation says of one principal and one role.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedAnswer {
    /// ARN of the principal: a user, or a role whose session calls.
    pub principal: String,
    /// ARN of the role to assume.
    pub role: String,
    /// The external ID that goes with the call.
    #[serde(default)]
    pub external_id: Option<String>,
    /// `DurationSeconds` of the call, in seconds.
    #[serde(default)]
    pub duration_seconds: Option<u32>,
    /// The session tags that go with the call.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// The source identity that the call sets.
    #[serde(default)]
    pub source_identity: Option<String>,
    /// The region whose STS is called; us-east-1 where none is named.
    #[serde(default)]
    pub region: Option<String>,
    /// The MFA code that goes with the call.
    #[serde(default)]
    pub mfa: Option<StatedCode>,
    /// Allow or deny; unknown where AWS refuses for no reason that a policy gives.
    pub verdict: Answer,
    /// The headline cause, of the vocabulary in `assets/causes.md`.
    pub cause: String,
    /// For the operator: what the call itself answers, `allow` or an error code.
    #[serde(default)]
    pub live: Option<String>,
    /// The rule it follows from, with the page that says so.
    pub because: String,
}

impl StatedAnswer {
    /// Whether the other is about the same call.
    #[must_use]
    pub fn is_of_same_call(&self, other: &Self) -> bool {
        let call = |one: &Self| {
            let edge = (one.principal.clone(), one.role.clone());
            let request =
                (one.external_id.clone(), one.duration_seconds, one.tags.clone(), one.source_identity.clone());
            (edge, request, one.region.clone(), one.mfa.clone())
        };
        call(self) == call(other)
    }
}

/// An MFA device and what it shows.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedCode {
    /// The device's serial number or ARN.
    pub serial: String,
    /// Six digits.
    pub code: String,
}

/// Edits of policies as an administrator makes them, and what AWS's documentation says of the edges afterwards.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedFix {
    /// Who does what, in a sentence.
    pub about: String,
    /// The edge whose denial rolecall must offer to cure by exactly these edits.
    #[serde(default)]
    pub cures: Option<Edge>,
    /// The documents that are put in place. None: the request alone is cured, as `answers` has it.
    pub edits: Vec<PolicyEdit>,
    /// The edges that answer otherwise than before; all others answer as before.
    pub answers: Vec<StatedAnswer>,
}

impl StatedFix {
    /// The answers after the edits, of a world whose answers before them are `before`.
    #[must_use]
    pub fn answers_after<'a>(&'a self, before: &'a [StatedAnswer]) -> Vec<&'a StatedAnswer> {
        let replaced = |old: &&StatedAnswer| self.answers.iter().any(|new| new.is_of_same_call(old));
        before.iter().filter(|old| !replaced(old)).chain(&self.answers).collect()
    }
}

/// A principal and a role that it would assume, as ARNs.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// A user, or a role whose session calls.
    pub principal: String,
    /// The role to assume.
    pub role: String,
    /// The role's ARN as the cure writes it, where the ARN itself is what is wrong.
    #[serde(default)]
    pub becomes: Option<String>,
}

/// Documents of one role, user or managed policy that take the place of those of the same name.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyEdit {
    /// ARN of the role, user or managed policy.
    pub of: String,
    /// The trust policy, of a role.
    #[serde(default)]
    pub trust: Option<Value>,
    /// The new version of a managed policy.
    #[serde(default)]
    pub document: Option<Value>,
    /// Inline policies: document by name.
    #[serde(default)]
    pub inline: BTreeMap<String, Value>,
}

/// A finding that the judges must give.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFinding {
    /// For example `trust/principal`.
    pub id: String,
    /// How bad.
    pub severity: Severity,
    /// What it is about.
    pub subject: String,
}
