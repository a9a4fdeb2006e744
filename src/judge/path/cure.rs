//! What cures a denied hop, and who keeps what would be edited.

use super::Path;
use crate::judge::verdict::role_stack;
use crate::model::selection::{CredentialSource, RoleKind};
use crate::model::verdict::Party;
use crate::model::{Fact, Facts};
use crate::policy::fix::{Cure, Ownership, fixes_with};
use crate::policy::{Case, Decision};
use crate::values::{AccountId, PrincipalArn, RoleArn};

impl Path<'_> {
    pub(super) fn cure(&self, hop: usize, party: Party, case: &Case, decision: &Decision) -> Cure {
        let role = RoleArn::parse(&case.role_arn).ok();
        let ownership = Ownership {
            role_stack: role.as_ref().and_then(|role| stack_of(self.facts, role)),
            caller_stack: caller_stack(self.facts, &case.caller),
            caller_missing: party == Party::Workload && hop == 0 && self.facts.path.workload.role == Fact::Absent,
            role_profile: role.as_ref().and_then(|role| self.profile_of(role.account())),
            caller_profile: self.profile_of(case.caller.account()),
        };
        fixes_with(case, decision, self.facts.observed_at, &ownership)
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
