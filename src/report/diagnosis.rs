//! The access path that was diagnosed, hop by hop, as a report has it.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;
use serde::Serialize;

use super::hide::Hide;
use super::of_error;
use super::verdict::{Live, of_map};
use crate::model::facts::{Experiment, HopFacts, PathFacts, Probe, ProbeKind, RoleDetail};
use crate::model::{AwsError, Fact, Facts, Hop, Selection};
use crate::values::time::Timestamp;

/// A session is not used in its last minutes: SDKs refresh credentials five minutes before they end.
const SPARED: SignedDuration = SignedDuration::from_mins(5);

/// What was asked, what was looked up, and what follows.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Diagnosis {
    /// Where the path came from: "pasted message", "stack quilt-prod", "typed".
    pub source: String,
    /// The principal that was named beside the operator.
    pub principal: Option<String>,
    /// AWS profiles that read what the operator's own cannot.
    pub inspectors: Vec<Inspector>,
    /// The operator's MFA; null where none is wanted.
    pub mfa: Option<Mfa>,
    /// The roles, in order: each is assumed with the session of the one before.
    pub hops: Vec<HopReport>,
}

/// Why something is not known.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Unread {
    /// `not_asked`, `absent`, `denied` or `failed`.
    pub state: &'static str,
    /// The IAM action that is missing.
    pub needs: Option<String>,
    /// The refusal or the failure.
    pub error: Option<AwsError>,
}

/// An AWS profile that looked things up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Inspector {
    /// Its name.
    pub aws_profile: String,
    /// Who that is; null when its credentials did not work.
    pub arn: Option<String>,
    /// Why it is not known.
    pub unread: Option<Unread>,
}

/// The operator's MFA.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Mfa {
    /// The devices; empty when there is none, or when they could not be listed.
    pub devices: Vec<MfaDevice>,
    /// Why they could not be listed.
    pub unread: Option<Unread>,
    /// When the session that the typed code gave ends, UTC.
    pub session_ends: Option<Timestamp>,
    /// Why the code gave none.
    pub session_error: Option<AwsError>,
}

/// One MFA device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MfaDevice {
    /// Its serial number or ARN.
    pub serial: String,
    /// Whether it gives codes that the API takes.
    pub gives_codes: bool,
}

/// One role of the path: what was asked, and what was looked up.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct HopReport {
    /// The role's ARN as it was given.
    pub role: String,
    /// Masked, unless external IDs were asked for; null when none is sent.
    pub external_id: Option<String>,
    /// `DurationSeconds` asked for.
    pub duration_seconds: u32,
    /// As it was asked for; null: one of rolecall's own.
    pub session_name: Option<String>,
    /// Session tags.
    pub tags: BTreeMap<String, String>,
    /// Keys of the tags that the next session inherits.
    pub transitive_tag_keys: Vec<String>,
    /// `SourceIdentity`.
    pub source_identity: Option<String>,
    /// With whose credentials the role was read: "AWS profile audit". Empty: nobody's.
    pub read_by: String,
    /// What `iam:GetRole` answered; it may be another role of that name.
    pub found: Option<RoleRead>,
    /// Why it is not known.
    pub unread: Option<Unread>,
    /// The session that was given; null when none was.
    pub session: Option<Session>,
    /// Other calls that settle a doubt.
    pub experiments: Vec<Tried>,
    /// What was tried with the session, or simulated for it.
    pub probes: Vec<Probed>,
}

/// A role as IAM has it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RoleRead {
    /// Its ARN.
    pub arn: String,
    /// When it was made, UTC.
    pub created: Option<Timestamp>,
    /// In seconds.
    pub max_session_duration: Option<u32>,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
}

/// How long a session is good for. Its credentials are gone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Session {
    /// When it ends, UTC.
    pub expires: Timestamp,
    /// When SDKs stop using it: five minutes earlier.
    pub usable_until: Timestamp,
}

/// Another `sts:AssumeRole` that tells two causes apart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Tried {
    /// What was changed: "without session tags".
    pub what: &'static str,
    /// Why it can tell something.
    pub reason: String,
    /// The call.
    pub live: Live,
}

/// Something tried with the session, or simulated for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Probed {
    /// The IAM action.
    pub action: String,
    /// What it was tried on; empty: nothing in particular.
    pub resource: String,
    /// Simulated, on the identity's side only; nothing was called.
    pub simulated: bool,
    /// What came of it; null when it failed.
    pub outcome: Option<String>,
    /// Why it failed.
    pub error: Option<AwsError>,
    /// In milliseconds.
    pub took_ms: u64,
}

impl Diagnosis {
    /// `None`: no path was asked for.
    pub(super) fn new(facts: &Facts, selection: &Selection) -> Option<Self> {
        let inquiry = selection.inquiry.as_ref().filter(|_| selection.system.is_none())?;
        let path = &facts.path;
        let nothing = HopFacts::default();
        let hops = inquiry.hops.iter().enumerate();
        Some(Self {
            source: inquiry.source.clone(),
            principal: inquiry.principal.as_ref().map(ToString::to_string),
            inspectors: path
                .inspectors
                .iter()
                .map(|(name, fact)| Inspector {
                    aws_profile: name.clone(),
                    arn: fact.known().map(|identity| identity.arn.to_string()),
                    unread: Unread::of(fact),
                })
                .collect(),
            mfa: Mfa::of(path),
            hops: hops.map(|(index, hop)| HopReport::new(hop, path.hops.get(index).unwrap_or(&nothing))).collect(),
        })
    }

