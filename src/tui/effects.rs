//! What reaches outside: look-ups, writing, files the user named, drafts. Every answer comes back as a message.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::engine::Ask;
use super::field::LONGEST;
use super::files;
use super::message::{Effect, Message};
use crate::apply::{self, ApplyEvent};
use crate::aws::record::Running;
use crate::aws::{Clock, Surroundings, profiles};
use crate::gather::{Gatherer, Landing};
use crate::model::{Confirmed, Plan, Selection};
use crate::store;
use crate::store::drafts::{self, Draft};
use crate::values::SecretText;

/// How long leaving waits for a draft that is being written.
const LAST_WORD: Duration = Duration::from_millis(300);

/// What to do with a draft.
enum Keep {
    Save(Box<Draft>),
    Remove(String),
}

/// The one that writes drafts.
struct Keeper {
    tell: UnboundedSender<Keep>,
    task: JoinHandle<()>,
}

async fn keep_drafts(
    folder: PathBuf,
    clock: Clock,
    mut told: UnboundedReceiver<Keep>,
    outbox: UnboundedSender<Message>,
) {
    while let Some(what) = told.recv().await {
        let folder = folder.clone();
        let done = tokio::task::spawn_blocking(move || match what {
            Keep::Save(draft) => drafts::save(&folder, &Draft { saved: clock.now(), ..*draft }),
            Keep::Remove(config_profile) => drafts::remove(&folder, &config_profile),
        });
        if let Ok(Err(error)) = done.await {
            let _ = outbox.send(Message::DraftNotKept(format!("the draft of this walk could not be kept: {error}")));
        }
    }
}

/// Carries effects out.
pub struct Hands {
    gatherer: Arc<Gatherer>,
    here: Arc<Surroundings>,
    keeper: Option<Keeper>,
    asking: BTreeMap<Ask, CancellationToken>,
    writing: CancellationToken,
}

impl Hands {
    /// For one run of the program.
    pub fn new(here: Arc<Surroundings>) -> Self {
        let gatherer = Arc::new(Gatherer::new(here.clone()));
        Self { gatherer, here, keeper: None, asking: BTreeMap::new(), writing: CancellationToken::new() }
    }

    /// The calls under way, oldest first.
    pub fn running(&self) -> Vec<Running> {
        self.gatherer.connector().recorder().running()
    }

    /// Begins an effect; nothing here waits.
    pub fn perform(&mut self, effect: Effect, outbox: &UnboundedSender<Message>) {
        match effect {
            Effect::Gather { ask, generation, selection } => self.gather(ask, generation, *selection, outbox.clone()),
            Effect::Cancel => self.asking.values().for_each(CancellationToken::cancel),
            Effect::Apply { plan, selection } => self.apply(*plan, *selection, outbox.clone()),
            Effect::StopWriting => self.writing.cancel(),
            Effect::ReadFile(path) => {
                let (path, outbox) = (expanded(&path, &self.here.home), outbox.clone());
                tokio::task::spawn_blocking(move || outbox.send(Message::FileRead(read(&path))));
            }
            Effect::FindFiles { purpose, folders, endings } => {
                let outbox = outbox.clone();
                tokio::task::spawn_blocking(move || {
                    outbox.send(Message::FilesFound { purpose, files: files::ending_with(&folders, endings) })
                });
            }
            Effect::Export { path, text, replace } => {
                let (path, outbox) = (absolute(expanded(&path, &self.here.home)), outbox.clone());
                tokio::task::spawn_blocking(move || {
                    let written = store::export(&path, &text, replace);
                    outbox.send(Message::Exported(written.map(|()| path)))
                });
            }
            Effect::LookForLogin(source) => {
                let (here, outbox) = (self.here.clone(), outbox.clone());
                tokio::spawn(async move {
                    let token = profiles::login_of(&here, &source).await;
                    let _ = outbox.send(Message::LoginSeen { source, token });
                });
            }
            Effect::ReadDrafts => {
                let (folder, outbox) = (drafts::folder(&self.here.state_home), outbox.clone());
                tokio::task::spawn_blocking(move || {
                    let (drafts, faults) = drafts::list(&folder);
                    outbox.send(Message::DraftsRead { drafts, faults })
                });
            }
            Effect::KeepDraft(draft) => self.keep(Keep::Save(draft), outbox),
            Effect::DropDraft(config_profile) => self.keep(Keep::Remove(config_profile), outbox),
            Effect::Copy(_) | Effect::Bell | Effect::Suspend | Effect::Redraw | Effect::Quit(_) => {}
        }
    }

