//! Writing `config.json` and a file that holds the secret: once, whole or not at all, after a backup.

mod hold;
mod replace;
mod temporary;

use std::path::PathBuf;

use super::{StoreError, check_profile_name};
use crate::model::plan::{ConfigChange, FileChange};
use crate::plan::edit;
use crate::values::SecretText;
use crate::values::time::Timestamp;

use replace::{Folder, Replacement, Step};

/// What was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrittenFile {
    /// The file.
    pub path: PathBuf,
    /// What became of it.
    pub how: How,
}

/// What became of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum How {
    /// It is new.
    New,
    /// It has another text.
    Replaced {
        /// What it was before.
        backup: PathBuf,
    },
    /// It has the text it had, and is for its owner alone.
    Tightened {
        /// The permission bits it had.
        from: u32,
    },
}

/// Carries out a change of `config.json`. File and backup are for the owner alone (0600), new folders too (0700).
///
/// # Errors
/// The file is no longer what the change replaces; it is a symbolic link; the folder takes no files; there is no room.
pub fn write_config(
    change: &ConfigChange,
    created_secret_arn: Option<&str>,
    now: Timestamp,
) -> Result<WrittenFile, StoreError> {
    check_profile_name(&change.profile)?;
    replace::still_as_planned(&change.path, change.replaces.as_ref(), Folder::Own)?;
    let readable = change.replaces.as_ref().filter(|_| !change.replaces_unreadable);
    let text = edit::apply(readable.map(SecretText::expose), &change.edits, created_secret_arn)?;
    let text = SecretText::from(text);
    let replacement =
        Replacement { path: &change.path, replaces: change.replaces.as_ref(), text: &text, folder: Folder::Own, now };
    written(&change.path, replacement.carry_out(&mut silent)?)
}

/// Carries out a change of a file that holds the secret: 0600, and its backup too. No folder is made for it.
///
/// # Errors
/// As [`write_config`]; and the folder is not there.
pub fn write_secret_file(change: &FileChange, now: Timestamp) -> Result<WrittenFile, StoreError> {
    write_secret_file_watched(change, now, &mut silent)
}

/// `reached` is told of every step once it is done: whatever happens after it, the file is old or new.
fn write_secret_file_watched(
    change: &FileChange,
    now: Timestamp,
    reached: &mut dyn FnMut(Step),
) -> Result<WrittenFile, StoreError> {
    if let Some(from) = change.tightens_mode.filter(|_| change.only_tightens_mode()) {
        replace::tighten(&change.path, &change.content)?;
        return Ok(WrittenFile { path: change.path.clone(), how: How::Tightened { from } });
    }
    let replacement = Replacement {
        path: &change.path,
        replaces: change.replaces.as_ref(),
        text: &change.content,
        folder: Folder::Named,
        now,
    };
    written(&change.path, replacement.carry_out(reached)?)
}

fn written(path: &std::path::Path, backup: Option<PathBuf>) -> Result<WrittenFile, StoreError> {
    let how = backup.map_or(How::New, |backup| How::Replaced { backup });
    Ok(WrittenFile { path: path.to_owned(), how })
}

const fn silent(_: Step) {}

#[cfg(test)]
#[cfg(unix)]
mod kill_tests;
#[cfg(test)]
#[cfg(unix)]
mod tests;
