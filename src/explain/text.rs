//! An answer for people: the sentence first, then each side with the statement that decided, what is not known, the cure.

use std::fmt::Write as _;

use super::answer::Answer;
use super::read::Named;
use crate::policy::decision::Answer as Verdict;
use crate::policy::{self, Case, Deciding, Decision, Effect, Failed, Layer, Leaning, explain};
use crate::values::text::{capitalized, counted, elide_middle, paragraph, safe, safe_whole};
use crate::wording::cure::part;

/// How many values of one element are shown.
const VALUES: usize = 8;

/// An answer as text, ended by a line break. `number` counts the cases of a list from 1; a case that stands alone has none.
#[must_use]
pub fn text(named: &Named, answer: &Answer, number: Option<usize>) -> String {
    let (case, decision) = (&named.case, &answer.decision);
    let mut out = String::new();
    if let Some(number) = number {
        let name = answer.name.as_deref().map(|name| format!(": {}", safe(name))).unwrap_or_default();
        let _ = writeln!(out, "Case {number}{name}");
    }
    paragraph(&mut out, "", &format!("{} {}", verdict(decision), decision.summary));
    let _ = writeln!(out, "\n  Caller  {}\n  Role    {}", case.caller, safe(&case.role_arn));
    if number.is_none()
        && let Some(name) = &answer.name
    {
        let _ = writeln!(out, "  Case    {}", safe(name));
    }
    for layer in [
        Layer::Credentials,
        Layer::Request,
        Layer::Trust,
        Layer::Identity,
        Layer::Boundary,
        Layer::Session,
        Layer::Scp,
        Layer::Rcp,
    ] {
        side(&mut out, case, decision, layer);
    }
    unknowns(&mut out, decision);
    cure(&mut out, answer);
    if number.is_none()
        && decision.verdict != Verdict::Allow
        && let Some(meaning) = policy::paragraph(decision.cause.0)
    {
        let _ = writeln!(out, "\nWhat {} means", decision.cause.0);
        for part in meaning.split("\n\n") {
            paragraph(&mut out, "  ", part);
        }
    }
    out
}

/// "3 cases: 1 allowed, 2 denied, none unknown." in words, for the end of a list.
#[must_use]
pub fn tally(allowed: usize, denied: usize, unknown: usize) -> String {
    let total = allowed + denied + unknown;
    format!("{}: {allowed} allowed, {denied} denied, {unknown} not decided.\n", counted(total, "case"))
}

const fn verdict(decision: &Decision) -> &'static str {
    match (decision.verdict, decision.leaning) {
        (Verdict::Allow, _) => "Allowed.",
        (Verdict::Deny, _) => "Denied.",
        (Verdict::Unknown, Some(Leaning::Allow)) => "Not decided, but leaning to allowed.",
        (Verdict::Unknown, Some(Leaning::Deny)) => "Not decided, but leaning to denied.",
        (Verdict::Unknown, _) => "Not decided.",
    }
}

const fn title(layer: Layer) -> &'static str {
    match layer {
        Layer::Credentials => "Credentials",
        Layer::Request => "Request",
        Layer::Trust => "Trust policy",
        Layer::Identity => "Identity policies",
        Layer::Boundary => "Permissions boundary",
        Layer::Session => "Session policy",
        Layer::Scp => "Service control policies",
        Layer::Rcp => "Resource control policies",
    }
}

fn side(out: &mut String, case: &Case, decision: &Decision, layer: Layer) {
    let statements: Vec<&Deciding> = decision.deciding.iter().filter(|one| one.layer == layer).collect();
    let cause = decision.causes.iter().find(|cause| cause.layer == layer);
    let says = match cause {
        Some(cause) => format!("no ({})", cause.cause.0),
        None if statements.is_empty() => return,
        None if statements.iter().any(|one| one.effect == Effect::Allow && one.failed.is_empty()) => "yes".into(),
        None if decision.verdict == Verdict::Allow => "no Allow, and none is needed".into(),
        None => "no Allow, which alone does not decide".into(),
    };
    let _ = writeln!(out, "\n{}: {says}", title(layer));
    if let Some(cause) = cause
        && decision.causes.len() > 1
    {
        paragraph(out, "  ", &format!("{}.", capitalized(&explain::why(case, decision, cause))));
    }
    for one in statements {
        statement(out, one);
    }
}

