use proptest::prelude::*;

use super::*;

/// Key, value, its faults as "message" or "message → suggestion" with `!` in front of a warning; none when it is valid.
const TABLE: &[(Key, &str, &[&str])] = &[
    (Key::ClientId, "wqFabcdefgYe", &[]),
    (Key::ClientId, "", &["empty"]),
    (Key::ClientId, " wqFabcdefgYe", &["white space before or after it"]),
    (Key::ClientId, "wqF***Ye", &["a masked value, not the value"]),
    (Key::ClientId, "appdef_abc", &["an app definition ID, not a client ID"]),
    (Key::ClientId, "<client id>", &["a placeholder, not a value"]),
    (Key::ClientId, "your-client-id", &["a placeholder, not a value"]),
    (Key::ClientSecret, "a~!#$%^&()_+{}|:?", &[]),
    (Key::ClientSecret, "two words", &["white space in it"]),
    (Key::ClientSecret, "abc\n", &["white space before or after it"]),
    (Key::ClientSecret, "a\u{200b}bc", &["an invisible character, U+200B, at place 2"]),
    (Key::ClientSecret, "\"abcdef\"", &["quotes around it"]),
    (Key::ClientSecret, "pässword1", &["a character in it that is not plain ASCII"]),
    (Key::ClientSecret, "********", &["a masked value, not the value"]),
    (Key::ClientSecret, "...", &["a placeholder, not a value"]),
    (Key::ClientSecret, "${CLIENT_SECRET}", &["a placeholder, not a value"]),
    (Key::ClientSecret, "change-me", &["a placeholder, not a value"]),
    (Key::Tenant, "quilt-dtt", &[]),
    (Key::Tenant, "q", &[]),
    (
        Key::Tenant,
        "https://quilt-dtt.benchling.com/signin",
        &["a URL; only the name before .benchling.com belongs here → quilt-dtt"],
    ),
    (
        Key::Tenant,
        "Quilt-dtt.benchling.com",
        &["!a host; only the name before .benchling.com belongs here → quilt-dtt"],
    ),
    (Key::Tenant, "<tenant>.benchling.com", &["a host; only the name before .benchling.com belongs here"]),
    (
        Key::Tenant,
        "quilt-dtt.benchling.com:443",
        &["a host; only the name before .benchling.com belongs here → quilt-dtt"],
    ),
    (Key::Tenant, "QUILT.BENCHLING.COM", &["a host; only the name before .benchling.com belongs here → quilt"]),
    (Key::Tenant, "https://quilt.example.com", &["a URL; only the name before .benchling.com belongs here"]),
    (Key::Tenant, "Quilt-DTT", &["!not in small letters → quilt-dtt"]),
    (Key::Tenant, "quilt dtt", &["more than one word → quilt-dtt"]),
    (Key::Tenant, "quilt–dtt", &["`–` (U+2013) in it; small letters, digits and hyphens alone"]),
    (Key::Tenant, "quilt.dtt", &["`.` in it; small letters, digits and hyphens alone"]),
    (Key::Tenant, "-quilt", &["a hyphen at its start or end"]),
    (Key::Tenant, "\u{feff}quilt", &["an invisible character, U+FEFF, at place 1 → quilt"]),
    (Key::AppDefinitionId, "appdef_wqFabc123", &[]),
    (Key::AppDefinitionId, "appdef_", &["nothing after appdef_"]),
    (Key::AppDefinitionId, "appdef_a/b", &["after appdef_ only letters, digits, - and _"]),
    (Key::AppDefinitionId, "app_wqFabc", &["the ID of an app; the one of its definition starts with appdef_"]),
    (Key::AppDefinitionId, "AppDef_x1", &["appdef_ not in small letters"]),
    (Key::AppDefinitionId, "wqFabc", &["it does not start with appdef_"]),
    (Key::LogLevel, "DEBUG", &[]),
    (Key::LogLevel, "INFO", &[]),
    (Key::LogLevel, "WARNING", &[]),
    (Key::LogLevel, "ERROR", &[]),
    (Key::LogLevel, "CRITICAL", &[]),
    (Key::LogLevel, "info", &["not in capitals → INFO"]),
    (Key::LogLevel, "warn", &["none of DEBUG, INFO, WARNING, ERROR, CRITICAL → WARNING"]),
    (Key::LogLevel, "loud", &["none of DEBUG, INFO, WARNING, ERROR, CRITICAL"]),
    (Key::PkgPrefix, "benchling", &[]),
    (Key::PkgPrefix, "benchling/", &["a / too many → benchling"]),
    (Key::PkgPrefix, "a/b", &["`/` in it; letters, digits, - and _ alone"]),
    (Key::PkgPrefix, "a b", &["white space in it; letters, digits, - and _ alone"]),
    (Key::PkgKey, "experiment_id", &[]),
    (Key::PkgKey, "experiment id", &["white space in it; letters, digits, . - and _ alone → experiment_id"]),
    (Key::PkgKey, "a'b", &["`'` in it; letters, digits, . - and _ alone"]),
    (Key::UserBucket, "quilt-user-bucket", &[]),
    (Key::UserBucket, "a.b.c", &[]),
    (Key::UserBucket, "my-bucket", &["!the name from the example"]),
    (
        Key::UserBucket,
        "s3://quilt-bucket/path",
        &["an s3:// address; only the bucket's name belongs here → quilt-bucket"],
    ),
    (Key::UserBucket, "arn:aws:s3:::quilt-bucket", &["an ARN; only the bucket's name belongs here → quilt-bucket"]),
    (
        Key::UserBucket,
        "https://quilt-bucket.s3.us-east-1.amazonaws.com/",
        &["a URL; only the bucket's name belongs here → quilt-bucket"],
    ),
    (Key::UserBucket, "quilt-bucket/", &["a path; only the bucket's name belongs here → quilt-bucket"]),
    (Key::UserBucket, "Quilt-Bucket", &["not in small letters → quilt-bucket"]),
    (Key::UserBucket, "quilt_bucket", &["`_` in it; small letters, digits, . and - alone"]),
    (Key::UserBucket, "ab", &["not 3 to 63 characters"]),
    (Key::UserBucket, "-abc", &["no letter or digit at its start or end"]),
    (Key::UserBucket, "a..b", &["two dots in a row"]),
    (Key::UserBucket, "192.168.5.4", &["an IP address"]),
    (Key::UserBucket, "xn--abc", &["xn-- is reserved by S3"]),
    (Key::UserBucket, "abc-s3alias", &["-s3alias is reserved by S3"]),
    (Key::EcrRepositoryName, "quiltdata/benchling", &[]),
    (
        Key::EcrRepositoryName,
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/quiltdata/benchling:v1",
        &["an image's address; only the repository's name belongs here → quiltdata/benchling"],
    ),
    (Key::EcrRepositoryName, "quiltdata/benchling:latest", &["a tag behind it → quiltdata/benchling"]),
    (Key::EcrRepositoryName, "Quilt/Benchling", &["not in small letters → quilt/benchling"]),
    (Key::EcrRepositoryName, "quilt//benchling", &["no letter or digit between or around . _ - and /"]),
    (Key::EcrRepositoryName, "q", &["not 2 to 256 characters"]),
    (Key::EnableWebhookVerification, "true", &[]),
    (Key::EnableWebhookVerification, "false", &[]),
    (Key::EnableWebhookVerification, "True", &["!not in small letters → true"]),
    (Key::EnableWebhookVerification, "0", &["!0 stands for false → false"]),
    (Key::EnableWebhookVerification, "yes", &["neither true nor false → true"]),
    (Key::EnableWebhookVerification, "maybe", &["neither true nor false"]),
    (Key::WebhookAllowList, "", &[]),
    (Key::WebhookAllowList, "203.0.113.7", &[]),
    (Key::WebhookAllowList, "203.0.113.0/24, 2001:db8::/32,2001:db8::1", &[]),
    (Key::WebhookAllowList, "  ", &["nothing but white space"]),
    (
        Key::WebhookAllowList,
        "10.0.0.5/8",
        &["!10.0.0.5/8 has bits beyond its prefix; its block is 10.0.0.0/8 → 10.0.0.0/8"],
    ),
    (Key::WebhookAllowList, "10.0.0.0/8,", &["!a comma too many → 10.0.0.0/8"]),
    (Key::WebhookAllowList, "0.0.0.0/0", &["!0.0.0.0/0 lets every address in"]),
    (
        Key::WebhookAllowList,
        "not-an-ip, 999.1.1.1, 10.0.0.0/8",
        &[
            "not-an-ip is no address: names of hosts are not looked up",
            "999.1.1.1 is no address: each of its numbers is 0 to 255, without zeros in front",
        ],
    ),
    (Key::WebhookAllowList, "10.0.0.0/33", &["10.0.0.0/33 is no block: a prefix has at most 32 bits"]),
    (Key::WebhookAllowList, "10.0.0.*", &["10.0.0.* is no address: write a block such as 10.0.0.0/8"]),
    (Key::WebhookAllowList, "10.0.0.1;10.0.0.2", &["entries not separated by commas → 10.0.0.1,10.0.0.2"]),
];

