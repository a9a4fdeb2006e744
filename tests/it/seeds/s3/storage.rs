//! How the secret is kept, and its schema: S3-02 to S3-10, S3-22 to S3-24.

use std::os::unix::fs::PermissionsExt;

use rolecall::model::Severity;
use rolecall::secret::Key;
use serde_json::{Value, json};

use super::{SECRET, secret_with, severity, written};
use crate::secret_commands::{Desk, env_file};
use crate::seeds::scene::{in_world, only, with_id};
use crate::writing::{VALUES, document};

#[test]
fn s3_02_all_parameters_are_one_json_document_of_one_secret() {
    let checked = in_world("quilt-healthy");
    assert_eq!(super::hosts(&checked, "secretsmanager:GetSecretValue").len(), 1, "one secret is read, once");
    assert_eq!(only(&checked, "secret/keys").claim, "All 11 keys are there.");
    assert_eq!(only(&checked, "secret/values").claim, "All 11 values are valid.");
}

#[test]
fn s3_03_a_secret_in_another_region_than_the_stack_is_an_error() {
    assert_eq!(severity(&in_world("quilt-healthy"), "secret/region"), Severity::Ok);
    let elsewhere = in_world("secret-other-region");
    let finding = only(&elsewhere, "secret/region");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("eu-central-1") && finding.claim.contains("us-east-1"), "{}", finding.claim);
    assert!(with_id(&elsewhere, "secret/keys").is_empty(), "what the service does not see is not judged");
}

#[test]
fn s3_04_a_binary_secret_is_an_error_even_if_its_bytes_are_json() {
    let binary = in_world("secret-binary");
    let finding = only(&binary, "secret/is-string");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.evidence.iter().any(|line| line.contains("SecretString")), "{finding:?}");
    assert!(with_id(&in_world("quilt-healthy"), "secret/is-string").is_empty());
}

