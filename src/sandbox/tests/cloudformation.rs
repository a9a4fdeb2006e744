//! Stacks and their resources.

use super::*;

#[tokio::test]
async fn a_named_stack_tells_outputs_and_parameters() {
    let world = world("quilt-no-secret");
    let client = stacks(&world, OPERATOR);
    let answer = client.describe_stacks().stack_name("quilt-prod").send().await.unwrap();
    let stack = &answer.stacks()[0];
    assert_eq!(stack.stack_status().unwrap().as_str(), "UPDATE_COMPLETE");
    assert_eq!(stack.outputs().len(), 15);
    let host = stack.outputs().iter().find(|output| output.output_key() == Some("QuiltWebHost")).unwrap();
    assert_eq!(host.output_value(), Some("quilt.acme.example.com"));
    assert_eq!(stack.parameters().len(), 3);
    assert_eq!(stack.creation_time().unwrap().secs(), i64::try_from(NOW).unwrap() - 400 * 86_400);

    let by_arn = client.describe_stacks().stack_name(stack.stack_id().unwrap()).send().await.unwrap();
    assert_eq!(by_arn.stacks()[0].stack_name(), Some("quilt-prod"));
}

#[tokio::test]
async fn all_stacks_come_in_pages() {
    let world = world("fresh-account");
    let pages: Vec<_> =
        stacks(&world, OPERATOR).describe_stacks().into_paginator().send().collect::<Result<_, _>>().await.unwrap();
    let sizes: Vec<usize> = pages.iter().map(|page| page.stacks().len()).collect();
    assert_eq!(sizes, [50, 50, 30]);
    assert!(
        pages
            .iter()
            .flat_map(|page| page.stacks())
            .all(|stack| { stack.outputs().iter().all(|output| output.output_key() != Some("QuiltWebHost")) })
    );
    assert_eq!(code(stacks(&world, OPERATOR).describe_stacks().next_token("2").send().await), "ValidationError");
}

#[tokio::test]
async fn the_roles_lie_beyond_the_first_page_of_resources() {
    let world = world("quilt-untouched");
    let pages: Vec<_> = stacks(&world, OPERATOR)
        .list_stack_resources()
        .stack_name("quilt-prod")
        .into_paginator()
        .send()
        .collect::<Result<_, _>>()
        .await
        .unwrap();
    let sizes: Vec<usize> = pages.iter().map(|page| page.stack_resource_summaries().len()).collect();
    assert_eq!(sizes, [100, 100, 35]);
    let on_page = |id: &str| {
        pages.iter().position(|page| {
            page.stack_resource_summaries().iter().any(|resource| resource.logical_resource_id() == Some(id))
        })
    };
    assert!(on_page("T4BucketReadRole") > Some(0));
    assert!(on_page("T4BucketWriteRole") > Some(0));
}

#[tokio::test]
async fn one_resource_is_found_whatever_their_number() {
    let world = world("quilt-untouched");
    let client = stacks(&world, OPERATOR);
    let get = |stack: &str, id: &str| client.describe_stack_resource().stack_name(stack).logical_resource_id(id).send();
    let answer = get("quilt-prod", "T4BucketReadRole").await.unwrap();
    let resource = answer.stack_resource_detail().unwrap();
    assert_eq!(resource.resource_type(), Some("AWS::IAM::Role"));
    assert_eq!(resource.physical_resource_id(), Some("ReadQuiltV2-quilt-prod"));
    for (stack, id, message) in [
        ("quilt-prod", "BenchlingSecret", "Resource BenchlingSecret does not exist for stack quilt-prod"),
        ("gone", "T4BucketReadRole", "Stack 'gone' does not exist"),
    ] {
        assert_eq!(refusal(get(stack, id).await), ("ValidationError".to_owned(), message.to_owned()));
    }
}

#[tokio::test]
async fn a_stack_of_another_name_or_region_does_not_exist() {
    let world = world("quilt-untouched");
    let expected = ("ValidationError".to_owned(), "Stack with id gone does not exist".to_owned());
    let client = stacks(&world, OPERATOR);
    assert_eq!(refusal(client.describe_stacks().stack_name("gone").send().await), expected);
    assert_eq!(refusal(client.list_stack_resources().stack_name("gone").send().await), expected);

    let keys = world.keys_of(OPERATOR).unwrap();
    let elsewhere = aws_sdk_cloudformation::Client::new(&config_in(&world, &keys, "eu-west-1"));
    assert_eq!(code(elsewhere.describe_stacks().stack_name("quilt-prod").send().await), "ValidationError");
    assert!(elsewhere.describe_stacks().send().await.unwrap().stacks().is_empty());
}
