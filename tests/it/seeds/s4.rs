//! Specification 4: the credentials of AWSMegatests.

use rolecall::check::Checked;
use rolecall::model::Severity;
use rolecall::report;
use serde_json::{Value, json};

use super::scene::{Scene, finding, in_world, print, rolecall, says, with_id};
use crate::said::{Said, flat};

const USER: &str = "TowerForge-AWSMegatests";

fn world(name: &str) -> Checked {
    in_world(&format!("megatests-{name}"))
}

/// The healthy world with a change.
fn patched(patch: Value) -> Checked {
    let mut world = json!({"extends": "megatests-healthy", "about": "A change of it."});
    world.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    Scene::patched(world).check()
}

fn text(name: &str) -> Said {
    print("megatests-healthy", &[name])
}

/// What the simulator was asked of the Batch user: how many actions, by what they are for.
fn asked(checked: &Checked) -> Vec<(String, usize)> {
    let questions = rolecall::systems::plan(&checked.facts, &checked.selection).questions;
    let of_user = questions.into_iter().find(|question| question.label == USER).unwrap();
    of_user.expectations.into_iter().map(|one| (one.what, one.actions.len())).collect()
}

fn severities(checked: &Checked, id: &str) -> Vec<Severity> {
    with_id(checked, id).iter().map(|finding| finding.severity).collect()
}

#[test]
fn s4_01_the_two_sets_of_credentials_are_told_apart() {
    assert_eq!(finding(&world("healthy"), "megatests/both-sets", USER).severity, Severity::Ok);
    let as_batch_user = world("batch-user");
    let told = finding(&as_batch_user, "megatests/both-sets", USER);
    assert_eq!(told.severity, Severity::Error);
    assert!(told.claim.contains("You are TowerForge-AWSMegatests yourself"), "{}", told.claim);
}

#[test]
fn s4_02_the_way_of_the_credentials_is_written_beside_the_texts() {
    let said = text("megatests-commands").expect(0).flat();
    for word in ["1Password", "Pulumi makes the Batch user", "gives the key to seqerakit", "Platform runs AWS Batch"] {
        assert!(said.contains(word), "{word}: {said}");
    }
}

#[test]
fn s4_04_whoever_deploys_is_asked_whether_it_may_make_user_policies_and_keys() {
    let checked = world("healthy");
    assert_eq!(finding(&checked, "principal/expected", "user/deployer").severity, Severity::Ok);
    let weak = patched(json!({"accounts": {"444455556666": {"users": {"deployer": {"inline": {"Infrastructure": {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["iam:Get*", "iam:List*", "iam:Simulate*"], "Resource": "*"}]
    }}}}}}}));
    let told = finding(&weak, "principal/expected", "user/deployer");
    assert_eq!(told.severity, Severity::Info);
    assert!(says(told).contains("iam:CreateAccessKey"), "{told:?}");
}

#[test]
fn s4_05_keys_of_the_environment_are_told_beside_an_aws_profile_and_alone() {
    let checked = world("keys-shadow");
    let told = finding(&checked, "megatests/keys-shadow", "AWS_ACCESS_KEY_ID");
    assert!(says(told).contains("unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"), "{told:?}");
    let alone = world("keys-environment");
    let told = finding(&alone, "megatests/keys-environment", "AWS_ACCESS_KEY_ID");
    assert_eq!(told.severity, Severity::Warning);
    assert!(says(told).contains("meant to be in 1Password alone"), "{told:?}");
    assert!(says(told).contains("unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"), "{told:?}");
    for id in ["megatests/keys-shadow", "megatests/keys-environment"] {
        assert_eq!(severities(&world("healthy"), id), [], "{id}");
    }
}

#[test]
fn s4_06_no_key_and_no_token_is_in_any_report_or_text() {
    let checked = world("both-sets");
    let json = report::json(&checked.report());
    let said = format!("{json}{}{}", report::text(&checked.report()), text("seqerakit-environment").flat());
    for secret in ["demo/megatests", "demo-platform-token", "demo-github-token", "AKIADEMOMEGATESTS001"] {
        assert!(!said.contains(secret), "{secret}");
    }
    assert!(json.contains("AKIA…S001"), "its owner knows it by its ends");
}

