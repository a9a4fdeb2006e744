//! Both walks as the screen does them: every look-up, and a plan that is confirmed and carried out.

use std::sync::Arc;

use rolecall::apply::apply;
use rolecall::aws::Surroundings;
use rolecall::gather::{Ask, Gatherer};
use rolecall::judge::{Judgement, judge};
use rolecall::model::plan::{ChangeOutcome, ChangeReport};
use rolecall::model::{Facts, Finding, Selection};
use rolecall::plan::{Draft, plan};
use rolecall::preselect::{self, preselect};
use rolecall::secret::Key;
use rolecall::values::SecretText;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::writing::VALUES;

/// What a walk came to.
pub struct Walked {
    gatherer: Gatherer,
    pub facts: Facts,
    pub selection: Selection,
    pub judgement: Judgement,
}

/// What of a finding is the same in every run: times are not, nor the numbers of persons and of their secrets.
pub fn key(finding: &Finding) -> String {
    let claim = finding.claim.split(": AWS gave a session").next().unwrap_or_default();
    let whole = format!("{} {} {} {claim}", finding.severity.word(), finding.id, finding.subject);
    whole.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Looks everything up, the lists included.
pub async fn look(here: Arc<Surroundings>, selection: Selection) -> Walked {
    let now = here.clock.now();
    let gatherer = Gatherer::new(here);
    let mut walked = Walked { gatherer, facts: Facts::new(now), selection, judgement: Judgement::default() };
    walked.ask(&[Ask::Survey, Ask::Identity]).await;
    walked.ask(&[Ask::Stacks, Ask::Secrets]).await;
    walked.selection.stack = walked.selection.stack.clone().or_else(|| preselect::stack(&walked.facts));
    walked.ask(&[Ask::Stack]).await;
    preselect(&walked.facts, &mut walked.selection);
    walked.ask(&[Ask::Secret]).await;
    walked.judgement = judge(&walked.facts, &walked.selection);
    walked
}

impl Walked {
    async fn ask(&mut self, asks: &[Ask]) {
        let (out, mut landings) = mpsc::unbounded_channel();
        for ask in asks {
            self.gatherer.run(*ask, 0, self.selection.clone(), out.clone(), CancellationToken::new()).await;
        }
        drop(out);
        while let Some(landing) = landings.recv().await {
            (landing.land)(&mut self.facts);
        }
    }

    pub fn findings(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.judgement.findings.iter().map(key).collect();
        keys.sort();
        keys
    }

    /// Who, on which role: the verdict, its leaning and its cause.
    pub fn verdicts(&self) -> Vec<String> {
        let verdicts = self.judgement.verdicts.iter();
        verdicts
            .map(|verdict| {
                let decision = &verdict.decision;
                format!(
                    "{:?} {} {:?} {:?} {}",
                    verdict.party, verdict.role_arn, decision.verdict, decision.leaning, decision.cause.0
                )
            })
            .collect()
    }

    /// The version of the secret that is current, if it could be read.
    pub fn version(&self) -> Option<String> {
        Some(self.facts.secret.known()?.value.known()?.version_id.clone())
    }

    /// Fills all values in, with one that is another than before, and writes.
    pub async fn write(&self) -> Written {
        let mut draft = Draft::from_facts(&self.facts, &self.selection);
        for (key, value) in VALUES {
            draft.values.insert(key, SecretText::new(value));
        }
        draft.values.insert(Key::LogLevel, SecretText::new("WARNING"));
        let plan = plan(&self.facts, &self.selection, &draft);
        if !plan.blocked.is_empty() {
            return Written { blocked: plan.blocked, reports: Vec::new() };
        }
        let id = plan.id.clone();
        let confirmed = plan.confirm(&id).expect("the plan changes something");
        let (events, _kept) = mpsc::unbounded_channel();
        let reports = apply(&self.gatherer, &self.selection, confirmed, events, CancellationToken::new()).await;
        Written { blocked: Vec::new(), reports: reports.unwrap() }
    }
}

/// What became of a plan.
#[derive(Debug)]
pub struct Written {
    pub blocked: Vec<String>,
    pub reports: Vec<ChangeReport>,
}

impl Written {
    pub fn is_complete(&self) -> bool {
        let written = |report: &ChangeReport| matches!(report.outcome, ChangeOutcome::Written { .. });
        self.blocked.is_empty() && !self.reports.is_empty() && self.reports.iter().all(written)
    }

    /// Everything that is said.
    pub fn text(&self) -> String {
        let reports = self.reports.iter().map(|report| match &report.outcome {
            ChangeOutcome::Written { what, .. } => what.clone(),
            ChangeOutcome::NotBegun(why) | ChangeOutcome::LostRace(why) | ChangeOutcome::Failed(why) => why.clone(),
        });
        self.blocked.iter().cloned().chain(reports).collect::<Vec<_>>().join("\n")
    }
}
