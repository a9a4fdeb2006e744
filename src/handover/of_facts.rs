//! The subject of the texts, from what was looked up and chosen.

use super::of_service::service;
use super::subject::{Caller, Edge, Slot, Standing, Subject, Target, Trust};
use super::{external_id, standing};
use crate::judge::{Judgement, matching_detail, profile_of, role_stack, with_path};
use crate::model::facts::{PrincipalFacts, RoleDetail, RoleFacts};
use crate::model::inquiry::Hop;
use crate::model::selection::{RoleKind, WorkloadChoice};
use crate::model::verdict::Party;
use crate::model::{Fact, Facts, Finding, Inquiry, Selection, Severity};
use crate::plan::Draft;
use crate::policy::{Layer, NamedPolicy, Request};
use crate::values::text::{has_unsafe, safe};
use crate::values::{PrincipalArn, RoleArn};

/// What is wished for beside what was looked up and chosen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wish {
    /// These roles, in place of those that were found.
    pub roles: Vec<RoleArn>,
    /// This principal, in place of the webhook or the one that was chosen.
    pub principal: Option<PrincipalArn>,
    /// External IDs are written out.
    pub shows_external_ids: bool,
    /// `sts:TagSession` is allowed too.
    pub tags_session: bool,
    /// The roles do not exist yet.
    pub new_roles: bool,
}

/// Puts the subject together. Without a draft, it is the one that the facts suggest.
#[must_use]
pub fn subject(
    facts: &Facts,
    selection: &Selection,
    judgement: &Judgement,
    draft: Option<&Draft>,
    wish: &Wish,
) -> Subject {
    let view = View { facts, selection, judgement, wish };
    let inquiry = selection.inquiry.as_ref().filter(|inquiry| {
        let is_hop = |role: &RoleArn| inquiry.hops.iter().any(|hop| hop.role_arn == role.to_string());
        !inquiry.hops.is_empty() && wish.roles.iter().all(is_hop)
    });
    let suggested;
    let draft = match draft {
        Some(draft) => draft,
        None => {
            suggested = Draft::from_facts(facts, selection);
            &suggested
        }
    };
    Subject {
        edges: inquiry.map_or_else(|| vec![view.walk()], |inquiry| view.path(inquiry)),
        service: service(facts, selection, draft),
        is_of_service: inquiry.is_none() || facts.stack.known().is_some_and(crate::model::facts::Stack::is_quilt),
    }
}

/// A value, unless it holds what no text may hold.
pub(super) fn slot(value: Option<impl Into<String>>, name: &str, why: impl FnOnce() -> String) -> Slot {
    match value.map(Into::into) {
        Some(value) if has_unsafe(&value) => {
            Slot::open(name, format!("Its value holds characters that do not print: {}.", short(&value)))
        }
        Some(value) => Slot::Known(value),
        None => Slot::Open(super::Gap::new(name, why())),
    }
}

fn short(value: &str) -> String {
    safe(&value.chars().take(60).collect::<String>()).into_owned()
}

/// Why a fact is not known, in a sentence; `absent` says what it means that there is none.
pub(super) fn why<T>(facts: &Facts, fact: &Fact<T>, absent: impl FnOnce() -> String) -> String {
    match fact {
        Fact::Absent => absent(),
        Fact::Denied { action, .. } => format!("Looking it up needs {action}."),
        Fact::Failed(error) => format!("Looking it up failed: {}.", short(error.message.trim_end_matches('.'))),
        Fact::Pending(_) => "It is still being looked up.".into(),
        Fact::NotAsked | Fact::Known(_) => match facts.identity.error() {
            Some(error) => {
                format!("AWS could not be asked: {}.", short(error.message.trim_end_matches('.')))
            }
            None => "It was not looked up.".into(),
        },
    }
}

/// Who calls, and what goes with the call.
struct Sent<'a> {
    caller: Option<&'a PrincipalArn>,
    request: Request,
    actions: Vec<&'static str>,
}

struct View<'a> {
    facts: &'a Facts,
    selection: &'a Selection,
    judgement: &'a Judgement,
    wish: &'a Wish,
}

