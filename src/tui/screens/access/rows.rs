//! What a row of the list says: of an access path what is wrong with it in a few words, of a principal what was found.

use super::{look, paths};
use crate::model::facts::{PrincipalLook, Simulated};
use crate::model::system::{Expectation, Question};
use crate::model::verdict::Party;
use crate::model::{Fact, Finding, Severity};
use crate::policy::{Answer, Leaning};
use crate::systems::{PathRow, RowAnswer, RowState, Standing};
use crate::tui::app::App;
use crate::tui::theme::Mark;
use crate::values::text::{counted, safe};
use crate::values::{PrincipalArn, RoleArn};

/// What a path is like.
pub fn mark_of(row: &PathRow) -> Mark {
    match (&row.state, row.answer()) {
        _ if row.refused_for().is_some() => Mark::Fault,
        (RowState::Waiting, _) => Mark::Open,
        (RowState::Failed(_), _) => Mark::Fault,
        (RowState::Done { .. }, Some(RowAnswer { verdict: Answer::Deny, .. })) => Mark::Fault,
        (RowState::Done { .. }, Some(RowAnswer { verdict: Answer::Allow, .. })) => match row.severity() {
            Some(Severity::Error) => Mark::Fault,
            Some(Severity::Warning) => Mark::Doubt,
            _ => Mark::Good,
        },
        (RowState::Done { .. }, _) => Mark::Unknown,
    }
}

/// What is wrong with a path, or how it stands, in a few words: what AWS refuses it for, else what the system itself does.
pub fn reason(row: &PathRow) -> String {
    if let Some(finding) = row.refused_for().filter(|_| row.standing() != Standing::Refused) {
        return finding.claim.trim_end_matches('.').to_owned();
    }
    let answer = match (&row.state, row.answer()) {
        (RowState::Waiting, _) => return "not looked up yet".into(),
        (RowState::Failed(error), _) => {
            let code = error.code.clone().unwrap_or_else(|| error.message.trim_end_matches('.').to_owned());
            return format!("not looked up: {code}");
        }
        (RowState::Done { .. }, None) => return "nothing could be found out".into(),
        (RowState::Done { .. }, Some(answer)) => answer,
    };
    let hop = if answer.hop > 0 { format!(", hop {}", answer.hop + 1) } else { String::new() };
    let worrying = |finding: &&Finding| matches!(finding.severity, Severity::Error | Severity::Warning);
    match (answer.verdict, answer.leaning) {
        (Answer::Deny, _) => format!("{}{hop}", of_cause(&answer.cause)),
        (Answer::Unknown, Some(Leaning::Allow)) => format!("not known; what was read allows{hop}"),
        (Answer::Unknown, _) => format!("not known{hop}"),
        (Answer::Allow, _) => match row.told.iter().chain(&row.findings).find(worrying) {
            Some(finding) => finding.claim.trim_end_matches('.').to_owned(),
            None if answer.party == Party::Workload => "allowed".into(),
            None if row.live.as_ref().is_some_and(|live| live.outcome.is_ok()) => "assumed".into(),
            None => "allowed".into(),
        },
    }
}

/// A cause as people say it. The slugs are those of the vocabulary of causes.
fn of_cause(cause: &str) -> String {
    match cause {
        "external_id_missing" => "the trust wants an external ID".into(),
        "external_id_mismatch" => "another external ID is wanted".into(),
        "principal_not_listed" => "the trust does not name the caller".into(),
        "principal_wrong_account" => "the trust names another account".into(),
        "principal_deleted" => "the trust names a deleted principal".into(),
        "identity_missing" => "the caller may not call AssumeRole".into(),
        "identity_resource_mismatch" => "the caller may assume other roles".into(),
        "role_not_found" => "there is no such role".into(),
        "role_arn_malformed" => "the ARN is none of a role".into(),
        "mfa_missing" => "MFA is wanted".into(),
        "duration_over_max" => "longer than the role allows".into(),
        "role_chaining_duration" => "longer than a chain may last".into(),
        "sts_region_disabled" => "STS is off in this region".into(),
        other => other.replace('_', " "),
    }
}

/// What tells a path's role beside its label: the name, which is not said twice, with its account where there is room.
pub fn name_beside(row: &PathRow, with_account: bool) -> String {
    let name = name_of(&row.role);
    match (with_account, name == row.label) {
        (true, true) => RoleArn::parse(&row.role).map(|role| role.account().grouped()).unwrap_or_default(),
        (true, false) => role_of(&row.role),
        (false, true) => String::new(),
        (false, false) => name,
    }
}

