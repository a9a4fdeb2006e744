//! `config.json`: that it is JSON, complete and valid, and says what stack and secret say.

use serde_json::Value;

use super::view::{View, unanswered};
use crate::model::finding::Fix;
use crate::model::selection::config_profile_fault;
use crate::model::{Fact, Finding, Severity};

mod agree;
mod fields;

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = profile_name(view).into_iter().collect();
    let subject = &view.selection.config_profile;
    match &view.facts.config {
        Fact::Known(_) => match &view.config {
            Some(Value::Object(_)) => {
                findings.extend(fields::judge(view));
                findings.extend(agree::judge(view));
                findings.extend(advice(view));
                findings.extend(mode(view));
            }
            Some(_) => findings.push(not_json(view, "it holds a JSON value that is no object")),
            None => findings.push(not_json(view, &syntax(view))),
        },
        Fact::Absent => findings.push(
            Finding::new(
                Severity::Info,
                "config/exists",
                subject,
                format!("Config profile {subject} has no config.json yet."),
            )
            .cure(Fix::command("Make it in the walk.", "rolecall setup")),
        ),
        other => findings.extend(unanswered(other, "config/readable", subject, &view.config_words())),
    }
    findings
}

/// The webhook package takes a config profile's name as the name of a folder.
fn profile_name(view: &View<'_>) -> Option<Finding> {
    let name = &view.selection.config_profile;
    let fault = config_profile_fault(name)?;
    Some(
        Finding::new(Severity::Error, "config/profile-name", name, fault)
            .because("it is the name of a folder below benchling-webhook/")
            .cure(Fix::advice("Choose another name (`--profile NAME`).")),
    )
}

/// Where the JSON breaks off. The text of the error holds a position, and nothing of the file.
fn syntax(view: &View<'_>) -> String {
    let parsed =
        view.facts.config.known().map(|file| serde_json::from_str::<serde::de::IgnoredAny>(file.text.expose()));
    match parsed {
        Some(Err(error)) => format!("line {}, column {}", error.line(), error.column()),
        _ => "it could not be parsed".into(),
    }
}

fn not_json(view: &View<'_>, why: &str) -> Finding {
    let path = view.facts.config.known().map(|file| file.path.display().to_string()).unwrap_or_default();
    Finding::new(
        Severity::Error,
        "config/json",
        &view.selection.config_profile,
        format!("{} is not JSON: {why}.", view.config_words()),
    )
    .because(path)
    .because("the webhook package begins a new configuration when it cannot read the old one")
    .cure(Fix::advice("Correct it there; rolecall replaces it only after a backup, and says so in the review."))
}

/// What is valid and still worth a word.
fn advice(view: &View<'_>) -> Vec<Finding> {
    let subject = &view.selection.config_profile;
    let mut findings = Vec::new();
    if view.config_value(&["integratedStack"]).is_none() && view.config_text(&["benchling", "secretArn"]).is_some() {
        findings.push(
            Finding::new(
                Severity::Warning,
                "config/integrated-stack",
                "integratedStack",
                format!("{} does not say integratedStack.", view.config_words()),
            )
            .because("without it the webhook package takes the stack for an old integrated one, and its sync overwrites the secret")
            .cure(Fix::advice("Set integratedStack to true or false; the walk writes it.")),
        );
    }
    if let Some(parent) = view.config_text(&["_inherits"]) {
        findings.push(
            Finding::new(
                Severity::Info,
                "config/inherits",
                subject,
                format!("Config profile {subject} inherits from {parent}."),
            )
            .because("only `deploy` of the webhook package applies that; its other commands read this file alone"),
        );
    }
    findings
}

/// Anybody on this machine may read a client secret that stands in the file.
fn mode(view: &View<'_>) -> Option<Finding> {
    let file = view.facts.config.known()?;
    let mode = file.mode.filter(|mode| mode & 0o077 != 0)?;
    view.config_text(&["benchling", "clientSecret"])?;
    let path = file.path.display().to_string();
    Some(
        Finding::new(
            Severity::Warning,
            "config/mode",
            &view.selection.config_profile,
            format!("{} holds the client secret, and other users of this machine may read it.", view.config_words()),
        )
        .because(format!("its mode is {:04o}", mode & 0o7777))
        .cure(Fix::command("Keep others out.", crate::values::shell::command(["chmod", "600", &path])))
        .cure(Fix::advice("Or leave benchling.clientSecret out: the secret holds it.")),
    )
}

#[cfg(test)]
mod tests;
