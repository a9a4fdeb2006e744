//! `deployments.json`: what the webhook package last deployed. It is read and never written.

use serde_json::Value;

use crate::model::facts::Deployed;
use crate::values::SecretText;
use crate::values::json::JsonFault;
use crate::values::time::Timestamp;

/// The active deployment; `None` where nothing is deployed.
///
/// Newer versions hold one record in `active`, older ones a record per stage: of those the latest counts.
///
/// # Errors
/// It is not a JSON object.
pub fn active(text: &SecretText) -> Result<Option<Deployed>, JsonFault> {
    let root: Value = jsonc_parser::ast::Value::Object(crate::values::json::object(text.expose())?).into();
    let Some(active) = root.get("active").filter(|active| active.is_object()) else { return Ok(None) };
    if is_record(active) {
        return Ok(Some(record(active)));
    }
    let stages = active.as_object().into_iter().flat_map(|stages| stages.values()).filter(|stage| is_record(stage));
    Ok(stages.map(record).max_by_key(|record| record.at))
}

fn is_record(value: &Value) -> bool {
    ["stackName", "imageTag"].iter().any(|field| value.get(field).is_some_and(Value::is_string))
}

fn record(value: &Value) -> Deployed {
    let text =
        |field: &str| value.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    Deployed {
        stack_name: text("stackName"),
        image_tag: text("imageTag"),
        region: text("region"),
        at: text("timestamp").and_then(|at| at.parse::<Timestamp>().ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_active_deployment_is_found_in_either_form() {
        let newer = r#"{"active": {"timestamp": "2026-01-02T03:04:05.000Z", "imageTag": "0.9.9", "endpoint": "https://x",
            "stackName": "Mine", "region": "us-east-1"}, "history": []}"#;
        let found = active(&newer.into()).unwrap().unwrap();
        assert_eq!((found.stack_name.as_deref(), found.image_tag.as_deref()), (Some("Mine"), Some("0.9.9")));
        let older = r#"{"active": {
            "dev": {"stage": "dev", "timestamp": "2025-11-04T00:00:00Z", "imageTag": "0.8.2", "stackName": "B", "region": "us-east-1"},
            "prod": {"stage": "prod", "timestamp": "2025-11-05T00:00:00Z", "imageTag": "0.8.1", "stackName": "A", "region": "us-east-1"}},
            "history": []}"#;
        assert_eq!(active(&older.into()).unwrap().unwrap().stack_name.as_deref(), Some("A"));
        for nothing in [r#"{"active": null, "history": []}"#, r#"{"active": {}}"#, "{}"] {
            assert_eq!(active(&nothing.into()), Ok(None), "{nothing}");
        }
        assert!(active(&"[]".into()).is_err());
    }
}
