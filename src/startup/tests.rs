use super::*;
use crate::values::time::Timestamp;

const ARN: &str = "arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-staging/0a1b";

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, SecretText)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), SecretText::from(*value))).collect()
}

fn both() -> Configured {
    configured(&variables(&[(STACK, ARN), (SECRET, "benchling-webhook-dev")])).unwrap()
}

fn stack_with(outputs: &[&str]) -> Stack {
    Stack {
        arn: StackArn::parse(ARN).unwrap(),
        status: "UPDATE_COMPLETE".into(),
        status_reason: None,
        created: None::<Timestamp>,
        updated: None,
        outputs: outputs.iter().map(|name| ((*name).to_owned(), format!("value-of-{name}"))).collect(),
        parameters: Vec::new(),
    }
}

fn error(kind: ErrorKind, message: &str) -> AwsError {
    AwsError::local(kind, "secretsmanager:GetSecretValue", message)
}

fn stops<T: std::fmt::Debug>(result: Result<T, Halt>) -> String {
    match result {
        Err(Halt::Stops(stop)) => stop.to_string(),
        other => panic!("{other:?}"),
    }
}

/// The specification's text, to the letter.
#[test]
fn without_the_variables_the_message_is_the_specifications() {
    let stop = configured(&[]).unwrap_err();
    assert_eq!(stop.phase, Phase::Environment);
    assert_eq!(
        stop.to_string(),
        "❌ Configuration Error: Missing required environment variables\n\nRequired: QuiltStackARN, BenchlingSecret\n\n\
         Current:\n  QuiltStackARN: not set\n  BenchlingSecret: not set\n\n\
         See: https://github.com/quiltdata/benchling-webhook#configuration"
    );
    let one = configured(&variables(&[(SECRET, "s"), (STACK, "")])).unwrap_err().to_string();
    assert!(one.contains("  QuiltStackARN: empty\n  BenchlingSecret: s\n"), "{one}");
}

