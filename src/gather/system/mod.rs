//! What a system looks up: where its settings stand, its access paths, many at once, and the principals it asks about.

mod brake;
mod expand;
mod landings;
mod paths;
mod principals;
mod settings;
mod yaml;

use std::collections::BTreeSet;

use super::path::{Readers, Shared};
use super::{OnFact, Sink};
use crate::aws::{Connection, Connector};
use crate::model::facts::SystemFacts;
use crate::model::{Inquiry, Selection, SystemChoice};
use brake::Brake;

pub use settings::settings;

/// Looks up everything that the selection's plan says. Nothing is written, and sessions are dropped at the end.
pub(super) async fn run(connector: &Connector, connection: &Connection, selection: &Selection, sink: &Sink) {
    let Some(choice) = &selection.system else { return };
    let plan = choice.plan.as_ref();
    let ids = plan.paths.iter().map(|path| path.id.clone()).collect::<Vec<_>>();
    let questions = plan.questions.iter().map(|question| (question.id.clone(), question.expectations.len()));
    let questions = questions.collect::<Vec<_>>();
    let asks_nothing = ids.is_empty() && questions.is_empty();
    sink.land(move |facts| {
        facts.system.begin(&ids, &questions);
        each_fact(&mut facts.system, &mut super::Begin);
    });
    if !asks_nothing {
        match connector.apart(connection).await {
            Ok(connection) => Box::pin(look(connector, &connection, choice, selection, sink)).await,
            Err(error) => sink.land(move |facts| facts.system.fail(&error)),
        }
    }
    sink.land(|facts| each_fact(&mut facts.system, &mut super::path::Unasked));
}

/// Paths and principals at once, with the same readers, lanes and brake.
async fn look(
    connector: &Connector,
    connection: &Connection,
    choice: &SystemChoice,
    selection: &Selection,
    sink: &Sink,
) {
    let plan = choice.plan.as_ref();
    let asked = Selection { inquiry: Some(inspecting(choice)), ..selection.clone() };
    let readers = Readers::new(connector, connection, &asked, sink, |facts, name, who| {
        facts.system.inspectors.insert(name, who);
    });
    let inquiries = plan.paths.iter().map(|path| &path.inquiry);
    let common = paths::are_many(plan).then_some(sink);
    let shared = Shared::new(connector, (connection, connection), readers, inquiries, common);
    let brake = Brake::default();
    // Who reads what is asked before anything runs at once.
    shared.readers.any().await;
    // Each keeps many calls at once; on the heap they leave the stack to whoever waits.
    tokio::join!(
        Box::pin(paths::run(&shared, &brake, plan, connector.here().clock.now(), sink)),
        Box::pin(principals::run(&shared, &brake, &plan.questions, sink)),
    );
}

/// Every inspector that the choice or one of its paths names, each once: what the user chose first.
fn inspecting(choice: &SystemChoice) -> Inquiry {
    let of_paths = choice.plan.paths.iter().flat_map(|path| &path.inquiry.inspectors);
    let mut seen = BTreeSet::new();
    let all = choice.inspectors.iter().chain(of_paths).filter(|name| seen.insert(name.as_str()));
    Inquiry { inspectors: all.cloned().collect(), ..Inquiry::default() }
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
