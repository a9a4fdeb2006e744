//! The paths of a system, judged one by one as a diagnosis of each would be.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::judge::view::View;
use crate::judge::{Judgement, path};
use crate::model::facts::{CallerIdentity, ExperimentKind, PathFacts, PathLook, PrincipalFacts};
use crate::model::system::SystemPlan;
use crate::model::verdict::Party;
use crate::model::{Fact, Facts, Finding, Inquiry, Selection, Severity, Verdict};
use crate::policy::Answer;
use crate::policy::fix::Cure;
use crate::systems::{PathPlan, PathRow, RowAnswer, RowLive, RowState, System};
use crate::values::text::safe;

use super::OfSystem;

/// So many paths keep their verdicts, policies and all; of more, only what a row shows is kept.
const FEW: usize = 16;

/// What rows were judged from. Shared, since every judgement hands it on to the next.
#[derive(Clone, PartialEq, Debug, Default)]
pub(in crate::judge) struct Memo {
    asked_by: Option<Arc<(Fact<CallerIdentity>, PrincipalFacts)>>,
    plan: Arc<SystemPlan>,
    looks: Vec<Option<Arc<PathFacts>>>,
}

/// Every path's row. Where a path's look is the very one that was judged before, its row is taken over.
pub(super) fn rows(
    facts: &Facts,
    selection: &Selection,
    system: &dyn System,
    plan: SystemPlan,
    before: &OfSystem,
) -> (Vec<Arc<PathRow>>, Memo) {
    let by_the_same =
        |by: &&Arc<(Fact<CallerIdentity>, PrincipalFacts)>| (&by.0, &by.1) == (&facts.identity, &facts.operator);
    let asked_by = before.memo.asked_by.as_ref().filter(by_the_same);
    let mut scratch = Scratch::new(facts, selection);
    let count = plan.paths.len();
    let mut rows = Vec::with_capacity(count);
    let mut looks = Vec::with_capacity(count);
    for (index, plan) in plan.paths.iter().enumerate() {
        let look = facts.system.path(index, &plan.id);
        let known = look.and_then(|look| look.facts.shown()).cloned();
        let kept = asked_by.and_then(|_| before.row_of(index, plan, known.as_ref()?));
        rows.push(match kept {
            Some(row) => Arc::clone(row),
            None => Arc::new(worded(system, scratch.row(system, plan, look, count <= FEW))),
        });
        looks.push(known);
    }
    let asked_by = asked_by.cloned().unwrap_or_else(|| Arc::new((facts.identity.clone(), facts.operator.clone())));
    let plan = if *before.memo.plan == plan { Arc::clone(&before.memo.plan) } else { Arc::new(plan) };
    (rows, Memo { asked_by: Some(asked_by), plan, looks })
}

impl Memo {
    /// What rows were judged of.
    pub(super) fn plan(&self) -> &SystemPlan {
        &self.plan
    }
}

impl OfSystem {
    /// The row of that path, if it was judged from that look.
    fn row_of(&self, index: usize, plan: &PathPlan, look: &Arc<PathFacts>) -> Option<&Arc<PathRow>> {
        let row = self.rows.get(index).filter(|row| row.id == plan.id)?;
        let same_look = self.memo.looks.get(index)?.as_ref().is_some_and(|judged| Arc::ptr_eq(judged, look));
        (same_look && self.memo.plan.paths.get(index) == Some(plan)).then_some(row)
    }
}

/// One path as a diagnosis of its own: facts and selection of it, and its verdicts. `None` while it is not looked up.
#[must_use]
pub fn as_diagnosis(facts: &Facts, selection: &Selection, plan: &PathPlan) -> Option<(Facts, Selection, Judgement)> {
    let look = facts.system.paths.iter().find(|look| look.id == plan.id)?;
    let mut scratch = Scratch::new(facts, selection);
    scratch.take(plan, look.facts.shown()?);
    let (system, _) = crate::systems::chosen(facts, selection)?;
    let path = scratch.verdicts(system, &plan.inquiry);
    let selection = Selection { system: None, ..scratch.selection };
    Some((scratch.facts, selection, Judgement { path, ..Judgement::default() }))
}

