//! Trying the values: the bucket, as the operator and with each role's session, and Benchling's token endpoint. Only what was asked for.

use futures::future::join_all;

use super::path::session_policy;
use super::{Gatherer, Sink};
use crate::aws::calls::sts::{self, AssumeRole};
use crate::aws::calls::{benchling, s3};
use crate::aws::{Connection, Connector};
use crate::migrate::trial::{self, BENCHLING};
use crate::model::facts::{BucketTrial, TokenAnswer, Trial};
use crate::model::inquiry::ProbeTarget;
use crate::model::selection::RoleKind;
use crate::model::{ErrorKind, Fact, Hop, Selection};
use crate::values::RoleArn;

/// Tries what the selection asks for; Benchling needs no AWS credentials.
pub(super) async fn run(gatherer: &Gatherer, selection: &Selection, sink: &Sink) {
    tokio::join!(token(gatherer.connector(), selection, sink), bucket(gatherer, selection, sink));
}

async fn token(connector: &Connector, selection: &Selection, sink: &Sink) {
    let trials = selection.migration.trials;
    if !trials.benchling {
        return sink.land(|facts| facts.migration.benchling = Fact::NotAsked);
    }
    let answer = match trial::token_request(&selection.migration.tried) {
        Ok(request) => {
            let outcome = benchling::token(connector, trials, &request).await;
            TokenAnswer { host: request.host, outcome }
        }
        Err(why) => TokenAnswer {
            host: format!("TENANT{BENCHLING}"),
            outcome: Trial::Unreached(format!("it was not asked: {why}")),
        },
    };
    sink.land(move |facts| facts.migration.benchling = Fact::Known(answer));
}

async fn bucket(gatherer: &Gatherer, selection: &Selection, sink: &Sink) {
    sink.land(|facts| facts.migration.bucket.clear());
    if !selection.migration.trials.bucket {
        return;
    }
    let bucket = match trial::bucket(&selection.migration.tried) {
        Ok(bucket) => bucket,
        Err(why) => return land(sink, not_tried(String::new(), None, format!("it was not tried: {why}"))),
    };
    let connection = match gatherer.connection(selection, false).await {
        Ok(connection) => connection,
        Err(error) => return land(sink, not_tried(bucket, None, error.message)),
    };
    let operator = async { land(sink, tried(&connection, &bucket, None).await) };
    let roles = join_all(selection.migration.tried.roles.iter().map(|(kind, arn)| {
        let (connection, bucket) = (&connection, &bucket);
        async move { land(sink, as_role(gatherer.connector(), connection, selection, bucket, *kind, arn).await) }
    }));
    tokio::join!(operator, roles);
}

/// In the order in which they are shown, however they arrive: the operator, the read role, the write role.
fn land(sink: &Sink, trial: BucketTrial) {
    sink.land(move |facts| {
        let trials = &mut facts.migration.bucket;
        trials.push(trial);
        trials.sort_by_key(|trial| trial.role);
    });
}

/// The role's session may do nothing but list this bucket.
async fn as_role(
    connector: &Connector,
    connection: &Connection,
    selection: &Selection,
    bucket: &str,
    kind: RoleKind,
    arn: &RoleArn,
) -> BucketTrial {
    let clock = connector.here().clock;
    let hop = Hop { external_id: selection.external_id.clone(), ..Hop::to(arn.to_string()) };
    let probe = [ProbeTarget::Bucket { name: bucket.to_owned(), writes: false }];
    let session_policy = session_policy(arn.partition(), None, &probe);
    let session_name = format!("rolecall-{}-{}", arn.account(), clock.now().as_second());
    let request = AssumeRole { hop: &hop, session_name: &session_name, session_policy: &session_policy };
    let assumed = sts::assume_role(connection, clock, &request).await;
    let session = match (assumed.call.outcome, assumed.session) {
        (Ok(_), Some(session)) => session,
        // Whoever may not assume the role has learned nothing of the bucket.
        (Err(error), _) => return not_tried(bucket.to_owned(), Some(kind), error.to_string()),
        (Ok(_), None) => return not_tried(bucket.to_owned(), Some(kind), "AWS gave no session".into()),
    };
    match connector.with_session(connection, &session).await {
        Ok(session) => tried(&session, bucket, Some(kind)).await,
        Err(error) => not_tried(bucket.to_owned(), Some(kind), error.message),
    }
}

fn not_tried(bucket: String, role: Option<RoleKind>, why: String) -> BucketTrial {
    BucketTrial { bucket, role, outcome: Trial::Unreached(why), missing: false, region: None }
}

/// HeadBucket tells whether it is there and where; the list says in words what HeadBucket's bare status cannot.
async fn tried(connection: &Connection, bucket: &str, role: Option<RoleKind>) -> BucketTrial {
    let head = s3::head_bucket(connection, bucket).await;
    let list = match &head.outcome {
        Err(error) if error.kind == ErrorKind::NotFound => Err(error.clone()),
        _ => s3::list_one(connection, bucket, head.region.as_deref()).await.map(drop),
    };
    let missing = list.as_ref().is_err_and(|error| error.kind == ErrorKind::NotFound);
    let outcome = list.map_or_else(|error| Trial::of_error(&error), |()| Trial::Works);
    BucketTrial { bucket: bucket.to_owned(), role, outcome, missing, region: head.region }
}
