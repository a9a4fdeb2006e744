//! The result for people: what would be written, line by line as the review shows it; or what was.

use std::fmt::Write as _;
use std::path::Path;

use super::outcome::{Outcome, Planned};
use crate::cli::Global;
use crate::model::plan::{Change, FieldChange, FieldKind};
use crate::report;
use crate::values::shell;
use crate::values::text::{paragraph, safe, width};
use crate::wording::done::farewell;
use crate::wording::review as words;

/// The result as text, ended by a line break.
pub(super) fn text(outcome: &Outcome) -> String {
    match &outcome.reports {
        None => of_plan(&outcome.planned),
        Some(reports) => {
            let mut out = String::new();
            for line in farewell(reports) {
                let _ = writeln!(out, "{line}");
            }
            out.push('\n');
            match &outcome.after {
                Some(after) => out.push_str(&report::summary(after)),
                None => out.push_str("Told to stop: nothing was looked up again.\n"),
            }
            out
        }
    }
}

fn of_plan(planned: &Planned) -> String {
    let mut out = String::new();
    paragraph(&mut out, "", &words::opening(&planned.plan, &planned.whole));
    out.push('\n');
    out.push_str(&report::place(&planned.report));
    for (index, change) in planned.plan.changes.iter().enumerate() {
        changed(&mut out, index + 1, change);
    }
    if !planned.left_out.is_empty() {
        let fields: Vec<_> = planned.left_out.iter().map(|field| safe(field)).collect();
        paragraph(&mut out, "  left out of config.json: ", &fields.join(", "));
        out.push('\n');
    }
    out.push_str(&report::wrong(&planned.report, "Errors, as things are now"));
    ending(&mut out, planned);
    out
}

fn changed(out: &mut String, number: usize, change: &Change) {
    let kind = words::kind(change).replace('→', "->");
    let _ = writeln!(out, "  {number}  {}: {kind}", safe(&words::subject(change)));
    let fields = words::fields(change);
    let names = fields.iter().map(|field| width(&field.name)).max().unwrap_or_default().min(30);
    for field in fields {
        let gap = " ".repeat(names.saturating_sub(width(&field.name)));
        let line = format!("     {} {}{gap}  {}", words::sign(field.kind), field.name, values(field));
        let _ = writeln!(out, "{}", line.trim_end());
    }
    if let Some(condition) = words::condition(change) {
        let _ = writeln!(out, "     {condition}");
    }
    out.push('\n');
}

fn values(field: &FieldChange) -> String {
    match field.kind {
        FieldKind::Added => field.after.clone(),
        FieldKind::Changed => format!("{} -> {}", field.before, field.after),
        FieldKind::Same => format!("same  {}", field.after),
        FieldKind::Removed => field.before.clone(),
    }
}

/// Whether it can be written, and how.
fn ending(out: &mut String, planned: &Planned) {
    let errors = planned.report.findings.iter().any(|f| f.severity == crate::model::Severity::Error && !f.unknown);
    if !planned.plan.blocked.is_empty() {
        out.push_str("The plan cannot be written:\n");
        for why in &planned.plan.blocked {
            paragraph(out, "  - ", &safe(why));
        }
    } else if !planned.plan.is_empty() {
        let despite = if errors { " The errors above do not stop that." } else { "" };
        let _ = writeln!(out, "Plan {} can be written.{despite} To write exactly this:", planned.id);
        let _ = writeln!(out, "  {} --plan-id {} --yes", safe(&planned.again), planned.id);
    }
}

/// The command that leads to the same plan, with the flags that were given.
pub(super) fn again(global: &Global, file: &Path) -> String {
    let mut words = vec!["rolecall".to_owned(), "setup".into()];
    words.extend(global.demo.as_ref().map(|world| format!("--demo={world}")));
    // External IDs are masked in whatever is printed.
    let external_id = global.external_id.as_ref().map(|_| "<external-id-1>".to_owned());
    let principal = global.principal.as_ref().map(ToString::to_string);
    for (flag, value) in [
        ("--profile", &global.profile),
        ("--aws-profile", &global.aws_profile),
        ("--region", &global.region),
        ("--stack", &global.stack),
        ("--secret", &global.secret),
        ("--principal", &principal),
        ("--external-id", &external_id),
    ] {
        words.extend(value.iter().flat_map(|value| [flag.to_owned(), value.clone()]));
    }
    words.extend(["--answers".to_owned(), file.to_string_lossy().into_owned()]);
    shell::command(words.iter().map(String::as_str))
}
