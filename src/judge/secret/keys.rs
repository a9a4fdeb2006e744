//! The 11 keys: all that are missing at once, then each value that is not right.

use super::super::view::{View, count};
use crate::model::facts::Secret;
use crate::model::finding::Fix;
use crate::model::{Finding, Severity};
use crate::secret::{self, Dialect, Document, Extra, Key, KeyRow};
use crate::values::{mask, text};

pub(super) fn judge(view: &View<'_>, secret: &Secret, document: &Document) -> Vec<Finding> {
    let rows = secret::rows(Some(document));
    let (present, missing): (Vec<&KeyRow>, Vec<&KeyRow>) = rows.iter().partition(|row| row.present);
    let mut findings = vec![keys(view, secret, &missing, document)];
    let faults: Vec<Finding> =
        present.iter().filter(|row| row.severity < Severity::Info).map(|row| value(view, row)).collect();
    if faults.is_empty() && missing.is_empty() {
        let claim = format!("All {} values are valid.", Key::ALL.len());
        findings.push(Finding::new(Severity::Ok, "secret/values", &secret.name, claim));
    }
    findings.extend(faults);
    findings.extend(dialect(view, secret, document));
    findings.extend(extra_keys(secret, document));
    findings
}

/// Which keys are missing, in one finding: nobody wants to learn of them one start-up at a time (S3-22).
fn keys(view: &View<'_>, secret: &Secret, missing: &[&KeyRow], document: &Document) -> Finding {
    let (name, all) = (&secret.name, Key::ALL.len());
    let spelling = secret::dialect(document).words();
    if missing.is_empty() {
        let claim = format!("All {all} keys are there.");
        return Finding::new(Severity::Ok, "secret/keys", name, claim).because(format!("read by: {spelling}"));
    }
    let list = missing.iter().map(|row| row.key.name()).collect::<Vec<_>>().join(", ");
    let claim = format!("{} of {all} keys are missing: {list}.", missing.len());
    let claim = if missing.len() == 1 { format!("1 of {all} keys is missing: {list}.") } else { claim };
    let finding = Finding::new(Severity::Error, "secret/keys", name, claim)
        .because("the service stops at start-up when a key is missing; case matters");
    missing
        .iter()
        .filter(|row| row.message != "missing")
        .fold(finding, |finding, row| finding.because(format!("{}: {}", row.key, row.message)))
        .cure(Fix::command("Add them, each value checked.", view.rolecall("secret")))
}

fn value(view: &View<'_>, row: &KeyRow) -> Finding {
    let key = row.key;
    let id = if key == Key::EnableWebhookVerification { "secret/booleans" } else { "secret/values" };
    let claim = match row.severity {
        Severity::Error => format!("{key} is not valid: {}.", row.message),
        _ => format!("{key}: {}.", row.message),
    };
    let mut finding = Finding::new(row.severity, id, key.name(), claim).because(format!("rule: {}", key.rule()));
    if let Some(value) = row.value.as_ref().filter(|value| !value.is_empty()) {
        finding = finding.because(format!("value: {}", mask::masked(&text::safe(value.expose()), key.mask())));
    }
    match &row.suggestion {
        Some(meant) => {
            let what = format!("Set {key} to {meant}, if that is what is meant.");
            finding.cure(Fix::command(what, view.rolecall("secret")))
        }
        None => finding.cure(Fix::command(format!("Correct {key}."), view.rolecall("secret"))),
    }
}

/// Shipped runtimes read another spelling than the specification: a secret that holds both satisfies both (C10).
fn dialect(view: &View<'_>, secret: &Secret, document: &Document) -> Option<Finding> {
    let spelling = secret::dialect(document);
    let claim = match spelling {
        Dialect::Shipped | Dialect::Legacy => format!("Secret {} is spelled for {}.", secret.name, spelling.words()),
        Dialect::Both => format!("Secret {} holds {}.", secret.name, spelling.words()),
        Dialect::Specification | Dialect::Unrecognised => return None,
    };
    let finding = Finding::new(Severity::Info, "secret/dialect", &secret.name, claim);
    Some(if spelling == Dialect::Both {
        finding
    } else {
        finding
            .because("the specification asks for 11 keys in capitals; shipped runtimes read names in small letters")
            .cure(Fix::command("Write both spellings: every runtime accepts that.", view.rolecall("secret")))
    })
}

/// Keys that nobody asked for are ignored by readers and kept on writing (C8). The other spelling of a key is none of them.
fn extra_keys(secret: &Secret, document: &Document) -> Option<Finding> {
    let extras: Vec<Extra> =
        secret::extras(document).into_iter().filter(|extra| Key::from_shipped_name(&extra.name).is_none()).collect();
    let claim = format!("{} more than the specification asks for.", count(extras.len(), "key"));
    let finding = Finding::new(Severity::Info, "secret/extra-keys", &secret.name, claim);
    let line = |extra: &Extra| match &extra.hint {
        Some(hint) => format!("{}: {hint}", extra.name),
        None => extra.name.clone(),
    };
    (!extras.is_empty()).then(|| {
        extras.iter().map(line).fold(finding, Finding::because).because("ignored by the service, kept on writing")
    })
}
