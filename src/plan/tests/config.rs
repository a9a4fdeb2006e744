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

#[test]
fn a_byte_order_mark_goes_and_all_else_stays() {
    let facts = onboarded(|text| format!("\u{feff}{}", text.replacen("{\n", "{\n    \"mine\":  [1 ,2],\n", 1)));
    let plan = replanned(&facts);
    let change = config_change(&plan);
    assert!(!change.replaces_unreadable && change.replaces.as_ref().unwrap().expose().starts_with('\u{feff}'));
    assert_eq!(field(&change.fields, "(the byte order mark)").kind, FieldKind::Removed);
    let before = config_text(&facts);
    let now = after(&facts);
    assert_eq!(
        now.replace("T13:00", "T12:00"),
        before.trim_start_matches('\u{feff}'),
        "only the mark and the time differ"
    );
    let mut done = facts.clone();
    with_config(&mut done, &now);
    assert!(replanned(&done).is_empty());
}

#[test]
fn what_readers_refuse_and_nobody_needs_is_taken_out() {
    let facts = onboarded(|text| {
        let text = text.replacen("\"packages\": {", "\"packages\": {\n        \"workflow\": null,", 1);
        let text = text.replacen("\"quilt\": {", "\"quilt\": {\n        \"icebergDatabase\": \"\", \"mine\": null,", 1);
        text.replace("\"createdAt\": \"2026-03-04T12:00:00.000Z\"", "\"createdAt\": \"yesterday\"")
    });
    let plan = replanned(&facts);
    let change = config_change(&plan);
    assert_eq!(
        shown(&change.fields, "packages.workflow"),
        (FieldKind::Removed, "null".into(), "readers refuse it".into())
    );
    let written: Json = serde_json::from_str(&config_text(&carried_out(facts, &plan))).unwrap();
    assert_eq!((written["packages"].get("workflow"), written["quilt"].get("icebergDatabase")), (None, None));
    assert_eq!(written["quilt"].get("mine"), Some(&Json::Null), "what is the user's own stays as it is");
    assert_eq!(written["_metadata"]["createdAt"], json!("2026-03-04T13:00:00.000Z"), "a date in place of none");
}

#[test]
fn a_level_that_readers_refuse_is_taken_out() {
    let mut facts = onboarded(|text| text.replace("\"INFO\"", "\"CRITICAL\""));
    let secret = facts.secret.known().unwrap().value.known().unwrap().content.clone();
    let SecretContent::Text(text) = secret else { panic!() };
    with_secret(&mut facts, &text.expose().replace("INFO", "CRITICAL"));
    let plan = replanned(&facts);
    assert_eq!(field(&config_change(&plan).fields, "logging.level").kind, FieldKind::Removed);
    assert!(replanned(&carried_out(facts, &plan)).is_empty());
}

/// A child of what onboarding wrote, with nothing of its own but what is given.
fn child(own: Json) -> (Facts, Selection) {
    let mut facts = onboarded(|text| text);
    let parent = ConfigFile {
        path: "/home/ada/.config/benchling-webhook/base/config.json".into(),
        text: config_text(&facts)
            .replace("\"benchling\": {", "\"benchling\": {\n \"clientSecret\": \"canary-of-parent\",")
            .into(),
        mode: Some(0o600),
    };
    facts.ancestors = Fact::Known(vec![Ancestor { name: "base".into(), file: Fact::Known(parent) }]);
    let path = "/home/ada/.config/benchling-webhook/dev/config.json";
    facts.config = Fact::Known(ConfigFile { path: path.into(), text: own.to_string().into(), mode: Some(0o600) });
    (facts, Selection { config_profile: "dev".into(), ..Selection::new() })
}

#[test]
fn a_child_gets_what_every_reader_of_it_needs_and_goes_on_inheriting() {
    let own = json!({"_inherits": "base", "packages": {"prefix": "dev"}, "mine": 1});
    let (mut facts, selection) = child(own);
    facts.stack = Fact::NotAsked;
    facts.resources = Fact::NotAsked;
    let draft = Draft::from_facts(&facts, &selection);
    let plan = plan(&facts, &selection, &draft);
    assert_eq!(plan.blocked, Vec::<String>::new(), "what the parent says is enough");
    let change = config_change(&plan);
    assert_eq!(shown(&change.fields, "quilt.catalog").2, "quilt.example.com (until now inherited from base)");
    let old = change.replaces.as_ref().unwrap().expose();
    let text = edit::apply(Some(old), &change.edits, Some(SECRET_ARN)).unwrap();
    let written: Json = serde_json::from_str(&text).unwrap();
    assert_eq!((&written["_inherits"], &written["mine"]), (&json!("base"), &json!(1)));
    assert_eq!(written["quilt"]["database"], "userathenadatabase-1");
    assert_eq!(written["quilt"]["bucketWritePolicyArn"], "arn:aws:iam::111122223333:policy/BucketWrite");
    assert!(!text.contains("canary") && !format!("{plan:?}").contains("canary"), "a client secret is never copied");
    assert!(
        crate::config::FIELDS
            .iter()
            .filter(|field| field.required)
            .all(|field| { written.pointer(&format!("/{}", field.path.join("/"))).is_some() })
    );
    let mut facts = facts;
    facts.config = Fact::Known(ConfigFile { text: text.into(), ..facts.config.known().unwrap().clone() });
    let again = super::plan(&facts, &selection, &Draft::from_facts(&facts, &selection));
    assert!(again.is_empty() && again.blocked.is_empty(), "{again:?}");
}

