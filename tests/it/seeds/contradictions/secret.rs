use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rolecall::model::plan::{Change, FieldKind, SecretChange};
use rolecall::model::{Plan, Reader, Selection, Severity};
use rolecall::plan::{Draft, plan};
use serde_json::{Value, json};

use crate::seeds::scene::{ACCOUNT, Scene, finding, planned, print, rolecall_at, says, with_id};
use crate::writing::{VALUES, document};

/// The healthy world with this patch of its secret's current version.
fn with_values(values: Value) -> Scene {
    Scene::patched(json!({"extends": "quilt-healthy", "accounts": {ACCOUNT: {"regions": {"us-east-1": {"secrets": {
        "benchling-webhook-production": {"versions": {"9a2e6f14-37bd-4c58-ae02-1f8d7c6b5a49": {"json": values}}}
    }}}}}}))
}

fn of_secret(plan: &Plan) -> &SecretChange {
    let change = plan.changes.iter().find_map(|change| match change {
        Change::Secret(change) => Some(change),
        _ => None,
    });
    change.unwrap_or_else(|| panic!("nothing becomes of the secret: {:?}", plan.blocked))
}

fn written(change: &SecretChange) -> Value {
    serde_json::from_str(change.content.expose()).unwrap()
}

fn wrong(scene: &Scene) -> Vec<(Severity, String)> {
    let checked = scene.check();
    let findings = checked.judgement.findings.iter().filter(|finding| finding.id.starts_with("secret/"));
    let wrong = findings.filter(|finding| finding.severity <= Severity::Warning);
    wrong.map(|finding| (finding.severity, finding.subject.clone())).collect()
}

/// Eleven are needed; what is there beyond them is told, kept on an update, and never made anew.
#[test]
fn c8_extra_keys_are_information_and_stay_and_a_new_secret_has_eleven() {
    let scene = with_values(json!({"WORKFLOW": "default", "TENNANT": "acme", "LOG_LEVEL": "loud"}));
    let checked = scene.check();
    let told = finding(&checked, "secret/extra-keys", "benchling-webhook-production");
    assert_eq!(told.severity, Severity::Info);
    assert!(says(told).contains("WORKFLOW") && says(told).contains("TENNANT: looks like TENANT"), "{}", says(told));
    let plan = planned(&checked);
    let updated = written(of_secret(&plan));
    assert_eq!((&updated["WORKFLOW"], &updated["LOG_LEVEL"]), (&json!("default"), &json!("INFO")));
    assert_eq!(updated.as_object().unwrap().len(), 13);
    let new = planned(&Scene::of("quilt-no-secret").check());
    assert_eq!(written(of_secret(&new)), document(), "exactly the eleven");
}

#[test]
fn c9_only_the_allow_list_may_be_empty() {
    assert_eq!(wrong(&with_values(json!({"WEBHOOK_ALLOW_LIST": ""}))), []);
    for key in ["CLIENT_ID", "TENANT", "LOG_LEVEL", "PKG_KEY", "USER_BUCKET", "ENABLE_WEBHOOK_VERIFICATION"] {
        let found = wrong(&with_values(json!({key: ""})));
        assert!(found.contains(&(Severity::Error, key.to_owned())), "{key}: {found:?}");
    }
}

/// Capitals are the rule. Which generation wrote another spelling is told, and the rename is a change to confirm.
#[test]
fn c10_the_shipped_spelling_is_recognised_and_its_rename_is_planned() {
    let scene = Scene::of("secret-shipped");
    let checked = scene.check();
    let told = says(finding(&checked, "secret/dialect", "benchling-webhook-production"));
    assert!(told.contains("small letters"), "{told}");
    let mut selection = checked.selection.clone();
    selection.migration.reader = Some(Reader::Specification);
    let mut draft = Draft::from_facts(&checked.facts, &selection);
    draft.set(rolecall::secret::Key::EcrRepositoryName, "quiltdata/benchling");
    let plan = plan(&checked.facts, &selection, &draft);
    let change = of_secret(&plan);
    let renamed = change.fields.iter().filter(|field| field.kind == FieldKind::Renamed).count();
    assert_eq!(renamed, 10, "{:?}", change.fields);
    assert_eq!(written(change)["TENANT"], "acme");
}

#[test]
fn c11_a_secrets_name_is_suggested_and_any_name_or_arn_will_do() {
    let scene = Scene::of("quilt-no-secret");
    for (profile, name) in [("default", "benchling-webhook-prod"), ("dev", "benchling-webhook-dev")] {
        let checked =
            scene.check_as(Selection { config_profile: profile.into(), secret: None, ..scene.world.selection() });
        assert_eq!(of_secret(&planned(&checked)).name, name, "suggested for config profile {profile}");
    }
    let healthy = Scene::of("quilt-healthy");
    let arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-production-VnK3qa";
    let checked = healthy.check_as(Selection { secret: Some(arn.into()), ..healthy.world.selection() });
    assert_eq!(finding(&checked, "secret/keys", "benchling-webhook-production").severity, Severity::Ok);
    let long = Scene::of("quilt-standalone").check();
    let told = finding(&long, "secret/keys", "quiltdata/benchling-webhook/default/acme");
    assert_eq!(told.severity, Severity::Ok, "the name that the webhook package gives is no worse");
}

