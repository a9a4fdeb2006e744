//! The full-screen program.
//!
//! `app` holds everything and changes by messages, purely; `runtime` is the loop around it and the only one to run effects; `draw` makes a
//! frame of it, from `screens` and `widgets`; `keymap` is the one table of keys; `engine` is the one place that knows the rooms that judge
//! and plan.

mod app;
mod draw;
mod effects;
mod engine;
mod events;
mod field;
mod fuzzy;
mod input;
mod keymap;
mod message;
mod prompt;
mod route;
mod runtime;
mod screens;
mod signals;
mod steps;
mod terminal;
mod theme;
mod walk;
mod widgets;

use std::io::{self, Write};
use std::sync::Arc;

use color_eyre::eyre::{Result, WrapErr};

use crate::aws::Surroundings;
use crate::model::Selection;

pub use theme::Theme;

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
    let mut app = app::App::new(here.clock.now(), selection, app::Setting { demo, read_only: false, theme });
    app.open_at(start);
    let mut hands = effects::Hands::new(here);
    terminal::install_panic_hook();
    let code = runtime.block_on(async {
        // Before the terminal is taken: a signal that comes right after must find someone to give it back.
        let mut signals = signals::Signals::listen()?;
        let mut screen = terminal::Screen::open().wrap_err("the terminal cannot be used")?;
        let perform = |effect, outbox: &_| hands.perform(effect, outbox);
        runtime::run(&mut app, &mut screen, &mut signals, perform).await.wrap_err("the terminal went away")
    })?;
    // On the normal screen again: what was written stays to be read, a closed pipe is no fault.
    let mut out = io::stdout().lock();
    for line in screens::done::farewell(&app) {
        let _ = writeln!(out, "{line}");
    }
    Ok(code)
}

#[cfg(test)]
mod testing;
