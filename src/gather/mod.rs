//! What to look up, in what order, how much at once. Each fact lands as soon as its call answers.

mod config;
mod identity;
mod imports;
mod once;
mod path;
mod principal;
mod regions;
mod roles;
mod secret;
mod stack;
mod survey;
mod system;
mod trials;
mod workload;

pub use path::AT_ONCE;

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Mutex;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::aws::{Connection, Connector, Surroundings};
use crate::model::selection::CredentialSource;
use crate::model::{AwsError, ErrorKind, Fact, Facts, ImportSource, Selection};

pub use system::settings;

/// One group of look-ups that is started, cancelled and repeated as a whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Ask {
    /// This machine: files and environment. No AWS call.
    Survey,
    /// Credentials, who they are, and the operator's own policies.
    Identity,
    /// Every stack of the region, or of all regions if that was asked for.
    Stacks,
    /// The chosen stack, its roles, and the workload.
    Stack,
    /// The secrets of the region.
    Secrets,
    /// The chosen secret and its value.
    Secret,
    /// The sources of a migration, and the file it would write. Not part of [`Ask::ALL`]. Only a source in Secrets Manager calls AWS.
    Imports,
    /// Trying the values of the secret, as far as that was asked for. Not part of [`Ask::ALL`].
    Trials,
    /// Credentials and who they are, without the operator's own policies. Not part of [`Ask::ALL`]: what is asked of one secret needs no more.
    Caller,
    /// The chosen stack alone: no role of it, no workload. What it is made of only where no secret is chosen, which that may tell. Not part of
    /// [`Ask::ALL`].
    StackAlone,
    /// The webhook's own stack alone. Not part of [`Ask::ALL`].
    Webhook,
    /// The access path of a diagnosis. Not part of [`Ask::ALL`]: nobody walks through it.
    Path,
    /// The access paths and principals of a system other than the Quilt webhook. Not part of [`Ask::ALL`].
    System,
}

impl Ask {
    /// All, in the order in which they depend on each other.
    pub const ALL: [Self; 6] = [Self::Survey, Self::Identity, Self::Stacks, Self::Stack, Self::Secrets, Self::Secret];
}

/// What a look-up does to the facts.
pub type Land = Box<dyn FnOnce(&mut Facts) + Send>;

/// An answer on its way to the facts. One of an older generation than the latest start of its ask is dropped.
pub struct Landing {
    /// Which look-up it belongs to.
    pub ask: Ask,
    /// Which start of that look-up.
    pub generation: u64,
    /// What it does.
    pub land: Land,
}

impl std::fmt::Debug for Landing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Landing").field("ask", &self.ask).field("generation", &self.generation).finish_non_exhaustive()
    }
}

/// Where the answers of one start of an ask go.
#[derive(Clone, Debug)]
pub(crate) struct Sink {
    ask: Ask,
    generation: u64,
    out: UnboundedSender<Landing>,
}

impl Sink {
    /// Sends an answer. Nobody listening any more is no fault.
    fn land(&self, land: impl FnOnce(&mut Facts) + Send + 'static) {
        let _ = self.out.send(Landing { ask: self.ask, generation: self.generation, land: Box::new(land) });
    }
}

/// Looks things up; keeps the connection between asks.
#[derive(Debug)]
pub struct Gatherer {
    connector: Connector,
    connected: Mutex<Option<Connected>>,
    mfa: path::Kept,
    imports: Arc<imports::Kept>,
}

#[derive(Clone, Debug)]
struct Connected {
    source: CredentialSource,
    connection: Arc<Connection>,
}

impl Gatherer {
    /// For one run of the program.
    #[must_use]
    pub fn new(here: Arc<Surroundings>) -> Self {
        Self {
            connector: Connector::new(here),
            connected: Mutex::new(None),
            mfa: path::Kept::default(),
            imports: Arc::default(),
        }
    }

