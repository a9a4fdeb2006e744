//! A verdict as a report has it: the decision, each kind of evidence apart, and what was evaluated.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::fix::{ProvenFix, command, in_json};
use super::hide::{ExternalIds, Hide, scrubbed};
use super::{Unread, of_error};
use crate::explain::save;
use crate::model::facts::Simulation;
use crate::model::verdict::{Party, Side, Told};
use crate::model::{AwsError, Fact, Facts, LiveCall, Selection, Verdict, finding};
use crate::policy::fix::NoFix;
use crate::policy::{
    Answer, Case, Cause, Deciding, Decision, Effect, Failed, Layer, Leaning, Trace, Unknown, evaluate, trace,
};
use crate::values::time::Timestamp;

/// Said in place of a case that cannot be told without an external ID.
const LEFT_OUT: &str =
    "The case is left out: an external ID is also a word of its policies. With external IDs shown it is there.";

/// The verdict for one principal on one hop.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PathVerdict {
    /// The principal's ARN; `None` for a workload that is not deployed, or not known.
    pub principal: Option<String>,
    /// Workload or operator.
    pub party: Party,
    /// The ARN of the role to assume.
    pub hop: String,
    /// The path of a system that it belongs to, by id; absent where no system was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Which hop of the diagnosed path, from 0; absent where no path was diagnosed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hop_index: Option<usize>,
    /// The verdict over all evidence.
    #[serde(flatten)]
    pub decision: Decision,
    /// What the policies alone say.
    pub evaluated: Option<Evaluated>,
    /// The operator's own call.
    pub live: Option<Live>,
    /// Live and evaluated contradict each other.
    pub disagreement: bool,
    /// The other kinds of evidence.
    pub evidence: Evidence,
    /// What turns a denial of the workload, or of a diagnosed path; of other verdicts there is nothing to cure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixes: Option<Vec<ProvenFix>>,
    /// Why there is no fix, and whose decision it is: exactly when `fixes` is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_fix: Option<NoFix>,
    /// What was evaluated, as `rolecall explain` reads it; absent where no path was diagnosed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<Value>,
    /// Where that case does not say the same as what was evaluated, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub case_remarks: Vec<String>,
    /// How every statement fared, by action; absent where no path was diagnosed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried: Option<Vec<TriedAction>>,
    /// What to do to know more: what would settle each unknown, and who changed the trust policy last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<finding::Fix>,
    /// The statements of `deciding`, in that order, as their policies have them.
    #[serde(skip)]
    pub statements: Vec<Option<Value>>,
}

/// What the evaluator said, apart from the live call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Evaluated {
    /// Allow, deny or unknown.
    pub verdict: Answer,
    /// For unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaning: Option<Leaning>,
    /// The headline cause.
    pub cause: Cause,
    /// One sentence.
    pub summary: String,
}

/// A live `sts:AssumeRole`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Live {
    /// When it was made, UTC.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The session name it used.
    pub session_name: String,
    /// When the session would have ended, UTC; `None` when it was not given.
    pub expires: Option<Timestamp>,
    /// Why it was not given.
    pub error: Option<AwsError>,
}

/// The kinds of evidence beside the live call and the evaluation of everything together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Evidence {
    /// The trust policy alone; null when it was not read.
    pub trust: Option<Side>,
    /// The principal's own policies alone; null when they were not read.
    pub caller: Option<Side>,
    /// What IAM's simulator says of the principal's own side; null when it was not asked.
    pub simulated: Option<Simulated>,
    /// What an error message says; null when there is none.
    pub message: Option<Told>,
}

/// The simulator's answer, or why there is none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Simulated {
    /// It answered.
    Answer {
        /// The action that it speaks of: where several were asked, the first that is not allowed.
        action: String,
        /// `allowed`, `explicitDeny` or `implicitDeny`.
        decision: String,
        /// Whether the SCPs allow, where it says so.
        allowed_by_organizations: Option<bool>,
        /// Whether the boundary allows, where it says so.
        allowed_by_boundary: Option<bool>,
        /// The policies whose statements matched, with what they say.
        matched: Vec<(String, Effect)>,
        /// Condition keys that it was not given.
        missing_context: Vec<String>,
    },
    /// It did not.
    Unread(Unread),
}

/// One action that the call needs, with every statement that was tried for it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TriedAction {
    /// `sts:AssumeRole`, `sts:TagSession`, `sts:SetSourceIdentity`.
    pub action: &'static str,
    /// What the policies say to it.
    pub answer: Answer,
    /// In the order of the layers and of the policies.
    pub statements: Vec<StatementTried>,
}

