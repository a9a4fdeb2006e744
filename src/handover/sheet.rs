//! A text being written: it notes every placeholder that goes into it.

use std::fmt;

use serde_json::{Value, json};

use super::subject::{Edge, Slot, Standing, Target, Trust};
use super::{Gap, Language, Name, Text};
use crate::policy::fix::cautions;
use crate::policy::{Policy, variable};
use crate::values::PrincipalArn;
use crate::values::text::safe;

/// What one statement of a trust policy grants.
pub(super) struct Grant {
    pub actions: Vec<&'static str>,
    /// On which condition.
    pub external_id: Option<String>,
}

/// What is said of a text while it is written.
#[derive(Default)]
pub(super) struct Sheet {
    gaps: Vec<Gap>,
    partial: bool,
    notes: Vec<String>,
}

impl Sheet {
    /// The value, or its placeholder.
    pub(super) fn take<T: fmt::Display>(&mut self, slot: &Slot<T>) -> String {
        if let Slot::Open(gap) = slot {
            self.gap(gap);
        }
        slot.to_string()
    }

    pub(super) fn gap(&mut self, gap: &Gap) {
        let gap = Gap { placeholder: gap.placeholder.clone(), why: safe(&gap.why).into_owned() };
        if !self.gaps.iter().any(|known| known.placeholder == gap.placeholder) {
            self.gaps.push(gap);
        }
    }

    /// As [`Self::note`], of something that the text should have been made from.
    pub(super) fn lack(&mut self, note: impl AsRef<str>) {
        self.partial = true;
        self.note(note);
    }

