//! The plan: what would be written, worked out from the facts and the user's draft alone. Nothing here writes.
//!
//! First the secret, then the `config.json` that names it. What is there already stays: unknown keys, their order, the spacing of the file. A
//! plan made a second time, after the first was carried out, is empty.

pub mod edit;

pub mod id;

mod answers;
mod config;
mod draft;
mod fields;
mod secret;
mod shown;

pub use answers::Answers;
pub use draft::Draft;
pub use fields::names as config_fields;
pub use id::PlanId;

use crate::model::facts::Facts;
use crate::model::plan::{Change, Plan};
use crate::model::selection::Selection;
use crate::systems::accounts;
use crate::values::text;

/// Works the plan out. What makes it impossible stands in [`Plan::blocked`], all of it at once; trouble with roles never does.
#[must_use]
pub fn plan(facts: &Facts, selection: &Selection, draft: &Draft) -> Plan {
    let account = facts.identity.known().map(|identity| identity.account.as_str());
    if let Some(why) = mixed(facts, selection) {
        return Plan { id: id::of_plan(&[], account), changes: Vec::new(), blocked: vec![why] };
    }
    let target = secret::target(facts, selection, draft);
    let mut blocked = draft.faults(!target.is_unread());
    let mut changes = Vec::new();
    if draft.write_secret {
        match secret::change(facts, selection, draft, &target) {
            Ok(change) => changes.extend(change.map(Change::Secret)),
            Err(why) => blocked.extend(why),
        }
    }
    if draft.write_config {
        match config::change(facts, selection, draft, &target) {
            Ok(change) => changes.extend(change.map(Change::Config)),
            Err(why) => {
                blocked.extend(why.into_iter().filter(|sentence| !blocked.contains(sentence)).collect::<Vec<_>>())
            }
        }
    }
    Plan { id: id::of_plan(&changes, account), changes, blocked }
}

/// Credentials of one account write nothing for another: neither would have what the other reads.
fn mixed(facts: &Facts, selection: &Selection) -> Option<String> {
    let place = accounts::foreign(facts, selection).into_iter().next()?;
    let mine = facts.identity.known()?.account.grouped();
    Some(format!(
        "These credentials are of account {mine}, but {} names account {}: nothing is written across accounts.",
        text::safe(&place.what),
        place.account.grouped()
    ))
}

#[cfg(test)]
mod tests;
