//! The log's file: its owner's alone, lines made safe to print, never longer than stated.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::LogError;
use crate::values::text::safe;

/// The most that the file holds, in bytes. Then it becomes `….1`, in place of the one before, and is begun anew.
pub const LIMIT: u64 = 1 << 20;

/// The file, and how much it holds.
#[derive(Debug)]
pub(super) struct Rotating {
    path: PathBuf,
    file: File,
    length: u64,
}

impl Rotating {
    /// Opens the file to be written on, or makes it.
    pub fn open(path: &Path) -> Result<Self, LogError> {
        let (file, length) = open(path).map_err(|reason| LogError::Unusable { path: path.to_owned(), reason })?;
        Ok(Self { path: path.to_owned(), file, length })
    }

    /// Where the file cannot be put aside it is emptied: bounded comes before complete.
    fn begin_anew(&mut self) -> io::Result<()> {
        let mut aside = self.path.clone().into_os_string();
        aside.push(".1");
        let renamed = std::fs::rename(&self.path, aside).map_err(|error| error.to_string());
        match renamed.and_then(|()| open(&self.path)) {
            Ok((file, length)) => (self.file, self.length) = (file, length),
            Err(_) => {
                self.file.set_len(0)?;
                self.length = 0;
            }
        }
        Ok(())
    }
}

impl Write for Rotating {
    /// Takes one line, as the formatter hands them over.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let mut text = safe(text.strip_suffix('\n').unwrap_or(&text)).into_owned();
        text.push('\n');
        let added = u64::try_from(text.len()).unwrap_or(u64::MAX);
        if self.length.saturating_add(added) > LIMIT {
            self.begin_anew()?;
        }
        self.file.write_all(text.as_bytes())?;
        self.length = self.length.saturating_add(added);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Makes the folder of the default file, closed to others.
pub(super) fn make_folder(file: &Path) -> Result<(), LogError> {
    let Some(folder) = file.parent() else { return Ok(()) };
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| LogError::Unusable {
        path: file.to_owned(),
        reason: format!("cannot be made: its folder cannot: {error}"),
    })
}

/// A link is not followed: whoever may write in the folder could point it at another file. Not waiting for the reader of a pipe.
fn open(path: &Path) -> Result<(File, u64), String> {
    if path.is_symlink() {
        return Err("is a symbolic link, and those are not followed".into());
    }
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or_default();
    let opened = OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(flags).open(path);
    let file = opened.map_err(|error| format!("cannot be opened: {error}"))?;
    let about = file.metadata().map_err(|error| format!("cannot be looked at: {error}"))?;
    if !about.is_file() {
        return Err("is no regular file".into());
    }
    if about.mode() & 0o077 != 0 {
        let tightened = file.set_permissions(Permissions::from_mode(0o600));
        tightened.map_err(|error| format!("can be read by others, and cannot be closed to them: {error}"))?;
    }
    Ok((file, about.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn it_is_its_owners_alone_and_keeps_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/rolecall.log");
        make_folder(&path).unwrap();
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        Rotating::open(&path).unwrap().write_all(b"one\n").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        Rotating::open(&path).unwrap().write_all(b"two\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\ntwo\n");
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn nothing_that_moves_the_cursor_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = Rotating::open(&path).unwrap();
        log.write_all("code=\u{1b}[2J\u{202e}two\nlines \u{9b}\n".as_bytes()).unwrap();
        log.write_all(&[b'x'; 100_000]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 2, "{text:.200}");
        assert!(!text.trim_end_matches('\n').lines().any(crate::values::text::has_unsafe));
        assert!(text.len() < 20_000);
    }

    #[test]
    fn it_never_grows_beyond_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = Rotating::open(&path).unwrap();
        let line = format!("{}\n", "x".repeat(999));
        for _ in 0..2_600 {
            log.write_all(line.as_bytes()).unwrap();
        }
        let sizes: Vec<u64> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).collect();
        assert_eq!(sizes.len(), 2);
        assert!(sizes.iter().all(|size| (1..=LIMIT).contains(size)), "{sizes:?}");
        assert_eq!((mode(&path), mode(&folder.path().join("log.1"))), (0o600, 0o600));
    }

    #[test]
    fn what_is_no_file_of_ones_own_is_refused_and_never_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link, pipe) =
            (folder.path().join("target"), folder.path().join("link"), folder.path().join("pipe"));
        std::fs::write(&target, "mine").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for (path, word) in [
            (link.as_path(), "symbolic link"),
            (&pipe, ""),
            (folder.path(), "cannot be opened"),
            (&folder.path().join("no/such/folder"), "cannot be opened"),
        ] {
            let error = Rotating::open(path).unwrap_err().to_string();
            assert!(error.starts_with("no log is kept: ") && error.contains(word), "{error}");
        }
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
    }
}
