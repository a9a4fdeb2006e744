//! What cures a denied hop, and who keeps what would be edited.

use super::Path;
use super::findings::name;
use crate::judge::verdict::{operator_profile, role_stack};
use crate::model::selection::{CredentialSource, RoleKind};
use crate::model::verdict::Party;
use crate::model::{Fact, Facts, Hop};
use crate::policy::fix::{Cure, Ownership, Step, fixes_with};
use crate::policy::{Case, Decision};
use crate::values::{AccountId, PrincipalArn, RoleArn, shell};

/// How the command begins that makes a call.
const ASSUME_ROLE: &str = "aws sts assume-role ";

/// The session name of a hop that names none, to be found in CloudTrail.
const SESSION_NAME: &str = "rolecall-check";

impl Path<'_> {
    pub(super) fn cure(&self, hop: usize, party: Party, case: &Case, decision: &Decision) -> Cure {
        let role = RoleArn::parse(&case.role_arn).ok();
        let ownership = Ownership {
            role_stack: role.as_ref().and_then(|role| stack_of(self.facts, role)),
            caller_stack: caller_stack(self.facts, &case.caller),
            caller_missing: party == Party::Workload && hop == 0 && self.is_missing(&case.caller),
            role_profile: role.as_ref().and_then(|role| self.profile_of(role.account())),
            caller_profile: self.profile_of(case.caller.account()),
            signs_in: operator_profile(self.facts, self.selection, &case.caller)
                .filter(|_| hop == 0)
                .map(str::to_owned),
        };
        let mut cure = fixes_with(case, decision, self.facts.observed_at, &ownership);
        self.with_hops_before(hop, party, &mut cure);
        cure
    }

    /// Whether IAM answered that there is no such principal. A user is no role, which says nothing of whether there is one.
    fn is_missing(&self, principal: &PrincipalArn) -> bool {
        let read = &self.facts.path.workload;
        match principal {
            PrincipalArn::Role(_) | PrincipalArn::Session { .. } => read.role == Fact::Absent,
            _ => read.policies == Fact::Absent,
        }
    }

    /// A call of a later hop is made with the session of the hop before it: as anybody else it is refused. So that comes first.
    fn with_hops_before(&self, hop: usize, party: Party, cure: &mut Cure) {
        let before: Vec<&Hop> = self.inquiry.hops.iter().take(hop).collect();
        let Some(last) = before.last() else { return };
        let session = name(&last.role_arn);
        let first = match party {
            Party::Operator => self.facts.identity.known().map(|identity| &identity.arn),
            Party::Workload => self.inquiry.principal.as_ref(),
        };
        let signs_in = first.and_then(|caller| operator_profile(self.facts, self.selection, caller));
        for fix in &mut cure.fixes {
            let is_call = |step: &Step| step.command.as_ref().is_some_and(|text| text.starts_with(ASSUME_ROLE));
            let Some(at) = fix.steps.iter().position(is_call) else { continue };
            if let Some(step) = fix.steps.get_mut(at) {
                step.what = format!("Make the call with that session of {session}.");
            }
            let sessions = before.iter().enumerate().map(|(number, hop)| Step {
                what: format!("First assume {}: its session makes the next call.", name(&hop.role_arn)),
                command: Some(call(hop, signs_in.filter(|_| number == 0))),
            });
            fix.steps.splice(at..at, sessions);
        }
    }

    /// An AWS profile of that account: an inspector, else the operator's own.
    pub(super) fn profile_of(&self, account: &AccountId) -> Option<String> {
        let mut inspectors = self.facts.path.inspectors.iter();
        let inspector = inspectors.find(|(_, who)| who.known().is_some_and(|who| &who.account == account));
        let own = || match &self.selection.source {
            Some(CredentialSource::Profile(name)) => {
                self.facts.identity.known().filter(|who| &who.account == account).map(|_| name.clone())
            }
            _ => None,
        };
        inspector.map(|(name, _)| name.clone()).or_else(own)
    }
}

/// The command that makes the call of a hop; `signs_in` is the AWS profile of whoever makes it.
fn call(hop: &Hop, signs_in: Option<&str>) -> String {
    let session = hop.session_name.as_deref().unwrap_or(SESSION_NAME);
    let mut words = vec!["aws", "sts", "assume-role", "--role-arn", &hop.role_arn, "--role-session-name", session];
    words.extend(hop.external_id.iter().flat_map(|id| ["--external-id", id.as_str()]));
    words.extend(signs_in.into_iter().flat_map(|name| ["--profile", name]));
    shell::command(words)
}

/// The stack that made a role, where the walk has seen it.
fn stack_of(facts: &Facts, role: &RoleArn) -> Option<String> {
    let roles = RoleKind::BOTH.into_iter().filter_map(|kind| facts.role(kind)?.found.known());
    roles.filter(|found| found.arn == *role).find_map(|found| role_stack(facts, found))
}

/// The webhook's stack, for its task role.
fn caller_stack(facts: &Facts, caller: &PrincipalArn) -> Option<String> {
    let is_task_role = facts.workload.arn.known() == Some(caller);
    facts.webhook.known().filter(|_| is_task_role).map(|stack| stack.arn.name().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::{Inquiry, Selection};
    use crate::policy::{NamedPolicy, Policy, Readable, Request, evaluate};
    use crate::values::time::Timestamp;

    #[test]
    fn a_call_of_a_later_hop_comes_after_the_calls_before_it() {
        let now: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
        let (jump, last) = ("arn:aws:iam::111122223333:role/Jump", "arn:aws:iam::444455556666:role/Pull");
        let allow = json!({"Effect": "Allow", "Action": "sts:AssumeRole"});
        let with = |member: &str, value: Value| {
            let mut statement = allow.clone();
            statement[member] = value;
            Policy::from_json(&json!({"Statement": [statement]})).unwrap()
        };
        let own = NamedPolicy { name: "inline policy own".into(), policy: with("Resource", json!(last)) };
        let case = Case {
            trust: Readable::Read(Some(with("Principal", json!({"AWS": jump})))),
            identity: Readable::Read(vec![own]),
            boundary: Readable::Read(None),
            session: Readable::Read(None),
            scps: Readable::Read(Vec::new()),
            rcps: Readable::Read(Vec::new()),
            request: Request { duration_seconds: Some(7_200), ..Request::default() },
            ..Case::new(PrincipalArn::parse("arn:aws:sts::111122223333:assumed-role/Jump/s").unwrap(), last)
        };
        let first = Hop { external_id: Some("jump-4242".into()), ..Hop::to(jump) };
        let inquiry = Inquiry { hops: vec![first, Hop::to(last)], ..Inquiry::default() };
        let (facts, selection) = (Facts::new(now), Selection::new());
        let path = Path { facts: &facts, selection: &selection, inquiry: &inquiry };
        let decision = evaluate(&case, now);
        let steps = |hop| {
            let cure = path.cure(hop, Party::Operator, &case, &decision);
            let steps = cure.fixes.into_iter().flat_map(|fix| fix.steps);
            steps.filter_map(|step| Some((step.what, step.command?))).collect::<Vec<_>>()
        };
        let chained = steps(1);
        let [first, then] = chained.as_slice() else { panic!("{chained:?}") };
        assert!(first.0.contains("First assume Jump") && first.1.contains(jump) && first.1.contains("jump-4242"));
        assert!(then.0.contains("session of Jump") && then.1.contains(last) && then.1.contains("3600"), "{then:?}");
        assert_eq!(steps(0).len(), 1);
    }
}
