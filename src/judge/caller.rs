//! The workload's own side: its policies, boundary and what stands above them.

use super::verdict::{caller_alone, caller_cure};
use super::view::{View, unanswered};
use crate::model::facts::RoleFacts;
use crate::model::finding::Fix;
use crate::model::selection::RoleKind;
use crate::model::verdict::Party;
use crate::model::{Finding, Severity, Verdict};
use crate::policy::{Answer, Decision, Layer, Leaning};
use crate::systems::quilt;
use crate::values::{PrincipalArn, RoleArn};

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let Some(who) = view.facts.workload.arn.known() else { return Vec::new() };
    let mut findings = Vec::new();
    for (kind, role, arn) in view.found_roles() {
        let Some(verdict) = view.verdict(Party::Workload, arn) else { continue };
        findings.extend(policies(view, kind, role, arn, who, verdict));
    }
    findings.extend(unread(view, who));
    findings
}

/// The workload must be allowed `sts:AssumeRole` on this role (S0-14), unless the trust policy of its own account names it directly.
fn policies(
    view: &View<'_>,
    kind: RoleKind,
    role: &RoleFacts,
    arn: &RoleArn,
    who: &PrincipalArn,
    verdict: &Verdict,
) -> Option<Finding> {
    let (name, short) = (arn.name(), who.short());
    if let Some(unknown) =
        unanswered(&view.facts.workload.policies, "caller/may-assume", &short, &format!("What {short} is allowed"))
    {
        // One look-up, one finding: the second role would say the same again.
        return (kind == first_found(view)?).then_some(unknown);
    }
    let decision = caller_alone(view.facts, view.selection, role)?;
    let refused = decision.causes.iter().find(|cause| is_callers(cause.layer));
    Some(match refused {
        None if decision.verdict == Answer::Unknown && !decision.unknowns.is_empty() => unsure(name, &short, &decision),
        None => Finding::new(
            Severity::Ok,
            "caller/may-assume",
            name,
            format!("{short} is allowed to assume {name} by its own policies."),
        ),
        Some(_) if leans_to_allow(&verdict.decision) => Finding::new(
            Severity::Ok,
            "caller/may-assume",
            name,
            format!(
                "{short} needs no permission of its own: the trust policy of {name} names it, in the same account."
            ),
        ),
        Some(cause) if cause.cause.0 == "identity_resource_mismatch" => not_covered(view, kind, arn, who, &decision),
        Some(_) => not_allowed(view, kind, arn, who, &decision),
    })
}

const fn is_callers(layer: Layer) -> bool {
    matches!(layer, Layer::Identity | Layer::Boundary | Layer::Session | Layer::Scp)
}

fn first_found(view: &View<'_>) -> Option<RoleKind> {
    view.found_roles().next().map(|(kind, ..)| kind)
}

fn leans_to_allow(decision: &Decision) -> bool {
    decision.verdict == Answer::Allow
        || (decision.verdict == Answer::Unknown && decision.leaning == Some(Leaning::Allow))
}

/// A pattern or list that does not reach this role: what the specified policy does to real Quilt stacks (C4, S0-29).
fn not_covered(view: &View<'_>, kind: RoleKind, arn: &RoleArn, who: &PrincipalArn, decision: &Decision) -> Finding {
    let (name, short) = (arn.name(), who.short());
    let claim = format!("The policy of {short} covers other roles, not {name}.");
    let finding = Finding::new(view.role_severity(kind), "caller/pattern-covers-role", name, claim);
    let finding = finding.because(&decision.summary);
    let specified = decision.deciding.iter().flat_map(|deciding| &deciding.failed).any(|failed| {
        RoleKind::BOTH.into_iter().any(|kind| failed.expected.iter().any(|text| text == quilt::specified_pattern(kind)))
    });
    let finding = if specified {
        finding.because("that pattern is the specification's; the Quilt template names its roles ReadQuiltV2-… and ReadWriteQuiltV2-…")
    } else {
        finding
    };
    cured(view, arn, who, finding, || format!("Let the policy of {short} allow sts:AssumeRole on exactly {arn}."))
}

/// With the edit that was proven to cure the caller's side, or else with advice.
fn cured(
    view: &View<'_>,
    arn: &RoleArn,
    who: &PrincipalArn,
    finding: Finding,
    advice: impl FnOnce() -> String,
) -> Finding {
    let cure = caller_cure(view.facts, view.selection, arn);
    let proven =
        cure.map(|cure| super::cure::steps(&cure, |fix| !fix.is_of_trust(), "with it, the caller's side allows"));
    let proven = proven.unwrap_or_default();
    if proven.is_empty() {
        return finding.cure(Fix::advice(advice())).cure(Fix::advice(whose(who)));
    }
    proven.into_iter().fold(finding, Finding::cure)
}

fn not_allowed(view: &View<'_>, kind: RoleKind, arn: &RoleArn, who: &PrincipalArn, decision: &Decision) -> Finding {
    let (name, short) = (arn.name(), who.short());
    let layers: Vec<&str> = decision.blocked_by.iter().copied().filter(|layer| is_callers(*layer)).map(words).collect();
    let claim = format!("{short} may not assume {name}: refused by its {}.", layers.join(" and its "));
    let finding = Finding::new(view.role_severity(kind), "caller/may-assume", name, claim);
    let causes = decision.causes.iter().filter(|cause| is_callers(cause.layer)).map(|cause| cause.cause.0);
    let finding =
        finding.because(&decision.summary).because(format!("cause: {}", causes.collect::<Vec<_>>().join(", ")));
    cured(view, arn, who, finding, || format!("Allow {short} the action sts:AssumeRole on exactly {arn}."))
}

const fn words(layer: Layer) -> &'static str {
    match layer {
        Layer::Boundary => "permissions boundary",
        Layer::Session => "session policy",
        Layer::Scp => "organization's service control policy",
        _ => "own policies",
    }
}

fn whose(who: &PrincipalArn) -> String {
    format!(
        "{} belongs to the webhook's deployment: change it there, or the next deployment takes it back.",
        who.short()
    )
}

fn unsure(name: &str, short: &str, decision: &Decision) -> Finding {
    let claim = format!("Whether {short} is allowed to assume {name} is not known.");
    let finding = Finding::new(Severity::Info, "caller/may-assume", name, claim);
    let lines = decision.unknowns.iter().map(|unknown| format!("{}; needs {}", unknown.what, unknown.needs));
    lines.fold(finding, Finding::because).not_known()
}

/// What was not read and might still refuse, once for all roles.
fn unread(view: &View<'_>, who: &PrincipalArn) -> Option<Finding> {
    let allowed =
        view.verdicts.iter().filter(|verdict| verdict.party == Party::Workload).map(|verdict| &verdict.decision);
    let open: Vec<&Decision> =
        allowed.filter(|decision| decision.verdict == Answer::Unknown && leans_to_allow(decision)).collect();
    let mut lines: Vec<String> = Vec::new();
    for unknown in open.iter().flat_map(|decision| &decision.unknowns) {
        let line = format!("{}; needs {}", unknown.what, unknown.needs);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let short = who.short();
    let claim = format!("Everything readable lets {short} in; what was not read could still refuse.");
    (!lines.is_empty()).then(|| {
        let finding = Finding::new(Severity::Info, "caller/unread", &short, claim);
        lines.into_iter().fold(finding, Finding::because).not_known()
    })
}

#[cfg(test)]
mod tests;
