//! What was found, every call, and what made the report.

use super::{Block, Piece, Table, Words, code, text_of};
use crate::judge;
use crate::model::{Finding, Severity};
use crate::report::words::{self, Standing, took, utc};
use crate::report::{Report, text};
use crate::values::text::counted;
use crate::values::time;

/// What the hops of a diagnosis tell themselves.
const TOLD: [&str; 7] =
    ["hop/allowed", "hop/denied", "hop/unknown", "hop/disagreement", "hop/experiment", "hop/probe", "hop/session-life"];

/// The findings, the worst first.
pub(super) fn findings(out: &mut Vec<Block>, report: &Report) {
    for (severity, title) in [
        (Severity::Error, "Errors"),
        (Severity::Warning, "Warnings"),
        (Severity::Info, "Worth knowing"),
        (Severity::Ok, "Right"),
    ] {
        let is_told = |finding: &Finding| {
            report.diagnosis.is_some() && TOLD.contains(&finding.id.as_str()) || text::is_said_of_path(report, finding)
        };
        let found: Vec<&Finding> =
            report.findings.iter().filter(|finding| finding.severity == severity && !is_told(finding)).collect();
        if found.is_empty() {
            continue;
        }
        out.push(Block::Section(title.into()));
        if severity == Severity::Ok {
            out.push(Block::List(found.iter().map(|finding| of_right(finding)).collect()));
        } else {
            found.into_iter().for_each(|finding| whole(out, finding));
        }
    }
}

fn of_right(finding: &Finding) -> Words {
    vec![
        Piece::Sign(Standing::Allowed, "ok".into()),
        Piece::Text(format!(" {} ", finding.claim)),
        Piece::Code(finding.id.clone()),
    ]
}

fn whole(out: &mut Vec<Block>, finding: &Finding) {
    let word = if finding.unknown { "unknown" } else { finding.severity.word() };
    let standing = match finding.severity {
        Severity::Error if !finding.unknown => Standing::Denied,
        Severity::Ok => Standing::Allowed,
        _ if finding.unknown => Standing::NotKnown,
        _ => Standing::Expected,
    };
    out.push(Block::Sentence(vec![
        Piece::Sign(standing, word.into()),
        Piece::Text(" ".into()),
        Piece::Strong(finding.claim.clone()),
        Piece::Text(" (".into()),
        Piece::Code(finding.id.clone()),
        Piece::Text(" of ".into()),
        Piece::Code(finding.subject.clone()),
        Piece::Text(")".into()),
    ]));
    if !finding.evidence.is_empty() {
        out.push(Block::List(finding.evidence.iter().map(text_of).collect()));
    }
    for fix in &finding.fixes {
        out.push(Block::Sentence(text_of(&fix.what)));
        out.extend(fix.command.iter().map(|command| Block::Code { language: "sh", text: command.clone() }));
    }
    if finding.severity <= Severity::Warning
        && let Some(source) = judge::paragraph(&finding.id).and_then(|text| text.rsplit("\n\n").next())
        && source.starts_with("AWS: ")
    {
        out.push(Block::Sentence(text_of(source)));
    }
}

/// Every call, in order.
pub(super) fn calls(out: &mut Vec<Block>, report: &Report) {
    if report.calls.is_empty() {
        return;
    }
    let rows = report.calls.iter().map(|call| {
        let answer = match (&call.failure, call.status) {
            (Some(failure), _) => text_of(failure),
            (None, Some(status)) => text_of(status.to_string()),
            (None, None) if call.given_up => text_of("given up"),
            (None, None) => text_of("no answer"),
        };
        vec![
            text_of(call.started.strftime("%T").to_string()),
            code(&call.operation),
            text_of(&call.host),
            text_of(time::short(call.duration)),
            text_of(call.attempt.to_string()),
            answer,
            call.request_id.as_ref().map_or_else(|| text_of("-"), code),
        ]
    });
    out.push(Block::Section("Calls to AWS".into()));
    out.push(Block::Table(Table {
        caption: format!("{}, times in UTC", counted(report.calls.len(), "call")),
        head: vec!["Time", "Call", "Host", "Took", "Attempt", "Answer", "Request id"],
        rows: rows.collect(),
    }));
}

/// What made the report, when, as whom and where.
pub(super) fn versions(out: &mut Vec<Block>, report: &Report) {
    let chosen = &report.selection;
    let mut rows: Vec<Vec<Words>> = Vec::new();
    let mut row = |name: &str, value: Option<Words>| rows.extend(value.map(|value| vec![text_of(name), value]));
    row("rolecall", Some(text_of(&report.rolecall_version)));
    row("Form of the report", Some(text_of(format!("version {}", report.schema_version))));
    row("Looked up", Some(text_of(utc(report.observed_at))));
    row("AWS profile", chosen.aws_profile.as_ref().map(code));
    row("Identity", words::identity(report).map(text_of));
    row("ARN", report.identity.as_ref().map(|who| code(&who.arn)));
    row(
        "Region",
        chosen.region.as_ref().map(|region| match &chosen.region_from {
            Some(from) => vec![Piece::Code(region.clone()), Piece::Text(format!(", from {from}"))],
            None => code(region),
        }),
    );
    row("Stack", chosen.stack.as_ref().map(code));
    row("Secret", chosen.secret.as_ref().map(code));
    if report.diagnosis.is_none() {
        row("Config profile", Some(code(&chosen.config_profile)));
    }
    row("Calls took", total(report).map(text_of));
    out.push(Block::Section("Made by".into()));
    out.push(Block::Table(Table { caption: "Versions, time and place".into(), head: vec!["What", "Value"], rows }));
}

/// From the first call to the end of the last.
fn total(report: &Report) -> Option<String> {
    let begin = report.calls.iter().map(|call| call.started).min()?;
    let ends = report.calls.iter().filter_map(|call| call.started.checked_add(call.duration).ok());
    let millis = ends.max()?.duration_since(begin).as_millis();
    Some(took(u64::try_from(millis).ok()?))
}
