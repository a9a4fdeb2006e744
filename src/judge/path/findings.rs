//! What a diagnosis comes to, as findings: one per hop first, then what stands beside it.

use super::{beside, credentials, is_asked_about, mfa, tried};
use crate::judge::cure;
use crate::judge::view::{View, evidence};
use crate::model::finding::Fix;
use crate::model::verdict::Party;
use crate::model::{Finding, Severity, Verdict};
use crate::policy::{Answer, Leaning};
use crate::values::{PrincipalArn, RoleArn};

pub(in super::super) fn judge(view: &View<'_>, verdicts: &[Verdict]) -> Vec<Finding> {
    let Some(inquiry) = &view.selection.inquiry else { return Vec::new() };
    let mut findings: Vec<Finding> = verdicts
        .iter()
        .filter(|verdict| !credentials::are_blamed(verdict) || view.identity().is_some())
        .map(|verdict| hop(is_asked_about(view.facts, inquiry, verdict.party), verdict))
        .collect();
    findings.extend(verdicts.iter().filter(|verdict| verdict.disagreement).map(disagreement));
    findings.extend(beside::inspectors(view, inquiry));
    findings.extend(beside::ecs_tasks(view, verdicts));
    findings.extend(mfa::finding(&view.facts.path, verdicts));
    for (index, (wanted, facts)) in inquiry.hops.iter().zip(&view.facts.path.hops).enumerate() {
        findings.extend(beside::another_role(wanted, facts));
        findings.extend(beside::another_path(wanted, facts));
        let of_hop = verdicts
            .iter()
            .filter(|verdict| verdict.hop == index && is_asked_about(view.facts, inquiry, verdict.party));
        findings.extend(of_hop.flat_map(beside::too_open));
        findings.extend(tried::experiments(wanted, facts));
        findings.extend(tried::session_life(view, wanted, inquiry.keeps, facts));
        findings.extend(tried::probes(wanted, facts));
    }
    findings
}

/// The role's name, or what was given for it.
pub(in super::super) fn name(role_arn: &str) -> String {
    RoleArn::parse(role_arn).map_or_else(|_| role_arn.to_owned(), |role| role.name().to_owned())
}

fn who(verdict: &Verdict) -> String {
    let principal = verdict.principal.as_deref().and_then(|arn| PrincipalArn::parse(arn).ok());
    principal.map_or_else(|| "the caller".into(), |arn| arn.short())
}

/// The verdict on one hop. What the diagnosis was not asked about is only worth knowing.
fn hop(asked: bool, verdict: &Verdict) -> Finding {
    let decision = &verdict.decision;
    let (id, severity) = match (decision.verdict, decision.leaning) {
        (Answer::Allow, _) => ("hop/allowed", Severity::Ok),
        (Answer::Deny, _) => ("hop/denied", if asked { Severity::Error } else { Severity::Info }),
        (Answer::Unknown, Some(Leaning::Allow)) => ("hop/unknown", Severity::Info),
        (Answer::Unknown, _) => ("hop/unknown", if asked { Severity::Warning } else { Severity::Info }),
    };
    let mut finding = Finding::new(severity, id, name(&verdict.role_arn), decision.summary.clone()).because(format!(
        "{}, {}",
        who(verdict),
        verdict.party.word()
    ));
    if decision.verdict == Answer::Deny {
        finding = finding.because(format!("cause: {}", decision.cause.0));
    }
    if verdict.party == Party::Operator && !asked {
        finding = finding.because("in production the named principal calls, and no person");
    }
    finding.unknown = decision.verdict == Answer::Unknown;
    finding = live(finding, verdict);
    let steps = verdict.cure.iter().flat_map(|cure| cure::steps(cure, |_| true, cure.proof().unwrap_or_default()));
    finding = steps.fold(finding, Finding::cure);
    // What an open verdict waits for stands among the next steps already.
    let settled =
        decision.verdict == Answer::Deny || decision.unknowns.is_empty() || decision.cause.0 == "recently_changed";
    let nobodys = verdict.cure.as_ref().filter(|_| settled).and_then(|cure| cure.no_fix.as_ref());
    if let Some(no_fix) = nobodys {
        finding = finding.cure(Fix::advice(format!("{} ({})", no_fix.next_step, no_fix.owner)));
    }
    verdict.next.iter().cloned().fold(finding, Finding::cure)
}

fn live(finding: Finding, verdict: &Verdict) -> Finding {
    let Some(live) = &verdict.live else {
        return match verdict.party {
            Party::Operator => finding.because("no live call: the hop before gave no session"),
            Party::Workload => finding.because("evaluated from its policies; only itself could make the call"),
        };
    };
    let finding = match &live.outcome {
        Ok(until) => finding.because(format!("AWS gave a session until {}", until.strftime("%F %T UTC"))),
        Err(error) => evidence(finding, error),
    };
    finding.because(format!("session name {}, to find the call in CloudTrail", live.session_name))
}

fn disagreement(verdict: &Verdict) -> Finding {
    let role = name(&verdict.role_arn);
    let evaluated = verdict.evaluated.as_ref().map(|decision| decision.summary.clone()).unwrap_or_default();
    let let_in = verdict.live.as_ref().is_some_and(|live| live.outcome.is_ok());
    let (claim, left, cure) = if let_in {
        (
            format!("AWS let {} into {role}, although the policies that were read refuse it.", who(verdict)),
            "a policy changed less than a minute ago, or rolecall reads one of them wrongly",
            "Run it again in a minute. If it stays, believe AWS, and report it to the project.",
        )
    } else {
        (
            format!(
                "AWS refused {} the role {role}, although every policy that could be read allows it.",
                who(verdict)
            ),
            "left are a service control policy, a resource control policy, an endpoint policy, or a change younger than a minute",
            "Run it again in a minute; then ask whoever runs the organization for policies that deny sts:AssumeRole.",
        )
    };
    Finding::new(Severity::Warning, "hop/disagreement", role, claim)
        .because(format!("evaluated: {evaluated}"))
        .because(left)
        .cure(Fix::advice(cure))
}
