//! The result for people: what would be written, line by line as the review shows it; or what was.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::outcome::{Outcome, Planned};
use crate::cli::Global;
use crate::model::plan::{Change, FieldChange, FieldKind};
use crate::report;
use crate::values::text::{paragraph, safe, width};
use crate::wording::done::farewell;
use crate::wording::review as words;

/// The result as text, ended by a line break.
pub(in crate::commands) fn text(outcome: &Outcome) -> String {
    let demo = outcome.planned.report.demo.as_ref();
    let mut out = demo.map(|world| format!("DEMO world {world}: none of this is AWS.\n\n")).unwrap_or_default();
    match &outcome.reports {
        None => of_plan(&mut out, &outcome.planned),
        Some(reports) => {
            for line in farewell(reports) {
                let _ = writeln!(out, "{line}");
            }
            match &outcome.after {
                Some(after) if after.text.is_empty() => {}
                Some(after) => {
                    let _ = write!(out, "\n{}", after.text);
                }
                None => out.push_str("\nTold to stop: nothing was looked up again.\n"),
            }
        }
    }
    out
}

fn of_plan(out: &mut String, planned: &Planned) {
    paragraph(out, "", &planned.opening);
    out.push('\n');
    out.push_str(&report::place(&planned.report));
    out.push_str(&planned.beside);
    for (index, change) in planned.plan.changes.iter().enumerate() {
        changed(out, index + 1, change, &planned.origins);
    }
    if !planned.left_out.is_empty() {
        let fields: Vec<_> = planned.left_out.iter().map(|field| safe(field)).collect();
        paragraph(out, "  left out of config.json: ", &fields.join(", "));
        out.push('\n');
    }
    out.push_str(&planned.wrong);
    out.push_str(&planned.warnings);
    ending(out, planned);
}

fn changed(out: &mut String, number: usize, change: &Change, origins: &BTreeMap<String, String>) {
    let kind = words::kind(change).replace('→', "->");
    let _ = writeln!(out, "  {number}  {}: {kind}", safe(&words::subject(change)));
    let fields = words::fields(change);
    let names = fields.iter().map(|field| width(&field.name)).max().unwrap_or_default().min(30);
    for field in fields {
        let gap = " ".repeat(names.saturating_sub(width(&field.name)));
        let origin = origins.get(&field.name).filter(|_| matches!(field.kind, FieldKind::Added | FieldKind::Changed));
        let origin = origin.map(|from| format!("  <- {from}")).unwrap_or_default();
        let line = format!("     {} {}{gap}  {}{origin}", words::sign(field.kind), field.name, values(field));
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
        FieldKind::Renamed => format!("{}  (was {})", field.after, field.before),
        FieldKind::Same => format!("same  {}", field.after),
        FieldKind::Removed => field.before.clone(),
    }
}

/// Whether it can be written, and how.
fn ending(out: &mut String, planned: &Planned) {
    if !planned.plan.blocked.is_empty() {
        out.push_str("The plan cannot be written:\n");
        for why in &planned.plan.blocked {
            paragraph(out, "  - ", &safe(why));
        }
        if let Some(hint) = &planned.hint {
            paragraph(out, "", hint);
        }
    } else if !planned.plan.is_empty() {
        let despite = if planned.wrong.is_empty() { "" } else { " The errors above do not stop that." };
        let without = if planned.read_only { ", without --read-only" } else { "" };
        let _ = writeln!(out, "Plan {} can be written{without}.{despite} To write exactly this:", planned.id);
        let _ = writeln!(out, "  {} --plan-id {} --yes", safe(&planned.again), planned.id);
    }
}

/// The flags that hold for every command, as they were given. External IDs are masked in whatever is printed.
pub(in crate::commands) fn flags(global: &Global) -> Vec<String> {
    let mut words: Vec<String> = global.demo.iter().map(|world| format!("--demo={world}")).collect();
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
    words
}
