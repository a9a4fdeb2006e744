//! What the stack and the secret give, and how each can fail: S3-34 to S3-38, S3-40, S3-41, S3-61.

use std::collections::BTreeSet;

use rolecall::check::Checked;
use rolecall::model::Severity;
use rolecall::sandbox::World;
use rolecall::startup::{self, Halt};
use rolecall::systems::quilt::{self, Service, Sourced};
use rolecall::values::SecretText;
use serde_json::{Value, json};

use super::{SECRET, region, severity};
use crate::secret_commands::STACK;
use crate::seeds::scene::{in_world, only, with_id};

/// The world in which all is right, with these outputs patched over its Quilt stack's; one that is null is taken out.
fn outputs(patch: Value) -> Checked {
    super::checked(&region(json!({"stacks": {"quilt-prod": {"outputs": patch}}})))
}

fn value(checked: &Checked, service: Service) -> Option<(String, String)> {
    let Sourced { value, source } = quilt::service(checked.facts.stack.known().unwrap(), service)?;
    Some((value, source))
}

fn sourced(value: &str, source: &str) -> Option<(String, String)> {
    Some((value.into(), format!("stack output {source}")))
}

/// How the start would go on after the stack.
fn start(checked: &Checked) -> Result<Vec<String>, String> {
    let variables =
        [("QuiltStackARN".into(), SecretText::from(STACK)), ("BenchlingSecret".into(), SecretText::from("s"))];
    let configured = startup::configured(&variables).unwrap();
    startup::stack(&configured, &checked.facts.stack).map_err(|halt| match halt {
        Halt::Stops(stop) => stop.to_string(),
        Halt::Unknown(why, _) => format!("unknown: {why}"),
    })
}

#[test]
fn s3_34_the_bucket_comes_from_user_bucket_or_bucket_name_and_the_secrets_goes_before() {
    let both = outputs(json!({"BucketName": "second-bucket", "UserBucket": "first-bucket"}));
    assert_eq!(value(&both, Service::Bucket), sourced("first-bucket", "UserBucket"));
    let finding = only(&both, "secret/bucket");
    assert_eq!(finding.severity, Severity::Warning);
    assert!(
        finding.claim.contains("quilt-acme-user-bucket") && finding.claim.contains("first-bucket"),
        "{}",
        finding.claim
    );
    let one = outputs(json!({"BucketName": "quilt-acme-user-bucket"}));
    assert_eq!(value(&one, Service::Bucket), sourced("quilt-acme-user-bucket", "BucketName"));
    assert!(with_id(&one, "secret/bucket").is_empty(), "they agree");
    assert!(start(&outputs(json!({}))).is_ok(), "the secret names it");
}

#[test]
fn s3_35_the_queue_comes_from_packager_queue_arn_and_not_from_a_queue_of_another_name() {
    let arn = "arn:aws:sqs:us-east-1:111122223333:quilt-prod-PackagerQueue-7H3J9KX2";
    let decoy = outputs(json!({"ZzDeadLetterQueueArn": "arn:aws:sqs:us-east-1:111122223333:dead-letters"}));
    assert_eq!(value(&decoy, Service::QueueArn), sourced(arn, "PackagerQueueArn"));
    let none = outputs(json!({"PackagerQueueArn": null, "PackagerQueueUrl": null, "OtherQueueArn": arn}));
    assert_eq!(value(&none, Service::QueueArn), None);
    assert!(start(&none).unwrap_err().contains("Missing: PackagerQueueArn\n"), "{:?}", start(&none));
}

#[test]
fn s3_36_the_database_comes_from_user_athena_database_name_alone() {
    let decoy = outputs(json!({"ZzIcebergDatabaseName": "other"}));
    assert_eq!(value(&decoy, Service::Database), sourced("userathenadatabase-4n8vq2xk7p1s", "UserAthenaDatabaseName"));
    let none = outputs(json!({"UserAthenaDatabaseName": null, "DatabaseName": "other"}));
    assert_eq!(value(&none, Service::Database), None);
    assert!(start(&none).unwrap_err().contains("Missing: UserAthenaDatabaseName\n"), "{:?}", start(&none));
    assert!(
        with_id(&none, "stack/outputs").iter().any(|one| one.subject == "database" && one.severity == Severity::Error)
    );
}

#[test]
fn s3_37_the_catalog_is_the_first_of_its_outputs_that_exists() {
    let all = json!({"QuiltWebHost": null, "Catalog": "https://a.example.com/", "CatalogDomain": "b.example.com", "ApiGatewayEndpoint": "https://c.example.com/prod"});
    for (taken, wanted) in [
        (&[][..], sourced("a.example.com", "Catalog")),
        (&["Catalog"], sourced("b.example.com", "CatalogDomain")),
        (&["Catalog", "CatalogDomain"], sourced("c.example.com", "ApiGatewayEndpoint")),
        (&["Catalog", "CatalogDomain", "ApiGatewayEndpoint"], None),
    ] {
        let mut patch = all.clone();
        taken.iter().for_each(|name| patch[*name] = Value::Null);
        let checked = outputs(patch);
        assert_eq!(value(&checked, Service::Catalog), wanted);
        if wanted.is_none() {
            let said = start(&checked).unwrap();
            assert!(said[0].contains("QuiltWebHost, Catalog, CatalogDomain, ApiGatewayEndpoint"), "{said:?}");
        }
    }
}

