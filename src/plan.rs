//! The plan: what would be written, worked out from the facts and the user's draft alone. Nothing here writes.
//!
//! First the secret, then the `config.json` that names it. What is there already stays: unknown keys, their order, the spacing of the file. A
//! plan made a second time, after the first was carried out, is empty.

pub mod edit;

mod config;
mod current;
mod draft;
mod fields;
mod secret;
mod shown;

pub use draft::Draft;

use sha2::{Digest, Sha256};

use crate::model::facts::Facts;
use crate::model::plan::{Change, ConfigChange, EditValue, Plan, SecretChange};
use crate::model::selection::Selection;

/// Works the plan out. What makes it impossible stands in [`Plan::blocked`], all of it at once; trouble with roles never does.
#[must_use]
pub fn plan(facts: &Facts, selection: &Selection, draft: &Draft) -> Plan {
    let mut blocked = draft.faults();
    let target = secret::target(facts, selection, draft);
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
    Plan { id: id(&changes), changes, blocked }
}

/// Twelve hexadecimal digits of SHA-256 over everything that would be written, and over what it replaces where AWS must still have it.
/// Times are left out.
fn id(changes: &[Change]) -> String {
    let mut hash = Sha256::new();
    for change in changes {
        match change {
            Change::Secret(change) => hash_secret(&mut hash, change),
            Change::Config(change) => hash_config(&mut hash, change),
        }
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Each part with its length in front, so that no two lists of parts look alike.
fn part(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

fn hash_secret(hash: &mut Sha256, change: &SecretChange) {
    let arn = change.arn.as_deref().unwrap_or_default();
    let replaces = change.replaces_version.as_deref().unwrap_or_default();
    for text in ["secret", &change.name, arn, &change.region, replaces, change.content.expose()] {
        part(hash, text.as_bytes());
    }
}

fn hash_config(hash: &mut Sha256, change: &ConfigChange) {
    part(hash, b"config");
    part(hash, change.path.as_os_str().as_encoded_bytes());
    part(hash, &[u8::from(change.replaces.is_some()), u8::from(change.replaces_unreadable)]);
    for edit in change.edits.iter().filter(|edit| !fields::is_time(&edit.path)) {
        part(hash, edit.path.join(".").as_bytes());
        match &edit.value {
            EditValue::Json(value) => part(hash, value.to_string().as_bytes()),
            EditValue::Secret(value) => part(hash, value.expose().as_bytes()),
            EditValue::CreatedSecretArn => part(hash, b"created secret"),
            EditValue::Remove => part(hash, b"remove"),
        }
    }
}

#[cfg(test)]
mod tests;
