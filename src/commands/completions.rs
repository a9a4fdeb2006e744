//! `rolecall completions`: what a shell needs to complete rolecall's words.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::cli::Cli;

/// The script for a shell.
#[must_use]
pub fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "rolecall", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
