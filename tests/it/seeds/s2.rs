//! Specification 2: the roles of the SRE bot.

mod calls;
mod settings;
mod texts;

use rolecall::check::Checked;
use rolecall::model::Severity;
use rolecall::model::verdict::Party;
use rolecall::policy::Answer;
use rolecall::systems::PathRow;
use serde_json::{Value, json};

use super::scene::Scene;

const HEALTHY: &str = "sre-roles-healthy";

/// The healthy bot with other variables; null takes one away.
fn with(environment: Value) -> Scene {
    Scene::patched(
        json!({"extends": HEALTHY, "about": "Another environment.", "environment": environment, "expected": []}),
    )
}

/// The healthy bot with changes of its roles.
fn with_roles(roles: Value) -> Checked {
    with(json!({"AWS_AUTH_ROLES": {"$json": roles}})).check()
}

/// The healthy bot without any variable, and a file of its home as its settings.
fn with_file(name: &str, text: &str) -> Checked {
    let mut none = json!({});
    for name in ["AWS_AUTH_ROLES", "AWS_PROFILE", "AWS_AUTH_DEFAULT_REGION", "AWS_AUTH_ENABLE_CACHING"] {
        none[name] = Value::Null;
    }
    let files = if name == ".env" { json!([]) } else { json!([name]) };
    Scene::patched(json!({
        "extends": HEALTHY, "about": "A file.", "environment": none, "home": {name: text},
        "selection": {"system": {"files": files}}, "expected": [],
    }))
    .check()
}

/// The healthy bot with settings that were typed.
fn typed(settings: &[(&str, &str)]) -> Checked {
    let scene = Scene::of(HEALTHY);
    let mut selection = scene.world.selection();
    let typed = settings.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    selection.system.as_mut().unwrap().typed.extend(typed);
    scene.check_as(selection)
}

fn row<'a>(checked: &'a Checked, name: &str) -> &'a PathRow {
    let found = checked.judgement.system.rows.iter().find(|row| row.id == name);
    found.unwrap_or_else(|| panic!("no role {name}: {:?}", names(checked)))
}

fn names(checked: &Checked) -> Vec<&str> {
    checked.judgement.system.rows.iter().map(|row| row.id.as_str()).collect()
}

fn is_let_in(row: &PathRow) -> bool {
    row.live.as_ref().is_some_and(|live| live.outcome.is_ok())
        && row.answer().is_some_and(|answer| answer.party == Party::Operator && answer.verdict == Answer::Allow)
}

/// What the session of a role was called.
fn session_name(checked: &Checked, name: &str) -> String {
    let plan = &checked.facts.system.path(0, name).unwrap().facts;
    let hop = &plan.known().unwrap().hops[0];
    hop.live.known().unwrap().session_name.clone()
}

/// The errors and warnings, as "id subject".
fn troubles(checked: &Checked) -> Vec<String> {
    let bad = checked.judgement.findings.iter().filter(|finding| finding.severity <= Severity::Warning);
    bad.map(|finding| format!("{} {}", finding.id, finding.subject)).collect()
}

const PROD: &str = "arn:aws:iam::444455556666:role/SREReadOnly";
