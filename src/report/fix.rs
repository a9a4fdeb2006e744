//! A proven edit as a report has it.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::hide::{ExternalIds, Hide};
use crate::explain::save;
use crate::policy::fix::{Fix, Step};
use crate::policy::{Answer, Case};
use crate::values::json;

/// How many lines around a change a diff shows.
const AROUND: usize = 3;

/// One edit: applied in order, the last one turns the verdict.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ProvenFix {
    /// The part of the case: `trust_policy`, `identity_policies/0`, `identity_policies`, `permission_boundary`.
    pub target: String,
    /// RFC 6902 operations on that part.
    pub patch: Value,
    /// The edit of that part's JSON, line by line: `-` goes, `+` comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
    /// The command that makes the edit; absent where its document holds an external ID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The verdict after this fix and those before it.
    pub turns_verdict_to: Answer,
    /// The edit in a sentence.
    pub what: String,
    /// The whole way.
    pub steps: Vec<Step>,
    /// What must happen before the command can work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
}

impl From<&Fix> for ProvenFix {
    fn from(fix: &Fix) -> Self {
        Self {
            target: fix.target.clone(),
            // Patch operations are texts and JSON, which always serialize.
            patch: serde_json::to_value(&fix.patch).unwrap_or_default(),
            diff: None,
            command: Some(fix.command.clone()),
            turns_verdict_to: fix.turns_verdict_to,
            what: fix.what.clone(),
            steps: fix.steps.clone(),
            waits: fix.waits.clone(),
        }
    }
}

impl ProvenFix {
    /// The fixes of a case with their diffs, external IDs in these already masked.
    pub(super) fn all(fixes: &[Fix], case: &Case, ids: &ExternalIds) -> Vec<Self> {
        let mut current = case.clone();
        let one = |fix: &Fix| {
            let diff = fix.applied(&current).map(|after| {
                let diff = diff(&part(&current, &fix.target, ids), &part(&after, &fix.target, ids));
                current = after;
                diff
            });
            Self { diff, ..Self::from(fix) }
        };
        fixes.iter().map(one).collect()
    }

    pub(super) fn hide(&mut self, hide: &dyn Hide) {
        command(&mut String::new(), &mut self.command, hide);
        for step in &mut self.steps {
            command(&mut step.what, &mut step.command, hide);
            step.what = hide.line(&step.what);
        }
        if let Value::Array(operations) = &mut self.patch {
            operations.iter_mut().for_each(|operation| in_json(operation, &|text| hide.value(text)));
        }
        // A line at a time: as one text it would be cut, and would lose its breaks.
        let lines = |diff: &String| diff.lines().map(|line| hide.value(line)).collect::<Vec<_>>().join("\n");
        self.diff = self.diff.as_ref().map(lines);
        std::iter::once(&mut self.what).chain(&mut self.waits).for_each(|text| *text = hide.line(text));
    }
}

/// Hides what a command holds. One whose document that would change is left out: run with a placeholder in it, it would break the policy.
pub(super) fn command(what: &mut String, command: &mut Option<String>, hide: &dyn Hide) {
    let Some(text) = command else { return };
    let hidden = hide.command(text);
    // What makes it safe to print does not change what it does.
    let placed = hidden != crate::values::text::safe_whole(text);
    if placed && text.contains('{') {
        *command = None;
        what.push(' ');
        what.push_str(hide.withheld());
    } else {
        *text = hidden;
    }
}

/// Goes through the texts of a JSON value, the names of members included.
pub(super) fn in_json(value: &mut Value, hide: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = hide(text),
        Value::Array(all) => all.iter_mut().for_each(|one| in_json(one, hide)),
        Value::Object(members) => {
            *members = std::mem::take(members)
                .into_iter()
                .map(|(name, mut inner)| {
                    in_json(&mut inner, hide);
                    (hide(&name), inner)
                })
                .collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A part of a case as indented JSON.
fn part(case: &Case, target: &str, ids: &ExternalIds) -> String {
    let mut part = save::case(case).pointer(&format!("/{target}")).cloned().unwrap_or_default();
    in_json(&mut part, &|text| ids.value(text));
    json::printed(&part)
}

/// What stands between the lines that both begin with and those that both end with, with some of these around it.
fn diff(before: &str, after: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let rest = before.len().min(after.len()) - same;
    let ends = before.iter().rev().zip(after.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
    let end = before.len() - ends;
    let shown = [
        (' ', &before, same.saturating_sub(AROUND)..same),
        ('-', &before, same..end),
        ('+', &after, same..after.len() - ends),
        (' ', &before, end..(end + AROUND).min(before.len())),
    ];
    let mut out = String::new();
    for (sign, lines, range) in shown {
        for line in lines.get(range).into_iter().flatten() {
            let _ = writeln!(out, "{sign} {line}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_shows_what_changes_and_a_little_around_it() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        assert_eq!(diff(before, "1\n2\n3\n4\nx\ny\n6\n7\n8\n9\n"), "  2\n  3\n  4\n- 5\n+ x\n+ y\n  6\n  7\n  8\n");
        assert_eq!(diff("a\na\n", "a\na\na\n"), "  a\n  a\n+ a\n");
        assert_eq!(diff("null\n", "[]\n"), "- null\n+ []\n");
        assert_eq!(diff("a\n", "a\n"), "  a\n");
    }
}
