mod whole;

use crate::judge::Judgement;
use crate::judge::scene::{Scene, VALUES, all, denied, find, secret};
use crate::model::facts::{Secret, SecretContent};
use crate::model::{Fact, Reader, Severity};

fn judged(change: impl FnOnce(&mut Secret)) -> Judgement {
    let mut scene = Scene::healthy();
    let mut secret = secret(VALUES);
    change(&mut secret);
    scene.facts.secret = Fact::Known(secret);
    scene.judge()
}

fn with_text(text: &str) -> Judgement {
    let mut scene = Scene::healthy();
    scene.facts.secret = Fact::Known(secret(text));
    scene.judge()
}

fn no_canary(judgement: &Judgement) {
    assert!(!format!("{judgement:?}").contains("canary"));
}

#[test]
fn a_right_secret_is_said_to_be_right() {
    let judged = judged(|_| ());
    for id in ["secret/keys", "secret/values", "secret/region"] {
        assert_eq!(find(&judged, id).severity, Severity::Ok, "{id}");
    }
    assert!(judged.findings.iter().all(|f| !f.id.starts_with("secret/") || f.severity == Severity::Ok));
    no_canary(&judged);
}

#[test]
fn a_missing_secret_is_an_error_with_its_name_and_region() {
    let mut scene = Scene::healthy();
    scene.facts.secret = Fact::Absent;
    let judged = scene.judge();
    let finding = find(&judged, "secret/exists");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("benchling-webhook-prod does not exist in region us-east-1"));
    let command = finding.fixes[1].command.as_deref().unwrap();
    assert!(command.ends_with("--secret-string file://secret.json --region us-east-1 --profile staging"), "{command}");
}

#[test]
fn all_missing_keys_are_told_at_once() {
    let judged = with_text(&VALUES.replace("\"LOG_LEVEL\"", "\"log_level\"").replace("\"PKG_KEY\"", "\"X\""));
    let finding = find(&judged, "secret/keys");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("2 of 11 keys are missing: LOG_LEVEL, PKG_KEY"), "{}", finding.claim);
    assert!(finding.evidence.iter().any(|line| line.contains("log_level")), "{:?}", finding.evidence);
    assert!(find(&judged, "secret/extra-keys").claim.contains("1 key more"));
}

#[test]
fn values_are_judged_one_by_one() {
    let text = VALUES.replace("\"INFO\"", "\"info\"").replace("\"true\"", "true").replace("\"acme\"", "\"quilt dtt\"");
    let judged = with_text(&text);
    let values = all(&judged, "secret/values");
    assert!(values.iter().any(|f| f.subject == "LOG_LEVEL" && f.severity == Severity::Error), "{values:#?}");
    assert!(values.iter().any(|f| f.subject == "TENANT" && f.severity == Severity::Error));
    assert_eq!(find(&judged, "secret/booleans").severity, Severity::Warning);
}

#[test]
fn each_way_of_being_unreadable_is_told_apart() {
    let value = |change: fn(&mut crate::model::facts::SecretValue)| {
        judged(|secret| {
            if let Fact::Known(value) = &mut secret.value {
                change(value);
            }
        })
    };
    assert_eq!(find(&value(|v| v.content = SecretContent::Binary(7)), "secret/is-string").severity, Severity::Error);
    for (text, id, words) in [
        ("canary no JSON", "secret/json", "line 1, column 1"),
        ("{\"A\":\n canary", "secret/json", "line 2, column 2"),
        ("{\"A\": \"canary\",}", "secret/json", "at line 1, column "),
        ("", "secret/json", "it is empty"),
        ("\u{feff}{}", "secret/json", "byte order mark"),
        ("[\"canary\"]", "secret/is-object", "it is an array, not an object"),
        ("\"canary\"", "secret/is-object", "it is a text, not an object"),
        ("\"{\\\"A\\\": \\\"canary\\\"}\"", "secret/is-object", "quoted once too often"),
        ("null", "secret/is-object", "it is null"),
    ] {
        let judged = with_text(text);
        let finding = find(&judged, id);
        assert_eq!(finding.severity, Severity::Error, "{text}");
        assert!(finding.claim.contains(words) && !finding.fixes.is_empty(), "{text}: {finding:?}");
        no_canary(&judged);
    }
    assert_eq!(find(&judged(|s| s.value = Fact::Absent), "secret/has-value").severity, Severity::Error);
    let kms = judged(|s| s.value = denied("kms:Decrypt"));
    assert_eq!((find(&kms, "secret/kms").severity, find(&kms, "secret/kms").unknown), (Severity::Info, true));
    let denied = judged(|s| s.value = denied("secretsmanager:GetSecretValue"));
    assert!(find(&denied, "secret/readable").claim.contains("secretsmanager:GetSecretValue"));
    let deleted = judged(|s| s.deleted = Some("2026-04-01T00:00:00Z".parse().unwrap()));
    assert!(find(&deleted, "secret/deleted").fixes[0].command.as_ref().unwrap().contains("restore-secret"));
}

