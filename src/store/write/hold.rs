//! The old file, held while it is compared and replaced: of two writers that saw the same text the second waits, and then finds another file
//! in its place. Without it both could compare first and replace after.

use std::fs::{File, Permissions, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::store::{StoreError, read};

/// Longer than any write takes.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(10);

/// A file that no other run of rolecall replaces meanwhile. Other programs are not kept from it.
pub(super) struct Held(File);

impl Held {
    /// Waits for whoever has it.
    ///
    /// # Errors
    /// It is gone or cannot be opened, or another process keeps it.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::LostRace { path: path.to_owned() },
            _ => StoreError::reading(path, &error),
        })?;
        let begun = Instant::now();
        loop {
            match lock(&file) {
                // Where there are no locks the comparison has to do.
                Ok(()) | Err(TryLockError::Error(_)) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if begun.elapsed() > PATIENCE => {
                    return Err(StoreError::Busy { path: path.to_owned() });
                }
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            }
        }
    }

    /// Whether it still stands where it stood.
    ///
    /// # Errors
    /// Another file is in its place, or none.
    pub(super) fn is_still(&self, path: &Path) -> Result<(), StoreError> {
        if read::stands_at(&self.0, path) { Ok(()) } else { Err(StoreError::LostRace { path: path.to_owned() }) }
    }

    /// 0600.
    pub(super) fn make_private(&self) -> io::Result<()> {
        self.0.set_permissions(private(&self.0.metadata()?.permissions()))
    }
}

#[cfg(unix)]
fn lock(file: &File) -> Result<(), TryLockError> {
    file.try_lock()
}

/// Locks are more than advice there, and would keep the file from being replaced.
#[cfg(not(unix))]
fn lock(_: &File) -> Result<(), TryLockError> {
    Ok(())
}

#[cfg(unix)]
fn private(_: &Permissions) -> Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o600)
}

#[cfg(not(unix))]
fn private(now: &Permissions) -> Permissions {
    now.clone()
}
