//! What the policies of a principal grant for nothing, read over as the set that they are.

use crate::model::facts::PrincipalLook;
use crate::model::finding::Fix;
use crate::model::system::Question;
use crate::model::{Finding, Severity};
use crate::policy::NamedPolicy;
use crate::policy::lint::{GrantKind, GrantLint, grants};

const ID: &str = "policy/lint";

/// Nothing where the policies could not be read: that has been said.
pub(super) fn judge(question: &Question, look: &PrincipalLook) -> Vec<Finding> {
    let (Some(reaches), Some(policies)) = (&question.reaches, look.policies.policies.known()) else {
        return Vec::new();
    };
    let policies: Vec<NamedPolicy> = policies.iter().map(short).collect();
    let lints = grants(&policies, reaches);
    if lints.is_empty() && !policies.is_empty() {
        let claim = format!(
            "The policies of {} grant nothing twice, nothing dead, and reach no further than is meant.",
            question.label
        );
        return vec![Finding::new(Severity::Ok, ID, &question.label, claim)];
    }
    lints.into_iter().map(finding).collect()
}

/// A managed policy by its name, as people call it.
fn short(policy: &NamedPolicy) -> NamedPolicy {
    let is_managed = policy.name.starts_with("arn:");
    let name = policy.name.rsplit('/').next().filter(|_| is_managed).unwrap_or(&policy.name);
    NamedPolicy { name: name.to_owned(), policy: policy.policy.clone() }
}

fn finding(lint: GrantLint) -> Finding {
    let severity = match lint.kind {
        GrantKind::WiderThanNeeded | GrantKind::Dead => Severity::Warning,
        GrantKind::Doubled => Severity::Info,
    };
    let finding = Finding::new(severity, ID, lint.policy, lint.what);
    finding.because(format!("rule {}; {}", lint.rule, lint.page.title)).cure(Fix::advice(lint.cure))
}
