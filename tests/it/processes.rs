//! Starting other programs from a test process.

use std::io::Write;
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

/// Runs a program to its end, with this as its standard input.
pub fn run_with(command: &mut Command, input: &[u8]) -> std::io::Result<Output> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = starting();
    let mut child = command.spawn()?;
    drop(started);
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // The program may end before it has read everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output()?;
    writer.join().unwrap();
    Ok(output)
}
