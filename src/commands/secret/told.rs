//! What is told of a secret before it is written: each fault once, no conflict that is settled, and what will matter once the values are there.

use crate::check::Checked;
use crate::commands::writing;
use crate::judge;
use crate::migrate::{self, Gathered};
use crate::model::facts::{Keeping, Secret, SecretContent, SecretValue};
use crate::model::plan::Change;
use crate::model::{Fact, Finding, ImportSource, Plan, Reader, Severity};
use crate::report::Report;
use crate::secret::{Key, rules};
use crate::values::SecretText;
use crate::values::text::safe;

/// What the changes, the list of conflicts and what blocks the plan show by themselves.
const BY_THEMSELVES: [&str; 7] = [
    "secret/values",
    "secret/booleans",
    "secret/keys",
    "secret/exists",
    "secret/has-value",
    "secret/dialect",
    "secret/conflict",
];

/// What is judged of the values rather than of one value.
const OF_VALUES: [&str; 3] = ["config/secret-values", "secret/bucket", "secret/open-webhook"];

/// The keys whose values differ, and are the same once they are put right.
pub(super) fn settled(gathered: &Gathered) -> Vec<&'static str> {
    let right = |key: Key, value: &SecretText| rules::repaired(key, value).unwrap_or_else(|| value.clone());
    let agrees = |key: &Key| {
        let mut values = gathered.merged.offers(*key).iter().map(|offer| right(*key, &offer.value));
        values.next().is_some_and(|first| values.all(|value| value == first))
    };
    gathered.merged.conflicts().filter(agrees).map(Key::name).collect()
}

/// The labels of sources that are the target itself.
pub(super) fn source_and_target(checked: &Checked, gathered: &Gathered) -> Vec<String> {
    let (facts, selection) = (&checked.facts, &checked.selection);
    let is_target = |source: &ImportSource| migrate::is_target(facts, selection, source);
    let named = selection.migration.imports.iter().zip(&gathered.sources);
    named.filter(|(source, _)| is_target(source)).map(|(_, source)| safe(&source.label).into_owned()).collect()
}

/// What is wrong with a secret that is source and target at once is told of the target.
pub(super) fn tell_once(findings: &mut Vec<Finding>, labels: &[String]) {
    let all: Vec<(String, String)> =
        findings.iter().map(|finding| (finding.id.clone(), finding.subject.clone())).collect();
    let is_told = |finding: &Finding, label: &String| {
        let mut others = all.iter().filter(|(id, subject)| *id == finding.id && !subject.ends_with(label.as_str()));
        match finding.subject.strip_suffix(label.as_str()) {
            Some("") => others.next().is_some(),
            Some(key) => key.strip_suffix(" of ").is_some_and(|key| others.any(|(_, subject)| subject == key)),
            None => false,
        }
    };
    findings.retain(|finding| !labels.iter().any(|label| is_told(finding, label)));
}

/// What to know before it is written: who else writes the target, and what the values will mean once they are there. The changes and the
/// conflicts stand by themselves.
pub(super) fn warnings(checked: &Checked, report: &Report, plan: &Plan, reader: Reader) -> String {
    let planned = as_planned(checked, plan, reader);
    let of_values = |finding: &&Finding| OF_VALUES.contains(&finding.id.as_str());
    let matters = |finding: &&Finding| {
        let warns = finding.severity == Severity::Warning && !BY_THEMSELVES.contains(&finding.id.as_str());
        warns || writing::is_kept(finding)
    };
    let now = report.findings.iter().filter(|finding| planned.is_none() || !of_values(finding));
    let later = planned.iter().flat_map(|later| &later.findings).filter(of_values);
    writing::warnings(now.chain(later).filter(matters))
}

/// What will be judged once the plan is carried out: the same facts, with the secret as it will be. `None` where it stays as it is.
fn as_planned(checked: &Checked, plan: &Plan, reader: Reader) -> Option<Report> {
    let change = plan.changes.iter().find_map(|change| match change {
        Change::Secret(change) if !change.only_takes_stage_off() => Some(change),
        _ => None,
    })?;
    let (mut facts, mut selection) = (checked.facts.clone(), checked.selection.clone());
    let value =
        SecretValue { version_id: String::new(), created: None, content: SecretContent::Text(change.content.clone()) };
    let mut secret = facts.secret.known().cloned().unwrap_or_else(|| unwritten(&change.name));
    secret.value = Fact::Known(value);
    facts.secret = Fact::Known(secret);
    selection.migration.imports.clear();
    selection.migration.reader = Some(reader);
    let judgement = judge::judge(&facts, &selection);
    Some(Report::new(&facts, &selection, &judgement))
}

/// A secret that is not there yet.
fn unwritten(name: &str) -> Secret {
    Secret {
        name: name.to_owned(),
        arn: String::new(),
        deleted: None,
        versions: Vec::new(),
        kms_key: None,
        owning_service: None,
        stack: None,
        tags: Vec::new(),
        kept: Keeping::default(),
        value: Fact::Absent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(id: &str, subject: &str) -> Finding {
        Finding::new(Severity::Error, id, subject, "c")
    }

    #[test]
    fn what_is_wrong_with_source_and_target_at_once_is_told_of_the_target_alone() {
        let mut findings = vec![
            finding("secret/nested", "s"),
            finding("secret/nested", "secret s"),
            finding("secret/values", "TENANT"),
            finding("secret/values", "TENANT of secret s"),
            finding("secret/values", "PKG_KEY of secret s"),
            finding("secret/source", "secret s"),
            finding("secret/nested", "file f"),
        ];
        tell_once(&mut findings, &["secret s".to_owned()]);
        let told: Vec<&str> = findings.iter().map(|finding| finding.subject.as_str()).collect();
        assert_eq!(told, ["s", "TENANT", "PKG_KEY of secret s", "secret s", "file f"]);
    }
}
