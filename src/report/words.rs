//! What every format says in the same words: names, standings, evidence.

use super::verdict::{Live, PathVerdict, Simulated};
use super::{Report, Unread};
use crate::model::AwsError;
use crate::model::verdict::{Party, Side};
use crate::policy::{Answer, Leaning, settled_by_error};
use crate::values::text::capitalized;
use crate::values::time::{self, Timestamp};
use crate::values::{AccountId, PrincipalArn, RoleArn, StackArn};
use crate::wording::sides::{Says, Sides, sides};

/// How a verdict, or one piece of evidence, stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    Allowed,
    Denied,
    /// Denied, as it should be.
    Expected,
    /// What refuses there: no fault either.
    Rightly,
    NotKnown,
}

impl Standing {
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Allowed => "✓",
            Self::Denied | Self::Rightly => "✗",
            Self::Expected => "○",
            Self::NotKnown => "?",
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied | Self::Rightly => "denied",
            Self::Expected => "denied, as it should be",
            Self::NotKnown => "not known",
        }
    }

    /// For one side or one kind of evidence, which allows or denies nothing by itself.
    pub const fn speaks(self) -> &'static str {
        match self {
            Self::Allowed => "speaks for it",
            Self::Denied | Self::Expected | Self::Rightly => "speaks against it",
            Self::NotKnown => "says nothing",
        }
    }
}

impl From<Answer> for Standing {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Allow => Self::Allowed,
            Answer::Deny => Self::Denied,
            Answer::Unknown => Self::NotKnown,
        }
    }
}

impl From<Says> for Standing {
    fn from(says: Says) -> Self {
        match says {
            Says::Yes => Self::Allowed,
            Says::No => Self::Denied,
            Says::NotKnown => Self::NotKnown,
        }
    }
}

/// How a verdict stands. Without a diagnosis a denial of the operator is as it should be: production trusts no person.
pub(super) fn standing(verdict: &PathVerdict) -> Standing {
    let is_expected = verdict.party == Party::Operator && verdict.hop_index.is_none();
    match verdict.decision.verdict {
        Answer::Deny if is_expected => Standing::Expected,
        other => other.into(),
    }
}

/// "allowed", "denied: external_id_missing".
pub(super) fn says(verdict: &PathVerdict) -> String {
    let decision = &verdict.decision;
    match (standing(verdict), decision.leaning) {
        (Standing::Denied, _) => format!("denied: {}", decision.cause.0),
        (Standing::NotKnown, Some(Leaning::Allow)) => "allowed by everything readable".into(),
        (Standing::NotKnown, _) => format!("not known: {}", decision.cause.0),
        (other, _) => other.word().into(),
    }
}

/// Nothing of what refuses is a fault where the refusal is as it should be.
pub(super) fn within(verdict: &PathVerdict, part: Standing) -> Standing {
    match (standing(verdict), part) {
        (Standing::Expected, Standing::Denied) => Standing::Rightly,
        (_, other) => other,
    }
}

/// What each side says: alone where that was evaluated, else as far as the decision shows it.
pub(super) fn both_sides(verdict: &PathVerdict) -> Sides {
    let shown = sides(&verdict.decision);
    let evidence = &verdict.evidence;
    let alone = |side: Option<&Side>| side.map(|side| Says::from(side.verdict));
    Sides {
        caller: alone(evidence.caller.as_ref()).unwrap_or(shown.caller),
        trust: alone(evidence.trust.as_ref()).unwrap_or(shown.trust),
    }
}

/// The principal, short.
pub(super) fn principal(verdict: &PathVerdict) -> String {
    verdict.principal.as_deref().map_or_else(|| "not known yet".into(), short)
}

/// `user/alice`, `role/Name (session s1)`. An ARN whose account is masked is no ARN any more, and still has a name.
pub(super) fn short(arn: &str) -> String {
    if let Ok(parsed) = PrincipalArn::parse(arn) {
        return parsed.short();
    }
    let resource = arn.splitn(6, ':').nth(5).unwrap_or(arn);
    match resource.split('/').collect::<Vec<_>>().as_slice() {
        ["assumed-role", role, session] => format!("role/{role} (session {session})"),
        [kind, .., name] => format!("{kind}/{name}"),
        _ => resource.to_owned(),
    }
}