    pub(super) fn hide(&mut self, hide: &dyn Hide) {
        let line = |text: &mut String| *text = hide.line(text);
        line(&mut self.source);
        self.principal.iter_mut().for_each(line);
        for inspector in &mut self.inspectors {
            line(&mut inspector.aws_profile);
            inspector.arn.iter_mut().for_each(line);
            inspector.unread.iter_mut().for_each(|unread| unread.hide(hide));
        }
        if let Some(mfa) = &mut self.mfa {
            mfa.devices.iter_mut().for_each(|device| line(&mut device.serial));
            mfa.unread.iter_mut().for_each(|unread| unread.hide(hide));
            mfa.session_error.iter_mut().for_each(|error| of_error(error, hide));
        }
        self.hops.iter_mut().for_each(|hop| hop.hide(hide));
    }
}

impl Unread {
    /// `None`: it is known.
    pub(super) fn of<T>(fact: &Fact<T>) -> Option<Self> {
        let (state, needs) = match fact {
            Fact::Known(_) => return None,
            Fact::NotAsked | Fact::Pending(_) => ("not_asked", None),
            Fact::Absent => ("absent", None),
            Fact::Denied { action, .. } => ("denied", Some(action.clone())),
            Fact::Failed(_) => ("failed", None),
        };
        Some(Self { state, needs, error: fact.error().cloned() })
    }

    pub(super) fn hide(&mut self, hide: &dyn Hide) {
        self.needs.iter_mut().for_each(|text| *text = hide.line(text));
        self.error.iter_mut().for_each(|error| of_error(error, hide));
    }
}

impl Mfa {
    /// `None`: nobody asked for devices, nor typed a code.
    fn of(path: &PathFacts) -> Option<Self> {
        if matches!((&path.mfa_devices, &path.mfa_session), (Fact::NotAsked, Fact::NotAsked)) {
            return None;
        }
        let devices = path.mfa_devices.known().into_iter().flatten();
        Some(Self {
            devices: devices
                .map(|device| MfaDevice { serial: device.serial.clone(), gives_codes: device.has_codes() })
                .collect(),
            unread: Unread::of(&path.mfa_devices),
            session_ends: path.mfa_session.known().copied(),
            session_error: path.mfa_session.error().cloned(),
        })
    }
}

impl HopReport {
    pub(super) fn new(hop: &Hop, facts: &HopFacts) -> Self {
        let expires = facts.live.known().and_then(|live| live.outcome.as_ref().ok().copied());
        Self {
            role: hop.role_arn.clone(),
            external_id: hop.external_id.clone(),
            duration_seconds: hop.duration_seconds.unwrap_or(Hop::DEFAULT_DURATION),
            session_name: hop.session_name.clone(),
            tags: hop.tags.clone(),
            transitive_tag_keys: hop.transitive_tag_keys.clone(),
            source_identity: hop.source_identity.clone(),
            read_by: facts.read_by.clone(),
            found: facts.detail.known().map(RoleRead::new),
            unread: Unread::of(&facts.detail),
            session: expires.map(Session::until),
            experiments: facts.experiments.iter().map(Tried::new).collect(),
            probes: facts.probes.iter().map(Probed::new).collect(),
        }
    }

    pub(super) fn hide(&mut self, hide: &dyn Hide) {
        let line = |text: &mut String| *text = hide.line(text);
        [&mut self.role, &mut self.read_by].into_iter().for_each(line);
        self.external_id.iter_mut().for_each(|id| *id = hide.external_id(id));
        let options = [&mut self.session_name, &mut self.source_identity];
        options.into_iter().flatten().chain(&mut self.transitive_tag_keys).for_each(line);
        of_map(&mut self.tags, hide);
        if let Some(found) = &mut self.found {
            line(&mut found.arn);
            found.boundary.iter_mut().for_each(line);
        }
        self.unread.iter_mut().for_each(|unread| unread.hide(hide));
        for tried in &mut self.experiments {
            line(&mut tried.reason);
            tried.live.hide(hide);
        }
        for probed in &mut self.probes {
            [&mut probed.action, &mut probed.resource].into_iter().chain(&mut probed.outcome).for_each(line);
            probed.error.iter_mut().for_each(|error| of_error(error, hide));
        }
    }
}

impl RoleRead {
    fn new(detail: &RoleDetail) -> Self {
        Self {
            arn: detail.arn.to_string(),
            created: detail.created,
            max_session_duration: detail.max_session_duration,
            boundary: detail.boundary_arn.clone(),
        }
    }
}

impl Session {
    fn until(expires: Timestamp) -> Self {
        Self { expires, usable_until: expires.checked_sub(SPARED).unwrap_or(expires) }
    }
}

impl Tried {
    fn new(experiment: &Experiment) -> Self {
        Self { what: experiment.kind.words(), reason: experiment.reason.clone(), live: Live::new(&experiment.call) }
    }
}

impl Probed {
    fn new(probe: &Probe) -> Self {
        Self {
            action: probe.action.clone(),
            resource: probe.resource.clone(),
            simulated: probe.how == ProbeKind::Simulated,
            outcome: probe.outcome.as_ref().ok().cloned(),
            error: probe.outcome.as_ref().err().cloned(),
            took_ms: millis(probe.took),
        }
    }
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
