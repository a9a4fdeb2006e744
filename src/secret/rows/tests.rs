use super::*;

const GOOD: &str = r#"{
  "CLIENT_ID": "wqFabcdefgYe",
  "CLIENT_SECRET": "canary-client-secret",
  "TENANT": "quilt-dtt",
  "APP_DEFINITION_ID": "appdef_wqFabc123",
  "LOG_LEVEL": "INFO",
  "PKG_PREFIX": "benchling",
  "PKG_KEY": "experiment_id",
  "USER_BUCKET": "quilt-user-bucket",
  "ECR_REPOSITORY_NAME": "quiltdata/benchling",
  "ENABLE_WEBHOOK_VERIFICATION": "true",
  "WEBHOOK_ALLOW_LIST": ""
}"#;

fn rows_of(text: &str) -> Vec<KeyRow> {
    rows(Some(&Document::parse(&text.into()).unwrap()), Reader::Specification)
}

fn row_of(text: &str, key: Key) -> KeyRow {
    rows_of(text).into_iter().find(|row| row.key == key).unwrap()
}

#[test]
fn a_good_secret_has_eleven_good_rows() {
    let rows = rows_of(GOOD);
    assert_eq!(rows.iter().map(|row| row.key).collect::<Vec<_>>(), Key::ALL);
    assert!(rows.iter().all(|row| row.severity == Severity::Ok && row.cure.is_none()), "{rows:?}");
    assert_eq!(rows[10].message, "empty: any address");
}

#[test]
fn without_a_secret_all_eleven_are_missing() {
    let rows = rows(None, Reader::Specification);
    assert_eq!(rows.len(), 11);
    assert!(rows.iter().all(|row| row.message == "missing" && row.severity == Severity::Error));
    assert_eq!(rows[4].suggestion.as_deref(), Some("INFO"));
    assert_eq!(rows[7].suggestion, None);
}

#[test]
fn all_faults_are_told_at_once() {
    let broken = GOOD
        .replace("\"quilt-dtt\"", "\"quilt dtt\"")
        .replace("\"INFO\"", "\" info\"")
        .replace("\"true\"", "true")
        .replace("ECR_REPOSITORY_NAME", "ECR_REPOSITRY_NAME");
    let faults: Vec<_> = rows_of(&broken)
        .into_iter()
        .filter(|row| row.severity != Severity::Ok)
        .map(|row| (row.key, row.severity, row.message, row.suggestion))
        .collect();
    assert_eq!(
        faults,
        [
            (Key::Tenant, Severity::Error, "more than one word".to_owned(), Some("quilt-dtt".to_owned())),
            (
                Key::LogLevel,
                Severity::Error,
                "white space before or after it; not in capitals".to_owned(),
                Some("INFO".to_owned())
            ),
            (
                Key::EcrRepositoryName,
                Severity::Error,
                "missing; `ECR_REPOSITRY_NAME` holds a value".to_owned(),
                Some("quiltdata/benchling".to_owned())
            ),
            (
                Key::EnableWebhookVerification,
                Severity::Warning,
                "a boolean without quotes; it is written as a text".to_owned(),
                Some("\"true\"".to_owned())
            ),
        ]
    );
}

#[test]
fn a_missing_key_names_the_other_spelling_and_never_shows_a_masked_value() {
    let small = r#"{"client_secret": "canary-client-secret", "log_level": "DEBUG", "TENNANT": "quilt-dtt"}"#;
    let secret = row_of(small, Key::ClientSecret);
    assert_eq!(secret.message, "missing; `client_secret` holds a value");
    assert_eq!((secret.suggestion, secret.cure), (None, Some("canary-client-secret".into())));
    assert_eq!(row_of(small, Key::LogLevel).suggestion.as_deref(), Some("DEBUG"));
    let tenant = row_of(small, Key::Tenant);
    assert_eq!((tenant.message.as_str(), tenant.cure), ("missing; `TENNANT` holds a value", None));
}

#[test]
fn values_that_are_no_texts_are_told() {
    let text =
        r#"{"TENANT": ["a"], "LOG_LEVEL": null, "PKG_KEY": 7, "ENABLE_WEBHOOK_VERIFICATION": 1, "USER_BUCKET": {}}"#;
    for (key, message) in [
        (Key::Tenant, "an array, not a text"),
        (Key::LogLevel, "null"),
        (Key::PkgKey, "a number without quotes, not a text"),
        (Key::UserBucket, "an object, not a text"),
    ] {
        assert_eq!((row_of(text, key).message.as_str(), row_of(text, key).severity), (message, Severity::Error));
    }
    let verify = row_of(text, Key::EnableWebhookVerification);
    assert_eq!((verify.severity, verify.suggestion.as_deref()), (Severity::Warning, Some("true")));
    assert_eq!(verify.message, "a number without quotes; it is written as a text; 1 stands for true");
}

