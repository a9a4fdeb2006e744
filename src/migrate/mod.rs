//! What a secret is made from: the sources that were named, each value with where it stood, and which runtime will read the result. Pure.
//!
//! A source is read by [`sources::read`], all of them together by [`gathered`]; [`reader::chosen`] says what the keys are called. What becomes
//! of it is a plan like any other.

pub mod judged;
pub mod merge;
pub mod reader;
pub mod sources;
pub mod trial;

pub use merge::{Merged, Offer};
pub use sources::{Import, ImportFault, Shape};

use crate::model::{Fact, Facts, ImportSource, Selection, VersionChoice};

/// One source of the selection, as far as it could be read.
#[derive(Clone, Debug)]
pub struct Source {
    /// How it is called. Not made safe to print.
    pub label: String,
    /// What it gives; `Absent` and the like where it could not be had.
    pub import: Fact<Result<Import, ImportFault>>,
}

/// All that the sources of a selection give.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// In the order of the selection.
    pub sources: Vec<Source>,
    /// Their values, key by key.
    pub merged: Merged,
}

/// Reads everything that was named. Nothing where no source was. Of a secret's JSON that holds a key in two spellings, the one that the
/// reader of the selection looks for counts.
#[must_use]
pub fn gathered(facts: &Facts, selection: &Selection) -> Gathered {
    if selection.migration.imports.is_empty() {
        return Gathered::default();
    }
    let target = reader::there(facts, selection);
    let sources: Vec<Source> = selection
        .migration
        .imports
        .iter()
        .map(|asked| {
            let mut source = read(facts, asked);
            if let Fact::Known(Ok(import)) = &mut source.import
                && !is_target(facts, selection, asked)
            {
                sources::leave_behind(import, target.as_ref());
            }
            source
        })
        .collect();
    let merged = merge::merge(&sources, reader::chosen(facts, selection).0);
    Gathered { sources, merged }
}

/// Whether a source is what is written to, where all that is none of ours stays. A secret may be named in two ways.
#[must_use]
pub fn is_target(facts: &Facts, selection: &Selection, source: &ImportSource) -> bool {
    match (source, &selection.migration.to_file) {
        (ImportSource::File(path), Some(target)) => path == target,
        (ImportSource::Secret { id, version: VersionChoice::Current }, None) => {
            let found = || facts.secret.known().is_some_and(|secret| secret.name == *id || secret.arn == *id);
            selection.secret.as_ref().is_some_and(|chosen| chosen == id || found())
        }
        _ => false,
    }
}

fn read(facts: &Facts, source: &ImportSource) -> Source {
    let import = match source {
        ImportSource::Config => facts.config.clone().map(|_| sources::of_config(facts)),
        named => {
            let imported = facts.migration.imports.iter().find(|imported| imported.source == *named);
            imported.map_or(Fact::NotAsked, |imported| {
                imported.content.clone().map(|content| sources::read(named, &content))
            })
        }
    };
    Source { label: source.label(), import }
}
