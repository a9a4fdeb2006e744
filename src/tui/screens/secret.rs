//! The secret: where it goes, who reads it, and eleven values, each with its state and where it comes from, edited in place.

mod detail;
mod edit;
mod rows;
mod target;
pub mod trials;
mod view;

use std::time::Duration;

use crate::model::{Fact, Severity};
use crate::secret::{Document, Key};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::field::Field;
use crate::tui::keymap::{Action, When};
use crate::tui::message::Effect;
use crate::tui::route::Route;
use crate::tui::theme::Mark;
use crate::values::SecretText;
use crate::values::mask::Mask;
use crate::values::text::{elide_end, safe};

pub use detail::kept;
pub use edit::{act_on_edit, enter, file_read, named, offered};
pub use rows::{Row, origin, rows, short};
pub use target::{about, about_file, makes_new, writes_to_file};
pub use view::{draw, opening, remark};

/// How long a revealed value stays.
const REVEALED: Duration = Duration::from_secs(10);

/// What the cursor can be on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cursor {
    /// Where it is written to: the secret's name, or a file.
    Name,
    /// Which runtime will read it.
    Reader,
    /// The KMS key of a new one.
    KmsKey,
    /// One of the values.
    Key(Key),
    /// On to the review.
    GoOn,
}

/// A value that is shown for a while.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Revealed {
    /// Which.
    pub key: Key,
    /// Until when, on the program's clock.
    pub until: Duration,
}

/// A value being typed.
pub struct Edit {
    /// Which.
    pub key: Key,
    /// As it is typed.
    pub field: Field,
    /// What had been typed before, to go back to.
    pub before: Option<SecretText>,
}

/// What the screen keeps.
#[derive(Default)]
pub struct State {
    /// Where the cursor is; nowhere until it is known what is missing.
    pub cursor: Option<Cursor>,
    /// The value being typed.
    pub edit: Option<Edit>,
    /// The value that is shown.
    pub revealed: Option<Revealed>,
    /// Trying the values.
    pub trials: trials::State,
}

/// The secret's document, if there is one that can be read.
pub fn document(app: &App) -> Option<Document> {
    Document::of(&app.facts.secret.shown()?.value.shown()?.content)
}

/// Whether a secret of that name exists.
pub fn exists(app: &App) -> bool {
    app.facts
        .secret
        .shown()
        .is_some_and(|secret| secret.name == app.draft.secret_name || secret.arn == app.draft.secret_name)
}

/// Whether what the secret holds could not be read: then nothing is known of a value that stands nowhere else.
pub fn unread(app: &App) -> bool {
    let error = app.facts.secret.error();
    app.facts.secret == Fact::NotAsked || error.or_else(|| app.facts.secret.shown()?.value.error()).is_some()
}

/// The step's mark: what the values would be once written.
pub fn mark(app: &App) -> Mark {
    if unread(app) {
        let asked = app.facts.secret != Fact::NotAsked;
        return if asked { Mark::Unknown } else { Mark::Open };
    }
    let asking = app.running.contains_key(&Ask::Secret) && app.facts.secret.shown().is_none();
    let rows = rows(app);
    let worst = rows.iter().map(|row| row.severity).min().unwrap_or(Severity::Ok);
    let missing = rows.iter().filter(|row| row.value.is_none()).count();
    if asking {
        Mark::Running
    } else if worst == Severity::Ok {
        Mark::Good
    } else if !exists(app) && missing > 0 && rows.iter().all(|row| row.value.is_none() || row.severity == Severity::Ok)
    {
        Mark::Open
    } else {
        Mark::from(worst)
    }
}

/// The first value that needs someone, at or after a key.
fn needing(app: &App, after: Option<Key>) -> Option<Key> {
    let rows = rows(app);
    let start = after.and_then(|key| rows.iter().position(|row| row.key == key)).map_or(0, |at| at + 1);
    let needs = |row: &&Row| row.is_wrong();
    rows.iter().skip(start).find(needs).or_else(|| rows.iter().take(start).find(needs)).map(|row| row.key)
}

/// The next value that nobody typed yet, of a secret that could not be read: whoever types one of its values means to type more.
fn unread_after(app: &App, key: Key) -> Option<Key> {
    let rows = rows(app);
    let after = rows.iter().skip_while(|row| row.key != key).skip(1);
    after.filter(|row| unread(app) && row.value.is_none()).map(|row| row.key).next()
}

/// Puts the cursor on what needs someone first, once the secret was looked up.
pub fn follow(app: &mut App) {
    // It is looked up last: while anything else is, it may still be.
    let waits = app.facts.secret == Fact::NotAsked && !app.running.is_empty();
    let looked_up = !waits && !app.running.contains_key(&Ask::Secret);
    if app.route == Route::Secret && app.secret.cursor.is_none() && looked_up {
        app.secret.cursor = Some(needing(app, None).map_or(Cursor::GoOn, Cursor::Key));
    }
}

/// Where the cursor is drawn.
pub fn cursor(app: &App) -> Cursor {
    app.secret.cursor.unwrap_or(Cursor::Key(Key::ClientId))
}