#[test]
fn s4_07_the_forge_policy_lets_it_build_compute_environments() {
    let checked = world("healthy");
    let forge = asked(&checked).into_iter().find(|(what, _)| what == "build compute environments").unwrap();
    assert_eq!(forge.1, 18);
    let without = patched(json!({"accounts": {"444455556666": {"users": {USER: {"attached": [
        "arn:aws:iam::444455556666:policy/TowerForge-Launch-Policy", "arn:aws:iam::444455556666:policy/TowerForge-S3-Policy"
    ]}}}}}));
    let refused: Vec<&str> = with_id(&without, "principal/expected")
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.claim.as_str())
        .collect();
    assert!(
        refused.iter().any(|claim| claim.contains("may not build compute environments: all of 18 actions are refused")),
        "{refused:?}"
    );
    assert!(refused.iter().any(|claim| claim.contains("may not make the roles")), "{refused:?}");
}

#[test]
fn s4_08_the_launch_policy_lets_it_run_and_watch_jobs() {
    let without = patched(json!({"accounts": {"444455556666": {"users": {USER: {"attached": [
        "arn:aws:iam::444455556666:policy/TowerForge-Forge-Policy", "arn:aws:iam::444455556666:policy/TowerForge-S3-Policy"
    ]}}}}}));
    let told = with_id(&without, "principal/expected").into_iter().find(|one| one.severity == Severity::Error).unwrap();
    assert!(told.claim.contains("may not launch and watch jobs"), "{}", told.claim);
    assert!(told.evidence[0].contains("batch:SubmitJob") && told.evidence[0].contains("logs:GetLogEvents"), "{told:?}");
}

