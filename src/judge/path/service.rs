//! Hop zero: a service must be let into the role that it starts its tasks with.

use serde_json::Value;

/// ECS, which starts the webhook's tasks (ECS Developer Guide, "Amazon ECS task IAM role").
pub(super) const ECS_TASKS: &str = "ecs-tasks.amazonaws.com";

/// Whether a statement of a trust policy allows `sts:AssumeRole` to the service, whatever its conditions.
pub(super) fn lets_in(trust: &Value, service: &str) -> bool {
    each(trust.get("Statement")).any(|statement| {
        let allows = statement.get("Effect").and_then(Value::as_str) == Some("Allow");
        let principal = statement.get("Principal");
        let named = each(principal.and_then(|principal| principal.get("Service")));
        let action = |action: &Value| {
            action
                .as_str()
                .is_some_and(|action| ["sts:assumerole", "sts:*", "*"].contains(&action.to_lowercase().as_str()))
        };
        allows && { named }.any(|name| name.as_str() == Some(service)) && each(statement.get("Action")).any(action)
    })
}

/// Whether any service is let in: then the role is a service's.
pub(super) fn is_a_services(trust: &Value) -> bool {
    each(trust.get("Statement"))
        .any(|statement| statement.get("Principal").is_some_and(|one| one.get("Service").is_some()))
}

/// One, or each of a list.
fn each(value: Option<&Value>) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        None => Box::new(std::iter::empty()),
        Some(Value::Array(all)) => Box::new(all.iter()),
        Some(one) => Box::new(std::iter::once(one)),
    }
}
