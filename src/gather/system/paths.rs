//! The access paths of a system: a few as closely as a diagnosis looks, many by their roles and their live calls, and then the first of those
//! that were refused closely.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use futures::stream::{self, StreamExt};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;

use super::brake::Brake;
use super::landings::Landings;
use crate::gather::path::{self, AT_ONCE, Refused, Shared};
use crate::gather::{Ask, Landing, Sink};
use crate::model::facts::PathFacts;
use crate::model::system::{PathPlan, SystemPlan};
use crate::model::{Facts, Hop};
use crate::values::time::Timestamp;

/// So many paths are all looked at closely, and so many at once.
const FEW: usize = 8;

/// So many refused ones of many are looked at closely.
const REFUSED: usize = 16;

/// Whether there are so many that only what was refused is looked at closely.
pub(super) const fn are_many(plan: &SystemPlan) -> bool {
    plan.paths.len() > FEW
}

pub(super) async fn run(shared: &Shared<'_>, brake: &Brake, plan: &SystemPlan, now: Timestamp, sink: &Sink) {
    if plan.paths.is_empty() {
        return;
    }
    let many = are_many(plan);
    let look = Looking { shared, plans: &plan.paths, sink, closely: !many, brake, now };
    let doubtful = look.all(if many { AT_ONCE } else { FEW }).await;
    look.why(doubtful).await;
}

struct Looking<'a> {
    shared: &'a Shared<'a>,
    plans: &'a [PathPlan],
    sink: &'a Sink,
    /// Each as a diagnosis of its own.
    closely: bool,
    brake: &'a Brake,
    now: Timestamp,
}

/// What a path came to.
struct Looked<'a> {
    index: usize,
    facts: PathFacts,
    /// Experiments and the simulator are among it.
    closely: bool,
    refused: Option<Box<Refused<'a>>>,
}

/// A refused call that is worth a closer look.
struct Doubtful<'a> {
    index: usize,
    known: Arc<PathFacts>,
    refused: Box<Refused<'a>>,
}

impl<'a> Looking<'a> {
    /// All of them, `at_once` so many at a time. Tells which of those refused are worth a closer look: the first ones, and of those that were
    /// refused the same call, one.
    async fn all(&self, at_once: usize) -> Vec<Doubtful<'a>> {
        let looks = stream::iter(0..self.plans.len()).map(|index| self.one(index));
        let mut looks = std::pin::pin!(looks.buffer_unordered(at_once));
        let mut landing = Landings::new(self.sink, self.plans.len());
        let mut doubtful = BTreeMap::new();
        let mut refused_calls: HashSet<&[Hop]> = HashSet::new();
        loop {
            let Looked { index, facts, closely, refused } = tokio::select! {
                biased;
                () = landing.due() => {
                    landing.flush();
                    continue;
                }
                looked = looks.next() => match looked {
                    Some(looked) => looked,
                    None => break,
                },
            };
            let facts = Arc::new(facts);
            let hops = self.plans.get(index).map(|plan| plan.inquiry.hops.as_slice()).unwrap_or_default();
            if let Some(refused) = refused
                && !path::is_passing(refused.error())
                && refused_calls.insert(refused.way(hops))
            {
                doubtful.insert(index, Doubtful { index, known: Arc::clone(&facts), refused });
                if doubtful.len() > REFUSED {
                    doubtful.pop_last();
                }
            }
            landing.push(index, facts, closely);
        }
        landing.flush();
        doubtful.into_values().collect()
    }

    /// One path into facts of its own; again where AWS asked to slow down, as far as that is worth it.
    async fn one(&self, index: usize) -> Looked<'a> {
        let nothing = Looked { index, facts: PathFacts::default(), closely: false, refused: None };
        let Some(plan) = self.plans.get(index) else { return nothing };
        loop {
            self.brake.pass().await;
            let since = Instant::now();
            let (scratch, landings) = local();
            let refused = if self.closely {
                Box::pin(path::whole(self.shared, &plan.inquiry, None, &scratch)).await;
                None
            } else {
                Box::pin(path::roles_and_calls(self.shared, &plan.inquiry, &scratch)).await
            };
            let facts = collected(Facts::new(self.now), landings);
            let throttled = is_throttled(&facts);
            if !throttled {
                self.brake.answered();
            }
            if !throttled || !self.brake.strike(since) {
                return Looked { index, facts, closely: self.closely, refused };
            }
        }
    }

    /// What tells why calls were refused, beside what is known already.
    async fn why(&self, doubtful: Vec<Doubtful<'a>>) {
        let count = doubtful.len();
        let doubtful = &doubtful;
        let looks = stream::iter(0..count).map(|number| async move {
            if let Some(doubtful) = doubtful.get(number) {
                self.why_one(doubtful).await;
            }
        });
        looks.buffer_unordered(FEW).collect::<Vec<()>>().await;
    }

    async fn why_one(&self, doubtful: &Doubtful<'a>) {
        let Doubtful { index, known, refused } = doubtful;
        let Some(plan) = self.plans.get(*index) else { return };
        let (scratch, landings) = local();
        Box::pin(path::why_refused(self.shared, &plan.inquiry, refused, refused.role(known), &scratch)).await;
        let facts = Facts { path: PathFacts::clone(known), ..Facts::new(self.now) };
        let (index, facts) = (*index, Arc::new(collected(facts, landings)));
        self.sink.land(move |all| all.system.land_path(index, facts, true));
    }
}

/// Whether a part of it was answered by being asked to slow down.
fn is_throttled(facts: &PathFacts) -> bool {
    facts.hops.iter().any(|hop| {
        let live = hop.live.known().and_then(|live| live.outcome.as_ref().err());
        let read = [hop.detail.error(), hop.own.policies.error(), hop.own.role.error()];
        live.into_iter().chain(read.into_iter().flatten()).any(path::is_passing)
    })
}

/// A sink of its own, whose answers are applied to facts of their own.
fn local() -> (Sink, UnboundedReceiver<Landing>) {
    let (out, landings) = unbounded_channel();
    (Sink { ask: Ask::System, generation: 0, out }, landings)
}

/// What landed in a sink of its own.
fn collected(mut facts: Facts, mut landings: UnboundedReceiver<Landing>) -> PathFacts {
    while let Ok(landing) = landings.try_recv() {
        (landing.land)(&mut facts);
    }
    facts.path
}
