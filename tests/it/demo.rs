//! A demo world in this process, on a clock that jumps to the next event: what takes seconds takes none, and time can be counted.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rolecall::aws::{Clock, Demo, Surroundings};
use rolecall::check::{self, Checked};
use rolecall::model::Selection;
use rolecall::sandbox::World;

/// `check` in a world, and how long it took by that clock.
pub fn check_in(world: &World, selection: Selection) -> (Checked, Duration) {
    let home = tempfile::tempdir().unwrap();
    world.install_files(home.path()).unwrap();
    let demo = Demo { world: "test".into(), selection: selection.clone(), environment: world.environment() };
    let client = SharedHttpClient::new(world.client());
    let here = Surroundings::of_demo(home.path().to_owned(), client, Clock::System, demo).shared();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let begun = tokio::time::Instant::now();
        let checked = Box::pin(check::run(here, selection)).await;
        (checked, begun.elapsed())
    })
}
