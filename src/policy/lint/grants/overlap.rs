//! What one policy of the set grants that another grants too.
//!
//! A pattern covers what is narrower (`s3:Get*` covers `s3:GetObject`), on resources that cover, under conditions that hold whenever the
//! others do. Source: IAM User Guide, "IAM JSON policy elements" (wildcards, `Condition`) and "IAM policy validation check reference", `REDUNDANT_ACTION`.

use super::super::open::pages::CHECKS;
use super::set::{Found, Place, Set, is_of_a_service};
use super::{GrantKind, GrantLint};
use crate::policy::decision::Effect;
use crate::policy::explain::listed;
use crate::policy::statement::Statement;

/// An action pattern of a policy, and every place that allows it.
struct Granted<'a> {
    written: &'a str,
    places: Vec<(Place<'a>, usize)>,
}

pub(super) fn lint(set: &Set<'_>) -> Vec<GrantLint> {
    let granted: Vec<Vec<Granted<'_>>> = (0..set.len()).map(|policy| granted(set, policy)).collect();
    let mut lints = Vec::new();
    for (first, of_first) in granted.iter().enumerate() {
        for (second, of_second) in granted.iter().enumerate().skip(first + 1) {
            let (there, back) = (shared(set, of_first, second), shared(set, of_second, first));
            // The later of two that grant the same is the one that could go.
            if is_whole(set, second, of_second, &back) {
                lints.push(covered(set, second, first, back));
            } else if is_whole(set, first, of_first, &there) {
                lints.push(covered(set, first, second, there));
            } else if back.len() > there.len() {
                lints.push(overlapping(set, (second, of_second.len()), first, back));
            } else if !there.is_empty() {
                lints.push(overlapping(set, (first, of_first.len()), second, there));
            }
        }
    }
    lints
}

/// The actions that a policy allows, those of no service left out.
fn granted<'a>(set: &Set<'a>, policy: usize) -> Vec<Granted<'a>> {
    let mut all: Vec<Granted<'a>> = Vec::new();
    for place in set.of(policy, Effect::Allow) {
        for (index, written) in
            place.statement.listed_actions().enumerate().filter(|(_, action)| is_of_a_service(action))
        {
            match all.iter_mut().find(|known| known.written.eq_ignore_ascii_case(written)) {
                Some(known) => known.places.push((place, index)),
                None => all.push(Granted { written, places: vec![(place, index)] }),
            }
        }
    }
    all
}

/// Those that another policy allows wherever they are allowed, and takes nothing of back.
fn shared(set: &Set<'_>, granted: &[Granted<'_>], other: usize) -> Vec<String> {
    let allows: Vec<&Statement> = set.of(other, Effect::Allow).map(|place| place.statement).collect();
    let denies: Vec<&Statement> = set.of(other, Effect::Deny).map(|place| place.statement).collect();
    let is_shared = |(place, action): &(Place<'_>, usize)| {
        place.statement.is_within(*action, &allows)
            && !denies.iter().any(|deny| place.statement.may_touch(*action, deny))
    };
    granted.iter().filter(|one| one.places.iter().all(is_shared)).map(|one| one.written.to_owned()).collect()
}

/// Whether that is all a policy says.
fn is_whole(set: &Set<'_>, policy: usize, granted: &[Granted<'_>], shared: &[String]) -> bool {
    let lists = |place: Place<'_>| !place.statement.has_not_action();
    !shared.is_empty()
        && shared.len() == granted.len()
        && set.of(policy, Effect::Allow).all(lists)
        && set.of(policy, Effect::Deny).next().is_none()
}

fn covered(set: &Set<'_>, policy: usize, other: usize, actions: Vec<String>) -> GrantLint {
    let (name, wider) = (set.named(policy), set.named(other));
    let subject = match actions.len() {
        1 => "The 1 action".to_owned(),
        number => format!("Every one of the {number} actions"),
    };
    let found = Found {
        rule: "policy_covered",
        kind: GrantKind::Doubled,
        what: format!("{subject} of {name} is allowed by {wider} too: without {name} this principal could do no less."),
        actions,
        cure: format!("Detach {name} from this principal, or take out of {wider} what {name} is for."),
        page: CHECKS,
    };
    set.of_policy(policy, found)
}

fn overlapping(set: &Set<'_>, (policy, all): (usize, usize), other: usize, actions: Vec<String>) -> GrantLint {
    let (name, wider) = (set.named(policy), set.named(other));
    let are = if actions.len() == 1 { "is" } else { "are" };
    let found = Found {
        rule: "policy_overlaps",
        kind: GrantKind::Doubled,
        what: format!(
            "{} of the {all} actions of {name} {are} allowed by {wider} too: {}.",
            actions.len(),
            listed(&actions)
        ),
        actions,
        cure: "Allow each action in one of the two, so that taking it away there takes it away.".into(),
        page: CHECKS,
    };
    set.of_policy(policy, found)
}
