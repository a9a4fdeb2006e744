//! What the webhook package's own schema asks of `config.json`. Source: its `ProfileConfig` schema, read and run.

use serde_json::Value;

use super::super::view::{View, count};
use crate::model::finding::Fix;
use crate::model::{Finding, Severity};
use crate::secret::{Key, rules};
use crate::systems::quilt;
use crate::values::time::Timestamp;
use crate::values::{AccountId, Arn, StackArn, mask, text};

/// One field: where it stands, whether it must, and its rule. A role ARN has its own finding.
struct Field {
    path: &'static [&'static str],
    required: bool,
    rule: Rule,
}

/// The rule of a field; `Err` is the severity and what is expected.
type Rule = fn(&Value) -> Result<(), (Severity, &'static str)>;

const fn must(path: &'static [&'static str], rule: Rule) -> Field {
    Field { path, required: true, rule }
}

const fn may(path: &'static [&'static str], rule: Rule) -> Field {
    Field { path, required: false, rule }
}

const FIELDS: &[Field] = &[
    must(&["quilt", "catalog"], filled),
    must(&["quilt", "database"], filled),
    must(&["quilt", "queueUrl"], queue),
    must(&["quilt", "region"], region),
    may(&["quilt", "stackArn"], stack_arn),
    may(&["quilt", "athenaUserWorkgroup"], filled),
    may(&["quilt", "bucketWritePolicyArn"], policy_arn),
    may(&["quilt", "athenaUserPolicyArn"], policy_arn),
    must(&["benchling", "tenant"], filled),
    must(&["benchling", "clientId"], filled),
    must(&["benchling", "appDefinitionId"], filled),
    may(&["benchling", "clientSecret"], text_rule),
    may(&["benchling", "secretArn"], secret_arn),
    must(&["packages", "bucket"], bucket),
    must(&["packages", "prefix"], filled),
    must(&["packages", "metadataKey"], filled),
    may(&["packages", "workflow"], filled),
    must(&["deployment", "region"], region),
    may(&["deployment", "account"], account),
    may(&["deployment", "stackName"], filled),
    may(&["integratedStack"], boolean),
    may(&["logging", "level"], level),
    may(&["security", "enableVerification"], boolean),
    may(&["security", "webhookAllowList"], text_rule),
    must(&["_metadata", "version"], text_rule),
    must(&["_metadata", "createdAt"], date),
    must(&["_metadata", "updatedAt"], date),
    must(&["_metadata", "source"], source),
];

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let missing: Vec<String> = FIELDS
        .iter()
        .filter(|field| field.required && view.config_value(field.path).is_none())
        .map(|field| field.path.join("."))
        .collect();
    let wrong: Vec<Finding> = FIELDS.iter().filter_map(|field| wrong(view, field)).collect();
    let mut findings = Vec::new();
    if !missing.is_empty() {
        findings.push(lacking(view, &missing));
    } else if wrong.is_empty() {
        let claim = format!("{} has every field that the webhook needs.", view.config_words());
        findings.push(Finding::new(Severity::Ok, "config/fields", &view.selection.config_profile, claim));
    }
    findings.extend(wrong);
    findings
}

fn lacking(view: &View<'_>, missing: &[String]) -> Finding {
    let inherits = view.config_text(&["_inherits"]).is_some();
    let severity = if inherits { Severity::Warning } else { Severity::Error };
    let claim = format!("{} lacks {}: {}.", view.config_words(), count(missing.len(), "field"), missing.join(", "));
    let finding = Finding::new(severity, "config/fields", &view.selection.config_profile, claim);
    let finding = if inherits {
        finding.because("it inherits from another config profile, which only `deploy` of the webhook package applies")
    } else {
        finding.because("the webhook package's schema requires them")
    };
    finding.cure(Fix::command("Fill them in.", "rolecall setup"))
}

