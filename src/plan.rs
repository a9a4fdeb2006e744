//! The plan: what would be written, worked out from the facts and the user's draft alone. Nothing here writes.
//!
//! First the secret, then the `config.json` that names it. What is there already stays: unknown keys, their order, the spacing of the file. A
//! plan made a second time, after the first was carried out, is empty.

pub mod edit;

pub mod id;

mod answers;
mod config;
mod content;
mod draft;
mod fields;
mod file;
mod secret;
mod shown;

pub use answers::Answers;
pub use content::spelled;
pub use draft::{Draft, Origin};
pub use fields::names as config_fields;
pub use id::PlanId;
pub use secret::OWN_TAG;

use std::path::Path;

use crate::model::facts::Facts;
use crate::model::plan::{Change, Plan};
use crate::model::selection::Selection;
use crate::systems::accounts;
use crate::values::text;

/// The permission bits that are for others than the owner.
const OTHERS: u32 = 0o077;

/// Works the plan out. What makes it impossible stands in [`Plan::blocked`], all of it at once; trouble with roles never does.
///
/// Where the secret goes to a file there is no other change: a `config.json` would have no ARN to name.
#[must_use]
pub fn plan(facts: &Facts, selection: &Selection, draft: &Draft) -> Plan {
    if let Some(path) = &selection.migration.to_file {
        return to_file(facts, draft, path);
    }
    let account = facts.identity.known().map(|identity| identity.account.as_str());
    if let Some(why) = mixed(facts, selection) {
        return Plan { id: id::of_plan(&[], account), changes: Vec::new(), blocked: vec![why] };
    }
    let target = secret::target(facts, selection, draft);
    let mut blocked = draft.faults(!target.is_unread(), draft.write_config);
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

/// It is the same plan whoever makes it, with whatever credentials.
fn to_file(facts: &Facts, draft: &Draft, path: &Path) -> Plan {
    if !draft.write_secret {
        return Plan { id: id::of_plan(&[], None), changes: Vec::new(), blocked: Vec::new() };
    }
    let mut blocked = draft.faults(file::is_read(facts), false);
    let change = file::change(facts, draft, path).unwrap_or_else(|why| {
        blocked.extend(why);
        None
    });
    let changes: Vec<Change> = change.map(Change::File).into_iter().collect();
    Plan { id: id::of_plan(&changes, None), changes, blocked }
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
