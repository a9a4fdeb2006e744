//! How many calls wait for each other. With every call taking the same time and the clock jumping from event to event, the time that a
//! check takes is its longest chain of dependent calls.

use std::time::Duration;

use rolecall::model::selection::{CredentialSource, RoleKind, WorkloadChoice};
use rolecall::model::{Fact, Selection};
use rolecall::sandbox::World;
use serde_json::{Value, json};

use crate::demo::check_in;

/// After the credentials, at any stack size; pages beyond the first of a list apart.
const LONGEST_PATH: u32 = 5;

fn world(patch: Value) -> World {
    World::from_json(&patch.to_string()).unwrap()
}

fn in_region(region: Value) -> Value {
    json!({"extends": "quilt-healthy", "accounts": {"111122223333": {"regions": {"us-east-1": region}}}})
}

/// Stacks in which the calls hang on each other in different ways.
fn cases() -> Vec<(&'static str, World, Selection)> {
    let chosen = |world: World| {
        let selection = world.selection();
        (world, selection)
    };
    let (healthy, selection) = chosen(World::load("quilt-healthy").unwrap());
    let unchosen = Selection { stack: None, secret: None, ..selection.clone() };
    let without_config =
        world(json!({"extends": "quilt-healthy", "home": {".config/benchling-webhook/default/config.json": null}}));
    let (large, of_large) = chosen(world(in_region(json!({"stacks": {
        "quilt-prod": {"filler_resources": 480}, "BenchlingWebhookStack": {"filler_resources": 480}
    }}))));
    let roles_elsewhere = in_region(json!({"stacks": {
        "quilt-prod": {"resources": {"T4BucketReadRole": null, "T4BucketWriteRole": null}},
        "quilt-prod-iam": {"outputs": {
            "T4BucketReadRoleArn": "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod",
            "T4BucketWriteRoleArn": "arn:aws:iam::111122223333:role/ReadWriteQuiltV2-quilt-prod"
        }}
    }}));
    let (elsewhere, of_elsewhere) = chosen(world(roles_elsewhere));
    let typed = Selection {
        workload: WorkloadChoice::Role(
            "arn:aws:iam::111122223333:role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6".to_owned().try_into().unwrap(),
        ),
        ..selection.clone()
    };
    vec![
        ("everything chosen", healthy, selection),
        ("the stack follows from config.json", World::load("quilt-healthy").unwrap(), unchosen.clone()),
        ("the stack follows from the list", without_config, unchosen),
        ("two stacks of 480 resources", large, of_large),
        ("the roles stand in the iam stack", elsewhere, of_elsewhere),
        ("untouched", World::load("quilt-untouched").unwrap(), World::load("quilt-untouched").unwrap().selection()),
        ("the workload is typed", World::load("quilt-healthy").unwrap(), typed),
    ]
}

#[test]
fn a_check_needs_at_most_five_round_trips_one_after_the_other() {
    for (name, world, selection) in cases() {
        for latency in [50, 200] {
            world.set_latency(latency);
            let (checked, took) = check_in(&world, selection.clone());
            let each = Duration::from_millis(latency);
            println!("{name}: two roles, two principals in {took:?} at {latency} ms a call");
            let pages = further_pages(&checked.facts.stacks);
            assert!(took <= each.mul_f64(1.2 * f64::from(LONGEST_PATH + pages)), "{name}: {took:?} at {latency} ms");
            assert!(took >= each * 3, "{name}: {took:?} at {latency} ms is too little to have asked for everything");
            let both = RoleKind::BOTH.iter().all(|kind| checked.facts.role(*kind).unwrap().live.known().is_some());
            assert!(both, "{name}: both roles were tried");
            assert!(checked.facts.workload.policies.known().is_some(), "{name}: the workload was read");
            assert!(checked.facts.secret.is_settled(), "{name}: the secret was looked for");
        }
    }
}

/// Of two ways to one answer the slower is given up: AWS has been asked all the same.
#[test]
fn every_call_that_reached_aws_is_in_the_log_also_one_that_was_given_up() {
    let world = World::load("quilt-healthy").unwrap();
    let (checked, _) = check_in(&world, world.selection());
    let told = checked.facts.calls.iter();
    let given_up: Vec<&str> = told.filter(|call| call.given_up).map(|call| call.operation.as_str()).collect();
    assert_eq!(given_up, ["cloudformation:ListStackResources"]);
    let mut logged: Vec<String> = checked.facts.calls.iter().map(|call| call.operation.clone()).collect();
    let mut reached: Vec<String> = world.calls().iter().map(|call| call.operation.clone()).collect();
    logged.sort();
    reached.sort();
    assert_eq!(logged, reached);
}

/// Pages beyond the first of the list of stacks, of 50 each.
fn further_pages<T>(stacks: &Fact<Vec<T>>) -> u32 {
    let stacks = stacks.known().map_or(0, Vec::len);
    u32::try_from(stacks.saturating_sub(1) / 50).unwrap()
}

#[test]
fn credentials_are_asked_for_once() {
    let world = World::load("quilt-healthy").unwrap();
    let selection =
        Selection { source: Some(CredentialSource::Profile("staging".into())), stack: None, ..world.selection() };
    check_in(&world, selection);
    let asked = world.calls().iter().filter(|call| call.operation == "sts:GetCallerIdentity").count();
    assert_eq!(asked, 1);
}
