//! How long a whole `check` takes apart from the network: gathering through the real SDK, judging, and the report, in demo worlds without latency.
//! How many round trips it takes is counted by a test (`tests/it/round_trips.rs`).

#![expect(clippy::expect_used, reason = "a world that cannot be loaded is a failure")]

use std::hint::black_box;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use criterion::{Criterion, criterion_group, criterion_main};
use rolecall::aws::{Clock, Demo, Surroundings};
use rolecall::check;
use rolecall::report;
use rolecall::sandbox::World;

fn whole_checks(c: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut group = c.benchmark_group("check");
    group.sample_size(20);
    for name in ["quilt-healthy", "quilt-untouched", "big-account"] {
        let world = World::load(name).expect("a world").without_latency();
        let home = tempfile::tempdir().expect("a folder");
        world.install_files(home.path()).expect("its files");
        let demo = Demo { world: name.into(), selection: world.selection(), environment: world.environment() };
        let client = SharedHttpClient::new(world.client());
        let here = Surroundings::of_demo(home.path().to_owned(), client, Clock::System, demo).shared();
        group.bench_function(name, |b| {
            b.iter(|| {
                let checked = runtime.block_on(check::run(here.clone(), world.selection()));
                black_box(report::json(&checked.report()))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, whole_checks);
criterion_main!(benches);
