//! Many access paths at once: how many calls they need, how many at a time, how long that takes, and what one does to the others. On a clock that
//! jumps from event to event, so that time can be counted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rolecall::aws::{Clock, Demo, Surroundings};
use rolecall::gather::{AT_ONCE, Ask, Gatherer, Landing};
use rolecall::model::facts::ExperimentKind;
use rolecall::model::system::{Asked, Expectation, PathPlan, Question, SystemPlan};
use rolecall::model::{Facts, Hop, Inquiry, Progress, Selection, Severity, SystemChoice};
use rolecall::sandbox::{Failure, Fault, World};
use rolecall::values::PrincipalArn;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::demo::check_in;

const ACCOUNT: &str = "111122223333";
const TARGETS: &str = "444455556666";

/// alice may assume everything; `count` roles of another account, of which one in `trusting` lets her in; Jump is a role of hers.
fn world(count: usize, trusting: usize) -> Value {
    let trust = |who: &str| {
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole"}
        ]})
    };
    let any = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
    let home = format!("arn:aws:iam::{ACCOUNT}:root");
    let roles: serde_json::Map<String, Value> = (0..count)
        .map(|number| {
            let who = if number % trusting == 0 { &home } else { "arn:aws:iam::777788889999:root" };
            (format!("Target{number:04}"), json!({"trust": trust(who)}))
        })
        .collect();
    json!({
        "about": "many roles",
        "latency_ms": {"default": 50},
        "accounts": {
            ACCOUNT: {
                "users": {"alice": {"access_keys": {"AKIAALICEALICEALICE1": {"secret": "alice-secret"}},
                    "inline": {"any": any}}},
                "roles": {"Jump": {"trust": trust(&home), "inline": {"any": any}}}
            },
            TARGETS: {
                "users": {"auditor": {"access_keys": {"AKIAAUDITORAUDITOR01": {"secret": "auditor-secret"}},
                    "inline": {"any": any}}},
                "roles": roles
            }
        },
        "home": {
            ".aws/config": ["[profile alice]", "region = eu-west-1", "[profile auditor]", "region = eu-west-1"],
            ".aws/credentials": [
                "[alice]", "aws_access_key_id = AKIAALICEALICEALICE1", "aws_secret_access_key = alice-secret",
                "[auditor]", "aws_access_key_id = AKIAAUDITORAUDITOR01", "aws_secret_access_key = auditor-secret"
            ]
        },
        "selection": {"aws_profile": "alice", "region": "eu-west-1"}
    })
}

fn target(number: usize) -> Hop {
    Hop::to(format!("arn:aws:iam::{TARGETS}:role/Target{number:04}"))
}

/// AWS asks to slow down so many times, after so many calls.
fn throttling(operation: &str, times: u32, after: u32) -> Fault {
    Fault {
        operation: operation.into(),
        times: Some(times),
        after,
        attempts: Vec::new(),
        failure: Failure::Error { status: 400, code: "Throttling".into(), message: "Rate exceeded".into() },
    }
}

fn jump() -> Hop {
    Hop::to(format!("arn:aws:iam::{ACCOUNT}:role/Jump"))
}

/// A plan of `count` paths.
fn plan(count: usize, hops: impl Fn(usize) -> Vec<Hop>, inspectors: &[&str]) -> SystemPlan {
    let path = |number: usize| PathPlan {
        id: format!("role-{number}"),
        label: format!("role {number}"),
        inquiry: Inquiry {
            hops: hops(number),
            inspectors: inspectors.iter().map(|name| (*name).to_owned()).collect(),
            ..Inquiry::default()
        },
        settings: &[],
    };
    SystemPlan { paths: (0..count).map(path).collect(), ..SystemPlan::default() }
}

/// One run of the program.
struct Run {
    world: World,
    gatherer: Gatherer,
    selection: Selection,
    facts: Facts,
    _home: tempfile::TempDir,
}