/// Facts and selection of one diagnosis, filled with one path after the other.
struct Scratch<'a> {
    of: &'a Facts,
    facts: Facts,
    selection: Selection,
}

impl<'a> Scratch<'a> {
    fn new(of: &'a Facts, selection: &Selection) -> Self {
        let facts = Facts {
            machine: of.machine.clone(),
            credentials: of.credentials.clone(),
            identity: of.identity.clone(),
            operator: of.operator.clone(),
            ..Facts::new(of.observed_at)
        };
        Self { of, facts, selection: selection.clone() }
    }

    fn take(&mut self, plan: &PathPlan, look: &PathFacts) {
        self.facts.path = self.of.system.whole_path(&plan.inquiry, look.clone());
        self.selection.inquiry = Some(plan.inquiry.clone());
    }

    /// The verdicts of the path that was taken. Where its caller is somebody whom it is not meant for, none has an edit that lets them in.
    fn verdicts(&self, system: &dyn System, inquiry: &Inquiry) -> Vec<Verdict> {
        let mut verdicts = path::verdicts(&self.facts, &self.selection);
        let identity = self.facts.identity.known().map(|identity| &identity.arn);
        let caller = inquiry.principal.as_ref().or(identity);
        if let Some(no_fix) = caller.and_then(|caller| system.mistaken(caller, inquiry)) {
            for verdict in verdicts.iter_mut().filter(|verdict| verdict.cure.is_some()) {
                verdict.cure = Some(Cure { fixes: Vec::new(), no_fix: Some(no_fix.clone()) });
                verdict.next.clear();
            }
        }
        verdicts
    }

    fn row(&mut self, system: &dyn System, plan: &PathPlan, look: Option<&PathLook>, keeps_verdicts: bool) -> PathRow {
        #[cfg(test)]
        tests::JUDGED
            .with(|judged| judged.set(judged.get() + usize::from(look.is_some_and(|look| look.facts.is_settled()))));
        let mut row = PathRow {
            id: plan.id.clone(),
            label: plan.label.clone(),
            role: plan.inquiry.hops.last().map(|hop| hop.role_arn.clone()).unwrap_or_default(),
            state: RowState::Waiting,
            answers: Vec::new(),
            findings: Vec::new(),
            told: Vec::new(),
            live: None,
            max_session_duration: None,
            verdicts: Vec::new(),
        };
        let Some(look) = look else { return row };
        if let Some(error) = look.facts.error() {
            row.state = RowState::Failed(error.clone());
            return row;
        }
        let Some(known) = look.facts.shown() else { return row };
        self.take(plan, known);
        let verdicts = self.verdicts(system, &plan.inquiry);
        let view = View::new(&self.facts, &self.selection, &[]);
        row.state = RowState::Done { closely: look.closely };
        row.findings = path::judge(&view, &verdicts).into_iter().map(|finding| named(finding, plan)).collect();
        row.findings.sort_by_key(|finding| finding.severity);
        let answers = [Party::Workload, Party::Operator].into_iter();
        let answers = answers.filter_map(|party| answer(party, &verdicts)).map(|answer| at_hop(answer, plan));
        row.answers = answers.map(|answer| with_us_east_1(answer, known)).collect();
        let last = known.hops.last();
        row.live = last
            .and_then(|hop| hop.live.known())
            .map(|live| RowLive { took: live.took, outcome: live.outcome.clone() });
        row.max_session_duration =
            last.and_then(|hop| hop.detail.known()).and_then(|detail| detail.max_session_duration);
        if keeps_verdicts {
            row.verdicts = verdicts;
        }
        row
    }
}

