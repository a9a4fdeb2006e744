//! What a set allows at all.

use super::set::{Left, Set, is_of_a_service};
use crate::policy::case::NamedPolicy;
use crate::policy::decision::Effect;
use crate::policy::pattern::Glob;

/// The action patterns that a set of identity policies allows on some resource, as written and in order, letter case aside.
///
/// Left out are what a wider pattern of the set holds, actions of no service, and what a Deny takes back on every resource. What an Allow with
/// `NotAction` allows is no list and is not in it: the lint `not_action` tells of it.
#[must_use]
pub fn effective_actions(policies: &[NamedPolicy]) -> Vec<String> {
    let set = Set::new(policies);
    let mut all: Vec<(Glob, String)> = Vec::new();
    for place in set.all(Effect::Allow) {
        for (index, written) in place.statement.listed_actions().enumerate() {
            let glob = Glob::new(&written.to_ascii_lowercase());
            let is_new = !all.iter().any(|(known, _)| known.covers(&glob));
            if is_new && is_of_a_service(written) && set.left(&place, index) != Left::Nothing {
                all.retain(|(known, _)| !glob.covers(known));
                all.push((glob, written.to_owned()));
            }
        }
    }
    let mut actions: Vec<String> = all.into_iter().map(|(_, written)| written).collect();
    actions.sort_by_key(|action| action.to_ascii_lowercase());
    actions
}
