use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::policy::CAUSES;
use crate::values::json::printed;

mod everywhere;
mod wrapped;

fn id(text: &str) -> Option<&'static str> {
    read(text).id
}

#[test]
fn every_pattern_is_read_and_finds_its_own_sample() {
    for pattern in unwrap::every_pattern() {
        assert!(regex_lite::Regex::new(pattern).is_ok(), "{pattern}");
    }
    assert_eq!(TABLE.all().count(), patterns::count_in_data());
    assert!(TABLE.all().count() >= 42);
    let ids: BTreeSet<&str> = TABLE.all().map(|pattern| pattern.id.as_str()).collect();
    assert_eq!(ids.len(), TABLE.all().count(), "an id stands twice");
    for pattern in TABLE.all() {
        let code = &pattern.codes[0];
        let alone = if pattern.needs_code { format!("{code}: {}", pattern.sample) } else { pattern.sample.clone() };
        assert_eq!(id(&alone), Some(pattern.id.as_str()), "{}", pattern.sample);
        if code != "(client)" {
            let wrapped =
                format!("An error occurred ({code}) when calling the AssumeRole operation: {}", pattern.sample);
            let reading = read(&wrapped);
            assert_eq!((reading.id, reading.code.as_ref()), (Some(pattern.id.as_str()), Some(code)), "{wrapped}");
            assert_eq!(reading.operation.as_deref(), Some("sts:AssumeRole"));
        }
    }
}

#[test]
fn every_step_is_known_and_only_reads() {
    for pattern in TABLE.all() {
        for next in &pattern.next {
            assert!(TABLE.step(next).is_some(), "{}: {next:?}", pattern.id);
        }
        let slugs = pattern.cause.iter().chain(pattern.causes.iter().map(|told| &told.cause));
        for slug in slugs {
            assert!(CAUSES.contains(&slug.as_str()), "{}: {slug}", pattern.id);
        }
    }
    for (name, step) in TABLE.steps() {
        let Some(command) = &step.command else { continue };
        assert_eq!(command[0], "aws", "{name}");
        let verb = command[2].split('-').next().unwrap();
        let reads =
            ["get", "list", "describe", "simulate", "lookup", "decode"].contains(&verb) || command[1] == "configure";
        assert!(reads, "{name}: {command:?}");
    }
}

