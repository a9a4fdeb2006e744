//! What the panes are about: one principal on one hop, with everything that is known of it.

use super::State;
use crate::model::facts::{HopFacts, PrincipalFacts};
use crate::model::inquiry::Hop;
use crate::model::verdict::Party;
use crate::model::{ErrorKind, Facts, Finding, Inquiry, Verdict};
use crate::policy::{Answer, Decision, Leaning};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::theme::Mark;
use crate::values::{PrincipalArn, RoleArn};

/// One principal on one hop.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// Everything that was looked up.
    pub facts: &'a Facts,
    /// What was asked.
    pub inquiry: &'a Inquiry,
    /// Every verdict on the path.
    pub verdicts: &'a [Verdict],
    /// Every finding.
    pub findings: &'a [Finding],
    /// Who walks the path.
    pub party: Party,
    /// Which hop, counted from 0.
    pub hop: usize,
    /// The time zone that times are shown in.
    pub zone: &'a jiff::tz::TimeZone,
    /// Whether it is being looked up again, or for the first time.
    pub running: bool,
}

impl<'a> Subject<'a> {
    /// What the screen is at. `None`: nothing was asked.
    pub fn of(app: &'a App) -> Option<Self> {
        let inquiry = app.selection.inquiry.as_ref()?;
        let (facts, verdicts) = (&app.facts, app.judgement.path.as_slice());
        let running = app.running.contains_key(&Ask::Path) || app.running.contains_key(&Ask::Identity);
        let findings = &app.judgement.findings;
        let all = Self {
            facts,
            inquiry,
            verdicts,
            findings,
            party: Party::Operator,
            hop: 0,
            zone: &app.setting.zone,
            running,
        };
        Some(all.at(&app.diagnose))
    }

    /// At what the user chose, or else at what is wrong.
    fn at(self, state: &State) -> Self {
        let parties = self.parties();
        let chosen = state.party.filter(|party| parties.contains(party));
        let party = chosen.unwrap_or_else(|| self.asked_about());
        let last = self.inquiry.hops.len().saturating_sub(1);
        let hop = state.hop.unwrap_or_else(|| self.worst_hop(party).unwrap_or(last)).min(last);
        Self { party, hop, ..self }
    }

    /// Who walks the path: the principal that was asked for, and the operator beside it.
    pub fn parties(&self) -> Vec<Party> {
        match self.asked_about() {
            Party::Workload => vec![Party::Workload, Party::Operator],
            Party::Operator => vec![Party::Operator],
        }
    }

    /// Whom the diagnosis is about: the principal that was named, unless that is the operator.
    pub fn asked_about(&self) -> Party {
        let operator = self.facts.identity.shown().map(|identity| &identity.arn);
        let other = self.inquiry.principal.as_ref().is_some_and(|named| Some(named) != operator);
        if other { Party::Workload } else { Party::Operator }
    }

    /// Whether nothing is known yet, and it has not taken long: then nothing is said.
    pub fn is_silent(&self, app: &App) -> bool {
        let nothing = self.verdicts.is_empty() && self.facts.path.hops.iter().all(|hop| hop.detail.shown().is_none());
        nothing && self.running && !app.is_busy()
    }

    /// The first hop that is denied, or else not decided.
    fn worst_hop(&self, party: Party) -> Option<usize> {
        let with = |answer| {
            self.verdicts.iter().filter(|v| v.party == party && v.decision.verdict == answer).map(|v| v.hop).min()
        };
        with(Answer::Deny).or_else(|| with(Answer::Unknown))
    }