#[test]
fn s3_38_a_stack_that_is_missing_lacks_outputs_or_may_not_be_read_are_three_faults() {
    let world = World::load("quilt-healthy").unwrap();
    let mut selection = world.selection();
    selection.stack = Some(STACK.replace("quilt-prod", "no-such"));
    let (missing, _) = crate::demo::check_in(&world, selection);
    let lacking = outputs(json!({"UserAthenaDatabaseName": null}));
    let refused = in_world("read-only-operator");
    assert_eq!(severity(&missing, "stack/exists"), Severity::Error);
    assert!(with_id(&lacking, "stack/outputs").iter().any(|one| one.severity == Severity::Error));
    let unread = with_id(&refused, "stack/readable");
    assert!(
        unread.iter().all(|one| one.unknown) && unread[0].claim.contains("cloudformation:DescribeStacks"),
        "{unread:#?}"
    );
    let told = [&missing, &lacking, &refused].map(|checked| start(checked).unwrap_err());
    assert!(told[0].contains("not found"), "{}", told[0]);
    assert!(told[1].contains("Missing required outputs"), "{}", told[1]);
    assert!(told[2].contains("You are not allowed cloudformation:DescribeStacks"), "{}", told[2]);
}

#[test]
fn s3_40_each_way_of_not_reading_the_secret_is_a_fault_of_its_own() {
    let gone = super::checked(&region(json!({"secrets": {SECRET: null}})));
    let missing_key = super::checked(&super::secret_with(json!({"PKG_KEY": null})));
    let faults = [
        (&gone, "secret/exists", Severity::Error, "does not exist"),
        (&in_world("secret-not-json"), "secret/json", Severity::Error, "line 3"),
        (&missing_key, "secret/keys", Severity::Error, "PKG_KEY"),
        (&in_world("secret-denied"), "secret/readable", Severity::Info, "secretsmanager:GetSecretValue"),
        (&in_world("secret-kms-denied"), "secret/kms", Severity::Info, "kms:Decrypt"),
    ];
    let ids: BTreeSet<&str> = faults.iter().map(|(_, id, _, _)| *id).collect();
    assert_eq!(ids.len(), faults.len());
    for (checked, id, severity, words) in faults {
        let finding = only(checked, id);
        assert_eq!((finding.severity, finding.unknown), (severity, severity == Severity::Info), "{finding:#?}");
        assert!(finding.claim.contains(words), "{}", finding.claim);
        let others = ids.iter().filter(|other| **other != id);
        let others: Vec<_> =
            others.flat_map(|other| with_id(checked, other)).filter(|one| one.severity != Severity::Ok).collect();
        assert!(others.is_empty(), "{id}: {others:#?}");
    }
}

#[test]
fn s3_41_each_thing_is_asked_for_once() {
    let checked = in_world("quilt-healthy");
    let calls = |operation: &str| super::hosts(&checked, operation).len();
    assert_eq!(calls("secretsmanager:GetSecretValue"), 1);
    assert_eq!(calls("secretsmanager:DescribeSecret"), 1);
    assert_eq!(calls("sts:GetCallerIdentity"), 1);
    assert_eq!(calls("cloudformation:DescribeStacks"), 2, "the Quilt stack and the webhook's, each once");
    let desk = crate::secret_commands::Desk::new();
    crate::secret_commands::container(&desk, SECRET, "");
    let words = ["check", "--as-container", "--env-file", "c.env", "--demo=quilt-healthy", "--format", "json"];
    assert_eq!(desk.run(&words).expect(0).startup()["calls"].as_array().unwrap().len(), 3, "who, stack, secret");
}

#[test]
fn s3_61_a_stack_is_complete_and_not_rolled_back() {
    for (status, wanted) in [
        ("CREATE_COMPLETE", Severity::Ok),
        ("UPDATE_COMPLETE", Severity::Ok),
        ("UPDATE_ROLLBACK_COMPLETE", Severity::Warning),
        ("ROLLBACK_COMPLETE", Severity::Error),
        ("UPDATE_ROLLBACK_FAILED", Severity::Error),
    ] {
        let world =
            region(json!({"stacks": {"quilt-prod": {"status": status}, "BenchlingWebhookStack": {"status": status}}}));
        let checked = super::checked(&world);
        let of: Vec<_> =
            with_id(&checked, "stack/status").into_iter().map(|one| (one.subject.as_str(), one.severity)).collect();
        for stack in ["quilt-prod", "BenchlingWebhookStack"] {
            assert!(of.contains(&(stack, wanted)), "{status}: {of:?}");
        }
    }
}
