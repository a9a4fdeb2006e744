//! What the webhook answers to `GET /health` once it runs (A11, S3-58).

use serde_json::json;

use super::sheet::Sheet;
use super::subject::Service;
use super::{Language, Name, Text};
use crate::secret::Key;
use crate::values::json;

pub(super) fn text(service: &Service) -> Text {
    let mut sheet = Sheet::default();
    let body = json!({
        "status": "healthy",
        "service": "benchling-webhook",
        "version": sheet.take(&service.version),
        "config_source": "secrets-only-mode",
        "config_parameters": Key::ALL.len(),
    });
    sheet.note("This is the answer that the specification asks for.");
    sheet.note(
        "Shipped webhooks answer status, service and version alone, and `mode` and `warning` while they are degraded.",
    );
    sheet.text(Name::Health, None, "Expected answer of GET /health", Language::Json, json::printed(&body))
}