#[test]
fn keys_are_judged_beside_each_other() {
    let text = r#"{"CLIENT_ID": "abcdefgh", "CLIENT_SECRET": "abcdefgh", "TENANT": "a", "tenant": "c"}"#;
    assert_eq!(row_of(text, Key::ClientSecret).message, "the same as CLIENT_ID");
    // The specification's runtime does not look at the other spelling.
    assert_eq!((row_of(text, Key::Tenant).message.as_str(), row_of(text, Key::Tenant).severity), ("", Severity::Ok));
}

#[test]
fn extras_say_what_they_may_be() {
    let text =
        r#"{"workflow": "w", "tenant": "a", "TENNANT": "b", "Client_Id": "c", "CLIENT_ID": "d", "color\u001b": "e"}"#;
    let extras = extras(&Document::parse(&text.into()).unwrap(), Reader::Specification);
    let shown: Vec<_> = extras.iter().map(|extra| (extra.name.as_str(), extra.hint.as_deref())).collect();
    assert_eq!(
        shown,
        [
            ("workflow", Some("read by shipped runtimes from 0.13")),
            ("tenant", Some("what shipped runtimes call TENANT")),
            ("TENNANT", Some("did you mean TENANT?")),
            ("Client_Id", Some("looks like CLIENT_ID, which is there too")),
            ("color\\u{1b}", None),
        ]
    );
}

fn small() -> String {
    let names = Key::ALL.iter().filter_map(|key| Some((key.name(), key.shipped_name()?)));
    let text = GOOD.replace("  \"ECR_REPOSITORY_NAME\": \"quiltdata/benchling\",\n", "");
    names.fold(text, |text, (capitals, small)| text.replace(&format!("\"{capitals}\""), &format!("\"{small}\"")))
}

fn both() -> String {
    let small = small();
    format!("{},{}", GOOD.trim_end_matches(['}', '\n']), small.trim_start_matches('{'))
}

fn faults_for(text: &str, reader: Reader) -> Vec<(Key, Severity, String)> {
    rows(Some(&Document::parse(&text.into()).unwrap()), reader)
        .into_iter()
        .filter(|row| row.severity != Severity::Ok)
        .map(|row| (row.key, row.severity, row.message))
        .collect()
}

#[test]
fn each_reader_looks_for_its_own_names() {
    for (text, reader, names) in
        [(GOOD.to_owned(), Reader::Specification, 11), (small(), Reader::Shipped, 10), (both(), Reader::Both, 21)]
    {
        assert_eq!(faults_for(&text, reader), [], "{reader:?}");
        let rows = rows(Some(&Document::parse(&text.as_str().into()).unwrap()), reader);
        assert_eq!(rows.iter().map(|row| row.names.len()).sum::<usize>(), names);
        assert!(rows.iter().all(|row| row.cure.is_none() && row.suggestion.is_none()), "{rows:?}");
    }
    assert_eq!(faults_for(&small(), Reader::Specification).len(), 11);
    assert_eq!(faults_for(GOOD, Reader::Shipped).len(), 10);
}

#[test]
fn shipped_runtimes_have_rules_of_their_own() {
    for (from, to, expected) in [
        ("\"enable_webhook_verification\": \"true\"", "\"enable_webhook_verification\": false", None),
        ("\"enable_webhook_verification\": \"true\"", "\"enable_webhook_verification\": \"1\"", None),
        (
            "\"enable_webhook_verification\": \"true\"",
            "\"enable_webhook_verification\": \"yes\"",
            Some((Severity::Error, "neither true nor false")),
        ),
        ("\"quilt-dtt\"", "\"quilt-dtt.benchling.com\"", None),
        (
            "\"quilt-dtt\"",
            "\"https://quilt-dtt.benchling.com\"",
            Some((Severity::Error, "a URL; only the name before .benchling.com belongs here")),
        ),
        ("\"INFO\"", "\"info\"", Some((Severity::Error, "not in capitals"))),
        (
            ",\n  \"webhook_allow_list\": \"\"",
            "",
            Some((Severity::Warning, "missing: runtimes before 0.10.0 do not start without it")),
        ),
        ("\"pkg_key\": \"experiment_id\"", "\"pkg_key\": \"\"", Some((Severity::Error, "empty"))),
        ("\"pkg_key\"", "\"PKG_KEY\"", Some((Severity::Error, "missing; `PKG_KEY` holds a value"))),
    ] {
        let text = small();
        assert!(text.contains(from), "{from}");
        let found = faults_for(&text.replace(from, to), Reader::Shipped);
        let found: Vec<(Severity, &str)> = found.iter().map(|(_, severity, message)| (*severity, &**message)).collect();
        assert_eq!(found, Vec::from_iter(expected), "{to}");
    }
}

