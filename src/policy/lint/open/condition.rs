//! Conditions of an Allow that let more pass than they seem to.

use super::super::super::condition::operator::{Family, SetOperator};
use super::super::super::condition::{Condition, Operator};
use super::super::super::statement::Statement;
use super::pages::{KEYS, MFA, OPERATORS};
use super::{Found, Weight};

/// Keys by which AWS itself tells who calls or from where. What the caller chooses (external ID, session name, tags, which any account
/// gives its own principals) limits nobody who does not want to be limited.
const TOLD_BY_AWS: [&str; 14] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:userid",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
];
/// Keys that every request carries, so that "if it exists" leaves nobody out (page "AWS global condition context keys": Availability).
const ALWAYS: [&str; 11] = [
    "aws:currenttime",
    "aws:epochtime",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:userid",
    "aws:viaawsservice",
    "sts:rolesessionname",
];
/// Keys whose absence leaves nothing to limit: without session tags there are no tag keys.
const NOTHING_TO_LIMIT: [&str; 2] = ["aws:tagkeys", "sts:transitivetagkeys"];

/// Whether a condition on one of these keys (in lower case) really limits whom a statement lets in.
pub(in crate::policy::lint) fn limits(statement: &Statement, keys: &[&str]) -> bool {
    statement.conditions().iter().any(|one| keys.contains(&one.key_lower()) && binds(one))
}

/// Whether anything that AWS itself tells limits whom a statement lets in.
pub(super) fn limits_who(statement: &Statement) -> bool {
    limits(statement, &TOLD_BY_AWS)
}

/// Whether a condition holds only for some value that is there: not negated, not by absence, not with every value.
fn binds(condition: &Condition) -> bool {
    Operator::parse(&condition.operator).is_some_and(|operator| {
        !operator.negated
            && !operator.if_exists
            && operator.family != Family::Null
            && !passes_when_absent(condition, operator)
            && !takes_everything(condition, operator)
    })
}

fn passes_when_absent(condition: &Condition, operator: Operator) -> bool {
    let key = condition.key_lower();
    let by_operator = operator.if_exists || operator.set == Some(SetOperator::All);
    by_operator && !operator.negated && !ALWAYS.contains(&key) && !NOTHING_TO_LIMIT.contains(&key)
}

/// Whether one of its values fits whatever the key may hold.
fn takes_everything(condition: &Condition, operator: Operator) -> bool {
    let any = |fits: fn(&str) -> bool| condition.written().any(fits);
    match operator.family {
        _ if operator.negated => false,
        Family::String(_) => is_like(condition) && any(|value| !value.is_empty() && value.chars().all(|c| c == '*')),
        // Each part of an ARN is compared apart; the account is the fifth.
        Family::Arn => any(|value| {
            let mut parts = value.splitn(6, ':').skip(4);
            value == "*" || parts.next() == Some("*") && parts.next().is_some_and(|rest| rest.ends_with('*'))
        }),
        Family::Ip => any(|value| matches!(value, "0.0.0.0/0" | "::/0")),
        _ => false,
    }
}

fn is_like(condition: &Condition) -> bool {
    condition.operator.to_ascii_lowercase().contains("like")
}

/// What each condition of an Allow lets pass unnoticed.
pub(super) fn judge(statement: &Statement) -> Vec<Found> {
    statement
        .conditions()
        .iter()
        .filter_map(|condition| Some((condition, Operator::parse(&condition.operator)?)))
        .filter_map(|(condition, operator)| of_one(condition, operator))
        .collect()
}

fn of_one(condition: &Condition, operator: Operator) -> Option<Found> {
    let Condition { operator: written, key, .. } = condition;
    if passes_when_absent(condition, operator) {
        if condition.key_lower().starts_with("aws:multifactorauth") {
            return Some(Found {
                rule: "mfa_if_exists",
                weight: Weight::Warning,
                what: format!(
                    "asks for {key} with {written}: a call with long-term keys and without MFA passes, since the key is then absent"
                ),
                cure: "Use the operator without IfExists, so that a call without MFA is refused.",
                page: MFA,
            });
        }
        // Together with the other of the two, each covers the calls for which the other is absent.
        let network = ["aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc", "aws:sourcevpce"];
        let weight = if network.contains(&condition.key_lower()) { Weight::Info } else { Weight::Warning };
        return Some(Found {
            rule: "passes_when_absent",
            weight,
            what: format!("asks for {key} with {written}: a call that does not carry the key passes"),
            cure: "Use the operator without IfExists or ForAllValues, or add a Null condition that wants the key to be there.",
            page: OPERATORS,
        });
    }
    takes_everything(condition, operator).then(|| Found {
        rule: "condition_never_restricts",
        weight: Weight::Warning,
        what: format!(
            "has a condition on {key} that every value meets ({written} {}), so that it keeps nobody out who sends the key",
            condition.written().collect::<Vec<_>>().join(", ")
        ),
        cure: "Put the values that are meant into the condition, or take it out so that nobody relies on it.",
        page: if condition.key_lower().starts_with("aws:") { KEYS } else { OPERATORS },
    })
}