/// One statement: it applies when nothing of it failed and nothing is unknown.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StatementTried {
    /// Where it stands, and which of its elements failed.
    #[serde(flatten)]
    pub statement: Deciding,
    /// What was not known of it.
    pub unknowns: Vec<Unknown>,
}

impl PathVerdict {
    pub(super) fn new(verdict: &Verdict, facts: &Facts, selection: &Selection, ids: &ExternalIds) -> Self {
        let case = verdict.case.as_deref();
        let fixes = verdict.cure.as_ref().map(|cure| match case {
            Some(case) => ProvenFix::all(&cure.fixes, case, ids),
            None => cure.fixes.iter().map(ProvenFix::from).collect(),
        });
        let document = case.map(save::case);
        let statement = |deciding: &Deciding| document.as_ref().and_then(|case| statement_of(case, deciding).cloned());
        let told = Self {
            principal: verdict.principal.clone(),
            party: verdict.party,
            hop: verdict.role_arn.clone(),
            path: None,
            hop_index: None,
            decision: verdict.decision.clone(),
            evaluated: verdict.evaluated.as_ref().map(Evaluated::new),
            live: verdict.live.as_ref().map(Live::new),
            disagreement: verdict.disagreement,
            evidence: Evidence::new(verdict),
            fixes,
            no_fix: verdict.cure.as_ref().and_then(|cure| cure.no_fix.clone()),
            case: None,
            case_remarks: Vec::new(),
            tried: None,
            next: verdict.next.clone(),
            statements: verdict.decision.deciding.iter().map(statement).collect(),
        };
        let is_of_path = selection.inquiry.is_some() || selection.system.is_some();
        if is_of_path { told.of_path(verdict, facts, ids) } else { told }
    }

    /// Of a path of a system.
    pub(super) fn of(self, path: &str) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    /// With what only a diagnosis tells.
    fn of_path(mut self, verdict: &Verdict, facts: &Facts, ids: &ExternalIds) -> Self {
        self.hop_index = Some(verdict.hop);
        let now = facts.observed_at;
        if let Some(case) = verdict.case.as_deref() {
            if ids.are_shown() {
                self.case = Some(save::case(case));
            } else {
                let saved = save::masked(case, ids.known(), now);
                self.case = (!saved.leaves_some).then_some(saved.case);
                self.case_remarks = if saved.leaves_some { vec![LEFT_OUT.to_owned()] } else { saved.remarks };
            }
            self.tried = Some(trace(case, now).into_iter().map(TriedAction::new).collect());
        }
        self
    }

    pub(super) fn hide(&mut self, hide: &dyn Hide) {
        let line = |text: &mut String| *text = hide.line(text);
        line(&mut self.hop);
        self.principal.iter_mut().chain(&mut self.path).chain(&mut self.case_remarks).for_each(line);
        let decision = &mut self.decision;
        line(&mut decision.summary);
        decision.deciding.iter_mut().for_each(|deciding| of_deciding(deciding, hide));
        decision.unknowns.iter_mut().for_each(|unknown| of_unknown(unknown, hide));
        if let Some(evaluated) = &mut self.evaluated {
            line(&mut evaluated.summary);
        }
        if let Some(live) = &mut self.live {
            live.hide(hide);
        }
        self.evidence.hide(hide);
        self.fixes.iter_mut().flatten().for_each(|fix| fix.hide(hide));
        if let Some(none) = &mut self.no_fix {
            [&mut none.reason, &mut none.owner, &mut none.next_step].into_iter().for_each(line);
        }
        for step in &mut self.next {
            command(&mut step.what, &mut step.command, hide);
            line(&mut step.what);
        }
        if let Some(case) = &mut self.case {
            in_json(case, &|text| hide.of_case(text));
        }
        for tried in self.tried.iter_mut().flatten().flat_map(|action| &mut action.statements) {
            of_deciding(&mut tried.statement, hide);
            tried.unknowns.iter_mut().for_each(|unknown| of_unknown(unknown, hide));
        }
        self.statements.iter_mut().flatten().for_each(|statement| in_json(statement, &|text| hide.value(text)));
    }

    /// Says so where the case, once its account ids are masked, is not decided as before.
    pub(super) fn compare_case(&mut self, before: Option<&Value>, now: Timestamp) {
        let decided = |case: &Value| Case::from_json(case).ok().map(|case| evaluate(&case, now).verdict);
        let (Some(before), Some(after)) = (before, &self.case) else { return };
        if decided(before) != decided(after) {
            self.case_remarks.push(
                "With placeholders in place of the account ids the case is not decided as before: a policy holds a part of one.".into(),
            );
        }
    }
}

