//! What a world file must get right beyond its shape, so that a mistake is told at loading and not by the first call.

use std::collections::BTreeMap;

use serde_json::Value;

use super::expectation::PolicyEdit;
use super::iam::Inline;
use super::{Account, Description};
use crate::policy::Policy;
use crate::sandbox::state::managed_in;
use crate::values::{AccountId, PrincipalArn};

/// Checks account ids, every policy document, and every reference to a managed policy or a group.
///
/// # Errors
/// A sentence about the first mistake.
pub(in crate::sandbox) fn check(description: &Description) -> Result<(), String> {
    let accounts = &description.accounts;
    for (id, account) in accounts {
        if id != "aws" && AccountId::parse(id).is_none() {
            return Err(format!("`{id}` is not an AWS account id"));
        }
        check_account(accounts, account)?;
    }
    description.fixes.iter().flat_map(|fix| &fix.edits).try_for_each(|edit| edited(accounts, edit))
}

/// Each edit is of a role or user that there is, and only a role has a trust policy.
fn edited(accounts: &BTreeMap<String, Account>, edit: &PolicyEdit) -> Result<(), String> {
    let missing = || format!("a fix edits `{}`, which is no role or user of this world", edit.of);
    let of = PrincipalArn::parse(&edit.of).map_err(|_| missing())?;
    let account = accounts.get(of.account().as_str()).ok_or_else(missing)?;
    let there = match &of {
        PrincipalArn::User { name, .. } if edit.trust.is_some() => {
            return Err(format!("a fix gives user/{name} a trust policy, which only roles have"));
        }
        PrincipalArn::User { name, .. } => account.users.contains_key(name),
        PrincipalArn::Role(role) => account.roles.contains_key(role.name()),
        _ => false,
    };
    if !there {
        return Err(missing());
    }
    let trust = edit.trust.iter().map(|text| ("trust", text));
    let mut documents = trust.chain(edit.inline.iter().map(|(name, text)| (name.as_str(), text)));
    documents.try_for_each(|(name, text)| document(&format!("a fix's {name} of {}", edit.of), text))
}

fn check_account(accounts: &BTreeMap<String, Account>, account: &Account) -> Result<(), String> {
    for (name, policy) in &account.policies {
        for (version, text) in &policy.versions {
            document(&format!("{version} of policy/{name}"), text)?;
        }
        if !policy.versions.contains_key(&policy.default_version) {
            return Err(format!("policy/{name} has no version `{}`", policy.default_version));
        }
    }
    for (name, role) in &account.roles {
        let who = format!("role/{name}");
        document(&format!("trust of {who}"), &role.trust)?;
        grants(accounts, &who, &role.inline, role.attached.iter().chain(&role.boundary))?;
    }
    for (name, group) in &account.groups {
        grants(accounts, &format!("group/{name}"), &group.inline, group.attached.iter())?;
    }
    for (name, user) in &account.users {
        grants(accounts, &format!("user/{name}"), &user.inline, user.attached.iter().chain(&user.boundary))?;
        if let Some(group) = user.groups.iter().find(|group| !account.groups.contains_key(*group)) {
            return Err(format!("user/{name} is in group `{group}`, which does not exist"));
        }
    }
    Ok(())
}

fn grants<'a>(
    accounts: &BTreeMap<String, Account>,
    who: &str,
    inline: &Inline,
    mut attached: impl Iterator<Item = &'a String>,
) -> Result<(), String> {
    for (name, text) in inline {
        document(&format!("policy {name} of {who}"), text)?;
    }
    match attached.find(|arn| managed_in(accounts, arn).is_none()) {
        Some(arn) => Err(format!("{who} refers to `{arn}`, which does not exist")),
        None => Ok(()),
    }
}

fn document(place: &str, text: &Value) -> Result<(), String> {
    Policy::from_json(text).map(drop).map_err(|error| format!("{place}: {error}"))
}
