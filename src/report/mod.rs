//! What `rolecall check` tells: one [`Report`], printed as text, JSON, Markdown or HTML, and the exit code that follows from it.
//!
//! External IDs are masked, and every text is safe to print, from the moment the report is made; account ids on request when it is printed.
//! Text has a voice of its own (`text.rs`); Markdown and HTML print the same blocks (`page.rs`), each with its own escapes.

mod diagnosis;
mod fix;
mod hide;
mod html;
mod markdown;
mod page;
mod picture;
mod render;
mod secret;
mod system;
mod text;
mod verdict;
mod words;

pub use diagnosis::{Diagnosis, HopReport, Inspector, Mfa, MfaDevice, Probed, RoleRead, Session, Tried, Unread};
pub use fix::ProvenFix;
pub use render::{Masks, ReportFormat, file_name, render};
pub use secret::{Conflict, JudgedReader, KeyReport, Offered, SecretReport, SourceReport};
pub use secret::{
    SCHEMA as SECRET_SCHEMA, conflicts, findings, of_sources, sources, text as secret_text, verdict as secret_verdict,
};
pub use system::{
    AccessKeyReport, AnswerReport, ExpectationReport, PathReport, PrincipalReport, SettingReport, SystemReport,
};
pub use text::{finding, place, summary, text, wrong};
pub use verdict::{Evaluated, Evidence, Live, PathVerdict, Simulated, StatementTried, TriedAction};
pub use words::sentence_start;

use serde::Serialize;

use crate::judge::{Judgement, NOT_DEPLOYED};
use crate::model::selection::{CredentialSource, RoleKind};
use crate::model::verdict::Party;
use crate::model::{AwsError, CallRecord, Facts, Finding, Selection, Severity};
use crate::policy::{Answer, Leaning};
use crate::preselect;
use crate::systems;
use crate::values::json::printed;
use crate::values::time::Timestamp;
use hide::{ExternalIds, Hide};

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
    /// The version of rolecall that made it.
    pub rolecall_version: String,
    /// When things were looked up, UTC.
    pub observed_at: Timestamp,
    /// The demo world that was shown in place of AWS; absent when it was AWS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demo: Option<String>,
    /// What was chosen, and what it led to.
    pub selection: Chosen,
    /// Who asked; `None` when no credentials worked.
    pub identity: Option<Who>,
    /// Who may assume which role: of the stack, or of the path that was diagnosed.
    pub verdicts: Vec<PathVerdict>,
    /// What was asked of the access path that was diagnosed, and what was looked up for it; absent where none was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<Diagnosis>,
    /// The system that was looked at; absent where that was the Quilt webhook, or an access path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemReport>,
    /// Worst first.
    pub findings: Vec<Finding>,
    /// Every HTTP exchange, in order.
    pub calls: Vec<CallRecord>,
}

/// What was chosen, resolved as far as it could be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Chosen {
    /// The system that it is about: `quilt`, `wave`; null where that is an access path alone.
    pub system: Option<String>,
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
    /// 12 digits, or `<account-1>` where account ids are masked.
    pub account: String,
    /// The ARN.
    pub arn: String,
    /// `AIDA…`, `AROA…:session`.
    pub user_id: String,
}

impl Report {
    /// Puts a report together: external IDs masked, every text safe to print.
    #[must_use]
    pub fn new(facts: &Facts, selection: &Selection, judgement: &Judgement) -> Self {
        Self::with(facts, selection, judgement, &ExternalIds::find(facts, selection, judgement))
    }

    /// As [`Report::new`], with external IDs as they are.
    #[must_use]
    pub fn with_external_ids(facts: &Facts, selection: &Selection, judgement: &Judgement) -> Self {
        Self::with(facts, selection, judgement, &ExternalIds::shown())
    }

    fn with(facts: &Facts, selection: &Selection, judgement: &Judgement, ids: &ExternalIds) -> Self {
        let identity = facts.identity.known().map(|identity| Who {
            account: identity.account.to_string(),
            arn: identity.arn.to_string(),
            user_id: identity.user_id.clone(),
        });
        let told = |one| PathVerdict::new(one, facts, selection, ids);
        let verdicts = match (&selection.system, &selection.inquiry) {
            (Some(_), _) => {
                let rows = judgement.system.rows.iter();
                rows.flat_map(|row| row.verdicts.iter().map(|one| told(one).of(&row.id))).collect()
            }
            (None, Some(_)) => judgement.path.iter().map(told).collect(),
            (None, None) => judgement.verdicts.iter().map(told).collect(),
        };
        let mut report = Self {
            schema_version: SCHEMA_VERSION,
            rolecall_version: env!("CARGO_PKG_VERSION").to_owned(),
            observed_at: facts.observed_at,
            demo: None,
            selection: chosen(facts, selection),
            identity,
            verdicts,
            diagnosis: Diagnosis::new(facts, selection),
            system: SystemReport::new(facts, selection, judgement, ids),
            findings: judgement.findings.clone(),
            calls: facts.calls.clone(),
        };
        report.hide(ids);
        report
    }

    /// Says that all of it is of a demo world, if it is.
    #[must_use]
    pub fn of_demo(self, world: Option<String>) -> Self {
        Self { demo: world, ..self }
    }

