//! The results of many paths on their way to the facts.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::gather::Sink;
use crate::model::facts::PathFacts;

/// After a landing everything is judged again and drawn, for which every path is looked at: the more there are, the longer it is until the next,
/// so that all landings of a look together cost in proportion to its paths. Of 1,000 paths ten land a second, each time what has come since.
const GAP_PER_PATH: Duration = Duration::from_micros(100);

/// Collects what comes until the next landing. What is left when it is dropped, by whoever cancels, lands then.
pub(super) struct Landings<'a> {
    sink: &'a Sink,
    begun: Instant,
    gap: Duration,
    next: Instant,
    waiting: Vec<(usize, Arc<PathFacts>, bool)>,
}

impl<'a> Landings<'a> {
    /// For a look at so many paths, which begins now.
    pub(super) fn new(sink: &'a Sink, paths: usize) -> Self {
        let begun = Instant::now();
        let gap = GAP_PER_PATH.saturating_mul(u32::try_from(paths).unwrap_or(u32::MAX));
        Self { sink, begun, gap, next: begun, waiting: Vec::new() }
    }

    /// What was looked up of the path at that place of the list, and whether closely.
    pub(super) fn push(&mut self, index: usize, facts: Arc<PathFacts>, closely: bool) {
        self.waiting.push((index, facts, closely));
    }

    /// Waits until something is to land; for ever where nothing waits.
    pub(super) async fn due(&self) {
        if self.waiting.is_empty() {
            return std::future::pending().await;
        }
        tokio::time::sleep_until(self.next).await;
    }

    /// Lands what waits.
    pub(super) fn flush(&mut self) {
        let landed = std::mem::take(&mut self.waiting);
        if landed.is_empty() {
            return;
        }
        self.next = Instant::now() + self.gap;
        let at = self.begun.elapsed();
        self.sink.land(move |all| {
            all.system.progress.land(landed.len(), at);
            for (index, facts, closely) in landed {
                all.system.land_path(index, facts, closely);
            }
        });
    }
}

impl Drop for Landings<'_> {
    fn drop(&mut self) {
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;
    use crate::gather::Ask;
    use crate::model::{Fact, Facts};

    /// However many paths there are, as many landings: what each costs in proportion to the paths is linear in all.
    #[tokio::test(start_paused = true)]
    async fn the_landings_of_a_look_are_as_many_for_ten_times_the_paths() {
        let mut counts = Vec::new();
        for paths in [1_000_usize, 10_000] {
            let (out, mut landings) = unbounded_channel();
            let sink = Sink { ask: Ask::System, generation: 0, out };
            let mut landing = Landings::new(&sink, paths);
            for index in 0..paths {
                // Sixteen at once, 100 ms each.
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_micros(6_250)) => {}
                    () = async { loop { landing.due().await; landing.flush(); } } => {}
                }
                landing.push(index, Arc::default(), false);
            }
            drop(landing);
            let mut facts = Facts::new("2026-03-04T12:00:00Z".parse().unwrap());
            let ids: Vec<String> = (0..paths).map(|number| number.to_string()).collect();
            facts.system.begin(&ids, &[]);
            let mut count = 0;
            while let Ok(landing) = landings.try_recv() {
                (landing.land)(&mut facts);
                count += 1;
            }
            assert!(facts.system.paths.iter().all(|path| matches!(path.facts, Fact::Known(_))), "none is lost");
            counts.push(count);
        }
        assert!(counts[0] <= 80 && counts[1] <= counts[0] + 5, "{counts:?}");
    }
}
