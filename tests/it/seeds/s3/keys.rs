//! The 11 keys, each with its rule and as much of its value as may be seen: S3-11 to S3-21.

use rolecall::secret::Key;
use serde_json::{Value, json};

use crate::secret_commands::Desk;
use crate::writing::document;

/// What `secret check` says of a key whose value this is, all others being right.
fn row(key: Key, value: &str) -> Value {
    let desk = Desk::new();
    let mut values = document();
    values[key.name()] = json!(value);
    let text = values.to_string();
    let said = desk.piped(&["secret", "check", "-", "--format", "json"], text.as_bytes());
    let (code, json) = (said.code, said.check());
    let of = |row: &&Value| row["key"] == key.name();
    let rows: Vec<&Value> = json["keys"].as_array().unwrap().iter().filter(of).collect();
    assert_eq!(rows.len(), 1, "{key} has one row: {json:#}");
    assert_eq!(code, Some(i32::from(rows[0]["severity"] == "error")), "{json:#}");
    rows[0].clone()
}

/// Right values, with what is shown of each.
fn takes(key: Key, values: &[(&str, &str)]) {
    for (value, shown) in values {
        let row = row(key, value);
        assert_eq!((&row["severity"], &row["value"]), (&json!("ok"), &json!(shown)), "{value}: {row:#}");
    }
}

/// Wrong values, each with a word of the reason and with what was meant.
fn refuses(key: Key, values: &[(&str, &str, Option<&str>)]) {
    for (value, why, meant) in values {
        let row = row(key, value);
        assert_eq!(row["severity"], "error", "{value}: {row:#}");
        assert!(row["message"].as_str().unwrap().contains(why), "{value}: {row:#}");
        assert_eq!(row["suggestion"], json!(meant), "{value}");
    }
}

#[test]
fn s3_11_client_id_is_one_word_and_shown_by_its_ends() {
    takes(Key::ClientId, &[("wqFabcdefgYe", "wqF***Ye"), ("short", "***")]);
    refuses(Key::ClientId, &[("", "empty", None), ("wqF abc", "space", None), ("<client id>", "placeholder", None)]);
}

#[test]
fn s3_12_client_secret_is_one_word_and_nothing_of_it_is_shown() {
    takes(Key::ClientSecret, &[("canary-1", "********"), ("canary-a-longer-one", "********")]);
    refuses(Key::ClientSecret, &[("", "empty", None), ("canary secret", "space", None)]);
}

#[test]
fn s3_13_tenant_is_the_name_before_benchling_com() {
    takes(Key::Tenant, &[("acme", "acme"), ("quilt-dtt", "quilt-dtt")]);
    refuses(
        Key::Tenant,
        &[
            ("https://acme.benchling.com/", "URL", Some("acme")),
            ("acme corp", "more than one word", Some("acme-corp")),
            ("-acme", "hyphen", None),
        ],
    );
    let host = row(Key::Tenant, "acme.benchling.com");
    assert_eq!((&host["severity"], &host["suggestion"]), (&json!("warning"), &json!("acme")), "{host:#}");
}

#[test]
fn s3_14_app_definition_id_begins_with_appdef_and_is_shown_by_that_alone() {
    takes(Key::AppDefinitionId, &[("appdef_wqFabcdefg", "appdef_***")]);
    refuses(Key::AppDefinitionId, &[("app_wqFabcdefg", "ID of an app", None), ("appdef_", "nothing after", None)]);
}

#[test]
fn s3_15_log_level_is_one_of_five_in_capitals() {
    takes(Key::LogLevel, &["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"].map(|level| (level, level)));
    refuses(
        Key::LogLevel,
        &[("info", "not in capitals", Some("INFO")), ("WARN", "none of", Some("WARNING")), ("LOUD", "none of", None)],
    );
}

#[test]
fn s3_16_pkg_prefix_is_the_part_of_a_packages_name_before_the_slash() {
    takes(Key::PkgPrefix, &[("benchling", "benchling"), ("lab_2-notes", "lab_2-notes")]);
    refuses(
        Key::PkgPrefix,
        &[("benchling/", "a / too many", Some("benchling")), ("a/b", "`/` in it", None), ("", "empty", None)],
    );
}

#[test]
fn s3_17_pkg_key_is_a_metadata_key_without_spaces() {
    takes(Key::PkgKey, &[("experiment_id", "experiment_id"), ("meta.entry-id", "meta.entry-id")]);
    refuses(Key::PkgKey, &[("experiment id", "in it", Some("experiment_id")), ("", "empty", None)]);
}

#[test]
fn s3_18_user_bucket_is_a_buckets_bare_name() {
    takes(Key::UserBucket, &[("quilt-user-bucket", "quilt-user-bucket"), ("a.b-3", "a.b-3")]);
    refuses(
        Key::UserBucket,
        &[
            ("s3://quilt-user-bucket/packages", "s3:// address", Some("quilt-user-bucket")),
            ("arn:aws:s3:::quilt-user-bucket", "ARN", Some("quilt-user-bucket")),
            ("Quilt-Bucket", "not in small letters", Some("quilt-bucket")),
            ("10.0.0.1", "IP address", None),
        ],
    );
}

#[test]
fn s3_19_ecr_repository_name_is_without_registry_and_tag() {
    takes(Key::EcrRepositoryName, &[("quiltdata/benchling", "quiltdata/benchling")]);
    refuses(
        Key::EcrRepositoryName,
        &[
            (
                "111122223333.dkr.ecr.us-east-1.amazonaws.com/quiltdata/benchling:v1",
                "image's address",
                Some("quiltdata/benchling"),
            ),
            ("quiltdata/benchling:latest", "tag", Some("quiltdata/benchling")),
            ("quiltdata//benchling", "between", None),
        ],
    );
}

#[test]
fn s3_20_enable_webhook_verification_is_true_or_false() {
    takes(Key::EnableWebhookVerification, &[("true", "true")]);
    refuses(Key::EnableWebhookVerification, &[("yes", "neither true nor false", Some("true")), ("", "empty", None)]);
    assert_eq!(row(Key::EnableWebhookVerification, "TRUE")["severity"], "warning");
}

#[test]
fn s3_21_webhook_allow_list_is_addresses_and_blocks_and_may_be_empty() {
    takes(
        Key::WebhookAllowList,
        &[("", ""), ("10.0.0.0/8,192.0.2.7", "10.0.0.0/8,192.0.2.7"), ("2001:db8::/32", "2001:db8::/32")],
    );
    refuses(
        Key::WebhookAllowList,
        &[
            ("999.1.1.1", "999.1.1.1", None),
            ("10.0.0.0/33", "at most 32 bits", None),
            ("hooks.example.com", "not looked up", None),
        ],
    );
}
