//! What a diagnosis looks up: the live chain, each role, the principals, all at once.

mod experiments;
mod live;
mod mfa;
mod policy;
mod probes;
mod readers;
mod shared;
mod simulate;

use futures::future::join_all;

use super::{OnFact, Sink, principal};
use crate::aws::{Connection, Connector};
use crate::model::facts::{PathFacts, PrincipalFacts, RoleDetail};
use crate::model::{AwsError, ErrorKind, Fact, Inquiry, Selection};
use crate::values::time::Timestamp;
use crate::values::{AccountId, PrincipalArn, RoleArn};
use live::End;
pub(super) use live::Refused;
pub(super) use mfa::Kept;
pub(super) use policy::session_policy;
pub(super) use readers::Readers;
pub use shared::AT_ONCE;
pub(super) use shared::{Shared, is_passing};

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
    begin(inquiry, sink);
    let own = connection;
    let with_mfa = Box::pin(mfa::session(kept, connector, own, selection, sink)).await;
    let connection = with_mfa.as_ref().map_or(own, |session| &session.connection);
    let mfa_age = with_mfa.as_ref().map(|session| seconds_since(session.since, connector.here().clock.now()));
    let readers = Readers::new(connector, connection, selection, sink, |facts, name, who| {
        facts.path.inspectors.insert(name, who);
    });
    let shared = Shared::new(connector, (connection, own), readers, [inquiry], None);
    Box::pin(whole(&shared, inquiry, mfa_age, sink)).await;
}

fn begin(inquiry: &Inquiry, sink: &Sink) {
    let roles: Vec<String> = inquiry.hops.iter().map(|hop| hop.role_arn.clone()).collect();
    sink.land(move |facts| facts.path.begin(roles));
}

/// Everything about a path. `mfa_age`: for how long the caller's MFA has been used, in seconds.
pub(super) async fn whole(shared: &Shared<'_>, inquiry: &Inquiry, mfa_age: Option<u64>, sink: &Sink) {
    begin(inquiry, sink);
    let look = Look { inquiry, shared, sink };
    // Each of these is large: none is to lie on the stack of whoever waits.
    let details = join_all((0..inquiry.hops.len()).map(|hop| Box::pin(look.role(hop))));
    let walk = Box::pin(async {
        let end = Box::pin(live::chain(shared, inquiry, sink)).await;
        if let End::Reached(caller, session) = &end
            && let Ok(session) = shared.connector.with_session(&caller.connection, session).await
        {
            Box::pin(probes::run(&look, &session)).await;
        }
        end
    });
    let simulated = Box::pin(simulate::run(&look, look.sent(mfa_age)));
    let (details, (), (), end) = tokio::join!(details, Box::pin(look.workload()), simulated, walk);
    if let End::Refused(refused) = &end {
        let role = details.get(refused.index).and_then(Option::as_ref);
        Box::pin(experiments::run(shared, refused, role, inquiry.tries_wanted_external_id, sink)).await;
    }
    sink.land(|facts| each_fact(&mut facts.path, &mut Unasked));
}

/// The roles of a path and the operator's own calls alone: without simulator and probes, and without experiments but the one that a region
/// asks for whose STS is switched off. Tells the call that was refused.
pub(super) async fn roles_and_calls<'a>(
    shared: &Shared<'_>,
    inquiry: &'a Inquiry,
    sink: &Sink,
) -> Option<Box<Refused<'a>>> {
    begin(inquiry, sink);
    let look = Look { inquiry, shared, sink };
    let details = join_all((0..inquiry.hops.len()).map(|hop| Box::pin(look.role(hop))));
    let walk = Box::pin(async {
        let end = Box::pin(live::chain(shared, inquiry, sink)).await;
        let End::Refused(refused) = end else { return None };
        if refused.error.kind == ErrorKind::RegionDisabled {
            Box::pin(experiments::run(shared, &refused, None, false, sink)).await;
        }
        Some(refused)
    });
    let (_, (), refused) = tokio::join!(details, Box::pin(look.workload()), walk);
    sink.land(|facts| each_fact(&mut facts.path, &mut Unasked));
    refused
}

