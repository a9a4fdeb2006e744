//! What `rolecall secret check` tells: key by key, with where each value is from, then the findings. No value that is masked elsewhere is in it.

mod text;

use serde::Serialize;

use super::{Chosen, FailOn, Report, Who};
use crate::migrate::judged::{JudgedKey, keys, only_document, refers};
use crate::migrate::reader::{self, Why};
use crate::migrate::{self, Gathered, Shape};
use crate::model::selection::RoleKind;
use crate::model::{CallRecord, Facts, Finding, Reader, Selection, Severity};
use crate::secret::{Document, Key, dialect, extras, rows};
use crate::values::mask::masked;
use crate::values::text::{elide_end, safe};
use crate::values::time::Timestamp;

pub use text::{findings, sources, text, verdict};

/// The JSON Schema of it, draft 2020-12.
pub const SCHEMA: &str = include_str!("../../../assets/schema/secret.json");

/// Raised when a field changes its meaning or goes away; a new field does not raise it.
const SCHEMA_VERSION: u32 = 1;

/// As much of a value as a line shows, in columns.
const LONGEST_VALUE: usize = 60;

/// A secret, or what the sources would make of one, judged.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SecretReport {
    /// The version of this form.
    pub schema_version: u32,
    /// The version of rolecall that made it.
    pub rolecall_version: String,
    /// When things were looked up, UTC.
    pub observed_at: Timestamp,
    /// The demo world that was shown in place of AWS; absent when it was AWS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demo: Option<String>,
    /// What was chosen, and what it led to.
    pub selection: Chosen,
    /// Who asked; `None` when nobody had to, or no credentials worked.
    pub identity: Option<Who>,
    /// Whether AWS was asked at all.
    pub asked_aws: bool,
    /// Which runtime it is judged for, and why.
    pub reader: JudgedReader,
    /// How the names are spelled, in a phrase; `None` where there is no secret's JSON, or several.
    pub spelling: Option<String>,
    /// What was read, in the order in which it counts. Empty: the chosen secret.
    pub sources: Vec<SourceReport>,
    /// The 11 keys; empty where nothing could be read.
    pub keys: Vec<KeyReport>,
    /// Names that are none of the 11 keys; they are kept.
    pub extra_keys: Vec<String>,
    /// Keys for which two sources differ.
    pub conflicts: Vec<Conflict>,
    /// What was not looked at, in sentences.
    pub not_looked_at: Vec<String>,
    /// Worst first.
    pub findings: Vec<Finding>,
    /// Every HTTP exchange, in order.
    pub calls: Vec<CallRecord>,
}

/// Which runtime will read the secret.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct JudgedReader {
    /// `specification`, `shipped` or `both`.
    pub reader: Reader,
    /// Why that one, as a clause.
    pub why: &'static str,
}

/// One source.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SourceReport {
    /// "env file prod.env".
    pub label: String,
    /// What it turned out to be; `None` where it could not be read.
    pub shape: Option<&'static str>,
    /// How many of the 11 keys it gives a value for.
    pub values: usize,
    /// How many it only refers to.
    pub references: usize,
    /// Why it cannot be used, as a clause.
    pub fault: Option<String>,
    /// What is worth knowing of it.
    pub remarks: Vec<String>,
}

/// One key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KeyReport {
    /// As the specification spells it.
    pub key: &'static str,
    /// `ok`, or the worst of its faults.
    pub severity: Severity,
    /// As far as it may be seen; `None` where it is missing.
    pub value: Option<String>,
    /// The source that counts; `None` where it is the secret itself, or none.
    pub source: Option<String>,
    /// What the source calls it.
    pub name: Option<String>,
    /// All its faults; else empty, or what the value means where that is not plain.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// A key for which two sources differ: the first offer counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Conflict {
    /// As the specification spells it.
    pub key: &'static str,
    /// What each offers, in the order in which they count.
    pub offers: Vec<Offered>,
}

/// What one source offers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Offered {
    /// The source.
    pub source: String,
    /// What it calls the key.
    pub name: String,
    /// As far as it may be seen.
    pub value: String,
}

