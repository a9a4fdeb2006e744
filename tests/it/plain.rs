//! Plain mode, as it is heard: the real binary through pipes and on a pseudo-terminal, in demo worlds and against the emulator.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;

use crate::emulator::Emulator;
use crate::personas;
use crate::processes::starting;
use crate::quilt_template::{TaskPolicy, Trust, deploy_quilt, deploy_webhook};
use crate::said::flat;
use crate::terminal::{Launch, PATIENCE, Terminal};
use crate::writing::{VALUES, document};

pub const CANARY: &str = "canary-client-secret";
pub const CLEAN: [&str; 0] = [];
/// High enough that a whole question stands on it.
pub const TALL: (u16, u16) = (80, 60);

/// What one run said, and the code it ended with.
pub struct Heard {
    pub code: i32,
    pub text: String,
    pub complaints: String,
}

/// Runs plain mode with these lines on a pipe.
pub fn told(arguments: &[&str], variables: &[(&str, &str)], home: &Path, lines: &[&str]) -> Heard {
    let mut input = lines.join("\n");
    if !lines.is_empty() {
        input.push('\n');
    }
    let started = starting();
    let mut child = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("TMPDIR", home)
        .env("LANG", "C.UTF-8")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(started);
    // A program that leaves early has read enough.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    assert_plain(&output.stdout);
    Heard {
        code: output.status.code().unwrap(),
        text: flat(&String::from_utf8(output.stdout).unwrap()),
        complaints: String::from_utf8(output.stderr).unwrap(),
    }
}

pub fn demo(world: &str, command: &str, lines: &[&str]) -> Heard {
    let home = tempfile::tempdir().unwrap();
    told(&["--plain", &format!("--demo={world}"), command], &[], home.path(), lines)
}

/// Nothing but printable text and ends of lines: no control character, no escape sequence, no mark that turns the reading direction.
pub fn assert_plain(raw: &[u8]) {
    let text = std::str::from_utf8(raw).expect("the output is text");
    let lines = text.replace("\r\n", "\n");
    let odd = lines.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    });
    assert_eq!(odd, None, "{lines:?}");
}

/// Text that holds what is said, whatever the line breaks.
pub fn wait_for(terminal: &Terminal, text: &str, limit: Duration) {
    terminal.wait_until(&format!("the words {text:?}"), limit, |output| flat(&output.text()).contains(text));
}

/// Answers a question once it is asked, and is the last thing that was said.
pub fn answer(terminal: &Terminal, question: &str, answer: &str) {
    let asked = format!("the question {question:?}");
    terminal.wait_until(&asked, Duration::from_secs(60), |output| flat(&output.text()).ends_with(question));
    let said = terminal.raw().len();
    terminal.send(&format!("{answer}\r"));
    terminal.wait_until("an echo", PATIENCE, |output| output.raw.len() > said);
}

fn config_below(folder: &Path) -> Option<PathBuf> {
    let homes = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    homes.map(|home| home.join(".config/benchling-webhook/default/config.json")).find(|file| file.exists())
}

#[test]
fn the_first_line_says_that_it_is_on_and_every_question_can_be_heard_alone() {
    let heard = demo("quilt-no-secret", "setup", &[]);
    assert_eq!(heard.code, 0, "nothing was typed, so nothing is lost");
    assert!(heard.text.starts_with("Plain mode is on, by --plain:"), "{}", heard.text);
    for part in [
        "This is the demo world quilt-no-secret",
        "Step 1 of 7: AWS profile. ",
        "Which AWS profile shall be used? 4 choices. 1. audit: access keys, us-east-1.",
        "Number or name of the AWS profile (Enter: 4, staging):",
        "The input has ended, and so does rolecall. Nothing was written.",
    ] {
        assert!(heard.text.contains(part), "{part}:\n{}", heard.text);
    }
    assert!(heard.complaints.is_empty(), "{}", heard.complaints);
}

