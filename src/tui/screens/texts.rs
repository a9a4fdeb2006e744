//! The texts to hand over, over the screen they were opened from: which there are, and each as `rolecall print` prints it.

mod view;

use std::cell::Cell;
use std::path::Path;

use super::movement;
use crate::handover::{self, Language, Text, Wish};
use crate::tui::app::App;
use crate::tui::copy::Copyable;
use crate::tui::keymap::{Action, When};
use crate::tui::message::Effect;
use crate::tui::route::Route;

pub use view::draw;

/// What the page keeps.
#[derive(Default)]
pub struct State {
    /// Which text the cursor is on.
    at: usize,
    /// The text is open: where there is no room for both it stands in place of the list.
    open: bool,
    /// External IDs are shown as they are.
    shows_external_ids: bool,
    /// The first line of the text that is seen.
    from: usize,
    /// The furthest that it can be.
    furthest: Cell<usize>,
}

/// Every text about what was looked up, in the order of `rolecall print`.
fn texts(app: &App, state: &State) -> Vec<Text> {
    all(app, state.shows_external_ids)
}

/// The same, external IDs as they are or withheld.
pub fn all(app: &App, shows_external_ids: bool) -> Vec<Text> {
    let wish = Wish { shows_external_ids, ..Wish::default() };
    handover::texts(&app.facts, &app.selection, &app.judgement, Some(&app.draft), &wish)
}

/// The text under the cursor.
fn chosen(app: &App) -> Option<Text> {
    let state = app.texts.as_ref()?;
    texts(app, state).into_iter().nth(state.at)
}

/// Whether there is something to hand over.
pub fn may_open(app: &App) -> When {
    let asked = match app.route {
        Route::Diagnose => app.selection.inquiry.is_some(),
        Route::Settings | Route::Access if app.running.is_empty() && !has_texts(app) => {
            return When::No("there is nothing to hand over for this system yet");
        }
        Route::Settings | Route::Access => true,
        _ => app.done.all_written(),
    };
    match asked {
        true if app.running.is_empty() => When::Yes,
        true => When::No("still looking things up; the texts are made of what is found"),
        false => When::Hidden,
    }
}

/// Whether the system hands anything over. Asked for every key and frame, and a thousand roles make long texts: made once for what is known.
fn has_texts(app: &App) -> bool {
    *app.system.has_texts.get_or_init(|| !texts(app, &State::default()).is_empty())
}

/// Opens the page.
pub fn open(app: &mut App) {
    app.texts = Some(State::default());
}

/// What can be copied.
pub fn copies(app: &App) -> Vec<Copyable> {
    chosen(app).map(|text| Copyable::new(&title(&text), text.body)).into_iter().collect()
}

/// The name that is proposed for the file of the text under the cursor.
pub fn file_name(app: &App) -> Option<String> {
    let text = chosen(app)?;
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let of = text.of.map(|of| format!("-{}", of.chars().map(plain).collect::<String>())).unwrap_or_default();
    let ending = match text.language {
        Language::Json => "json",
        Language::Sh => "sh",
        Language::Yaml => "yaml",
        Language::Ts => "ts",
        Language::Hcl => "tf",
        Language::Env => "env",
    };
    Some(format!("{}{of}.{ending}", text.name.word()))
}

/// Has the text under the cursor written to a file.
pub fn save(app: &App, path: &Path, replace: bool) -> Option<Effect> {
    chosen(app).map(|text| Effect::Export { path: path.to_owned(), text: text.body, replace })
}

/// The text under the cursor was written to a file: a whole environment of the system holds what was typed for it.
pub fn saved(app: &mut App) {
    if chosen(app).is_some_and(|text| text.language == Language::Env && text.is_whole()) {
        app.settings_are_kept();
    }
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Copy => return app.copy(),
        Action::Export => {
            app.open_export();
            return Vec::new();
        }
        _ => {}
    }
    let count = app.texts.as_ref().map_or(0, |state| texts(app, state).len());
    let Some(state) = &mut app.texts else { return Vec::new() };
    match (action, movement(action)) {
        (Action::Back, _) if state.open => state.open = false,
        (Action::Back, _) => app.texts = None,
        (Action::Enter, _) => (state.open, state.from) = (!state.open, 0),
        (Action::Reveal, _) => state.shows_external_ids = !state.shows_external_ids,
        (Action::PageUp | Action::PageDown, Some(by)) => scroll(state, by),
        (_, Some(by)) if state.open => scroll(state, by),
        (_, Some(by)) => {
            state.at = state.at.saturating_add_signed(by).min(count.saturating_sub(1));
            state.from = 0;
        }
        _ => {}
    }
    Vec::new()
}

fn scroll(state: &mut State, by: isize) {
    state.from = state.from.saturating_add_signed(by).min(state.furthest.get());
}

/// "trust-policy of ReadQuiltV2-quilt-prod".
pub fn title(text: &Text) -> String {
    match &text.of {
        Some(of) => format!("{} of {of}", text.name.word()),
        None => text.name.word().to_owned(),
    }
}
