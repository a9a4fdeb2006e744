//! The statements of one layer, judged together.

use super::case::{Level, NamedPolicy, Readable};
use super::condition::Context;
use super::decision::Effect;
use super::document::Policy;
use super::principal::Grants;
use super::statement::{Side, Tried};
use super::truth::Truth;
use crate::values::PrincipalArn;

/// One request for one action on one resource.
pub(crate) struct Ask<'a> {
    pub principal: &'a PrincipalArn,
    pub action: &'a str,
    pub action_lower: String,
    pub resource: &'a str,
    pub context: &'a Context,
}

impl<'a> Ask<'a> {
    pub(crate) fn new(principal: &'a PrincipalArn, action: &'a str, resource: &'a str, context: &'a Context) -> Self {
        Self { principal, action, action_lower: action.to_ascii_lowercase(), resource, context }
    }
}

/// A statement and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Trial<'a> {
    /// For SCPs and RCPs, from the root.
    pub level: Option<usize>,
    /// Within its layer, or its level.
    pub policy: usize,
    pub name: Option<&'a str>,
    pub document: &'a Policy,
    pub tried: Tried,
}

/// What one layer says.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Judged<'a> {
    /// Whether it could be read.
    pub read: bool,
    /// Whether a Deny applies.
    pub deny: Truth,
    /// Whether an Allow applies (for levels: one in every level).
    pub allow: Truth,
    /// Trust policy only: by which names it allows the caller.
    pub grants: Grants,
    pub trials: Vec<Trial<'a>>,
}

impl<'a> Judged<'a> {
    /// Nobody could read it.
    pub(crate) const fn unread() -> Self {
        Self { read: false, deny: Truth::Unknown, allow: Truth::Unknown, grants: Grants::UNKNOWN, trials: Vec::new() }
    }

    /// It does not exist, and so does not limit.
    pub(crate) fn none() -> Self {
        Self { read: true, deny: Truth::No, allow: Truth::Yes, grants: Grants::default(), trials: Vec::new() }
    }

    fn of(trials: Vec<Trial<'a>>) -> Self {
        let with = |effect: Effect| {
            Truth::any(trials.iter().filter(|trial| trial.tried.effect == effect).map(|trial| trial.tried.outcome))
        };
        let grants = trials
            .iter()
            .filter(|trial| trial.tried.effect == Effect::Allow)
            .fold(Grants::default(), |all, trial| all.or(trial.tried.grants.and(trial.tried.outcome)));
        Self { read: true, deny: with(Effect::Deny), allow: with(Effect::Allow), grants, trials }
    }

    pub(crate) fn trust(policy: &'a Policy, ask: &Ask<'_>) -> Self {
        let mut judged = Self::of(try_all(None, 0, None, policy, ask, Side::Role));
        judged.allow = judged.grants.any();
        judged
    }

    pub(crate) fn policies(policies: &'a [NamedPolicy], ask: &Ask<'_>) -> Self {
        Self::of(try_named(None, policies, ask, Side::Caller))
    }

    /// A permissions boundary or session policy: without one there is no limit.
    pub(crate) fn limit(limit: &'a Readable<Option<NamedPolicy>>, ask: &Ask<'_>) -> Self {
        match limit {
            Readable::Unread => Self::unread(),
            Readable::Read(None) => Self::none(),
            Readable::Read(Some(policy)) => Self::policies(std::slice::from_ref(policy), ask),
        }
    }

    /// Every level must allow, and none may deny.
    pub(crate) fn scps(levels: &'a Readable<Vec<Level>>, ask: &Ask<'_>) -> Self {
        let Readable::Read(levels) = levels else { return Self::unread() };
        let mut all = Self::none();
        for (index, level) in levels.iter().enumerate() {
            let one = Self::of(try_named(Some(index), &level.policies, ask, Side::Caller));
            all.deny = all.deny.or(one.deny);
            all.allow = all.allow.and(one.allow);
            all.trials.extend(one.trials);
        }
        all
    }

    /// RCPFullAWSAccess "is always attached": only a Deny counts.
    pub(crate) fn rcps(levels: &'a Readable<Vec<Level>>, ask: &Ask<'_>) -> Self {
        let Readable::Read(levels) = levels else { return Self::unread() };
        let trials = levels
            .iter()
            .enumerate()
            .flat_map(|(index, level)| try_named(Some(index), &level.policies, ask, Side::Role))
            .collect();
        Self { allow: Truth::Yes, grants: Grants::default(), ..Self::of(trials) }
    }
}

fn try_named<'a>(level: Option<usize>, policies: &'a [NamedPolicy], ask: &Ask<'_>, side: Side) -> Vec<Trial<'a>> {
    policies
        .iter()
        .enumerate()
        .flat_map(|(index, named)| {
            let name = Some(named.name.as_str()).filter(|name| !name.is_empty());
            try_all(level, index, name, &named.policy, ask, side)
        })
        .collect()
}

fn try_all<'a>(
    level: Option<usize>,
    policy: usize,
    name: Option<&'a str>,
    document: &'a Policy,
    ask: &Ask<'_>,
    side: Side,
) -> Vec<Trial<'a>> {
    document
        .statements()
        .iter()
        .enumerate()
        .map(|(index, statement)| Trial { level, policy, name, document, tried: statement.try_on(index, ask, side) })
        .collect()
}
