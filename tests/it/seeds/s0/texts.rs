use rolecall::handover;
use rolecall::values::RoleArn;
use serde_json::{Value, json};

use crate::seeds::scene::{READ, Scene, TASK_ROLE, WRITE, print, rolecall};

const SERVICES: [&str; 3] = ["container-env", "--style", "service-envars"];

fn in_form(form: &str) -> String {
    print("quilt-healthy", &[&SERVICES[..], &["--as", form]].concat()).expect(0).out
}

fn roles_of(policy: &Value) -> Vec<String> {
    let resources = policy["Statement"][0]["Resource"].as_array().unwrap();
    resources.iter().map(|arn| arn.as_str().unwrap().to_owned()).collect()
}

#[test]
fn s0_03_the_roles_reach_the_container_and_may_be_of_another_account() {
    let env = print("role-arns-typed", &SERVICES).expect(3).out;
    for line in [
        "QUILT_READ_ROLE_ARN=arn:aws:iam::111122223333:role/data/QuiltDataRead",
        "QUILT_WRITE_ROLE_ARN=arn:aws:iam::444455556666:role/QuiltDataWrite",
    ] {
        assert!(env.lines().any(|known| known == line), "{line}: {env}");
    }
}

/// The style of the specification's own variables; the other is of the secret alone, and says what is taken out for it.
#[test]
fn s0_07_the_style_with_service_variables_passes_both_and_the_other_neither() {
    for form in ["env-file", "ecs", "compose"] {
        let both = in_form(form);
        let other = print("quilt-healthy", &["container-env", "--as", form]).expect(0).out;
        for (name, value) in [("QUILT_READ_ROLE_ARN", READ), ("QUILT_WRITE_ROLE_ARN", WRITE)] {
            assert!(both.contains(name) && both.contains(value), "{form}: {both}");
            assert!(!other.contains(name) && !other.contains(value), "{form}: {other}");
        }
    }
}

#[test]
fn s0_17_for_ecs_both_stand_in_the_task_definitions_environment() {
    let environment: Vec<Value> = serde_json::from_str(&in_form("ecs")).unwrap();
    for (name, value) in [("QUILT_READ_ROLE_ARN", READ), ("QUILT_WRITE_ROLE_ARN", WRITE)] {
        assert!(environment.contains(&json!({"name": name, "value": value})), "{environment:?}");
    }
}

#[test]
fn s0_27_the_variables_have_the_specified_names_in_every_form() {
    let variables = [("QUILT_READ_ROLE_ARN", READ), ("QUILT_WRITE_ROLE_ARN", WRITE)];
    let (env_file, compose) = (in_form("env-file"), in_form("compose"));
    for (name, value) in variables {
        assert!(env_file.lines().any(|line| line == format!("{name}={value}")), "{env_file}");
        assert!(compose.lines().any(|line| line.trim() == format!("{name}: \"{value}\"")), "{compose}");
        assert!(in_form("ecs").contains(name));
    }
}

#[test]
fn s0_28_the_snippet_for_the_cdk_names_the_file_where_it_belongs() {
    let cdk = print("quilt-healthy", &["cdk"]).expect(0).out;
    assert!(cdk.contains("lib/fargate-service.ts, with its task role"), "{cdk}");
    assert!(cdk.contains("actions: [\"sts:AssumeRole\"]") && cdk.contains(READ) && cdk.contains(WRITE), "{cdk}");
}

#[test]
fn s0_30_the_task_role_is_allowed_the_two_roles_and_no_pattern() {
    let policy = print("quilt-healthy", &["task-role-policy"]).expect(0).json();
    assert_eq!(policy["Version"], "2012-10-17");
    assert_eq!(
        (&policy["Statement"][0]["Effect"], &policy["Statement"][0]["Action"]),
        (&json!("Allow"), &json!("sts:AssumeRole"))
    );
    let roles = roles_of(&policy);
    assert_eq!(roles, [READ, WRITE]);
    assert!(roles.iter().all(|arn| RoleArn::parse(arn).is_ok() && !arn.contains('*')));
}

#[test]
fn s0_31_the_call_that_the_container_makes_is_handed_over_as_a_command() {
    let script = print("quilt-healthy", &["aws-commands"]).expect(0).out;
    for role in [READ, WRITE] {
        let call = format!("aws sts assume-role --role-arn {role} --role-session-name");
        assert!(script.lines().any(|line| line.starts_with(&call)), "{script}");
    }
    assert!(script.contains("--query AssumedRoleUser.Arn"), "no credential is printed by it: {script}");
}

#[test]
fn s0_39_what_the_health_endpoint_answers_is_told_degraded_too() {
    let said = rolecall(&["print", "health", "--demo=quilt-healthy"]);
    assert_eq!(said.json()["status"], "healthy");
    assert!(said.flat().contains("`mode` and `warning` while they are degraded"), "{}", said.err);
    assert!(!said.flat().contains("cannot assume"), "{}", said.err);
    let checked = Scene::of("quilt-untouched").check();
    let (wish, name) = (handover::Wish::default(), handover::Name::Health);
    let (texts, _) = handover::asked(&checked.facts, &checked.selection, &checked.judgement, &wish, name);
    let refused = texts[0].notes.join("\n");
    for words in ["cannot assume ReadQuiltV2-quilt-prod and ReadWriteQuiltV2-quilt-prod", "do not answer at all"] {
        assert!(refused.contains(words), "{words}: {refused}");
    }
}

#[test]
fn s0_47_environment_and_policy_name_the_same_roles() {
    let policy = print("quilt-healthy", &["task-role-policy"]).expect(0).json();
    let env = in_form("env-file");
    let in_env: Vec<&str> = env.lines().filter_map(|line| line.split_once("_ROLE_ARN=")).map(|(_, arn)| arn).collect();
    assert_eq!(roles_of(&policy), in_env);
    let trust = print("quilt-untouched", &["trust-policy"]).expect(0).out;
    assert!(trust.contains(TASK_ROLE), "and the trust side names who assumes them: {trust}");
}
