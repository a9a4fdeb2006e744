//! Commands that need neither AWS nor a screen: one file per command.

pub mod explain;
mod message;
mod output;

use std::io::{self, Write};

use crate::cli;

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
    }
}

/// Says on standard error why there is no result.
fn complain(reason: &str) -> u8 {
    let _ = writeln!(io::stderr(), "rolecall: {reason}");
    USAGE
}
