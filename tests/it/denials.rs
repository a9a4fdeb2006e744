//! Every world with an access path: the diagnosis says what the world states, and what it offers makes the live call succeed.

mod cure;

use std::process::{Child, Command, Stdio};

use rolecall::model::verdict::Party;
use rolecall::model::{Selection, Verdict};
use rolecall::policy::Answer;
use rolecall::sandbox::{PolicyEdit, StatedDiagnosis, StatedFix, World};
use rolecall::values::PrincipalArn;
use serde_json::{Value, json};

use crate::demo::check_in;

/// The worlds with an access path.
fn worlds() -> Vec<(&'static str, World)> {
    let all = World::names().iter().map(|name| (*name, World::load(name).unwrap()));
    all.filter(|(_, world)| world.selection().inquiry.is_some()).collect()
}

/// What the world states, to be compared.
fn stated(one: &StatedDiagnosis) -> Value {
    json!({
        "party": one.party, "hop": one.hop, "verdict": one.verdict, "cause": one.cause, "live": one.live,
        "trust": one.trust, "caller": one.caller, "fix": one.fix, "no_fix": one.no_fix,
    })
}

/// What the diagnosis said of the same.
fn found(verdict: &Verdict) -> Value {
    let live = verdict
        .live
        .as_ref()
        .map(|live| live.outcome.as_ref().map_or_else(|error| error.code().to_owned(), |_| "allow".into()));
    let cure = verdict.cure.as_ref();
    json!({
        "party": verdict.party, "hop": verdict.hop, "verdict": verdict.decision.verdict, "cause": verdict.decision.cause, "live": live,
        "trust": verdict.evidence.trust.as_ref().map(|side| side.verdict),
        "caller": verdict.evidence.caller.as_ref().map(|side| side.verdict),
        "fix": cure.and_then(|cure| cure.fixes.first()).map(|fix| &fix.target),
        "no_fix": cure.and_then(|cure| cure.no_fix.as_ref()).map(|none| &none.owner),
    })
}

fn sorted(mut rows: Vec<Value>) -> String {
    rows.sort_by_key(|row| (row["hop"].as_u64(), row["party"].to_string()));
    rows.iter().map(|row| format!("{row:#}\n")).collect()
}

