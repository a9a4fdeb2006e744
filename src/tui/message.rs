//! What the program is told, and what it asks to be done. Only [`super::runtime`] runs effects.

use std::path::PathBuf;

use crossterm::event::KeyEvent;

use crate::model::facts::SsoToken;
use crate::model::plan::ChangeReport;
use crate::model::selection::CredentialSource;
use crate::model::{Confirmed, Plan, Selection};
use crate::store::ExportError;
use crate::store::drafts::Draft;
use crate::values::SecretText;

use super::engine::{Ask, Land};
use super::prompt::Purpose;

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
    /// The attempt that a call under way is in, or waits for.
    Attempt(u32),
    /// A change is being written: which one, in words.
    Writing(String),
    /// Writing ended.
    Written(Vec<ChangeReport>),
    /// A file the user named was read, or why not.
    FileRead(Result<SecretText, String>),
    /// The files that could be meant by a prompt, found in the folders that a path begins from.
    FilesFound {
        /// Which prompt asked.
        purpose: Purpose,
        /// In alphabetical order.
        files: Vec<PathBuf>,
    },
    /// The state of a login that is waited for.
    LoginSeen {
        /// Of which credentials.
        source: CredentialSource,
        /// As the cache has it now.
        token: Option<SsoToken>,
    },
    /// The drafts of earlier walks, the latest first, and a sentence for each file that is none.
    DraftsRead {
        /// What was kept.
        drafts: Vec<Draft>,
        /// What was not usable.
        faults: Vec<String>,
    },
    /// The draft could not be kept, or not be taken away: why.
    DraftNotKept(String),
    /// A file was written, or why not.
    Exported(Result<PathBuf, ExportError>),
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
    /// Look which files there are that a prompt could mean.
    FindFiles {
        /// Which prompt asks.
        purpose: Purpose,
        /// Where to look, not below.
        folders: Vec<PathBuf>,
        /// What their names end with.
        endings: &'static [&'static str],
    },
    /// Have the terminal take a text into its clipboard. Never a secret.
    Copy(String),
    /// Write a text to a file the user named.
    Export {
        /// The file.
        path: PathBuf,
        /// The text.
        text: String,
        /// Over a file that is there already.
        replace: bool,
    },
    /// Read the drafts of earlier walks.
    ReadDrafts,
    /// Keep the draft of this walk.
    KeepDraft(Box<Draft>),
    /// Take the draft of a config profile away.
    DropDraft(String),
    /// Look whether a login was made.
    LookForLogin(CredentialSource),
    /// Ring the terminal's bell, once.
    Bell,
    /// Give the terminal back and stop, as Ctrl-Z does.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Leave, with this exit code.
    Quit(u8),
}
