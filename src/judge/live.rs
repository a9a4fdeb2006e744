//! The operator's own `sts:AssumeRole`: what it proves, and about whom. In production a refusal is right.

use super::view::{View, evidence, lasting, reason, unanswered};
use crate::model::facts::RoleFacts;
use crate::model::finding::Fix;
use crate::model::selection::RoleKind;
use crate::model::verdict::Party;
use crate::model::{AwsError, ErrorKind, Finding, LiveCall, Severity, Verdict};
use crate::policy::{Answer, Layer, sts_off_for};
use crate::values::regions::is_opt_in;
use crate::values::{AccountId, RoleArn, time};

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut regions_told = Vec::new();
    for (kind, role, arn) in view.found_roles() {
        findings.extend(request(view, kind, arn));
        match role.live.known() {
            Some(live) => {
                let off = region_off(live, arn);
                if off.is_none() || !regions_told.contains(&off) {
                    findings.push(call(view, role, arn, live));
                    regions_told.push(off);
                }
            }
            None => {
                let what = format!("Whether you can assume {}", arn.name());
                findings.extend(unanswered(&role.live, "assume/live", arn.name(), &what));
            }
        }
        findings.extend(
            view.verdict(Party::Operator, arn)
                .filter(|verdict| verdict.disagreement)
                .map(|verdict| disagreement(arn, verdict)),
        );
    }
    findings
}

/// The account that has STS switched off, where that is why the call failed.
fn region_off(live: &LiveCall, arn: &RoleArn) -> Option<AccountId> {
    let error = live.outcome.as_ref().err().filter(|error| error.kind == ErrorKind::RegionDisabled)?;
    sts_off_for(&error.message, &arn.to_string())
}

fn call(view: &View<'_>, role: &RoleFacts, arn: &RoleArn, live: &LiveCall) -> Finding {
    let name = arn.name();
    let took = time::short(live.took);
    let finding = match &live.outcome {
        Ok(until) => Finding::new(
            Severity::Ok,
            "assume/live",
            name,
            format!("You can assume {name}: AWS gave a session until {}, in {took}.", until.strftime("%H:%M UTC")),
        )
        .because("the session was allowed nothing but what was shown, and its credentials were dropped"),
        Err(error) => match error.kind {
            ErrorKind::Denied => evidence(denied(name, &took), error),
            ErrorKind::RegionDisabled => return evidence(region_disabled(view, error, Some(arn)), error),
            ErrorKind::Invalid if error.message.contains("DurationSeconds") => {
                return evidence(duration(view, role, name), error);
            }
            _ => evidence(
                Finding::new(
                    Severity::Warning,
                    "assume/live",
                    name,
                    format!("Whether you can assume {name} is not known: {}.", reason(error)),
                ),
                error,
            )
            .cure(Fix::advice("Run it again; if the answer stays, `rolecall explain --message` reads AWS's message."))
            .not_known(),
        },
    };
    finding
        .because("it proves what you can do now, not what the webhook can")
        .because(format!("session name {}, to find the call in CloudTrail", live.session_name))
}

fn denied(name: &str, took: &str) -> Finding {
    Finding::new(
        Severity::Info,
        "assume/live",
        name,
        format!("You cannot assume {name}, as it should be: in production the webhook does, and no person."),
    )
    .because(format!("AWS refused in {took}"))
}

