//! The log of the real binary: what is in it, what never is, and that it stops nothing.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::terminal::{Launch, PATIENCE, STANDARD, Terminal};
use crate::walk::{fill_in, reach_the_secret};

fn check(home: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .arg("check")
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

fn read(path: &Path) -> String {
    assert_eq!(std::fs::metadata(path).unwrap().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(path).unwrap();
    assert!(!text.lines().any(rolecall::values::text::has_unsafe), "{text}");
    // Keys and session tokens are long runs of letters and digits; nothing else here is.
    let longest = text.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c))).map(str::len).max();
    assert!(longest < Some(60), "a token is in the log: {text}");
    text
}

#[test]
fn a_check_is_logged_without_anything_secret() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("rolecall.log");
    let named = path.to_str().unwrap();
    let arguments = ["--demo=quilt-healthy", "--external-id", "canary-external-id", "--log-file", named];
    let output = check(home.path(), &arguments, &[("TERM", "xterm")]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = read(&path);
    for word in [
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        "TERM=xterm",
        "sts:GetCallerIdentity",
        "secretsmanager:GetSecretValue",
        "status=200",
        "status=403",
        "code=\"AccessDenied\"",
        "request_id=",
        "attempt=1",
        "ask=Identity",
        "id=config/fields",
        "severity=\"ok\"",
        "ended code=0",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    for canary in ["canary-external-id", "demo-client-secret", "demo/operator", "AKIADEMO", "wqF4hT8mZsYe"] {
        assert!(!text.contains(canary), "{canary}: {text}");
    }
}

#[test]
fn a_write_is_logged_with_its_place_and_how_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rolecall.log");
    let arguments = ["--demo=quilt-no-secret", "--log-file", path.to_str().unwrap()];
    let terminal = Terminal::spawn(&arguments, &[], STANDARD);
    reach_the_secret(&terminal);
    fill_in(&terminal);
    terminal.wait_for("2 changes. Nothing has been written yet.", PATIENCE);
    terminal.press("y");
    terminal.wait_for("To undo", PATIENCE);
    terminal.press("q");
    assert_eq!(terminal.exit_code(PATIENCE), 0);
    let text = read(&path);
    let writes: Vec<&str> = text.lines().filter(|line| line.contains("rolecall::apply")).collect();
    assert_eq!(writes.len(), 2, "{text}");
    assert!(writes.iter().all(|line| line.contains("outcome=\"written\"")), "{writes:?}");
    assert!(writes[0].contains("benchling-webhook-prod in us-east-1"), "{writes:?}");
    assert!(writes[1].contains("/.config/benchling-webhook/default/config.json"), "{writes:?}");
    assert!(text.contains("columns=80") && !text.contains("canary"), "{text}");
}

#[test]
fn a_demo_leaves_no_log_and_a_users_run_does() {
    let home = tempfile::tempdir().unwrap();
    check(home.path(), &["--demo=fresh-account"], &[]);
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    let keys = [
        ("AWS_ACCESS_KEY_ID", "AKIACANARYCANARY0001"),
        ("AWS_SECRET_ACCESS_KEY", "canary-secret-access-key"),
        ("AWS_SESSION_TOKEN", "canary-session-token"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", "http://canary:canary@127.0.0.1:9"),
    ];
    let output = check(home.path(), &[], &keys);
    assert_eq!(output.status.code(), Some(3));
    let logs: Vec<_> = walk(home.path()).into_iter().filter(|path| path.ends_with("rolecall.log")).collect();
    let text = read(&logs[0]);
    assert!(text.contains("sts:GetCallerIdentity") && text.contains("failure="), "{text}");
    assert!(!text.to_lowercase().contains("canary"), "{text}");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn a_log_that_cannot_be_written_is_said_once_and_stops_nothing() {
    let home = tempfile::tempdir().unwrap();
    let named = home.path().join("no/such/folder/log");
    let arguments = ["--demo=quilt-healthy", "--log-file", named.to_str().unwrap()];
    let (without, with) = (check(home.path(), &arguments[..1], &[]), check(home.path(), &arguments, &[]));
    let lines = String::from_utf8(with.stderr).unwrap();
    assert_eq!(lines.lines().count(), 1, "{lines}");
    assert!(lines.contains("no log is kept") && lines.contains("no/such/folder/log"), "{lines}");
    assert_eq!((without.status.code(), with.status.code()), (Some(0), Some(0)));

    let launch = Launch::rolecall(&["--demo", "--log-file", home.path().to_str().unwrap()]);
    let terminal = launch.start();
    terminal.wait_for("Set up a config profile", PATIENCE);
    terminal.press("q");
    assert_eq!(terminal.exit_code(PATIENCE), 0);
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    let (said, screen) = (raw.find("no log is kept").unwrap(), raw.find("\u{1b}[?1049h").unwrap());
    assert!(said < screen, "it is said before the screen is opened");
}

#[test]
fn without_colour_none_is_sent_and_bold_stays() {
    let raw = |arguments: &[&str]| {
        let terminal = Terminal::spawn(arguments, &[], STANDARD);
        terminal.wait_for("Set up a config profile", PATIENCE);
        terminal.press("Enter");
        terminal.wait_for("access keys", PATIENCE);
        terminal.press("q");
        terminal.exit_code(PATIENCE);
        String::from_utf8_lossy(&terminal.raw()).into_owned()
    };
    // crossterm names all sixteen colours by number: `38;5;6` is cyan.
    let (colour, none) = (raw(&["--demo"]), raw(&["--demo", "--no-color"]));
    assert!(colour.contains("38;5;"), "the screen has colour otherwise");
    assert!(!none.contains("38;5;") && !none.contains("48;5;"), "{none:?}");
    assert!(none.contains("\u{1b}[1m"), "bold stays");
}
