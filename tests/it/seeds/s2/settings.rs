//! What the variables say, and what is wrong with it before anything is called.

use std::collections::BTreeSet;

use rolecall::check::Checked;
use rolecall::model::Severity;
use serde_json::{Value, json};

use super::{PROD, is_let_in, names, row, session_name, troubles, typed, with, with_file, with_roles};
use crate::seeds::scene::{Scene, finding, says, with_id};

#[test]
fn s2_01_an_arn_and_an_account_are_all_that_a_role_needs() {
    let checked = typed(&[("roles.new", "arn:aws:iam::555566667777:role/SREDeploy")]);
    assert!(is_let_in(row(&checked, "new")));
    assert_eq!(troubles(&checked), [""; 0], "its account id follows from the ARN");
}

#[test]
fn s2_07_a_file_is_read_in_every_shape_as_json_and_as_yaml() {
    let role = json!({"role_arn": PROD, "account_id": "444455556666"});
    for document in [
        json!({"prod": role}),
        json!({"roles": {"prod": role}, "default_region": "eu-west-1"}),
        json!({"AWS_AUTH_ROLES": {"prod": role}, "AWS_PROFILE": "sre-bot"}),
        json!({"AWS_AUTH_ROLES": json!({"prod": role}).to_string()}),
        json!({"prod": role, "default_region": "eu-west-1", "default_profile": null}),
    ] {
        let checked = with_file("roles.json", &document.to_string());
        assert_eq!(names(&checked), ["prod"], "{document}");
        assert!(is_let_in(row(&checked, "prod")), "{document}");
    }
    let role = format!("prod:\n    role_arn: {PROD}\n    account_id: '444455556666'\n");
    for document in [
        format!("# ours\n{role}"),
        format!("roles:\n  {role}default_region: eu-west-1\n"),
        format!("AWS_AUTH_ROLES:\n  {role}AWS_PROFILE: sre-bot\n"),
    ] {
        let checked = with_file("roles.yaml", &document);
        assert_eq!(names(&checked), ["prod"], "{document}");
        assert!(is_let_in(row(&checked, "prod")), "{document}");
    }
    let broken = with_file("roles.yaml", "prod:\n  role_arn: x\n wrong: y\n");
    assert_eq!(names(&broken), [""; 0]);
    assert!(with_id(&broken, "settings/source")[0].claim.contains("it is not YAML: line 3"));
    let named = with_file("roles.json", &json!({"default_role": "prod", "default_region": "eu-west-1"}).to_string());
    assert_eq!(with_id(&named, "settings/source").len(), 0, "its members are settings without roles too");
    assert_eq!(troubles(&named), ["sre-roles/default-role AWS_AUTH_DEFAULT_ROLE"]);
}

#[test]
fn s2_11_aws_profile_and_region_are_read_from_the_env_file() {
    let checked = with_file(".env", "AWS_PROFILE=your_aws_profile\nAWS_REGION=eu-central-1\n");
    assert!(finding(&checked, "sre-roles/caller", "user/sre-bot").claim.ends_with("in eu-central-1."));
    assert_eq!(checked.facts.credentials.known().unwrap().region, "eu-central-1");
    assert_eq!(checked.facts.credentials.known().unwrap().region_from, "AWS_REGION");
    let acc = with_file(
        ".env",
        &format!("ACC=444455556666\nAWS_AUTH_DEFAULT_ROLE_ARN={PROD}\nAWS_AUTH_DEFAULT_ACCOUNT_ID=${{ACC}}\n"),
    );
    assert!(is_let_in(row(&acc, "default")), "what both readers put in is put in: {:?}", troubles(&acc));
    let other = finding(&checked, "sre-roles/aws-profile", "your_aws_profile");
    assert!(says(other).contains("rolecall check --system sre-roles --aws-profile your_aws_profile"));
}

#[test]
fn s2_12_a_role_without_an_arn_is_an_error_and_is_not_called() {
    let checked = with_roles(json!({"dev": {"role_arn": null}}));
    assert!(says(finding(&checked, "sre-roles/role", "dev")).contains("role_arn is missing"));
    assert!(!names(&checked).contains(&"dev"));
}

