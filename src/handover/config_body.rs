//! What the webhook answers to `GET /config` once it runs, masked as the specification shows it (A11, S3-59).

use serde_json::{Value, json};

use super::sheet::Sheet;
use super::subject::{Service, Slot};
use super::{Language, Name, Text};
use crate::secret::Key;
use crate::values::json;

pub(super) fn text(service: &Service) -> Text {
    let mut sheet = Sheet::default();
    let body = json!({
        "mode": "secrets-only",
        "region": sheet.take(&service.region),
        "account": sheet.take(&service.account),
        "benchling": {
            "tenant": value(&mut sheet, service, Key::Tenant),
            "client_id": value(&mut sheet, service, Key::ClientId),
            "has_app_definition": match service.values.get(&Key::AppDefinitionId) {
                Some(id) => json!(!id.is_empty()),
                None => value(&mut sheet, service, Key::AppDefinitionId),
            },
        },
        "quilt": {
            "catalog": sheet.take(&service.catalog),
            "database": partly(&mut sheet, &service.database, start),
            "bucket": partly(&mut sheet, &service.bucket, first_word),
            "queue_arn": partly(&mut sheet, &service.queue_arn, up_to_service),
        },
        "parameters": {
            "pkg_prefix": value(&mut sheet, service, Key::PkgPrefix),
            "pkg_key": value(&mut sheet, service, Key::PkgKey),
            "log_level": value(&mut sheet, service, Key::LogLevel),
            "webhook_verification": verification(&mut sheet, service),
        },
    });
    sheet.note(
        "Masked as the specification's example is; how much of a value a webhook shows differs between its versions.",
    );
    sheet.text(Name::ConfigBody, None, "Expected answer of GET /config", Language::Json, json::printed(&body))
}

fn value(sheet: &mut Sheet, service: &Service, key: Key) -> Value {
    match service.values.get(&key) {
        Some(value) => json!(value),
        None => json!(sheet.take(&missing(key))),
    }
}

fn missing(key: Key) -> Slot {
    Slot::open(&key.name().to_lowercase().replace('_', "-"), format!("{key} of the secret is not known."))
}

/// A boolean in the answer, a text in the secret (C12).
fn verification(sheet: &mut Sheet, service: &Service) -> Value {
    let key = Key::EnableWebhookVerification;
    match service.values.get(&key).map(|value| value.to_lowercase()).as_deref() {
        Some("true" | "1") => json!(true),
        Some("false" | "0") => json!(false),
        _ => json!(sheet.take(&missing(key))),
    }
}

fn partly(sheet: &mut Sheet, slot: &Slot, kept: fn(&str) -> String) -> String {
    match slot {
        Slot::Known(value) => format!("{}***", kept(value)),
        Slot::Open(_) => sheet.take(slot),
    }
}

/// `user***`: four characters of what is longer than that.
fn start(value: &str) -> String {
    if value.chars().count() > 4 { value.chars().take(4).collect() } else { String::new() }
}

/// `quilt-***`: up to the first hyphen.
fn first_word(value: &str) -> String {
    value.split_once('-').map_or_else(|| start(value), |(word, _)| format!("{word}-"))
}

/// `arn:aws:sqs:***`.
fn up_to_service(value: &str) -> String {
    let parts: Vec<&str> = value.splitn(4, ':').collect();
    match parts.as_slice() {
        [arn, partition, service, _] => format!("{arn}:{partition}:{service}:"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_those_of_the_specifications_example() {
        assert_eq!(start("userathenadatabase-prod"), "user");
        assert_eq!(start("user"), "");
        assert_eq!(first_word("quilt-user-bucket"), "quilt-");
        assert_eq!(first_word("bucket"), "buck");
        assert_eq!(up_to_service("arn:aws:sqs:us-east-1:111122223333:packager"), "arn:aws:sqs:");
        assert_eq!(up_to_service("packager"), "");
    }
}
