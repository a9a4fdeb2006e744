//! Whether the parts of Wave's set-up belong together: registry and role, caller and role.

use super::{registry, role};
use crate::model::finding::Fix;
use crate::model::{Finding, Inquiry, Severity};
use crate::policy::Answer;
use crate::policy::fix::NoFix;
use crate::systems::{PathRow, View};
use crate::values::{PrincipalArn, RoleArn};

const AS_WAVE: &str = "Look with credentials of Wave's own account, by another AWS profile, or name whom Wave runs as: --set service=ARN.";

/// Account, partition and region of the registry against those of the role and of the calls (S1-27).
pub(super) fn registry_fits(view: &View<'_>) -> Option<Finding> {
    let (role, registry) = (role(view.settings)?, registry(view.settings, view.facts)?);
    let account = registry.account.grouped();
    let Some(subject) = view.settings.get("registry") else {
        let host = registry.host_name();
        let claim = format!(
            "No registry is named: what was asked of ECR is about {host}, of the role's account {account}, and about no image."
        );
        let cure = "Name the one that images are pulled from, with the repository: --set registry=HOST/REPOSITORY.";
        return Some(Finding::new(Severity::Info, "wave/registry", host, claim).cure(Fix::advice(cure)));
    };
    let finding = |severity, claim: String| Finding::new(severity, "wave/registry", subject, claim);
    let own = role.account().grouped();
    if registry.partition() != role.partition() {
        let claim = format!(
            "The registry is in partition {}, the role in {}: no session leads from one to the other.",
            registry.partition(),
            role.partition()
        );
        let cure = format!("Name a role of partition {}, or another registry.", registry.partition());
        return Some(finding(Severity::Error, claim).cure(Fix::advice(cure)));
    }
    if registry.account != *role.account() {
        let claim = format!("The registry is of account {account}, the role of account {own}.");
        let cure = format!(
            "Name a role of account {account}; or allow this one the repository in a policy of its own, and have the repository's policy admit it as well: aws ecr set-repository-policy, in account {account}."
        );
        let why = "across accounts both must allow it: a policy of the role, and the repository's";
        return Some(finding(Severity::Warning, claim).because(why).cure(Fix::advice(cure)));
    }
    let here = view.facts.credentials.known().map(|credentials| credentials.region.as_str());
    if let Some(here) = here.filter(|here| *here != registry.region) {
        let claim = format!(
            "The registry is in {}; the role was assumed in {here}. Wave calls STS where the registry is.",
            registry.region
        );
        let cure = format!("To try it where Wave does: --region {}.", registry.region);
        return Some(finding(Severity::Info, claim).cure(Fix::advice(cure)));
    }
    Some(finding(Severity::Ok, format!("Registry and role are both of account {account}, in {}.", registry.region)))
}

/// Where the caller is of the customer's own account, no edit that lets it in is offered: Wave's credentials are its own, and never the
/// customer's (S1-14).
pub(super) fn mistaken(caller: &PrincipalArn, inquiry: &Inquiry) -> Option<NoFix> {
    let role = RoleArn::parse(&inquiry.hops.last()?.role_arn).ok()?;
    (caller.account() == role.account()).then(|| NoFix {
        reason: "The caller is of the customer's account, and Wave calls from its own: letting this caller in lets nobody of Wave's in.".into(),
        owner: "whoever runs Wave".into(),
        next_step: format!("{AS_WAVE} Where Wave does run in this very account, the text trust-policy has the statement for it."),
    })
}

/// Whether the caller is of the role's own account (S1-11, S1-14).
pub(super) fn of_customer(row: &PathRow) -> Option<Finding> {
    let (party, verdict) = row.answer().map(|answer| (answer.party, answer.verdict))?;
    let role = RoleArn::parse(&row.role).ok()?;
    let caller = row.verdicts.iter().find(|verdict| verdict.party == party)?.principal.as_deref()?;
    let caller = PrincipalArn::parse(caller).ok().filter(|caller| caller.account() == role.account())?;
    let (who, account) = (caller.short(), role.account().grouped());
    let finding = |severity, claim: String| Finding::new(severity, "wave/caller-account", &who, claim);
    let finding = match verdict {
        Answer::Allow => {
            let claim = format!(
                "Caller and role are of one account, {account}: nothing was seen of the way from Wave's account to it."
            );
            finding(Severity::Info, claim)
        }
        Answer::Deny | Answer::Unknown => {
            let severity = if verdict == Answer::Deny { Severity::Error } else { Severity::Warning };
            let claim = format!(
                "{who} is of the customer's account, {account}, and Wave calls from an account of its own: this is not the call that Wave makes."
            );
            finding(severity, claim)
        }
    };
    Some(finding.because("Wave calls with its own credentials, never with the customer's").cure(Fix::advice(AS_WAVE)))
}
