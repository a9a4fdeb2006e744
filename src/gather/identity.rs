//! Who the credentials are, and what policies that principal has.

use super::{Sink, principal};
use crate::aws::Connection;
use crate::model::Fact;
use crate::model::facts::CallerIdentity;

/// Who the credentials are, and nothing more.
pub(super) async fn caller(connection: &Connection, sink: &Sink) -> Option<CallerIdentity> {
    let credentials = connection.credentials();
    sink.land(move |facts| facts.credentials = Fact::Known(credentials));
    let identity = connection.caller().await;
    let known = identity.as_ref().ok().cloned();
    sink.land(move |facts| {
        facts.operator.source = "GetCallerIdentity".into();
        facts.operator.arn =
            Fact::from_result(identity.as_ref().map(|caller| caller.arn.clone()).map_err(Clone::clone));
        facts.identity = Fact::from_result(identity);
    });
    known
}

pub(super) async fn run(connection: &Connection, sink: &Sink) {
    let Some(caller) = caller(connection, sink).await else {
        return sink.land(|facts| {
            facts.operator.policies = Fact::NotAsked;
            facts.operator.boundary = Fact::NotAsked;
        });
    };
    let read = principal::read(connection, &caller.arn).await;
    sink.land(move |facts| {
        facts.operator.role = read.role;
        facts.operator.policies = read.policies;
        facts.operator.boundary = read.boundary;
    });
}
