//! The principals that a system asks about, looked up over HTTP: the megatests against the emulator.

use rolecall::aws::{Clock, Environment, Surroundings};
use rolecall::check::{self, Checked};
use rolecall::model::selection::CredentialSource;
use rolecall::model::{Finding, Selection, Severity, SystemChoice};
use serde_json::{Value, json};

use crate::emulator::{Account, Emulator, Keys};
use crate::personas::{self, allow, policy};

const USER: &str = "TowerForge-AWSMegatests";

/// `check --system megatests` with these keys.
async fn check(account: &Account, keys: &Keys) -> Checked {
    let home = tempfile::tempdir().unwrap();
    account.write_aws_profiles(home.path(), &[("infra", keys)]);
    let endpoint = [("AWS_ENDPOINT_URL".to_owned(), account.endpoint().to_owned())];
    let here = Surroundings::of_user(Environment::new(endpoint), home.path().to_owned());
    let here = Surroundings { clock: Clock::System, ..here }.shared();
    let selection = Selection {
        source: Some(CredentialSource::Profile("infra".into())),
        system: Some(SystemChoice::of("megatests")),
        ..Selection::new()
    };
    check::run(here, selection).await
}

fn of<'a>(checked: &'a Checked, id: &str) -> Vec<&'a Finding> {
    let all = checked.judgement.findings.iter();
    all.filter(|finding| finding.id == id && (finding.subject == USER || id == "policy/lint")).collect()
}

/// The Batch user with its policies by name, and one access key.
async fn deploy(account: &Account, policies: &[(&str, Value)]) -> String {
    let iam = account.clients().iam;
    iam.create_user().user_name(USER).send().await.unwrap();
    for (name, document) in policies {
        let made = iam.create_policy().policy_name(*name).policy_document(document.to_string()).send().await.unwrap();
        let arn = made.policy().and_then(|policy| policy.arn()).unwrap();
        iam.attach_user_policy().user_name(USER).policy_arn(arn).send().await.unwrap();
    }
    iam.create_access_key().user_name(USER).send().await.unwrap().access_key.unwrap().access_key_id
}

fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_user_carries_and_holds_is_looked_up() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let operator = personas::user(&account, "deployer", Some(&policy(&[allow(&["iam:*"])]))).await;
    let missing = check(&account, &operator.keys).await;
    assert_eq!(of(&missing, "principal/exists")[0].severity, Severity::Error);
    assert!(of(&missing, "principal/policies").is_empty());

    let key = deploy(
        &account,
        &[
            ("TowerForge-Forge-Policy", document(include_str!("../cases/megatests-forge.json"))),
            ("TowerForge-Launch-Policy", document(include_str!("../cases/megatests-launch.json"))),
            ("Left-Over", json!({"Version": "2012-10-17", "Statement": [allow(&["sqs:*"])]})),
        ],
    )
    .await;
    let checked = check(&account, &operator.keys).await;
    assert_eq!(of(&checked, "principal/exists")[0].severity, Severity::Ok);
    let carried = of(&checked, "principal/policies");
    assert_eq!(
        carried.iter().map(|finding| finding.severity).collect::<Vec<_>>(),
        [Severity::Error, Severity::Warning]
    );
    assert!(carried[0].claim.contains("lacks 1 of its 3 policies: TowerForge-S3-Policy"), "{carried:#?}");
    assert!(carried[1].evidence[0].ends_with("policy/Left-Over"), "{carried:#?}");
    let keys = of(&checked, "principal/access-keys");
    assert!(keys[0].claim.contains("1 access key"), "{keys:#?}");
    assert!(!rolecall::report::json(&checked.report()).contains(&key), "its id is not shown whole");
    let rules: Vec<&str> = of(&checked, "policy/lint").iter().map(|finding| finding.evidence[0].as_str()).collect();
    for rule in ["unknown_service", "passes_any_role", "other_buckets", "policy_covered"] {
        assert!(rules.iter().any(|line| line.contains(rule)), "{rule}: {rules:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_read_nothing_is_told_what_it_takes() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let nobody = personas::nopolicy(&account).await;
    deploy(&account, &[]).await;
    let checked = check(&account, &nobody.keys).await;
    for (id, action) in [
        ("principal/exists", "iam:GetUser"),
        ("principal/policies", "iam:ListAttachedUserPolicies"),
        ("principal/access-keys", "iam:ListAccessKeys"),
    ] {
        let told = of(&checked, id);
        assert!(told.len() == 1 && told[0].unknown && told[0].claim.contains(action), "{id}: {told:#?}");
    }
}
