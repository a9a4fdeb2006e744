//! The log: what was asked of AWS and how it ended, what was judged, what was written. It holds no secret: no content of a request or an
//! answer, no message of AWS's (it may repeat what was sent), no argument, no value.
//!
//! Rooms below report by `tracing`; without a log that costs next to nothing. Lines are handed to a thread of their own, and dropped when
//! it cannot keep up, so that no disk ever holds the screen up.

mod file;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use thiserror::Error;
use tracing::level_filters::LevelFilter;
use tracing::{error, info};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::judge::Judgement;
pub use file::LIMIT;
use file::Rotating;

/// Lines that wait for the disk at most; more are dropped.
const WAITING: usize = 8_192;

/// Why there is no log.
#[derive(Debug, Error)]
pub enum LogError {
    /// The file cannot be written.
    #[error("no log is kept: {} {reason}", .path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, to end the sentence.
        reason: String,
    },
    /// Something else in this process keeps a log already.
    #[error("no log is kept: this process keeps one already")]
    Taken,
}

/// Keeps the log open; dropped, it writes what is still waiting.
#[derive(Debug)]
pub struct Log {
    _worker: WorkerGuard,
}

/// Where the log is kept when nothing else is said: the state folder, on systems that have none the folder of local data.
#[must_use]
pub fn default_file() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "rolecall")?;
    Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).join("rolecall.log"))
}

/// Opens the log of this process, in the default place or in a file that the user named. Only the user's own folder is made.
///
/// # Errors
/// The file cannot be opened, is no regular file, or cannot be kept from others.
pub fn open(named: Option<&Path>) -> Result<Log, LogError> {
    let rotating = match named {
        Some(path) => Rotating::open(path)?,
        None => {
            let none =
                || LogError::Unusable { path: "the state folder".into(), reason: "is not known: set HOME".into() };
            let path = default_file().ok_or_else(none)?;
            file::make_folder(&path)?;
            Rotating::open(&path)?
        }
    };
    let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING).thread_name("log");
    let (writer, worker) = builder.finish(rotating);
    tracing::subscriber::set_global_default(subscriber(writer)).map_err(|_| LogError::Taken)?;
    Ok(Log { _worker: worker })
}

/// Our own events alone: the SDK's hold whole requests.
fn subscriber<W>(writer: W) -> impl tracing::Subscriber + Send + Sync
where
    W: for<'a> fmt::MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer);
    Registry::default().with(lines.with_filter(Targets::new().with_target("rolecall", LevelFilter::INFO)))
}

/// What is worth knowing of the place that the program runs in. Nothing of the environment but how the terminal is to be drawn on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// The command's name.
    pub command: String,
    /// The demo world.
    pub demo: Option<String>,
    /// `TERM`, `TERM_PROGRAM`, `COLORTERM` and the locale, as far as they are set.
    pub terminal: String,
    /// Columns and rows, of a terminal.
    pub size: Option<(u16, u16)>,
}

/// The first line of a run.
pub fn began(place: &Place) {
    info!(
        version = env!("CARGO_PKG_VERSION"),
        os = std::env::consts::OS,
        arch = std::env::consts::ARCH,
        command = %place.command,
        demo = place.demo.as_deref(),
        terminal = %place.terminal,
        columns = place.size.map(|size| size.0),
        rows = place.size.map(|size| size.1),
        "began"
    );
}

/// The last line of a run.
pub fn ended(code: u8) {
    info!(code, "ended");
}

/// The last line of a run that failed.
pub fn failed(why: &str) {
    error!(why, "failed");
}

/// The findings that were not there `before`.
pub fn judged(before: &Judgement, now: &Judgement) {
    if !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    let key = |finding: &crate::model::Finding| (finding.id.clone(), finding.severity, finding.subject.clone());
    let known: HashSet<_> = before.findings.iter().map(key).collect();
    for finding in now.findings.iter().filter(|finding| !known.contains(&key(finding))) {
        info!(id = %finding.id, severity = finding.severity.word(), unknown = finding.unknown, "finding");
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::model::{Finding, Severity};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(act: impl FnOnce()) -> String {
        let kept = Kept::default();
        let writer = kept.clone();
        tracing::subscriber::with_default(subscriber(move || writer.clone()), act);
        let bytes = kept.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_finding_is_logged_once_and_by_id_alone() {
        let judgement = |findings: Vec<Finding>| Judgement { findings, ..Judgement::default() };
        let one = Finding::new(Severity::Error, "secret/exists", "canary-subject", "canary-claim");
        let two = Finding::new(Severity::Info, "stack/readable", "stacks", "not known").not_known();
        let text = logged(|| {
            judged(&judgement(vec![]), &judgement(vec![one.clone()]));
            judged(&judgement(vec![one.clone()]), &judgement(vec![one.clone(), two.clone()]));
        });
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("secret/exists") && text.contains("error") && text.contains("unknown=true"), "{text}");
        assert!(!text.contains("canary"), "{text}");
    }

    #[test]
    fn other_crates_are_not_logged() {
        let text = logged(|| {
            tracing::info!(target: "aws_smithy_runtime", "canary-request");
            tracing::debug!("too much");
            began(&Place { command: "check".into(), ..Place::default() });
        });
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains(env!("CARGO_PKG_VERSION")) && text.contains("check"), "{text}");
    }
}
