//! What each step of the walk found: the marks of the stepper.

use super::app::App;
use super::engine::Ask;
use super::route::Route;
use super::screens;
use super::theme::Mark;
use crate::model::selection::RoleKind;
use crate::model::{Fact, Finding, Severity};

/// The step a finding belongs to, by the first part of its id.
pub fn step_of(finding: &Finding) -> Route {
    let subject = finding.id.split('/').next().unwrap_or_default();
    match subject {
        "identity" | "machine" | "clock" | "sts" => Route::Source,
        "stack" => Route::Stack,
        "role" | "trust" | "caller" | "assume" | "workload" => Route::Roles,
        "secret" => Route::Secret,
        "config" => Route::Review,
        "settings" => Route::Settings,
        // Of a path, or of what a system judges itself.
        _ => Route::Access,
    }
}

/// The mark of a step.
pub fn mark(app: &App, step: Route) -> Mark {
    match step {
        Route::Sources => screens::sources::mark(app),
        Route::Source => source(app),
        Route::Stack => stack(app),
        Route::Roles => roles(app),
        Route::Secret => screens::secret::mark(app),
        Route::Settings if app.facts.system.settings.shown().is_none() => Mark::Open,
        Route::Settings => match (judged(app, Route::Settings, Mark::Good), screens::settings::mark(app)) {
            (Mark::Fault, _) | (_, Mark::Fault) => Mark::Fault,
            (Mark::Good, of_system) => of_system,
            (of_rules, _) => of_rules,
        },
        Route::Access => screens::access::mark(app),
        Route::Review | Route::Done if app.done.all_written() => Mark::Good,
        Route::Review if !app.plan.blocked.is_empty() && app.unwritten() => Mark::Doubt,
        Route::Review | Route::Home | Route::Done | Route::Ask | Route::Diagnose => Mark::Open,
    }
}

fn source(app: &App) -> Mark {
    let facts = &app.facts;
    if app.selection.source.is_none() {
        Mark::Open
    } else if facts.credentials.error().is_some() || facts.identity.error().is_some() {
        Mark::Fault
    } else if facts.identity.shown().is_some() {
        judged(app, Route::Source, Mark::Good)
    } else if app.running.contains_key(&Ask::Identity) {
        Mark::Running
    } else {
        Mark::Open
    }
}

fn stack(app: &App) -> Mark {
    if app.selection.stack.is_none() {
        Mark::Open
    } else if app.facts.stack.shown().is_some() {
        judged(app, Route::Stack, Mark::Good)
    } else if app.running.contains_key(&Ask::Stack) {
        Mark::Running
    } else if matches!(app.facts.stack, Fact::Denied { .. }) {
        // What may not be read is no fault of the stack.
        Mark::Unknown
    } else if app.facts.stack.is_settled() {
        judged(app, Route::Stack, Mark::Fault)
    } else {
        Mark::Open
    }
}

fn roles(app: &App) -> Mark {
    let found = app.facts.roles.values().any(|role| role.found.is_settled());
    if found {
        // What could not be read is no fault of the roles while everything that could be read allows.
        let likely = RoleKind::BOTH.into_iter().all(|kind| screens::roles::is_likely(app, kind));
        match judged(app, Route::Roles, Mark::Good) {
            Mark::Unknown if likely => Mark::Good,
            mark => mark,
        }
    } else if app.running.contains_key(&Ask::Stack) {
        Mark::Running
    } else {
        Mark::Open
    }
}

/// The worst that was found; what is merely worth knowing leaves a step as good as it is.
fn judged(app: &App, step: Route, otherwise: Mark) -> Mark {
    let of_step = app.judgement.findings.iter().filter(|finding| step_of(finding) == step);
    let marks = of_step.filter(|f| f.unknown || matches!(f.severity, Severity::Error | Severity::Warning));
    marks.map(|finding| finding.severity).min().map_or(otherwise, Mark::from)
}
