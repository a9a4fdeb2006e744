//! The question of one hop: who calls, with what policies, whom the role trusts, what goes with the call.

use super::Path;
use crate::model::facts::{HopFacts, PrincipalFacts, RoleDetail};
use crate::model::verdict::Party;
use crate::model::{Fact, Hop};
use crate::policy::case::CredentialKind;
use crate::policy::document::Policy;
use crate::policy::{Case, NamedPolicy, Readable, Request};
use crate::values::PrincipalArn;

impl Path<'_> {
    /// `None` while a part is under way, or where nobody is known to call.
    pub(super) fn question(&self, hop: usize, party: Party) -> Option<Case> {
        let (wanted, facts) = (self.inquiry.hops.get(hop)?, self.facts.path.hops.get(hop)?);
        // Who does not walk the first hop walks none of the later ones.
        let first = self.first(party)?;
        let caller = match hop.checked_sub(1) {
            None => first,
            Some(before) => self.later(before, party)?,
        };
        if facts.detail.is_pending() || caller.policies.policies.is_pending() || caller.policies.boundary.is_pending() {
            return None;
        }
        let session_name = match party {
            Party::Operator => facts.live.known().map(|live| live.session_name.clone()),
            Party::Workload => None,
        };
        let request = Request {
            mfa: caller.mfa,
            mfa_age_seconds: caller.mfa_age,
            session_name: wanted.session_name.clone().or(session_name),
            source_identity: self.source_identity(hop),
            region: self.facts.credentials.known().map(|credentials| credentials.region.clone()),
            ..wanted.request()
        };
        Some(Case {
            credential: caller.credential,
            identity: read(&caller.policies.policies),
            boundary: read(&caller.policies.boundary),
            session: caller.session,
            trust: trust(wanted, facts),
            max_session_duration: detail(wanted, facts).and_then(|detail| detail.max_session_duration),
            role_age_seconds: detail(wanted, facts).and_then(|detail| self.age(detail)),
            get_role_arn: another(wanted, facts),
            request,
            ..Case::new(caller.arn, wanted.role_arn.clone())
        })
    }

    /// Who assumes the first role.
    fn first(&self, party: Party) -> Option<Caller<'_>> {
        match party {
            Party::Operator => self.operator_himself(),
            Party::Workload => self.named(),
        }
    }

    fn operator_himself(&self) -> Option<Caller<'_>> {
        let arn = self.facts.identity.known()?.arn.clone();
        let by_mfa = self.facts.path.mfa_session.known().is_some();
        let credential = match self.facts.credentials.known().map(|credentials| credentials.prefix.as_str()) {
            _ if by_mfa => Some(CredentialKind::Temporary),
            Some("AKIA") => Some(CredentialKind::LongTerm),
            Some("ASIA") => Some(CredentialKind::Temporary),
            _ => None,
        };
        let long_term = credential == Some(CredentialKind::LongTerm);
        let is_user = matches!(arn, PrincipalArn::User { .. });
        Some(Caller {
            credential,
            mfa: if by_mfa { Some(true) } else { self.own_mfa(&arn, long_term) },
            // The code was used moments ago.
            mfa_age: by_mfa.then_some(0),
            // Users have no session policy, not even those of GetSessionToken.
            session: if is_user { Readable::Read(None) } else { Readable::Unread },
            policies: &self.facts.operator,
            arn,
        })
    }

    /// Whether the operator's own credentials carry MFA.
    ///
    /// Long-term keys alone do not. "The temporary credentials returned by AssumeRole do not include MFA information in the context" (IAM
    /// User Guide, "Secure API access with MFA"). A user's from GetSessionToken do, if IAM answers them: without MFA they "cannot call
    /// any IAM API operations" (STS API Reference, "GetSessionToken").
    fn own_mfa(&self, arn: &PrincipalArn, long_term: bool) -> Option<bool> {
        match arn {
            PrincipalArn::Session { .. } => Some(false),
            _ if long_term => Some(false),
            PrincipalArn::User { .. } => self.facts.operator.policies.known().map(|_| true),
            _ => None,
        }
    }

    /// The principal that was named.
    fn named(&self) -> Option<Caller<'_>> {
        let policies = &self.facts.path.workload;
        let arn = policies.arn.known().or(self.inquiry.principal.as_ref())?.clone();
        let arn = match (&arn, policies.role.known()) {
            (PrincipalArn::Role(role), Some(detail))
                if detail.arn.account() == role.account() && detail.arn.name() == role.name() =>
            {
                PrincipalArn::Role(detail.arn.clone())
            }
            _ => arn,
        };
        let is_role = matches!(arn, PrincipalArn::Role(_));
        let is_session = is_role || matches!(arn, PrincipalArn::Session { .. });
        Some(Caller {
            credential: is_session.then_some(CredentialKind::Temporary),
            mfa: is_role.then_some(false),
            mfa_age: None,
            // A service starts its session without a policy; that of another's session nobody can read.
            session: if is_role { Readable::Read(None) } else { Readable::Unread },
            policies,
            arn,
        })
    }

    /// Who assumes a later role: a session of the role before. A role session carries no MFA, and the test's own session policy allows the call.
    fn later(&self, before: usize, party: Party) -> Option<Caller<'_>> {
        let (wanted, facts) = (self.inquiry.hops.get(before)?, self.facts.path.hops.get(before)?);
        let role = wanted.role()?;
        let live = facts.live.known().filter(|live| party == Party::Operator && live.outcome.is_ok());
        let session = wanted.session_name.clone().or_else(|| live.map(|live| live.session_name.clone()));
        let arn = match session {
            Some(session) if live.is_some() => PrincipalArn::Session {
                partition: role.partition().to_owned(),
                account: role.account().clone(),
                role: role.name().to_owned(),
                session,
            },
            _ => PrincipalArn::Role(role),
        };
        Some(Caller {
            credential: Some(CredentialKind::Temporary),
            mfa: Some(false),
            mfa_age: None,
            session: Readable::Read(None),
            policies: &facts.own,
            arn,
        })
    }

    /// "The source identity persists across role chaining" (IAM User Guide, "Monitor and control actions taken with assumed roles").
    fn source_identity(&self, hop: usize) -> Option<String> {
        let upto = self.inquiry.hops.get(..=hop)?;
        upto.iter().rev().find_map(|hop| hop.source_identity.clone())
    }

    fn age(&self, detail: &RoleDetail) -> Option<u64> {
        u64::try_from(self.facts.observed_at.duration_since(detail.created?).as_secs()).ok()
    }
}

