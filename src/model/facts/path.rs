//! What was looked up for a diagnosis: one entry per hop.

use std::collections::BTreeMap;

use super::{CallerIdentity, PrincipalFacts, RoleDetail};
use crate::model::verdict::Party;
use crate::model::{AwsError, Fact, LiveCall};
use crate::policy::Effect;
use crate::values::time::Timestamp;

/// Everything looked up for one access path.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PathFacts {
    /// The roles it is about, as they were asked for.
    pub roles: Vec<String>,
    /// In the order of the inquiry's hops, as many.
    pub hops: Vec<HopFacts>,
    /// The principal that the inquiry names beside the operator.
    pub workload: PrincipalFacts,
    /// Who the inspectors are, by AWS profile.
    pub inspectors: BTreeMap<String, Fact<CallerIdentity>>,
    /// The operator's MFA devices: `iam:ListMFADevices`. `NotAsked` where no MFA is wanted.
    pub mfa_devices: Fact<Vec<MfaDevice>>,
    /// When the session that the typed code gave ends, UTC: `sts:GetSessionToken`. `NotAsked` where no code was typed.
    pub mfa_session: Fact<Timestamp>,
}

impl PathFacts {
    /// Makes room for a path of these roles. What is known of the same roles stays, to be shown while it is looked up again.
    pub fn begin(&mut self, roles: Vec<String>) {
        if self.roles == roles {
            return;
        }
        *self = Self { hops: roles.iter().map(|_| HopFacts::begun()).collect(), roles, ..Self::default() };
        self.workload.arn.begin();
        self.workload.policies.begin();
        self.workload.boundary.begin();
        self.workload.role.begin();
    }
}

impl HopFacts {
    /// Everything under way, nothing known.
    fn begun() -> Self {
        let mut hop = Self::default();
        hop.detail.begin();
        hop.live.begin();
        hop.own.arn.begin();
        hop.own.role.begin();
        hop.own.policies.begin();
        hop.own.boundary.begin();
        hop
    }
}

/// One MFA device of a user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MfaDevice {
    /// `arn:aws:iam::111122223333:mfa/alice`, or a hardware token's serial number.
    pub serial: String,
}

impl MfaDevice {
    /// Whether it gives codes that the API takes: passkeys and security keys (`:u2f/`) do not.
    ///
    /// Source: IAM User Guide, "Passkeys and security keys": not supported with the CLI or the API.
    #[must_use]
    pub fn has_codes(&self) -> bool {
        !self.serial.contains(":u2f/")
    }
}

/// One hop.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct HopFacts {
    /// `iam:GetRole`. It takes a name, so it may be of another account than was meant: its ARN tells.
    pub detail: Fact<RoleDetail>,
    /// With whose credentials that was read: "AWS profile audit". Empty while nobody asked.
    pub read_by: String,
    /// The role's own policies: it is the caller of the next hop, and what the probes rest on.
    pub own: PrincipalFacts,
    /// The operator's `sts:AssumeRole`. `NotAsked`: the hop before gave no session.
    pub live: Fact<LiveCall>,
    /// `iam:SimulatePrincipalPolicy` for `sts:AssumeRole` on the role, by who calls.
    pub simulated: BTreeMap<Party, Fact<Simulation>>,
    /// Why it waits before the next experiment: pending with the reason while it does, else `NotAsked`.
    pub pause: Fact<String>,
    /// Other calls that settle a doubt, in the order they were made.
    pub experiments: Vec<Experiment>,
    /// What was tried with the session.
    pub probes: Vec<Probe>,
}

/// What IAM's simulator says of a principal's own side: identity policies, boundary and SCPs. It passes over trust policies on
/// `sts:Assume*` (IAM API reference, SimulatePrincipalPolicy).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Simulation {
    /// The action that it speaks of: where several were asked, the first that is not allowed.
    pub action: String,
    /// `allowed`, `explicitDeny` or `implicitDeny`, as the simulator answered.
    pub decision: String,
    /// Whether the SCPs allow, where it says so.
    pub allowed_by_organizations: Option<bool>,
    /// Whether the boundary allows, where it says so.
    pub allowed_by_boundary: Option<bool>,
    /// The policies whose statements matched, and what they say.
    pub matched: Vec<(String, Effect)>,
    /// Condition keys that it was not given.
    pub missing_context: Vec<String>,
}

impl Simulation {
    /// Whether it lets the call through.
    #[must_use]
    pub fn allows(&self) -> bool {
        self.decision == "allowed"
    }

    /// An answer that tells no more than the decision.
    #[cfg(test)]
    pub(crate) fn of(action: &str, decision: &str) -> Self {
        Self {
            action: action.into(),
            decision: decision.into(),
            allowed_by_organizations: None,
            allowed_by_boundary: None,
            matched: Vec::new(),
            missing_context: Vec::new(),
        }
    }
}

/// Another `sts:AssumeRole` that tells two causes apart.
#[derive(Clone, PartialEq, Debug)]
pub struct Experiment {
    /// What was changed.
    pub kind: ExperimentKind,
    /// Why it can tell something, in a sentence.
    pub reason: String,
    /// What came of it.
    pub call: LiveCall,
}

/// What an experiment changes of the request. Nothing of it is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ExperimentKind {
    /// No session tags.
    WithoutTags,
    /// `DurationSeconds` 3600.
    OneHour,
    /// The endpoint in us-east-1, which cannot be switched off.
    UsEast1,
    /// The same again after ten seconds, for a role younger than a minute.
    OnceMore,
    /// The external ID that the trust policy wants; only after the user agreed.
    WantedExternalId,
}

impl ExperimentKind {
    /// In words, as a label.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::WithoutTags => "without session tags",
            Self::OneHour => "for 3600 seconds",
            Self::UsEast1 => "at us-east-1",
            Self::OnceMore => "once more after 10 s",
            Self::WantedExternalId => "with the wanted external ID",
        }
    }
}

/// Something tried with the session of the last hop, or simulated for it.
#[derive(Clone, PartialEq, Debug)]
pub struct Probe {
    /// `s3:ListBucket`, `ecr:GetAuthorizationToken`, …: the IAM action.
    pub action: String,
    /// What it was tried on: a bucket, a registry. Empty: nothing in particular.
    pub resource: String,
    /// Whether it was done, or only simulated.
    pub how: ProbeKind,
    /// Done, or why not.
    pub outcome: Result<String, AwsError>,
    /// How long it took.
    pub took: std::time::Duration,
}

/// How a probe came to its answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProbeKind {
    /// The call was made with the session. It only read.
    Live,
    /// `iam:SimulatePrincipalPolicy` on the role: identity side only, nothing was written.
    Simulated,
}
