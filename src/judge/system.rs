//! A system other than the Quilt webhook: its paths judged each for itself, then its settings, then its principals, then what it judges itself.

mod grants;
mod keys;
mod principals;
mod rows;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::path;
use crate::model::{Facts, Finding, Selection, Severity, Verdict};
use crate::systems::{self, PathRow, View};

pub(super) use rows::Memo;
pub use rows::as_diagnosis;

/// What was judged of a system.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct OfSystem {
    /// Its paths, in its order. Shared: a row that is taken over from one judgement into the next is not copied.
    pub rows: Vec<Arc<PathRow>>,
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
    let plan = systems::plan_of(system, &settings, facts, selection);
    let (rows, memo) = rows::rows(facts, selection, system, plan, before);
    let view = View { facts, selection, settings: &settings, rows: &rows, shows_external_ids: false };
    let mut findings = settings::judge(system, &settings, facts);
    // Who was to read the account of a path that is not looked at is no stranger to it.
    let left_out = systems::left_out(system, &settings, facts);
    let inquiries: Vec<_> = memo.plan().paths.iter().chain(&left_out).map(|plan| &plan.inquiry).collect();
    let own = facts.identity.known().map(|identity| &identity.account);
    findings.extend(path::inspectors_of(&facts.system.inspectors, &inquiries, own, "these paths"));
    findings.extend(principals::judge(&memo.plan().questions, facts, |action| system.allowing(action)));
    let of_system = system.judge(&view);
    let rows = rows::told(rows, &of_system);
    findings.extend(of_system);
    findings.extend(of_rows(&rows));
    (OfSystem { rows, memo }, findings)
}

/// So many paths may each be told the same; what is said of more is said once.
const SAME: usize = 8;

/// What the rows say: what one sentence says of many paths, such as of the caller's own policy, once.
fn of_rows(rows: &[Arc<PathRow>]) -> Vec<Finding> {
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
