//! What cures a denial of the workload: edits that were applied to a copy and evaluated again, and who keeps what they edit.

use crate::model::facts::{RoleFound, RoleSource};
use crate::model::selection::{CredentialSource, RoleKind, WorkloadChoice};
use crate::model::{Facts, Selection};
use crate::policy::fix::{Cure, Fix, NoFix, Ownership, Step, fixes_with};
use crate::policy::{Answer, Case, Decision, evaluate};
use crate::values::{AccountId, PrincipalArn, RoleArn};

/// The cures of one walk over the roles. Two roles may be cured in the same policy of the caller: the second command then holds the first
/// edit as well, or it would undo it.
pub(super) struct Cures<'a> {
    facts: &'a Facts,
    selection: &'a Selection,
    offered: Option<Offered>,
}

/// What was offered so far for the caller's own policies.
struct Offered {
    /// The caller's case with it made.
    edited: Case,
    /// The edits themselves.
    fixes: Vec<Fix>,
    /// For which role.
    role: String,
}

impl<'a> Cures<'a> {
    pub const fn new(facts: &'a Facts, selection: &'a Selection) -> Self {
        Self { facts, selection, offered: None }
    }

    /// The cure of one denied hop of the workload.
    pub fn of(&mut self, found: &RoleFound, case: &Case, decision: &Decision) -> Cure {
        let cure = self.on_top(found, case).unwrap_or_else(|| self.alone(found, case, decision));
        let typed = matches!(self.selection.workload, WorkloadChoice::Role(_));
        if !typed && cure.fixes.iter().any(Fix::is_of_request) {
            return Cure { fixes: Vec::new(), no_fix: Some(not_the_webhooks(found, decision)) };
        }
        // A second cure holds the first, so both apply to the policies as they are.
        if let Some((edited, fixes)) = with_callers_own(&cure, case) {
            self.offered = Some(Offered { edited, fixes, role: found.arn.name().to_owned() });
        }
        cure
    }

    fn alone(&self, found: &RoleFound, case: &Case, decision: &Decision) -> Cure {
        fixes_with(case, decision, self.facts.observed_at, &ownership(self.facts, self.selection, found))
    }

    /// The cure once the edits for the other role are made; `None` where there are none, or they cure this one too.
    fn on_top(&self, found: &RoleFound, case: &Case) -> Option<Cure> {
        let offered = self.offered.as_ref()?;
        let edited = &offered.edited;
        let case = Case { identity: edited.identity.clone(), boundary: edited.boundary.clone(), ..case.clone() };
        let decision = evaluate(&case, self.facts.observed_at);
        let mut cure = (decision.verdict == Answer::Deny).then(|| self.alone(found, &case, &decision))?;
        for fix in cure.fixes.iter_mut().filter(|fix| fix.is_of_callers_own()) {
            fix.steps.push(Step::know(format!("The document holds the edit for {} as well.", offered.role)));
            if let Some(first) = offered.fixes.iter().find(|first| first.target == fix.target) {
                fix.patch.0.splice(0..0, first.patch.0.iter().cloned());
            }
        }
        Some(cure)
    }
}

/// The case with the edits of policies that the caller has already, and those edits; `None` where there are none.
fn with_callers_own(cure: &Cure, case: &Case) -> Option<(Case, Vec<Fix>)> {
    let own: Vec<Fix> = cure.fixes.iter().filter(|fix| fix.is_of_callers_own()).cloned().collect();
    let edited = (!own.is_empty()).then(|| own.iter().try_fold(case.clone(), |case, fix| fix.applied(&case)))??;
    Some((edited, own))
}

/// The webhook's own code makes its call, and no setting changes what it sends.
fn not_the_webhooks(found: &RoleFound, decision: &Decision) -> NoFix {
    NoFix {
        reason: format!("{} The webhook has no setting for what it sends with sts:AssumeRole.", decision.summary),
        owner: format!("the owner of {}", found.arn.name()),
        next_step:
            "Ask the role's owner for a statement of its own for the webhook's task role, without that condition."
                .into(),
    }
}

fn ownership(facts: &Facts, selection: &Selection, found: &RoleFound) -> Ownership {
    let webhook = facts.webhook.known().filter(|_| !matches!(selection.workload, WorkloadChoice::Role(_)));
    Ownership {
        role_stack: role_stack(facts, found),
        caller_stack: webhook.map(|stack| stack.arn.name().to_owned()),
        caller_missing: false,
        role_profile: profile_of(facts, selection, found.arn.account()),
        caller_profile: facts.workload.arn.known().and_then(|caller| profile_of(facts, selection, caller.account())),
        signs_in: facts
            .workload
            .arn
            .known()
            .and_then(|caller| operator_profile(facts, selection, caller))
            .map(str::to_owned),
    }
}

/// The stack that made a role.
pub(crate) fn role_stack(facts: &Facts, found: &RoleFound) -> Option<String> {
    match &found.source {
        RoleSource::StackResource(_) => facts.stack.known().map(|stack| stack.arn.name().to_owned()),
        RoleSource::IamStackOutput { stack, .. } => Some(stack.clone()),
        _ => None,
    }
}

/// The chosen AWS profile, when its credentials are of that account.
pub(crate) fn profile_of(facts: &Facts, selection: &Selection, account: &AccountId) -> Option<String> {
    let same = facts.identity.known().is_some_and(|identity| &identity.account == account);
    match &selection.source {
        Some(CredentialSource::Profile(name)) if same => Some(name.clone()),
        _ => None,
    }
}

/// The chosen AWS profile, when it signs in as this very caller: as the user itself, or as a session of the role.
pub(crate) fn operator_profile<'a>(facts: &Facts, selection: &'a Selection, caller: &PrincipalArn) -> Option<&'a str> {
    let own = &facts.identity.known()?.arn;
    let is_session = match (own, caller) {
        (PrincipalArn::Session { account, role, .. }, PrincipalArn::Role(arn)) => {
            role == arn.name() && account == arn.account()
        }
        _ => false,
    };
    match &selection.source {
        Some(CredentialSource::Profile(name)) if own == caller || is_session => Some(name),
        _ => None,
    }
}

/// The cure of the workload's own side alone, as if the role trusted its whole account.
pub(in super::super) fn caller_cure(facts: &Facts, selection: &Selection, wanted: &RoleArn) -> Option<Cure> {
    let mut cures = Cures::new(facts, selection);
    RoleKind::BOTH
        .into_iter()
        .filter_map(|kind| {
            let role = facts.role(kind)?;
            let found = role.found.known()?;
            let case = super::alone::caller_case(facts, selection, role)?;
            let decision = evaluate(&case, facts.observed_at);
            (decision.verdict == Answer::Deny).then(|| (&found.arn, cures.of(found, &case, &decision)))
        })
        .find(|(arn, _)| *arn == wanted)
        .map(|(_, cure)| cure)
}