#[test]
fn the_shipped_spelling_is_recognised() {
    let judged = with_text(&VALUES.to_lowercase().replace("\"ecr_repository_name\":\"quiltdata/benchling\",", ""));
    assert!(find(&judged, "secret/dialect").claim.contains("shipped"));
    assert_eq!(find(&judged, "secret/keys").severity, Severity::Error);
}

#[test]
fn a_name_of_its_own_and_another_bucket_are_only_mentioned() {
    let judged = judged(|secret| secret.name = "my-secret".into());
    assert_eq!(find(&judged, "secret/name").severity, Severity::Info);
    let mut scene = Scene::healthy();
    if let Fact::Known(stack) = &mut scene.facts.stack {
        stack.outputs.push(("UserBucket".into(), "quilt-other".into()));
    }
    let judged = scene.judge();
    let finding = find(&judged, "secret/bucket");
    assert_eq!((finding.severity, finding.subject.as_str()), (Severity::Warning, "USER_BUCKET"));
}

#[test]
fn the_command_that_cures_it_opens_where_the_user_is_and_is_one_line_for_a_shell() {
    let mut scene = Scene::healthy();
    scene.facts.secret = Fact::Absent;
    scene.selection.config_profile = "dev".into();
    scene.selection.stack = Some("it's; rm -rf ~".into());
    scene.selection.region = Some("us-east-1".into());
    let judged = scene.judge();
    let command = find(&judged, "secret/exists").fixes.iter().find_map(|fix| fix.command.clone()).unwrap();
    assert!(command.starts_with("rolecall setup --profile dev --aws-profile staging --region us-east-1"), "{command}");
    assert!(command.contains(r"--stack 'it'\''s; rm -rf ~'"), "{command}");
}

fn for_reader(text: &str, reader: Reader) -> Judgement {
    let mut scene = Scene::healthy();
    scene.facts.secret = Fact::Known(secret(text));
    scene.selection.migration.reader = Some(reader);
    scene.judge()
}

/// The shipped runtimes' secret with the values of the healthy one.
fn small() -> String {
    let names = crate::secret::Key::ALL.into_iter().filter_map(|key| Some((key.name(), key.shipped_name()?)));
    let text = VALUES.replace("\"ECR_REPOSITORY_NAME\":\"quiltdata/benchling\",", "");
    names.fold(text, |text, (capitals, small)| text.replace(&format!("\"{capitals}\""), &format!("\"{small}\"")))
}

fn both() -> String {
    format!("{},{}", VALUES.trim_end_matches('}'), small().trim_start_matches('{'))
}

