//! Typing values, taking them, reading them from a file.

use super::{Cursor, Edit, needing, places, reveal, rows, unread_after};
use crate::migrate::Offer;
use crate::model::{Fact, Severity};
use crate::secret::{Document, Entry, Key, rules};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::field::Field;
use crate::tui::keymap::Action;
use crate::tui::message::Effect;
use crate::values::SecretText;
use crate::values::mask::Mask;

/// Begins to edit a value. A fully hidden one starts empty: its length is nobody's business, and it is replaced whole.
pub fn begin(app: &mut App, key: Key) {
    let value = rows(app).into_iter().find(|row| row.key == key).and_then(|row| row.value);
    let shown = value.filter(|_| key.mask() != Mask::Full);
    let field = Field::new(shown.as_ref().map_or("", SecretText::expose));
    app.secret.cursor = Some(Cursor::Key(key));
    app.secret.revealed = None;
    app.secret.edit = Some(Edit { key, field, before: app.answers.values.get(&key).cloned() });
}

/// What an empty field takes when Enter is pressed: what most use, or what is there already.
pub fn offered(app: &App, key: Key) -> Option<SecretText> {
    let row = rows(app).into_iter().find(|row| row.key == key)?;
    match row.value {
        Some(value) if key.mask() == Mask::Full => Some(value),
        Some(_) => None,
        None => row.cure.or_else(|| key.suggested().map(SecretText::from)),
    }
}

/// What a key does while a value is typed.
pub fn act_on_edit(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(key) = app.secret.edit.as_ref().map(|edit| edit.key) else { return Vec::new() };
    match action {
        Action::Reveal => reveal(app, key),
        Action::Back => {
            let before = app.secret.edit.take().and_then(|edit| edit.before);
            put(app, key, before);
            app.secret.revealed = None;
        }
        Action::Up => {
            take(app, key);
            close(app);
            let before = places(app).into_iter().rev().skip_while(|place| *place != Cursor::Key(key)).nth(1);
            app.secret.cursor = before.or(app.secret.cursor);
            if let Some(Cursor::Key(before)) = before {
                begin(app, before);
            }
        }
        Action::Enter => {
            if !take(app, key) {
                return Vec::new();
            }
            close(app);
            match needing(app, Some(key)).filter(|next| *next != key).or_else(|| unread_after(app, key)) {
                Some(next) => begin(app, next),
                None => app.secret.cursor = Some(Cursor::GoOn),
            }
        }
        _ => {}
    }
    Vec::new()
}

fn close(app: &mut App) {
    app.secret.edit = None;
    app.secret.revealed = None;
}

/// Takes what was typed; an empty field takes what is offered. `false`: it is wrong, and the field stays open with the reason below it.
fn take(app: &mut App, key: Key) -> bool {
    let Some(typed) = app.secret.edit.as_ref().map(|edit| edit.field.secret()) else { return true };
    enter(app, key, typed)
}

/// Takes a value; an empty one takes what is offered. `false`: it is wrong, though it was taken.
pub fn enter(app: &mut App, key: Key, typed: SecretText) -> bool {
    let value = if typed.is_empty() { offered(app, key).unwrap_or(typed) } else { typed };
    let held = rows(app).into_iter().find(|row| row.key == key).and_then(|row| row.value);
    if held.as_ref() != Some(&value) && !(value.is_empty() && held.is_none() && !key.may_be_empty()) {
        put(app, key, Some(value.clone()));
    }
    !rules::check(key, value.expose()).iter().any(|fault| fault.severity == Severity::Error)
}

fn put(app: &mut App, key: Key, value: Option<SecretText>) {
    match value {
        Some(value) => app.answers.values.insert(key, value),
        None => app.answers.values.remove(&key),
    };
    app.derive();
}

/// Takes the value of the next source that has one, and after the last that of the first. What was typed goes.
pub fn take_other(app: &mut App, key: Key) {
    let mut offers: Vec<&Offer> = app.gathered.merged.offers(key).iter().collect();
    // A source may have two names for a key; of each source the first counts.
    offers.dedup_by_key(|offer| offer.source);
    let now = app.gathered.merged.chosen(key, &app.answers.prefer).map(|offer| offer.source);
    let typed = app.answers.values.contains_key(&key);
    let at = offers.iter().position(|offer| Some(offer.source) == now);
    let next = match at {
        Some(at) if !typed => (at + 1) % offers.len(),
        _ => 0,
    };
    let Some((source, label)) = offers.get(next).map(|offer| (offer.source, offer.label.clone())) else { return };
    app.answers.values.remove(&key);
    app.answers.prefer.insert(key, source);
    app.secret.revealed = None;
    app.derive();
    app.note = Some(format!("{key} comes from {}", super::rows::short(app, &label)));
}

/// Takes every correction that is certain.
pub fn fix(app: &mut App) {
    let cures: Vec<(Key, SecretText)> = rows(app).into_iter().filter_map(|row| Some((row.key, row.cure?))).collect();
    let count = cures.len();
    app.answers.values.extend(cures);
    app.derive();
    app.note = Some(format!("{count} corrected; the review shows each"));
}

/// The whole secret was read from a file, or not.
pub fn file_read(app: &mut App, read: Result<SecretText, String>) {
    let document =
        read.and_then(|text| Document::parse(&text).map_err(|fault| format!("the file is not usable: {fault}")));
    let document = match document {
        Ok(document) => document,
        Err(why) => {
            app.note = Some(why);
            return;
        }
    };
    let found: Vec<(Key, SecretText)> = crate::secret::rows(Some(&document), app.draft.reader)
        .into_iter()
        .filter_map(|row| Some((row.key, row.value.or(row.cure)?)))
        .collect();
    let others = document.entries().filter(|(_, entry)| matches!(entry, Entry::Nested(_))).count();
    let count = found.len();
    app.answers.values.extend(found);
    app.derive();
    let others = if others == 0 { String::new() } else { format!("; {others} nested entries were not") };
    app.note = Some(format!("{count} of 11 values were read from the file{others}"));
    app.secret.cursor = Some(needing(app, None).map_or(Cursor::GoOn, Cursor::Key));
}

/// Another secret was chosen, or a new one named: what was typed stays.
pub fn named(app: &mut App, name: String) -> Vec<Effect> {
    app.answers.secret_name = Some(name.clone());
    app.selection.secret = Some(name);
    app.secret_follows = false;
    app.facts.secret = Fact::NotAsked;
    app.secret.cursor = None;
    app.derive();
    if app.facts.identity.known().is_some() { vec![app.ask(Ask::Secret)] } else { Vec::new() }
}
