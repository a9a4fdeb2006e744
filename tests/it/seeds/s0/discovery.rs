use std::collections::BTreeMap;
use std::time::Duration;

use rolecall::model::facts::RoleSource;
use rolecall::model::selection::RoleKind;
use rolecall::model::{Selection, Severity};
use rolecall::plan::plan;
use rolecall::values::RoleArn;
use serde_json::json;

use crate::demo::check_in;
use crate::seeds::scene::{Scene, answered, finding, of_config, planned, rolecall, says, with_id};

/// Quilt stacks with these resources in place of their own.
fn with_resources(resources: serde_json::Value) -> Scene {
    Scene::patched(json!({"extends": "quilt-no-secret", "accounts": {"111122223333": {"regions": {"us-east-1": {
        "stacks": {"quilt-prod": {"resources": resources}}
    }}}}}))
}

fn of_config_fields(scene: &Scene) -> BTreeMap<String, String> {
    let plan = planned(&scene.check());
    of_config(&plan).fields.iter().map(|field| (field.name.clone(), field.after.clone())).collect()
}

#[test]
fn s0_02_each_service_variable_comes_from_a_stack_output_that_is_named() {
    let checked = Scene::of("quilt-untouched").check();
    let outputs = says(finding(&checked, "stack/outputs", "quilt-prod"));
    for (value, output) in [
        ("quilt.acme.example.com", "QuiltWebHost"),
        ("userathenadatabase-4n8vq2xk7p1s", "UserAthenaDatabaseName"),
        ("quilt-prod-PackagerQueue-7H3J9KX2", "PackagerQueueUrl"),
    ] {
        let line = outputs.lines().find(|line| line.contains(value)).unwrap_or_else(|| panic!("{value}: {outputs}"));
        assert!(line.contains(output), "{line}");
    }
}

#[test]
fn s0_06_the_roles_come_from_the_stacks_resources() {
    let scene = Scene::of("quilt-untouched");
    let checked = scene.check();
    for kind in RoleKind::BOTH {
        let found = checked.facts.role(kind).unwrap().found.known().unwrap();
        assert_eq!(found.source, RoleSource::StackResource(kind.logical_id().into()));
    }
    let asked = scene.world.calls().iter().any(|call| call.operation == "cloudformation:DescribeStackResource");
    assert!(asked, "no output of this stack names a role, a resource does");
}

#[test]
fn s0_09_the_services_come_from_outputs_and_without_roles_the_task_role_serves() {
    let checked = Scene::of("roles-missing").check();
    assert_eq!(finding(&checked, "stack/outputs", "quilt-prod").severity, Severity::Ok);
    let missing = says(finding(&checked, "role/discovered", "T4BucketReadRole"));
    assert!(missing.contains("the webhook uses its task role's own permissions"), "{missing}");
    assert!(checked.judgement.verdicts.is_empty(), "there is no role that anybody could assume");
}

#[test]
fn s0_10_a_role_of_another_account_is_told_with_what_it_needs() {
    let checked = Scene::of("role-arns-typed").check();
    let told = finding(&checked, "role/account", "QuiltDataWrite");
    assert!(told.claim.contains("4444-5555-6666") && told.claim.contains("1111-2222-3333"), "{}", told.claim);
    assert!(says(told).contains("both sides must allow"), "{}", says(told));
    assert_eq!(told.severity, Severity::Info, "it is supported, and no fault");
}

#[test]
fn s0_11_both_arns_are_found_judged_and_put_into_the_config_profile() {
    let scene = Scene::of("quilt-no-secret");
    let checked = scene.check();
    for name in ["ReadQuiltV2-quilt-prod", "ReadWriteQuiltV2-quilt-prod"] {
        for id in ["role/discovered", "role/exists", "trust/task-role", "caller/may-assume"] {
            assert_eq!(finding(&checked, id, name).severity, Severity::Ok, "{id} of {name}");
        }
    }
    let fields = of_config_fields(&scene);
    assert_eq!(fields["quilt.readRoleArn"], super::super::scene::READ);
    assert_eq!(fields["quilt.writeRoleArn"], super::super::scene::WRITE);
}