#[test]
fn s4_09_the_s3_policy_reaches_the_one_bucket() {
    let said = text("bucket-policy").expect(0).flat();
    for word in ["s3:ListBucket", "s3:PutObjectTagging", "arn:aws:s3:::nf-core-awsmegatests/*"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    let missing = world("policy-missing");
    let refused = with_id(&missing, "principal/expected");
    let refused = refused.iter().filter(|finding| finding.severity == Severity::Error);
    let print = Some("rolecall print bucket-policy --system megatests");
    assert!(
        refused.clone().all(|told| told.fixes.iter().any(|fix| fix.command.as_deref() == print)),
        "the text that holds it"
    );
    let claims: Vec<&str> = refused.map(|finding| finding.claim.as_str()).collect();
    assert_eq!(claims.len(), 2, "{claims:?}");
    assert!(claims.iter().all(|claim| claim.contains("nf-core-awsmegatests")), "{claims:?}");
}

#[test]
fn s4_10_what_blurs_the_separation_is_a_finding() {
    let checked = world("as-built");
    let lints: Vec<String> = with_id(&checked, "policy/lint").iter().map(|finding| says(finding)).collect();
    for rule in ["unknown_service", "passes_any_role", "other_buckets", "policy_covered", "action_twice"] {
        assert!(lints.iter().any(|lint| lint.contains(rule)), "{rule}: {lints:#?}");
    }
    let extra = world("policy-extra");
    let told = finding(&extra, "principal/unexpected", USER);
    assert_eq!(told.severity, Severity::Warning);
    assert!(told.evidence.iter().any(|line| line.contains("iam:CreateAccessKey, by IAMFullAccess")), "{told:?}");
}

#[test]
fn s4_11_how_long_a_key_has_lived_is_a_fact_and_not_a_promise() {
    let told = world("healthy");
    let keys = finding(&told, "principal/access-keys", USER);
    assert!(keys.claim.contains("1 access key; it is 12 days old"), "{}", keys.claim);
    let old = world("keys-old");
    let keys = finding(&old, "principal/access-keys", USER);
    assert!(keys.claim.contains("243 days old") && says(keys).contains("never used"), "{keys:?}");
}

#[test]
fn s4_12_the_command_that_reads_the_trail_of_the_batch_user_is_handed_over() {
    let said = text("megatests-commands").expect(0).out;
    let line = said.lines().find(|line| line.starts_with("aws cloudtrail lookup-events ")).unwrap();
    assert!(
        line.ends_with("--lookup-attributes AttributeKey=Username,AttributeValue=TowerForge-AWSMegatests"),
        "{line}"
    );
    assert!(line.contains(" --region eu-west-1 "), "{line}");
}

/// As Pulumi keeps it, and as `pulumi config --json` prints it.
#[test]
fn s4_14_pulumis_configuration_gives_region_and_token_in_both_its_forms() {
    let printed = json!({
        "aws:region": {"value": "eu-central-1", "secret": false},
        "github:owner": {"value": "nf-core", "secret": false},
        "pulumi-onepassword:service_account_token": {"secret": true}
    });
    let of_json = Scene::patched(json!({
        "extends": "megatests-pulumi", "about": "The same as JSON.",
        "home": {"pulumi.json": printed.to_string()},
        "selection": {"system": {"files": ["pulumi.json"]}}
    }));
    for (scene, file) in [(Scene::of("megatests-pulumi"), "Pulumi.dev.yaml"), (of_json, "pulumi.json")] {
        let checked = scene.check();
        let told = finding(&checked, "megatests/op-account", "OP_ACCOUNT");
        assert_eq!(told.severity, Severity::Error);
        let stands = format!("pulumi-onepassword:service_account_token of {file}");
        assert!(says(told).contains(&stands), "{told:?}");
        assert_eq!(severities(&checked, "settings/source"), [], "{file}");
        assert!(!report::json(&checked.report()).contains("demo-ciphertext"), "{file}");
        let (system, settings) = rolecall::systems::chosen(&checked.facts, &checked.selection).unwrap();
        assert_eq!((system.name(), settings.get("region")), ("megatests", Some("eu-central-1")), "{file}");
    }
    let said = print("megatests-pulumi", &["seqerakit-environment"]).out;
    assert!(said.contains("\nAWS_REGION=eu-central-1\n"), "{said}");
    let wrong = patched(json!({
        "home": {"Pulumi.dev.yaml": "config:\n  aws:region: Ireland\n"},
        "selection": {"system": {"files": ["Pulumi.dev.yaml"]}}
    }));
    assert!(says(finding(&wrong, "settings/value", "Region")).contains("a region is written like eu-west-1"));
}

#[test]
fn s4_15_seqerakits_environment_is_handed_over_with_placeholders() {
    let said = text("seqerakit-environment");
    for line in [
        "AWS_ACCESS_KEY_ID=<batch-user-access-key-id>",
        "AWS_SECRET_ACCESS_KEY=<batch-user-secret-access-key>",
        "TOWER_ACCESS_TOKEN=<platform-token>",
        "TOWER_WORKSPACE_ID=59994744926013",
    ] {
        assert!(said.out.contains(line), "{line}: {}", said.out);
    }
    let workspace = patched(json!({"environment": {"TOWER_WORKSPACE_ID": "nf-core"}}));
    assert!(
        says(finding(&workspace, "settings/value", "Platform workspace"))
            .contains("a workspace is named by its number")
    );
    let lacking = patched(json!({"environment": {"TOWER_ACCESS_TOKEN": null}}));
    let told = finding(&lacking, "megatests/environment", "environment");
    assert!(told.claim.contains("would lack TOWER_ACCESS_TOKEN"), "{}", told.claim);
}

#[test]
fn s4_16_the_commands_of_a_deployment_are_handed_over() {
    let said = text("megatests-commands").expect(0).out;
    let at = |command: &str| said.find(&format!("\n{command}\n")).unwrap_or_else(|| panic!("{command}: {said}"));
    assert!(said.starts_with("# In the folder of the project: pulumi/AWSMegatests"), "{said}");
    let other = print("megatests-healthy", &["trust-policy"]);
    assert!(
        other.code == Some(2) && other.err.contains("is about no role; there are: seqerakit-environment"),
        "{}",
        other.err
    );
    let order = ["unset OP_ACCOUNT", "uv run pulumi preview", "uv run pulumi up", "uv run pulumi stack output"].map(at);
    assert!(order.is_sorted(), "{said}");
}

#[test]
fn s4_17_whether_the_user_exists_is_asked_of_iam() {
    let missing = world("no-user");
    let told = finding(&missing, "principal/exists", USER);
    assert_eq!(told.severity, Severity::Error);
    assert_eq!(told.claim, "There is no user TowerForge-AWSMegatests in account 4444-5555-6666.");
    let said = report::text(&missing.report());
    assert!(!said.contains("the simulator was not looked up"), "{said}");
    assert!(with_id(&missing, "principal/policies").is_empty(), "of what is not there nothing else is said");
    assert!(text("megatests-commands").out.contains("aws iam get-user --user-name TowerForge-AWSMegatests"));
    let unread = world("unread");
    let told = finding(&unread, "principal/exists", USER);
    assert!(told.unknown && told.claim.contains("iam:GetUser"), "{told:?}");
}

#[test]
fn s4_18_exactly_the_three_policies_are_attached() {
    let healthy = world("healthy");
    let told = finding(&healthy, "principal/policies", USER);
    assert!(
        told.claim.contains(
            "exactly its 3 policies: TowerForge-Forge-Policy, TowerForge-Launch-Policy, TowerForge-S3-Policy"
        )
    );
    let missing = world("policy-missing");
    assert!(
        finding(&missing, "principal/policies", USER).claim.contains("lacks 1 of its 3 policies: TowerForge-S3-Policy")
    );
    let extra = world("policy-extra");
    assert!(says(finding(&extra, "principal/policies", USER)).contains("arn:aws:iam::aws:policy/IAMFullAccess"));
    assert!(
        text("megatests-commands")
            .out
            .contains("aws iam list-attached-user-policies --user-name TowerForge-AWSMegatests")
    );
}

fn explained(message: &str) -> String {
    flat(&rolecall(&["explain", "--message", message]).out)
}

#[test]
fn s4_19_a_failure_of_1password_is_explained() {
    for message in [
        "error: Failed to get credentials from 1Password",
        "ERROR: failed to get credentials from 1password: token expired",
    ] {
        let said = explained(message);
        assert!(said.contains("the service account token of 1Password is not configured, or not valid"), "{said}");
    }
    let said = explained("error: Failed to get credentials from 1Password");
    assert!(said.contains("pulumi config get pulumi-onepassword:service_account_token"), "{said}");
}

#[test]
fn s4_20_the_conflict_of_op_account_is_explained_and_found_beforehand() {
    let said = explained("Config conflict: serviceAccountToken and account are set");
    assert!(said.contains("unset OP_ACCOUNT"), "{said}");
    let alone = world("op-account-alone");
    assert_eq!(finding(&alone, "megatests/op-account", "OP_ACCOUNT").severity, Severity::Warning);
    let checked = world("op-account");
    let told = finding(&checked, "megatests/op-account", "OP_ACCOUNT");
    assert_eq!(told.severity, Severity::Error);
    assert!(told.fixes.iter().any(|fix| fix.command.as_deref() == Some("unset OP_ACCOUNT")), "{told:?}");
}

#[test]
fn s4_21_access_denied_in_seqerakit_is_explained_and_leads_to_the_live_checks() {
    for message in [
        "seqerakit: Access Denied",
        "Access Denied",
        "ERROR: Access Denied",
        "ERROR:root: Access Denied",
        "[WARN] Access Denied",
        "2026-11-22 16:40:00,123 - ERROR - Access Denied",
    ] {
        let said = explained(message);
        assert!(said.contains("the Batch user's keys were not made, or did not reach it"), "{message}: {said}");
        assert!(said.contains("rolecall check --system megatests"), "{message}: {said}");
    }
    let checked = world("no-key");
    let keys = finding(&checked, "principal/access-keys", USER);
    assert_eq!(keys.severity, Severity::Error);
    assert!(keys.claim.ends_with("has no access key."), "{}", keys.claim);
    assert!(keys.fixes.iter().any(|fix| fix.command.as_deref() == Some("uv run pulumi up --refresh")), "{keys:?}");
    let inactive = patched(json!({"accounts": {"444455556666": {"users": {USER: {"access_keys": {
        "AKIADEMOMEGATESTS001": {"active": false}
    }}}}}}));
    let keys = finding(&inactive, "principal/access-keys", USER);
    assert_eq!(keys.severity, Severity::Error);
    assert!(says(keys).contains("why the key was made inactive"), "{keys:?}");
}

#[test]
fn s4_22_a_user_that_exists_already_is_explained() {
    for message in
        ["EntityAlreadyExists: User with name TowerForge-AWSMegatests already exists.", "User already exists"]
    {
        let said = explained(message);
        assert!(said.contains("pulumi refresh"), "{said}");
        assert!(said.contains("aws iam get-user --user-name"), "{said}");
    }
}

#[test]
fn s4_23_of_rotation_the_count_and_the_age_of_keys_are_told() {
    let old = world("keys-old");
    let keys = finding(&old, "principal/access-keys", USER);
    assert_eq!(keys.severity, Severity::Info);
    assert!(keys.claim.contains("2 access keys"), "{}", keys.claim);
    assert!(says(keys).contains("take the old one away") && says(keys).contains("OIDC"), "{keys:?}");
}

#[test]
fn s4_24_the_best_practices_are_the_lints_of_the_policies() {
    let healthy = world("healthy");
    assert_eq!(finding(&healthy, "policy/lint", USER).severity, Severity::Ok);
    for name in ["efs-prefix", "s3-wide", "pass-role"] {
        let checked = world(name);
        assert!(severities(&checked, "policy/lint").contains(&Severity::Warning), "{name}");
    }
    assert_eq!(severities(&world("overlap"), "policy/lint"), [Severity::Info]);
}

#[test]
fn s4_25_keys_of_the_infrastructure_are_kept_from_platform() {
    let checked = world("token-beside-keys");
    let told = finding(&checked, "megatests/both-sets", USER);
    assert_eq!(told.severity, Severity::Warning);
    assert!(told.claim.contains("seqerakit, run here, gives them to Platform"), "{}", told.claim);
}
