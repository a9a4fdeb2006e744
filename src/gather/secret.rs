//! The secrets of the region, and the chosen one.

use super::Sink;
use crate::aws::Connection;
use crate::aws::calls::secretsmanager as sm;
use crate::model::{Fact, Selection};

pub(super) async fn list(connection: &Connection, sink: &Sink) {
    let secrets = sm::secrets(connection).await;
    sink.land(move |facts| facts.secrets = Fact::from_result(secrets));
}

/// Description and current value at once.
pub(super) async fn run(connection: &Connection, selection: &Selection, sink: &Sink) {
    let Some(name) = selection.secret.as_deref() else {
        return sink.land(|facts| facts.secret = Fact::NotAsked);
    };
    let (described, value) = tokio::join!(sm::describe(connection, name), sm::value(connection, name, None));
    sink.land(move |facts| {
        facts.secret = match described {
            Ok(mut secret) => {
                secret.value = Fact::from_result(value);
                Fact::Known(secret)
            }
            Err(error) => Fact::from_error(error),
        };
    });
}
