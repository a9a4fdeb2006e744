//! One statement: what it says, and how it fares against one request.

use super::condition::Condition;
use super::decision::{Effect, Failed, Unknown};
use super::evaluate::Ask;
use super::pattern::Glob;
use super::principal::{Grants, Principal, spared};
use super::truth::Truth;
use super::variable::{Empty, Resolution, Template};

mod cover;
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
    digest: Digest,
}

/// What most questions are answered by, without looking at the lists.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Digest {
    /// Whether the actions hold each of [`ACTIONS`].
    actions: [bool; ACTIONS.len()],
    /// Whom the principals may name: see [`Principal::sign`].
    principals: u64,
}

/// The actions that an AssumeRole may need, in lower case.
const ACTIONS: [&str; 3] = ["sts:assumerole", "sts:tagsession", "sts:setsourceidentity"];

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
    /// A variable stands before the fifth colon. "You can't use a variable to replace parts of the ARN before the fifth colon": whether
    /// IAM then refuses the document or never matches it, the page does not say.
    misplaced_variable: bool,
}

/// Whether the policy hangs on the caller or on the role: who must be named in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    /// Identity policies, boundaries, session policies, SCPs: a principal is none of their business.
    Caller,
    /// Trust policies and RCPs: the principal must be named; the resource goes without saying.
    Role,
}

/// How much is asked of a statement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Depth {
    /// Whether it applies: the first element that fails is enough.
    Verdict,
    /// How many elements fail: every one is tried.
    Count,
    /// Which elements fail, with what was expected and what is there.
    Reasons,
}

/// How a statement fared.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Tried {
    /// Counted from 0.
    pub statement: usize,
    pub effect: Effect,
    /// How it names the caller, the other elements aside.
    pub grants: Grants,
    pub outcome: Truth,
    pub misses: Misses,
    /// With [`Depth::Reasons`] only.
    pub failed: Vec<Failed>,
    /// With [`Depth::Reasons`] only.
    pub doubts: Vec<Unknown>,
}

