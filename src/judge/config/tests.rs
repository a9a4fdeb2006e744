use serde_json::{Value, json};

use crate::judge::Judgement;
use crate::judge::scene::{Scene, all, config, config_text, find};
use crate::model::facts::{Ancestor, Deployed};
use crate::model::{AwsError, ErrorKind, Fact, Severity};

fn judged(change: impl FnOnce(&mut Value)) -> Judgement {
    let mut value: Value = serde_json::from_str(&config_text()).unwrap();
    change(&mut value);
    with_text(&value.to_string())
}

fn with_text(text: &str) -> Judgement {
    let mut scene = Scene::healthy();
    scene.facts.config = Fact::Known(config(text));
    scene.judge()
}

#[test]
fn a_right_file_is_said_to_be_right() {
    let judged = judged(|_| ());
    assert_eq!(find(&judged, "config/fields").severity, Severity::Ok);
    assert!(judged.findings.iter().all(|f| !f.id.starts_with("config/") || f.severity == Severity::Ok));
}

#[test]
fn what_is_no_json_is_an_error_that_shows_nothing_of_it() {
    for text in ["{\"benchling\": {\"clientSecret\": \"canary\"", "canary", "[\"canary\"]", ""] {
        let judged = with_text(text);
        assert_eq!(find(&judged, "config/json").severity, Severity::Error, "{text}");
        assert!(!format!("{judged:?}").contains("canary"));
    }
}

#[test]
fn what_the_file_says_of_the_mode_is_held_against_the_stack() {
    let own = "arn:aws:secretsmanager:us-east-1:111122223333:secret:BenchlingSecret-abc-AbCdEf";
    let ours = crate::judge::scene::SECRET_ARN;
    for (switch, has_own, says, named, part) in [
        (Some("Enabled"), true, true, own, None),
        (Some("Disabled"), true, false, ours, None),
        (None, false, false, ours, None),
        (Some("Disabled"), true, true, own, Some("switched off (parameter BenchlingWebhook)")),
        (None, false, true, ours, Some("has no webhook built in")),
        (Some("Enabled"), true, true, ours, Some("names another secret")),
        (Some("Enabled"), true, false, own, Some("names the secret that quilt-prod reads itself")),
    ] {
        let mut scene = Scene::healthy();
        let Fact::Known(stack) = &mut scene.facts.stack else { panic!("the scene has a stack") };
        stack.parameters = switch.into_iter().map(|value| ("BenchlingWebhook".to_owned(), value.to_owned())).collect();
        stack.outputs.extend(has_own.then(|| ("BenchlingSecretArn".to_owned(), own.to_owned())));
        let mut file: Value = serde_json::from_str(&config_text()).unwrap();
        file["integratedStack"] = json!(says);
        file["benchling"]["secretArn"] = json!(named);
        scene.facts.config = Fact::Known(config(&file.to_string()));
        let judged = scene.judge();
        let found: Vec<&str> = all(&judged, "config/integrated-stack").iter().map(|f| f.claim.as_str()).collect();
        match part {
            None => assert!(found.is_empty(), "{found:?}"),
            Some(part) => assert!(found.len() == 1 && found[0].contains(part), "{part}: {found:?}"),
        }
    }
}

#[test]
fn missing_fields_are_told_at_once() {
    let judged = judged(|file| {
        file["quilt"].as_object_mut().unwrap().remove("database");
        file.as_object_mut().unwrap().remove("packages");
    });
    let finding = find(&judged, "config/fields");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("4 fields: quilt.database, packages.bucket, packages.prefix, packages.metadataKey"));
}

/// A child that leaves `change` of the right file to a parent called base.
fn inheriting(change: impl Fn(&mut Value), ancestors: impl FnOnce(Value) -> Vec<Ancestor>) -> Judgement {
    let parent: Value = serde_json::from_str(&config_text()).unwrap();
    let mut child = parent.clone();
    change(&mut child);
    child["_inherits"] = json!("base");
    let mut scene = Scene::healthy();
    scene.facts.config = Fact::Known(config(&child.to_string()));
    scene.facts.ancestors = Fact::Known(ancestors(parent));
    scene.judge()
}

