//! Headless: gather, judge, report, exit code. The same gathering and judging as on the screen.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::aws::Surroundings;
use crate::gather::{Ask, Gatherer};
use crate::judge::{self, Judgement};
use crate::model::selection::CredentialSource;
use crate::model::{Facts, Selection};
use crate::preselect::{self, preselect};
use crate::report::Report;

/// Everything a check came to.
#[derive(Debug)]
pub struct Checked {
    /// What was looked up.
    pub facts: Facts,
    /// What was chosen, preselections included.
    pub selection: Selection,
    /// What was judged from it.
    pub judgement: Judgement,
}

impl Checked {
    /// The report of it.
    #[must_use]
    pub fn report(&self) -> Report {
        Report::new(&self.facts, &self.selection, &self.judgement)
    }
}

/// Looks everything up and judges it.
pub async fn run(here: Arc<Surroundings>, selection: Selection) -> Checked {
    let now = here.clock.now();
    let gatherer = Gatherer::new(here);
    let mut walk = Walk { gatherer: &gatherer, facts: Facts::new(now), selection };
    walk.all().await;
    let Walk { facts, selection, .. } = walk;
    let judgement = judge::judge(&facts, &selection);
    Checked { facts, selection, judgement }
}

struct Walk<'a> {
    gatherer: &'a Gatherer,
    facts: Facts,
    selection: Selection,
}

impl Walk<'_> {
    async fn all(&mut self) {
        self.ask(&[Ask::Survey]).await;
        if self.selection.source.is_none() {
            self.selection.source =
                Some(preselect::source(&self.facts).unwrap_or(CredentialSource::Profile("default".into())));
        }
        if self.selection.stack.is_none() {
            self.selection.stack = preselect::stack(&self.facts);
        }
        self.ask(&[Ask::Identity]).await;
        if self.facts.identity.known().is_none() {
            return;
        }
        if self.selection.stack.is_none() {
            self.ask(&[Ask::Stacks]).await;
            self.selection.stack = preselect::stack(&self.facts);
        }
        self.ask(&[Ask::Stack]).await;
        preselect(&self.facts, &mut self.selection);
        self.ask(&[Ask::Secret]).await;
    }

    /// Runs some asks at once and lets their answers land.
    async fn ask(&mut self, asks: &[Ask]) {
        let (out, mut landings) = mpsc::unbounded_channel();
        let running = futures::future::join_all(
            asks.iter()
                .map(|ask| self.gatherer.run(*ask, 0, self.selection.clone(), out.clone(), CancellationToken::new())),
        );
        running.await;
        drop(out);
        while let Some(landing) = landings.recv().await {
            (landing.land)(&mut self.facts);
        }
    }
}