#[test]
fn c12_a_boolean_is_written_as_a_text_and_lenient_forms_are_warned_about() {
    for lenient in [json!(true), json!("True"), json!("1"), json!(1)] {
        let scene = with_values(json!({"ENABLE_WEBHOOK_VERIFICATION": lenient}));
        let checked = scene.check();
        let told = finding(&checked, "secret/booleans", "ENABLE_WEBHOOK_VERIFICATION");
        assert_eq!(told.severity, Severity::Warning, "{lenient}");
        assert!(says(told).contains("Set ENABLE_WEBHOOK_VERIFICATION to"), "{lenient}: {}", says(told));
        let plan = planned(&checked);
        assert_eq!(written(of_secret(&plan))["ENABLE_WEBHOOK_VERIFICATION"], "true", "{lenient}");
    }
    let neither = wrong(&with_values(json!({"ENABLE_WEBHOOK_VERIFICATION": "perhaps"})));
    assert!(neither.contains(&(Severity::Error, "ENABLE_WEBHOOK_VERIFICATION".into())), "{neither:?}");
}

/// Either style is written whole, and an environment that has parts of both is warned about.
#[test]
fn c14_two_styles_of_deployment_are_kept_apart() {
    let names = |style: &str| -> Vec<String> {
        let env = print("quilt-healthy", &["container-env", "--style", style]).expect(0).out;
        env.lines().map(|line| line.split_once('=').unwrap().0.to_owned()).collect()
    };
    assert_eq!(names("secrets-only"), ["QuiltStackARN", "BenchlingSecret"]);
    let services = names("service-envars");
    assert!(!services.contains(&"QuiltStackARN".to_owned()), "{services:?}");

    let rehearsed = |more: &str| {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("container.env");
        let env = print("quilt-healthy", &["container-env"]).expect(0).out;
        std::fs::write(&file, format!("{env}{more}")).unwrap();
        let arguments = ["check", "--as-container", "--demo=quilt-healthy", "--env-file", file.to_str().unwrap()];
        rolecall_at(home.path(), &arguments).expect(0).flat()
    };
    assert!(!rehearsed("AWS_REGION=us-east-1\n").contains("mixed"));
    for name in services.iter().filter(|name| !["AWS_REGION", "BenchlingSecret", "LOG_LEVEL"].contains(&name.as_str()))
    {
        let told = rehearsed(&format!("{name}=x\n"));
        assert!(told.contains("warning: Two styles of deployment are mixed") && told.contains(name), "{name}: {told}");
    }
}

/// The webhook cannot start without secret and stack, and can without roles.
#[test]
fn c22_secret_and_stack_are_errors_and_roles_warn_unless_configured() {
    let severity = |world: &str, id: &str| with_id(&Scene::of(world).check(), id)[0].severity;
    assert_eq!(severity("quilt-untouched", "secret/exists"), Severity::Error);
    assert_eq!(severity("fresh-account", "stack/quilt"), Severity::Error);
    assert_eq!(severity("roles-missing", "role/discovered"), Severity::Warning);
    assert_eq!(severity("quilt-untouched", "trust/task-role"), Severity::Warning);
    let configured = Scene::patched(json!({"extends": "quilt-healthy", "accounts": {ACCOUNT: {"roles": {
        "ReadQuiltV2-quilt-prod": null
    }}}}));
    assert_eq!(with_id(&configured.check(), "role/exists")[0].severity, Severity::Error);
}

/// Secrets Manager unless a file is asked for, which only its owner may read.
#[test]
fn c29_the_secret_goes_to_secrets_manager_or_to_a_file_for_oneself() {
    let scene = Scene::of("quilt-no-secret");
    let checked = scene.check();
    assert!(matches!(planned(&checked).changes[0], Change::Secret(_)), "the default");

    let folder = tempfile::tempdir().unwrap();
    let (values, target) = (folder.path().join("values.env"), folder.path().join("secret.json"));
    let lines: String = VALUES.iter().map(|(key, value)| format!("{}={value}\n", key.name())).collect();
    std::fs::write(&values, lines).unwrap();
    std::fs::set_permissions(&values, PermissionsExt::from_mode(0o600)).unwrap();
    let sources = ["--env-file", values.to_str().unwrap(), "--to-file", target.to_str().unwrap()];
    let plan = rolecall_at(folder.path(), &[&["secret", "plan"], &sources[..]].concat()).expect(4);
    assert!(plan.flat().contains("new file, 0600") && !target.exists(), "{}", plan.out);
    let id = plan.out.split("--plan-id ").nth(1).unwrap().split_whitespace().next().unwrap();
    rolecall_at(folder.path(), &[&["secret", "apply"], &sources[..], &["--plan-id", id, "--yes"]].concat()).expect(0);
    let value: Value = serde_json::from_slice(&std::fs::read(&target).unwrap()).unwrap();
    assert_eq!((value, mode(&target)), (document(), 0o600));
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
