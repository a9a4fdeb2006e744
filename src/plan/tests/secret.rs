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
fn the_shipped_spelling_is_kept_in_step_but_never_overruled() {
    let mut facts = before_onboarding();
    with_secret(
        &mut facts,
        r#"{"tenant": "old", "enable_webhook_verification": true, "log_level": "DEBUG", "LOG_LEVEL": "INFO"}"#,
    );
    let mut draft = answered(&facts);
    draft.set(Key::LogLevel, "ERROR");
    let content = secret_change(&plan_of(&facts, &draft)).content.clone();
    let written: Json = serde_json::from_str(content.expose()).unwrap();
    assert_eq!((&written["tenant"], &written["TENANT"]), (&json!("quilt-dtt"), &json!("quilt-dtt")));
    assert_eq!(written["enable_webhook_verification"], json!(true), "says the same already");
    assert_eq!((&written["log_level"], &written["LOG_LEVEL"]), (&json!("DEBUG"), &json!("ERROR")));
    assert_eq!(written.as_object().unwrap().len(), 11 + 3);
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