/// What [`roles_and_calls`] left out of a path whose call was refused. `role` is what was read of the role that refused.
pub(super) async fn why_refused(
    shared: &Shared<'_>,
    inquiry: &Inquiry,
    refused: &Refused<'_>,
    role: Option<&RoleDetail>,
    sink: &Sink,
) {
    let look = Look { inquiry, shared, sink };
    Box::pin(simulate::run(&look, look.sent(None))).await;
    if refused.error.kind != ErrorKind::RegionDisabled {
        Box::pin(experiments::run(shared, refused, role, inquiry.tries_wanted_external_id, sink)).await;
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
pub(super) struct Unasked;

impl OnFact for Unasked {
    fn on<T>(&mut self, fact: &mut Fact<T>) {
        if fact.is_pending() {
            *fact = Fact::NotAsked;
        }
    }
}

struct Look<'a> {
    inquiry: &'a Inquiry,
    shared: &'a Shared<'a>,
    sink: &'a Sink,
}

impl Look<'_> {
    /// The role of a hop; of one that assumes the next, its own policies too; and for the first the MFA that its trust policy may want of
    /// whoever these credentials are.
    async fn role(&self, index: usize) -> Option<RoleDetail> {
        let hop = self.inquiry.hops.get(index)?;
        // What is no ARN names no role, and the call itself is wrong; but the role it means may show that nothing else is.
        let arn = hop.role()?;
        let leads_on = index + 1 < self.inquiry.hops.len();
        let shared_by_many =
            leads_on && self.shared.is_of_many() && self.shared.readers.of(arn.account()).await.is_some();
        let detail = async {
            let detail = if shared_by_many {
                self.shared.principal(&PrincipalArn::Role(arn.clone())).await.role.known().cloned()
            } else {
                self.detail(index, &arn).await
            };
            if index == 0 {
                mfa::devices(self, detail.as_ref()).await;
            }
            detail
        };
        let (detail, ()) = tokio::join!(detail, async {
            if leads_on {
                self.own(index, &arn).await;
            }
        });
        detail
    }

    async fn detail(&self, index: usize, arn: &RoleArn) -> Option<RoleDetail> {
        let (fact, read_by) = self.shared.role(arn).await;
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
        let read = self.shared.principal(&principal).await;
        if self.shared.is_of_many() {
            return;
        }
        self.sink.land(move |facts| {
            if let Some(hop) = facts.path.hops.get_mut(index) {
                hop.own = PrincipalFacts { source: hop.own.source.clone(), ..shared::of_principal(&principal, &read) };
            }
        });
    }

    async fn workload(&self) {
        let Some(arn) = self.inquiry.principal.clone() else { return };
        let read = self.shared.principal(&arn).await;
        if self.shared.is_of_many() {
            return;
        }
        self.sink.land(move |facts| facts.path.workload = shared::of_principal(&arn, &read));
    }

    fn sent(&self, mfa_age: Option<u64>) -> simulate::Sent<'_> {
        let operator = &self.shared.operator.connection;
        simulate::Sent { region: &operator.region.name, mfa_age, clock: self.shared.clock() }
    }
}

/// A principal of an account that nobody at hand reads.
pub(super) fn unread(account: &AccountId) -> principal::Read {
    principal::Read {
        role: no_reader("iam:GetRole", account),
        policies: no_reader("iam:ListRolePolicies", account),
        boundary: no_reader("iam:GetRole", account),
    }
}

/// Nobody at hand reads that account.
pub(super) fn no_reader<T>(action: &str, account: &AccountId) -> Fact<T> {
    let message = format!("no AWS profile at hand is of account {account}");
    let error = AwsError::local(ErrorKind::Denied, action, message);
    Fact::Denied { action: format!("{action} in account {account}"), error }
}
