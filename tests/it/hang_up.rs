//! The terminal goes away: its window is closed, the connection breaks.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::processes::starting;
use crate::terminal::{Launch, PATIENCE};

/// Tell [`holder`] which script to run, and where that is to write the program's exit code.
const SCRIPT: &str = "ROLECALL_TEST_SCRIPT";
const CODE_FILE: &str = "ROLECALL_TEST_CODE_FILE";

/// The system signals the session's leader alone. A shell passes the signal on, as this one does.
const PASSED_ON: &str = r#"
exec 3<&0
"$0" --demo <&3 &
program=$!
trap 'kill -HUP $program' HUP
while kill -0 $program 2>/dev/null; do wait $program; code=$?; done
"#;

/// This leader keeps the signal to itself: the end of the input is all that the program is told.
const KEPT: &str = r#"
trap : HUP
"$0" --demo
code=$?
"#;

#[test]
fn a_terminal_that_goes_away_with_a_signal_ends_the_program() {
    assert_ends(PASSED_ON);
}

#[test]
fn a_terminal_that_goes_away_without_a_signal_ends_the_program() {
    assert_ends(KEPT);
}

fn assert_ends(script: &str) {
    let folder = tempfile::tempdir().unwrap();
    // Whether signal or end of input is seen first is chance: once is no proof.
    for round in 0..4 {
        let code_file = folder.path().join(format!("code-{round}"));
        close_the_terminal_under(script, &code_file);
        assert_eq!(code_within(&code_file, PATIENCE).as_deref(), Some("129"), "round {round}");
    }
}

fn close_the_terminal_under(script: &str, code_file: &Path) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "hang_up::holder", "--ignored", "--nocapture"]);
    command.env(SCRIPT, script).env(CODE_FILE, code_file).stdin(Stdio::null()).stdout(Stdio::piped());
    let started = starting();
    let mut holder = command.spawn().unwrap();
    drop(started);
    let mut lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("holding")), "the program was not ready");
    holder.kill().unwrap();
    holder.wait().unwrap();
}

/// The file is written by a process that belongs to nobody any more, so there is nothing to wait on but the file.
fn code_within(file: &Path, limit: Duration) -> Option<String> {
    let deadline = Instant::now() + limit;
    while Instant::now() < deadline {
        if let Ok(text) = fs::read_to_string(file) {
            return Some(text.trim().to_owned());
        }
        thread::sleep(Duration::from_millis(10));
    }
    None
}

/// A process that holds the terminal: killed, it takes the terminal with it.
#[test]
#[ignore = "is started and killed by the tests above"]
fn holder() {
    let (Ok(script), Ok(code_file)) = (std::env::var(SCRIPT), std::env::var(CODE_FILE)) else { return };
    // A program that goes on spinning is ended by the system.
    let script = format!("ulimit -t 20; {script} echo $code >\"$1.part\"; mv \"$1.part\" \"$1\"");
    let terminal = Launch::program("/bin/sh", &["-c", &script, env!("CARGO_BIN_EXE_rolecall"), &code_file]).start();
    terminal.wait_for("Set up a config profile", PATIENCE);
    println!("holding");
    terminal.exit_code(PATIENCE);
}
