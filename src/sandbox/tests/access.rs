//! Permissions are enforced on every call, and each world's stated answers hold.

use super::*;
use crate::policy::{Answer, Authorization, Case, Context, Layer, Query, Request, authorize, evaluate};
use crate::sandbox::StatedAnswer;
use crate::sandbox::client::lock;
use crate::sandbox::exchange::{Call, Service};
use crate::sandbox::identity::{Signature, caller};
use crate::sandbox::sts::case;
use crate::values::time::Timestamp;

/// What the sandbox asks the evaluator for an edge of the world.
fn question(world: &World, answer: &StatedAnswer) -> (Case, Timestamp) {
    let keys = world.keys_of(&answer.principal).unwrap();
    let signature = Signature { access_key_id: keys.access_key_id, region: "us-east-1".into() };
    let client = world.client();
    let state = lock(client.state());
    let now = state.now();
    let token = keys.session_token.as_ref().map(|token| token.expose());
    let caller = caller(&state, Service::Sts, Some(&signature), token, now).unwrap();
    let call =
        Call { service: Service::Sts, operation: "AssumeRole".into(), region: signature.region.clone(), caller, now };
    let request = Request { external_id: answer.external_id.clone(), ..Request::default() };
    (case(&state, &call, &answer.role, &request).unwrap(), now)
}

#[tokio::test]
async fn the_stated_answers_hold() {
    for name in World::names() {
        let world = world(name);
        assert!(!world.answers().is_empty(), "{name} states no answer");
        for answer in world.answers() {
            let edge = format!("{name}: {} to {}", answer.principal, answer.role);
            let assume = sts(&world, &answer.principal).assume_role().role_arn(&answer.role).role_session_name("s1");
            let result = assume.set_external_id(answer.external_id.clone()).send().await;
            match answer.verdict {
                Answer::Allow => drop(result.unwrap_or_else(|error| panic!("{edge}: {error:?}"))),
                _ => assert_eq!(code(result), answer.live.clone().unwrap_or_else(|| "AccessDenied".into()), "{edge}"),
            }
            let (case, now) = question(&world, answer);
            let decision = evaluate(&case, now);
            assert_eq!((decision.verdict, decision.cause.0), (answer.verdict, answer.cause.as_str()), "{edge}");
            assert!(answer.live.is_none() || answer.principal == OPERATOR, "{edge}: only the operator calls live");
        }
    }
}

/// Within one account the trust policy alone would suffice, so the verdict names it alone; the task role's own policy is as wrong.
#[test]
fn an_untouched_stack_fails_the_webhook_on_both_sides() {
    for (name, allowed) in
        [("quilt-untouched", Authorization::ImplicitDeny), ("quilt-no-secret", Authorization::Allowed)]
    {
        let world = world(name);
        for answer in world.answers().iter().filter(|answer| answer.principal == TASK_ROLE) {
            let (case, now) = question(&world, answer);
            let decision = evaluate(&case, now);
            assert_eq!(decision.blocked_by.contains(&Layer::Trust), allowed != Authorization::Allowed, "{name}");
            let (principal, context) = (&case.caller, &Context::new());
            let query = Query { principal, action: "sts:AssumeRole", resource: &answer.role, context };
            assert_eq!(authorize(case.identity.read().unwrap(), None, &query), allowed, "{name}");
        }
    }
}

#[tokio::test]
async fn a_caller_without_permission_is_told_which_is_missing() {
    let world = world("quilt-healthy");
    let missing = |action: &str, on: &str| {
        let on = if on.is_empty() { String::new() } else { format!(" on resource: {on}") };
        format!(
            "User: {AUDITOR} is not authorized to perform: {action}{on} because no identity-based policy allows the {action} action"
        )
    };
    let (code_, message) = refusal(iam(&world, AUDITOR).get_role().role_name("ReadQuiltV2-quilt-prod").send().await);
    assert_eq!((code_.as_str(), message), ("AccessDenied", missing("iam:GetRole", "role ReadQuiltV2-quilt-prod")));

    let secrets_ = secrets(&world, AUDITOR);
    let (code_, message) = refusal(secrets_.get_secret_value().secret_id("benchling-webhook-production").send().await);
    let arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-production-VnK3qa";
    assert_eq!((code_.as_str(), message), ("AccessDeniedException", missing("secretsmanager:GetSecretValue", arn)));
    assert_eq!(code(secrets_.create_secret().name("x").secret_string("{}").send().await), "AccessDeniedException");
    assert_eq!(secrets_.list_secrets().send().await.unwrap().secret_list().len(), 3, "a group's policy counts");

    let (code_, message) = refusal(stacks(&world, TASK_ROLE).describe_stacks().send().await);
    assert_eq!(code_, "AccessDenied");
    assert!(message.ends_with("is not authorized to perform: cloudformation:DescribeStacks because no identity-based policy allows the cloudformation:DescribeStacks action"), "{message}");
    stacks(&world, AUDITOR).describe_stacks().send().await.unwrap();
}

#[tokio::test]
async fn another_accounts_user_sees_its_own_account_only() {
    let world = world("quilt-no-secret");
    let staff = "arn:aws:iam::712023778557:user/quilt-dev-1";
    assert_eq!(code(iam(&world, staff).get_role().role_name("ReadQuiltV2-quilt-prod").send().await), "AccessDenied");
}

#[tokio::test]
async fn a_boundary_caps_what_policies_allow() {
    let world = patched(serde_json::json!({
        "extends": "quilt-no-secret",
        "accounts": {"111122223333": {
            "users": {"operator": {"boundary": "arn:aws:iam::111122223333:policy/OnlyStacks"}},
            "policies": {"OnlyStacks": {"versions": {"v1": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": ["cloudformation:*", "iam:GetUser"], "Resource": "*"}
            ]}}}}
        }}
    }));
    stacks(&world, OPERATOR).describe_stacks().send().await.unwrap();
    let user = iam(&world, OPERATOR).get_user().send().await.unwrap();
    let boundary = user.user().unwrap().permissions_boundary().unwrap();
    assert_eq!(boundary.permissions_boundary_arn(), Some("arn:aws:iam::111122223333:policy/OnlyStacks"));
    let (code, message) = refusal(iam(&world, OPERATOR).get_role().role_name("ReadQuiltV2-quilt-prod").send().await);
    assert_eq!(code, "AccessDenied");
    assert!(message.ends_with("because no permissions boundary allows the iam:GetRole action"), "{message}");
}

#[tokio::test]
async fn an_explicit_deny_wins() {
    let world = patched(serde_json::json!({
        "extends": "quilt-no-secret",
        "accounts": {"111122223333": {"groups": {"platform": {"inline": {"NoLooking": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Deny", "Action": "secretsmanager:*", "Resource": "*"}
        ]}}}}}}
    }));
    let (code, message) = refusal(secrets(&world, OPERATOR).list_secrets().send().await);
    assert_eq!(code, "AccessDeniedException");
    assert!(message.ends_with("with an explicit deny in an identity-based policy"), "{message}");
}
