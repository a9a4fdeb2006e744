//! The policies of one principal, and places in them.

use super::super::open::Page;
use super::{GrantKind, GrantLint};
use crate::policy::case::NamedPolicy;
use crate::policy::decision::Effect;
use crate::policy::service;
use crate::policy::statement::Statement;
use crate::values::text::{capitalized, elide_middle, safe};

/// The policies that act together.
pub(super) struct Set<'a> {
    policies: &'a [NamedPolicy],
}

/// A statement and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// Counted from 0 in the set.
    pub policy: usize,
    /// Counted from 0 in the policy.
    pub index: usize,
    pub statement: &'a Statement,
}

/// What of an action of an Allow the Denies of the set leave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Left<'a> {
    /// All of it.
    All,
    /// A part is taken back, by the Deny that the words name.
    Part(String),
    /// Only what Denies with `NotResource` spare.
    Spared {
        /// The first of them, as words name it.
        by: String,
        /// What each of them spares.
        resources: Vec<Vec<&'a str>>,
    },
    /// None of it.
    Nothing,
}

/// What a rule found.
pub(super) struct Found {
    pub rule: &'static str,
    pub kind: GrantKind,
    /// A whole sentence, or for a statement what goes on after "Statement 1 of X".
    pub what: String,
    pub actions: Vec<String>,
    pub cure: String,
    pub page: Page,
}

impl<'a> Set<'a> {
    pub(super) const fn new(policies: &'a [NamedPolicy]) -> Self {
        Self { policies }
    }

    pub(super) const fn len(&self) -> usize {
        self.policies.len()
    }

    /// The statements of one policy that have an effect.
    pub(super) fn of(&self, policy: usize, effect: Effect) -> impl Iterator<Item = Place<'a>> {
        let statements = self.policies.get(policy).map_or(&[][..], |named| named.policy.statements());
        let places = statements.iter().enumerate();
        places
            .map(move |(index, statement)| Place { policy, index, statement })
            .filter(move |place| place.statement.effect == effect)
    }

    pub(super) fn all(&self, effect: Effect) -> impl Iterator<Item = Place<'a>> {
        (0..self.len()).flat_map(move |policy| self.of(policy, effect))
    }

    /// A policy as a sentence names it.
    pub(super) fn named(&self, policy: usize) -> String {
        match self.policies.get(policy).map(|named| named.name.as_str()) {
            None | Some("") => format!("policy {}", policy + 1),
            Some(name) => elide_middle(name, 120),
        }
    }

    /// A statement as a sentence names it.
    fn stated(&self, place: &Place<'_>) -> String {
        let sid = place.statement.sid.as_deref();
        let sid = sid.map(|sid| format!(" (Sid {})", elide_middle(sid, 60))).unwrap_or_default();
        format!("statement {}{sid} of {}", place.index + 1, self.named(place.policy))
    }

    /// What the Denies of the set leave of an action of an Allow, on the resources it names.
    pub(super) fn left(&self, place: &Place<'_>, action: usize) -> Left<'a> {
        let touching = self.all(Effect::Deny).filter(|deny| place.statement.may_touch(action, deny.statement));
        let mut left = Left::All;
        for deny in touching {
            let all_of_it =
                deny.statement.conditions().is_empty() && place.statement.action_is_within(action, deny.statement);
            if all_of_it && deny.statement.listed_resources().any(|resource| resource == "*") {
                return Left::Nothing;
            }
            let by = self.stated(&deny);
            if all_of_it && deny.statement.has_not_resource() {
                let spared = deny.statement.spared_resources().collect();
                match &mut left {
                    Left::Spared { resources, .. } => resources.push(spared),
                    _ => left = Left::Spared { by, resources: vec![spared] },
                }
            } else if left == Left::All {
                left = Left::Part(by);
            }
        }
        left
    }

    /// A lint of a statement.
    pub(super) fn of_statement(&self, place: &Place<'_>, found: Found) -> GrantLint {
        let what = format!("{} {}.", capitalized(&self.stated(place)), found.what);
        GrantLint {
            statement: Some(place.index),
            what: safe(&what).into_owned(),
            ..self.of_policy(place.policy, found)
        }
    }

    /// A lint of a whole policy.
    pub(super) fn of_policy(&self, policy: usize, found: Found) -> GrantLint {
        GrantLint {
            rule: found.rule,
            kind: found.kind,
            index: policy,
            policy: self.policies.get(policy).map(|named| named.name.clone()).unwrap_or_default(),
            statement: None,
            what: safe(&found.what).into_owned(),
            actions: each_once(found.actions),
            cure: safe(&found.cure).into_owned(),
            page: found.page,
        }
    }
}

impl Left<'_> {
    /// Whether it may reach a resource that is beyond what is meant.
    pub(super) fn reaches(&self, is_beyond: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::All | Self::Part(_) => true,
            Self::Spared { resources, .. } => resources.iter().all(|spared| spared.iter().any(|one| is_beyond(one))),
            Self::Nothing => false,
        }
    }
}

/// ", apart from what statement 1 of X takes back", where a Deny takes anything back.
pub(super) fn apart(left: &[Left<'_>]) -> String {
    let by = left.iter().find_map(|left| match left {
        Left::Part(by) | Left::Spared { by, .. } => Some(by),
        Left::All | Left::Nothing => None,
    });
    by.map(|by| format!(", apart from what {by} takes back")).unwrap_or_default()
}

/// The service prefix of an action, if it has one without a wildcard in it.
pub(super) fn prefix(action: &str) -> Option<&str> {
    action.split_once(':').map(|(prefix, _)| prefix).filter(|prefix| !prefix.contains(['*', '?']))
}

/// Whether an action may be one of a service that there is.
pub(super) fn is_of_a_service(action: &str) -> bool {
    prefix(action).is_none_or(service::is_known)
}

/// The texts without those that stood before, letter case aside.
fn each_once(texts: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    texts.into_iter().filter(|text| seen.insert(text.to_ascii_lowercase())).collect()
}
