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
    rows(Some(&Document::parse(&text.into()).unwrap()))
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
    let rows = rows(None);
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
            (Key::Tenant, Severity::Error, "one word".to_owned(), Some("quilt-dtt".to_owned())),
            (
                Key::LogLevel,
                Severity::Error,
                "white space before or after it; in capitals".to_owned(),
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
                Some("true".to_owned())
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
    let text = r#"{"CLIENT_ID": "abcdefgh", "CLIENT_SECRET": "abcdefgh", "TENANT": "a", "TENANT": "b", "tenant": "c"}"#;
    assert_eq!(row_of(text, Key::ClientSecret).message, "the same as CLIENT_ID");
    assert_eq!(
        row_of(text, Key::Tenant).message,
        "it stands more than once; the last one counts; `tenant`, which shipped runtimes read, holds another value"
    );
}

#[test]
fn extras_say_what_they_may_be() {
    let text =
        r#"{"workflow": "w", "tenant": "a", "TENNANT": "b", "Client_Id": "c", "CLIENT_ID": "d", "color\u001b": "e"}"#;
    let extras = extras(&Document::parse(&text.into()).unwrap());
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
