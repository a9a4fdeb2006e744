//! `rolecall setup --answers` as a user and a build runs it: in demo worlds, each process with a world of its own, and over HTTP against the
//! emulator, where what was written is read back by a client that shares no code with the program.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rolecall::commands::setup::SCHEMA;
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::personas;
use crate::processes;
use crate::quilt_template::{TaskPolicy, Trust, deploy_quilt, deploy_webhook};
use crate::said::Said;
use crate::terminal::{PATIENCE, STANDARD, Terminal};
use crate::writing::{VALUES, document};

const NO_SECRET: &str = "--demo=quilt-no-secret";

/// A place for files of answers, and a home that the demo must not look at.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn home(&self) -> &Path {
        self.folder.path()
    }

    fn file(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("answers.jsonc");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        path
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command.arg("setup").args(arguments).env_clear().env("HOME", self.home());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn setup(&self, arguments: &[&str]) -> Said {
        self.setup_with(arguments, "")
    }

    fn setup_with(&self, arguments: &[&str], input: &str) -> Said {
        run(&mut self.command(arguments), input)
    }

    /// The plan of a file of answers in a demo world.
    fn plan(&self, file: &Path, more: &[&str]) -> Said {
        self.setup(&[&["--answers", file.to_str().unwrap()], more].concat())
    }

    fn write(&self, file: &Path, id: &str, more: &[&str]) -> Said {
        self.plan(file, &[&["--plan-id", id, "--yes"], more].concat())
    }
}

/// What was said, none of which may hold a secret.
fn said(output: Output) -> Said {
    let said = Said::of(output);
    for text in [&said.out, &said.err] {
        assert!(!text.contains("canary"), "a secret was printed:\n{text}");
        assert!(!text.contains('\u{1b}'), "an escape sequence was printed:\n{text}");
    }
    said
}

fn run(command: &mut Command, input: &str) -> Said {
    said(processes::run_with(command, input.as_bytes()).unwrap())
}

/// What `rolecall print answers` prints.
fn template() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rolecall")).args(["print", "answers"]).env_clear().output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), [].as_slice()));
    String::from_utf8(output.stdout).unwrap()
}

/// The template as a newcomer fills it in.
fn filled() -> String {
    VALUES.iter().fold(template(), |text, (key, value)| {
        let (before, after) = (format!("\"{}\": null", key.name()), format!("\"{}\": \"{value}\"", key.name()));
        assert_eq!(text.matches(&before).count(), 1, "{before}");
        text.replace(&before, &after)
    })
}

#[test]
fn the_template_filled_in_leads_to_a_plan_and_its_id_to_exactly_that_written() {
    let desk = Desk::new();
    let file = desk.file(&filled());
    let plan = desk.plan(&file, &[NO_SECRET]).expect(4);
    assert_eq!(plan.err, "");
    for part in [
        "2 changes. Nothing has been written yet.",
        "1  secret benchling-webhook-prod: new secret",
        "+ CLIENT_SECRET                ********",
        "2  config.json of config profile default: new file, 0600",
        "+ benchling.clientId           wqF***Ye",
        "secret/exists of benchling-webhook-prod",
        "can be written. The errors above do not stop that.",
    ] {
        assert!(plan.out.contains(part), "{part}\n{}", plan.out);
    }
    let again = desk.plan(&file, &[NO_SECRET]).expect(4);
    assert_eq!(again.id(), plan.id(), "each process has a home and a world of its own, and the plan is the same");

    let written = desk.write(&file, &plan.id(), &[NO_SECRET]).expect(0);
    for part in [
        "written: secret benchling-webhook-prod: created as version",
        "written: config.json of config profile default: /",
        "to undo:\n  rm /",
        "  aws secretsmanager delete-secret",
        "Everything that was checked is right.",
    ] {
        assert!(written.out.contains(part), "{part}\n{}", written.out);
    }
    assert!(!desk.home().join(".config").exists(), "a demo writes to a home of its own");
}

#[test]
fn a_config_json_that_was_there_is_kept_as_a_backup_that_is_named() {
    let desk = Desk::new();
    let file = desk.file(&filled());
    let plan = desk.plan(&file, &["--demo=secret-broken"]).expect(4);
    assert!(plan.out.contains("only if version") && plan.out.contains("-> INFO"), "{}", plan.out);
    let written = desk.write(&file, &plan.id(), &["--demo=secret-broken"]);
    assert!(written.out.contains("config.json; as it was before: /"), "{}", written.out);
    assert!(written.out.contains(".backup") && written.out.contains("update-secret-version-stage"), "{}", written.out);
    let check = run(
        Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(["check", "--demo=quilt-healthy"])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped()),
        "",
    );
    assert_eq!(written.code, check.code, "as check says of the world that is in order now:\n{}", written.out);
}