#[test]
fn s2_13_a_role_without_an_account_id_takes_all_the_others_with_it() {
    let checked = with_roles(json!({"dev": {"account_id": null}}));
    assert!(says(finding(&checked, "sre-roles/account", "dev")).contains("account_id is missing"));
    let set = finding(&checked, "sre-roles/roles", "AWS_AUTH_ROLES");
    assert_eq!(set.severity, Severity::Error);
    assert!(set.claim.contains("refuses dev and runs with NO ROLES") && set.claim.contains("all 8"), "{}", set.claim);
    assert!(is_let_in(row(&checked, "dev")), "AWS itself lets the bot in");
}

#[test]
fn s2_14_a_session_is_called_srebotsession_where_nothing_is_said() {
    let checked = Scene::of("sre-roles-healthy").check();
    assert!(session_name(&checked, "prod").starts_with("SREBotSession_"));
    assert!(session_name(&checked, "prod-deploy").starts_with("sre-deploy_"));
}

#[test]
fn s2_15_a_duration_is_an_hour_by_itself_and_900_to_43200_seconds() {
    for (seconds, fits) in [(899, false), (900, true), (43_201, false)] {
        let checked = with_roles(json!({"dev": {"duration_seconds": seconds}}));
        let refused = with_id(&checked, "sre-roles/duration").iter().any(|one| one.subject == "dev");
        assert_eq!(refused, !fits, "{seconds}");
    }
    let checked = Scene::of("sre-roles-healthy").check();
    assert!(says(finding(&checked, "hop/session-life", "prod")).contains("asked for 1 h"));
}

#[test]
fn s2_16_an_external_id_is_optional_and_held_to_its_characters() {
    let checked = Scene::of("sre-roles-healthy").check();
    assert!(is_let_in(row(&checked, "partner-logs")) && is_let_in(row(&checked, "prod")));
    let misspelt = with_roles(json!({"partner-logs": {"external_id": null, "externalId": "canary-9"}}));
    let told = finding(&misspelt, "sre-roles/member", "partner-logs");
    assert_eq!(told.severity, Severity::Warning);
    assert!(says(told).contains("externalId, which the service does not read: it reads external_id"), "{}", says(told));
    assert!(!rolecall::report::json(&misspelt.report()).contains("canary-9"));
    let wrong = with_roles(json!({"partner-logs": {"external_id": "not one"}}));
    let told = says(finding(&wrong, "sre-roles/role", "partner-logs"));
    assert!(told.contains("2 to 1224") && !told.contains("not one"), "{told}");
}

#[test]
fn s2_17_the_region_is_us_east_1_by_itself() {
    // The AWS profile's own region is not asked.
    let scene = Scene::patched(json!({"extends": super::HEALTHY, "about": "Another region.", "expected": [],
        "environment": {"AWS_AUTH_DEFAULT_REGION": null},
        "home": {".aws/config": ["[profile sre-bot]", "region = eu-west-3"]},
        "selection": {"system": {"inspectors": []}}}));
    let checked = scene.check();
    assert!(finding(&checked, "sre-roles/caller", "user/sre-bot").claim.ends_with("in us-east-1."));
    assert_eq!(hosts_of_assume_role(&checked), ["sts.us-east-1.amazonaws.com"]);
    // One that is none is an error, and one that is chosen for the look wins.
    for (region, words) in [
        ("us-east-11", "us-east-11 is no region of AWS"),
        ("us east", "us east is no region of AWS"),
        ("cn-north-1", "is in the partition aws-cn"),
    ] {
        let checked = with(json!({"AWS_AUTH_DEFAULT_REGION": region})).check();
        let told = finding(&checked, "sre-roles/region", "AWS_AUTH_DEFAULT_REGION");
        assert_eq!(told.severity, Severity::Error, "{region}");
        assert!(told.claim.contains(words), "{}", told.claim);
    }
    let checked = with(json!({"AWS_AUTH_DEFAULT_REGION": "us-east-11"})).check();
    assert!(!is_let_in(row(&checked, "prod")), "nobody answers there");
    let scene = Scene::of("sre-roles-region-off");
    let chosen = rolecall::model::Selection { region: Some("us-east-1".into()), ..scene.world.selection() };
    let checked = scene.check_as(chosen);
    assert_eq!(hosts_of_assume_role(&checked), ["sts.us-east-1.amazonaws.com"]);
    assert!(is_let_in(row(&checked, "staging")));
    let told = finding(&checked, "sre-roles/region", "AWS_AUTH_DEFAULT_REGION");
    assert_eq!(told.severity, Severity::Info);
    assert!(told.claim.contains("in eu-central-1, and this was looked at in us-east-1"), "{}", told.claim);
}

