//! Credentials and who they are: the first thing that must hold.

use super::view::{View, unanswered};
use crate::model::facts::SourceEntry;
use crate::model::finding::Fix;
use crate::model::selection::CredentialSource;
use crate::model::{Fact, Finding, Severity};
use crate::values::text::counted;
use crate::values::{PrincipalArn, shell};

/// The finding that accounts do not belong together.
pub const MIXED_ACCOUNTS: &str = "identity/account";

mod accounts;
mod clock;
mod fault;

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = accounts::judge(view).into_iter().collect();
    findings.extend(clock::judge(view));
    if view.facts.credentials.error().is_some() {
        if unreadable_files(view) {
            // `machine/aws-files` says it: what the files would name is not known.
            return findings;
        }
        if view.facts.sources.known().is_some_and(Vec::is_empty) {
            findings.push(fault::no_credentials(view, None));
            return findings;
        }
    }
    if let Some(missing) = profile_not_found(view) {
        findings.push(missing);
        return findings;
    }
    let failed = match &view.facts.credentials {
        Fact::Absent => Some(fault::no_credentials(view, None)),
        Fact::Denied { error, .. } | Fact::Failed(error) => fault::judge(view, error),
        _ => view.facts.identity.error().and_then(|error| fault::judge(view, error)),
    };
    // Where the dates tell how far the clock is off, that AWS refused for it says no more.
    let told = |failed: &Finding| {
        findings.iter().any(|finding| finding.id == failed.id && finding.severity == failed.severity)
    };
    let failed = failed.filter(|failed| !told(failed));
    findings.extend(failed);
    if let Some(identity) = view.identity() {
        findings.push(caller(view));
        if matches!(identity.arn, PrincipalArn::Root { .. }) {
            findings.push(root());
        }
        findings.extend(soon_over(view));
        findings.extend(own_policies(view, &identity.arn.short()));
    }
    findings
}

fn unreadable_files(view: &View<'_>) -> bool {
    view.facts.machine.known().is_some_and(|machine| !machine.aws_file_faults.is_empty())
}

fn chosen<'a>(view: &View<'a>) -> Option<&'a SourceEntry> {
    let source = view.selection.source.as_ref()?;
    view.facts.sources.known()?.iter().find(|entry| &entry.source == source)
}

fn profile_not_found(view: &View<'_>) -> Option<Finding> {
    let Some(CredentialSource::Profile(name)) = &view.selection.source else { return None };
    let entries = view.facts.sources.known()?;
    if chosen(view).is_some() || view.facts.credentials.known().is_some() {
        return None;
    }
    let known: Vec<String> = entries
        .iter()
        .filter_map(|entry| match &entry.source {
            CredentialSource::Profile(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    let there = if known.is_empty() {
        "the two files name no AWS profile".into()
    } else {
        format!("there are: {}", known.join(", "))
    };
    Some(
        Finding::new(
            Severity::Error,
            "identity/profile-not-found",
            name,
            format!("There is no AWS profile {name} in ~/.aws/config or ~/.aws/credentials."),
        )
        .because(there)
        .because(
            "an AWS profile is a section of ~/.aws/config or ~/.aws/credentials; a config profile is something else",
        )
        .cure(Fix::advice("Choose one that is there with `--aws-profile`."))
        .cure(Fix::command("Or make it.", shell::command(["aws", "configure", "--profile", name]))),
    )
}

fn caller(view: &View<'_>) -> Finding {
    let facts = view.facts;
    let (account, who) = view.identity().map(|who| (who.account.grouped(), who.arn.short())).unwrap_or_default();
    let mut finding = Finding::new(
        Severity::Ok,
        "identity/caller",
        &who,
        format!("You are {who} of account {account}, by {}.", view.source_words()),
    );
    if let Some(identity) = view.identity() {
        finding = finding.because(identity.arn.to_string());
    }
    if let Some(credentials) = facts.credentials.known() {
        finding = finding.because(format!("region {}, from {}", credentials.region, credentials.region_from));
    }
    finding
}

fn root() -> Finding {
    Finding::new(
        Severity::Warning,
        "identity/root",
        "root",
        "These are the credentials of the account's root user, which AWS lets assume no role.",
    )
    .because("sts:AssumeRole answers \"Roles may not be assumed by root accounts\"")
    .cure(Fix::advice("Use an IAM user or a role, and delete the root user's access keys."))
}

/// Policies and boundary are looked up apart; one finding says that either is missing.
fn own_policies(view: &View<'_>, who: &str) -> Option<Finding> {
    let operator = &view.facts.operator;
    unanswered(&operator.policies, "identity/policies", who, &format!("What {who} is allowed")).or_else(|| {
        unanswered(&operator.boundary, "identity/policies", who, &format!("Whether {who} has a permissions boundary"))
    })
}

/// Shorter than the longest walk: 15 minutes, which is also the shortest session AWS gives.
const SOON_SECONDS: i64 = 900;

fn soon_over(view: &View<'_>) -> Option<Finding> {
    let expires = view.facts.credentials.known()?.expires?;
    let left = expires.duration_since(view.facts.observed_at).as_secs();
    (0..SOON_SECONDS).contains(&left).then(|| {
        let source = view.source_words();
        let minutes = counted(left / 60, "minute");
        Finding::new(Severity::Info, "identity/expires-soon", &source, format!("The session ends in {minutes}."))
            .because(format!("{source}, until {}", expires.strftime("%F %T UTC")))
            .cure(Fix::advice("Renew it before you write anything."))
    })
}

#[cfg(test)]
mod tests;
