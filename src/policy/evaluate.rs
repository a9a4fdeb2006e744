//! The statements of one layer, judged together.

use std::borrow::Cow;

use super::case::{Level, NamedPolicy, Readable};
use super::condition::Context;
use super::decision::Effect;
use super::document::Policy;
use super::principal::{Caller, Grants};
use super::statement::{Depth, Side, Statement, Tried};
use super::truth::Truth;
use crate::values::PrincipalArn;

/// One request for one action on one resource.
#[derive(Clone)]
pub(crate) struct Ask<'a> {
    pub caller: Caller<'a>,
    pub action: &'a str,
    pub action_lower: Cow<'a, str>,
    pub resource: &'a str,
    pub context: &'a Context<'a>,
    /// Whether the caller has a permissions boundary.
    pub bounded: Truth,
    pub depth: Depth,
}

impl Ask<'_> {
    fn in_depth(&self, depth: Depth) -> Self {
        Self { depth, ..self.clone() }
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
    pub statement: &'a Statement,
    pub caller: &'a PrincipalArn,
    pub tried: Tried,
    side: Side,
}

impl Trial<'_> {
    /// The same with every reason.
    pub(crate) fn told(&self, ask: &Ask<'_>) -> Tried {
        self.statement.try_on(self.tried.statement, &ask.in_depth(Depth::Reasons), self.side)
    }
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
    /// Every statement; none where only the verdict is asked for.
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

    /// No statement yet: nothing applies.
    fn empty() -> Self {
        Self { read: true, deny: Truth::No, allow: Truth::No, grants: Grants::default(), trials: Vec::new() }
    }

    fn try_all(&mut self, place: Place<'a>, document: &'a Policy, ask: &Ask<'a>) {
        if ask.depth > Depth::Verdict {
            self.trials.reserve(document.statements().len());
        }
        for (index, statement) in document.statements().iter().enumerate() {
            let tried = statement.try_on(index, ask, place.side);
            match tried.effect {
                Effect::Deny => self.deny = self.deny.or(tried.outcome),
                Effect::Allow => {
                    self.allow = self.allow.or(tried.outcome);
                    self.grants = self.grants.or(tried.grants.and(tried.outcome));
                }
            }
            if ask.depth > Depth::Verdict {
                let Place { level, policy, name, side } = place;
                self.trials.push(Trial { level, policy, name, statement, caller: ask.caller.arn, tried, side });
            }
        }
    }

    fn try_named(&mut self, level: Option<usize>, policies: &'a [NamedPolicy], ask: &Ask<'a>, side: Side) {
        for (policy, named) in policies.iter().enumerate() {
            let name = Some(named.name.as_str()).filter(|name| !name.is_empty());
            self.try_all(Place { level, policy, name, side }, &named.policy, ask);
        }
    }

    pub(crate) fn trust(policy: &'a Policy, ask: &Ask<'a>) -> Self {
        let mut judged = Self::empty();
        judged.try_all(Place { level: None, policy: 0, name: None, side: Side::Role }, policy, ask);
        judged.allow = judged.grants.any();
        judged
    }

    pub(crate) fn policies(policies: &'a [NamedPolicy], ask: &Ask<'a>) -> Self {
        let mut judged = Self::empty();
        judged.try_named(None, policies, ask, Side::Caller);
        judged
    }

    /// A permissions boundary or session policy: without one there is no limit.
    pub(crate) fn limit(limit: &'a Readable<Option<NamedPolicy>>, ask: &Ask<'a>) -> Self {
        match limit {
            Readable::Unread => Self::unread(),
            Readable::Read(None) => Self::none(),
            Readable::Read(Some(policy)) => Self::policies(std::slice::from_ref(policy), ask),
        }
    }

    /// Every level must allow, and none may deny.
    pub(crate) fn scps(levels: &'a Readable<Vec<Level>>, ask: &Ask<'a>) -> Self {
        let Readable::Read(levels) = levels else { return Self::unread() };
        let (mut judged, mut allow) = (Self::empty(), Truth::Yes);
        for (index, level) in levels.iter().enumerate() {
            judged.allow = Truth::No;
            judged.try_named(Some(index), &level.policies, ask, Side::Caller);
            allow = allow.and(judged.allow);
        }
        Self { allow, ..judged }
    }

    /// RCPFullAWSAccess "is always attached": only a Deny counts.
    pub(crate) fn rcps(levels: &'a Readable<Vec<Level>>, ask: &Ask<'a>) -> Self {
        let Readable::Read(levels) = levels else { return Self::unread() };
        let mut judged = Self::empty();
        for (index, level) in levels.iter().enumerate() {
            judged.try_named(Some(index), &level.policies, ask, Side::Role);
        }
        Self { allow: Truth::Yes, grants: Grants::default(), ..judged }
    }
}

/// Where a document stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    level: Option<usize>,
    policy: usize,
    name: Option<&'a str>,
    side: Side,
}
