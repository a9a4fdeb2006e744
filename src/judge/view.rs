//! What every judge needs to look at, worked out once.

use serde_json::Value;

use crate::config::Config;
use crate::model::facts::{CallerIdentity, RoleFacts, Stack};
use crate::model::finding::Fix;
use crate::model::selection::{CredentialSource, RoleKind};
use crate::model::verdict::Party;
use crate::model::{AwsError, ErrorKind, Fact, Facts, Finding, Selection, Severity, Verdict};
use crate::values::shell;
use crate::values::text::{counted, elide_end, safe};
use crate::values::{RoleArn, StackArn};

/// Facts, selection, verdicts and the parsed `config.json`. Not `Debug`: the file may hold a client secret.
pub(super) struct View<'a> {
    pub facts: &'a Facts,
    pub selection: &'a Selection,
    pub verdicts: &'a [Verdict],
    /// `config.json` with what it inherits, when it is known and is JSON.
    pub config: Option<Config>,
}

impl<'a> View<'a> {
    pub fn new(facts: &'a Facts, selection: &'a Selection, verdicts: &'a [Verdict]) -> Self {
        Self { facts, selection, verdicts, config: Config::of(facts) }
    }

    /// A text of `config.json`, inherited or not; `None` when it is absent, empty, or no text.
    pub fn config_text(&self, path: &[&str]) -> Option<&str> {
        self.config.as_ref()?.text(path)
    }

    /// A value of `config.json`, inherited or not.
    pub fn config_value(&self, path: &[&str]) -> Option<&Value> {
        self.config.as_ref()?.get(path)
    }

    pub fn identity(&self) -> Option<&'a CallerIdentity> {
        self.facts.identity.known()
    }

    pub fn stack(&self) -> Option<&'a Stack> {
        self.facts.stack.known()
    }

    /// The ARN of the chosen stack: as looked up, else as the user gave it.
    pub fn stack_arn(&self) -> Option<StackArn> {
        self.stack().map(|stack| stack.arn.clone()).or_else(|| StackArn::parse(self.selection.stack.as_deref()?).ok())
    }

    /// The region that regional calls go to.
    pub fn region(&self) -> Option<String> {
        let resolved = self.facts.credentials.known().map(|credentials| credentials.region.clone());
        resolved.or_else(|| self.selection.region.clone())
    }

    /// "region us-east-1", or "the region".
    pub fn region_words(&self) -> String {
        self.region().map_or_else(|| "the region".into(), |region| format!("region {region}"))
    }

    /// "AWS profile staging", "the environment's credentials".
    pub fn source_words(&self) -> String {
        match &self.selection.source {
            Some(CredentialSource::Profile(name)) => format!("AWS profile {name}"),
            Some(CredentialSource::Environment) => "the environment's credentials".into(),
            Some(CredentialSource::Container) => "the container's credentials".into(),
            Some(CredentialSource::Instance) => "the instance's credentials".into(),
            None => "the default AWS credentials".into(),
        }
    }

    /// "config.json of config profile default".
    pub fn config_words(&self) -> String {
        format!("config.json of config profile {}", self.selection.config_profile)
    }

    /// An `aws` command for the chosen AWS profile.
    pub fn aws(&self, words: &[&str]) -> String {
        let mut all = vec!["aws"];
        all.extend_from_slice(words);
        if let Some(CredentialSource::Profile(name)) = &self.selection.source {
            all.extend(["--profile", name]);
        }
        shell::command(all)
    }

    /// A `rolecall` command for what was chosen, so that it opens where the user is now. An external ID is not among it.
    pub fn rolecall(&self, job: &str) -> String {
        self.rolecall_job(&[job])
    }

    /// As [`Self::rolecall`], for a job of several words.
    pub fn rolecall_job(&self, job: &[&str]) -> String {
        let chosen = self.selection;
        let of = [("--region", &chosen.region), ("--stack", &chosen.stack), ("--secret", &chosen.secret)];
        let flags = of.into_iter().flat_map(|(flag, value)| value.iter().flat_map(move |value| [flag, value.as_str()]));
        shell::command(self.with_profiles(job).into_iter().chain(flags))
    }

    /// A `rolecall` command that chooses another stack or region: of what was chosen, the two profiles stay.
    pub fn rolecall_with(&self, words: &[&str]) -> String {
        shell::command(self.with_profiles(words))
    }

    fn with_profiles<'b>(&'b self, first: &[&'b str]) -> Vec<&'b str> {
        let mut words = vec!["rolecall"];
        words.extend_from_slice(first);
        if self.selection.config_profile != Selection::DEFAULT_CONFIG_PROFILE {
            words.extend(["--profile", &self.selection.config_profile]);
        }
        if let Some(CredentialSource::Profile(name)) = &self.selection.source {
            words.extend(["--aws-profile", name]);
        }
        words
    }

    /// As [`Self::aws`], for a regional service.
    pub fn aws_regional(&self, words: &[&str]) -> String {
        let region = self.region();
        let mut all = words.to_vec();
        if let Some(region) = &region {
            all.extend(["--region", region]);
        }
        self.aws(&all)
    }

    /// Roles whose ARN is known, in the order they are shown.
    pub fn found_roles(&self) -> impl Iterator<Item = (RoleKind, &'a RoleFacts, &'a RoleArn)> {
        let roles = &self.facts.roles;
        RoleKind::BOTH.into_iter().filter_map(move |kind| {
            let role = roles.get(&kind)?;
            Some((kind, role, &role.found.known()?.arn))
        })
    }

    /// The role ARN that `config.json` names for this kind, as it stands there.
    pub fn configured_role(&self, kind: RoleKind) -> Option<&str> {
        self.config_text(&["quilt", kind.config_field()])
    }

    /// Whether somebody asked for this very role: `config.json` names it, or the user typed it. Trouble with such a role is an error, with
    /// any other a warning (C5).
    pub fn is_named(&self, kind: RoleKind) -> bool {
        let Some(found) = self.facts.role(kind).and_then(|role| role.found.known()) else {
            return self.selection.typed_roles.contains_key(&kind);
        };
        let configured = self.configured_role(kind).and_then(|text| RoleArn::parse(text).ok());
        self.selection.typed_roles.get(&kind).is_some_and(|typed| typed == &found.arn)
            || configured.is_some_and(|arn| arn.account() == found.arn.account() && arn.name() == found.arn.name())
    }

    /// The severity of trouble that the workload has with a role.
    pub fn role_severity(&self, kind: RoleKind) -> Severity {
        if self.is_named(kind) { Severity::Error } else { Severity::Warning }
    }

    /// The verdict of one party on a role.
    pub fn verdict(&self, party: Party, role: &RoleArn) -> Option<&'a Verdict> {
        let arn = role.to_string();
        self.verdicts.iter().find(|verdict| verdict.party == party && verdict.role_arn == arn)
    }
}

