//! GetCallerIdentity and AssumeRole.

use aws_sdk_sts::operation::RequestId;

use super::*;

#[tokio::test]
async fn the_caller_is_found_by_its_access_key() {
    let world = world("quilt-no-secret");
    let identity = sts(&world, OPERATOR).get_caller_identity().send().await.unwrap();
    assert_eq!(identity.arn(), Some(OPERATOR));
    assert_eq!(identity.account(), Some("111122223333"));
    assert!(identity.user_id().unwrap().starts_with("AIDA"));
    assert_eq!(identity.request_id().map(str::len), Some(36));

    let session = sts(&world, TASK_ROLE).get_caller_identity().send().await.unwrap();
    assert_eq!(
        session.arn(),
        Some("arn:aws:sts::111122223333:assumed-role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6/ecs-task")
    );
    assert!(session.user_id().unwrap().ends_with(":ecs-task"));
}

#[tokio::test]
async fn unknown_inactive_and_ended_credentials_are_refused() {
    let world = patched(serde_json::json!({
        "extends": "quilt-no-secret",
        "accounts": {"111122223333": {"users": {
            "left": {"access_keys": {"AKIADEMOLEFTTHEFIRM1": {"secret": "x", "active": false}}}
        }}},
        "sessions": [{
            "access_key_id": "ASIADEMOENDED0000001", "secret_access_key": "x", "session_token": "token",
            "role": TASK_ROLE, "session_name": "old", "expires": "-1m"
        }]
    }));
    let keys = |id: &str, token: Option<&str>| Keys {
        access_key_id: id.into(),
        secret_access_key: "x".into(),
        session_token: token.map(Into::into),
    };
    for (keys, query, json) in [
        (keys("AKIADEMONOBODY000001", None), "InvalidClientTokenId", "UnrecognizedClientException"),
        (keys("AKIADEMOLEFTTHEFIRM1", None), "InvalidClientTokenId", "UnrecognizedClientException"),
        (keys("ASIADEMOENDED0000001", None), "InvalidClientTokenId", "UnrecognizedClientException"),
        (keys("ASIADEMOENDED0000001", Some("token")), "ExpiredToken", "ExpiredTokenException"),
    ] {
        let config = config_with(&world, &keys);
        assert_eq!(code(aws_sdk_sts::Client::new(&config).get_caller_identity().send().await), query);
        assert_eq!(code(aws_sdk_secretsmanager::Client::new(&config).list_secrets().send().await), json);
    }
}

#[tokio::test]
async fn assuming_a_role_gives_credentials_that_are_known_later() {
    let world = world("quilt-no-secret");
    let answer = sts(&world, TASK_ROLE)
        .assume_role()
        .role_arn(READ_ROLE)
        .role_session_name("rolecall")
        .duration_seconds(900)
        .send()
        .await
        .unwrap();
    let credentials = answer.credentials().unwrap();
    assert_eq!(credentials.expiration().secs(), i64::try_from(NOW).unwrap() + 900);
    assert_eq!(credentials.access_key_id().get(..4), Some("ASIA"));
    let keys = Keys {
        access_key_id: credentials.access_key_id().into(),
        secret_access_key: credentials.secret_access_key().into(),
        session_token: Some(credentials.session_token().into()),
    };
    let client = aws_sdk_sts::Client::new(&config_with(&world, &keys));
    let arn = "arn:aws:sts::111122223333:assumed-role/ReadQuiltV2-quilt-prod/rolecall";
    assert_eq!(client.get_caller_identity().send().await.unwrap().arn(), Some(arn));
    assert_eq!(answer.assumed_role_user().unwrap().arn(), arn);

    // Its role may read a bucket and nothing else.
    let stacks = aws_sdk_cloudformation::Client::new(&config_with(&world, &keys));
    assert_eq!(code(stacks.describe_stacks().send().await), "AccessDenied");
}

#[tokio::test]
async fn a_session_policy_narrows_the_session() {
    let world = patched(serde_json::json!({
        "extends": "quilt-no-secret",
        "accounts": {"111122223333": {"roles": {"ReadQuiltV2-quilt-prod": {"inline": {"Stacks": {
            "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "cloudformation:*", "Resource": "*"}]
        }}}}}}
    }));
    let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;
    let bucket = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    for (policy, message) in [
        (None, ""),
        (Some(deny), "with an explicit deny in a session policy"),
        (Some(bucket), "because no session policy allows the cloudformation:DescribeStacks action"),
    ] {
        let assume = sts(&world, TASK_ROLE).assume_role().role_arn(READ_ROLE).role_session_name("s1");
        let answer = assume.set_policy(policy.map(Into::into)).send().await.unwrap();
        let credentials = answer.credentials().unwrap();
        let keys = Keys {
            access_key_id: credentials.access_key_id().into(),
            secret_access_key: credentials.secret_access_key().into(),
            session_token: Some(credentials.session_token().into()),
        };
        let client = aws_sdk_cloudformation::Client::new(&config_with(&world, &keys));
        let result = client.describe_stacks().stack_name("quilt-prod").send().await;
        if message.is_empty() {
            assert_eq!(result.unwrap().stacks().len(), 1);
        } else {
            assert!(refusal(result).1.ends_with(message));
        }
    }
    let broken = sts(&world, TASK_ROLE).assume_role().role_arn(READ_ROLE).role_session_name("s1").policy("{");
    assert_eq!(code(broken.send().await), "MalformedPolicyDocument");
}

#[tokio::test]
async fn the_request_is_refused_where_the_api_refuses_it() {
    let world = world("quilt-no-secret");
    let client = sts(&world, TASK_ROLE);
    let assume = || client.assume_role().role_arn(READ_ROLE).role_session_name("s1");
    for (request, part) in [
        (assume().duration_seconds(899), "greater than or equal to 900"),
        (assume().duration_seconds(43_201), "less than or equal to 43200"),
        (assume().duration_seconds(3_601), "DurationSeconds exceeds the "),
        (assume().role_session_name("team/alice"), r"regular expression pattern: [\w+=,.@-]*"),
        (assume().role_session_name("s"), "length greater than or equal to 2"),
        (assume().external_id("x"), "externalId"),
        (assume().role_arn("role"), "roleArn"),
    ] {
        let (code, message) = refusal(request.send().await);
        assert_eq!(code, "ValidationError", "{message}");
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn a_role_that_is_missing_is_denied_like_one_that_is_closed() {
    let world = world("quilt-no-secret");
    let client = sts(&world, OPERATOR);
    for role in
        [READ_ROLE, "arn:aws:iam::111122223333:role/Gone", "arn:aws:iam::111122223333:role/path/ReadQuiltV2-quilt-prod"]
    {
        let (code, message) = refusal(client.assume_role().role_arn(role).role_session_name("s1").send().await);
        assert_eq!(code, "AccessDenied");
        assert_eq!(
            message,
            format!("User: {OPERATOR} is not authorized to perform: sts:AssumeRole on resource: {role}")
        );
    }
}
