//! What becomes of the secret.

use super::*;

const NEW: &str = r#"{
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

#[test]
fn a_new_secret_has_the_eleven_keys_in_order() {
    let facts = before_onboarding();
    let plan = plan_of(&facts, &answered(&facts));
    let change = secret_change(&plan);
    assert_eq!(change.content.expose(), NEW);
    assert_eq!((change.name.as_str(), change.region.as_str()), ("benchling-webhook-prod", "us-east-1"));
    assert_eq!((&change.arn, &change.replaces_version), (&None, &None));
    assert!(change.fields.iter().all(|field| field.kind == FieldKind::Added));
    assert_eq!(field(&change.fields, "WEBHOOK_ALLOW_LIST").after, "(empty)");
}

#[test]
fn only_a_difference_makes_a_new_version() {
    let mut facts = before_onboarding();
    with_secret(&mut facts, &NEW.replace('\n', " "));
    let mut draft = Draft::from_facts(&facts, &Selection::new());
    draft.write_config = false;
    assert!(plan_of(&facts, &draft).is_empty(), "spacing is no difference");

    draft.set(Key::LogLevel, "DEBUG");
    let plan = plan_of(&facts, &draft);
    let change = secret_change(&plan);
    assert_eq!(change.content.expose(), NEW.replace("INFO", "DEBUG"));
    assert_eq!(change.replaces_version.as_deref(), Some("v-1"));
    assert_eq!(shown(&change.fields, "LOG_LEVEL"), (FieldKind::Changed, "INFO".into(), "DEBUG".into()));
    assert_eq!(field(&change.fields, "CLIENT_SECRET").kind, FieldKind::Same);
}

#[test]
fn what_is_certain_is_put_right_where_that_is_asked_for_and_a_yes_or_no_in_any_case() {
    let mut facts = before_onboarding();
    let faulty = NEW.replace("\"quilt-dtt\"", "\"https://quilt-dtt.benchling.com/\"");
    let faulty = faulty.replace("\"INFO\"", "\" info\"").replace("\"true\"", "\"TRUE\"");
    with_secret(&mut facts, &faulty);
    let made = |fix: bool| {
        let mut selection = Selection::new();
        selection.migration.fix = fix;
        let mut draft = Draft::from_facts(&facts, &selection);
        draft.write_config = false;
        (plan(&facts, &selection, &draft), draft)
    };
    let (asked, draft) = made(true);
    assert_eq!(secret_change(&asked).content.expose(), NEW);
    assert_eq!(
        draft.corrected.keys().copied().collect::<Vec<_>>(),
        [Key::Tenant, Key::LogLevel, Key::EnableWebhookVerification]
    );
    let (unasked, draft) = made(false);
    assert_eq!((unasked.blocked.len(), draft.corrected.len()), (3, 0), "{:?}", unasked.blocked);
    let fields = &secret_change(&unasked).fields;
    assert_eq!(shown(fields, "ENABLE_WEBHOOK_VERIFICATION"), (FieldKind::Changed, "TRUE".into(), "true".into()));
}

#[test]
fn unknown_keys_stay_where_and_as_they_are() {
    let mut facts = before_onboarding();
    let odd = r#""z": {"b": [1, 2.50], "a": null},
  "workflow": "canary-extra""#;
    with_secret(&mut facts, &NEW.replacen("{\n", &format!("{{\n  {odd},\n"), 1).replace("\"true\"", "true"));
    let plan = plan_of(&facts, &Draft::from_facts(&facts, &Selection::new()));
    let change = secret_change(&plan);
    assert_eq!(change.content.expose(), NEW.replacen("{\n", &format!("{{\n  {odd},\n"), 1));
    assert_eq!(shown(&change.fields, "workflow"), (FieldKind::Same, "********".into(), "********".into()));
    assert_eq!(
        shown(&change.fields, "ENABLE_WEBHOOK_VERIFICATION"),
        (FieldKind::Changed, "true, without quotes".into(), "true".into())
    );
}

