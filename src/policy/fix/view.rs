//! A case under treatment: how every statement of it fares, and the edits made so far.

use jiff::Timestamp;

use super::edit::Edit;
use crate::policy::case::{Case, Level, NamedPolicy, Readable};
use crate::policy::condition::Context;
use crate::policy::decision::{Answer, Cause, Effect, Layer};
use crate::policy::document::Policy;
use crate::policy::statement::{Statement, Tried};
use crate::policy::truth::Truth;
use crate::policy::{assume_role, cause, derived, evaluate};

/// How many statements are tried, and how many values for one condition.
pub(super) const TRIES: usize = 16;

/// Where a statement stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub layer: Layer,
    pub level: Option<usize>,
    pub policy: usize,
    pub statement: usize,
}

/// A statement, and how it fared.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Row {
    pub place: Place,
    pub tried: Tried,
}

/// One layer's word on one action.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Pair {
    pub action: &'static str,
    pub layer: Layer,
    pub refuses: bool,
    /// A Deny applies.
    pub denies: bool,
    /// The Allow that came nearest.
    nearest: Option<Place>,
    pub rows: Vec<Row>,
}

impl Pair {
    /// The Allow statements, the nearest first.
    pub(super) fn allows(&self) -> Vec<&Row> {
        let mut allows: Vec<&Row> = self.rows.iter().filter(|row| row.tried.effect == Effect::Allow).collect();
        allows.sort_by_key(|row| (Some(row.place) != self.nearest, row.tried.failed.len()));
        allows
    }

    pub(super) fn row(&self, place: Place) -> Option<&Row> {
        self.rows.iter().find(|row| row.place == place)
    }
}

/// A case with the edits that led to it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Work {
    pub case: Case,
    /// In groups that stand or fall together.
    pub edits: Vec<Vec<Edit>>,
    now: Timestamp,
}

impl Work {
    pub(super) const fn new(case: Case, now: Timestamp) -> Self {
        Self { case, edits: Vec::new(), now }
    }

    /// After more edits. `None`: one of them does not fit.
    pub(super) fn with(&self, edits: &[Edit]) -> Option<Self> {
        let mut work = self.clone();
        for edit in edits {
            work.case = edit.apply(&work.case)?;
        }
        work.edits.push(edits.to_vec());
        Some(work)
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) fn context(&self) -> Context<'_> {
        derived::context(&self.case, self.now)
    }

    /// What the request itself is refused for.
    pub(super) fn refused(&self) -> Option<Cause> {
        crate::policy::request::check(&self.case).refused
    }

    /// Every action the request needs, layer by layer.
    pub(super) fn pairs(&self) -> Vec<Pair> {
        let context = self.context();
        let (_, asked) = assume_role::judge(&self.case, &context);
        let pairs = asked.iter().flat_map(|one| {
            let refusing = if one.answer(false) == Truth::No { one.refusing() } else { Vec::new() };
            one.layers().map(|(layer, judged)| {
                let place = |trial: &crate::policy::evaluate::Trial<'_>| Place {
                    layer,
                    level: trial.level,
                    policy: trial.policy,
                    statement: trial.tried.statement,
                };
                Pair {
                    action: one.action,
                    layer,
                    refuses: refusing.contains(&layer),
                    denies: judged.deny == Truth::Yes,
                    nearest: cause::nearest(judged).map(place),
                    rows: judged
                        .trials
                        .iter()
                        .map(|trial| Row { place: place(trial), tried: trial.tried.clone() })
                        .collect(),
                }
            })
        });
        pairs.collect()
    }

    pub(super) fn pair(&self, action: &str, layer: Layer) -> Option<Pair> {
        self.pairs().into_iter().find(|pair| pair.action == action && pair.layer == layer)
    }

    /// The document that holds a statement.
    pub(super) fn policy(&self, place: Place) -> Option<&Policy> {
        match place.layer {
            Layer::Trust => self.case.trust.read()?.as_ref(),
            Layer::Identity => self.case.identity.read()?.get(place.policy).map(|named| &named.policy),
            Layer::Boundary => limit(&self.case.boundary),
            Layer::Session => limit(&self.case.session),
            Layer::Scp => of_level(&self.case.scps, place),
            Layer::Rcp => of_level(&self.case.rcps, place),
            Layer::Credentials | Layer::Request => None,
        }
    }

    pub(super) fn statement(&self, place: Place) -> Option<&Statement> {
        self.policy(place)?.statements().get(place.statement)
    }

    /// Whether nothing that was read refuses any more.
    pub(super) fn is_cured(&self) -> bool {
        match evaluate(&self.case, self.now).verdict {
            Answer::Allow => true,
            Answer::Deny => false,
            Answer::Unknown => evaluate(&opened(&self.case), self.now).verdict == Answer::Allow,
        }
    }
}

fn limit(limit: &Readable<Option<NamedPolicy>>) -> Option<&Policy> {
    limit.read()?.as_ref().map(|named| &named.policy)
}

fn of_level(levels: &Readable<Vec<Level>>, place: Place) -> Option<&Policy> {
    levels.read()?.get(place.level?)?.policies.get(place.policy).map(|named| &named.policy)
}

/// The case as if every policy that could not be read, the trust policy aside, allowed.
fn opened(case: &Case) -> Case {
    let mut case = case.clone();
    if case.identity.read().is_none() {
        let all = serde_json::json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
        let all = Policy::from_json(&all).into_iter();
        case.identity = Readable::Read(all.map(|policy| NamedPolicy { name: String::new(), policy }).collect());
    }
    let open = |limit: &mut Readable<Option<NamedPolicy>>| {
        if limit.read().is_none() {
            *limit = Readable::Read(None);
        }
    };
    open(&mut case.boundary);
    open(&mut case.session);
    for levels in [&mut case.scps, &mut case.rcps] {
        if levels.read().is_none() {
            *levels = Readable::Read(Vec::new());
        }
    }
    case
}
