//! The screens, one file each: what it keeps, what keys do on it, how it looks.

pub mod access;
pub mod ask;
pub mod cure;
pub mod diagnose;
pub mod done;
pub mod elements;
pub mod home;
mod login;
pub mod reasons;
pub mod review;
pub mod roles;
pub mod secret;
pub mod settings;
pub mod source;
pub mod sources;
pub mod stack;
pub mod texts;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::app::App;
use super::keymap::Action;
use super::message::Effect;
use super::route::Route;

/// What a key does on the screen.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match app.route {
        Route::Home => home::act(app, action),
        Route::Sources => sources::act(app, action),
        Route::Source => source::act(app, action),
        Route::Stack => stack::act(app, action),
        Route::Roles => roles::act(app, action),
        Route::Secret => secret::act(app, action),
        Route::Review => review::act(app, action),
        Route::Done => done::act(app, action),
        Route::Settings => settings::act(app, action),
        Route::Access => access::act(app, action),
        Route::Ask => ask::act(app, action),
        Route::Diagnose => diagnose::act(app, action),
    }
}

/// Draws the screen's body; returns where the real cursor is.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    if app.route == Route::Diagnose
        && let Some(entry) = crate::tui::login::awaited(app)
    {
        login::draw(app, entry, area, buffer);
        return None;
    }
    match app.route {
        Route::Home => home::draw(app, area, buffer),
        Route::Sources => sources::draw(app, area, buffer),
        Route::Source => source::draw(app, area, buffer),
        Route::Stack => stack::draw(app, area, buffer),
        Route::Roles => roles::draw(app, area, buffer),
        Route::Secret => secret::draw(app, area, buffer),
        Route::Review => review::draw(app, area, buffer),
        Route::Done => done::draw(app, area, buffer),
        Route::Settings => settings::draw(app, area, buffer),
        Route::Access => access::draw(app, area, buffer),
        Route::Ask => ask::draw(app, area, buffer),
        Route::Diagnose => diagnose::draw(app, area, buffer),
    }
}

/// How far a key moves a cursor; `None`: it is no movement.
pub const fn movement(action: Action) -> Option<isize> {
    match action {
        Action::Up => Some(-1),
        Action::Down => Some(1),
        Action::PageUp => Some(-10),
        Action::PageDown => Some(10),
        Action::First => Some(isize::MIN),
        Action::Last => Some(isize::MAX),
        _ => None,
    }
}

/// Why nothing was asked of AWS, where that is so: to end a sentence.
fn if_nobody(app: &App) -> &'static str {
    let running = app.running.contains_key(&crate::tui::engine::Ask::Identity);
    if app.facts.identity.known().is_none() && !running { ": AWS does not know who is asking" } else { "" }
}