/// What AWS answered a refused call, in the system's own words beside it.
fn worded(system: &dyn System, mut row: PathRow) -> PathRow {
    // A probe's claim names the action: "WaveEcrAccess may not ecr:DescribeImages on team/app."
    let refused = |finding: &&mut Finding| finding.id == "hop/probe" && finding.severity == Severity::Error;
    for finding in row.findings.iter_mut().filter(refused) {
        let fix = finding.claim.split(' ').find_map(|word| system.allowing(word));
        finding.fixes.extend(fix);
    }
    let error = row.live.as_ref().and_then(|live| live.outcome.as_ref().err());
    let Some(words) = error.and_then(|error| system.words_for(error)) else { return row };
    let about_it =
        row.findings.iter_mut().filter(|finding| ["hop/denied", "hop/unknown"].contains(&finding.id.as_str()));
    about_it.for_each(|finding| finding.evidence.push(words.clone()));
    row
}

/// What is said of a path is said under its own name; in a chain, what is said of a hop before the last is said of that hop's role.
fn named(finding: Finding, plan: &PathPlan) -> Finding {
    let number = hops(plan).position(|role| role == finding.subject);
    let is_before = number.is_some_and(|number| number + 1 < plan.inquiry.hops.len());
    let subject = if is_before { finding.subject.clone() } else { plan.label.clone() };
    let of_verdict = ["hop/denied", "hop/unknown"].contains(&finding.id.as_str());
    match number.filter(|_| of_verdict) {
        Some(number) => Finding { claim: told_at(finding.claim, number, plan), subject, ..finding },
        None => Finding { subject, ..finding },
    }
}

/// The answer says of which hop it is.
fn at_hop(answer: RowAnswer, plan: &PathPlan) -> RowAnswer {
    if answer.verdict == Answer::Allow {
        return answer;
    }
    RowAnswer { sentence: told_at(answer.sentence, answer.hop, plan), ..answer }
}

/// A sentence about one hop of a chain names its role: "Trust statement 1" is of several.
fn told_at(sentence: String, hop: usize, plan: &PathPlan) -> String {
    match hops(plan).nth(hop) {
        Some(role) if plan.inquiry.hops.len() > 1 && !sentence.contains(&role) => format!("At {role}: {sentence}"),
        _ => sentence,
    }
}

/// The roles of a path by their names, as findings about them call them.
fn hops(plan: &PathPlan) -> impl Iterator<Item = String> {
    plan.inquiry.hops.iter().map(|hop| path::name(&hop.role_arn))
}

/// Where STS is switched off in the region, what us-east-1 answered is part of the answer: it says whether the region is all that is wrong.
fn with_us_east_1(answer: RowAnswer, look: &PathFacts) -> RowAnswer {
    let hop = look.hops.get(answer.hop).filter(|_| answer.party == Party::Operator);
    let mut tried = hop.into_iter().flat_map(|hop| &hop.experiments);
    let Some(there) = tried.find(|tried| tried.kind == ExperimentKind::UsEast1) else { return answer };
    let told = match &there.call.outcome {
        Ok(_) => "At us-east-1 AWS gives a session.".to_owned(),
        Err(error) if error.code().is_empty() => "At us-east-1 there was no answer.".to_owned(),
        Err(error) => format!("At us-east-1 it is refused too: {}.", error.code()),
    };
    RowAnswer { sentence: format!("{} {told}", answer.sentence), ..answer }
}

/// The hop that decides for a party: the first that is not allowed, else the last.
fn answer(party: Party, verdicts: &[Verdict]) -> Option<RowAnswer> {
    let mut own = verdicts.iter().filter(|verdict| verdict.party == party);
    let decides = own.clone().find(|verdict| verdict.decision.verdict != Answer::Allow).or_else(|| own.next_back())?;
    Some(RowAnswer {
        party,
        hop: decides.hop,
        verdict: decides.decision.verdict,
        leaning: decides.decision.leaning,
        cause: decides.decision.cause.0.to_string(),
        sentence: decides.decision.summary.clone(),
    })
}

