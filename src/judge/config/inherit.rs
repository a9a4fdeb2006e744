//! What a config profile inherits, and who of its readers sees that.

use super::super::view::View;
use super::fields::required;
use crate::config::{Broken, Config, Field};
use crate::model::finding::Fix;
use crate::model::{Finding, Severity};
use crate::values::shell;
use crate::values::text::counted;

pub(super) fn judge(view: &View<'_>, config: &Config) -> Vec<Finding> {
    let Some(parent) = config.inherits() else { return Vec::new() };
    let mut findings: Vec<Finding> = config.broken().map(|broken| ends(view, broken)).into_iter().collect();
    findings.push(readers(view, config, parent));
    findings.extend(shared_stack(view, config));
    findings
}

/// `deploy` follows the chain to its end, or stops with an error.
fn ends(view: &View<'_>, broken: &Broken) -> Finding {
    let subject = &view.selection.config_profile;
    let (claim, cure) = match broken {
        Broken::Missing { child, parent } => (
            format!("Config profile {child} inherits from {parent}, which has no config.json."),
            format!(
                "Correct _inherits in config profile {child}, or make {parent} (`rolecall setup --profile {parent}`)."
            ),
        ),
        Broken::Unreadable { parent, why } => (
            format!("Config profile {subject} inherits from {parent}, whose config.json cannot be read: {why}."),
            format!("Correct the config.json of config profile {parent}."),
        ),
        Broken::Circle(names) => (
            format!("Config profile {subject} inherits from itself: {}.", names.join(" -> ")),
            "Take _inherits out of one of them.".into(),
        ),
    };
    Finding::new(Severity::Error, "config/parent", subject, claim)
        .because("`deploy` of the webhook package follows the chain and stops with an error")
        .cure(Fix::advice(cure))
}

/// Every command but `deploy` reads the file alone: what only a parent says is missing there.
fn readers(view: &View<'_>, config: &Config, parent: &str) -> Finding {
    let subject = &view.selection.config_profile;
    let only_inherited: Vec<String> = required()
        .filter(|field| config.own(field.path).is_none() && config.get(field.path).is_some())
        .map(Field::name)
        .collect();
    if only_inherited.is_empty() {
        return Finding::new(
            Severity::Info,
            "config/inherits",
            subject,
            format!("Config profile {subject} inherits from {parent}."),
        )
        .because("only `deploy` of the webhook package applies that; its other commands read this file alone");
    }
    let claim = format!(
        "Config profile {subject} leaves {} to {parent} that only `deploy` reads there: {}.",
        counted(only_inherited.len(), "field"),
        only_inherited.join(", ")
    );
    Finding::new(Severity::Warning, "config/inherits", subject, claim)
        .because("`validate`, `status`, `health-check` and `config` of the webhook package read this file alone")
        .because("`validate` ends with \"Cannot read properties of undefined\" where a whole section is missing")
        .cure(Fix::command("Write them into this file too; it goes on to inherit the rest.", view.rolecall("setup")))
        .cure(Fix::command(
            "See each value and where it comes from.",
            shell::command(["rolecall", "print", "config", "--profile", subject]),
        ))
}

/// Two config profiles that deploy to one stack take turns in overwriting it.
fn shared_stack(view: &View<'_>, config: &Config) -> Option<Finding> {
    const PATH: [&str; 2] = ["deployment", "stackName"];
    let name = config.text(&PATH)?;
    let (parent, _) = config.of_parents(&PATH).filter(|(_, value)| value.as_str() == Some(name))?;
    let subject = &view.selection.config_profile;
    let claim =
        format!("`deploy` of config profile {subject} would update {name}, the stack of config profile {parent}.");
    Some(
        Finding::new(Severity::Warning, "config/shared-stack", "deployment.stackName", claim)
            .because("each of the two would overwrite what the other deployed")
            .cure(Fix::advice(format!(
                "Give config profile {subject} a deployment.stackName of its own, unless one stack for both is meant."
            ))),
    )
}
