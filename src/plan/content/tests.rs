use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use super::*;
use crate::model::Severity;
use crate::secret::rules;

const VALUES: [(Key, &[&str]); 11] = [
    (Key::ClientId, &["wqFabcdefgYe", "a\"b\\c/+"]),
    (Key::ClientSecret, &["canary-client-secret", "x/-\"quoted\"-\\secret"]),
    (Key::Tenant, &["acme", "acme-lab"]),
    (Key::AppDefinitionId, &["appdef_wqFabcdefg"]),
    (Key::LogLevel, &["INFO", "DEBUG", "CRITICAL"]),
    (Key::PkgPrefix, &["benchling"]),
    (Key::PkgKey, &["experiment_id", "a.b-c"]),
    (Key::UserBucket, &["quilt-user-bucket"]),
    (Key::EcrRepositoryName, &["quiltdata/benchling"]),
    (Key::EnableWebhookVerification, &["true", "false"]),
    (Key::WebhookAllowList, &["", "10.0.0.0/8,192.0.2.1"]),
];

/// Values that every rule accepts.
fn draft() -> impl Strategy<Value = Draft> {
    (prop::collection::vec(0_usize..6, VALUES.len()), prop::sample::select(Reader::ALL.to_vec())).prop_map(
        |(picks, reader)| {
            let values = VALUES.iter().zip(picks);
            let values = values.map(|((key, values), pick)| (*key, SecretText::from(values[pick % values.len()])));
            Draft { values: values.collect(), reader, write_secret: true, ..Draft::default() }
        },
    )
}

/// A value of JSON as someone may have written it, with the spaces inside.
fn raw() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("1.50e+2".to_owned()),
        Just("-0".to_owned()),
        "\"[ a-z\u{e9}]{0,5}\"",
        Just(r#""\u0041\/\n""#.to_owned()),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|parts| format!("[ {}]", parts.join(" ,\t"))),
            prop::collection::vec(inner, 0..3).prop_map(|parts| {
                let members: Vec<String> = parts.iter().map(|part| format!("\"k\" :{part}")).collect();
                format!("{{\n{}\t}}", members.join(","))
            }),
        ]
    })
}

/// A member: its name, and how it stands there. Names of ours in every spelling, and others.
fn member() -> impl Strategy<Value = (String, String)> {
    let ours = prop_oneof![
        prop::sample::select(Key::ALL.to_vec()).prop_map(|key| key.name().to_owned()),
        prop::sample::select(Key::ALL.to_vec())
            .prop_map(|key| key.shipped_name().unwrap_or("ecr_repository_name").to_owned()),
        prop::sample::select(vec!["Client_Id", "clientSecret", "log-level", "Tenant", "USER BUCKET"])
            .prop_map(str::to_owned),
    ];
    let foreign = prop_oneof![
        Just("workflow".to_owned()),
        Just("queue_url".to_owned()),
        Just("TENNANT".to_owned()),
        Just("BENCHLING_TENANT".to_owned()),
        "x[a-z\u{e9} ]{0,3}",
    ];
    let space = prop::sample::select(vec!["", " ", "\t", "\r\n  "]);
    (prop_oneof![ours, foreign], raw(), space.clone(), space)
        .prop_map(|(name, raw, before, after)| (name.clone(), format!("\"{name}\"{before}:{after}{raw}")))
}

/// A document, with duplicates and odd spacing, and the members as they stand in it: of a name that stands twice the last.
fn document() -> impl Strategy<Value = (String, Map<String, Json>)> {
    let gap = prop::sample::select(vec![",", ", ", "\n,\n\t", ",\r\n"]);
    (prop::collection::vec(member(), 0..12), gap).prop_map(|(members, gap)| {
        let texts: Vec<&str> = members.iter().map(|(_, text)| text.as_str()).collect();
        let pairs = members.iter().map(|(name, text)| (name.clone(), Json::from(text.clone()))).collect();
        (format!("{{ {} }}", texts.join(gap)), pairs)
    })
}

fn names_of(text: &SecretText) -> BTreeSet<String> {
    let object: Map<String, Json> = serde_json::from_str(text.expose()).unwrap();
    object.keys().cloned().collect()
}

/// What each reader takes from a text, and whether it accepts it.
fn accepted(text: &SecretText, draft: &Draft, name: impl Fn(Key) -> Option<&'static str>) -> bool {
    let document = Document::parse(text).unwrap();
    Key::ALL.into_iter().filter_map(|key| Some((key, name(key)?))).all(|(key, name)| {
        let Some(Entry::Text(value)) = document.get(name) else { return false };
        value == &draft.values[&key]
            && rules::check(key, value.expose()).iter().all(|fault| fault.severity != Severity::Error)
    })
}

