//! The full-screen program.
//!
//! `app` holds everything and changes by messages, purely; `runtime` is the loop around it and the only one to run effects; `draw` makes a
//! frame of it, from `screens` and `widgets`; `keymap` is the one table of keys; `engine` is the one place that knows the rooms that judge
//! and plan. `focus` says what the cursor is on, from which help and copy are made; `draft`, `export` and `login` each keep one promise.

pub(crate) mod app;
mod choices;
mod clipboard;
mod copy;
mod diagnosis;
mod draft;
mod draw;
pub(crate) mod effects;
pub(crate) mod engine;
mod events;
mod export;
pub(crate) mod field;
mod files;
mod focus;
pub(crate) mod fuzzy;
mod help;
mod input;
pub(crate) mod keymap;
mod login;
mod lookups;
pub(crate) mod message;
pub(crate) mod prompt;
pub(crate) mod route;
mod runtime;
pub(crate) mod screens;
mod signals;
pub(crate) mod steps;
pub(crate) mod system;
mod terminal;
pub(crate) mod theme;
mod walk;
mod watch;
pub(crate) mod widgets;

use std::io::{self, Write};
use std::sync::Arc;

use color_eyre::eyre::{Result, WrapErr};

use crate::aws::Surroundings;
use crate::model::Selection;
use crate::values::text::safe;

pub use theme::Theme;

/// Columns and rows of the terminal, if there is one.
#[must_use]
pub fn size() -> Option<(u16, u16)> {
    crossterm::terminal::size().ok()
}

/// Where the program opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Start {
    /// At home.
    Home,
    /// At setting up a config profile.
    Setup,
    /// At the roles.
    Diagnose,
    /// At the secret.
    Secret,
    /// At the system that was chosen.
    System,
}

/// Runs the full-screen program until it is left; returns the exit code.
///
/// # Errors
/// The terminal cannot be used, or went away.
pub fn run(
    runtime: &tokio::runtime::Runtime,
    here: Arc<Surroundings>,
    selection: Selection,
    start: Start,
    theme: Theme,
) -> Result<u8> {
    let demo = here.demo.as_ref().map(|demo| demo.world.clone());
    let setting = app::Setting {
        demo,
        read_only: here.read_only,
        theme,
        zone: jiff::tz::TimeZone::system(),
        folders: app::Folders::of(&here),
    };
    let mut app = app::App::new(here.clock.now(), selection, setting);
    app.open_at(start);
    let mut hands = effects::Hands::new(here);
    terminal::install_panic_hook();
    let code = runtime.block_on(async {
        // Before the terminal is taken: a signal that comes right after must find someone to give it back.
        let mut signals = signals::Signals::listen()?;
        let mut screen = terminal::Screen::open().wrap_err("the terminal cannot be used")?;
        let perform = |effect, outbox: &_| hands.perform(effect, outbox);
        let code = runtime::run(&mut app, &mut screen, &mut signals, perform).await.wrap_err("the terminal went away");
        drop(screen);
        hands.settle().await;
        code
    })?;
    // On the normal screen again: what was written stays to be read, a closed pipe is no fault.
    let mut out = io::stdout().lock();
    for line in farewell(&app) {
        let _ = writeln!(out, "{line}");
    }
    Ok(code)
}

/// What stays on the normal screen after leaving: what was written and how to take it back, and where a report is.
fn farewell(app: &app::App) -> Vec<String> {
    let reports = app.export.written.iter().map(|path| format!("report: {}", path.display()));
    let written = crate::wording::done::farewell(&app.done.reports);
    written.into_iter().chain(reports.map(|line| safe(&line).into_owned())).collect()
}

#[cfg(test)]
mod testing;
