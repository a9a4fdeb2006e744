//! What the tests take for granted of the emulator.

use std::collections::BTreeSet;

use aws_config::BehaviorVersion;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use serde_json::json;

use super::{Emulator, code};
use crate::personas;

#[tokio::test]
async fn every_account_knows_its_own_callers() {
    let Some(emulator) = Emulator::shared() else { return };
    let (account, other) = (emulator.account(), emulator.account());
    assert_ne!(account.id(), other.id());
    let operator = personas::operator(&account).await;
    let identity = account.clients_as(&operator.keys).sts.get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some(account.id().as_str()));
    assert_eq!(identity.arn(), Some(format!("arn:aws:iam::{}:user/operator", account.id()).as_str()));
    assert_eq!(identity.arn(), Some(operator.arn.as_str()));
}

#[tokio::test]
async fn identity_policies_are_enforced() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let nobody = account.clients_as(&personas::nopolicy(&account).await.keys);
    nobody.sts.get_caller_identity().send().await.unwrap();
    assert_eq!(code(nobody.cloudformation.describe_stacks().send().await), "AccessDenied");
    assert_eq!(code(nobody.iam.get_role().role_name("any").send().await), "AccessDenied");
    assert_eq!(code(nobody.secrets.list_secrets().send().await), "AccessDeniedException");
    let noiam = account.clients_as(&personas::noiam(&account).await.keys);
    noiam.cloudformation.describe_stacks().send().await.unwrap();
    assert_eq!(code(noiam.iam.get_role().role_name("any").send().await), "AccessDenied");
    let nosecret = account.clients_as(&personas::nosecret(&account).await.keys);
    let create = nosecret.secrets.create_secret().name("a").secret_string("{}").send().await;
    assert_eq!(code(create), "AccessDeniedException");
}

#[tokio::test]
async fn a_key_that_was_deactivated_is_refused() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let stale = personas::operator(&account).await;
    personas::deactivate(&account, &stale).await;
    let refused = account.clients_as(&stale.keys).sts.get_caller_identity().send().await;
    assert_eq!(code(refused), "InvalidClientTokenId");
}

#[tokio::test]
async fn a_stage_moves_only_from_the_version_that_has_it() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let secrets = account.clients().secrets;
    let first = secrets.create_secret().name("webhook").secret_string(r#"{"n":1}"#).send().await.unwrap();
    let first = first.version_id.unwrap();
    let put = secrets.put_secret_value().secret_id("webhook").secret_string(r#"{"n":2}"#);
    let second = put.version_stages("OURS").send().await.unwrap().version_id.unwrap();

    let before = account.read_back("webhook");
    let refusals = [
        (Some("00000000-0000-0000-0000-000000000000"), "ResourceNotFoundException"),
        (Some(second.as_str()), "InvalidParameterException"),
        (None, "InvalidParameterException"),
    ];
    for (wrong, expected) in refusals {
        let update = secrets.update_secret_version_stage().secret_id("webhook").version_stage("AWSCURRENT");
        let refused = update.move_to_version_id(&second).set_remove_from_version_id(wrong.map(str::to_owned));
        assert_eq!(code(refused.send().await), expected, "{wrong:?}");
        let after = account.read_back("webhook");
        let stages = |secret: &super::SecretReadBack| {
            secret.versions.iter().map(|version| (version.id.clone(), version.stages.clone())).collect::<BTreeSet<_>>()
        };
        assert!(stages(&before) == stages(&after), "a stage moved with {wrong:?}");
    }
    assert_eq!(account.read_back("webhook").current(), json!({ "n": 1 }));

    let update = secrets.update_secret_version_stage().secret_id("webhook").version_stage("AWSCURRENT");
    update.move_to_version_id(&second).remove_from_version_id(&first).send().await.unwrap();
    let moved = account.read_back("webhook");
    assert_eq!(moved.current(), json!({ "n": 2 }));
    assert_eq!(moved.stage("AWSPREVIOUS").map(|version| version.id.as_str()), Some(first.as_str()));
    assert_eq!(moved.stage("OURS").map(|version| version.id.as_str()), Some(second.as_str()));
}

#[tokio::test]
async fn the_profiles_that_were_written_are_those_the_sdk_reads() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let operator = personas::operator(&account).await;
    let home = tempfile::tempdir().unwrap();
    account.write_aws_profiles(home.path(), &[("default", &account.root()), ("operator", &operator.keys)]);

    let folder = home.path().join(".aws");
    let files = EnvConfigFiles::builder()
        .with_file(EnvConfigFileKind::Config, folder.join("config"))
        .with_file(EnvConfigFileKind::Credentials, folder.join("credentials"))
        .build();
    for (profile, user) in [("default", "root"), ("operator", "user/operator")] {
        let config = aws_config::defaults(BehaviorVersion::latest())
            .profile_files(files.clone())
            .profile_name(profile)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .load()
            .await;
        let identity = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
        let expected = format!("arn:aws:iam::{}:{user}", account.id());
        assert_eq!(identity.arn(), Some(expected.as_str()), "{profile}");
    }
}

#[tokio::test]
async fn a_secret_is_read_back_with_its_description_and_tags() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let tag = aws_sdk_secretsmanager::types::Tag::builder().key("ManagedBy").value("rolecall").build();
    let create = account.clients().secrets.create_secret().name("quilt/one").description("for a test").tags(tag);
    let created = create.secret_string(r#"{"TENANT":"quilt"}"#).send().await.unwrap();

    let secret = account.read_back("quilt/one");
    assert_eq!((secret.name.as_str(), secret.description.as_deref()), ("quilt/one", Some("for a test")));
    assert_eq!(Some(secret.arn.as_str()), created.arn());
    assert_eq!(secret.tags.get("ManagedBy").map(String::as_str), Some("rolecall"));
    assert_eq!(secret.versions.len(), 1);
    assert_eq!(secret.current(), json!({ "TENANT": "quilt" }));
}
