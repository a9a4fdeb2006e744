use rolecall::model::Severity;
use rolecall::report::{self, FailOn, Masks, ReportFormat};
use rolecall::sandbox::World;
use serde_json::json;

use crate::seeds::scene::{READ, Scene, WRITE, finding, planned, rolecall, rolecall_at, says, with_id};

#[test]
fn s0_15_whatever_is_wrong_is_said_with_why_and_how_to_cure_it() {
    let mut seen = 0;
    for name in World::names() {
        let checked = Scene::of(name).check();
        for finding in checked.judgement.findings.iter().filter(|finding| finding.severity <= Severity::Warning) {
            assert!(finding.claim.ends_with(['.', '?']) && finding.claim.len() > 20, "{name}: {finding:?}");
            assert!(!finding.evidence.is_empty(), "{name}: it does not say why: {finding:?}");
            assert!(!finding.fixes.is_empty(), "{name}: it does not say what to do: {finding:?}");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn s0_16_without_aws_a_demo_serves_and_missing_roles_stop_nobody() {
    let said = rolecall(&["check", "--demo=quilt-healthy"]).expect(0);
    assert!(said.out.starts_with("DEMO world quilt-healthy: none of this is AWS."), "{}", said.out);
    let without = rolecall(&["check", "--demo=roles-missing"]).expect(1);
    assert!(!without.flat().contains("error role/discovered"), "{}", without.out);
}

#[test]
fn s0_37_without_usable_roles_the_exit_code_is_still_success() {
    let scene = Scene::patched(json!({
        "extends": "quilt-healthy",
        "accounts": {"111122223333": {
            "roles": {"ReadQuiltV2-quilt-prod": null, "ReadWriteQuiltV2-quilt-prod": null},
            "regions": {"us-east-1": {"stacks": {"quilt-prod": {
                "resources": {"T4BucketReadRole": null, "T4BucketWriteRole": null}
            }}}}
        }},
        "home": {".config/benchling-webhook/default/config.json": {
            "quilt": {"readRoleArn": null, "writeRoleArn": null}
        }}
    }));
    let checked = scene.check();
    assert_eq!(with_id(&checked, "role/discovered").len(), 2);
    assert_eq!(checked.report().exit_code(FailOn::Error), 0);
    assert_eq!(checked.report().exit_code(FailOn::Warning), 1, "and whoever wants to hear of it does");
}

#[test]
fn s0_43_what_was_tried_is_logged_with_its_outcome_and_no_credential() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("run.log");
    let log = |world: &str| {
        rolecall_at(home.path(), &["check", &format!("--demo={world}"), "--log-file", path.to_str().unwrap()]);
        let text = std::fs::read_to_string(&path).unwrap();
        let tried: Vec<String> =
            text.lines().filter(|line| line.contains("sts:AssumeRole")).map(str::to_owned).collect();
        std::fs::remove_file(&path).unwrap();
        (tried, text)
    };
    let (refused, _) = log("quilt-untouched");
    assert_eq!(refused.iter().filter(|line| line.contains("status=403")).count(), 2, "{refused:?}");
    let (given, text) = log("secret-tried-works");
    assert!(given.len() >= 2 && given.iter().all(|line| line.contains("status=200")), "{given:?}");
    assert!(!text.contains("ASIA") && !text.contains("AKIA"), "{text}");
}

#[test]
fn s0_48_a_refusal_leads_to_what_to_look_at_next() {
    let message = format!(
        "User: arn:aws:sts::111122223333:assumed-role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6/s is not authorized to perform: sts:AssumeRole on resource: {READ}"
    );
    let said = rolecall(&["explain", "--message", &message]).expect(0);
    let told = said.flat();
    for words in [
        "The trust policy",
        "The caller's own policies",
        "What to look at next",
        "aws iam get-role --role-name ReadQuiltV2-quilt-prod",
        "aws iam list-role-policies --role-name BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6",
    ] {
        assert!(told.contains(words), "{words}: {}", said.out);
    }
}

/// No token of any session that was issued, and no temporary key, is in a file after everything was tried and written: not at home, not in
/// a report of any form, not in the log.
#[test]
fn s0_56_sessions_live_in_memory_alone() {
    let file = json!({".config/benchling-webhook/default/config.json": {"quilt": {"readRoleArn": null}}});
    let scene = Scene::patched(json!({"extends": "secret-tried-works", "home": file}));
    let checked = scene.check();
    let before = scene.files();
    scene.write(&checked, planned(&checked));
    assert_ne!(scene.files(), before, "something was written");
    let report = checked.report();
    let reports = ReportFormat::ALL.map(|format| report::render(&report, format, &Masks::default()));
    let files = scene.files().into_iter().map(|(_, content)| String::from_utf8_lossy(&content).into_owned());
    let all: Vec<String> = files.chain(reports).collect();
    for role in [READ, WRITE] {
        let keys = scene.world.keys_of(role).expect("a session of the role was issued");
        let token = keys.session_token.unwrap();
        assert!(keys.access_key_id.starts_with("ASIA"));
        for secret in [keys.access_key_id.as_str(), keys.secret_access_key.expose(), token.expose()] {
            assert!(!all.iter().any(|text| text.contains(secret)), "a credential of a session was kept");
        }
    }
    let home = tempfile::tempdir().unwrap();
    let (log, page) = (home.path().join("run.log"), home.path().join("report.html"));
    let paths = [log.to_str().unwrap(), page.to_str().unwrap()];
    rolecall_at(home.path(), &["check", "--demo=secret-tried-works", "--log-file", paths[0], "-o", paths[1]]);
    for path in [log, page] {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("AssumeRole") && !text.contains("ASIA"), "{}: {text}", path.display());
    }
}

#[test]
fn s0_60_a_role_that_is_configured_and_gone_is_an_error_and_one_that_is_merely_missing_a_warning() {
    let configured = json!({"extends": "quilt-healthy", "accounts": {"111122223333": {"roles": {
        "ReadQuiltV2-quilt-prod": null
    }}}});
    let checked = Scene::patched(configured).check();
    let gone = finding(&checked, "role/exists", "ReadQuiltV2-quilt-prod");
    assert_eq!(gone.severity, Severity::Error, "production relies on it: {}", says(gone));
    let missing = Scene::of("roles-missing").check();
    assert_eq!(finding(&missing, "role/discovered", "T4BucketReadRole").severity, Severity::Warning);
}
