//! SimulatePrincipalPolicy.

use aws_sdk_iam::types::{ContextEntry, ContextKeyTypeEnum, EvaluationResult};
use serde_json::json;

use super::*;

async fn simulated(world: &World, action: &str, context: Option<ContextEntry>) -> EvaluationResult {
    let call = iam(world, RUNNER).simulate_principal_policy().policy_source_arn(ALICE);
    let call = call.action_names(action).resource_arns(TARGET).set_context_entries(context.map(|entry| vec![entry]));
    call.send().await.unwrap().evaluation_results()[0].clone()
}

#[tokio::test]
async fn identity_policies_are_named_and_trust_policies_passed_over() {
    let nobody = json!({"Version": "2012-10-17", "Statement": []});
    let world = two_accounts(json!({"accounts": {
        "111122223333": {
            "users": {"alice": {"inline": {"Never": deny("sts:TagSession")}, "attached": ["arn:aws:iam::111122223333:policy/x/Roles"]}},
            "policies": {"Roles": {"path": "/x/", "versions": {"v1": allow("sts:*")}}}
        },
        "444455556666": {"roles": {"Target": {"trust": nobody}}}
    }}));
    let ids = |result: &EvaluationResult| -> Vec<String> {
        let statements = result.matched_statements().iter();
        statements.map(|one| one.source_policy_id().unwrap_or_default().to_owned()).collect()
    };
    let allowed = simulated(&world, "sts:AssumeRole", None).await;
    assert_eq!(allowed.eval_decision().as_str(), "allowed");
    assert_eq!(ids(&allowed), ["Roles", "user_alice_Everything"]);
    assert!(allowed.organizations_decision_detail().is_none());
    assert!(allowed.permissions_boundary_decision_detail().is_none());
    let specific = &allowed.resource_specific_results()[0];
    assert_eq!((specific.eval_resource_name(), specific.eval_resource_decision().as_str()), (TARGET, "allowed"));
    let denied = simulated(&world, "sts:TagSession", None).await;
    assert_eq!((denied.eval_decision().as_str(), ids(&denied)), ("explicitDeny", vec!["user_alice_Never".to_owned()]));
}

#[tokio::test]
async fn conditions_see_what_they_are_told() {
    let with_mfa = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    }]});
    let world = two_accounts(json!({"accounts": {"111122223333": {"users": {"alice": {
        "inline": {"Everything": null, "WithMfa": with_mfa}
    }}}}}));
    let blind = simulated(&world, "sts:AssumeRole", None).await;
    assert_eq!(blind.eval_decision().as_str(), "implicitDeny");
    assert_eq!(blind.missing_context_values(), ["aws:MultiFactorAuthPresent"]);
    assert_eq!(simulated(&world, "s3:PutObject", None).await.missing_context_values(), [""; 0]);
    let entry = ContextEntry::builder()
        .context_key_name("aws:MultiFactorAuthPresent")
        .context_key_type(ContextKeyTypeEnum::Boolean)
        .context_key_values("true");
    let told = simulated(&world, "sts:AssumeRole", Some(entry.build())).await;
    assert_eq!((told.eval_decision().as_str(), told.missing_context_values().len()), ("allowed", 0));
}

#[tokio::test]
async fn boundary_and_organization_are_told_apart() {
    let world = |boundary: &str, scp: &str| {
        two_accounts(json!({"accounts": {"111122223333": {
            "users": {"alice": {"boundary": "arn:aws:iam::111122223333:policy/Ceiling"}},
            "policies": {"Ceiling": {"versions": {"v1": allow(boundary)}}},
            "scps": [{"target": "Root", "policies": {"List": allow(scp), "Iam": allow("iam:*")}}]
        }}}))
    };
    for (boundary, scp, decision) in
        [("*", "*", "allowed"), ("s3:*", "*", "implicitDeny"), ("*", "s3:*", "implicitDeny")]
    {
        let result = simulated(&world(boundary, scp), "sts:AssumeRole", None).await;
        assert_eq!(result.eval_decision().as_str(), decision);
        let within = result.permissions_boundary_decision_detail().unwrap().allowed_by_permissions_boundary();
        let organization = result.organizations_decision_detail().unwrap().allowed_by_organizations();
        assert_eq!((within, organization), (boundary == "*", scp == "*"));
    }
}

#[tokio::test]
async fn the_simulator_wants_a_user_or_role_of_its_own_account_and_leave() {
    let world = two_accounts(json!({}));
    let simulate = |principal: &str, source: &str| {
        iam(&world, principal).simulate_principal_policy().policy_source_arn(source).action_names("s3:GetObject").send()
    };
    let session = "arn:aws:sts::111122223333:assumed-role/Runner/build-7";
    let refused = refusal(simulate(ALICE, session).await);
    assert_eq!(refused, ("InvalidInput".into(), format!("Invalid Entity Arn: {session}")));
    assert_eq!(
        code(simulate(ALICE, "arn:aws:iam::111122223333:role/Runner").await),
        "NoSuchEntity",
        "without its path"
    );
    assert_eq!(code(simulate(ALICE, "arn:aws:iam::111122223333:user/gone").await), "NoSuchEntity");
    assert_eq!(code(simulate(ALICE, TARGET).await), "AccessDenied");
    simulate(ALICE, RUNNER).await.unwrap();
    let narrow = two_accounts(
        json!({"accounts": {"111122223333": {"users": {"alice": {"inline": {"Everything": allow("s3:*")}}}}}}),
    );
    let (code, message) = refusal(
        iam(&narrow, ALICE).simulate_principal_policy().policy_source_arn(ALICE).action_names("s3:x").send().await,
    );
    assert_eq!(code, "AccessDenied");
    assert!(
        message.ends_with("because no identity-based policy allows the iam:SimulatePrincipalPolicy action"),
        "{message}"
    );
}
