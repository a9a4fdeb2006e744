//! What `rolecall check` tells: one [`Report`], printed as text or JSON, and the exit code that follows from it.
//!
//! External IDs are masked, and every text is safe to print, from the moment the report is made.

mod fix;
mod redact;
mod text;

pub use text::{finding, place, summary, text, wrong};

use serde::Serialize;

use crate::judge::{Judgement, NOT_DEPLOYED};
use crate::model::selection::{CredentialSource, RoleKind};
use crate::model::verdict::Party;
use crate::model::{AwsError, CallRecord, Facts, Finding, LiveCall, Selection, Severity, Verdict};
use crate::policy::fix::NoFix;
use crate::policy::{Answer, Cause, Decision, Leaning};
use crate::preselect;
use crate::values::AccountId;
use crate::values::time::Timestamp;

/// The JSON Schema of a report, draft 2020-12.
pub const SCHEMA: &str = include_str!("../../assets/schema/report.json");

/// Raised when a field changes its meaning or goes away; a new field does not raise it.
const SCHEMA_VERSION: u32 = 1;

/// What `check` fails on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FailOn {
    /// On warnings and errors.
    Warning,
    /// On errors alone.
    #[default]
    Error,
}

/// Everything the screens show, as data.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Report {
    /// The version of this form.
    pub schema_version: u32,
    /// The demo world that was shown in place of AWS; absent when it was AWS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demo: Option<String>,
    /// What was chosen, and what it led to.
    pub selection: Chosen,
    /// Who asked; `None` when no credentials worked.
    pub identity: Option<Who>,
    /// Who may assume which role.
    pub verdicts: Vec<PathVerdict>,
    /// Worst first.
    pub findings: Vec<Finding>,
    /// Every HTTP exchange, in order.
    pub calls: Vec<CallRecord>,
}

/// What was chosen, resolved as far as it could be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Chosen {
    /// The AWS profile, or `(environment)`, `(container)`, `(instance)`.
    pub aws_profile: Option<String>,
    /// The region of all regional calls.
    pub region: Option<String>,
    /// What decided the region.
    pub region_from: Option<String>,
    /// The config profile.
    pub config_profile: String,
    /// The stack's ARN, or what was given for it.
    pub stack: Option<String>,
    /// What makes it the one to choose unasked: "quilt3 is configured for its catalog, quilt.example.com". `None`: nothing but the choice.
    pub stack_from: Option<String>,
    /// The secret's ARN, or what was given for it.
    pub secret: Option<String>,
    /// The roles whose ARN is known.
    pub roles: Vec<ChosenRole>,
    /// The ARN of the workload; `None` while it is not deployed, or not known.
    pub workload: Option<String>,
    /// `<external-id-1>` when one is sent.
    pub external_id: Option<String>,
    /// `DurationSeconds` asked for.
    pub duration_seconds: u32,
}

/// One role and who told of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ChosenRole {
    /// `read` or `write`.
    pub kind: &'static str,
    /// The ARN.
    pub arn: String,
    /// True when it was put together from a name: its path is not known.
    pub composed: bool,
    /// Which place answered.
    pub source: String,
}

/// The caller, as `sts:GetCallerIdentity` answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Who {
    /// 12 digits.
    pub account: AccountId,
    /// The ARN.
    pub arn: String,
    /// `AIDA…`, `AROA…:session`.
    pub user_id: String,
}

/// The verdict for one principal on one hop.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PathVerdict {
    /// The principal's ARN; `None` for a workload that is not deployed, or not known.
    pub principal: Option<String>,
    /// Workload or operator.
    pub party: Party,
    /// The ARN of the role to assume.
    pub hop: String,
    /// The verdict over all evidence.
    #[serde(flatten)]
    pub decision: Decision,
    /// What the policies alone say.
    pub evaluated: Option<Evaluated>,
    /// The operator's own call.
    pub live: Option<Live>,
    /// Live and evaluated contradict each other.
    pub disagreement: bool,
    /// What turns a denial of the workload; of other verdicts there is nothing to cure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixes: Option<Vec<ProvenFix>>,
    /// Why there is no fix, and whose decision it is: exactly when `fixes` is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_fix: Option<NoFix>,
}

pub use fix::ProvenFix;

/// What the evaluator said, apart from the live call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Evaluated {
    /// Allow, deny or unknown.
    pub verdict: Answer,
    /// For unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaning: Option<Leaning>,
    /// The headline cause.
    pub cause: Cause,
    /// One sentence.
    pub summary: String,
}

/// A live `sts:AssumeRole`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Live {
    /// When it was made, UTC.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The session name it used.
    pub session_name: String,
    /// When the session would have ended, UTC; `None` when it was not given.
    pub expires: Option<Timestamp>,
    /// Why it was not given.
    pub error: Option<AwsError>,
}

