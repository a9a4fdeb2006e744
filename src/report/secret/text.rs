//! The same for people: each key in a line, then what is wrong with it, and the verdict at the end, where a terminal stops.

use std::fmt::Write as _;

use super::{KeyReport, SecretReport, SourceReport};
use crate::model::{Finding, Reader, Severity};
use crate::report::{self, words};
use crate::secret::Key;
use crate::values::arn::secret_name;
use crate::values::text::{counted, elide_end, paragraph, safe, width};

/// What becomes of trying the values: of nothing else it must be said that it went well.
const TRIED: [&str; 2] = ["secret/bucket-access", "secret/benchling"];

/// The report as text, ended by a line break.
#[must_use]
pub fn text(report: &SecretReport) -> String {
    let mut out = String::new();
    if let Some(world) = &report.demo {
        let _ = writeln!(out, "DEMO world {world}: none of this is AWS.\n");
    }
    place(&mut out, report);
    out.push_str(&sources(&report.sources));
    keys(&mut out, &report.keys, report.reader.reader);
    if !report.extra_keys.is_empty() {
        paragraph(&mut out, "  kept as they are: ", &elide_end(&report.extra_keys.join(", "), 400));
        out.push('\n');
    }
    out.push_str(&findings(&report.findings, !report.sources.is_empty()));
    for line in &report.not_looked_at {
        paragraph(&mut out, "not looked at: ", line);
    }
    if !report.not_looked_at.is_empty() {
        out.push('\n');
    }
    paragraph(&mut out, "", &verdict(report));
    out
}

fn place(out: &mut String, report: &SecretReport) {
    let chosen = &report.selection;
    let of_secret = report.sources.is_empty().then_some(chosen.secret.as_deref()).flatten();
    let asked = |value: Option<String>| value.filter(|_| report.asked_aws);
    let reader = &report.reader;
    let rows = [
        ("Secret", of_secret.map(|secret| secret_name(secret).to_owned())),
        ("AWS profile", asked(chosen.aws_profile.clone())),
        ("Identity", asked(report.identity.as_ref().map(words::caller))),
        ("Region", asked(chosen.region.clone())),
        ("Stack", asked(chosen.stack.as_deref().map(words::stack))),
        ("Reader", Some(format!("{}; {}", reader.reader.words(), reader.why))),
        ("Spelling", report.spelling.clone()),
    ];
    for (name, value) in rows.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        paragraph(out, &format!("  {name:<16}"), &value);
    }
    out.push('\n');
}

/// The sources, numbered as they count; empty where there is none.
#[must_use]
pub fn sources(sources: &[SourceReport]) -> String {
    let mut out = String::new();
    if sources.is_empty() {
        return out;
    }
    out.push_str("Sources, the first counts where two differ\n");
    for (number, source) in (1..).zip(sources) {
        let what = match (&source.fault, source.shape) {
            (Some(fault), _) => format!("cannot be used: {fault}"),
            (None, None) => "not read".into(),
            (None, Some(shape)) => given(shape, source),
        };
        paragraph(&mut out, &format!("  {number}  "), &format!("{}: {what}", source.label));
        for remark in &source.remarks {
            paragraph(&mut out, "     - ", remark);
        }
    }
    out.push('\n');
    out
}

fn given(shape: &str, source: &SourceReport) -> String {
    let shape = match shape {
        "secret" => "a secret",
        "task_definition" => "a task definition",
        "config" => "a config.json",
        _ => "variables",
    };
    let values = counted(source.values, "value");
    match source.references {
        0 => format!("{shape}, {values}"),
        1 => format!("{shape}, {values}, and 1 that is only referred to"),
        more => format!("{shape}, {values}, and {more} that are only referred to"),
    }
}