/// Who calls, and what limits them.
struct Caller<'a> {
    arn: PrincipalArn,
    credential: Option<CredentialKind>,
    mfa: Option<bool>,
    mfa_age: Option<u64>,
    session: Readable<Option<NamedPolicy>>,
    policies: &'a PrincipalFacts,
}

fn read<T: Clone>(fact: &Fact<T>) -> Readable<T> {
    fact.known().cloned().into()
}

/// What `iam:GetRole` told, if it was about this role.
fn detail<'a>(wanted: &Hop, facts: &'a HopFacts) -> Option<&'a RoleDetail> {
    facts.detail.known().filter(|detail| wanted.role().as_ref() == Some(&detail.arn))
}

/// The ARN that was told, where it is a role of another account.
pub(super) fn another(wanted: &Hop, facts: &HopFacts) -> Option<String> {
    let (asked, told) = (wanted.role()?, &facts.detail.known()?.arn);
    (asked.account() != told.account()).then(|| told.to_string())
}

fn trust(wanted: &Hop, facts: &HopFacts) -> Readable<Option<Policy>> {
    match (&facts.detail, detail(wanted, facts)) {
        (_, Some(detail)) => match &detail.trust {
            Ok(policy) => Readable::Read(Some(policy.clone())),
            Err(_) => Readable::Unread,
        },
        // The role's own account has none of that name; or one with another path, which the ARN that was given does not name.
        (Fact::Absent, _) => Readable::Read(None),
        (Fact::Known(_), _) if another(wanted, facts).is_none() => Readable::Read(None),
        _ => Readable::Unread,
    }
}