    /// Keeps or drops a draft, one after the other: the last word is the one that stays.
    fn keep(&mut self, what: Keep, outbox: &UnboundedSender<Message>) {
        let keeper = self.keeper.get_or_insert_with(|| {
            let (tell, told) = unbounded_channel();
            let folder = drafts::folder(&self.here.state_home);
            Keeper { tell, task: tokio::spawn(keep_drafts(folder, self.here.clock, told, outbox.clone())) }
        });
        let _ = keeper.tell.send(what);
    }

    /// Waits a moment for a draft that is being written.
    pub async fn settle(self) {
        if let Some(Keeper { tell, task }) = self.keeper {
            drop(tell);
            let _ = tokio::time::timeout(LAST_WORD, task).await;
        }
    }

    fn gather(&mut self, ask: Ask, generation: u64, selection: Selection, outbox: UnboundedSender<Message>) {
        let cancel = CancellationToken::new();
        if let Some(before) = self.asking.insert(ask, cancel.clone()) {
            before.cancel();
        }
        let gatherer = self.gatherer.clone();
        tokio::spawn(async move {
            let (out, mut landings) = unbounded_channel::<Landing>();
            let forward = async {
                while let Some(landing) = landings.recv().await {
                    let _ = outbox.send(Message::Landed { ask, generation, land: landing.land });
                }
            };
            let run = async {
                tokio::select! {
                    () = gatherer.run(ask, generation, selection, out, cancel) => {}
                    () = tell_attempts(&gatherer, &outbox) => {}
                }
            };
            tokio::join!(run, forward);
            let _ = outbox.send(Message::Ended { ask, generation });
        });
    }

    fn apply(&mut self, plan: Confirmed<Plan>, selection: Selection, outbox: UnboundedSender<Message>) {
        self.writing = CancellationToken::new();
        let (cancel, gatherer) = (self.writing.clone(), self.gatherer.clone());
        let subjects: Vec<String> = plan.get().changes.iter().map(apply::subject).collect();
        tokio::spawn(async move {
            let (out, mut events) = unbounded_channel::<ApplyEvent>();
            let forward = async {
                while let Some(event) = events.recv().await {
                    if let ApplyEvent::Begun(index) = event
                        && let Some(subject) = subjects.get(index)
                    {
                        let _ = outbox.send(Message::Writing(subject.clone()));
                    }
                }
            };
            let changes = plan.get().changes.clone();
            let (reports, ()) = tokio::join!(apply::apply(&gatherer, &selection, plan, out, cancel), forward);
            let reports = reports.unwrap_or_else(|refused| apply::none_begun(&changes, &refused.to_string()));
            let _ = outbox.send(Message::Written(reports));
        });
    }
}

/// How often it is looked whether a call is being tried again.
const GLANCE: Duration = Duration::from_millis(100);

/// Tells of each change of the attempt that calls are in, for as long as it is polled.
async fn tell_attempts(gatherer: &Gatherer, outbox: &UnboundedSender<Message>) {
    let mut told = 1;
    loop {
        tokio::time::sleep(GLANCE).await;
        let attempt = gatherer.connector().recorder().attempt();
        if attempt != told && outbox.send(Message::Attempt(attempt)).is_err() {
            return std::future::pending().await;
        }
        told = attempt;
    }
}

/// `~/x` names a file below the home folder.
fn expanded(path: &Path, home: &Path) -> PathBuf {
    path.strip_prefix("~").map_or_else(|_| path.to_owned(), |rest| home.join(rest))
}

/// A relative path is one below the current folder; without one it stays as it was named.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// Reads a file that may hold a secret, as far as a secret can be long.
fn read(path: &Path) -> Result<SecretText, String> {
    let shown = path.display();
    let length = std::fs::metadata(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    if !length.is_file() {
        return Err(format!("{shown} is no file"));
    }
    if length.len() > LONGEST as u64 {
        return Err(format!("{shown} has {} bytes; a secret has at most {LONGEST}", length.len()));
    }
    let bytes = std::fs::read(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    String::from_utf8(bytes).map(SecretText::new).map_err(|_| format!("{shown} is no text: a JSON file is needed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_read_is_named_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let (missing, binary, long) = (folder.path().join("a"), folder.path().join("b"), folder.path().join("c"));
        std::fs::write(&binary, [0xff, 0xfe]).unwrap();
        std::fs::write(&long, "x".repeat(LONGEST + 1)).unwrap();
        for (path, part) in [
            (missing.as_path(), "cannot be read"),
            (&binary, "no text"),
            (&long, "at most"),
            (folder.path(), "is no file"),
        ] {
            let why = read(path).unwrap_err();
            assert!(why.contains(part) && why.contains(&path.display().to_string()), "{why}");
        }
        assert_eq!(expanded(Path::new("~/s.json"), Path::new("/home/u")), Path::new("/home/u/s.json"));
    }
}
