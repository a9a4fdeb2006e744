use std::collections::BTreeMap;

use rolecall::model::facts::RoleSource;
use rolecall::model::selection::RoleKind;
use rolecall::model::{Selection, Severity};
use rolecall::values::RoleArn;
use serde_json::{Value, json};

use crate::seeds::scene::{ACCOUNT, READ, Scene, WRITE, finding, of_config, planned, print, rolecall, says, with_id};

/// A world with this patch of its Quilt stack.
fn with_stack(extends: &str, stack: Value) -> Scene {
    Scene::patched(json!({
        "extends": extends, "accounts": {ACCOUNT: {"regions": {"us-east-1": {"stacks": {"quilt-prod": stack}}}}}
    }))
}

fn source(scene: &Scene, selection: Selection) -> Option<RoleSource> {
    let checked = scene.check_as(selection);
    checked.facts.role(RoleKind::Read).unwrap().found.known().map(|found| found.source.clone())
}

#[test]
fn c2_stacks_beyond_100_resources_are_read_whole_and_both_permissions_are_shown() {
    let scene = Scene::patched(json!({"extends": "quilt-no-secret", "accounts": {ACCOUNT: {"regions": {"us-east-1": {
        "stacks": {"quilt-prod": {"filler_resources": 480}, "BenchlingWebhookStack": {
            "filler_resources": 480,
            "resources": {"TaskDefinitionTaskRoleFD40A61D": null, "WebhookTaskRole": {
                "type": "AWS::IAM::Role", "physical_id": "BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6"
            }}
        }}
    }}}}}));
    let checked = scene.check();
    assert_eq!(with_id(&checked, "role/exists").len(), 2);
    assert!(checked.facts.workload.arn.known().is_some(), "the task role is one of many of the webhook's stack");
    let listed =
        scene.world.calls().iter().filter(|call| call.operation == "cloudformation:ListStackResources").count();
    assert!(listed > 1, "page by page");
    let policy = rolecall(&["permissions", "read"]).expect(0).out;
    for action in ["cloudformation:ListStackResources", "cloudformation:DescribeStackResource"] {
        assert!(policy.contains(&format!("\"{action}\"")), "{policy}");
    }
}

/// A stack gives a role's name. IAM gives its ARN; without IAM it is put together, and said to be.
#[test]
fn c3_without_iam_the_arn_is_composed_and_marked_so() {
    let allowed = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Resource": "*",
        "Action": ["sts:AssumeRole", "cloudformation:*", "secretsmanager:*"]
    }]});
    let scene = Scene::patched(json!({"extends": "quilt-no-secret", "accounts": {ACCOUNT: {
        "users": {"operator": {"groups": [], "inline": {"rolecall": allowed}}},
        "roles": {"ReadQuiltV2-quilt-prod": {"path": "/quilt/"}}
    }}}));
    let blind = scene.check();
    let found = blind.facts.role(RoleKind::Read).unwrap().found.known().unwrap();
    assert_eq!((found.arn.to_string().as_str(), found.composed), (READ, true), "its path cannot be known");
    let told = finding(&blind, "role/exists", "ReadQuiltV2-quilt-prod");
    assert!(told.unknown && told.claim.contains("was put together from its name"), "{told:?}");
    assert!(told.claim.contains("whether it has a path is not known"), "{told:?}");
}

#[test]
fn c4_a_pattern_is_held_against_the_real_arn_and_exact_arns_are_handed_over() {
    let checked = Scene::of("quilt-untouched").check();
    let told = says(finding(&checked, "caller/pattern-covers-role", "ReadQuiltV2-quilt-prod"));
    assert!(told.contains("arn:aws:iam::*:role/*-T4BucketReadRole-*") && told.contains(&format!("not on {READ}")));
    let policy = print("quilt-untouched", &["task-role-policy"]).expect(0).json();
    assert_eq!(policy["Statement"][0]["Resource"], json!([READ, WRITE]));
}

