//! What was tried beyond the call itself: experiments, how long the session could be used, probes.

use std::time::Duration;

use super::findings::name;
use crate::judge::view::{View, evidence, lasting};
use crate::model::facts::{ExperimentKind, HopFacts, ProbeKind};
use crate::model::finding::Fix;
use crate::model::inquiry::Keeps;
use crate::model::{ErrorKind, Finding, Hop, Severity};
use crate::policy::sts_off_for;
use crate::values::lifetime::{in_minutes, usable_life};
use crate::values::time;

pub(super) fn experiments(wanted: &Hop, facts: &HopFacts) -> Vec<Finding> {
    let role = name(&wanted.role_arn);
    facts
        .experiments
        .iter()
        .map(|experiment| {
            let words = experiment.kind.words();
            let finding = match &experiment.call.outcome {
                Ok(_) => Finding::new(
                    Severity::Warning,
                    "hop/experiment",
                    &role,
                    format!("Tried {words}, AWS gives a session of {role}."),
                )
                .cure(Fix::advice(cure(wanted, facts, experiment.kind))),
                Err(error) => evidence(
                    Finding::new(
                        Severity::Info,
                        "hop/experiment",
                        &role,
                        format!("Tried {words}, {role} is refused all the same."),
                    ),
                    error,
                ),
            };
            finding.because(experiment.reason.clone()).because("the session was dropped; nothing was saved")
        })
        .collect()
}

/// What follows where the change was what made the difference.
fn cure(wanted: &Hop, facts: &HopFacts, kind: ExperimentKind) -> String {
    match kind {
        ExperimentKind::WithoutTags => {
            "Send no session tags, or have sts:TagSession allowed beside sts:AssumeRole.".into()
        }
        ExperimentKind::OneHour => "Ask for 3600 seconds where the call is really made.".into(),
        ExperimentKind::UsEast1 => elsewhere(wanted, facts),
        ExperimentKind::OnceMore => "Wait some seconds after a role or its policies were changed.".into(),
        ExperimentKind::WantedExternalId => "Send that external ID where the call is really made.".into(),
    }
}

/// The endpoint of us-east-1, or whose decision the region's own is (IAM User Guide, "Manage AWS STS in an AWS Region").
fn elsewhere(wanted: &Hop, facts: &HopFacts) -> String {
    let refused = facts.live.known().and_then(|live| live.outcome.as_ref().err());
    let Some(off) = refused.filter(|error| error.kind == ErrorKind::RegionDisabled) else {
        return "Call the endpoint in us-east-1, or take the session token from a regional endpoint of STS.".into();
    };
    let owner = sts_off_for(&off.message, &wanted.role_arn)
        .map_or_else(|| "the role's account".into(), |account| format!("account {}", account.grouped()));
    format!(
        "Call the endpoint in us-east-1, or ask the administrators of {owner} to activate STS in this region: IAM console, Account settings, \
         Security Token Service (STS), Endpoints."
    )
}

/// How long the session could be used: five minutes are left for clocks and calls under way, and nobody uses what is not kept.
pub(super) fn session_life(view: &View<'_>, wanted: &Hop, keeps: Option<Keeps>, facts: &HopFacts) -> Option<Finding> {
    let until = *facts.live.known()?.outcome.as_ref().ok()?;
    let left = Duration::try_from(until.duration_since(view.facts.observed_at)).unwrap_or_default();
    let asked = wanted.duration_seconds.unwrap_or(Hop::DEFAULT_DURATION);
    let role = name(&wanted.role_arn);
    let minutes = in_minutes(usable_life(left, keeps.map_or(Duration::MAX, |keeps| keeps.most)));
    let most = keeps.map(|keeps| format!("at most {} ({}), ", in_minutes(keeps.most), keeps.by));
    let most = most.unwrap_or_default();
    Some(
        Finding::new(
            Severity::Ok,
            "hop/session-life",
            &role,
            format!("A session of {role} can be used for {minutes}."),
        )
        .because(format!("asked for {}, until {}", lasting(asked), until.strftime("%F %T UTC")))
        .because(format!("usable life is the expiry minus 5 minutes, {most}never under a minute")),
    )
}

pub(super) fn probes(wanted: &Hop, facts: &HopFacts) -> Vec<Finding> {
    let role = name(&wanted.role_arn);
    facts
        .probes
        .iter()
        .map(|probe| {
            let on = if probe.resource.is_empty() { String::new() } else { format!(" on {}", probe.resource) };
            let how = match probe.how {
                ProbeKind::Live => format!("tried with a session of {role}, in {}", time::short(probe.took)),
                ProbeKind::Simulated => "simulated, identity side only: nothing was written".into(),
            };
            let finding = match &probe.outcome {
                Ok(told) => {
                    let claim = format!("{role} may {}{on}.", probe.action);
                    let finding = Finding::new(Severity::Ok, "hop/probe", &role, claim);
                    if told.is_empty() { finding } else { finding.because(told.clone()) }
                }
                Err(error) => {
                    let denied = error.kind == ErrorKind::Denied;
                    let severity = if denied { Severity::Error } else { Severity::Warning };
                    let may = if denied { "may not" } else { "could not be seen to" };
                    let claim = format!("{role} {may} {}{on}.", probe.action);
                    let cure = if denied {
                        let action = error.missing_action.as_deref().unwrap_or(&probe.action);
                        if action == "ecr:GetAuthorizationToken" {
                            // Service Authorization Reference, Amazon ECR: it has no resource types.
                            format!("Allow {action} to {role} on *, in a policy of its own: it has no resource, and no other account's policy bears on it.")
                        } else {
                        format!("Allow {action} to {role}{on}, on the side that AWS names; in another account that account's policy as well.")
                        }
                    } else {
                        "Correct what is said, then run it again.".into()
                    };
                    evidence(Finding::new(severity, "hop/probe", &role, claim), error).cure(Fix::advice(cure))
                }
            };
            finding.because(how)
        })
        .collect()
}