fn of_deciding(deciding: &mut Deciding, hide: &dyn Hide) {
    let line = |text: &mut String| *text = hide.line(text);
    deciding.name.iter_mut().chain(deciding.sid.iter_mut()).for_each(line);
    for Failed { expected, actual, operator, key, .. } in &mut deciding.failed {
        let of_id = key.as_ref().is_some_and(|key| key.eq_ignore_ascii_case("sts:ExternalId"));
        let value = |text: &mut String| *text = if of_id { hide.external_id(text) } else { hide.line(text) };
        expected.iter_mut().chain(actual.iter_mut().flatten()).for_each(value);
        operator.iter_mut().chain(key.iter_mut()).for_each(line);
    }
}

fn of_unknown(unknown: &mut Unknown, hide: &dyn Hide) {
    [&mut unknown.what, &mut unknown.needs].into_iter().for_each(|text| *text = hide.line(text));
}

/// The statement that a decision rests on, within the published form of its case.
fn statement_of<'a>(case: &'a Value, deciding: &Deciding) -> Option<&'a Value> {
    let level = |name: &str| {
        let level = case.get(name)?.get(deciding.level?)?;
        level.get("policies")?.get(deciding.policy)?.get("policy")
    };
    let policy = match deciding.layer {
        Layer::Trust => case.get("trust_policy"),
        Layer::Identity => case.get("identity_policies")?.get(deciding.policy),
        Layer::Boundary => case.get("permission_boundary"),
        Layer::Session => case.get("session_policy"),
        Layer::Scp => level("scps"),
        Layer::Rcp => level("rcps"),
        Layer::Credentials | Layer::Request => None,
    };
    match policy?.get("Statement")? {
        Value::Array(list) => list.get(deciding.statement),
        one => Some(one),
    }
}

impl Evaluated {
    fn new(decision: &Decision) -> Self {
        Self {
            verdict: decision.verdict,
            leaning: decision.leaning,
            cause: decision.cause,
            summary: decision.summary.clone(),
        }
    }
}

impl Live {
    pub(super) fn new(call: &LiveCall) -> Self {
        Self {
            at: call.at,
            took_ms: super::diagnosis::millis(call.took),
            session_name: call.session_name.clone(),
            expires: call.outcome.as_ref().ok().copied(),
            error: call.outcome.as_ref().err().cloned(),
        }
    }

    pub(super) fn hide(&mut self, hide: &dyn Hide) {
        self.session_name = hide.line(&self.session_name);
        if let Some(error) = &mut self.error {
            of_error(error, hide);
        }
    }
}

impl Evidence {
    fn new(verdict: &Verdict) -> Self {
        let evidence = &verdict.evidence;
        Self {
            trust: evidence.trust.clone(),
            caller: evidence.caller.clone(),
            simulated: Simulated::new(&evidence.simulated),
            message: evidence.told.clone().map(|told| match told.pasted {
                true => Told { message: scrubbed(&told.message), summary: scrubbed(&told.summary), ..told },
                false => told,
            }),
        }
    }

    fn hide(&mut self, hide: &dyn Hide) {
        let line = |text: &mut String| *text = hide.line(text);
        self.trust.iter_mut().chain(self.caller.iter_mut()).for_each(|side| line(&mut side.summary));
        match &mut self.simulated {
            Some(Simulated::Answer { decision, matched, missing_context, .. }) => {
                line(decision);
                matched.iter_mut().map(|(policy, _)| policy).chain(missing_context).for_each(line);
            }
            Some(Simulated::Unread(unread)) => unread.hide(hide),
            None => {}
        }
        if let Some(told) = &mut self.message {
            [&mut told.message, &mut told.summary].into_iter().for_each(line);
        }
    }
}

impl Simulated {
    fn new(fact: &Fact<Simulation>) -> Option<Self> {
        match fact {
            Fact::Known(simulation) => Some(Self::Answer {
                action: simulation.action.clone(),
                decision: simulation.decision.clone(),
                allowed_by_organizations: simulation.allowed_by_organizations,
                allowed_by_boundary: simulation.allowed_by_boundary,
                matched: simulation.matched.clone(),
                missing_context: simulation.missing_context.clone(),
            }),
            Fact::NotAsked | Fact::Pending(_) => None,
            other => Unread::of(other).map(Self::Unread),
        }
    }
}

impl TriedAction {
    fn new(trace: Trace) -> Self {
        let statements = trace.statements.into_iter();
        Self {
            action: trace.action,
            answer: trace.answer,
            statements: statements
                .map(|traced| StatementTried { statement: traced.statement, unknowns: traced.unknowns })
                .collect(),
        }
    }
}

/// Tags and the like: names and values.
pub(super) fn of_map(map: &mut BTreeMap<String, String>, hide: &dyn Hide) {
    *map = std::mem::take(map).into_iter().map(|(key, value)| (hide.line(&key), hide.line(&value))).collect();
}
