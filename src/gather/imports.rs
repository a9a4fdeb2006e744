//! The sources of a migration, and the file it would write.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;

use super::Sink;
use crate::aws::calls::secretsmanager as sm;
use crate::aws::region::Region;
use crate::aws::{Connection, Connector, Guard, Surroundings};
use crate::migrate::sources::{Meaning, meaning};
use crate::model::facts::{ImportContent, Imported, SecretContent, TargetFile};
use crate::model::{AwsError, ErrorKind, Fact, ImportSource, Selection, VersionChoice};
use crate::store::{self, StoreError};
use crate::values::Arn;

/// What can be read only once: a pipe is at its end afterwards, and everything is gathered more than once in a run.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<Vec<(PathBuf, ImportContent)>>);

impl Kept {
    fn get(&self, path: &Path) -> Option<ImportContent> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == path).map(|(_, content)| content.clone())
    }

    fn put(&self, path: PathBuf, content: ImportContent) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((path, content));
    }
}

/// What needs no AWS: files, standard input, the environment; and the file that would be written. What does is pending afterwards.
pub(super) async fn local(here: &Surroundings, kept: &Arc<Kept>, selection: &Selection, sink: &Sink) {
    let wanted: Vec<ImportSource> =
        selection.migration.imports.iter().filter(|source| **source != ImportSource::Config).cloned().collect();
    sink.land({
        let wanted = wanted.clone();
        move |facts| {
            let mut known = std::mem::take(&mut facts.migration.imports);
            let content = |source: &ImportSource, known: &mut Vec<Imported>| {
                let at = known.iter().position(|imported| imported.source == *source);
                let mut content = at.map_or(Fact::NotAsked, |at| known.swap_remove(at).content);
                content.begin();
                content
            };
            let begun = |source: ImportSource| Imported { content: content(&source, &mut known), source };
            facts.migration.imports = wanted.into_iter().map(begun).collect();
        }
    });
    // All at once: a pipe that nobody writes to keeps none of the others waiting.
    let sources = wanted.into_iter().filter(|source| !source.needs_aws()).map(|source| async move {
        let content = content(here, kept, &source).await;
        land(source, content, sink);
    });
    tokio::join!(join_all(sources), target(here, selection, sink));
}

async fn content(here: &Surroundings, kept: &Arc<Kept>, source: &ImportSource) -> Fact<ImportContent> {
    match source {
        ImportSource::File(path) | ImportSource::EnvFile(path) => read(expanded(here, path), kept.clone()).await,
        ImportSource::Environment => {
            Fact::Known(ImportContent::Variables(here.environment.named(|name| meaning(name) != Meaning::Foreign)))
        }
        ImportSource::Stdin(text) | ImportSource::Pasted(text) => {
            Fact::Known(ImportContent::Text { text: text.clone(), version_id: None, mode: None })
        }
        ImportSource::StdinBytes(bytes) => Fact::Known(ImportContent::Binary(*bytes)),
        ImportSource::Secret { .. } | ImportSource::Config => Fact::NotAsked,
    }
}

/// The file that would be written.
async fn target(here: &Surroundings, selection: &Selection, sink: &Sink) {
    let file: Fact<TargetFile> = match selection.migration.to_file.as_deref().map(|path| expanded(here, path)) {
        Some(path) => blocking(move || store::read_target(&path)).await,
        None => Fact::NotAsked,
    };
    sink.land(move |facts| facts.migration.file = file);
}

/// The sources in Secrets Manager, all at once.
pub(super) async fn remote(connector: &Connector, connection: &Connection, selection: &Selection, sink: &Sink) {
    let mut asked: FuturesUnordered<_> = selection
        .migration
        .imports
        .iter()
        .filter_map(|source| match source {
            ImportSource::Secret { id, version } => {
                Some(async move { (source.clone(), secret(connector, connection, id, version).await) })
            }
            _ => None,
        })
        .collect();
    while let Some((source, content)) = asked.next().await {
        land(source, Fact::from_result(content), sink);
    }
}

/// A secret named by an ARN is read in the ARN's region, whichever one everything else is read in.
async fn secret(
    connector: &Connector,
    connection: &Connection,
    id: &str,
    version: &VersionChoice,
) -> Result<ImportContent, AwsError> {
    let elsewhere = Arn::parse(id).ok().map(|arn| arn.region).filter(|region| *region != connection.region.name);
    let value = match elsewhere {
        Some(name) => {
            let region = Region { name, from: "the secret's ARN".into() };
            let there = connector.reconnect(connection, region, Guard::reader()).await?;
            sm::chosen_value(&there, id, version).await?
        }
        None => sm::chosen_value(connection, id, version).await?,
    };
    Ok(match value.content {
        SecretContent::Text(text) => ImportContent::Text { text, version_id: Some(value.version_id), mode: None },
        SecretContent::Binary(bytes) => ImportContent::Binary(bytes),
    })
}

/// Reads a file off the runtime's threads: a pipe may keep its reader waiting.
async fn read(path: PathBuf, kept: Arc<Kept>) -> Fact<ImportContent> {
    blocking(move || {
        if let Some(content) = kept.get(&path) {
            return Ok(Some(content));
        }
        let Some(read) = store::read_import(&path)? else { return Ok(None) };
        if read.only_once {
            kept.put(path, read.content.clone());
        }
        Ok(Some(read.content))
    })
    .await
}

async fn blocking<T: Send + 'static>(read: impl FnOnce() -> Result<Option<T>, StoreError> + Send + 'static) -> Fact<T> {
    let failed = |why: String| Fact::Failed(AwsError::local(ErrorKind::Other, "reading the file", why));
    match tokio::task::spawn_blocking(read).await {
        Ok(Ok(Some(found))) => Fact::Known(found),
        Ok(Ok(None)) => Fact::Absent,
        Ok(Err(error)) => failed(error.to_string()),
        Err(_) => failed("reading it was given up".into()),
    }
}

fn land(source: ImportSource, content: Fact<ImportContent>, sink: &Sink) {
    sink.land(move |facts| {
        for imported in facts.migration.imports.iter_mut().filter(|imported| imported.source == source) {
            imported.content = content.clone();
        }
    });
}

/// `~/` is the home folder: on a screen no shell has put it in.
fn expanded(here: &Surroundings, path: &Path) -> PathBuf {
    path.strip_prefix("~").map_or_else(|_| path.to_owned(), |rest| here.home.join(rest))
}

#[cfg(test)]
mod tests;