/// The name of a role.
pub(super) fn role(arn: &str) -> String {
    match RoleArn::parse(arn) {
        Ok(parsed) => parsed.name().to_owned(),
        Err(_) => match arn.splitn(6, ':').nth(5) {
            Some(resource) if resource.starts_with("role/") => {
                resource.rsplit('/').next().unwrap_or(resource).to_owned()
            }
            _ => arn.to_owned(),
        },
    }
}

/// The name of a stack.
pub(super) fn stack(stack: &str) -> String {
    match StackArn::parse(stack) {
        Ok(arn) => arn.name().to_owned(),
        Err(_) => match stack.splitn(6, ':').nth(5).and_then(|resource| resource.split('/').nth(1)) {
            Some(name) => name.to_owned(),
            None => stack.to_owned(),
        },
    }
}

/// In groups of four; a placeholder as it is.
pub(super) fn account(id: &str) -> String {
    AccountId::parse(id).map_or_else(|| id.to_owned(), |id| id.grouped())
}

/// "user/ci of account 1111-2222-3333".
pub(super) fn identity(report: &Report) -> Option<String> {
    report.identity.as_ref().map(caller)
}

/// The same of who asked.
pub(super) fn caller(who: &super::Who) -> String {
    format!("{} of account {}", short(&who.arn), account(&who.account))
}

/// `2026-03-04 12:00:00 UTC`.
pub(super) fn utc(at: Timestamp) -> String {
    at.strftime("%F %T UTC").to_string()
}

pub(super) fn took(millis: u64) -> String {
    time::short(std::time::Duration::from_millis(millis))
}

/// One kind of evidence and what it says.
pub(super) struct Told {
    pub kind: &'static str,
    pub standing: Standing,
    pub says: String,
}

/// The kinds of evidence, none standing in for another.
pub(super) fn evidence(verdict: &PathVerdict) -> Vec<Told> {
    let row = |kind, standing, says| Told { kind, standing: within(verdict, standing), says };
    let mut rows = vec![match &verdict.live {
        Some(call) => row("live call", live_standing(call), live(call)),
        None if verdict.party == Party::Workload => {
            row("live call", Standing::NotKnown, "not made: only the operator's own call can be".into())
        }
        None => row("live call", Standing::NotKnown, "not made".into()),
    }];
    let evidence = &verdict.evidence;
    for (kind, side) in [("trust policy", &evidence.trust), ("caller's policies", &evidence.caller)] {
        rows.push(match side {
            Some(side) => row(kind, side.verdict.into(), side.summary.clone()),
            None => row(kind, Standing::NotKnown, "not read".into()),
        });
    }
    rows.push(match &evidence.simulated {
        Some(simulated) => row("IAM's simulator", simulated_standing(simulated), self::simulated(simulated)),
        None => row("IAM's simulator", Standing::NotKnown, "not asked".into()),
    });
    rows.push(match &evidence.message {
        Some(told) => {
            let begin = if told.pasted { "pasted: " } else { "" };
            // A message is there because something was refused.
            let speaks = told.cause.is_some() || told.layer.is_some();
            let standing = if speaks { Standing::Denied } else { Standing::NotKnown };
            row("error message", standing, format!("{begin}{}", told.summary))
        }
        None => row("error message", Standing::NotKnown, "there is none".into()),
    });
    if let Some(evaluated) = &verdict.evaluated {
        let same = rows.iter().find(|told| told.says == evaluated.summary).map(|told| told.kind);
        let says = same.map_or_else(|| evaluated.summary.clone(), |kind| format!("the same as the {kind}"));
        rows.push(row("all policies together", evaluated.verdict.into(), says));
    }
    rows
}

