//! Files that the user named to take values from, and the file that would be written.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::Path;

use super::StoreError;
use super::read::{LARGEST, folder_of, mode};
use crate::model::facts::{ImportContent, TargetFile};
use crate::values::SecretText;

/// A file that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadOnce {
    /// What it held.
    pub content: ImportContent,
    /// Whether it can be read only once: a pipe, such as a shell's `<(…)`.
    pub only_once: bool,
}

/// Reads a file to take values from; `None` when there is none. A pipe is read to its end, a link is followed.
///
/// # Errors
/// It is a folder or a device, too large, or not readable.
pub fn read_import(path: &Path) -> Result<Option<ReadOnce>, StoreError> {
    let Some(seen) = exists(fs::metadata(path), path)? else { return Ok(None) };
    let only_once = is_pipe(seen.file_type());
    if !seen.is_file() && !only_once {
        return Err(StoreError::NotAFile(path.to_owned()));
    }
    let Some(file) = exists(File::open(path), path)? else { return Ok(None) };
    let mode = if only_once { None } else { mode(&seen) };
    let bytes = bounded(file, path)?;
    let content = match String::from_utf8(bytes) {
        Ok(text) => ImportContent::Text { text: SecretText::new(text), version_id: None, mode },
        Err(error) => ImportContent::Binary(zeroize::Zeroizing::new(error.into_bytes()).len()),
    };
    Ok(Some(ReadOnce { content, only_once }))
}

/// Reads the file that would be replaced; `None` when there is none yet.
///
/// # Errors
/// It is a symbolic link or no regular file, too large, no text, or not readable.
pub fn read_target(path: &Path) -> Result<Option<TargetFile>, StoreError> {
    takes_files(folder_of(path))?;
    let Some(seen) = exists(fs::symlink_metadata(path), path)? else { return Ok(None) };
    if seen.is_symlink() {
        return Err(StoreError::Link(path.to_owned()));
    }
    if !seen.is_file() {
        return Err(StoreError::NotAFile(path.to_owned()));
    }
    let Some(file) = exists(File::open(path), path)? else { return Ok(None) };
    let text = String::from_utf8(bounded(file, path)?).map_err(|_| StoreError::NotText(path.to_owned()))?;
    Ok(Some(TargetFile { text: SecretText::new(text), mode: mode(&seen) }))
}

/// The new text stands in a file of its own first, so that the folder must take one.
fn takes_files(folder: &Path) -> Result<(), StoreError> {
    if !fs::metadata(folder).is_ok_and(|found| found.is_dir()) {
        return Err(StoreError::NoFolder(folder.to_owned()));
    }
    may_write(folder).map_err(|error| StoreError::Folder { folder: folder.to_owned(), reason: error.to_string() })
}

#[cfg(unix)]
fn may_write(folder: &Path) -> io::Result<()> {
    use rustix::fs::Access;
    Ok(rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

/// What a folder takes is only known there by writing to it.
#[cfg(not(unix))]
fn may_write(_: &Path) -> io::Result<()> {
    Ok(())
}

fn exists<T>(found: io::Result<T>, path: &Path) -> Result<Option<T>, StoreError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::reading(path, &error)),
    }
}

fn bounded(file: File, path: &Path) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| StoreError::reading(path, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(StoreError::TooLarge { path: path.to_owned(), limit: LARGEST });
    }
    Ok(bytes)
}

#[cfg(unix)]
fn is_pipe(kind: FileType) -> bool {
    use std::os::unix::fs::FileTypeExt;
    kind.is_fifo()
}

#[cfg(not(unix))]
const fn is_pipe(_: FileType) -> bool {
    false
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::PathBuf;

    use super::*;

    fn text(text: &str, mode: Option<u32>) -> ImportContent {
        ImportContent::Text { text: text.into(), version_id: None, mode }
    }

    fn put(folder: &tempfile::TempDir, name: &str, bytes: &[u8], mode: u32) -> PathBuf {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn a_file_is_read_with_its_mode_and_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let path = put(&folder, "prod.env", b"TENANT=acme\n", 0o640);
        let wanted = ReadOnce { content: text("TENANT=acme\n", Some(0o640)), only_once: false };
        assert_eq!(read_import(&path).unwrap(), Some(wanted.clone()));
        let link = folder.path().join("link");
        symlink(&path, &link).unwrap();
        assert_eq!(read_import(&link).unwrap(), Some(wanted));
        assert_eq!(read_import(&folder.path().join("none")).unwrap(), None);
        symlink(folder.path().join("none"), folder.path().join("dangling")).unwrap();
        assert_eq!(read_import(&folder.path().join("dangling")).unwrap(), None);
    }

    #[test]
    fn a_pipe_is_read_to_its_end_and_known_to_be_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        let (writer, to) = (path.clone(), "TENANT=acme");
        let writing = std::thread::spawn(move || fs::write(writer, to));
        let read = read_import(&path).unwrap().unwrap();
        assert_eq!(read, ReadOnce { content: text("TENANT=acme", None), only_once: true });
        writing.join().unwrap().unwrap();
    }

    #[test]
    fn what_is_no_file_or_no_text_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read_import(folder.path()), Err(StoreError::NotAFile(_))));
        assert!(matches!(read_import(Path::new("/dev/null")), Err(StoreError::NotAFile(_))));
        let binary = put(&folder, "binary", b"\xff\xfe{\0", 0o600);
        assert_eq!(read_import(&binary).unwrap().unwrap().content, ImportContent::Binary(4));
        assert!(matches!(read_target(&binary), Err(StoreError::NotText(_))));
        let large = put(&folder, "large", &vec![b'x'; LARGEST as usize + 1], 0o600);
        assert!(matches!(read_import(&large), Err(StoreError::TooLarge { .. })));
        let whole = put(&folder, "whole", &vec![b'x'; LARGEST as usize], 0o600);
        assert!(read_import(&whole).is_ok());
        let below = put(&folder, "file", b"", 0o600).join("below");
        let refused = read_import(&below).unwrap_err().to_string();
        assert!(refused.contains("could not be read"), "{refused}");
    }

    #[test]
    fn the_target_is_no_link() {
        let folder = tempfile::tempdir().unwrap();
        let path = put(&folder, "secret.json", b"{}", 0o600);
        assert_eq!(read_target(&path).unwrap(), Some(TargetFile { text: "{}".into(), mode: Some(0o600) }));
        let link = folder.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(matches!(read_target(&link), Err(StoreError::Link(_))));
        assert!(matches!(read_target(folder.path()), Err(StoreError::NotAFile(_))));
        assert_eq!(read_target(&folder.path().join("none")).unwrap(), None);
        for nowhere in ["no-folder/secret.json", "secret.json/below"] {
            let refused = read_target(&folder.path().join(nowhere));
            assert!(matches!(refused, Err(StoreError::NoFolder(_))), "{nowhere}: {refused:?}");
        }
    }
}
