//! Commands that need no screen: one file per command.

pub mod completions;
pub mod container;
pub mod explain;
pub mod man;
mod message;
mod output;
pub mod permissions;
pub mod print_config;
pub mod print_text;
pub mod secret;
pub mod setup;
pub mod signals;
mod stdin;
pub mod stray;
pub mod system;
#[cfg(test)]
mod tests;
mod writing;

use std::io::{self, Write};

use crate::cli::{self, Global};
use crate::model::selection::{CredentialSource, WorkloadChoice};
use crate::model::{Hop, Inquiry, Selection};

pub use output::to_file;

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
        cli::Schema::SecretCheck => crate::report::SECRET_SCHEMA,
        cli::Schema::SecretPlan => secret::PLAN_SCHEMA,
        cli::Schema::Startup => container::SCHEMA,
        cli::Schema::Config => crate::config::SCHEMA,
        cli::Schema::Effective => print_config::SCHEMA,
        cli::Schema::Print => crate::handover::SCHEMA,
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
    if let Some(role) = global.workload() {
        selection.workload = WorkloadChoice::Role(role.clone());
    }
    selection.external_id = global.external_id.clone().or(selection.external_id);
    selection.region = global.region.clone().or(selection.region);
    selection.all_regions |= global.all_regions;
    selection.stack = global.stack.clone().or(selection.stack);
    selection.secret = global.secret.clone().or(selection.secret);
    selection
}

/// The access path that the command line asks about, over the one that was chosen beforehand; `None`: it asks about none.
#[must_use]
pub fn inquiry(roles: &[String], path: &cli::Path, global: &Global, chosen: Option<Inquiry>) -> Option<Inquiry> {
    let mut inquiry = match (roles.is_empty(), chosen) {
        (true, None) => return None,
        (true, Some(chosen)) => chosen,
        (false, _) => {
            Inquiry { hops: roles.iter().map(Hop::to).collect(), source: "named".into(), ..Inquiry::default() }
        }
    };
    if let Some(last) = inquiry.hops.last_mut() {
        last.external_id = global.external_id.clone().or(last.external_id.take());
        last.duration_seconds = path.duration.or(last.duration_seconds);
        last.session_name = path.session_name.clone().or(last.session_name.take());
        last.source_identity = path.source_identity.clone().or(last.source_identity.take());
        last.tags.extend(path.tag.iter().cloned());
        last.transitive_tag_keys.extend(path.transitive_tag.iter().cloned());
    }
    inquiry.principal = global.principal.clone().or(inquiry.principal);
    inquiry.inspectors.extend(path.inspector.iter().cloned());
    inquiry.probes.extend(path.probe.iter().cloned());
    inquiry.tries_wanted_external_id |= path.try_wanted_external_id;
    Some(inquiry)
}

/// Says on standard error why there is no result.
fn complain(reason: &str) -> u8 {
    let _ = writeln!(io::stderr(), "rolecall: {reason}");
    USAGE
}