impl View<'_> {
    /// The webhook, or the principal that was chosen in its place, and the two roles or those that were wished for.
    fn walk(&self) -> Edge {
        let is_webhook = self.wish.principal.is_none() && !matches!(self.selection.workload, WorkloadChoice::Role(_));
        let principal = self.wish.principal.as_ref().map_or_else(|| self.workload(), named);
        // What the webhook does not send, no trust policy may ask of it.
        let external_id = self.selection.external_id.clone().filter(|_| !is_webhook);
        let request = Request { external_id, mfa: Some(false), ..Request::default() };
        let sent = Sent { caller: principal.known(), request, actions: self.actions(None) };
        let roles: Vec<Target> = if self.wish.roles.is_empty() {
            RoleKind::BOTH.into_iter().map(|kind| self.found(kind, &sent)).collect()
        } else {
            (1..).zip(&self.wish.roles).map(|(number, arn)| self.wished(number, arn, &sent)).collect()
        };
        // What was looked up is of the workload, and of nobody who was wished for in its place.
        let own = self.wish.principal.is_none().then_some(&self.facts.workload);
        let policies = own.and_then(|own| own.policies.known()).map_or(&[][..], Vec::as_slice);
        let caller = Caller {
            is_webhook,
            leaves_external_id_out: is_webhook && self.selection.external_id.is_some(),
            stack: self.facts.webhook.known().filter(|_| is_webhook).map(|stack| stack.arn.name().to_owned()),
            aws_profile: self.profile(principal.known().map(PrincipalArn::account)),
            policy_name: policy_name(&roles, policies),
            findings: own.map_or_else(Vec::new, |_| self.findings(&roles)),
            principal,
        };
        Edge { caller, roles, actions: self.actions(None) }
    }

    /// Each hop's role is the caller of the next.
    fn path(&self, inquiry: &Inquiry) -> Vec<Edge> {
        // A diagnosis that names nobody is about whoever asks.
        let own = |first: bool| match (first, &inquiry.principal) {
            (true, None) => Some(&self.facts.operator),
            (true, Some(_)) => Some(&self.facts.path.workload),
            (false, _) => None,
        };
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
        let mut edges = Vec::new();
        for (index, hop) in inquiry.hops.iter().enumerate() {
            let label = if inquiry.hops.len() == 1 { "role".into() } else { format!("role_{}", index + 1) };
            let role = self.hop(index, hop, label, calling.as_ref());
            let next = role.arn.map("principal-arn", |arn| PrincipalArn::Role(arn.clone()));
            let before = index.checked_sub(1).and_then(|before| self.facts.path.hops.get(before)).map(|hop| &hop.own);
            let policies = own(index == 0).or(before).and_then(|own| own.policies.known());
            let roles = vec![role];
            let caller = Caller {
                is_webhook: false,
                leaves_external_id_out: false,
                stack: None,
                aws_profile: self.profile(principal.known().map(PrincipalArn::account)),
                policy_name: policy_name(&roles, policies.map_or(&[], Vec::as_slice)),
                findings: self.blockers(inquiry, index),
                principal,
            };
            edges.push(Edge { caller, roles, actions: self.actions(Some(hop)) });
            calling = next.known().cloned();
            principal = next;
        }
        let wished = |role: &Target| {
            self.wish.roles.is_empty() || role.arn.known().is_some_and(|arn| self.wish.roles.contains(arn))
        };
        if self.wish.principal.is_none()
            && inquiry.principal.is_none()
            && let Some(first) = edges.first_mut().filter(|edge| edge.caller.principal.known().is_some())
        {
            first.caller.findings.insert(
                0,
                "The principal is you, because nobody else was named: in production it is most often another one, which --principal names.".into(),
            );
        }
        edges.retain(|edge| edge.roles.iter().any(wished));
        edges
    }

    fn external_id(&self, sent: &Sent<'_>) -> Option<Slot> {
        let id = sent.request.external_id.as_deref()?;
        Some(external_id::sent(id, self.wish.shows_external_ids))
    }

    fn actions(&self, hop: Option<&Hop>) -> Vec<&'static str> {
        let tags = self.wish.tags_session || hop.is_some_and(|hop| !hop.tags.is_empty());
        let source = hop.is_some_and(|hop| hop.source_identity.is_some());
        let more = [(tags, "sts:TagSession"), (source, "sts:SetSourceIdentity")];
        let more = more.into_iter().filter(|(wanted, _)| *wanted).map(|(_, action)| action);
        std::iter::once("sts:AssumeRole").chain(more).collect()
    }

    fn workload(&self) -> Slot<PrincipalArn> {
        let facts = &self.facts.workload;
        match (&facts.arn, &self.selection.workload) {
            (Fact::Known(arn), _) => named(&with_path(arn, facts)),
            (_, WorkloadChoice::Role(arn)) => named(&PrincipalArn::Role(arn.clone())),
            (fact, _) => Slot::open("task-role-arn", why(self.facts, fact, || self.no_task_role())),
        }
    }

    fn no_task_role(&self) -> String {
        let stack = crate::config::webhook_stack(self.facts, self.selection);
        if self.facts.webhook.known().is_some() {
            format!("The webhook's stack {stack} has no task role that is known here: --principal names it.")
        } else {
            format!(
                "The webhook's stack {stack} was not found: its task role has an ARN after the deployment, and IAM refuses a trust policy that names a role which is not there."
            )
        }
    }

    /// One of the two roles of the Quilt stack.
    fn found(&self, kind: RoleKind, sent: &Sent<'_>) -> Target {
        let role = self.facts.role(kind);
        let found = role.and_then(|role| Some((role, role.found.known()?)));
        let arn = match (found, role) {
            (Some((role, found)), _) => {
                Slot::Known(matching_detail(role, found).map_or(&found.arn, |detail| &detail.arn).clone())
            }
            (None, role) => {
                let absent = || format!("The stack has no {}: --role names a role.", kind.logical_id());
                let reason = role.map_or_else(absent, |role| why(self.facts, &role.found, absent));
                Slot::open(&format!("{}-role-arn", kind.word()), reason)
            }
        };
        let detail = found.and_then(|(role, found)| matching_detail(role, found));
        Target {
            label: kind.word().to_owned(),
            kind: Some(kind),
            composed: detail.is_none() && found.is_some_and(|(_, found)| found.composed),
            trust: self.trust(detail, role.map(|role| &role.detail), sent),
            external_id: self.external_id(sent),
            stack: found.and_then(|(_, found)| role_stack(self.facts, found)),
            aws_profile: self.profile(arn.known().map(RoleArn::account)),
            arn,
        }
    }

    /// A role that was wished for: one of those that were looked up, or one that nobody knows here.
    fn wished(&self, number: usize, arn: &RoleArn, sent: &Sent<'_>) -> Target {
        let is_it = |role: &RoleFacts| {
            let found = role.found.known();
            found.is_some_and(|found| {
                &found.arn == arn || matching_detail(role, found).is_some_and(|detail| &detail.arn == arn)
            })
        };
        let known = RoleKind::BOTH.into_iter().find(|kind| self.facts.role(*kind).is_some_and(is_it));
        if let Some(kind) = known {
            return self.found(kind, sent);
        }
        let label = if self.wish.roles.len() == 1 { "role".into() } else { format!("role_{number}") };
        let hop = self.facts.path.hops.iter().filter_map(|hop| hop.detail.known()).find(|detail| &detail.arn == arn);
        self.target(label, Slot::Known(arn.clone()), hop, None, sent)
    }

    fn hop(&self, index: usize, hop: &Hop, label: String, caller: Option<&PrincipalArn>) -> Target {
        let name = format!("{}-arn", label.replace('_', "-"));
        let arn = match RoleArn::parse(&hop.role_arn) {
            Ok(arn) => Slot::Known(arn),
            Err(error) => Slot::open(&name, format!("What was given is no role's ARN: {}.", short(&error.to_string()))),
        };
        let looked_up = self.facts.path.hops.get(index).map(|facts| &facts.detail);
        let detail = looked_up.and_then(Fact::known).filter(|detail| arn.known() == Some(&detail.arn));
        self.target(
            label,
            arn,
            detail,
            looked_up,
            &Sent { caller, request: hop.request(), actions: self.actions(Some(hop)) },
        )
    }

    fn target(
        &self,
        label: String,
        arn: Slot<RoleArn>,
        detail: Option<&RoleDetail>,
        looked_up: Option<&Fact<RoleDetail>>,
        sent: &Sent<'_>,
    ) -> Target {
        Target {
            label,
            kind: None,
            composed: false,
            trust: self.trust(detail, looked_up, sent),
            external_id: self.external_id(sent),
            stack: None,
            aws_profile: self.profile(arn.known().map(RoleArn::account)),
            arn,
        }
    }

    /// What the role trusts now, as far as it was read of this very role.
    fn trust(&self, detail: Option<&RoleDetail>, looked_up: Option<&Fact<RoleDetail>>, sent: &Sent<'_>) -> Trust {
        if self.wish.new_roles {
            return Trust::New;
        }
        let Some(detail) = detail else {
            return Trust::Unread(match looked_up {
                None => "It was not looked up.".into(),
                Some(Fact::Known(other)) => {
                    format!("iam:GetRole answered with another role of that name, {}.", other.arn)
                }
                Some(fact) => why(self.facts, fact, || "The role was not found.".into()),
            });
        };
        match &detail.trust {
            Err(fault) => Trust::Unread(format!("It cannot be read: {}.", short(fault.trim_end_matches('.')))),
            Ok(policy) => {
                let actions = &sent.actions;
                let stands = sent.caller.map_or_else(
                    || Standing::Lacks(actions.clone()),
                    |caller| standing::of(policy, &detail.arn, caller, &sent.request, actions, self.facts.observed_at),
                );
                let (document, withheld) = if self.wish.shows_external_ids {
                    (policy.to_json(), Vec::new())
                } else {
                    external_id::withheld(policy.as_json(), sent.request.external_id.as_deref())
                };
                Trust::Read { document, withheld, stands }
            }
        }
    }

    /// What refuses the caller of a hop, and no policy of its own that allows would help against. By its cause alone: the sentence about it may
    /// hold an external ID.
    fn blockers(&self, inquiry: &Inquiry, hop: usize) -> Vec<String> {
        let party = if inquiry.principal.is_some() { Party::Workload } else { Party::Operator };
        let verdicts = self.judgement.path.iter().filter(|verdict| verdict.hop == hop && verdict.party == party);
        let blocking = |cause: &&crate::policy::LayerCause| {
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

    fn profile(&self, account: Option<&crate::values::AccountId>) -> Option<String> {
        profile_of(self.facts, self.selection, account?).filter(|name| !has_unsafe(name))
    }

    /// What was judged of the caller's present policies and these roles (C4).
    fn findings(&self, roles: &[Target]) -> Vec<String> {
        let is_of_them =
            |subject: &str| roles.iter().any(|role| role.arn.known().is_some_and(|arn| arn.name() == subject));
        let found = self.judgement.findings.iter();
        let found = found.filter(|finding| {
            let is_caller = matches!(finding.id.as_str(), "caller/pattern-covers-role" | "caller/may-assume");
            is_caller && finding.severity <= Severity::Warning && is_of_them(&finding.subject)
        });
        let sentences = |finding: &Finding| {
            let (first, more) = finding.evidence.split_first().map_or(("", &[][..]), |(first, more)| (first, more));
            let more = more.iter().map(|line| sentence(line)).collect::<Vec<_>>();
            std::iter::once(format!("{} {first}", finding.claim)).chain(more)
        };
        found.flat_map(sentences).collect()
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

/// With a capital in front and a full stop behind.
fn sentence(line: &str) -> String {
    let mut letters = line.trim_end_matches('.').chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).chain(['.']).collect()
}

/// A principal as a policy should name it. The ARN of a session has no path, so that its role's may be another than `/`.
fn named(arn: &PrincipalArn) -> Slot<PrincipalArn> {
    let PrincipalArn::Session { partition, account, role, .. } = arn else {
        return if has_unsafe(&arn.to_string()) {
            Slot::open("principal-arn", "Its ARN holds characters that do not print.")
        } else {
            Slot::Known(arn.clone())
        };
    };
    match RoleArn::compose(partition, account, role) {
        Ok(arn) if !role.starts_with("AWSReservedSSO_") => Slot::Known(PrincipalArn::Role(arn)),
        _ => Slot::open(
            "role-arn-with-path",
            format!(
                "{arn} is a session: the ARN of its role has a path that the session's has not. iam:GetRole tells it."
            ),
        ),
    }
}

/// `Assume-NAME` for one role, `AssumeRoles` for several; with a number where the caller has a policy of that name.
fn policy_name(roles: &[Target], policies: &[NamedPolicy]) -> String {
    let base = match roles {
        [only] => only.arn.known().map(|arn| format!("Assume-{}", arn.name())),
        _ => None,
    };
    let base = base.unwrap_or_else(|| "AssumeRoles".into());
    let taken = |name: &String| policies.iter().any(|one| one.name.strip_prefix("inline policy ") == Some(name));
    let numbered = (2_u32..).map(|number| format!("{base}-{number}"));
    let free = std::iter::once(base.clone()).chain(numbered).find(|name| !taken(name));
    free.unwrap_or(base)
}
