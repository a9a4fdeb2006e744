//! The report for people: one sentence, then who and where, then the findings, the worst first.

use std::fmt::Write as _;

mod diagnosis;
mod system;

use super::{PathVerdict, Report, words};
use crate::model::{Finding, Severity};
use crate::systems;
use crate::values::arn::secret_name;
use crate::values::text::{counted, paragraph, width};
use crate::values::time;

/// The report as text, ended by a line break. Words carry the meaning, no colour and no sign, so that any locale prints it.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    if let Some(world) = &report.demo {
        let _ = writeln!(out, "DEMO world {world}: none of this is AWS.\n");
    }
    paragraph(&mut out, "", &headline(report));
    out.push('\n');
    who_and_where(&mut out, report);
    if let Some(of) = &report.system {
        system::settings(&mut out, of);
        system::paths(&mut out, report, of);
        system::principals(&mut out, of);
    }
    if let Some(asked) = &report.diagnosis {
        paths(&mut out, report);
        diagnosis::asked(&mut out, asked);
        diagnosis::evidence(&mut out, report);
    }
    for (severity, title) in [
        (Severity::Error, "Errors"),
        (Severity::Warning, "Warnings"),
        (Severity::Info, "Worth knowing"),
        (Severity::Ok, "Right"),
    ] {
        section(&mut out, report, severity, title);
    }
    if report.diagnosis.is_none() && report.system.is_none() {
        paths(&mut out, report);
    }
    calls(&mut out, report);
    out
}

/// Who asked, and where.
#[must_use]
pub fn place(report: &Report) -> String {
    let mut out = String::new();
    who_and_where(&mut out, report);
    out
}

/// The errors, under a title; nothing when there is none.
#[must_use]
pub fn wrong(report: &Report, title: &str) -> String {
    let mut out = String::new();
    section(&mut out, report, Severity::Error, title);
    out
}

/// The first sentence, the errors and the warnings, and how much is right.
#[must_use]
pub fn summary(report: &Report) -> String {
    let mut out = String::new();
    paragraph(&mut out, "", &headline(report));
    out.push('\n');
    section(&mut out, report, Severity::Error, "Errors");
    section(&mut out, report, Severity::Warning, "Warnings");
    let right = report.findings.iter().filter(|finding| finding.severity == Severity::Ok).count();
    let _ =
        writeln!(out, "{} right.", if right == 1 { "1 check is".to_owned() } else { format!("{right} checks are") });
    out
}

pub(super) fn headline(report: &Report) -> String {
    if report.identity.is_none() {
        // Whatever stood in the way of credentials is the one thing to say.
        let errors = || report.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let wrong = report.of_settings().find(|finding| finding.severity == Severity::Error);
        let is_wrong = |finding: &&Finding| report.of_settings().any(|known| std::ptr::eq(known, *finding));
        let why = errors().find(|finding| !is_wrong(finding)).map(|finding| format!(" {}", finding.claim));
        let why = why.unwrap_or_default();
        return match wrong {
            Some(wrong) => format!("{} Nothing else could be judged.{why}", wrong.claim),
            None => format!("Nothing could be judged.{why}"),
        };
    }
    if report.diagnosis.is_some() {
        return diagnosis::headline(report);
    }
    if let Some(of) = &report.system {
        return system::headline(report, of);
    }
    let known = |severity| report.findings.iter().filter(move |one| one.severity == severity && !one.unknown);
    let (errors, warnings) = (known(Severity::Error).count(), known(Severity::Warning).count());
    let first = known(Severity::Error).chain(known(Severity::Warning)).next();
    let first = first.map(|finding| finding.claim.as_str()).unwrap_or_default();
    let open = report.exit_code(super::FailOn::Error) == 3;
    match (errors, warnings) {
        (0, 0) if open => match report.findings.iter().find(|finding| super::matters(finding)) {
            Some(finding) => {
                format!("Nothing wrong was found, but not everything that matters could be read. {}", finding.claim)
            }
            None => "Nothing wrong was found, but not everything that matters could be read.".into(),
        },
        (0, 0) => "Everything that was checked is right.".into(),
        (0, some) if open => {
            format!("Not everything that matters could be read; {}. The first: {first}", counted(some, "warning"))
        }
        (0, 1) => format!("Nothing stops the service; 1 warning: {first}"),
        (0, many) => format!("Nothing stops the service; {many} warnings. The first: {first}"),
        (1, 0) => format!("1 error: {first}"),
        (1, _) => format!("1 error and {}: {first}", counted(warnings, "warning")),
        (many, 0) => format!("{many} errors. The first: {first}"),
        (many, _) => format!("{many} errors and {}. The first: {first}", counted(warnings, "warning")),
    }
}