#[test]
fn a_secret_with_any_name_in_small_letters_gets_both_spellings_with_the_same_values() {
    let mut facts = before_onboarding();
    with_secret(
        &mut facts,
        r#"{"tenant": "old", "enable_webhook_verification": true, "log_level": "DEBUG", "LOG_LEVEL": "INFO", "queue_url": "q"}"#,
    );
    let mut draft = answered(&facts);
    draft.set(Key::LogLevel, "ERROR");
    let plan = plan_of(&facts, &draft);
    let written: Json = serde_json::from_str(secret_change(&plan).content.expose()).unwrap();
    for key in Key::ALL {
        let value = json!(draft.values[&key].expose());
        assert_eq!(written[key.name()], value, "{key}");
        assert!(key.shipped_name().is_none_or(|name| written[name] == value), "{key}");
    }
    assert_eq!(written.as_object().unwrap().len(), 11 + 10 + 1, "and what is none of ours");
    let lines = &secret_change(&plan).fields;
    assert_eq!(shown(lines, "tenant"), (FieldKind::Changed, "old".into(), "quilt-dtt".into()));
    assert_eq!(shown(lines, "TENANT"), (FieldKind::Added, String::new(), "quilt-dtt".into()));
}

#[test]
fn written_as_the_specification_other_spellings_are_renamed_or_go() {
    let mut facts = before_onboarding();
    let there = NEW
        .replace("CLIENT_ID", "client_id")
        .replace("TENANT", "Tenant")
        .replace("\"LOG_LEVEL\"", "\"log_level\": \"DEBUG\", \"LOG_LEVEL\"")
        .replacen('{', "{\"workflow\" :\t[1.50],", 1);
    with_secret(&mut facts, &there);
    let mut selection = Selection::new();
    selection.migration.reader = Some(Reader::Specification);
    let plan = plan(&facts, &selection, &Draft::from_facts(&facts, &selection));
    let change = secret_change(&plan);
    assert_eq!(change.content.expose(), NEW.replacen("{\n", "{\n  \"workflow\" :\t[1.50],\n", 1));
    let lines = &change.fields;
    assert_eq!(shown(lines, "CLIENT_ID"), (FieldKind::Renamed, "client_id".into(), "wqF***Ye".into()));
    assert_eq!(shown(lines, "TENANT"), (FieldKind::Renamed, "Tenant".into(), "quilt-dtt".into()));
    assert_eq!(shown(lines, "log_level"), (FieldKind::Removed, "DEBUG".into(), String::new()));
    assert_eq!(field(lines, "workflow").kind, FieldKind::Same);
}

#[test]
fn written_for_shipped_runtimes_it_has_their_ten_names_in_their_order() {
    let facts = before_onboarding();
    let mut selection = Selection::new();
    selection.migration.reader = Some(Reader::Shipped);
    let mut draft = Draft::from_facts(&facts, &selection);
    for (key, value) in answers().into_iter().filter(|(key, _)| *key != Key::EcrRepositoryName) {
        draft.set(key, value);
    }
    draft.write_config = false;
    let plan = plan(&facts, &selection, &draft);
    assert_eq!(plan.blocked, Vec::<String>::new(), "shipped runtimes know no ECR repository");
    let names: Vec<&str> = secret_change(&plan).fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "tenant",
            "client_id",
            "client_secret",
            "app_definition_id",
            "user_bucket",
            "pkg_prefix",
            "pkg_key",
            "log_level",
            "webhook_allow_list",
            "enable_webhook_verification"
        ]
    );
    draft.values.remove(&Key::Tenant);
    assert_eq!(
        super::plan(&facts, &selection, &draft).blocked,
        ["tenant has no value yet; shipped runtimes read 10 names."]
    );
}

#[test]
fn a_stage_that_an_interrupted_write_left_is_taken_off_and_a_pending_version_used() {
    let mut facts = before_onboarding();
    with_secret(&mut facts, &NEW.replace('\n', " "));
    let versions = |pairs: [(&str, &[&str]); 2]| {
        pairs.map(|(id, stages)| (id.to_owned(), stages.iter().map(|stage| (*stage).to_owned()).collect())).to_vec()
    };
    let mut draft = Draft::from_facts(&facts, &Selection::new());
    draft.write_config = false;
    assert!(plan_of(&facts, &draft).is_empty());
    for (left, stages) in [
        ("v-1", versions([("v-0", &["AWSPREVIOUS"]), ("v-1", &["AWSCURRENT", "ROLECALL_PENDING"])])),
        ("v-2", versions([("v-1", &["AWSCURRENT"]), ("v-2", &["ROLECALL_PENDING"])])),
    ] {
        secret_mut(&mut facts).versions = stages;
        let only = plan_of(&facts, &draft);
        let change = secret_change(&only);
        assert!(change.only_takes_stage_off());
        assert_eq!(change.left_pending.as_deref(), Some(left));
        assert_eq!(change.content.expose(), NEW.replace('\n', " "), "not a byte of it is new");

        let mut changed = draft.clone();
        changed.set(Key::LogLevel, "DEBUG");
        let plan = plan_of(&facts, &changed);
        assert!(!secret_change(&plan).only_takes_stage_off());
        assert_eq!(secret_change(&plan).left_pending.as_deref(), Some(left));
        assert_ne!(plan.id, only.id);
    }
}

