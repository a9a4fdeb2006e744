//! Secrets Manager.

use aws_sdk_secretsmanager::types::{ReplicationStatusType, StatusType, Tag};

use super::timestamp;
use crate::aws::Connection;
use crate::aws::error::from_sdk;
use crate::model::facts::{Keeping, Replica, Rotation, Secret, SecretContent, SecretSummary, SecretValue};
use crate::model::{AwsError, Fact, VersionChoice};
use crate::values::SecretText;

/// The stage of the version that readers get.
pub const CURRENT: &str = "AWSCURRENT";

/// `secretsmanager:ListSecrets`, page after page.
///
/// # Errors
/// The first page that fails.
pub async fn secrets(connection: &Connection) -> Result<Vec<SecretSummary>, AwsError> {
    let mut secrets = Vec::new();
    let mut pages = connection.secretsmanager.list_secrets().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| from_sdk("secretsmanager:ListSecrets", &error))?;
        secrets.extend(page.secret_list().iter().filter_map(|entry| {
            Some(SecretSummary {
                name: entry.name()?.to_owned(),
                arn: entry.arn()?.to_owned(),
                description: entry.description().map(str::to_owned),
                changed: entry.last_changed_date().and_then(timestamp),
            })
        }));
    }
    Ok(secrets)
}

/// `secretsmanager:DescribeSecret`; the value is not asked for.
///
/// # Errors
/// Of kind `NotFound` when there is no such secret.
pub async fn describe(connection: &Connection, name_or_arn: &str) -> Result<Secret, AwsError> {
    let answer = connection
        .secretsmanager
        .describe_secret()
        .secret_id(name_or_arn)
        .send()
        .await
        .map_err(|error| from_sdk("secretsmanager:DescribeSecret", &error))?;
    let tag =
        |key: &str| answer.tags().iter().find(|tag| tag.key() == Some(key)).and_then(Tag::value).map(str::to_owned);
    let mut versions: Vec<(String, Vec<String>)> =
        answer.version_ids_to_stages().into_iter().flatten().map(|(id, stages)| (id.clone(), stages.clone())).collect();
    versions.sort();
    Ok(Secret {
        name: answer.name().unwrap_or(name_or_arn).to_owned(),
        arn: answer.arn().unwrap_or_default().to_owned(),
        deleted: answer.deleted_date().and_then(timestamp),
        versions,
        kms_key: answer.kms_key_id().map(str::to_owned),
        owning_service: answer.owning_service().map(str::to_owned),
        stack: tag("aws:cloudformation:stack-name"),
        kept: Keeping {
            primary_region: answer.primary_region().map(str::to_owned),
            replicas: answer.replication_status().iter().filter_map(replica).collect(),
            rotation: answer.rotation_enabled().filter(|enabled| *enabled).map(|_| Rotation {
                function: answer.rotation_lambda_arn().map(str::to_owned),
                next: answer.next_rotation_date().and_then(timestamp),
            }),
        },
        tags: answer.tags().iter().filter_map(|tag| Some((tag.key()?.to_owned(), tag.value()?.to_owned()))).collect(),
        value: Fact::NotAsked,
    })
}

fn replica(status: &ReplicationStatusType) -> Option<Replica> {
    let failed = status.status() == Some(&StatusType::Failed);
    let failure = failed.then(|| status.status_message().unwrap_or("no reason given").to_owned());
    Some(Replica { region: status.region()?.to_owned(), failure })
}

/// `secretsmanager:GetSecretValue` of the version that is current, or of one version.
///
/// # Errors
/// Of kind `NotFound` when the secret has no such version.
pub async fn value(connection: &Connection, name_or_arn: &str, version: Option<&str>) -> Result<SecretValue, AwsError> {
    version_of(connection, name_or_arn, version, None).await
}

