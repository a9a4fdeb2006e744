//! Two answers to one case, side by side.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::policy::{Answer, Case, Trace, Traced, evaluate, trace};
use serde_json::Value;

/// Layer, level, policy, statement.
type Place = (String, Option<u64>, u64, u64);

/// Compares every pair; panics with the first disagreements. Gives the number of pairs.
pub fn all(pairs: impl Iterator<Item = (Value, Value)>) -> usize {
    let (mut count, mut wrong, mut kinds) = (0, 0, BTreeMap::<String, usize>::new());
    let mut shown = Vec::new();
    for (case, answer) in pairs {
        count += 1;
        let differences = differences(&case, &answer);
        if differences.is_empty() {
            continue;
        }
        wrong += 1;
        for difference in &differences {
            let kind = kinds.entry(difference.kind.clone()).or_default();
            *kind += 1;
            if *kind <= 1 {
                shown.push(format!("{}: {}\n{case}\n", difference.kind, difference.text));
            }
        }
    }
    assert!(wrong == 0, "{wrong} of {count} cases are answered in another way\n{kinds:#?}\n\n{}", shown.join("\n"));
    count
}

struct Difference {
    /// Differences of one kind have one reason.
    kind: String,
    text: String,
}

fn differences(case: &Value, answer: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut differ = |kind: &str, text: String| found.push(Difference { kind: kind.to_owned(), text });
    let now = "2026-11-21T12:00:00Z".parse().unwrap();
    let read = Case::from_json(case).unwrap();
    let decision = evaluate(&read, now);
    let ours = word(decision.verdict);
    if answer["verdict"] != ours {
        differ("verdict", format!("{ours}, the reference: {}", answer["verdict"]));
    }
    let traces = trace(&read, now);
    let theirs = answer["actions"].as_array().map(Vec::as_slice).unwrap_or_default();
    if traces.len() != theirs.len() {
        differ("actions", format!("{} and {}", traces.len(), theirs.len()));
    }
    for (ours, theirs) in traces.iter().zip(theirs) {
        let verdict = if theirs["verdict"] == "Allowed" { "allow" } else { "deny" };
        if word(ours.answer) != verdict {
            differ("action", format!("{}: {}, the reference: {verdict}", ours.action, word(ours.answer)));
        }
        if ours.answer == Answer::Deny && (theirs["verdict"] == "ExplicitlyDenied") != has_deny(ours) {
            differ("explicit deny", format!("{}: {}", ours.action, theirs["verdict"]));
        }
        let action = ours.action;
        let (ours, theirs) = (our_statements(ours), their_statements(theirs));
        for place in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
            let (ours, theirs) = (ours.get(place), theirs.get(place));
            if ours != theirs {
                let kinds = ours.into_iter().flatten().collect::<BTreeSet<_>>();
                let other = theirs.into_iter().flatten().collect::<BTreeSet<_>>();
                let element = kinds.symmetric_difference(&other).map(|s| s.as_str()).collect::<Vec<_>>().join(", ");
                differ(
                    &format!("{} {element}", action.trim_start_matches("sts:")).to_ascii_lowercase(),
                    format!("{place:?} failed {ours:?}, the reference: {theirs:?}"),
                );
            }
        }
    }
    found
}

const fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Allow => "allow",
        Answer::Deny => "deny",
        Answer::Unknown => "unknown",
    }
}

fn has_deny(trace: &Trace) -> bool {
    trace.statements.iter().any(|one| {
        one.statement.effect == rolecall::policy::Effect::Deny
            && one.statement.failed.is_empty()
            && one.unknowns.is_empty()
    })
}

fn our_statements(trace: &Trace) -> BTreeMap<Place, BTreeSet<String>> {
    let place = |one: &Traced| {
        let at = &one.statement;
        (at.layer.word().to_owned(), at.level.map(|n| n as u64), at.policy as u64, at.statement as u64)
    };
    let failed = |one: &Traced| {
        let failed = one.statement.failed.iter().map(|failed| match (&failed.operator, &failed.key) {
            (Some(operator), Some(key)) => format!("{operator} {key}"),
            _ => failed.element.to_owned(),
        });
        failed.chain(one.unknowns.iter().map(|unknown| format!("unknown: {}", unknown.what))).collect()
    };
    trace.statements.iter().map(|one| (place(one), failed(one))).collect()
}

fn their_statements(action: &Value) -> BTreeMap<Place, BTreeSet<String>> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = action["statements"].as_array().unwrap().iter();
    rows.map(|row| {
        let place = (text(&row[0]), row[1].as_u64(), row[2].as_u64().unwrap(), row[3].as_u64().unwrap());
        (place, row[4].as_array().unwrap().iter().map(text).collect())
    })
    .collect()
}
