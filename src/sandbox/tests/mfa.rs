//! Codes of MFA devices, GetSessionToken, and what its credentials may do.

use serde_json::json;

use super::*;

const SERIAL: &str = "arn:aws:iam::111122223333:mfa/alice";
const CODE: &str = "246810";

/// The target trusts alice only with an MFA code that is less than an hour old.
fn with_mfa() -> World {
    two_accounts(json!({"accounts": {"444455556666": {"roles": {"Target": {"trust": {
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": [ALICE, RUNNER]},
            "Action": "sts:AssumeRole",
            "Condition": {
                "Bool": {"aws:MultiFactorAuthPresent": "true"},
                "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}
            }
        }]
    }}}}}}))
}

#[tokio::test]
async fn a_code_lets_its_user_in_and_works_once() {
    let world = with_mfa();
    let client = sts(&world, ALICE);
    let assume = || client.assume_role().role_arn(TARGET).role_session_name("s1");
    let bare = format!("User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {TARGET}");
    assert_eq!(refusal(assume().send().await), ("AccessDenied".into(), bare));
    assume().serial_number(SERIAL).token_code(CODE).send().await.unwrap();
    let again = refusal(assume().serial_number(SERIAL).token_code(CODE).send().await);
    assert_eq!(again.1, "MultiFactorAuthentication failed with invalid MFA one time pass code. ");
    let later = world.with_clock(clock(NOW + 30));
    let later = sts(&later, ALICE).assume_role().role_arn(TARGET).role_session_name("s1");
    later.serial_number(SERIAL).token_code(CODE).send().await.unwrap();
}

#[tokio::test]
async fn a_wrong_code_or_device_is_refused_before_any_policy() {
    let world = with_mfa();
    let wrong_device = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid \
        and associated with this user.";
    for (principal, serial, code, message) in [
        (ALICE, SERIAL, "000000", "MultiFactorAuthentication failed with invalid MFA one time pass code. "),
        (ALICE, "arn:aws:iam::111122223333:mfa/bob", "135791", wrong_device),
        (ALICE, ALICE, CODE, wrong_device),
        (ALICE, "arn:aws:iam::111122223333:u2f/user/alice/key-ABCDEFGHIJ", CODE, wrong_device),
        (RUNNER, SERIAL, CODE, wrong_device),
    ] {
        let assume = sts(&world, principal).assume_role().role_arn(TARGET).role_session_name("s1");
        let refused = refusal(assume.serial_number(serial).token_code(code).send().await);
        assert_eq!(refused, ("AccessDenied".into(), message.into()), "{serial}");
    }
    let assume = || sts(&world, ALICE).assume_role().role_arn(TARGET).role_session_name("s1");
    let half = refusal(assume().serial_number(SERIAL).send().await);
    assert_eq!(half.1, "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.");
    assert_eq!(code(assume().serial_number(SERIAL).token_code("12345").send().await), "ValidationError");
}

#[tokio::test]
async fn get_session_token_carries_mfa_and_its_age() {
    let world = with_mfa();
    let answer = sts(&world, ALICE).get_session_token().serial_number(SERIAL).token_code(CODE).send().await.unwrap();
    let credentials = answer.credentials().unwrap();
    assert_eq!(credentials.expiration().secs(), i64::try_from(NOW).unwrap() + 43_200);
    let client = aws_sdk_sts::Client::new(&config_with(&world, &keys_of(credentials)));
    assert_eq!(client.get_caller_identity().send().await.unwrap().arn(), Some(ALICE));
    client.assume_role().role_arn(TARGET).role_session_name("s1").send().await.unwrap();
    aws_sdk_iam::Client::new(&config_with(&world, &keys_of(credentials))).get_user().send().await.unwrap();

    let world = world.with_clock(clock(NOW + 3_600));
    let client = aws_sdk_sts::Client::new(&config_with(&world, &keys_of(credentials)));
    assert_eq!(code(client.assume_role().role_arn(TARGET).role_session_name("s1").send().await), "AccessDenied");
    let again = refusal(client.get_session_token().send().await);
    assert_eq!(again, ("AccessDenied".into(), "Cannot call GetSessionToken with session credentials".into()));
}

#[tokio::test]
async fn credentials_without_a_code_cannot_call_iam() {
    let world = with_mfa();
    let answer = sts(&world, ALICE).get_session_token().duration_seconds(900).send().await.unwrap();
    let config = config_with(&world, &keys_of(answer.credentials().unwrap()));
    assert_eq!(code(aws_sdk_iam::Client::new(&config).get_user().send().await), "InvalidClientTokenId");
    aws_sdk_s3::Client::new(&config).head_bucket().bucket("acme-data").send().await.unwrap();
    let session = refusal(sts(&world, RUNNER).get_session_token().send().await);
    assert_eq!(session, ("AccessDenied".into(), "Cannot call GetSessionToken with session credentials".into()));
    assert_eq!(code(sts(&world, ALICE).get_session_token().duration_seconds(899).send().await), "ValidationError");
}

#[tokio::test]
async fn a_users_devices_are_listed() {
    let world = with_mfa();
    let own = iam(&world, ALICE).list_mfa_devices().send().await.unwrap();
    let serials: Vec<&str> = own.mfa_devices().iter().map(|device| device.serial_number()).collect();
    assert_eq!(serials, [SERIAL, "arn:aws:iam::111122223333:u2f/user/alice/key-ABCDEFGHIJ"]);
    let bobs = iam(&world, RUNNER).list_mfa_devices().user_name("bob").send().await.unwrap();
    assert_eq!(bobs.mfa_devices()[0].user_name(), "bob");
    assert_eq!(code(iam(&world, ALICE).list_mfa_devices().user_name("gone").send().await), "NoSuchEntity");
}
