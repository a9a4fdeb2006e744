//! A system other than the Quilt webhook: its paths judged each for itself, then its settings, then its principals, then what it judges itself.

mod grants;
mod keys;
mod principals;
mod rows;
mod settings;

use std::collections::BTreeMap;

use super::path;
use crate::model::{Facts, Finding, Selection, Severity, Verdict};
use crate::systems::{self, PathRow, View};

pub(super) use rows::Memo;
pub use rows::as_diagnosis;

/// What was judged of a system.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct OfSystem {
    /// Its paths, in its order.
    pub rows: Vec<PathRow>,
    /// What its paths were judged from, so that those which did not change are not judged again.
    memo: Memo,
}

impl OfSystem {
    /// The verdicts of all its paths, where there are few enough to keep them.
    pub fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        self.rows.iter().flat_map(|row| &row.verdicts)
    }
}

/// Judges the chosen system; nothing where that is the Quilt webhook. `before` lends what has not changed since.
pub(super) fn judge(facts: &Facts, selection: &Selection, before: &OfSystem) -> (OfSystem, Vec<Finding>) {
    let Some((system, settings)) = systems::chosen(facts, selection) else { return Default::default() };
    let plans = selection.system.iter().flat_map(|choice| systems::paths(system, &settings, choice, facts));
    let plans: Vec<_> = plans.collect();
    let (rows, memo) = rows::rows(facts, selection, system, plans, before);
    let view = View { facts, selection, settings: &settings, rows: &rows, shows_external_ids: false };
    let mut findings = settings::judge(system, &settings, facts);
    let inquiries: Vec<_> = memo.plans().iter().map(|plan| &plan.inquiry).collect();
    findings.extend(path::inspectors_of(&facts.system.inspectors, &inquiries, "these paths"));
    findings.extend(principals::judge(&system.questions(&settings, facts), facts, |action| system.allowing(action)));
    findings.extend(system.judge(&view));
    findings.extend(of_rows(&rows));
    (OfSystem { rows, memo }, findings)
}

/// So many paths may each be told the same; what is said of more is said once.
const SAME: usize = 8;

/// What the rows say: what one sentence says of many paths, such as of the caller's own policy, once.
fn of_rows(rows: &[PathRow]) -> Vec<Finding> {
    let all = || rows.iter().flat_map(|row| &row.findings);
    let mut told: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in all() {
        *told.entry((&finding.id, &finding.claim)).or_default() += 1;
    }
    // Who is refused is named one by one, and so is who is let in.
    let folds = |finding: &Finding| matches!(finding.severity, Severity::Warning | Severity::Info);
    let mut findings = Vec::new();
    for finding in all() {
        match told.get_mut(&(finding.id.as_str(), finding.claim.as_str())) {
            Some(count) if folds(finding) && (*count > SAME || *count == 0) => {
                let same = std::mem::take(count);
                let subject = format!("{} and {} more", finding.subject, same.saturating_sub(1));
                findings.extend((same > 0).then(|| Finding { subject, ..finding.clone() }));
            }
            _ => findings.push(finding.clone()),
        }
    }
    findings
}
