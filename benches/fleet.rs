//! `check --system sre-roles` with 250 and with 1,000 roles, 50 ms a call, through the real SDK: how many calls, how long beside what calls,
//! latency and concurrency alone would take, and the most memory that was ever used. Then what judging costs as the results land one by one.
//!
//! Each size is measured in a process of its own, since memory that was once used is not given back:
//! `cargo bench --bench fleet`, or faster to build `cargo bench --profile measure --bench fleet`.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be made is a failure, and its result is printed"
)]

use std::fmt::Write as _;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rolecall::aws::{Clock, Demo, Surroundings};
use rolecall::check;
use rolecall::gather::AT_ONCE;
use rolecall::judge::{self, Judgement};
use rolecall::model::{Fact, SystemChoice};
use rolecall::sandbox::World;
use serde_json::{Map, Value, json};

const LATENCY: Duration = Duration::from_millis(50);
const ACCOUNT: &str = "111122223333";
const SIZE: &str = "ROLECALL_FLEET";

fn main() {
    match std::env::var(SIZE).ok().and_then(|size| size.parse().ok()) {
        Some(size) => measure(size),
        None => [250, 1_000].into_iter().for_each(apart),
    }
}

/// In a process of its own.
fn apart(size: usize) {
    let program = std::env::current_exe().expect("this program");
    let ended = Command::new(program).env(SIZE, size.to_string()).status().expect("a process");
    assert!(ended.success(), "{size} roles could not be measured");
}

/// A bot that may assume `size` roles of its own account, which it can read.
fn world(size: usize) -> World {
    let any = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
    let trust = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:user/bot")}, "Action": "sts:AssumeRole"}
    ]});
    let names = || (0..size).map(|number| format!("Role{number:04}"));
    let roles: Map<String, Value> = names().map(|name| (name, json!({"trust": trust}))).collect();
    let setting: Map<String, Value> = names()
        .map(|name| {
            let arn = format!("arn:aws:iam::{ACCOUNT}:role/{name}");
            (name, json!({"role_arn": arn, "account_id": ACCOUNT}))
        })
        .collect();
    let text = json!({
        "about": "many roles",
        "latency_ms": {"default": LATENCY.as_millis()},
        "accounts": {ACCOUNT: {
            "users": {"bot": {"access_keys": {"AKIABOTBOTBOTBOTBOT1": {"secret": "bot-secret"}}, "inline": {"any": any}}},
            "roles": roles
        }},
        "home": {
            ".aws/config": ["[profile bot]", "region = us-east-1"],
            ".aws/credentials": ["[bot]", "aws_access_key_id = AKIABOTBOTBOTBOTBOT1", "aws_secret_access_key = bot-secret"]
        },
        "environment": {"AWS_AUTH_ROLES": Value::Object(setting).to_string()},
        "selection": {"aws_profile": "bot", "region": "us-east-1"}
    });
    World::from_json(&text.to_string()).expect("a world")
}

fn measure(size: usize) {
    let world = world(size);
    let home = tempfile::tempdir().expect("a folder");
    world.install_files(home.path()).expect("its files");
    let mut selection = world.selection();
    selection.system = Some(SystemChoice::of("sre-roles"));
    let demo = Demo { world: "fleet".into(), selection: selection.clone(), environment: world.environment() };
    let client = SharedHttpClient::new(world.client());
    let here = Surroundings::of_demo(home.path().to_owned(), client, Clock::System, demo).shared();
    let before = peak();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let begun = Instant::now();
    let checked = runtime.block_on(check::run(here, selection));
    let took = begun.elapsed();
    let after = peak();
    let calls = world.calls().len();
    let rows = &checked.judgement.system.rows;
    assert_eq!(rows.len(), size, "every role has its row");
    let least = LATENCY.mul_f64(calls as f64 / AT_ONCE as f64);
    let mut told = format!("{size} roles: {calls} calls of {} ms, {AT_ONCE} at once", LATENCY.as_millis());
    let _ =
        write!(told, ", {:.2} s, {:.2} times the least", took.as_secs_f64(), took.as_secs_f64() / least.as_secs_f64());
    if let (Some(before), Some(after)) = (before, after) {
        let each = after.saturating_sub(before) as f64 / size as f64;
        let _ = write!(told, "; at most {after} KiB, {each:.1} KiB a role beside {before} KiB before");
    }
    println!("{told}");
    one_by_one(checked);
}

/// The most memory that this process ever used, in KiB; Linux alone tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// As if each result landed for itself, and everything were judged again after it.
fn one_by_one(checked: check::Checked) {
    let check::Checked { facts: whole, selection, .. } = checked;
    let mut facts = whole.clone();
    for look in &mut facts.system.paths {
        look.facts = Fact::Pending(None);
    }
    let mut judgement = Judgement::default();
    let mut slowest = Duration::ZERO;
    let begun = Instant::now();
    for (index, look) in whole.system.paths.iter().enumerate() {
        if let (Some(into), Some(known)) = (facts.system.paths.get_mut(index), look.facts.known()) {
            into.facts = Fact::Known(Arc::clone(known));
        }
        let one = Instant::now();
        judgement = judge::again(&facts, &selection, &judgement);
        slowest = slowest.max(one.elapsed());
    }
    let (took, count) = (begun.elapsed(), whole.system.paths.len());
    let at_once = Instant::now();
    let all = judge::judge(&facts, &selection);
    let at_once = at_once.elapsed();
    assert!(all == judgement, "judged one by one it is the same");
    println!(
        "{count} judged one by one: {:.2} s, the slowest {:.1} ms; all at once {:.1} ms",
        took.as_secs_f64(),
        slowest.as_secs_f64() * 1e3,
        at_once.as_secs_f64() * 1e3
    );
}
