//! The template deploys, and its trust variants are enforced.

use super::{EXTERNAL_ID, TaskPolicy, Trust, deploy_others, deploy_quilt, deploy_webhook};
use crate::emulator::{Account, Emulator, Keys, code};
use crate::personas;

#[tokio::test]
async fn the_stack_has_more_resources_than_a_page_holds() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let stack = deploy_quilt(&account, "quilt-prod", &Trust::AccountRoot).await;
    let cloudformation = account.clients_as(&personas::operator(&account).await.keys).cloudformation;

    let first = cloudformation.list_stack_resources().stack_name(&stack.name).send().await.unwrap();
    assert_eq!(first.stack_resource_summaries().len(), 100);
    assert!(first.next_token().is_some());
    let pages = cloudformation.list_stack_resources().stack_name(&stack.name).into_paginator().items().send();
    let all = pages.try_collect().await.unwrap();
    assert!(all.len() >= 120, "{} resources", all.len());

    let role = |resources: &[aws_sdk_cloudformation::types::StackResourceSummary], id: &str| {
        let found = resources.iter().find(|resource| resource.logical_resource_id() == Some(id));
        found.and_then(|resource| resource.physical_resource_id().map(str::to_owned))
    };
    assert_eq!(role(first.stack_resource_summaries(), "T4BucketReadRole"), None, "the first page is not enough");
    assert_eq!(role(&all, "T4BucketReadRole").as_deref(), Some("ReadQuiltV2-quilt-prod"));
    assert_eq!(role(&all, "T4BucketWriteRole").as_deref(), Some("ReadWriteQuiltV2-quilt-prod"));
    assert_eq!(stack.catalog, "quilt-prod.quilt.example.com");
    assert_eq!(stack.database, "userathenadatabase-quilt-prod");
    assert!(stack.queue_url.starts_with("https://sqs.us-east-1.amazonaws.com/"), "{}", stack.queue_url);
    assert!(stack.arn.starts_with("arn:aws:cloudformation:us-east-1:"), "{}", stack.arn);
}

#[tokio::test]
async fn trust_is_enforced_in_all_six_variants() {
    let Some(emulator) = Emulator::shared() else { return };
    let (account, other) = (emulator.account(), emulator.account());
    let operator = personas::operator(&account).await;
    let partner = personas::partner(&other).await;
    let task = deploy_webhook(&account, "BenchlingWebhookStack", TaskPolicy::RealNames).await;
    let variants = [
        ("root", Trust::AccountRoot, [true, true, false]),
        ("role", Trust::Role(task), [false, false, false]),
        ("external", Trust::ExternalId, [false, true, false]),
        ("service", Trust::ServiceOnly, [false, false, false]),
        ("deny", Trust::ExplicitDeny(operator.arn.clone()), [false, false, false]),
        ("other", Trust::OtherAccount(other.id().clone()), [false, false, true]),
    ];
    for (name, trust, expected) in variants {
        let stack = deploy_quilt(&account, name, &trust).await;
        let role = stack.read_role.to_string();
        let seen = [
            assume(&account, &operator.keys, &role, None).await,
            assume(&account, &operator.keys, &role, Some(EXTERNAL_ID)).await,
            assume(&account, &partner.keys, &role, None).await,
        ];
        assert_eq!(seen, expected, "{name}: operator, operator with the external ID, partner");
    }
}

#[tokio::test]
async fn an_explicit_deny_of_the_caller_beats_a_trust_that_allows() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let stack = deploy_quilt(&account, "quilt-prod", &Trust::AccountRoot).await;
    let denied = personas::denied(&account).await;
    assert!(!assume(&account, &denied.keys, &stack.write_role.to_string(), None).await);
}

#[tokio::test]
async fn the_webhooks_documented_policy_names_no_real_role() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let iam = account.clients().iam;
    for (name, task_policy, expected) in [
        ("wildcard", TaskPolicy::Wildcard, Some("*-T4BucketReadRole-*")),
        ("real", TaskPolicy::RealNames, Some("ReadQuiltV2-*")),
        ("nothing", TaskPolicy::Nothing, None),
    ] {
        let role = deploy_webhook(&account, name, task_policy).await;
        let policies = iam.list_role_policies().role_name(role.name()).send().await.unwrap();
        assert_eq!(policies.policy_names().len(), usize::from(expected.is_some()), "{name}");
        let (Some(policy), Some(expected)) = (policies.policy_names().first(), expected) else { continue };
        let policy = iam.get_role_policy().role_name(role.name()).policy_name(policy).send().await.unwrap();
        let document = percent_encoding::percent_decode_str(policy.policy_document()).decode_utf8().unwrap();
        assert!(document.contains(expected), "{name}: {document}");
    }
}

#[tokio::test]
async fn more_stacks_than_a_page_holds() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    deploy_others(&account, 101).await;
    let cloudformation = account.clients().cloudformation;
    assert!(cloudformation.describe_stacks().send().await.unwrap().next_token().is_some());
    let all = cloudformation.describe_stacks().into_paginator().items().send().try_collect().await.unwrap();
    assert_eq!(all.len(), 101);
}

/// Whether AssumeRole goes through; a refusal must be AccessDenied.
async fn assume(account: &Account, keys: &Keys, role: &str, external_id: Option<&str>) -> bool {
    let call = account.clients_as(keys).sts.assume_role().role_arn(role).role_session_name("rolecall-test");
    let result = call.set_external_id(external_id.map(str::to_owned)).send().await;
    if let Ok(session) = &result {
        let keys = Keys::from(session.credentials().unwrap());
        let identity = account.clients_as(&keys).sts.get_caller_identity().send().await.unwrap();
        assert!(identity.arn().unwrap().ends_with("/rolecall-test"), "{:?}", identity.arn());
        return true;
    }
    assert_eq!(code(result), "AccessDenied");
    false
}
