//! Headless: gather, judge, report, exit code. The same gathering and judging as on the screen.
//!
//! Every look-up begins as soon as what it depends on has landed, so that the longest chain of calls that wait for each other stays short:
//!
//! ```text
//!   1  GetCallerIdentity              | DescribeStacks of the region, if no stack is chosen
//!   2  the stack and its resources    | the webhook's stack | the operator's policies …
//!   3  the {stack}-iam stack, if roles are missing | the workload's policies … | the secret and its value
//!   4  GetRole of both roles
//!   5  AssumeRole of both roles
//! ```

mod progress;
mod secret;
mod startup;

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::StreamExt;
use futures::future::{BoxFuture, FutureExt};
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use crate::aws::Surroundings;
use crate::gather::{self, Ask, Gatherer, Landing};
use crate::judge::{self, Judgement};
use crate::log;
use crate::model::selection::CredentialSource;
use crate::model::{Fact, Facts, Progress, Selection};
use crate::preselect::{self, preselect};
use crate::report::Report;

pub use progress::ProgressLine;
pub use secret::{Wants, of_secret};
pub use startup::of_startup;

/// Everything a check came to.
#[derive(Debug)]
pub struct Checked {
    /// What was looked up.
    pub facts: Facts,
    /// What was chosen, preselections included.
    pub selection: Selection,
    /// What was judged from it.
    pub judgement: Judgement,
    /// The demo world that was shown in place of AWS.
    pub demo: Option<String>,
}

impl Checked {
    /// The report of it.
    #[must_use]
    pub fn report(&self) -> Report {
        Report::new(&self.facts, &self.selection, &self.judgement).of_demo(self.demo.clone())
    }

    /// As [`Checked::report`], with external IDs as they are.
    #[must_use]
    pub fn report_with_external_ids(&self) -> Report {
        Report::with_external_ids(&self.facts, &self.selection, &self.judgement).of_demo(self.demo.clone())
    }
}

/// Looks everything up and judges it.
pub async fn run(here: Arc<Surroundings>, selection: Selection) -> Checked {
    with(&Gatherer::new(here), selection).await
}

/// As [`run`]; `tell` is told how far it is, where there is much of the same to look up. Once `stop` is cancelled nothing more is looked up:
/// what has landed by then is judged.
pub async fn telling(
    here: Arc<Surroundings>,
    selection: Selection,
    stop: CancellationToken,
    tell: impl FnMut(&Progress) + Send,
) -> Checked {
    walked(&Gatherer::new(here), selection, stop, Some(Box::new(tell))).await
}

/// As [`run`], with a gatherer that may have been used before: nothing of what it looked up then is taken over.
pub async fn with(gatherer: &Gatherer, selection: Selection) -> Checked {
    walked(gatherer, selection, CancellationToken::new(), None).await
}

async fn walked(gatherer: &Gatherer, selection: Selection, stop: CancellationToken, tell: Option<Tell<'_>>) -> Checked {
    let now = gatherer.connector().here().clock.now();
    let mut walk = Walk { tell, stop, ..Walk::new(gatherer, Facts::new(now), selection) };
    walk.all().await;
    if walk.stop.is_cancelled() {
        walk.end();
    }
    let Walk { facts, selection, .. } = walk;
    let judgement = judge::judge(&facts, &selection);
    log::judged(&Judgement::default(), &judgement);
    let demo = gatherer.connector().here().demo.as_ref().map(|demo| demo.world.clone());
    Checked { facts, selection, judgement, demo }
}

/// Looks up what this machine tells, without a call to AWS.
pub async fn survey(here: Arc<Surroundings>, selection: &Selection) -> Facts {
    let now = here.clock.now();
    let gatherer = Gatherer::new(here);
    let mut walk = Walk::new(&gatherer, Facts::new(now), selection.clone());
    walk.begin(Ask::Survey);
    while walk.step().await {}
    let Walk { facts, .. } = walk;
    facts
}

/// Is told how far it is.
type Tell<'a> = Box<dyn FnMut(&Progress) + Send + 'a>;

struct Walk<'a> {
    gatherer: &'a Gatherer,
    facts: Facts,
    selection: Selection,
    out: UnboundedSender<Landing>,
    landings: UnboundedReceiver<Landing>,
    running: FuturesUnordered<BoxFuture<'a, Ask>>,
    begun: BTreeSet<Ask>,
    /// Asks of which something has landed.
    landed: BTreeSet<Ask>,
    ended: BTreeSet<Ask>,
    tell: Option<Tell<'a>>,
    /// Cancelled: nothing more is to be looked up.
    stop: CancellationToken,
}

impl<'a> Walk<'a> {
    fn new(gatherer: &'a Gatherer, facts: Facts, selection: Selection) -> Self {
        let (out, landings) = unbounded_channel();
        Self {
            gatherer,
            facts,
            selection,
            out,
            landings,
            running: FuturesUnordered::new(),
            begun: BTreeSet::new(),
            landed: BTreeSet::new(),
            ended: BTreeSet::new(),
            tell: None,
            stop: CancellationToken::new(),
        }
    }

