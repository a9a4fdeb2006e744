//! The roles that are known already: what was asked before, the stack's, those of `config.json`, of the AWS files and the environment.

use crate::config::Config;
use crate::model::facts::KnownRole;
use crate::model::inquiry::ProbeTarget;
use crate::model::selection::{CredentialSource, RoleKind};
use crate::model::{Hop, Inquiry};
use crate::secret::Key;
use crate::tui::app::App;
use crate::tui::screens::secret;
use crate::values::{AccountId, RoleArn};

/// A path that can be diagnosed as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// What is asked, where it came from included.
    pub inquiry: Inquiry,
    /// The AWS profile whose credentials begin it. `None`: those that are chosen.
    pub source: Option<CredentialSource>,
}

impl Candidate {
    /// The same for the same path, whatever else becomes known meanwhile.
    pub fn id(&self) -> String {
        let roles: Vec<&str> = self.inquiry.hops.iter().map(|hop| hop.role_arn.as_str()).collect();
        format!("role {} {}", self.inquiry.source, roles.join(" "))
    }
}

/// "Jump → Target"; of what is no ARN the text itself.
pub fn names(hops: &[Hop]) -> String {
    let name = |hop: &Hop| RoleArn::parse(&hop.role_arn).map_or_else(|_| hop.role_arn.clone(), |arn| arn.name().into());
    hops.iter().map(name).collect::<Vec<_>>().join(" → ")
}

/// The account of the last role.
pub fn account(hops: &[Hop]) -> Option<AccountId> {
    RoleArn::parse(&hops.last()?.role_arn).ok().map(|arn| arn.account().clone())
}

/// What can be diagnosed without typing. A path that several places tell stands once, as the first of them has it.
pub fn candidates(app: &App) -> Vec<Candidate> {
    let here = |inquiry| Candidate { inquiry, source: None };
    let mut all: Vec<Candidate> = app.selection.inquiry.iter().cloned().map(here).collect();
    all.extend(app.inquiring.typed.iter().cloned().map(here));
    all.extend(RoleKind::BOTH.into_iter().filter_map(|kind| of_role(app, kind)).map(here));
    all.extend(RoleKind::BOTH.into_iter().filter_map(|kind| of_config(app, kind)).map(here));
    let machine = app.facts.machine.shown();
    all.extend(machine.into_iter().flat_map(|machine| &machine.roles).map(|role| of_machine(app, role)));
    let mut once: Vec<Candidate> = Vec::new();
    for candidate in all {
        let same = |other: &Candidate| other.inquiry.hops == candidate.inquiry.hops && other.source == candidate.source;
        if !once.iter().any(same) {
            once.push(candidate);
        }
    }
    once
}

fn of_machine(app: &App, role: &KnownRole) -> Candidate {
    let inquiry = Inquiry { hops: role.hops.clone(), source: role.from.clone(), ..Inquiry::default() };
    let source = role.source.clone().filter(|source| Some(source) != app.selection.source.as_ref());
    Candidate { inquiry, source }
}

/// One of the two roles of the stack, as the webhook would assume it.
pub fn of_role(app: &App, kind: RoleKind) -> Option<Inquiry> {
    let arn = app.facts.role(kind)?.found.shown()?.arn.to_string();
    let stack = app.facts.stack.shown().map_or("the stack", |stack| stack.arn.name());
    Some(asked_for(app, kind, arn, format!("{} role of stack {stack}", kind.word())))
}

fn of_config(app: &App, kind: RoleKind) -> Option<Inquiry> {
    let arn = Config::shown(&app.facts)?.text(&["quilt", kind.config_field()])?.to_owned();
    Some(asked_for(app, kind, arn, format!("{} role of config.json", kind.word())))
}

/// As the service asks for it, with its bucket to try it on where that is known.
fn asked_for(app: &App, kind: RoleKind, role_arn: String, source: String) -> Inquiry {
    let hop = Hop {
        external_id: app.selection.external_id.clone(),
        duration_seconds: Some(app.selection.duration_seconds).filter(|seconds| *seconds != Hop::DEFAULT_DURATION),
        ..Hop::to(role_arn)
    };
    Inquiry {
        hops: vec![hop],
        principal: app.facts.workload.arn.shown().cloned(),
        probes: bucket(app)
            .map(|name| ProbeTarget::Bucket { name, writes: kind == RoleKind::Write })
            .into_iter()
            .collect(),
        source,
        ..Inquiry::default()
    }
}

/// `USER_BUCKET` of the secret, as it is or as it was typed.
fn bucket(app: &App) -> Option<String> {
    let row = secret::rows(app).into_iter().find(|row| row.key == Key::UserBucket)?;
    row.value.map(|value| value.expose().trim().to_owned()).filter(|name| !name.is_empty())
}
