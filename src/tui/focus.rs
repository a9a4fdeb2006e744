//! What the cursor is on: the findings about it, and what of it can be copied.

use super::app::App;
use super::copy::Copyable;
use super::route::{Route, Walk};
use super::screens::{access, ask, done, review, roles, secret, settings, source, sources, stack, texts};
use super::steps;
use crate::judge;
use crate::model::verdict::Party;
use crate::model::{Finding, Hop, Severity};
use crate::policy;
use crate::systems::Secrecy;
use crate::values::access_key;
use crate::values::text::safe;
use crate::wording::checklist;
use crate::wording::done::{next, undo};

/// What the cursor is on.
#[derive(Default)]
pub struct Focus<'a> {
    /// In words: "role ReadQuiltV2-quilt-prod".
    pub what: String,
    /// The findings about it that are worth a word, worst first.
    pub findings: Vec<&'a Finding>,
    /// Why access to it is refused or not known: slugs of the vocabulary.
    pub causes: Vec<&'a str>,
    /// What of it can be copied, apart from its findings.
    pub copies: Vec<Copyable>,
}

/// What the cursor is on now.
pub fn of(app: &App) -> Focus<'_> {
    if app.texts.is_some() {
        return Focus { what: "the text".into(), copies: texts::copies(app), ..Focus::default() };
    }
    match app.route {
        Route::Home => Focus::default(),
        Route::Sources => on_sources(app),
        Route::Ask => on_ask(app),
        Route::Diagnose => super::screens::diagnose::focus(app),
        Route::Source => on_source(app),
        Route::Stack => on_stack(app),
        Route::Roles => on_role(app),
        Route::Secret => on_secret(app),
        Route::Review => on_review(app),
        Route::Done => on_done(app),
        Route::Settings => on_settings(app),
        Route::Access => on_access(app),
    }
}

/// Whether a finding is worth a word: what is right, and what merely is so, is not.
pub fn is_told(finding: &Finding) -> bool {
    finding.unknown || matches!(finding.severity, Severity::Error | Severity::Warning)
}

/// The findings of a step that are worth a word.
pub fn of_step(app: &App, step: Route) -> impl Iterator<Item = &Finding> {
    app.judgement.findings.iter().filter(move |finding| steps::step_of(finding) == step && is_told(finding))
}

fn on_ask(app: &App) -> Focus<'_> {
    match ask::under_cursor(app) {
        Some(ask::Row::Known(candidate)) => {
            let copy = |hop: &Hop| Copyable::new(&format!("role ARN {}", hop.role_arn), hop.role_arn.clone());
            let what = format!("the path to {}", ask::names(&candidate.inquiry.hops));
            Focus { what, copies: candidate.inquiry.hops.iter().map(copy).collect(), ..Focus::default() }
        }
        Some(ask::Row::Message) => {
            let next = app.inquiring.message.reading.iter().flat_map(|reading| &reading.next);
            let commands = next.filter_map(|step| step.command.clone());
            let copies = commands.map(|command| Copyable::new(&format!("command: {command}"), command)).collect();
            Focus { what: "the error message".into(), copies, ..Focus::default() }
        }
        _ => Focus::default(),
    }
}

/// The names that a source gives can be copied, never what stands there.
fn on_sources(app: &App) -> Focus<'_> {
    let Some(source) = sources::under_cursor(app) else { return Focus::default() };
    let mut copies = vec![Copyable::new("name of the source", source.label.clone())];
    if let Some(Ok(import)) = source.import.shown() {
        let names: Vec<&str> = import.given.iter().map(|given| given.name.as_str()).collect();
        copies.push(Copyable::new("names that it gives", names.join("\n")));
    }
    let about = |finding: &&Finding| finding.subject.contains(source.label.as_str());
    let findings = of_step(app, Route::Secret).filter(about).collect();
    Focus { what: source.label.clone(), findings, copies, ..Focus::default() }
}

