//! What a diagnosis looks up: the live chain, each role, the principals, all at once.

mod experiments;
mod live;
mod mfa;
mod policy;
mod probes;
mod readers;
mod simulate;

use futures::future::join_all;

use super::{OnFact, Sink, principal};
use crate::aws::calls::iam;
use crate::aws::{Connection, Connector};
use crate::model::facts::{PathFacts, RoleDetail};
use crate::model::{AwsError, ErrorKind, Fact, Inquiry, Selection};
use crate::values::time::Timestamp;
use crate::values::{AccountId, PrincipalArn, RoleArn};
use live::End;
pub(super) use mfa::Kept;
pub(super) use policy::session_policy;
use readers::Readers;

/// Looks a path up. Nothing is written, and sessions are dropped at the end.
pub(super) async fn run(
    connector: &Connector,
    connection: &Connection,
    kept: &mfa::Kept,
    selection: &Selection,
    sink: &Sink,
) {
    let Some(inquiry) = &selection.inquiry else {
        return sink.land(|facts| facts.path = PathFacts::default());
    };
    let roles: Vec<String> = inquiry.hops.iter().map(|hop| hop.role_arn.clone()).collect();
    sink.land(move |facts| facts.path.begin(roles));
    let own = connection;
    let with_mfa = mfa::session(kept, connector, own, selection, sink).await;
    let connection = with_mfa.as_ref().map_or(own, |session| &session.connection);
    let clock = connector.here().clock;
    let sent = simulate::Sent {
        region: &connection.region.name,
        mfa_age: with_mfa.as_ref().map(|session| seconds_since(session.since, clock.now())),
        clock,
    };
    let readers = Readers::new(connector, connection, selection, sink);
    let look = Look { inquiry, readers: &readers, sink };
    let details = join_all((0..inquiry.hops.len()).map(|hop| look.role(hop, own)));
    let walk = async {
        let end = live::chain(connector, connection, inquiry, sink).await;
        if let End::Reached(session) = &end {
            probes::run(&look, session).await;
        }
        end
    };
    let simulated = simulate::run(&look, connection, sent);
    let (details, (), (), end) = tokio::join!(details, look.workload(), simulated, walk);
    if let End::Refused(refused) = &end {
        let role = details.get(refused.index).and_then(Option::as_ref);
        experiments::run(connector, refused, role, inquiry.tries_wanted_external_id, sink).await;
    }
    sink.land(|facts| each_fact(&mut facts.path, &mut Unasked));
}

fn seconds_since(begin: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(now.as_second() - begin.as_second()).unwrap_or(0)
}

/// Every fact of a path.
pub(super) fn each_fact(path: &mut PathFacts, on: &mut impl OnFact) {
    on.on(&mut path.workload.arn);
    on.on(&mut path.workload.role);
    on.on(&mut path.workload.policies);
    on.on(&mut path.workload.boundary);
    on.on(&mut path.mfa_devices);
    on.on(&mut path.mfa_session);
    path.inspectors.values_mut().for_each(|inspector| on.on(inspector));
    for hop in &mut path.hops {
        on.on(&mut hop.detail);
        on.on(&mut hop.own.arn);
        on.on(&mut hop.own.role);
        on.on(&mut hop.own.policies);
        on.on(&mut hop.own.boundary);
        on.on(&mut hop.live);
        on.on(&mut hop.pause);
        hop.simulated.values_mut().for_each(|simulated| on.on(simulated));
    }
}

/// What nothing landed on was not asked.
struct Unasked;

impl OnFact for Unasked {
    fn on<T>(&mut self, fact: &mut Fact<T>) {
        if fact.is_pending() {
            *fact = Fact::NotAsked;
        }
    }
}

struct Look<'a> {
    inquiry: &'a Inquiry,
    readers: &'a Readers<'a>,
    sink: &'a Sink,
}

impl Look<'_> {
    /// The role of a hop; of one that assumes the next, its own policies too; and for the first the MFA that its trust policy may want of
    /// whoever these credentials are.
    async fn role(&self, index: usize, own: &Connection) -> Option<RoleDetail> {
        let hop = self.inquiry.hops.get(index)?;
        // What is no ARN names no role, and the call itself is wrong; but the role it means may show that nothing else is.
        let arn = hop.role()?;
        let is_caller = index + 1 < self.inquiry.hops.len();
        let detail = async {
            let detail = self.detail(index, &arn).await;
            if index == 0 {
                mfa::devices(self, own, detail.as_ref()).await;
            }
            detail
        };
        let (detail, ()) = tokio::join!(detail, async {
            if is_caller {
                self.own(index, &arn).await;
            }
        });
        detail
    }

    /// `iam:GetRole` takes a name and reads the account of whoever asks. Where nobody can read the right one, the answer of the wrong one is
    /// kept if there is one: a role of the same name has misled people before.
    async fn detail(&self, index: usize, arn: &RoleArn) -> Option<RoleDetail> {
        let account = arn.account();
        let (fact, read_by) = match self.readers.of(account).await {
            Some(reader) => (Fact::from_result(iam::role(&reader.connection, arn.name()).await), reader.words),
            None => match self.readers.any().await {
                Some(reader) => {
                    let fact = match iam::role(&reader.connection, arn.name()).await {
                        Ok(other) => Fact::Known(other),
                        Err(_) => no_reader("iam:GetRole", account),
                    };
                    (fact, reader.words)
                }
                None => (no_reader("iam:GetRole", account), String::new()),
            },
        };
        let known = fact.known().cloned();
        self.sink.land(move |facts| {
            if let Some(hop) = facts.path.hops.get_mut(index) {
                hop.detail = fact;
                hop.read_by = read_by;
            }
        });
        known
    }

    async fn own(&self, index: usize, arn: &RoleArn) {
        let principal = PrincipalArn::Role(arn.clone());
        let read = self.principal(&principal).await;
        self.sink.land(move |facts| {
            if let Some(hop) = facts.path.hops.get_mut(index) {
                hop.own.arn = Fact::Known(principal);
                hop.own.role = read.role;
                hop.own.policies = read.policies;
                hop.own.boundary = read.boundary;
            }
        });
    }

    async fn workload(&self) {
        let Some(arn) = self.inquiry.principal.clone() else { return };
        let read = self.principal(&arn).await;
        self.sink.land(move |facts| {
            let workload = &mut facts.path.workload;
            workload.source = "named".into();
            workload.arn = Fact::Known(arn);
            workload.role = read.role;
            workload.policies = read.policies;
            workload.boundary = read.boundary;
        });
    }

    /// A principal's own policies, read in its account.
    async fn principal(&self, arn: &PrincipalArn) -> principal::Read {
        match self.readers.of(arn.account()).await {
            Some(reader) => principal::read(&reader.connection, arn).await,
            None => principal::Read {
                role: no_reader("iam:GetRole", arn.account()),
                policies: no_reader("iam:ListRolePolicies", arn.account()),
                boundary: no_reader("iam:GetRole", arn.account()),
            },
        }
    }
}

/// Nobody at hand reads that account.
fn no_reader<T>(action: &str, account: &AccountId) -> Fact<T> {
    let message = format!("no AWS profile at hand is of account {account}");
    let error = AwsError::local(ErrorKind::Denied, action, message);
    Fact::Denied { action: format!("{action} in account {account}"), error }
}
