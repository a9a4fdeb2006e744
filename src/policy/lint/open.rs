//! What lets in more than is needed, although nothing is refused: asked of a case that is allowed.
//!
//! Sources: IAM User Guide, "AWS JSON policy elements: Principal", "The confused deputy problem", "IAM JSON policy elements: Condition
//! operators" and the other pages that each rule names.

mod caller;
mod condition;
pub(super) mod pages;
mod trust;

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::super::case::{Case, NamedPolicy, Readable};
use super::super::decision::Effect;
use super::super::document::Policy;
use super::super::pattern;
use super::super::statement::Statement;
use super::source;
use crate::values::text::{elide_middle, safe};

pub(super) use caller::{Wide, wide};
pub(super) use condition::limits;
pub use pages::Page;

/// The action that everything here is about, as patterns are compared: in lower case.
const ASSUME_ROLE: &str = "sts:assumerole";

/// How much it matters, the worse first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// It lets in whom likely nobody meant.
    Warning,
    /// It is often meant so, and should be known.
    Info,
}

/// Which policy of a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The role's trust policy.
    Trust,
    /// One of the caller's own policies.
    Identity {
        /// Counted from 0.
        index: usize,
        /// As people know it; may be empty.
        name: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trust => write!(f, "the trust policy"),
            Self::Identity { index, name } if name.is_empty() => write!(f, "the caller's policy {}", index + 1),
            Self::Identity { name, .. } => write!(f, "the caller's policy {}", safe(&elide_middle(name, 120))),
        }
    }
}

/// One thing that is too open.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TooOpen {
    /// A slug: `open_to_everyone`.
    pub rule: &'static str,
    /// How much it matters.
    pub weight: Weight,
    /// The policy.
    pub place: Place,
    /// The statement, counted from 0.
    pub statement: usize,
    /// Its `Sid`, if it has one.
    pub sid: Option<String>,
    /// A sentence that names policy and statement, which is counted from 1 in it. Safe to print.
    pub what: String,
    /// What to do about it: a sentence.
    pub cure: &'static str,
    /// The AWS page that says so.
    pub page: Page,
}

/// What one rule found in a statement.
struct Found {
    rule: &'static str,
    weight: Weight,
    /// Goes on after "Statement 1 of the trust policy".
    what: String,
    cure: &'static str,
    page: Page,
}

/// What is too open in the policies of a case that could be read: the worst first, then in the order of the policies.
///
/// It says what the policies admit beside this caller, not that anybody made use of it. Organization policies, which may forbid it all
/// the same, are not looked at.
#[must_use]
pub fn openness(case: &Case) -> Vec<TooOpen> {
    let mut all = Vec::new();
    if let Readable::Read(Some(policy)) = &case.trust {
        let scene = trust::Scene::new(case, policy);
        all.extend(each(policy, &Place::Trust, |statement, source| trust::judge(&scene, statement, source)));
    }
    for (index, NamedPolicy { name, policy }) in case.identity.read().into_iter().flatten().enumerate() {
        let place = Place::Identity { index, name: name.clone() };
        all.extend(each(policy, &place, caller::judge));
    }
    all.sort_by_key(|one| one.weight);
    all
}

/// The statements that allow `sts:AssumeRole`, judged one by one.
fn each(policy: &Policy, place: &Place, judge: impl Fn(&Statement, &Value) -> Vec<Found>) -> Vec<TooOpen> {
    let statements = policy.statements().iter().enumerate();
    let allows = statements
        .filter_map(|(index, statement)| Some((index, statement, source(policy, index)?)))
        .filter(|(_, statement, source)| statement.effect == Effect::Allow && covers_assume_role(source));
    allows
        .flat_map(|(index, statement, source)| {
            judge(statement, source).into_iter().map(move |found| (index, statement.sid.clone(), found))
        })
        .map(|(index, sid, found)| {
            let named = sid.as_deref().map(|sid| format!(" (Sid {})", elide_middle(sid, 60))).unwrap_or_default();
            let what = format!("Statement {}{named} of {place} {}.", index + 1, found.what);
            TooOpen {
                rule: found.rule,
                weight: found.weight,
                place: place.clone(),
                statement: index,
                sid,
                what: safe(&what).into_owned(),
                cure: found.cure,
                page: found.page,
            }
        })
        .collect()
}

/// The texts of an element that holds one or several.
fn texts<'a>(source: &'a Value, element: &str) -> Vec<&'a str> {
    match source.get(element) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![one.as_str()],
        _ => Vec::new(),
    }
}

fn covers_assume_role(source: &Value) -> bool {
    let fits = |written: &&str| pattern::matches(&written.to_ascii_lowercase(), ASSUME_ROLE);
    if source.get("NotAction").is_some() {
        return !texts(source, "NotAction").iter().any(fits);
    }
    texts(source, "Action").iter().any(fits)
}

#[cfg(test)]
mod tests;
