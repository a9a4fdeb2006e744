//! What is called, with what, and what the bot would make of the answer.

use std::collections::BTreeSet;
use std::time::Duration;

use rolecall::model::Severity;
use rolecall::report;
use rolecall::sandbox::World;
use serde_json::{Value, json};

use super::{HEALTHY, is_let_in, names, row, session_name, troubles, with, with_roles};
use crate::demo::check_in;
use crate::seeds::scene::{Scene, finding, rolecall, rolecall_with, says, with_id};

#[test]
fn s2_02_roles_of_five_accounts_are_each_reached_with_a_session_of_their_own() {
    let checked = Scene::of(HEALTHY).check();
    let accounts: BTreeSet<&str> =
        checked.judgement.system.rows.iter().filter_map(|row| row.role.split(':').nth(4)).collect();
    assert_eq!(accounts.len(), 5);
    assert!(checked.judgement.system.rows.iter().all(|row| is_let_in(row)), "{:?}", troubles(&checked));
    assert_eq!(report::json(&checked.report()).matches("\"session_ends\": \"").count(), 8);
}

#[test]
fn s2_03_every_role_is_probed_with_the_session_that_it_gives() {
    let checked = Scene::of(HEALTHY).check();
    for name in names(&checked) {
        assert!(says(finding(&checked, "hop/probe", name)).contains("sts:GetCallerIdentity"), "{name}");
    }
}

#[test]
fn s2_04_without_a_role_the_callers_own_credentials_are_named() {
    let told = Scene::of(HEALTHY).check();
    let told = finding(&told, "sre-roles/caller", "user/sre-bot");
    assert_eq!(
        (told.severity, told.claim.as_str()),
        (Severity::Ok, "Without a role's name the service calls AWS as user/sre-bot, in us-east-1.")
    );
    let none = with(json!({"AWS_AUTH_ROLES": null})).check();
    assert_eq!(finding(&none, "sre-roles/roles", "AWS_AUTH_ROLES").severity, Severity::Info, "no role is no fault");
}

#[test]
fn s2_05_a_call_that_is_throttled_is_made_again() {
    let slow_down = json!([{"operation": "sts:AssumeRole", "attempts": [1], "failure": "error", "status": 400,
                            "code": "Throttling", "message": "Rate exceeded"}]);
    let scene = Scene::patched(json!({"extends": HEALTHY, "about": "Throttled.", "faults": slow_down, "expected": []}));
    let checked = scene.check();
    assert!(checked.judgement.system.rows.iter().all(|row| is_let_in(row)), "{:?}", troubles(&checked));
    assert!(checked.facts.calls.iter().any(|call| call.operation == "sts:AssumeRole" && call.attempt == 2));
}

#[test]
fn s2_09_nothing_below_the_aws_folder_is_written_and_credentials_that_need_it_are_told() {
    let scene = Scene::of(HEALTHY);
    let before = scene.files();
    scene.check();
    assert_eq!(scene.files(), before);
    let login = [
        "[profile sre-bot]",
        "region = us-east-1",
        "sso_session = corp",
        "sso_account_id = 111122223333",
        "sso_role_name = SRE",
        "[sso-session corp]",
        "sso_region = us-east-1",
        "sso_start_url = https://corp.awsapps.com/start",
    ];
    let scene = Scene::patched(json!({"extends": HEALTHY, "about": "A login.", "expected": [],
                                      "home": {".aws/config": login, ".aws/credentials": null}}));
    let checked = scene.check();
    assert!(finding(&checked, "sre-roles/aws-files", "sre-bot").claim.contains("read-only"));
}

#[test]
fn s2_10_missing_credentials_and_a_missing_profile_are_told_apart() {
    let home = |credentials: Value| {
        let home = json!({".aws/config": ["[profile sre-bot]", "region = us-east-1"], ".aws/credentials": credentials});
        Scene::patched(json!({"extends": HEALTHY, "about": "No keys.", "home": home, "expected": []}))
    };
    let checked = home(Value::Null).check();
    assert_eq!(with_id(&checked, "identity/no-credentials").len(), 1, "{:?}", troubles(&checked));
    let scene = Scene::patched(json!({"extends": HEALTHY, "about": "No such profile.", "expected": [],
                                      "selection": {"aws_profile": "gone"}}));
    assert_eq!(with_id(&scene.check(), "identity/profile-not-found").len(), 1);
}

#[test]
fn s2_21_sessions_are_held_in_memory_and_nothing_of_them_is_shown() {
    let scene = Scene::of(HEALTHY);
    let checked = scene.check();
    let calls = scene.world.calls();
    let keys: BTreeSet<&str> =
        calls.iter().map(|call| call.access_key_id.as_str()).filter(|id| id.starts_with("ASIA")).collect();
    assert_eq!(keys.len(), 8, "a session of each role has called");
    let shown = format!("{}{:?}", report::json(&checked.report_with_external_ids()), checked.facts);
    assert!(!keys.iter().any(|key| shown.contains(key)) && !shown.contains("demo/sre-bot/secret"));
}

