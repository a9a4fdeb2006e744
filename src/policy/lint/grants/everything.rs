//! Allows that list what they leave out, or leave out nothing.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: NotAction", "… NotResource" and "Security best practices in IAM": grant least privilege.

use super::super::open::pages::{LEAST_PRIVILEGE, NOT_ACTION, NOT_RESOURCE};
use super::set::{Found, Left, Place, Set, apart};
use super::{GrantKind, GrantLint};
use crate::policy::decision::Effect;

pub(super) fn lint(set: &Set<'_>) -> Vec<GrantLint> {
    let found = |place: &Place<'_>| [every_action(set, place), not_action(place), not_resource(place)];
    let places = set.all(Effect::Allow);
    places
        .flat_map(|place| found(&place).into_iter().flatten().map(move |found| set.of_statement(&place, found)))
        .collect()
}

/// Whether an action stands for those of all services.
pub(super) fn is_every_action(action: &str) -> bool {
    let plain = action.strip_prefix("*:").unwrap_or(action);
    !plain.is_empty() && plain.chars().all(|c| c == '*')
}

fn every_action(set: &Set<'_>, place: &Place<'_>) -> Option<Found> {
    let (index, written) = place.statement.listed_actions().enumerate().find(|(_, action)| is_every_action(action))?;
    let left = set.left(place, index);
    if left == Left::Nothing {
        return None;
    }
    let on = match place.statement.listed_resources().any(|resource| resource == "*") {
        true => "on everything: its principal is an administrator",
        false => "on its resources",
    };
    let within = if place.statement.conditions().is_empty() { "" } else { ", within its conditions" };
    Some(Found {
        rule: "every_action",
        kind: GrantKind::WiderThanNeeded,
        what: format!("allows every action of every service {on}{within}{}", apart(&[left])),
        actions: vec![written.to_owned()],
        cure: "List the actions that are needed.".into(),
        page: LEAST_PRIVILEGE,
    })
}

fn not_action(place: &Place<'_>) -> Option<Found> {
    place.statement.has_not_action().then(|| Found {
        rule: "not_action",
        kind: GrantKind::WiderThanNeeded,
        what: "allows with NotAction: every action that it does not list, also of services that AWS adds later".into(),
        actions: Vec::new(),
        cure: "List the actions that are needed under Action, and use NotAction only to deny.".into(),
        page: NOT_ACTION,
    })
}

fn not_resource(place: &Place<'_>) -> Option<Found> {
    place.statement.has_not_resource().then(|| Found {
        rule: "not_resource",
        kind: GrantKind::WiderThanNeeded,
        what: "allows with NotResource: on everything that it does not list, also what is made later".into(),
        actions: place.statement.listed_actions().map(str::to_owned).collect(),
        cure: "List the resources that are meant under Resource, and use NotResource only to deny.".into(),
        page: NOT_RESOURCE,
    })
}
