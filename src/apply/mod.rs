//! How a confirmed plan is carried out: one change after the other, each reported as it ends.

mod secret;

use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::aws::region::Region;
use crate::aws::{Connection, Guard};
use crate::gather::Gatherer;
use crate::model::plan::{Change, ChangeOutcome, ChangeReport, ConfigChange, EditValue, Plan, SecretChange};
use crate::model::{AwsError, Confirmed, Selection};
use crate::store::{self, StoreError};

/// What happens while a plan is carried out.
#[derive(Clone, PartialEq, Debug)]
pub enum ApplyEvent {
    /// The change with this index has begun.
    Begun(usize),
    /// It has ended.
    Ended(usize, ChangeReport),
}

/// Carries out a plan. After `cancel` the change in flight is finished and none is begun.
pub async fn apply(
    gatherer: &Gatherer,
    selection: &Selection,
    plan: Confirmed<Plan>,
    events: UnboundedSender<ApplyEvent>,
    cancel: CancellationToken,
) -> Vec<ChangeReport> {
    let guard = Guard::writer(&plan);
    let mut run = Run { gatherer, selection, guard, created_arn: None, secret_failed: false };
    let mut reports = Vec::new();
    for (index, change) in plan.get().changes.iter().enumerate() {
        let report = if cancel.is_cancelled() {
            ChangeReport {
                subject: subject(change),
                outcome: ChangeOutcome::NotBegun("it was cancelled before this".into()),
            }
        } else {
            let _ = events.send(ApplyEvent::Begun(index));
            ChangeReport { subject: subject(change), outcome: run.change(change).await }
        };
        let _ = events.send(ApplyEvent::Ended(index, report.clone()));
        reports.push(report);
    }
    reports
}

/// What a change is about, as reports name it.
#[must_use]
pub fn subject(change: &Change) -> String {
    match change {
        Change::Secret(secret) => format!("secret {}", secret.name),
        Change::Config(config) => format!("config.json of config profile {}", config.profile),
    }
}

struct Run<'a> {
    gatherer: &'a Gatherer,
    selection: &'a Selection,
    guard: Guard,
    created_arn: Option<String>,
    secret_failed: bool,
}

impl Run<'_> {
    async fn change(&mut self, change: &Change) -> ChangeOutcome {
        match change {
            Change::Secret(secret) => {
                let outcome = self.secret(secret).await;
                self.secret_failed = !matches!(outcome, ChangeOutcome::Written { .. });
                outcome
            }
            Change::Config(config) => self.config(config),
        }
    }

    async fn secret(&mut self, change: &SecretChange) -> ChangeOutcome {
        let connection = match self.writer(&change.region).await {
            Ok(connection) => connection,
            Err(error) => return ChangeOutcome::Failed(format!("{error}. Nothing was written.")),
        };
        let written = secret::write(&connection, change).await;
        if let Ok(written) = &written {
            self.created_arn.clone_from(&written.created_arn);
        }
        match written {
            Ok(written) => ChangeOutcome::Written { what: written.what, undo: written.undo },
            Err(secret::Refused::LostRace(why)) => ChangeOutcome::LostRace(why),
            Err(secret::Refused::Failed(why)) => ChangeOutcome::Failed(why),
        }
    }

    async fn writer(&self, region: &str) -> Result<Connection, AwsError> {
        let reader = self.gatherer.connection(self.selection, false).await?;
        let region = Region { name: region.to_owned(), from: "plan".to_owned() };
        self.gatherer.connector().reconnect(&reader, region, self.guard.clone()).await
    }

    /// Secret and file hold the same values: without the one, the other would promise what is not there.
    fn config(&self, change: &ConfigChange) -> ChangeOutcome {
        let names_created = change.edits.iter().any(|edit| edit.value == EditValue::CreatedSecretArn);
        if self.secret_failed || (names_created && self.created_arn.is_none()) {
            return ChangeOutcome::NotBegun("the secret it belongs to was not written".into());
        }
        let now = self.gatherer.connector().here().clock.now();
        match store::write_config(change, self.created_arn.as_deref(), now) {
            Ok(written) => {
                let path = store::shell_quoted(&written.path);
                let undo = written.backup.as_ref().map_or_else(
                    || format!("rm {path}"),
                    |backup| format!("mv {} {path}", store::shell_quoted(backup)),
                );
                ChangeOutcome::Written { what: written.path.display().to_string(), undo: vec![undo] }
            }
            Err(error @ StoreError::LostRace { .. }) => ChangeOutcome::LostRace(error.to_string()),
            Err(error) => ChangeOutcome::Failed(error.to_string()),
        }
    }
}
