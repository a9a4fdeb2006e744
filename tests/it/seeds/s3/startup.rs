//! How the container starts, and what it says when it does not: S3-25 to S3-33, S3-39, S3-43 to S3-47. Rehearsed with `check --as-container`.

use rolecall::model::Severity;
use rolecall::sandbox::World;
use rolecall::startup::configured;
use rolecall::values::SecretText;
use serde_json::{Value, json};

use super::{SECRET, hosts};
use crate::said::{Said, flat};
use crate::secret_commands::{Desk, STACK, container};
use crate::seeds::scene::{in_world, only};

const AS_CONTAINER: [&str; 4] = ["check", "--as-container", "--env-file", "c.env"];

/// Rehearses the start in a world with what is in `c.env`.
fn start(desk: &Desk, world: &str) -> Said {
    desk.run(&[&AS_CONTAINER[..], &[&format!("--demo={world}")]].concat())
}

fn start_as_json(desk: &Desk, world: &str, code: i32) -> Value {
    desk.run(&[&AS_CONTAINER[..], &[&format!("--demo={world}"), "--format", "json"]].concat()).expect(code).startup()
}

fn called(startup: &Value) -> Vec<&str> {
    startup["calls"].as_array().unwrap().iter().map(|call| call["operation"].as_str().unwrap()).collect()
}

#[test]
fn s3_25_two_variables_are_enough_and_are_all_that_is_handed_over() {
    let desk = Desk::new();
    let environment = desk.run(&["print", "container-env", "--demo=quilt-healthy"]).expect(0);
    assert_eq!(environment.out, format!("QuiltStackARN={STACK}\nBenchlingSecret={SECRET}\n"));
    desk.file("c.env", environment.out);
    start(&desk, "quilt-healthy").expect(0).has(&["The service would start: all 5 steps are passed."]);
}

#[test]
fn s3_26_without_either_variable_it_stops_before_any_call() {
    let desk = Desk::new();
    for (variables, set) in [
        (String::new(), [false, false]),
        (format!("QuiltStackARN={STACK}\n"), [true, false]),
        (format!("BenchlingSecret={SECRET}\n"), [false, true]),
    ] {
        desk.file("c.env", variables);
        let json = start_as_json(&desk, "quilt-healthy", 1);
        assert_eq!((&json["phase"], called(&json)), (&json!("environment"), vec![]));
        let message = json["message"].as_str().unwrap();
        assert!(message.contains("Required: QuiltStackARN, BenchlingSecret"), "{message}");
        for (name, is_set) in ["QuiltStackARN", "BenchlingSecret"].into_iter().zip(set) {
            assert_eq!(message.contains(&format!("  {name}: not set")), !is_set, "{message}");
        }
    }
}

#[test]
fn s3_27_nothing_else_is_read_from_the_environment_and_what_is_left_there_is_named() {
    let desk = Desk::new();
    container(&desk, SECRET, "");
    let clean = start_as_json(&desk, "quilt-healthy", 0);
    container(
        &desk,
        SECRET,
        "BENCHLING_TENANT=other\nLOG_LEVEL=DEBUG\nPKG_PREFIX=other\nQUILT_USER_BUCKET=other-bucket\n",
    );
    let left = start_as_json(&desk, "quilt-healthy", 0);
    assert_eq!(left["config"], clean["config"], "the secret alone counts");
    assert_eq!(clean["warnings"], json!([]));
    let warning = left["warnings"][0].as_str().unwrap();
    assert!(warning.contains("BENCHLING_TENANT, LOG_LEVEL, PKG_PREFIX, QUILT_USER_BUCKET"), "{warning}");
    container(&desk, SECRET, "PATH=/bin\nHOME=/root\n");
    assert_eq!(
        start_as_json(&desk, "quilt-healthy", 0)["warnings"],
        json!([]),
        "what is none of the service's is not named"
    );
}

/// Everything is wrong at first, and is put right one after the other.
#[test]
fn s3_28_the_start_goes_by_phases_and_stops_at_the_first_that_fails() {
    let desk = Desk::new();
    let elsewhere = STACK.replace("quilt-prod", "no-such-stack");
    for (variables, world, code, phase) in [
        (String::new(), "secret-broken", 1, json!("environment")),
        ("QuiltStackARN=invalid-arn\nBenchlingSecret=no-such-secret\n".into(), "secret-broken", 1, json!("stack_arn")),
        (format!("QuiltStackARN={elsewhere}\nBenchlingSecret=no-such-secret\n"), "secret-broken", 1, json!("stack")),
        (format!("QuiltStackARN={STACK}\nBenchlingSecret=no-such-secret\n"), "secret-broken", 1, json!("secret")),
        (format!("QuiltStackARN={STACK}\nBenchlingSecret={SECRET}\n"), "secret-broken", 1, json!("parameters")),
        (format!("QuiltStackARN={STACK}\nBenchlingSecret={SECRET}\n"), "quilt-healthy", 0, Value::Null),
    ] {
        desk.file("c.env", variables);
        let json = start_as_json(&desk, world, code);
        assert_eq!(json["phase"], phase, "{json:#}");
        assert_eq!(json["health"].is_null(), !phase.is_null(), "health is the last phase");
        assert!(phase != "stack" || !called(&json).contains(&"secretsmanager:GetSecretValue"), "{json:#}");
    }
}

