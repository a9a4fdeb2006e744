//! Actions that the set is not meant to allow.
//!
//! Source: IAM User Guide, "Security best practices in IAM": grant least privilege.

use super::super::open::pages::LEAST_PRIVILEGE;
use super::set::{Found, Left, Set, is_of_a_service};
use super::{GrantKind, GrantLint};
use crate::policy::decision::Effect;
use crate::policy::explain::listed;
use crate::policy::pattern::Glob;
use crate::values::text::counted;

pub(super) fn lint(set: &Set<'_>, meant: &[String]) -> Vec<GrantLint> {
    let meant: Vec<Glob> = meant.iter().map(|one| Glob::new(&one.to_ascii_lowercase())).collect();
    let is_meant = |action: &str| {
        let action = Glob::new(&action.to_ascii_lowercase());
        meant.iter().any(|one| one.covers(&action))
    };
    let places = set.all(Effect::Allow);
    let found = places.filter_map(|place| {
        let beyond = place.statement.listed_actions().enumerate();
        let beyond = beyond.filter(|(_, action)| is_of_a_service(action) && !is_meant(action));
        let actions: Vec<String> = beyond
            .filter(|(index, _)| set.left(&place, *index) != Left::Nothing)
            .map(|(_, action)| action.to_owned())
            .collect();
        (!actions.is_empty()).then(|| {
            let what = format!(
                "allows {} that the set is not meant to: {}",
                counted(actions.len(), "action"),
                listed(&actions)
            );
            let cure = "Take them out, or list what of them is needed.".into();
            let (rule, kind, page) = ("action_not_meant", GrantKind::WiderThanNeeded, LEAST_PRIVILEGE);
            set.of_statement(&place, Found { rule, kind, what, actions, cure, page })
        })
    });
    found.collect()
}
