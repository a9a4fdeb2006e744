//! The file that a new text goes to before it is put in place: 0600, in the same folder, and gone with its process.
//!
//! A process that is killed cannot take it away. So it is locked as long as its process lives, and the next write into the folder removes what
//! nobody holds any more.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::Path;

use tempfile::{NamedTempFile, PersistError};

use crate::store::read;
use crate::values::SecretText;

const PREFIX: &str = ".rolecall-write.";
const SUFFIX: &str = ".new";
/// How many characters tempfile makes up between the two.
const MADE_UP: usize = 6;

/// How often another name is tried when a sweep of another process was quicker than the lock.
const ATTEMPTS: usize = 16;

/// Vanishes unless it is put in place.
pub(super) struct Temporary(NamedTempFile);

impl From<NamedTempFile> for Temporary {
    fn from(file: NamedTempFile) -> Self {
        Self(file)
    }
}

impl Temporary {
    /// With the text safely on the disk.
    pub(super) fn filled(folder: &Path, text: &SecretText) -> io::Result<Self> {
        let mut file = Self::locked(folder)?;
        fill(file.0.as_file_mut(), text)?;
        Ok(file)
    }

    fn locked(folder: &Path) -> io::Result<Self> {
        for _ in 0..ATTEMPTS {
            let file =
                tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).rand_bytes(MADE_UP).tempfile_in(folder)?;
            match file.as_file().try_lock() {
                Ok(()) if read::stands_at(file.as_file(), file.path()) => return Ok(Self(file)),
                // Where there are no locks nothing is swept either.
                Err(TryLockError::Error(_)) => return Ok(Self(file)),
                // A sweep took it for left over in the moment before it was locked.
                Ok(()) | Err(TryLockError::WouldBlock) => {}
            }
        }
        Err(io::Error::other("another process removes every temporary file"))
    }

    /// Over whatever is there, in one step.
    pub(super) fn put(self, path: &Path) -> Result<(), PersistError> {
        self.0.persist(path).map(drop)
    }

    /// In one step, and only if nothing is there.
    pub(super) fn put_where_nothing_is(self, path: &Path) -> Result<(), PersistError> {
        self.0.persist_noclobber(path).map(drop)
    }
}

/// Writes a text whole, and waits until the disk has it.
pub(super) fn fill(file: &mut File, text: &SecretText) -> io::Result<()> {
    file.write_all(text.expose().as_bytes())?;
    file.sync_all()
}

/// Removes what processes that are dead left in a folder. What cannot be removed is in nobody's way: the write goes on.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_str().is_some_and(is_ours)) {
        let path = entry.path();
        if !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let Ok(file) = File::open(&path) else { continue };
        // Removed under the lock: whoever made it a moment ago then sees that it is gone, and makes another.
        if file.try_lock().is_ok() && read::stands_at(&file, &path) {
            fs::remove_file(&path).ok();
        }
    }
}

fn is_ours(name: &str) -> bool {
    let middle = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    middle.is_some_and(|middle| middle.len() == MADE_UP && middle.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn what_the_dead_left_goes_and_what_the_living_hold_stays() {
        let folder = tempfile::tempdir().unwrap();
        let held = Temporary::filled(folder.path(), &"{}".into()).unwrap();
        let beside = [".rolecall-write.abc123.new", ".rolecall-write.abc123.newer", ".rolecall.abc123.new", "mine.new"];
        for name in beside {
            fs::write(folder.path().join(name), "left").unwrap();
        }
        std::os::unix::fs::symlink(folder.path().join("mine.new"), folder.path().join(".rolecall-write.link00.new"))
            .unwrap();
        sweep(folder.path());
        assert!(held.0.path().exists(), "its process lives");
        assert_eq!(beside.map(|name| folder.path().join(name).exists()), [false, true, true, true]);
        assert!(folder.path().join(".rolecall-write.link00.new").is_symlink(), "no link is ours");
        let path = held.0.path().to_owned();
        drop(held);
        assert!(!path.exists());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_as_such() {
        let mut full = File::options().write(true).open("/dev/full").unwrap();
        let error = fill(&mut full, &"{}".into()).unwrap_err();
        let told = crate::store::StoreError::writing(Path::new("/home/ada/config.json"), &error).to_string();
        assert!(told.starts_with("there is no room to write /home/ada/config.json"), "{told}");
    }
}