fn base(parent: &Value) -> Vec<Ancestor> {
    vec![Ancestor { name: "base".into(), file: Fact::Known(config(&parent.to_string())) }]
}

fn without(file: &mut Value, section: &str) {
    file.as_object_mut().unwrap().remove(section);
}

#[test]
fn what_stands_in_a_parent_alone_is_read_by_deploy_alone() {
    let judged = inheriting(|file| without(file, "packages"), |parent| base(&parent));
    let finding = find(&judged, "config/inherits");
    assert_eq!(finding.severity, Severity::Warning);
    assert!(finding.claim.contains("3 fields to base that only `deploy` reads there: packages.bucket"), "{finding:?}");
    assert!(finding.evidence[0].contains("`validate`"));
    assert_eq!(find(&judged, "config/fields").severity, Severity::Ok, "with its parent it is complete");
    let whole = inheriting(|_| (), |parent| base(&parent));
    assert_eq!(find(&whole, "config/inherits").severity, Severity::Info);
}

#[test]
fn what_nobody_says_is_missing() {
    let judged = inheriting(
        |file| without(file, "packages"),
        |mut parent| {
            without(&mut parent, "packages");
            base(&parent)
        },
    );
    let finding = find(&judged, "config/fields");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.evidence.iter().any(|line| line == "base does not say them either"), "{finding:?}");
}

#[test]
fn an_inherited_value_that_is_wrong_names_its_file() {
    let judged = inheriting(
        |file| without(file, "logging"),
        |mut parent| {
            parent["logging"]["level"] = json!("loud");
            base(&parent)
        },
    );
    let finding = find(&judged, "config/values");
    assert!(finding.claim.contains("inherited from config profile base"), "{finding:?}");
    assert!(finding.fixes[0].what.contains("config profile base"));
}

#[test]
fn a_chain_that_does_not_end_stops_the_deployment() {
    let missing = inheriting(|_| (), |_| vec![Ancestor { name: "base".into(), file: Fact::Absent }]);
    let finding = find(&missing, "config/parent");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("inherits from base, which has no config.json"), "{finding:?}");
    let circle = inheriting(
        |_| (),
        |mut parent| {
            parent["_inherits"] = json!("default");
            base(&parent)
        },
    );
    assert!(find(&circle, "config/parent").claim.contains("default -> base -> default"));
    assert_eq!(all(&inheriting(|_| (), |parent| base(&parent)), "config/parent"), Vec::<&crate::model::Finding>::new());
}

#[test]
fn two_config_profiles_with_one_stack_are_told() {
    let judged = inheriting(
        |_| (),
        |mut parent| {
            parent["deployment"]["stackName"] = json!("BenchlingWebhookStack");
            base(&parent)
        },
    );
    let finding = find(&judged, "config/shared-stack");
    assert_eq!(finding.severity, Severity::Warning);
    assert!(finding.claim.contains("BenchlingWebhookStack, the stack of config profile base"), "{finding:?}");
}

#[test]
fn every_rule_names_its_field() {
    for (section, field, value, severity) in [
        ("quilt", "queueUrl", json!("https://example.com/q"), Severity::Error),
        ("quilt", "region", json!("useast1"), Severity::Error),
        ("quilt", "stackArn", json!("arn:aws:s3:::x"), Severity::Error),
        ("deployment", "account", json!(111_122_223_333_u64), Severity::Error),
        ("deployment", "region", json!("us-gov-west-1"), Severity::Warning),
        ("security", "enableVerification", json!("true"), Severity::Warning),
        ("logging", "level", json!("CRITICAL"), Severity::Warning),
        ("benchling", "tenant", json!(""), Severity::Error),
        ("benchling", "tenant", json!(null), Severity::Error),
        ("packages", "workflow", json!(null), Severity::Warning),
        ("_metadata", "source", json!("tui"), Severity::Warning),
        ("_metadata", "updatedAt", json!("yesterday"), Severity::Warning),
    ] {
        let judged = judged(|file| file[section][field] = value.clone());
        let finding = find(&judged, "config/values");
        assert_eq!((finding.subject.clone(), finding.severity), (format!("{section}.{field}"), severity), "{value}");
    }
}