/// Where roles were asked for, each host once.
fn hosts_of_assume_role(checked: &Checked) -> Vec<&str> {
    let calls = checked.facts.calls.iter().filter(|call| call.operation == "sts:AssumeRole");
    let hosts: BTreeSet<&str> = calls.map(|call| call.host.as_str()).collect();
    hosts.into_iter().collect()
}

#[test]
fn s2_18_a_default_profile_is_optional_and_told_when_it_is_not_the_one_looked_with() {
    let none = with(json!({"AWS_PROFILE": null})).check();
    assert_eq!(troubles(&none), [""; 0]);
    let alone = with(json!({"AWS_AUTH_DEFAULT_SESSION_NAME": "bad name"})).check();
    assert_eq!(troubles(&alone), ["sre-roles/default-role AWS_AUTH_DEFAULT_SESSION_NAME"], "nobody reads it");
    let other = with(json!({"AWS_AUTH_DEFAULT_PROFILE": "audit-prod"})).check();
    assert_eq!(troubles(&other), ["sre-roles/aws-profile audit-prod"]);
}

#[test]
fn s2_19_every_name_of_the_map_is_a_row_and_a_name_that_stands_twice_is_told() {
    let checked = Scene::of("sre-roles-healthy").check();
    let all = ["prod", "prod-deploy", "prod-cost", "staging", "staging-deploy", "dev", "partner-logs", "tools"];
    assert_eq!(names(&checked), all);
    let one = |arn: &str| format!(r#""prod": {{"role_arn": "{arn}", "account_id": "444455556666"}}"#);
    let text = format!("{{{}, {}}}", one("arn:aws:iam::444455556666:role/First"), one(PROD));
    let twice = with(json!({"AWS_AUTH_ROLES": text})).check();
    assert_eq!((names(&twice), row(&twice, "prod").role.as_str()), (vec!["prod"], PROD), "the last one counts");
    assert_eq!(finding(&twice, "sre-roles/duplicate", "prod").severity, Severity::Warning);
}

#[test]
fn s2_20_chaining_is_off_by_itself_and_a_caller_that_is_a_role_is_told() {
    let checked = Scene::of("sre-roles-chaining-off").check();
    let chaining = &with_id(&checked, "sre-roles/chaining")[0];
    assert_eq!(chaining.severity, Severity::Warning);
    assert!(says(chaining).contains("reads AWS_AUTH_ENABLE_ROLE_CHAINING and never uses it"));
    let unset = Scene::patched(json!({"extends": "sre-roles-chaining-off", "about": "Unset.", "expected": [],
                                      "environment": {"AWS_AUTH_ENABLE_ROLE_CHAINING": null}}));
    let unset = unset.check();
    let chaining = &with_id(&unset, "sre-roles/chaining")[0];
    assert!(
        chaining.severity == Severity::Warning && chaining.claim.ends_with("by chaining, which is off."),
        "{chaining:?}"
    );
    let on = with(json!({"AWS_AUTH_ENABLE_ROLE_CHAINING": "true"})).check();
    assert_eq!(
        with_id(&on, "sre-roles/chaining")[0].severity,
        Severity::Info,
        "a user who assumes a role chains nothing"
    );
}

#[test]
fn s2_24_the_region_falls_back_from_the_bots_own_to_the_shells() {
    let region = |own: Value| {
        let checked = with(json!({"AWS_AUTH_DEFAULT_REGION": own, "AWS_REGION": "eu-west-1"})).check();
        assert!(is_let_in(row(&checked, "prod")));
        let [host] = hosts_of_assume_role(&checked)[..] else { panic!("{:?}", hosts_of_assume_role(&checked)) };
        format!("{} {host}", finding(&checked, "sre-roles/caller", "user/sre-bot").claim)
    };
    assert!(region(json!("ap-south-1")).ends_with("in ap-south-1. sts.ap-south-1.amazonaws.com"));
    assert!(region(Value::Null).ends_with("in eu-west-1. sts.eu-west-1.amazonaws.com"));
}

#[test]
fn s2_31_a_default_role_by_the_specifications_name_is_held_to_the_roles_and_read_by_nobody() {
    let known = with(json!({"AWS_AUTH_DEFAULT_ROLE": "dev"})).check();
    let told = finding(&known, "sre-roles/default-role", "AWS_AUTH_DEFAULT_ROLE");
    assert_eq!(told.severity, Severity::Warning);
    assert!(says(told).contains("the service does not read it") && says(told).contains("print"));
    let checked = Scene::of("sre-roles-default-role").check();
    let unknown = finding(&checked, "sre-roles/default-role", "AWS_AUTH_DEFAULT_ROLE");
    assert_eq!(unknown.severity, Severity::Error);
    assert!(unknown.claim.contains("production"));
}

#[test]
fn s2_32_roles_that_are_no_json_are_an_error_that_says_the_bot_runs_with_none() {
    let checked = Scene::of("sre-roles-not-json").check();
    let told = finding(&checked, "sre-roles/roles", "AWS_AUTH_ROLES");
    assert_eq!(told.severity, Severity::Error);
    for words in [".env", "line 1, column 98", "NO ROLES"] {
        assert!(says(told).contains(words), "{words}: {}", says(told));
    }
    assert!(!says(told).contains("SREReadOnly"), "nothing of the value is shown");
    assert!(says(told).contains(r#"{"NAME": {"role_arn": "#), "its shape: {}", says(told));
    let single = Scene::of("sre-roles-single-role").check();
    let alone = finding(&single, "sre-roles/roles", "AWS_AUTH_ROLES");
    assert!(alone.claim.ends_with("runs with the role default alone, and NONE of AWS_AUTH_ROLES."), "{}", alone.claim);
    assert!(is_let_in(row(&single, "default")));
    assert_eq!(names(&checked), [""; 0]);
}

#[test]
fn s2_45_external_id_duration_and_chaining_are_each_told_when_they_do_not_fit() {
    let checked = Scene::of("sre-roles-denied").check();
    assert_eq!(row(&checked, "partner-logs").answer().unwrap().cause, "external_id_mismatch");
    let checked = Scene::of("sre-roles-duration").check();
    assert_eq!(row(&checked, "prod-deploy").answer().unwrap().cause, "duration_over_max");
    let checked = Scene::of("sre-roles-chain-hour").check();
    assert_eq!(row(&checked, "prod-cost").answer().unwrap().cause, "role_chaining_duration");
}

#[test]
fn s2_47_the_limits_of_aws_are_held_before_and_by_the_call() {
    let checked = Scene::of("sre-roles-duration").check();
    assert!(finding(&checked, "sre-roles/duration", "prod-deploy").claim.contains("MaxSessionDuration allows 3600 s"));
    let checked = Scene::of("sre-roles-session-name").check();
    let told = finding(&checked, "sre-roles/session-name", "prod-deploy");
    assert!(told.claim.contains("64 characters become 75"), "{}", told.claim);
    assert!(says(told).contains("the service lets it pass, and STS refuses the call"));
    assert!(row(&checked, "prod-deploy").live.as_ref().unwrap().outcome.is_err());
}
