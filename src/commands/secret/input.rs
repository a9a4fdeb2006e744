//! The sources of the command line as the selection has them.

use crate::cli::secret::Named;
use crate::commands::stdin;
use crate::model::ImportSource;

/// The most that is read of standard input, in bytes: a task definition has at most 64 KiB, and a list of them is no source.
const LARGEST: u64 = 1 << 20;

/// In the same order. Standard input is read here, once.
///
/// # Errors
/// A sentence: standard input is a terminal, or cannot be read.
pub(super) fn imports(named: &[Named]) -> Result<Vec<ImportSource>, String> {
    named.iter().map(import).collect()
}

fn import(named: &Named) -> Result<ImportSource, String> {
    Ok(match named {
        Named::Secret(id, version) => ImportSource::Secret { id: id.clone(), version: version.clone() },
        Named::File(path) => ImportSource::File(path.clone()),
        Named::EnvFile(path) => ImportSource::EnvFile(path.clone()),
        Named::Environment => ImportSource::Environment,
        Named::Config => ImportSource::Config,
        Named::Stdin if stdin::is_terminal() => {
            return Err("standard input is a terminal and would show what is typed: pipe a file in".into());
        }
        Named::Stdin => match stdin::source(LARGEST).map_err(|why| format!("standard input {why}"))? {
            Ok(text) => ImportSource::Stdin(text),
            Err(bytes) => ImportSource::StdinBytes(bytes),
        },
    })
}
