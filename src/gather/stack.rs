//! The stacks of the region, and the chosen one with everything that hangs on it.

use std::collections::BTreeMap;

use futures::future::join_all;

use super::{Sink, roles, workload};
use crate::aws::calls::cloudformation as cfn;
use crate::aws::{Connection, Surroundings};
use crate::model::facts::{Stack, StackResource};
use crate::model::{AwsError, ErrorKind, Fact, Selection};
use crate::systems::quilt;

/// Every stack of the region; what each page brings is shown at once. A list from before stays until the new one is whole.
pub(super) async fn list(connection: &Connection, sink: &Sink) {
    let stacks = cfn::stacks(connection, |page, before| {
        let page = page.to_vec();
        sink.land(move |facts| match &mut facts.stacks {
            Fact::Pending(None) if before == 0 => facts.stacks = Fact::Pending(Some(Box::new(page))),
            Fact::Pending(Some(shown)) if before > 0 && shown.len() == before => shown.extend(page),
            _ => {}
        });
    })
    .await;
    sink.land(move |facts| {
        facts.regions.clear();
        facts.stacks = Fact::from_result(stacks);
    });
}

/// The chosen stack, its resources, its roles, and the workload: all at once, as far as they do not need each other.
pub(super) async fn run(here: &Surroundings, connection: &Connection, selection: &Selection, sink: &Sink) {
    let of_stack = async {
        match &selection.stack {
            Some(stack) => stack_and_roles(here, connection, selection, stack, sink).await,
            None => without_stack(here, connection, selection, sink).await,
        }
    };
    tokio::join!(of_stack, workload::run(here, connection, selection, sink));
}

/// The chosen stack, and where no secret is chosen the resources that may tell one.
pub(super) async fn alone(connection: &Connection, selection: &Selection, sink: &Sink) {
    let Some(name) = selection.stack.as_deref() else {
        return sink.land(|facts| (facts.stack, facts.resources) = (Fact::NotAsked, Fact::NotAsked));
    };
    let resources = async {
        match selection.secret {
            Some(_) => Fact::NotAsked,
            None => Fact::from_result(resources(connection, name).await),
        }
    };
    let (stack, resources) = tokio::join!(cfn::stack(connection, name), resources);
    sink.land(move |facts| (facts.stack, facts.resources) = (Fact::from_result(stack), resources));
}

/// The webhook's own stack, for its name and that it is there.
pub(super) async fn webhook(connection: &Connection, selection: &Selection, sink: &Sink) {
    let stack = cfn::stack(connection, &selection.webhook_stack()).await;
    sink.land(move |facts| facts.webhook = Fact::from_result(stack));
}

async fn resources(connection: &Connection, name: &str) -> Result<BTreeMap<String, StackResource>, AwsError> {
    let asked = quilt::RESOURCES.iter().map(|id| async move { (*id, cfn::resource(connection, name, id).await) });
    collect(join_all(asked).await)
}

async fn stack_and_roles(here: &Surroundings, connection: &Connection, selection: &Selection, name: &str, sink: &Sink) {
    let stack = async {
        let stack = cfn::stack(connection, name).await;
        let answer = stack.clone();
        sink.land(move |facts| facts.stack = Fact::from_result(stack));
        answer
    };
    let resources = async {
        let resources = resources(connection, name).await;
        let known = resources.as_ref().ok().cloned();
        let settled = resources.as_ref().err().cloned();
        sink.land(move |facts| facts.resources = Fact::from_result(resources));
        (known, settled)
    };
    let (stack, (resources, refused)) = tokio::join!(stack, resources);
    // Whether it tells no role is known only of a stack that was read.
    let unread = stack.as_ref().err().filter(|error| error.kind != ErrorKind::NotFound).cloned();
    let refused = refused.or(unread);
    roles::run(here, connection, selection, stack.as_ref().ok(), &resources.unwrap_or_default(), refused, sink).await;
}

/// Nothing chosen: only typed roles can be looked at.
async fn without_stack(here: &Surroundings, connection: &Connection, selection: &Selection, sink: &Sink) {
    sink.land(|facts| {
        facts.stack = Fact::NotAsked;
        facts.resources = Fact::NotAsked;
    });
    roles::run(here, connection, selection, None::<&Stack>, &BTreeMap::new(), None, sink).await;
}

/// A resource that is not there is left out; any other failure is the failure of the look-up.
fn collect(asked: Vec<(&str, Result<StackResource, AwsError>)>) -> Result<BTreeMap<String, StackResource>, AwsError> {
    let mut resources = BTreeMap::new();
    for (id, answer) in asked {
        match answer {
            Ok(resource) => {
                resources.insert(id.to_owned(), resource);
            }
            Err(error) if error.kind == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(resources)
}