/// As [`value`], of any version: by its id or by a staging label.
///
/// # Errors
/// Of kind `NotFound` when there is no such secret, or it has no such version.
pub async fn chosen_value(
    connection: &Connection,
    name_or_arn: &str,
    version: &VersionChoice,
) -> Result<SecretValue, AwsError> {
    let (id, stage) = match version {
        VersionChoice::Current => (None, None),
        VersionChoice::Id(id) => (Some(id.as_str()), None),
        VersionChoice::Stage(stage) => (None, Some(stage.as_str())),
    };
    version_of(connection, name_or_arn, id, stage).await
}

async fn version_of(
    connection: &Connection,
    name_or_arn: &str,
    id: Option<&str>,
    stage: Option<&str>,
) -> Result<SecretValue, AwsError> {
    let answer = connection
        .secretsmanager
        .get_secret_value()
        .secret_id(name_or_arn)
        .set_version_id(id.map(str::to_owned))
        .set_version_stage(stage.map(str::to_owned))
        .send()
        .await
        .map_err(|error| from_sdk("secretsmanager:GetSecretValue", &error))?;
    let content = match answer.secret_string() {
        Some(text) => SecretContent::Text(SecretText::new(text)),
        None => SecretContent::Binary(answer.secret_binary().map_or(0, |blob| blob.as_ref().len())),
    };
    Ok(SecretValue {
        version_id: answer.version_id().unwrap_or_default().to_owned(),
        created: answer.created_date().and_then(timestamp),
        content,
    })
}

/// A secret that is to be made.
#[derive(Debug)]
pub struct NewSecret<'c> {
    /// Its name.
    pub name: &'c str,
    /// What it is for.
    pub description: &'c str,
    /// Its first value.
    pub content: &'c SecretText,
    /// The KMS key it is encrypted with; `None`: `aws/secretsmanager`.
    pub kms_key: Option<&'c str>,
    /// Its tags.
    pub tags: &'c [(String, String)],
}

/// `secretsmanager:CreateSecret`. Returns the ARN and the version's id, which the SDK chose: its retries make one secret.
///
/// # Errors
/// Of kind `Conflict` when the name is taken.
pub async fn create(connection: &Connection, new: &NewSecret<'_>) -> Result<(String, String), AwsError> {
    let tags = new.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    let answer = connection
        .secretsmanager
        .create_secret()
        .name(new.name)
        .description(new.description)
        .secret_string(new.content.expose())
        .set_kms_key_id(new.kms_key.map(str::to_owned))
        .set_tags(Some(tags))
        .send()
        .await
        .map_err(|error| from_sdk("secretsmanager:CreateSecret", &error))?;
    Ok((answer.arn().unwrap_or_default().to_owned(), answer.version_id().unwrap_or_default().to_owned()))
}

/// `secretsmanager:PutSecretValue` under the given stages. Returns the version's id, which the SDK chose: its retries make one version.
///
/// # Errors
/// What AWS refused.
pub async fn put(
    connection: &Connection,
    arn: &str,
    content: &SecretText,
    stages: &[&str],
) -> Result<String, AwsError> {
    let answer = connection
        .secretsmanager
        .put_secret_value()
        .secret_id(arn)
        .secret_string(content.expose())
        .set_version_stages(Some(stages.iter().map(|stage| (*stage).to_owned()).collect()))
        .send()
        .await
        .map_err(|error| from_sdk("secretsmanager:PutSecretValue", &error))?;
    Ok(answer.version_id().unwrap_or_default().to_owned())
}

/// `secretsmanager:UpdateSecretVersionStage`: moves a stage to a version, from a version, or takes it off.
///
/// # Errors
/// AWS refuses when the stage is not where `from` says.
pub async fn move_stage(
    connection: &Connection,
    arn: &str,
    stage: &str,
    to: Option<&str>,
    from: Option<&str>,
) -> Result<(), AwsError> {
    connection
        .secretsmanager
        .update_secret_version_stage()
        .secret_id(arn)
        .version_stage(stage)
        .set_move_to_version_id(to.map(str::to_owned))
        .set_remove_from_version_id(from.map(str::to_owned))
        .send()
        .await
        .map(|_| ())
        .map_err(|error| from_sdk("secretsmanager:UpdateSecretVersionStage", &error))
}
