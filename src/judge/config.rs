//! `config.json`: that it is JSON, complete and valid, what it inherits, and that it says what stack and secret say.

use super::view::{View, unanswered};
use crate::config::Config;
use crate::model::finding::Fix;
use crate::model::selection::config_profile_fault;
use crate::model::{Fact, Finding, Severity};
use crate::systems::quilt::{self, Integration, Wanted};

mod accounts;
mod agree;
mod deploy;
mod fields;
mod inherit;
mod names;

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = profile_name(view).into_iter().collect();
    let subject = &view.selection.config_profile;
    match &view.facts.config {
        Fact::Known(_) => match &view.config {
            Some(config) => findings.extend(readable(view, config)),
            None => findings.push(not_json(view, &fault(view))),
        },
        Fact::Absent => findings.push(
            Finding::new(
                Severity::Info,
                "config/exists",
                subject,
                format!("Config profile {subject} has no config.json yet."),
            )
            .cure(Fix::command("Make it in the walk.", view.rolecall("setup"))),
        ),
        other => findings.extend(unanswered(other, "config/readable", subject, &view.config_words())),
    }
    findings.extend(deploy::last(view));
    findings
}

fn readable(view: &View<'_>, config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    if config.has_byte_order_mark() {
        findings.push(not_json(view, "it starts with a byte order mark, which JSON does not allow"));
    }
    findings.extend(accounts::judge(view, config));
    findings.extend(fields::judge(view, config));
    findings.extend(names::judge(view, config));
    findings.extend(inherit::judge(view, config));
    findings.extend(agree::judge(view));
    findings.extend(deploy::judge(view, config));
    findings.extend(integrated(view, config));
    findings.extend(agrees(view, config));
    findings.extend(clear_secret(view, config));
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

/// Why it is no JSON object, and where. Holds nothing of the file.
fn fault(view: &View<'_>) -> String {
    let read = view.facts.config.known().map(Config::read);
    read.and_then(Result::err).map_or_else(|| "it could not be parsed".into(), |fault| fault.to_string())
}

fn not_json(view: &View<'_>, why: &str) -> Finding {
    let path = view.facts.config.known().map(|file| file.path.display().to_string()).unwrap_or_default();
    Finding::new(
        Severity::Error,
        "config/json",
        &view.selection.config_profile,
        format!("The webhook package cannot read {}: {why}.", view.config_words()),
    )
    .because(path)
    .because("its setup begins a new configuration when it cannot read the old one, and the old one is lost")
    .cure(Fix::command("Let the walk put it right; it keeps a backup and shows what changes.", view.rolecall("setup")))
    .cure(Fix::advice("Or correct it there."))
}

/// Readers guess where it is not said, and guess wrong.
fn integrated(view: &View<'_>, config: &Config) -> Option<Finding> {
    if config.get(&["integratedStack"]).is_some() {
        return None;
    }
    let why = if config.text(&["benchling", "secretArn"]).is_some() {
        "beside a benchling.secretArn the webhook package then takes the stack for an old integrated one, and its sync overwrites that secret"
    } else {
        "the webhook package's status then takes the stack for an integrated one"
    };
    Some(
        Finding::new(
            Severity::Warning,
            "config/integrated-stack",
            "integratedStack",
            format!("{} does not say integratedStack.", view.config_words()),
        )
        .because(why)
        .cure(Fix::command("Set integratedStack to true or false; the walk writes it.", view.rolecall("setup"))),
    )
}

/// What the file says of the mode against what the stack does.
fn agrees(view: &View<'_>, config: &Config) -> Option<Finding> {
    let says = config.get(&["integratedStack"])?.as_bool()?;
    let stack = view.stack()?.arn.name();
    view.facts.resources.known()?;
    let named = config.text(&["benchling", "secretArn"]);
    let own = quilt::resource(view.facts, Wanted::BenchlingSecret).map(|found| found.value);
    let is_own = own.is_some() && own.as_deref() == named;
    let (claim, cure) = match (says, quilt::integration(view.facts)) {
        (true, Integration::Off(key)) => (
            format!("config.json says integratedStack, but the webhook of {stack} is switched off (parameter {key})."),
            "Switch it on in the stack's parameters, or set integratedStack to false and deploy the webhook as a stack of its own.",
        ),
        (true, Integration::None) => (
            format!("config.json says integratedStack, but {stack} has no webhook built in."),
            "Set integratedStack to false, or update the stack to a Quilt version with the webhook built in.",
        ),
        (true, Integration::On) if own.is_some() && named.is_some() && !is_own => (
            format!("config.json says integratedStack, but names another secret than the one that {stack} reads."),
            "Set benchling.secretArn to the stack's own secret, or integratedStack to false.",
        ),
        (false, Integration::On) if is_own => (
            format!(
                "config.json says that the webhook is a stack of its own, but names the secret that {stack} reads itself."
            ),
            "Set integratedStack to true, or give the webhook's own stack a secret of its own.",
        ),
        _ => return None,
    };
    let finding = Finding::new(Severity::Warning, "config/integrated-stack", "integratedStack", claim);
    let finding = finding.because("status, sync and deploy of the webhook package go by integratedStack");
    Some(
        match own {
            Some(own) => finding.because(format!("the stack's own secret: {own}")),
            None => finding,
        }
        .cure(Fix::advice(cure)),
    )
}

/// A client secret in the file is a copy of the secret that any program of this user reads, and with the wrong mode any user.
fn clear_secret(view: &View<'_>, config: &Config) -> Option<Finding> {
    let file = view.facts.config.known()?;
    config.own_text(&["benchling", "clientSecret"])?;
    let subject = &view.selection.config_profile;
    let out = Fix::advice(
        "Take benchling.clientSecret out: the secret holds it. `validate` of the webhook package then complains; `deploy` does not.",
    );
    let Some(mode) = file.mode.filter(|mode| mode & 0o077 != 0) else {
        let claim = format!("{} holds the client secret in clear.", view.config_words());
        return Some(
            Finding::new(Severity::Info, "config/client-secret", "benchling.clientSecret", claim)
                .because("only you may read the file; backups and copies of it hold the secret too")
                .cure(out),
        );
    };
    let path = file.path.display().to_string();
    Some(
        Finding::new(
            Severity::Warning,
            "config/mode",
            subject,
            format!("{} holds the client secret, and other users of this machine may read it.", view.config_words()),
        )
        .because(format!("its mode is {:04o}", mode & 0o7777))
        .cure(Fix::command("Keep others out.", crate::values::shell::command(["chmod", "600", &path])))
        .cure(out),
    )
}

#[cfg(test)]
mod tests;
