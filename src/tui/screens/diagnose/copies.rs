//! What of a diagnosis can be copied and saved.

use super::State;
use super::bar::Pane;
use super::fix;
use super::subject::Subject;
use crate::explain::save;
use crate::model::Finding;
use crate::tui::app::App;
use crate::tui::copy::Copyable;
use crate::tui::focus::Focus;
use crate::values::json::printed;

/// What is looked at: its findings, its causes, and what of it can be copied, what cures it first.
pub fn focus(app: &App) -> Focus<'_> {
    let Some(subject) = Subject::of(app) else { return Focus::default() };
    let told = |finding: &&Finding| crate::tui::focus::is_told(finding);
    let mut copies = Vec::new();
    match app.diagnose.pane {
        Pane::Trust => copies.extend(trust(&subject)),
        Pane::Caller => copies.extend(own(&subject)),
        Pane::Calls => copies.extend(calls(&subject)),
        Pane::Why | Pane::Fix | Pane::WhatIf => {}
    }
    copies.extend(fix::copies(&subject));
    copies.extend(next(&subject));
    if app.diagnose.pane == Pane::Why {
        copies.extend(trust(&subject));
    }
    copies.extend(names(&subject));
    Focus {
        what: format!("{} on role {}", subject.caller(), subject.role()),
        findings: subject.findings().filter(told).collect(),
        causes: causes(&subject),
        copies,
    }
}

/// The causes of the verdict, the headline first; none where access is allowed.
fn causes(subject: &Subject<'_>) -> Vec<&'static str> {
    subject.verdict().map(|verdict| verdict.decision.slugs()).unwrap_or_default()
}

fn trust(subject: &Subject<'_>) -> Option<Copyable> {
    let detail = subject.hop_facts()?.detail.shown()?;
    Some(Copyable::new(&format!("trust policy of {}, as it is", subject.role()), detail.trust_text.clone()))
}

fn own(subject: &Subject<'_>) -> Vec<Copyable> {
    let policies = subject.verdict().and_then(|verdict| verdict.case.as_ref()?.identity.read());
    let all = policies.into_iter().flatten().enumerate();
    all.map(|(index, named)| {
        let name = if named.name.is_empty() { format!("policy {}", index + 1) } else { named.name.clone() };
        Copyable::new(&format!("{name} of {}", subject.caller()), printed(named.policy.as_json()))
    })
    .collect()
}

fn calls(subject: &Subject<'_>) -> Vec<Copyable> {
    let calls = &subject.facts.calls;
    if calls.is_empty() {
        return Vec::new();
    }
    let last = calls.iter().rev().find_map(|call| Some((call, call.request_id.clone()?)));
    let id = last.map(|(call, id)| Copyable::new(&format!("request id of the last {}", call.operation), id));
    id.into_iter().chain([Copyable::new("every call, as JSON", printed(calls))]).collect()
}

fn next(subject: &Subject<'_>) -> Vec<Copyable> {
    let steps = subject.verdict().map(|verdict| verdict.next.as_slice()).unwrap_or_default();
    let commands = steps.iter().filter_map(|step| step.command.as_ref());
    commands.map(|command| Copyable::new(&format!("next: {command}"), command.clone())).collect()
}

fn names(subject: &Subject<'_>) -> Vec<Copyable> {
    let principal = subject.verdict().and_then(|verdict| verdict.principal.clone());
    let principal = principal.map(|arn| Copyable::new("ARN of the caller", arn));
    let role = subject.asked().map(|hop| Copyable::new("ARN of the role", hop.role_arn.clone()));
    let request =
        subject.verdict().and_then(|verdict| verdict.live.as_ref()?.outcome.as_ref().err()?.request_id.clone());
    let request = request.map(|id| Copyable::new("request id of the live call", id));
    role.into_iter().chain(principal).chain(request).collect()
}

/// The case that is looked at, as `rolecall explain` reads it. `None`: nothing was evaluated.
pub fn saved(app: &App) -> Option<String> {
    let subject = Subject::of(app)?;
    let case = subject.verdict()?.case.as_deref()?;
    Some(printed(&save::case(case)))
}

impl State {
    /// The name that is proposed for a saved case.
    pub const CASE: &'static str = "rolecall-case.json";
}
