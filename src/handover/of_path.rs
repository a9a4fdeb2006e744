//! The callers and roles of an access path that was diagnosed.

use super::of_facts::{Sent, View, allowed_by, named, policy_name, short, why};
use super::subject::{Caller, Edge, Slot, Target, Trust, Way};
use crate::judge::with_path;
use crate::model::facts::PrincipalFacts;
use crate::model::inquiry::Hop;
use crate::model::verdict::Party;
use crate::model::{Fact, Inquiry};
use crate::policy::{Layer, LayerCause};
use crate::values::{PrincipalArn, RoleArn};

impl View<'_> {
    /// Each hop's role is the caller of the next.
    pub(super) fn path(&self, inquiry: &Inquiry) -> Vec<Edge> {
        // A diagnosis that names nobody is about whoever asks.
        let looked_up = if inquiry.principal.is_some() { &self.facts.path.workload } else { &self.facts.operator };
        let identity = self.facts.identity.known().map(|identity| &identity.arn);
        // Whoever calls is judged as who they are: a trust policy may name a session alone. It is named as its role.
        let mut calling = self
            .wish
            .principal
            .clone()
            .or_else(|| Some(with_path(inquiry.principal.as_ref().or(identity)?, looked_up)));
        let mut principal = match &calling {
            Some(arn) if self.wish.principal.is_some() => named(arn),
            Some(arn) => named(&of_session(arn, looked_up)),
            None => Slot::open("principal-arn", why(self.facts, &self.facts.identity, String::new)),
        };
        let (mut edges, mut way) = (Vec::new(), Way::default());
        for (index, hop) in inquiry.hops.iter().enumerate() {
            let label = if inquiry.hops.len() == 1 { "role".into() } else { format!("role_{}", index + 1) };
            let role = self.hop(index, hop, label, calling.as_ref());
            let next = role.arn.map("principal-arn", |arn| PrincipalArn::Role(arn.clone()));
            let before = index.checked_sub(1).and_then(|before| self.facts.path.hops.get(before)).map(|hop| &hop.own);
            let own = before.or_else(|| (index == 0).then_some(looked_up));
            let policies = own.and_then(|own| own.policies.known());
            let roles = vec![role];
            // What was looked up first is of whoever was asked about, and of nobody who is named in their place.
            let is_own = index > 0 || self.wish.principal.is_none() || self.wish.principal == inquiry.principal;
            let actions = self.actions(Some(hop));
            let caller = Caller {
                is_webhook: false,
                leaves_external_id_out: false,
                stack: None,
                aws_profile: self.profile(principal.known().map(PrincipalArn::account)),
                signs_in: calling.as_ref().filter(|_| index == 0).and_then(|caller| self.signs_in(Some(caller))),
                policy_name: policy_name(principal.known(), &roles, policies.map_or(&[], Vec::as_slice)),
                allowed_by: own
                    .filter(|_| is_own)
                    .and_then(|own| allowed_by(principal.known()?, own, &roles, &actions)),
                findings: self.blockers(inquiry, index),
                principal,
            };
            if index == 0 {
                way.signs_in.clone_from(&caller.signs_in);
            }
            let walked = roles.clone();
            edges.push(Edge { caller, roles, actions, way: way.clone() });
            way.roles.extend(walked);
            calling = next.known().cloned();
            principal = next;
        }
        if let Some(first) = edges.first_mut().filter(|edge| edge.caller.principal.known().is_some()) {
            first.caller.findings.splice(0..0, self.nobody_named(inquiry));
        }
        let roles = &self.wish.roles;
        let wished = |role: &Target| roles.is_empty() || role.arn.known().is_some_and(|arn| roles.contains(arn));
        edges.retain(|edge| edge.roles.iter().any(wished));
        edges
    }

    fn nobody_named(&self, inquiry: &Inquiry) -> Option<String> {
        let named = self.wish.principal.is_some() || inquiry.principal.is_some();
        (!named).then(|| {
            "The principal is you, because nobody else was named: in production it is most often another one, which --principal names."
                .into()
        })
    }

    fn hop(&self, index: usize, hop: &Hop, label: String, caller: Option<&PrincipalArn>) -> Target {
        let name = format!("{}-arn", label.replace('_', "-"));
        let arn = match RoleArn::parse(&hop.role_arn) {
            Ok(arn) => Slot::Known(arn),
            Err(error) => Slot::open(&name, format!("What was given is no role's ARN: {}.", short(&error.to_string()))),
        };
        let looked_up = self.facts.path.hops.get(index).map(|facts| &facts.detail);
        // The role's own account has none of that name: it is to be made.
        let missing = matches!(looked_up, Some(Fact::Absent));
        let detail = looked_up.and_then(Fact::known).filter(|detail| arn.known() == Some(&detail.arn));
        let sent = Sent { caller, request: hop.request(), actions: self.actions(Some(hop)) };
        let target = self.target(label, arn, detail, looked_up, &sent);
        if missing { Target { trust: Trust::New, ..target } } else { target }
    }

    /// What refuses the caller of a hop, and no policy of its own that allows would help against. By its cause alone: the sentence about it may
    /// hold an external ID.
    fn blockers(&self, inquiry: &Inquiry, hop: usize) -> Vec<String> {
        let party = if inquiry.principal.is_some() { Party::Workload } else { Party::Operator };
        let verdicts = self.judgement.path.iter().filter(|verdict| verdict.hop == hop && verdict.party == party);
        let blocking = |cause: &&LayerCause| {
            matches!(cause.layer, Layer::Boundary | Layer::Session | Layer::Scp | Layer::Rcp)
                || cause.cause.0 == "explicit_deny_identity"
        };
        let mut causes: Vec<&str> = Vec::new();
        for cause in verdicts.flat_map(|verdict| &verdict.decision.causes).filter(blocking) {
            if !causes.contains(&cause.cause.0) {
                causes.push(cause.cause.0);
            }
        }
        let said =
            |cause| format!("The caller is also refused by another layer ({cause}): these texts do not cure that.");
        causes.into_iter().map(said).collect()
    }
}

/// A session as its role, where that was read: only then its path is known.
fn of_session(arn: &PrincipalArn, principal: &PrincipalFacts) -> PrincipalArn {
    match (arn, principal.role.known()) {
        (PrincipalArn::Session { role, account, .. }, Some(detail))
            if detail.arn.name() == role && detail.arn.account() == account =>
        {
            PrincipalArn::Role(detail.arn.clone())
        }
        _ => arn.clone(),
    }
}