/// Every key, spoilt: the finding's sentence names key and fault, and there is a cure that can be run.
#[test]
fn a_finding_names_the_key_the_fault_and_the_cure() {
    for (from, to, subject, claim, cure) in [
        ("\"wqFabcdefgYe\"", "\"\"", "CLIENT_ID", "CLIENT_ID is not valid: empty.", "Correct CLIENT_ID: client ID"),
        (
            "\"canary-client-secret\"",
            "\"canary-client-secret \"",
            "CLIENT_SECRET",
            "CLIENT_SECRET is not valid: white space before or after it.",
            "Correct CLIENT_SECRET: what is meant is certain",
        ),
        (
            "\"acme\"",
            "\"https://acme.benchling.com\"",
            "TENANT",
            "TENANT is not valid: a URL; only the name before .benchling.com belongs here; it must be acme.",
            "Set TENANT to acme.",
        ),
        (
            "\"appdef_wqFabc\"",
            "\"app_wqFabc\"",
            "APP_DEFINITION_ID",
            "APP_DEFINITION_ID is not valid: the ID of an app",
            "Correct APP_DEFINITION_ID: appdef_",
        ),
        (
            "\"INFO\"",
            "\" info\"",
            "LOG_LEVEL",
            "LOG_LEVEL is not valid: white space before or after it; not in capitals; it must be INFO.",
            "Set LOG_LEVEL to INFO.",
        ),
        ("\"benchling\"", "\"a/b\"", "PKG_PREFIX", "PKG_PREFIX is not valid: `/` in it", "Correct PKG_PREFIX: letters"),
        (
            "\"experiment_id\"",
            "\"experiment id\"",
            "PKG_KEY",
            "PKG_KEY is not valid: white space in it; letters, digits, . - and _ alone; experiment_id?",
            "Set PKG_KEY to experiment_id, if that is what is meant.",
        ),
        (
            "\"quilt-user-bucket\"",
            "\"s3://quilt-user-bucket\"",
            "USER_BUCKET",
            "USER_BUCKET is not valid: an s3:// address; only the bucket's name belongs here; it must be quilt-user-bucket.",
            "Set USER_BUCKET to quilt-user-bucket.",
        ),
        (
            "\"quiltdata/benchling\"",
            "7",
            "ECR_REPOSITORY_NAME",
            "ECR_REPOSITORY_NAME is not valid: a number without quotes, not a text; not 2 to 256 characters.",
            "Correct ECR_REPOSITORY_NAME: name of an ECR repository",
        ),
        (
            "\"true\"",
            "true",
            "ENABLE_WEBHOOK_VERIFICATION",
            "ENABLE_WEBHOOK_VERIFICATION: a boolean without quotes; it is written as a text; it must be \"true\".",
            "Set ENABLE_WEBHOOK_VERIFICATION to \"true\".",
        ),
        (
            "\"WEBHOOK_ALLOW_LIST\":\"\"",
            "\"WEBHOOK_ALLOW_LIST\":\"10.0.0.1, nowhere\"",
            "WEBHOOK_ALLOW_LIST",
            "WEBHOOK_ALLOW_LIST is not valid: nowhere is no address: names of hosts are not looked up.",
            "Correct WEBHOOK_ALLOW_LIST: IP addresses",
        ),
        (
            "\"acme\"",
            "\"<tenant>\"",
            "TENANT",
            "TENANT is not valid: a placeholder, not a value.",
            "Correct TENANT: the name",
        ),
    ] {
        assert!(VALUES.contains(from), "{from}");
        let judged = with_text(&VALUES.replace(from, to));
        let found: Vec<_> =
            judged.findings.iter().filter(|f| f.subject == subject && f.id.starts_with("secret/")).collect();
        let [finding] = found.as_slice() else { panic!("{subject}: {found:#?}") };
        assert!(finding.claim.starts_with(claim), "{}", finding.claim);
        let fix = &finding.fixes[0];
        assert!(fix.what.starts_with(cure), "{}", fix.what);
        assert!(fix.command.as_ref().is_some_and(|command| command.starts_with("rolecall secret")));
        no_canary(&judged);
    }
}

#[test]
fn all_faults_of_a_secret_are_told_at_once() {
    let text = r#"{"CLIENT_ID":"","CLIENT_SECRET":null,"TENNANT":"acme","APP_DEFINITION_ID":"x","LOG_LEVEL":"info","PKG_PREFIX":"a/b",
        "PKG_KEY":"...","USER_BUCKET":"S3","ENABLE_WEBHOOK_VERIFICATION":"no","WEBHOOK_ALLOW_LIST":"x","ECR_REPOSITORY_NAME":["a"],
        "LOG_LEVEL":"info"}"#;
    let judged = with_text(text);
    let wrong: std::collections::BTreeSet<&str> = judged
        .findings
        .iter()
        .filter(|f| f.id.starts_with("secret/") && f.severity == Severity::Error)
        .map(|f| f.subject.as_str())
        .collect();
    assert_eq!(wrong.len(), 11, "ten keys, and the secret for the one that is missing: {wrong:?}");
    let keys = find(&judged, "secret/keys");
    assert_eq!(keys.claim, "1 of 11 keys is missing: TENANT.");
    assert!(keys.evidence.contains(&"TENANT: missing; `TENNANT` holds a value".to_owned()), "{keys:?}");
    assert_eq!(find(&judged, "secret/duplicate-keys").subject, "LOG_LEVEL");
}

