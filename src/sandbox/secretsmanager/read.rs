//! ListSecrets, DescribeSecret, GetSecretValue.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::find::{self, find};
use super::{not_found, parameter, required, seconds, text};
use crate::sandbox::auth;
use crate::sandbox::description::secret::{Content, Secret, Version};
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::moment::Moment;
use crate::sandbox::page::page;
use crate::sandbox::state::{State, secret_arn};

/// ListSecrets: those scheduled for deletion only with `IncludePlannedDeletion`.
pub(super) fn list(state: &State, call: &Call, input: &Value) -> Result<Value, ServiceError> {
    auth::require(state, call, "secretsmanager:ListSecrets", "*", None)?;
    let planned = input.get("IncludePlannedDeletion").and_then(Value::as_bool).unwrap_or(false);
    let prefixes = name_prefixes(input)?;
    let (account, region) = (call.account(), call.region.as_str());
    let secrets = state.accounts.get(account).and_then(|account| account.regions.get(region));
    let secrets: Vec<(&String, &Secret)> = secrets
        .into_iter()
        .flat_map(|region| &region.secrets)
        .filter(|(_, secret)| planned || secret.deleted.is_none())
        .filter(|(name, _)| prefixes.is_empty() || prefixes.iter().any(|prefix| name.starts_with(prefix)))
        .collect();
    let size = input.get("MaxResults").and_then(Value::as_u64).unwrap_or(100).clamp(1, 100);
    let found = page(&secrets, text(input, "NextToken"), usize::try_from(size).unwrap_or(100))
        .ok_or_else(|| ServiceError::new(400, "InvalidNextTokenException", "The NextToken value is invalid."))?;
    let entry = |(name, secret): &(&String, &Secret)| {
        let mut entry = common(state, name, &secret_arn(account, region, name, secret), secret);
        entry.insert("SecretVersionsToStages".into(), stages(secret));
        Value::Object(entry)
    };
    let mut answer = json!({"SecretList": found.items.iter().map(entry).collect::<Vec<_>>()});
    if let (Some(token), Some(answer)) = (found.next, answer.as_object_mut()) {
        answer.insert("NextToken".into(), token.into());
    }
    Ok(answer)
}

/// The values of the filter `name`, each a prefix.
fn name_prefixes(input: &Value) -> Result<Vec<&str>, ServiceError> {
    let mut prefixes = Vec::new();
    for filter in input.get("Filters").and_then(Value::as_array).into_iter().flatten() {
        if text(filter, "Key") != Some("name") {
            return Err(ServiceError::gap("a ListSecrets filter other than `name`"));
        }
        prefixes.extend(filter.get("Values").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str));
    }
    Ok(prefixes)
}

/// DescribeSecret.
pub(super) fn describe(state: &State, call: &Call, input: &Value) -> Result<Value, ServiceError> {
    let found = find(state, call, required(input, "SecretId")?, "secretsmanager:DescribeSecret")?;
    let secret = find::described(state, call, &found)?;
    let mut answer = common(state, &found.name, &found.arn, secret);
    answer.insert("VersionIdsToStages".into(), stages(secret));
    answer.extend(replication(call, secret));
    Ok(Value::Object(answer))
}

/// A replicated secret tells its primary's region, and the primary the state of each replica.
fn replication(call: &Call, secret: &Secret) -> Map<String, Value> {
    let mut entry = Map::new();
    if secret.primary_region.is_some() || !secret.replicas.is_empty() {
        let primary = secret.primary_region.as_deref().unwrap_or(&call.region);
        entry.insert("PrimaryRegion".into(), primary.into());
    }
    let status = |(region, failure): (&String, &String)| match failure.as_str() {
        "" => json!({"Region": region, "Status": "InSync", "KmsKeyId": "alias/aws/secretsmanager"}),
        why => json!({"Region": region, "Status": "Failed", "StatusMessage": why}),
    };
    if !secret.replicas.is_empty() {
        entry.insert("ReplicationStatus".into(), secret.replicas.iter().map(status).collect());
    }
    entry
}

/// What ListSecrets and DescribeSecret both tell.
fn common(state: &State, name: &str, arn: &str, secret: &Secret) -> Map<String, Value> {
    let time = |moment: Moment| seconds(moment.resolve(state.loaded));
    let changed = secret.versions.values().map(|version| version.created.resolve(state.loaded)).max();
    let optional = [
        ("Description", secret.description.clone().map(Value::from)),
        ("KmsKeyId", secret.kms_key.clone().map(Value::from)),
        ("OwningService", secret.owning_service.clone().map(Value::from)),
        ("LastChangedDate", changed.map(seconds)),
        ("DeletedDate", secret.deleted.map(time)),
        ("RotationEnabled", secret.rotation.as_ref().map(|_| true.into())),
        ("RotationLambdaARN", secret.rotation.as_ref().and_then(|rotation| Some(rotation.function.clone()?.into()))),
        ("NextRotationDate", secret.rotation.as_ref().and_then(|rotation| Some(time(rotation.next?)))),
        ("Tags", (!secret.tags.is_empty()).then(|| tags(&secret.tags))),
    ];
    let mut entry = Map::new();
    entry.insert("ARN".into(), arn.into());
    entry.insert("Name".into(), name.into());
    entry.insert("CreatedDate".into(), time(secret.created));
    entry.extend(optional.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    entry
}

fn tags(tags: &BTreeMap<String, String>) -> Value {
    tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

/// Versions and their labels; a version without any is deprecated and not listed.
fn stages(secret: &Secret) -> Value {
    let listed = secret.versions.iter().filter(|(_, version)| !version.stages.is_empty());
    Value::Object(listed.map(|(id, version)| (id.clone(), json!(version.stages))).collect())
}

/// GetSecretValue, by version id, by label, or by both if they agree.
pub(super) fn value(state: &State, call: &Call, input: &Value) -> Result<Value, ServiceError> {
    let found = find(state, call, required(input, "SecretId")?, "secretsmanager:GetSecretValue")?;
    let secret = find::usable(state, call, &found)?;
    let (id, version) = wanted(secret, text(input, "VersionId"), text(input, "VersionStage"))?;
    let mut answer = json!({
        "ARN": found.arn,
        "Name": found.name,
        "VersionId": id,
        "VersionStages": version.stages,
        "CreatedDate": seconds(version.created.resolve(state.loaded)),
    });
    let (key, content) = match &version.content {
        Content::Text(text) => ("SecretString", text),
        Content::Binary(base64) => ("SecretBinary", base64),
    };
    if let Some(answer) = answer.as_object_mut() {
        answer.insert(key.into(), content.expose().into());
    }
    Ok(answer)
}

fn wanted<'a>(
    secret: &'a Secret,
    id: Option<&str>,
    stage: Option<&str>,
) -> Result<(&'a String, &'a Version), ServiceError> {
    let Some(id) = id else {
        let stage = stage.unwrap_or("AWSCURRENT");
        let found = secret.versions.iter().find(|(_, version)| version.stages.contains(stage));
        return found.ok_or_else(|| {
            not_found(format!("Secrets Manager can't find the specified secret value for staging label: {stage}"))
        });
    };
    let found = secret.versions.get_key_value(id).ok_or_else(|| {
        not_found(format!("Secrets Manager can't find the specified secret value for VersionId: {id}"))
    })?;
    match stage {
        Some(stage) if !found.1.stages.contains(stage) => {
            Err(parameter("You provided a VersionStage that is not associated to the provided VersionId."))
        }
        _ => Ok(found),
    }
}