#[test]
fn both_spellings_are_there_with_one_value_or_it_is_said_who_would_not_start() {
    for (from, to, expected) in [
        (
            "\"tenant\": \"quilt-dtt\",",
            "",
            (Key::Tenant, Severity::Error, "`tenant` missing: shipped runtimes do not start without it"),
        ),
        (
            "\"TENANT\": \"quilt-dtt\",",
            "",
            (
                Key::Tenant,
                Severity::Error,
                "`TENANT` missing: a runtime of the specification does not start without it",
            ),
        ),
        (
            ",\n  \"webhook_allow_list\": \"\"",
            "",
            (
                Key::WebhookAllowList,
                Severity::Warning,
                "`webhook_allow_list` missing: runtimes before 0.10.0 do not start without it",
            ),
        ),
        (
            "\"log_level\": \"INFO\"",
            "\"log_level\": \"DEBUG\"",
            (
                Key::LogLevel,
                Severity::Error,
                "`log_level` holds another value than `LOG_LEVEL`: shipped runtimes read that one",
            ),
        ),
        (
            "\"ENABLE_WEBHOOK_VERIFICATION\": \"true\"",
            "\"ENABLE_WEBHOOK_VERIFICATION\": true",
            (
                Key::EnableWebhookVerification,
                Severity::Warning,
                "`ENABLE_WEBHOOK_VERIFICATION`: a boolean without quotes; it is written as a text",
            ),
        ),
    ] {
        let text = both();
        assert!(text.contains(from), "{from}");
        let (key, severity, message) = expected;
        assert_eq!(faults_for(&text.replace(from, to), Reader::Both), [(key, severity, message.to_owned())], "{to}");
    }
    // Booleans with and without quotes are one value.
    let native = both().replace("\"enable_webhook_verification\": \"true\"", "\"enable_webhook_verification\": true");
    assert_eq!(faults_for(&native, Reader::Both), []);
}

#[test]
fn a_fault_of_both_spellings_is_told_once() {
    let text = both().replace("\"INFO\"", "\"info\"");
    assert_eq!(faults_for(&text, Reader::Both), [(Key::LogLevel, Severity::Error, "not in capitals".to_owned())]);
    let row = rows(Some(&Document::parse(&text.as_str().into()).unwrap()), Reader::Both).swap_remove(4);
    assert_eq!((row.is_half_spelled(), row.cure), (false, Some("INFO".into())));
}

#[test]
fn what_stands_under_one_name_may_be_put_under_the_other() {
    let text = both().replace("\"client_secret\": \"canary-client-secret\",", "");
    let row = rows(Some(&Document::parse(&text.as_str().into()).unwrap()), Reader::Both).swap_remove(1);
    assert!(row.is_half_spelled());
    assert_eq!((row.suggestion, row.cure), (None, Some("canary-client-secret".into())));
    // Of two values nobody knows which is meant.
    let text =
        both().replace("\"client_secret\": \"canary-client-secret\"", "\"client_secret\": \"canary-other-secret\"");
    let row = rows(Some(&Document::parse(&text.as_str().into()).unwrap()), Reader::Both).swap_remove(1);
    assert!(row.is_half_spelled() && row.cure.is_none() && !row.message.contains("canary"), "{row:?}");
}

#[test]
fn what_another_runtime_reads_is_an_extra_with_a_word() {
    let document = Document::parse(&r#"{"TENANT": "a", "ECR_REPOSITORY_NAME": "b/c", "tenant": "a", "x": "y"}"#.into());
    let document = document.unwrap();
    let of = |reader| extras(&document, reader).into_iter().map(|extra| (extra.name, extra.hint)).collect::<Vec<_>>();
    assert_eq!(
        of(Reader::Shipped),
        [
            ("TENANT".to_owned(), Some("what the specification calls `tenant`".to_owned())),
            (
                "ECR_REPOSITORY_NAME".to_owned(),
                Some("asked for by the specification, not read by shipped runtimes".to_owned())
            ),
            ("x".to_owned(), None),
        ]
    );
    assert_eq!(of(Reader::Both), [("x".to_owned(), None)]);
}
