//! Creating secrets, adding versions, and the compare-and-swap.

use std::collections::BTreeMap;

use super::*;

const NAME: &str = "benchling-webhook-production";
const CURRENT: &str = "9a2e6f14-37bd-4c58-ae02-1f8d7c6b5a49";
const PREVIOUS: &str = "4c1b7d52-8e90-4f36-a1d7-6b5a4c3d2e1f";
const TOKEN: &str = "aaaaaaaa-bbbb-4ccc-addd-eeeeeeeeeeee";

/// The version behind each label.
async fn labels(world: &World, name: &str) -> BTreeMap<String, String> {
    let secret = secrets(world, OPERATOR).describe_secret().secret_id(name).send().await.unwrap();
    let versions = secret.version_ids_to_stages().cloned().unwrap_or_default();
    versions.into_iter().flat_map(|(id, labels)| labels.into_iter().map(move |label| (label, id.clone()))).collect()
}

#[tokio::test]
async fn a_secret_is_created_once() {
    let world = world("quilt-no-secret");
    let client = secrets(&world, OPERATOR);
    let create = || client.create_secret().name(NAME).client_request_token(TOKEN);
    let created = create().secret_string("{\"TENANT\": \"a<b>&\\\"c\"}").description("d").send().await.unwrap();
    assert!(
        created
            .arn()
            .unwrap()
            .starts_with("arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-production-")
    );
    assert_eq!(created.version_id(), Some(TOKEN));
    let value = client.get_secret_value().secret_id(NAME).send().await.unwrap();
    assert_eq!(value.secret_string(), Some("{\"TENANT\": \"a<b>&\\\"c\"}"));
    assert_eq!(value.version_stages(), ["AWSCURRENT"]);
    // The same request again is the SDK's own retry; any other is refused.
    assert_eq!(create().secret_string("{\"TENANT\": \"a<b>&\\\"c\"}").send().await.unwrap().arn(), created.arn());
    assert_eq!(code(create().secret_string("{}").send().await), "ResourceExistsException");
    assert_eq!(code(client.create_secret().name(NAME).secret_string("{}").send().await), "ResourceExistsException");
    assert_eq!(code(client.create_secret().name("a b").secret_string("{}").send().await), "ValidationException");
}

#[tokio::test]
async fn the_first_version_is_current_whatever_its_labels() {
    let world = world("quilt-no-secret");
    let client = secrets(&world, OPERATOR);
    client.create_secret().name("empty").send().await.unwrap();
    assert!(labels(&world, "empty").await.is_empty());
    let put = client.put_secret_value().secret_id("empty").secret_string("{}").version_stages("OURS");
    let id = put.send().await.unwrap().version_id().unwrap().to_owned();
    let expected = BTreeMap::from([("AWSCURRENT".to_owned(), id.clone()), ("OURS".to_owned(), id)]);
    assert_eq!(labels(&world, "empty").await, expected);
}

#[tokio::test]
async fn a_version_under_our_own_label_leaves_the_current_one_alone() {
    let world = world("quilt-healthy");
    let client = secrets(&world, OPERATOR);
    let put = |value: &str| {
        client
            .put_secret_value()
            .secret_id(NAME)
            .secret_string(value)
            .version_stages("OURS")
            .client_request_token(TOKEN)
            .send()
    };
    assert_eq!(put("{\"new\": 1}").await.unwrap().version_id(), Some(TOKEN));
    let labels_now = labels(&world, NAME).await;
    assert_eq!((labels_now["AWSCURRENT"].as_str(), labels_now["OURS"].as_str()), (CURRENT, TOKEN));
    // Idempotent by token; the same token with another value is refused.
    put("{\"new\": 1}").await.unwrap();
    assert_eq!(code(put("{\"new\": 2}").await), "ResourceExistsException");
}

#[tokio::test]
async fn putting_without_labels_moves_current_and_leaves_previous_behind() {
    let world = world("quilt-healthy");
    let client = secrets(&world, OPERATOR);
    client.put_secret_value().secret_id(NAME).secret_string("{}").client_request_token(TOKEN).send().await.unwrap();
    let expected =
        BTreeMap::from([("AWSCURRENT".to_owned(), TOKEN.to_owned()), ("AWSPREVIOUS".to_owned(), CURRENT.to_owned())]);
    assert_eq!(labels(&world, NAME).await, expected);
    assert_eq!(code(client.put_secret_value().secret_id(NAME).send().await), "InvalidParameterException");
    assert_eq!(
        code(client.put_secret_value().secret_id("gone").secret_string("x").send().await),
        "ResourceNotFoundException"
    );
}

#[tokio::test]
async fn current_moves_only_from_where_it_is() {
    let world = world("quilt-healthy");
    let client = secrets(&world, OPERATOR);
    let put = client.put_secret_value().secret_id(NAME).secret_string("{}").version_stages("OURS");
    put.client_request_token(TOKEN).send().await.unwrap();
    let before = labels(&world, NAME).await;
    let update = || client.update_secret_version_stage().secret_id(NAME).version_stage("AWSCURRENT");
    for (request, expected) in [
        (update().move_to_version_id(TOKEN), "InvalidParameterException"),
        (update().move_to_version_id(TOKEN).remove_from_version_id(PREVIOUS), "InvalidParameterException"),
        (update().remove_from_version_id(CURRENT), "InvalidParameterException"),
        (update(), "InvalidParameterException"),
        (update().move_to_version_id("0".repeat(36)).remove_from_version_id(CURRENT), "ResourceNotFoundException"),
    ] {
        assert_eq!(code(request.send().await), expected);
        assert_eq!(labels(&world, NAME).await, before, "nothing has moved");
    }
    update().move_to_version_id(TOKEN).remove_from_version_id(CURRENT).send().await.unwrap();
    let after = labels(&world, NAME).await;
    assert_eq!((after["AWSCURRENT"].as_str(), after["AWSPREVIOUS"].as_str()), (TOKEN, CURRENT));

    // Our own label comes off; the undo is the reverse.
    let ours = client.update_secret_version_stage().secret_id(NAME).version_stage("OURS");
    ours.remove_from_version_id(TOKEN).send().await.unwrap();
    update().move_to_version_id(CURRENT).remove_from_version_id(TOKEN).send().await.unwrap();
    let undone = labels(&world, NAME).await;
    assert_eq!((undone["AWSCURRENT"].as_str(), undone["AWSPREVIOUS"].as_str()), (CURRENT, TOKEN));
    assert!(!undone.contains_key("OURS"));
}
