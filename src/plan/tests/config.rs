//! What becomes of `config.json`.

use super::*;

const NEW: &str = r#"{
    "quilt": {
        "stackArn": "arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-prod/1-2-3",
        "catalog": "quilt.example.com",
        "database": "userathenadatabase-1",
        "queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/packager",
        "region": "us-east-1",
        "bucketWritePolicyArn": "arn:aws:iam::111122223333:policy/BucketWrite",
        "readRoleArn": "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod",
        "writeRoleArn": "arn:aws:iam::111122223333:role/ReadWriteQuiltV2-quilt-prod"
    },
    "benchling": {
        "tenant": "quilt-dtt",
        "clientId": "wqFabcdefgYe",
        "appDefinitionId": "appdef_wqFabc123",
        "secretArn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-prod-AbCdEf"
    },
    "packages": {
        "bucket": "quilt-user-bucket",
        "prefix": "benchling",
        "metadataKey": "experiment_id"
    },
    "deployment": {
        "region": "us-east-1",
        "account": "111122223333",
        "ecrRepository": "quiltdata/benchling",
        "stackName": "BenchlingWebhookStack"
    },
    "integratedStack": false,
    "logging": {
        "level": "INFO"
    },
    "security": {
        "webhookAllowList": "",
        "enableVerification": true
    },
    "_metadata": {
        "version": "0.7.0",
        "createdAt": "2026-03-04T12:00:00.000Z",
        "updatedAt": "2026-03-04T12:00:00.000Z",
        "source": "wizard"
    }
}"#;

/// After onboarding, with what the file holds changed.
fn onboarded(change: impl FnOnce(String) -> String) -> Facts {
    let facts = before_onboarding();
    let plan = plan_of(&facts, &answered(&facts));
    let mut facts = carried_out(facts, &plan);
    let text = change(config_text(&facts));
    with_config(&mut facts, &text);
    facts
}

fn replanned(facts: &Facts) -> Plan {
    plan_of(facts, &Draft::from_facts(facts, &Selection::new()))
}

fn after(facts: &Facts) -> String {
    config_text(&carried_out(facts.clone(), &replanned(facts)))
}

#[test]
fn a_new_file_is_correct_to_the_byte() {
    let facts = before_onboarding();
    let plan = plan_of(&facts, &answered(&facts));
    let change = config_change(&plan);
    assert_eq!(change.path.to_str(), Some(PATH));
    assert_eq!((&change.replaces, change.tightens_mode, change.replaces_unreadable), (&None, None, false));
    assert_eq!(config_text(&carried_out(facts, &plan)), NEW);
}

#[test]
fn only_what_differs_is_edited() {
    let facts = onboarded(|text| {
        text.replace("\"quilt.example.com\"", "\"https://Quilt.example.com/\"")
            .replace("\"benchling\",", "\"old\",")
            .replacen("{\n", "{\n    \"_inherits\": \"default\",\n    \"custom\":   [1,2],\n", 1)
            .replace("\"source\": \"wizard\"", "\"source\": \"cli\"")
    });
    let mut draft = Draft::from_facts(&facts, &Selection::new());
    draft.set(Key::PkgPrefix, "benchling");
    let plan = plan_of(&facts, &draft);
    let change = config_change(&plan);
    let edited: Vec<String> = change.edits.iter().map(|edit| edit.path.join(".")).collect();
    assert_eq!(edited, ["packages.prefix", "_metadata.updatedAt", "_metadata.source"]);
    assert_eq!(shown(&change.fields, "packages.prefix"), (FieldKind::Changed, "old".into(), "benchling".into()));
    let written = config_text(&carried_out(facts.clone(), &plan));
    assert!(written.contains("    \"custom\":   [1,2],\n") && written.contains("https://Quilt.example.com/"));
    assert!(written.contains("\"createdAt\": \"2026-03-04T12:00:00.000Z\""), "{written}");
}

#[test]
fn times_and_provenance_alone_are_no_change() {
    let facts = onboarded(|text| text.replace("\"source\": \"wizard\"", "\"source\": \"manual\""));
    assert!(replanned(&facts).is_empty());
    let refused = onboarded(|text| text.replace("\"source\": \"wizard\"", "\"source\": \"tui\""));
    assert_eq!(config_change(&replanned(&refused)).edits.len(), 2, "readers refuse another source");
    let dateless = onboarded(|text| text.replace("updatedAt", "changedAt"));
    assert!(!replanned(&dateless).is_empty(), "readers want the time");
}

#[test]
fn what_the_user_decided_in_the_file_stays() {
    let facts = onboarded(|text| {
        text.replace("\"integratedStack\": false", "\"integratedStack\": true")
            .replace("\"BenchlingWebhookStack\"", "\"MyStack\"")
            .replace("\"account\": \"111122223333\"", "\"account\": \"444455556666\"")
    });
    assert!(replanned(&facts).is_empty(), "{:?}", replanned(&facts));
}

#[test]
fn a_stack_that_owns_the_secret_is_integrated() {
    let mut facts = before_onboarding();
    with_secret(&mut facts, "{}");
    if let Fact::Known(resources) = &mut facts.resources {
        let secret =
            StackResource { resource_type: "AWS::SecretsManager::Secret".into(), physical_id: SECRET_ARN.into() };
        resources.insert("BenchlingSecret".into(), secret);
    }
    let plan = plan_of(&facts, &answered(&facts));
    assert_eq!(field(&config_change(&plan).fields, "integratedStack").after, "true");
}

