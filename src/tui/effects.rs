//! What reaches outside: look-ups, writing, reading a file the user named. Every answer comes back as a message.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use super::engine::Ask;
use super::field::LONGEST;
use super::message::{Effect, Message};
use crate::apply::{self, ApplyEvent};
use crate::aws::Surroundings;
use crate::gather::{Gatherer, Landing};
use crate::model::{Confirmed, Plan, Selection};
use crate::values::SecretText;

/// Carries effects out.
pub struct Hands {
    gatherer: Arc<Gatherer>,
    home: PathBuf,
    asking: BTreeMap<Ask, CancellationToken>,
    writing: CancellationToken,
}

impl Hands {
    /// For one run of the program.
    pub fn new(here: Arc<Surroundings>) -> Self {
        let home = here.home.clone();
        let gatherer = Arc::new(Gatherer::new(here));
        Self { gatherer, home, asking: BTreeMap::new(), writing: CancellationToken::new() }
    }

    /// Begins an effect; nothing here waits.
    pub fn perform(&mut self, effect: Effect, outbox: &UnboundedSender<Message>) {
        match effect {
            Effect::Gather { ask, generation, selection } => self.gather(ask, generation, *selection, outbox.clone()),
            Effect::Cancel => self.asking.values().for_each(CancellationToken::cancel),
            Effect::Apply { plan, selection } => self.apply(*plan, *selection, outbox.clone()),
            Effect::StopWriting => self.writing.cancel(),
            Effect::ReadFile(path) => {
                let (path, outbox) = (expanded(&path, &self.home), outbox.clone());
                tokio::task::spawn_blocking(move || outbox.send(Message::FileRead(read(&path))));
            }
            Effect::Suspend | Effect::Redraw | Effect::Quit(_) => {}
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
            tokio::join!(gatherer.run(ask, generation, selection, out, cancel), forward);
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
            let (reports, ()) = tokio::join!(apply::apply(&gatherer, &selection, plan, out, cancel), forward);
            let _ = outbox.send(Message::Written(reports));
        });
    }
}

/// `~/x` names a file below the home folder.
fn expanded(path: &Path, home: &Path) -> PathBuf {
    path.strip_prefix("~").map_or_else(|_| path.to_owned(), |rest| home.join(rest))
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
