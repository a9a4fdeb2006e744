//! A file that the user names for what a screen shows: for the owner alone, and never over another one without a word.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::PersistError;

use crate::values::text::safe;

/// Why a file was not written. What was there is there still.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ExportError {
    /// A file of that name is there, and nobody said that it may go.
    #[error("{} is there already: choose another name, or say that it may be replaced", safe(&.0.to_string_lossy()))]
    Exists(PathBuf),
    /// The folder takes no file of that name.
    #[error("{} cannot be written: {reason}; choose another folder", safe(&path.to_string_lossy()))]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
}

/// Writes `text` to a file, whole or not at all, with mode 0600.
///
/// # Errors
/// There is a file and `replace` is false; the folder is not there or takes no file.
pub fn export(path: &Path, text: &str, replace: bool) -> Result<(), ExportError> {
    let failed = |error: std::io::Error| ExportError::Write { path: path.to_owned(), reason: error.to_string() };
    if path.is_dir() {
        return Err(ExportError::Write { path: path.to_owned(), reason: "it is a folder".into() });
    }
    if !replace && path.symlink_metadata().is_ok() {
        return Err(ExportError::Exists(path.to_owned()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".rolecall.").suffix(".new").tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    let put = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    match put {
        Ok(_) => Ok(()),
        Err(PersistError { error, .. }) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(ExportError::Exists(path.to_owned()))
        }
        Err(PersistError { error, .. }) => Err(failed(error)),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_the_owners_alone_and_is_replaced_only_when_that_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.txt");
        export(&path, "one", false).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(export(&path, "two", false), Err(ExportError::Exists(path.clone())));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        export(&path, "two", true).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_cannot_be_written_is_told_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = export(&folder.path().join("no/such/report.txt"), "", false).unwrap_err().to_string();
        assert!(nowhere.contains("no/such/report.txt cannot be written"), "{nowhere}");
        assert!(export(folder.path(), "", true).unwrap_err().to_string().contains("it is a folder"));
    }
}