#[test]
fn where_all_is_as_it_should_be_there_are_no_changes() {
    let desk = Desk::new();
    let file = desk.file(&template());
    let said = desk.plan(&file, &["--demo=quilt-healthy"]).expect(0);
    let (world, plan) = said.out.split_once("\n\n").unwrap();
    assert_eq!(world, "DEMO world quilt-healthy: none of this is AWS.");
    assert!(plan.starts_with("No changes: config.json and the secret are as they should be."), "{}", said.out);
    assert!(!said.out.contains("--plan-id"), "{}", said.out);
    let json = desk.plan(&file, &["--demo=quilt-healthy", "--format", "json"]).expect(0).json_by(SCHEMA);
    assert_eq!((&json["plan"]["changes"], &json["plan"]["can_be_written"]), (&json!([]), &json!(false)));
}

#[test]
fn what_is_left_out_is_said() {
    let desk = Desk::new();
    let text = filled().replace("\"leave_out\": []", "\"leave_out\": [\"quilt.readRoleArn\"]");
    let file = desk.file(&text.replace("\"secret\": true", "\"secret\": false"));
    let said = desk.plan(&file, &[NO_SECRET]).expect(4);
    assert!(said.out.contains("1 change. Nothing has been written yet. 1 left out."), "{}", said.out);
    assert!(said.out.contains("left out of config.json: quilt.readRoleArn"), "{}", said.out);
    assert!(!said.out.contains("+ quilt.readRoleArn") && !said.out.contains("+ CLIENT_ID"), "{}", said.out);
}

#[test]
fn wrong_answers_are_told_all_at_once_and_nothing_is_begun() {
    let desk = Desk::new();
    let file = desk.file(
        "{\n  \"stak\": \"quilt-prod\",\n  \"values\": {\n    \"CLIENT_SECRET\": \"canary with spaces\",\n    \"LOG_LEVEL\": \"info\"\n  }\n}\n",
    );
    let said = desk.plan(&file, &[NO_SECRET]).expect(2);
    assert_eq!(said.out, "");
    assert!(said.err.contains("answers.jsonc cannot be used, 3 faults; nothing was looked up:"), "{}", said.err);
    for part in [
        "line 2, column 3: there is no `stak`; did you mean stack?",
        "line 4, column 22: CLIENT_SECRET",
        "line 5, column 18: LOG_LEVEL",
    ] {
        assert!(said.err.contains(part), "{part}\n{}", said.err);
    }
    let missing = desk.setup(&["--answers", "/nowhere/answers.jsonc", NO_SECRET]).expect(2);
    assert!(missing.err.contains("/nowhere/answers.jsonc cannot be read"), "{}", missing.err);
}

#[test]
fn an_unfilled_template_cannot_be_written_and_the_plan_says_why() {
    let desk = Desk::new();
    let file = desk.file(&template());
    let said = desk.plan(&file, &[NO_SECRET]).expect(1);
    assert!(said.out.contains("The plan cannot be written:\n  - CLIENT_ID has no value yet"), "{}", said.out);
    assert!(!said.out.contains("--plan-id"), "{}", said.out);
    let json = desk.plan(&file, &[NO_SECRET, "--format", "json"]).expect(1).json_by(SCHEMA);
    assert!(json["plan"]["blocked"].as_array().unwrap().len() > 10);
    // Its id is no way round that.
    let id = json["plan"]["id"].as_str().unwrap().to_owned();
    let refused = desk.write(&file, &id, &[NO_SECRET]).expect(1);
    assert!(refused.out.contains("cannot be written") && !refused.err.contains("writing"), "{}", refused.out);
}

#[test]
fn without_credentials_nothing_can_be_told() {
    let desk = Desk::new();
    let file = desk.file(&filled());
    for more in [&[][..], &["--plan-id", "0123456789abcdef-0123", "--yes"]] {
        let said = desk.plan(&file, more).expect(3);
        assert!(said.out.contains("Nothing is written while it is not known who asks."), "{}", said.out);
    }
    assert!(!desk.home().join(".config").exists());
}

#[test]
fn another_plan_than_the_one_that_was_named_is_not_written() {
    let desk = Desk::new();
    let file = desk.file(&filled());
    let id = desk.plan(&file, &[NO_SECRET]).expect(4).id();
    let other = desk.file(&filled().replace("\"INFO\"", "\"DEBUG\""));
    let said = desk.write(&other, &id, &[NO_SECRET]).expect(5);
    assert!(said.err.contains("Nothing was written.") && said.err.contains("the answers or the flags"), "{}", said.err);
    assert!(said.out.contains("Nothing has been written yet."), "the plan there is now follows: {}", said.out);
    let json = desk.write(&other, &id, &[NO_SECRET, "--format", "json"]).expect(5).json_by(SCHEMA);
    assert!(json["refused"].as_str().unwrap().contains(&id) && json["written"].is_null());
    // Another client secret is another plan, though nothing on the page tells them apart.
    let other = desk.file(&filled().replace("canary-client-secret", "canary-other-secret"));
    desk.write(&other, &id, &[NO_SECRET]).expect(5);
}