/// The rows with what the system itself finds wrong with them: its findings whose subject is a row's label. A row of which that is known is
/// not copied.
pub(super) fn told(rows: Vec<Arc<PathRow>>, findings: &[Finding]) -> Vec<Arc<PathRow>> {
    let mut of_label: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|one| !one.unknown && one.severity <= Severity::Warning) {
        of_label.entry(&finding.subject).or_default().push(finding);
    }
    of_label.values_mut().for_each(|all| all.sort_by_key(|finding| finding.severity));
    let with = |row: Arc<PathRow>| {
        let told = of_label.get(safe(&row.label).as_ref()).or_else(|| of_label.get(row.label.as_str()));
        let told = told.map(Vec::as_slice).unwrap_or_default();
        if row.told.iter().eq(told.iter().copied()) {
            return row;
        }
        Arc::new(PathRow { told: told.iter().copied().cloned().collect(), ..(*row).clone() })
    };
    rows.into_iter().map(with).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use super::*;
    use crate::judge;
    use crate::model::facts::{Experiment, HopFacts};
    use crate::model::{AwsError, ErrorKind, Hop, LiveCall, SystemChoice};
    use crate::values::PrincipalArn;
    use crate::values::time::Timestamp;

    thread_local! {
        /// How many paths were judged and not taken over.
        pub(super) static JUDGED: Cell<usize> = const { Cell::new(0) };
    }

    fn now() -> Timestamp {
        "2026-03-04T12:00:00Z".parse().unwrap()
    }

    fn role(number: usize) -> String {
        format!("arn:aws:iam::444455556666:role/Role{number:03}")
    }

    /// `count` roles of an SRE bot, nothing looked up.
    fn scene(count: usize) -> (Facts, Selection) {
        let mut facts = Facts::new(now());
        facts.identity = Fact::Known(CallerIdentity {
            account: crate::values::AccountId::parse("111122223333").unwrap(),
            arn: PrincipalArn::parse("arn:aws:iam::111122223333:user/alice").unwrap(),
            user_id: "AIDA1".into(),
        });
        facts.system.settings = Fact::Known(Vec::new());
        let entry = |number: usize| {
            format!(r#""r{number:03}": {{"role_arn": "{}", "account_id": "444455556666"}}"#, role(number))
        };
        let roles = format!("{{{}}}", (0..count).map(entry).collect::<Vec<_>>().join(","));
        let mut choice = SystemChoice::of("sre-roles");
        choice.typed.insert("roles".into(), roles);
        let selection = Selection { system: Some(choice), ..Selection::new() };
        let ids: Vec<String> = crate::systems::plan(&facts, &selection).paths.into_iter().map(|path| path.id).collect();
        assert_eq!(ids.len(), count);
        facts.system.begin(&ids, &[]);
        (facts, selection)
    }

    fn call(outcome: Result<Timestamp, AwsError>) -> LiveCall {
        LiveCall { at: now(), took: Duration::from_millis(50), session_name: "s".into(), outcome }
    }

    fn looked(number: usize, outcome: Result<Timestamp, AwsError>) -> PathFacts {
        let hop = HopFacts { live: Fact::Known(call(outcome)), ..HopFacts::default() };
        PathFacts { roles: vec![role(number)], hops: vec![hop], ..PathFacts::default() }
    }

    fn error(code: &str, kind: ErrorKind) -> AwsError {
        AwsError { code: Some(code.into()), ..AwsError::local(kind, "sts:AssumeRole", "no") }
    }

    #[test]
    fn a_path_is_judged_when_it_lands_and_not_again_for_the_others() {
        let (mut facts, selection) = scene(200);
        let mut judgement = judge::judge(&facts, &selection);
        JUDGED.set(0);
        for number in 0..200 {
            facts.system.land_path(number, Arc::new(looked(number, Ok(now()))), false);
            judgement = judge::again(&facts, &selection, &judgement);
        }
        assert_eq!(JUDGED.get(), 200);
        assert!(judgement == judge::judge(&facts, &selection), "and it is what all at once would give");
        JUDGED.set(0);
        facts.identity = Fact::Absent;
        let _ = judge::again(&facts, &selection, &judgement);
        assert_eq!(JUDGED.get(), 200, "another caller is another question");
    }

    #[test]
    fn a_row_that_is_taken_over_is_the_very_same_and_no_copy() {
        let (mut facts, selection) = scene(20);
        facts.system.land_path(3, Arc::new(looked(3, Ok(now()))), false);
        let before = judge::judge(&facts, &selection);
        facts.system.land_path(4, Arc::new(looked(4, Ok(now()))), false);
        let after = judge::again(&facts, &selection, &before);
        let same = |at: usize| Arc::ptr_eq(&before.system.rows[at], &after.system.rows[at]);
        assert_eq!((same(3), same(4)), (true, false));
        assert!(std::ptr::eq(before.system.memo.plan(), after.system.memo.plan()));
    }

    #[test]
    fn a_role_that_the_service_refuses_is_trouble_though_aws_gives_a_session() {
        let (mut facts, mut selection) = scene(3);
        selection.system.as_mut().unwrap().typed.insert("roles.r001.account_id".into(), "111111111111".into());
        (0..3).for_each(|number| facts.system.land_path(number, Arc::new(looked(number, Ok(now()))), false));
        let judged = judge::judge(&facts, &selection);
        let mut rows = judged.system.rows.clone();
        rows.sort_by_key(|row| row.trouble());
        let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["r001", "r000", "r002"]);
        assert_eq!(rows[0].refused_for().map(|finding| finding.id.as_str()), Some("sre-roles/account"));
        assert_eq!(rows[0].severity(), Some(Severity::Error));
        let said = judged.findings.iter().filter(|finding| finding.id == "sre-roles/account").count();
        assert_eq!(said, 1, "it is a finding of the system once, and none of the path's");
        let again = judge::again(&facts, &selection, &judged);
        assert!(judged.system.rows.iter().zip(&again.system.rows).all(|(one, other)| Arc::ptr_eq(one, other)));
        selection.system.as_mut().unwrap().typed.remove("roles.r001.account_id");
        assert!(judge::again(&facts, &selection, &again).system.rows.iter().all(|row| row.told.is_empty()));
    }

    #[test]
    fn while_it_is_looked_up_again_its_row_stays() {
        let (mut facts, selection) = scene(20);
        facts.system.land_path(3, Arc::new(looked(3, Err(error("AccessDenied", ErrorKind::Denied)))), false);
        let before = judge::judge(&facts, &selection);
        let look = facts.system.paths.get_mut(3).unwrap();
        look.facts.begin();
        assert_eq!(judge::again(&facts, &selection, &before).system.rows, before.system.rows);
    }

    #[test]
    fn a_row_says_that_the_region_is_switched_off_and_what_us_east_1_answered() {
        let (mut facts, selection) = scene(20);
        let off = || Err(error("RegionDisabledException", ErrorKind::RegionDisabled));
        for (number, there, told) in [
            (0, Ok(now()), "At us-east-1 AWS gives a session."),
            (1, Err(error("AccessDenied", ErrorKind::Denied)), "At us-east-1 it is refused too: AccessDenied."),
        ] {
            let mut look = looked(number, off());
            let kind = ExperimentKind::UsEast1;
            look.hops[0].experiments.push(Experiment { kind, reason: String::new(), call: call(there) });
            facts.system.land_path(number, Arc::new(look), false);
            let judgement = judge::judge(&facts, &selection);
            let answer = judgement.system.rows[number].answer().unwrap();
            assert_eq!(answer.cause, "sts_region_disabled");
            assert!(answer.sentence.ends_with(told), "{}", answer.sentence);
        }
    }

    #[test]
    fn what_many_have_in_common_is_judged_with_each() {
        let (mut facts, _) = scene(20);
        let jump = Hop::to("arn:aws:iam::111122223333:role/Jump");
        let inquiry = crate::model::Inquiry { hops: vec![jump.clone(), Hop::to(role(1))], ..Default::default() };
        let own = PrincipalFacts { policies: Fact::Known(Vec::new()), ..PrincipalFacts::default() };
        facts.system.callers.insert(jump.role_arn, own.clone());
        let look = PathFacts { hops: vec![HopFacts::default(), HopFacts::default()], ..PathFacts::default() };
        let whole = facts.system.whole_path(&inquiry, look);
        assert_eq!((&whole.hops[0].own, &whole.hops[1].own), (&own, &PrincipalFacts::default()));
    }
}
