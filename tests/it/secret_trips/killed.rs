//! Killed at each call of a write, before AWS has it and after: the secret is old or new, and a second run finishes.

use serde_json::{Value, json};

use super::{Desk, Source, said};
use crate::emulator::{Gate, Moment};
use crate::writing::document;

/// More calls than any write makes.
const MANY: usize = 20;

async fn killed_everywhere(calls: &[&str], prepare: impl AsyncFn(&Desk, &str) -> Option<Value>) {
    let Some(desk) = Desk::new().await else { return };
    let source = Source { stdin: document().to_string(), ..Source::of(&["-"]) };
    let mut finished = Vec::new();
    for moment in [Moment::Before, Moment::After] {
        for at in 0..MANY {
            let name = format!("killed-{moment:?}-{at}");
            let before = prepare(&desk, &name).await;
            let gate = Gate::open(desk.account.endpoint());
            let killed = tokio::task::block_in_place(|| {
                let id = desk.run(&["plan", "--to", &name], &source).expect(4).id();
                let words = ["apply", "--to", &name, "--plan-id", &id, "--yes"];
                let child = desk.start(&words, &source, Some(&gate));
                gate.kill(child.id(), at, moment);
                let said = said(child);
                let killed = gate.has_killed();
                assert_eq!(said.code, if killed { None } else { Some(0) }, "{}\n{}", said.out, said.err);
                killed
            });
            let there = tokio::task::block_in_place(|| desk.account.try_read_back(&name));
            let now = there.map(|secret| secret.current());
            assert!(now == before || now == Some(document()), "{name}: neither old nor new");
            tokio::task::block_in_place(|| finish(&desk, &name, &source));
            let secret = tokio::task::block_in_place(|| desk.account.read_back(&name));
            assert_eq!(secret.current(), document(), "{name}");
            let stages: Vec<String> = secret.versions.iter().flat_map(|version| version.stages.clone()).collect();
            assert!(!stages.iter().any(|stage| stage.contains("ROLECALL")), "{name}: {stages:?}");
            let most = if before.is_some() { 2 } else { 1 };
            assert!(secret.versions.len() <= most, "{name}: a version was written twice");
            if !killed {
                finished = gate.seen();
                break;
            }
        }
    }
    let begun: Vec<&str> = finished.iter().map(String::as_str).take(calls.len()).collect();
    assert_eq!(begun, calls, "the calls of a write that nobody killed");
}

/// What somebody does who finds their terminal gone: the same two commands.
fn finish(desk: &Desk, name: &str, source: &Source) {
    let plan = desk.run(&["plan", "--to", name], source);
    if plan.code == Some(4) {
        let id = plan.id();
        desk.run(&["apply", "--to", name, "--plan-id", &id, "--yes"], source).expect(0);
    }
    desk.run(&["plan", "--to", name], source).expect(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_survives_a_kill_at_every_call() {
    let calls = ["putsecretvalue", "getsecretvalue", "updatesecretversionstage", "updatesecretversionstage"];
    killed_everywhere(&calls, async |desk: &Desk, name: &str| {
        let old = json!({"TENANT": "old"});
        let create = desk.account.clients().secrets.create_secret().name(name).secret_string(old.to_string());
        create.send().await.unwrap();
        Some(old)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_survives_a_kill_at_every_call() {
    killed_everywhere(&["createsecret", "getsecretvalue"], async |_: &Desk, _: &str| None).await;
}
