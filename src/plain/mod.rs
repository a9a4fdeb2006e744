//! Plain mode: the walk as numbered questions, line by line, for screen readers and for terminals that can do no more.
//!
//! State, look-ups, what follows from an answer, and the plan are the screen's own (`tui::app`); here is only how it is asked and said.
//! Nothing is drawn over: every byte that is sent is printable text or the end of a line.

mod access;
mod ask;
mod choice;
mod config;
mod conflicts;
mod console;
mod diagnosis;
mod done;
mod findings;
mod input;
mod job;
mod review;
mod roles;
mod secret;
mod session;
mod settings;
mod signals;
mod source;
mod sources;
mod stack;
mod target;
mod values;
mod waiting;
mod walk;

use std::io;
use std::sync::Arc;

use color_eyre::eyre::{Result, WrapErr};

use crate::aws::Surroundings;
use crate::model::Selection;
use crate::model::plan::ChangeOutcome;
use crate::tui::app::{App, Folders, Setting};
use crate::tui::effects::Hands;
use crate::tui::{Start, Theme};
use crate::wording::done::farewell;
use console::Console;
use input::Lines;
use session::{End, Session};
use signals::Signals;

/// Who asked for plain mode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// `--plain`.
    Flag,
    /// `TERM=dumb`: a terminal that cannot be drawn on.
    DumbTerminal,
}

impl Why {
    /// Whether plain mode is on: by the flag, or because a screen would open on a terminal that has none to offer.
    #[must_use]
    pub fn of(flag: bool, term: Option<&str>) -> Option<Self> {
        if flag { Some(Self::Flag) } else { (term == Some("dumb")).then_some(Self::DumbTerminal) }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Flag => "by --plain",
            Self::DumbTerminal => "because TERM is dumb",
        }
    }
}

/// The answers ran out, and what was typed was not written.
const UNFINISHED: u8 = 3;
/// A write lost a race.
const LOST_RACE: u8 = 5;
/// Not everything that was confirmed was written.
const NOT_ALL_WRITTEN: u8 = 1;

/// Asks its way through the walk; returns the exit code.
///
/// 0: left with nothing lost; 1: not everything that was confirmed was written; 3: the input ended before what was typed was written;
/// 5: a write lost a race; 128 and the number of a signal.
///
/// # Errors
/// The operating system gives no signals or no thread.
pub fn run(
    runtime: &tokio::runtime::Runtime,
    here: Arc<Surroundings>,
    selection: Selection,
    start: Start,
    theme: Theme,
    why: Why,
) -> Result<u8> {
    let demo = here.demo.as_ref().map(|demo| demo.world.clone());
    let app = App::new(
        here.clock.now(),
        selection,
        Setting { demo, read_only: false, theme, zone: jiff::tz::TimeZone::system(), folders: Folders::of(&here) },
    );
    input::install_panic_hook();
    runtime.block_on(async {
        let signals = Signals::listen().wrap_err("signals cannot be listened to")?;
        let lines = Lines::listen().wrap_err("standard input cannot be read")?;
        let console = Console::new(Box::new(io::stdout()), theme.ascii);
        let mut session = Session::new(app, Hands::new(here), console, lines, signals);
        let end = match walk::walk(&mut session, start, why).await {
            Ok(never) => match never {},
            Err(end) => end,
        };
        // Whoever closed the output hears nothing more.
        let _ = goodbye(&mut session, end);
        Ok(exit_code(&session, end))
    })
}

fn exit_code(session: &Session, end: End) -> u8 {
    if let End::Signal(code) = end {
        return code;
    }
    let outcomes = || session.app.done.reports.iter().map(|report| &report.outcome);
    if outcomes().any(|outcome| matches!(outcome, ChangeOutcome::LostRace(_))) {
        LOST_RACE
    } else if outcomes().any(|outcome| !matches!(outcome, ChangeOutcome::Written { .. })) {
        NOT_ALL_WRITTEN
    } else if end != End::Left && session.app.unwritten() {
        UNFINISHED
    } else {
        0
    }
}

/// The last lines: what is lost, what was written.
fn goodbye(session: &mut Session, end: End) -> io::Result<()> {
    if matches!(end, End::Signal(_) | End::InputEnded) {
        session.console.end_prompt()?;
    }
    if end == End::InputEnded {
        let lost = if session.app.unsaved() { " What was typed is lost." } else { "" };
        session.console.say(&format!("The input has ended, and so does rolecall.{lost}"))?;
    }
    if session.app.done.is_writing() {
        let doubt = "A change was being written: whether it was is not known. rolecall check tells how things are now.";
        return session.console.say(doubt);
    }
    if session.app.done.reports.is_empty() {
        return session.console.say("Nothing was written.");
    }
    if session.told_what_was_written {
        return Ok(());
    }
    farewell(&session.app.done.reports).iter().try_for_each(|line| session.console.whole(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_named_before_the_terminal() {
        assert_eq!(Why::of(true, Some("dumb")), Some(Why::Flag));
        assert_eq!(Why::of(false, Some("dumb")), Some(Why::DumbTerminal));
        assert_eq!(Why::of(false, Some("xterm")), None);
        assert_eq!(Why::of(false, None), None);
    }
}
