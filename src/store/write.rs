//! Writing `config.json`: once, whole or not at all, after a backup.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, PersistError};

use super::{StoreError, check_profile_name, read};
use crate::model::plan::ConfigChange;
use crate::plan::edit;
use crate::values::SecretText;
use crate::values::time::Timestamp;

/// What was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrittenConfig {
    /// The file.
    pub path: PathBuf,
    /// What it was before; `None` for a new file.
    pub backup: Option<PathBuf>,
}

/// Carries out a change of `config.json`. File and backup are for the owner alone (0600), new folders too (0700).
///
/// The order is such that nothing is lost, whatever fails and whenever: the new text goes to a file of its own first, then the old one to a
/// dated backup, then the new one takes the old one's place in one step.
///
/// # Errors
/// The file is no longer what the change replaces; it is a symbolic link; the folder takes no files; there is no room.
pub fn write_config(
    change: &ConfigChange,
    created_secret_arn: Option<&str>,
    now: Timestamp,
) -> Result<WrittenConfig, StoreError> {
    check_profile_name(&change.profile)?;
    let path = change.path.as_path();
    still_as_planned(change)?;
    let readable = change.replaces.as_ref().filter(|_| !change.replaces_unreadable);
    let text = edit::apply(readable.map(SecretText::expose), &change.edits, created_secret_arn)?;
    let text = SecretText::from(text);

    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    create_folder(folder).map_err(|error| StoreError::writing(path, &error))?;
    let new = filled(folder, &text).map_err(|error| StoreError::writing(path, &error))?;
    let backup = match &change.replaces {
        Some(old) => Some(back_up(path, folder, old, now)?),
        None => None,
    };
    let put = still_as_planned(change).and_then(|()| put_in_place(new, path, change.replaces.is_some()));
    if let Err(error) = put {
        // The file was not replaced: its backup would only be litter.
        if let Some(backup) = &backup {
            fs::remove_file(backup).ok();
        }
        return Err(error);
    }
    sync_folder(folder);
    Ok(WrittenConfig { path: path.to_owned(), backup })
}

fn still_as_planned(change: &ConfigChange) -> Result<(), StoreError> {
    let there = read::read_file(&change.path)?.map(|file| file.text);
    if there == change.replaces { Ok(()) } else { Err(StoreError::LostRace { path: change.path.clone() }) }
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A file of its own in the same folder, 0600, with the text safely on the disk. It vanishes unless it is put in place.
fn filled(folder: &Path, text: &SecretText) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix(".config.json.").suffix(".new").tempfile_in(folder)?;
    fill(file.as_file_mut(), text)?;
    Ok(file)
}

fn fill(file: &mut File, text: &SecretText) -> io::Result<()> {
    file.write_all(text.expose().as_bytes())?;
    file.sync_all()
}

/// A backup of the old text under a name that no backup has yet.
fn back_up(path: &Path, folder: &Path, old: &SecretText, now: Timestamp) -> Result<PathBuf, StoreError> {
    let day_and_time = now.strftime("%Y-%m-%dT%H%M%SZ");
    let mut file = filled(folder, old).map_err(|error| StoreError::writing(path, &error))?;
    for number in 1..1_000 {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let backup = folder.join(format!("config.json.{day_and_time}{number}.backup"));
        match file.persist_noclobber(&backup) {
            Ok(_) => return Ok(backup),
            Err(PersistError { error, file: again }) if error.kind() == io::ErrorKind::AlreadyExists => file = again,
            Err(PersistError { error, .. }) => return Err(StoreError::writing(&backup, &error)),
        }
    }
    Err(StoreError::Write { path: path.to_owned(), reason: "no name is left for a backup".into() })
}

/// Over the old file in one step; or, where there must be none, only if there is none.
fn put_in_place(new: NamedTempFile, path: &Path, replaces: bool) -> Result<(), StoreError> {
    let put = if replaces { new.persist(path) } else { new.persist_noclobber(path) };
    match put {
        Ok(_) => Ok(()),
        Err(PersistError { error, .. }) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(StoreError::LostRace { path: path.to_owned() })
        }
        Err(PersistError { error, .. }) => Err(StoreError::writing(path, &error)),
    }
}

/// So that the new name outlives a power cut. The file is in place already: a system that cannot do it loses nothing else.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().ok();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