#[test]
fn each_reader_is_judged_by_what_it_reads() {
    for (text, reader, keys, severity) in [
        (VALUES.to_owned(), Reader::Specification, "All 11 keys are there.", Severity::Ok),
        (small(), Reader::Shipped, "All 10 names are there.", Severity::Ok),
        (both(), Reader::Both, "All 21 names are there.", Severity::Ok),
        (both(), Reader::Specification, "All 11 keys are there.", Severity::Ok),
        (
            small(),
            Reader::Both,
            "11 of 21 names are missing: CLIENT_ID, CLIENT_SECRET, TENANT, APP_DEFINITION_ID, LOG_LEVEL, PKG_PREFIX, PKG_KEY, \
             USER_BUCKET, ECR_REPOSITORY_NAME, ENABLE_WEBHOOK_VERIFICATION, WEBHOOK_ALLOW_LIST.",
            Severity::Error,
        ),
        (
            small().replace(",\"webhook_allow_list\":\"\"", ""),
            Reader::Shipped,
            "1 of 10 names is missing: webhook_allow_list.",
            Severity::Warning,
        ),
    ] {
        let judged = for_reader(&text, reader);
        let finding = find(&judged, "secret/keys");
        assert_eq!((finding.claim.as_str(), finding.severity), (keys, severity), "{reader:?}");
    }
    let older = for_reader(&small().replace(",\"webhook_allow_list\":\"\"", ""), Reader::Shipped);
    assert!(find(&older, "secret/keys").evidence[0].contains("before 0.10.0"), "{older:#?}");
    let half = for_reader(&small(), Reader::Both);
    let evidence = find(&half, "secret/keys").evidence.join("\n");
    assert!(evidence.contains("the service of the specification stops"), "{evidence}");
    assert!(!evidence.contains("shipped runtimes stop"), "{evidence}");
}

#[test]
fn two_values_of_a_key_are_an_error_for_who_reads_both_and_information_for_who_reads_one() {
    let text = both().replace("\"tenant\":\"acme\"", "\"tenant\":\"other\"");
    let judged = for_reader(&text, Reader::Both);
    let finding = judged.findings.iter().find(|f| f.subject == "TENANT").unwrap();
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("`tenant` holds another value than `TENANT`: shipped runtimes read that one"));
    assert!(finding.evidence.contains(&"value of tenant: other".to_owned()), "{finding:?}");
    let judged = with_text(&text);
    let finding = find(&judged, "secret/dialect");
    assert_eq!(finding.severity, Severity::Info);
    assert!(finding.evidence.contains(&"`tenant` holds another value than TENANT".to_owned()), "{finding:?}");
    assert!(judged.findings.iter().all(|f| !f.id.starts_with("secret/") || f.severity >= Severity::Info));
    // Of a hidden value only that the two differ.
    let judged = for_reader(
        &both().replace("\"client_secret\":\"canary-client-secret\"", "\"client_secret\":\"canary-2\""),
        Reader::Both,
    );
    assert!(judged.findings.iter().any(|f| f.subject == "CLIENT_SECRET" && f.severity == Severity::Error));
    no_canary(&judged);
}

#[test]
fn a_spelling_is_named_with_its_releases_and_can_be_asked_for() {
    let three = r#"{"client_id":"wqFabcdefgYe","client_secret":"canary-x","tenant":"acme"}"#;
    for (text, claim, evidence) in [
        (small(), "is spelled for shipped runtimes", "10 names in small letters: those from 0.6.0 on"),
        (three.to_owned(), "is spelled for runtimes before 0.6.0", "3 names in small letters: those before 0.6.0"),
        (both(), "holds both spellings, which every runtime accepts", ""),
        (
            r#"{"username":"canary-u","password":"canary-p"}"#.to_owned(),
            "holds none of the webhook's keys",
            "it may be another application's",
        ),
    ] {
        let judged = with_text(&text);
        let finding = find(&judged, "secret/dialect");
        assert!(finding.claim.contains(claim), "{}", finding.claim);
        assert!(evidence.is_empty() || finding.evidence.iter().any(|line| line == evidence), "{finding:?}");
        no_canary(&judged);
    }
    let judged = with_text(&small());
    let command = find(&judged, "secret/dialect").fixes.iter().filter_map(|fix| fix.command.as_deref()).next_back();
    assert!(
        command.is_some_and(|command| command.starts_with("rolecall secret check --reader shipped")),
        "{command:?}"
    );
    assert_eq!(all(&for_reader(&small(), Reader::Shipped), "secret/dialect").len(), 0);
    assert_eq!(all(&for_reader(&both(), Reader::Both), "secret/dialect").len(), 0);
    let wrong = for_reader(VALUES, Reader::Shipped);
    assert!(find(&wrong, "secret/dialect").claim.contains("specification"));
}