#[test]
fn a_malformed_arn_is_shown_beside_what_is_expected() {
    let stop = configured(&variables(&[(STACK, "invalid-arn"), (SECRET, "s")])).unwrap_err();
    let text = stop.to_string();
    assert_eq!(stop.phase, Phase::StackArn);
    for part in [
        "Invalid CloudFormation stack ARN format\n\nExpected: arn:aws:cloudformation:region:account:stack/name/id\nReceived: invalid-arn\n",
        "#cloudformation",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_stack_fails_in_three_ways_that_are_told_apart() {
    let gone = stops(stack(&both(), &Fact::Absent));
    assert!(gone.contains("CloudFormation stack 'quilt-staging' not found"), "{gone}");
    let bare = stops(stack(&both(), &Fact::Known(stack_with(&["QuiltWebHost", "UserAthenaDatabaseName"]))));
    assert!(bare.contains("Missing required outputs") && bare.contains("Missing: PackagerQueueArn"), "{bare}");
    let action = "cloudformation:DescribeStacks".to_owned();
    let denied = Fact::Denied { action, error: error(ErrorKind::Denied, "no") };
    match stack(&both(), &denied) {
        Err(Halt::Unknown(why, Some(stop))) => {
            assert!(why.contains("task role"), "{why}");
            assert!(stop.to_string().contains("  - cloudformation:DescribeStacks\n\nSee: "), "{stop}");
            assert!(stop.to_string().ends_with("#permissions"));
        }
        other => panic!("{other:?}"),
    }
    let outputs = ["PackagerQueueArn", "UserAthenaDatabaseName"];
    assert!(stack(&both(), &Fact::Known(stack_with(&outputs))).unwrap()[0].contains("no output QuiltWebHost"));
    let unreached = Fact::Failed(error(ErrorKind::Network, "dns"));
    assert!(matches!(stack(&both(), &unreached), Err(Halt::Unknown(_, None))));
}

#[test]
fn a_secret_fails_in_five_ways_that_are_told_apart() {
    let text = |text: &str| Fact::Known(ImportContent::Text { text: text.into(), version_id: None, mode: None });
    let denied = |action: &str| Fact::Denied { action: action.into(), error: error(ErrorKind::Denied, "no") };
    assert!(stops(secret(&both(), &Fact::Absent)).contains("Secret 'benchling-webhook-dev' not found"));
    let broken = stops(secret(&both(), &text("{\n \"TENANT\": canary }")));
    assert!(
        broken.contains("Invalid JSON in secret") && broken.contains("line 2") && !broken.contains("canary"),
        "{broken}"
    );
    assert!(stops(secret(&both(), &Fact::Known(ImportContent::Binary(3)))).contains("binary, 3 bytes"));
    for (action, words) in [
        ("secretsmanager:GetSecretValue", "Access denied to secret 'benchling-webhook-dev'"),
        ("kms:Decrypt", "Access denied to the KMS key of secret"),
    ] {
        match secret(&both(), &denied(action)) {
            Err(Halt::Unknown(_, Some(stop))) => {
                let text = stop.to_string();
                assert!(text.contains(words) && text.contains(&format!("  - {action}")), "{text}");
            }
            other => panic!("{other:?}"),
        }
    }
    let marked = Fact::Failed(error(ErrorKind::Invalid, "it was marked for deletion"));
    assert!(stops(secret(&both(), &marked)).contains("marked for deletion"));
    let elsewhere = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:benchling-AbCdEf";
    let configured = configured(&variables(&[(STACK, ARN), (SECRET, elsewhere)])).unwrap();
    assert!(stops(secret(&configured, &text("{}"))).contains("names a secret in eu-west-1"));
}

#[test]
fn all_missing_parameters_are_named_at_once_with_the_specifications_example() {
    let document = |text: &str| Document::parse(&text.into()).unwrap();
    let partial = document(
        r#"{"CLIENT_ID": "wqFabcdefgYe", "CLIENT_SECRET": "canary-secret", "TENANT": "acme", "APP_DEFINITION_ID": "appdef_wqFabc",
            "PKG_KEY": "experiment_id", "ECR_REPOSITORY_NAME": "quiltdata/benchling", "ENABLE_WEBHOOK_VERIFICATION": "true",
            "WEBHOOK_ALLOW_LIST": "10.0.0.0/8", "LOG_LEVEL": ""}"#,
    );
    let stop = parameters(&both(), &partial, Reader::Specification).unwrap_err();
    let text = stop.to_string();
    assert!(
        text.contains(
            "Missing required parameters in secret 'benchling-webhook-dev'\n\nMissing: LOG_LEVEL, PKG_PREFIX, USER_BUCKET\n\n\
             Expected secret format (JSON):\n{\n  \"CLIENT_ID\": \"...\",\n"
        ),
        "{text}"
    );
    assert!(text.ends_with(
        "  \"WEBHOOK_ALLOW_LIST\": \"\"\n}\n\nSee: https://github.com/quiltdata/benchling-webhook#secret-format"
    ));
    assert!(!text.contains("canary"));
    let wrong = document(
        r#"{"CLIENT_ID": "wqFabcdefgYe", "CLIENT_SECRET": "canary-secret", "TENANT": "acme", "APP_DEFINITION_ID": "appdef_wqFabc",
            "PKG_KEY": "experiment_id", "ECR_REPOSITORY_NAME": "quiltdata/benchling", "ENABLE_WEBHOOK_VERIFICATION": true,
            "WEBHOOK_ALLOW_LIST": "10.0.0.0/8", "LOG_LEVEL": "info", "PKG_PREFIX": "benchling", "USER_BUCKET": "quilt-user-bucket"}"#,
    );
    let stop = parameters(&both(), &wrong, Reader::Specification).unwrap_err().to_string();
    assert!(
        stop.contains("Invalid parameters") && stop.contains("  LOG_LEVEL: ") && !stop.contains("ENABLE"),
        "{stop}"
    );
}

#[test]
fn variables_of_earlier_versions_are_named_and_their_values_are_not() {
    let set = variables(&[
        (STACK, ARN),
        (SECRET, "s"),
        ("BENCHLING_TENANT", "canary-tenant"),
        ("LOG_LEVEL", "INFO"),
        ("AWS_REGION", "us-east-1"),
        ("PATH", "/bin"),
    ]);
    assert_eq!(left_over(&set), ["BENCHLING_TENANT", "LOG_LEVEL"]);
}

/// What one style shares with the other, or with any container, is no mixture.
#[test]
fn services_named_beside_the_stack_are_a_mixture_of_two_styles() {
    let both = [(STACK, ARN), (SECRET, "s"), ("AWS_REGION", "us-east-1"), ("QUILT_WEB_HOST", "")];
    assert!(mixture(&variables(&both[..3])).is_none());
    let told = mixture(&variables(&[&both[..], &[("PACKAGER_SQS_URL", "u")]].concat())).unwrap();
    assert!(told.contains("QUILT_WEB_HOST, PACKAGER_SQS_URL name services"), "{told}");
}
