//! Whether `config.json`, stack and secret say the same.

use serde_json::Value;

use super::super::secret::document;
use super::super::view::View;
use crate::model::facts::{RoleFound, RoleSource};
use crate::model::finding::Fix;
use crate::model::selection::RoleKind;
use crate::model::{Finding, Severity};
use crate::secret::Key;
use crate::systems::quilt::{self, Service};
use crate::values::{Arn, RoleArn, StackArn};

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = stack(view).into_iter().collect();
    findings.extend(region(view).or_else(|| queue_region(view)));
    findings.extend(RoleKind::BOTH.into_iter().filter_map(|kind| role(view, kind)));
    findings.extend(outputs(view));
    findings.extend(secret_arn(view));
    findings.extend(secret_values(view));
    findings
}

fn stack(view: &View<'_>) -> Option<Finding> {
    let configured = view.config_text(&["quilt", "stackArn"])?;
    let chosen = view.stack()?.arn.to_string();
    (configured != chosen).then(|| {
        Finding::new(
            Severity::Warning,
            "config/stack",
            "quilt.stackArn",
            format!("{} names another stack than the chosen one.", view.config_words()),
        )
        .because(format!("config.json: {configured}"))
        .because(format!("chosen: {chosen}"))
        .cure(Fix::command("Choose the stack that is meant; the walk writes it.", view.rolecall("setup")))
    })
}

/// One region for stack, queue and secret: a reader looks in no other.
fn region(view: &View<'_>) -> Option<Finding> {
    let configured = view.config_text(&["quilt", "region"])?;
    let of_file = view.config_text(&["quilt", "stackArn"]).and_then(|arn| StackArn::parse(arn).ok());
    let stack = of_file.or_else(|| view.stack_arn()).filter(|stack| stack.region() != configured)?;
    let claim =
        format!("quilt.region of config.json is {configured}, but stack {} is in {}.", stack.name(), stack.region());
    Some(
        Finding::new(Severity::Error, "config/region", "quilt.region", claim)
            .because(stack.to_string())
            .cure(Fix::advice(format!("Set quilt.region to {}.", stack.region()))),
    )
}

/// The queue is asked in quilt.region, which is right as far as the stack tells.
fn queue_region(view: &View<'_>) -> Option<Finding> {
    let configured = view.config_text(&["quilt", "region"])?;
    let url = view.config_text(&["quilt", "queueUrl"]).filter(|url| quilt::is_queue_url(url))?;
    let of_queue = url.strip_prefix("https://sqs.")?.split('.').next()?;
    (of_queue != configured).then(|| {
        let claim = format!("quilt.region of config.json is {configured}, but quilt.queueUrl is in {of_queue}.");
        Finding::new(Severity::Error, "config/region", "quilt.queueUrl", claim)
            .because(url)
            .cure(Fix::command("Take both over from the stack.", view.rolecall("setup")))
    })
}

/// The role that the webhook would use against the one that the stack has now.
fn role(view: &View<'_>, kind: RoleKind) -> Option<Finding> {
    let configured = view.configured_role(kind)?;
    let parsed = RoleArn::parse(configured).ok()?;
    let found = view.facts.role(kind)?.found.known()?;
    if found.source == RoleSource::Config || same(&parsed, found) {
        return None;
    }
    let path = format!("quilt.{}", kind.config_field());
    Some(
        Finding::new(
            Severity::Warning,
            "config/role-arn",
            &path,
            format!("{path} of config.json is not the {} role of the stack.", kind.word()),
        )
        .because(format!("config.json: {configured}"))
        .because(format!("{}: {}", found.source.words(), found.arn))
        .cure(Fix::command("Take the stack's over.", view.rolecall("setup"))),
    )
}

/// A composed ARN lacks the path: then account and name are all there is to compare.
fn same(configured: &RoleArn, found: &RoleFound) -> bool {
    if found.composed {
        configured.account() == found.arn.account() && configured.name() == found.arn.name()
    } else {
        configured == &found.arn
    }
}

/// Values that were copied from the stack once, and differ now.
fn outputs(view: &View<'_>) -> Option<Finding> {
    const COPIED: [(&[&str], Service); 3] = [
        (&["quilt", "catalog"], Service::Catalog),
        (&["quilt", "database"], Service::Database),
        (&["quilt", "queueUrl"], Service::QueueUrl),
    ];
    let stack = view.stack()?;
    let differ: Vec<String> = COPIED
        .iter()
        .filter_map(|(path, service)| {
            let ours = view.config_text(path)?;
            let theirs = quilt::service(stack, *service)?;
            let equal = match service {
                Service::Catalog => quilt::bare_host(ours) == theirs.value,
                _ => ours == theirs.value,
            };
            (!equal).then(|| format!("{}: config.json {ours}, {} {}", path.join("."), theirs.source, theirs.value))
        })
        .collect();
    if differ.is_empty() {
        return None;
    }
    let claim = format!("{} says other than stack {}.", view.config_words(), stack.arn.name());
    let finding = Finding::new(Severity::Warning, "config/stack-values", &view.selection.config_profile, claim);
    Some(
        differ
            .into_iter()
            .fold(finding, Finding::because)
            .cure(Fix::command("Take the stack's values over.", view.rolecall("setup"))),
    )
}

/// A secret's ARN ends with six random characters after a hyphen, which people leave out.
fn secret_arn(view: &View<'_>) -> Option<Finding> {
    let configured = view.config_text(&["benchling", "secretArn"])?;
    let secret = view.facts.secret.known()?;
    let whole = configured == secret.arn;
    let without_suffix = secret.arn.rsplit_once('-').is_some_and(|(stem, _)| stem == configured);
    let valid = Arn::parse(configured).is_ok();
    (valid && !whole && !without_suffix).then(|| {
        Finding::new(
            Severity::Warning,
            "config/secret-arn",
            "benchling.secretArn",
            format!("{} names another secret than the chosen one.", view.config_words()),
        )
        .because(format!("config.json: {configured}"))
        .because(format!("chosen: {}", secret.arn))
        .cure(Fix::command("Choose the secret that is meant; the walk writes it.", view.rolecall("setup")))
    })
}

/// The same value in two places: only whether they are equal is told.
fn secret_values(view: &View<'_>) -> Option<Finding> {
    let document = document(view)?;
    let differ: Vec<String> = Key::ALL
        .into_iter()
        .filter_map(|key| {
            let path = key.config_path()?;
            let ours = match view.config_value(path)? {
                Value::String(text) => text.clone(),
                Value::Bool(value) => value.to_string(),
                _ => return None,
            };
            let theirs = document.value(key)?;
            (theirs.expose() != ours).then(|| format!("{} and {key}", path.join(".")))
        })
        .collect();
    if differ.is_empty() {
        return None;
    }
    let claim = format!("{} and the secret do not agree.", view.config_words());
    let finding = Finding::new(Severity::Warning, "config/secret-values", &view.selection.config_profile, claim);
    Some(
        differ
            .into_iter()
            .fold(finding, Finding::because)
            .because("the running service reads the secret, the deployment reads config.json")
            .cure(Fix::command("Bring them together.", view.rolecall("setup"))),
    )
}
