//! What a world file must get right beyond its shape, so that a mistake is told at loading and not by the first call.

use std::collections::BTreeMap;

use serde_json::Value;

use super::diagnosis;
use super::expectation::{ChosenPath, PolicyEdit};
use super::iam::Inline;
use super::session::StartingSession;
use super::{Account, Description};
use crate::model::verdict::Party;
use crate::policy::Policy;
use crate::sandbox::state::managed_in;
use crate::values::{AccountId, PrincipalArn};

/// The region whose STS cannot be switched off (IAM User Guide, "Manage AWS STS in an AWS Region").
const ALWAYS_ON: &str = "us-east-1";

/// Checks account ids, every policy document, every reference to a managed policy, a group, a role or a user, and what is
/// stated of the path.
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
        organized(id, account)?;
    }
    one_bucket_each(accounts)?;
    description.sessions.iter().try_for_each(|session| belongs(accounts, session))?;
    description.fixes.iter().flat_map(|fix| &fix.edits).try_for_each(|edit| edited(accounts, edit))?;
    let path = description.selection.path.as_ref().map(ChosenPath::inquiry).transpose()?;
    let stated = &description.diagnosis;
    if description.selection.system.is_some() {
        // How many hops its path has, and who walks them, follows from settings that are read later: each hop is stated for those it is stated for.
        let hops = stated.iter().map(|one| one.hop + 1).max().unwrap_or(0);
        return diagnosis::check(stated, hops, stated.iter().any(|one| one.party == Party::Workload));
    }
    let hops = path.as_ref().map_or(0, |path| path.hops.len());
    diagnosis::check(stated, hops, path.is_some_and(|path| path.principal.is_some()))
}

/// Policies of the organization, and the regions in which STS is off: everywhere but where it cannot be.
fn organized(id: &str, account: &Account) -> Result<(), String> {
    for (kind, levels) in [("SCP", &account.scps), ("RCP", &account.rcps)] {
        for level in levels {
            for (name, text) in &level.policies {
                document(&format!("{kind} {name} of {}", level.target), text)?;
            }
        }
    }
    if account.sts_regions_off.contains(ALWAYS_ON) {
        return Err(format!("account {id} has STS switched off in {ALWAYS_ON}, where AWS does not let anybody"));
    }
    Ok(())
}

/// "Bucket names are unique across all AWS accounts" of a partition.
fn one_bucket_each(accounts: &BTreeMap<String, Account>) -> Result<(), String> {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for (id, account) in accounts {
        for name in account.regions.values().flat_map(|region| region.buckets.keys()) {
            if let Some(other) = owners.insert(name, id) {
                return Err(format!("bucket {name} is there twice, in account {other} and in account {id}"));
            }
        }
    }
    Ok(())
}

/// A session is of one role or user that there is.
fn belongs(accounts: &BTreeMap<String, Account>, session: &StartingSession) -> Result<(), String> {
    let id = &session.access_key_id;
    let of = match (&session.role, &session.user) {
        (Some(role), None) => role,
        (None, Some(user)) => user,
        _ => return Err(format!("session {id} is of one role or of one user")),
    };
    let missing = || format!("session {id} is of `{of}`, which is no role or user of this world");
    let arn = PrincipalArn::parse(of).map_err(|_| missing())?;
    let account = accounts.get(arn.account().as_str()).ok_or_else(missing)?;
    match (&arn, &session.session_name) {
        (PrincipalArn::Role(role), Some(_)) if account.roles.contains_key(role.name()) => {}
        (PrincipalArn::User { name, .. }, None) if account.users.contains_key(name) => {}
        (PrincipalArn::Role(role), None) if account.roles.contains_key(role.name()) => {
            return Err(format!("session {id} of a role needs a session_name"));
        }
        (PrincipalArn::User { name, .. }, Some(_)) if account.users.contains_key(name) => {
            return Err(format!("session {id} of a user has no session_name"));
        }
        _ => return Err(missing()),
    }
    if session.mfa.is_some() && session.user.is_none() {
        return Err(format!("session {id} is of a role: only a user gives an MFA code"));
    }
    session.policy.iter().try_for_each(|text| document(&format!("session policy of {id}"), text))
}

/// Each edit is of a role, user or managed policy that there is, and only a role has a trust policy.
fn edited(accounts: &BTreeMap<String, Account>, edit: &PolicyEdit) -> Result<(), String> {
    if let Some(text) = &edit.document {
        return match managed_in(accounts, &edit.of) {
            Some(_) if edit.trust.is_none() && edit.inline.is_empty() => {
                document(&format!("a fix's {}", edit.of), text)
            }
            Some(_) => Err(format!("a fix gives `{}` policies of a role, which it is not", edit.of)),
            None => Err(format!("a fix edits `{}`, which is no managed policy of this world", edit.of)),
        };
    }
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
        let six = |code: &str| code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit());
        if !user.mfa_devices.iter().filter_map(|device| device.code.as_ref()).all(|code| six(code.0.expose())) {
            return Err(format!("user/{name} has an MFA device whose code is not six digits"));
        }
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