/// By the names that the reader looks for; where it looks for both spellings, by that of the specification.
fn keys(out: &mut String, keys: &[KeyReport], reader: Reader) {
    if keys.is_empty() {
        return;
    }
    out.push_str("Keys\n");
    let values = keys.iter().filter_map(|key| key.value.as_deref()).map(width).max().unwrap_or_default().min(24);
    for key in keys {
        let value = match &key.value {
            None => "(missing)".to_owned(),
            Some(value) if value.is_empty() => "(empty)".into(),
            Some(value) => value.clone(),
        };
        let gap = " ".repeat(values.max(9).saturating_sub(width(&value)));
        let name = named(key, reader);
        let origin = key.source.as_ref().map(|source| origin(source, key, name));
        let word = key.severity.word();
        let line = format!("  {word:<9}{:<28} {value}{gap}  {}", name, origin.unwrap_or_default());
        let _ = writeln!(out, "{}", line.trim_end());
        if key.severity < Severity::Info {
            let hint = key.suggestion.as_ref().map(|hint| format!("; {hint}?")).unwrap_or_default();
            paragraph(out, "           ", &format!("{}{hint}", key.message));
        }
    }
    out.push('\n');
}

fn named(key: &KeyReport, reader: Reader) -> &'static str {
    let shipped = Key::from_name(key.key).and_then(Key::shipped_name).filter(|_| reader == Reader::Shipped);
    shipped.unwrap_or(key.key)
}

fn origin(source: &str, key: &KeyReport, shown: &str) -> String {
    match key.name.as_deref().filter(|name| *name != shown) {
        Some(name) => format!("{source}, as {name}"),
        None => source.to_owned(),
    }
}

/// Errors, warnings, what could not be known, what is worth knowing, and which values work. Where the sources stand in a list of their own,
/// that each was read is said there.
#[must_use]
pub fn findings(findings: &[Finding], are_listed: bool) -> String {
    let is_new =
        |finding: &&Finding| !(are_listed && finding.severity == Severity::Info && finding.id == "secret/source");
    let known = |severity| move |finding: &&Finding| finding.severity == severity && !finding.unknown;
    let of = |wanted: &dyn Fn(&&Finding) -> bool| -> Vec<&Finding> {
        findings.iter().filter(|finding| wanted(finding)).filter(is_new).collect()
    };
    let sections = [
        ("Errors", of(&known(Severity::Error))),
        ("Warnings", of(&known(Severity::Warning))),
        ("Not known", of(&|finding| finding.unknown)),
        ("Worth knowing", of(&known(Severity::Info))),
        (
            "Tried, and it works",
            of(&|finding| finding.severity == Severity::Ok && TRIED.contains(&finding.id.as_str())),
        ),
    ];
    let mut out = String::new();
    for (title, findings) in sections.into_iter().filter(|(_, findings)| !findings.is_empty()) {
        let _ = writeln!(out, "{title}");
        out.extend(findings.into_iter().map(report::finding));
        out.push('\n');
    }
    out
}

/// What it comes to, in a sentence.
#[must_use]
pub fn verdict(report: &SecretReport) -> String {
    let known = |severity| report.findings.iter().filter(move |one| one.severity == severity && !one.unknown).count();
    let (errors, warnings) = (known(Severity::Error), known(Severity::Warning));
    let what = match (report.sources.as_slice(), &report.selection.secret) {
        ([], Some(secret)) => format!("Secret {}", safe(secret_name(secret))),
        ([], None) => "The secret".into(),
        ([only], _) => words::sentence_start(&only.label),
        _ => "What the sources give".into(),
    };
    if !report.is_judged() {
        let first = report.findings.iter().find(|finding| finding.severity == Severity::Error);
        let why = first.map(|finding| format!(" {}", finding.claim)).unwrap_or_default();
        return format!("Nothing could be judged.{why}");
    }
    // What it is stands above, under its own heading.
    let open = report.findings.iter().any(|finding| finding.unknown);
    match (errors, warnings, open) {
        (0, 0, true) => "Nothing wrong was found, but not everything could be known.".into(),
        (0, some, true) => format!("{}, and not everything could be known.", counted(some, "warning")),
        (0, 0, false) => format!("{what} is valid for {}.", report.reader.reader.words()),
        (0, some, false) => format!("{what} is valid, with {}.", counted(some, "warning")),
        (some, 0, _) => format!("{what} is not valid: {}.", counted(some, "error")),
        (some, more, _) => format!("{what} is not valid: {} and {}.", counted(some, "error"), counted(more, "warning")),
    }
}
