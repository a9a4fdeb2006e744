//! What a session carries on, how long it may last, and credentials that AWS does not take.

use serde_json::json;

use super::*;
use aws_sdk_sts::types::Tag;

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

/// A session of the runner that alice makes.
async fn runner(world: &World) -> aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder {
    sts(world, ALICE).assume_role().role_arn(RUNNER).role_session_name("alice")
}

#[tokio::test]
async fn transitive_tags_and_the_source_identity_stay() {
    let world = two_accounts(json!({"accounts": {"444455556666": {"roles": {"Target": {"trust": {
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": RUNNER},
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red", "aws:SourceIdentity": "alice"}}
        }]
    }}}}}}));
    let tagged = runner(&world).await.tags(tag("team", "red")).tags(tag("cost", "7")).transitive_tag_keys("team");
    let answer = tagged.source_identity("alice").send().await.unwrap();
    assert_eq!(answer.source_identity(), Some("alice"));
    let client = aws_sdk_sts::Client::new(&config_with(&world, &keys_of(answer.credentials().unwrap())));
    let assume = || client.assume_role().role_arn(TARGET).role_session_name("s1");
    let chained = assume().send().await.unwrap();
    assert_eq!(chained.source_identity(), Some("alice"));
    let (code_, message) = refusal(assume().tags(tag("team", "blue")).send().await);
    assert_eq!(code_, "InvalidParameterValue");
    assert!(message.contains("conflicts with a transitive tag key from the calling session"), "{message}");
    let (code_, message) = refusal(assume().source_identity("bob").send().await);
    assert_eq!(code_, "ValidationError");
    assert!(message.contains("source identity is already set"), "{message}");
    // The cost tag ended with the first session.
    let keys = chained.credentials().unwrap().access_key_id().to_owned();
    let client = world.client();
    let state = crate::sandbox::client::lock(client.state());
    let session = &state.sessions[&keys];
    assert_eq!(session.tags.keys().collect::<Vec<_>>(), ["team"]);
    assert_eq!(session.source_identity.as_deref(), Some("alice"));
}

#[tokio::test]
async fn what_a_session_carries_needs_the_trust_policys_leave() {
    let world = two_accounts(json!({"accounts": {"444455556666": {"roles": {"Target": {"trust": {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": [ALICE, RUNNER]}, "Action": "sts:AssumeRole"}]
    }}}}}}));
    sts(&world, ALICE).assume_role().role_arn(TARGET).role_session_name("s1").send().await.unwrap();
    let denied = |principal: &str, action: &str| {
        format!("User: {principal} is not authorized to perform: sts:{action} on resource: {TARGET}")
    };
    let assume = || sts(&world, ALICE).assume_role().role_arn(TARGET).role_session_name("s1");
    assert_eq!(refusal(assume().tags(tag("a", "b")).send().await).1, denied(ALICE, "TagSession"));
    assert_eq!(refusal(assume().source_identity("me").send().await).1, denied(ALICE, "SetSourceIdentity"));
    for (key, action) in [("team", "TagSession"), ("", "SetSourceIdentity")] {
        let made = runner(&world).await;
        let made = if key.is_empty() {
            made.source_identity("alice")
        } else {
            made.tags(tag(key, "red")).transitive_tag_keys(key)
        };
        let answer = made.send().await.unwrap();
        let client = aws_sdk_sts::Client::new(&config_with(&world, &keys_of(answer.credentials().unwrap())));
        let message = refusal(client.assume_role().role_arn(TARGET).role_session_name("s1").send().await).1;
        assert_eq!(message, denied("arn:aws:sts::111122223333:assumed-role/Runner/alice", action));
    }
}

#[tokio::test]
async fn durations_have_two_limits() {
    let world = two_accounts(json!({}));
    for (principal, seconds, message) in [
        (ALICE, 7_200, ""),
        (ALICE, 7_201, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
        (RUNNER, 3_600, ""),
        (
            RUNNER,
            3_601,
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        ),
    ] {
        let assume = sts(&world, principal).assume_role().role_arn(TARGET).role_session_name("s1");
        let result = assume.duration_seconds(seconds).send().await;
        if message.is_empty() {
            result.unwrap();
        } else {
            assert_eq!(refusal(result), ("ValidationError".into(), message.into()));
        }
    }
}

#[tokio::test]
async fn a_session_policy_limits_every_service() {
    let world = two_accounts(json!({}));
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-data"}
    ]});
    let answer = runner(&world).await.policy(policy.to_string()).send().await.unwrap();
    let config = config_with(&world, &keys_of(answer.credentials().unwrap()));
    aws_sdk_s3::Client::new(&config).list_objects_v2().bucket("acme-data").send().await.unwrap();
    let token = refusal(aws_sdk_ecr::Client::new(&config).get_authorization_token().send().await);
    assert_eq!(token.0, "AccessDeniedException");
    assert!(token.1.ends_with("on resource: * because no session policy allows the ecr:GetAuthorizationToken action"));
    let client = aws_sdk_sts::Client::new(&config);
    let message = refusal(client.assume_role().role_arn(TARGET).role_session_name("s1").send().await).1;
    assert!(message.ends_with("because no session policy allows the sts:AssumeRole action"), "{message}");
    client.get_caller_identity().send().await.unwrap();
}

