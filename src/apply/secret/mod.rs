//! Writing a secret as a compare-and-swap: put the new version under a stage of our own, read it back, then move
//! `AWSCURRENT` from exactly the version that the user saw. AWS refuses a mismatch, and nothing moves.
//!
//! Killed between any two of these steps, either the old version is current or the new one, whole. The stage that is left then tells the next
//! run where to go on.
//!
//! Source: Secrets Manager API Reference, CreateSecret, PutSecretValue and UpdateSecretVersionStage.

mod proof;
mod swap;
mod undo;

use crate::aws::Connection;
use crate::aws::calls::secretsmanager::{self as sm, CURRENT, NewSecret};
use crate::model::plan::SecretChange;
use crate::model::{AwsError, ErrorKind, Selection};
use crate::plan::OWN_TAG;

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

/// One change on its way.
struct Write<'w> {
    connection: &'w Connection,
    change: &'w SecretChange,
    selection: &'w Selection,
}

pub(super) async fn write(
    connection: &Connection,
    change: &SecretChange,
    selection: &Selection,
) -> Result<Written, Refused> {
    let write = Write { connection, change, selection };
    match (&change.arn, &change.replaces_version) {
        (None, _) => write.create().await,
        (Some(arn), None) => write.first_version(arn).await,
        (Some(arn), Some(seen)) => swap::Swap { write, arn, seen }.run().await,
    }
}

impl Write<'_> {
    async fn create(&self) -> Result<Written, Refused> {
        let change = self.change;
        let is_given = change.tags.iter().any(|(name, _)| name == OWN_TAG.0);
        let own = (!is_given).then(|| (OWN_TAG.0.to_owned(), OWN_TAG.1.to_owned()));
        let tags: Vec<(String, String)> = own.into_iter().chain(change.tags.clone()).collect();
        let new = NewSecret {
            name: &change.name,
            description: "Benchling webhook parameters, written by rolecall",
            content: &change.content,
            kms_key: change.kms_key.as_deref(),
            tags: &tags,
        };
        let (arn, version) = sm::create(self.connection, &new).await.map_err(|error| match error.kind {
            ErrorKind::Conflict => Refused::LostRace(format!(
                "a secret named {} exists meanwhile, or is scheduled for deletion; it was not touched ({error})",
                change.name
            )),
            _ => failed(&error, "No secret was created.", "the secret was created"),
        })?;
        let proof = self.proof(&arn, &version).await?;
        let what = format!("created as version {version}{proof}");
        Ok(Written { what, undo: vec![undo::creation(self, &arn)], created_arn: Some(arn) })
    }

    /// A secret without any version: whatever is put first becomes current at once.
    async fn first_version(&self, arn: &str) -> Result<Written, Refused> {
        let version = sm::put(self.connection, arn, &self.change.content, &[CURRENT])
            .await
            .map_err(|error| failed(&error, "The secret still has no value.", "the value was written"))?;
        let proof = self.proof(arn, &version).await?;
        let what = format!("version {version} is its first, and current{proof}");
        Ok(Written { what, undo: Vec::new(), created_arn: None })
    }
}

fn lost(seen: &str, current: &str) -> Refused {
    Refused::LostRace(format!(
        "the secret was changed meanwhile: version {current} is current, not {seen} as shown; nothing of it was touched, look at it again"
    ))
}

/// `now` is how things are after a refusal. Without an answer it is not known, and said so, whether `perhaps`.
fn failed(error: &AwsError, now: &str, perhaps: &str) -> Refused {
    let needs = error.missing_action.as_ref().map(|action| format!(" It needs {action}.")).unwrap_or_default();
    let now = match error.kind {
        ErrorKind::Network => format!("Whether {perhaps} is not known: look at it again."),
        _ => now.to_owned(),
    };
    Refused::Failed(format!("{error}.{needs} {now}"))
}