#[test]
fn set_up_on_a_terminal_writes_both_and_the_review_then_has_no_changes() {
    let launch = Launch::rolecall(&["--plain", "--demo=quilt-no-secret", "setup"]).size(TALL);
    let home = launch.home().to_owned();
    let terminal = launch.env("TMPDIR", &home).start();
    answer(&terminal, "(Enter: 4, staging):", "");
    answer(&terminal, "(Enter: default, new):", "");
    answer(&terminal, "(Enter: quilt-prod):", "");
    answer(&terminal, "(Enter: 1, go on to the secret):", "1");
    answer(&terminal, "(Enter: benchling-webhook-prod):", "");
    for (index, (key, value)) in VALUES.iter().enumerate() {
        let place = format!("{key}, value {} of the 11 that need an answer.", index + 1);
        terminal.wait_until(&place, PATIENCE, |output| {
            flat(&output.text()).contains(&place) && output.text().ends_with(':')
        });
        terminal.send(&format!("{value}\r"));
    }
    answer(&terminal, "(Enter: go on to the review):", "");
    wait_for(&terminal, "Write both? Type yes to write (Enter: no):", PATIENCE);
    assert_eq!(config_below(&home), None, "nothing is written before yes");
    answer(&terminal, "Write both? Type yes to write (Enter: no):", "yes");
    wait_for(&terminal, "The walk is over. b goes back to the review (Enter: leave):", PATIENCE);
    let said = flat(&terminal.screen());
    for part in ["To undo:", "aws secretsmanager delete-secret", "Next: rolecall check --profile default", "proven"] {
        assert!(said.contains(part), "{part}:\n{said}");
    }
    let config: serde_json::Value =
        serde_json::from_slice(&std::fs::read(config_below(&home).unwrap()).unwrap()).unwrap();
    assert_eq!(config["packages"]["bucket"], "quilt-user-bucket");
    answer(&terminal, "The walk is over. b goes back to the review (Enter: leave):", "b");
    wait_for(&terminal, "No changes: config.json and the secret are as they should be.", PATIENCE);
    answer(&terminal, "What next? b goes back, q leaves (Enter: leave):", "");
    assert_eq!(terminal.exit_code(PATIENCE), 0);
    assert_eq!(terminal.left_behind(), CLEAN);
    let raw = terminal.raw();
    assert_plain(&raw);
    assert!(!String::from_utf8_lossy(&raw).contains(CANARY), "the client secret is neither echoed nor said");
}

#[test]
fn diagnose_names_the_side_that_refuses_and_enter_leaves() {
    let heard = demo("quilt-untouched", "diagnose", &["3", "2", ""]);
    assert_eq!(heard.code, 0);
    for part in [
        "You are user/operator in account 1111-2222-3333, region us-east-1.",
        "The webhook can assume neither of the two roles of quilt-prod.",
        "Role 1 of 2, the read role: ReadQuiltV2-quilt-prod",
        "The role's trust policy refuses: names 6 principals, this is none of them; statement 1.",
        "The webhook's own policy refuses: allows *-T4BucketReadRole-*",
        "AccessDenied. That is as it should be: production trusts no person.",
        "To cure it, 4 things: 1. Name arn:aws:iam::111122223333:role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6 in trust statement 1 (proven: ",
        "Role 2 of 2, the write role: ReadWriteQuiltV2-quilt-prod",
        "fails on Principal: expected arn:aws:iam::111122223333:role/quilt-prod-AmazonECSTaskExecutionRole",
        "Nothing was written.",
    ] {
        assert!(heard.text.contains(part), "{part}:\n{}", heard.text);
    }
}