/// Which elements failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Misses {
    pub principal: bool,
    pub action: bool,
    pub resource: bool,
    pub conditions: usize,
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

    /// Tries its elements, as far as is asked.
    pub(crate) fn try_on(&self, statement: usize, ask: &Ask<'_>, side: Side) -> Tried {
        let mut tried = Tried {
            statement,
            effect: self.effect,
            grants: Grants::default(),
            outcome: Truth::Yes,
            misses: Misses::default(),
            failed: Vec::new(),
            doubts: Vec::new(),
        };
        if ask.depth == Depth::Verdict && !self.has_action(ask) {
            return Tried { outcome: Truth::No, ..tried };
        }
        if side == Side::Role {
            self.try_principal(ask, &mut tried);
        }
        if tried.goes_on(ask) {
            self.try_action(ask, &mut tried);
        }
        if tried.goes_on(ask) {
            self.try_resource(ask, side, &mut tried);
        }
        for condition in &self.conditions {
            if !tried.goes_on(ask) {
                break;
            }
            match condition.test(ask.action, ask.context) {
                Truth::Yes => {}
                Truth::No => {
                    tried.misses.conditions += 1;
                    tried.fail(ask, || condition.failed(ask.context));
                }
                Truth::Unknown => tried.doubt(ask, || condition.doubt(ask.action, ask.context)),
            }
        }
        tried
    }

    fn try_principal(&self, ask: &Ask<'_>, tried: &mut Tried) {
        let (name, list) = match &self.principals {
            Some(Element::Is(list)) => {
                if ask.caller.may_be_signed(self.digest.principals) {
                    let grants = list.iter().map(|principal| principal.grants(&ask.caller));
                    tried.grants = grants.fold(Grants::default(), Grants::or);
                }
                ("Principal", list.as_slice())
            }
            Some(Element::Not(list)) => {
                let spared = spared(list, &ask.caller, ask.bounded);
                tried.grants = Grants { everyone: spared.not(), ..Grants::default() };
                ("NotPrincipal", list.as_slice())
            }
            None => ("Principal", [].as_slice()),
        };
        if ask.depth == Depth::Reasons && tried.has_unsure_grant() {
            tried.doubts.push(unsure_principal(name, list, ask));
        }
        match tried.grants.any() {
            Truth::Yes => {}
            Truth::Unknown => tried.outcome = Truth::Unknown,
            Truth::No => {
                tried.misses.principal = true;
                let expected = || list.iter().map(|principal| principal.written.clone()).collect();
                tried.fail(ask, || element_failed(name, expected(), ask.caller.arn.to_string()));
            }
        }
    }

    fn try_action(&self, ask: &Ask<'_>, tried: &mut Tried) {
        if !self.has_action(ask) {
            tried.misses.action = true;
            tried.fail(ask, || {
                let (name, list) = match &self.actions {
                    Some(Element::Is(list)) => ("Action", list.as_slice()),
                    Some(Element::Not(list)) => ("NotAction", list.as_slice()),
                    None => ("Action", [].as_slice()),
                };
                let expected = list.iter().map(|action| action.written.clone()).collect();
                element_failed(name, expected, ask.action.to_owned())
            });
        }
    }

    fn has_action(&self, ask: &Ask<'_>) -> bool {
        let known = ACTIONS.iter().zip(self.digest.actions).find(|(action, _)| **action == ask.action_lower);
        known.map_or_else(|| has_action(self.actions.as_ref(), &ask.action_lower), |(_, has)| has)
    }

    fn try_resource(&self, ask: &Ask<'_>, side: Side, tried: &mut Tried) {
        let (name, list, wanted) = match &self.resources {
            Some(Element::Is(list)) => ("Resource", list.as_slice(), true),
            Some(Element::Not(list)) => ("NotResource", list.as_slice(), false),
            None if side == Side::Role => return,
            None => ("Resource", [].as_slice(), true),
        };
        let outcomes = list.iter().map(|resource| resource.try_on(ask, wanted));
        match if wanted { Truth::any(outcomes) } else { Truth::all(outcomes) } {
            Truth::Yes => {}
            Truth::Unknown => tried.doubt(ask, || {
                let open = list.iter().find(|resource| resource.try_on(ask, wanted) == Truth::Unknown);
                open.map_or_else(|| unknown_variable(""), |resource| resource.doubt(ask))
            }),
            Truth::No => {
                tried.misses.resource = true;
                let expected = || list.iter().map(|resource| resource.written.clone()).collect();
                tried.fail(ask, || element_failed(name, expected(), ask.resource.to_owned()));
            }
        }
    }
}

/// Whether `Action` or `NotAction` holds an action, given in lower case.
fn has_action(actions: Option<&Element<Action>>, action: &str) -> bool {
    let holds = |list: &[Action]| list.iter().any(|one| one.glob.matches(action));
    match actions {
        Some(Element::Is(list)) => holds(list),
        Some(Element::Not(list)) => !holds(list),
        None => false,
    }
}

impl Digest {
    fn new(actions: Option<&Element<Action>>, principals: Option<&Element<Principal>>) -> Self {
        let principals = match principals {
            Some(Element::Is(list)) => list.iter().fold(0, |signs, principal| signs | principal.sign()),
            Some(Element::Not(_)) | None => 0,
        };
        Self { actions: ACTIONS.map(|action| has_action(actions, action)), principals }
    }
}

impl Resource {
    fn try_on(&self, ask: &Ask<'_>, wanted: bool) -> Truth {
        let text = self.try_as(ask, wanted, Empty::Text);
        let is_emptied = self.pattern.emptied(ask.context).is_some();
        if is_emptied && self.try_as(ask, wanted, Empty::Null) != text { Truth::Unknown } else { text }
    }