impl Report {
    /// Puts a report together: external IDs masked, every text safe to print.
    #[must_use]
    pub fn new(facts: &Facts, selection: &Selection, judgement: &Judgement) -> Self {
        let identity = facts.identity.known().map(|identity| Who {
            account: identity.account.clone(),
            arn: identity.arn.to_string(),
            user_id: identity.user_id.clone(),
        });
        let mut report = Self {
            schema_version: SCHEMA_VERSION,
            demo: None,
            selection: chosen(facts, selection),
            identity,
            verdicts: judgement.verdicts.iter().map(path_verdict).collect(),
            findings: judgement.findings.clone(),
            calls: facts.calls.clone(),
        };
        redact::clean(&mut report, facts, selection);
        report
    }

    /// Says that all of it is of a demo world, if it is.
    #[must_use]
    pub fn of_demo(self, world: Option<String>) -> Self {
        Self { demo: world, ..self }
    }

    /// 3 if nothing could be judged, whatever the findings; else 1 for a finding at or above `fail_on`; else 3 if something that matters could not
    /// be known; else 0.
    ///
    /// What could not be known is no finding against the user's set-up. An unknown that leans to allow, the operator's own verdict, and a
    /// workload that is not deployed yet matter to nobody's exit code.
    #[must_use]
    pub fn exit_code(&self, fail_on: FailOn) -> u8 {
        let worst = match fail_on {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
        };
        if self.identity.is_none() {
            3
        } else if self.findings.iter().any(|finding| finding.severity <= worst && !finding.unknown) {
            1
        } else if self.findings.iter().any(matters) || self.verdicts.iter().any(PathVerdict::is_open) {
            3
        } else {
            0
        }
    }
}

/// Unread things without which `check` cannot say that the set-up is right. Access has verdicts of its own.
fn matters(finding: &Finding) -> bool {
    const IDS: [&str; 7] = [
        "stack/readable",
        "stack/quilt",
        "secret/readable",
        "secret/kms",
        "config/readable",
        "workload/readable",
        "workload/role",
    ];
    finding.unknown && IDS.contains(&finding.id.as_str())
}

impl PathVerdict {
    /// Whether it leaves open what `check` was asked.
    fn is_open(&self) -> bool {
        self.party == Party::Workload
            && self.decision.verdict == Answer::Unknown
            && self.decision.leaning != Some(Leaning::Allow)
            && self.decision.cause != NOT_DEPLOYED
    }
}

/// The report as JSON, ended by a line break.
#[must_use]
pub fn json(report: &Report) -> String {
    // A report holds texts, numbers and lists only, which always serialize.
    let mut out = serde_json::to_string_pretty(report).unwrap_or_default();
    out.push('\n');
    out
}

fn chosen(facts: &Facts, selection: &Selection) -> Chosen {
    let credentials = facts.credentials.known();
    let roles = RoleKind::BOTH.into_iter().filter_map(|kind| {
        let found = facts.role(kind)?.found.known()?;
        Some(ChosenRole {
            kind: kind.word(),
            arn: found.arn.to_string(),
            composed: found.composed,
            source: found.source.words(),
        })
    });
    Chosen {
        aws_profile: selection.source.as_ref().map(CredentialSource::label),
        region: credentials.map(|credentials| credentials.region.clone()).or_else(|| selection.region.clone()),
        region_from: credentials.map(|credentials| credentials.region_from.clone()),
        config_profile: selection.config_profile.clone(),
        stack: facts.stack.known().map(|stack| stack.arn.to_string()).or_else(|| selection.stack.clone()),
        stack_from: stack_from(facts, selection),
        secret: facts.secret.known().map(|secret| secret.arn.clone()).or_else(|| selection.secret.clone()),
        roles: roles.collect(),
        workload: facts.workload.arn.known().map(ToString::to_string),
        external_id: selection.external_id.clone(),
        duration_seconds: selection.duration_seconds,
    }
}

/// Why the chosen stack would be preselected.
fn stack_from(facts: &Facts, selection: &Selection) -> Option<String> {
    let (stack, reason) = preselect::stack_and_reason(facts)?;
    let names =
        |given: &String| *given == stack || facts.stack.known().is_some_and(|known| known.arn.to_string() == stack);
    selection.stack.as_ref().filter(|given| names(given)).map(|_| reason.words())
}

fn path_verdict(verdict: &Verdict) -> PathVerdict {
    PathVerdict {
        principal: verdict.principal.clone(),
        party: verdict.party,
        hop: verdict.role_arn.clone(),
        decision: verdict.decision.clone(),
        evaluated: verdict.evaluated.as_ref().map(|decision| Evaluated {
            verdict: decision.verdict,
            leaning: decision.leaning,
            cause: decision.cause,
            summary: decision.summary.clone(),
        }),
        live: verdict.live.as_ref().map(live),
        disagreement: verdict.disagreement,
        fixes: verdict.cure.as_ref().map(|cure| cure.fixes.iter().map(ProvenFix::from).collect()),
        no_fix: verdict.cure.as_ref().and_then(|cure| cure.no_fix.clone()),
    }
}

fn live(call: &LiveCall) -> Live {
    Live {
        at: call.at,
        took_ms: u64::try_from(call.took.as_millis()).unwrap_or(u64::MAX),
        session_name: call.session_name.clone(),
        expires: call.outcome.as_ref().ok().copied(),
        error: call.outcome.as_ref().err().cloned(),
    }
}

#[cfg(test)]
mod tests;
