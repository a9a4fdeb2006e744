//! Actions of services that there are not.
//!
//! Sources: Service Authorization Reference; IAM User Guide, "IAM policy validation check reference", `INVALID_SERVICE_IN_ACTION`: the prefix of
//! an action must be that of a service. IAM stores such a policy all the same (seed row S4-07: nine `efs:` actions that never granted anything).

use super::super::open::pages::PREFIXES;
use super::set::{Found, Place, Set, prefix};
use super::{GrantKind, GrantLint};
use crate::policy::decision::Effect;
use crate::policy::explain::listed;
use crate::policy::service;
use crate::values::text::counted;

pub(super) fn lint(set: &Set<'_>) -> Vec<GrantLint> {
    let places = set.all(Effect::Allow).chain(set.all(Effect::Deny));
    places
        .flat_map(|place| of_statement(&place).into_iter().map(move |found| set.of_statement(&place, found)))
        .collect()
}

/// One finding for each prefix.
fn of_statement(place: &Place<'_>) -> Vec<Found> {
    let mut strange: Vec<(String, Vec<String>)> = Vec::new();
    for action in place.statement.listed_actions() {
        let Some(prefix) = prefix(action).filter(|prefix| !service::is_known(prefix)) else { continue };
        let lower = prefix.to_ascii_lowercase();
        match strange.iter_mut().find(|(known, _)| *known == lower) {
            Some((_, actions)) => actions.push(action.to_owned()),
            None => strange.push((lower, vec![action.to_owned()])),
        }
    }
    strange.into_iter().map(|(prefix, actions)| found(place, &prefix, actions)).collect()
}

fn found(place: &Place<'_>, prefix: &str, actions: Vec<String>) -> Found {
    let (verb, nothing) = match place.statement.effect {
        Effect::Allow => ("allows", "grants nothing"),
        Effect::Deny => ("denies", "forbids nothing"),
    };
    let (why, cure) = match service::meant(prefix) {
        Some(meant) => (
            format!("the prefix of that service is {meant}, and what is written {nothing}"),
            format!(
                "Write {meant}: in place of {prefix}:, with the names that the actions have there, which may differ; take out what is allowed under {meant}: already."
            ),
        ),
        None => (
            format!("unless AWS has added it since, what is written {nothing}"),
            "Look the prefix up in the Service Authorization Reference, and write that of the service that is meant."
                .into(),
        ),
    };
    Found {
        rule: "unknown_service",
        kind: GrantKind::Dead,
        what: format!(
            "{verb} {} with {prefix}:, which is no service prefix that rolecall knows (list of {}): {why} ({})",
            counted(actions.len(), "action"),
            service::as_of(),
            listed(&actions)
        ),
        actions,
        cure,
        page: PREFIXES,
    }
}