#[test]
fn fields_can_be_left_out() {
    let facts = before_onboarding();
    let mut draft = answered(&facts);
    draft.leave_out.extend(["quilt.readRoleArn".to_owned(), "deployment".to_owned(), "quilt.catalog".to_owned()]);
    let plan = plan_of(&facts, &draft);
    assert_eq!(plan.blocked, Vec::<String>::new());
    let written: Json = serde_json::from_str(&config_text(&carried_out(facts, &plan))).unwrap();
    assert_eq!((&written["quilt"]["readRoleArn"], &written["deployment"]), (&Json::Null, &Json::Null));
    assert!(written["quilt"]["writeRoleArn"].is_string());
}

#[test]
fn the_client_secret_is_written_on_choice_and_taken_out_on_choice() {
    let facts = before_onboarding();
    let mut draft = answered(&facts);
    assert!(!draft.client_secret_in_config);
    draft.client_secret_in_config = true;
    let plan = plan_of(&facts, &draft);
    let facts = carried_out(facts, &plan);
    assert!(config_text(&facts).contains(CANARY));
    let mut draft = Draft::from_facts(&facts, &Selection::new());
    assert!(draft.client_secret_in_config && plan_of(&facts, &draft).is_empty());
    draft.client_secret_in_config = false;
    let plan = plan_of(&facts, &draft);
    assert_eq!(field(&config_change(&plan).fields, "benchling.clientSecret").kind, FieldKind::Removed);
    assert!(!config_text(&carried_out(facts, &plan)).contains("clientSecret"));
}

#[test]
fn a_file_that_others_may_read_is_closed() {
    let mut facts = onboarded(|text| text);
    if let Fact::Known(file) = &mut facts.config {
        file.mode = Some(0o644);
    }
    assert!(replanned(&facts).is_empty(), "nothing in it is secret");
    let text =
        config_text(&facts).replace("\"secretArn\"", "\"clientSecret\": \"canary-client-secret\", \"secretArn\"");
    facts.config = Fact::Known(ConfigFile { path: PATH.into(), text: text.into(), mode: Some(0o644) });
    assert_eq!(config_change(&replanned(&facts)).tightens_mode, Some(0o644));
}

#[test]
fn a_file_that_is_no_json_is_replaced_whole() {
    let mut facts = before_onboarding();
    with_config(&mut facts, "{ // mine\n}");
    let plan = plan_of(&facts, &answered(&facts));
    let change = config_change(&plan);
    assert!(change.replaces_unreadable && change.replaces.is_some());
    assert_eq!(
        shown(&change.fields, "(the whole file)"),
        (
            FieldKind::Removed,
            "it is not JSON: comments are not allowed at line 1, column 3".into(),
            "kept as a backup".into()
        )
    );
    assert_eq!(config_text(&carried_out(facts, &plan)), NEW);
}

#[test]
fn odd_values_are_put_right() {
    let facts = onboarded(|text| {
        text.replace("true\n", "\"true\"\n")
            .replace("\"logging\": {\n        \"level\": \"INFO\"\n    }", "\"logging\": null")
    });
    let written: Json = serde_json::from_str(&after(&facts)).unwrap();
    assert_eq!(written["security"]["enableVerification"], json!(true));
    assert_eq!(written["logging"]["level"], json!("INFO"));
}

#[test]
fn a_level_that_readers_refuse_is_not_written() {
    let facts = before_onboarding();
    let mut draft = answered(&facts);
    draft.set(Key::LogLevel, "CRITICAL");
    let plan = plan_of(&facts, &draft);
    assert!(!config_text(&carried_out(facts, &plan)).contains("logging"));
}

#[test]
fn without_the_secret_the_file_is_planned_alone() {
    let mut facts = before_onboarding();
    let known = SecretSummary {
        name: "benchling-webhook-prod".into(),
        arn: SECRET_ARN.into(),
        description: None,
        changed: None,
    };
    facts.secrets = Fact::Known(vec![known]);
    let error = AwsError::local(ErrorKind::Denied, "secretsmanager:DescribeSecret", "no");
    facts.secret = Fact::Denied { action: "secretsmanager:DescribeSecret".into(), error };
    let mut draft = answered(&facts);
    draft.write_secret = false;
    let plan = plan_of(&facts, &draft);
    assert_eq!((plan.changes.len(), plan.blocked.len()), (1, 0));
    assert!(config_text(&carried_out(facts, &plan)).contains(SECRET_ARN), "the list tells the ARN");
}

#[test]
fn what_stands_in_the_file_is_enough_where_the_stack_is_not_known() {
    let mut facts = onboarded(|text| text);
    facts.stack = Fact::NotAsked;
    assert!(replanned(&facts).is_empty(), "{:?}", replanned(&facts));
}

#[test]
fn a_file_that_was_not_read_is_not_written() {
    let mut facts = before_onboarding();
    facts.config = Fact::NotAsked;
    assert_eq!(plan_of(&facts, &answered(&facts)).blocked, ["config.json is still being read."]);
    facts.config = Fact::Failed(AwsError::local(ErrorKind::Other, "read", "it is a symbolic link"));
    assert_eq!(
        plan_of(&facts, &answered(&facts)).blocked,
        ["config.json could not be read, so nothing is written over it: it is a symbolic link."]
    );
    facts.config = Fact::Absent;
    let selection = Selection { config_profile: "../x".into(), ..Selection::new() };
    assert!(plan(&facts, &selection, &answered(&facts)).blocked[0].contains("is a path"));
}