    pub(super) fn note(&mut self, note: impl AsRef<str>) {
        let note = safe(note.as_ref()).into_owned();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub(super) fn text(
        self,
        name: Name,
        of: Option<String>,
        title: impl AsRef<str>,
        language: Language,
        body: String,
    ) -> Text {
        let of = of.map(|of| safe(&of).into_owned());
        let Self { gaps, partial, notes } = self;
        Text { name, of, title: safe(title.as_ref()).into_owned(), language, body, gaps, partial, notes }
    }

    /// The caller's policy: exactly these roles (S0-30, S2-46).
    pub(super) fn caller_policy(&mut self, edge: &Edge) -> Value {
        json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Action": one_or_all(&edge.actions),
                "Resource": one_or_all(&self.resources(edge)),
            }],
        })
    }

    /// The roles as resources: their ARNs, and nothing in them a wildcard or a variable.
    ///
    /// Source: IAM User Guide, "IAM policy elements: Variables and tags": `${*}`, `${?}` and `${$}` stand for the characters.
    pub(super) fn resources(&mut self, edge: &Edge) -> Vec<String> {
        edge.roles.iter().map(|role| variable::literal(&self.role_arn(role))).collect()
    }

    /// A role's ARN, with what is to be said of it.
    pub(super) fn role_arn(&mut self, role: &Target) -> String {
        if let (Slot::Known(arn), true) = (&role.arn, role.composed) {
            self.note(format!(
                "The ARN of {} was put together from its name: its path is not known. iam:GetRole would tell.",
                arn.name()
            ));
        }
        self.take(&role.arn)
    }

    /// The statements that let the caller in (S1-16).
    pub(super) fn trust_statements(&mut self, edge: &Edge, role: &Target) -> Vec<Value> {
        let principal = self.principal(edge);
        let statement = |grant: Grant| {
            let mut statement = json!({
                "Effect": "Allow",
                "Principal": {"AWS": principal},
                "Action": one_or_all(&grant.actions),
            });
            if let (Some(id), Some(members)) = (grant.external_id, statement.as_object_mut()) {
                members.insert("Condition".into(), json!({"StringEquals": {"sts:ExternalId": id}}));
            }
            statement
        };
        self.grants(edge, role).into_iter().map(statement).collect()
    }

    /// What the trust policy grants. The external ID goes with `sts:AssumeRole` alone: that it is sent with the other actions is nowhere said.
    ///
    /// Source: Service Authorization Reference, AWS Security Token Service; IAM User Guide, "Pass session tags in AWS STS", whose example keeps
    /// them in statements of their own.
    pub(super) fn grants(&mut self, edge: &Edge, role: &Target) -> Vec<Grant> {
        let lacking = match &role.trust {
            Trust::Read { stands: Standing::LetsIn | Standing::Refuses(_), .. } => return Vec::new(),
            Trust::Read { stands: Standing::Lacks(actions), .. } => actions,
            Trust::New | Trust::Unread(_) => &edge.actions,
        };
        let external_id = self.external_id(edge, role);
        let (assume, more): (Vec<_>, Vec<_>) = lacking.iter().copied().partition(|action| *action == "sts:AssumeRole");
        if external_id.is_none() {
            return vec![Grant { actions: lacking.clone(), external_id }];
        }
        let grants = [Grant { actions: assume, external_id }, Grant { actions: more, external_id: None }];
        grants.into_iter().filter(|grant| !grant.actions.is_empty()).collect()
    }

    /// Whom the role is to trust, with what is to be said of it.
    pub(super) fn principal(&mut self, edge: &Edge) -> String {
        if let Slot::Known(PrincipalArn::Root { account, .. }) = &edge.caller.principal {
            self.note(format!(
                "The principal is all of account {}: whoever its own policies allow sts:AssumeRole is let in.",
                account.grouped()
            ));
        }
        self.take(&edge.caller.principal)
    }

    /// The external ID that the caller sends, or its placeholder.
    pub(super) fn external_id(&mut self, edge: &Edge, role: &Target) -> Option<String> {
        if edge.caller.leaves_external_id_out {
            self.note(
                "The external ID is left out: the webhook sends none and has no setting for one, so a role that asks for it would refuse it.",
            );
        }
        role.external_id.as_ref().map(|id| self.take(id))
    }

    /// The trust policy as it shall be: what is there, and what lets the caller in. A policy that is not known is a new one.
    pub(super) fn trust_policy(&mut self, edge: &Edge, role: &Target) -> Value {
        let document = match &role.trust {
            Trust::New | Trust::Unread(_) => {
                json!({"Version": "2012-10-17", "Statement": self.trust_statements(edge, role)})
            }
            Trust::Read { document, withheld, .. } => {
                withheld.iter().for_each(|gap| self.gap(gap));
                with_statements(document, self.trust_statements(edge, role))
            }
        };
        for caution in Policy::from_json(&document).iter().flat_map(cautions) {
            self.note(caution);
        }
        document
    }

    /// Who keeps the role, if a stack does.
    pub(super) fn keeper(&mut self, what: &str, stack: Option<&String>) {
        if let Some(stack) = stack {
            self.note(format!(
                "CloudFormation stack {stack} keeps {what}: make the same edit in its template, or its next update undoes it."
            ));
        }
    }

    /// As [`Self::keeper`], of a role whose trust policy is to change; or why it is not.
    pub(super) fn role_keeper(&mut self, edge: &Edge, role: &Target) {
        match unchanged(edge, role) {
            Some(why) if matches!(role.trust, Trust::Read { stands: Standing::Refuses(_), .. }) => self.lack(why),
            Some(why) => self.note(why),
            None => self.keeper(&role.name().to_string(), role.stack.as_ref()),
        }
    }

    /// What holds for both sides, wherever they are set.
    pub(super) fn sides(&mut self, edge: &Edge) {
        let mut accounts = edge.roles.iter().filter_map(|role| Some(role.arn.known()?.account()));
        if let Some(caller) = edge.caller.principal.known() {
            let across = accounts.any(|account| account != caller.account());
            self.note(if across {
                "The accounts differ: the trust policy and the caller's own policy must both allow it."
            } else {
                "Within one account a trust policy that names the caller itself suffices; where it names the account, the caller's own policy must allow it too."
            });
        }
    }

    /// What the caller's present policies were found to miss.
    pub(super) fn findings(&mut self, edge: &Edge) {
        edge.caller.findings.iter().for_each(|finding| self.note(finding));
    }
}

/// Why the trust policy stays as it is, in sentences. `None`: it is to change.
pub(super) fn unchanged(edge: &Edge, role: &Target) -> Option<String> {
    let Trust::Read { stands, .. } = &role.trust else { return None };
    let (name, caller) = (role.name(), &edge.caller.principal);
    match stands {
        Standing::LetsIn => Some(format!("{name} lets {caller} in already.")),
        Standing::Lacks(_) => None,
        Standing::Refuses(cause) => Some(format!(
            "{name} has a condition or a Deny that refuses {caller} ({cause}): a statement beside it would go around the owner's condition, or do nothing, and is not offered. A check of this path says what cures it."
        )),
    }
}

/// A document with more statements behind those it has.
fn with_statements(document: &Value, more: Vec<Value>) -> Value {
    let mut document = document.clone();
    if more.is_empty() {
        return document;
    }
    if let Some(members) = document.as_object_mut() {
        let list = match members.remove("Statement") {
            Some(Value::Array(list)) => list,
            other => other.into_iter().collect(),
        };
        members.insert("Statement".into(), list.into_iter().chain(more).collect());
    }
    document
}

/// IAM takes a text in the place of a list of one.
fn one_or_all<T: AsRef<str>>(all: &[T]) -> Value {
    match all {
        [one] => json!(one.as_ref()),
        all => all.iter().map(AsRef::as_ref).collect(),
    }
}
