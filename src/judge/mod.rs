//! What the facts mean: one file per subject, each a pure function of [`Facts`] and [`Selection`].
//!
//! Only what is settled is judged. A look-up that nobody asked for, or that is under way, gives no finding; a missing permission gives
//! "not known, needs X", never an error about the user's stack.

mod caller;
mod config;
pub(crate) mod cure;
mod evidence;
mod identity;
mod ids;
mod imports;
mod live;
mod machine;
mod path;
mod roles;
mod secret;
mod stack;
mod system;
mod told;
mod trials;
mod trust;
mod verdict;
mod view;
mod workload;

#[cfg(test)]
pub(crate) mod scene;

pub use identity::MIXED_ACCOUNTS;
pub use ids::paragraph;
pub use system::{OfSystem, as_diagnosis};
pub use verdict::NOT_DEPLOYED;
pub(crate) use verdict::{matching_detail, operator_profile, profile_of, role_stack, with_path};

use std::borrow::Cow;

use crate::model::{Facts, Finding, Selection, Verdict};
use crate::values::text::safe_whole;
use view::View;

/// Everything that was judged.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Judgement {
    /// Worst first; within a severity in the order of the walk.
    pub findings: Vec<Finding>,
    /// Per role the workload's verdict, then the operator's.
    pub verdicts: Vec<Verdict>,
    /// Of a diagnosis: per hop the workload's verdict, where one was named, then the operator's.
    pub path: Vec<Verdict>,
    /// Of a system other than the Quilt webhook.
    pub system: OfSystem,
}

/// In the order of the walk.
const JUDGES: [fn(&View<'_>) -> Vec<Finding>; 12] = [
    machine::judge,
    identity::judge,
    stack::judge,
    roles::judge,
    workload::judge,
    trust::judge,
    caller::judge,
    live::judge,
    secret::judge,
    imports::judge,
    trials::judge,
    config::judge,
];

/// Judges everything that is settled. Every text of a finding is safe to print.
#[must_use]
pub fn judge(facts: &Facts, selection: &Selection) -> Judgement {
    again(facts, selection, &Judgement::default())
}

/// As [`judge`], and the same answer: what was judged before is taken over where it cannot have changed.
#[must_use]
pub fn again(facts: &Facts, selection: &Selection, before: &Judgement) -> Judgement {
    let verdicts = verdict::verdicts(facts, selection);
    let path = path::verdicts(facts, selection);
    let view = View::new(facts, selection, &verdicts);
    let of_path = path::judge(&view, &path);
    let judged = JUDGES.iter().flat_map(|judge| judge(&view));
    let (system, of_system) = system::judge(facts, selection, &before.system);
    let mut findings: Vec<Finding> = judged.chain(of_path).chain(of_system).map(printable).collect();
    // Accounts that do not belong together come before anything else: most other findings follow from it.
    findings.sort_by_key(|finding| (finding.severity, finding.id != MIXED_ACCOUNTS));
    Judgement { findings, verdicts, path, system }
}

/// Texts of AWS and of files are in claims and evidence: none may move the cursor or turn the reading direction. Whoever shows them cuts them:
/// a report once external IDs are masked, which it could not tell from what is left of one.
fn printable(mut finding: Finding) -> Finding {
    // Nearly all are as they may be already, and are many where there are many paths.
    let clean = |text: &mut String| {
        if let Cow::Owned(cleaned) = safe_whole(text) {
            *text = cleaned;
        }
    };
    clean(&mut finding.subject);
    clean(&mut finding.claim);
    finding.evidence.iter_mut().for_each(clean);
    for fix in &mut finding.fixes {
        clean(&mut fix.what);
        fix.command.iter_mut().for_each(|command| *command = safe_whole(command).into_owned());
    }
    finding
}