/// The account that was asked for credentials has STS switched off in this region: for `sts:AssumeRole` the account of `role`, whoever calls.
/// Only us-east-1 cannot be switched off (S1-34).
pub(super) fn region_disabled(view: &View<'_>, error: &AwsError, role: Option<&RoleArn>) -> Finding {
    let region = view.region().unwrap_or_else(|| "this region".into());
    let severity = if view.identity().is_some() { Severity::Warning } else { Severity::Error };
    let account = sts_off_for(&error.message, &role.map(ToString::to_string).unwrap_or_default());
    let owner = account.as_ref().map(|account| format!("account {}", account.grouped()));
    let whose = owner.as_deref().unwrap_or("the account that was asked for credentials");
    let claim =
        format!("STS is switched off in {region} for {whose}, so {} could not be tried there.", error.operation);
    let activate = if is_opt_in(&region) {
        format!(
            "Have the administrators of {whose} enable {region} for it, which activates STS there (AWS console, Account page, AWS Regions)."
        )
    } else {
        format!(
            "Have the administrators of {whose} activate STS in {region}: IAM console, Account settings, Security Token Service (STS), Endpoints."
        )
    };
    let finding = Finding::new(severity, "sts/region-enabled", &region, claim);
    let finding = match role.map(RoleArn::account) {
        Some(own) if account.as_ref() == Some(own) => {
            finding.because("it is the role's account that has to have it on; whether the caller's has does not matter")
        }
        _ => finding,
    };
    finding
        .because("the endpoint in us-east-1 cannot be switched off")
        .cure(Fix::advice(activate))
        .cure(Fix::advice(
            "Or use the endpoint in us-east-1: set AWS_ENDPOINT_URL_STS=https://sts.us-east-1.amazonaws.com.",
        ))
        .not_known()
}

fn duration(view: &View<'_>, role: &RoleFacts, name: &str) -> Finding {
    let asked = lasting(view.selection.duration_seconds);
    let finding =
        Finding::new(Severity::Warning, "assume/duration", name, format!("{name} gives no session of {asked}."));
    let longest = role.detail.known().and_then(|detail| detail.max_session_duration);
    let finding = match longest {
        Some(longest) => finding.because(format!("its MaxSessionDuration is {}", lasting(longest))),
        None => finding,
    };
    finding
        .because("900 to 43200 seconds, at most the role's own limit, and at most 3600 when a role session asks")
        .cure(Fix::advice(format!("Ask for {}.", lasting(longest.unwrap_or(3_600).min(3_600)))))
}

/// What is wrong with the request itself, whoever sends it. A role that does not exist has its own finding.
fn request(view: &View<'_>, kind: RoleKind, arn: &RoleArn) -> Option<Finding> {
    let verdict = view.verdict(Party::Workload, arn)?;
    let cause = verdict.decision.causes.iter().find(|cause| cause.layer == Layer::Request)?.cause.0;
    let role = view.facts.role(kind)?;
    match cause {
        "role_not_found" => None,
        "duration_over_max" | "role_chaining_duration" | "duration_under_min" => {
            let of_live = role.live.known().and_then(|live| live.outcome.as_ref().err());
            let told = of_live.is_some_and(|error| error.kind == ErrorKind::Invalid);
            (!told).then(|| duration(view, role, arn.name()).because(format!("cause: {cause}")))
        }
        _ => Some(
            Finding::new(view.role_severity(kind), "assume/request", arn.name(), verdict.decision.summary.clone())
                .because(format!("cause: {cause}")),
        ),
    }
}

/// Two kinds of evidence against each other: that is itself the finding.
fn disagreement(arn: &RoleArn, verdict: &Verdict) -> Finding {
    let name = arn.name();
    let evaluated = verdict.evaluated.as_ref().map(|decision| decision.summary.clone()).unwrap_or_default();
    if verdict.evaluated.as_ref().is_some_and(|decision| decision.verdict == Answer::Deny) {
        return Finding::new(
            Severity::Warning,
            "assume/disagreement",
            name,
            format!("AWS let you assume {name}, although the policies that were read refuse it."),
        )
        .because(format!("evaluated: {evaluated}"))
        .because("a policy changed less than a minute ago, or rolecall reads one of them wrongly")
        .cure(Fix::advice("Run it again in a minute. If it stays, believe AWS, and report it to the project."));
    }
    Finding::new(
        Severity::Warning,
        "assume/disagreement",
        name,
        format!("AWS refused you {name}, although every policy that could be read allows it."),
    )
    .because(format!("evaluated: {evaluated}"))
    .because("left are a service control policy, a resource control policy, an endpoint policy, or a change younger than a minute")
    .cure(Fix::advice("Run it again in a minute; then ask whoever runs the organization for policies that deny sts:AssumeRole."))
}

#[cfg(test)]
mod tests;
