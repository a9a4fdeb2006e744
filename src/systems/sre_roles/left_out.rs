//! What is set and cannot be carried on into a text, and why: nothing is left out without a word. No value is in these sentences.

use super::{SETTINGS, Settings};
use crate::model::facts::SettingsPlace;
use crate::role_set::{ACCOUNT, ARN, Field, NamedRole, Roles};
use crate::values::text::{elide_end, safe};

/// The settings of the single role.
const SINGLE: [&str; 6] = ["role-arn", "account-id", "role-name", "session-name", "duration", "external-id"];

/// Of the JSON file, in which every role is an entry.
pub(super) fn of_document(roles: &Roles, settings: &Settings) -> Vec<String> {
    let mut told = of_entries(roles);
    told.extend(shadowed(roles));
    told.extend(half(roles, settings));
    told.extend(duration(roles));
    told.extend(of_shell(settings));
    told
}

/// Of the environment, whose single variables are those of `default` where there is one: another single role is an entry there.
pub(super) fn of_environment(roles: &Roles, settings: &Settings, default: Option<&NamedRole>) -> Vec<String> {
    let mut told = of_entries(roles);
    if let Some(default) = default {
        if !roles.is_single(&default.name) {
            told.extend(shadowed(roles));
            told.extend(duration(roles));
        }
        told.extend(half(roles, settings));
    }
    told.extend(of_shell(settings));
    told
}

/// What no entry can hold, as the service reads the set.
fn of_entries(roles: &Roles) -> Vec<String> {
    let twice = roles.set.twice.iter().map(|name| {
        format!("Left out: one of two entries {}. The last one is written, which is the one that counts.", short(name))
    });
    let unfit = roles.set.roles.iter().flat_map(|role| {
        role.unfit
            .iter()
            .filter(|(field, _)| is_lost(role, *field))
            .map(|(_, why)| format!("Left out of {}: {why}.", short(&role.name)))
    });
    twice.chain(unfit).collect()
}

/// Whether nothing of a member that does not fit is kept.
const fn is_lost(role: &NamedRole, field: Field) -> bool {
    match field {
        Field::Entry => role.role_arn.is_empty(),
        Field::RoleArn => false,
        Field::AccountId => role.account_id.is_none(),
        Field::SessionName => role.session_name.is_none(),
        Field::Duration => role.duration_seconds.is_none(),
        Field::ExternalId => role.external_id.is_none(),
    }
}

/// An entry that has the name of the single role, which takes its place.
fn shadowed(roles: &Roles) -> Option<String> {
    let single = roles.single.as_ref().filter(|single| roles.set.get(&single.name).is_some())?;
    Some(format!(
        "Left out: the entry {}. The role of {ARN} has that name too, and is the one that counts.",
        short(&single.name)
    ))
}

/// Variables of the single role that make none, since the two that name it do not stand together.
fn half(roles: &Roles, settings: &Settings) -> Option<String> {
    let is_set = |name: &&&str| settings.get(name).is_some();
    let set: Vec<&str> = SINGLE.iter().filter(is_set).filter_map(|name| variable(name)).collect();
    if roles.single.is_some() || set.is_empty() {
        return None;
    }
    let missing = match (set.contains(&ARN), set.contains(&ACCOUNT)) {
        (true, _) => format!("{ACCOUNT} is not set"),
        (false, true) => format!("{ARN} is not set"),
        (false, false) => "neither is set".to_owned(),
    };
    let set = set.join(", ");
    Some(format!("Left out: {set}. They make a role only where {ARN} and {ACCOUNT} stand together, and {missing}."))
}

/// A duration of the single role that is no number, which no entry can hold.
fn duration(roles: &Roles) -> Option<String> {
    let unfit = roles.single.iter().flat_map(|single| &single.unfit);
    let mut unfit = unfit.filter(|(field, _)| *field == Field::Duration);
    unfit.next()?;
    Some(format!("Left out: {}. It is not a whole number of seconds.", variable("duration")?))
}

/// What stands in a file beside the service's own variables and decides for it where those are missing.
fn of_shell(settings: &Settings) -> Vec<String> {
    let told = |(name, own): (&str, &str)| {
        let given = settings.given(name).filter(|_| settings.get(own).is_none())?;
        let is_of_file = matches!(given.place, SettingsPlace::DotEnv(_) | SettingsPlace::File(_));
        let own = variable(own)?;
        is_of_file.then(|| {
            format!("Left out: {}. It is not the service's alone, which has {own} of its own.", safe(&given.name))
        })
    };
    [("shell-region", "region"), ("shell-aws-profile", "aws-profile")].into_iter().filter_map(told).collect()
}

fn variable(name: &str) -> Option<&'static str> {
    SETTINGS.iter().find(|setting| setting.name == name)?.variables.first().copied()
}

fn short(name: &str) -> String {
    safe(&elide_end(name, 40)).into_owned()
}
