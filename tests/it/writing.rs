//! Writing a confirmed plan against the emulator: create, a new version, a lost race, a missing permission. What was
//! written is read back by a client that shares no code with the program.

use std::path::Path;

use rolecall::apply::apply;
use rolecall::check::{self, Checked};
use rolecall::gather::Gatherer;
use rolecall::model::plan::{ChangeOutcome, ChangeReport};
use rolecall::model::{Plan, Selection};
use rolecall::plan::{Draft, plan};
use rolecall::secret::Key;
use rolecall::values::SecretText;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::emulator::{Account, Emulator, Keys};
use crate::headless::{selection, surroundings};
use crate::personas::{self, Persona};
use crate::quilt_template::{QuiltStack, TaskPolicy, Trust, deploy_quilt, deploy_webhook};

/// Valid values for all 11 keys.
pub const VALUES: [(Key, &str); 11] = [
    (Key::ClientId, "wqFabcdefgYe"),
    (Key::ClientSecret, "canary-client-secret"),
    (Key::Tenant, "acme"),
    (Key::AppDefinitionId, "appdef_wqFabcdefg"),
    (Key::LogLevel, "INFO"),
    (Key::PkgPrefix, "benchling"),
    (Key::PkgKey, "experiment_id"),
    (Key::UserBucket, "quilt-user-bucket"),
    (Key::EcrRepositoryName, "quiltdata/benchling"),
    (Key::EnableWebhookVerification, "true"),
    (Key::WebhookAllowList, ""),
];

pub fn document() -> serde_json::Value {
    VALUES.iter().map(|(key, value)| (key.name().to_owned(), json!(value))).collect::<serde_json::Map<_, _>>().into()
}

struct Scene {
    account: Account,
    operator: Persona,
    stack: QuiltStack,
    home: tempfile::TempDir,
}

impl Scene {
    async fn new() -> Option<Self> {
        let account = Emulator::shared()?.account();
        let operator = personas::operator(&account).await;
        let webhook = deploy_webhook(&account, "BenchlingWebhookStack", TaskPolicy::RealNames).await;
        let stack = deploy_quilt(&account, "quilt-prod", &Trust::Role(webhook)).await;
        Some(Self { account, operator, stack, home: tempfile::tempdir().unwrap() })
    }

    fn selection(&self) -> Selection {
        selection(Some(&self.stack.arn))
    }

    async fn checked(&self, keys: &Keys) -> Checked {
        check::run(surroundings(&self.account, keys, self.home.path()), self.selection()).await
    }

    /// Everything looked up, and the plan that the values lead to.
    async fn planned(&self, keys: &Keys, change: impl Fn(&mut Draft)) -> (Plan, Selection) {
        let checked = self.checked(keys).await;
        let mut draft = Draft::from_facts(&checked.facts, &checked.selection);
        for (key, value) in VALUES {
            draft.values.insert(key, SecretText::new(value));
        }
        change(&mut draft);
        (plan(&checked.facts, &checked.selection, &draft), checked.selection)
    }

    async fn write(&self, keys: &Keys, plan: Plan, selection: &Selection) -> Vec<ChangeReport> {
        let gatherer = Gatherer::new(surroundings(&self.account, keys, self.home.path()));
        let (events, _kept) = mpsc::unbounded_channel();
        let id = plan.id.clone();
        let confirmed = plan.confirm(&id).expect("nothing blocks the plan");
        apply(&gatherer, selection, confirmed, events, CancellationToken::new()).await.expect("this run may write")
    }

    fn config(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(config_path(self.home.path())).unwrap()).unwrap()
    }
}

fn config_path(home: &Path) -> std::path::PathBuf {
    home.join(".config/benchling-webhook/default/config.json")
}

