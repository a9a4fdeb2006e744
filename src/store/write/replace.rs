//! One text in the place of another, in steps after each of which the file is old or new, and nothing is lost.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::PersistError;

use super::hold::Held;
use super::temporary::{self, Temporary};
use crate::store::{StoreError, read};
use crate::values::SecretText;
use crate::values::time::Timestamp;

/// Where a file stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Folder {
    /// In a folder of a config profile: it is made where it is missing, and refused where it is a symbolic link.
    Own,
    /// In a folder that the user named, as it is.
    Named,
}

/// What is done by then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// The file holds what is to be replaced.
    Compared,
    /// What killed processes left beside it is gone.
    Swept,
    /// The new text is on the disk, in a file of its own.
    Filled,
    /// The old text is in its backup.
    BackedUp,
    /// The new text is in its place.
    Replaced,
}

/// A new text for a file.
pub(super) struct Replacement<'r> {
    pub(super) path: &'r Path,
    /// What it must hold until then; `None`: there must be no file.
    pub(super) replaces: Option<&'r SecretText>,
    pub(super) text: &'r SecretText,
    pub(super) folder: Folder,
    pub(super) now: Timestamp,
}

impl Replacement<'_> {
    /// The new text goes to a file of its own first, then the old one to a dated backup, then the new one takes the old one's place in one
    /// step. Returns the backup, where there was a file.
    pub(super) fn carry_out(&self, reached: &mut dyn FnMut(Step)) -> Result<Option<PathBuf>, StoreError> {
        let (path, folder) = (self.path, read::folder_of(self.path));
        self.still_as_planned()?;
        reached(Step::Compared);
        if self.folder == Folder::Own {
            create_folder(folder).map_err(|error| StoreError::writing(path, &error))?;
        }
        let held = self.replaces.map(|_| Held::take(path)).transpose()?;
        temporary::sweep(folder);
        reached(Step::Swept);
        let new = Temporary::filled(folder, self.text).map_err(|error| StoreError::writing(path, &error))?;
        reached(Step::Filled);
        let backup = self.replaces.map(|old| self.back_up(folder, old)).transpose()?;
        reached(Step::BackedUp);
        let still = self.still_as_planned().and_then(|()| held.as_ref().map_or(Ok(()), |held| held.is_still(path)));
        if let Err(error) = still.and_then(|()| self.put_in_place(new)) {
            // The file was not replaced: its backup would only be litter.
            if let Some(backup) = &backup {
                fs::remove_file(backup).ok();
            }
            return Err(error);
        }
        reached(Step::Replaced);
        sync_folder(folder);
        Ok(backup)
    }

    fn still_as_planned(&self) -> Result<(), StoreError> {
        still_as_planned(self.path, self.replaces, self.folder)
    }

    /// A backup of the old text under a name that no backup has yet.
    fn back_up(&self, folder: &Path, old: &SecretText) -> Result<PathBuf, StoreError> {
        let day_and_time = self.now.strftime("%Y-%m-%dT%H%M%SZ");
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let mut file = Temporary::filled(folder, old).map_err(|error| StoreError::writing(self.path, &error))?;
        for number in 1..1_000 {
            let number = if number == 1 { String::new() } else { format!("-{number}") };
            let backup = folder.join(format!("{name}.{day_and_time}{number}.backup"));
            match file.put_where_nothing_is(&backup) {
                Ok(()) => return Ok(backup),
                Err(PersistError { error, file: again }) if error.kind() == io::ErrorKind::AlreadyExists => {
                    file = again.into();
                }
                Err(PersistError { error, .. }) => return Err(StoreError::writing(&backup, &error)),
            }
        }
        Err(StoreError::Write { path: self.path.to_owned(), reason: "no name is left for a backup".into() })
    }

    /// Over the old file in one step; or, where there must be none, only if there is none.
    fn put_in_place(&self, new: Temporary) -> Result<(), StoreError> {
        let put = if self.replaces.is_some() { new.put(self.path) } else { new.put_where_nothing_is(self.path) };
        match put {
            Ok(()) => Ok(()),
            Err(PersistError { error, .. }) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(StoreError::LostRace { path: self.path.to_owned() })
            }
            Err(PersistError { error, .. }) => Err(StoreError::writing(self.path, &error)),
        }
    }
}

/// The file holds what is to be replaced.
///
/// # Errors
/// It holds something else, or is no file that may be replaced.
pub(super) fn still_as_planned(path: &Path, replaces: Option<&SecretText>, folder: Folder) -> Result<(), StoreError> {
    let there = match folder {
        Folder::Own => read::read_file(path)?,
        Folder::Named => read::read_named(path)?,
    };
    let there = there.map(|file| file.text);
    if there.as_ref() == replaces { Ok(()) } else { Err(StoreError::LostRace { path: path.to_owned() }) }
}

/// Takes the permissions of others away; the text stays.
///
/// # Errors
/// The file holds something else than `text`, or is not the user's own.
pub(super) fn tighten(path: &Path, text: &SecretText) -> Result<(), StoreError> {
    still_as_planned(path, Some(text), Folder::Named)?;
    let held = Held::take(path)?;
    held.is_still(path)?;
    held.make_private().map_err(|error| StoreError::writing(path, &error))
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// So that the new name outlives a power cut. The file is in place already: a system that cannot do it loses nothing else.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().ok();
    }
}
