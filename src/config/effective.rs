//! The effective configuration: each value with the config profile it comes from, secrets masked.

use serde_json::Value;

use super::document::Config;
use super::fields::{FIELDS, Field};
use super::version::ReadBy;
use crate::values::mask::{FULL, Mask, masked};

/// One value, as far as it may be seen. The texts are not made safe to print.
#[derive(Clone, PartialEq, Debug)]
pub struct Effective {
    /// `quilt.stackArn`, `deployment.vpc.privateSubnetIds[0]`.
    pub path: String,
    /// The value, or what a mask leaves of it.
    pub value: Value,
    /// Whether something of it is hidden.
    pub is_masked: bool,
    /// The config profile whose file has it.
    pub origin: String,
    /// Whether that is another one than the chosen.
    pub is_inherited: bool,
    /// Which versions of the webhook package read it.
    pub read_by: ReadBy,
}

/// Every value, in the order of the files, the farthest parent's first. Of fields that no reader knows nothing is shown: nobody can tell what
/// they hold.
#[must_use]
pub fn effective(config: &Config) -> Vec<Effective> {
    let mut all = Vec::new();
    leaves(config.merged(), &mut Vec::new(), &mut |path, value| all.push(one(config, path, value)));
    all
}

fn leaves(value: &Value, path: &mut Vec<String>, found: &mut impl FnMut(&[String], &Value)) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().map(|(name, value)| (name.clone(), value)).collect()
        }
        Value::Array(all) if !all.is_empty() => {
            all.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        leaf => return found(path, leaf),
    };
    for (name, value) in members {
        path.push(name);
        leaves(value, path, found);
        path.pop();
    }
}

fn one(config: &Config, path: &[String], value: &Value) -> Effective {
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let field = FIELDS.iter().find(|field| steps.starts_with(field.path));
    let shown = shown(value, field.map_or(Mask::Full, Field::mask));
    Effective {
        path: name(config, &steps),
        is_masked: shown != *value,
        value: shown,
        origin: config.origin(&steps).unwrap_or_default().to_owned(),
        is_inherited: config.inherited_from(&steps).is_some(),
        read_by: field.map_or(ReadBy::Every, |field| field.read_by),
    }
}

/// What is empty, or says yes or no at a key that may be seen, tells nothing that had to be hidden.
fn shown(value: &Value, mask: Mask) -> Value {
    match value {
        Value::String(text) => Value::String(masked(text, mask)),
        Value::Object(_) | Value::Array(_) | Value::Null => value.clone(),
        other if mask == Mask::Open => other.clone(),
        _ => Value::String(FULL.into()),
    }
}

fn name(config: &Config, steps: &[&str]) -> String {
    let mut out = String::new();
    for (depth, step) in steps.iter().enumerate() {
        let in_list = steps.get(..depth).and_then(|above| config.get(above)).is_some_and(Value::is_array);
        match (in_list, out.is_empty()) {
            (true, _) => out.push_str(&format!("[{step}]")),
            (false, true) => out.push_str(step),
            (false, false) => {
                out.push('.');
                out.push_str(step);
            }
        }
    }
    out
}