#[test]
fn a_message_is_read_and_diagnosed_with_each_kind_of_evidence_said_apart() {
    let message = "An error occurred (AccessDenied) when calling the AssumeRole operation: User: \
                   arn:aws:iam::111122223333:user/operator is not authorized to perform: sts:AssumeRole on resource: \
                   arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod";
    let heard = demo("quilt-untouched", "diagnose", &[message, ""]);
    assert_eq!(heard.code, 0);
    for part in [
        "Which access was denied? 3 choices. 1. ReadQuiltV2-quilt-prod of account 1111-2222-3333: read role of stack quilt-prod.",
        "The message, who: user/operator of 1111-2222-3333.",
        "The message, on: role/ReadQuiltV2-quilt-prod of 1111-2222-3333.",
        "The path to ReadQuiltV2-quilt-prod.",
        "You, user/operator, and role ReadQuiltV2-quilt-prod: denied.",
        "The live call: AccessDenied.",
        "The trust policy alone:",
        "The caller's own policies alone:",
        "To cure it",
        "What next? 3 choices. 1. Leave. 2. Ask AWS again. 3. Diagnose another access.",
        "Nothing was written.",
    ] {
        assert!(heard.text.contains(part), "{part}:\n{}", heard.text);
    }
}

#[test]
fn the_wanted_external_id_is_sent_after_a_typed_yes_only() {
    let heard = demo("deny-external-id-missing", "diagnose", &["3", "", "3", "yes", ""]);
    assert_eq!(heard.code, 0, "{}", heard.text);
    assert_eq!(heard.text.matches("Nothing was sent.").count(), 1, "{}", heard.text);
    let (before, after) = heard.text.split_once("Nothing was sent.").unwrap();
    assert!(!before.contains("with the wanted external ID"), "{before}");
    assert!(after.contains("external ID"), "{after}");
}

#[test]
fn only_what_is_wrong_with_a_secret_is_asked_and_the_cured_secret_is_proven() {
    let heard = demo("secret-broken", "secret", &["", "", "", "acme", "", "", "", "yes", ""]);
    assert_eq!(heard.code, 0, "{}", heard.text);
    for part in [
        "2 of 11 values would stop the service at start-up.",
        "2. CLIENT_SECRET: hidden.",
        "3. TENANT: acme corp. Wrong: more than one word; acme-corp?",
        "TENANT, value 1 of the 3 that need an answer.",
        "LOG_LEVEL, value 2 of the 3 that need an answer.",
        "LOG_LEVEL: take INFO instead? Type yes or no (Enter: yes):",
        "TENANT changes from acme corp to acme LOG_LEVEL changes from info to INFO",
        "8 lines stay as before",
        "Right: All 11 values are valid.",
    ] {
        assert!(heard.text.contains(part), "{part}:\n{}", heard.text);
    }
    assert!(!heard.text.contains("demo-client-secret"), "what the secret holds is not said");
}

#[test]
fn a_wrong_answer_is_told_why_and_asked_again() {
    let lines = [
        "9",
        "nobody",
        "a", // AWS profile: no such number, no such name, a part of several
        "4",
        "../prod",
        "x/y",
        "", // config profile: no path
        "no-such-stack",
        "99",
        "", // stack
        "8",
        "1",
        "bad name",
        "", // roles, secret
        "x y",
        "wqFabcdefgYe",
        "ghost client", // values
    ];
    let heard = demo("quilt-no-secret", "setup", &lines);
    assert_eq!(heard.code, 3, "CLIENT_ID was typed and is lost");
    for part in [
        "There is no number 9 here: type a number from 1 to 4, or a name.",
        "Nothing in the list is called nobody",
        "a fits 3 of the names",
        "That cannot be the name of a config profile: `.` may not be in it",
        "None of the 62 stacks matches no-such-stack. To take it as the name of a stack that is not listed, type =no-such-stack",
        "There is no number 99 here: type 1, or the name.",
        "There is no number 8 here: type a number from 1 to 7",
        "That cannot be a secret's name: ` ` may not be in it",
        "That is not valid:",
        "The input has ended, and so does rolecall. What was typed is lost. Nothing was written.",
    ] {
        assert!(heard.text.contains(part), "{part}:\n{}", heard.text);
    }
    assert!(!heard.text.contains("ghost client"), "a secret that is not valid is not said either");
}

