//! What the program is told, and what it asks to be done. Only [`super::runtime`] runs effects.

use std::path::PathBuf;

use crossterm::event::KeyEvent;

use crate::model::plan::ChangeReport;
use crate::model::{Confirmed, Plan, Selection};
use crate::values::SecretText;

use super::engine::{Ask, Land};

/// Something happened. It may hold what a user typed, so it has no `Debug`.
pub enum Message {
    /// A key went down.
    Key(KeyEvent),
    /// The terminal pasted a text, in one piece.
    Paste(SecretText),
    /// The terminal has another size.
    Resized,
    /// The terminal's window lost the focus: revealed values hide.
    FocusLost,
    /// Time passed, while something is shown that changes with it.
    Tick,
    /// A call answered.
    Landed {
        /// What it belongs to.
        ask: Ask,
        /// Which run of it; an older one is dropped.
        generation: u64,
        /// What it brings.
        land: Land,
    },
    /// All calls of an ask have ended.
    Ended {
        /// Which one.
        ask: Ask,
        /// Which run of it.
        generation: u64,
    },
    /// A change is being written: which one, in words.
    Writing(String),
    /// Writing ended.
    Written(Vec<ChangeReport>),
    /// A file the user named was read, or why not.
    FileRead(Result<SecretText, String>),
    /// The process was told to end; the exit code that goes with it.
    Signal(u8),
}

/// Something to do outside.
#[derive(PartialEq, Debug)]
pub enum Effect {
    /// Look something up; a run of the same ask that is still under way is cancelled.
    Gather {
        /// What.
        ask: Ask,
        /// Stamps every answer.
        generation: u64,
        /// For which choices.
        selection: Box<Selection>,
    },
    /// Cancel every look-up under way.
    Cancel,
    /// Write a confirmed plan.
    Apply {
        /// What was confirmed.
        plan: Box<Confirmed<Plan>>,
        /// For which choices.
        selection: Box<Selection>,
    },
    /// Begin no further change; the one in flight is finished.
    StopWriting,
    /// Read a file the user named.
    ReadFile(PathBuf),
    /// Give the terminal back and stop, as Ctrl-Z does.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Leave, with this exit code.
    Quit(u8),
}