fn wrong(view: &View<'_>, field: &Field) -> Option<Finding> {
    let value = view.config_value(field.path)?;
    let path = field.path.join(".");
    let (severity, expected) = match value {
        Value::Null => (Severity::Error, "a value, or no such field: null is refused"),
        value => (field.rule)(value).err()?,
    };
    let finding = Finding::new(severity, "config/values", &path, format!("{path} of config.json is not valid."))
        .because(format!("expected {expected}"));
    let key = Key::ALL.into_iter().find(|key| key.config_path() == Some(field.path));
    let finding = match (value, key) {
        (Value::String(text), Some(key)) => finding.because(format!("received {}", mask::masked(text, key.mask()))),
        (Value::String(text), None) => finding.because(format!("received {}", text::safe(text))),
        (other, _) => finding.because(format!("received {}", kind(other))),
    };
    Some(finding.cure(Fix::advice(format!("Correct {path}."))))
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Holds a text to a condition.
fn hold(value: &Value, expected: &'static str, right: impl Fn(&str) -> bool) -> Result<(), (Severity, &'static str)> {
    if value.as_str().is_some_and(right) { Ok(()) } else { Err((Severity::Error, expected)) }
}

fn text_rule(value: &Value) -> Result<(), (Severity, &'static str)> {
    hold(value, "a text", |_| true)
}

fn filled(value: &Value) -> Result<(), (Severity, &'static str)> {
    hold(value, "a text that is not empty", |text| !text.trim().is_empty())
}

fn boolean(value: &Value) -> Result<(), (Severity, &'static str)> {
    if value.is_boolean() { Ok(()) } else { Err((Severity::Error, "true or false, without quotes")) }
}

fn queue(value: &Value) -> Result<(), (Severity, &'static str)> {
    hold(value, "https://sqs.REGION.amazonaws.com/ACCOUNT/NAME", quilt::is_queue_url)
}

/// The package's pattern is two letters, a word and a digit: it refuses GovCloud, which AWS does not.
fn region(value: &Value) -> Result<(), (Severity, &'static str)> {
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let parts = |text: &str| text.split('-').map(str::to_owned).collect::<Vec<_>>();
    let digit = |part: &str| part.len() == 1 && part.bytes().all(|b| b.is_ascii_digit());
    hold(value, "a region such as us-east-1", |text| match parts(text).as_slice() {
        [head, words @ .., last] => {
            head.len() == 2 && is_part(head) && !words.is_empty() && words.iter().all(|w| is_part(w)) && digit(last)
        }
        _ => false,
    })?;
    let plain = value.as_str().is_some_and(|text| parts(text).len() == 3);
    if plain {
        Ok(())
    } else {
        Err((Severity::Warning, "a region such as us-east-1: the webhook package accepts no other form"))
    }
}

fn stack_arn(value: &Value) -> Result<(), (Severity, &'static str)> {
    hold(value, "arn:aws:cloudformation:region:account:stack/name/id", |text| StackArn::parse(text).is_ok())
}

fn secret_arn(value: &Value) -> Result<(), (Severity, &'static str)> {
    hold(value, "arn:aws:secretsmanager:region:account:secret:name", |text| {
        Arn::parse(text).is_ok_and(|arn| arn.service == "secretsmanager" && arn.resource.starts_with("secret:"))
    })
}

fn policy_arn(value: &Value) -> Result<(), (Severity, &'static str)> {
    hold(value, "arn:aws:iam::ACCOUNT:policy/NAME", |text| {
        Arn::parse(text).is_ok_and(|arn| arn.service == "iam" && arn.resource.starts_with("policy/"))
    })
}

fn account(value: &Value) -> Result<(), (Severity, &'static str)> {
    hold(value, "an account id: 12 digits, in quotes", |text| AccountId::parse(text).is_some())
}

fn bucket(value: &Value) -> Result<(), (Severity, &'static str)> {
    let valid = |text: &str| rules::check(Key::UserBucket, text).iter().all(|fault| fault.severity != Severity::Error);
    hold(value, "the name of an S3 bucket, without s3://", valid)
}

fn level(value: &Value) -> Result<(), (Severity, &'static str)> {
    hold(value, "DEBUG, INFO, WARNING or ERROR", |text| ["DEBUG", "INFO", "WARNING", "ERROR"].contains(&text))
}

fn date(value: &Value) -> Result<(), (Severity, &'static str)> {
    hold(value, "a date and time such as 2026-01-31T12:00:00Z", |text| text.parse::<Timestamp>().is_ok())
}

fn source(value: &Value) -> Result<(), (Severity, &'static str)> {
    hold(value, "wizard, manual or cli", |text| ["wizard", "manual", "cli"].contains(&text))
}
