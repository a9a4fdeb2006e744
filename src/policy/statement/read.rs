//! Reading a statement from JSON.

use serde_json::{Map, Value};

use super::{Action, Digest, Element, Resource, Statement};
use crate::policy::condition::Condition;
use crate::policy::decision::Effect;
use crate::policy::document::{PolicyError, kind_of, shown, texts, unknown_element};
use crate::policy::pattern::Glob;
use crate::policy::principal::{Principal, PrincipalKind};
use crate::policy::variable::Template;

impl Statement {
    /// `index` counts from 0; `variables` is false for documents of version 2008-10-17.
    pub(in crate::policy) fn read(value: &Value, index: usize, variables: bool) -> Result<Self, PolicyError> {
        const KNOWN: &str = "Sid, Effect, Principal, Action, Resource, their Not… forms, and Condition";
        let place = format!("statement {}", index + 1);
        let Value::Object(object) = value else {
            return Err(PolicyError::at(place, format!("an object is needed, this is {}", kind_of(value))));
        };
        for key in object.keys() {
            if !matches!(
                key.strip_prefix("Not").unwrap_or(key),
                "Sid" | "Effect" | "Principal" | "Action" | "Resource" | "Condition"
            ) || matches!(key.as_str(), "NotSid" | "NotEffect" | "NotCondition")
            {
                return Err(PolicyError::at(place, unknown_element(key, KNOWN)));
            }
        }
        let effect = match object.get("Effect") {
            Some(Value::String(effect)) if effect == "Allow" => Effect::Allow,
            Some(Value::String(effect)) if effect == "Deny" => Effect::Deny,
            Some(other) => {
                return Err(PolicyError::at(place, format!("`Effect` is {}; it must be Allow or Deny", shown(other))));
            }
            None => return Err(PolicyError::at(place, "it has no `Effect`")),
        };
        let principals = element(object, "Principal", "NotPrincipal", &place, principals)?;
        let actions = element(object, "Action", "NotAction", &place, |value, place| {
            Ok(texts(value, place)?.iter().map(|text| Action::new(text)).collect())
        })?;
        Ok(Self {
            sid: object.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty()).map(str::to_owned),
            effect,
            digest: Digest::new(actions.as_ref(), principals.as_ref()),
            principals,
            actions,
            resources: element(object, "Resource", "NotResource", &place, |value, place| {
                Ok(texts(value, place)?.iter().map(|text| Resource::new(text, variables)).collect())
            })?,
            conditions: object.get("Condition").map_or(Ok(Vec::new()), |value| conditions(value, &place, variables))?,
        })
    }
}

impl Action {
    fn new(written: &str) -> Self {
        Self { written: written.to_owned(), glob: Glob::new(&written.to_ascii_lowercase()) }
    }
}

impl Resource {
    /// "If you specify an incomplete ARN (one with fewer than the standard six fields), AWS completes it with wildcards."
    fn new(written: &str, variables: bool) -> Self {
        let colons = written.matches(':').count();
        let completed = if written.starts_with("arn:") && colons < 5 { ":*".repeat(5 - colons) } else { String::new() };
        let pattern = Template::new(&format!("{written}{completed}"), variables);
        let misplaced_variable = pattern.has_variable_before_colon(5);
        Self { written: written.to_owned(), pattern, misplaced_variable }
    }
}

/// Reads `X` or `NotX`.
fn element<T>(
    object: &Map<String, Value>,
    name: &str,
    not_name: &str,
    place: &str,
    read: impl Fn(&Value, &str) -> Result<Vec<T>, PolicyError>,
) -> Result<Option<Element<T>>, PolicyError> {
    match (object.get(name), object.get(not_name)) {
        (None, None) => Ok(None),
        (Some(value), None) => Ok(Some(Element::Is(read(value, &format!("{place}, {name}"))?))),
        (None, Some(value)) => Ok(Some(Element::Not(read(value, &format!("{place}, {not_name}"))?))),
        (Some(_), Some(_)) => Err(PolicyError::at(place, format!("it has both `{name}` and `{not_name}`"))),
    }
}

fn principals(value: &Value, place: &str) -> Result<Vec<Principal>, PolicyError> {
    let Value::Object(kinds) = value else {
        return Ok(texts(value, place)?.iter().map(|text| Principal::new(PrincipalKind::Aws, text)).collect());
    };
    let mut principals = Vec::new();
    for (name, value) in kinds {
        let kind = match name.as_str() {
            "AWS" => PrincipalKind::Aws,
            "Service" => PrincipalKind::Service,
            "Federated" => PrincipalKind::Federated,
            "CanonicalUser" => PrincipalKind::CanonicalUser,
            _ => {
                let name = shown(&Value::String(name.clone()));
                return Err(PolicyError::at(
                    place,
                    format!("{name} is no kind of principal; there are AWS, Service, Federated and CanonicalUser"),
                ));
            }
        };
        principals.extend(texts(value, &format!("{place} {name}"))?.iter().map(|text| Principal::new(kind, text)));
    }
    Ok(principals)
}

fn conditions(value: &Value, place: &str, variables: bool) -> Result<Vec<Condition>, PolicyError> {
    let Value::Object(operators) = value else {
        return Err(PolicyError::at(
            format!("{place}, Condition"),
            format!("an object of operators is needed, this is {}", kind_of(value)),
        ));
    };
    let mut conditions = Vec::new();
    for (operator, keys) in operators {
        let place = format!("{place}, Condition {operator}");
        let Value::Object(keys) = keys else {
            return Err(PolicyError::at(
                place,
                format!("an object of keys and values is needed, this is {}", kind_of(keys)),
            ));
        };
        for (key, values) in keys {
            let values = texts(values, &format!("{place} {key}"))?;
            conditions.push(Condition::new(operator, key, values, variables));
        }
    }
    Ok(conditions)
}