impl SecretReport {
    /// Puts it together: every text safe to print, every value masked as the screens mask it.
    #[must_use]
    pub fn new(report: Report, facts: &Facts, selection: &Selection, asked_aws: bool) -> Self {
        let reader = reader::judged(selection);
        let gathered = migrate::gathered(facts, selection);
        let chosen = selection.migration.imports.is_empty().then(|| Document::current(facts)).flatten();
        let document = chosen.as_ref().or_else(|| only_document(&gathered));
        let Report { rolecall_version, observed_at, demo, selection: resolved, identity, findings, calls, .. } = report;
        Self {
            schema_version: SCHEMA_VERSION,
            rolecall_version,
            observed_at,
            demo,
            selection: resolved,
            identity,
            asked_aws,
            reader: JudgedReader { reader, why: why(selection).words() },
            spelling: document.map(|document| dialect(document).words().to_owned()),
            sources: of_sources(&gathered),
            keys: of_keys(chosen.as_ref(), &gathered, reader),
            extra_keys: document
                .map(|document| extras(document, reader).into_iter().filter(|extra| extra.spells.is_none()))
                .map(|extras| extras.map(|extra| extra.name).collect())
                .unwrap_or_default(),
            conflicts: conflicts(&gathered),
            not_looked_at: not_looked_at(facts, selection, asked_aws),
            findings,
            calls,
        }
    }

    /// Whether anything was judged: without credentials a file still is, and a source that cannot be read is a finding of its own.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        self.identity.is_some()
            || !self.sources.is_empty() && (!self.keys.is_empty() || self.sources.iter().any(|one| one.fault.is_some()))
    }

    /// 3 if nothing could be judged; else 1 for a finding at or above `fail_on`; else 3 if something could not be known; else 0.
    #[must_use]
    pub fn exit_code(&self, fail_on: FailOn) -> u8 {
        let worst = match fail_on {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
        };
        if !self.is_judged() {
            3
        } else if self.findings.iter().any(|finding| finding.severity <= worst && !finding.unknown)
            || self.keys.iter().any(|key| key.severity <= worst)
        {
            1
        } else if self.findings.iter().any(|finding| finding.unknown) {
            3
        } else {
            0
        }
    }
}

/// Where nobody said, the specification is judged: what would be planned is another question.
fn why(selection: &Selection) -> Why {
    if selection.migration.reader.is_some() { Why::Said } else { Why::Unknown }
}

/// The sources of a report or of a plan.
#[must_use]
pub fn of_sources(gathered: &Gathered) -> Vec<SourceReport> {
    let of = |(index, source): (usize, &migrate::Source)| {
        let import = source.import.known();
        let read = import.and_then(|import| import.as_ref().ok());
        let references = refers(gathered, index);
        let unread = || match &source.import {
            crate::model::Fact::Absent => Some("it is not there".to_owned()),
            other => other.error().map(|error| error.message.trim_end_matches('.').to_owned()),
        };
        let fault = import.and_then(|import| import.as_ref().err()).map(ToString::to_string).or_else(unread);
        SourceReport {
            label: safe(&source.label).into_owned(),
            shape: read.map(|import| shape(import.shape)),
            values: read.map_or(0, |import| import.given.len().saturating_sub(references)),
            references,
            fault: fault.map(|fault| elide_end(&safe(&fault), 300)),
            remarks: read
                .map(|import| import.remarks.iter().map(|remark| safe(remark).into_owned()).collect())
                .unwrap_or_default(),
        }
    };
    gathered.sources.iter().enumerate().map(of).collect()
}

const fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Secret => "secret",
        Shape::TaskDefinition => "task_definition",
        Shape::Config => "config",
        Shape::Variables => "variables",
    }
}

fn of_keys(chosen: Option<&Document>, gathered: &Gathered, reader: Reader) -> Vec<KeyReport> {
    let readable = gathered.sources.iter().any(|source| matches!(source.import.known(), Some(Ok(_))));
    let judged = match chosen {
        Some(document) => rows(Some(document), reader).into_iter().map(|row| JudgedKey { row, offer: None }).collect(),
        None if readable => keys(gathered, reader),
        None => Vec::new(),
    };
    judged.into_iter().map(key).collect()
}