#[test]
fn id_and_yes_belong_together_and_read_only_has_no_writer() {
    let desk = Desk::new();
    let file = desk.file(&filled());
    let id = desk.plan(&file, &[NO_SECRET, "--read-only"]).expect(4).id();
    for more in [&["--plan-id", id.as_str()][..], &["--yes"], &["--plan-id", "0123", "--yes"]] {
        let said = desk.plan(&file, &[&[NO_SECRET], more].concat()).expect(2);
        assert_eq!(said.out, "", "{more:?}");
    }
    desk.setup(&[NO_SECRET, "--plan-id", &id, "--yes"]).expect(2);
    let said = desk.write(&file, &id, &[NO_SECRET, "--read-only"]).expect(2);
    assert_eq!(said.out, "");
    assert!(said.err.contains("nothing is written with --read-only"), "{}", said.err);
}

#[test]
fn a_client_secret_comes_by_standard_input_or_in_a_file_for_its_owner_alone() {
    let desk = Desk::new();
    let piped = filled().replace("\"canary-client-secret\"", "{\"from_stdin\": true}");
    let plan = desk.plan(&desk.file(&filled()), &[NO_SECRET]).expect(4);
    let file = desk.file(&piped);
    let arguments = ["--answers", file.to_str().unwrap(), NO_SECRET];
    let by_pipe = desk.setup_with(&arguments, "canary-client-secret\n").expect(4);
    assert_eq!(by_pipe.id(), plan.id(), "the same answers, whichever way they came");
    let wrong = desk.setup_with(&arguments, "canary client secret\n").expect(2);
    assert!(wrong.err.contains("standard input: CLIENT_SECRET"), "{}", wrong.err);
    desk.setup_with(&arguments, "").expect(2);

    let all = desk.setup_with(&["--answers", "-", NO_SECRET], &filled()).expect(4);
    assert_eq!(all.id(), plan.id());
    let both = desk.setup_with(&["--answers", "-", NO_SECRET], &piped).expect(2);
    assert!(both.err.contains("the answers come from there"), "{}", both.err);

    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    assert_eq!(desk.setup_with(&arguments, "canary-client-secret").expect(4).err, "", "there is no secret in it");
    let file = desk.file(&filled());
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    let said = desk.plan(&file, &[NO_SECRET]).expect(4);
    assert!(said.err.contains("others may read it (0644): chmod 600 /"), "{}", said.err);
}

#[test]
fn the_json_is_as_its_schema_says_before_and_after_writing() {
    let desk = Desk::new();
    let file = desk.file(&filled());
    let plan = desk.plan(&file, &[NO_SECRET, "--format", "json"]).expect(4).json_by(SCHEMA);
    assert_eq!(
        plan["plan"]["changes"][0]["fields"][1],
        json!({"name": "CLIENT_SECRET", "kind": "added", "before": "", "after": "********"})
    );
    assert_eq!((&plan["written"], &plan["refused"]), (&Value::Null, &Value::Null));
    let id = plan["plan"]["id"].as_str().unwrap();
    let done = desk.write(&file, id, &[NO_SECRET, "--format", "json"]).expect(0).json_by(SCHEMA);
    let outcomes: Vec<&Value> = done["written"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, [&json!("written"), &json!("written")]);
    let errors = done["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error").count();
    assert_eq!(errors, 0, "what is found after writing, not before");
}

#[test]
fn without_a_terminal_both_ways_without_one_are_named() {
    let desk = Desk::new();
    for (variables, reason) in [(&[][..], "there is no terminal"), (&[("CI", "true")], "CI is set")] {
        let said = run(desk.command(&[NO_SECRET]).envs(variables.iter().copied()), "").expect(2);
        assert_eq!(said.out, "");
        for part in [reason, "`rolecall check`", "`rolecall setup --answers FILE`"] {
            assert!(said.err.contains(part), "{}", said.err);
        }
    }
    let file = desk.file(&filled());
    let said = run(desk.command(&["--answers", file.to_str().unwrap(), NO_SECRET]).env("CI", "true"), "");
    said.expect(4);
}