/// Every place of the cursor, from top to bottom.
fn places(app: &App) -> Vec<Cursor> {
    let key = matches!(makes_new(app), When::Yes).then_some(Cursor::KmsKey);
    let head = [Cursor::Name, Cursor::Reader].into_iter().chain(key);
    head.chain(Key::ALL.map(Cursor::Key)).chain(std::iter::once(Cursor::GoOn)).collect()
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(by) = super::movement(action) {
        let places = places(app);
        let at = places.iter().position(|place| *place == cursor(app)).unwrap_or(0);
        app.secret.cursor = places.get(at.saturating_add_signed(by).min(places.len() - 1)).copied();
        app.secret.revealed = None;
        return Vec::new();
    }
    match (action, cursor(app)) {
        (Action::Enter, Cursor::GoOn) => return app.next(),
        (Action::Enter, Cursor::Name) if app.selection.migration.to_file.is_some() => {
            app.open_prompt(Action::TargetFile);
        }
        (Action::Enter, Cursor::Name) => app.open_prompt(Action::SecretName),
        (Action::Enter, Cursor::Reader) => app.open_prompt(Action::Reader),
        (Action::Enter, Cursor::KmsKey) => app.open_prompt(Action::KmsKey),
        (Action::Enter, Cursor::Key(key)) => edit::begin(app, key),
        (Action::Reveal, Cursor::Key(key)) => reveal(app, key),
        (Action::Fix, _) => edit::fix(app),
        (Action::OtherSource, Cursor::Key(key)) => edit::take_other(app, key),
        _ => {}
    }
    Vec::new()
}

/// Shows a value for a while, or hides it.
pub fn reveal(app: &mut App, key: Key) {
    app.secret.revealed = match app.secret.revealed {
        Some(_) => None,
        None => Some(Revealed { key, until: app.clock + REVEALED }),
    };
}

/// Whether a value is shown in full now.
pub fn is_revealed(app: &App, key: Key) -> bool {
    key.mask() == Mask::Open || app.secret.revealed.is_some_and(|revealed| revealed.key == key)
}

/// Whether Enter edits a value.
pub fn enter_edits(app: &App) -> When {
    if cursor(app) == Cursor::GoOn { When::Hidden } else { When::Yes }
}

/// Whether there is another source for the value under the cursor.
pub fn may_prefer(app: &App) -> When {
    let Cursor::Key(key) = cursor(app) else { return When::Hidden };
    let typed = app.answers.values.contains_key(&key);
    let mut sources: Vec<usize> = app.gathered.merged.offers(key).iter().map(|offer| offer.source).collect();
    sources.dedup();
    match sources.len() {
        0 => When::Hidden,
        1 if !typed => When::No("one source alone has this value"),
        _ => When::Yes,
    }
}

/// Whether Enter goes on.
pub fn enter_goes_on(app: &App) -> When {
    if cursor(app) == Cursor::GoOn { When::Yes } else { When::Hidden }
}

/// Whether the value under the cursor can be shown.
pub fn can_reveal(app: &App) -> When {
    let key = app.secret.edit.as_ref().map(|edit| edit.key).or(match cursor(app) {
        Cursor::Key(key) => Some(key),
        _ => None,
    });
    match key.map(Key::mask) {
        // What is partly masked shows whole while it is typed.
        Some(Mask::Partial | Mask::Open) if app.secret.edit.is_some() => When::Hidden,
        None | Some(Mask::Open) => When::No("only a hidden value can be revealed; move to one"),
        Some(_) if app.secret.edit.is_some() => When::Yes,
        Some(_) if rows(app).iter().any(|row| Some(row.key) == key && row.value.is_some()) => When::Yes,
        Some(_) => When::No("there is no value to reveal yet"),
    }
}

/// Whether something can be corrected without asking.
pub fn can_fix(app: &App) -> When {
    if rows(app).iter().any(|row| row.cure.is_some()) { When::Yes } else { When::No("nothing here is certain enough") }
}

/// What AWS said, short enough for a sentence.
fn said(error: &crate::model::AwsError) -> String {
    elide_end(&safe(&error.message), 200)
}

/// Why the secret itself cannot be used, if it cannot: a sentence.
pub fn trouble(app: &App) -> Option<String> {
    let secret = match &app.facts.secret {
        Fact::Denied { action, .. } => return Some(format!("The secret cannot be read: {action} is missing.")),
        Fact::Failed(error) => return Some(format!("The secret cannot be read: {}", said(error))),
        Fact::NotAsked if !app.running.contains_key(&Ask::Secret) => {
            return Some(format!("The secret was not looked up{}.", super::if_nobody(app)));
        }
        fact => fact.shown()?,
    };
    if let Some(then) = secret.deleted {
        return Some(format!("{} is scheduled for deletion on {}.", secret.name, then.strftime("%Y-%m-%d")));
    }
    match &secret.value {
        Fact::Denied { action, .. } => {
            Some(format!("The value of {} cannot be read: {action} is missing.", secret.name))
        }
        Fact::Failed(error) => Some(format!("The value of {} cannot be read: {}", secret.name, said(error))),
        fact => match &fact.shown()?.content {
            crate::model::facts::SecretContent::Binary(bytes) => {
                Some(format!("{} holds {bytes} bytes of binary data; the service reads text.", secret.name))
            }
            crate::model::facts::SecretContent::Text(text) => {
                Document::parse(text).err().map(|fault| format!("{}: {fault}.", secret.name))
            }
        },
    }
}