    /// 3 if nothing could be judged, whatever the findings: settings of a system are judged without AWS, and what is wrong with them counts
    /// without credentials too. Else 1 for a finding at or above `fail_on`; else 3 if something that matters could not
    /// be known; else 0.
    ///
    /// What could not be known is no finding against the user's set-up. An unknown that leans to allow, the operator's own verdict, and a
    /// workload that is not deployed yet matter to nobody's exit code. In a diagnosis that names nobody else the operator's own counts, also
    /// one on credentials that do not work.
    #[must_use]
    pub fn exit_code(&self, fail_on: FailOn) -> u8 {
        let worst = match fail_on {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
        };
        let is_denied = |verdict: &PathVerdict| verdict.decision.verdict == Answer::Deny;
        let judged = self.identity.is_some() || self.diagnosis.is_some() && self.verdicts.iter().any(is_denied);
        if !judged {
            if self.of_settings().any(|finding| finding.severity <= worst) { 1 } else { 3 }
        } else if self.findings.iter().any(|finding| finding.severity <= worst && !finding.unknown) {
            1
        } else if self.is_open() {
            3
        } else {
            0
        }
    }
}

impl Report {
    /// What was judged of a system's settings, for which AWS need not answer.
    fn of_settings(&self) -> impl Iterator<Item = &Finding> {
        let name = self.system.as_ref().map(|system| system.name.as_str());
        self.findings.iter().filter(move |finding| {
            let room = finding.id.split_once('/').map(|(room, _)| room);
            name.is_some() && !finding.unknown && (room == name || room == Some("settings"))
        })
    }

    /// Whether something that matters could not be known.
    fn is_open(&self) -> bool {
        self.findings.iter().any(matters)
            || match &self.system {
                Some(system) => system.is_open(),
                None => self.asked().any(PathVerdict::is_open),
            }
    }

    /// The verdicts that were asked for: the workload's; the operator's where a diagnosis names nobody else.
    fn asked(&self) -> impl Iterator<Item = &PathVerdict> {
        let named = self.diagnosis.is_none() || self.verdicts.iter().any(|verdict| verdict.party == Party::Workload);
        self.verdicts.iter().filter(move |verdict| (verdict.party == Party::Workload) == named)
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
        self.decision.verdict == Answer::Unknown
            && self.decision.leaning != Some(Leaning::Allow)
            && self.decision.cause != NOT_DEPLOYED
    }
}

/// The report as JSON, ended by a line break.
#[must_use]
pub fn json(report: &Report) -> String {
    printed(report)
}

impl Report {
    /// Goes through every text.
    fn hide(&mut self, hide: &dyn Hide) {
        let line = |text: &mut String| *text = hide.line(text);
        if let Some(who) = &mut self.identity {
            [&mut who.account, &mut who.arn, &mut who.user_id].into_iter().for_each(line);
        }
        self.selection.hide(hide);
        self.verdicts.iter_mut().for_each(|verdict| verdict.hide(hide));
        if let Some(diagnosis) = &mut self.diagnosis {
            diagnosis.hide(hide);
        }
        if let Some(system) = &mut self.system {
            system.hide(hide);
        }
        self.findings.iter_mut().for_each(|finding| of_finding(finding, hide));
        for call in &mut self.calls {
            [&mut call.operation, &mut call.host].into_iter().for_each(line);
            call.request_id.iter_mut().chain(call.failure.iter_mut()).for_each(line);
        }
    }
}

impl Chosen {
    fn hide(&mut self, hide: &dyn Hide) {
        let line = |text: &mut String| *text = hide.line(text);
        let options = [
            &mut self.aws_profile,
            &mut self.region,
            &mut self.region_from,
            &mut self.stack,
            &mut self.stack_from,
            &mut self.secret,
            &mut self.workload,
        ];
        self.external_id.iter_mut().for_each(|id| *id = hide.external_id(id));
        options.into_iter().flatten().chain([&mut self.config_profile]).for_each(line);
        for role in &mut self.roles {
            [&mut role.arn, &mut role.source].into_iter().for_each(line);
        }
    }
}

fn of_finding(finding: &mut Finding, hide: &dyn Hide) {
    let line = |text: &mut String| *text = hide.line(text);
    for fix in &mut finding.fixes {
        fix::command(&mut fix.what, &mut fix.command, hide);
        line(&mut fix.what);
    }
    [&mut finding.subject, &mut finding.claim].into_iter().chain(&mut finding.evidence).for_each(line);
}

fn of_error(error: &mut AwsError, hide: &dyn Hide) {
    let texts = [&mut error.message, &mut error.operation].into_iter();
    let options = [&mut error.code, &mut error.request_id, &mut error.missing_action].into_iter().flatten();
    texts.chain(options).chain(&mut error.chain).for_each(|text| *text = hide.line(text));
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
    let system = match (&selection.system, &selection.inquiry) {
        (Some(choice), _) => Some(choice.name.clone()),
        (None, Some(_)) => None,
        (None, None) => Some(systems::QUILT.to_owned()),
    };
    Chosen {
        system,
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

#[cfg(test)]
mod tests;