#[test]
fn an_open_webhook_is_neither_verified_nor_listed() {
    let off = VALUES.replace("\"true\"", "\"false\"");
    for (text, reader, open) in [
        (VALUES.to_owned(), Reader::Specification, false),
        (off.clone(), Reader::Specification, true),
        (
            off.replace("\"WEBHOOK_ALLOW_LIST\":\"\"", "\"WEBHOOK_ALLOW_LIST\":\"10.0.0.1\""),
            Reader::Specification,
            false,
        ),
        (small().replace("\"true\"", "false"), Reader::Shipped, true),
        (small().replace("\"true\"", "\"0\"").replace(",\"webhook_allow_list\":\"\"", ""), Reader::Shipped, true),
    ] {
        let judged = for_reader(&text, reader);
        let found = all(&judged, "secret/open-webhook");
        assert_eq!(found.len(), usize::from(open), "{text}");
        for finding in found {
            assert_eq!((finding.severity, finding.subject.as_str()), (Severity::Warning, "WEBHOOK_ALLOW_LIST"));
            assert!(finding.fixes[0].what.contains("to true"));
        }
    }
}

#[test]
fn keys_that_stand_twice_are_told_whosever_they_are() {
    let text = VALUES.replace(
        "\"TENANT\":\"acme\"",
        "\"TENANT\":\"canary-old\",\"TENANT\":\"acme\",\"x\":1,\"x\":2,\"y\":1,\"y\":1",
    );
    let judged = with_text(&text);
    let found = all(&judged, "secret/duplicate-keys");
    let claims: Vec<&str> = found.iter().map(|finding| finding.claim.as_str()).collect();
    assert_eq!(
        claims,
        ["TENANT stands more than once; the last value counts.", "x, y stand more than once; the last value counts."]
    );
    assert_eq!((found[0].subject.as_str(), found[1].subject.as_str()), ("TENANT", "benchling-webhook-prod"));
    no_canary(&judged);
}

#[test]
fn keys_one_level_too_deep_are_found_there() {
    let judged = with_text(&format!(r#"{{"benchling": {VALUES}, "other": {{"a": "canary"}}}}"#));
    let finding = find(&judged, "secret/nested");
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(
        finding.claim,
        "Secret benchling-webhook-prod holds 11 keys one level too deep, in the object `benchling`."
    );
    assert_eq!(find(&judged, "secret/keys").severity, Severity::Error);
    no_canary(&judged);
}

#[test]
fn keys_that_stand_at_the_top_too_are_no_fault_further_down() {
    let deep = |value: &str| VALUES.replacen('{', &format!(r#"{{"NESTED": {value}, "#), 1);
    for (text, severity) in [
        (deep(r#"{"TENANT": "canary", "log_level": "canary"}"#), Severity::Info),
        (deep(r#"{"TENANT": "canary"}"#).replace(r#""acme""#, "null"), Severity::Error),
        (deep(r#"{"TENANT": "canary"}"#).replace(r#""TENANT":"acme","#, ""), Severity::Error),
    ] {
        let judged = with_text(&text);
        assert_eq!(find(&judged, "secret/nested").severity, severity, "{text}");
        no_canary(&judged);
    }
    let harmless = with_text(&deep(r#"{"TENANT": "canary"}"#));
    assert!(harmless.findings.iter().all(|f| !f.id.starts_with("secret/") || f.severity >= Severity::Info));
    let none = with_text(&deep(r#"{"a": "canary"}"#));
    assert!(all(&none, "secret/nested").is_empty());
}
