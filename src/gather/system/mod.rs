//! What a system looks up: where its settings stand, its access paths, many at once, and the principals it asks about.

mod brake;
mod landings;
mod paths;
mod principals;
mod settings;

use super::{OnFact, Sink};
use crate::aws::{Connection, Connector};
use crate::model::Selection;
use crate::model::facts::SystemFacts;

pub use settings::settings;

/// Looks up everything that the selection's plan says. Nothing is written, and sessions are dropped at the end.
pub(super) async fn run(connector: &Connector, connection: &Connection, selection: &Selection, sink: &Sink) {
    let Some(choice) = &selection.system else { return };
    let plan = choice.plan.as_ref();
    let ids = plan.paths.iter().map(|path| path.id.clone()).collect::<Vec<_>>();
    let questions = plan.questions.iter().map(|question| (question.id.clone(), question.expectations.len()));
    let questions = questions.collect::<Vec<_>>();
    sink.land(move |facts| {
        facts.system.begin(&ids, &questions);
        each_fact(&mut facts.system, &mut super::Begin);
    });
    // Each keeps many calls at once; on the heap they leave the stack to whoever waits.
    tokio::join!(
        Box::pin(paths::run(connector, connection, selection, sink)),
        Box::pin(principals::run(connector, connection, selection, sink)),
    );
    sink.land(|facts| each_fact(&mut facts.system, &mut super::path::Unasked));
}

/// A random UUID, version 4 (RFC 9562, section 5.4). `None`: the system has no randomness to give.
pub(super) fn random_uuid() -> Option<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

/// Every fact that one look at a system settles; where its settings stand is known before.
pub(super) fn each_fact(system: &mut SystemFacts, on: &mut impl OnFact) {
    for path in &mut system.paths {
        on.on(&mut path.facts);
    }
    for principal in &mut system.principals {
        on.on(&mut principal.found);
        on.on(&mut principal.policies.arn);
        on.on(&mut principal.policies.role);
        on.on(&mut principal.policies.policies);
        on.on(&mut principal.policies.boundary);
        on.on(&mut principal.attached);
        on.on(&mut principal.access_keys);
        principal.simulated.iter_mut().for_each(|simulated| on.on(simulated));
    }
}
