use serde_json::{Value, json};

use crate::judge::Judgement;
use crate::judge::scene::{Scene, all, config, config_text, find};
use crate::model::{Fact, Severity};

fn judged(change: impl FnOnce(&mut Value)) -> Judgement {
    let mut value: Value = serde_json::from_str(&config_text()).unwrap();
    change(&mut value);
    with_text(&value.to_string())
}

fn with_text(text: &str) -> Judgement {
    let mut scene = Scene::healthy();
    scene.facts.config = Fact::Known(config(text));
    scene.judge()
}

#[test]
fn a_right_file_is_said_to_be_right() {
    let judged = judged(|_| ());
    assert_eq!(find(&judged, "config/fields").severity, Severity::Ok);
    assert!(judged.findings.iter().all(|f| !f.id.starts_with("config/") || f.severity == Severity::Ok));
}

#[test]
fn what_is_no_json_is_an_error_that_shows_nothing_of_it() {
    for text in ["{\"benchling\": {\"clientSecret\": \"canary\"", "canary", "[\"canary\"]", ""] {
        let judged = with_text(text);
        assert_eq!(find(&judged, "config/json").severity, Severity::Error, "{text}");
        assert!(!format!("{judged:?}").contains("canary"));
    }
}

#[test]
fn missing_fields_are_told_at_once() {
    let judged = judged(|file| {
        file["quilt"].as_object_mut().unwrap().remove("database");
        file.as_object_mut().unwrap().remove("packages");
    });
    let finding = find(&judged, "config/fields");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("4 fields: quilt.database, packages.bucket, packages.prefix, packages.metadataKey"));
}

#[test]
fn a_child_may_leave_fields_to_its_parent() {
    let judged = judged(|file| {
        file["_inherits"] = json!("default");
        file.as_object_mut().unwrap().remove("packages");
    });
    assert_eq!(find(&judged, "config/fields").severity, Severity::Warning);
    assert_eq!(find(&judged, "config/inherits").severity, Severity::Info);
}

#[test]
fn every_rule_names_its_field() {
    for (section, field, value, severity) in [
        ("quilt", "queueUrl", json!("https://example.com/q"), Severity::Error),
        ("quilt", "region", json!("useast1"), Severity::Error),
        ("quilt", "stackArn", json!("arn:aws:s3:::x"), Severity::Error),
        ("deployment", "account", json!(111_122_223_333_u64), Severity::Error),
        ("deployment", "region", json!("us-gov-west-1"), Severity::Warning),
        ("security", "enableVerification", json!("true"), Severity::Error),
        ("logging", "level", json!("CRITICAL"), Severity::Error),
        ("benchling", "tenant", json!(""), Severity::Error),
        ("benchling", "tenant", json!(null), Severity::Error),
        ("_metadata", "source", json!("tui"), Severity::Error),
        ("_metadata", "updatedAt", json!("yesterday"), Severity::Error),
    ] {
        let judged = judged(|file| file[section][field] = value.clone());
        let finding = find(&judged, "config/values");
        assert_eq!((finding.subject.clone(), finding.severity), (format!("{section}.{field}"), severity), "{value}");
    }
}

#[test]
fn the_client_secret_is_never_shown_and_a_wide_mode_is_told() {
    let mut value: Value = serde_json::from_str(&config_text()).unwrap();
    value["benchling"]["clientSecret"] = json!("canary");
    let mut scene = Scene::healthy();
    let mut file = config(&value.to_string());
    file.mode = Some(0o100_644);
    scene.facts.config = Fact::Known(file);
    let judged = scene.judge();
    let finding = find(&judged, "config/mode");
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(finding.evidence[0], "its mode is 0644");
    assert!(find(&judged, "config/secret-values").evidence[0].contains("benchling.clientSecret and CLIENT_SECRET"));
    assert!(!format!("{judged:?}").contains("canary"));
}

#[test]
fn differences_from_stack_and_secret_are_named() {
    let judged = judged(|file| {
        file["quilt"]["catalog"] = json!("old.example.com");
        file["quilt"]["writeRoleArn"] = json!("arn:aws:iam::111122223333:role/Old");
        file["packages"]["bucket"] = json!("another-bucket");
        file["benchling"]["secretArn"] = json!("arn:aws:secretsmanager:us-east-1:111122223333:secret:other-AbCdEf");
    });
    assert!(find(&judged, "config/stack-values").evidence[0].contains("quilt.catalog"));
    assert_eq!(find(&judged, "config/role-arn").subject, "quilt.writeRoleArn");
    assert!(find(&judged, "config/secret-values").evidence[0].contains("packages.bucket and USER_BUCKET"));
    assert_eq!(find(&judged, "config/secret-arn").severity, Severity::Warning);
}

#[test]
fn a_region_that_is_not_the_stacks_is_an_error() {
    let judged = judged(|file| file["quilt"]["region"] = json!("eu-west-1"));
    assert_eq!(find(&judged, "config/region").severity, Severity::Error);
}

#[test]
fn integrated_stack_must_be_said_beside_a_secret() {
    let judged = judged(|file| {
        file.as_object_mut().unwrap().remove("integratedStack");
    });
    assert_eq!(find(&judged, "config/integrated-stack").severity, Severity::Warning);
}

#[test]
fn a_profile_name_is_no_path() {
    for name in ["../x", "a/b", "", "a b"] {
        let mut scene = Scene::healthy();
        scene.selection.config_profile = name.into();
        assert_eq!(all(&scene.judge(), "config/profile-name").len(), 1, "{name}");
    }
    let mut scene = Scene::healthy();
    scene.facts.config = Fact::Absent;
    assert_eq!(find(&scene.judge(), "config/exists").severity, Severity::Info);
}