#[test]
fn back_leads_through_the_same_steps_and_help_explains_each() {
    let lines = ["b", "?", "1", "4", "?", "", "?", "b", "b", "b", "r", "b", "q"];
    let heard = demo("quilt-no-secret", "setup", &lines);
    assert_eq!(heard.code, 0);
    // Each system, a diagnosis, a secret.
    let jobs = format!("What shall be done? {} choices.", rolecall::systems::NAMES.len() + 2);
    for part in [
        jobs.as_str(),
        "A system is looked at as a whole",
        "A config profile is a folder below benchling-webhook",
        "The stack is the CloudFormation stack of Quilt",
        "b goes back, r looks it up again, q leaves",
        "This is the first question; q leaves.",
    ] {
        assert!(heard.text.contains(part), "{part}:\n{}", heard.text);
    }
    assert_eq!(heard.text.matches("Step 1 of 7").count(), 3, "{}", heard.text);
    assert_eq!(heard.text.matches("Step 2 of 7").count(), 2, "{}", heard.text);
    assert_eq!(
        heard.text.matches("What shall be done?").count(),
        4,
        "r says it anew, and b at the first: {}",
        heard.text
    );
}

#[test]
fn leaving_asks_first_when_something_typed_would_be_lost() {
    let lines = ["4", "", "", "1", "", "wqFabcdefgYe", "q", "no", "q", "yes"];
    let heard = demo("quilt-no-secret", "setup", &lines);
    assert_eq!(heard.code, 0, "the user said so");
    assert_eq!(heard.text.matches("leaving loses it").count(), 2, "{}", heard.text);
    assert!(heard.text.ends_with("Nothing was written."), "{}", heard.text);
}

#[test]
fn neither_enter_nor_no_nor_a_word_writes_and_changes_can_be_left_out() {
    let home = tempfile::tempdir().unwrap();
    let lines = ["", "", "", "acme", "", "", "", "", "no", "ja", "2", "packages.bucket", "2", "packages.bucket", "a"];
    let heard = told(&["--plain", "--demo=secret-broken", "secret"], &[], home.path(), &lines);
    assert_eq!(heard.code, 3);
    assert_eq!(heard.text.matches("Nothing was written; every answer is kept.").count(), 2, "{}", heard.text);
    for part in [
        "That is neither yes nor no, nor a number of the 2 changes",
        "Change 2 of 2: config.json of config profile default, left out.",
        "Write the secret? Type yes to write",
        "packages.bucket is left out.",
        "CLIENT_SECRET stays as it is; its value is hidden.",
    ] {
        assert!(heard.text.contains(part), "{part}:\n{}", heard.text);
    }
    assert_eq!(heard.text.matches("Writing ").count(), 0, "{}", heard.text);
}

#[test]
fn values_come_from_a_file_or_are_left_for_later_and_a_plan_with_gaps_cannot_be_written() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("secret.json");
    let mut values = document();
    values.as_object_mut().unwrap().remove("PKG_KEY");
    std::fs::write(&file, values.to_string()).unwrap();
    let file = file.display().to_string();
    let lines = ["4", "", "", "", "", "f", &file, "s", "", "", "q", "yes"];
    let heard = told(&["--plain", "--demo=quilt-no-secret", "setup"], &[], home.path(), &lines);
    assert_eq!(heard.code, 0);
    for part in [
        "10 of 11 values were read from the file.",
        "PKG_KEY, the only value that needs an answer.",
        "1 of 11 values still needs an answer.",
        "PKG_KEY has no value yet; the secret needs all 11.",
        "It cannot be written",
        "(Enter: go back to the values):",
    ] {
        assert!(heard.text.contains(part), "{part}:\n{}", heard.text);
    }
    assert!(!heard.text.contains(CANARY));
}

#[test]
fn a_part_of_a_name_finds_the_stack_and_a_role_may_be_typed() {
    let role = "arn:aws:iam::111122223333:role/quilt-reader-of-mine";
    let lines = ["4", "", "acme.example", "", "3", "nonsense", role, "b", "q"];
    let heard = demo("quilt-no-secret", "setup", &lines);
    assert_eq!(heard.code, 0);
    for part in ["1 stack matches acme.example; b takes that back.", "ARN of the read role", "quilt-reader-of-mine"] {
        assert!(heard.text.contains(part), "{part}:\n{}", heard.text);
    }
}