#[test]
fn every_rule_of_every_key() {
    for (key, value, expected) in TABLE {
        let found: Vec<String> = check(*key, value)
            .into_iter()
            .map(|fault| {
                let mark = if fault.severity == Severity::Warning { "!" } else { "" };
                let suggestion = fault.suggestion.filter(|s| !s.is_empty()).map(|s| format!(" → {s}"));
                format!("{mark}{}{}", fault.message, suggestion.unwrap_or_default())
            })
            .collect();
        assert_eq!(found, *expected, "{key} {value:?}");
    }
}

#[test]
fn every_key_is_in_the_table_valid_and_not() {
    for key in Key::ALL {
        assert!(TABLE.iter().any(|(k, _, faults)| *k == key && faults.is_empty()), "{key}");
        assert!(TABLE.iter().any(|(k, _, faults)| *k == key && !faults.is_empty()), "{key}");
    }
}

#[test]
fn what_is_certain_is_repaired_and_nothing_else() {
    for (key, value, meant) in [
        (Key::ClientSecret, " \"canary-9\"\n", Some("canary-9")),
        (Key::LogLevel, " 'info' ", Some("INFO")),
        (Key::Tenant, " https://Quilt-dtt.benchling.com ", Some("quilt-dtt")),
        (Key::Tenant, "quilt dtt", None),
        (Key::EnableWebhookVerification, "TRUE", Some("true")),
        (Key::EnableWebhookVerification, "yes", None),
        (Key::WebhookAllowList, " 10.0.0.5/8 , 10.1.2.3,", Some("10.0.0.0/8,10.1.2.3")),
        (Key::WebhookAllowList, " ", Some("")),
        (Key::WebhookAllowList, "0.0.0.0/0", None),
        (Key::UserBucket, "s3://quilt-bucket/", Some("quilt-bucket")),
        (Key::PkgPrefix, "benchling", None),
    ] {
        assert_eq!(repaired(key, &value.into()).as_ref().map(SecretText::expose), meant, "{key} {value:?}");
    }
}

proptest! {
    #[test]
    fn no_value_panics_and_repairs_are_valid(index in 0usize..11, value in "\\PC{0,30}|[ -~\\s\u{200b}/:.,;*'\"]{0,40}") {
        let key = Key::ALL[index];
        let faults = check(key, &value);
        if let Some(meant) = repaired(key, &value.as_str().into()) {
            prop_assert_eq!(check(key, meant.expose()), vec![]);
            prop_assert!(!faults.is_empty());
        }
        for fault in faults {
            let shown = fault.message + &fault.suggestion.unwrap_or_default();
            prop_assert!(!crate::values::text::has_unsafe(&shown));
        }
    }

    #[test]
    fn no_fault_shows_a_masked_value(middle in "[a-zA-Z0-9]{12}", around in "[ \"\n\u{200b}é]{1,3}") {
        let value = format!("{around}{middle}{around}");
        for key in [Key::ClientId, Key::ClientSecret, Key::AppDefinitionId] {
            let printed = format!("{:?}", check(key, &value));
            prop_assert!(!printed.contains(&middle));
        }
    }
}