fn assert_written(reports: &[ChangeReport], count: usize) {
    assert_eq!(reports.len(), count, "{reports:?}");
    for report in reports {
        assert!(matches!(report.outcome, ChangeOutcome::Written { .. }), "{report:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_walk_writes_both_and_the_second_has_nothing_to_write() {
    let Some(scene) = Scene::new().await else { return };
    let keys = &scene.operator.keys;
    let (plan, selection) = scene.planned(keys, |_| {}).await;
    assert_eq!(plan.blocked, Vec::<String>::new());
    let reports = scene.write(keys, plan, &selection).await;
    assert_written(&reports, 2);

    let secret = scene.account.read_back("benchling-webhook-prod");
    assert_eq!(secret.current(), document(), "exactly the 11 keys");
    assert_eq!(secret.versions.len(), 1);
    let config = scene.config();
    for (pointer, value) in [
        ("/quilt/stackArn", json!(scene.stack.arn)),
        ("/quilt/readRoleArn", json!(scene.stack.read_role.to_string())),
        ("/quilt/writeRoleArn", json!(scene.stack.write_role.to_string())),
        ("/quilt/database", json!(scene.stack.database)),
        ("/quilt/queueUrl", json!(scene.stack.queue_url)),
        ("/benchling/tenant", json!("acme")),
        ("/benchling/secretArn", json!(secret.arn)),
        ("/packages/bucket", json!("quilt-user-bucket")),
        ("/security/enableVerification", json!(true)),
        ("/_metadata/source", json!("wizard")),
    ] {
        assert_eq!(config.pointer(pointer), Some(&value), "{pointer}");
    }
    assert_eq!(config.pointer("/benchling/clientSecret"), None);
    assert!(config["integratedStack"].is_boolean());

    let (again, _) = scene.planned(keys, |_| {}).await;
    assert!(again.is_empty(), "{:?}", again.changes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_makes_one_new_version_and_keeps_the_previous_one() {
    let Some(scene) = Scene::new().await else { return };
    let keys = &scene.operator.keys;
    let (plan, selection) = scene.planned(keys, |_| {}).await;
    assert_written(&scene.write(keys, plan, &selection).await, 2);
    let before = scene.account.read_back("benchling-webhook-prod");

    let (plan, selection) = scene.planned(keys, |draft| set(draft, Key::LogLevel, "DEBUG")).await;
    assert_written(&scene.write(keys, plan, &selection).await, 2);
    let after = scene.account.read_back("benchling-webhook-prod");
    assert_eq!(after.current()["LOG_LEVEL"], "DEBUG");
    assert_eq!(after.stage("AWSPREVIOUS").unwrap().id, before.stage("AWSCURRENT").unwrap().id);
    let stages: Vec<_> = after.versions.iter().flat_map(|version| version.stages.clone()).collect();
    assert_eq!(stages.len(), 2, "our own stage is taken off: {stages:?}");
    let backups = std::fs::read_dir(config_path(scene.home.path()).parent().unwrap()).unwrap().count();
    assert_eq!(backups, 2, "config.json and one backup");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_second_is_refused_and_nothing_moves() {
    let Some(scene) = Scene::new().await else { return };
    let keys = &scene.operator.keys;
    let (plan, selection) = scene.planned(keys, |_| {}).await;
    assert_written(&scene.write(keys, plan, &selection).await, 2);

    let (late, selection) = scene.planned(keys, |draft| set(draft, Key::LogLevel, "ERROR")).await;
    let other = scene.account.clients().secrets;
    let theirs = other.put_secret_value().secret_id("benchling-webhook-prod").secret_string(r#"{"THEIRS":"1"}"#);
    let theirs = theirs.send().await.unwrap();
    let reports = scene.write(keys, late, &selection).await;
    assert!(
        matches!(&reports[0].outcome, ChangeOutcome::LostRace(why) if why.contains("changed meanwhile")),
        "{reports:?}"
    );
    let after = scene.account.read_back("benchling-webhook-prod");
    assert_eq!(after.stage("AWSCURRENT").unwrap().id, theirs.version_id().unwrap());
    assert_eq!(after.current(), json!({"THEIRS": "1"}));
    assert!(after.stage("ROLECALL_PENDING").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_changed_meanwhile_is_not_overwritten() {
    let Some(scene) = Scene::new().await else { return };
    let keys = &scene.operator.keys;
    let (plan, selection) = scene.planned(keys, |draft| draft.write_secret = false).await;
    let path = config_path(scene.home.path());
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "{\"mine\": 1}").unwrap();
    let reports = scene.write(keys, plan, &selection).await;
    assert!(matches!(&reports[0].outcome, ChangeOutcome::LostRace(_)), "{reports:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"mine\": 1}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_to_move_stages_it_is_read_again_and_said() {
    let Some(scene) = Scene::new().await else { return };
    let keys = &scene.operator.keys;
    let (plan, selection) = scene.planned(keys, |_| {}).await;
    assert_written(&scene.write(keys, plan, &selection).await, 2);
    let policy = personas::policy(&[
        personas::allow(&["cloudformation:*", "iam:Get*", "iam:List*", "sts:AssumeRole", "secretsmanager:*"]),
        personas::deny(&["secretsmanager:UpdateSecretVersionStage"]),
    ]);
    let limited = personas::user(&scene.account, "limited", Some(&policy)).await;
    let (plan, selection) = scene.planned(&limited.keys, |draft| set(draft, Key::LogLevel, "DEBUG")).await;
    let reports = scene.write(&limited.keys, plan, &selection).await;
    let ChangeOutcome::Written { what, .. } = &reports[0].outcome else { panic!("{reports:?}") };
    assert!(what.contains("UpdateSecretVersionStage was denied"), "{what}");
    assert_eq!(scene.account.read_back("benchling-webhook-prod").current()["LOG_LEVEL"], "DEBUG");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_may_not_be_written_leaves_the_config_unwritten_too() {
    let Some(scene) = Scene::new().await else { return };
    let policy = personas::policy(&[
        personas::allow(&["cloudformation:*", "iam:Get*", "iam:List*", "sts:AssumeRole", "secretsmanager:*"]),
        personas::deny(&["secretsmanager:CreateSecret"]),
    ]);
    let reader = personas::user(&scene.account, "reader", Some(&policy)).await;
    let (plan, selection) = scene.planned(&reader.keys, |_| {}).await;
    let reports = scene.write(&reader.keys, plan, &selection).await;
    assert!(
        matches!(&reports[0].outcome, ChangeOutcome::Failed(why) if why.contains("secretsmanager:CreateSecret")),
        "{reports:?}"
    );
    assert!(matches!(&reports[1].outcome, ChangeOutcome::NotBegun(_)), "{reports:?}");
    assert!(!config_path(scene.home.path()).exists());
}

fn set(draft: &mut Draft, key: Key, value: &str) {
    draft.values.insert(key, SecretText::new(value));
}
