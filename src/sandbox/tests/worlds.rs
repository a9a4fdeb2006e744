//! The demo worlds load, agree with themselves, and install their files.

use super::*;
use crate::model::selection::{CredentialSource, WorkloadChoice};
use crate::sandbox::WorldError;

#[test]
fn every_world_loads_and_says_what_it_shows() {
    assert_eq!(World::names().first(), Some(&World::DEFAULT));
    for name in World::names() {
        let world = World::load(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(world.about().ends_with('.'), "{name}");
        assert!(!world.expected().is_empty(), "{name}");
        if world.selection().system.is_some() {
            // Its paths follow from its settings, and it may state what each comes to.
            continue;
        }
        let has_path = world.selection().inquiry.is_some();
        assert_eq!((has_path, name.starts_with("deny-")), (!world.diagnosis().is_empty(), has_path), "{name}");
    }
}

#[test]
fn an_unknown_or_broken_world_is_named() {
    let message = World::load("quilt").unwrap_err().to_string();
    assert!(message.contains("`quilt`") && message.contains("quilt-untouched"), "{message}");
    assert!(!message.contains("deny-external-id-missing") && message.contains("--demo=deny"), "{message}");
    let message = World::load("deny").unwrap_err().to_string();
    assert!(message.contains("deny-external-id-missing") && !message.contains("quilt-untouched"), "{message}");
    assert!(World::load("deny-base").is_err(), "what others extend is no world of its own");
    for text in ["", "[]", "{}", r#"{"extends": "quilt-healthy", "acounts": {}}"#] {
        assert!(matches!(World::from_json(text), Err(WorldError::Unreadable(_))), "{text}");
    }
    for (role, part) in [
        (
            serde_json::json!({"trust": {"Version": "2012-10-17", "Statement": [{"Effect": "Perhaps"}]}}),
            "trust of role/New",
        ),
        (serde_json::json!({"attached": ["arn:aws:iam::aws:policy/Gone"], "trust": {"Statement": []}}), "policy/Gone"),
    ] {
        let world = serde_json::json!({
            "extends": "fresh-account", "accounts": {"111122223333": {"roles": {"New": role}}}
        });
        let message = World::from_json(&world.to_string()).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }
    for (edit, part) in [
        (serde_json::json!({"of": TASK_ROLE, "inline": {}}), "no role or user of this world"),
        (serde_json::json!({"of": OPERATOR, "trust": {"Statement": []}}), "which only roles have"),
        (
            serde_json::json!({"of": OPERATOR, "inline": {"New": {"Statement": 7}}}),
            "New of arn:aws:iam::111122223333:user",
        ),
    ] {
        let fix = serde_json::json!({"about": "An edit.", "edits": [edit], "answers": []});
        let world = serde_json::json!({"extends": "fresh-account", "fixes": [fix]});
        let message = World::from_json(&world.to_string()).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }
    let misspelt = r#"{"extends": "quilt-healthy", "accounts": {"1111": {}}}"#;
    assert!(World::from_json(misspelt).unwrap_err().to_string().contains("`1111`"));
}

#[test]
fn a_worlds_fixes_are_its_own() {
    assert!(!World::load("quilt-no-secret").unwrap().fixes().is_empty());
    assert!(World::load("fresh-account").unwrap().fixes().is_empty(), "it has none of the roles that they edit");
}

#[test]
fn the_selection_is_what_the_world_says() {
    let selection = World::load("quilt-untouched").unwrap().selection();
    assert_eq!(selection.source, Some(CredentialSource::Profile("staging".into())));
    assert_eq!(selection.stack.as_deref(), Some("quilt-prod"));
    assert_eq!(selection.workload, WorkloadChoice::Stack("BenchlingWebhookStack".into()));
    assert_eq!(selection.secret, None);
    let fresh = World::load("fresh-account").unwrap().selection();
    assert_eq!((fresh.stack, fresh.workload), (None, WorkloadChoice::WebhookStack));
}

#[test]
fn the_home_holds_the_keys_of_the_world() {
    let home = tempfile::tempdir().unwrap();
    let world = World::load("quilt-healthy").unwrap();
    world.install_files(home.path()).unwrap();
    let credentials = std::fs::read_to_string(home.path().join(".aws/credentials")).unwrap();
    let keys = world.keys_of(OPERATOR).unwrap();
    assert!(credentials.contains(&keys.access_key_id));
    assert!(credentials.contains(keys.secret_access_key.expose()));
    let path = home.path().join(".config/benchling-webhook/default/config.json");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("{\n    \"quilt\": {\n        \"stackArn\""), "{text}");
    assert!(text.ends_with('}'));
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn no_file_is_written_outside_the_home() {
    let home = tempfile::tempdir().unwrap();
    for path in ["../escaped", "/etc/escaped", "a/../../escaped"] {
        let mut world = serde_json::json!({"extends": "fresh-account", "home": {}});
        world["home"][path] = "x".into();
        let world = World::from_json(&world.to_string()).unwrap();
        assert!(world.install_files(home.path()).is_err(), "{path}");
    }
}

#[tokio::test]
async fn a_loaded_world_knows_nothing_of_another() {
    let (one, other) = (world("quilt-no-secret"), world("quilt-no-secret"));
    secrets(&one, OPERATOR).create_secret().name("mine").secret_string("{}").send().await.unwrap();
    assert_eq!(
        code(secrets(&other, OPERATOR).describe_secret().secret_id("mine").send().await),
        "ResourceNotFoundException"
    );
}

#[tokio::test]
async fn answers_carry_the_worlds_date_and_an_id() {
    let world = world("quilt-no-secret");
    let client = sts(&world, OPERATOR);
    let error = client.assume_role().role_arn(READ_ROLE).role_session_name("s1").send().await.unwrap_err();
    let headers = error.raw_response().unwrap().headers();
    assert_eq!(headers.get("date"), Some("Wed, 04 Mar 2026 12:00:00 GMT"));
    assert_eq!(headers.get("content-type"), Some("text/xml"));
    let id = headers.get("x-amzn-requestid").unwrap();
    assert!(String::from_utf8_lossy(error.raw_response().unwrap().body().bytes().unwrap()).contains(id));
}

#[tokio::test]
async fn the_credential_chain_ends_in_the_world_too() {
    use aws_credential_types::provider::ProvideCredentials;
    use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};

    let home = tempfile::tempdir().unwrap();
    let world = world("quilt-no-secret");
    world.install_files(home.path()).unwrap();
    let files = EnvConfigFiles::builder()
        .with_file(EnvConfigFileKind::Config, home.path().join(".aws/config"))
        .with_file(EnvConfigFileKind::Credentials, home.path().join(".aws/credentials"))
        .build();
    let chain = aws_config::provider_config::ProviderConfig::empty()
        .with_region(Some(Region::new("us-east-1")))
        .with_http_client(world.client())
        .with_time_source(clock(NOW));
    let provider = |name: &str| {
        aws_config::profile::ProfileFileCredentialsProvider::builder()
            .configure(&chain)
            .profile_files(files.clone())
            .profile_name(name)
            .build()
    };
    let keys = provider("staging").provide_credentials().await.unwrap();
    assert_eq!(keys.access_key_id(), world.keys_of(OPERATOR).unwrap().access_key_id);

    // `quilt-reader` assumes a role that does not trust the operator: the reason is at the bottom of the source chain.
    let error = provider("quilt-reader").provide_credentials().await.unwrap_err();
    let mut reason: &dyn std::error::Error = &error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    assert!(format!("{error:?} {reason}").contains("AccessDenied"), "{error:?}");
    assert_eq!(world.calls().last().unwrap().operation, "sts:AssumeRole");
}
