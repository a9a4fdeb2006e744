//! The keys: all that are missing at once, then each value that is not right.

use super::super::view::View;
pub(in crate::judge) use super::subject::Subject;
use crate::model::{Finding, Reader, Severity};
use crate::secret::{self, Document, Extra, Key, KeyRow};
use crate::values::text::counted;
use crate::values::{mask, text};

/// Judges a secret's document, wherever it was read, for the runtimes that `reader` stands for: every fault at once.
pub(in crate::judge) fn judge(view: &View<'_>, subject: &Subject, document: &Document, reader: Reader) -> Vec<Finding> {
    let rows = secret::rows(Some(document), reader);
    let mut findings = vec![keys(view, subject, &rows, document, reader)];
    let wrong = |row: &&KeyRow| row.faults.iter().any(|fault| fault.severity < Severity::Info);
    let faults: Vec<Finding> = rows.iter().filter(wrong).map(|row| value(view, subject, row, document)).collect();
    if faults.is_empty() && rows.iter().all(|row| row.present) {
        let claim = format!("All {} values are valid.", rows.len());
        findings.push(Finding::new(Severity::Ok, "secret/values", &subject.name, claim));
    }
    findings.extend(faults);
    findings.extend(open_webhook(view, subject, &rows));
    findings.extend(super::shape::duplicates(view, subject, document));
    let nested = super::shape::nested(view, subject, document, &rows);
    // Keys that stand too deep alone are the webhook's own.
    if nested.iter().all(|finding| finding.severity == Severity::Info) {
        findings.extend(super::shape::dialect(view, subject, document, reader));
    }
    findings.extend(nested);
    findings.extend(extra_keys(subject, document, reader));
    findings
}

/// Which keys are missing, in one finding: nobody wants to learn of them one start-up at a time (S3-22).
fn keys(view: &View<'_>, subject: &Subject, rows: &[KeyRow], document: &Document, reader: Reader) -> Finding {
    let (name, all) = (&subject.name, rows.iter().map(|row| row.names.len()).sum::<usize>());
    let word = if reader == Reader::Specification { "key" } else { "name" };
    let missing: Vec<&str> = rows.iter().flat_map(|row| row.absent.iter().copied()).collect();
    if missing.is_empty() {
        let claim = format!("All {} are there.", counted(all, word));
        let spelling = secret::dialect(document).words();
        return Finding::new(Severity::Ok, "secret/keys", name, claim).because(format!("read by: {spelling}"));
    }
    let list = missing.join(", ");
    let of = subject.behind();
    let claim = match missing.len() {
        1 => format!("1 of {} is missing{of}: {list}.", counted(all, word)),
        number => format!("{number} of {} are missing{of}: {list}.", counted(all, word)),
    };
    let worst = rows.iter().filter_map(KeyRow::absence).map(|(severity, _)| severity).min().unwrap_or(Severity::Error);
    let finding = Finding::new(worst, "secret/keys", name, claim);
    let finding = who_stops(rows).into_iter().fold(finding, Finding::because);
    rows.iter()
        .filter(|row| !row.present && row.message.contains('`'))
        .filter_map(|row| Some((row.names.first()?, &row.message)))
        .fold(finding, |finding, (name, message)| finding.because(format!("{name}: {message}")))
        .cure(subject.cure(view, "Add them, each value checked."))
}

/// Which runtimes do not start, and for want of what.
fn who_stops(rows: &[KeyRow]) -> Vec<String> {
    let absent = |row: &KeyRow, small: bool| {
        let of = |name: &&&str| (row.key.shipped_name() == Some(**name)) == small;
        row.absent.iter().any(|name| of(&name))
    };
    let needed = |row: &&KeyRow| row.key != Key::WebhookAllowList;
    let mut lines = Vec::new();
    if rows.iter().any(|row| absent(row, false)) {
        lines.push("the service of the specification stops at start-up when a key is missing; case matters");
    }
    if rows.iter().filter(needed).any(|row| absent(row, true)) {
        lines.push("shipped runtimes stop at start-up when a name in small letters is missing");
    } else if rows.iter().any(|row| absent(row, true)) {
        lines.push("runtimes before 0.10.0 do not start without webhook_allow_list; later ones take it for empty");
    }
    lines.into_iter().map(str::to_owned).collect()
}