fn statement(out: &mut String, one: &Deciding) {
    let place = capitalized(&safe(&explain::place(one)));
    let level = one.level.map(|level| format!(", level {} from the root", level + 1)).unwrap_or_default();
    let says = match (one.effect, one.failed.is_empty()) {
        (Effect::Deny, _) => format!("denies {}", one.action),
        (Effect::Allow, true) => format!("allows {}", one.action),
        (Effect::Allow, false) => format!("comes nearest to allowing {}, and fails on", one.action),
    };
    paragraph(out, "  ", &format!("{place}{level} {says}{}", if one.failed.is_empty() { "." } else { ":" }));
    for failed in &one.failed {
        element(out, failed);
    }
}

fn element(out: &mut String, failed: &Failed) {
    let words = [Some(failed.element), failed.operator.as_deref(), failed.key.as_deref()];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    let _ = writeln!(out, "    {}", safe(&words.join(" ")));
    values(out, "expected", &failed.expected);
    match &failed.actual {
        Some(actual) => values(out, "actual", actual),
        None => values(out, "actual", &["(absent)".to_owned()]),
    }
}

fn values(out: &mut String, name: &str, values: &[String]) {
    let more = values.len().saturating_sub(VALUES);
    let shown = values.iter().take(VALUES).map(|value| visible(value));
    let rest = (more > 0).then(|| format!("and {more} more"));
    let empty = values.is_empty().then(|| "(nothing)".to_owned());
    for (row, value) in shown.chain(rest).chain(empty).enumerate() {
        let _ = writeln!(out, "      {:<10}{value}", if row == 0 { name } else { "" });
    }
}

/// White space at an end, which nobody would see, shows within quotation marks.
fn visible(value: &str) -> String {
    let value = elide_middle(&safe(value), 400);
    if value.trim() == value && !value.is_empty() { value } else { format!("\"{value}\"") }
}

fn unknowns(out: &mut String, decision: &Decision) {
    if decision.unknowns.is_empty() {
        return;
    }
    out.push_str("\nNot known\n");
    for unknown in &decision.unknowns {
        paragraph(out, "  - ", &safe(&unknown.what));
        paragraph(out, "    would be settled by ", &safe(&unknown.needs));
    }
}

fn cure(out: &mut String, answer: &Answer) {
    if answer.decision.verdict == Verdict::Allow {
        return;
    }
    let cure = &answer.cure;
    if let Some(none) = &cure.no_fix {
        out.push_str("\nNo edit cures this\n");
        if none.reason != answer.decision.summary {
            paragraph(out, "  ", &safe(&none.reason));
        }
        paragraph(out, "  ", &format!("Whose decision it is: {}.", safe(&none.owner)));
        paragraph(out, "  ", &format!("Next: {}", safe(&none.next_step)));
    }
    for (number, fix) in cure.fixes.iter().enumerate() {
        let _ = writeln!(out, "\n{}: {}", if number == 0 { "Cure" } else { "And" }, part(&fix.target, None).order());
        paragraph(out, "  ", &format!("{}.", capitalized(safe(&fix.what).trim_end_matches('.'))));
        for operation in fix.patch.iter() {
            let _ = writeln!(out, "    {}", safe_whole(&operation.to_string()));
        }
        if let Some(waits) = &fix.waits {
            paragraph(out, "  ", &safe(waits));
        }
        for step in &fix.steps {
            paragraph(out, "  - ", &safe(&step.what));
            if let Some(command) = &step.command {
                let _ = writeln!(out, "      {}", safe_whole(command));
            }
        }
    }
    if let Some(last) = cure.fixes.last() {
        let comes_to = match last.turns_verdict_to {
            Verdict::Allow => "Applied to this case and evaluated again, this allows it.",
            Verdict::Deny | Verdict::Unknown => {
                "Applied to this case and evaluated again, nothing that was read refuses it any more; what is not known is left."
            }
        };
        paragraph(out, "  ", comes_to);
    }
}