    /// Makes connections with the run's call log.
    #[must_use]
    pub const fn connector(&self) -> &Connector {
        &self.connector
    }

    /// Runs one ask to its end, or until it is cancelled. Facts it did not settle are then marked as cancelled.
    pub async fn run(
        &self,
        ask: Ask,
        generation: u64,
        selection: Selection,
        out: UnboundedSender<Landing>,
        cancel: CancellationToken,
    ) {
        let sink = Sink { ask, generation, out };
        let now = self.connector.here().clock.now();
        let begun = Instant::now();
        tracing::info!(?ask, generation, "ask");
        sink.land(move |facts| {
            facts.observed_at = now;
            each_fact(ask, facts, &mut Begin);
        });
        tokio::select! {
            () = cancel.cancelled() => {
                let error = AwsError::local(ErrorKind::Cancelled, "gather", "cancelled");
                sink.land(move |facts| each_fact(ask, facts, &mut Settle(error)));
            }
            () = self.look_up(ask, &selection, &sink) => {}
        }
        let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(?ask, generation, ms, cancelled = cancel.is_cancelled(), "answered");
        let calls = self.connector.recorder().calls();
        let now = self.connector.here().clock.now();
        sink.land(move |facts| {
            facts.calls = calls;
            facts.observed_at = now;
        });
    }

    async fn look_up(&self, ask: Ask, selection: &Selection, sink: &Sink) {
        if ask == Ask::Survey {
            return survey::run(self.connector.here(), selection, sink).await;
        }
        if ask == Ask::Imports {
            imports::local(self.connector.here(), &self.imports, selection, sink).await;
            if !selection.migration.imports.iter().any(ImportSource::needs_aws) {
                return;
            }
        }
        if ask == Ask::Trials {
            return trials::run(self, selection, sink).await;
        }
        let is_first = matches!(ask, Ask::Identity | Ask::Caller);
        let connection = match self.connection(selection, is_first).await {
            Ok(connection) => connection,
            Err(error) => return sink.land(move |facts| each_fact(ask, facts, &mut Settle(error))),
        };
        if !is_first {
            // The region follows the choice of a stack, so it may be another one than when the identity was asked for.
            let credentials = connection.credentials();
            sink.land(move |facts| {
                if facts.credentials.known().is_some() {
                    facts.credentials = Fact::Known(credentials);
                }
            });
        }
        match ask {
            Ask::Survey | Ask::Trials => {}
            Ask::Imports => imports::remote(&self.connector, &connection, selection, sink).await,
            Ask::Identity => identity::run(&connection, sink).await,
            Ask::Caller => drop(identity::caller(&connection, sink).await),
            Ask::StackAlone => stack::alone(&connection, selection, sink).await,
            Ask::Webhook => stack::webhook(&connection, selection, sink).await,
            Ask::Stacks if selection.all_regions => regions::search(&self.connector, &connection, sink).await,
            Ask::Stacks => stack::list(&connection, sink).await,
            Ask::Stack => stack::run(self.connector.here(), &connection, selection, sink).await,
            Ask::Secrets => secret::list(&connection, sink).await,
            Ask::Secret => secret::run(&connection, selection, sink).await,
            // Large futures, that nobody else is to carry with his own.
            Ask::Path => Box::pin(path::run(&self.connector, &connection, &self.mfa, selection, sink)).await,
            Ask::System => Box::pin(system::run(&self.connector, &connection, selection, sink)).await,
        }
    }

