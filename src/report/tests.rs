mod diagnosis;
mod formats;

use serde_json::Value;

use super::*;
use crate::judge::scene::{Scene, TASK_ROLE, denied, error, secret, trusts};
use crate::model::facts::{SettingsPlace, SettingsSource};
use crate::model::{ErrorKind, Fact, SystemChoice};

fn report(scene: &Scene) -> Report {
    Report::new(&scene.facts, &scene.selection, &scene.judge())
}

fn exits(scene: &Scene) -> (u8, u8) {
    let report = report(scene);
    (report.exit_code(FailOn::Error), report.exit_code(FailOn::Warning))
}

fn without_credentials() -> Scene {
    let mut scene = Scene::healthy();
    scene.facts.credentials =
        Fact::Failed(error(ErrorKind::Network, "sts:GetCallerIdentity", "", "connection refused"));
    scene.facts.identity = Fact::NotAsked;
    scene
}

fn with_call(mut scene: Scene) -> Scene {
    let started = scene.facts.observed_at;
    scene.facts.calls.push(CallRecord {
        operation: "sts:AssumeRole".into(),
        host: "sts.us-east-1.amazonaws.com".into(),
        started,
        duration: std::time::Duration::from_millis(84),
        attempt: 1,
        status: Some(403),
        request_id: Some("5c1d".into()),
        server_date: Some(started),
        failure: None,
        given_up: false,
    });
    for kind in RoleKind::BOTH {
        let refused = error(ErrorKind::Denied, "sts:AssumeRole", "AccessDenied", "not authorized");
        scene.live(kind, Err(refused));
    }
    scene
}

#[test]
fn the_exit_code_says_what_can_be_relied_on() {
    assert_eq!(exits(&Scene::healthy()), (0, 0), "unread SCPs and a refused operator are as it should be");
    assert_eq!(exits(&with_call(Scene::healthy())), (0, 0));
    assert_eq!(exits(&Scene::healthy().not_deployed()), (0, 0), "not deployed yet blocks nothing");
    assert_eq!(exits(&Scene::untouched()), (1, 1));
    assert_eq!(exits(&without_credentials()), (3, 3));
    let mut warned = Scene::untouched();
    warned.facts.secret = Scene::healthy().facts.secret;
    assert_eq!(exits(&warned), (0, 1), "roles that nobody named warn");
    let mut unread = Scene::healthy();
    unread.facts.role_mut(RoleKind::Read).detail = denied("iam:GetRole");
    assert_eq!(exits(&unread), (3, 3), "whether the webhook is trusted is not known");
    let mut unread = Scene::healthy();
    unread.facts.secret = denied("secretsmanager:DescribeSecret");
    assert_eq!(exits(&unread), (3, 3));
}

#[test]
fn every_report_follows_the_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mut unread = with_call(Scene::healthy());
    unread.facts.role_mut(RoleKind::Read).detail = denied("iam:GetRole");
    for scene in [
        Scene::healthy(),
        with_call(Scene::untouched()),
        Scene::healthy().not_deployed(),
        without_credentials(),
        unread,
    ] {
        let value: Value = serde_json::from_str(&json(&report(&scene))).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(&value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }
    let stray = serde_json::json!({"schema_version": 1, "stray": true});
    assert!(!validator.is_valid(&stray));
}

#[test]
fn external_ids_are_masked_everywhere() {
    let asks = format!(
        r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"{TASK_ROLE}"}},"Action":"sts:AssumeRole",
            "Condition":{{"StringEquals":{{"sts:ExternalId":"canary-asked"}}}}}}}}"#
    );
    let mut scene = Scene::healthy();
    scene.trust(RoleKind::Read, &asks);
    scene.selection.external_id = Some("canary-sent".into());
    let refusal = error(ErrorKind::Denied, "sts:AssumeRole", "AccessDenied", "with canary-sent");
    scene.live(RoleKind::Read, Err(refusal));
    let report = report(&scene);
    for printed in [json(&report), text(&report), format!("{report:?}")] {
        assert!(!printed.contains("canary"), "{printed}");
    }
    assert!(text(&report).contains("<external-id-2>"));
    assert_eq!(report.selection.external_id.as_deref(), Some("<external-id-1>"));
}

#[test]
fn no_secret_is_in_a_report() {
    let mut scene = Scene::healthy();
    let broken = crate::judge::scene::VALUES.replace("\"INFO\"", "\"info\"");
    scene.facts.secret = Fact::Known(secret(&broken));
    let report = report(&scene);
    let printed = json(&report) + &text(&report);
    assert!(!printed.contains("canary") && !printed.contains("wqFabcdefgYe"));
}

#[test]
fn nothing_printed_moves_the_cursor() {
    let mut scene = Scene::healthy();
    scene.selection.config_profile = "a\u{1b}[2Jb\u{202e}c".into();
    scene.trust(RoleKind::Read, &trusts("arn:aws:iam::111122223333:role/x\\u001b[31m"));
    let report = report(&scene);
    for printed in [json(&report), text(&report)] {
        assert!(printed.chars().all(|c| c == '\n' || !c.is_control()) && !printed.contains('\u{202e}'));
    }
}

