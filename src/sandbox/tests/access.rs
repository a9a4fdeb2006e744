//! Permissions are enforced on every call, and each world's stated answers hold.

use aws_sdk_sts::types::Tag;

use super::*;
use crate::policy::fix::fixes;
use crate::policy::{Answer, Authorization, Case, Context, Layer, LiveError, Query, Request, authorize, evaluate};
use crate::sandbox::client::lock;
use crate::sandbox::exchange::Call;
use crate::sandbox::identity::{Signature, caller};
use crate::sandbox::service::Service;
use crate::sandbox::sts::case::case;
use crate::sandbox::{PolicyEdit, StatedAnswer};
use crate::values::PrincipalArn;
use crate::values::time::Timestamp;

/// What the sandbox asks the evaluator for an edge of the world. Of a caller whose credentials AWS does not take nothing is known.
fn question(world: &World, answer: &StatedAnswer) -> (Case, Timestamp) {
    let keys = world.keys_of(&answer.principal).unwrap();
    let signature = Signature { access_key_id: keys.access_key_id, region: region(answer).into(), date: None };
    let client = world.client();
    let state = lock(client.state());
    let now = state.now();
    let token = keys.session_token.as_ref().map(|token| token.expose());
    let Ok(caller) = caller(&state, Service::Sts, Some(&signature), token, now) else {
        let principal = PrincipalArn::parse(&answer.principal).unwrap();
        return (Case::new(principal, answer.role.clone()), now);
    };
    let call =
        Call { service: Service::Sts, operation: "AssumeRole".into(), region: signature.region.clone(), caller, now };
    (case(&state, &call, &answer.role, &request(answer)).unwrap(), now)
}

fn region(answer: &StatedAnswer) -> &str {
    answer.region.as_deref().unwrap_or("us-east-1")
}

/// What goes with the call.
fn request(answer: &StatedAnswer) -> Request {
    Request {
        external_id: answer.external_id.clone(),
        duration_seconds: answer.duration_seconds,
        tags: answer.tags.clone(),
        source_identity: answer.source_identity.clone(),
        region: answer.region.clone(),
        mfa: answer.mfa.as_ref().map(|_| true),
        mfa_age_seconds: answer.mfa.as_ref().map(|_| 0),
        ..Request::default()
    }
}

/// The part of a request that an answer states.
fn sent(request: &Request) -> Request {
    Request {
        external_id: request.external_id.clone(),
        duration_seconds: request.duration_seconds,
        tags: request.tags.clone(),
        source_identity: request.source_identity.clone(),
        ..Request::default()
    }
}

/// Asks the sandbox through the SDK, and the evaluator.
async fn holds(world: &World, answer: &StatedAnswer, when: &str) {
    let edge = format!("{when}: {} to {}", answer.principal, answer.role);
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build().unwrap();
    let config = config_in(world, &world.keys_of(&answer.principal).unwrap(), region(answer).to_owned());
    let assume = aws_sdk_sts::Client::new(&config).assume_role().role_arn(&answer.role).role_session_name("s1");
    let assume = assume
        .set_external_id(answer.external_id.clone())
        .set_duration_seconds(answer.duration_seconds.map(|seconds| seconds.try_into().unwrap()))
        .set_tags((!answer.tags.is_empty()).then(|| answer.tags.iter().map(tag).collect()))
        .set_source_identity(answer.source_identity.clone())
        .set_serial_number(answer.mfa.as_ref().map(|mfa| mfa.serial.clone()))
        .set_token_code(answer.mfa.as_ref().map(|mfa| mfa.code.clone()));
    let result = assume.send().await;
    let (mut case, now) = question(world, answer);
    match answer.verdict {
        Answer::Allow => drop(result.unwrap_or_else(|error| panic!("{edge}: {error:?}"))),
        _ => {
            let (code, message) = refusal(result);
            assert_eq!(code, answer.live.clone().unwrap_or_else(|| "AccessDenied".into()), "{edge}");
            // What no policy decides only AWS's answer tells.
            if evaluate(&case, now).verdict != Answer::Deny {
                case.live_error = Some(LiveError { code, message, operation: None });
            }
        }
    }
    let decision = evaluate(&case, now);
    assert_eq!((decision.verdict, decision.cause.0), (answer.verdict, answer.cause.as_str()), "{edge}");
    let is_operator =
        answer.principal == OPERATOR || !world.diagnosis().is_empty() || world.selection().system.is_some();
    assert!(answer.live.is_none() || is_operator, "{edge}: only the operator calls live");
}

#[tokio::test]
async fn the_stated_answers_hold() {
    for name in World::names() {
        let world = world(name).without_faults();
        // A system's world states the edges of the diagnosis that it states, if any.
        let has_edge = world.selection().system.is_none() || !world.diagnosis().is_empty();
        assert!(!has_edge || !world.answers().is_empty(), "{name} states no answer");
        for answer in world.answers() {
            holds(&world, answer, name).await;
        }
    }
}

/// Somebody in every account who may edit its policies.
fn administered(name: &str, accounts: &[&str]) -> World {
    let administrator = |account: &str| {
        let all = serde_json::json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]});
        let key = format!("AKIAADMIN{account}");
        serde_json::json!({"users": {"administrator": {
            "access_keys": {key: {"secret": format!("administrator/of/{account}")}}, "inline": {"EditPolicies": all}
        }}})
    };
    let accounts: serde_json::Map<_, _> =
        accounts.iter().map(|account| ((*account).to_owned(), administrator(account))).collect();
    patched(serde_json::json!({"extends": name, "accounts": accounts}))
}