/// A service that takes every connection and answers none.
fn silent_service() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// On a terminal, asking a service that does not answer.
fn waiting(url: &str) -> Terminal {
    let launch = Launch::rolecall(&["--plain", "setup"]).size(TALL).env("AWS_ENDPOINT_URL", url);
    let folder = launch.home().join(".aws");
    std::fs::create_dir_all(&folder).unwrap();
    let keys = "[default]\naws_access_key_id = AKIAEXAMPLE000000001\naws_secret_access_key = canary-access-key\nregion = us-east-1\n";
    std::fs::write(folder.join("credentials"), keys).unwrap();
    let terminal = launch.start();
    answer(&terminal, "(Enter: 1, default):", "");
    wait_for(&terminal, "Asking AWS who this is...", PATIENCE);
    terminal
}

#[test]
fn a_long_look_up_says_so_every_ten_seconds_and_control_c_leaves_at_once() {
    let (_service, url) = silent_service();
    let terminal = waiting(&url);
    wait_for(&terminal, "Still waiting: GetCallerIdentity, 10 s. Type x and Enter to stop it.", PATIENCE);
    terminal.press("Ctrl-C");
    assert_eq!(terminal.exit_code(Duration::from_secs(5)), 130);
    assert_eq!(terminal.left_behind(), CLEAN);
    assert_plain(&terminal.raw());
    let text = flat(&terminal.screen());
    assert!(text.contains("All calls go to the endpoint http://127.0.0.1"), "{text}");
    assert!(!text.contains("canary-access-key"));
}

#[test]
fn x_stops_a_look_up_and_the_question_is_asked_again() {
    let (_service, url) = silent_service();
    let terminal = waiting(&url);
    terminal.send("x\r");
    wait_for(&terminal, "Stopped. r looks it up again.", PATIENCE);
    answer(&terminal, "(Enter: 1, default):", "q");
    assert_eq!(terminal.exit_code(PATIENCE), 0);
    assert_plain(&terminal.raw());
}

/// On a terminal, at the question whose answer is not shown.
fn at_the_client_secret() -> Terminal {
    let terminal = Launch::rolecall(&["--plain", "--demo=quilt-no-secret", "secret"]).size(TALL).start();
    answer(&terminal, "(Enter: 1, nothing to bring along):", "");
    answer(&terminal, "(Enter: benchling-webhook-prod):", "");
    answer(&terminal, "nothing here tells which runtime it is):", "");
    answer(&terminal, "(Enter: aws/secretsmanager):", "");
    wait_for(&terminal, "CLIENT_ID, value 1 of the 11", PATIENCE);
    answer(&terminal, "CLIENT_ID:", "wqFabcdefgYe");
    wait_for(&terminal, "CLIENT_SECRET, not shown while you type:", PATIENCE);
    terminal.settle(Duration::from_millis(100));
    terminal.send("canary-half-typed");
    terminal.settle(Duration::from_millis(100));
    terminal
}

#[test]
fn however_it_ends_at_a_hidden_answer_the_echo_comes_back() {
    for (signal, code) in [(None, 130), (Some(Signal::TERM), 143), (Some(Signal::HUP), 129)] {
        let terminal = at_the_client_secret();
        assert_ne!(terminal.left_behind(), CLEAN, "the echo is off");
        match signal {
            None => terminal.press("Ctrl-C"),
            Some(signal) => terminal.kill(signal),
        }
        assert_eq!(terminal.exit_code(PATIENCE), code);
        assert_eq!(terminal.left_behind(), CLEAN, "{signal:?}");
        let raw = terminal.raw();
        assert!(!String::from_utf8_lossy(&raw).contains("canary"));
        assert_plain(&raw);
    }
}

