//! Which account each part of a set-up belongs to. What is read and written with one account's credentials must not be another's.

use serde_json::Value;

use crate::model::{Facts, Selection};
use crate::systems::quilt;
use crate::values::{AccountId, Arn, StackArn};

/// A part of the set-up and the account it names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// "stack quilt-prod", "deployment.account of config.json".
    pub what: String,
    /// The account.
    pub account: AccountId,
}

/// Every part that names an account, roles apart: a role of another account is a legitimate set-up (S0-10).
#[must_use]
pub fn places(facts: &Facts, selection: &Selection) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut add = |what: String, account: Option<AccountId>| {
        places.extend(account.map(|account| Place { what, account }));
    };
    if let Some(stack) = stack(facts, selection) {
        add(format!("stack {}", stack.name()), Some(stack.account().clone()));
    }
    let secret = facts.secret.known().map(|secret| secret.arn.as_str()).or(selection.secret.as_deref());
    add("the secret".into(), secret.and_then(of_arn));
    let config = config(facts);
    let text = |pointer: &str| config.as_ref()?.pointer(pointer)?.as_str();
    add("quilt.stackArn of config.json".into(), text("/quilt/stackArn").and_then(of_arn));
    add("benchling.secretArn of config.json".into(), text("/benchling/secretArn").and_then(of_arn));
    add("deployment.account of config.json".into(), text("/deployment/account").and_then(AccountId::parse));
    places
}

/// The parts that name another account than the caller's. None while the caller is not known.
#[must_use]
pub fn foreign(facts: &Facts, selection: &Selection) -> Vec<Place> {
    let Some(identity) = facts.identity.known() else { return Vec::new() };
    places(facts, selection).into_iter().filter(|place| place.account != identity.account).collect()
}

/// The chosen stack, when its ARN names another account than the caller's: these credentials cannot read it.
#[must_use]
pub fn stack_elsewhere(facts: &Facts, selection: &Selection) -> Option<StackArn> {
    let identity = facts.identity.known()?;
    stack(facts, selection).filter(|stack| *stack.account() != identity.account)
}

/// The account that the chosen secret's ARN names, when it is another one than the caller's.
#[must_use]
pub fn secret_elsewhere(facts: &Facts, selection: &Selection) -> Option<AccountId> {
    let identity = facts.identity.known()?;
    let own = quilt::own_secret(facts).map(|found| found.value);
    let chosen = selection.secret.clone().or(own)?;
    of_arn(&chosen).filter(|account| *account != identity.account)
}

fn stack(facts: &Facts, selection: &Selection) -> Option<StackArn> {
    let known = facts.stack.known().map(|stack| stack.arn.clone());
    known.or_else(|| StackArn::parse(selection.stack.as_deref()?).ok())
}

fn of_arn(arn: &str) -> Option<AccountId> {
    AccountId::parse(&Arn::parse(arn).ok()?.account)
}

fn config(facts: &Facts) -> Option<Value> {
    serde_json::from_str(facts.config.known()?.text.expose()).ok()
}
