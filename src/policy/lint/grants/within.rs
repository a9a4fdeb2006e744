//! What a policy grants more than once by itself.
//!
//! Source: IAM User Guide, "IAM policy validation check reference", `REDUNDANT_ACTION`.

use super::super::open::pages::CHECKS;
use super::set::{Found, Place, Set, is_of_a_service};
use super::{GrantKind, GrantLint};
use crate::policy::decision::Effect;
use crate::policy::explain::listed;
use crate::policy::pattern::Glob;
use crate::values::text::counted;

/// An action of a policy where it stands.
struct One<'a> {
    place: Place<'a>,
    action: usize,
    written: &'a str,
    glob: Glob,
}

pub(super) fn lint(set: &Set<'_>) -> Vec<GrantLint> {
    (0..set.len()).flat_map(|policy| of_policy(set, policy)).collect()
}

fn of_policy(set: &Set<'_>, policy: usize) -> Vec<GrantLint> {
    let places = set.of(policy, Effect::Allow);
    let all: Vec<One<'_>> = places
        .flat_map(|place| {
            let actions = place.statement.listed_actions().enumerate();
            actions.map(move |(action, written)| One {
                place,
                action,
                written,
                glob: Glob::new(&written.to_ascii_lowercase()),
            })
        })
        .filter(|one| is_of_a_service(one.written))
        .collect();
    let (mut twice, mut narrower) = (Vec::new(), Vec::new());
    for (index, one) in all.iter().enumerate() {
        let Some(other) = idle_beside(index, one, &all) else { continue };
        match other.written.eq_ignore_ascii_case(one.written) {
            true => twice.push(one.written.to_owned()),
            false => narrower.push((one.written, other.written)),
        }
    }
    let name = set.named(policy);
    [repeated(&name, twice), covered(&name, &narrower)]
        .into_iter()
        .flatten()
        .map(|found| set.of_policy(policy, found))
        .collect()
}

/// What makes an action idle: another that covers it, and of two that cover each other the first.
fn idle_beside<'a, 'b>(index: usize, one: &One<'a>, all: &'b [One<'a>]) -> Option<&'b One<'a>> {
    let mut others = all.iter().enumerate().filter(|(other, _)| *other != index);
    let found = others.find(|(at, other)| covers(other, one) && (*at < index || !covers(one, other)));
    found.map(|(_, other)| other)
}

fn covers(wide: &One<'_>, narrow: &One<'_>) -> bool {
    // The statement covers, and it is this action of it that does.
    wide.glob.covers(&narrow.glob) && narrow.place.statement.is_within(narrow.action, &[wide.place.statement])
}

fn repeated(name: &str, actions: Vec<String>) -> Option<Found> {
    (!actions.is_empty()).then(|| Found {
        rule: "action_twice",
        kind: GrantKind::Doubled,
        what: format!(
            "{} of {name} {} more than once in it: {}.",
            counted(actions.len(), "action"),
            if actions.len() == 1 { "is allowed" } else { "are allowed" },
            listed(&actions)
        ),
        actions,
        cure: "Leave each standing once.".into(),
        page: CHECKS,
    })
}

fn covered(name: &str, narrower: &[(&str, &str)]) -> Option<Found> {
    let told: Vec<String> = narrower.iter().map(|(narrow, wide)| format!("{narrow} (by {wide})")).collect();
    (!told.is_empty()).then(|| Found {
        rule: "action_covered",
        kind: GrantKind::Doubled,
        what: format!(
            "{} of {name} {} by a wider one of the same policy already: {}.",
            counted(told.len(), "action"),
            if told.len() == 1 { "is allowed" } else { "are allowed" },
            listed(&told)
        ),
        actions: narrower.iter().map(|(narrow, _)| (*narrow).to_owned()).collect(),
        cure: "Take the narrower out, or the wider where the narrower is enough.".into(),
        page: CHECKS,
    })
}