#[test]
fn a_null_that_hides_a_parents_value_stays() {
    let (facts, selection) = child(json!({"_inherits": "base", "quilt": {"athenaUserWorkgroup": null}}));
    let mut facts = facts;
    let parent = json!({"quilt": {"athenaUserWorkgroup": "group"}});
    facts.ancestors = Fact::Known(vec![Ancestor {
        name: "base".into(),
        file: Fact::Known(ConfigFile {
            path: "/home/ada/.config/benchling-webhook/base/config.json".into(),
            text: parent.to_string().into(),
            mode: None,
        }),
    }]);
    let plan = plan(&facts, &selection, &Draft::from_facts(&facts, &selection));
    assert!(config_change(&plan).fields.iter().all(|line| line.name != "quilt.athenaUserWorkgroup"));
}

/// A value of JSON as someone may have written it, with the spaces inside.
fn as_written() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("1.50e+2".to_owned()),
        Just("-0".to_owned()),
        "\"[ a-z\u{e9}]{0,5}\"",
        Just(r#""\u0041\/\n""#.to_owned()),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|parts| format!("[ {}]", parts.join(" ,\t"))),
            prop::collection::vec(inner, 0..3).prop_map(|parts| {
                let members: Vec<String> =
                    parts.iter().enumerate().map(|(at, part)| format!("\"k{at}\" :{part}")).collect();
                format!("{{\r\n{}\t}}", members.join(",\n"))
            }),
        ]
    })
}

/// A section that rolecall writes into, with members of its own and others between them.
fn section() -> impl Strategy<Value = (String, Vec<String>)> {
    let known = [
        ("quilt", "stackArn"),
        ("quilt", "region"),
        ("benchling", "tenant"),
        ("benchling", "secretArn"),
        ("packages", "bucket"),
        ("deployment", "region"),
        ("logging", "level"),
        ("security", "enableVerification"),
    ];
    let others = prop::collection::vec(("x[a-z]{1,4}", as_written()), 0..4);
    (prop::sample::select(known.to_vec()), others, prop::sample::select(vec!["", " ", "\n\t"])).prop_map(
        |((section, field), others, space)| {
            let others: BTreeMap<String, String> = others.into_iter().collect();
            let kept: Vec<String> = others.iter().map(|(name, raw)| format!("\"{name}\"{space}: {raw}")).collect();
            let own = format!("\"{field}\":\"old\"");
            let members: Vec<String> = [own].into_iter().chain(kept.clone()).collect();
            (format!("\"{section}\"{space}:{space}{{{}}}", members.join(&format!(",{space}"))), kept)
        },
    )
}

proptest! {
    /// Whatever else stands in a config.json, at the top or within the sections that are written, and however it is spaced: it is there
    /// afterwards byte for byte, and what the plan does not name has not moved.
    #[test]
    fn what_is_unknown_survives_byte_for_byte(
        tops in prop::collection::btree_map("y[a-z]{1,4}", as_written(), 0..4),
        sections in prop::collection::vec(section(), 0..4),
        gap in prop::sample::select(vec![",", ", ", ",\n  ", "\r\n,\t"]),
        end in prop::sample::select(vec!["", "\n", "\r\n"]),
    ) {
        let mut kept: Vec<String> = tops.iter().map(|(name, raw)| format!("\"{name}\" :\t{raw}")).collect();
        let mut members = kept.clone();
        let mut named = std::collections::BTreeSet::new();
        for (text, inner) in sections {
            // A section that stands twice is edited where readers look: in the last one.
            if named.insert(text.split('"').nth(1).unwrap_or_default().to_owned()) {
                members.push(text);
                kept.extend(inner);
            }
        }
        let text = format!("{{ {} }}{end}", members.join(gap));
        let mut facts = before_onboarding();
        with_config(&mut facts, &text);
        let plan = plan_of(&facts, &answered(&facts));
        let after = config_text(&carried_out(facts, &plan));
        for member in &kept {
            prop_assert!(after.contains(member.as_str()), "{member} is gone: {after}");
        }
        let tail = format!("}}{end}");
        prop_assert!(after.ends_with(&tail));
        let (before, now): (Json, Json) = (serde_json::from_str(&text).unwrap(), serde_json::from_str(&after).unwrap());
        let edited: Vec<String> = config_change(&plan).edits.iter().map(|edit| edit.path.join(".")).collect();
        for (section, value) in before.as_object().unwrap() {
            let Some(fields) = value.as_object().filter(|_| !section.starts_with('y')) else { continue };
            for (field, value) in fields.iter().filter(|(field, _)| !edited.contains(&format!("{section}.{field}"))) {
                prop_assert_eq!(&now[section][field], value);
            }
        }
    }
}