#[test]
fn what_aws_has_and_the_package_refuses_is_said_as_that() {
    let judged = judged(|file| file["deployment"]["region"] = json!("us-gov-west-1"));
    let finding = find(&judged, "config/values");
    assert!(finding.evidence[2].contains("AWS has such regions; the webhook package's own pattern"), "{finding:?}");
    assert!(!finding.fixes[0].what.starts_with("Correct"), "{finding:?}");
}

#[test]
fn a_section_that_is_no_object_is_told() {
    let judged = judged(|file| file["logging"] = json!(null));
    let finding = find(&judged, "config/values");
    assert_eq!((finding.subject.as_str(), finding.severity), ("logging", Severity::Warning));
    assert_eq!(finding.evidence, ["expected an object", "received null"]);
}

#[test]
fn provenance_alone_stops_nothing() {
    let judged = judged(|file| without(file, "_metadata"));
    assert_eq!(find(&judged, "config/fields").severity, Severity::Warning);
}

#[test]
fn names_that_no_reader_knows_are_told_with_what_was_meant() {
    let judged = judged(|file| {
        file["mine"] = json!(1);
        file["Logging"] = json!({});
        without(file, "logging");
        file["quilt"]["my_own"] = json!(1);
        file["packages"]["metadata_key"] = json!("experiment_id");
        file["packages"].as_object_mut().unwrap().remove("metadataKey");
    });
    let finding = find(&judged, "config/extra-keys");
    assert_eq!(finding.severity, Severity::Warning);
    assert!(
        finding.claim.contains("3 names that no reader knows: Logging, mine, packages.metadata_key"),
        "{finding:?}"
    );
    assert!(finding.evidence.contains(&"Logging: is logging meant?".to_owned()));
    assert!(finding.evidence.contains(&"packages.metadata_key: is packages.metadataKey meant?".to_owned()));
}

#[test]
fn a_byte_order_mark_is_told_and_the_rest_is_judged() {
    let judged = with_text(&format!("\u{feff}{}", config_text()));
    assert!(find(&judged, "config/json").claim.contains("byte order mark"));
    assert_eq!(find(&judged, "config/fields").severity, Severity::Ok);
}

#[test]
fn accounts_that_are_mixed_are_listed_with_their_fields() {
    let judged = judged(|file| file["deployment"]["account"] = json!("444455556666"));
    let finding = find(&judged, "config/accounts");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("1111-2222-3333, 4444-5555-6666"), "{finding:?}");
    assert!(finding.evidence.contains(&"deployment.account: 4444-5555-6666".to_owned()), "{finding:?}");
    let only_a_role = self::judged(|file| file["quilt"]["writeRoleArn"] = json!("arn:aws:iam::444455556666:role/W"));
    assert_eq!(find(&only_a_role, "config/accounts").severity, Severity::Warning);
}

#[test]
fn what_the_deployment_needs_beyond_the_schema_is_told() {
    let judged = judged(|file| {
        file["quilt"].as_object_mut().unwrap().remove("stackArn");
        file["quilt"].as_object_mut().unwrap().remove("bucketWritePolicyArn");
    });
    let finding = find(&judged, "config/deploy");
    assert_eq!((finding.severity, finding.subject.as_str()), (Severity::Error, "quilt.stackArn"));
    assert!(find(&judged, "config/policies").evidence[0].contains("quilt-prod-BucketWritePolicy"));
}