#[test]
fn s0_19_the_roles_are_found_beyond_the_hundredth_resource() {
    let scene = Scene::patched(json!({"extends": "quilt-no-secret", "accounts": {"111122223333": {"regions": {
        "us-east-1": {"stacks": {"quilt-prod": {"filler_resources": 480}}}
    }}}}));
    let checked = scene.check();
    assert_eq!(with_id(&checked, "role/exists").len(), 2);
    let calls = scene.world.calls();
    let truncating = calls.iter().any(|call| call.operation == "cloudformation:DescribeStackResources");
    assert!(!truncating, "that call stops at 100 resources");
}

#[test]
fn s0_20_a_role_is_its_logical_id_and_its_type_together() {
    let scene = with_resources(json!({
        "T4BucketReadRole": {"type": "AWS::IAM::ManagedPolicy", "physical_id": "arn:aws:iam::111122223333:policy/read"}
    }));
    let checked = scene.check();
    let wrong = finding(&checked, "role/resource-type", "T4BucketReadRole");
    assert!(wrong.claim.contains("AWS::IAM::ManagedPolicy") && wrong.claim.contains("AWS::IAM::Role"));
    assert_eq!(finding(&checked, "role/discovered", "T4BucketReadRole").severity, Severity::Warning);
    let other = finding(&checked, "role/discovered", "ReadWriteQuiltV2-quilt-prod");
    assert_eq!(other.severity, Severity::Ok, "the other role is not touched by that");
}

#[test]
fn s0_21_missing_roles_warn_and_everything_else_is_judged() {
    let checked = Scene::of("roles-missing").check();
    let told = with_id(&checked, "role/discovered");
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|finding| finding.severity == Severity::Warning));
    assert_eq!(finding(&checked, "stack/quilt", "quilt-prod").severity, Severity::Ok);
    finding(&checked, "secret/exists", "benchling-webhook-prod");
}

#[test]
fn s0_22_without_a_role_the_webhook_falls_back_and_says_so_in_its_log() {
    let checked = Scene::of("roles-missing").check();
    for id in ["T4BucketReadRole", "T4BucketWriteRole"] {
        let told = says(finding(&checked, "role/discovered", id));
        assert!(told.contains("uses its task role's own permissions, and says so in its log"), "{told}");
    }
}

/// The specification's own examples: names that CloudFormation made up, which the specification's pattern does match.
#[test]
fn s0_24_the_example_names_are_found_and_matched_by_the_example_pattern() {
    let role = |name: &str| {
        json!({"trust": {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"
        }]}, "description": name})
    };
    let (read, write) = ("quilt-stack-T4BucketReadRole-ABC123", "quilt-stack-T4BucketWriteRole-XYZ789");
    let scene = Scene::patched(json!({"extends": "quilt-untouched", "accounts": {"111122223333": {
        "roles": {read: role("read"), write: role("write")},
        "regions": {"us-east-1": {"stacks": {"quilt-prod": {"resources": {
            "T4BucketReadRole": {"physical_id": read}, "T4BucketWriteRole": {"physical_id": write}
        }}}}}
    }}}));
    let checked = scene.check();
    for name in [read, write] {
        assert_eq!(finding(&checked, "caller/may-assume", name).severity, Severity::Ok, "{name}");
        assert_eq!(finding(&checked, "trust/task-role", name).severity, Severity::Ok, "{name}");
    }
    let fields = of_config_fields(&scene);
    assert_eq!(fields["quilt.writeRoleArn"], format!("arn:aws:iam::111122223333:role/{write}"));
}

/// Which of the two it is follows from the stack where the file does not say it, and is held against the stack where it does.
#[test]
fn s0_45_roles_are_found_in_integrated_and_in_standalone_stacks() {
    let file_with = |world: &str, says: serde_json::Value| {
        let scene = Scene::of(world);
        let file = scene.home().join(".config/benchling-webhook/default/config.json");
        let is_there = file.exists();
        let file = json!({".config/benchling-webhook/default/config.json": {"integratedStack": says}});
        is_there.then(|| Scene::patched(json!({"extends": world, "home": file})))
    };
    for (world, integrated) in [("quilt-integrated", "true"), ("quilt-standalone", "false")] {
        let scene = file_with(world, json!(null)).unwrap_or_else(|| Scene::of(world));
        assert_eq!(with_id(&scene.check(), "role/exists").len(), 2, "{world}");
        assert_eq!(of_config_fields(&scene)["integratedStack"], integrated, "{world}");
    }
    let right = Scene::of("quilt-standalone").check();
    assert!(with_id(&right, "config/integrated-stack").is_empty());
    let wrong = file_with("quilt-standalone", json!(true)).unwrap().check();
    let told = finding(&wrong, "config/integrated-stack", "integratedStack");
    assert!(told.severity == Severity::Warning && told.claim.contains("says integratedStack, but"), "{told:?}");
}

