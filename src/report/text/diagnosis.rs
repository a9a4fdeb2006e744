//! What was asked of an access path, and the evidence for each verdict.

use std::fmt::Write as _;

use crate::model::Severity;
use crate::policy::Answer;
use crate::report::words::{self, Standing, utc};
use crate::report::{Diagnosis, HopReport, PathVerdict, Report};
use crate::values::text::{paragraph, width};

/// The path, hop by hop.
pub(super) fn asked(out: &mut String, diagnosis: &Diagnosis) {
    let _ = writeln!(out, "Asked, {}", diagnosis.source);
    for (index, hop) in diagnosis.hops.iter().enumerate() {
        let _ = writeln!(out, "  {}  {}", index + 1, hop.role);
        paragraph(out, "     ", &sent(hop));
        match (&hop.found, &hop.unread) {
            (Some(found), _) if found.arn != hop.role => paragraph(
                out,
                "     ",
                &format!("GetRole answered {}, which is not the role that was asked for.", found.arn),
            ),
            (Some(_), _) if !hop.read_by.is_empty() => paragraph(out, "     ", &format!("read with {}", hop.read_by)),
            (None, Some(why)) => paragraph(out, "     ", &format!("the role {}", words::unread(why))),
            _ => {}
        }
        if let Some(session) = &hop.session {
            let _ = writeln!(
                out,
                "     session until {}, to be used until {}",
                utc(session.expires),
                utc(session.usable_until)
            );
        }
    }
    for inspector in &diagnosis.inspectors {
        let who = match (&inspector.arn, &inspector.unread) {
            (Some(arn), _) => format!("reads as {}", words::short(arn)),
            (None, Some(why)) => format!("reads nothing: who it is {}", words::unread(why)),
            (None, None) => continue,
        };
        paragraph(out, &format!("  AWS profile {} ", inspector.aws_profile), &who);
    }
    out.push('\n');
}

/// What goes with the call.
fn sent(hop: &HopReport) -> String {
    let named = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} {value}"));
    let tags = (!hop.tags.is_empty()).then(|| {
        let tags: Vec<String> = hop.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
        format!("tags {}", tags.join(" "))
    });
    let parts = [
        Some(match &hop.external_id {
            Some(id) => format!("external ID {id}"),
            None => "no external ID".into(),
        }),
        Some(format!("{} s", hop.duration_seconds)),
        named("session name", &hop.session_name),
        named("source identity", &hop.source_identity),
        tags,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Each verdict with the kinds of evidence, none standing in for another.
pub(super) fn evidence(out: &mut String, report: &Report) {
    for verdict in &report.verdicts {
        let _ = writeln!(
            out,
            "Evidence for {} {} -> {}",
            verdict.party.word(),
            words::principal(verdict),
            words::role(&verdict.hop)
        );
        for told in words::evidence(verdict) {
            let stands = match told.standing {
                Standing::Allowed => "for",
                Standing::Denied | Standing::Expected | Standing::Rightly => "against",
                Standing::NotKnown => "silent",
            };
            let lead = format!("  {}{}{stands:<9}", told.kind, " ".repeat(24usize.saturating_sub(width(told.kind))));
            paragraph(out, &lead, &told.says);
        }
        for unknown in &verdict.decision.unknowns {
            paragraph(out, "  not known: ", &format!("{}; {} would settle it", unknown.what, unknown.needs));
        }
        out.push('\n');
    }
}

/// The first hop that is refused or not decided, of whom was asked about; else that the path is open, and what else was found.
pub(super) fn headline(report: &Report) -> String {
    let is = |verdict: &&PathVerdict, answer| verdict.decision.verdict == answer;
    let denied = report.asked().find(|verdict| is(verdict, Answer::Deny));
    if let Some(first) = denied.or_else(|| report.asked().find(|verdict| verdict.is_open())) {
        let word = if first.decision.verdict == Answer::Deny { "Denied" } else { "Not decided" };
        let of = report.asked().filter(|verdict| verdict.party == first.party).count();
        let hop = first.hop_index.filter(|_| of > 1).map(|hop| format!(" at role {} of {of}", hop + 1));
        return format!("{word}{}. {}", hop.unwrap_or_default(), first.decision.summary);
    }
    let Some(last) = report.asked().last() else { return "Nothing was judged: no verdict was reached.".into() };
    let faults = |severity| report.findings.iter().filter(move |one| one.severity == severity).count();
    let (errors, warnings) = (faults(Severity::Error), faults(Severity::Warning));
    let beside = match (errors, warnings) {
        (0, 0) => String::new(),
        (0, 1) => " There is 1 warning.".into(),
        (0, some) => format!(" There are {some} warnings."),
        (1, _) => " There is 1 error beside.".into(),
        (some, _) => format!(" There are {some} errors beside."),
    };
    let word = if last.decision.verdict == Answer::Allow { "Allowed. " } else { "" };
    format!("{word}{}{beside}", last.decision.summary)
}