/// Roles are supported, and what later releases use in their place is shown beside them and written too.
#[test]
fn c6_what_took_the_place_of_the_roles_is_shown_as_information() {
    let checked = Scene::of("quilt-integrated").check();
    let told = finding(&checked, "stack/integration", "quilt-prod");
    assert_eq!(told.severity, Severity::Info);
    for resource in ["BucketWritePolicy", "UserAthenaNonManagedRolePolicy", "BenchlingSecret"] {
        assert!(says(told).contains(resource), "{resource}: {}", says(told));
    }
    let plan = planned(&Scene::of("quilt-no-secret").check());
    let names: Vec<&str> = of_config(&plan).fields.iter().map(|field| field.name.as_str()).collect();
    for name in ["quilt.readRoleArn", "quilt.writeRoleArn", "quilt.bucketWritePolicyArn", "quilt.athenaUserPolicyArn"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
}

/// The loose pattern `arn:aws:iam::\d{12}:role/.+` lets all of these through but the first two.
#[test]
fn c7_one_parser_reads_every_role_arn_and_says_what_is_wrong() {
    for (text, words) in [
        ("arn:aws:iam:111122223333:role/x", "one colon is missing"),
        ("arn:aws:sts::111122223333:assumed-role/x/y", "a role session, not a role"),
        ("arn:aws:iam::111122223333:role/has space", "no spaces"),
        ("arn:aws:iam::111122223333:role/a*", "role name `a*` is not valid"),
        ("arn:aws:iam::111122223333:role/team/", "role name `` is not valid"),
        (&format!("arn:aws:iam::111122223333:role/{}", "n".repeat(65)), "1 to 64 letters"),
        ("arn:aws-mars:iam::111122223333:role/x", "partition `aws-mars`"),
    ] {
        let said = rolecall(&["print", "task-role-policy", "--role", text]).expect(2);
        assert!(said.flat().contains(words), "{text}: {}", said.err);
    }
    for right in ["arn:aws-cn:iam::111122223333:role/a/b/c", "arn:aws-us-gov:iam::111122223333:role/Name+=,.@_-1"] {
        let policy = rolecall(&["print", "task-role-policy", "--role", right]).expect(0).json();
        assert_eq!(policy["Statement"][0]["Resource"], right);
    }
}

/// Candidates in one order; of the bucket the secret has the last word, and a difference is told.
#[test]
fn c13_output_names_are_tried_in_order_and_the_secrets_bucket_wins() {
    let outputs = json!({"outputs": {"Catalog": "old.example.com", "UserBucket": "another-bucket"}});
    let checked = with_stack("quilt-healthy", outputs).check();
    let told = finding(&checked, "secret/bucket", "USER_BUCKET");
    assert_eq!(told.severity, Severity::Warning);
    assert!(says(told).contains("quilt-acme-user-bucket") && says(told).contains("the webhook follows the secret"));
    let values = says(finding(&checked, "stack/outputs", "quilt-prod"));
    assert!(values.contains("quilt.acme.example.com") && !values.contains("old.example.com"), "{values}");

    let older = json!({"outputs": {
        "QuiltWebHost": null, "Catalog": "https://old.example.com/", "PackagerQueueUrl": null
    }});
    let checked = with_stack("quilt-untouched", older).check();
    let values = says(finding(&checked, "stack/outputs", "quilt-prod"));
    assert!(values.contains("old.example.com") && values.contains("stack output Catalog"), "{values}");
    assert!(values.contains("https://sqs.us-east-1.amazonaws.com/111122223333/quilt-prod-PackagerQueue-7H3J9KX2"));
}

/// Each place answers only where none before it does, and which one did is shown.
#[test]
fn c31_a_role_is_looked_for_in_five_places_and_the_one_that_answered_is_named() {
    let id = "T4BucketReadRole";
    let parameter = json!({"parameters": {id: READ}, "outputs": {"T4BucketReadRoleArn": READ}});
    let output = json!({"parameters": {id: null}, "outputs": {"T4BucketReadRoleArn": READ}});
    let mut parameter_alone = parameter.clone();
    parameter_alone["resources"] = json!({id: null});
    let mut output_alone = output.clone();
    output_alone["resources"] = json!({id: null});
    for (stack, expected) in [
        (parameter, RoleSource::StackResource(id.into())),
        (parameter_alone, RoleSource::StackParameter(id.into())),
        (output_alone, RoleSource::StackOutput("T4BucketReadRoleArn".into())),
        (json!({"resources": {id: null}}), RoleSource::Config),
    ] {
        let scene = with_stack("quilt-healthy", stack);
        let selection = scene.world.selection();
        assert_eq!(source(&scene, selection.clone()), Some(expected.clone()));
        let claim = format!("The read role is ReadQuiltV2-quilt-prod, from {}.", expected.words());
        assert_eq!(finding(&scene.check(), "role/discovered", "ReadQuiltV2-quilt-prod").claim, claim);
        let typed = BTreeMap::from([(RoleKind::Read, RoleArn::parse(WRITE).unwrap())]);
        assert_eq!(source(&scene, Selection { typed_roles: typed, ..selection }), Some(RoleSource::Typed));
    }
    let split = Scene::of("roles-in-iam-stack").check();
    let write = split.facts.role(RoleKind::Write).unwrap().found.known().unwrap();
    assert_eq!(write.source.words(), "output T4BucketWriteRoleArn of stack quilt-prod-iam");
}

#[test]
fn c32_a_missing_output_weighs_as_much_as_what_depends_on_it() {
    let none = ["QuiltWebHost", "UserAthenaDatabaseName", "PackagerQueueUrl", "PackagerQueueArn"];
    for (gone, subject, severity) in [
        (&none[..1], "catalog", Severity::Warning),
        (&none[1..2], "database", Severity::Error),
        (&none[2..], "queue URL", Severity::Error),
    ] {
        let outputs: serde_json::Map<_, _> = gone.iter().map(|key| ((*key).to_owned(), Value::Null)).collect();
        let checked = with_stack("quilt-untouched", json!({"outputs": outputs})).check();
        let told = finding(&checked, "stack/outputs", subject);
        assert_eq!(told.severity, severity, "{told:?}");
        assert!(told.evidence[0].starts_with("tried: "), "{told:?}");
        assert!(gone[..1].iter().all(|key| told.evidence[0].contains(key)), "{told:?}");
        assert_eq!(finding(&checked, "stack/outputs", "bucket").severity, Severity::Info);
    }
}
