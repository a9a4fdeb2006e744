//! Waiting for look-ups: one line when it begins to take long, and another every ten seconds. Nothing moves.

use std::time::{Duration, Instant};

use super::input::Line;
use super::session::{End, Session};
use crate::aws::record::Running;
use crate::tui::app::QUIET;
use crate::tui::engine::Ask;
use crate::tui::message::{Effect, Message};
use crate::tui::screens::done::BEGINNING;

/// How often it is said that it still takes.
const EVERY: Duration = Duration::from_secs(10);

/// What every look-up that needs AWS waits for.
const FIRST: [Ask; 2] = [Ask::Survey, Ask::Identity];

/// Everything that a plan follows from.
pub const EVERYTHING: [Ask; 7] =
    [Ask::Survey, Ask::Identity, Ask::Stacks, Ask::Stack, Ask::Secrets, Ask::Secret, Ask::Imports];

impl Session {
    /// Waits until none of these is under way, nor what goes before them. `what` is what is being done, such as "Looking up the stacks".
    pub async fn wait_for(&mut self, asks: &[Ask], what: &str) -> Result<(), End> {
        let asks: Vec<Ask> = asks.iter().chain(&FIRST).copied().collect();
        self.wait_for_alone(&asks, what).await
    }

    /// Waits until none of these is under way, whatever else is.
    pub async fn wait_for_alone(&mut self, asks: &[Ask], what: &str) -> Result<(), End> {
        let began = Instant::now();
        let mut due = QUIET;
        let mut said = 0_u32;
        while asks.iter().any(|ask| self.app.running.contains_key(ask)) {
            let left = due.saturating_sub(began.elapsed());
            tokio::select! {
                code = self.signals.next() => self.update(Message::Signal(code))?,
                Some(message) = self.inbox.recv() => self.update(message)?,
                line = self.lines.next(), if self.lines.interactive && self.typed_ahead.is_empty() => self.typed(line)?,
                () = tokio::time::sleep(left) => {
                    let text = if said == 0 { format!("{what}...") } else { self.still(began.elapsed(), said == 1) };
                    self.console.say(&text)?;
                    said += 1;
                    due = EVERY * said;
                }
            }
        }
        if said > 1 {
            self.console.say("The wait is over.")?;
        }
        Ok(())
    }

    /// A line typed while nothing was asked: `x` stops waiting, any other is the answer to what comes next.
    fn typed(&mut self, line: Option<Line>) -> Result<(), End> {
        match line {
            None => Err(End::InputEnded),
            Some(Line::Text(text)) if text.expose().trim() == "x" => {
                let effects = self.app.stop();
                self.app.note = None;
                self.console.say("Stopped. r looks it up again.")?;
                self.perform(effects)
            }
            Some(line) => {
                self.typed_ahead.push_back(line);
                Ok(())
            }
        }
    }

    fn still(&self, waited: Duration, first: bool) -> String {
        let stop = if first && self.lines.interactive { " Type x and Enter to stop it." } else { "" };
        let progress = self.app.progress().map(|progress| format!(" {}.", crate::values::text::capitalized(&progress)));
        format!("{}{}{stop}", still(self.hands.running().first(), waited), progress.unwrap_or_default())
    }

    /// Waits until every change of the confirmed plan has ended, even if nobody hears of it any more.
    pub async fn wait_for_writing(&mut self) -> Result<(), End> {
        let mut said = None;
        while self.app.done.is_writing() {
            tokio::select! {
                code = self.signals.next() => {
                    self.update(Message::Signal(code))?;
                    let _ = self.console.say("Finishing the change in flight; no other is begun.");
                }
                Some(message) = self.inbox.recv() => self.update(message)?,
            }
            let writing = self.app.done.writing.clone().filter(|what| what != BEGINNING);
            if writing.is_some() && writing != said {
                let _ = self.console.say(&format!("Writing {}.", writing.as_deref().unwrap_or_default()));
                said = writing;
            }
        }
        Ok(())
    }

    /// Reads a file the user named; says what came of it.
    pub async fn read_file(&mut self, path: &str) -> Result<(), End> {
        self.perform(vec![Effect::ReadFile(path.into())])?;
        loop {
            tokio::select! {
                code = self.signals.next() => self.update(Message::Signal(code))?,
                Some(message) = self.inbox.recv() => {
                    let read = matches!(message, Message::FileRead(_));
                    self.update(message)?;
                    if read {
                        let note = self.app.note.take().unwrap_or_default();
                        self.console.say(&format!("{note}."))?;
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// "Still waiting: DescribeStacks, 12 s, attempt 2 of 3." Between two attempts nothing is on its way.
fn still(call: Option<&Running>, waited: Duration) -> String {
    let seconds = waited.as_secs();
    match call {
        None => format!("Still waiting: {seconds} s, between two attempts."),
        Some(call) => {
            let operation = call.operation.split_once(':').map_or(call.operation.as_str(), |(_, name)| name);
            let attempt = if call.attempt > 1 { format!(", attempt {} of 3", call.attempt) } else { String::new() };
            format!("Still waiting: {operation}, {seconds} s{attempt}.")
        }
    }
}