/// A refusal that names its reason, such as the hour of a chain, refuses as plainly as one for want of permission.
pub(super) fn live_standing(call: &Live) -> Standing {
    match &call.error {
        None => Standing::Allowed,
        Some(error) if error.kind == crate::model::ErrorKind::Denied => Standing::Denied,
        Some(error) if settled_by_error(error.code(), &error.message).is_some() => Standing::Denied,
        Some(_) => Standing::NotKnown,
    }
}

/// What came of a call, with what it takes to find it in CloudTrail.
pub(super) fn live(call: &Live) -> String {
    let found = format!("at {}, in {}, session name {}", utc(call.at), took(call.took_ms), call.session_name);
    match (&call.error, call.expires) {
        (Some(failure), _) => format!("{}; {found}", error(failure)),
        (None, Some(until)) => format!("AWS gave a session until {}; {found}", utc(until)),
        (None, None) => found,
    }
}

/// "AccessDenied: not authorized … (request 5c1d)".
pub(super) fn error(error: &AwsError) -> String {
    let code = error.code.as_ref().map(|code| format!("{code}: ")).unwrap_or_default();
    let request = error.request_id.as_ref().map(|id| format!(" (request {id})")).unwrap_or_default();
    format!("{code}{}{request}", error.message)
}

fn simulated_standing(simulated: &Simulated) -> Standing {
    match simulated {
        Simulated::Answer { decision, .. } if decision == "allowed" => Standing::Allowed,
        Simulated::Answer { .. } => Standing::Denied,
        Simulated::Unread(_) => Standing::NotKnown,
    }
}

fn simulated(simulated: &Simulated) -> String {
    match simulated {
        Simulated::Unread(unread) => self::unread(unread),
        Simulated::Answer {
            action,
            decision,
            allowed_by_organizations,
            allowed_by_boundary,
            matched,
            missing_context,
        } => {
            let mut says = format!("{action}: {decision}, of the caller's own side alone");
            for (by, allowed) in
                [("service control policies", allowed_by_organizations), ("the boundary", allowed_by_boundary)]
            {
                says.push_str(match allowed {
                    Some(true) => "; allowed by ",
                    Some(false) => "; not allowed by ",
                    None => continue,
                });
                says.push_str(by);
            }
            if !matched.is_empty() {
                let matched: Vec<String> =
                    matched.iter().map(|(name, effect)| format!("{name} ({effect:?})")).collect();
                says.push_str(&format!("; matched: {}", matched.join(", ")));
            }
            if !missing_context.is_empty() {
                says.push_str(&format!("; it was not told {}", missing_context.join(", ")));
            }
            says
        }
    }
}

/// Why something is not known.
pub(super) fn unread(unread: &Unread) -> String {
    let why = unread.error.as_ref().map(|failure| format!(": {}", error(failure))).unwrap_or_default();
    match (unread.state, &unread.needs) {
        ("denied", Some(action)) => format!("may not be read, it needs {action}{why}"),
        ("absent", _) => "AWS answered that there is none".into(),
        ("failed", _) => format!("could not be read{why}"),
        _ => "was not looked up".into(),
    }
}

/// The label of a source, to begin a sentence with. A file's own name keeps its letters.
pub fn sentence_start(label: &str) -> String {
    if label.starts_with("config.json") {
        return label.to_owned();
    }
    capitalized(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_outlive_the_masking_of_accounts() {
        for (arn, name) in [
            ("arn:aws:iam::111122223333:role/a/b/Target", "role/Target"),
            ("arn:aws:iam::<account-1>:role/a/b/Target", "role/Target"),
            ("arn:aws:sts::<account-1>:assumed-role/ci/run-7", "role/ci (session run-7)"),
            ("arn:aws:iam::<account-1>:user/team/alice", "user/alice"),
            ("arn:aws:iam::<account-1>:root", "root"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(short(arn), name);
        }
        assert_eq!(role("arn:aws:iam::<account-1>:role/a/Target"), "Target");
        assert_eq!(stack("arn:aws:cloudformation:us-east-1:<account-1>:stack/quilt-prod/1a2b"), "quilt-prod");
        assert_eq!((account("111122223333"), account("<account-1>")), ("1111-2222-3333".into(), "<account-1>".into()));
    }
}
