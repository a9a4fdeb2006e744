//! A system other than the Quilt webhook, as a report has it: its settings, its paths one by one, the principals it asks about.

use std::collections::BTreeMap;

use serde::Serialize;

use super::diagnosis::millis;
use super::hide::{ExternalIds, Hide};
use super::{HopReport, Unread, of_error};
use crate::judge::Judgement;
use crate::model::facts::{AccessKeyFacts, HopFacts, PathLook, PrincipalLook, Simulated};
use crate::model::system::{Expectation, PathPlan, Question};
use crate::model::verdict::Party;
use crate::model::{AwsError, Fact, Facts, Selection};
use crate::policy::{Answer, Leaning};
use crate::systems::{self, PathRow, RowAnswer, RowState, Secrecy, Setting, Settings, System};
use crate::values::access_key;
use crate::values::json;
use crate::values::text::elide_end;
use crate::values::time::Timestamp;

/// Stands for a value that may not be seen.
const SET: &str = "set";

/// The longest value that a report shows, in columns.
const LONGEST: usize = 200;

/// What was looked at, and what was found, path by path.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SystemReport {
    /// `wave`, `sre-roles`, `megatests`.
    pub name: String,
    /// In words.
    pub title: String,
    /// Its settings, in its order; those that are not set too.
    pub settings: Vec<SettingReport>,
    /// Its access paths, worst first.
    pub paths: Vec<PathReport>,
    /// The principals that it asks about, in its order.
    pub principals: Vec<PrincipalReport>,
}

/// One setting.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SettingReport {
    /// The word for it.
    pub name: String,
    /// In words.
    pub label: String,
    /// `set` where it may not be seen, an external ID masked unless asked for; null where it is not set.
    pub value: Option<String>,
    /// The name that it stands under: a variable, a key. Null where it is not set.
    pub stands_as: Option<String>,
    /// Where: `typed`, `environment`, a file. Null where it is not set.
    pub place: Option<String>,
}

/// One access path.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PathReport {
    /// Unique in its system.
    pub id: String,
    /// What people call it; findings about it have this subject.
    pub label: String,
    /// `done`, `waiting` or `failed`.
    pub state: &'static str,
    /// Experiments, probes and the simulator were asked too.
    pub closely: bool,
    /// Why it could not be looked at.
    pub error: Option<AwsError>,
    /// Per party the answer of the hop that decides. The workload's first, where one is named.
    pub answers: Vec<AnswerReport>,
    /// How long the operator's last `sts:AssumeRole` took, in milliseconds.
    pub took_ms: Option<u64>,
    /// When the session that it gave ends, UTC.
    pub session_ends: Option<Timestamp>,
    /// The roles, in order: each is assumed with the session of the one before.
    pub hops: Vec<HopReport>,
}

/// The answer for one party.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AnswerReport {
    /// Workload or operator.
    pub party: Party,
    /// The hop that decides, from 0.
    pub hop: usize,
    /// Allow, deny or unknown.
    pub verdict: Answer,
    /// Of an unknown: where it leans.
    pub leaning: Option<Leaning>,
    /// The cause.
    pub cause: String,
    /// In a sentence.
    pub summary: String,
}

/// A principal that the system asks about.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PrincipalReport {
    /// Unique in its system.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Its ARN, if it was found.
    pub arn: Option<String>,
    /// When it was made, UTC.
    pub created: Option<Timestamp>,
    /// Why it is not known.
    pub unread: Option<Unread>,
    /// The names of the managed policies that are attached to it; null where they could not be read.
    pub attached: Option<Vec<String>>,
    /// The names of the policies that it has beside those: inline, and of a user's groups; null where they could not be read.
    pub others: Option<Vec<String>>,
    /// Its access keys; null where they were not listed.
    pub access_keys: Option<Vec<AccessKeyReport>>,
    /// What it should be allowed, and what the simulator says.
    pub expectations: Vec<ExpectationReport>,
}

/// An access key without its secret half.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AccessKeyReport {
    /// Its first and last four characters.
    pub id: String,
    /// Whether AWS takes it.
    pub active: bool,
    /// When it was made, UTC.
    pub created: Option<Timestamp>,
    /// When it was last used, UTC; null: never, or not known.
    pub last_used: Option<Timestamp>,
}

