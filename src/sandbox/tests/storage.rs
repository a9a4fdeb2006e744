//! Buckets and registries.

use serde_json::json;

use super::*;

fn s3(world: &World, principal: &str) -> aws_sdk_s3::Client {
    aws_sdk_s3::Client::new(&config(world, principal))
}

fn ecr(world: &World, principal: &str) -> aws_sdk_ecr::Client {
    aws_sdk_ecr::Client::new(&config(world, principal))
}

/// The status of an answer without a body.
fn status<T: std::fmt::Debug, E: std::fmt::Debug>(
    result: Result<T, SdkError<E, aws_smithy_runtime_api::client::orchestrator::HttpResponse>>,
) -> (u16, Option<String>, usize) {
    let error = result.unwrap_err();
    let response = error.raw_response().unwrap();
    let region = response.headers().get("x-amz-bucket-region").map(ToOwned::to_owned);
    (response.status().as_u16(), region, response.body().bytes().map_or(usize::MAX, <[u8]>::len))
}

#[tokio::test]
async fn a_bucket_is_listed_by_those_who_may() {
    let world = two_accounts(json!({}));
    let client = s3(&world, ALICE);
    let head = client.head_bucket().bucket("acme-data").send().await.unwrap();
    assert_eq!(head.bucket_region(), Some("us-east-1"));
    let list = || client.list_objects_v2().bucket("acme-data");
    let first = list().max_keys(1).prefix("a/").send().await.unwrap();
    assert_eq!(
        (first.contents()[0].key(), first.is_truncated(), first.key_count()),
        (Some("a/1"), Some(true), Some(1))
    );
    let rest = list().prefix("a/").continuation_token(first.next_continuation_token().unwrap()).send().await.unwrap();
    assert_eq!((rest.contents()[0].key(), rest.is_truncated()), (Some("a/2"), Some(false)));
    let path_style = aws_sdk_s3::config::Builder::from(&config(&world, ALICE)).force_path_style(true).build();
    let all = aws_sdk_s3::Client::from_conf(path_style).list_objects_v2().bucket("acme-data").send().await.unwrap();
    assert_eq!(all.contents().len(), 3);
    let seen: Vec<String> = world.calls().into_iter().map(|call| call.operation).collect();
    assert_eq!(seen, ["s3:HeadBucket", "s3:ListObjectsV2", "s3:ListObjectsV2", "s3:ListObjectsV2"]);
}

#[tokio::test]
async fn a_closed_missing_or_distant_bucket_is_told_as_s3_does() {
    let narrow = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": {"StringLike": {"s3:prefix": "a/*"}}
    }]});
    let world =
        two_accounts(json!({"accounts": {"111122223333": {"users": {"alice": {"inline": {"Everything": narrow}}}}}}));
    let client = s3(&world, ALICE);
    assert_eq!(status(client.head_bucket().bucket("acme-data").send().await), (403, Some("us-east-1".into()), 0));
    assert_eq!(status(client.head_bucket().bucket("nowhere-at-all").send().await), (404, None, 0));
    assert_eq!(status(client.head_bucket().bucket("acme.archive").send().await), (301, Some("eu-west-1".into()), 0));
    assert_eq!(code(client.list_objects_v2().bucket("acme.archive").send().await), "PermanentRedirect");
    assert_eq!(code(client.list_objects_v2().bucket("nowhere-at-all").send().await), "NoSuchBucket");
    let (code, message) = refusal(client.list_objects_v2().bucket("acme-data").send().await);
    assert_eq!(code, "AccessDenied");
    let expected = format!(
        "User: {ALICE} is not authorized to perform: s3:ListBucket on resource: \"arn:aws:s3:::acme-data\" because no \
         identity-based policy allows the s3:ListBucket action"
    );
    assert_eq!(message, expected);
    client.list_objects_v2().bucket("acme-data").prefix("a/").send().await.unwrap();
}

#[tokio::test]
async fn another_accounts_bucket_or_repository_must_be_shared() {
    let world = two_accounts(json!({}));
    s3(&world, ALICE).list_objects_v2().bucket("partner-open").send().await.unwrap();
    let closed = refusal(s3(&world, ALICE).list_objects_v2().bucket("partner-closed").send().await);
    assert_eq!(closed, ("AccessDenied".into(), "Access Denied".into()));
    let describe =
        |name: &str| ecr(&world, ALICE).describe_images().registry_id("444455556666").repository_name(name).send();
    assert_eq!(describe("open").await.unwrap().image_details().len(), 1);
    let (code, message) = refusal(describe("closed").await);
    assert_eq!(code, "AccessDeniedException");
    assert!(
        message.ends_with(
            "on resource: arn:aws:ecr:us-east-1:444455556666:repository/closed because no resource-based policy allows the \
             ecr:DescribeImages action"
        ),
        "{message}"
    );
}

#[tokio::test]
async fn a_registry_gives_a_token_and_lists_images() {
    let world = two_accounts(json!({}));
    let client = ecr(&world, ALICE);
    let token = client.get_authorization_token().send().await.unwrap();
    let data = &token.authorization_data()[0];
    assert_eq!(data.proxy_endpoint(), Some("https://111122223333.dkr.ecr.us-east-1.amazonaws.com"));
    assert_eq!(data.expires_at().unwrap().secs(), i64::try_from(NOW).unwrap() + 12 * 3_600);
    let list = || client.describe_images().repository_name("webhook");
    let first = list().max_results(1).send().await.unwrap();
    assert_eq!(first.image_details()[0].image_tags(), ["1.0.0"]);
    let second = list().next_token(first.next_token().unwrap()).send().await.unwrap();
    assert_eq!((second.image_details()[0].image_tags(), second.next_token()), (&["1.1.0".to_owned()][..], None));
    let gone = refusal(client.describe_images().repository_name("gone").send().await);
    assert_eq!(gone.0, "RepositoryNotFoundException");
    assert!(gone.1.contains("'gone' does not exist in the registry with id '111122223333'"), "{}", gone.1);
}