    /// The verdict on a hop.
    pub fn verdict_at(&self, party: Party, hop: usize) -> Option<&'a Verdict> {
        self.verdicts.iter().find(|verdict| verdict.party == party && verdict.hop == hop)
    }

    /// The verdict that is looked at.
    pub fn verdict(&self) -> Option<&'a Verdict> {
        self.verdict_at(self.party, self.hop)
    }

    /// What was evaluated of it, where there was something to evaluate; the decision otherwise.
    pub fn evaluated(&self) -> Option<&'a Decision> {
        self.verdict().map(|verdict| verdict.evaluated.as_ref().unwrap_or(&verdict.decision))
    }

    /// What goes with the call of the hop.
    pub fn asked(&self) -> Option<&'a Hop> {
        self.inquiry.hops.get(self.hop)
    }

    /// What was looked up of the hop.
    pub fn hop_facts(&self) -> Option<&'a HopFacts> {
        self.facts.path.hops.get(self.hop)
    }

    /// What was looked up of whoever calls at this hop: behind the first it is the role of the hop before.
    pub fn caller_facts(&self) -> Option<&'a PrincipalFacts> {
        match (self.hop.checked_sub(1), self.party) {
            (Some(before), _) => self.facts.path.hops.get(before).map(|hop| &hop.own),
            (None, Party::Operator) => Some(&self.facts.operator),
            (None, Party::Workload) => Some(&self.facts.path.workload),
        }
    }

    /// The findings about the hop's role.
    pub fn findings(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        let role = self.asked().map(|hop| hop.role_arn.clone()).unwrap_or_default();
        let (name, alone) = (role_name(&role), self.inquiry.hops.len() == 1);
        // Where AWS does not know who calls, what is wrong is wrong with the credentials.
        let unknown_caller = self.verdict().is_some_and(|verdict| verdict.case.is_none());
        self.findings.iter().filter(move |finding| match finding.id.split('/').next() {
            Some("hop") => alone || finding.subject == name,
            Some("identity" | "clock" | "sts") => unknown_caller,
            _ => false,
        })
    }

    /// Whoever begins the path.
    pub fn start(&self, party: Party) -> Option<String> {
        let told = self.verdict_at(party, 0).and_then(|verdict| verdict.principal.clone());
        told.or_else(|| match party {
            Party::Operator => self.facts.identity.shown().map(|identity| identity.arn.to_string()),
            Party::Workload => self.inquiry.principal.as_ref().map(ToString::to_string),
        })
    }

    /// Whoever calls at the hop that is looked at, short.
    pub fn caller(&self) -> String {
        match self.hop.checked_sub(1).and_then(|before| self.inquiry.hops.get(before)) {
            Some(before) => format!("role/{}", role_name(&before.role_arn)),
            None => self.start(self.party).map_or_else(|| "not identified".into(), |arn| short(&arn)),
        }
    }

    /// The name of the hop's role.
    pub fn role(&self) -> String {
        self.asked().map(|hop| role_name(&hop.role_arn)).unwrap_or_default()
    }
}

/// How the screen names a party.
pub const fn who(party: Party) -> &'static str {
    match party {
        Party::Operator => "you",
        Party::Workload => "workload",
    }
}

/// A role with its account, as the first line has it.
pub fn role_of(arn: &str) -> String {
    RoleArn::parse(arn)
        .map_or_else(|_| arn.to_owned(), |role| format!("role/{} of {}", role.name(), role.account().grouped()))
}

/// A role by its name; what is no role's ARN as it was given.
pub fn role_name(arn: &str) -> String {
    RoleArn::parse(arn).map_or_else(|_| arn.to_owned(), |role| role.name().to_owned())
}

/// A principal by its short name, without its session.
pub fn short(arn: &str) -> String {
    match PrincipalArn::parse(arn) {
        Ok(PrincipalArn::Session { role, .. }) => format!("role/{role}"),
        Ok(other) => other.short(),
        Err(_) => arn.to_owned(),
    }
}

/// The mark of a verdict. What AWS refused is refused, also where nothing says why.
pub fn mark(verdict: &Verdict) -> Mark {
    if is_refused(verdict) { Mark::Fault } else { of_answer(verdict.decision.verdict) }
}

/// Whether AWS itself refused the call.
pub fn is_refused(verdict: &Verdict) -> bool {
    let error = verdict.live.as_ref().and_then(|live| live.outcome.as_ref().err());
    error.is_some_and(|error| error.kind == ErrorKind::Denied)
}

/// The mark of an answer.
pub const fn of_answer(answer: Answer) -> Mark {
    match answer {
        Answer::Allow => Mark::Good,
        Answer::Deny => Mark::Fault,
        Answer::Unknown => Mark::Unknown,
    }
}

/// The verdict in a word or some.
pub const fn word(decision: &Decision) -> &'static str {
    match (decision.verdict, decision.leaning) {
        (Answer::Allow, _) => "Allowed",
        (Answer::Deny, _) => "Denied",
        (Answer::Unknown, Some(Leaning::Allow)) => "Not decided, leaning to allowed",
        (Answer::Unknown, Some(Leaning::Deny)) => "Not decided, leaning to denied",
        (Answer::Unknown, _) => "Not decided",
    }
}