impl Run {
    fn new(world: &Value, plan: SystemPlan) -> Self {
        let world = World::from_json(&world.to_string()).unwrap();
        let home = tempfile::tempdir().unwrap();
        world.install_files(home.path()).unwrap();
        let demo = Demo { world: "many".into(), selection: world.selection(), environment: world.environment() };
        let client = SharedHttpClient::new(world.client());
        let here = Surroundings::of_demo(home.path().to_owned(), client, Clock::System, demo).shared();
        let facts = Facts::new(here.clock.now());
        let choice = SystemChoice { plan: Arc::new(plan), ..SystemChoice::of("wave") };
        let selection = Selection { system: Some(choice), ..world.selection() };
        Self { world, gatherer: Gatherer::new(here), selection, facts, _home: home }
    }

    /// Looks everything up; how long that took, and how many calls of each kind reached AWS for it.
    async fn look(&mut self) -> Duration {
        self.until(|_| false).await
    }

    /// As [`Self::look`], cancelled as soon as the facts are as `enough` wants them.
    async fn until(&mut self, enough: impl Fn(&Facts) -> bool) -> Duration {
        self.gatherer.connection(&self.selection, false).await.unwrap();
        let begun = Instant::now();
        let (out, mut landings) = mpsc::unbounded_channel::<Landing>();
        let cancel = CancellationToken::new();
        let run = self.gatherer.run(Ask::System, 0, self.selection.clone(), out, cancel.clone());
        let land = async {
            while let Some(landing) = landings.recv().await {
                (landing.land)(&mut self.facts);
                if enough(&self.facts) {
                    cancel.cancel();
                }
            }
        };
        tokio::join!(run, land);
        begun.elapsed()
    }

    fn count(&self, operation: &str) -> usize {
        self.world.calls().iter().filter(|call| call.operation == operation).count()
    }