/// Something that a principal should be allowed, or should not.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ExpectationReport {
    /// What for.
    pub what: String,
    /// Whether it should be allowed.
    pub wanted: bool,
    /// Actions that the simulator answers otherwise, with its decision.
    pub otherwise: Vec<(String, String)>,
    /// How many actions were asked, each resource by itself.
    pub actions: usize,
    /// Why the simulator was not asked, or did not answer.
    pub unread: Option<Unread>,
}

impl SystemReport {
    /// `None`: it is about the Quilt webhook.
    pub(super) fn new(facts: &Facts, selection: &Selection, judgement: &Judgement, ids: &ExternalIds) -> Option<Self> {
        let choice = selection.system.as_ref()?;
        let (system, settings) = systems::chosen(facts, selection)?;
        let plan = systems::plan(facts, selection);
        let mut rows: Vec<(usize, &PathRow)> = judgement.system.rows.iter().map(AsRef::as_ref).enumerate().collect();
        rows.sort_by_key(|(_, row)| row.trouble());
        let plans: BTreeMap<&str, &PathPlan> = plan.paths.iter().map(|path| (path.id.as_str(), path)).collect();
        Some(Self {
            name: choice.name.clone(),
            title: system.title().to_owned(),
            settings: shown(system, &settings, ids),
            paths: rows
                .into_iter()
                .map(|(at, row)| {
                    PathReport::new(row, plans.get(row.id.as_str()).copied(), facts.system.path(at, &row.id))
                })
                .collect(),
            principals: plan.questions.iter().map(|question| PrincipalReport::new(question, facts)).collect(),
        })
    }

    /// Whether something that it asks about could not be decided, and does not lean to yes.
    pub(super) fn is_open(&self) -> bool {
        let open = |path: &PathReport| match path.answers.first() {
            Some(answer) => answer.verdict == Answer::Unknown && answer.leaning != Some(Leaning::Allow),
            None => true,
        };
        let unasked = |principal: &PrincipalReport| {
            principal.unread.as_ref().is_some_and(|unread| unread.state != "absent")
                || principal.expectations.iter().any(|expectation| expectation.unread.is_some())
        };
        self.paths.iter().any(open) || self.principals.iter().any(unasked)
    }

    pub(super) fn hide(&mut self, hide: &dyn Hide) {
        for setting in &mut self.settings {
            setting.value.iter_mut().chain(&mut setting.place).for_each(|text| *text = hide.line(text));
        }
        self.paths.iter_mut().for_each(|path| path.hide(hide));
        self.principals.iter_mut().for_each(|principal| principal.hide(hide));
    }
}

fn shown(system: &dyn System, settings: &Settings, ids: &ExternalIds) -> Vec<SettingReport> {
    let of = |setting: &Setting| {
        let given = settings.given(setting.name);
        let value = given.map(|given| value(system, setting, given.value.expose(), ids));
        SettingReport {
            name: setting.name.to_owned(),
            label: setting.label.to_owned(),
            value,
            stands_as: given.map(|given| given.name.clone()),
            place: given.map(|given| given.place.words()),
        }
    };
    system.settings().iter().map(of).collect()
}

/// What a report shows of a value. Of an external ID's it quotes what is one as a whole and is masked later, and of a text that may hold some
/// nothing: one that cannot be read may hold one that nobody could make out.
fn value(system: &dyn System, setting: &Setting, text: &str, ids: &ExternalIds) -> String {
    match setting.secrecy {
        // Masked before it is cut: half of an external ID is known to nobody.
        Secrecy::Shown => elide_end(&access_key::withheld(&ids.value(text)), LONGEST),
        Secrecy::ExternalId if ids.are_shown() => text.to_owned(),
        Secrecy::ExternalId if system.has_parts(setting.name) => match json::value(text) {
            Ok(_) => SET.to_owned(),
            Err(_) => format!("{SET} ({} characters, not JSON)", text.chars().count()),
        },
        Secrecy::ExternalId if ids.is_known(text) => ids.external_id(text),
        Secrecy::ExternalId | Secrecy::Presence => SET.to_owned(),
    }
}