/// The finding about a look-up that gave no answer: a missing permission is "not known", any other failure a warning. `what` begins a
/// sentence: "Stack quilt-prod".
pub(super) fn unanswered<T>(fact: &Fact<T>, id: &str, subject: &str, what: &str) -> Option<Finding> {
    match fact {
        Fact::Denied { action, error } => Some(not_allowed(action, error, id, subject, what)),
        Fact::Failed(error) if error.kind == ErrorKind::Cancelled => None,
        Fact::Failed(error) => Some(
            evidence(
                Finding::new(
                    Severity::Warning,
                    id,
                    subject,
                    format!("{what} could not be looked up: {}.", reason(error)),
                ),
                error,
            )
            .cure(Fix::advice(advice(error)))
            .not_known(),
        ),
        _ => None,
    }
}

fn not_allowed(action: &str, error: &AwsError, id: &str, subject: &str, what: &str) -> Finding {
    let claim = format!("{what} is not known: looking it up needs {action}, which you are not allowed.");
    evidence(Finding::new(Severity::Info, id, subject, claim), error)
        .cure(Fix::advice(format!("Allow {action} to the identity that runs rolecall, or choose another AWS profile.")))
        .not_known()
}

/// How much of an answer is evidence, in columns: AWS's longest refusals have some 600.
const LONGEST_ANSWER: usize = 1_000;
/// How much of a message may end a sentence, in columns.
const LONGEST_REASON: usize = 200;

/// What AWS said, as lines of evidence.
pub(super) fn evidence(finding: Finding, error: &AwsError) -> Finding {
    let code = error.code.as_ref().map(|code| format!("{code}: ")).unwrap_or_default();
    // What was never asked for has no answer: the sentence is rolecall's own.
    let is_own = matches!(error.kind, ErrorKind::Invalid | ErrorKind::Guard | ErrorKind::Cancelled)
        && error.code.is_none()
        && error.request_id.is_none();
    let said = if is_own {
        format!("{} was not asked: {}", error.operation, error.message)
    } else {
        format!("{} answered {code}{}", error.operation, error.message)
    };
    let mut finding = finding.because(elide_end(&safe(&said), LONGEST_ANSWER));
    for cause in error.chain.iter().filter(|cause| **cause != error.message) {
        finding = finding.because(elide_end(&safe(&format!("caused by: {cause}")), LONGEST_ANSWER));
    }
    match &error.request_id {
        Some(id) => finding.because(format!("request id {id}")),
        None => finding,
    }
}

/// Why a call failed, to end a sentence.
pub(super) fn reason(error: &AwsError) -> String {
    match error.kind {
        ErrorKind::Denied => "AWS refused it".into(),
        ErrorKind::NotFound => "there is none".into(),
        ErrorKind::Credentials => "the credentials were not accepted".into(),
        ErrorKind::Throttled => "AWS asked to slow down".into(),
        ErrorKind::RegionDisabled => "the regional endpoint is switched off".into(),
        ErrorKind::Network => "AWS could not be reached".into(),
        ErrorKind::Guard => "rolecall did not let the call out".into(),
        ErrorKind::Cancelled => "it was cancelled".into(),
        ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::Other => {
            elide_end(safe(&error.message).trim_end_matches('.'), LONGEST_REASON)
        }
    }
}

fn advice(error: &AwsError) -> &'static str {
    match error.kind {
        ErrorKind::Network => "Check the connection, the proxy variables and AWS_ENDPOINT_URL, then run it again.",
        ErrorKind::Throttled => "Wait a minute, then run it again.",
        ErrorKind::Credentials => "Renew the credentials, then run it again.",
        _ if error.request_id.is_some() => "Run it again; if it stays, the request id helps AWS Support.",
        _ => "Correct what is said, then run it again.",
    }
}

/// How long a session lasts: "1 hour", "12 hours", "900 seconds".
pub(super) fn lasting(seconds: u32) -> String {
    let hours = seconds / 3_600;
    if hours > 0 && seconds.is_multiple_of(3_600) { counted(hours, "hour") } else { counted(seconds, "second") }
}
