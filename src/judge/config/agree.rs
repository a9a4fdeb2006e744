//! Whether `config.json`, stack and secret say the same.

use serde_json::Value;

use super::super::secret::document;
use super::super::view::View;
use crate::migrate::reader;
use crate::model::facts::{RoleFound, RoleSource};
use crate::model::finding::Fix;
use crate::model::selection::RoleKind;
use crate::model::{Finding, Severity};
use crate::secret::{Key, rules};
use crate::systems::quilt::{self, Service};
use crate::values::arn::secret_name;
use crate::values::mask::{Mask, masked};
use crate::values::text::{elide_end, safe};
use crate::values::{Arn, RoleArn, SecretText, StackArn};

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
    let (chosen, same) = match view.facts.secret.known() {
        Some(secret) => {
            let without_suffix = secret.arn.rsplit_once('-').is_some_and(|(stem, _)| stem == configured);
            (secret.arn.as_str(), configured == secret.arn || without_suffix)
        }
        // What could not be read has no ARN but the one it was asked for by, if it was.
        None => {
            let chosen = view.selection.secret.as_deref().filter(|_| view.facts.secret.is_settled())?;
            let whole = Arn::parse(chosen).is_ok();
            (chosen, if whole { chosen == configured } else { secret_name(configured) == chosen })
        }
    };
    let valid = Arn::parse(configured).is_ok();
    (valid && !same).then(|| {
        Finding::new(
            Severity::Warning,
            "config/secret-arn",
            "benchling.secretArn",
            format!("{} names another secret than the chosen one.", view.config_words()),
        )
        .because(format!("config.json: {configured}"))
        .because(format!("chosen: {chosen}"))
        .cure(Fix::command("Choose the secret that is meant; the walk writes it.", view.rolecall("setup")))
    })
}

/// The same value in two places: what each says, as far as it may be seen.
fn secret_values(view: &View<'_>) -> Option<Finding> {
    let document = document(view)?;
    let reader = reader::judged(view.selection);
    // What readers cut to the same is the same: a tenant's host, a boolean in another case.
    let plain = |key: Key, value: &SecretText| rules::repaired(key, value).unwrap_or_else(|| value.clone());
    let differ: Vec<(Key, String)> = Key::ALL
        .into_iter()
        .filter_map(|key| {
            let path = key.config_path()?;
            let ours = match view.config_value(path)? {
                Value::String(text) => SecretText::from(text.as_str()),
                Value::Bool(value) => value.to_string().into(),
                _ => return None,
            };
            let theirs = document.read_by(key, reader)?;
            let field = path.join(".");
            let line = match key.mask() {
                Mask::Full => format!("{key} and {field} differ"),
                mask => format!("{key}: {}; {field}: {}", seen(&theirs, mask), seen(&ours, mask)),
            };
            (plain(key, &theirs) != plain(key, &ours)).then_some((key, line))
        })
        .collect();
    if differ.is_empty() {
        return None;
    }
    let names = differ.iter().map(|(key, _)| key.name()).collect::<Vec<_>>().join(", ");
    let claim = format!("{} and the secret do not agree on {names}.", view.config_words());
    let finding = Finding::new(Severity::Warning, "config/secret-values", &view.selection.config_profile, claim);
    Some(
        differ
            .into_iter()
            .map(|(_, line)| line)
            .fold(finding, Finding::because)
            .because("the running service reads the secret, the deployment reads config.json")
            .cure(Fix::command("Bring them together.", view.rolecall("setup"))),
    )
}

fn seen(value: &SecretText, mask: Mask) -> String {
    if value.is_empty() { "empty".into() } else { masked(&elide_end(&safe(value.expose()), 80), mask) }
}