impl PathReport {
    fn new(row: &PathRow, plan: Option<&PathPlan>, look: Option<&PathLook>) -> Self {
        let (state, closely, error) = match &row.state {
            RowState::Waiting => ("waiting", false, None),
            RowState::Done { closely } => ("done", *closely, None),
            RowState::Failed(error) => ("failed", false, Some(error.clone())),
        };
        let known = look.and_then(|look| look.facts.shown());
        let nothing = HopFacts::default();
        let looked = |hop: usize| known.and_then(|known| known.hops.get(hop)).unwrap_or(&nothing);
        let hops = plan.map(|plan| plan.inquiry.hops.as_slice()).unwrap_or_default();
        Self {
            id: row.id.clone(),
            label: row.label.clone(),
            state,
            closely,
            error,
            answers: row.answers.iter().map(AnswerReport::new).collect(),
            took_ms: row.live.as_ref().map(|live| millis(live.took)),
            session_ends: row.live.as_ref().and_then(|live| live.outcome.as_ref().ok().copied()),
            hops: hops.iter().enumerate().map(|(index, hop)| HopReport::new(hop, looked(index))).collect(),
        }
    }

    fn hide(&mut self, hide: &dyn Hide) {
        let line = |text: &mut String| *text = hide.line(text);
        [&mut self.id, &mut self.label].into_iter().for_each(line);
        self.error.iter_mut().for_each(|error| of_error(error, hide));
        self.answers.iter_mut().for_each(|answer| line(&mut answer.summary));
        self.hops.iter_mut().for_each(|hop| hop.hide(hide));
    }
}

impl AnswerReport {
    fn new(answer: &RowAnswer) -> Self {
        Self {
            party: answer.party,
            hop: answer.hop,
            verdict: answer.verdict,
            leaning: answer.leaning,
            cause: answer.cause.clone(),
            summary: answer.sentence.clone(),
        }
    }
}

/// Every policy of a principal but the managed ones that are attached to itself, which IAM's answers know by their ARN.
fn others(look: &PrincipalLook) -> Option<Vec<String>> {
    let attached = look.attached.known()?;
    let others =
        look.policies.policies.known()?.iter().filter(|policy| attached.iter().all(|one| one.arn != policy.name));
    Some(others.map(|policy| policy.name.clone()).collect())
}

impl PrincipalReport {
    fn new(question: &Question, facts: &Facts) -> Self {
        let nothing = PrincipalLook::default();
        let look = facts.system.principal(&question.id).unwrap_or(&nothing);
        let found = look.found.known();
        let keys = |keys: &Vec<AccessKeyFacts>| keys.iter().map(AccessKeyReport::new).collect();
        let asked = question.expectations.iter().enumerate();
        Self {
            id: question.id.clone(),
            label: question.label.clone(),
            arn: found.map(|found| found.arn.to_string()),
            created: found.and_then(|found| found.created),
            unread: Unread::of(&look.found),
            attached: look.attached.known().map(|all| all.iter().map(|policy| policy.name.clone()).collect()),
            others: others(look),
            access_keys: look.access_keys.known().map(keys),
            expectations: asked
                .map(|(index, expectation)| {
                    ExpectationReport::new(expectation, look.simulated.get(index).unwrap_or(&Fact::NotAsked))
                })
                .collect(),
        }
    }

    fn hide(&mut self, hide: &dyn Hide) {
        let line = |text: &mut String| *text = hide.line(text);
        line(&mut self.label);
        self.arn
            .iter_mut()
            .chain(self.attached.iter_mut().flatten())
            .chain(self.others.iter_mut().flatten())
            .for_each(line);
        self.unread.iter_mut().for_each(|unread| unread.hide(hide));
        for expectation in &mut self.expectations {
            line(&mut expectation.what);
            expectation
                .otherwise
                .iter_mut()
                .for_each(|(action, decision)| [action, decision].into_iter().for_each(line));
            expectation.unread.iter_mut().for_each(|unread| unread.hide(hide));
        }
    }
}

impl AccessKeyReport {
    fn new(key: &AccessKeyFacts) -> Self {
        Self {
            id: key.masked(),
            active: key.active,
            created: key.created,
            last_used: key.last_used.known().map(|used| used.at),
        }
    }
}

impl ExpectationReport {
    fn new(expectation: &Expectation, answers: &Fact<Vec<Simulated>>) -> Self {
        let answers_to = answers.known().into_iter().flatten().map(|one| &one.answer);
        let otherwise = answers_to.filter(|answer| answer.allows() != expectation.allowed);
        Self {
            what: expectation.what.clone(),
            wanted: expectation.allowed,
            otherwise: otherwise.map(|answer| (answer.action.clone(), answer.decision.clone())).collect(),
            actions: expectation.actions.len() * expectation.resources.len(),
            unread: Unread::of(answers),
        }
    }
}
