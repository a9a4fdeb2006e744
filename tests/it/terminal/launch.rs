//! How a program is started in a terminal: its environment, its home, its size.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::{STANDARD, Size, Terminal};

/// A program about to be started.
pub struct Launch {
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<OsString>,
    pub(super) environment: BTreeMap<OsString, OsString>,
    pub(super) size: Size,
    pub(super) home: Arc<TempDir>,
}

impl Launch {
    /// `rolecall` with these arguments.
    pub fn rolecall(arguments: &[&str]) -> Self {
        Self::program(env!("CARGO_BIN_EXE_rolecall"), arguments)
    }

    /// Any program, with nothing in its environment but a home of its own, `TERM`, `LANG`, `PATH` and `SHELL`.
    pub fn program(program: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        let home = Arc::new(tempfile::tempdir().unwrap());
        let launch = Self {
            program: program.into(),
            arguments: arguments.iter().map(OsString::from).collect(),
            environment: BTreeMap::new(),
            size: STANDARD,
            home,
        };
        let home = launch.home().as_os_str().to_owned();
        let variables =
            [("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("PATH", "/usr/bin:/bin"), ("SHELL", "/bin/sh")];
        launch.env("HOME", home).envs(variables)
    }

    /// Sets a variable of its environment.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// Sets several variables.
    pub fn envs<N: Into<OsString>, V: Into<OsString>>(self, variables: impl IntoIterator<Item = (N, V)>) -> Self {
        variables.into_iter().fold(self, |launch, (name, value)| launch.env(name, value))
    }

    /// Sets the terminal's size at the start.
    pub fn size(mut self, size: Size) -> Self {
        self.size = size;
        self
    }

    /// Its home, also its working folder: to be furnished before [`Launch::start`].
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Shares the home of a program that was started before, with what that left there.
    pub fn in_home_of(mut self, other: &Terminal) -> Self {
        self.home = Arc::clone(&other.home);
        let home = self.home().as_os_str().to_owned();
        self.env("HOME", home)
    }

    /// Starts it.
    pub fn start(self) -> Terminal {
        Terminal::start(self)
    }
}
