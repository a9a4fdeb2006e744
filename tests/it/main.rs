//! The integration tests: one binary, modules beside this file.
//!
//! Two harnesses carry them: [`emulator`], an AWS emulator that is installed on first use and runs as long as the test
//! process, and [`terminal`], the real binary in a pseudo-terminal. Their own tests stand beside them.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect has failed"
)]

mod bad_input;
mod canaries;
mod comfort;
mod config_files;
mod demo;
mod denials;
mod emulator;
mod explain;
mod external_ids;
mod fleet;
mod handover;
mod hang_up;
mod headless;
mod hostile;
mod interrupted;
mod job_control;
mod log;
mod path_calls;
mod paths;
mod permissions;
mod personas;
mod picture;
mod plain;
mod plain_secret;
mod principals;
mod processes;
mod quilt_template;
mod raw_bytes;
mod reports;
mod round_trips;
mod said;
mod secret_commands;
mod secret_trips;
mod seeds;
mod setup;
mod signals;
mod sre_roles;
mod terminal;
mod trials;
mod walk;
mod wave;
mod worlds;
mod writing;
