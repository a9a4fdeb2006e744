//! What was tried beyond the call itself: experiments, how long the session could be used, probes.

use super::findings::name;
use crate::judge::view::{View, count, evidence, lasting};
use crate::model::facts::{HopFacts, ProbeKind};
use crate::model::{ErrorKind, Finding, Hop, Severity};
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
                ),
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

/// How long the session could be used: five minutes are left for clocks and calls under way.
pub(super) fn session_life(view: &View<'_>, wanted: &Hop, facts: &HopFacts) -> Option<Finding> {
    let until = *facts.live.known()?.outcome.as_ref().ok()?;
    let usable = until.duration_since(view.facts.observed_at).as_secs() - 300;
    let asked = wanted.duration_seconds.unwrap_or(Hop::DEFAULT_DURATION);
    let role = name(&wanted.role_arn);
    let minutes = count(usize::try_from(usable.max(0) / 60).unwrap_or_default(), "minute");
    Some(
        Finding::new(
            Severity::Ok,
            "hop/session-life",
            &role,
            format!("A session of {role} can be used for {minutes}."),
        )
        .because(format!("asked for {}, until {}", lasting(asked), until.strftime("%F %T UTC")))
        .because("usable life is the expiry minus 5 minutes"),
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
                    evidence(Finding::new(severity, "hop/probe", &role, claim), error)
                }
            };
            finding.because(how)
        })
        .collect()
}