    fn try_as(&self, ask: &Ask<'_>, wanted: bool, empty: Empty) -> Truth {
        match self.pattern.resolve_as(ask.context, empty) {
            Resolution::Text(resolved) => match resolved.matches(ask.resource) {
                true if self.misplaced_variable => Truth::Unknown,
                matches => (matches == wanted).into(),
            },
            // "The resource that includes a policy variable with no value will not match any resource" (page "Variables and tags").
            Resolution::Absent if wanted => Truth::No,
            // Whether it then spares none of them, or its statement covers none, is not said.
            Resolution::Absent | Resolution::Unknown(_) => Truth::Unknown,
        }
    }

    fn doubt(&self, ask: &Ask<'_>) -> Unknown {
        let needs = "a policy variable that has a value".to_owned();
        match (self.pattern.resolve(ask.context), self.pattern.emptied(ask.context)) {
            (Resolution::Unknown(key), _) => unknown_variable(key),
            (Resolution::Absent, _) => Unknown {
                what: format!("what AWS makes of NotResource {}, whose policy variable has no value", self.written),
                needs,
            },
            (Resolution::Text(_), Some(key)) => Unknown { what: of_empty(key), needs },
            (Resolution::Text(_), None) => Unknown {
                what: format!("what AWS makes of the policy variable before the fifth colon of {}", self.written),
                needs: "a resource without a variable in its account or region".into(),
            },
        }
    }
}

/// What is open where the value of a variable is empty.
pub(super) fn of_empty(key: &str) -> String {
    format!("what AWS makes of the policy variable ${{{key}}}, whose value is empty")
}

fn unknown_variable(key: &str) -> Unknown {
    Unknown {
        what: format!("the value of the policy variable ${{{key}}}"),
        needs: super::condition::keys::told_by(&key.to_ascii_lowercase()).to_owned(),
    }
}

fn element_failed(element: &'static str, expected: Vec<String>, actual: String) -> Failed {
    Failed { element, operator: None, key: None, expected, actual: Some(vec![actual]) }
}

impl Tried {
    /// Whether the next element is to be tried.
    fn goes_on(&self, ask: &Ask<'_>) -> bool {
        self.outcome != Truth::No || ask.depth > Depth::Verdict
    }

    fn fail(&mut self, ask: &Ask<'_>, failed: impl FnOnce() -> Failed) {
        self.outcome = Truth::No;
        if ask.depth == Depth::Reasons {
            self.failed.push(failed());
        }
    }

    fn doubt(&mut self, ask: &Ask<'_>, doubt: impl FnOnce() -> Unknown) {
        self.outcome = self.outcome.and(Truth::Unknown);
        if ask.depth == Depth::Reasons {
            self.doubts.push(doubt());
        }
    }

    /// Whether the caller may be meant by a name nobody can tell yet.
    pub(crate) fn has_unsure_grant(&self) -> bool {
        self.grants.each().iter().any(|(_, truth)| *truth == Truth::Unknown)
    }

    /// Whether an element (not a condition) is among the failed ones.
    pub(crate) fn fails(&self, element: &str) -> bool {
        match element {
            "Principal" => self.misses.principal,
            "Action" => self.misses.action,
            "Resource" => self.misses.resource,
            _ => false,
        }
    }
}

fn unsure_principal(element: &str, list: &[Principal], ask: &Ask<'_>) -> Unknown {
    let caller = ask.caller.arn.short();
    if element != "NotPrincipal" {
        Unknown {
            what: format!("whether the session of {caller} will bear the name that is trusted"),
            needs: "the name of the session that will call".into(),
        }
    } else if spared(list, &ask.caller, Truth::No) == Truth::Yes {
        Unknown {
            what: format!("whether {caller} has a permissions boundary: NotPrincipal then spares it no more"),
            needs: "iam:GetUser or iam:GetRole".into(),
        }
    } else {
        Unknown {
            what: format!("whether NotPrincipal spares {caller}, whose account it does not list"),
            needs: "the owner of the policy: the account must be listed as well".into(),
        }
    }
}
