//! What was written, how to take it back, what comes next, and the proof.

use crate::config::Config;
use crate::model::plan::{ChangeOutcome, ChangeReport};
use crate::model::selection::{CredentialSource, Selection};
use crate::model::{Facts, Finding, Severity};
use crate::systems::quilt::{self, Integration};
use crate::values::shell;
use crate::values::text::safe;

/// The commands that take back what was written, the last change first.
#[must_use]
pub fn undo(reports: &[ChangeReport]) -> Vec<String> {
    let of = |report: &ChangeReport| match &report.outcome {
        ChangeOutcome::Written { undo, .. } => undo.clone(),
        _ => Vec::new(),
    };
    reports.iter().rev().flat_map(of).collect()
}

/// The webhook package, as npm has it.
const PACKAGE: &str = "@quiltdata/benchling-webhook";

/// The commands that come next, ready to be copied. A webhook that the Quilt stack runs itself is not deployed; one that is not there yet can
/// only be checked after that. Of the webhook package's commands only `status` and `logs` know `--aws-profile`; its `deploy` takes the AWS
/// profile from the environment.
#[must_use]
pub fn next(facts: &Facts, selection: &Selection) -> Vec<String> {
    let config_profile = selection.config_profile.as_str();
    let aws_profile = match &selection.source {
        Some(CredentialSource::Profile(name)) => Some(name.as_str()),
        _ => None,
    };
    let with_aws_profile = |words: &[&str]| {
        let flag = aws_profile.map(|name| ["--aws-profile", name]);
        shell::command(words.iter().copied().chain(flag.into_iter().flatten()))
    };
    let check = with_aws_profile(&["rolecall", "check", "--profile", config_profile]);
    let package = |command: &'static str| ["npx", PACKAGE, command, "--profile", config_profile];
    let logs = with_aws_profile(&package("logs"));
    if is_integrated(facts) {
        return vec![check, with_aws_profile(&package("status")), logs];
    }
    let region = facts.stack.shown().map(|stack| stack.arn.region().to_owned());
    let region = region.iter().flat_map(|region| ["--region", region]);
    let deploy = shell::command(package("deploy").into_iter().chain(region));
    let deploy = match aws_profile {
        Some(name) => format!("AWS_PROFILE={} {deploy}", shell::quote(name)),
        None => deploy,
    };
    let deployed = facts.webhook.known().is_some();
    if deployed { vec![check, deploy, logs] } else { vec![deploy, check, logs] }
}

/// As `config.json` says, which the webhook package goes by; where it does not say, as the stack does.
pub(super) fn is_integrated(facts: &Facts) -> bool {
    let says = Config::shown(facts).and_then(|config| config.get(&["integratedStack"])?.as_bool());
    says.unwrap_or_else(|| quilt::integration(facts) == Integration::On)
}

/// What became of a change, in a line.
#[must_use]
pub fn outcome(report: &ChangeReport) -> String {
    match &report.outcome {
        ChangeOutcome::Written { what, .. } => format!("written: {}: {what}", report.subject),
        ChangeOutcome::NotBegun(why) => format!("not begun: {}: {why}", report.subject),
        ChangeOutcome::LostRace(why) | ChangeOutcome::Failed(why) => format!("not written: {}: {why}", report.subject),
    }
}

/// What stays on the normal screen after leaving: what was written, and how to take it back. Safe to print.
#[must_use]
pub fn farewell(reports: &[ChangeReport]) -> Vec<String> {
    let mut lines: Vec<String> = reports.iter().map(outcome).collect();
    let undo = undo(reports);
    if !undo.is_empty() {
        lines.push("to undo:".into());
        lines.extend(undo.into_iter().map(|command| format!("  {command}")));
    }
    lines.into_iter().map(|line| safe(&line).into_owned()).collect()
}

/// What was judged of the facts that were gathered after writing: what is right is counted, what is not is told.
#[derive(Debug)]
pub struct Proof<'a> {
    /// How many checks are right.
    pub right: usize,
    /// What is right about that which was written.
    pub written: Vec<&'a Finding>,
    /// What is still wrong, or doubtful.
    pub wrong: Vec<&'a Finding>,
}

/// Sorts findings into a proof.
#[must_use]
pub fn proof(findings: &[Finding]) -> Proof<'_> {
    let right = || findings.iter().filter(|finding| finding.severity == Severity::Ok);
    let written = |finding: &&Finding| finding.id.starts_with("secret/") || finding.id.starts_with("config/");
    let wrong = |finding: &&Finding| matches!(finding.severity, Severity::Error | Severity::Warning);
    Proof {
        right: right().count(),
        written: right().filter(written).collect(),
        wrong: findings.iter().filter(wrong).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(subject: &str, outcome: ChangeOutcome) -> ChangeReport {
        ChangeReport { subject: subject.into(), outcome }
    }

    #[test]
    fn what_was_written_last_is_undone_first() {
        let written =
            |what: &str, undo: &str| ChangeOutcome::Written { what: what.into(), undo: vec![undo.to_owned()] };
        let reports = [
            report("secret s", written("version v2", "aws undo")),
            report("config.json", written("/home/a/config.json", "mv a b")),
            report("c", ChangeOutcome::LostRace("it was\u{1b}[31m changed".into())),
        ];
        assert_eq!(
            farewell(&reports),
            [
                "written: secret s: version v2",
                "written: config.json: /home/a/config.json",
                "not written: c: it was\\u{1b}[31m changed",
                "to undo:",
                "  mv a b",
                "  aws undo",
            ]
        );
    }
}
