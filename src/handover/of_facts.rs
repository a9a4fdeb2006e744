//! The subject of the texts, from what was looked up and chosen.

use sha2::{Digest, Sha256};

use super::of_service::service;
use super::subject::{Caller, Edge, Slot, Standing, Subject, Target, Trust, Way};
use super::{external_id, standing};
use crate::judge::{Judgement, matching_detail, operator_profile, profile_of, role_stack, with_path};
use crate::model::facts::{PrincipalFacts, RoleDetail, RoleFacts};
use crate::model::inquiry::Hop;
use crate::model::selection::{RoleKind, WorkloadChoice};
use crate::model::{Fact, Facts, Finding, Selection, Severity};
use crate::plan::Draft;
use crate::policy::fix::assume_name;
use crate::policy::{Authorization, Context, NamedPolicy, Query, Request, authorize};
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
        service: service(facts, selection, judgement, draft),
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

pub(super) fn short(value: &str) -> String {
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
pub(super) struct Sent<'a> {
    pub caller: Option<&'a PrincipalArn>,
    pub request: Request,
    pub actions: Vec<&'static str>,
}

/// What was looked up, chosen, judged and wished for.
pub(super) struct View<'a> {
    pub facts: &'a Facts,
    pub selection: &'a Selection,
    pub judgement: &'a Judgement,
    pub wish: &'a Wish,
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
            signs_in: self.signs_in(principal.known()),
            policy_name: policy_name(principal.known(), &roles, policies),
            allowed_by: own.and_then(|own| allowed_by(principal.known()?, own, &roles, &self.actions(None))),
            findings: own.map_or_else(Vec::new, |_| self.findings(&roles)),
            principal,
        };
        Edge { caller, roles, actions: self.actions(None), way: Way::default() }
    }

    fn external_id(&self, sent: &Sent<'_>) -> Option<Slot> {
        let id = sent.request.external_id.as_deref()?;
        Some(external_id::sent(id, self.wish.shows_external_ids))
    }

    pub(super) fn actions(&self, hop: Option<&Hop>) -> Vec<&'static str> {
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

    pub(super) fn target(
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

    /// An AWS profile for commands in that account: an inspector, else one that the machine's files name for it.
    pub(super) fn profile(&self, account: Option<&crate::values::AccountId>) -> Option<String> {
        let account = account?;
        let mut inspectors = self.facts.path.inspectors.iter();
        let inspector = inspectors.find(|(_, who)| who.known().is_some_and(|who| &who.account == account));
        let name = inspector.map(|(name, _)| name.clone()).or_else(|| profile_of(self.facts, self.selection, account));
        name.filter(|name| !has_unsafe(name))
    }

    /// The AWS profile that rolecall runs with, where whoever it is is this very caller.
    pub(super) fn signs_in(&self, caller: Option<&PrincipalArn>) -> Option<String> {
        let own = operator_profile(self.facts, self.selection, caller?)?;
        (!has_unsafe(own)).then(|| own.to_owned())
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

/// With a capital in front and a full stop behind.
fn sentence(line: &str) -> String {
    let mut letters = line.trim_end_matches('.').chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).chain(['.']).collect()
}

/// A principal as a policy should name it. The ARN of a session has no path, so that its role's may be another than `/`.
pub(super) fn named(arn: &PrincipalArn) -> Slot<PrincipalArn> {
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

/// Which of a caller's own policies allow these actions on all of these roles, by name. `None`: not all of it is allowed, or it is not known, as
/// where a condition decides.
pub(super) fn allowed_by(
    caller: &PrincipalArn,
    own: &PrincipalFacts,
    roles: &[Target],
    actions: &[&'static str],
) -> Option<String> {
    let (policies, boundary) = (own.policies.known()?, own.boundary.known()?.as_ref());
    let context = Context::new();
    let mut names: Vec<&str> = Vec::new();
    for role in roles {
        let arn = role.arn.known().filter(|_| !role.composed)?.to_string();
        for action in actions {
            let query = Query { principal: caller, action, resource: &arn, context: &context };
            let allows =
                |policies: &[NamedPolicy], boundary| authorize(policies, boundary, &query) == Authorization::Allowed;
            if !allows(policies, boundary) {
                return None;
            }
            let by = policies.iter().find(|policy| allows(std::slice::from_ref(policy), None))?;
            if !names.contains(&by.name.as_str()) {
                names.push(&by.name);
            }
        }
    }
    Some(names.into_iter().map(safe).collect::<Vec<_>>().join(" and "))
}

/// For one role [`assume_name`]; `AssumeRoles` for the two of a stack; for several others that with a word made of which ones they are, so that
/// the policy for other roles is not put in its place. With a number where the caller has a policy of that name.
pub(super) fn policy_name(caller: Option<&PrincipalArn>, roles: &[Target], policies: &[NamedPolicy]) -> String {
    let base = match roles {
        [only] => only.arn.known().map(|arn| assume_name(caller, arn)),
        several if several.iter().all(|role| role.kind.is_some()) => None,
        several => several.iter().map(|role| role.arn.known()).collect::<Option<Vec<_>>>().map(|arns| among(&arns)),
    };
    let base = base.unwrap_or_else(|| "AssumeRoles".into());
    let taken = |name: &String| policies.iter().any(|one| one.name.strip_prefix("inline policy ") == Some(name));
    let numbered = (2_u32..).map(|number| format!("{base}-{number}"));
    let free = std::iter::once(base.clone()).chain(numbered).find(|name| !taken(name));
    free.unwrap_or(base)
}

/// `AssumeRoles-` and eight hexadecimal digits, the same for the same roles in whatever order.
fn among(arns: &[&RoleArn]) -> String {
    let mut texts: Vec<String> = arns.iter().map(ToString::to_string).collect();
    texts.sort();
    let digest: [u8; 32] = Sha256::digest(texts.join("\n")).into();
    let word: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("AssumeRoles-{word}")
}
