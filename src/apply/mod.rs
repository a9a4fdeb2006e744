//! How a confirmed plan is carried out: one change after the other, each reported as it ends.

mod secret;

use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::aws::region::Region;
use crate::aws::{Connection, Guard, ReadOnly};
use crate::gather::Gatherer;
use crate::model::plan::{
    Change, ChangeOutcome, ChangeReport, ConfigChange, EditValue, FileChange, Plan, SecretChange,
};
use crate::model::{AwsError, Confirmed, Selection};
use crate::store::write::{How, WrittenFile};
use crate::store::{self, StoreError};
pub use crate::wording::review::subject;

/// What happens while a plan is carried out.
#[derive(Clone, PartialEq, Debug)]
pub enum ApplyEvent {
    /// The change with this index has begun.
    Begun(usize),
    /// It has ended.
    Ended(usize, ChangeReport),
}

/// Carries out a plan. After `cancel` the change in flight is finished and none is begun.
///
/// # Errors
/// [`ReadOnly`]: this run writes nothing. No call was made.
pub async fn apply(
    gatherer: &Gatherer,
    selection: &Selection,
    plan: Confirmed<Plan>,
    events: UnboundedSender<ApplyEvent>,
    cancel: CancellationToken,
) -> Result<Vec<ChangeReport>, ReadOnly> {
    let guard = gatherer.connector().here().writer(&plan)?;
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
        log(change, &report.outcome);
        let _ = events.send(ApplyEvent::Ended(index, report.clone()));
        reports.push(report);
    }
    Ok(reports)
}

/// Where it was to be written, and how it ended; why stands in the lines of the calls.
fn log(change: &Change, outcome: &ChangeOutcome) {
    let place = match change {
        Change::Secret(secret) => format!("{} in {}", secret.arn.as_ref().unwrap_or(&secret.name), secret.region),
        Change::File(file) => file.path.display().to_string(),
        Change::Config(config) => config.path.display().to_string(),
    };
    let outcome = match outcome {
        ChangeOutcome::Written { .. } => "written",
        ChangeOutcome::NotBegun(_) => "not begun",
        ChangeOutcome::LostRace(_) => "lost a race",
        ChangeOutcome::Failed(_) => "failed",
    };
    tracing::info!(%place, outcome, "write");
}

/// The report when no change could be begun, and why.
#[must_use]
pub fn none_begun(changes: &[Change], why: &str) -> Vec<ChangeReport> {
    let not_begun =
        |change| ChangeReport { subject: subject(change), outcome: ChangeOutcome::NotBegun(why.to_owned()) };
    changes.iter().map(not_begun).collect()
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
            Change::File(file) => self.file(file),
            Change::Config(config) => self.config(config),
        }
    }

    async fn secret(&mut self, change: &SecretChange) -> ChangeOutcome {
        let connection = match self.writer(&change.region).await {
            Ok(connection) => connection,
            Err(error) => return ChangeOutcome::Failed(format!("{error}. Nothing was written.")),
        };
        let written = secret::write(&connection, change, self.selection).await;
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
        of_file(store::write_config(change, self.created_arn.as_deref(), now))
    }

    fn file(&self, change: &FileChange) -> ChangeOutcome {
        of_file(store::write_secret_file(change, self.gatherer.connector().here().clock.now()))
    }
}

/// Where it stands now, and how it is taken back.
fn of_file(written: Result<WrittenFile, StoreError>) -> ChangeOutcome {
    let written = match written {
        Ok(written) => written,
        Err(error @ StoreError::LostRace { .. }) => return ChangeOutcome::LostRace(error.to_string()),
        Err(error) => return ChangeOutcome::Failed(error.to_string()),
    };
    let path = store::shell_quoted(&written.path);
    let (undo, how) = match &written.how {
        How::New => (format!("rm {path}"), String::new()),
        How::Replaced { backup } => {
            (format!("mv {} {path}", store::shell_quoted(backup)), format!("; as it was before: {}", backup.display()))
        }
        How::Tightened { from } => (format!("chmod {from:04o} {path}"), "; for its owner alone now".to_owned()),
    };
    ChangeOutcome::Written { what: format!("{}{how}", written.path.display()), undo: vec![undo] }
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::http::SharedHttpClient;

    use super::*;
    use crate::aws::{Clock, Demo, Surroundings};
    use crate::sandbox::World;

    #[tokio::test]
    async fn a_read_only_run_refuses_before_any_call() {
        let home = tempfile::tempdir().unwrap();
        let world = World::load("quilt-no-secret").unwrap().without_latency();
        world.install_files(home.path()).unwrap();
        let demo =
            Demo { world: "quilt-no-secret".into(), selection: world.selection(), environment: world.environment() };
        let client = SharedHttpClient::new(world.client());
        let here = Surroundings::of_demo(home.path().to_owned(), client, Clock::System, demo);
        let change = || Change::Secret(SecretChange::of_new("benchling-webhook-prod"));
        for read_only in [true, false] {
            let gatherer = Gatherer::new(Surroundings { read_only, ..here.clone() }.shared());
            let plan = Plan { id: "p".into(), changes: vec![change()], blocked: Vec::new() }.confirm("p").unwrap();
            let (events, _kept) = tokio::sync::mpsc::unbounded_channel();
            let applied = apply(&gatherer, &world.selection(), plan, events, CancellationToken::new()).await;
            if read_only {
                assert_eq!(applied, Err(ReadOnly));
                assert!(world.calls().is_empty());
            } else {
                assert!(matches!(applied.unwrap()[..], [ChangeReport { outcome: ChangeOutcome::Written { .. }, .. }]));
            }
        }
    }
}