#[test]
fn s3_05_a_new_secret_has_exactly_the_11_keys() {
    let desk = Desk::new();
    desk.file("all.env", format!("{}AWS_REGION=us-east-1\nWORKFLOW=default\n", env_file()));
    written(&desk, &["--env-file", "all.env", "--to-file", "out.json"]);
    let made: Value = serde_json::from_slice(&std::fs::read(desk.path("out.json")).unwrap()).unwrap();
    let mut names: Vec<&str> = made.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = VALUES.map(|(key, _)| key.name());
    names.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(names, wanted);
    assert_eq!(std::fs::metadata(desk.path("out.json")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn s3_06_an_empty_value_is_an_error_of_every_key_but_the_allow_list() {
    for key in Key::ALL {
        let checked = super::checked(&secret_with(json!({key.name(): ""})));
        let wrong: Vec<&str> = checked
            .judgement
            .findings
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .map(|one| one.subject.as_str())
            .collect();
        let wanted = if key == Key::WebhookAllowList { vec![] } else { vec![key.name()] };
        assert_eq!(wrong, wanted, "{key}");
    }
}

#[test]
fn s3_07_booleans_are_texts_and_a_bare_one_is_written_as_one() {
    for (value, wanted) in [
        (json!("true"), None),
        (json!("false"), None),
        (json!(true), Some(Severity::Warning)),
        (json!("True"), Some(Severity::Warning)),
        (json!("yes"), Some(Severity::Error)),
    ] {
        let list = "10.0.0.0/8";
        let world = secret_with(json!({"ENABLE_WEBHOOK_VERIFICATION": value, "WEBHOOK_ALLOW_LIST": list}));
        let checked = super::checked(&world);
        let severities: Vec<Severity> =
            with_id(&checked, "secret/booleans").into_iter().map(|one| one.severity).collect();
        assert_eq!(severities, wanted.into_iter().collect::<Vec<_>>(), "{value}");
    }
    let desk = Desk::new();
    let mut bare = document();
    bare["ENABLE_WEBHOOK_VERIFICATION"] = json!(false);
    bare["WEBHOOK_ALLOW_LIST"] = json!("10.0.0.0/8");
    desk.file("bare.json", bare.to_string());
    written(&desk, &["--file", "bare.json", "--to-file", "out.json"]);
    let made: Value = serde_json::from_slice(&std::fs::read(desk.path("out.json")).unwrap()).unwrap();
    assert_eq!(made["ENABLE_WEBHOOK_VERIFICATION"], "false");
}

#[test]
fn s3_08_the_suggested_name_is_benchling_webhook_and_the_environment_and_no_rule() {
    let desk = Desk::new();
    desk.file("all.env", env_file());
    let plan = ["secret", "plan", "--demo=quilt-no-secret", "--env-file", "all.env"];
    desk.run(&plan).expect(4).has(&["secret benchling-webhook-prod: new secret"]);
    desk.run(&[&plan[..], &["--profile", "staging"]].concat())
        .expect(4)
        .has(&["secret benchling-webhook-staging: new secret"]);
    desk.run(&[&plan[..], &["--to", "our/own-name"]].concat()).expect(4).has(&["secret our/own-name: new secret"]);
    let renamed = super::region(json!({"secrets": {SECRET: null, "our/own-name": {
        "suffix": "aB3dE6", "versions": {"9a2e6f14-37bd-4c58-ae02-1f8d7c6b5a49": {"stages": ["AWSCURRENT"], "json": document()}}
    }}}));
    let mut selection = renamed.selection();
    selection.secret = Some("our/own-name".into());
    let (checked, _) = crate::demo::check_in(&renamed, selection);
    assert_eq!(severity(&checked, "secret/name"), Severity::Info);
    assert_eq!(severity(&checked, "secret/values"), Severity::Ok);
    assert!(with_id(&in_world("quilt-healthy"), "secret/name").is_empty());
}

/// The Console keeps the text as it was typed, the CLI as the file has it, and Terraform's `jsonencode` sorts names and escapes `<`, `>` and `&`.
#[test]
fn s3_09_a_secret_is_judged_alike_whichever_tool_wrote_it() {
    let desk = Desk::new();
    let mut sorted: Vec<_> = VALUES.iter().map(|(key, value)| (key.name(), *value)).collect();
    sorted.sort_unstable();
    let escaped: Vec<String> =
        sorted.iter().map(|(name, value)| format!("\"{name}\":\"{}\"", value.replace('r', "\\u0072"))).collect();
    for text in [
        format!("{{{}}}", escaped.join(",")),
        serde_json::to_string_pretty(&document()).unwrap().replace('\n', "\r\n"),
        format!("\n\t{}\n\n", document()),
    ] {
        let json = desk.piped(&["secret", "check", "-", "--format", "json"], text.as_bytes()).expect(0).check();
        let values: Vec<(&str, &str)> = json["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["key"].as_str().unwrap(), row["value"].as_str().unwrap()))
            .collect();
        assert!(
            values.contains(&("PKG_PREFIX", "benchling")) && values.contains(&("USER_BUCKET", "quilt-user-bucket"))
        );
    }
    desk.file("all.env", env_file());
    written(&desk, &["--env-file", "all.env", "--to-file", "secret.json"])
        .has(&["aws secretsmanager create-secret --name benchling-webhook-prod --secret-string file://secret.json"]);
}

#[test]
fn s3_10_case_matters_and_a_name_of_another_case_is_pointed_out() {
    for near in ["client_id", "Client_Id", "CLIENTID"] {
        let checked = super::checked(&secret_with(json!({"CLIENT_ID": null, near: "wqF4hT8mZsYe"})));
        let finding = only(&checked, "secret/keys");
        assert_eq!(
            (finding.severity, finding.claim.as_str()),
            (Severity::Error, "1 of 11 keys is missing: CLIENT_ID.")
        );
        assert!(finding.evidence.iter().any(|line| line.contains(&format!("`{near}`"))), "{near}: {finding:#?}");
    }
}

#[test]
fn s3_22_all_missing_keys_are_told_at_once_and_the_service_would_not_start() {
    let gone = json!({"LOG_LEVEL": null, "PKG_PREFIX": null, "USER_BUCKET": null});
    let checked = super::checked(&secret_with(gone));
    let finding = only(&checked, "secret/keys");
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(finding.claim, "3 of 11 keys are missing: LOG_LEVEL, PKG_PREFIX, USER_BUCKET.");
    assert!(finding.evidence.iter().any(|line| line.contains("stops at start-up")), "{finding:#?}");
    assert!(!finding.fixes.is_empty());
}

#[test]
fn s3_23_extra_keys_are_no_fault_and_stay_when_the_secret_is_written() {
    let desk = Desk::new();
    let mut extra = document();
    extra["LOG_LEVEL"] = json!("DEBUG");
    extra["FUTURE_FEATURE"] = json!({"nested": [1, null]});
    desk.file("out.json", extra.to_string()).file("all.env", env_file());
    let json = desk.run(&["secret", "check", "--file", "out.json", "--format", "json"]).expect(0).check();
    assert_eq!(json["extra_keys"], json!(["FUTURE_FEATURE"]));
    let of_extras: Vec<&Value> =
        json["findings"].as_array().unwrap().iter().filter(|one| one["id"] == "secret/extra-keys").collect();
    assert_eq!((of_extras.len(), &of_extras[0]["severity"]), (1, &json!("info")));
    written(&desk, &["--env-file", "all.env", "--to-file", "out.json"]);
    let made: Value = serde_json::from_slice(&std::fs::read(desk.path("out.json")).unwrap()).unwrap();
    assert_eq!((&made["LOG_LEVEL"], &made["FUTURE_FEATURE"]), (&json!("INFO"), &extra["FUTURE_FEATURE"]));
}

/// What the table says of a key is what the judge says of a wrong value of it.
#[test]
fn s3_24_the_readme_documents_every_key_by_the_rule_it_is_judged_by() {
    let readme = include_str!("../../../../README.md");
    let desk = Desk::new();
    let wrong: serde_json::Map<String, Value> =
        Key::ALL.iter().map(|key| (key.name().into(), json!("a b\u{7}"))).collect();
    let text = Value::from(wrong).to_string();
    let json = desk.piped(&["secret", "check", "-", "--format", "json"], text.as_bytes()).expect(1).check();
    for key in Key::ALL {
        let finding = json["findings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["claim"].as_str().unwrap().starts_with(key.name()));
        let finding = finding.unwrap_or_else(|| panic!("{key}: {json:#}"));
        let rule =
            finding["evidence"].as_array().unwrap().iter().find_map(|line| line.as_str()?.strip_prefix("rule: "));
        let row = format!("| `{key}` | {} |", rule.unwrap());
        assert!(readme.contains(&row), "{row}");
    }
}
