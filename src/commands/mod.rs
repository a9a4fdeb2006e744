//! Commands that need no screen: one file per command.

pub mod completions;
pub mod explain;
pub mod man;
mod message;
mod output;
pub mod permissions;
pub mod print_config;
pub mod setup;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use crate::cli::{self, Global};
use crate::model::Selection;
use crate::model::selection::{CredentialSource, WorkloadChoice};

/// Wrong usage, or input that is not what it should be.
pub const USAGE: u8 = 2;

/// The text of a published schema.
#[must_use]
pub const fn schema(name: cli::Schema) -> &'static str {
    match name {
        cli::Schema::Report => crate::report::SCHEMA,
        cli::Schema::Case => crate::explain::CASE_SCHEMA,
        cli::Schema::Answer => crate::explain::ANSWER_SCHEMA,
        cli::Schema::Message => crate::message::SCHEMA,
        cli::Schema::Setup => setup::SCHEMA,
        cli::Schema::Config => crate::config::SCHEMA,
    }
}

/// What the flags choose, over `selection`.
#[must_use]
pub fn select(global: &Global, mut selection: Selection) -> Selection {
    if let Some(profile) = &global.profile {
        selection.config_profile.clone_from(profile);
    }
    if let Some(name) = &global.aws_profile {
        selection.source = Some(CredentialSource::Profile(name.clone()));
    }
    if let Some(role) = &global.principal {
        selection.workload = WorkloadChoice::Role(role.clone());
    }
    selection.external_id = global.external_id.clone().or(selection.external_id);
    selection.region = global.region.clone().or(selection.region);
    selection.all_regions |= global.all_regions;
    selection.stack = global.stack.clone().or(selection.stack);
    selection.secret = global.secret.clone().or(selection.secret);
    selection
}

/// Says on standard error why there is no result.
fn complain(reason: &str) -> u8 {
    let _ = writeln!(io::stderr(), "rolecall: {reason}");
    USAGE
}
