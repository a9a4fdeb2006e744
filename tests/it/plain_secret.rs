//! A secret made in plain mode, as it is heard: from an env file with faults, from sources that differ, without AWS.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::plain::{Heard, demo, told};

/// The client secret of the world `secret-migration`, as far as no sentence could have it by chance.
const HELD: &str = "demo-client-secret";
const CANARY: &str = "canary-client-secret";

/// Six faults, and two values that are not there.
const SIX_FAULTS: &str = "BENCHLING_TENANT=https://acme.benchling.com/\nBENCHLING_CLIENT_ID=wqF4hT8mZsYe\n\
    BENCHLING_CLIENT_SECRET='canary-client-secret '\nBENCHLING_APP_DEFINITION_ID=app_123\nQUILT_USER_BUCKET=s3://acme-data\n\
    PKG_PREFIX=benchling\nPKG_KEY=experiment_id\nLOG_LEVEL=info\nENABLE_WEBHOOK_VERIFICATION=TRUE\n";

fn assert_said(heard: &Heard, parts: &[&str]) {
    for part in parts {
        assert!(heard.text.contains(part), "{part}:\n{}", heard.text);
    }
}

/// The names of the files below a folder that hold a text.
fn holding(folder: &Path, part: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(holding(&entry, part));
        } else if String::from_utf8_lossy(&std::fs::read(&entry).unwrap()).contains(part) {
            found.push(entry.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

#[test]
fn an_env_file_with_six_faults_becomes_a_written_secret_by_typed_lines() {
    let sources = ["2", "~/prod.env", "1"];
    let target = ["", "", ""];
    let values = ["", "", "appdef_wqFfVUoh1Y", "yes", "", "", "", "", ""];
    let lines: Vec<&str> = sources.into_iter().chain(target).chain(values).chain(["yes", "b", ""]).collect();
    let heard = demo("secret-migration", "secret", &lines);
    assert_eq!(heard.code, 0, "{}", heard.text);
    assert_said(
        &heard,
        &[
            "Step 1 of 6: sources. Where do the values of the secret come from? What next? 6 choices. 1. Nothing to bring along:",
            "Step 1 of 6: sources. 9 of 11 values come from 1 source. Source 1, env file prod.env: 9 of 11 values, read as \
             environment variables. It lacks ECR_REPOSITORY_NAME, WEBHOOK_ALLOW_LIST. What next? 7 choices.",
            "Step 4 of 6: secret.",
            "Which runtime will read this secret? 3 choices. 1. the specification: 11 keys in capitals. 2. shipped runtimes: names in \
             small letters. 3. either: both spellings, which every runtime accepts. Number or name of the runtime (Enter: 1, \
             specification; nothing here tells which runtime it is):",
            "KMS key that encrypts the new secret, or t for tags (Enter: aws/secretsmanager):",
            "Step 5 of 6: values of the secret.",
            "2. CLIENT_SECRET: hidden, env file prod.env, as BENCHLING_CLIENT_SECRET. Wrong: white space before or after it.",
            "3. TENANT: https://acme.benchling.com/, env file prod.env, as BENCHLING_TENANT. Wrong: a URL;",
            "4. APP_DEFINITION_ID: hidden, env file prod.env, as BENCHLING_APP_DEFINITION_ID. Wrong:",
            "5. LOG_LEVEL: info, env file prod.env. Wrong: not in capitals; INFO?",
            "USER_BUCKET: s3://quilt-acme-user-bucket, env file prod.env, as QUILT_USER_BUCKET. Wrong:",
            "ENABLE_WEBHOOK_VERIFICATION: TRUE, env file prod.env. Doubtful: not in small letters; true?",
            "CLIENT_SECRET: take the corrected value instead? It is not said. Type yes or no (Enter: yes):",
            "TENANT: take acme instead? Type yes or no (Enter: yes):",
            "Step 6 of 6: review. 1 change. Nothing has been written yet.",
            "Change 2 of 2: config.json of config profile default, left out. Write the secret? Type yes to write (Enter: no):",
            "written: secret benchling-webhook-prod: created as version",
            "Written, and proven: everything was looked up again.",
            "Right: All 11 values are valid.",
            "AWSCURRENT: version ",
            "To undo: aws secretsmanager delete-secret",
            "Left to do, 5 things, in this order: 1. Set two variables of the container.",
            "2. Take out the 9 variables that the secret replaces.",
            "\"config_parameters\": 11",
            "Step 6 of 6: review. No changes: the secret is as it should be. Change 1 of 1: config.json",
            "What next? b goes back, q leaves (Enter: leave):",
        ],
    );
    assert!(!heard.text.contains(HELD) && !heard.complaints.contains(HELD), "{}", heard.text);
}

#[test]
fn sources_that_differ_are_asked_one_by_one_and_what_is_left_open_is_said_before_writing() {
    let sources = ["2", "~/prod.env", "3", "~/task-definition.json", "8", "2", ""];
    let target = ["", "", ""];
    let values = ["s", "task", "", "", "", "", "", "", "", "q", "yes"];
    let lines: Vec<&str> = sources.into_iter().chain(target).chain(values).collect();
    let heard = demo("secret-migration", "secret", &lines);
    assert_eq!(heard.code, 0, "{}", heard.text);
    assert_said(
        &heard,
        &[
            "9 of 11 values come from 2 sources; about 2 keys they differ. Source 1, env file prod.env:",
            "CLIENT_SECRET is no value there: the container gets it from arn:aws:ssm:us-east-1:111122223333:parameter/benchling/client-secret",
            "Source 1, file task-definition.json: 4 of 11 values, read as an ECS task definition.",
            "TENANT, difference 1 of 2: the sources differ. 1. file task-definition.json, as BENCHLING_TENANT: acme. 2. env file \
             prod.env, as BENCHLING_TENANT: https://acme.benchling.com/. Wrong: a URL;",
            "Which TENANT counts? Number or name of the source (Enter: 1, file task-definition.json):",
            "APP_DEFINITION_ID, difference 2 of 2: the sources differ. 1. file task-definition.json, as BENCHLING_APP_DEFINITION_ID: \
             appdef_***. 2. env file prod.env, as BENCHLING_APP_DEFINITION_ID: hidden. Wrong:",
            "Mind: sources differ about TENANT; the first that has it counts.",
            "leaving loses it",
        ],
    );
    assert!(heard.text.ends_with("Nothing was written."), "{}", heard.text);
    assert!(!heard.text.contains(HELD), "{}", heard.text);
}

#[test]
fn a_source_is_refused_taken_away_or_named_twice_and_the_end_of_input_loses_what_was_typed() {
    let lines = ["2", "~/none.env", "3", "", "~/prod.env", "2", "~/none.env", "9", "take a source", "1", "x"];
    let heard = demo("secret-migration", "secret", &lines);
    assert_eq!(heard.code, 3, "{}", heard.text);
    assert_said(
        &heard,
        &[
            "The source cannot be used. Source 1, env file none.env: it cannot be used: there is no such file.",
            "That cannot be taken: a file is needed.",
            "Source 2, file prod.env: 9 of 11 values, read as environment variables.",
            "it is in the list already; r reads it again.",
            "There is no number 9 here: type a number from 1 to 8, or a name.",
            "Which source is taken away? Number or name:",
            "Nothing in the list is called x",
            "The input has ended, and so does rolecall. What was typed is lost. Nothing was written.",
        ],
    );
    let last = heard.text.rsplit("Step 1 of 6").next().unwrap();
    assert!(last.contains("Source 1, file prod.env") && !last.contains("none.env"), "{last}");
}

#[test]
fn without_aws_the_sources_of_the_command_line_become_a_file_for_oneself() {
    let home = tempfile::tempdir().unwrap();
    let source = home.path().join("prod.env");
    std::fs::write(&source, SIX_FAULTS).unwrap();
    let source = source.display().to_string();
    let target = home.path().join("secret.json");
    let place = ["n", "", "~/secret.json", "", "b", "", "2", "b", "", "both"];
    let values = ["", "", "appdef_wqFabc", "", "", "", "", "", ""];
    let lines: Vec<&str> = [""].into_iter().chain(place).chain(values).chain(["yes", ""]).collect();
    let heard = told(&["--plain", "secret", "--env-file", &source], &[], home.path(), &lines);
    assert_said(
        &heard,
        &[
            "Step 1 of 6: sources. 9 of 11 values come from 1 source. Source 1, env file prod.env:",
            "Step 2 of 6: AWS profile.",
            "Without AWS the secret can be written to a file only. File to write the secret to, for you alone: A path is needed; b goes back.",
            "The secret is written to ~/secret.json: a new file, for you alone (0600).",
            "5 not valid yet, 1 still to be filled in.",
            "5 not valid yet, 2 still to be filled in.",
            "ECR_REPOSITORY_NAME, value",
            "Write the file? Type yes to write (Enter: no):",
            "written: file",
        ],
    );
    let written: serde_json::Value = serde_json::from_slice(&std::fs::read(&target).unwrap()).unwrap();
    assert_eq!((&written["TENANT"], &written["tenant"]), (&"acme".into(), &"acme".into()));
    assert_eq!(written["CLIENT_SECRET"], CANARY);
    assert_eq!(std::fs::metadata(&target).unwrap().permissions().mode() & 0o7777, 0o600);
    assert!(!heard.text.contains("canary") && !heard.complaints.contains("canary"), "{}", heard.text);
    assert_eq!(holding(home.path(), CANARY), ["prod.env", "secret.json"], "the user's own files alone");
}

#[test]
fn an_earlier_version_of_a_secret_becomes_a_source_from_the_list_of_jobs() {
    let home = tempfile::tempdir().unwrap();
    let jobs = (rolecall::systems::NAMES.len() + 2).to_string();
    let lines = [jobs.as_str(), "4", "1", "8", "2", "", "", "", "", "no"];
    let heard = told(&["--plain", "--demo=secret-rotated"], &[], home.path(), &lines);
    assert_eq!(heard.code, 3, "a source was named, and the input ends: {}", heard.text);
    assert_said(
        &heard,
        &[
            &format!("What shall be done? {jobs} choices."),
            "1. benchling-webhook-production 2.",
            "Source 1, secret benchling-webhook-production: 11 of 11 values, read as a secret's JSON.",
            "Which version of it? A version id, or a label such as AWSPREVIOUS:",
            "Source 1, secret benchling-webhook-production, AWSPREVIOUS: 11 of 11 values",
            "The secret benchling-webhook-production exists: version 9a2e... of 3 days ago",
            "5. LOG_LEVEL: DEBUG, secret benchling-webhook-production, AWSPREVIOUS.",
            "CLIENT_SECRET changes; both values are hidden. LOG_LEVEL changes from INFO to DEBUG 9 lines stay as before",
            "Mind: Secret benchling-webhook-production is rotated on its own:",
            "Nothing was written; every answer is kept.",
        ],
    );
}

#[test]
fn names_in_small_letters_preselect_both_spellings_and_for_the_specification_each_is_renamed() {
    let heard = demo("secret-shipped", "secret", &["", "", "1", "", "b", "b", "", "both", "", "no"]);
    assert_eq!(heard.code, 3, "{}", heard.text);
    assert_said(
        &heard,
        &[
            "(Enter: 3, both; the secret holds names in small letters, which shipped runtimes read):",
            "1. CLIENT_ID: wqF***Ye, from the secret. 2. CLIENT_SECRET: hidden, from the secret.",
            "CLIENT_SECRET takes the place of client_secret; its value stays, hidden. TENANT takes the place of tenant; its value stays: acme",
            "(Enter: 1, specification; as you said):",
        ],
    );
    assert!(!heard.text.contains("The secret holds more"), "what is renamed is not kept: {}", heard.text);
    let last = heard.text.rsplit("Step 6 of 6").next().unwrap();
    assert!(last.contains("TENANT is new: acme") && !last.contains("takes the place"), "{last}");
}
