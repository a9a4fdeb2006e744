//! What a release is tested and accepted by: S3-48, S3-49, S3-50, S3-52, S3-58, S3-59, S3-62, S3-65 to S3-67.

use rolecall::sandbox::World;
use serde_json::{Value, json};
use tokio::task::block_in_place;

use super::{SECRET, checked, secret_with};
use crate::secret_commands::{Desk, STACK, container};
use crate::secret_trips::{self, Source};
use crate::seeds::scene::{files, in_world, only};
use crate::writing::{VALUES, document};

/// Whatever is reported as a call arrived at the world, signed by the SDK; the real program finds the same, with nothing in its environment.
#[test]
fn s3_48_a_world_is_asked_over_the_same_path_without_credentials_or_environment() {
    let world = World::load("quilt-healthy").unwrap();
    let checked = checked(&world);
    let arrived = world.calls();
    let mut unmatched: Vec<&str> = arrived.iter().map(|call| call.operation.as_str()).collect();
    for call in &checked.facts.calls {
        let at = unmatched.iter().position(|operation| *operation == call.operation);
        unmatched.swap_remove(at.unwrap_or_else(|| panic!("{} never arrived", call.operation)));
    }
    assert!(
        arrived.iter().all(|call| call.access_key_id.starts_with("AKIADEMO") || call.access_key_id.starts_with("ASIA"))
    );
    let desk = Desk::new();
    let report: Value =
        serde_json::from_str(&desk.run(&["check", "--demo=quilt-healthy", "--format", "json"]).expect(0).out).unwrap();
    let ids = |findings: Vec<String>| findings.into_iter().collect::<std::collections::BTreeSet<_>>();
    let of_binary = report["findings"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
    assert_eq!(ids(of_binary.collect()), ids(checked.judgement.findings.iter().map(|one| one.id.clone()).collect()));
    desk.run(&["check", "--demo=secret-broken"]).expect(1);
}

/// A secret of its own, made, read back by another client, rehearsed against, and taken away again.
#[tokio::test(flavor = "multi_thread")]
async fn s3_49_a_temporary_secret_is_made_judged_and_taken_away_over_http() {
    let Some(desk) = secret_trips::Desk::new().await else { return };
    let source = Source { stdin: document().to_string(), ..Source::of(&["-"]) };
    block_in_place(|| {
        let id = desk.run(&["plan", "--to", "benchling-webhook-test"], &source).expect(4).id();
        desk.run(&["apply", "--to", "benchling-webhook-test", "--plan-id", &id, "--yes"], &source).expect(0);
        desk.run(&["check", "--name", "benchling-webhook-test"], &Source::default()).expect(0);
    });
    assert_eq!(desk.account.read_back("benchling-webhook-test").current(), document(), "all 11 values");
    let secrets = desk.account.clients().secrets;
    let delete = secrets.delete_secret().secret_id("benchling-webhook-test").force_delete_without_recovery(true);
    delete.send().await.unwrap();
    block_in_place(|| desk.run(&["check", "--name", "benchling-webhook-test"], &Source::default()).expect(1));
}

#[test]
fn s3_52_the_deploy_command_gets_its_three_flags() {
    let desk = Desk::new();
    let said = desk.run(&["print", "container-env", "--demo=quilt-healthy"]).expect(0);
    let notes = crate::said::flat(&said.err);
    assert!(notes.contains(&format!("--quilt-stack-arn {STACK} --benchling-secret {SECRET}")), "{notes}");
    assert!(notes.contains("--image-tag"), "{notes}");
}

#[test]
fn s3_58_the_health_body_has_five_fields_and_the_deployed_version() {
    let world = json!({"extends": "quilt-healthy", "home": {".config/benchling-webhook/default/deployments.json": {
        "active": {"timestamp": "2026-02-20T09:30:00.000Z", "imageTag": "1.0.0", "endpoint": "https://k3m9x1q7pd.execute-api.us-east-1.amazonaws.com/prod/",
            "stackName": "BenchlingWebhookStack", "region": "us-east-1"},
        "history": []
    }}});
    let checked = checked(&World::from_json(&world.to_string()).unwrap());
    let texts = rolecall::handover::texts(
        &checked.facts,
        &checked.selection,
        &checked.judgement,
        None,
        &rolecall::handover::Wish::default(),
    );
    let health = texts.iter().find(|text| text.name == rolecall::handover::Name::Health).unwrap();
    assert!(health.is_whole(), "{:?}", health.gaps);
    assert_eq!(
        serde_json::from_str::<Value>(&health.body).unwrap(),
        json!({"status": "healthy", "service": "benchling-webhook", "version": "1.0.0",
            "config_source": "secrets-only-mode", "config_parameters": 11})
    );
    let said = Desk::new().run(&["print", "health", "--demo=quilt-healthy"]).expect(3);
    assert!(said.out.contains("\"version\": \"<version>\"") && said.err.contains("deployments.json"), "{}", said.err);
}

#[test]
fn s3_59_the_config_body_is_masked_as_the_example_is() {
    let said = Desk::new().run(&["print", "config-body", "--demo=quilt-healthy"]).expect(0);
    assert_eq!(
        serde_json::from_str::<Value>(&said.out).unwrap(),
        json!({
            "mode": "secrets-only", "region": "us-east-1", "account": "111122223333",
            "benchling": {"tenant": "acme", "client_id": "wqF***Ye", "has_app_definition": true},
            "quilt": {"catalog": "quilt.acme.example.com", "database": "user***", "bucket": "quilt-***", "queue_arn": "arn:aws:sqs:***"},
            "parameters": {"pkg_prefix": "benchling", "pkg_key": "experiment_id", "log_level": "INFO", "webhook_verification": true}
        })
    );
}

/// Of what the running service does with the values, the bucket and Benchling can be tried from here.
#[test]
fn s3_62_the_values_are_tried_where_the_service_uses_them() {
    let desk = Desk::new();
    let words = |world| ["secret", "check", world, "--try-bucket", "--try-benchling", "--format", "json"];
    let of = |json: &Value, id: &str| {
        let found = json["findings"].as_array().unwrap().iter().filter(|one| one["id"] == id);
        found.map(|one| one["severity"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let works = desk.run(&words("--demo=secret-tried-works")).expect(0).check();
    let refused = desk.run(&words("--demo=secret-tried-refused")).expect(1).check();
    for id in ["secret/bucket-access", "secret/benchling"] {
        assert_eq!(of(&works, id), ["ok"], "{works:#}");
        assert!(of(&refused, id).contains(&"error".to_owned()), "{id}: {refused:#}");
    }
}

#[test]
fn s3_65_a_start_that_goes_through_answers_with_11_parameters_and_shows_them() {
    let desk = Desk::new();
    container(&desk, SECRET, "");
    let words = ["check", "--as-container", "--env-file", "c.env", "--demo=quilt-healthy", "--format", "json"];
    let json = desk.run(&words).expect(0).startup();
    assert_eq!((&json["outcome"], &json["warnings"]), (&json!("starts"), &json!([])));
    assert_eq!((&json["health"]["status"], &json["health"]["config_parameters"]), (&json!("healthy"), &json!(11)));
    let shown = ["tenant", "client_id", "has_app_definition"].map(|name| &json["config"]["benchling"][name]);
    assert_eq!(shown, [&json!("acme"), &json!("wqF***Ye"), &json!(true)]);
}

#[test]
fn s3_66_there_is_no_older_mode_to_fall_back_to() {
    let desk = Desk::new();
    let old: String = crate::secret_commands::env_file() + "QUILT_STACK_ARN=x\nBENCHLING_SECRET=y\n";
    desk.file("c.env", old);
    let words = ["check", "--as-container", "--env-file", "c.env", "--demo=quilt-healthy", "--format", "json"];
    let json = desk.run(&words).expect(1).startup();
    assert_eq!(
        (&json["phase"], &json["calls"]),
        (&json!("environment"), &json!([])),
        "all the old variables help nothing"
    );
    let shipped = in_world("secret-shipped");
    let finding = only(&shipped, "secret/keys");
    assert!(
        finding.claim.starts_with("11 of 11 keys are missing"),
        "the old spelling helps nothing: {}",
        finding.claim
    );
}

/// Each parameter by itself is a change of the secret and of nothing else.
#[test]
fn s3_67_every_parameter_is_changed_by_the_secret_alone() {
    let desk = Desk::new();
    let others = [
        "idOfAnotherApp",
        "canary-another",
        "umbrella",
        "appdef_other",
        "DEBUG",
        "lab",
        "entry",
        "another-bucket",
        "other/image",
        "false",
        "10.0.0.0/8",
    ];
    for ((key, _), other) in VALUES.iter().zip(others) {
        desk.file("one.json", json!({key.name(): other}).to_string());
        let words = ["secret", "plan", "--demo=quilt-healthy", "--file", "one.json", "--format", "json"];
        let said = desk.run(&words);
        assert_eq!(said.code, Some(4), "{key}: {}", said.out);
        let plan = said.plan();
        let changes = plan["plan"]["changes"].as_array().unwrap();
        assert_eq!(changes.len(), 1, "{key}: the secret alone: {changes:#?}");
        let fields = changes[0]["fields"].as_array().unwrap().iter().filter(|field| field["kind"] != "same");
        assert_eq!(fields.map(|field| &field["name"]).collect::<Vec<_>>(), [key.name()]);
    }
    let debug = checked(&secret_with(json!({"LOG_LEVEL": "DEBUG"})));
    let texts = rolecall::handover::texts(
        &debug.facts,
        &debug.selection,
        &debug.judgement,
        None,
        &rolecall::handover::Wish::default(),
    );
    let body = &texts.iter().find(|text| text.name == rolecall::handover::Name::ConfigBody).unwrap().body;
    assert!(body.contains("\"log_level\": \"DEBUG\""), "{body}");
}

/// `cargo test`, as `.ci/run` has it: no test is left out of it, it is given no credentials, and the first step that fails ends the run.
#[test]
fn s3_50_one_command_runs_all_tests_and_leaves_none_out() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = std::fs::read_to_string(root.join(".ci/run")).unwrap();
    assert!(run.lines().any(|line| line == "set -euo pipefail"), "{run}");
    assert!(run.lines().any(|line| line == "step tests cargo test --locked"), "{run}");
    assert!(!run.contains("AWS_"), "{run}");
    let left_out = concat!("#[", "ignore");
    for folder in ["src", "tests"] {
        let sources = files(&root.join(folder)).into_iter();
        let sources: Vec<_> =
            sources.filter(|(path, _)| path.extension().is_some_and(|ending| ending == "rs")).collect();
        assert!(sources.len() > 50, "{folder}: {}", sources.len());
        for (path, text) in sources {
            let text = String::from_utf8_lossy(&text);
            let mut ignored = text.lines().filter(|line| line.trim_start().starts_with(left_out));
            let run_elsewhere = |line: &str| line.contains("by the test below") || line.contains("by the tests above");
            assert!(ignored.all(run_elsewhere), "{} leaves a test out", path.display());
        }
    }
}
