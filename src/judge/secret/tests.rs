use crate::judge::Judgement;
use crate::judge::scene::{Scene, VALUES, all, denied, find, secret};
use crate::model::facts::{Secret, SecretContent};
use crate::model::{Fact, Severity};

fn judged(change: impl FnOnce(&mut Secret)) -> Judgement {
    let mut scene = Scene::healthy();
    let mut secret = secret(VALUES);
    change(&mut secret);
    scene.facts.secret = Fact::Known(secret);
    scene.judge()
}

fn with_text(text: &str) -> Judgement {
    let mut scene = Scene::healthy();
    scene.facts.secret = Fact::Known(secret(text));
    scene.judge()
}

fn no_canary(judgement: &Judgement) {
    assert!(!format!("{judgement:?}").contains("canary"));
}

#[test]
fn a_right_secret_is_said_to_be_right() {
    let judged = judged(|_| ());
    for id in ["secret/keys", "secret/values", "secret/region"] {
        assert_eq!(find(&judged, id).severity, Severity::Ok, "{id}");
    }
    assert!(judged.findings.iter().all(|f| !f.id.starts_with("secret/") || f.severity == Severity::Ok));
    no_canary(&judged);
}

#[test]
fn a_missing_secret_is_an_error_with_its_name_and_region() {
    let mut scene = Scene::healthy();
    scene.facts.secret = Fact::Absent;
    let judged = scene.judge();
    let finding = find(&judged, "secret/exists");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("benchling-webhook-prod does not exist in region us-east-1"));
    let command = finding.fixes[1].command.as_deref().unwrap();
    assert!(command.ends_with("--secret-string file://secret.json --region us-east-1 --profile staging"), "{command}");
}

#[test]
fn all_missing_keys_are_told_at_once() {
    let judged = with_text(&VALUES.replace("\"LOG_LEVEL\"", "\"log_level\"").replace("\"PKG_KEY\"", "\"X\""));
    let finding = find(&judged, "secret/keys");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("2 of 11 keys are missing: LOG_LEVEL, PKG_KEY"), "{}", finding.claim);
    assert!(finding.evidence.iter().any(|line| line.contains("log_level")), "{:?}", finding.evidence);
    assert!(find(&judged, "secret/extra-keys").claim.contains("1 key more"));
}

#[test]
fn values_are_judged_one_by_one() {
    let text = VALUES.replace("\"INFO\"", "\"info\"").replace("\"true\"", "true").replace("\"acme\"", "\"quilt dtt\"");
    let judged = with_text(&text);
    let values = all(&judged, "secret/values");
    assert!(values.iter().any(|f| f.subject == "LOG_LEVEL" && f.severity == Severity::Error), "{values:#?}");
    assert!(values.iter().any(|f| f.subject == "TENANT" && f.severity == Severity::Error));
    assert_eq!(find(&judged, "secret/booleans").severity, Severity::Warning);
}

#[test]
fn each_way_of_being_unreadable_is_told_apart() {
    let value = |change: fn(&mut crate::model::facts::SecretValue)| {
        judged(|secret| {
            if let Fact::Known(value) = &mut secret.value {
                change(value);
            }
        })
    };
    assert_eq!(find(&value(|v| v.content = SecretContent::Binary(7)), "secret/is-string").severity, Severity::Error);
    for text in ["canary no JSON", "[\"canary\"]", "\"canary\"", "{\"A\": canary"] {
        let judged = with_text(text);
        assert_eq!(find(&judged, "secret/json").severity, Severity::Error, "{text}");
        no_canary(&judged);
    }
    assert_eq!(find(&judged(|s| s.value = Fact::Absent), "secret/has-value").severity, Severity::Error);
    let kms = judged(|s| s.value = denied("kms:Decrypt"));
    assert_eq!((find(&kms, "secret/kms").severity, find(&kms, "secret/kms").unknown), (Severity::Info, true));
    let denied = judged(|s| s.value = denied("secretsmanager:GetSecretValue"));
    assert!(find(&denied, "secret/readable").claim.contains("secretsmanager:GetSecretValue"));
    let deleted = judged(|s| s.deleted = Some("2026-04-01T00:00:00Z".parse().unwrap()));
    assert!(find(&deleted, "secret/deleted").fixes[0].command.as_ref().unwrap().contains("restore-secret"));
}

#[test]
fn the_shipped_spelling_is_recognised() {
    let judged = with_text(&VALUES.to_lowercase().replace("\"ecr_repository_name\":\"quiltdata/benchling\",", ""));
    assert!(find(&judged, "secret/dialect").claim.contains("shipped"));
    assert_eq!(find(&judged, "secret/keys").severity, Severity::Error);
}

#[test]
fn a_name_of_its_own_and_another_bucket_are_only_mentioned() {
    let judged = judged(|secret| secret.name = "my-secret".into());
    assert_eq!(find(&judged, "secret/name").severity, Severity::Info);
    let mut scene = Scene::healthy();
    if let Fact::Known(stack) = &mut scene.facts.stack {
        stack.outputs.push(("UserBucket".into(), "quilt-other".into()));
    }
    let judged = scene.judge();
    let finding = find(&judged, "secret/bucket");
    assert_eq!((finding.severity, finding.subject.as_str()), (Severity::Warning, "USER_BUCKET"));
}

#[test]
fn the_command_that_cures_it_opens_where_the_user_is_and_is_one_line_for_a_shell() {
    let mut scene = Scene::healthy();
    scene.facts.secret = Fact::Absent;
    scene.selection.config_profile = "dev".into();
    scene.selection.stack = Some("it's; rm -rf ~".into());
    scene.selection.region = Some("us-east-1".into());
    let judged = scene.judge();
    let command = find(&judged, "secret/exists").fixes.iter().find_map(|fix| fix.command.clone()).unwrap();
    assert!(command.starts_with("rolecall setup --profile dev --aws-profile staging --region us-east-1"), "{command}");
    assert!(command.contains(r"--stack 'it'\''s; rm -rf ~'"), "{command}");
}