fn on_source(app: &App) -> Focus<'_> {
    let Some(entry) = source::under_cursor(app) else { return Focus::default() };
    let chosen = app.selection.source.as_ref() == Some(&entry.source);
    let mut copies = Vec::new();
    if let Some(identity) = app.facts.identity.shown().filter(|_| chosen) {
        copies.push(Copyable::new("ARN of the identity", identity.arn.to_string()));
        copies.push(Copyable::new("account id", identity.account.to_string()));
    }
    copies.extend(entry.login_command().map(|command| Copyable::new("command that logs in", command)));
    let findings = if chosen { of_step(app, Route::Source).collect() } else { Vec::new() };
    Focus { what: format!("AWS profile {}", entry.source.label()), findings, copies, ..Focus::default() }
}

fn on_stack(app: &App) -> Focus<'_> {
    let Some(found) = stack::under_cursor(app) else {
        let findings = of_step(app, Route::Stack).collect();
        return Focus { what: "the stack".into(), findings, ..Focus::default() };
    };
    let findings = if stack::cursor_on_chosen(app) { of_step(app, Route::Stack).collect() } else { Vec::new() };
    let copies = vec![
        Copyable::new("ARN of the stack", found.arn.to_string()),
        Copyable::new("name of the stack", found.arn.name().to_owned()),
    ];
    Focus { what: format!("stack {}", found.arn.name()), findings, copies, ..Focus::default() }
}

fn on_role(app: &App) -> Focus<'_> {
    let kind = app.roles.selected;
    let found = app.facts.role(kind).and_then(|role| role.found.shown());
    let name = found.map(|found| found.arn.name().to_owned());
    let about = |finding: &&Finding| match &name {
        Some(name) => finding.subject.contains(name.as_str()) || finding.id.starts_with("workload/"),
        None => true,
    };
    let findings = of_step(app, Route::Roles).filter(about).collect();
    let mut copies = Vec::new();
    if let Some(found) = found {
        copies.push(Copyable::new(&format!("ARN of the {} role", kind.word()), found.arn.to_string()));
    }
    let workload = app.facts.workload.arn.shown();
    copies.extend(workload.map(|arn| Copyable::new("ARN of the webhook's task role", arn.to_string())));
    let trust = app.facts.role(kind).and_then(|role| role.detail.shown());
    copies.extend(trust.map(|detail| Copyable::new("trust policy", detail.trust_text.clone())));
    let what = name.map_or_else(|| format!("the {} role", kind.word()), |name| format!("role {name}"));
    Focus { what, findings, causes: causes(app, kind), copies }
}

/// The causes of the webhook's verdict on a role, the headline first; none where it is let in.
fn causes(app: &App, kind: crate::model::selection::RoleKind) -> Vec<&'static str> {
    roles::verdict(app, Party::Workload, kind).map(|verdict| verdict.decision.slugs()).unwrap_or_default()
}

fn on_secret(app: &App) -> Focus<'_> {
    let told = || of_step(app, Route::Secret);
    match secret::cursor(app) {
        secret::Cursor::Key(key) => {
            let missing = secret::rows(app).into_iter().any(|row| row.key == key && row.value.is_none());
            let about = |f: &&Finding| f.subject == key.name() || (missing && f.id == "secret/keys");
            Focus { what: key.name().to_owned(), findings: told().filter(about).collect(), ..Focus::default() }
        }
        secret::Cursor::Name | secret::Cursor::Reader | secret::Cursor::KmsKey | secret::Cursor::GoOn => {
            let mut copies = vec![Copyable::new("name of the secret", app.draft.secret_name.clone())];
            let there = app.facts.secret.shown().filter(|_| secret::exists(app));
            copies.extend(there.map(|secret| Copyable::new("ARN of the secret", secret.arn.clone())));
            let what = format!("secret {}", app.draft.secret_name);
            Focus { what, findings: told().collect(), copies, ..Focus::default() }
        }
    }
}