#[test]
fn s3_29_stack_and_secret_are_read_in_turn_and_assembled() {
    let desk = Desk::new();
    container(&desk, SECRET, "");
    let json = start_as_json(&desk, "quilt-healthy", 0);
    let reads = ["cloudformation:DescribeStacks", "secretsmanager:GetSecretValue"];
    assert_eq!(called(&json)[1..], reads, "after who asks");
    let config = &json["config"];
    assert_eq!((&config["region"], &config["account"]), (&json!("us-east-1"), &json!("111122223333")), "of the ARN");
    assert_eq!(config["quilt"]["catalog"], "quilt.acme.example.com", "of the outputs");
    assert_eq!(
        (&config["benchling"]["tenant"], &config["parameters"]["pkg_key"]),
        (&json!("acme"), &json!("experiment_id"))
    );
}

#[test]
fn s3_31_health_tells_status_source_and_the_number_of_parameters() {
    let desk = Desk::new();
    container(&desk, SECRET, "");
    let health = &start_as_json(&desk, "quilt-healthy", 0)["health"];
    assert_eq!(
        (&health["status"], &health["config_source"], &health["config_parameters"]),
        (&json!("healthy"), &json!("secrets-only-mode"), &json!(11))
    );
}

#[test]
fn s3_32_region_account_and_name_are_read_from_the_stacks_arn() {
    let of = |arn: &str| {
        configured(&[
            ("QuiltStackARN".into(), SecretText::from(arn)),
            ("BenchlingSecret".into(), SecretText::from("s")),
        ])
    };
    let id = "b3f4c2a0-7d1e-11ee-9a3b-0e1c7f2d4a6b";
    let stack = of(&format!("arn:aws:cloudformation:us-east-1:712023778557:stack/quilt-staging/{id}")).unwrap().stack;
    assert_eq!(
        (stack.region(), stack.account().to_string().as_str(), stack.name()),
        ("us-east-1", "712023778557", "quilt-staging")
    );
    for wrong in [
        "quilt-staging",
        "arn:aws:cloudformation:us-east-1:7120237785:stack/quilt-staging/1",
        "arn:aws:cloudformation::712023778557:stack/quilt-staging/1",
        "arn:aws:cloudformation:us-east-1:712023778557:stack/quilt-staging",
        "arn:aws:s3:::quilt-staging",
    ] {
        let message = of(wrong).unwrap_err().to_string();
        assert!(message.contains("Invalid CloudFormation stack ARN format") && message.contains(wrong), "{message}");
    }
    let mut selection = World::load("quilt-healthy").unwrap().selection();
    selection.stack = Some("arn:aws:cloudformation:us-east-1:712023778557:stack/quilt-staging".into());
    let (checked, _) = crate::demo::check_in(&World::load("quilt-healthy").unwrap(), selection);
    let finding = only(&checked, "stack/arn-format");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("stack/NAME/ID"), "{}", finding.claim);
}

#[test]
fn s3_33_the_stack_is_described_in_the_region_its_arn_names() {
    let desk = Desk::new();
    let europe = "arn:aws:cloudformation:eu-central-1:111122223333:stack/quilt-eu/8d41b7e0-03c2-11f0-9e5d-0a7b6c5d4e3f";
    desk.file("c.env", format!("QuiltStackARN={europe}\nBenchlingSecret=no-such-secret\n"));
    let json = start_as_json(&desk, "several-stacks", 1);
    let asked =
        json["calls"].as_array().unwrap().iter().find(|call| call["operation"] == "cloudformation:DescribeStacks");
    assert_eq!(asked.unwrap()["host"], "cloudformation.eu-central-1.amazonaws.com");
    assert_eq!(json["phase"], "secret", "the stack was found there: {json:#}");
}