fn with_extras(key: Option<&str>, tags: &[(&str, &str)]) -> Selection {
    let mut selection = Selection::new();
    selection.migration.kms_key = key.map(str::to_owned);
    selection.migration.tags = tags.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    selection
}

#[test]
fn a_new_secret_gets_its_key_and_its_tags() {
    let facts = before_onboarding();
    let draft = answered(&facts);
    let plain = plan_of(&facts, &draft);
    let selection = with_extras(Some("alias/webhook"), &[("team", "data")]);
    let plan = plan(&facts, &selection, &draft);
    let change = secret_change(&plan);
    assert_eq!(change.kms_key.as_deref(), Some("alias/webhook"));
    assert_eq!(change.tags, [("team".to_owned(), "data".to_owned())]);
    assert_eq!(change.content.expose(), NEW);
    assert_eq!(shown(&change.fields, "(tag team)"), (FieldKind::Added, String::new(), "data".into()));
    let ids = [
        with_extras(Some("alias/other"), &[("team", "data")]),
        with_extras(None, &[("team", "data")]),
        with_extras(Some("alias/webhook"), &[("team", "other")]),
    ]
    .map(|selection| super::plan(&facts, &selection, &draft).id);
    assert!(!ids.contains(&plan.id) && plan.id != plain.id);

    let wrong = with_extras(Some("not a key"), &[("aws:x", ""), ("a", "1"), ("a", "2"), ("b", "\u{1b}[31m")]);
    let blocked = super::plan(&facts, &wrong, &draft).blocked;
    assert_eq!(
        blocked,
        [
            "`not a key` names no KMS key: give its id, its ARN or alias/NAME.",
            "The tag `aws:x` cannot be given to a secret: names that begin with aws: are AWS's own.",
            "The tag `b` cannot be given to a secret: tags hold letters, digits, spaces and _.:/=+-@.",
            "The tag a is given twice: a secret has each tag once.",
        ]
    );
}

#[test]
fn what_a_new_version_would_not_change_is_said_and_what_is_so_already_is_not() {
    let mut facts = before_onboarding();
    with_secret(&mut facts, NEW);
    secret_mut(&mut facts).tags = vec![("ManagedBy".into(), "rolecall".into()), ("team".into(), "data".into())];
    let key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    secret_mut(&mut facts).kms_key = Some(key.into());
    let mut draft = Draft::from_facts(&facts, &Selection::new());
    draft.write_config = false;
    for given in [key, "1234abcd-12ab-34cd-56ef-1234567890ab"] {
        let plan = plan(&facts, &with_extras(Some(given), &[("team", "data")]), &draft);
        assert!(plan.is_empty() && plan.blocked.is_empty(), "{plan:?}");
    }
    let plan = plan(&facts, &with_extras(Some("alias/aws/secretsmanager"), &[("team", "other")]), &draft);
    assert_eq!(
        plan.blocked,
        [
            "The secret benchling-webhook-prod is there already, and a new version changes neither its KMS key nor its tags: \
             leave out the KMS key alias/aws/secretsmanager and the tags team=other."
        ]
    );
}

#[test]
fn duplicates_are_cleared() {
    let mut facts = before_onboarding();
    with_secret(&mut facts, &NEW.replacen('{', "{\"TENANT\": \"first\",", 1));
    let plan = plan_of(&facts, &Draft::from_facts(&facts, &Selection::new()));
    assert_eq!(secret_change(&plan).content.expose().matches("TENANT").count(), 1);
}

