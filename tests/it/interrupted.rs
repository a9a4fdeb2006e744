//! The program is killed, or an answer of AWS is lost, at every call of every sort of write, and then runs again: the secret is old or new
//! and whole at any moment, and the second run finishes with no version and no stage too many.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use rolecall::apply::apply;
use rolecall::aws::{Clock, Demo, Surroundings};
use rolecall::check;
use rolecall::gather::Gatherer;
use rolecall::model::facts::{Facts, SecretContent};
use rolecall::model::plan::{Change, ChangeOutcome, ChangeReport, PENDING_STAGE};
use rolecall::model::{Fact, Plan, Selection, Severity};
use rolecall::plan::{Draft, plan};
use rolecall::sandbox::{SandboxClient, World};
use rolecall::secret::{Key, rules};
use rolecall::values::SecretText;
use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::writing::VALUES;

/// What happens to one call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Blow {
    /// The program dies before AWS hears of it.
    Before,
    /// The program dies after AWS has done it, before it is answered.
    After,
    /// AWS has done it, and the answer is lost: the SDK asks again.
    Lost,
}

/// The sandbox behind a wire that is cut at one call.
#[derive(Clone, Debug)]
struct Wire {
    sandbox: SandboxClient,
    cut: Arc<Cut>,
}

#[derive(Debug)]
struct Cut {
    /// Which call, from 0; none with `usize::MAX`.
    at: usize,
    blow: Blow,
    seen: AtomicUsize,
    struck: Notify,
}

impl Wire {
    fn new(world: &World, at: usize, blow: Blow) -> Self {
        let cut = Cut { at, blow, seen: AtomicUsize::new(0), struck: Notify::new() };
        Self { sandbox: world.client(), cut: Arc::new(cut) }
    }

    fn seen(&self) -> usize {
        self.cut.seen.load(Ordering::SeqCst)
    }
}

impl HttpClient for Wire {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let sandbox = self.sandbox.http_connector(settings, components);
        SharedHttpConnector::new(End { sandbox, cut: Arc::clone(&self.cut) })
    }
}

#[derive(Debug)]
struct End {
    sandbox: SharedHttpConnector,
    cut: Arc<Cut>,
}

impl HttpConnector for End {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (sandbox, cut) = (self.sandbox.clone(), Arc::clone(&self.cut));
        HttpConnectorFuture::new(async move {
            let blow = (cut.seen.fetch_add(1, Ordering::SeqCst) == cut.at).then_some(cut.blow);
            if blow != Some(Blow::Before) {
                let answer = sandbox.call(request).await;
                match blow {
                    Some(Blow::Lost) => return Err(ConnectorError::io("connection reset by peer".into())),
                    Some(Blow::After) => {}
                    _ => return answer,
                }
            }
            cut.struck.notify_one();
            std::future::pending().await
        })
    }
}

/// A world in which one secret is written, and what is written.
struct Scene {
    world: World,
    home: tempfile::TempDir,
    selection: Selection,
    change: fn(&mut Draft),
}

/// What a run of the program found, and would do.
struct Seen {
    facts: Facts,
    selection: Selection,
    plan: Plan,
}

impl Scene {
    fn new(world: &Value, secret: &str, change: fn(&mut Draft)) -> Self {
        let world = World::from_json(&world.to_string()).unwrap().without_latency();
        let home = tempfile::tempdir().unwrap();
        world.install_files(home.path()).unwrap();
        let mut selection = world.selection();
        selection.secret = Some(secret.to_owned());
        Self { world, home, selection, change }
    }

    fn here(&self, client: SharedHttpClient) -> Arc<Surroundings> {
        let demo =
            Demo { world: "test".into(), selection: self.selection.clone(), environment: self.world.environment() };
        Surroundings::of_demo(self.home.path().to_owned(), client, Clock::System, demo).shared()
    }

    async fn looks(&self) -> Seen {
        let client = SharedHttpClient::new(self.world.client());
        let checked = check::run(self.here(client), self.selection.clone()).await;
        let mut draft = Draft::from_facts(&checked.facts, &checked.selection);
        for (key, value) in VALUES {
            let fits = |there: &SecretText| {
                rules::check(key, there.expose()).iter().all(|fault| fault.severity != Severity::Error)
            };
            if !draft.values.get(&key).is_some_and(fits) {
                draft.set(key, value);
            }
        }
        (self.change)(&mut draft);
        let plan = plan(&checked.facts, &checked.selection, &draft);
        assert_eq!(plan.blocked, Vec::<String>::new());
        Seen { facts: checked.facts, selection: checked.selection, plan }
    }

