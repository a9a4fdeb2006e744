//! The operator's own calls, hop after hop, each with the session that the one before gave.

use super::policy::session_policy;
use crate::aws::calls::sts::{self, AssumeRole, Assumed, Session};
use crate::aws::{Clock, Connection, Connector};
use crate::gather::Sink;
use crate::model::{Fact, Hop, Inquiry, LiveCall};
use crate::values::RoleArn;

/// Where the chain ended.
pub(super) enum End<'a> {
    /// Every role was assumed: the session of the last.
    Reached(Connection),
    /// A call was refused.
    Refused(Box<Refused<'a>>),
    /// There was no hop, or no client for the next.
    Nowhere,
}

/// A call that was refused.
pub(super) struct Refused<'a> {
    /// Which hop.
    pub index: usize,
    /// What was asked for.
    pub hop: &'a Hop,
    /// Who asked.
    pub caller: Connection,
    /// What came of it.
    pub call: LiveCall,
}

/// Walks the path as the operator. It ends where a call is refused.
pub(super) async fn chain<'a>(
    connector: &Connector,
    connection: &Connection,
    inquiry: &'a Inquiry,
    sink: &Sink,
) -> End<'a> {
    let clock = connector.here().clock;
    let mut caller = connection.clone();
    for (index, hop) in inquiry.hops.iter().enumerate() {
        let next_hop = inquiry.hops.get(index + 1);
        let probes = if next_hop.is_none() { inquiry.probes.as_slice() } else { &[] };
        let arn = RoleArn::parse(&hop.role_arn).ok();
        let partition = arn.as_ref().map_or("aws", RoleArn::partition);
        let policy = session_policy(partition, next_hop, probes);
        let Assumed { call, session } = assume(&caller, clock, hop, &policy).await;
        let landed = call.clone();
        sink.land(move |facts| {
            if let Some(hop) = facts.path.hops.get_mut(index) {
                hop.live = Fact::Known(landed);
                // They belong to the call before.
                hop.experiments.clear();
                hop.probes.clear();
            }
        });
        if call.outcome.is_err() {
            return End::Refused(Box::new(Refused { index, hop, caller, call }));
        }
        let Some(next) = next(connector, &caller, session).await else { return End::Nowhere };
        caller = next;
    }
    if inquiry.hops.is_empty() { End::Nowhere } else { End::Reached(caller) }
}

/// One call.
pub(super) async fn assume(connection: &Connection, clock: Clock, hop: &Hop, session_policy: &str) -> Assumed {
    let session_name = session_name(hop, clock);
    let request = AssumeRole { hop, session_name: &session_name, session_policy };
    sts::assume_role(connection, clock, &request).await
}

async fn next(connector: &Connector, from: &Connection, session: Option<Session>) -> Option<Connection> {
    connector.with_session(from, &session?).await.ok()
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
