//! What the variables say, and what is wrong with it before anything is called.

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
fn s2_07_a_json_file_is_read_in_every_shape_and_yaml_is_refused_in_words() {
    let role = json!({"role_arn": PROD, "account_id": "444455556666"});
    for document in [
        json!({"prod": role}),
        json!({"roles": {"prod": role}, "default_region": "eu-west-1"}),
        json!({"AWS_AUTH_ROLES": {"prod": role}, "AWS_PROFILE": "sre-bot"}),
        json!({"AWS_AUTH_ROLES": json!({"prod": role}).to_string()}),
    ] {
        let checked = with_file("roles.json", &document.to_string());
        assert_eq!(names(&checked), ["prod"], "{document}");
        assert!(is_let_in(row(&checked, "prod")), "{document}");
    }
    let yaml = with_file("roles.yaml", "prod:\n  role_arn: x\n");
    assert_eq!(names(&yaml), [""; 0]);
    assert!(with_id(&yaml, "settings/source")[0].claim.contains("YAML is not read: write it as JSON"));
}

#[test]
fn s2_11_aws_profile_and_region_are_read_from_the_env_file() {
    let checked = with_file(".env", "AWS_PROFILE=your_aws_profile\nAWS_REGION=eu-central-1\n");
    assert!(finding(&checked, "sre-roles/caller", "user/sre-bot").claim.ends_with("in eu-central-1."));
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
    let wrong = with_roles(json!({"partner-logs": {"external_id": "not one"}}));
    let told = says(finding(&wrong, "sre-roles/role", "partner-logs"));
    assert!(told.contains("2 to 1224") && !told.contains("not one"), "{told}");
}

#[test]
fn s2_17_the_region_is_us_east_1_by_itself() {
    let checked = with(json!({"AWS_AUTH_DEFAULT_REGION": null})).check();
    assert!(finding(&checked, "sre-roles/caller", "user/sre-bot").claim.ends_with("in us-east-1."));
}

#[test]
fn s2_18_a_default_profile_is_optional_and_told_when_it_is_not_the_one_looked_with() {
    let none = with(json!({"AWS_PROFILE": null})).check();
    assert_eq!(troubles(&none), [""; 0]);
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
        finding(&checked, "sre-roles/caller", "user/sre-bot").claim.clone()
    };
    assert!(region(json!("ap-south-1")).ends_with("in ap-south-1.") && region(Value::Null).ends_with("in eu-west-1."));
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
    assert_eq!(names(&checked), [""; 0]);
}

#[test]
fn s2_45_external_id_duration_and_chaining_are_each_told_when_they_do_not_fit() {
    let checked = Scene::of("sre-roles-denied").check();
    assert_eq!(row(&checked, "partner-logs").answer().unwrap().cause, "external_id_mismatch");
    let checked = Scene::of("sre-roles-duration").check();
    assert_eq!(row(&checked, "prod-deploy").answer().unwrap().cause, "duration_over_max");
    let checked = Scene::of("sre-roles-chaining-off").check();
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