fn on_review(app: &App) -> Focus<'_> {
    let told = || of_step(app, Route::Review).chain(of_step(app, Route::Secret));
    let Some(field) = review::under_cursor(app) else {
        return Focus { what: "what would be written".into(), findings: told().collect(), ..Focus::default() };
    };
    // Masked where it must be: the text is that of the line.
    let copies = vec![Copyable::new(&field.name, field.after.clone())];
    let findings = told().filter(|finding| finding.subject == field.name).collect();
    Focus { what: field.name.clone(), findings, copies, ..Focus::default() }
}

fn on_settings(app: &App) -> Focus<'_> {
    let Some(row) = settings::under_cursor(app) else {
        let findings = of_step(app, Route::Settings).collect();
        return Focus { what: "the settings".into(), findings, ..Focus::default() };
    };
    let findings = of_step(app, Route::Settings).filter(|finding| finding.subject == row.setting.label).collect();
    let mut copies: Vec<Copyable> =
        row.setting.variables.iter().map(|name| Copyable::new("name of the variable", (*name).to_owned())).collect();
    if let Some(given) = row.given.filter(|_| row.setting.secrecy == Secrecy::Shown) {
        let value = access_key::withheld(given.value.expose()).into_owned();
        copies.insert(0, Copyable::new(row.setting.label, value));
    }
    Focus { what: row.setting.label.to_owned(), findings, copies, ..Focus::default() }
}

fn on_access(app: &App) -> Focus<'_> {
    if let Some(finding) = access::finding_under_cursor(app) {
        return Focus { what: finding.subject.clone(), findings: vec![finding], ..Focus::default() };
    }
    if let Some(question) = access::principal_under_cursor(app) {
        let arn = access::look(app, question).and_then(|look| look.found.shown());
        let copies = arn.map(|found| Copyable::new("ARN of the principal", found.arn.to_string()));
        let findings = access::findings_of(app, question).collect();
        return Focus {
            what: question.label.clone(),
            findings,
            copies: copies.into_iter().collect(),
            ..Focus::default()
        };
    }
    let Some(row) = access::path_under_cursor(app) else { return Focus::default() };
    let label = safe(&row.label);
    let of_row = |finding: &Finding| row.findings.iter().chain(&row.told).any(|other| other.id == finding.id);
    let own = |finding: &&Finding| finding.subject == label && of_row(finding);
    let findings = app.judgement.findings.iter().filter(|finding| is_told(finding)).filter(own).collect();
    let denied = row.answers.iter().filter(|answer| answer.verdict != policy::Answer::Allow);
    let causes = denied.map(|answer| answer.cause.as_str()).collect();
    let copies =
        vec![Copyable::new("ARN of the role", row.role.clone()), Copyable::new("name of the path", row.label.clone())];
    Focus { what: row.label.clone(), findings, causes, copies }
}

fn on_done(app: &App) -> Focus<'_> {
    let undo = undo(&app.done.reports).into_iter().map(|command| ("undo", command));
    let next = match app.walk {
        Walk::SetUp if app.done.all_written() => next(&app.facts, &app.selection),
        _ => Vec::new(),
    };
    let commands = undo.chain(next.into_iter().map(|command| ("next", command)));
    let commands = commands.map(|(what, command)| Copyable::new(&format!("{what}: {command}"), command));
    let steps = done::checklist(app);
    let whole = (!steps.is_empty()).then(|| Copyable::new("the whole checklist", checklist::lines(&steps).join("\n")));
    let steps = steps.iter().map(|step| Copyable::new(&step.title, step.body.join("\n")));
    let copies = commands.chain(steps).chain(whole).collect();
    let findings = app.judgement.findings.iter().filter(|finding| is_told(finding)).collect();
    Focus { what: "this set-up".into(), findings, copies, ..Focus::default() }
}

/// What a finding means: its paragraph, in the words of `assets/findings.md`.
pub fn meaning(finding: &Finding) -> &'static str {
    judge::paragraph(&finding.id).unwrap_or_default()
}

/// What a cause means, in the words of `assets/causes.md`.
pub fn meaning_of_cause(slug: &str) -> &'static str {
    policy::paragraph(slug).unwrap_or_default()
}