fn key(judged: JudgedKey) -> KeyReport {
    let JudgedKey { row, offer } = judged;
    KeyReport {
        key: row.key.name(),
        severity: row.severity,
        value: row.value.as_ref().map(|value| shown(row.key, value.expose())),
        source: offer.as_ref().map(|offer| safe(&offer.label).into_owned()),
        name: offer.as_ref().map(|offer| elide_end(&safe(&offer.name), LONGEST_VALUE)),
        message: row.message,
        suggestion: row.suggestion,
    }
}

fn shown(key: Key, value: &str) -> String {
    elide_end(&safe(&masked(value, key.mask())), LONGEST_VALUE)
}

/// Every key for which two sources differ.
#[must_use]
pub fn conflicts(gathered: &Gathered) -> Vec<Conflict> {
    let of = |key: Key| Conflict {
        key: key.name(),
        offers: gathered
            .merged
            .offers(key)
            .iter()
            .map(|offer| Offered {
                source: safe(&offer.label).into_owned(),
                name: safe(&offer.name).into_owned(),
                value: shown(key, offer.value.expose()),
            })
            .collect(),
    };
    gathered.merged.conflicts().map(of).collect()
}

fn not_looked_at(facts: &Facts, selection: &Selection, asked_aws: bool) -> Vec<String> {
    let trials = selection.migration.trials;
    let mut open = Vec::new();
    if trials.bucket {
        open.extend(RoleKind::BOTH.into_iter().filter(|kind| !may_be_assumed(facts, *kind)).map(|kind| {
            format!("The bucket was not tried through the {} role: you have no session of it.", kind.word())
        }));
    }
    if !asked_aws {
        open.push(
            "AWS was not asked: nothing is said of a secret that is there, nor of the stack's bucket.".to_owned(),
        );
    } else if facts.stack.known().is_none() && selection.stack.is_none() {
        open.push(
            "No stack is chosen: whether the secret is in its region and names its bucket was not looked at (--stack)."
                .to_owned(),
        );
    }
    let wanted = match (trials.bucket, trials.benchling) {
        (true, true) => return open,
        (false, true) => "--try-bucket tries the bucket",
        (true, false) => "--try-benchling tries the client ID and the client secret",
        (false, false) => "--try-bucket tries the bucket, --try-benchling the client ID and the client secret",
    };
    open.push(format!("Whether the values work was not tried: {wanted}."));
    open
}

fn may_be_assumed(facts: &Facts, kind: RoleKind) -> bool {
    facts.role(kind).and_then(|role| role.live.known()).is_some_and(|live| live.outcome.is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(identity: bool, findings: Vec<Finding>) -> SecretReport {
        let facts = Facts::new("2026-03-04T12:00:00Z".parse().unwrap());
        let selection = Selection::new();
        let report = Report::new(&facts, &selection, &crate::judge::Judgement::default());
        let who = Who { account: "111122223333".into(), arn: "arn".into(), user_id: "AIDA".into() };
        SecretReport {
            identity: identity.then_some(who),
            findings,
            ..SecretReport::new(report, &facts, &selection, true)
        }
    }

    #[test]
    fn exit_codes_are_those_of_check() {
        let finding = |severity| Finding::new(severity, "secret/values", "s", "c");
        let unknown = || finding(Severity::Info).not_known();
        for (identity, findings, error, warning) in [
            (true, vec![], 0, 0),
            (true, vec![finding(Severity::Error)], 1, 1),
            (true, vec![finding(Severity::Warning)], 0, 1),
            (true, vec![unknown()], 3, 3),
            (true, vec![finding(Severity::Error), unknown()], 1, 1),
            (false, vec![finding(Severity::Error)], 3, 3),
        ] {
            let report = report(identity, findings);
            assert_eq!((report.exit_code(FailOn::Error), report.exit_code(FailOn::Warning)), (error, warning));
        }
    }

    #[test]
    fn without_any_call_that_is_said() {
        let facts = Facts::new("2026-03-04T12:00:00Z".parse().unwrap());
        assert!(not_looked_at(&facts, &Selection::new(), false)[0].contains("AWS was not asked"));
    }
}
