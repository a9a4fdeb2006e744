//! Policies of the organization, and which of several refusals is told.

use serde_json::json;

use super::*;

fn level(target: &str, policies: serde_json::Value) -> serde_json::Value {
    json!({"target": target, "policies": policies})
}

async fn assume(world: &World, principal: &str) -> Result<(), String> {
    let result = sts(world, principal).assume_role().role_arn(TARGET).role_session_name("s1").send().await;
    result.map(drop).map_err(|error| {
        assert_eq!(error.code(), Some("AccessDenied"));
        error
            .message()
            .unwrap_or_default()
            .split_once(TARGET)
            .map_or_else(String::new, |(_, rest)| rest.trim().to_owned())
    })
}

#[tokio::test]
async fn every_level_of_scps_must_allow() {
    let world = |levels: serde_json::Value| two_accounts(json!({"accounts": {"111122223333": {"scps": levels}}}));
    let full = || level("Root", json!({"FullAWSAccess": allow("*")}));
    let open = world(json!([full(), level("ou-lab", json!({"FullAWSAccess": allow("*")}))]));
    assert_eq!(assume(&open, ALICE).await, Ok(()));
    let list = world(json!([full(), level("ou-lab", json!({"Storage": allow("s3:*")}))]));
    assert_eq!(
        assume(&list, ALICE).await,
        Err("because no service control policy allows the sts:AssumeRole action".into())
    );
    aws_sdk_s3::Client::new(&config(&list, ALICE)).head_bucket().bucket("acme-data").send().await.unwrap();
    let message = refusal(iam(&list, ALICE).get_user().send().await).1;
    assert!(message.ends_with("because no service control policy allows the iam:GetUser action"), "{message}");
    let denied =
        world(json!([full(), level("ou-lab", json!({"Full": allow("*"), "NoRoles": deny("sts:AssumeRole")}))]));
    assert_eq!(assume(&denied, RUNNER).await, Err("with an explicit deny in a service control policy".into()));
    let target = json!({"accounts": {"444455556666": {"scps": [level("Root", json!({"No": deny("*")}))]}}});
    assert_eq!(assume(&two_accounts(target), ALICE).await, Ok(()), "SCPs limit an account's own principals");
}

#[tokio::test]
async fn an_rcp_guards_the_roles_account() {
    let outsiders = json!({"Version": "2012-10-17", "Statement": [{
        "Sid": "OwnOrganization", "Effect": "Deny", "Principal": "*", "Action": ["sts:AssumeRole", "s3:*"], "Resource": "*",
        "Condition": {
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-acme000001"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}
        }
    }]});
    let guarded =
        json!({"accounts": {"444455556666": {"rcps": [level("Root", json!({"OwnOrganization": outsiders}))]}}});
    let world = two_accounts(guarded.clone());
    assert_eq!(assume(&world, ALICE).await, Err("with an explicit deny in a resource control policy".into()));
    let bucket = aws_sdk_s3::Client::new(&config(&world, ALICE)).list_objects_v2().bucket("partner-open");
    assert_eq!(refusal(bucket.send().await), ("AccessDenied".into(), "Access Denied".into()));
    let mut member = guarded;
    member["accounts"]["111122223333"] = json!({"organization": "o-acme000001"});
    assert_eq!(assume(&two_accounts(member), ALICE).await, Ok(()));
}

#[tokio::test]
async fn of_several_refusals_one_is_told() {
    let everything = || json!({"Everything": null});
    let user = |content: serde_json::Value| json!({"accounts": {"111122223333": {"users": {"alice": content}}}});
    let no_trust = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": RUNNER}, "Action": "sts:AssumeRole"}
    ]});
    let deny_trust = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"},
        {"Effect": "Deny", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}
    ]});
    let boundary = |document: serde_json::Value| {
        json!({"accounts": {"111122223333": {
            "users": {"alice": {"boundary": "arn:aws:iam::111122223333:policy/Ceiling"}},
            "policies": {"Ceiling": {"versions": {"v1": document}}}
        }}})
    };
    let target =
        |trust: &serde_json::Value| json!({"accounts": {"444455556666": {"roles": {"Target": {"trust": trust}}}}});
    let mut both = target(&no_trust);
    crate::sandbox::world::merge(&mut both, user(json!({"inline": everything()})));
    let mut stronger = target(&no_trust);
    crate::sandbox::world::merge(&mut stronger, user(json!({"inline": {"Never": deny("sts:*")}})));
    for (patch, reason) in [
        (user(json!({"inline": everything()})), "because no identity-based policy allows the sts:AssumeRole action"),
        (user(json!({"inline": {"Never": deny("sts:*")}})), "with an explicit deny in an identity-based policy"),
        (boundary(allow("s3:*")), "because no permissions boundary allows the sts:AssumeRole action"),
        (boundary(deny("sts:AssumeRole")), "with an explicit deny in a permissions boundary"),
        (target(&no_trust), ""),
        (target(&deny_trust), ""),
        (both, ""),
        (stronger, "with an explicit deny in an identity-based policy"),
    ] {
        assert_eq!(assume(&two_accounts(patch.clone()), ALICE).await, Err(reason.into()), "{patch}");
    }
}

#[tokio::test]
async fn a_managed_policy_gets_a_new_version_and_a_role_a_longer_session() {
    let boundary = "arn:aws:iam::111122223333:policy/Ceiling";
    let world = two_accounts(json!({"accounts": {
        "111122223333": {
            "users": {"alice": {"boundary": boundary}, "admin": {
                "access_keys": {"AKIADEMOADMIN0000001": {"secret": "demo/admin/secret"}}, "inline": {"All": allow("*")}
            }},
            "policies": {"Ceiling": {"versions": {"v1": allow("s3:*")}}}
        }
    }}));
    assert!(assume(&world, ALICE).await.is_err());
    let client = iam(&world, "arn:aws:iam::111122223333:user/admin");
    let create = || client.create_policy_version().policy_arn(boundary).policy_document(allow("*").to_string());
    create().send().await.unwrap();
    assert!(assume(&world, ALICE).await.is_err(), "the new version is not in force");
    let made = create().set_as_default(true).send().await.unwrap();
    assert_eq!(made.policy_version().unwrap().version_id(), Some("v3"));
    assert_eq!(assume(&world, ALICE).await, Ok(()));
    create().send().await.unwrap();
    create().send().await.unwrap();
    assert_eq!(code(create().send().await), "LimitExceeded");

    assert_eq!(
        code(client.update_role().role_name("Runner").max_session_duration(3_599).send().await),
        "ValidationError"
    );
    client.update_role().role_name("Runner").max_session_duration(7_200).send().await.unwrap();
    let role = client.get_role().role_name("Runner").send().await.unwrap();
    assert_eq!(role.role().unwrap().max_session_duration(), Some(7_200));
}
