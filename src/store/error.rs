//! What can go wrong with the files, as sentences.

use std::io;
use std::path::{Path, PathBuf};

use crate::plan::edit::EditError;
use crate::values::text;

/// Why a file was not read or not written. Whatever it is, what was there is there still.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The config profile's name.
    #[error("{0}")]
    Name(String),
    /// Symbolic links are refused: what is written must stand where it is said to stand.
    #[error("{} is a symbolic link, which is refused: put a file in its place", shown(.0))]
    Link(PathBuf),
    /// A folder, a device, …
    #[error("{} is not a regular file: put one in its place", shown(.0))]
    NotAFile(PathBuf),
    /// Far more than such a file ever holds.
    #[error("{} is larger than {limit} bytes, more than is ever read: put the right file in its place", shown(path))]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// Not UTF-8.
    #[error("{} is not UTF-8 text: put a file that is in its place", shown(.0))]
    NotText(PathBuf),
    /// Reading failed otherwise.
    #[error("{} could not be read: {reason}", shown(path))]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// The file is no longer what the plan was made from.
    #[error(
        "{} was changed by someone else since it was read; nothing was written. Look at it again, then write",
        shown(path)
    )]
    LostRace {
        /// The file.
        path: PathBuf,
    },
    /// Another process has it.
    #[error("{} is held by another process; nothing was written. Let that end, then write", shown(path))]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// What was named to be written is in no folder.
    #[error("there is no folder {}: make it, or name another file", shown(.0))]
    NoFolder(PathBuf),
    /// The folder takes no files.
    #[error("{} cannot be written to: {reason}. Nothing was changed; check who owns the folder", shown(folder))]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// No room.
    #[error("there is no room to write {}: {reason}. Nothing was changed; make room and write again", shown(path))]
    Full {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// Writing failed otherwise.
    #[error("{} could not be written: {reason}. Nothing was changed", shown(path))]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// The text cannot be edited.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl StoreError {
    pub(super) fn reading(path: &Path, error: &io::Error) -> Self {
        Self::Read { path: path.to_owned(), reason: error.to_string() }
    }

    /// Which sort of failure an error of writing is.
    pub(super) fn writing(path: &Path, error: &io::Error) -> Self {
        let (file, reason) = (path.to_owned(), error.to_string());
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full { path: file, reason }
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::NotADirectory => {
                Self::Folder { folder: path.parent().unwrap_or(path).to_owned(), reason }
            }
            _ => Self::Write { path: file, reason },
        }
    }
}

fn shown(path: &Path) -> String {
    text::safe(&path.to_string_lossy()).into_owned()
}
