//! What the webhook answers to `GET /health` once it runs (A11, S3-58).

use serde_json::{Value, json};

use super::sheet::Sheet;
use super::subject::Service;
use super::{Language, Name, Text};
use crate::model::Reader;
use crate::secret::Key;
use crate::values::json;

/// The fields that shipped releases answer with.
const SHIPPED: [&str; 3] = ["status", "service", "version"];

pub(super) fn text(service: &Service, reader: Reader) -> Text {
    let mut sheet = Sheet::default();
    let mut body = json!({
        "status": "healthy",
        "service": "benchling-webhook",
        "version": sheet.take(&service.version),
        "config_source": "secrets-only-mode",
        "config_parameters": Key::ALL.len(),
    });
    if reader == Reader::Shipped {
        if let Value::Object(fields) = &mut body {
            fields.retain(|name, _| SHIPPED.contains(&name.as_str()));
        }
        sheet.note("Shipped webhooks answer with `mode` and `warning` beside them while they are degraded.");
    } else {
        sheet.note("This is the answer that the specification asks for.");
        sheet.note(
            "Shipped webhooks answer status, service and version alone, and `mode` and `warning` while they are degraded.",
        );
    }
    if !service.refused.is_empty() {
        sheet.note(format!(
            "As it stands the webhook cannot assume {}. The specification wants that to show here and gives no form for it. \
             Shipped webhooks say nothing of roles here: 0.8 to 0.9 that are given the role stop at start-up and do not answer at all.",
            service.refused.join(" and ")
        ));
    }
    sheet.text(Name::Health, None, "Expected answer of GET /health", Language::Json, json::printed(&body))
}
