//! What is wrong with a policy whoever asks: what IAM would refuse, what never has an effect, what trusts too many.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements reference", "IAM and AWS STS quotas", "The confused deputy problem"; AWS's errors
//! `MalformedPolicyDocument`.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::condition::keys::{Sent, sent};
use super::condition::{Condition, Operator};
use super::decision::Effect;
use super::document::Policy;
use super::principal::{Names, Principal, PrincipalKind};
use super::statement::Statement;
use crate::values::AccountId;

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
    /// It lets in more than is likely meant.
    Open,
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
            Use::Caller => of_caller(statement, source, &mut add),
        }
        for condition in statement.conditions() {
            of_condition(condition, &mut add);
        }
    }
    lints
}

/// Accounts that a trust policy lets in whole, or everybody, without asking for an external ID: `own` is the role's account.
#[must_use]
pub fn without_external_id(policy: &Policy, own: &AccountId) -> Vec<Lint> {
    let foreign = |principal: &&Principal| matches!(&principal.names, Names::Account { account, .. } if account != own);
    let statements = policy.statements().iter().enumerate();
    let open = statements.filter(|(_, one)| {
        one.effect == Effect::Allow && !narrows(one, &["sts:externalid", "aws:principalorgid", "aws:principalarn"])
    });
    open.flat_map(|(index, one)| one.principals().iter().filter(foreign).map(move |principal| (index, principal)))
        .map(|(index, principal)| Lint {
            rule: "account_without_external_id",
            kind: Kind::Open,
            statement: Some(index),
            what: format!(
                "Statement {} trusts everybody whom account {} permits, and asks for no external ID.",
                index + 1,
                crate::values::text::safe(&principal.written)
            ),
        })
        .collect()
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
        of_principal(statement, principal, add);
    }
}

fn of_principal(statement: &Statement, principal: &Principal, add: &mut impl FnMut(&'static str, Kind, String)) {
    let written = &principal.written;
    match principal.names {
        Names::Everyone if statement.effect == Effect::Allow && statement.conditions().is_empty() => {
            add("open_to_everyone", Kind::Open, "trusts everybody in every account, without a condition".into());
        }
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

fn of_caller(statement: &Statement, source: Option<&Value>, add: &mut impl FnMut(&'static str, Kind, String)) {
    if has(source, "Principal") {
        add("principal_in_identity", Kind::Refused, "names a Principal, which only a resource's policy may do".into());
    }
    for element in ["Action", "Resource"].into_iter().filter(|element| !has(source, element)) {
        let rule = if element == "Action" { "no_action" } else { "no_resource" };
        add(rule, Kind::Refused, format!("names no {element}"));
    }
    let texts = |element| match source.and_then(|source| source.get(element)) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![one.as_str()],
        _ => Vec::new(),
    };
    let assumes =
        texts("Action").iter().any(|action| super::pattern::matches(&action.to_ascii_lowercase(), "sts:assumerole"));
    if statement.effect == Effect::Allow
        && assumes
        && texts("Resource").contains(&"*")
        && statement.conditions().is_empty()
    {
        add(
            "assumes_any_role",
            Kind::Open,
            "allows sts:AssumeRole on every role of every account that trusts the caller".into(),
        );
    }
}

fn of_condition(condition: &Condition, add: &mut impl FnMut(&'static str, Kind, String)) {
    let (operator, key) = (&condition.operator, &condition.key);
    let Some(meaning) = Operator::parse(operator) else {
        return add(
            "unknown_operator",
            Kind::Refused,
            format!("has a condition operator {operator}, which IAM does not know"),
        );
    };
    if sent(condition.key_lower()) == Sent::Never {
        add("key_never_present", Kind::Dead, format!("asks for {key}, which AWS never sends with sts:AssumeRole"));
    }
    if condition.key_lower() == "aws:multifactorauthpresent" && meaning.if_exists {
        add(
            "mfa_if_exists",
            Kind::Open,
            format!("asks for MFA with {operator}: long-term keys without MFA pass, since the key is then absent"),
        );
    }
}

/// Whether a positive condition on one of these keys (in lower case) limits whom a statement lets in.
fn narrows(statement: &Statement, keys: &[&str]) -> bool {
    statement.conditions().iter().any(|condition| {
        keys.contains(&condition.key_lower())
            && Operator::parse(&condition.operator).is_some_and(|operator| !operator.negated && !operator.if_exists)
    })
}

#[cfg(test)]
mod tests;