fn who_and_where(out: &mut String, report: &Report) {
    let chosen = &report.selection;
    let region = chosen.region.as_ref().map(|region| match &chosen.region_from {
        Some(from) => format!("{region}, from {from}"),
        None => region.clone(),
    });
    let stack = chosen.stack.as_deref().map(words::stack);
    let stack = stack.map(|name| match &chosen.stack_from {
        Some(reason) => format!("{name}: {reason}"),
        None => name,
    });
    let quilts = || is_set_up(report).then(|| systems::QUILT_TITLE.to_owned());
    let system = report.system.as_ref().map(|system| system.title.clone()).or_else(quilts);
    let rows = [
        ("System", system),
        ("AWS profile", chosen.aws_profile.clone()),
        ("Identity", words::identity(report)),
        ("Region", region),
        ("Stack", stack),
        ("Config profile", is_set_up(report).then(|| chosen.config_profile.clone())),
        ("Secret", chosen.secret.as_deref().map(|secret| secret_name(secret).to_owned())),
    ];
    for (name, value) in rows.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        let _ = writeln!(out, "  {name:<16}{value}");
    }
    out.push('\n');
}

/// Whether it is about a config profile of the webhook.
const fn is_set_up(report: &Report) -> bool {
    report.diagnosis.is_none() && report.system.is_none()
}

fn section(out: &mut String, report: &Report, severity: Severity, title: &str) {
    let of_severity = report.findings.iter().filter(|finding| finding.severity == severity);
    // The list of a system's paths has said so of each.
    let (said, findings): (Vec<&Finding>, Vec<&Finding>) =
        of_severity.partition(|finding| is_said_of_path(report, finding));
    if findings.is_empty() && said.is_empty() {
        return;
    }
    let _ = writeln!(out, "{title}");
    for finding in findings {
        if severity == Severity::Ok {
            paragraph(out, "  ok       ", &finding.claim);
        } else {
            one(out, finding);
        }
    }
    if !said.is_empty() {
        paragraph(out, "  ok       ", &format!("{} of the paths above.", counted(said.len(), "check")));
    }
    out.push('\n');
}

/// What is right with a path of a system: its row tells.
pub(super) fn is_said_of_path(report: &Report, finding: &Finding) -> bool {
    report.system.is_some() && finding.severity == Severity::Ok && finding.id.starts_with("hop/")
}

/// One finding with its evidence and cures, ended by a line break. The text of a report's finding; see [`Report::new`] for what is masked.
#[must_use]
pub fn finding(finding: &Finding) -> String {
    let mut out = String::new();
    one(&mut out, finding);
    out
}

fn one(out: &mut String, finding: &Finding) {
    let word = if finding.unknown { "unknown" } else { finding.severity.word() };
    paragraph(out, &format!("  {word:<9}"), &finding.claim);
    let _ = writeln!(out, "           {} of {}", finding.id, finding.subject);
    for line in &finding.evidence {
        paragraph(out, "           - ", line);
    }
    for fix in &finding.fixes {
        paragraph(out, "           > ", &fix.what);
        if let Some(command) = &fix.command {
            let _ = writeln!(out, "               {command}");
        }
    }
}

fn paths(out: &mut String, report: &Report) {
    if report.verdicts.is_empty() {
        return;
    }
    let many = report.diagnosis.as_ref().is_some_and(|diagnosis| diagnosis.hops.len() > 1);
    let rows: Vec<[String; 4]> = report.verdicts.iter().map(|verdict| row(verdict, many)).collect();
    let widest =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0);
    let (first, second, third) = (widest(0), widest(1), widest(2));
    out.push_str("Access\n");
    for [party, who, role, says] in &rows {
        let _ = writeln!(out, "  {party:<first$}  {who:<second$}  ->  {role:<third$}  {says}");
    }
    out.push('\n');
}

fn row(verdict: &PathVerdict, many: bool) -> [String; 4] {
    let hop = verdict.hop_index.filter(|_| many).map(|index| format!(", hop {}", index + 1));
    let party = format!("{}{}", verdict.party.word(), hop.unwrap_or_default());
    [party, words::principal(verdict), words::role(&verdict.hop), words::says(verdict)]
}

fn calls(out: &mut String, report: &Report) {
    if report.calls.is_empty() {
        return;
    }
    let slowest = report.calls.iter().max_by_key(|call| call.duration);
    let slowest = slowest.map(|call| format!(", the slowest {} in {}", call.operation, time::short(call.duration)));
    let _ = writeln!(out, "{} to AWS{}.", counted(report.calls.len(), "call"), slowest.unwrap_or_default());
}
