//! What stands beside the verdicts: who reads, what was read by mistake, who starts the workload, who else is let in.

use std::collections::{BTreeMap, BTreeSet};

use super::findings::name;
use super::{question, service};
use crate::judge::view::{View, unanswered};
use crate::model::facts::{CallerIdentity, HopFacts};
use crate::model::finding::Fix;
use crate::model::verdict::Party;
use crate::model::{Fact, Finding, Hop, Inquiry, Severity, Verdict};
use crate::policy::lint::{TooOpen, Weight, openness};
use crate::policy::{Answer, Leaning};
use crate::values::AccountId;

/// An inspector whose credentials do not work, or that reads no account of the path.
pub(super) fn inspectors(view: &View<'_>, inquiry: &Inquiry) -> Vec<Finding> {
    let own = view.identity().map(|identity| &identity.account);
    inspectors_of(&view.facts.path.inspectors, &[inquiry], own, "this path")
}

/// As [`inspectors`], of several paths: `what` names them, `own` is the account that the operator's own credentials read.
pub(in crate::judge) fn inspectors_of(
    named: &BTreeMap<String, Fact<CallerIdentity>>,
    inquiries: &[&Inquiry],
    own: Option<&AccountId>,
    what: &str,
) -> Vec<Finding> {
    if named.is_empty() {
        return Vec::new();
    }
    let roles = inquiries.iter().flat_map(|inquiry| &inquiry.hops).filter_map(Hop::role);
    let mut accounts: BTreeSet<_> = roles.map(|role| role.account().clone()).collect();
    let principals = inquiries.iter().filter_map(|inquiry| inquiry.principal.as_ref());
    accounts.extend(principals.map(|principal| principal.account().clone()));
    let read: BTreeSet<_> = named.values().filter_map(Fact::known).map(|who| &who.account).chain(own).collect();
    let is_all_read = accounts.iter().all(|account| read.contains(account));
    named
        .iter()
        .filter_map(|(profile, who)| match who.known() {
            Some(who) if accounts.contains(&who.account) => None,
            Some(who) => {
                let account = who.account.grouped();
                let claim = format!("AWS profile {profile} reads account {account}, where nothing of {what} is.");
                // One too many is no trouble where nothing is left for another to read.
                let severity = if is_all_read { Severity::Info } else { Severity::Warning };
                let finding = Finding::new(severity, "hop/inspector", profile, claim)
                    .because("IAM answers for the account of whoever asks");
                let cure = Fix::advice("Name an AWS profile of the role's own account with --inspector.");
                Some(if is_all_read { finding } else { finding.cure(cure) })
            }
            None => unanswered(who, "hop/inspector", profile, &format!("What AWS profile {profile} could read")),
        })
        .collect()
}

/// GetRole takes a name: what it told is of a role of another account.
pub(super) fn another_role(wanted: &Hop, facts: &HopFacts) -> Option<Finding> {
    let other = question::another(wanted, facts)?;
    let role = name(&wanted.role_arn);
    Some(
        Finding::new(
            Severity::Warning,
            "hop/same-name-role",
            &role,
            format!("What {} can read is another role named {role}.", facts.read_by),
        )
        .because(format!("asked for {}", wanted.role_arn))
        .because(format!("iam:GetRole answered for {other}"))
        .cure(Fix::advice(
            "Name an AWS profile of the role's own account with --inspector; until then its trust policy is not known.",
        )),
    )
}

/// The role of that name has another path: the ARN that was given names none.
pub(super) fn another_path(wanted: &Hop, facts: &HopFacts) -> Option<Finding> {
    let (asked, told) = (wanted.role()?, &facts.detail.known()?.arn);
    let is_namesake = asked.account() == told.account() && asked.partition() == told.partition() && asked != *told;
    let claim = format!("The role named {} is {told}.", asked.name());
    is_namesake.then(|| {
        Finding::new(Severity::Warning, "hop/same-name-role", asked.name(), claim)
            .because(format!("asked for {asked}"))
            .because("within an account a name is given once, whatever its path; sts:AssumeRole takes the whole ARN")
            .cure(Fix::advice(format!("Give {told}, if that is the role that is meant.")))
    })
}

/// An ECS task role that ECS may not start tasks with, or whether it may.
pub(super) fn ecs_tasks(view: &View<'_>, verdicts: &[Verdict]) -> Option<Finding> {
    verdicts.iter().find(|verdict| verdict.party == Party::Workload && verdict.hop == 0)?;
    let detail = view.facts.path.workload.role.known()?;
    let trust = serde_json::from_str(&detail.trust_text).ok()?;
    let is_webhooks = view.facts.workload.arn.known() == view.selection.inquiry.as_ref()?.principal.as_ref();
    let role = detail.arn.name();
    if service::lets_in(&trust, service::ECS_TASKS) {
        let claim = format!("ECS may start tasks with {role}.");
        return Some(
            Finding::new(Severity::Ok, "hop/ecs-tasks", role, claim)
                .because(format!("its trust policy lets {} in", service::ECS_TASKS)),
        );
    }
    let service = service::is_a_services(&trust);
    (is_webhooks || service).then(|| {
        Finding::new(
            if is_webhooks { Severity::Error } else { Severity::Info },
            "hop/ecs-tasks",
            role,
            format!("ECS cannot start tasks with {role}: its trust policy does not let {} in.", service::ECS_TASKS),
        )
        .because("an ECS task role must trust the service that starts its tasks")
        .cure(Fix::advice(format!("If {role} is an ECS task role, let {} assume it.", service::ECS_TASKS)))
    })
}

/// What is let in beyond what is meant, where the path itself is open.
pub(super) fn too_open(verdict: &Verdict) -> Vec<Finding> {
    let open = verdict.decision.verdict == Answer::Allow || verdict.decision.leaning == Some(Leaning::Allow);
    let case = verdict.case.as_deref().filter(|_| open);
    case.into_iter().flat_map(openness).map(|open| of(verdict, &open)).collect()
}

fn of(verdict: &Verdict, open: &TooOpen) -> Finding {
    let severity = match open.weight {
        Weight::Warning => Severity::Warning,
        Weight::Info => Severity::Info,
    };
    Finding::new(severity, "hop/too-open", name(&verdict.role_arn), open.what.clone())
        .because("the path is allowed; this is about who else is")
        .because(format!("AWS: {}", open.page))
        .cure(Fix::advice(open.cure))
}