/// What tells a principal beside its label: "user", "role", or all of it where the label is another name.
pub fn kind_of(app: &App, question: &Question) -> String {
    let who = super::detail::who(question, app);
    let short = PrincipalArn::parse(&who).map_or(who, |arn| arn.short());
    match short.strip_suffix(question.label.as_str()) {
        Some("") => String::new(),
        Some(kind) if kind.ends_with(['/', ' ']) => kind.trim_end_matches(['/', ' ']).to_owned(),
        _ => short,
    }
}

/// "4444-5555-6666 team/Name"; what is no role's ARN as it is.
pub fn role_of(arn: &str) -> String {
    RoleArn::parse(arn).map_or_else(
        |_| arn.to_owned(),
        |role| {
            let resource = arn.split_once(":role/").map_or_else(|| role.name().to_owned(), |(_, path)| path.to_owned());
            format!("{} {resource}", role.account().grouped())
        },
    )
}

/// The role's name alone; what is no role's ARN as it is.
pub fn name_of(arn: &str) -> String {
    RoleArn::parse(arn).map_or_else(|_| arn.to_owned(), |role| role.name().to_owned())
}

/// What a principal is like: the worst that was found of it, else whether it could be found at all.
pub fn mark_of_principal(app: &App, question: &Question) -> Mark {
    let Some(look) = look(app, question) else { return Mark::Open };
    let of_facts = match &look.found {
        Fact::NotAsked => Mark::Open,
        Fact::Pending(None) => Mark::Running,
        Fact::Absent => Mark::Fault,
        Fact::Denied { .. } | Fact::Failed(_) => Mark::Unknown,
        Fact::Known(_) | Fact::Pending(Some(_)) => Mark::Good,
    };
    let worst = findings_of(app, question).map(Mark::of).filter(|mark| *mark != Mark::Good);
    let worst: Vec<Mark> = worst.collect();
    [Mark::Fault, Mark::Doubt, Mark::Unknown].into_iter().find(|mark| worst.contains(mark)).unwrap_or(of_facts)
}

/// What was found of a principal itself: a path may have the same label, and what is wrong with the path is said there.
pub fn findings_of<'a>(app: &'a App, question: &'a Question) -> impl Iterator<Item = &'a Finding> {
    let label = safe(&question.label);
    let is_of_path = paths(app).iter().any(|row| safe(&row.label) == label);
    let own =
        move |finding: &Finding| !is_of_path || ["principal/", "policy/"].iter().any(|id| finding.id.starts_with(id));
    app.judgement.findings.iter().filter(move |finding| {
        finding.subject == label && own(finding) && (finding.unknown || finding.severity <= Severity::Info)
    })
}

/// "there; 3 policies, 2 access keys, 5 of 6 as expected".
pub fn words_of_principal(app: &App, question: &Question) -> String {
    let Some(look) = look(app, question) else { return "not looked up yet".into() };
    match &look.found {
        Fact::NotAsked => return "not looked up yet".into(),
        Fact::Pending(None) => return "being looked up".into(),
        Fact::Absent => return "there is none of that name".into(),
        Fact::Denied { action, .. } => return format!("not readable: {action} is missing"),
        Fact::Failed(error) => return format!("not looked up: {}", error.message.trim_end_matches('.')),
        Fact::Known(_) | Fact::Pending(Some(_)) => {}
    }
    let held = |count: usize, one: &str| if count == 0 { format!("no {one}") } else { counted(count, one) };
    let mut parts = Vec::new();
    parts.extend(look.policies.policies.shown().map(|all| held(all.len(), "policy")));
    parts.extend(look.access_keys.shown().map(|all| held(all.len(), "access key")));
    parts.extend(expected(question, look));
    if parts.is_empty() { "it is there".into() } else { parts.join(", ") }
}

/// "5 of 6 as expected".
fn expected(question: &Question, look: &PrincipalLook) -> Option<String> {
    let met = answers(question, look).filter_map(|(_, answer)| answer).collect::<Vec<_>>();
    let fine = met.iter().filter(|met| **met).count();
    (!met.is_empty()).then(|| format!("{fine} of {} as expected", question.expectations.len()))
}

/// Of each expectation whether it is met; `None`: not known.
pub fn answers<'a>(
    question: &'a Question,
    look: &'a PrincipalLook,
) -> impl Iterator<Item = (&'a Expectation, Option<bool>)> {
    question.expectations.iter().enumerate().map(|(index, expectation)| {
        let simulated = look.simulated.get(index).and_then(Fact::shown);
        let allowed = |answer: &Simulated| answer.answer.allows();
        let met = simulated.map(|all| match expectation.allowed {
            true => all.iter().all(allowed),
            false => !all.iter().any(allowed),
        });
        (expectation, met)
    })
}
