//! However it ends, the program gives the terminal back, and no size breaks it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use crate::job_control::Shell;
use crate::processes;
use crate::terminal::{Launch, PATIENCE, STANDARD, Terminal};

/// What the first screen shows when it is ready.
const READY: &str = "Set up a config profile";

/// Nothing was left behind.
const CLEAN: [&str; 0] = [];

fn demo() -> Terminal {
    let terminal = Terminal::spawn(&["--demo"], &[], STANDARD);
    terminal.wait_for(READY, PATIENCE);
    assert!(!terminal.left_behind().is_empty(), "the program uses the alternate screen");
    // It listens to the terminal, to keys and to sizes, once a key has moved the cursor.
    let shown = terminal.raw().len();
    terminal.press("Down Up");
    terminal.wait_until("an answer to keys", PATIENCE, |output| output.raw.len() > shown);
    terminal
}

#[test]
fn a_signal_gives_the_terminal_back_and_sets_the_code() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let terminal = demo();
        terminal.kill(signal);
        assert_eq!(terminal.exit_code(PATIENCE), code, "{signal:?}");
        assert_eq!(terminal.left_behind(), CLEAN, "{signal:?}");
    }
}

#[test]
fn a_signal_in_the_first_moments_gives_the_terminal_back() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let terminal = Terminal::spawn(&["--demo"], &[], STANDARD);
        terminal.wait_alternate_screen(true, PATIENCE);
        terminal.kill(signal);
        terminal.exit_code(PATIENCE);
        assert_eq!(terminal.left_behind(), CLEAN, "{signal:?}");
    }
}

#[test]
fn control_c_leaves_at_once() {
    let terminal = demo();
    terminal.press("Ctrl-C");
    assert_eq!(terminal.exit_code(PATIENCE), 130);
    assert_eq!(terminal.left_behind(), CLEAN);
}

#[test]
fn q_leaves_with_success() {
    let terminal = demo();
    terminal.send("q");
    assert_eq!(terminal.exit_code(PATIENCE), 0);
    assert_eq!(terminal.left_behind(), CLEAN);
}

#[test]
fn control_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again() {
    let shell = Shell::start(Path::new(env!("CARGO_BIN_EXE_rolecall")));
    shell.run("\"$program\" --demo");
    shell.terminal.wait_for(READY, PATIENCE);
    for _ in 0..2 {
        shell.suspend();
        assert_eq!(shell.terminal.modes_left_on(), CLEAN, "while suspended");
        shell.run("fg");
        shell.terminal.wait_alternate_screen(true, PATIENCE);
        shell.terminal.wait_for(READY, PATIENCE);
    }
    shell.terminal.press("Ctrl-C");
    shell.wait_for_prompt();
    shell.expect_code(130);
    assert_eq!(shell.terminal.modes_left_on(), CLEAN, "after the end");
}

/// Unlike an interactive one, this shell leaves the terminal's settings as the suspended program set them.
#[test]
fn control_z_gives_the_settings_back() {
    let script = r#"set -m; before=$(stty -g); "$0" --demo; echo stopped
        [ "$before" = "$(stty -g)" ] && echo settings are back; read -r line; fg >/dev/null; echo "ended with $?""#;
    let terminal = Launch::program("/bin/sh", &["-c", script, env!("CARGO_BIN_EXE_rolecall")]).start();
    terminal.wait_for(READY, PATIENCE);
    terminal.press("Ctrl-Z");
    terminal.wait_for("stopped", PATIENCE);
    terminal.wait_for("settings are back", PATIENCE);
    terminal.press("Enter");
    terminal.wait_for(READY, PATIENCE);
    terminal.press("Ctrl-C");
    terminal.wait_for("ended with 130", PATIENCE);
    terminal.exit_code(PATIENCE);
    assert_eq!(terminal.left_behind(), CLEAN);
}

#[test]
fn a_terminate_while_suspended_ends_it_in_the_background() {
    let shell = Shell::start(Path::new(env!("CARGO_BIN_EXE_rolecall")));
    shell.run("\"$program\" --demo");
    shell.terminal.wait_for(READY, PATIENCE);
    shell.suspend();
    // The shell sends SIGCONT as well. Touching the terminal now would stop the program again, with SIGTTOU.
    shell.run("kill -TERM %1; until jobs | grep -o 'Exit 14[3]'; do sleep 0.02; done");
    shell.terminal.wait_for("Exit 143", PATIENCE);
    assert_eq!(shell.terminal.modes_left_on(), CLEAN);
}

#[test]
fn it_survives_tiny_sizes_and_grows_back() {
    let terminal = demo();
    for size in [(40, 10), (20, 5), (2, 2), (1, 1)] {
        terminal.resize_and_settle(size);
        assert!(terminal.is_alive(), "{size:?}:\n{}", terminal.screen());
        assert!(!terminal.screen().is_empty(), "{size:?}: the screen says nothing");
        terminal.resize(STANDARD);
        terminal.wait_for(READY, PATIENCE);
    }
    terminal.press("Ctrl-C");
    assert_eq!(terminal.exit_code(PATIENCE), 130);
    assert_eq!(terminal.left_behind(), CLEAN);
}

#[test]
fn it_starts_in_tiny_sizes_and_grows() {
    for size in [(40, 10), (20, 5), (2, 2), (1, 1)] {
        let terminal = Terminal::spawn(&["--demo"], &[], size);
        terminal.wait_alternate_screen(true, PATIENCE);
        terminal.wait_until("something to see", PATIENCE, |output| !output.text().is_empty());
        terminal.press("Down Up");
        terminal.settle(Duration::from_millis(150));
        terminal.resize(STANDARD);
        terminal.wait_for(READY, PATIENCE);
        terminal.press("Ctrl-C");
        assert_eq!(terminal.exit_code(PATIENCE), 130, "{size:?}");
        assert_eq!(terminal.left_behind(), CLEAN, "{size:?}");
    }
}

#[test]
fn a_signal_at_a_tiny_size_is_as_clean() {
    let terminal = demo();
    terminal.resize_and_settle((1, 1));
    terminal.kill(Signal::TERM);
    assert_eq!(terminal.exit_code(PATIENCE), 143);
    assert_eq!(terminal.left_behind(), CLEAN);
}

#[test]
fn without_a_terminal_it_names_the_headless_twin() {
    let output = processes::run(&mut Command::new(env!("CARGO_BIN_EXE_rolecall"))).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("rolecall check"));
}

#[test]
fn in_continuous_integration_it_opens_no_screen() {
    let terminal = Terminal::spawn(&[], &[("CI", "true")], STANDARD);
    assert_eq!(terminal.exit_code(PATIENCE), 2);
    assert_eq!(terminal.left_behind(), CLEAN);
    assert!(terminal.screen().contains("rolecall check"), "{}", terminal.screen());
}
