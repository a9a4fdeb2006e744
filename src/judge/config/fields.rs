//! Whether `config.json` has what its readers ask for, and holds it right. The rules stand in [`crate::config::FIELDS`].

use serde_json::Value;

use super::super::view::View;
use crate::config::{Config, FIELDS, Field, SECTIONS, Wrong};
use crate::model::finding::Fix;
use crate::model::{Finding, Severity};
use crate::values::mask;
use crate::values::text::counted;

pub(super) fn judge(view: &View<'_>, config: &Config) -> Vec<Finding> {
    let missing: Vec<String> = required().filter(|field| config.get(field.path).is_none()).map(Field::name).collect();
    let mut wrong: Vec<Finding> = SECTIONS.iter().filter_map(|(name, must)| section(config, name, *must)).collect();
    wrong.extend(FIELDS.iter().filter_map(|field| value(config, field)));
    let mut findings = Vec::new();
    if !missing.is_empty() {
        findings.push(lacking(view, config, &missing));
    } else if wrong.is_empty() {
        let claim = format!("{} has every field that the webhook needs.", view.config_words());
        findings.push(Finding::new(Severity::Ok, "config/fields", &view.selection.config_profile, claim));
    }
    findings.extend(wrong);
    findings
}

/// The fields that the readers' schema wants.
pub(super) fn required() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(|field| field.required)
}

/// Provenance alone stops nothing: readers warn about it and go on.
fn lacking(view: &View<'_>, config: &Config, missing: &[String]) -> Finding {
    let provenance = missing.iter().all(|name| name.starts_with("_metadata."));
    let severity = if provenance { Severity::Warning } else { Severity::Error };
    let claim = format!("{} lacks {}: {}.", view.config_words(), counted(missing.len(), "field"), missing.join(", "));
    let finding = Finding::new(severity, "config/fields", &view.selection.config_profile, claim);
    let finding =
        finding.because("the webhook package's schema requires them; it warns, and goes on to fail elsewhere");
    let parents: Vec<&str> = config.parents().collect();
    let finding = match config.inherits() {
        Some(_) if config.broken().is_some() => finding.because("what it inherits could not be read to its end"),
        Some(_) if !parents.is_empty() => finding.because(format!("{} does not say them either", parents.join(", "))),
        _ => finding,
    };
    finding.cure(Fix::command("Fill them in.", view.rolecall("setup")))
}

/// A section that is no object has no fields.
fn section(config: &Config, name: &str, must: bool) -> Option<Finding> {
    let value = config.get(&[name]).filter(|value| !value.is_object())?;
    let severity = if must { Severity::Error } else { Severity::Warning };
    Some(not_valid(config, &[name], Wrong { severity, expected: "an object", why: None }, received(value, None)))
}

fn value(config: &Config, field: &Field) -> Option<Finding> {
    let role = matches!(field.path, ["quilt", "readRoleArn" | "writeRoleArn"]);
    let value = config.get(field.path)?;
    let wrong = field.check(value).err()?;
    // A text that is no role's ARN has a finding of its own, with the part at fault.
    if role && value.as_str().is_some_and(|text| !text.is_empty()) && wrong.severity == Severity::Error {
        return None;
    }
    Some(not_valid(config, field.path, wrong, received(value, Some(field))))
}

fn not_valid(config: &Config, path: &[&str], wrong: Wrong, received: String) -> Finding {
    let name = path.join(".");
    let parent = config.inherited_from(path);
    let from = parent.map(|parent| format!(", inherited from config profile {parent},")).unwrap_or_default();
    let mut finding =
        Finding::new(wrong.severity, "config/values", &name, format!("{name} of config.json{from} is not valid."))
            .because(format!("expected {}", wrong.expected))
            .because(received);
    if let Some(why) = wrong.why {
        finding = finding.because(why);
    }
    let place = parent.map(|parent| format!(" in config profile {parent}")).unwrap_or_default();
    finding.cure(Fix::advice(match wrong.why {
        Some(_) => {
            format!("Expect the webhook package to warn about {name}; there is no form of it that pleases both.")
        }
        None => format!("Correct {name}{place}."),
    }))
}

fn received(value: &Value, field: Option<&Field>) -> String {
    match (value, field) {
        (Value::String(text), Some(field)) if text.is_empty() => format!("received an empty text in {}", field.name()),
        (Value::String(text), Some(field)) => format!("received {}", mask::masked(text, field.mask())),
        (Value::String(_), None) => "received a text".into(),
        (Value::Null, _) => "received null".into(),
        (Value::Bool(_), _) => "received a boolean".into(),
        (Value::Number(_), _) => "received a number".into(),
        (Value::Array(_), _) => "received an array".into(),
        (Value::Object(_), _) => "received an object".into(),
    }
}