    async fn all(&mut self) {
        self.begin(Ask::Survey);
        while self.step().await {}
        self.choose_source();
        let asks_for_set_up = self.selection.inquiry.is_none() && self.selection.system.is_none();
        if self.selection.stack.is_none() && asks_for_set_up {
            self.selection.stack = preselect::stack(&self.facts);
        }
        // First, so that it is the one to resolve the credentials, which the others then share.
        self.begin(Ask::Identity);
        if self.selection.system.is_some() {
            self.system().await;
            return;
        }
        if self.selection.inquiry.is_some() {
            // A diagnosis is about its path alone; where AWS does not know who calls, the call itself still tells why.
            while self.step().await {
                let known = self.facts.identity.known().is_some() || self.ended.contains(&Ask::Identity);
                if known && !self.begun.contains(&Ask::Path) {
                    self.begin(Ask::Path);
                }
            }
            self.leave_the_set_up();
            return;
        }
        if self.selection.stack.is_none() || self.selection.all_regions {
            self.begin(Ask::Stacks);
        }
        while self.step().await {
            self.begin_what_is_due();
        }
        self.try_values().await;
        if self.facts.identity.known().is_none() {
            // Credentials that do not work say nothing about stacks.
            self.facts.stacks = Fact::NotAsked;
            return;
        }
        preselect(&self.facts, &mut self.selection);
    }

    /// A system is about its paths and principals alone. They are judged with the operator's own policies, which are known by then.
    async fn system(&mut self) {
        while self.step().await {}
        if self.facts.identity.known().is_some() {
            self.begin(Ask::System);
            while self.step().await {}
        }
        self.leave_the_set_up();
    }

    /// The credentials that nobody chose.
    fn choose_source(&mut self) {
        if self.selection.source.is_none() {
            self.selection.source =
                Some(preselect::source(&self.facts).unwrap_or(CredentialSource::Profile("default".into())));
        }
    }

    /// Tries what the selection asks for. Last: which values there are, and which roles could be assumed, is known by then.
    async fn try_values(&mut self) {
        if self.selection.migration.trials.any() {
            self.begin(Ask::Trials);
            while self.step().await {}
        }
    }

    /// The files of the set-up were read with everything else on this machine; a diagnosis does not ask about them.
    fn leave_the_set_up(&mut self) {
        self.facts.config = Fact::NotAsked;
        self.facts.config_profiles = Fact::NotAsked;
        self.facts.ancestors = Fact::NotAsked;
        self.facts.deployed = Fact::NotAsked;
    }

    /// What an answer made possible.
    fn begin_what_is_due(&mut self) {
        if self.facts.identity.known().is_none() {
            return;
        }
        if !self.begun.contains(&Ask::Stack) {
            if self.selection.stack.is_none() {
                if !self.ended.contains(&Ask::Stacks) {
                    return;
                }
                self.selection.stack = preselect::stack(&self.facts);
            }
            self.begin(Ask::Stack);
        }
        if !self.begun.contains(&Ask::Secret) && (self.selection.secret.is_some() || self.knows_the_stack()) {
            preselect(&self.facts, &mut self.selection);
            self.begin(Ask::Secret);
        }
    }

    /// Whether all that a secret's name can follow from was looked up.
    fn knows_the_stack(&self) -> bool {
        let open = self.facts.stack.is_pending() || self.facts.resources.is_pending();
        self.ended.contains(&Ask::Stack) || (self.landed.contains(&Ask::Stack) && !open)
    }

    fn begin(&mut self, ask: Ask) {
        self.begun.insert(ask);
        let (gatherer, selection, out) =
            (self.gatherer, preselect::for_gathering(&self.facts, &self.selection), self.out.clone());
        let run = async move {
            gatherer.run(ask, 0, selection, out, CancellationToken::new()).await;
            ask
        };
        self.running.push(run.boxed());
    }

    /// Gives up what is under way, as far as it has not landed.
    fn end(&mut self) {
        self.running.clear();
        while let Ok(landing) = self.landings.try_recv() {
            self.land(landing);
        }
        gather::take_back(&mut self.facts);
        self.facts.calls = self.gatherer.connector().recorder().calls();
        self.facts.observed_at = self.gatherer.connector().here().clock.now();
    }

    /// Waits for one answer or for the end of an ask; false when nothing is under way any more, or it is to stop.
    async fn step(&mut self) -> bool {
        if self.stop.is_cancelled() {
            return false;
        }
        if let Ok(landing) = self.landings.try_recv() {
            self.land(landing);
            return true;
        }
        if self.running.is_empty() {
            return false;
        }
        tokio::select! {
            biased;
            () = self.stop.cancelled() => return false,
            Some(landing) = self.landings.recv() => self.land(landing),
            Some(ask) = self.running.next() => {
                // What it sent with its last breath is known before its end is acted on.
                while let Ok(landing) = self.landings.try_recv() {
                    self.land(landing);
                }
                self.ended.insert(ask);
            }
        }
        true
    }

    fn land(&mut self, landing: Landing) {
        self.landed.insert(landing.ask);
        (landing.land)(&mut self.facts);
        if let (Ask::System, Some(tell)) = (landing.ask, &mut self.tell) {
            tell(&self.facts.system.progress);
        }
    }
}