#[test]
fn s3_39_the_secret_is_read_by_its_name_in_the_stacks_region() {
    let desk = Desk::new();
    container(&desk, SECRET, "");
    let json = start_as_json(&desk, "quilt-healthy", 0);
    let asked =
        json["calls"].as_array().unwrap().iter().find(|call| call["operation"] == "secretsmanager:GetSecretValue");
    assert_eq!(asked.unwrap()["host"], "secretsmanager.us-east-1.amazonaws.com");
    let by_arn = format!("arn:aws:secretsmanager:us-east-1:111122223333:secret:{SECRET}-VnK3qa");
    container(&desk, &by_arn, "");
    assert_eq!(start_as_json(&desk, "quilt-healthy", 0)["secret"], SECRET, "the random end is no part of the name");
    let healthy = in_world("quilt-healthy");
    assert_eq!(hosts(&healthy, "secretsmanager:GetSecretValue"), ["secretsmanager.us-east-1.amazonaws.com"]);
}

#[test]
fn s3_43_missing_variables_are_told_in_the_specifications_words() {
    let desk = Desk::new();
    desk.file("c.env", "");
    let message = "❌ Configuration Error: Missing required environment variables\n\n\
                   Required: QuiltStackARN, BenchlingSecret\n\n\
                   Current:\n  QuiltStackARN: not set\n  BenchlingSecret: not set\n\n\
                   See: https://github.com/quiltdata/benchling-webhook#configuration\n";
    let said = desk.run(&AS_CONTAINER).expect(1);
    assert!(said.out.contains(message), "{}", said.out);
}

#[test]
fn s3_44_an_invalid_arn_is_told_with_what_was_expected_and_received() {
    let desk = Desk::new();
    desk.file("c.env", "QuiltStackARN=invalid-arn\nBenchlingSecret=s\n");
    let said = desk.run(&AS_CONTAINER).expect(1);
    let begin = "❌ Configuration Error: Invalid CloudFormation stack ARN format\n\n\
                 Expected: arn:aws:cloudformation:region:account:stack/name/id\nReceived: invalid-arn\n";
    assert!(said.out.contains(begin), "{}", said.out);
    assert!(
        said.out.contains("\nSee: https://github.com/quiltdata/benchling-webhook#cloudformation\n"),
        "{}",
        said.out
    );
}

#[test]
fn s3_45_missing_parameters_are_told_with_the_secret_that_is_expected() {
    let desk = Desk::new();
    container(&desk, SECRET, "");
    let said = start(&desk, "secret-broken").expect(1);
    let message = format!(
        "❌ Configuration Error: Missing required parameters in secret '{SECRET}'\n\nMissing: ECR_REPOSITORY_NAME\n\n\
         Expected secret format (JSON):\n{{\n  \"CLIENT_ID\": \"...\",\n  \"CLIENT_SECRET\": \"...\",\n  \"TENANT\": \"...\",\n  \
         \"APP_DEFINITION_ID\": \"...\",\n  \"LOG_LEVEL\": \"INFO\",\n  \"PKG_PREFIX\": \"benchling\",\n  \
         \"PKG_KEY\": \"experiment_id\",\n  \"USER_BUCKET\": \"my-bucket\",\n  \
         \"ECR_REPOSITORY_NAME\": \"quiltdata/benchling\",\n  \"ENABLE_WEBHOOK_VERIFICATION\": \"true\",\n  \
         \"WEBHOOK_ALLOW_LIST\": \"\"\n}}\n\nSee: https://github.com/quiltdata/benchling-webhook#secret-format\n"
    );
    assert!(said.out.contains(&message), "{}", said.out);
}

#[test]
fn s3_46_a_refusal_names_the_action_that_is_missing() {
    let desk = Desk::new();
    container(&desk, SECRET, "");
    let said = start(&desk, "secret-denied").expect(3);
    let message = format!(
        "❌ Configuration Error: Access denied to secret '{SECRET}'\n\nThe IAM role lacks required permissions.\n\n\
         Required permissions:\n  - secretsmanager:GetSecretValue\n\n\
         See: https://github.com/quiltdata/benchling-webhook#permissions\n"
    );
    assert!(said.out.contains(&message), "{}", said.out);
    let unknown = "You are not allowed secretsmanager:GetSecretValue; whether the task role is, this cannot tell.";
    assert!(flat(&said.out).contains(unknown), "an operator's refusal is none of the task role: {}", said.out);
}

#[test]
fn s3_47_every_fault_is_told_with_its_cure_and_a_page_that_explains_it() {
    let mut seen = 0;
    for name in World::names() {
        for finding in in_world(name).judgement.findings {
            let of_configuration = ["secret/", "stack/", "config/"].iter().any(|part| finding.id.starts_with(part));
            if finding.severity == Severity::Error || finding.severity == Severity::Warning && of_configuration {
                assert!(finding.unknown || !finding.fixes.is_empty(), "{name}: {finding:#?}");
                assert!(!finding.evidence.is_empty(), "{name}: {finding:#?}");
                let page = rolecall::judge::paragraph(&finding.id);
                assert!(page.is_some_and(|text| text.contains("Cure:")), "{}", finding.id);
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}
