//! Fix: the proven patches with what each changes and the commands that make it; or whose decision it is.

use ratatui::text::Line;
use serde_json::{Map, Value};

use super::subject::Subject;
use crate::policy::fix::{Cure, Fix, NoFix};
use crate::policy::{Answer, Case, NamedPolicy, Policy, Readable};
use crate::tui::copy::Copyable;
use crate::tui::theme::{BOLD, DIM, Mark, PLAIN};
use crate::tui::widgets::diff;
use crate::tui::widgets::row::{Row, blank, heading, sentence, wrapped, wrapped_at};
use crate::values::text::capitalized;
use crate::wording::cure;

/// The pane: what stays on top, what scrolls.
pub fn lines(subject: &Subject<'_>, columns: usize, unfolded: bool) -> [Vec<Line<'static>>; 2] {
    let Some(verdict) = subject.verdict() else {
        let text =
            if subject.running { "What cures it shows once the verdict is there." } else { "There is no verdict yet." };
        return [sentence(text, columns), Vec::new()];
    };
    let Some(cure) = &verdict.cure else {
        let text = match verdict.decision.verdict {
            Answer::Allow => "It is allowed: there is nothing to cure.",
            Answer::Deny if subject.asked_about() != verdict.party => {
                "In production the workload calls, and no person: this denial is as it should be."
            }
            Answer::Deny if verdict.case.is_none() => {
                "The credentials are at fault, and no policy; Why says what to do."
            }
            _ => "Nothing is proven to cure this yet; Why lists what would settle it.",
        };
        return [sentence(text, columns), Vec::new()];
    };
    if let Some(none) = &cure.no_fix {
        return [sentence("No patch of a policy cures it.", columns), nothing(none, columns)];
    }
    let (mut head, mut body) = (sentence(&opening(cure), columns), Vec::new());
    head.push(blank());
    for (index, (fix, change)) in cure.fixes.iter().zip(changes(verdict.case.as_deref(), cure)).enumerate() {
        body.extend(of_fix(subject, fix, &change, index, columns, unfolded));
    }
    [head, body]
}

fn opening(cure: &Cure) -> String {
    let many = match cure.fixes.len() {
        1 => "1 change cures it".to_owned(),
        many => format!("{many} changes cure it together"),
    };
    format!("{many}. Proven: {}.", cure.proof().unwrap_or("evaluated again"))
}

fn nothing(none: &NoFix, columns: usize) -> Vec<Line<'static>> {
    let mut lines = vec![blank()];
    for (name, text) in [("Why", &none.reason), ("Who decides", &capitalized(&none.owner)), ("Next", &none.next_step)] {
        lines.extend(wrapped_at(Row::new().cell(name, 14, BOLD), text, columns, PLAIN));
        lines.push(blank());
    }
    lines
}

/// A part of a case before and after a fix.
#[derive(Clone, Default)]
struct Change {
    before: Option<Value>,
    after: Option<Value>,
}

/// What each fix changes, one after the other.
fn changes(case: Option<&Case>, cure: &Cure) -> Vec<Change> {
    let mut now = case.cloned();
    let of = |fix: &Fix| {
        let Some(before) = now.take() else { return Change::default() };
        let Some(after) = fix.applied(&before) else { return Change::default() };
        let change = Change { before: part(&fix.target, &before, false), after: part(&fix.target, &after, true) };
        now = Some(after);
        change
    };
    cure.fixes.iter().map(of).collect()
}

/// The part of a case that a fix names. Where a policy is added it is the last one.
fn part(target: &str, case: &Case, after: bool) -> Option<Value> {
    let json = |policy: &Policy| policy.to_json();
    let identity = case.identity.read().map(Vec::as_slice).unwrap_or_default();
    let named = |limit: &Readable<Option<NamedPolicy>>| limit.read()?.as_ref().map(|named| json(&named.policy));
    let keys = |keys: &std::collections::BTreeMap<String, Vec<String>>| serde_json::to_value(keys).ok();
    match target {
        "trust_policy" => case.trust.read()?.as_ref().map(json),
        "permission_boundary" => named(&case.boundary),
        "identity_policies" => identity.last().filter(|_| after).map(|named| json(&named.policy)),
        "request" => Some(request(case)),
        "role_arn" => Some(Value::from(case.role_arn.as_str())),
        "context" => keys(case.context.as_ref()?),
        "extra_context" => keys(case.extra_context.as_ref()?),
        other => {
            let index: usize = other.strip_prefix("identity_policies/")?.parse().ok()?;
            identity.get(index).map(|named| json(&named.policy))
        }
    }
}