fn account_of(edit: &PolicyEdit) -> &str {
    edit.of.split(':').nth(4).unwrap()
}

/// Makes an edit as its administrator would: through IAM.
async fn put(world: &World, edit: &PolicyEdit) {
    let client = iam(world, &format!("arn:aws:iam::{}:user/administrator", account_of(edit)));
    if let Some(document) = &edit.document {
        let create = client.create_policy_version().policy_arn(&edit.of).policy_document(document.to_string());
        create.set_as_default(true).send().await.unwrap();
        return;
    }
    let of = PrincipalArn::parse(&edit.of).unwrap();
    let name = edit.of.rsplit('/').next().unwrap();
    if let Some(trust) = &edit.trust {
        client.update_assume_role_policy().role_name(name).policy_document(trust.to_string()).send().await.unwrap();
    }
    for (policy, document) in &edit.inline {
        let document = document.to_string();
        if matches!(of, PrincipalArn::User { .. }) {
            let put = client.put_user_policy().user_name(name).policy_name(policy).policy_document(document);
            put.send().await.unwrap();
        } else {
            let put = client.put_role_policy().role_name(name).policy_name(policy).policy_document(document);
            put.send().await.unwrap();
        }
    }
}

#[tokio::test]
async fn the_stated_answers_hold_after_each_fix() {
    let mut turned = 0;
    for name in World::names() {
        let before = world(name);
        for fix in before.fixes() {
            let accounts: Vec<&str> = fix.edits.iter().map(account_of).collect();
            let world = administered(name, &accounts);
            for edit in &fix.edits {
                put(&world, edit).await;
            }
            for answer in fix.answers_after(before.answers()) {
                holds(&world, answer, &format!("{name}, after \"{}\"", fix.about)).await;
            }
            if let Some(edge) = &fix.cures {
                let verdict = |answers: &[StatedAnswer], role: &str| {
                    let of_edge = |answer: &&StatedAnswer| {
                        (answer.principal.as_str(), answer.role.as_str()) == (&edge.principal, role)
                    };
                    answers.iter().find(of_edge).map(|answer| answer.verdict)
                };
                assert_eq!(verdict(before.answers(), &edge.role), Some(Answer::Deny), "{name}: {}", fix.about);
                let role = edge.becomes.as_ref().unwrap_or(&edge.role);
                assert_eq!(verdict(&fix.answers, role), Some(Answer::Allow), "{name}: {}", fix.about);
                turned += 1;
            }
        }
    }
    assert!(turned >= 2, "{turned}");
}

/// What rolecall offers for a denial is what the world states by hand, document by document.
#[test]
fn the_offered_cures_are_the_stated_ones() {
    for name in World::names() {
        let world = world(name);
        for fix in world.fixes() {
            let Some(edge) = &fix.cures else { continue };
            let of_edge = |answer: &&StatedAnswer| (&answer.principal, &answer.role) == (&edge.principal, &edge.role);
            let answer = world.answers().iter().find(of_edge).unwrap();
            let (mut case, now) = question(&world, answer);
            if evaluate(&case, now).verdict != Answer::Deny {
                let code = answer.live.clone().unwrap();
                case.live_error = Some(LiveError { code, message: String::new(), operation: None });
            }
            let cure = fixes(&case, &evaluate(&case, now), now);
            assert!(!cure.fixes.is_empty(), "{name}, {}: {:?}", fix.about, cure.no_fix);
            let mut stated: Vec<&serde_json::Value> = fix
                .edits
                .iter()
                .flat_map(|edit| edit.trust.iter().chain(&edit.document).chain(edit.inline.values()))
                .collect();
            for offered in &cure.fixes {
                if offered.is_of_request() {
                    assert!(stated.is_empty(), "{name}, {}: the request alone is cured", fix.about);
                    let after = offered.applied(&case).unwrap();
                    let stated = fix.answers.iter().find(|answer| answer.verdict == Answer::Allow).unwrap();
                    assert_eq!(
                        (after.role_arn.as_str(), sent(&after.request)),
                        (stated.role.as_str(), sent(&request(stated))),
                        "{name}"
                    );
                    assert!(stated.region.is_none() || stated.region == after.request.region, "{name}");
                    continue;
                }
                let identity: Vec<_> = case.identity.read().unwrap().iter().map(|one| one.policy.to_json()).collect();
                let known = identity.len();
                let mut parts = serde_json::json!({
                    "trust_policy": case.trust.read().unwrap().as_ref().unwrap().to_json(), "identity_policies": identity,
                    "permission_boundary": case.boundary.read().unwrap().as_ref().map(|boundary| boundary.policy.to_json()),
                });
                let part = parts.pointer_mut(&format!("/{}", offered.target)).unwrap();
                json_patch::patch(part, &offered.patch).unwrap();
                // A policy that is added is the last of the list.
                let document = if offered.target == "identity_policies" { &part[known] } else { &*part };
                let place = stated.iter().position(|one| *one == document);
                stated.remove(place.unwrap_or_else(|| panic!("{name}, {}: {document} is not stated", fix.about)));
            }
            assert!(stated.is_empty(), "{name}, {}: not offered: {stated:?}", fix.about);
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