    /// `None`: the program was killed.
    async fn writes(&self, seen: &Seen, wire: &Wire) -> Option<Vec<ChangeReport>> {
        let gatherer = Gatherer::new(self.here(SharedHttpClient::new(wire.clone())));
        let (events, _kept) = mpsc::unbounded_channel();
        let confirmed = seen.plan.clone().confirm(&seen.plan.id).expect("there is something to write");
        tokio::select! {
            biased;
            reports = apply(&gatherer, &seen.selection, confirmed, events, CancellationToken::new()) => {
                Some(reports.expect("this run may write"))
            }
            () = wire.cut.struck.notified() => None,
        }
    }

    fn calls(&self, operation: &str) -> usize {
        self.world.calls().iter().filter(|call| call.operation == operation).count()
    }
}

/// The text that readers get; `None` where there is none yet.
fn current(facts: &Facts) -> Option<String> {
    match &facts.secret {
        Fact::Absent => None,
        Fact::Known(secret) => match &secret.value {
            Fact::Absent => None,
            Fact::Known(value) => match &value.content {
                SecretContent::Text(text) => Some(text.expose().to_owned()),
                SecretContent::Binary(_) => panic!("no secret here is binary"),
            },
            other => panic!("the value was not read: {other:?}"),
        },
        other => panic!("the secret was not read: {other:?}"),
    }
}

fn is_pending(facts: &Facts) -> bool {
    let versions = facts.secret.known().map(|secret| secret.versions.as_slice()).unwrap_or_default();
    versions.iter().any(|(_, stages)| stages.iter().any(|stage| stage == PENDING_STAGE))
}

fn confirmed_content(plan: &Plan) -> String {
    let content = plan.changes.iter().find_map(|change| match change {
        Change::Secret(secret) => Some(secret.content.expose().to_owned()),
        _ => None,
    });
    content.expect("the secret is written")
}

fn all_written(reports: &[ChangeReport]) -> bool {
    reports.iter().all(|report| matches!(report.outcome, ChangeOutcome::Written { .. }))
}

const NEW: &str = "benchling-webhook-prod";
const THERE: &str = "benchling-webhook-production";

fn debug_level(draft: &mut Draft) {
    draft.set(Key::LogLevel, "DEBUG");
}

fn create() -> Scene {
    Scene::new(&json!({"extends": "quilt-no-secret"}), NEW, |_| {})
}

fn first_version() -> Scene {
    let secrets = json!({NEW: {"suffix": "AbCdEf", "versions": {}}});
    let regions = json!({"us-east-1": {"secrets": secrets}});
    let world = json!({"extends": "quilt-no-secret", "accounts": {"111122223333": {"regions": regions}}});
    Scene::new(&world, NEW, |_| {})
}

fn swap() -> Scene {
    Scene::new(&json!({"extends": "quilt-healthy"}), THERE, debug_level)
}

fn swap_without_moving() -> Scene {
    let denied = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": "secretsmanager:UpdateSecretVersionStage", "Resource": "*"}
    ]});
    let users = json!({"operator": {"inline": {"NoMoving": denied}}});
    let world = json!({"extends": "quilt-healthy", "accounts": {"111122223333": {"users": users}}});
    Scene::new(&world, THERE, debug_level)
}

/// An earlier run was killed before it took its stage off.
fn only_the_stage() -> Scene {
    let versions = json!({"9a2e6f14-37bd-4c58-ae02-1f8d7c6b5a49": {"stages": ["AWSCURRENT", PENDING_STAGE]}});
    let regions = json!({"us-east-1": {"secrets": {THERE: {"versions": versions}}}});
    let world = json!({"extends": "quilt-healthy", "accounts": {"111122223333": {"regions": regions}}});
    Scene::new(&world, THERE, |draft| draft.write_config = false)
}

type Make = fn() -> Scene;

/// Each sort of write, and how many values it puts in all, however often it is interrupted.
const SORTS: [(&str, Make, usize); 5] = [
    ("create", create, 0),
    ("first version", first_version, 1),
    ("swap", swap, 1),
    ("swap without moving", swap_without_moving, 2),
    ("only the stage", only_the_stage, 0),
];