/// What goes with the call, without what was not sent.
fn request(case: &Case) -> Value {
    let request = &case.request;
    let mut out = Map::new();
    let texts = [
        ("external_id", &request.external_id),
        ("session_name", &request.session_name),
        ("source_identity", &request.source_identity),
        ("region", &request.region),
        ("source_ip", &request.source_ip),
    ];
    out.extend(texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), Value::from(text.clone()?)))));
    out.extend(request.duration_seconds.map(|seconds| ("duration_seconds".to_owned(), Value::from(seconds))));
    out.extend(request.mfa.map(|mfa| ("mfa".to_owned(), Value::from(mfa))));
    out.extend(request.mfa_age_seconds.map(|age| ("mfa_age_seconds".to_owned(), Value::from(age))));
    if !request.tags.is_empty() {
        out.insert("tags".into(), serde_json::to_value(&request.tags).unwrap_or_default());
    }
    if !request.transitive_tag_keys.is_empty() {
        out.insert("transitive_tag_keys".into(), Value::from(request.transitive_tag_keys.clone()));
    }
    Value::Object(out)
}

fn of_fix(
    subject: &Subject<'_>,
    fix: &Fix,
    change: &Change,
    index: usize,
    columns: usize,
    unfolded: bool,
) -> Vec<Line<'static>> {
    let title = capitalized(&place(subject, &fix.target));
    let mut lines = vec![Row::new().put(&format!("{}  ", index + 1), DIM).put(&title, BOLD).line()];
    lines.extend(wrapped(&format!("{}.", capitalized(fix.what.trim_end_matches('.'))), columns, 5, PLAIN));
    let owner = cure::owner(&fix.target, &subject.caller(), &subject.role());
    lines.extend(wrapped(&format!("Made by {owner}."), columns, 5, DIM));
    if let Some(waits) = &fix.waits {
        lines.extend(wrapped_at(Row::default().to(5).mark(Mark::Doubt), waits, columns, PLAIN));
    }
    lines.push(blank());
    match &change.after {
        Some(after) => lines.extend(diff::documents(change.before.as_ref(), after, columns, unfolded)),
        None => lines.extend(fix.patch.iter().flat_map(|operation| wrapped(&operation.to_string(), columns, 7, PLAIN))),
    }
    lines.push(blank());
    lines.push(heading("   How"));
    for step in &fix.steps {
        lines.extend(wrapped(&step.what, columns, 5, PLAIN));
        if let Some(command) = &step.command {
            if unfolded {
                lines.extend(wrapped(command, columns, 7, DIM));
            } else {
                lines.push(Row::default().to(7).fit_middle(command, columns.saturating_sub(2), DIM).line());
            }
        }
    }
    lines.push(blank());
    lines
}

/// What a fix edits, in words.
fn place(subject: &Subject<'_>, target: &str) -> String {
    match target {
        "trust_policy" => format!("the trust policy of {}", subject.role()),
        "permission_boundary" => format!("the permissions boundary of {}", subject.caller()),
        "identity_policies" => format!("a policy for {}", subject.caller()),
        "request" | "context" | "extra_context" => "the call".into(),
        "role_arn" => "the ARN of the role".into(),
        other => {
            let index = other.strip_prefix("identity_policies/").and_then(|index| index.parse::<usize>().ok());
            let case = subject.verdict().and_then(|verdict| verdict.case.as_deref());
            let named = case.zip(index).and_then(|(case, index)| case.identity.read()?.get(index));
            match named.map(|named| named.name.as_str()).filter(|name| !name.is_empty()) {
                Some(name) => format!("{name} of {}", subject.caller()),
                None => format!("a policy of {}", subject.caller()),
            }
        }
    }
}

/// What can be copied: per fix the command, the document as it will be, the patch; the other commands; or the next step.
pub fn copies(subject: &Subject<'_>) -> Vec<Copyable> {
    let Some((verdict, cure)) = subject.verdict().and_then(|verdict| Some((verdict, verdict.cure.as_ref()?))) else {
        return Vec::new();
    };
    let several = cure.fixes.len() > 1;
    let mut copies = Vec::new();
    for (index, (fix, change)) in cure.fixes.iter().zip(changes(verdict.case.as_deref(), cure)).enumerate() {
        let of = if several { format!(" of change {}", index + 1) } else { String::new() };
        copies.push(Copyable { what: format!("command{of}: {}", fix.command), text: fix.command.clone() });
        if let Some(after) = change.after {
            copies.push(Copyable {
                what: format!("JSON{of}: as it will be"),
                text: crate::values::json::printed(&after),
            });
        }
        copies.push(Copyable {
            what: format!("patch{of}: RFC 6902, on {}", fix.target),
            text: crate::values::json::printed(&fix.patch),
        });
        for command in fix.steps.iter().filter_map(|step| step.command.as_ref()).filter(|one| **one != fix.command) {
            copies.push(Copyable { what: format!("step{of}: {command}"), text: command.clone() });
        }
    }
    copies.extend(cure.no_fix.as_ref().map(|none| Copyable {
        what: "reason, owner and next step".into(),
        text: format!("{}\nWhose decision it is: {}.\nNext: {}\n", none.reason, none.owner, none.next_step),
    }));
    copies
}
