//! Where the values of a secret come from: the list of sources, what each gives, and what can be added.

mod change;
mod view;

use crate::migrate::Source;
use crate::migrate::sources::Value;
use crate::model::{Fact, ImportSource, Migration};
use crate::secret::Key;
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::keymap::{Action, When};
use crate::tui::message::Effect;
use crate::tui::route::Route;
use crate::tui::theme::Mark;

pub use change::{added, moved, pasted, remove, replaced, version_chosen};
pub use view::{draw, go_on, opening, short, unusable, words};

/// Something that can be added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A file with `NAME=value` lines.
    EnvFile,
    /// A file with JSON.
    File,
    /// A secret of Secrets Manager.
    Secret,
    /// The environment of this process.
    Environment,
    /// `config.json` of the config profile.
    Config,
    /// A text that is pasted.
    Pasted,
}

impl Kind {
    /// All, in the order of the list.
    pub const ALL: [Self; 6] = [Self::EnvFile, Self::File, Self::Secret, Self::Environment, Self::Config, Self::Pasted];
}

/// What the cursor can be on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cursor {
    /// A source, by its place in the list.
    Source(usize),
    /// Something that can be added.
    Add(Kind),
    /// On to the next step.
    GoOn,
}

/// What the screen keeps.
#[derive(Default)]
pub struct State {
    /// Where the cursor is.
    pub cursor: Option<Cursor>,
    /// The source whose file or version is being typed anew.
    pub replacing: Option<usize>,
    /// What the command line said: nothing that could be lost.
    pub begun_with: Migration,
}

/// Where the cursor is drawn.
pub fn cursor(app: &App) -> Cursor {
    let imports = app.selection.migration.imports.len();
    match app.gathering.cursor {
        Some(Cursor::Source(index)) if index >= imports => match imports.checked_sub(1) {
            Some(last) => Cursor::Source(last),
            None => Cursor::Add(Kind::EnvFile),
        },
        Some(cursor) => cursor,
        None if imports == 0 => Cursor::Add(Kind::EnvFile),
        None => Cursor::GoOn,
    }
}

/// Every place of the cursor, from top to bottom.
fn places(app: &App) -> Vec<Cursor> {
    let sources = (0..app.selection.migration.imports.len()).map(Cursor::Source);
    sources.chain(Kind::ALL.map(Cursor::Add)).chain(std::iter::once(Cursor::GoOn)).collect()
}

/// The source under the cursor.
pub fn under_cursor(app: &App) -> Option<&Source> {
    match cursor(app) {
        Cursor::Source(index) => app.gathered.sources.get(index),
        _ => None,
    }
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(by) = super::movement(action) {
        let places = places(app);
        let at = places.iter().position(|place| *place == cursor(app)).unwrap_or(0);
        app.gathering.cursor = places.get(at.saturating_add_signed(by).min(places.len() - 1)).copied();
        return Vec::new();
    }
    match (action, cursor(app)) {
        (Action::Enter, Cursor::GoOn) => app.next(),
        (Action::Enter, Cursor::Add(kind)) => change::add(app, kind),
        (Action::Enter, Cursor::Source(index)) => change::open(app, index),
        (Action::AddSource(kind), _) => change::add(app, kind),
        (Action::RemoveSource, Cursor::Source(index)) => change::remove(app, index),
        (Action::Earlier, Cursor::Source(index)) => change::moved(app, index, -1),
        (Action::Later, Cursor::Source(index)) => change::moved(app, index, 1),
        _ => Vec::new(),
    }
}

/// What Enter does, for the footer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Enters {
    /// It adds a source.
    Adds,
    /// It changes file or version of a source.
    Changes,
    /// It leads on.
    GoesOn,
}

/// Whether Enter does this now.
pub fn enter_does(app: &App, what: Enters) -> When {
    let does = match cursor(app) {
        Cursor::Add(_) => Enters::Adds,
        Cursor::GoOn => Enters::GoesOn,
        Cursor::Source(index) => match app.selection.migration.imports.get(index) {
            Some(ImportSource::File(_) | ImportSource::EnvFile(_) | ImportSource::Secret { .. }) => Enters::Changes,
            _ if what == Enters::Changes => return When::No("there is nothing to choose about it; d takes it away"),
            _ => return When::Hidden,
        },
    };
    if does == what { When::Yes } else { When::Hidden }
}

/// Whether the cursor is on a source.
pub fn on_source(app: &App) -> When {
    if matches!(cursor(app), Cursor::Source(_)) { When::Yes } else { When::Hidden }
}

/// Whether there is another source for the one under the cursor to change places with.
pub fn may_move(app: &App) -> When {
    let several = app.selection.migration.imports.len() > 1;
    if several { on_source(app) } else { When::Hidden }
}

/// Whether anything was brought along (`true`), or nothing (`false`).
pub fn brings(app: &App, wanted: bool) -> When {
    let brings = !app.selection.migration.imports.is_empty();
    if brings == wanted { When::Yes } else { When::Hidden }
}

/// How many of the keys a source gives a value for.
pub fn given(source: &Source) -> Option<usize> {
    let Some(Ok(import)) = source.import.shown() else { return None };
    let has = |key: &Key| import.given.iter().any(|given| given.key == *key && is_value(*key, &given.value));
    Some(Key::ALL.iter().filter(|key| has(key)).count())
}

fn is_value(key: Key, value: &Value) -> bool {
    matches!(value, Value::Text(text) if !text.is_empty() || key.may_be_empty())
}

/// What a source is like.
pub fn mark_of(source: &Source) -> Mark {
    match &source.import {
        Fact::NotAsked => Mark::Open,
        Fact::Pending(None) => Mark::Running,
        Fact::Absent | Fact::Denied { .. } | Fact::Failed(_) | Fact::Known(Err(_)) => Mark::Fault,
        Fact::Known(Ok(_)) | Fact::Pending(Some(_)) => match given(source) {
            Some(0) | None => Mark::Doubt,
            Some(_) => Mark::Good,
        },
    }
}

/// The step's mark: the worst of the sources; that there is none is no fault.
pub fn mark(app: &App) -> Mark {
    let marks: Vec<Mark> = app.gathered.sources.iter().map(mark_of).collect();
    let has = |mark: Mark| marks.contains(&mark);
    if marks.is_empty() {
        return if app.route == Route::Sources { Mark::Open } else { Mark::Good };
    }
    if has(Mark::Fault) {
        Mark::Fault
    } else if has(Mark::Running) || app.running.contains_key(&Ask::Imports) {
        Mark::Running
    } else if has(Mark::Doubt) || Key::ALL.into_iter().any(|key| is_open_conflict(app, key)) {
        Mark::Doubt
    } else if has(Mark::Open) {
        Mark::Open
    } else {
        Mark::Good
    }
}

/// Two sources differ about a key, and the user did not say which counts.
pub fn is_open_conflict(app: &App, key: Key) -> bool {
    let said = app.answers.values.contains_key(&key) || app.answers.prefer.contains_key(&key);
    !said && app.gathered.merged.differs(key)
}