/// How many calls an undisturbed write makes.
async fn undisturbed(make: Make) -> usize {
    let scene = make();
    let seen = scene.looks().await;
    let wire = Wire::new(&scene.world, usize::MAX, Blow::Before);
    let reports = scene.writes(&seen, &wire).await.unwrap();
    assert!(all_written(&reports), "{reports:?}");
    wire.seen()
}

#[tokio::test]
async fn killed_at_any_call_the_secret_is_old_or_new_and_the_next_run_finishes() {
    for (name, make, puts) in SORTS {
        let calls = undisturbed(make).await;
        assert!(calls >= 2, "{name}: {calls}");
        for at in 0..calls {
            for blow in [Blow::Before, Blow::After] {
                let case = format!("{name}, call {at}, {blow:?}");
                let scene = make();
                let before = scene.looks().await;
                let (old, new) = (current(&before.facts), confirmed_content(&before.plan));
                let killed = scene.writes(&before, &Wire::new(&scene.world, at, blow)).await;
                assert_eq!(killed, None, "{case}");

                let between = scene.looks().await;
                let there = current(&between.facts);
                assert!(there == old || there.as_deref() == Some(&new), "{case}: a third state");
                let wire = Wire::new(&scene.world, usize::MAX, Blow::Before);
                if !between.plan.is_empty() {
                    let reports = scene.writes(&between, &wire).await.unwrap();
                    // Whoever may not move stages cannot take one off either; that is said, and harms no reader.
                    let only_stage = matches!(&between.plan.changes[..], [Change::Secret(change), ..] if change.only_takes_stage_off());
                    assert!(all_written(&reports) || (puts == 2 && only_stage), "{case}: {reports:?}");
                }

                let after = scene.looks().await;
                assert_eq!(current(&after.facts).as_deref(), Some(new.as_str()), "{case}");
                if puts < 2 {
                    assert!(after.plan.is_empty(), "{case}: {:?}", after.plan.changes);
                    assert!(!is_pending(&after.facts), "{case}: a stage is left");
                    assert_eq!(scene.calls("secretsmanager:PutSecretValue"), puts, "{case}: a version too many");
                }
                nothing_lies_about(scene.home.path(), &case);
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_is_asked_for_again_and_nothing_is_done_twice() {
    for (name, make, _) in SORTS {
        let calls = undisturbed(make).await;
        for at in 0..calls {
            let case = format!("{name}, call {at}");
            let scene = make();
            let before = scene.looks().await;
            let new = confirmed_content(&before.plan);
            let staged = before.facts.secret.known().map_or(0, |secret| secret.versions.len());
            let reports = scene.writes(&before, &Wire::new(&scene.world, at, Blow::Lost)).await.unwrap();
            assert!(all_written(&reports), "{case}: {reports:?}");
            let after = scene.looks().await;
            assert_eq!(current(&after.facts).as_deref(), Some(new.as_str()), "{case}");
            let versions = &after.facts.secret.known().unwrap().versions;
            assert!(versions.len() <= staged.max(1) + 1, "{case}: {versions:?}");
        }
    }
}

/// No temporary file, and the client secret nowhere: `config.json` holds none.
fn nothing_lies_about(folder: &Path, case: &str) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            nothing_lies_about(&path, case);
            continue;
        }
        assert!(!path.to_string_lossy().contains(".rolecall-write."), "{case}: {}", path.display());
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        assert!(!text.contains("canary-client-secret") && !text.contains("demo-client-secret"), "{}", path.display());
    }
}

/// What landed before a signal is reported, and the exit code is the signal's.
#[test]
fn a_check_of_many_roles_that_is_told_to_stop_reports_what_landed() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(["check", "--demo=sre-roles-many", "--system", "sre-roles", "--format", "text"])
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_secs(2));
        let told = std::process::Command::new("kill").args(["-s", signal, &check.id().to_string()]).status().unwrap();
        assert!(told.success() && check.try_wait().unwrap().is_none(), "it was still at it");
        let out = check.wait_with_output().unwrap();
        let said = String::from_utf8(out.stdout).unwrap();
        assert_eq!(out.status.code(), Some(code), "{said}");
        assert!(said.contains("not looked at."), "{said}");
    }
}