#[test]
fn what_cannot_be_read_as_json_is_replaced_whole_and_shown() {
    for (content, why) in [
        (SecretContent::Binary(20), "it is binary, 20 bytes"),
        (SecretContent::Text("[]".into()), "it is an array, not an object"),
    ] {
        let mut facts = before_onboarding();
        with_secret(&mut facts, "{}");
        if let Fact::Known(Secret { value: Fact::Known(value), .. }) = &mut facts.secret {
            value.content = content;
        }
        let plan = plan_of(&facts, &answered(&facts));
        let change = secret_change(&plan);
        assert_eq!(change.content.expose(), NEW);
        assert_eq!(field(&change.fields, "(the whole content)").before, why);
    }
}

#[test]
fn a_secret_without_a_version_gets_its_first() {
    let mut facts = before_onboarding();
    with_secret(&mut facts, "{}");
    if let Fact::Known(secret) = &mut facts.secret {
        secret.value = Fact::Absent;
    }
    let plan = plan_of(&facts, &answered(&facts));
    assert_eq!(secret_change(&plan).arn.as_deref(), Some(SECRET_ARN));
    assert_eq!(secret_change(&plan).replaces_version, None);
}

fn blocked(change: impl FnOnce(&mut Facts), name: Option<&str>) -> Vec<String> {
    let mut facts = before_onboarding();
    with_secret(&mut facts, NEW);
    change(&mut facts);
    let mut draft = answered(&facts);
    if let Some(name) = name {
        draft.set_secret_name(name);
    }
    plan_of(&facts, &draft).blocked
}

fn secret_mut(facts: &mut Facts) -> &mut Secret {
    let Fact::Known(secret) = &mut facts.secret else { panic!() };
    secret
}

#[test]
fn nothing_is_written_over_what_was_not_seen() {
    let denied = |action: &str| {
        let error = AwsError::local(ErrorKind::Denied, action, "no");
        (action.to_owned(), error)
    };
    let (action, error) = denied("secretsmanager:GetSecretValue");
    assert_eq!(
        blocked(|facts| secret_mut(facts).value = Fact::Denied { action, error }, None),
        [
            "The secret benchling-webhook-prod cannot be read, so nothing is written over it: secretsmanager:GetSecretValue is needed."
        ]
    );
    let (action, error) = denied("secretsmanager:DescribeSecret");
    assert_eq!(blocked(|facts| facts.secret = Fact::Denied { action, error }, Some("mine")).len(), 1);
    assert_eq!(
        blocked(|facts| secret_mut(facts).deleted = Some("2026-04-01T00:00:00Z".parse().unwrap()), None),
        [
            "The secret benchling-webhook-prod is scheduled for deletion on 2026-04-01T00:00:00Z. Restore it, or choose another name."
        ]
    );
    assert_eq!(
        blocked(|facts| secret_mut(facts).owning_service = Some("appflow".into()), None),
        ["The secret benchling-webhook-prod is managed by appflow; only that service writes it."]
    );
    let primary =
        |region: &'static str| move |facts: &mut Facts| secret_mut(facts).kept.primary_region = Some(region.to_owned());
    assert_eq!(
        blocked(primary("eu-west-1"), None),
        [
            "The secret benchling-webhook-prod is a replica, which cannot be written: write the secret in eu-west-1, and this one follows."
        ]
    );
    assert_eq!(blocked(primary("us-east-1"), None), Vec::<String>::new(), "replicas follow it");
    assert_eq!(
        blocked(|facts| facts.secret.begin(), Some("benchling-webhook-prod")),
        ["The secret benchling-webhook-prod is still being read."]
    );
    let other = SecretSummary { name: "other".into(), arn: SECRET_ARN.into(), description: None, changed: None };
    assert_eq!(
        blocked(|facts| facts.secrets = Fact::Known(vec![other]), Some("other")),
        ["A secret other exists but was not read. Choose it in the secret step, so that what it holds is kept."]
    );
    assert_eq!(
        blocked(|_| (), Some("not a name")),
        ["No secret can be created under the name `not a name`: a name has 1 to 512 letters, digits and /_+=.@-."]
    );
}

#[test]
fn what_cloudformation_made_is_written_and_what_is_too_large_is_not() {
    let made = blocked(|facts| secret_mut(facts).stack = Some("quilt-prod".into()), None);
    assert_eq!(made, Vec::<String>::new());
    let large = format!("{{\"mine\": \"{}\"}}", "x".repeat(65_500));
    let blocked = blocked(|facts| with_secret(facts, &large), None);
    assert!(
        matches!(&blocked[..], [why] if why.ends_with("bytes; Secrets Manager takes at most 65536.")),
        "{blocked:?}"
    );
}
