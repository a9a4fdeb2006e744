//! Trying the values: asked first, begun by a yes, and told below the value it is about.

use ratatui::text::Line;

use super::{Cursor, cursor};
use crate::migrate::trial;
use crate::model::migration::TrialValues;
use crate::model::{Fact, Finding, Severity, Trials};
use crate::secret::Key;
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::keymap::{Action, When};
use crate::tui::message::Effect;
use crate::tui::theme::{Mark, PLAIN};
use crate::tui::widgets::row::{marked, sentence, wrapped};

/// What is kept of trying.
#[derive(Default)]
pub struct State {
    /// "Send them?" is being asked.
    pub asking: bool,
    /// The values that were tried last.
    tried: Option<TrialValues>,
}

/// The draft's values, as they would be tried.
pub fn values(app: &App) -> TrialValues {
    let mut values = trial::values(&app.facts, &app.selection);
    trial::of_draft(&mut values, &app.draft.values);
    values
}

/// Whether they can be tried.
pub fn may_try(app: &App) -> When {
    let values = values(app);
    if app.running.contains_key(&Ask::Trials) {
        When::No("they are being tried")
    } else if !app.running.is_empty() {
        When::No("still looking things up; then they can be tried")
    } else if trial::token_request(&values).is_err() && trial::bucket(&values).is_err() {
        When::No("neither the bucket nor tenant, client id and secret are valid yet")
    } else {
        When::Yes
    }
}

/// The question, whole: the one place that anything would be sent to, and what else a yes does.
pub fn question(app: &App, columns: usize) -> Vec<Line<'static>> {
    let values = values(app);
    let (head, token) = match trial::token_request(&values) {
        Ok(request) => (
            format!("Send the client id and secret to {}?", request.host),
            "It is asked once, nobody else is, and the token that it may give is dropped.".to_owned(),
        ),
        Err(why) => ("Try the bucket?".to_owned(), format!("Benchling is not asked: {why}.")),
    };
    let bucket = match trial::bucket(&values) {
        Ok(bucket) => format!("Bucket {bucket} is listed too: as you, and with each role that you may assume."),
        Err(why) => format!("The bucket is not tried: {why}."),
    };
    let mut lines = sentence(&head, columns);
    lines.extend(wrapped(&token, columns, 2, PLAIN));
    lines.extend(wrapped(&bucket, columns, 2, PLAIN));
    lines
}

/// The user said yes, no, or the bucket alone.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    app.secret.trials.asking = false;
    let benchling = trial::token_request(&values(app)).is_ok();
    let bucket = trial::bucket(&values(app)).is_ok();
    let trials = match action {
        Action::Yes => Trials { bucket, benchling },
        Action::BucketAlone => Trials { bucket, benchling: false },
        _ => {
            app.note = Some("nothing was sent".into());
            return Vec::new();
        }
    };
    app.begin_trials(trials)
}

/// Remembers what is being tried.
pub fn begun(app: &mut App, values: &TrialValues) {
    app.secret.trials.tried = Some(values.clone());
}

/// What came of other values than those that are there now is forgotten.
pub fn forget_stale(app: &mut App) {
    let Some(tried) = &app.secret.trials.tried else { return };
    let now = values(app);
    let benchling =
        |values: &TrialValues| (values.tenant.clone(), values.client_id.clone(), values.client_secret.clone());
    let (same_bucket, same_benchling) = (tried.bucket == now.bucket, benchling(tried) == benchling(&now));
    if !same_bucket {
        app.facts.migration.bucket.clear();
    }
    if !same_benchling && app.facts.migration.benchling.known().is_some() {
        app.facts.migration.benchling = Fact::NotAsked;
    }
}

/// What Benchling or S3 refused of the values, in sentences.
pub fn refusals(app: &App) -> Vec<&str> {
    let found = app.judgement.findings.iter().filter(|finding| is_refusal(finding));
    found.map(|finding| finding.claim.as_str()).collect()
}

/// How bad it is that a value was refused; `None`: it was not, or was not tried.
pub fn refused(app: &App, key: Key) -> Option<Severity> {
    let id = match key {
        Key::UserBucket => "secret/bucket-access",
        Key::ClientId | Key::ClientSecret => "secret/benchling",
        _ => return None,
    };
    let found = app.judgement.findings.iter().filter(|finding| finding.id == id && is_refusal(finding));
    found.map(|finding| finding.severity).min()
}

fn is_refusal(finding: &Finding) -> bool {
    let of_trial = matches!(finding.id.as_str(), "secret/benchling" | "secret/bucket-access");
    of_trial && !finding.unknown && matches!(finding.severity, Severity::Error | Severity::Warning)
}

/// What came of it, below a value that it is about.
pub fn lines(app: &App, columns: usize) -> Vec<Line<'static>> {
    let about: &[&str] = match cursor(app) {
        Cursor::Key(Key::UserBucket) => &["secret/bucket-access"],
        Cursor::Key(Key::Tenant | Key::ClientId | Key::ClientSecret) => &["secret/benchling"],
        Cursor::GoOn => &["secret/benchling", "secret/bucket-access"],
        _ => return Vec::new(),
    };
    let found = app.judgement.findings.iter().filter(|finding| about.contains(&finding.id.as_str()));
    found.flat_map(|finding| marked(Mark::of(finding), &finding.claim, columns)).collect()
}