#[test]
fn the_deployed_version_decides_which_fields_count() {
    let deployed = |tag: &str, change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&config_text()).unwrap();
        change(&mut value);
        let mut scene = Scene::healthy();
        scene.facts.config = Fact::Known(config(&value.to_string()));
        scene.facts.deployed = Fact::Known(Deployed {
            stack_name: Some("BenchlingWebhookStack".into()),
            image_tag: Some(tag.into()),
            region: Some("us-east-1".into()),
            at: None,
        });
        scene.judge()
    };
    let newest = deployed("0.18.0", &|_| ());
    let finding = find(&newest, "config/versions");
    assert_eq!(finding.severity, Severity::Info);
    assert!(finding.claim.starts_with("Version 0.18.0, which was deployed last, does not read quilt.readRoleArn"));
    assert!(finding.evidence.iter().any(|line| line.contains("assumes no role")), "{finding:?}");
    assert_eq!(find(&newest, "config/deployed").severity, Severity::Info);

    let no_policy: &dyn Fn(&mut Value) = &|file| {
        file["quilt"].as_object_mut().unwrap().remove("bucketWritePolicyArn");
    };
    assert_eq!(all(&deployed("0.9.9", no_policy), "config/policies").len(), 0, "that version reads none");
    assert_eq!(all(&deployed("0.10.0", no_policy), "config/policies").len(), 1);
    assert_eq!(all(&deployed("latest", &|_| ()), "config/versions").len(), 0, "nobody knows which one runs");
    let iceberg = deployed("latest", &|file| file["quilt"]["icebergDatabase"] = json!("ice"));
    assert!(
        find(&iceberg, "config/versions").claim.starts_with("Current versions of the webhook do not read quilt.ice")
    );
}

#[test]
fn a_deployment_that_would_go_elsewhere_is_told() {
    let mut scene = Scene::healthy();
    let deployed = Deployed { stack_name: Some("OldStack".into()), ..Deployed::default() };
    let mut value: Value = serde_json::from_str(&config_text()).unwrap();
    value["deployment"]["stackName"] = json!("NewStack");
    scene.facts.config = Fact::Known(config(&value.to_string()));
    scene.facts.deployed = Fact::Known(deployed);
    let judged = scene.judge();
    let finding = find(&judged, "config/deployed");
    assert_eq!(finding.severity, Severity::Warning);
    assert!(finding.evidence[1].contains("would go to stack NewStack in us-east-1"), "{finding:?}");
    scene.facts.deployed = Fact::Failed(AwsError::local(ErrorKind::Other, "deployments.json", "it is empty"));
    assert!(find(&scene.judge(), "config/deployed").unknown);
}

#[test]
fn a_region_that_is_not_the_queues_is_an_error() {
    let judged = judged(|file| {
        file["quilt"]["queueUrl"] = json!("https://sqs.eu-west-1.amazonaws.com/111122223333/packager");
    });
    assert_eq!(find(&judged, "config/region").subject, "quilt.queueUrl");
}

#[test]
fn a_client_secret_in_the_file_is_told_even_if_only_its_owner_reads_it() {
    let judged = judged(|file| file["benchling"]["clientSecret"] = json!("canary-client-secret"));
    assert_eq!(find(&judged, "config/client-secret").severity, Severity::Info);
    assert_eq!(all(&judged, "config/mode").len(), 0);
    assert!(!format!("{judged:?}").contains("canary"));
}

#[test]
fn the_client_secret_is_never_shown_and_a_wide_mode_is_told() {
    let mut value: Value = serde_json::from_str(&config_text()).unwrap();
    value["benchling"]["clientSecret"] = json!("canary");
    let mut scene = Scene::healthy();
    let mut file = config(&value.to_string());
    file.mode = Some(0o100_644);
    scene.facts.config = Fact::Known(file);
    let judged = scene.judge();
    let finding = find(&judged, "config/mode");
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(finding.evidence[0], "its mode is 0644");
    assert!(
        find(&judged, "config/secret-values").evidence[0].contains("CLIENT_SECRET and benchling.clientSecret differ")
    );
    assert!(!format!("{judged:?}").contains("canary"));
}

