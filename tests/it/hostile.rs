//! `hostile-names`: every text that AWS or a file can hold is made to deceive. What reaches the terminal or a pipe is read byte by byte.

use std::process::Command;

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
    terminal.wait_for("/ quilt", PATIENCE);
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
    for (format, longest) in [("text", 120_000), ("json", 400_000), ("markdown", 400_000), ("html", 400_000)] {
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
