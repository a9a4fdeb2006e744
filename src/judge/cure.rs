//! A proven cure as the fixes of a finding.

use crate::model::finding::Fix;
use crate::policy::fix::{self, Cure};

/// The fixes of one side, each with its steps: what is edited and what that was proven to bring comes first. None where the cure has none.
///
/// `proof` is what the edits were proven to bring.
pub(crate) fn steps(cure: &Cure, of_side: impl Fn(&fix::Fix) -> bool, proof: &str) -> Vec<Fix> {
    let together = if cure.fixes.len() > 1 { "proven, together with the other patch" } else { "proven" };
    let steps = |fix: &fix::Fix| {
        let what = fix.what.trim_end_matches('.');
        let mut all = vec![Fix::advice(format!("{what} ({together}: {proof})."))];
        all.extend(fix.waits.iter().map(Fix::advice));
        all.extend(fix.steps.iter().map(|step| Fix { what: step.what.clone(), command: step.command.clone() }));
        all
    };
    cure.fixes.iter().filter(|fix| of_side(fix)).flat_map(steps).collect()
}
