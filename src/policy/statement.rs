//! One statement: what it says, and how it fares against one request.

use super::condition::{Condition, Outcome};
use super::decision::{Effect, Failed, Unknown};
use super::evaluate::Ask;
use super::pattern::Glob;
use super::principal::{Grants, Principal, spared};
use super::truth::Truth;
use super::variable::{Resolution, Template};

mod read;

/// One statement of a policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Statement {
    /// Its `Sid`, if it has one that says something.
    pub sid: Option<String>,
    /// Whether it allows or denies.
    pub effect: Effect,
    principals: Option<Element<Principal>>,
    actions: Option<Element<Action>>,
    resources: Option<Element<Resource>>,
    conditions: Vec<Condition>,
}

/// `Action` or `NotAction`, and so on.
#[derive(Clone, PartialEq, Debug)]
enum Element<T> {
    Is(Vec<T>),
    Not(Vec<T>),
}

/// An action pattern; letter case is ignored.
#[derive(Clone, PartialEq, Debug)]
struct Action {
    written: String,
    glob: Glob,
}

#[derive(Clone, PartialEq, Debug)]
struct Resource {
    written: String,
    pattern: Template,
}

/// Whether the policy hangs on the caller or on the role: who must be named in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    /// Identity policies, boundaries, session policies, SCPs: a principal is none of their business.
    Caller,
    /// Trust policies and RCPs: the principal must be named; the resource goes without saying.
    Role,
}

/// How a statement fared. Every element was tried, also after one failed.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Tried {
    /// Counted from 0.
    pub statement: usize,
    pub effect: Effect,
    /// How it names the caller, the other elements aside.
    pub grants: Grants,
    pub outcome: Truth,
    pub failed: Vec<Failed>,
    pub doubts: Vec<Unknown>,
}

impl Statement {
    /// The principals it lists, under `Principal` or `NotPrincipal`.
    #[must_use]
    pub fn principals(&self) -> &[Principal] {
        match &self.principals {
            Some(Element::Is(list) | Element::Not(list)) => list,
            None => &[],
        }
    }

    /// Whether it lists whom it does not concern.
    #[must_use]
    pub const fn has_not_principal(&self) -> bool {
        matches!(self.principals, Some(Element::Not(_)))
    }

    /// Its conditions, in order.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Tries every element.
    pub(crate) fn try_on(&self, statement: usize, ask: &Ask<'_>, side: Side) -> Tried {
        let mut tried = Tried {
            statement,
            effect: self.effect,
            grants: Grants::default(),
            outcome: Truth::Yes,
            failed: Vec::new(),
            doubts: Vec::new(),
        };
        if side == Side::Role {
            self.try_principal(ask, &mut tried);
        }
        self.try_action(ask, &mut tried);
        self.try_resource(ask, side, &mut tried);
        for condition in &self.conditions {
            match condition.check(ask.context) {
                Outcome::Met => {}
                Outcome::Failed(failed) => tried.fail(failed),
                Outcome::Unknown(doubt) => tried.doubt(doubt),
            }
        }
        tried
    }

    fn try_principal(&self, ask: &Ask<'_>, tried: &mut Tried) {
        let (name, list) = match &self.principals {
            Some(Element::Is(list)) => {
                tried.grants =
                    list.iter().fold(Grants::default(), |all, principal| all.or(principal.grants(ask.principal)));
                ("Principal", list.as_slice())
            }
            Some(Element::Not(list)) => {
                tried.grants = Grants { everyone: spared(list, ask.principal).not(), ..Grants::default() };
                ("NotPrincipal", list.as_slice())
            }
            None => ("Principal", [].as_slice()),
        };
        if tried.has_unsure_grant() {
            tried.doubts.push(unsure_principal(name, ask));
        }
        match tried.grants.any() {
            Truth::Yes => {}
            Truth::Unknown => tried.outcome = Truth::Unknown,
            Truth::No => tried.fail(Failed {
                element: name,
                operator: None,
                key: None,
                expected: list.iter().map(|principal| principal.written.clone()).collect(),
                actual: Some(vec![ask.principal.to_string()]),
            }),
        }
    }

    fn try_action(&self, ask: &Ask<'_>, tried: &mut Tried) {
        let (name, list, wanted) = match &self.actions {
            Some(Element::Is(list)) => ("Action", list.as_slice(), true),
            Some(Element::Not(list)) => ("NotAction", list.as_slice(), false),
            None => ("Action", [].as_slice(), true),
        };
        if list.iter().any(|action| action.glob.matches(&ask.action_lower)) != wanted {
            tried.fail(Failed {
                element: name,
                operator: None,
                key: None,
                expected: list.iter().map(|action| action.written.clone()).collect(),
                actual: Some(vec![ask.action.to_owned()]),
            });
        }
    }

    fn try_resource(&self, ask: &Ask<'_>, side: Side, tried: &mut Tried) {
        let (name, list, wanted) = match &self.resources {
            Some(Element::Is(list)) => ("Resource", list.as_slice(), true),
            Some(Element::Not(list)) => ("NotResource", list.as_slice(), false),
            None if side == Side::Role => return,
            None => ("Resource", [].as_slice(), true),
        };
        let mut doubt = None;
        let outcomes = list.iter().map(|resource| match resource.pattern.resolve(ask.context) {
            Resolution::Text(resolved) => (resolved.matches(ask.resource) == wanted).into(),
            Resolution::Absent => Truth::No,
            Resolution::Unknown(key) => {
                doubt = Some(key);
                Truth::Unknown
            }
        });
        match if wanted { Truth::any(outcomes) } else { Truth::all(outcomes) } {
            Truth::Yes => {}
            Truth::Unknown => tried.doubt(Unknown {
                what: format!("the value of the policy variable ${{{}}}", doubt.unwrap_or_default()),
                needs: super::condition::keys::told_by(&doubt.unwrap_or_default().to_ascii_lowercase()).to_owned(),
            }),
            Truth::No => tried.fail(Failed {
                element: name,
                operator: None,
                key: None,
                expected: list.iter().map(|resource| resource.written.clone()).collect(),
                actual: Some(vec![ask.resource.to_owned()]),
            }),
        }
    }
}

impl Tried {
    fn fail(&mut self, failed: Failed) {
        self.outcome = Truth::No;
        self.failed.push(failed);
    }

    fn doubt(&mut self, doubt: Unknown) {
        self.outcome = self.outcome.and(Truth::Unknown);
        self.doubts.push(doubt);
    }

    /// Whether the caller may be meant by a name nobody can tell yet.
    pub(crate) fn has_unsure_grant(&self) -> bool {
        self.grants.each().iter().any(|(_, truth)| *truth == Truth::Unknown)
    }

    /// Whether an element (not a condition) is among the failed ones.
    pub(crate) fn fails(&self, element: &str) -> bool {
        self.failed.iter().any(|failed| failed.element.trim_start_matches("Not") == element)
    }
}

fn unsure_principal(element: &str, ask: &Ask<'_>) -> Unknown {
    let caller = ask.principal.short();
    if element == "NotPrincipal" {
        Unknown {
            what: format!("whether NotPrincipal spares {caller}, whose account it does not list"),
            needs: "the owner of the policy: the account must be listed as well".into(),
        }
    } else {
        Unknown {
            what: format!("whether the session of {caller} will bear the name that is trusted"),
            needs: "the name of the session that will call".into(),
        }
    }
}
