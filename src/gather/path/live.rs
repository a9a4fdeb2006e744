//! The operator's own calls, hop after hop, each with the session that the one before gave.

use std::sync::Arc;

use tokio::sync::OnceCell;

use super::Shared;
use super::policy::session_policy;
use crate::aws::calls::sts::{self, AssumeRole, Assumed, Session};
use crate::aws::region::{self, Region};
use crate::aws::{Clock, Connection, Connector, Guard};
use crate::gather::Sink;
use crate::model::facts::{PathFacts, RoleDetail};
use crate::model::{AwsError, Fact, Hop, Inquiry};
use crate::values::RoleArn;

/// Credentials that a hop is assumed with.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub connection: Connection,
    /// The same at us-east-1, once a call was refused because STS is switched off in the region.
    elsewhere: Arc<OnceCell<Option<Connection>>>,
}

impl Caller {
    pub fn new(connection: Connection) -> Self {
        Self { connection, elsewhere: Arc::default() }
    }

    /// The same credentials at us-east-1, made once.
    pub async fn at_us_east_1(&self, connector: &Connector) -> Option<Connection> {
        let there = || async {
            let region = Region { name: region::FALLBACK.to_owned(), from: "an experiment".to_owned() };
            connector.reconnect(&self.connection, region, Guard::reader()).await.ok()
        };
        self.elsewhere.get_or_init(there).await.clone()
    }
}

/// Where the chain ended.
pub(super) enum End<'a> {
    /// Every role was assumed: whoever called last, and the session that it got.
    Reached(Caller, Session),
    /// A call was refused.
    Refused(Box<Refused<'a>>),
    /// There was no hop, or no client for the next.
    Nowhere,
}

/// A call that was refused.
pub(in crate::gather) struct Refused<'a> {
    /// Which hop.
    pub(super) index: usize,
    /// What was asked for.
    pub(super) hop: &'a Hop,
    /// Who asked.
    pub(super) caller: Caller,
    /// Why.
    pub(super) error: AwsError,
}

impl Refused<'_> {
    /// What AWS said.
    pub(in crate::gather) const fn error(&self) -> &AwsError {
        &self.error
    }

    /// The hops up to the one that was refused: paths that begin with the same make the same call.
    pub(in crate::gather) fn way<'h>(&self, hops: &'h [Hop]) -> &'h [Hop] {
        hops.get(..=self.index).unwrap_or(hops)
    }

    /// What was read of the role that refused.
    pub(in crate::gather) fn role<'f>(&self, facts: &'f PathFacts) -> Option<&'f RoleDetail> {
        facts.hops.get(self.index)?.detail.known()
    }
}

/// Walks the path as the operator. It ends where a call is refused.
pub(super) async fn chain<'a>(shared: &Shared<'_>, inquiry: &'a Inquiry, sink: &Sink) -> End<'a> {
    let mut caller = shared.operator.clone();
    let last = inquiry.hops.len().saturating_sub(1);
    for (index, hop) in inquiry.hops.iter().enumerate() {
        let way = inquiry.hops.get(..=index).unwrap_or_default();
        let (call, next, session) = if index < last {
            let (call, next) = Box::pin(shared.onward(&caller, way)).await;
            (call, next, None)
        } else {
            let partition = RoleArn::parse(&hop.role_arn).ok();
            let partition = partition.as_ref().map_or("aws", RoleArn::partition);
            let assumed =
                Box::pin(shared.assume(&caller, hop, &session_policy(partition, None, &inquiry.probes))).await;
            (assumed.call, None, assumed.session)
        };
        let error = call.outcome.as_ref().err().cloned();
        sink.land(move |facts| {
            if let Some(hop) = facts.path.hops.get_mut(index) {
                hop.live = Fact::Known(call);
                // They belong to the call before.
                hop.experiments.clear();
                hop.probes.clear();
            }
        });
        match (error, session, next) {
            (Some(error), ..) => return End::Refused(Box::new(Refused { index, hop, caller, error })),
            (None, Some(session), _) => return End::Reached(caller, session),
            (None, None, Some(next)) => caller = next,
            (None, None, None) => return End::Nowhere,
        }
    }
    End::Nowhere
}

/// One call.
pub(super) async fn assume(connection: &Connection, clock: Clock, hop: &Hop, session_policy: &str) -> Assumed {
    let session_name = session_name(hop, clock);
    let request = AssumeRole { hop, session_name: &session_name, session_policy };
    Box::pin(sts::assume_role(connection, clock, &request)).await
}

/// The name that the session of a hop is given.
pub(super) fn session_name(hop: &Hop, clock: Clock) -> String {
    hop.session_name.clone().unwrap_or_else(|| own_session_name(hop, clock))
}

/// A name to be found in CloudTrail: whose role, and when.
fn own_session_name(hop: &Hop, clock: Clock) -> String {
    let account = RoleArn::parse(&hop.role_arn).map_or_else(|_| "role".into(), |arn| arn.account().to_string());
    format!("rolecall-{account}-{}", clock.now().as_second())
}