/// What CloudFormation calls a role's physical id is its name; the ARN, with its path, is IAM's to tell.
#[test]
fn s0_51_the_physical_id_is_a_name_and_becomes_the_arn_that_iam_knows() {
    let scene = Scene::patched(json!({"extends": "quilt-no-secret", "accounts": {"111122223333": {"roles": {
        "ReadQuiltV2-quilt-prod": {"path": "/quilt/"}
    }}}}));
    let checked = scene.check();
    let found = checked.facts.role(RoleKind::Read).unwrap().found.known().unwrap();
    assert_eq!(found.arn.to_string(), "arn:aws:iam::111122223333:role/quilt/ReadQuiltV2-quilt-prod");
    let plan = planned(&checked);
    let written = of_config(&plan).fields.iter().find(|field| field.name == "quilt.readRoleArn").unwrap();
    assert!(RoleArn::parse(&written.after).is_ok(), "what is written is an ARN: {}", written.after);
}

#[test]
fn s0_57_without_roles_the_set_up_is_written_and_names_none() {
    let scene = Scene::of("roles-missing");
    let checked = scene.check();
    let plan = planned(&checked);
    assert_eq!(plan.blocked, Vec::<String>::new());
    scene.write(&checked, plan);
    let config = scene.config();
    assert!(config["quilt"]["stackArn"].is_string(), "{config}");
    assert!(config["quilt"].get("readRoleArn").is_none() && config["quilt"].get("writeRoleArn").is_none(), "{config}");
}

#[test]
fn s0_61_the_permissions_that_it_takes_are_printed_as_a_policy() {
    let policy = rolecall(&["permissions", "read"]).expect(0).json().to_string();
    for action in [
        "cloudformation:DescribeStacks",
        "cloudformation:DescribeStackResource\"",
        "cloudformation:ListStackResources",
        "sts:AssumeRole",
        "iam:GetRole\"",
        "arn:aws:iam::*:role/*-T4Bucket*Role-*",
    ] {
        assert!(policy.contains(action), "{action}: {policy}");
    }
}

#[test]
fn s0_62_finding_the_roles_takes_less_than_two_seconds() {
    let scene = Scene::of("quilt-untouched");
    scene.world.set_latency(200);
    let (checked, took) = check_in(&scene.world, scene.world.selection());
    assert_eq!(with_id(&checked, "role/exists").len(), 2);
    assert!(took < Duration::from_secs(2), "{took:?} at 200 ms a call, all else that is checked included");
}

#[test]
fn s0_63_arns_typed_by_hand_count_where_nothing_is_found() {
    let scene = Scene::of("roles-missing");
    let typed: BTreeMap<RoleKind, RoleArn> = [(RoleKind::Read, "ByHandRead"), (RoleKind::Write, "ByHandWrite")]
        .map(|(kind, name)| (kind, RoleArn::parse(&format!("arn:aws:iam::444455556666:role/{name}")).unwrap()))
        .into();
    let checked = scene.check_as(Selection { typed_roles: typed, ..scene.world.selection() });
    let told = finding(&checked, "role/discovered", "ByHandRead");
    assert_eq!((told.severity, told.claim.as_str()), (Severity::Ok, "The read role is ByHandRead, as it was typed."));
    let plan = plan(&checked.facts, &checked.selection, &answered(&checked));
    let field = of_config(&plan).fields.iter().find(|field| field.name == "quilt.writeRoleArn").unwrap();
    assert_eq!(field.after, "arn:aws:iam::444455556666:role/ByHandWrite");
}
