//! `config.json` as its reader sees it: the one place that looks its fields up. Pure.
//!
//! A config profile may inherit from another (`_inherits`). Then there are two truths: what the file itself says, which every command of the
//! webhook package but `deploy` reads, and what `deploy` makes of it and of its parents. [`Config`] tells both, and where each value stands.
//!
//! Source: the webhook package's `ProfileConfig` and its JSON Schema, versions 0.8.2, 0.9.9 and 0.18.0, read and run.

pub mod deployments;
pub mod document;
pub mod effective;
pub mod fields;
pub mod merge;
pub mod version;

mod rules;

pub use document::{Broken, Config, inherits};
pub use effective::{Effective, effective};
pub use fields::{FIELDS, Field, SECTIONS, Wrong};

use crate::model::selection::WorkloadChoice;
use crate::model::{Facts, Selection};

/// The published JSON Schema of a `config.json` as rolecall writes it, draft 2020-12.
pub const SCHEMA: &str = include_str!("../../assets/schema/config.json");

/// The name of the webhook's own stack: as the user said, as `config.json` says, as it was last deployed, else as the webhook package would name it.
#[must_use]
pub fn webhook_stack(facts: &Facts, selection: &Selection) -> String {
    if let WorkloadChoice::Stack(name) = &selection.workload {
        return name.clone();
    }
    let configured =
        Config::shown(facts).and_then(|config| Some(config.text(&["deployment", "stackName"])?.to_owned()));
    let deployed = || facts.deployed.shown().and_then(|deployed| deployed.stack_name.clone());
    configured.or_else(deployed).unwrap_or_else(|| selection.webhook_stack())
}

#[cfg(test)]
mod tests;
