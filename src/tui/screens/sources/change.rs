//! Changing the list: a source more, a source less, another order. What was read is read again.

use std::collections::BTreeMap;

use super::{Cursor, Kind};
use crate::model::{ImportSource, VersionChoice};
use crate::secret::Key;
use crate::tui::app::App;
use crate::tui::message::Effect;
use crate::tui::prompt::{Prompt, Purpose};
use crate::values::SecretText;

/// The longest text that is taken from a paste, in bytes: far more than a task definition has.
const LONGEST_PASTE: usize = 1 << 20;

/// The user wants a source of this kind: some need a name first.
pub fn add(app: &mut App, kind: Kind) -> Vec<Effect> {
    app.gathering.replacing = None;
    let purpose = match kind {
        Kind::EnvFile => Purpose::ImportEnvFile,
        Kind::File => Purpose::ImportFile,
        Kind::Secret => Purpose::ImportSecret,
        Kind::Pasted => Purpose::Paste,
        Kind::Environment => return added(app, ImportSource::Environment),
        Kind::Config => return added(app, ImportSource::Config),
    };
    let suggestions = app.suggestions(purpose);
    app.prompt = Some(Prompt::new(purpose, "", suggestions));
    app.find_files()
}

/// Lets the user change what a source is: its file, or the version of a secret.
pub fn open(app: &mut App, index: usize) -> Vec<Effect> {
    let (purpose, text) = match app.selection.migration.imports.get(index) {
        Some(ImportSource::File(path)) => (Purpose::ImportFile, app.setting.folders.short(path)),
        Some(ImportSource::EnvFile(path)) => (Purpose::ImportEnvFile, app.setting.folders.short(path)),
        Some(ImportSource::Secret { .. }) => (Purpose::ImportVersion, String::new()),
        _ => return Vec::new(),
    };
    app.gathering.replacing = Some(index);
    let suggestions = app.suggestions(purpose);
    app.prompt = Some(Prompt::new(purpose, &text, suggestions));
    app.find_files()
}

/// A source was named: it goes to the end of the list, or in place of the one that was opened.
pub fn added(app: &mut App, source: ImportSource) -> Vec<Effect> {
    let imports = &mut app.selection.migration.imports;
    if let Some(there) = imports.iter().position(|other| *other == source) {
        app.gathering.replacing = None;
        app.gathering.cursor = Some(Cursor::Source(there));
        app.note = Some("it is in the list already; r reads it again".into());
        return Vec::new();
    }
    let index = match app.gathering.replacing.take().and_then(|index| Some((index, imports.get_mut(index)?))) {
        Some((index, place)) => {
            *place = source;
            index
        }
        None => {
            imports.push(source);
            imports.len() - 1
        }
    };
    app.gathering.cursor = Some(Cursor::Source(index));
    read_again(app)
}

/// Another version of the secret that was opened.
pub fn version_chosen(app: &mut App, version: VersionChoice) -> Vec<Effect> {
    let index = app.gathering.replacing;
    let named = index.and_then(|index| app.selection.migration.imports.get(index));
    let Some(ImportSource::Secret { id, .. }) = named else { return Vec::new() };
    let source = ImportSource::Secret { id: id.clone(), version };
    added(app, source)
}

/// The path that a source of the list was given; the place it is to take stays known.
pub fn replaced(app: &mut App, env_file: bool, typed: &str) -> Vec<Effect> {
    let path = app.setting.folders.whole(typed);
    added(app, if env_file { ImportSource::EnvFile(path) } else { ImportSource::File(path) })
}

/// A text was pasted: it is a source of its own, in memory alone.
pub fn pasted(app: &mut App, text: &SecretText) -> Vec<Effect> {
    app.prompt = None;
    app.gathering.replacing = None;
    let length = text.expose().len();
    if text.expose().trim().is_empty() {
        app.note = Some("nothing was pasted".into());
        return Vec::new();
    }
    if length > LONGEST_PASTE {
        app.note = Some(format!("{length} bytes are too much for a paste; save it as a file and add that"));
        return Vec::new();
    }
    added(app, ImportSource::Pasted(text.clone()))
}

/// Takes a source away. Choices between sources go by their places: those after it move up.
pub fn remove(app: &mut App, index: usize) -> Vec<Effect> {
    let imports = &mut app.selection.migration.imports;
    if index >= imports.len() {
        return Vec::new();
    }
    imports.remove(index);
    renumber(app, |source| match source.cmp(&index) {
        std::cmp::Ordering::Less => Some(source),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(source - 1),
    });
    read_again(app)
}

/// Moves a source up or down: of two that differ the first counts.
pub fn moved(app: &mut App, index: usize, by: isize) -> Vec<Effect> {
    let imports = &mut app.selection.migration.imports;
    let Some(to) = index.checked_add_signed(by).filter(|to| *to < imports.len()) else {
        app.note = Some(if by < 0 { "it is the first already" } else { "it is the last already" }.into());
        return Vec::new();
    };
    imports.swap(index, to);
    renumber(app, |source| {
        Some(match source {
            source if source == index => to,
            source if source == to => index,
            source => source,
        })
    });
    app.gathering.cursor = Some(Cursor::Source(to));
    app.secret.cursor = None;
    app.derive();
    Vec::new()
}

fn renumber(app: &mut App, place: impl Fn(usize) -> Option<usize>) {
    let prefer: BTreeMap<Key, usize> =
        app.answers.prefer.iter().filter_map(|(key, source)| Some((*key, place(*source)?))).collect();
    app.answers.prefer = prefer;
}

fn read_again(app: &mut App) -> Vec<Effect> {
    app.secret.cursor = None;
    app.derive();
    app.ask_for_imports().into_iter().collect()
}
