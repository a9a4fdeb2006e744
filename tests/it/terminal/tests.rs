//! The harness sees what a terminal would.

use std::time::Duration;

use rustix::process::Signal;

use super::{Launch, PATIENCE, Terminal};

fn shell(script: &str) -> Terminal {
    Launch::program("/bin/sh", &["-c", script]).start()
}

/// Puts the terminal in raw mode and prints `length` bytes of what arrives, an escape as `^[`.
fn echo_raw(before: &str, length: usize) -> Terminal {
    shell(&format!("stty raw -echo; printf '{before}'; dd bs=1 count={length} 2>/dev/null | cat -v"))
}

#[test]
fn text_goes_in_and_comes_out_and_the_code_is_seen() {
    let terminal = shell("printf 'name? '; read -r name; echo \"hello $name\"; exit 7");
    terminal.wait_for("name?", PATIENCE);
    terminal.send("world");
    terminal.press("Enter");
    terminal.wait_for("hello world", PATIENCE);
    assert_eq!(terminal.exit_code(PATIENCE), 7);
    assert_eq!(terminal.screen(), "name? world\nhello world");
    assert_eq!(String::from_utf8(terminal.raw()).unwrap(), "name? world\r\nhello world\r\n");
    assert!(!terminal.is_alive());
}

#[test]
fn nothing_is_in_the_environment_but_what_was_given() {
    let launch = Launch::program("/usr/bin/env", &[]).env("GIVEN", "1").env("LANG", "C");
    let home = launch.home().to_owned();
    let terminal = launch.start();
    assert_eq!(terminal.exit_code(PATIENCE), 0);
    let mut lines: Vec<String> = terminal.screen().lines().map(str::to_owned).collect();
    lines.sort();
    let home = format!("HOME={}", home.display());
    assert_eq!(lines, ["GIVEN=1", &home, "LANG=C", "PATH=/usr/bin:/bin", "SHELL=/bin/sh", "TERM=xterm-256color"]);
}

#[test]
fn a_program_that_ends_by_a_signal_has_the_shells_code() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let terminal = shell("echo ready; exec cat");
        terminal.wait_for("ready", PATIENCE);
        terminal.kill(signal);
        assert_eq!(terminal.exit_code(PATIENCE), code);
    }
}

#[test]
fn the_program_learns_its_size() {
    let terminal = shell("stty size; while read -r line; do stty size; done");
    terminal.wait_for("24 80", PATIENCE);
    terminal.resize((5, 3));
    terminal.press("Enter");
    terminal.wait_for("3 5", PATIENCE);
    terminal.resize((1, 1));
    terminal.resize((120, 40));
    terminal.press("Enter");
    terminal.wait_for("40 120", PATIENCE);
}

#[test]
fn the_cursors_position_is_told() {
    let terminal = echo_raw(r"\033[2J\033[3;5Hab\033[6n", 6);
    terminal.wait_for("^[[3;7R", PATIENCE);
}

#[test]
fn questions_are_answered_in_the_order_they_were_asked() {
    let terminal = echo_raw(r"\033]11;?\007\033[c", 34);
    terminal.wait_for(r"^[]11;rgb:0000/0000/0000^[\^[[?62;22c", PATIENCE);
}

#[test]
fn a_paste_is_bracketed_when_that_was_asked_for() {
    let plain = echo_raw("go", 3);
    plain.wait_for("go", PATIENCE);
    plain.paste("a\tb");
    plain.wait_for("a     b", PATIENCE);
    let bracketed = echo_raw(r"\033[?2004hgo", 13);
    bracketed.wait_for("go", PATIENCE);
    bracketed.paste("x");
    bracketed.wait_for("^[[200~x^[[201~", PATIENCE);
}

#[test]
fn control_keys_reach_the_program_as_signals() {
    let terminal = shell("echo ready; exec cat");
    terminal.wait_for("ready", PATIENCE);
    terminal.press("Ctrl-C");
    assert_eq!(terminal.exit_code(PATIENCE), 130);
}

#[test]
fn a_terminal_that_is_not_given_back_is_noticed() {
    let broken = shell(r"stty raw -echo; printf '\033[?1049h\033[?25l\033[?2004h\033[?1000;1006h\033[>1ubye'");
    assert_eq!(broken.exit_code(PATIENCE), 0);
    let left = broken.left_behind();
    for what in ["alternate screen", "cursor hidden", "bracketed paste", "mouse capture", "keyboard protocol"] {
        assert!(left.iter().any(|left| left == what), "{what} is not in {left:?}");
    }
    assert!(left.iter().any(|left| left.starts_with("terminal settings")), "{left:?}");

    let sane = shell(
        r#"was=$(stty -g); stty raw -echo; printf '\033[?1049h\033[?25l\033[?2004h\033[>1u'
        printf '\033[<u\033[?2004l\033[?25h\033[?1049l'; stty "$was""#,
    );
    assert_eq!(sane.exit_code(PATIENCE), 0);
    assert_eq!(sane.left_behind(), [] as [&str; 0]);
}

#[test]
fn waiting_follows_the_screen() {
    let terminal = shell(
        r"printf 'first'; read -r line; printf '\033[?1049h\033[2J\033[Hsecond'; read -r line; printf '\033[?1049l'; exec cat",
    );
    terminal.wait_for("first", PATIENCE);
    terminal.press("Enter");
    terminal.wait_alternate_screen(true, PATIENCE);
    terminal.wait_for("second", PATIENCE);
    terminal.wait_gone("first", PATIENCE);
    terminal.press("Enter");
    terminal.wait_alternate_screen(false, PATIENCE);
    terminal.wait_for("first", PATIENCE);
    terminal.settle(Duration::from_millis(50));
    assert!(terminal.is_alive());
}

#[test]
#[should_panic(expected = "waiting for the text \"never\", but it ended with 3; the screen:\nonly this")]
fn waiting_ends_when_the_program_does() {
    shell("echo only this; exit 3").wait_for("never", PATIENCE);
}

#[test]
fn a_home_is_fresh_unless_it_is_shared() {
    let first = shell("echo kept > file; pwd");
    first.exit_code(PATIENCE);
    assert_eq!(std::fs::read_to_string(first.home().join("file")).unwrap(), "kept\n");
    let second = Launch::program("/bin/sh", &["-c", "cat ~/file"]).in_home_of(&first).start();
    assert_eq!(second.exit_code(PATIENCE), 0);
    assert_eq!(second.screen(), "kept");
    assert_ne!(shell("cat ~/file").exit_code(PATIENCE), 0);
}

#[test]
fn keys_have_names() {
    let terminal = echo_raw("go", 15);
    terminal.wait_for("go", PATIENCE);
    terminal.press("x Up BackTab Delete Ctrl-C Esc Enter Backspace");
    terminal.wait_for("x^[[A^[[Z^[[3~^C^[^M^?", PATIENCE);
}
