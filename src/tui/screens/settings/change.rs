//! Typing settings, taking them away, naming files. Nothing is looked up for it before one goes on.

use super::{Cursor, Edit, cursor, needing, places, rows};
use crate::systems::{Secrecy, Settings};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::field::Field;
use crate::tui::keymap::Action;
use crate::tui::message::Effect;
use crate::values::PrincipalArn;

/// Begins to edit what is under the cursor: a setting as it counts now, whoever gave it.
pub fn begin(app: &mut App, at: Cursor) -> Vec<Effect> {
    let text = match &at {
        Cursor::GoOn => return Vec::new(),
        Cursor::File(path) => {
            app.note = Some(format!("{} is read as it is; d takes it out, o names another", path.display()));
            return Vec::new();
        }
        Cursor::Setting(name) => app.system.settings.get(name).unwrap_or_default().to_owned(),
        Cursor::Principal => {
            let choice = app.selection.system.as_ref();
            choice.and_then(|choice| choice.principal.as_ref()).map(ToString::to_string).unwrap_or_default()
        }
        Cursor::Inspectors => {
            app.selection.system.as_ref().map(|choice| choice.inspectors.join(", ")).unwrap_or_default()
        }
    };
    app.settings.revealed = None;
    app.settings.edit = Some(Edit { of: at, field: Field::new(&text), refused: false });
    Vec::new()
}

/// Why a text cannot be taken, as a clause.
pub fn fault_of(app: &App, of: &Cursor, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match of {
        Cursor::Setting(name) => {
            let setting = app.open_one()?.settings().iter().find(|setting| setting.name == *name)?;
            (setting.fault)(text)
        }
        Cursor::Principal => PrincipalArn::parse(text).err().map(|error| error.to_string()),
        Cursor::Inspectors => {
            let known = app.facts.sources.known()?;
            let is_known = |name: &&String| known.iter().any(|entry| entry.source.label() == **name);
            let wrong = names(text).into_iter().find(|name| !is_known(&name))?;
            Some(format!("there is no AWS profile {wrong}"))
        }
        Cursor::File(_) | Cursor::GoOn => None,
    }
}

/// What a key does while a value is typed.
pub fn act_on_edit(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(edit) = &mut app.settings.edit else { return Vec::new() };
    let (of, text) = (edit.of.clone(), edit.field.text().to_owned());
    if action == Action::Back {
        app.settings.edit = None;
        return Vec::new();
    }
    if fault_of(app, &of, &text).is_some() {
        if let Some(edit) = &mut app.settings.edit {
            edit.refused = true;
        }
        return Vec::new();
    }
    app.settings.edit = None;
    put(app, &of, &text);
    let places = places(app);
    let at = places.iter().position(|place| *place == of).unwrap_or(0);
    let next = match (action, &of) {
        (Action::Up, _) => at.checked_sub(1).and_then(|before| places.get(before).cloned()),
        (_, Cursor::Setting(name)) => needing(app, Some(name)).map(Cursor::Setting),
        _ => None,
    };
    app.settings.cursor = Some(next.clone().unwrap_or(of));
    match next {
        Some(next) if may_be_typed(app, &next) => begin(app, next),
        _ => Vec::new(),
    }
}

fn may_be_typed(app: &App, at: &Cursor) -> bool {
    match at {
        Cursor::Setting(name) => {
            rows(app).iter().any(|row| row.setting.name == *name && row.setting.secrecy != Secrecy::Presence)
        }
        Cursor::Principal | Cursor::Inspectors => true,
        Cursor::File(_) | Cursor::GoOn => false,
    }
}

/// Takes a text. What stands elsewhere already is not typed; nothing typed over what stands elsewhere takes it away.
pub fn put(app: &mut App, of: &Cursor, text: &str) {
    let text = text.trim();
    let Some(system) = app.open_one() else { return };
    match of {
        Cursor::Setting(name) => {
            let Some(choice) = app.selection.system.as_mut() else { return };
            let before = choice.typed.remove(*name);
            let standing = Settings::of(system.settings(), Some(choice), &app.facts);
            if standing.get(name).unwrap_or_default() != text {
                choice.typed.insert((*name).to_owned(), text.to_owned());
            }
            if before.as_deref() == choice.typed.get(*name).map(String::as_str) {
                return;
            }
        }
        Cursor::Principal => {
            let Some(choice) = app.choice() else { return };
            choice.principal = PrincipalArn::parse(text).ok();
        }
        Cursor::Inspectors => {
            let Some(choice) = app.choice() else { return };
            choice.inspectors = names(text);
        }
        Cursor::File(_) | Cursor::GoOn => return,
    }
    app.settings_changed();
}

/// Takes away what is under the cursor: what was typed, so that what stands elsewhere counts again; else what stands there. A second time
/// brings that back.
pub fn remove(app: &mut App, at: &Cursor) -> Vec<Effect> {
    match at {
        Cursor::File(path) => {
            let before = cursor_before(app);
            if let Some(choice) = app.choice() {
                choice.files.retain(|file| file != path);
            }
            app.settings.cursor = Some(before);
            return vec![app.ask(Ask::Survey)];
        }
        Cursor::Setting(name) => {
            let typed = app.choice().and_then(|choice| choice.typed.remove(*name));
            match typed {
                None => put(app, at, ""),
                Some(text) => {
                    app.settings_changed();
                    let place = app.system.settings.given(name).map(|given| given.place.words());
                    app.note = place.map(|place| match text.is_empty() {
                        true => format!("{name} of {place} counts again"),
                        false => format!("what was typed is gone; {name} of {place} counts"),
                    });
                }
            }
        }
        Cursor::Principal | Cursor::Inspectors => put(app, at, ""),
        Cursor::GoOn => {}
    }
    Vec::new()
}

fn cursor_before(app: &App) -> Cursor {
    let places = places(app);
    let here = cursor(app);
    let at = places.iter().position(|place| *place == here).unwrap_or(1);
    places.get(at.saturating_sub(1)).cloned().unwrap_or(Cursor::GoOn)
}

/// A file was named: it weighs more than those before it in the environment, less than those named earlier.
pub fn file_named(app: &mut App, typed: &str) -> Vec<Effect> {
    let path = app.setting.folders.whole(typed);
    let Some(choice) = app.choice() else { return Vec::new() };
    if choice.files.contains(&path) {
        app.note = Some("it is in the list already; r reads it again".into());
    } else {
        choice.files.push(path.clone());
    }
    app.settings.cursor = Some(Cursor::File(path));
    vec![app.ask(Ask::Survey)]
}

/// Names separated by commas.
fn names(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
