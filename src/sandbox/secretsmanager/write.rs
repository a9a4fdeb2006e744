//! PutSecretValue and UpdateSecretVersionStage.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::find::{self, find};
use super::stages::{self, CURRENT};
use super::{content, exists, not_found, parameter, required, text, version_id};
use crate::sandbox::description::secret::Version;
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::moment::Moment;
use crate::sandbox::state::State;

/// PutSecretValue: a version under the labels given, or under `AWSCURRENT`; the first version of a secret is current whatever they are.
pub(super) fn put(state: &mut State, call: &Call, input: &Value) -> Result<Value, ServiceError> {
    let found = find(state, call, required(input, "SecretId")?, "secretsmanager:PutSecretValue")?;
    let id = version_id(state, input)?;
    let content = content(input)?.ok_or_else(|| parameter("You must provide either SecretString or SecretBinary."))?;
    let mut labels = labels(input)?;
    let secret = find::changed(state, call, &found)?;
    if let Some(version) = secret.versions.get(&id) {
        if version.content == content {
            return Ok(answer(&found, &id, &version.stages));
        }
        let reason = "a version with this ClientRequestToken has another value";
        return Err(exists(format!("You can't modify an existing version: {reason}.")));
    }
    if secret.versions.is_empty() {
        labels.insert(CURRENT.to_owned());
    }
    let version = Version { stages: BTreeSet::new(), created: Moment::At(call.now), content };
    secret.versions.insert(id.clone(), version);
    for label in &labels {
        stages::put(&mut secret.versions, label, &id);
    }
    Ok(answer(&found, &id, &labels))
}

fn labels(input: &Value) -> Result<BTreeSet<String>, ServiceError> {
    let Some(given) = input.get("VersionStages").and_then(Value::as_array) else {
        return Ok(BTreeSet::from([CURRENT.to_owned()]));
    };
    let labels: BTreeSet<String> = given.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect();
    let fit = (1..=20).contains(&labels.len()) && labels.iter().all(|label| (1..=256).contains(&label.len()));
    fit.then_some(labels).ok_or_else(|| parameter("VersionStages must hold 1 to 20 labels of 1 to 256 characters."))
}

fn answer(found: &find::Found, id: &str, labels: &BTreeSet<String>) -> Value {
    json!({"ARN": found.arn, "Name": found.name, "VersionId": id, "VersionStages": labels})
}

/// UpdateSecretVersionStage.
pub(super) fn move_stage(state: &mut State, call: &Call, input: &Value) -> Result<Value, ServiceError> {
    let found = find(state, call, required(input, "SecretId")?, "secretsmanager:UpdateSecretVersionStage")?;
    let stage = required(input, "VersionStage")?;
    let (from, to) = (text(input, "RemoveFromVersionId"), text(input, "MoveToVersionId"));
    let versions = &mut find::changed(state, call, &found)?.versions;
    for id in [from, to].into_iter().flatten() {
        if !versions.contains_key(id) {
            return Err(not_found(format!("Secrets Manager can't find the specified secret version: {id}")));
        }
    }
    stages::check(stages::holder(versions, stage), stage, from, to)?;
    match (from, to) {
        (_, Some(to)) => stages::put(versions, stage, to),
        (Some(from), None) => stages::take(versions, stage, from),
        (None, None) => {}
    }
    Ok(json!({"ARN": found.arn, "Name": found.name}))
}