    fn allowed(&self) -> usize {
        let paths = self.facts.system.paths.iter().filter_map(|path| path.facts.known());
        paths
            .filter(|facts| facts.hops.iter().all(|hop| hop.live.known().is_some_and(|live| live.outcome.is_ok())))
            .count()
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_roles_take_their_calls_divided_by_what_runs_at_once() {
    let mut run = Run::new(&world(1_000, 1), plan(1_000, |number| vec![target(number)], &["auditor"]));
    let took = run.look().await;
    assert_eq!((run.count("sts:AssumeRole"), run.count("iam:GetRole")), (1_000, 1_000));
    assert_eq!(run.count("sts:GetCallerIdentity"), 2, "the operator and the inspector, once each");
    let calls = run.world.calls().len();
    assert!(calls <= 2_002, "{calls} calls");
    let least = Duration::from_millis(50) * u32::try_from(calls.div_ceil(AT_ONCE)).unwrap();
    println!(
        "{calls} calls of 50 ms, {AT_ONCE} at once: {took:?}, {:.3} times the least",
        took.as_secs_f64() / least.as_secs_f64()
    );
    assert!(took <= least.mul_f64(1.3), "{took:?} for {calls} calls, {least:?} at the least");
    assert!(run.world.busiest() <= AT_ONCE, "{} at once", run.world.busiest());
    assert_eq!(run.allowed(), 1_000);
    assert_eq!((run.facts.system.progress.done(), run.facts.system.progress.total()), (1_000, 1_000));
}

/// Of a principal one look-up is one lane, in which two lists may be asked for at once.
#[tokio::test(start_paused = true)]
async fn principals_go_through_the_same_lanes_and_whoever_reads_is_asked_for_once() {
    let asked = plan(40, |number| vec![target(number)], &["auditor"]);
    let question = |number: usize| {
        let who = Asked::Principal(PrincipalArn::parse(&target(number).role_arn).unwrap());
        let expectation = Expectation {
            what: "read".into(),
            actions: vec!["s3:GetObject".into()],
            resources: vec!["*".into()],
            context: BTreeMap::new(),
            allowed: true,
            trouble: Severity::Warning,
        };
        let id = format!("principal {number}");
        Question { expectations: vec![expectation], ..Question::of(id.clone(), id, who) }
    };
    let mut run = Run::new(&world(40, 1), SystemPlan { questions: (0..40).map(question).collect(), ..asked });
    run.world.inject(throttling("iam:ListAttachedRolePolicies", 60, 20));
    run.look().await;
    assert_eq!(run.count("sts:GetCallerIdentity"), 2, "the operator and the inspector, once each");
    assert!(run.world.busiest() <= 2 * AT_ONCE, "{} at once", run.world.busiest());
    let principals = &run.facts.system.principals;
    assert_eq!((run.allowed(), principals.iter().filter(|look| look.attached.known().is_some()).count()), (40, 40));
    assert!(
        principals.iter().all(|look| look.policies.policies.known().is_some() && look.simulated[0].known().is_some())
    );
}

#[tokio::test(start_paused = true)]
async fn a_jump_role_is_read_and_assumed_once_however_many_paths_lead_through_it() {
    let mut run = Run::new(&world(300, 1), plan(300, |number| vec![jump(), target(number)], &[]));
    let took = run.look().await;
    assert_eq!(run.count("sts:AssumeRole"), 301);
    assert_eq!(run.allowed(), 300, "the session of the jump role may assume each");
    // The target's account is nobody's: GetRole tells of the operator's own account, where there is none of that name.
    assert_eq!(run.count("iam:ListRolePolicies"), 1);
    assert!(took < Duration::from_secs(4), "{took:?}");
    // What belongs to all is kept once.
    let own = run.facts.system.paths.iter().filter_map(|path| path.facts.known()).flat_map(|facts| &facts.hops);
    assert_eq!(own.filter(|hop| hop.own.policies.known().is_some()).count(), 0);
    assert_eq!(run.facts.system.callers.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_hurts_nobody_else_and_the_first_are_looked_at_closely() {
    let mut run = Run::new(&world(200, 2), plan(200, |number| vec![target(number)], &[]));
    run.look().await;
    assert_eq!(run.allowed(), 100);
    let closely: Vec<usize> = (0..200).filter(|index| run.facts.system.paths[*index].closely).collect();
    assert_eq!(closely, (0..16).map(|number| 2 * number + 1).collect::<Vec<_>>());
    assert_eq!(run.count("iam:SimulatePrincipalPolicy"), 16);
    assert_eq!(run.count("sts:AssumeRole"), 200, "none is made twice");
    let simulated = &run.facts.system.paths[1].facts.known().unwrap().hops[0];
    assert!(simulated.live.known().is_some_and(|live| live.outcome.is_err()) && simulated.simulated.len() == 1);
}

#[tokio::test(start_paused = true)]
async fn many_that_fail_at_the_same_jump_make_one_call_and_one_closer_look() {
    let mut world = world(100, 1);
    world["accounts"][ACCOUNT]["roles"]["Jump"]["trust"]["Statement"][0]["Principal"]["AWS"] =
        json!("arn:aws:iam::777788889999:root");
    let mut run = Run::new(&world, plan(100, |number| vec![jump(), target(number)], &[]));
    run.look().await;
    assert_eq!(
        (run.count("sts:AssumeRole"), run.count("iam:SimulatePrincipalPolicy")),
        (1, 2),
        "both hops of one path"
    );
    let refused = run.facts.system.paths.iter().filter_map(|path| path.facts.known());
    assert_eq!(
        refused.filter(|facts| facts.hops[0].live.known().is_some_and(|live| live.outcome.is_err())).count(),
        100
    );
}

#[tokio::test(start_paused = true)]
async fn being_asked_to_slow_down_slows_down_and_fails_nobody() {
    let mut run = Run::new(&world(400, 1), plan(400, |number| vec![target(number)], &["auditor"]));
    // Sixteen at once with the SDK's two retries each are 48: it goes on for three rounds of all of them.
    run.world.inject(throttling("sts:AssumeRole", 150, 40));
    run.world.inject(throttling("iam:GetRole", 60, 300));
    let took = run.look().await;
    let known = run.facts.system.paths.iter().filter_map(|path| path.facts.known());
    assert_eq!((run.allowed(), known.filter(|facts| facts.hops[0].detail.known().is_some()).count()), (400, 400));
    assert!(took > Duration::from_secs(5), "it did not wait: {took:?}");
}

#[tokio::test(start_paused = true)]
async fn endless_throttling_ends_and_says_so() {
    let mut run = Run::new(&world(100, 1), plan(100, |number| vec![target(number)], &[]));
    run.world.inject(Fault {
        operation: "sts:AssumeRole".into(),
        times: None,
        after: 0,
        attempts: Vec::new(),
        failure: Failure::Error { status: 400, code: "Throttling".into(), message: "Rate exceeded".into() },
    });
    let took = run.look().await;
    assert!(took < Duration::from_secs(180), "{took:?}");
    let outcomes = run.facts.system.paths.iter().filter_map(|path| path.facts.known());
    let throttled = |hop: &rolecall::model::facts::HopFacts| {
        hop.live.known().is_some_and(|live| live.outcome.as_ref().is_err_and(|error| error.code() == "Throttling"))
    };
    assert_eq!(outcomes.filter(|facts| throttled(&facts.hops[0])).count(), 100);
    assert!(run.facts.system.paths.iter().all(|path| !path.closely), "that says nothing of who may do what");
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_switched_off_is_tried_once_more_at_us_east_1_for_every_role() {
    let mut world = world(60, 1);
    world["accounts"][TARGETS]["sts_regions_off"] = json!(["eu-west-1"]);
    let mut run = Run::new(&world, plan(60, |number| vec![target(number)], &[]));
    run.look().await;
    assert_eq!(run.count("sts:AssumeRole"), 120);
    for look in &run.facts.system.paths {
        let hop = &look.facts.known().unwrap().hops[0];
        assert_eq!(hop.live.known().unwrap().outcome.as_ref().unwrap_err().code(), "RegionDisabledException");
        let [experiment] = hop.experiments.as_slice() else { panic!("{:?}", hop.experiments) };
        assert_eq!(experiment.kind, ExperimentKind::UsEast1);
        assert!(experiment.call.outcome.is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn cancelled_it_keeps_what_landed_and_asked_again_it_shows_it_until_the_new_is_there() {
    let mut run = Run::new(&world(200, 1), plan(200, |number| vec![target(number)], &[]));
    run.until(|facts| facts.system.progress.done() >= 50).await;
    let done = run.facts.system.progress.done();
    assert!((50..100).contains(&done), "{done}");
    let known = |facts: &Facts| facts.system.paths.iter().filter(|path| path.facts.known().is_some()).count();
    assert_eq!(
        (known(&run.facts), run.facts.system.paths.iter().filter(|path| path.facts.is_settled()).count()),
        (done, 200)
    );
    let shown = |facts: &Facts| facts.system.paths.iter().filter(|path| path.facts.shown().is_some()).count();
    // That of the look before says nothing of this one.
    run.facts.system.progress = Progress::default();
    run.until(|facts| {
        let enough = facts.system.progress.done() >= 20;
        assert!(enough || shown(facts) >= done, "what was known is shown all the while");
        enough
    })
    .await;
    assert!(known(&run.facts) >= 20 && known(&run.facts) < 200);
    run.look().await;
    assert_eq!(run.allowed(), 200);
}

/// The bot of a large company itself, as `check` looks at it: what its calls take at the latency they have, with a third of it to spare.
#[test]
fn an_sre_bots_thousand_roles_take_what_their_calls_take() {
    let world = World::load("sre-roles-many").unwrap();
    let (checked, took) = check_in(&world, world.selection());
    let rows = &checked.judgement.system.rows;
    assert_eq!(rows.len(), 1_000);
    // The role read and assumed, each once; beside it what is asked once, and why three are refused.
    let calls = world.calls().len();
    assert!((2_000..=2_100).contains(&calls), "{calls} calls");
    assert!((AT_ONCE - 2..=AT_ONCE).contains(&world.busiest()), "{} at once", world.busiest());
    let least = Duration::from_millis(50) * u32::try_from(calls).unwrap() / u32::try_from(AT_ONCE).unwrap();
    assert!(took * 10 < least * 13, "{took:?} for what takes {least:?}");
    assert!(rows.iter().all(|row| row.verdicts.is_empty()), "of many a row keeps what it shows");
}
