//! What is wrong with a policy whoever asks: what IAM would refuse, what never has an effect; and what lets in too many.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements reference", "IAM and AWS STS quotas"; AWS's errors `MalformedPolicyDocument`.

mod grants;
mod open;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::condition::keys::{Sent, sent};
use super::condition::{Condition, Operator};
use super::document::Policy;
use super::principal::{Names, Principal, PrincipalKind};
use super::statement::Statement;

pub use grants::{Boundaries, GrantKind, GrantLint, effective_actions, grants};
pub use open::{Page, Place, TooOpen, Weight, openness};

/// The most characters of a trust policy, white space aside, once AWS has raised the quota; it is 2,048 before.
const LONGEST_TRUST: usize = 4_096;
/// The most characters of any policy that a caller can bear: the inline policies of a role. Managed ones have at most 6,144.
const LONGEST_CALLER: usize = 10_240;

/// What a policy is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Use {
    /// A role's trust policy.
    Trust,
    /// An identity policy, boundary or session policy.
    Caller,
}

/// What a lint is about, the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// IAM would not store it.
    Refused,
    /// It never has an effect, or not the one it looks like.
    Dead,
}

/// Something wrong with a policy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Lint {
    /// A slug: `resource_in_trust`.
    pub rule: &'static str,
    /// What it is about.
    pub kind: Kind,
    /// The statement, counted from 0; `None` for the whole document.
    pub statement: Option<usize>,
    /// A sentence; statements are counted from 1 in it.
    pub what: String,
}

/// Reads a policy over. The order is that of the document.
#[must_use]
pub fn lint(policy: &Policy, used: Use) -> Vec<Lint> {
    let mut lints = of_document(policy, used);
    for (index, statement) in policy.statements().iter().enumerate() {
        let source = source(policy, index);
        let mut add = |rule, kind, what: String| {
            let what = format!("Statement {} {what}.", index + 1);
            let what = crate::values::text::safe(&what).into_owned();
            lints.push(Lint { rule, kind, statement: Some(index), what });
        };
        match used {
            Use::Trust => of_trust(statement, source, &mut add),
            Use::Caller => of_caller(source, &mut add),
        }
        for condition in statement.conditions() {
            of_condition(condition, &mut add);
        }
    }
    lints
}

fn source(policy: &Policy, index: usize) -> Option<&Value> {
    match policy.as_json().get("Statement")? {
        Value::Array(list) => list.get(index),
        one => Some(one),
    }
}

fn of_document(policy: &Policy, used: Use) -> Vec<Lint> {
    let whole = |rule, what: String| Lint { rule, kind: Kind::Refused, statement: None, what };
    let mut lints = Vec::new();
    let longest = match used {
        Use::Trust => LONGEST_TRUST,
        Use::Caller => LONGEST_CALLER,
    };
    let length = policy.as_json().to_string().chars().filter(|c| !c.is_whitespace()).count();
    if length > longest {
        lints.push(whole("too_long", format!("The policy has {length} characters; IAM takes at most {longest}.")));
    }
    if policy.statements().is_empty() {
        lints.push(whole("no_statement", "The policy has no statement.".into()));
    }
    let mut seen = BTreeSet::new();
    let sids = policy.statements().iter().filter_map(|statement| statement.sid.as_deref());
    for sid in sids.filter(|sid| !seen.insert(*sid)) {
        let what = format!("Two statements have the Sid {}.", crate::values::text::safe(sid));
        lints.push(whole("sid_twice", what));
    }
    lints
}

fn has(source: Option<&Value>, element: &str) -> bool {
    source.is_some_and(|source| source.get(element).is_some() || source.get(format!("Not{element}")).is_some())
}

fn of_trust(statement: &Statement, source: Option<&Value>, add: &mut impl FnMut(&'static str, Kind, String)) {
    if has(source, "Resource") {
        add("resource_in_trust", Kind::Refused, "has a Resource, which a trust policy may not have".into());
    }
    if !has(source, "Principal") {
        add("no_principal", Kind::Refused, "names no Principal".into());
    }
    if !has(source, "Action") {
        add("no_action", Kind::Refused, "names no Action".into());
    }
    // "You cannot use the NotPrincipal element in an IAM identity-based policy nor in an IAM role trust policy" (page "NotPrincipal").
    if statement.has_not_principal() {
        add("not_principal_in_trust", Kind::Refused, "has a NotPrincipal, which a trust policy may not have".into());
    }
    for principal in statement.principals().iter().filter(|principal| principal.kind == PrincipalKind::Aws) {
        of_principal(principal, add);
    }
}

fn of_principal(principal: &Principal, add: &mut impl FnMut(&'static str, Kind, String)) {
    let written = &principal.written;
    match principal.names {
        Names::Deleted => add(
            "dead_principal",
            Kind::Dead,
            format!("names {written}, the id of a principal that was deleted: it never matches again"),
        ),
        Names::Nobody if written.contains(['*', '?']) => add(
            "wildcard_in_principal",
            Kind::Refused,
            format!("has a wildcard inside the principal {written}: IAM takes only a whole ARN, or * alone"),
        ),
        Names::Nobody => add("invalid_principal", Kind::Refused, format!("names {written}, which is no principal")),
        _ => {}
    }
}

fn of_caller(source: Option<&Value>, add: &mut impl FnMut(&'static str, Kind, String)) {
    if has(source, "Principal") {
        add("principal_in_identity", Kind::Refused, "names a Principal, which only a resource's policy may do".into());
    }
    for element in ["Action", "Resource"].into_iter().filter(|element| !has(source, element)) {
        let rule = if element == "Action" { "no_action" } else { "no_resource" };
        add(rule, Kind::Refused, format!("names no {element}"));
    }
}

fn of_condition(condition: &Condition, add: &mut impl FnMut(&'static str, Kind, String)) {
    let (operator, key) = (&condition.operator, &condition.key);
    if Operator::parse(operator).is_none() {
        let what = format!("has a condition operator {operator}, which IAM does not know");
        return add("unknown_operator", Kind::Refused, what);
    }
    if sent(condition.key_lower()) == Sent::Never {
        add("key_never_present", Kind::Dead, format!("asks for {key}, which AWS never sends with sts:AssumeRole"));
    }
}

#[cfg(test)]
mod tests;
