//! The verdicts of a diagnosis: every hop for the operator, and for the principal that was named beside.

mod beside;
mod credentials;
mod cure;
mod eliminate;
mod findings;
mod mfa;
mod next;
mod question;
mod service;
mod simulate;
mod tried;

use crate::model::verdict::{Evidence, Party};
use crate::model::{AwsError, ErrorKind, Fact, Facts, Inquiry, LiveCall, Selection, Verdict};
use crate::policy::{Answer, Case, Decision, Leaning, LiveError, evaluate};

use super::verdict::proven;
use super::{evidence, told};
pub(super) use beside::inspectors_of;
pub(super) use findings::{judge, name};

/// In the order of the hops; per hop the workload's verdict, then the operator's. What is under way has none.
pub(super) fn verdicts(facts: &Facts, selection: &Selection) -> Vec<Verdict> {
    let Some(inquiry) = &selection.inquiry else { return Vec::new() };
    let path = Path { facts, selection, inquiry };
    let hops = 0..inquiry.hops.len().min(facts.path.hops.len());
    let judged: Vec<Verdict> = hops.flat_map(|hop| [path.workload(hop), path.operator(hop)]).flatten().collect();
    if judged.is_empty() { credentials::verdict(facts, inquiry).into_iter().collect() } else { judged }
}

/// Whether a verdict is what the diagnosis is about: the named principal's, or the operator's where nobody else was named.
pub(super) fn is_asked_about(facts: &Facts, inquiry: &Inquiry, party: Party) -> bool {
    let operator = facts.identity.known().map(|identity| &identity.arn);
    let other = inquiry.principal.as_ref().is_some_and(|named| Some(named) != operator);
    (party == Party::Workload) == other
}

/// What is asked, and what was looked up for it.
#[derive(Clone, Copy)]
struct Path<'a> {
    facts: &'a Facts,
    selection: &'a Selection,
    inquiry: &'a Inquiry,
}

impl Path<'_> {
    fn workload(&self, hop: usize) -> Option<Verdict> {
        if !is_asked_about(self.facts, self.inquiry, Party::Workload) {
            return None;
        }
        let case = self.question(hop, Party::Workload)?;
        let pasted = told::pasted(self.inquiry, &case);
        let case = Case { live_error: pasted.as_ref().map(|told| told.error.clone()), ..case };
        let evaluated = evaluate(&Case { live_error: None, ..case.clone() }, self.facts.observed_at);
        let decision = evaluate(&case, self.facts.observed_at);
        let told = pasted.map(|pasted| pasted.told);
        Some(self.verdict(hop, Party::Workload, case, Judged { evaluated, decision, live: None, told }))
    }

    fn operator(&self, hop: usize) -> Option<Verdict> {
        let live = match &self.facts.path.hops.get(hop)?.live {
            Fact::Pending(_) => return None,
            other => other.known(),
        };
        let Some(case) = self.question(hop, Party::Operator) else {
            // Whoever AWS does not know may still have been told why.
            return credentials::of_call(self.facts, self.inquiry, hop, live);
        };
        let now = self.facts.observed_at;
        let evaluated = evaluate(&case, now);
        let (case, decision) = match live.map(|live| &live.outcome) {
            Some(Ok(_)) => {
                (case, if evaluated.verdict == Answer::Allow { evaluated.clone() } else { proven(&evaluated) })
            }
            Some(Err(error)) if tells_of_access(error) => {
                let case = Case { live_error: Some(live_error(error)), ..case };
                let decision = evaluate(&case, now);
                let told = live.and_then(told::of_call);
                let settled = eliminate::mfa_age(&case, &decision, told.as_ref(), now);
                (case, settled.unwrap_or(decision))
            }
            _ => (case, evaluated.clone()),
        };
        let decision = mfa::with_devices(decision, &self.facts.path.mfa_devices);
        let told = told::pasted(self.inquiry, &case).map(|pasted| pasted.told);
        Some(self.verdict(hop, Party::Operator, case, Judged { evaluated, decision, live: live.cloned(), told }))
    }

    fn verdict(&self, hop: usize, party: Party, case: Case, judged: Judged) -> Verdict {
        let Judged { evaluated, decision, live, told } = judged;
        let simulated = self.facts.path.hops.get(hop).and_then(|facts| facts.simulated.get(&party));
        let decision = simulate::doubted(decision, simulated.and_then(Fact::known));
        let evidence = Evidence {
            simulated: simulated.cloned().unwrap_or_default(),
            ..evidence::of(&case, self.facts.observed_at, live.as_ref(), told)
        };
        let disagreement = live.as_ref().is_some_and(|live| contradicts(live, &evaluated, &decision));
        // What is refused for a reason that nobody at hand can read has no edit, but somebody whose decision it is.
        let refused = decision.verdict == Answer::Deny || decision.leaning == Some(Leaning::Deny);
        let cured = refused && (party == Party::Workload || is_asked_about(self.facts, self.inquiry, Party::Operator));
        let cure = cured.then(|| match decision.cause {
            mfa::UNUSABLE => mfa::no_cure(),
            _ => eliminate::cure(self.cure(hop, party, &case, &decision), &decision),
        });
        Verdict {
            party,
            principal: Some(case.caller.to_string()),
            hop,
            role_arn: case.role_arn.clone(),
            next: next::steps(self, &case, &decision),
            evidence,
            case: Some(Box::new(case)),
            evaluated: Some(evaluated),
            decision,
            live,
            disagreement,
            cure,
        }
    }
}

/// What a verdict is made of, apart from the question.
struct Judged {
    evaluated: Decision,
    decision: Decision,
    live: Option<LiveCall>,
    told: Option<crate::model::verdict::Told>,
}

/// Whether AWS's answer to the call says anything of who may do what. A call that did not arrive says nothing.
fn tells_of_access(error: &AwsError) -> bool {
    error.code.is_some()
        && !matches!(error.kind, ErrorKind::Network | ErrorKind::Guard | ErrorKind::Cancelled | ErrorKind::Throttled)
}

fn live_error(error: &AwsError) -> LiveError {
    LiveError { code: error.code().into(), message: error.message.clone(), operation: None }
}

/// Allowed by everything that was read and yet refused, or the other way round. A refusal of credentials or request is no contradiction, nor
/// one whose message names the policy type that could not be read.
fn contradicts(live: &LiveCall, evaluated: &Decision, decision: &Decision) -> bool {
    match &live.outcome {
        Ok(_) => evaluated.verdict == Answer::Deny,
        Err(error) if error.kind == ErrorKind::Denied && decision.verdict != Answer::Deny => {
            evaluated.verdict == Answer::Allow || evaluated.leaning == Some(Leaning::Allow)
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests;