/// The signal comes while the secret is written: that is finished, config.json is not begun. On a machine under load it may come late.
#[test]
fn a_signal_while_writing_lets_the_change_in_flight_end_and_begins_none() {
    let desk = Desk::new();
    let file = desk.file(&filled());
    let id = desk.plan(&file, &[NO_SECRET]).expect(4).id();
    let interrupted = (0..5).any(|_| {
        let arguments = ["--answers", file.to_str().unwrap(), "--plan-id", &id, "--yes", NO_SECRET];
        let started = processes::starting();
        let mut child = desk.command(&arguments).spawn().unwrap();
        drop(started);
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        err.read_line(&mut line).unwrap();
        assert_eq!(line, "rolecall: writing secret benchling-webhook-prod\n");
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        err.read_to_string(&mut line).unwrap();
        let said = said(child.wait_with_output().unwrap());
        said.code == Some(130)
            && said.out.contains("written: secret benchling-webhook-prod")
            && said.out.contains("not begun: config.json of config profile default: it was cancelled")
            && said.out.contains("delete-secret")
    });
    assert!(interrupted, "five times the signal was not heeded");
}

#[test]
fn read_only_stands_in_the_header_and_y_writes_nothing() {
    let terminal = Terminal::spawn(&["setup", "--demo=secret-broken", "--read-only"], &[], STANDARD);
    terminal.wait_for("DEMO secret-broken · read-only", PATIENCE);
    terminal.wait_for("You are user/operator", PATIENCE);
    for seen in ["is a Quilt stack", "as it should be", "CLIENT_ID", "read-only: nothing will be written"] {
        terminal.press("n");
        terminal.wait_for(seen, PATIENCE);
    }
    terminal.press("y");
    terminal.wait_for("read-only: nothing is written", PATIENCE);
    assert!(!terminal.screen().contains("To undo"));
    terminal.press("q");
    assert_eq!(terminal.exit_code(PATIENCE), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_exactly_the_plan_is_written_and_a_second_run_has_no_changes() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let operator = personas::operator(&account).await;
    let webhook = deploy_webhook(&account, "BenchlingWebhookStack", TaskPolicy::RealNames).await;
    let stack = deploy_quilt(&account, "quilt-prod", &Trust::Role(webhook)).await;
    let desk = Desk::new();
    account.write_aws_profiles(desk.home(), &[("default", &operator.keys)]);
    let file = desk.file(&filled());
    let secrets = account.clients().secrets;
    let config_path = desk.home().join(".config/benchling-webhook/default/config.json");
    let config = || -> Value { serde_json::from_slice(&std::fs::read(&config_path).unwrap()).unwrap() };

    // Nothing is written by a plan, nor by the id of another one.
    let plan = desk.plan(&file, &[]).expect(4);
    desk.write(&file, "0123456789abcdef-0123", &[]).expect(5);
    assert!(!config_path.exists());
    assert!(secrets.describe_secret().secret_id("benchling-webhook-prod").send().await.is_err());

    let written = desk.write(&file, &plan.id(), &[]);
    assert!(written.out.contains("written: secret benchling-webhook-prod"), "{}\n{}", written.out, written.err);
    let check = run(
        Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .arg("check")
            .env_clear()
            .env("HOME", desk.home())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped()),
        "",
    );
    assert_eq!(written.code, check.code, "{}", written.out);
    let secret = account.read_back("benchling-webhook-prod");
    assert_eq!(secret.current(), document(), "exactly the 11 keys");
    assert_eq!(config()["quilt"]["stackArn"], stack.arn);
    assert_eq!(config()["benchling"]["secretArn"], secret.arn);
    assert_eq!(config()["benchling"]["clientSecret"], Value::Null);

    let again = desk.plan(&file, &[]).expect(0);
    assert!(again.out.starts_with("No changes"), "{}", again.out);
    let late = desk.write(&file, &plan.id(), &[]).expect(5);
    assert!(late.err.contains("there is nothing to write any more"), "{}", late.err);
    assert_eq!(account.read_back("benchling-webhook-prod").versions.len(), 1);

    // Somebody writes the secret between the plan and the yes.
    let file = desk.file(&filled().replace("\"INFO\"", "\"DEBUG\""));
    let id = desk.plan(&file, &[]).expect(4).id();
    let theirs = secrets.put_secret_value().secret_id("benchling-webhook-prod").secret_string(r#"{"THEIRS":"1"}"#);
    theirs.send().await.unwrap();
    let moved = desk.write(&file, &id, &[]).expect(5);
    assert!(moved.err.contains("the answers are the same, but the account, the stack, the secret"), "{}", moved.err);
    assert_eq!(account.read_back("benchling-webhook-prod").current(), json!({"THEIRS": "1"}));
    assert_eq!(config()["logging"]["level"], "INFO");
}