#[test]
fn differences_from_stack_and_secret_are_named() {
    let judged = judged(|file| {
        file["quilt"]["catalog"] = json!("old.example.com");
        file["quilt"]["writeRoleArn"] = json!("arn:aws:iam::111122223333:role/Old");
        file["packages"]["bucket"] = json!("another-bucket");
        file["benchling"]["secretArn"] = json!("arn:aws:secretsmanager:us-east-1:111122223333:secret:other-AbCdEf");
    });
    assert!(find(&judged, "config/stack-values").evidence[0].contains("quilt.catalog"));
    assert_eq!(find(&judged, "config/role-arn").subject, "quilt.writeRoleArn");
    assert!(
        find(&judged, "config/secret-values").evidence[0].contains("USER_BUCKET: quilt-user-bucket; packages.bucket: ")
    );
    assert_eq!(find(&judged, "config/secret-arn").severity, Severity::Warning);
}

#[test]
fn a_region_that_is_not_the_stacks_is_an_error() {
    let judged = judged(|file| file["quilt"]["region"] = json!("eu-west-1"));
    assert_eq!(find(&judged, "config/region").severity, Severity::Error);
}

#[test]
fn integrated_stack_must_be_said_beside_a_secret() {
    let judged = judged(|file| {
        file.as_object_mut().unwrap().remove("integratedStack");
    });
    assert_eq!(find(&judged, "config/integrated-stack").severity, Severity::Warning);
}

#[test]
fn a_profile_name_is_no_path() {
    for name in ["../x", "a/b", "", "a b"] {
        let mut scene = Scene::healthy();
        scene.selection.config_profile = name.into();
        assert_eq!(all(&scene.judge(), "config/profile-name").len(), 1, "{name}");
    }
    let mut scene = Scene::healthy();
    scene.facts.config = Fact::Absent;
    assert_eq!(find(&scene.judge(), "config/exists").severity, Severity::Info);
}

/// What readers cut to the same value is no difference; what differs is named with both values, of a hidden one that it does.
#[test]
fn drift_between_config_and_secret_is_named_by_value() {
    for (path, value, line) in [
        (["benchling", "tenant"], json!("https://ACME.benchling.com/"), None),
        (["benchling", "tenant"], json!("other"), Some("TENANT: acme; benchling.tenant: other")),
        (["benchling", "clientId"], json!("abcdefghijkl"), Some("CLIENT_ID: wqF***Ye; benchling.clientId: abc***kl")),
        (["benchling", "clientSecret"], json!("canary-2"), Some("CLIENT_SECRET and benchling.clientSecret differ")),
        (["security", "enableVerification"], json!("TRUE"), None),
        (
            ["security", "enableVerification"],
            json!(false),
            Some("ENABLE_WEBHOOK_VERIFICATION: true; security.enableVerification: false"),
        ),
        (
            ["security", "webhookAllowList"],
            json!("10.0.0.1"),
            Some("WEBHOOK_ALLOW_LIST: empty; security.webhookAllowList: 10.0.0.1"),
        ),
    ] {
        let [section, field] = path;
        let judged = judged(|file| file[section][field] = value.clone());
        let found: Vec<&str> =
            all(&judged, "config/secret-values").iter().map(|finding| finding.evidence[0].as_str()).collect();
        assert_eq!(found, Vec::from_iter(line), "{value}");
        assert!(!format!("{judged:?}").contains("canary"));
    }
}

#[test]
fn a_secret_that_cannot_be_read_may_still_be_another_than_the_configured_one() {
    for (chosen, other) in [
        ("benchling-webhook-prod", false),
        ("benchling-webhook-test", true),
        (crate::judge::scene::SECRET_ARN, false),
        ("arn:aws:secretsmanager:us-east-1:111122223333:secret:another-AbCdEf", true),
    ] {
        let mut scene = Scene::healthy();
        scene.selection.secret = Some(chosen.into());
        scene.facts.secret = Fact::Absent;
        assert_eq!(all(&scene.judge(), "config/secret-arn").len(), usize::from(other), "{chosen}");
    }
}
