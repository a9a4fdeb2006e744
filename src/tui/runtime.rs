//! The loop: terminal events, signals, answers and time come in, frames go out. Nothing ticks while nothing changes.

use std::time::{Duration, Instant};

use color_eyre::eyre::Result;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::sleep;

use super::app::App;
use super::clipboard;
use super::events;
use super::message::{Effect, Message};
use super::signals::{HUNG_UP, Signals, Told};
use super::terminal::{self, Screen};

/// At most sixty frames a second.
const FRAME: Duration = Duration::from_millis(16);

/// What happened.
enum Happened {
    Message(Message),
    Continued,
    FrameDue,
    TerminalGone,
}

/// What comes in.
struct Inputs<'a> {
    events: UnboundedReceiver<Message>,
    /// The terminal went away: there is nothing to draw on and nothing to read.
    gone: bool,
    signals: &'a mut Signals,
    inbox: UnboundedReceiver<Message>,
}

/// Runs the program until it is left; returns the exit code. `perform` carries out the effects that reach outside.
///
/// # Errors
/// The operating system refuses to stop or to continue the program.
pub async fn run(
    app: &mut App,
    screen: &mut Screen,
    signals: &mut Signals,
    mut perform: impl FnMut(Effect, &UnboundedSender<Message>),
) -> Result<u8> {
    let (outbox, inbox) = unbounded_channel();
    let began = Instant::now();
    // What is on the screen before anything is asked for.
    if screen.draw(app).is_err() {
        return Ok(HUNG_UP);
    }
    let mut inputs = Inputs { events: events::listen()?, gone: false, signals, inbox };
    let mut drawn = Instant::now();
    let mut stale = false;
    let mut effects = app.begin();
    let mut again = None;
    loop {
        for effect in std::mem::take(&mut effects) {
            match effect {
                Effect::Quit(code) => return Ok(code),
                Effect::Redraw if screen.forget().is_err() => again = Some(Happened::TerminalGone),
                Effect::Redraw => {}
                // Between two frames: nothing of either is on its way.
                Effect::Copy(text) => {
                    let sequence = clipboard::sequence(&text, app.setting.theme.wrap);
                    if screen.send(&sequence).is_err() {
                        again = Some(Happened::TerminalGone);
                    }
                }
                Effect::Bell => {
                    if screen.send("\x07").is_err() {
                        again = Some(Happened::TerminalGone);
                    }
                }
                Effect::Suspend => {
                    terminal::give_back();
                    inputs.signals.stop_here().await?;
                    again = Some(Happened::Continued);
                }
                other => perform(other, &outbox),
            }
            stale = true;
        }
        let on_screen = !inputs.gone;
        let mut happened = again.take();
        if happened.is_none() && stale && on_screen && drawn.elapsed() >= FRAME {
            happened = screen.draw(app).err().map(|_| Happened::TerminalGone);
            drawn = Instant::now();
            stale = false;
        }
        let due = (stale && on_screen).then(|| FRAME.saturating_sub(drawn.elapsed()));
        let happened = match happened {
            Some(happened) => happened,
            None => inputs.next(due, app.next_tick()).await,
        };
        app.clock = began.elapsed();
        match happened {
            Happened::Message(message) => {
                // Answers that are here already belong into the same frame.
                let here = std::iter::from_fn(|| inputs.inbox.try_recv().ok());
                effects = app.update_all(std::iter::once(message).chain(here));
                effects.extend(app.keep_draft());
                stale = true;
            }
            Happened::Continued => match come_back(screen, inputs.signals).await {
                Ok(Some(code)) => return Ok(code),
                Ok(None) => stale = true,
                // A terminal that goes away wakes its jobs up first.
                Err(_) => {
                    inputs.gone = true;
                    effects = app.update(Message::Signal(HUNG_UP));
                }
            },
            Happened::FrameDue => {}
            Happened::TerminalGone => {
                inputs.gone = true;
                effects = app.update(Message::Signal(HUNG_UP));
            }
        }
    }
}

/// Takes the terminal again once this job is in the foreground; in the background a signal may still end it.
async fn come_back(screen: &mut Screen, signals: &mut Signals) -> Result<Option<u8>> {
    while !terminal::is_in_foreground()? {
        terminal::taken_away();
        if let Told::Leave(code) = signals.next().await {
            return Ok(Some(code));
        }
    }
    screen.resume()?;
    Ok(None)
}

impl Inputs<'_> {
    async fn next(&mut self, due: Option<Duration>, tick: Option<Duration>) -> Happened {
        tokio::select! {
            event = self.events.recv(), if !self.gone => event.map_or(Happened::TerminalGone, Happened::Message),
            told = self.signals.next() => match told {
                Told::Leave(HUNG_UP) => Happened::TerminalGone,
                Told::Leave(code) => Happened::Message(Message::Signal(code)),
                Told::Continued => Happened::Continued,
            },
            Some(message) = self.inbox.recv() => Happened::Message(message),
            () = sleep(due.unwrap_or_default()), if due.is_some() => Happened::FrameDue,
            () = sleep(tick.unwrap_or_default()), if tick.is_some() => Happened::Message(Message::Tick),
        }
    }
}
