//! Reading principals' policies, and the two writes.

use super::*;

#[tokio::test]
async fn the_trust_policy_comes_percent_encoded() {
    let world = world("quilt-untouched");
    let answer = iam(&world, OPERATOR).get_role().role_name("ReadQuiltV2-quilt-prod").send().await.unwrap();
    let role = answer.role().unwrap();
    assert_eq!((role.arn(), role.path()), (READ_ROLE, "/"));
    assert_eq!(role.max_session_duration(), Some(3_600));
    assert!(role.role_id().starts_with("AROA"));
    assert_eq!(role.tags().len(), 2);
    let encoded = role.assume_role_policy_document().unwrap();
    assert!(encoded.starts_with("%7B%22Version%22%3A%222012-10-17%22"), "{encoded}");
    let text = percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap();
    let trust: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(trust["Statement"][0]["Principal"]["AWS"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn a_roles_policies_can_be_read() {
    let world = world("quilt-no-secret");
    let client = iam(&world, OPERATOR);
    let task = "BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6";
    let names = client.list_role_policies().role_name(task).send().await.unwrap();
    assert_eq!(names.policy_names(), ["TaskDefinitionTaskRoleDefaultPolicy282E4B81"]);
    let policy = client.get_role_policy().role_name(task).policy_name(&names.policy_names()[0]).send().await.unwrap();
    assert!(policy.policy_document().contains("sts%3AAssumeRole"));

    let execution = "BenchlingWebhookStack-ExecutionRole-9ZY8X7W6V5U4";
    let attached = client.list_attached_role_policies().role_name(execution).send().await.unwrap();
    let arn = attached.attached_policies()[0].policy_arn().unwrap();
    let managed = client.get_policy().policy_arn(arn).send().await.unwrap();
    let version = managed.policy().unwrap().default_version_id().unwrap();
    let document = client.get_policy_version().policy_arn(arn).version_id(version).send().await.unwrap();
    assert!(document.policy_version().unwrap().document().unwrap().contains("ecr%3AGetAuthorizationToken"));
}

#[tokio::test]
async fn a_users_own_and_groups_policies_can_be_read() {
    let world = world("quilt-no-secret");
    let client = iam(&world, OPERATOR);
    assert_eq!(client.get_user().send().await.unwrap().user().unwrap().arn(), OPERATOR);
    let names = client.list_user_policies().user_name("operator").send().await.unwrap();
    assert_eq!(names.policy_names(), ["rolecall"]);
    let own = client.get_user_policy().user_name("operator").policy_name("rolecall").send().await.unwrap();
    assert!(own.policy_document().contains("TryRoles"));
    let attached = client.list_attached_user_policies().user_name("operator").send().await.unwrap();
    assert!(attached.attached_policies().is_empty());

    let groups = client.list_groups_for_user().user_name("operator").send().await.unwrap();
    assert_eq!(groups.groups()[0].group_name(), "platform");
    let attached = client.list_attached_group_policies().group_name("platform").send().await.unwrap();
    let arn = attached.attached_policies()[0].policy_arn().unwrap();
    assert_eq!(arn, "arn:aws:iam::111122223333:policy/team/WebhookSecrets");
    assert_eq!(
        client.get_policy().policy_arn(arn).send().await.unwrap().policy().unwrap().default_version_id(),
        Some("v2")
    );

    assert_eq!(client.list_group_policies().group_name("audit").send().await.unwrap().policy_names(), ["ReadStacks"]);
    let policy = client.get_group_policy().group_name("audit").policy_name("ReadStacks").send().await.unwrap();
    assert!(policy.policy_document().contains("ListSecrets"));
}

#[tokio::test]
async fn lists_come_in_pages() {
    let inline: serde_json::Map<String, serde_json::Value> = (0..130)
        .map(|index| {
            let policy = serde_json::json!({"Version": "2012-10-17", "Statement": []});
            (format!("Policy{index:03}"), policy)
        })
        .collect();
    let world = patched(serde_json::json!({
        "extends": "quilt-no-secret",
        "accounts": {"111122223333": {"roles": {"ReadQuiltV2-quilt-prod": {"inline": inline}}}}
    }));
    let client = iam(&world, OPERATOR);
    let list = || client.list_role_policies().role_name("ReadQuiltV2-quilt-prod");
    let first = list().send().await.unwrap();
    assert_eq!((first.policy_names().len(), first.is_truncated()), (100, true));
    let second = list().marker(first.marker().unwrap()).send().await.unwrap();
    assert_eq!((second.policy_names().len(), second.is_truncated()), (31, false));
    assert_eq!(code(list().marker("100").send().await), "ValidationError");
}

#[tokio::test]
async fn what_is_not_there_is_no_such_entity() {
    let world = world("quilt-no-secret");
    let client = iam(&world, OPERATOR);
    let (code_, message) = refusal(client.get_role().role_name("Gone").send().await);
    assert_eq!((code_.as_str(), message.as_str()), ("NoSuchEntity", "The role with name Gone cannot be found."));
    assert_eq!(code(client.get_user().user_name("gone").send().await), "NoSuchEntity");
    assert_eq!(code(client.list_group_policies().group_name("gone").send().await), "NoSuchEntity");
    let missing = client.get_role_policy().role_name("ReadQuiltV2-quilt-prod").policy_name("gone");
    assert_eq!(code(missing.send().await), "NoSuchEntity");
    let policy = client.get_policy().policy_arn("arn:aws:iam::111122223333:policy/Gone");
    assert_eq!(code(policy.send().await), "NoSuchEntity");
}

#[tokio::test]
async fn a_changed_trust_policy_changes_the_answer() {
    let world = patched(serde_json::json!({
        "extends": "quilt-untouched",
        "accounts": {"111122223333": {"users": {"operator": {"inline": {"owner": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": ["iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy"], "Resource": "*"}]
        }}}}}}
    }));
    let client = iam(&world, OPERATOR);
    let trust = |principal: &str| {
        serde_json::json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
        ]})
        .to_string()
    };
    let update = |document: String| {
        client.update_assume_role_policy().role_name("ReadQuiltV2-quilt-prod").policy_document(document).send()
    };
    let assume = || sts(&world, TASK_ROLE).assume_role().role_arn(READ_ROLE).role_session_name("s1").send();
    assert_eq!(code(assume().await), "AccessDenied");
    for (document, part) in [
        (trust("arn:aws:iam::111122223333:role/Gone"), "Invalid principal in policy"),
        ("{".to_owned(), "invalid Json"),
        (trust(TASK_ROLE).replace("\"Effect\"", "\"Effect\":\"Deny\",\"Effect\""), "Syntax errors"),
        (trust(TASK_ROLE).replace("\"Action\"", "\"Resource\":\"*\",\"Action\""), "prohibited field Resource"),
    ] {
        let (code, message) = refusal(update(document).await);
        assert_eq!(code, "MalformedPolicyDocument");
        assert!(message.contains(part), "{message}");
    }
    update(trust(TASK_ROLE)).await.unwrap();
    // Same account: the trust policy that names the role suffices.
    assume().await.unwrap();

    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"}]}"#;
    let task = "BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6";
    client.put_role_policy().role_name(task).policy_name("Never").policy_document(policy).send().await.unwrap();
    let (code, message) = refusal(assume().await);
    assert_eq!(code, "AccessDenied");
    assert!(message.ends_with("with an explicit deny in an identity-based policy"), "{message}");
}

