//! From variables to one secret: S3-42, S3-53 to S3-57, S3-63, S3-64.

use rolecall::secret::Key;
use serde_json::{Value, json};

use super::{SECRET, written};
use crate::said::Said;
use crate::secret_commands::{Desk, STACK, env_file, task_definition};
use crate::writing::VALUES;

const NO_SECRET: &str = "--demo=quilt-no-secret";

/// What is said once the secret is made of the variables that are deployed.
fn migrated(desk: &Desk) -> Said {
    desk.file("all.env", env_file());
    written(desk, &[NO_SECRET, "--env-file", "all.env"])
}

#[test]
fn s3_42_a_change_needs_a_restart_and_the_last_page_says_how() {
    migrated(&Desk::new()).has(&[
        "Restart the service: it reads the secret when it starts",
        "aws ecs update-service --cluster CLUSTER --service SERVICE --force-new-deployment --region us-east-1",
    ]);
}

#[test]
fn s3_53_the_11_values_are_gathered_from_what_is_deployed_and_the_secrets_name_is_recorded() {
    let desk = Desk::new();
    desk.file("all.env", env_file()).file("task.json", task_definition().to_string());
    for source in [["--env-file", "all.env"], ["--file", "task.json"]] {
        let words = [&["secret", "plan", NO_SECRET, "--format", "json"][..], &source].concat();
        let plan = desk.run(&words).expect(4).plan();
        let names: Vec<&str> = plan["plan"]["changes"][0]["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, VALUES.map(|(key, _)| key.name()), "{source:?}");
    }
    migrated(&desk).has(&["secret benchling-webhook-prod: created", "BenchlingSecret=benchling-webhook-prod"]);
}

#[test]
fn s3_54_the_quilt_stack_is_found_and_its_whole_arn_recorded() {
    migrated(&Desk::new()).has(&[&format!("QuiltStackARN={STACK}")]);
}

#[test]
fn s3_55_the_deployment_gets_the_two_flags_and_loses_every_old_variable() {
    let desk = Desk::new();
    let flags = format!("--quilt-stack-arn {STACK} --benchling-secret benchling-webhook-prod");
    let said = migrated(&desk).has(&[&flags, "Take out the 11 variables that the secret replaces"]);
    for line in env_file().lines() {
        let name = line.split('=').next().unwrap();
        assert!(said.out.lines().any(|line| line.trim() == name), "{name}\n{}", said.out);
    }
}

/// What a deployment loses, what takes its place, and that nothing works with it before a restart.
#[test]
fn s3_64_what_breaks_for_a_deployment_is_told_after_writing() {
    let said =
        migrated(&Desk::new()).has(&["Take out the 11 variables that the secret replaces", "Restart the service"]);
    let (_, after) = said.out.split_once("Take out the 11 variables").unwrap();
    for (key, _) in VALUES {
        assert!(after.contains(key.name()), "{key}: {}", said.out);
    }
}

#[test]
fn s3_56_the_last_steps_are_to_look_at_health_and_at_the_values() {
    let steps = "Look at GET /health: 11 parameters";
    let said =
        migrated(&Desk::new()).has(&[steps, "Look at GET /config: the values, masked", "\"config_parameters\": 11"]);
    let (before, after) = said.out.split_once(steps).unwrap();
    assert!(before.contains("Restart the service") && after.contains("\"tenant\": \"acme\""), "{}", said.out);
}

/// What no source says stays as it is; the version before is named and can be made current again.
#[test]
fn s3_57_nothing_is_lost_and_the_version_before_can_be_had_back() {
    let desk = Desk::new();
    desk.file("some.env", "LOG_LEVEL=WARNING\n");
    let words = ["--demo=quilt-healthy", "--env-file", "some.env"];
    let plan = desk.run(&[&["secret", "plan"][..], &words, &["--format", "json"]].concat()).expect(4).plan();
    let changed: Vec<&Value> = plan["plan"]["changes"][0]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|field| field["kind"] != "same")
        .map(|field| &field["name"])
        .collect();
    assert_eq!(changed, ["LOG_LEVEL"]);
    written(&desk, &words).has(&[
        "aws secretsmanager update-secret-version-stage",
        "--move-to-version-id 9a2e6f14-37bd-4c58-ae02-1f8d7c6b5a49",
        &format!("Secret {SECRET} is valid"),
    ]);
}

#[test]
fn s3_63_what_is_usual_is_offered_and_never_filled_in() {
    let desk = Desk::new();
    let without = [Key::LogLevel, Key::PkgPrefix, Key::PkgKey, Key::UserBucket];
    let values: serde_json::Map<String, Value> = VALUES
        .iter()
        .filter(|(key, _)| !without.contains(key))
        .map(|(key, value)| (key.name().to_owned(), json!(value)))
        .collect();
    desk.file("some.json", Value::from(values).to_string());
    for more in [&[][..], &["--fix"]] {
        let words = [&["secret", "plan", NO_SECRET, "--file", "some.json", "--format", "json"][..], more].concat();
        let plan = desk.run(&words).expect(1).plan();
        let blocked: Vec<&str> =
            plan["plan"]["blocked"].as_array().unwrap().iter().map(|why| why.as_str().unwrap()).collect();
        assert_eq!(blocked.len(), 4, "{blocked:?}");
        for key in without {
            assert!(blocked.iter().any(|why| why.starts_with(&format!("{key} has no value yet"))), "{blocked:?}");
        }
    }
}
