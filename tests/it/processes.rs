//! Starting other programs from a test process.

use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// To be held while a program or a pseudo-terminal is made.
///
/// A pseudo-terminal can be inherited for a moment after it is opened, and a program started in that moment would hold
/// it open beyond its end.
pub fn starting() -> MutexGuard<'static, ()> {
    static STARTING: Mutex<()> = Mutex::new(());
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a program to its end, without standard input.
pub fn run(command: &mut Command) -> std::io::Result<Output> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = starting();
    let child = command.spawn()?;
    drop(started);
    child.wait_with_output()
}