#[test]
fn the_diagnosis_is_the_stated_one() {
    let mut wrong = Vec::new();
    for (name, world) in worlds() {
        let checked = check_in(&world, world.selection()).0;
        let found = sorted(checked.judgement.path.iter().map(found).collect());
        let stated = sorted(world.diagnosis().iter().map(stated).collect());
        if found != stated {
            wrong.push(format!("{name}\n{}", difference(&stated, &found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The paths of a system are judged as a diagnosis of each would be.
#[test]
fn the_paths_of_a_system_are_judged_as_stated() {
    let mut wrong = Vec::new();
    let all = World::names().iter().map(|name| (*name, World::load(name).unwrap()));
    let systems: Vec<_> = all.filter(|(_, world)| world.selection().system.is_some()).collect();
    assert!(systems.iter().any(|(_, world)| !world.diagnosis().is_empty()));
    for (name, world) in systems.iter().filter(|(_, world)| !world.diagnosis().is_empty()) {
        let checked = check_in(world, world.selection()).0;
        let found = sorted(checked.judgement.system.verdicts().map(found).collect());
        let stated = sorted(world.diagnosis().iter().map(stated).collect());
        if found != stated {
            wrong.push(format!("{name}\n{}", difference(&stated, &found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The lines that differ, the stated ones with a minus.
fn difference(stated: &str, found: &str) -> String {
    let pairs = stated.lines().zip(found.lines()).filter(|(stated, found)| stated != found);
    let lines: String = pairs.map(|(stated, found)| format!("-{stated}\n+{found}\n")).collect();
    if stated.lines().count() == found.lines().count() { lines } else { format!("stated:\n{stated}found:\n{found}") }
}

/// The binary, with nothing but the name of the world: its report says the same.
#[test]
fn the_report_says_the_stated_diagnosis() {
    for worlds in worlds().chunks(6) {
        let run = |name: &str| {
            let mut check = Command::new(env!("CARGO_BIN_EXE_rolecall"));
            check.args(["check", &format!("--demo={name}"), "--format", "json"]).env_clear();
            check.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let running: Vec<Child> = worlds.iter().map(|(name, _)| run(name)).collect();
        for ((name, world), check) in worlds.iter().zip(running) {
            let output = check.wait_with_output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{name}");
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            let reported = sorted(report["verdicts"].as_array().unwrap().iter().map(reported).collect());
            let stated = sorted(world.diagnosis().iter().map(stated).collect());
            assert!(reported == stated, "{name}\n{}", difference(&stated, &reported));
        }
    }
}

/// What a report says of a verdict.
fn reported(verdict: &Value) -> Value {
    let live = verdict["live"]
        .as_object()
        .map(|live| if live["error"].is_null() { "allow".into() } else { live["error"]["code"].clone() });
    json!({
        "party": verdict["party"], "hop": verdict["hop_index"], "verdict": verdict["verdict"], "cause": verdict["cause"], "live": live,
        "trust": verdict["evidence"]["trust"]["verdict"], "caller": verdict["evidence"]["caller"]["verdict"],
        "fix": verdict["fixes"][0]["target"], "no_fix": verdict["no_fix"]["owner"],
    })
}

/// Every fix that a diagnosis offers is made as it is offered, and then the live call succeeds: the operator's own, or the workload's.
#[test]
fn what_is_offered_makes_the_live_call_succeed() {
    let mut cured = 0;
    for (name, stated) in worlds().iter().flat_map(|(name, world)| world.diagnosis().iter().map(move |one| (name, one)))
    {
        if stated.fix.is_none() {
            continue;
        }
        let world = cure::administered(name);
        let checked = check_in(&world, world.selection()).0;
        let of_stated = |verdict: &&Verdict| (verdict.party, verdict.hop) == (stated.party, stated.hop);
        let verdict = checked.judgement.path.iter().find(of_stated).unwrap();
        let (selection, put) = made(&world, verdict);
        let fix = world_fix(name, verdict);
        let stated_edits: Vec<cure::Put> = fix.edits.iter().flat_map(edits).collect();
        assert_eq!(put, stated_edits, "{name}");
        let hop = &selection.inquiry.as_ref().unwrap().hops[stated.hop];
        if stated.party == Party::Workload {
            let called = runtime().block_on(cure::call(&world, verdict.principal.as_ref().unwrap(), hop));
            assert_eq!(called, Ok(()), "{name}: after the fix the workload is let in");
        } else {
            let again = check_in(&world, selection).0;
            let after = again.judgement.path.iter().find(of_stated).unwrap();
            let live = after.live.as_ref().unwrap();
            assert!(live.outcome.is_ok(), "{name}: after the fix the call succeeds: {:?}", live.outcome);
            assert_eq!((after.decision.verdict, after.decision.cause.0), (Answer::Allow, "ok"), "{name}");
            let whole = again.judgement.path.iter().filter(|verdict| verdict.party == Party::Operator);
            assert!(
                { whole }.all(|verdict| verdict.decision.verdict == Answer::Allow),
                "{name}: nothing else breaks the path"
            );
        }
        cured += 1;
    }
    assert!(cured >= 18, "{cured}");
}

/// Makes all fixes of a verdict in their order. What they put in place, and the selection as the request then is.
fn made(world: &World, verdict: &Verdict) -> (Selection, Vec<cure::Put>) {
    let (mut selection, mut put) = (world.selection(), Vec::new());
    let case = verdict.case.as_ref().unwrap();
    for fix in &verdict.cure.as_ref().unwrap().fixes {
        if fix.is_of_request() {
            selection = cure::requested(selection, verdict, fix);
        } else {
            put.push(runtime().block_on(cure::make(world, case, fix)));
        }
    }
    (selection, put)
}

/// The stated cure of a verdict.
fn world_fix(name: &str, verdict: &Verdict) -> StatedFix {
    let principal = PrincipalArn::parse(verdict.principal.as_ref().unwrap()).unwrap();
    let is_of = |fix: &&StatedFix| {
        let edge = fix.cures.as_ref().unwrap();
        let names = PrincipalArn::parse(&edge.principal).unwrap();
        let same = match (&names, &principal) {
            (PrincipalArn::Role(role), PrincipalArn::Session { account, role: name, .. }) => {
                (role.account(), role.name()) == (account, name.as_str())
            }
            _ => names == principal,
        };
        same && edge.role == verdict.role_arn
    };
    let world = World::load(name).unwrap();
    world.fixes().iter().find(is_of).unwrap_or_else(|| panic!("{name} states no fix for {principal}")).clone()
}

/// The documents of an edit, in the order in which commands put them.
fn edits(edit: &PolicyEdit) -> Vec<cure::Put> {
    let put =
        |is_trust: bool, document: &Value| cure::Put { of: edit.of.clone(), is_trust, document: document.clone() };
    edit.trust
        .iter()
        .map(|document| put(true, document))
        .chain(edit.document.iter().map(|document| put(false, document)))
        .chain(edit.inline.values().map(|document| put(false, document)))
        .collect()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}
