//! Specification 3: one secret for the webhook.

mod keys;
mod migration;
mod outputs;
mod release;
mod startup;
mod storage;

use rolecall::check::Checked;
use rolecall::model::Severity;
use rolecall::sandbox::World;
use serde_json::{Value, json};

use super::scene::only;
use crate::demo::check_in;
use crate::said::Said;
use crate::secret_commands::Desk;

/// The secret of the worlds in which there is one.
const SECRET: &str = "benchling-webhook-production";

/// What `check` finds in a demo world.
fn checked(world: &World) -> Checked {
    check_in(world, world.selection()).0
}

/// The world in which all is right, with this patched over what its region holds.
fn region(patch: Value) -> World {
    let whole = json!({"extends": "quilt-healthy", "accounts": {"111122223333": {"regions": {"us-east-1": patch}}}});
    World::from_json(&whole.to_string()).unwrap()
}

/// That world with these values in its secret; a key that is null is taken out.
fn secret_with(values: Value) -> World {
    region(json!({"secrets": {SECRET: {"versions": {"9a2e6f14-37bd-4c58-ae02-1f8d7c6b5a49": {"json": values}}}}}))
}

fn severity(checked: &Checked, id: &str) -> Severity {
    only(checked, id).severity
}

/// The hosts that were asked for an operation.
fn hosts<'a>(checked: &'a Checked, operation: &str) -> Vec<&'a str> {
    checked.facts.calls.iter().filter(|call| call.operation == operation).map(|call| call.host.as_str()).collect()
}

/// Plans with these words, writes that plan, and gives what was said of it.
fn written(desk: &Desk, words: &[&str]) -> Said {
    let id = desk.run(&[&["secret", "plan"], words].concat()).expect(4).id();
    desk.run(&[&["secret", "apply"], words, &["--plan-id", &id, "--yes"]].concat()).expect(0)
}
