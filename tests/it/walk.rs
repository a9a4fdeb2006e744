//! The whole wizard by keys, in the real binary on a real pseudo-terminal: in a demo world, and over HTTP against the
//! emulator, where what was written is read back by a client that shares no code with the program.

use std::path::Path;
use std::time::Duration;

use crate::emulator::Emulator;
use crate::personas;
use crate::quilt_template::{TaskPolicy, Trust, deploy_quilt, deploy_webhook};
use crate::terminal::{Launch, PATIENCE, STANDARD, Terminal};
use crate::writing::{VALUES, document};

/// The emulator answers a walk's calls one by one.
const LONG: Duration = Duration::from_secs(60);

/// From home to the secret by Enter, and by n where Enter diagnoses.
pub fn reach_the_secret(terminal: &Terminal) {
    terminal.wait_for("Set up a config profile", PATIENCE);
    terminal.press("Enter");
    terminal.wait_for("access keys", PATIENCE);
    if terminal.screen().contains("Which AWS profile shall be used?") {
        terminal.press("Enter");
    }
    terminal.wait_for("You are user/operator", LONG);
    terminal.press("Enter");
    terminal.wait_for("is a Quilt stack", LONG);
    terminal.press("Enter");
    terminal.wait_for("webhook   role/", LONG);
    terminal.wait_for("as it should be", LONG);
    terminal.press("n");
    terminal.wait_for("CLIENT_ID", LONG);
}

/// Types all 11 values, each ended by Enter, and goes on to the review.
pub fn fill_in(terminal: &Terminal) {
    terminal.press("Enter");
    for (key, value) in VALUES {
        terminal.wait_for(&format!("{}:", key.name()), PATIENCE);
        terminal.send(value);
        terminal.press("Enter");
    }
    terminal.wait_for("Go on to the review", PATIENCE);
    terminal.press("Enter");
}

fn config(home: &Path) -> serde_json::Value {
    let path = home.join(".config/benchling-webhook/default/config.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn a_newcomer_reaches_written_by_enter_the_values_and_one_y() {
    let terminal = Terminal::spawn(&["--demo=quilt-no-secret"], &[], STANDARD);
    reach_the_secret(&terminal);
    fill_in(&terminal);
    terminal.wait_for("2 changes. Nothing has been written yet.", PATIENCE);
    terminal.press("y");
    terminal.wait_for("To undo", PATIENCE);
    terminal.press("q");
    assert_eq!(terminal.exit_code(PATIENCE), 0);
    assert!(terminal.screen().contains("update-secret-version-stage") || terminal.screen().contains("delete-secret"));
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert!(!raw.contains("canary-client-secret"), "the client secret is never sent to the terminal");
}

#[test]
fn untouched_both_reasons_are_told_before_anything_is_written() {
    let terminal = Terminal::spawn(&["--demo"], &[], STANDARD);
    reach_the_secret(&terminal);
    terminal.press("Esc");
    terminal.wait_for("The webhook can assume neither of the two roles", PATIENCE);
    terminal.wait_for("names 6 principals", PATIENCE);
    terminal.wait_for("*-T4BucketReadRole-*", PATIENCE);
}

/// Reading a FIFO blocks for ever, so the first effect never ends: the first screen is there all the same, and keys work.
#[test]
fn the_first_draw_precedes_the_first_effect_and_nothing_blocks_a_key() {
    let launch = Launch::rolecall(&[]);
    std::fs::create_dir_all(launch.home().join(".aws")).unwrap();
    let fifo = launch.home().join(".aws/config");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let terminal = launch.start();
    terminal.wait_for("Set up a config profile", PATIENCE);
    terminal.press("?");
    terminal.wait_for("Keys on this page", PATIENCE);
    terminal.press("Esc");
    terminal.wait_gone("Keys on this page", PATIENCE);
    terminal.press("q");
    assert_eq!(terminal.exit_code(PATIENCE), 0);
}

#[test]
fn enter_and_n_do_not_write() {
    let terminal = Terminal::spawn(&["--demo=quilt-no-secret"], &[], STANDARD);
    reach_the_secret(&terminal);
    fill_in(&terminal);
    terminal.wait_for("Write both?", PATIENCE);
    terminal.press("Enter");
    terminal.press("N");
    terminal.wait_for("nothing was written", PATIENCE);
    terminal.press("q");
    terminal.wait_for("What was typed has not been written", PATIENCE);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_wizard_over_http_writes_both_and_a_second_run_has_no_changes() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let operator = personas::operator(&account).await;
    let webhook = deploy_webhook(&account, "BenchlingWebhookStack", TaskPolicy::RealNames).await;
    let stack = deploy_quilt(&account, "quilt-prod", &Trust::Role(webhook)).await;

    let launch = Launch::rolecall(&[]);
    account.write_aws_profiles(launch.home(), &[("default", &operator.keys)]);
    let first = launch.start();
    let again = Launch::rolecall(&[]).in_home_of(&first);
    let (first, again) = tokio::task::spawn_blocking(move || {
        reach_the_secret(&first);
        fill_in(&first);
        first.wait_for("2 changes. Nothing has been written yet.", LONG);
        first.press("y");
        first.wait_for("To undo", LONG);
        first.press("q");
        assert_eq!(first.exit_code(PATIENCE), 0);

        let again = again.start();
        reach_the_secret(&again);
        again.wait_for("All 11 values are as they should be", LONG);
        again.press("n");
        again.wait_for("No changes", LONG);
        again.press("q");
        assert_eq!(again.exit_code(PATIENCE), 0, "nothing is unsaved");
        (first, again)
    })
    .await
    .unwrap();

    let secret = account.read_back("benchling-webhook-prod");
    assert_eq!(secret.current(), document(), "exactly the 11 keys");
    assert_eq!(secret.versions.len(), 1, "the second run wrote nothing");
    let config = config(first.home());
    assert_eq!(config["quilt"]["stackArn"], stack.arn);
    assert_eq!(config["quilt"]["catalog"], stack.catalog);
    assert_eq!(config["benchling"]["secretArn"], secret.arn);
    let folder = first.home().join(".config/benchling-webhook/default");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1, "config.json alone: nothing was there to back up");
    for terminal in [&first, &again] {
        let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
        for canary in ["canary-client-secret", operator.keys.secret_access_key.as_str()] {
            assert!(!raw.contains(canary), "a secret was sent to the terminal");
        }
    }
}