#[test]
fn every_reading_follows_the_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let samples = TABLE.all().map(|pattern| pattern.sample.as_str());
    for sample in samples.chain(wrapped::WRAPPED.iter().map(|one| one.text)).chain(["nothing that is known", "x"]) {
        let reading = read(sample);
        let value: Value = serde_json::from_str(&printed(&reading)).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(&value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{sample}: {faults:#?}");
        let text = text(&reading);
        assert!(!text.contains('{') || sample.contains('{'), "a name was left unfilled:\n{text}");
        assert!(reading.known || reading.cause.is_none());
    }
    assert!(!validator.is_valid(&serde_json::json!({"known": true})));
}

#[test]
fn what_the_tools_of_a_deployment_say_is_known_in_its_variants() {
    for (text, expected) in [
        (r#"User "TowerForge-AWSMegatests" already exists"#, Some("user_exists")),
        ("User TowerForge-AWSMegatests already exists", Some("user_exists")),
        ("creating IAM User (x): User already exists", Some("user_exists")),
        (
            "An error occurred (EntityAlreadyExists) when calling the CreateUser operation: User already exists",
            Some("user_exists"),
        ),
        ("User already exists", Some("user_exists")),
        ("sqlalchemy: User already exists in table users", None),
        ("This user account already exists", None),
        ("Config conflict: `serviceAccountToken` and `account` are set", Some("onepassword_conflict")),
        (r#"Config conflict: "serviceAccountToken" and "account" are set"#, Some("onepassword_conflict")),
        ("An error occurred (AccessDenied) in seqerakit", Some("denied_untold")),
        ("access denied.", Some("denied_untold")),
    ] {
        assert_eq!(id(text), expected, "{text}");
    }
    let reading = read(r#"User "TowerForge-AWSMegatests" already exists"#);
    let commands: Vec<&str> = reading.next.iter().filter_map(|step| step.command.as_deref()).collect();
    assert!(commands.contains(&"aws iam get-user --user-name TowerForge-AWSMegatests"), "{commands:?}");
}

#[test]
fn what_an_sre_bot_logs_leads_to_the_findings_that_explain_it() {
    let role = "arn:aws:iam::444455556666:role/SREReadOnly";
    for (text, expected, leads_to) in [
        (format!("Access denied assuming role {role}"), "sre_assume_denied", "hop/denied"),
        (
            format!(
                "aws_auth.exceptions.AssumeRoleError: [ASSUME_ROLE_FAILED_AccessDenied] Access denied - check IAM permissions and trust relationships (Role: {role})"
            ),
            "sre_assume_denied",
            "hop/denied",
        ),
        ("ASSUME_ROLE_FAILED_AccessDenied".into(), "sre_assume_denied", "hop/denied"),
        (
            format!("[ASSUME_ROLE_FAILED_InvalidParameterValue] Invalid parameter value: x (Role: {role})"),
            "sre_assume_failed",
            "sre-roles/session-name",
        ),
        (
            "[CLIENT_CREATION_FAILED] Failed to create AWS client for service: ec2".into(),
            "sre_client_creation",
            "sre-roles/caching",
        ),
        (
            "ERROR Failed to parse AWS_AUTH_ROLES: 1 validation error for RoleConfig".into(),
            "sre_roles_unparsed",
            "sre-roles/roles",
        ),
        ("[ROLE_NOT_FOUND] Role configuration not found: prod".into(), "sre_role_not_found", "sre-roles/roles"),
        (
            "[CREDENTIALS_EXPIRED] AWS credentials have expired (Role: prod)".into(),
            "sre_credentials",
            "sre-roles/caller",
        ),
    ] {
        let reading = read(&text);
        assert_eq!(reading.id, Some(expected), "{text}");
        assert!(reading.next[0].what.contains(leads_to), "{text}: {:?}", reading.next);
        assert_eq!(reading.role_arn.is_some(), text.contains(role), "{text}");
        for id in reading.next[0].what.split(['.', ',', ' ']).filter(|word| word.contains('/')) {
            assert!(crate::judge::paragraph(id).is_some(), "{id} is no finding");
        }
    }
    // What AWS itself says within it tells more.
    let inner = "[ASSUME_ROLE_FAILED_ValidationError] AWS error: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    assert_eq!(id(inner), Some("duration_max"));
}

/// A cause is only given where the message leaves no other; AWS names one policy of several.
#[test]
fn only_certain_causes_are_given() {
    let denied = "User: arn:aws:iam::111111111111:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target";
    for (text, cause, layer) in [
        (denied.to_owned(), None, None),
        (format!("{denied} with an explicit deny"), None, None),
        (format!("{denied} because no identity-based policy allows the sts:AssumeRole action"), None, Some(Layer::Identity)),
        (
            format!("{denied} because no identity-based policy allows the sts:TagSession action").replace("perform: sts:AssumeRole", "perform: sts:TagSession"),
            Some("tag_session_missing_identity"),
            Some(Layer::Identity),
        ),
        (format!("{denied} with an explicit deny in a resource control policy"), Some("rcp_explicit_deny"), Some(Layer::Rcp)),
        (format!("{denied} because no permissions boundary allows the sts:AssumeRole action"), Some("permission_boundary"), Some(Layer::Boundary)),
        ("1 validation error detected: Value '60' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900".into(), Some("duration_under_min"), Some(Layer::Request)),
        ("1 validation error detected: Value '50000' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200".into(), Some("duration_over_max"), Some(Layer::Request)),
        ("1 validation error detected: Value '' at 'tokenCode' failed to satisfy constraint: Member must have length greater than or equal to 6".into(), None, Some(Layer::Request)),
        ("An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.".into(), Some("caller_key_invalid"), Some(Layer::Credentials)),
        ("An error occurred (InvalidClientTokenId) when calling the GetRole operation: The security token included in the request is invalid".into(), None, Some(Layer::Credentials)),
        ("User: arn:aws:iam::111111111111:user/alice is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in a service control policy".into(), None, Some(Layer::Scp)),
        ("Invalid principal in policy: \"AWS\":\"AROAEXAMPLE\"".into(), Some("principal_deleted"), Some(Layer::Trust)),
    ] {
        let reading = read(&text);
        assert!(reading.known, "{text}");
        assert_eq!((reading.cause.map(|cause| cause.0), reading.layer), (cause, layer), "{text}");
    }
}

#[test]
fn names_are_filled_in_as_single_words() {
    let reading = read(
        "User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/team/Target",
    );
    assert_eq!(reading.role_arn.as_deref(), Some("arn:aws:iam::222222222222:role/team/Target"));
    let commands: Vec<&str> = reading.next.iter().filter_map(|step| step.command.as_deref()).collect();
    assert!(commands.contains(&"aws iam get-role --role-name Target"), "{commands:?}");
    assert!(commands.contains(&"aws iam list-attached-role-policies --role-name Caller"));
    assert!(commands.contains(&"aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::111111111111:role/Caller --action-names sts:AssumeRole --resource-arns arn:aws:iam::222222222222:role/team/Target"));
    assert!(
        !commands.iter().any(|command| command.contains("--user-name")),
        "the caller is a role session: {commands:?}"
    );
    let hostile = read("The role with name $(rm -rf ~); echo 'x' cannot be found.");
    let commands: Vec<&str> = hostile.next.iter().filter_map(|step| step.command.as_deref()).collect();
    assert!(commands.contains(&r"aws iam get-role --role-name '$(rm -rf ~); echo '\''x'\'''"), "{commands:?}");
    let option = read("The role with name --endpoint-url=http://x cannot be found.");
    assert!(option.next.iter().any(|step| step.command.as_deref() == Some("aws iam get-role --role-name ROLE_NAME")));
}

#[test]
fn names_are_taken_from_logs_with_the_account_blacked_out() {
    let reading = read(
        "AccessDenied: User: arn:aws:sts::<redacted>:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::OMITTED:role/team/Target",
    );
    let commands: Vec<&str> = reading.next.iter().filter_map(|step| step.command.as_deref()).collect();
    assert!(commands.contains(&"aws iam get-role --role-name Target"), "{commands:?}");
    assert!(commands.contains(&"aws iam list-role-policies --role-name Caller"));
    assert!(!commands.iter().any(|command| command.contains("--user-name")), "{commands:?}");
    assert_eq!((reading.id, reading.role_arn), (Some("denied_bare"), None));
}

#[test]
fn a_principal_that_is_missing_is_not_the_role_to_assume() {
    let reading =
        read("MalformedPolicyDocument: Invalid principal in policy: \"AWS\":\"arn:aws:iam::111111111111:role/Gone\"");
    assert_eq!(reading.role_arn, None);
    assert_eq!(reading.next[0].command.as_deref(), Some("aws iam get-role --role-name Gone"));
    assert!(reading.next[0].what.contains("account 1111-1111-1111"));
}

#[test]
fn the_skew_of_the_clock_is_told() {
    let behind =
        read("Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z (20220127T015928Z - 15 min.)");
    assert!(behind.summary.contains("is 1 h 45 min behind"), "{}", behind.summary);
    let ahead = read(
        "Signature not yet current: 20190305T002809Z is still later than 20190304T214315Z (20190304T212815Z + 15 min.)",
    );
    assert!(ahead.summary.contains("is 2 h 59 min ahead"), "{}", ahead.summary);
}

#[test]
fn what_is_not_known_is_said_to_be_not_known() {
    for text in
        ["it does not work", "An error occurred (Weird) when calling the AssumeRole operation: no idea", "AccessDenied"]
    {
        let reading = read(text);
        assert!(
            !reading.known && reading.cause.is_none() && reading.summary.starts_with("rolecall does not know"),
            "{text}"
        );
        assert!(!reading.next.is_empty());
    }
    assert_eq!(
        read("An error occurred (Weird) when calling the AssumeRole operation: no idea").code.as_deref(),
        Some("Weird")
    );
}

#[test]
fn people_read_this() {
    for (name, text) in [
        (
            "bare",
            "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target",
        ),
        (
            "expired",
            "An error occurred (ExpiredToken) when calling the AssumeRole operation: The security token included in the request is expired",
        ),
        ("unknown", "Something else entirely"),
    ] {
        insta::assert_snapshot!(name, super::text(&read(text)));
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,300}|[\\x00-\\x7f]{0,300}") {
        let reading = read(&text);
        let printed = super::text(&reading);
        prop_assert!(printed.chars().all(|c| c == '\n' || !c.is_control()));
    }

    #[test]
    fn a_sample_that_was_cut_is_read(which in 0usize..45, at in 0usize..300, insert in "[\\PC\"'({\\[\\\\ ]{0,6}") {
        let sample = &TABLE.all().nth(which % TABLE.all().count()).unwrap().sample;
        let at = sample.char_indices().map(|(at, _)| at).nth(at).unwrap_or(sample.len());
        let _ = super::text(&read(&format!("{}{insert}{}", &sample[..at], &sample[at..])));
    }
}

#[test]
fn a_long_text_takes_no_long_time() {
    let started = std::time::Instant::now();
    for filler in [
        "User: ",
        "a",
        "\\\"",
        "arn:aws:iam::111111111111:role/x ",
        "message: \"",
        "1 validation error detected: Value ",
    ] {
        let _ = read(&filler.repeat(200_000 / filler.len()));
    }
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