#[test]
fn s2_22_a_session_is_kept_for_the_caches_time_and_never_beyond_its_end() {
    // An hour's session: kept until five minutes before its end, or for the cache's time, whichever is earlier.
    for (ttl, minutes) in [(json!(null), 50), (json!("300"), 5), (json!("3_000"), 50), (json!("43200"), 55)] {
        let checked = with(json!({"AWS_AUTH_CACHE_TTL": ttl})).check();
        let told = says(finding(&checked, "hop/session-life", "prod"));
        assert!(told.contains(&format!("can be used for {minutes} minutes.")), "{ttl}: {told}");
        assert!(told.contains("(AWS_AUTH_CACHE_TTL)"), "{told}");
        assert_eq!(troubles(&checked), [""; 0], "{ttl}");
    }
    for (ttl, words) in [("299", "does not start"), ("43201", "does not start"), ("soon", "for 3000")] {
        let checked = with(json!({"AWS_AUTH_CACHE_TTL": ttl})).check();
        assert!(says(finding(&checked, "settings/value", "Kept for")).contains(words), "{ttl}");
        assert!(says(finding(&checked, "hop/session-life", "prod")).contains("50 minutes"), "{ttl}");
    }
}

#[test]
fn s2_25_a_sessions_name_has_the_seconds_of_the_call_behind_it() {
    let checked = Scene::of(HEALTHY).check();
    let seconds = session_name(&checked, "prod-deploy").strip_prefix("sre-deploy_").unwrap().to_owned();
    assert_eq!(seconds, checked.facts.observed_at.as_second().to_string());
}

#[test]
fn s2_26_an_external_id_is_sent_only_where_one_is_set() {
    let refuses_any = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/sre-bot"}, "Action": "sts:AssumeRole",
        "Condition": {"Null": {"sts:ExternalId": "true"}},
    }]});
    let accounts = json!({"444455556666": {"roles": {"SREReadOnly": {"trust": refuses_any}}}});
    for (id, is_let) in [(Value::Null, true), (json!(""), true), (json!("cust-42"), false)] {
        let roles = json!({"AWS_AUTH_ROLES": {"$json": {"prod": {"external_id": id}}}});
        let scene = Scene::patched(json!({"extends": HEALTHY, "about": "None wanted.", "accounts": accounts,
                                          "environment": roles, "expected": []}));
        assert_eq!(is_let_in(row(&scene.check(), "prod")), is_let, "{id}");
    }
}

#[test]
fn s2_27_access_denied_is_an_authentication_error() {
    let checked = Scene::of("sre-roles-denied").check();
    for name in ["staging-deploy", "dev", "partner-logs"] {
        let told = says(finding(&checked, "hop/denied", name));
        assert!(told.contains("AuthenticationError") && told.contains("ASSUME_ROLE_FAILED_AccessDenied"), "{told}");
    }
    assert!(is_let_in(row(&checked, "prod")), "the others are let in");
}

#[test]
fn s2_28_a_value_that_sts_refuses_is_a_configuration_error() {
    let checked = Scene::of("sre-roles-session-name").check();
    let told = says(finding(&checked, "hop/denied", "prod-deploy"));
    assert!(told.contains("means ConfigurationError") && told.contains("ASSUME_ROLE_FAILED_ValidationError"), "{told}");
    // By the specification's own code only this one is.
    let fault = json!([{"operation": "sts:AssumeRole", "failure": "error", "status": 400,
                        "code": "InvalidParameterValue", "message": "A value is invalid."}]);
    let scene = Scene::patched(json!({"extends": HEALTHY, "about": "Invalid.", "faults": fault, "expected": []}));
    let checked = scene.check();
    let told: String =
        checked.judgement.findings.iter().filter(|finding| finding.subject == "prod").map(says).collect();
    assert!(told.contains("raises ConfigurationError;") && told.contains("_InvalidParameterValue"), "{told}");
}

#[test]
fn s2_29_anything_else_keeps_its_code() {
    let fault = json!([{"operation": "sts:AssumeRole", "failure": "error", "status": 403,
                        "code": "RegionDisabledException", "message": "STS is not activated in this region."}]);
    let scene = Scene::patched(json!({"extends": HEALTHY, "about": "Off.", "faults": fault, "expected": []}));
    let checked = scene.check();
    let told = checked.judgement.findings.iter().filter(|finding| finding.subject == "prod").map(says);
    let told: String = told.collect();
    assert!(told.contains("AWSAuthError") && told.contains("ASSUME_ROLE_FAILED_RegionDisabledException"), "{told}");
    let checked = Scene::of("sre-roles-region-off").check();
    let told = says(finding(&checked, "hop/denied", "staging"));
    assert!(told.contains("raises AWSAuthError;") && told.contains("_RegionDisabledException"), "{told}");
    assert!(is_let_in(row(&checked, "prod")), "other accounts have it on");
}