/// One key, with everything that is wrong with its value.
pub(in crate::judge) fn value(view: &View<'_>, subject: &Subject, row: &KeyRow, document: &Document) -> Finding {
    let key = row.key;
    let label = format!("{}{}", row.names.first().copied().unwrap_or(key.name()), subject.of());
    let id = if key == Key::EnableWebhookVerification { "secret/booleans" } else { "secret/values" };
    let severity = row.faults.iter().map(|fault| fault.severity).min().unwrap_or(Severity::Error);
    let faults = row.faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; ");
    let meant = match &row.suggestion {
        Some(meant) if row.cure.is_some() => format!("; it must be {meant}"),
        Some(meant) => format!("; {meant}?"),
        None => ".".to_owned(),
    };
    let stop = if meant.ends_with(['.', '?']) { "" } else { "." };
    let claim = match severity {
        Severity::Error => format!("{label} is not valid: {faults}{meant}{stop}"),
        _ => format!("{label}: {faults}{meant}{stop}"),
    };
    let finding = Finding::new(severity, id, subject.key(key), claim).because(format!("rule: {}", key.rule()));
    let finding = held(row, document).into_iter().fold(finding, Finding::because);
    let cure = match (&row.suggestion, &row.cure) {
        (Some(meant), Some(_)) => format!("Set {label} to {meant}."),
        (Some(meant), None) => format!("Set {label} to {meant}, if that is what is meant."),
        (None, Some(_)) => format!("Correct {label}: what is meant is certain, and put in place with one key."),
        (None, None) => format!("Correct {label}: {}.", key.rule()),
    };
    finding.cure(subject.cure(view, &cure))
}

/// The value as far as it may be seen; where two names hold two values, both.
fn held(row: &KeyRow, document: &Document) -> Vec<String> {
    let shown = |value: &str| mask::masked(&text::safe(value), row.key.mask());
    if row.differs {
        let of = |name: &&'static str| Some((*name, document.get(name)?.text()?));
        let each = row.names.iter().filter_map(of);
        return each.map(|(name, value)| format!("value of {name}: {}", shown(value.expose()))).collect();
    }
    let value = row.value.as_ref().filter(|value| !value.is_empty());
    value.map(|value| format!("value: {}", shown(value.expose()))).into_iter().collect()
}

/// Either of the two would keep strangers out; without both the service takes every call for one of Benchling's.
pub(in crate::judge) fn open_webhook(view: &View<'_>, subject: &Subject, rows: &[KeyRow]) -> Option<Finding> {
    let row = |key: Key| rows.iter().find(|row| row.key == key);
    let verification = row(Key::EnableWebhookVerification)?;
    let off = verification.value.as_ref().is_some_and(|value| {
        let value = value.expose().trim();
        value == "0" || value.eq_ignore_ascii_case("false")
    });
    let list = row(Key::WebhookAllowList)?;
    let lets_all_in = match &list.value {
        Some(value) => value.expose().trim().is_empty(),
        // What is merely missing is empty for the newer runtimes.
        None => !list.present && list.severity == Severity::Warning,
    };
    let (verification, list) = (verification.names.first()?, list.names.first()?);
    let of = subject.of();
    (off && lets_all_in).then(|| {
        let claim = format!("Anybody may call the webhook: {verification} is false and {list} is empty{of}.");
        Finding::new(Severity::Warning, "secret/open-webhook", subject.key(Key::WebhookAllowList), claim)
            .because(
                "without verification nothing tells Benchling's calls from others; an empty list lets every address in",
            )
            .cure(
                subject
                    .cure(view, &format!("Set {verification} to true, or name the addresses that may call in {list}.")),
            )
    })
}

/// Keys that nobody asked for are ignored by readers and kept on writing (C8). The other spelling of a key is none of them.
fn extra_keys(subject: &Subject, document: &Document, reader: Reader) -> Option<Finding> {
    let extras: Vec<Extra> =
        secret::extras(document, reader).into_iter().filter(|extra| extra.spells.is_none()).collect();
    let who = if reader == Reader::Shipped { "shipped runtimes read" } else { "the specification asks for" };
    let claim = format!("{} more than {who}.", counted(extras.len(), "key"));
    let finding = Finding::new(Severity::Info, "secret/extra-keys", &subject.name, claim);
    let line = |extra: &Extra| match &extra.hint {
        Some(hint) => format!("{}: {hint}", extra.name),
        None => extra.name.clone(),
    };
    (!extras.is_empty())
        .then(|| extras.iter().map(line).fold(finding, Finding::because).because(subject.fate_of_extras()))
}
