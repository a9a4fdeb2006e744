//! The screen against the headless check, in every demo world: the same gathering and judging must give the same findings.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::sync::mpsc::unbounded_channel;

use super::setting;
use crate::aws::{Clock, Demo, Surroundings};
use crate::check;
use crate::judge::Judgement;
use crate::model::Trials;
use crate::sandbox::World;
use crate::tui::Start;
use crate::tui::app::App;
use crate::tui::effects::Hands;
use crate::tui::message::{Effect, Message};
use crate::tui::route::Route;

pub(super) fn world(name: &str, home: &std::path::Path) -> (Arc<Surroundings>, crate::model::Selection) {
    let world = World::load(name).unwrap().without_latency();
    world.install_files(home).unwrap();
    let demo = Demo { world: name.to_owned(), selection: world.selection(), environment: world.environment() };
    let here = Surroundings::of_demo(home.to_owned(), SharedHttpClient::new(world.client()), Clock::System, demo);
    (here.shared(), world.selection())
}

/// Opens a job and lets every look-up end, as the runtime would.
pub(super) async fn on_screen(here: Arc<Surroundings>, selection: crate::model::Selection, start: Start) -> App {
    saying_yes(here, selection, start, Trials::default()).await
}

/// The same, and then a yes to these trials.
async fn saying_yes(
    here: Arc<Surroundings>,
    selection: crate::model::Selection,
    start: Start,
    mut trials: Trials,
) -> App {
    let (outbox, mut inbox) = unbounded_channel();
    let mut app = App::new(here.clock.now(), selection, setting());
    app.open_at(start);
    let mut hands = Hands::new(here);
    let mut effects: Vec<Effect> = app.begin();
    loop {
        effects.drain(..).for_each(|effect| hands.perform(effect, &outbox));
        effects = match app.running.is_empty() {
            true if start == Start::System && app.route == Route::Source => {
                app.go(Route::Access);
                app.update(Message::Tick)
            }
            true if !trials.any() => return app,
            true => app.begin_trials(std::mem::take(&mut trials)),
            false => app.update(inbox.recv().await.unwrap()),
        };
    }
}

/// What shows a path alone opens at its diagnosis, and what shows a system at that: neither has a set-up to walk.
pub(super) fn is_of_set_up(name: &str) -> bool {
    let selection = World::load(name).unwrap().selection();
    selection.inquiry.is_none() && selection.system.is_none()
}

fn lines(judgement: &Judgement) -> Vec<String> {
    let mut lines: Vec<String> = judgement
        .findings
        .iter()
        .map(|finding| format!("{} {} {}", finding.severity.word(), finding.id, finding.subject))
        .collect();
    lines.sort();
    lines
}

/// Of a system the walk leads to its access paths. On a clock that jumps to the next event: what is tried again after a pause takes no time.
#[tokio::test(start_paused = true)]
async fn the_screen_and_the_check_find_the_same() {
    for name in World::names().iter().filter(|name| World::load(name).unwrap().selection().inquiry.is_none()) {
        let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (here, selection) = world(name, home.path());
        let trials = selection.migration.trials;
        let start = if selection.system.is_some() { Start::System } else { Start::Setup };
        let app = saying_yes(here, selection, start, trials).await;
        let (here, selection) = world(name, other.path());
        let checked = check::run(here, selection).await;
        assert_eq!(lines(&app.judgement), lines(&checked.judgement), "{name}");
        assert!(!app.judgement.findings.is_empty());
        let (shown, headless) = (&app.judgement.verdicts, &checked.judgement.verdicts);
        assert_eq!(shown.len(), headless.len(), "{name}");
        for (one, other) in shown.iter().zip(headless) {
            assert_eq!(
                (one.party, &one.role_arn, &one.decision),
                (other.party, &other.role_arn, &other.decision),
                "{name}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_world_states_for_the_check_is_not_tried_on_the_screen_unasked() {
    for start in [Start::Setup, Start::Secret] {
        let home = tempfile::tempdir().unwrap();
        let (here, selection) = world("secret-tried-refused", home.path());
        assert!(selection.migration.trials.any());
        let app = on_screen(here, selection, start).await;
        assert!(app.facts.secret.known().is_some());
        assert!(app.facts.migration.bucket.is_empty() && app.facts.migration.benchling.known().is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_reads_and_assume_role_before_a_yes() {
    let home = tempfile::tempdir().unwrap();
    let world = World::load("quilt-no-secret").unwrap().without_latency();
    world.install_files(home.path()).unwrap();
    let demo = Demo { world: "quilt-no-secret".into(), selection: world.selection(), environment: world.environment() };
    let client = SharedHttpClient::new(world.client());
    let here = Surroundings::of_demo(home.path().to_owned(), client, Clock::System, demo).shared();
    let app = on_screen(here, world.selection(), Start::Setup).await;
    assert!(!app.facts.calls.is_empty());
    let calls = world.calls();
    assert!(calls.len() > 20, "the whole walk was looked up");
    for call in calls {
        let name = call.operation.split(':').nth(1).unwrap();
        let reads = ["Get", "List", "Describe"].iter().any(|verb| name.starts_with(verb));
        assert!(reads || name == "AssumeRole", "{}", call.operation);
    }
    assert!(!home.path().join(".config/benchling-webhook/default/config.json").exists());
}