proptest! {
    /// Whatever the secret held: the reader finds every key with the values of the draft, nothing of ours is spelled otherwise, and what is
    /// none of ours stands there byte for byte.
    #[test]
    fn every_reader_finds_its_keys_and_the_rest_stays_byte_for_byte(draft in draft(), (text, pairs) in document()) {
        let old = Old::parse(&text.as_str().into()).unwrap();
        let written = edited(&draft, &old).text;
        let names = names_of(&written);
        if draft.reader.reads_capitals() {
            prop_assert!(accepted(&written, &draft, |key| Some(key.name())));
        }
        if draft.reader.reads_small_letters() {
            prop_assert!(accepted(&written, &draft, Key::shipped_name));
        }
        let kept = |name: &str| match spelled(name) {
            None => true,
            Some(Key::EcrRepositoryName) => draft.reader == Reader::Shipped,
            Some(_) => false,
        };
        let foreign: BTreeSet<String> = pairs.keys().filter(|name| kept(name)).cloned().collect();
        for name in &foreign {
            let pair = pairs[name].as_str().unwrap();
            prop_assert!(written.expose().contains(pair), "{pair}");
        }
        let wanted = Key::ALL.into_iter().flat_map(|key| key.names(draft.reader)).map(str::to_owned);
        let expected: BTreeSet<String> = wanted.chain(foreign).collect();
        prop_assert_eq!(names, expected);
    }

    /// Writing a second time changes nothing, for values that are taken from what was written too.
    #[test]
    fn what_was_written_once_is_left_alone(draft in draft(), (text, _) in document()) {
        let old = Old::parse(&text.as_str().into()).unwrap();
        let written = edited(&draft, &old).text;
        let again = Old::parse(&written).unwrap();
        prop_assert!(!edited(&draft, &again).changes());
        let document = Document::parse(&written).unwrap();
        for (key, value) in draft.values.iter().filter(|(key, _)| is_needed(draft.reader, **key)) {
            prop_assert_eq!(held(&document, *key, draft.reader).map(|(_, value)| value).unwrap_or_default(), value.clone());
        }
    }

    /// A line of the review for each name that is there before or after, and none of them tells a secret.
    #[test]
    fn every_change_has_its_line_and_no_line_tells_a_secret(draft in draft(), (text, _) in document()) {
        let old = Old::parse(&text.as_str().into()).unwrap();
        let content = edited(&draft, &old);
        let before: BTreeSet<String> = old.members().map(|member| member.name.clone()).collect();
        let after = names_of(&content.text);
        let shown = |kinds: &[FieldKind]| -> BTreeSet<String> {
            content.fields.iter().filter(|field| kinds.contains(&field.kind)).map(|field| field.name.clone()).collect()
        };
        let added = shown(&[FieldKind::Added, FieldKind::Renamed]);
        prop_assert_eq!(added, after.difference(&before).cloned().collect::<BTreeSet<_>>());
        let lines = format!("{:?}", content.fields);
        prop_assert!(!lines.contains("canary") && !lines.contains("quoted"), "{lines}");
    }
}

#[test]
fn a_name_that_others_may_take_it_by_is_none_of_ours() {
    for name in ["TENNANT", "BENCHLING_TENANT", "QUILT_USER_BUCKET", "bucketName", "metadataKey", "workflow"] {
        assert_eq!(spelled(name), None, "{name}");
    }
    for name in ["Client_Id", "clientId", "CLIENT-ID", "client_id"] {
        assert_eq!(spelled(name), Some(Key::ClientId), "{name}");
    }
}

#[test]
fn each_reader_looks_for_its_own_spelling_first() {
    let document = Document::parse(
        &r#"{"TENANT": "new", "tenant": "old", "CLIENT_ID": null, "client_id": "", "clientId": "x"}"#.into(),
    )
    .unwrap();
    let found = |key, reader| held(&document, key, reader).map(|(name, _)| name).unwrap_or_default();
    assert_eq!(found(Key::Tenant, Reader::Both), "TENANT");
    assert_eq!(found(Key::Tenant, Reader::Shipped), "tenant");
    assert_eq!(found(Key::ClientId, Reader::Specification), "clientId", "an empty value is none");
}
