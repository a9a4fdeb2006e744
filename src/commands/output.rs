//! Where a result goes: standard output or a file.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use color_eyre::eyre::{WrapErr, eyre};

use crate::store;

/// How much is held back, so that input which turns out to be no case leaves nothing behind that looks like a result.
const HELD: usize = 1 << 20;

/// A result on its way.
pub(super) struct Output<'a> {
    file: Option<&'a Path>,
    open: Option<File>,
    held: Vec<u8>,
    sent: bool,
}

impl<'a> Output<'a> {
    /// To a file, which is made when the first of the result is written, or to standard output.
    pub const fn new(file: Option<&'a Path>) -> Self {
        Self { file, open: None, held: Vec::new(), sent: false }
    }

    pub fn push(&mut self, text: &str) -> io::Result<()> {
        self.held.extend_from_slice(text.as_bytes());
        if self.held.len() >= HELD { self.send() } else { Ok(()) }
    }

    /// Drops what is held back; false when some was sent already.
    pub fn withdraw(&mut self) -> bool {
        if !self.sent {
            self.held.clear();
        }
        !self.sent
    }

    pub fn finish(mut self) -> io::Result<()> {
        if self.held.is_empty() { Ok(()) } else { self.send() }
    }

    fn send(&mut self) -> io::Result<()> {
        self.sent = true;
        let held = std::mem::take(&mut self.held);
        let Some(path) = self.file else {
            let mut out = io::stdout().lock();
            return out.write_all(&held).and_then(|()| out.flush());
        };
        if self.open.is_none() {
            self.open = Some(File::create(path)?);
        }
        self.open.as_mut().map_or(Ok(()), |file| file.write_all(&held))
    }
}

/// Writes a result to a file that the user named, for them alone (mode 0600): whole or not at all, over one that is there. What is no regular
/// file, a pipe for instance, is written to as it is.
///
/// # Errors
/// A sentence that names the file.
pub fn to_file(path: &Path, text: &str) -> color_eyre::eyre::Result<()> {
    // Through a link: what it leads to is meant.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let is_special = target.metadata().is_ok_and(|is| !is.is_file() && !is.is_dir());
    if is_special {
        std::fs::write(&target, text).wrap_err_with(|| format!("{} cannot be written", path.display()))
    } else {
        store::export(&target, text, true).map_err(|error| eyre!("{error}"))
    }
}

/// Whether writing ended because whoever reads has read enough.
pub(super) fn is_closed_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}
