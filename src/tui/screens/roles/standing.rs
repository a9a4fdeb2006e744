//! How the two roles stand: the screen's sentence, and each role's mark and word.

use super::workload;
use crate::model::Fact;
use crate::model::facts::RoleFacts;
use crate::model::selection::RoleKind;
use crate::policy::{Answer, Decision, Leaning};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::screens::{if_nobody, source};
use crate::tui::theme::Mark;
use crate::values::text::{elide_end, safe};

/// The screen's sentence, which the review repeats when it is bad news.
pub fn summary(app: &App) -> String {
    let stack = app.facts.stack.shown().map(|stack| stack.arn.name().to_owned());
    let Some(stack) = stack.or_else(|| app.selection.stack.clone()) else {
        return "No stack was chosen: there are no roles to look at.".into();
    };
    let asking =
        |kind| app.facts.role(kind).is_some_and(|role| role.found.is_pending() && role.found.shown().is_none());
    let asked = app.judgement.verdicts.is_empty() || RoleKind::BOTH.into_iter().any(asking);
    if app.running.contains_key(&Ask::Stack) && asked {
        return format!("Reading {stack}, its roles and who may assume them.");
    }
    if let Some(mixed) = source::mixed(app) {
        return mixed.claim.clone();
    }
    if app.facts.stack == Fact::NotAsked {
        return format!("{stack} was not looked up, nor its roles{}.", if_nobody(app));
    }
    if let Fact::Denied { action, .. } = &app.facts.stack {
        return format!("{stack} is not readable: {action} is missing.");
    }
    if let Some(error) = app.facts.stack.error() {
        return format!("{stack} could not be read: {}", elide_end(&safe(&error.message), 200));
    }
    if app.facts.stack == Fact::Absent {
        return format!("There is no stack {stack} in this region.");
    }
    let found: Vec<RoleKind> = RoleKind::BOTH.into_iter().filter(|kind| arn_of(app, *kind).is_some()).collect();
    match found.as_slice() {
        [] => {
            return format!("{stack} tells of neither role; their ARNs can be typed, and the webhook can do without.");
        }
        [one] => return format!("{stack} tells of the {} role only.", one.word()),
        _ => {}
    }
    if app.facts.workload.arn == Fact::Absent {
        return "The webhook is not deployed yet: whether it may assume the roles shows after that.".into();
    }
    let answers: Vec<Option<Answer>> = found.iter().map(|kind| workload(app, *kind).map(|d| d.verdict)).collect();
    if found.iter().all(|kind| is_likely(app, *kind)) && answers.contains(&Some(Answer::Unknown)) {
        return format!("Everything readable lets the webhook assume both roles of {stack}.");
    }
    match answers.as_slice() {
        [Some(Answer::Allow), Some(Answer::Allow)] => format!("The webhook can assume both roles of {stack}."),
        [Some(Answer::Deny), Some(Answer::Deny)] => {
            format!("The webhook can assume neither of the two roles of {stack}.")
        }
        [Some(Answer::Deny), _] => format!("The webhook cannot assume the read role of {stack}."),
        [_, Some(Answer::Deny)] => format!("The webhook cannot assume the write role of {stack}."),
        _ => format!("It is not certain whether the webhook can assume the roles of {stack}."),
    }
}

/// Whether the webhook is allowed, or everything that could be read allows.
pub fn is_likely(app: &App, kind: RoleKind) -> bool {
    let allows = |d: &Decision| d.verdict == Answer::Allow || d.leaning == Some(Leaning::Allow);
    workload(app, kind).is_some_and(allows)
}

fn arn_of(app: &App, kind: RoleKind) -> Option<String> {
    app.facts.role(kind)?.found.shown().map(|found| found.arn.to_string())
}

/// The mark of a role and the same in a word.
pub fn standing(app: &App, kind: RoleKind) -> (Mark, &'static str) {
    let facts = app.facts.role(kind);
    match facts.map(|role| &role.found) {
        None | Some(Fact::NotAsked) => return (Mark::Open, "not asked"),
        Some(Fact::Pending(None)) => return (Mark::Running, "asking"),
        Some(Fact::Absent) => return (Mark::Doubt, "not found"),
        Some(Fact::Denied { .. } | Fact::Failed(_)) => return (Mark::Unknown, "not readable"),
        Some(Fact::Known(_) | Fact::Pending(Some(_))) => {}
    }
    match workload(app, kind).map(|decision| (decision.verdict, decision.leaning)) {
        Some((Answer::Allow, _)) => (Mark::Good, "allowed"),
        Some((Answer::Deny, _)) => (Mark::Fault, "denied"),
        Some((Answer::Unknown, Some(Leaning::Allow))) => (Mark::Unknown, "likely"),
        Some((Answer::Unknown, Some(Leaning::Deny))) => (Mark::Unknown, "unlikely"),
        _ => (Mark::Unknown, "unknown"),
    }
}

/// Why nothing is known of a role.
pub fn missing(facts: Option<&RoleFacts>, kind: RoleKind) -> String {
    if let Some(wrong) = facts.and_then(|role| role.wrong_type.as_deref()) {
        return format!("{} is a {wrong}, no role", kind.logical_id());
    }
    match facts.map(|role| &role.found) {
        Some(Fact::Denied { action, .. }) => format!("{action} is missing; its ARN can be typed"),
        Some(Fact::Failed(error)) => error.message.clone(),
        Some(Fact::Absent) => format!("no resource, parameter or output {}", kind.logical_id()),
        _ => String::new(),
    }
}

/// Why the webhook's task role is not known.
pub fn nobody(app: &App) -> String {
    match &app.facts.workload.arn {
        Fact::Absent if source::mixed(app).is_some() => "not known: in another account".into(),
        Fact::Absent if app.facts.webhook.known().is_some() => "not known: no task role in its stack".into(),
        Fact::Absent => "not deployed yet".into(),
        Fact::Denied { action, .. } => format!("not known: {action} is missing"),
        Fact::Failed(_) => "not known: the look-up failed".into(),
        Fact::Pending(_) => "asking".into(),
        Fact::NotAsked | Fact::Known(_) => "not known; its ARN can be typed".into(),
    }
}
