//! What the paths of one look have in common: credentials, and what is asked once however many paths need it.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::live::{Caller, assume};
use super::policy::onward;
use super::{Readers, no_reader, unread};
use crate::aws::calls::{iam, sts::Assumed};
use crate::aws::{Clock, Connection, Connector};
use crate::gather::once::Once;
use crate::gather::{Sink, principal};
use crate::model::facts::{MfaDevice, PrincipalFacts, RoleDetail};
use crate::model::{AwsError, ErrorKind, Fact, Hop, Inquiry, LiveCall};
use crate::values::{PrincipalArn, RoleArn};

/// How many calls of one look are made at once. AWS lets 500 `sts:AssumeRole` a second through in an account and region (IAM User Guide,
/// "IAM and AWS STS quotas").
pub const AT_ONCE: usize = 16;

/// What `iam:GetRole` told of a role, and with whose credentials.
pub(super) type Told = (Fact<RoleDetail>, String);

/// What one look at one or many paths is made with.
pub(in crate::gather) struct Shared<'a> {
    pub(super) connector: &'a Connector,
    /// Who calls first.
    pub(super) operator: Caller,
    /// The operator's credentials without the MFA session that a code may have given.
    pub(in crate::gather) own: &'a Connection,
    pub(in crate::gather) readers: Readers<'a>,
    /// Where what belongs to many paths lands. `None`: all of it belongs to the one path.
    common: Option<&'a Sink>,
    lanes: Semaphore,
    /// By the hops up to a role that others are assumed with: the next roles.
    ways: HashMap<Vec<Hop>, Vec<Hop>>,
    sessions: Once<Vec<Hop>, (LiveCall, Option<Caller>)>,
    principals: Once<String, Arc<principal::Read>>,
    devices: OnceCell<Result<Vec<MfaDevice>, AwsError>>,
}

impl<'a> Shared<'a> {
    pub(in crate::gather) fn new<'b>(
        connector: &'a Connector,
        (operator, own): (&Connection, &'a Connection),
        readers: Readers<'a>,
        inquiries: impl IntoIterator<Item = &'b Inquiry>,
        common: Option<&'a Sink>,
    ) -> Self {
        let mut ways: HashMap<Vec<Hop>, Vec<Hop>> = HashMap::new();
        for inquiry in inquiries {
            for (index, next) in inquiry.hops.iter().enumerate().skip(1) {
                let nexts = ways.entry(inquiry.hops.iter().take(index).cloned().collect()).or_default();
                nexts.push(next.clone());
            }
        }
        Self {
            connector,
            operator: Caller::new(operator.clone()),
            own,
            readers,
            common,
            lanes: Semaphore::new(AT_ONCE),
            ways,
            sessions: Once::default(),
            principals: Once::default(),
            devices: OnceCell::new(),
        }
    }

    /// Whether there are many paths, so that what they have in common lands once, among the principals of the system.
    pub(super) const fn is_of_many(&self) -> bool {
        self.common.is_some()
    }

    pub(super) fn clock(&self) -> Clock {
        self.connector.here().clock
    }

    /// Waits until a call may be made. It may be for as long as the answer is kept.
    pub(in crate::gather) async fn lane(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.lanes.acquire().await.ok()
    }

    /// One call, whose session nobody else needs.
    pub(super) async fn assume(&self, caller: &Caller, hop: &Hop, session_policy: &str) -> Assumed {
        let _lane = self.lane().await;
        assume(&caller.connection, self.clock(), hop, session_policy).await
    }

    /// The call of a hop that leads on, and whoever it makes the caller of the next. Paths that begin alike share it: it is made once, with a
    /// session policy that lets it assume the next role of each.
    pub(super) async fn onward(&self, caller: &Caller, way: &[Hop]) -> (LiveCall, Option<Caller>) {
        let Some(hop) = way.last() else { return (nothing_to_assume(self.clock()), None) };
        let ask = async {
            let nexts = self.ways.get(way).map(Vec::as_slice).unwrap_or_default();
            let Assumed { call, session } = self.assume(caller, hop, &onward(hop, nexts)).await;
            let next = match session {
                Some(session) => self.connector.with_session(&caller.connection, &session).await.ok().map(Caller::new),
                None => None,
            };
            let passing = call.outcome.as_ref().is_err_and(is_passing);
            if passing { Err((call, next)) } else { Ok((call, next)) }
        };
        self.sessions.get(way.to_vec(), ask).await
    }

    /// `iam:GetRole` takes a name and reads the account of whoever asks. Where nobody can read the right one, the answer of the wrong one is
    /// kept if there is one: a role of the same name has misled people before.
    pub(super) async fn role(&self, arn: &RoleArn) -> Told {
        let account = arn.account();
        match self.readers.of(account).await {
            Some(reader) => {
                let _lane = self.lane().await;
                (Fact::from_result(iam::role(&reader.connection, arn.name()).await), reader.words)
            }
            None => match self.readers.any().await {
                Some(reader) => {
                    let _lane = self.lane().await;
                    let fact = match iam::role(&reader.connection, arn.name()).await {
                        Ok(other) => Fact::Known(other),
                        Err(_) => no_reader("iam:GetRole", account),
                    };
                    (fact, reader.words)
                }
                None => (no_reader("iam:GetRole", account), String::new()),
            },
        }
    }

    /// A principal's own policies, read in its account, once.
    pub(super) async fn principal(&self, arn: &PrincipalArn) -> Arc<principal::Read> {
        let ask = async {
            let read = match self.readers.of(arn.account()).await {
                Some(reader) => {
                    let _lane = self.lane().await;
                    Box::pin(principal::read(&reader.connection, arn)).await
                }
                None => unread(arn.account()),
            };
            let passing = read.is_passing();
            let read = Arc::new(read);
            if let Some(sink) = self.common {
                let (name, facts) = (arn.to_string(), of_principal(arn, &read));
                sink.land(move |all| {
                    all.system.callers.insert(name, facts);
                });
            }
            if passing { Err(read) } else { Ok(read) }
        };
        self.principals.get(arn.to_string(), ask).await
    }

    /// The MFA devices of a user, listed once.
    pub(super) async fn devices(&self, reader: &Connection, user: &str) -> Result<Vec<MfaDevice>, AwsError> {
        let list = || async {
            let _lane = self.lane().await;
            iam::mfa_devices(reader, user).await
        };
        self.devices.get_or_init(list).await.clone()
    }
}

/// Everything that was read of a principal that an inquiry names, or that leads on.
pub(super) fn of_principal(arn: &PrincipalArn, read: &principal::Read) -> PrincipalFacts {
    PrincipalFacts {
        arn: Fact::Known(arn.clone()),
        source: "named".into(),
        policies: read.policies.clone(),
        boundary: read.boundary.clone(),
        role: read.role.clone(),
    }
}

/// Whether asking again may be answered otherwise, without anything having been changed.
pub(in crate::gather) const fn is_passing(error: &AwsError) -> bool {
    matches!(error.kind, ErrorKind::Throttled)
}

fn nothing_to_assume(clock: Clock) -> LiveCall {
    let error = AwsError::local(ErrorKind::Invalid, "sts:AssumeRole", "there is no role to assume");
    LiveCall { at: clock.now(), took: std::time::Duration::ZERO, session_name: String::new(), outcome: Err(error) }
}