#[tokio::test]
async fn access_keys_are_listed_with_their_last_use() {
    let world = two_accounts(serde_json::json!({}));
    let client = iam(&world, ALICE);
    let listed = client.list_access_keys().user_name("alice").send().await.unwrap();
    let keys: Vec<_> = listed
        .access_key_metadata()
        .iter()
        .map(|key| (key.access_key_id().unwrap(), key.status().unwrap().as_str(), key.create_date().unwrap().secs()))
        .collect();
    let days = |days: i64| i64::try_from(NOW).unwrap() - 86_400 * days;
    assert_eq!(keys, [("AKIADEMOALICE0000001", "Active", days(100)), ("AKIADEMOALICE0000002", "Inactive", days(300))]);
    let used = client.get_access_key_last_used().access_key_id("AKIADEMOALICE0000001").send().await.unwrap();
    let last = used.access_key_last_used().unwrap();
    assert_eq!((used.user_name(), last.service_name(), last.region()), (Some("alice"), "batch", "eu-west-1"));
    assert_eq!(last.last_used_date().unwrap().secs(), days(2));
    let never = client.get_access_key_last_used().access_key_id("AKIADEMOALICE0000002").send().await.unwrap();
    let last = never.access_key_last_used().unwrap();
    assert_eq!((last.last_used_date(), last.service_name()), (None, "N/A"));
    let unknown = client.get_access_key_last_used().access_key_id("AKIADEMONOBODY000001").send().await.unwrap_err();
    assert_eq!(unknown.code(), Some("NoSuchEntity"));
}