    /// The connection for a selection: made once per source, moved to the region that the selection asks for.
    ///
    /// # Errors
    /// Credentials that cannot be had.
    pub async fn connection(&self, selection: &Selection, afresh: bool) -> Result<Arc<Connection>, AwsError> {
        let mut connected = self.connected.lock().await;
        let kept = connected.clone().filter(|kept| !afresh && Some(&kept.source) == selection.source.as_ref());
        let kept = match kept {
            None => Arc::new(self.connector.connect(selection).await?),
            Some(kept) => kept.connection,
        };
        let environment = &self.connector.here().environment;
        let region = crate::aws::region::choose(selection, environment, kept.profile_region());
        // Who somebody is, is asked where this machine calls, whatever a system says of its own calls.
        let connection = if afresh || region == kept.region {
            kept
        } else {
            Arc::new(self.connector.reconnect(&kept, region, crate::aws::Guard::reader()).await?)
        };
        if let Some(source) = selection.source.clone() {
            *connected = Some(Connected { source, connection: connection.clone() });
        }
        Ok(connection)
    }
}

/// Something done to every fact of an ask, whatever its type.
trait OnFact {
    fn on<T>(&mut self, fact: &mut Fact<T>);
}

struct Begin;

impl OnFact for Begin {
    fn on<T>(&mut self, fact: &mut Fact<T>) {
        fact.begin();
    }
}

/// Ends what is still under way with an error.
struct Settle(AwsError);

impl OnFact for Settle {
    fn on<T>(&mut self, fact: &mut Fact<T>) {
        if fact.is_pending() {
            *fact = Fact::Failed(self.0.clone());
        }
    }
}

/// What was known before is known again.
struct TakeBack;

impl OnFact for TakeBack {
    fn on<T>(&mut self, fact: &mut Fact<T>) {
        if let Fact::Pending(previous) = fact {
            *fact = previous.take().map_or(Fact::NotAsked, |value| Fact::Known(*value));
        }
    }
}

/// After a cancellation nothing is under way: what was known before is known again.
pub fn take_back(facts: &mut Facts) {
    let beside = [Ask::Imports, Ask::Trials, Ask::Caller, Ask::StackAlone, Ask::Webhook, Ask::Path, Ask::System];
    for ask in Ask::ALL.into_iter().chain(beside) {
        each_fact(ask, facts, &mut TakeBack);
    }
}

fn each_fact(ask: Ask, facts: &mut Facts, on: &mut impl OnFact) {
    match ask {
        Ask::Survey => {
            on.on(&mut facts.machine);
            on.on(&mut facts.system.settings);
            on.on(&mut facts.sources);
            on.on(&mut facts.config_profiles);
            on.on(&mut facts.config);
            on.on(&mut facts.ancestors);
            on.on(&mut facts.deployed);
        }
        Ask::Identity => {
            on.on(&mut facts.credentials);
            on.on(&mut facts.identity);
            on.on(&mut facts.operator.arn);
            on.on(&mut facts.operator.policies);
            on.on(&mut facts.operator.boundary);
        }
        Ask::Caller => {
            on.on(&mut facts.credentials);
            on.on(&mut facts.identity);
        }
        Ask::StackAlone => {
            on.on(&mut facts.stack);
            on.on(&mut facts.resources);
        }
        Ask::Webhook => on.on(&mut facts.webhook),
        Ask::Stacks => on.on(&mut facts.stacks),
        Ask::Stack => {
            on.on(&mut facts.stack);
            on.on(&mut facts.resources);
            on.on(&mut facts.webhook);
            on.on(&mut facts.workload.arn);
            on.on(&mut facts.workload.role);
            on.on(&mut facts.workload.policies);
            on.on(&mut facts.workload.boundary);
            for role in facts.roles.values_mut() {
                on.on(&mut role.found);
                on.on(&mut role.detail);
                on.on(&mut role.live);
            }
        }
        Ask::Secrets => on.on(&mut facts.secrets),
        Ask::Secret => on.on(&mut facts.secret),
        Ask::Imports => {
            on.on(&mut facts.migration.file);
            for imported in &mut facts.migration.imports {
                on.on(&mut imported.content);
            }
        }
        Ask::Trials => on.on(&mut facts.migration.benchling),
        Ask::Path => path::each_fact(&mut facts.path, on),
        Ask::System => system::each_fact(&mut facts.system, on),
    }
}
