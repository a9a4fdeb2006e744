//! A condition that failed: a dead key, a pattern that misses the caller's ARN, or something that the request says.

use serde_json::json;

use super::document::{element, statement, texts};
use super::edit::{Edit, Target, push, rename, replace};
use super::request;
use super::trust::caller_name;
use super::view::{Place, Work};
use crate::policy::condition::Operator;
use crate::policy::condition::keys::{Sent, sent};
use crate::policy::condition::operator::{Family, SetOperator};
use crate::policy::decision::{Failed, Layer};
use crate::policy::pattern;
use crate::values::RoleArn;

pub(super) fn ways(work: &Work, place: Place, failed: &Failed) -> Vec<Vec<Edit>> {
    let Some(key) = failed.key.as_deref() else { return Vec::new() };
    let mut ways: Vec<Vec<Edit>> = Vec::new();
    ways.extend(right_key(work, place, failed).map(|edit| vec![edit]));
    ways.extend(exact_arn(work, place, failed).map(|edit| vec![edit]));
    ways.extend(request::alternatives(work, &key.to_ascii_lowercase(), &failed.expected));
    ways
}

const fn target(place: Place) -> Option<Target> {
    match place.layer {
        Layer::Trust => Some(Target::Trust),
        Layer::Identity => Some(Target::Identity(place.policy)),
        Layer::Boundary => Some(Target::Boundary),
        _ => None,
    }
}

/// A key that AWS never sends takes the name of the one that is meant: `aws:ExternalId` is `sts:ExternalId`.
fn right_key(work: &Work, place: Place, failed: &Failed) -> Option<Edit> {
    let target = target(place)?;
    let (operator, key) = (failed.operator.as_deref()?, failed.key.as_deref()?);
    if failed.actual.is_some() || sent(&key.to_ascii_lowercase()) != Sent::Never {
        return None;
    }
    let right = right_name(key)?;
    let policy = work.policy(place)?.as_json();
    let keys = statement(policy, place.statement)?.get("Condition")?.get(operator)?.as_object()?;
    // What stands there already would be lost.
    if keys.keys().any(|other| other.eq_ignore_ascii_case(&right)) {
        return None;
    }
    let at = |key: &str| element(policy, place.statement, &["Condition", operator, key]);
    let what = format!(
        "rename the condition key {key}, which AWS never sends, to {right} in statement {}",
        place.statement + 1
    );
    Some(Edit::new(target, rename(&at(key), &at(&right)), what))
}

/// The same name under the other prefix, where AWS knows that.
fn right_name(key: &str) -> Option<String> {
    let name = key.split_once(':').map_or(key, |(_, name)| name);
    let mut names = ["sts", "aws"].into_iter().map(|prefix| format!("{prefix}:{name}"));
    let right = names.find(|right| sent(&right.to_ascii_lowercase()) != Sent::Never)?;
    let spelled = ["sts:ExternalId", "sts:RoleSessionName", "sts:SourceIdentity"];
    Some(spelled.into_iter().find(|known| known.eq_ignore_ascii_case(&right)).map_or(right, str::to_owned))
}

/// `aws:PrincipalArn` names who may: the caller's exact ARN is added; it replaces a pattern that was meant for a role of IAM Identity
/// Center and forgets its path, so that it never matches any.
fn exact_arn(work: &Work, place: Place, failed: &Failed) -> Option<Edit> {
    let (operator, key) = (failed.operator.as_deref()?, failed.key.as_deref()?);
    if place.layer != Layer::Trust || !key.eq_ignore_ascii_case("aws:PrincipalArn") || !is_positive(operator) {
        return None;
    }
    let name = caller_name(work).ok()?;
    let policy = work.policy(place)?.as_json();
    let current = statement(policy, place.statement)?.get("Condition")?.get(operator)?.get(key)?;
    let mut tokens = element(policy, place.statement, &["Condition", operator, key]);
    let number = place.statement + 1;
    let Some(index) = texts(Some(current)).iter().position(|value| forgets_path(value, &name)) else {
        let what = format!("add {name} to the values of {key} in trust statement {number}");
        return Some(Edit::new(Target::Trust, push(current, &tokens, json!(name)), what));
    };
    if current.is_array() {
        tokens.push(index.to_string());
    }
    let what = format!("give the exact ARN {name} for {key} in trust statement {number}");
    Some(Edit::new(Target::Trust, replace(&tokens, json!(name)), what))
}

fn is_positive(operator: &str) -> bool {
    Operator::parse(operator).is_some_and(|operator| {
        matches!(operator.family, Family::Arn | Family::String(_))
            && !operator.negated
            && operator.set != Some(SetOperator::All)
    })
}

fn forgets_path(value: &str, name: &str) -> bool {
    let Ok(role) = RoleArn::parse(name) else { return false };
    role.path().starts_with("/aws-reserved/")
        && RoleArn::compose(role.partition(), role.account(), role.name())
            .is_ok_and(|pathless| pattern::matches(value, &pathless.to_string()))
}