#[test]
fn the_end_of_input_on_a_terminal_ends_politely() {
    let terminal = at_the_client_secret();
    // Within a line the key sends what was typed; at the beginning of one it is the end.
    terminal.press("Ctrl-D Ctrl-D");
    terminal.settle(Duration::from_millis(100));
    terminal.press("Ctrl-D");
    assert_eq!(terminal.exit_code(PATIENCE), 3, "CLIENT_ID is lost");
    wait_for(&terminal, "What was typed is lost. Nothing was written.", PATIENCE);
    assert_eq!(terminal.left_behind(), CLEAN);
    assert!(!String::from_utf8_lossy(&terminal.raw()).contains("canary"));
}

#[test]
fn a_dumb_terminal_is_asked_in_plain_mode_and_ci_only_with_the_flag() {
    let terminal = Terminal::spawn(&["--demo"], &[("TERM", "dumb")], TALL);
    wait_for(&terminal, "Plain mode is on, because TERM is dumb:", PATIENCE);
    answer(&terminal, "(Enter: 1, Quilt and its webhook):", "q");
    assert_eq!(terminal.exit_code(PATIENCE), 0);
    assert_plain(&terminal.raw());

    let home = tempfile::tempdir().unwrap();
    let refused = told(&["--demo"], &[("CI", "true"), ("TERM", "dumb")], home.path(), &[]);
    assert_eq!((refused.code, refused.text.as_str()), (2, ""));
    assert!(refused.complaints.contains("rolecall check"));
    let allowed = told(&["--plain", "--demo"], &[("CI", "true")], home.path(), &["q"]);
    assert_eq!(allowed.code, 0, "{}", allowed.text);
}

#[test]
fn a_line_that_is_no_text_or_far_too_long_is_asked_again() {
    let home = tempfile::tempdir().unwrap();
    let long = "x".repeat(70_000);
    let heard = told(&["--plain", "--demo", "setup"], &[], home.path(), &[&long, "\u{1b}[2J\u{202e}", "q"]);
    assert_eq!(heard.code, 0);
    assert!(heard.text.contains("longer than 65,536 bytes"), "{}", heard.text);
    assert!(heard.text.contains(r"called \u{1b}[2J\u{202e}"), "shown, not sent: {}", heard.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_the_same_answers_write_both_and_a_second_run_has_no_changes() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let operator = personas::operator(&account).await;
    let webhook = deploy_webhook(&account, "BenchlingWebhookStack", TaskPolicy::RealNames).await;
    let stack = deploy_quilt(&account, "quilt-prod", &Trust::Role(webhook)).await;
    let home = tempfile::tempdir().unwrap();
    account.write_aws_profiles(home.path(), &[("default", &operator.keys)]);
    let path = home.path().to_owned();
    let (first, again) = tokio::task::spawn_blocking(move || {
        let mut lines = vec!["", "", "", "", ""];
        lines.extend(VALUES.iter().map(|(_, value)| *value));
        lines.extend(["", "yes", ""]);
        let first = told(&["--plain", "setup"], &[], &path, &lines);
        (first, told(&["--plain", "setup"], &[], &path, &["", "", "", "", "", "", ""]))
    })
    .await
    .unwrap();
    assert_eq!(first.code, 0, "{}", first.text);
    assert_eq!(again.code, 0, "{}", again.text);
    assert!(again.text.contains("No changes: config.json and the secret are as they should be."), "{}", again.text);
    let secret = account.read_back("benchling-webhook-prod");
    assert_eq!(secret.current(), document(), "exactly the 11 keys");
    assert_eq!(secret.versions.len(), 1, "the second run wrote nothing");
    let config = home.path().join(".config/benchling-webhook/default/config.json");
    let config: serde_json::Value = serde_json::from_slice(&std::fs::read(config).unwrap()).unwrap();
    assert_eq!(config["quilt"]["stackArn"], stack.arn);
    for heard in [&first, &again] {
        for canary in [CANARY, operator.keys.secret_access_key.as_str()] {
            assert!(!heard.text.contains(canary) && !heard.complaints.contains(canary), "a secret was said");
        }
    }
}
