use super::*;
use crate::values::RoleArn;

const SESSION: &str = "arn:aws:sts::111111111111:assumed-role/Caller/s1";
const ROLE: &str = "arn:aws:iam::222222222222:role/team/Target";

fn denied(action: &str, resource: &str) -> String {
    format!("User: {SESSION} is not authorized to perform: {action} on resource: {resource}")
}

#[test]
fn a_denial_becomes_an_inquiry_whatever_is_around_it() {
    for (text, principal) in [
        (denied("sts:AssumeRole", ROLE), SESSION),
        (denied("sts:TagSession", ROLE), SESSION),
        (denied("sts:SetSourceIdentity", ROLE), SESSION),
        (
            format!(
                "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the AssumeRole operation: {}",
                denied("sts:AssumeRole", ROLE)
            ),
            SESSION,
        ),
        (
            format!(
                "│ IAM Role ({ROLE}) cannot be assumed.\n│ \n│ Error: operation error STS: AssumeRole, https response error StatusCode: 403, RequestID: 5c1d3f0a-1b2c-4d5e-8f90-0123456789ab, api error AccessDenied:\n│ {}\n",
                denied("sts:AssumeRole", ROLE).replace(
                    "User: arn:aws:sts::111111111111:assumed-role/Caller/s1",
                    "User: arn:aws:iam::111111111111:user/alice"
                )
            ),
            "arn:aws:iam::111111111111:user/alice",
        ),
    ] {
        let found = inquiry(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(found.hops, [Hop::to(ROLE)], "{text}");
        assert_eq!(found.principal.map(|arn| arn.to_string()).as_deref(), Some(principal), "{text}");
        assert_eq!(found.source, "pasted message");
        assert_eq!(found.message.unwrap().expose(), text);
    }
}

#[test]
fn a_message_without_a_caller_still_names_the_path() {
    let text = format!(
        "IAM Role ({ROLE}) cannot be assumed.\n\nError: operation error STS: AssumeRole, https response error StatusCode: 400, RequestID: 5c1d3f0a-1b2c-4d5e-8f90-0123456789ab, api error ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    );
    let found = inquiry(&text).unwrap();
    assert_eq!((found.hops, found.principal), (vec![Hop::to(ROLE)], None));
}

/// That the ARN is malformed is what is wrong: it has to come through as it was sent.
#[test]
fn a_malformed_role_is_taken_as_it_is() {
    let wrong = "arn:aws:iam:222222222222:role/Target";
    assert!(RoleArn::parse(wrong).is_err());
    let denied = inquiry(&denied("sts:AssumeRole", wrong)).unwrap();
    assert_eq!(denied.hops, [Hop::to(wrong)]);
    let refused = "1 validation error detected: Value 'arn:aws:iam::22222222222:role' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20";
    assert_eq!(inquiry(refused).unwrap().hops, [Hop::to("arn:aws:iam::22222222222:role")]);
}

#[test]
fn what_leads_nowhere_says_what_it_is_and_what_to_do() {
    let caller = PrincipalArn::parse(SESSION).unwrap();
    for (text, expected, words) in [
        (" \n".to_owned(), NoInquiry::Empty, "type the role's ARN"),
        ("it does not work".to_owned(), NoInquiry::NotAnError, "begins with \"User:\""),
        (format!("the role is {ROLE}"), NoInquiry::NotAnError, "type the role's ARN"),
        (
            "An error occurred (ExpiredToken) when calling the AssumeRole operation: The security token included in the request is expired".to_owned(),
            NoInquiry::NoRole { caller: None },
            "type the ARN",
        ),
        (
            format!("User: {SESSION} is not authorized to perform: sts:AssumeRole because no role trust policy allows the sts:AssumeRole action"),
            NoInquiry::NoRole { caller: Some(caller.clone()) },
            "names no role",
        ),
        (
            denied("sts:AssumeRole", "arn:aws:iam::<redacted>:role/team/Target"),
            NoInquiry::NoAccount { name: "Target".into(), caller: Some(caller) },
            "the role Target",
        ),
        (
            "You are not authorized to perform this operation. Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6XSnuUMCm-abcdefghijklmn".to_owned(),
            NoInquiry::Encoded,
            "decode-authorization-message",
        ),
    ] {
        let error = inquiry(&text).unwrap_err();
        assert_eq!(error, expected, "{text}");
        assert!(error.to_string().contains(words) && error.to_string().ends_with('.'), "{error}");
    }
}

#[test]
fn another_action_is_named() {
    for (text, what) in [
        (denied("s3:GetObject", "arn:aws:s3:::bucket/key"), "s3:GetObject"),
        (denied("iam:GetRole", "role Target"), "iam:GetRole"),
        ("Not authorized to perform sts:AssumeRoleWithWebIdentity".to_owned(), "sts:AssumeRoleWithWebIdentity"),
        ("The role with name Target cannot be found.".to_owned(), "iam:GetRole"),
        ("MalformedPolicyDocument: Has prohibited field Resource".to_owned(), "iam:UpdateAssumeRolePolicy"),
        (
            "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired".to_owned(),
            "sts:GetCallerIdentity",
        ),
        ("Cannot call GetSessionToken with session credentials".to_owned(), "sts:GetSessionToken"),
    ] {
        let error = inquiry(&text).unwrap_err();
        assert!(error.to_string().starts_with(&format!("It is about {what}, not sts:AssumeRole: ")), "{error}");
    }
}

/// A sentence is printed as it is: nothing of a pasted text may move the cursor.
#[test]
fn a_hostile_name_is_made_safe() {
    let error = inquiry(&denied("sts:AssumeRole", "arn:aws:iam::X:role/a\u{202e}b")).unwrap_err();
    assert!(error.to_string().contains("a\\u{202e}b"), "{error}");
}