/// "account B must activate the … Region. Users from account A … can call the … endpoint … whether or not the Region is activated in their
/// accounts" (IAM User Guide, "Manage AWS STS in an AWS Region").
#[tokio::test]
async fn a_region_is_off_for_the_account_whose_credentials_are_asked_for() {
    let off = |account: &str| two_accounts(json!({"accounts": {account: {"sts_regions_off": ["eu-central-1"]}}}));
    let there =
        |world: &World| aws_sdk_sts::Client::new(&config_in(world, &world.keys_of(ALICE).unwrap(), "eu-central-1"));
    let refused = |account: &str| {
        let message = format!(
            "STS is not activated in this region for account:{account}. Your account administrator can activate STS in this region \
             using the IAM Console."
        );
        ("RegionDisabledException".to_owned(), message)
    };
    let caller = off("111122223333");
    let client = there(&caller);
    client.get_caller_identity().send().await.unwrap();
    client.assume_role().role_arn(TARGET).role_session_name("s1").send().await.unwrap();
    assert_eq!(
        refusal(client.assume_role().role_arn(RUNNER).role_session_name("s1").send().await),
        refused("111122223333")
    );
    assert_eq!(refusal(client.get_session_token().send().await), refused("111122223333"));

    let role = off("444455556666");
    let client = there(&role);
    client.get_caller_identity().send().await.unwrap();
    assert_eq!(
        refusal(client.assume_role().role_arn(TARGET).role_session_name("s1").send().await),
        refused("444455556666")
    );
    client.assume_role().role_arn(RUNNER).role_session_name("s1").send().await.unwrap();
    client.get_session_token().send().await.unwrap();
    sts(&role, ALICE).assume_role().role_arn(TARGET).role_session_name("s1").send().await.unwrap();

    let never = json!({"extends": "quilt-healthy", "accounts": {"111122223333": {"sts_regions_off": ["us-east-1"]}}});
    assert!(World::from_json(&never.to_string()).unwrap_err().to_string().contains("us-east-1"));
}

#[tokio::test]
async fn a_new_role_is_not_known_at_once() {
    let world = two_accounts(json!({"accounts": {"444455556666": {"roles": {"Target": {
        "created": "-8s", "denied_until_age_seconds": 15
    }}}}}));
    let assume = |world: &World| sts(world, ALICE).assume_role().role_arn(TARGET).role_session_name("s1").send();
    let bare = format!("User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {TARGET}");
    assert_eq!(refusal(assume(&world).await), ("AccessDenied".into(), bare));
    let client = world.client();
    crate::sandbox::client::lock(client.state()).set_clock_only(clock(NOW + 7));
    assume(&world).await.unwrap();
}

#[tokio::test]
async fn a_request_of_another_time_is_refused_with_the_servers_date() {
    let world = |seconds: i64| two_accounts(json!({"clock_skew_seconds": seconds}));
    let sent = "20260304T120000Z";
    for (skew, message) in [
        (1_860, format!("Signature expired: {sent} is now earlier than 20260304T121600Z (20260304T123100Z - 15 min.)")),
        (
            -960,
            format!(
                "Signature not yet current: {sent} is still later than 20260304T115900Z (20260304T114400Z + 15 min.)"
            ),
        ),
    ] {
        let world = world(skew);
        let error = sts(&world, ALICE).get_caller_identity().send().await.unwrap_err();
        let date = error.raw_response().unwrap().headers().get("date").map(ToOwned::to_owned);
        assert_eq!(date.as_deref().map(|date| date.ends_with(":00 GMT")), Some(true), "{date:?}");
        assert_eq!((error.code(), error.message()), (Some("SignatureDoesNotMatch"), Some(message.as_str())));
        assert_eq!(code(secrets(&world, ALICE).list_secrets().send().await), "InvalidSignatureException");
        let bucket = aws_sdk_s3::Client::new(&config(&world, ALICE)).list_objects_v2().bucket("acme-data");
        assert_eq!(code(bucket.send().await), "RequestTimeTooSkewed");
    }
    sts(&world(600), ALICE).get_caller_identity().send().await.unwrap();
}

#[tokio::test]
async fn a_malformed_arn_is_denied_without_a_word() {
    let world = two_accounts(json!({}));
    let role = "arn:aws:iam:444455556666:role/Target";
    let refused = refusal(sts(&world, ALICE).assume_role().role_arn(role).role_session_name("s1").send().await);
    let message = format!("User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {role}");
    assert_eq!(refused, ("AccessDenied".into(), message));
}

#[test]
fn a_session_is_of_somebody_the_world_has() {
    let session = |part: serde_json::Value| {
        let mut session = json!({
            "access_key_id": "ASIA1", "secret_access_key": "s", "session_token": "t", "expires": "+1h"
        });
        crate::sandbox::world::merge(&mut session, part);
        let world = json!({"extends": "quilt-healthy", "sessions": [session]});
        World::from_json(&world.to_string()).map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(session(json!({"user": OPERATOR, "mfa": "-2h"})), Ok(()));
    for (part, word) in [
        (json!({"user": OPERATOR, "session_name": "s1"}), "has no session_name"),
        (json!({"role": READ_ROLE}), "needs a session_name"),
        (json!({"role": READ_ROLE, "session_name": "s1", "mfa": "-2h"}), "only a user"),
        (json!({"role": "arn:aws:iam::111122223333:role/Gone", "session_name": "s1"}), "no role or user"),
        (json!({}), "of one role or of one user"),
    ] {
        let message = session(part).unwrap_err();
        assert!(message.contains(word), "{message}");
    }
}