#[test]
fn s2_30_all_roles_are_called_at_once() {
    let world = World::load(HEALTHY).unwrap();
    let (checked, took) = check_in(&world, world.selection());
    assert_eq!(names(&checked).len(), 8);
    assert!((8..=16).contains(&world.busiest()), "{} at once", world.busiest());
    let one_by_one = Duration::from_millis(60) * u32::try_from(world.calls().len()).unwrap();
    assert!(took * 3 < one_by_one, "{took:?} against {one_by_one:?}");
}

#[test]
fn s2_39_default_credentials_a_role_that_is_given_and_one_that_is_refused() {
    let plain = with(json!({"AWS_AUTH_ROLES": null, "AWS_AUTH_DEFAULT_REGION": null})).check();
    assert!(finding(&plain, "sre-roles/caller", "user/sre-bot").claim.ends_with("in us-east-1."));
    let checked = Scene::of("sre-roles-denied").check();
    assert!(is_let_in(row(&checked, "prod")) && !is_let_in(row(&checked, "dev")));
    assert!(says(finding(&checked, "hop/denied", "dev")).contains("the service raises AuthenticationError"));
}

#[test]
fn s2_40_a_run_is_driven_by_the_environment_alone_and_ends_with_a_code() {
    let fine = rolecall(&["check", "--demo=sre-roles-healthy", "--format", "json"]).expect(0).json();
    assert_eq!((&fine["system"]["name"], fine["system"]["paths"].as_array().unwrap().len()), (&json!("sre-roles"), 8));
    // No world: the variables of the process, and nobody who answers.
    let role = json!({"role_arn": super::PROD, "account_id": "444455556666"});
    let roles = json!({"prod": role, "dev": role}).to_string();
    let own = [
        ("AWS_AUTH_ROLES", roles.as_str()),
        ("AWS_AUTH_DEFAULT_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ];
    let said = rolecall_with(&own, &["check", "--system", "sre-roles", "--format", "json"]);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let paths: Vec<&Value> = report["system"]["paths"].as_array().unwrap().iter().map(|path| &path["id"]).collect();
    assert_eq!(paths, ["prod", "dev"]);
    let settings = report["system"]["settings"].to_string();
    assert!(settings.contains("AWS_AUTH_ROLES") && settings.contains("environment"), "{settings}");
    assert!(report["findings"].to_string().contains("The service reads 2 roles."), "{}", report["findings"]);
    for world in ["not-json", "caching-off", "denied", "default-role", "account-id"] {
        rolecall(&["check", &format!("--demo=sre-roles-{world}"), "--format", "json"]).expect(1);
    }
}

#[test]
fn s2_42_a_session_is_usable_until_five_minutes_before_it_ends() {
    let checked = Scene::of(HEALTHY).check();
    for (name, minutes) in
        [("dev", ["9 min", "10 min"]), ("prod", ["49 min", "50 min"]), ("prod-deploy", ["24 min", "25 min"])]
    {
        let told = says(finding(&checked, "hop/session-life", name));
        // The look itself may take a second of them.
        let fits = minutes.iter().any(|minutes| told.contains(minutes));
        assert!(fits && told.contains("expiry minus 5 minutes"), "{name}: {told}");
    }
}

#[test]
fn s2_43_two_calls_a_second_apart_have_two_names() {
    use rolecall::role_set::NamedRole;
    let role = NamedRole::of("prod", super::PROD);
    let name = |now: &str| role.hop(now.parse().unwrap()).session_name.unwrap();
    assert_eq!(name("2026-03-04T12:00:00Z"), "SREBotSession_1772625600");
    assert_ne!(name("2026-03-04T12:00:00Z"), name("2026-03-04T12:00:01Z"));
}

#[test]
fn s2_44_what_is_said_of_errors_tells_no_external_id() {
    let checked = Scene::of("sre-roles-denied").check();
    let shown = format!("{}{}", report::json(&checked.report()), report::text(&checked.report()));
    assert!(shown.contains("<external-id"), "it is spoken of");
    assert!(!shown.contains("sre-bot-7f3a9c") && !shown.contains("sre-bot-8d4b0e"));
    let broken = with(json!({"AWS_AUTH_ROLES": "{\"prod\": canary-7}"})).check();
    let shown = report::json(&broken.report());
    assert!(!shown.contains("canary-7"), "{shown}");
    let wrong = with_roles(json!({"dev": {"external_id": "canary 7"}}));
    assert!(!report::json(&wrong.report()).contains("canary 7"));
}
