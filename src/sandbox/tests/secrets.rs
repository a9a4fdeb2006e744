//! Reading secrets.

use super::*;

const NAME: &str = "benchling-webhook-production";
const ARN: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-production-VnK3qa";

#[tokio::test]
async fn a_value_is_found_by_name_arn_version_and_stage() {
    let world = world("quilt-healthy");
    let client = secrets(&world, OPERATOR);
    for id in [NAME, ARN, ARN.strip_suffix("-VnK3qa").unwrap()] {
        let value = client.get_secret_value().secret_id(id).send().await.unwrap();
        assert_eq!((value.name(), value.arn()), (Some(NAME), Some(ARN)));
        assert_eq!(value.version_stages(), ["AWSCURRENT"]);
        let keys: serde_json::Value = serde_json::from_str(value.secret_string().unwrap()).unwrap();
        assert_eq!(keys.as_object().unwrap().len(), 11);
    }
    let previous = client.get_secret_value().secret_id(NAME).version_stage("AWSPREVIOUS").send().await.unwrap();
    assert!(previous.secret_string().unwrap().contains("DEBUG"));
    let id = previous.version_id().unwrap();
    let same = client.get_secret_value().secret_id(NAME).version_id(id).send().await.unwrap();
    assert_eq!(same.secret_string(), previous.secret_string());

    let get = || client.get_secret_value().secret_id(NAME);
    assert_eq!(code(get().version_stage("NEXT").send().await), "ResourceNotFoundException");
    assert_eq!(code(get().version_id("0".repeat(36)).send().await), "ResourceNotFoundException");
    assert_eq!(code(get().version_id(id).version_stage("AWSCURRENT").send().await), "InvalidParameterException");
    assert_eq!(code(client.get_secret_value().secret_id("gone").send().await), "ResourceNotFoundException");
}

#[tokio::test]
async fn a_description_tells_versions_and_dates_and_no_value() {
    let world = world("quilt-healthy");
    let secret = secrets(&world, OPERATOR).describe_secret().secret_id(NAME).send().await.unwrap();
    let stages = secret.version_ids_to_stages().unwrap();
    assert_eq!(stages.len(), 2);
    assert_eq!(stages["9a2e6f14-37bd-4c58-ae02-1f8d7c6b5a49"], ["AWSCURRENT"]);
    assert_eq!(secret.created_date().unwrap().secs(), i64::try_from(NOW).unwrap() - 12 * 86_400);
    assert_eq!(secret.last_changed_date().unwrap().secs(), i64::try_from(NOW).unwrap() - 3 * 86_400);
    assert_eq!(secret.deleted_date(), None);
}

#[tokio::test]
async fn a_secret_scheduled_for_deletion_can_be_described_only() {
    let world = world("quilt-no-secret");
    let client = secrets(&world, OPERATOR);
    let name = "benchling-webhook-trial";
    let secret = client.describe_secret().secret_id(name).send().await.unwrap();
    assert_eq!(secret.deleted_date().unwrap().secs(), i64::try_from(NOW).unwrap() + 4 * 86_400);
    let (code_, message) = refusal(client.get_secret_value().secret_id(name).send().await);
    assert_eq!(code_, "InvalidRequestException");
    assert!(message.contains("marked for deletion"));
    assert_eq!(
        code(client.put_secret_value().secret_id(name).secret_string("{}").send().await),
        "InvalidRequestException"
    );
    assert_eq!(code(client.create_secret().name(name).secret_string("{}").send().await), "InvalidRequestException");

    let names = |answer: aws_sdk_secretsmanager::operation::list_secrets::ListSecretsOutput| {
        answer.secret_list().iter().filter_map(|entry| entry.name().map(ToOwned::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(names(client.list_secrets().send().await.unwrap()), ["prod/datadog/api-key", "quilt-prod/registry-db"]);
    let planned = client.list_secrets().include_planned_deletion(true).send().await.unwrap();
    assert_eq!(names(planned).len(), 3);
}

#[tokio::test]
async fn the_list_comes_in_pages() {
    let many: serde_json::Map<String, serde_json::Value> =
        (0..230).map(|index| (format!("app-{index:03}"), serde_json::json!({}))).collect();
    let world = patched(serde_json::json!({
        "extends": "fresh-account",
        "accounts": {"111122223333": {"regions": {"us-east-1": {"secrets": many}}}}
    }));
    let client = secrets(&world, OPERATOR);
    let pages: Vec<_> = client.list_secrets().into_paginator().send().collect::<Result<_, _>>().await.unwrap();
    assert_eq!(pages.iter().map(|page| page.secret_list().len()).collect::<Vec<_>>(), [100, 100, 31]);
    assert_eq!(code(client.list_secrets().next_token("1").send().await), "InvalidNextTokenException");
    let filter = aws_sdk_secretsmanager::types::Filter::builder()
        .key(aws_sdk_secretsmanager::types::FilterNameStringType::Name)
        .values("app-00")
        .build();
    assert_eq!(client.list_secrets().filters(filter).send().await.unwrap().secret_list().len(), 10);
    // A secret without a version has no value.
    assert_eq!(code(client.get_secret_value().secret_id("app-001").send().await), "ResourceNotFoundException");
}

#[tokio::test]
async fn a_binary_secret_comes_as_bytes() {
    let world = patched(serde_json::json!({
        "extends": "quilt-no-secret",
        "accounts": {"111122223333": {"regions": {"us-east-1": {"secrets": {"keystore": {
            "versions": {"11111111-2222-4333-a444-555555555555": {"stages": ["AWSCURRENT"], "binary": "AAEC/w=="}}
        }}}}}}
    }));
    let value = secrets(&world, OPERATOR).get_secret_value().secret_id("keystore").send().await.unwrap();
    assert_eq!(value.secret_binary().unwrap().as_ref(), [0, 1, 2, 255]);
    assert_eq!(value.secret_string(), None);
}

#[tokio::test]
async fn a_description_tells_who_else_writes_a_secret() {
    let replicated = patched(serde_json::json!({
        "extends": "secret-replicated",
        "accounts": {"111122223333": {"regions": {"us-east-1": {"secrets": {NAME: {"replicas": {"us-west-2": "taken"}}}}}}}
    }));
    let secret = secrets(&replicated, OPERATOR).describe_secret().secret_id(NAME).send().await.unwrap();
    assert_eq!(secret.primary_region(), Some("us-east-1"));
    let replicas: Vec<_> = secret
        .replication_status()
        .iter()
        .map(|one| (one.region().unwrap(), one.status().unwrap().as_str(), one.status_message()))
        .collect();
    assert_eq!(replicas, [("eu-west-1", "InSync", None), ("us-west-2", "Failed", Some("taken"))]);
    assert_eq!(secret.rotation_enabled(), None);

    let secret = |name| {
        let world = world(name);
        async move { secrets(&world, OPERATOR).describe_secret().secret_id(NAME).send().await.unwrap() }
    };
    let replica = secret("secret-replica").await;
    assert_eq!((replica.primary_region(), replica.replication_status().len()), (Some("us-west-2"), 0));
    let rotated = secret("secret-rotated").await;
    assert_eq!(rotated.rotation_enabled(), Some(true));
    assert!(rotated.rotation_lambda_arn().unwrap().ends_with(":function:rotate-webhook-secret"));
    assert_eq!(rotated.next_rotation_date().unwrap().secs(), i64::try_from(NOW).unwrap() + 6 * 86_400);
    assert_eq!(secret("quilt-healthy").await.primary_region(), None);
}
