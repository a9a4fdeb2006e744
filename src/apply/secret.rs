//! Writing a secret as a compare-and-swap: put the new version under a stage of our own, read it back, then move
//! `AWSCURRENT` from exactly the version that the user saw. AWS refuses a mismatch, and nothing moves.
//!
//! Source: Secrets Manager API Reference, PutSecretValue and UpdateSecretVersionStage.

use crate::aws::Connection;
use crate::aws::calls::secretsmanager::{self as sm, CURRENT};
use crate::model::facts::SecretContent;
use crate::model::plan::SecretChange;
use crate::model::{AwsError, ErrorKind};

/// The stage that a version carries until it is current.
const PENDING: &str = "ROLECALL_PENDING";

/// What was written.
pub(super) struct Written {
    pub(super) what: String,
    pub(super) undo: Vec<String>,
    /// The ARN, when the secret was created.
    pub(super) created_arn: Option<String>,
}

/// Why nothing was written; the sentence says how things are now.
pub(super) enum Refused {
    LostRace(String),
    Failed(String),
}

pub(super) async fn write(connection: &Connection, change: &SecretChange) -> Result<Written, Refused> {
    match (&change.arn, &change.replaces_version) {
        (None, _) => create(connection, change).await,
        (Some(arn), None) => first_version(connection, change, arn).await,
        (Some(arn), Some(seen)) => swap(connection, change, arn, seen).await,
    }
}

async fn create(connection: &Connection, change: &SecretChange) -> Result<Written, Refused> {
    let description = "Benchling webhook parameters, written by rolecall";
    let created = sm::create(connection, &change.name, description, &change.content).await;
    let (arn, version) = created.map_err(|error| match error.kind {
        ErrorKind::Conflict => Refused::LostRace(format!(
            "a secret named {} exists meanwhile, or is scheduled for deletion; it was not touched ({error})",
            change.name
        )),
        _ => failed(&error, "No secret was created."),
    })?;
    check_written(connection, change, &arn, &version).await?;
    let undo = format!(
        "aws secretsmanager delete-secret --recovery-window-in-days 7 --region {} --secret-id {arn}",
        change.region
    );
    Ok(Written { what: format!("created as version {version}"), undo: vec![undo], created_arn: Some(arn) })
}

/// A secret without any version: whatever is put first becomes current at once.
async fn first_version(connection: &Connection, change: &SecretChange, arn: &str) -> Result<Written, Refused> {
    let version = sm::put(connection, arn, &change.content, &[CURRENT])
        .await
        .map_err(|error| failed(&error, "The secret still has no value."))?;
    check_written(connection, change, arn, &version).await?;
    Ok(Written { what: format!("version {version} is its first, and current"), undo: Vec::new(), created_arn: None })
}

async fn swap(connection: &Connection, change: &SecretChange, arn: &str, seen: &str) -> Result<Written, Refused> {
    let unchanged = format!("Version {seen} is still current.");
    let version =
        sm::put(connection, arn, &change.content, &[PENDING]).await.map_err(|error| failed(&error, &unchanged))?;
    if let Err(refused) = check_written(connection, change, arn, &version).await {
        take_off(connection, arn, &version).await;
        return Err(refused);
    }
    match sm::move_stage(connection, arn, CURRENT, Some(&version), Some(seen)).await {
        Ok(()) => {
            take_off(connection, arn, &version).await;
            Ok(swapped(change, arn, &version, seen, ""))
        }
        Err(error) if error.kind == ErrorKind::Denied => without_moving(connection, change, arn, seen).await,
        Err(error) => {
            take_off(connection, arn, &version).await;
            Err(refused_move(connection, arn, seen, &error).await)
        }
    }
}

/// Without secretsmanager:UpdateSecretVersionStage there is no compare-and-swap in AWS: read again, then put, and say so.
async fn without_moving(
    connection: &Connection,
    change: &SecretChange,
    arn: &str,
    seen: &str,
) -> Result<Written, Refused> {
    let unchanged = format!("Version {seen} is still current.");
    let current = sm::value(connection, arn, None).await.map_err(|error| failed(&error, &unchanged))?;
    if current.version_id != seen {
        return Err(lost(seen, &current.version_id));
    }
    let version = sm::put(connection, arn, &change.content, &[CURRENT, PENDING])
        .await
        .map_err(|error| failed(&error, &unchanged))?;
    check_written(connection, change, arn, &version).await?;
    let note = " (secretsmanager:UpdateSecretVersionStage was denied: the current version was read again just before, \
                and the stage ROLECALL_PENDING stays on the new one)";
    Ok(swapped(change, arn, &version, seen, note))
}

fn swapped(change: &SecretChange, arn: &str, version: &str, seen: &str, note: &str) -> Written {
    let undo = format!(
        "aws secretsmanager update-secret-version-stage --region {} --secret-id {arn} --version-stage {CURRENT} \
         --move-to-version-id {seen} --remove-from-version-id {version}",
        change.region
    );
    Written {
        what: format!("version {version} is now current, {seen} the previous one{note}"),
        undo: vec![undo],
        created_arn: None,
    }
}

/// AWS refused to move the stage: is that because another version is current?
async fn refused_move(connection: &Connection, arn: &str, seen: &str, error: &AwsError) -> Refused {
    match sm::value(connection, arn, None).await {
        Ok(current) if current.version_id != seen => lost(seen, &current.version_id),
        _ => failed(error, &format!("Version {seen} is still current.")),
    }
}

fn lost(seen: &str, current: &str) -> Refused {
    Refused::LostRace(format!(
        "the secret was changed meanwhile: version {current} is current, not {seen} as shown; nothing of it was touched, look at it again"
    ))
}

/// Reads the version back: what is stored must be what was confirmed.
async fn check_written(
    connection: &Connection,
    change: &SecretChange,
    arn: &str,
    version: &str,
) -> Result<(), Refused> {
    match sm::value(connection, arn, Some(version)).await {
        Ok(stored) if stored.content == SecretContent::Text(change.content.clone()) => Ok(()),
        Ok(_) => {
            Err(Refused::Failed(format!("version {version} does not hold what was sent; look at it before it is used")))
        }
        // Writing does not need the right to read: then there is no proof, and gathering again says so.
        Err(error) if error.kind == ErrorKind::Denied => Ok(()),
        Err(error) => Err(failed(&error, &format!("Version {version} was written and could not be read back."))),
    }
}

/// Our stage is taken off at the end, also after a refusal. A failure to do so harms nothing: no reader asks for that stage.
async fn take_off(connection: &Connection, arn: &str, version: &str) {
    let _ = sm::move_stage(connection, arn, PENDING, None, Some(version)).await;
}

fn failed(error: &AwsError, now: &str) -> Refused {
    let needs = error.missing_action.as_ref().map(|action| format!(" It needs {action}.")).unwrap_or_default();
    Refused::Failed(format!("{error}.{needs} {now}"))
}