#[test]
fn the_text_begins_with_the_answer_and_puts_errors_first() {
    let printed = text(&report(&Scene::untouched()));
    let first = printed.lines().next().unwrap();
    assert!(first.starts_with("1 error and 4 warnings: Secret benchling-webhook-prod does not exist"), "{first}");
    let at = |word: &str| printed.find(word).unwrap_or_else(|| panic!("{word} is not in\n{printed}"));
    assert!(at("\nErrors\n") < at("\nWarnings\n") && at("\nWarnings\n") < at("\nWorth knowing\n"));
    assert!(at("\nRight\n") < at("\nAccess\n"));
    assert!(printed.contains("denied, as it should be"));
    let healthy = text(&report(&Scene::healthy()));
    assert!(healthy.starts_with("Everything that was checked is right.\n"), "{healthy}");
    assert!(text(&report(&without_credentials())).starts_with("Nothing could be judged"));
    let unreadable = "Nothing wrong was found, but not everything that matters could be read.";
    let mut scene = Scene::healthy();
    scene.facts.secret = denied("secretsmanager:DescribeSecret");
    assert!(text(&report(&scene)).starts_with(unreadable));
}

#[test]
fn lines_are_no_longer_than_they_must_be() {
    let printed = text(&report(&with_call(Scene::untouched())));
    for line in printed.lines().filter(|line| line.len() > 110) {
        assert!(!line.contains(". "), "could have been broken: {line}");
    }
}

#[test]
fn people_read_this() {
    insta::assert_snapshot!("untouched", text(&report(&with_call(Scene::untouched()))));
    insta::assert_snapshot!("healthy", text(&report(&with_call(Scene::healthy()))));
}

/// Run with a placeholder in its document, the command would take the external ID out of the trust policy.
#[test]
fn a_command_whose_document_holds_an_external_id_is_left_out() {
    let mut scene = Scene::untouched();
    let trust = r#"{"Statement":[
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/quilt-ecs"},"Action":"sts:AssumeRole"},
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},"Action":"sts:AssumeRole",
         "Condition":{"StringEquals":{"sts:ExternalId":"canary-of-another"}}}]}"#;
    scene.trust(RoleKind::Read, trust);
    let judged = scene.judge();
    let cure = judged.verdicts[0].cure.as_ref().unwrap();
    assert!(cure.fixes[0].command.contains("canary-of-another"), "the screen has it whole: {cure:?}");
    let report = report(&scene);
    let told = [json(&report), text(&report)].concat();
    assert!(!told.contains("canary-of-another"));
    assert!(told.contains("The document holds an external ID"), "{told}");
    let fixes = report.verdicts[0].fixes.as_ref().unwrap();
    assert!(fixes[0].command.is_none() && fixes[0].steps.iter().any(|step| step.command.is_some()), "{fixes:?}");
}

/// The SRE bot's roles with this text for all of them.
fn roles(scene: Scene, text: &str) -> Scene {
    let mut scene = scene;
    scene.selection.system = Some(SystemChoice::of("sre-roles"));
    scene.facts.system.settings = Fact::Known(vec![SettingsSource {
        place: SettingsPlace::Environment,
        values: [("AWS_AUTH_ROLES".to_owned(), text.into())].into(),
        twice: Vec::new(),
        fault: None,
    }]);
    scene
}

#[test]
fn roles_that_cannot_be_read_are_never_quoted() {
    for broken in [
        r#"{"prod": {"external_id":"canary-of-roles","role_arn":"arn:aws:iam::444455556666:role/A"},}"#,
        "{'prod': {'external_id':'canary-of-roles'}}",
        "canary-of-roles",
    ] {
        let report = report(&roles(Scene::healthy(), broken));
        let told = [json(&report), text(&report), markdown::markdown(&report), html::html(&report)].concat();
        assert!(!told.contains("canary-of-roles"), "{told}");
        assert!(told.contains(&format!("set ({} characters, not JSON)", broken.chars().count())), "{told}");
    }
    let null = text(&report(&roles(Scene::healthy(), "null")));
    assert!(!null.contains("<external-id"), "no word of a report is taken for an external ID: {null}");
}

#[test]
fn wrong_settings_are_the_answer_where_aws_could_not_be_asked() {
    let broken = roles(without_credentials(), "{");
    assert_eq!(exits(&broken), (1, 1));
    let told = text(&report(&broken));
    assert!(told.starts_with("AWS_AUTH_ROLES names no roles"), "{told}");
    assert!(told.split_whitespace().collect::<Vec<_>>().join(" ").contains("Nothing else could be judged."), "{told}");
    let fine = roles(without_credentials(), "{}");
    assert_eq!(exits(&fine), (3, 3), "nothing was judged that is wrong");
    assert!(text(&report(&fine)).starts_with("Nothing could be judged."));
}
