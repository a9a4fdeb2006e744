//! Accounts that do not belong together.

use super::super::view::View;
use crate::model::finding::Fix;
use crate::model::{Finding, Severity};
use crate::values::{AccountId, Arn};

/// Where else an account is named, and which.
fn named_accounts(view: &View<'_>) -> Vec<(String, AccountId)> {
    let of = |arn: &str| Arn::parse(arn).ok().and_then(|arn| AccountId::parse(&arn.account));
    let config = |path: &[&str]| view.config_text(path).map(str::to_owned);
    let stack = view.stack_arn().map(|arn| (format!("stack {}", arn.name()), arn.account().clone()));
    let places = [
        ("quilt.stackArn of config.json", config(&["quilt", "stackArn"]).and_then(|arn| of(&arn))),
        ("benchling.secretArn of config.json", config(&["benchling", "secretArn"]).and_then(|arn| of(&arn))),
        ("deployment.account of config.json", config(&["deployment", "account"]).and_then(|id| AccountId::parse(&id))),
        ("the secret", view.facts.secret.known().and_then(|secret| of(&secret.arn))),
    ];
    let others = places.into_iter().filter_map(|(what, account)| Some((what.to_owned(), account?)));
    stack.into_iter().chain(others).collect()
}

/// Every place that names another account than the caller's: what is read and written would not belong together.
pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let Some(identity) = view.identity() else { return Vec::new() };
    named_accounts(view)
        .into_iter()
        .filter(|(_, account)| account != &identity.account)
        .map(|(what, account)| {
            let claim = format!(
                "You are in account {}, but {what} names account {}.",
                identity.account.grouped(),
                account.grouped()
            );
            Finding::new(Severity::Error, "identity/account", &what, claim)
                .because("stack, secret and config profile must be of one account, or data goes to the wrong one")
                .cure(Fix::advice(other_profile(view, &account)))
        })
        .collect()
}

fn other_profile(view: &View<'_>, account: &AccountId) -> String {
    let entries = view.facts.sources.known().map(Vec::as_slice).unwrap_or_default();
    let of_account = entries.iter().find(|entry| entry.account.as_ref() == Some(account));
    match of_account {
        Some(entry) => format!("AWS profile {} is of account {account}: choose it.", entry.source.label()),
        None => format!("Choose an AWS profile of account {account}, or correct the place that names it."),
    }
}
