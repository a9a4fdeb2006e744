//! A new version in place of the one that was seen.

use super::{Refused, Write, Written, failed, lost, undo};
use crate::aws::calls::secretsmanager::{self as sm, CURRENT};
use crate::model::facts::SecretContent;
use crate::model::plan::PENDING_STAGE;
use crate::model::{AwsError, ErrorKind};

/// The version that replaces `seen`.
pub(super) struct Swap<'w> {
    pub(super) write: Write<'w>,
    pub(super) arn: &'w str,
    pub(super) seen: &'w str,
}

impl Swap<'_> {
    pub(super) async fn run(&self) -> Result<Written, Refused> {
        if let Some(left) =
            self.write.change.left_pending.as_deref().filter(|_| self.write.change.only_takes_stage_off())
        {
            return self.only_take_off(left).await;
        }
        let version = match self.left_behind().await {
            Some(version) => version,
            None => self.put(&[PENDING_STAGE]).await?,
        };
        let proof = match self.write.proof(self.arn, &version).await {
            Ok(proof) => proof,
            Err(refused) => {
                self.take_off(&version).await;
                return Err(refused);
            }
        };
        let moved = sm::move_stage(self.write.connection, self.arn, CURRENT, Some(&version), Some(self.seen)).await;
        match moved {
            Ok(()) => {}
            Err(error) if error.kind == ErrorKind::Denied => return self.without_moving().await,
            // AWS may have moved it and the answer have been lost: then the next attempt is refused, and it is current all the same.
            Err(error) => {
                if let Err(refused) = self.is_current(&version, &error).await {
                    self.take_off(&version).await;
                    return Err(refused);
                }
            }
        }
        self.take_off(&version).await;
        Ok(self.swapped(&version, &proof))
    }

    /// The version that an interrupted write left, if it holds exactly what was confirmed.
    async fn left_behind(&self) -> Option<String> {
        let left = self.write.change.left_pending.as_deref().filter(|left| *left != self.seen)?;
        let stored = sm::value(self.write.connection, self.arn, Some(left)).await.ok()?;
        let is_it = stored.content == SecretContent::Text(self.write.change.content.clone());
        is_it.then(|| left.to_owned())
    }

    async fn put(&self, stages: &[&str]) -> Result<String, Refused> {
        let put = sm::put(self.write.connection, self.arn, &self.write.change.content, stages).await;
        let now = format!("Version {} is still current.", self.seen);
        put.map_err(|error| {
            // Under our own stage alone nothing that a reader gets has moved, answer or no answer.
            let perhaps = "the new version was made current";
            let error = if stages.contains(&CURRENT) { error } else { answered(error) };
            failed(&error, &now, perhaps)
        })
    }

    /// Without secretsmanager:UpdateSecretVersionStage there is no compare-and-swap in AWS: read again, then put, and say so.
    async fn without_moving(&self) -> Result<Written, Refused> {
        let current = sm::value(self.write.connection, self.arn, None)
            .await
            .map_err(|error| failed(&answered(error), &format!("Version {} is still current.", self.seen), ""))?;
        if current.version_id != self.seen {
            return Err(lost(self.seen, &current.version_id));
        }
        let version = self.put(&[CURRENT, PENDING_STAGE]).await?;
        let proof = self.write.proof(self.arn, &version).await?;
        let note = format!(
            " (secretsmanager:UpdateSecretVersionStage was denied: the current version was read again just before, \
             and the stage {PENDING_STAGE} stays on the new one)"
        );
        Ok(self.swapped(&version, &format!("{note}{proof}")))
    }

    fn swapped(&self, version: &str, end: &str) -> Written {
        Written {
            what: format!("version {version} is now current, {} the previous one{end}", self.seen),
            undo: vec![undo::swap(&self.write, self.arn, version, self.seen)],
            created_arn: None,
        }
    }

    /// AWS refused to move the stage: is another version current, or ours already?
    async fn is_current(&self, version: &str, error: &AwsError) -> Result<(), Refused> {
        let unchanged = format!("Version {} is still current.", self.seen);
        match sm::value(self.write.connection, self.arn, None).await {
            Ok(current) if current.version_id == version => Ok(()),
            Ok(current) if current.version_id != self.seen => Err(lost(self.seen, &current.version_id)),
            Ok(_) => Err(failed(&answered(error.clone()), &unchanged, "")),
            Err(_) => Err(failed(error, &unchanged, &format!("version {version} is current"))),
        }
    }

    /// Our stage is taken off at the end, also after a refusal. A failure to do so harms nothing: no reader asks for that stage, and the next
    /// plan takes it off.
    async fn take_off(&self, version: &str) {
        let _ = sm::move_stage(self.write.connection, self.arn, PENDING_STAGE, None, Some(version)).await;
    }

    /// What is current is as it should be: the stage of an interrupted write is all that is wrong.
    async fn only_take_off(&self, left: &str) -> Result<Written, Refused> {
        let still = format!("The stage {PENDING_STAGE} is still on version {left}; no reader asks for it.");
        let current = sm::value(self.write.connection, self.arn, None)
            .await
            .map_err(|error| failed(&answered(error), &still, ""))?;
        if current.version_id != self.seen {
            return Err(lost(self.seen, &current.version_id));
        }
        let taken = sm::move_stage(self.write.connection, self.arn, PENDING_STAGE, None, Some(left)).await;
        if let Err(error) = taken
            && !self.is_gone(left).await
        {
            return Err(failed(&error, &still, &format!("the stage {PENDING_STAGE} was taken off")));
        }
        Ok(Written {
            what: format!(
                "no new version: {} is current as it was, and {PENDING_STAGE} is off version {left}",
                self.seen
            ),
            undo: Vec::new(),
            created_arn: None,
        })
    }

    /// Whether our stage is off a version already: AWS may have taken it off and the answer have been lost, or someone else was quicker.
    async fn is_gone(&self, left: &str) -> bool {
        let has_it = |(id, stages): &(String, Vec<String>)| id == left && stages.iter().any(|s| s == PENDING_STAGE);
        let described = sm::describe(self.write.connection, self.arn).await;
        described.is_ok_and(|secret| !secret.versions.iter().any(has_it))
    }
}

/// An error after which it is known how things are, whether AWS answered or not.
fn answered(error: AwsError) -> AwsError {
    match error.kind {
        ErrorKind::Network => AwsError { kind: ErrorKind::Other, ..error },
        _ => error,
    }
}
