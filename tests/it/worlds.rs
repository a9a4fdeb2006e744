//! Every demo world through the real binary: `check` gives exactly the findings that the world states.

use std::process::Command;

use rolecall::sandbox::World;
use serde_json::Value;

/// The exit code of `check` in each world (design: 0 fine, 1 findings, 3 could not tell).
const CODES: [(&str, i32); 5] =
    [("quilt-untouched", 1), ("quilt-no-secret", 1), ("quilt-healthy", 0), ("fresh-account", 1), ("secret-broken", 1)];

fn check(world: &str, arguments: &[&str]) -> (i32, String) {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["check", &format!("--demo={world}")])
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{world}: standard error stays empty");
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn each_world_gives_exactly_its_findings() {
    assert_eq!(World::names().len(), CODES.len());
    let schema = jsonschema::validator_for(&serde_json::from_str(rolecall::report::SCHEMA).unwrap()).unwrap();
    for (name, code) in CODES {
        let (actual, text) = check(name, &["--format", "json"]);
        let report: Value = serde_json::from_str(&text).unwrap();
        let faults: Vec<String> =
            schema.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(faults, Vec::<String>::new(), "{name}: the report is as its schema says");
        let found: Vec<String> = report["findings"].as_array().unwrap().iter().map(line).collect();
        let world = World::load(name).unwrap();
        let stated: Vec<String> = world
            .expected()
            .iter()
            .map(|finding| format!("{} {} {}", finding.severity.word(), finding.id, finding.subject))
            .collect();
        let (mut found, mut stated) = (found, stated);
        found.sort();
        stated.sort();
        assert_eq!(found.join("\n"), stated.join("\n"), "{name}");
        assert_eq!(actual, code, "{name}: exit code");
    }
}

fn line(finding: &Value) -> String {
    let text = |key: &str| finding[key].as_str().unwrap();
    format!("{} {} {}", text("severity"), text("id"), text("subject"))
}

#[test]
fn fail_on_warning_fails_earlier() {
    assert_eq!(check("quilt-healthy", &["--fail-on", "error"]).0, 0);
    let (_, text) = check("quilt-healthy", &["--format", "json"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    let warned = report["findings"].as_array().unwrap().iter().any(|finding| finding["severity"] == "warning");
    assert_eq!(check("quilt-healthy", &["--fail-on", "warning"]).0, i32::from(warned));
}

#[test]
fn the_text_says_the_same_as_the_json() {
    for (name, _) in CODES {
        let (_, json) = check(name, &["--format", "json"]);
        let (_, text) = check(name, &[]);
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for finding in serde_json::from_str::<Value>(&json).unwrap()["findings"].as_array().unwrap() {
            if matches!(finding["severity"].as_str(), Some("error" | "warning")) {
                let claim = finding["claim"].as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(flat.contains(&claim), "{name}: {claim}\n{text}");
            }
        }
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["check", "--demo=quilt-healthy"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn without_a_terminal_the_full_screen_program_names_check() {
    for arguments in [&["--demo"][..], &["setup", "--demo"], &["secret", "--demo"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(arguments)
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains("rolecall check"));
    }
}

#[test]
fn wrong_usage_is_said_and_nothing_is_begun() {
    for (arguments, word) in [
        (&["check", "--demo=no-such-world"][..], "quilt-untouched"),
        (&["check", "--demo", "--profile", "../etc"], "../etc"),
        (&["check", "--demo", "--stack", "arn:aws:cloudformation:us-east-1:1:stack/x/1"], "12 digits"),
        (&["check", "--demo", "--principal", "arn:aws:iam:111122223333:role/x"], "one colon"),
        (&["check", "--demo", "--external-id", "a b"], "2 to 1224"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_rolecall")).args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(word), "{arguments:?}: {text}");
        assert!(output.stdout.is_empty());
    }
}

/// Reading a FIFO blocks for ever: a demo that looked at the user's files would never end.
#[test]
fn a_demo_touches_no_file_of_the_users() {
    let home = tempfile::tempdir().unwrap();
    for file in [
        ".aws/config",
        ".aws/credentials",
        ".config/benchling-webhook/default/config.json",
        ".local/share/Quilt/config.yml",
    ] {
        let path = home.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["check", "--demo=quilt-healthy", "--format", "json"])
        .env_clear()
        .env("HOME", home.path())
        .env("AWS_PROFILE", "poisoned")
        .env("AWS_ACCESS_KEY_ID", "AKIAPOISONED")
        .env("AWS_SECRET_ACCESS_KEY", "poisoned")
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        .env("AWS_REGION", "mars-north-1")
        .env("XDG_CONFIG_HOME", home.path().join(".config"))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while child.try_wait().unwrap().is_none() {
        assert!(std::time::Instant::now() < deadline, "it waits on a file of the user's");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(!text.contains("poisoned") && !text.contains("mars-north-1"));
}
