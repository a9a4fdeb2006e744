//! CreateSecret.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{content, exists, parameter, request, required, text, version_id};
use crate::sandbox::auth;
use crate::sandbox::description::secret::{Content, Secret, Version};
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::moment::Moment;
use crate::sandbox::state::{PARTITION, State, secret_arn};
use crate::sandbox::{ids, secretsmanager::stages::CURRENT};

/// CreateSecret. The same request again, with the same token, is answered as the first was.
pub(super) fn create(state: &mut State, call: &Call, input: &Value) -> Result<Value, ServiceError> {
    let name = required(input, "Name")?;
    if name.len() > 512 || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-/_+=.@!".contains(c)) {
        let rule = "Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!";
        return Err(ServiceError::new(400, "ValidationException", format!("Invalid name. {rule}")));
    }
    let tags = tags(input)?;
    let (account, region) = (call.account().to_owned(), call.region.clone());
    let resource = format!("arn:{PARTITION}:secretsmanager:{region}:{account}:secret:{name}");
    let mut actions = vec!["secretsmanager:CreateSecret"];
    if !tags.is_empty() {
        actions.push("secretsmanager:TagResource");
    }
    for action in actions {
        auth::require(state, call, action, &resource, Some(&resource))?;
    }
    let (id, content) = (version_id(state, input)?, content(input)?);
    if let Some(secret) = state.secrets_mut(&account, &region).get(name) {
        return again(&secret_arn(&account, &region, name, secret), name, secret, &id, content);
    }
    let created = Moment::At(call.now);
    let first =
        content.map(|content| (id.clone(), Version { stages: BTreeSet::from([CURRENT.to_owned()]), created, content }));
    let secret = Secret {
        suffix: Some(ids::token(6, &format!("secret {} {name}", state.next_serial()))),
        description: text(input, "Description").map(ToOwned::to_owned),
        created,
        deleted: None,
        kms_key: text(input, "KmsKeyId").map(ToOwned::to_owned),
        owning_service: None,
        primary_region: None,
        replicas: BTreeMap::new(),
        rotation: None,
        tags,
        versions: first.clone().into_iter().collect(),
    };
    let answer = answer(&secret_arn(&account, &region, name, &secret), name, first.map(|(id, _)| id));
    state.secrets_mut(&account, &region).insert(name.to_owned(), secret);
    Ok(answer)
}

/// A name that is taken: idempotent for the same token and value.
fn again(arn: &str, name: &str, secret: &Secret, id: &str, content: Option<Content>) -> Result<Value, ServiceError> {
    if secret.deleted.is_some() {
        let reason = "a secret with this name is already scheduled for deletion";
        return Err(request(format!("You can't create this secret because {reason}.")));
    }
    let same = secret.versions.get(id).is_some_and(|version| Some(&version.content) == content.as_ref());
    if same {
        return Ok(answer(arn, name, Some(id.to_owned())));
    }
    Err(exists(format!("The operation failed because the secret {name} already exists.")))
}

fn answer(arn: &str, name: &str, version: Option<String>) -> Value {
    let mut answer = json!({"ARN": arn, "Name": name});
    if let (Some(id), Some(answer)) = (version, answer.as_object_mut()) {
        answer.insert("VersionId".into(), id.into());
    }
    answer
}

fn tags(input: &Value) -> Result<BTreeMap<String, String>, ServiceError> {
    let tags = input.get("Tags").and_then(Value::as_array).into_iter().flatten();
    tags.map(|tag| {
        let key = text(tag, "Key").filter(|key| !key.starts_with("aws:"));
        let key = key.ok_or_else(|| parameter("A tag needs a key, and one that does not begin with aws:"))?;
        Ok((key.to_owned(), text(tag, "Value").unwrap_or_default().to_owned()))
    })
    .collect()
}
