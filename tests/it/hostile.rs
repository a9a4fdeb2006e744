//! `hostile-names`: every text that AWS or a file can hold is made to deceive. What reaches the terminal or a pipe is read byte by byte.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::raw_bytes::{Sink, strangers};
use crate::terminal::{Launch, PATIENCE, STANDARD, Size, Terminal};

/// Walks through every screen and every drawer, and leaves.
fn walk(size: Size) -> Terminal {
    let terminal = Launch::rolecall(&["--demo=hostile-names"]).size(size).start();
    let go = |keys: &str, until: &str| {
        terminal.press(keys);
        terminal.wait_for(until, PATIENCE);
    };
    terminal.wait_for("Quilt catalog", PATIENCE);
    go("?", "Keys on this page");
    terminal.press("Esc");
    terminal.wait_gone("Keys on this page", PATIENCE);
    go("C", "Name of the config profile");
    terminal.press("Down Up");
    terminal.press("Esc");
    terminal.wait_gone("Name of the config profile", PATIENCE);
    go("Enter", "You are user/operator");
    terminal.wait_gone("asking AWS", PATIENCE);
    // Each AWS profile has its detail.
    terminal.press("Up Up Up Down Down Down Down");
    go("g", "Region (empty");
    terminal.press("Down Down Up Esc");
    terminal.wait_gone("Region (empty", PATIENCE);
    go("n", "Quilt stacks");
    terminal.wait_gone("asking AWS", PATIENCE);
    terminal.press("Up Up Down Down Down");
    go("/", "64 of 64");
    terminal.send("quilt");
    terminal.wait_gone("64 of 64", PATIENCE);
    terminal.press("Down Down Esc");
    terminal.wait_gone("/ quilt", PATIENCE);
    go("n", "T4BucketWriteRole");
    terminal.press("Space Down Down Down PageDown PageDown PageUp Up Up Space");
    go("n", "CLIENT_SECRET");
    terminal.wait_for("would stop the service", PATIENCE);
    for _ in 0..13 {
        terminal.press("Down v");
    }
    terminal.press("Up Up");
    go("s", "Secret: one of this region");
    terminal.press("Down Down Down Up Esc");
    terminal.wait_gone("Secret: one of this region", PATIENCE);
    go("Home Down Down Enter", "take it, next");
    terminal.paste("typed\u{1b}[31m\u{202e}\u{7}");
    terminal.press("Esc");
    terminal.wait_gone("take it, next", PATIENCE);
    go("n", "Not ready to be written yet");
    terminal.press("Space Down Down Down PageDown PageDown End Home");
    terminal.settle(std::time::Duration::from_millis(100));
    terminal.press("Ctrl-C");
    assert_eq!(terminal.exit_code(PATIENCE), 130);
    terminal
}

fn nothing_strange(terminal: &Terminal) {
    let raw = terminal.raw();
    assert!(raw.len() > 20_000, "the whole walk was drawn");
    let strange = strangers(&raw, Sink::Terminal);
    assert_eq!(strange, Vec::<String>::new());
    let text = String::from_utf8(raw).unwrap();
    assert!(text.contains("\\u{1b}") && text.contains("\\u{202e}"), "what was made harmless is seen to be there");
    for sent in ["\x1b]", "demo-client-secret"] {
        assert!(!text.contains(sent), "{sent:?}");
    }
}

#[test]
fn nothing_but_text_and_own_styling_reaches_a_terminal() {
    nothing_strange(&walk(STANDARD));
}

#[test]
fn nothing_but_text_and_own_styling_reaches_a_wide_terminal() {
    nothing_strange(&walk((120, 40)));
}

#[test]
fn nothing_but_text_is_in_a_report() {
    for (format, longest) in [("text", 120_000), ("json", 400_000)] {
        let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(["check", "--demo=hostile-names", "--format", format])
            .env_clear()
            .output()
            .unwrap();
        assert_eq!(strangers(&output.stdout, Sink::Text), Vec::<String>::new(), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
        assert!((4_000..longest).contains(&output.stdout.len()), "{format}: {} bytes", output.stdout.len());
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            text.contains("u{1b}") && text.contains("u{202e}"),
            "{format}: what was made harmless is seen to be there"
        );
        assert!(!text.contains("demo-client-secret"), "{format}");
    }
}

/// Everything else that prints: the plain walk with each of its answers wrong, the effective configuration, a plan, and the log of it all.
#[test]
fn nothing_but_text_is_printed_line_by_line_or_logged() {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("run.log");
    let answers = home.path().join("answers.json");
    std::fs::write(&answers, "{}").unwrap();
    let answers = answers.to_str().unwrap();
    for (arguments, typed) in [
        (&["--plain", "setup"][..], "\n\n\n2\n\n\n\n\n\n\n"),
        (&["--plain", "diagnose"], "2\n\n?\n\u{1b}[2J\n\n"),
        (&["--plain", "secret"], "\n\u{202e}\n\n\n"),
        (&["print", "config"], ""),
        (&["print", "config", "--format", "json"], ""),
        (&["setup", "--answers", answers], ""),
        (&["setup", "--answers", answers, "--format", "json"], ""),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(arguments)
            .args(["--demo=hostile-names", "--log-file"])
            .arg(&log)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        for printed in [&output.stdout, &output.stderr] {
            assert_eq!(strangers(printed, Sink::Text), Vec::<String>::new(), "{arguments:?}");
            assert!(!String::from_utf8_lossy(printed).contains("demo-client-secret"), "{arguments:?}");
        }
        assert!(output.stdout.len() > 300, "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let logged = std::fs::read(&log).unwrap();
    assert!(logged.len() > 1_000);
    assert_eq!(strangers(&logged, Sink::Text), Vec::<String>::new(), "the log");
    assert!(!String::from_utf8_lossy(&logged).contains("demo-client-secret"));
}
