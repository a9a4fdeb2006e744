//! A conversation: the walk's state, what happens outside, and questions with their answers.

use std::collections::VecDeque;
use std::io;
use std::time::Instant;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::console::Console;
use super::input::{Hidden, Line, Lines};
use super::signals::Signals;
use crate::tui::app::App;
use crate::tui::effects::Hands;
use crate::tui::message::{Effect, Message};
use crate::values::SecretText;

/// How a walk ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The user left.
    Left,
    /// There are no more answers.
    InputEnded,
    /// Nobody hears the questions any more.
    OutputClosed,
    /// A signal: the exit code that goes with it.
    Signal(u8),
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::OutputClosed
    }
}

/// A question.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What is asked for, such as "Number or name of the AWS profile".
    pub asks: &'a str,
    /// What Enter does.
    pub enter: Option<&'a str>,
    /// What `?` says.
    pub help: &'a str,
    /// Letters that mean something here, beside `b`, `?`, `r` and `q`.
    pub letters: &'a str,
    /// Whether what is typed is not shown.
    pub hidden: bool,
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// Enter alone.
    Enter,
    /// Anything else, as it was typed.
    Text(SecretText),
    /// One of the letters of this question.
    Letter(char),
    /// Back.
    Back,
    /// It was looked up again.
    Again,
}

/// Everything of one run.
pub struct Session {
    /// The walk.
    pub app: App,
    /// What is said.
    pub console: Console,
    /// Where calls go, if not to AWS, was said.
    pub told_endpoint: bool,
    /// The user goes on without AWS: the secret goes to a file.
    pub without_aws: bool,
    /// What was said of sources.
    pub told_sources: Vec<String>,
    /// Who asks, as it was said.
    pub told_identity: Option<String>,
    /// What became of each change was said.
    pub told_what_was_written: bool,
    pub(super) hands: Hands,
    pub(super) outbox: UnboundedSender<Message>,
    pub(super) inbox: UnboundedReceiver<Message>,
    pub(super) lines: Lines,
    pub(super) signals: Signals,
    pub(super) typed_ahead: VecDeque<Line>,
    began: Instant,
}

impl Session {
    pub fn new(app: App, hands: Hands, console: Console, lines: Lines, signals: Signals) -> Self {
        let (outbox, inbox) = unbounded_channel();
        Self {
            app,
            console,
            told_endpoint: false,
            without_aws: false,
            told_sources: Vec::new(),
            told_identity: None,
            told_what_was_written: false,
            hands,
            outbox,
            inbox,
            lines,
            signals,
            typed_ahead: VecDeque::new(),
            began: Instant::now(),
        }
    }

    /// Carries effects out.
    pub fn perform(&mut self, effects: Vec<Effect>) -> Result<(), End> {
        for effect in effects {
            match effect {
                Effect::Quit(0) => return Err(End::Left),
                Effect::Quit(code) => return Err(End::Signal(code)),
                Effect::Suspend | Effect::Redraw => {}
                other => self.hands.perform(other, &self.outbox),
            }
        }
        Ok(())
    }

    /// Something happened.
    pub fn update(&mut self, message: Message) -> Result<(), End> {
        self.app.clock = self.began.elapsed();
        let effects = self.app.update(message);
        self.perform(effects)
    }

    /// Asks until there is an answer. Help and leaving are seen to here.
    pub async fn ask(&mut self, question: &Question<'_>) -> Result<Reply, End> {
        loop {
            let enter = question.enter.map(|what| format!(" (Enter: {what})")).unwrap_or_default();
            // Off before anyone is asked to type, and on again whatever becomes of it.
            let echo = if question.hidden { Hidden::begin()? } else { None };
            self.console.prompt(&format!("{}{enter}:", question.asks))?;
            let line = self.line(echo.is_none()).await?;
            drop(echo);
            let text = match line {
                Line::Text(text) => text,
                Line::TooLong => {
                    self.console.say("That line is longer than 65,536 bytes, which no answer is.")?;
                    continue;
                }
                Line::NoText => {
                    self.console.say("That is not UTF-8 text. Type it again.")?;
                    continue;
                }
            };
            match text.expose().trim() {
                "" => return Ok(Reply::Enter),
                "b" => return Ok(Reply::Back),
                "?" => self.help(question)?,
                "q" => self.leave().await?,
                "r" => {
                    let effects = self.app.rerun();
                    self.perform(effects)?;
                    return Ok(Reply::Again);
                }
                word => return Ok(reply(word, &text, question.letters)),
            }
        }
    }

    fn help(&mut self, question: &Question<'_>) -> io::Result<()> {
        self.console.say(question.help)?;
        self.console.say(
            "b goes back, r looks it up again, q leaves, question mark says this. To answer with just one of these letters, type = before it.",
        )
    }

    /// Leaves; asks first when something would be lost.
    async fn leave(&mut self) -> Result<(), End> {
        if !self.app.unsaved() {
            return Err(End::Left);
        }
        self.console.say("What was typed has not been written, and leaving loses it.")?;
        self.console.prompt("Leave? Type yes to leave (Enter: stay):")?;
        if says_yes(&self.line(true).await?) { Err(End::Left) } else { Ok(()) }
    }

    /// The next line; what was asked for lands meanwhile. `echoes`: a terminal shows what is typed.
    pub async fn line(&mut self, echoes: bool) -> Result<Line, End> {
        if let Some(line) = self.typed_ahead.pop_front() {
            self.console.end_prompt()?;
            return Ok(line);
        }
        let line = loop {
            tokio::select! {
                code = self.signals.next() => self.update(Message::Signal(code))?,
                Some(message) = self.inbox.recv() => self.update(message)?,
                line = self.lines.next() => break line.ok_or(End::InputEnded)?,
            }
        };
        if echoes && self.lines.interactive {
            self.console.answered();
        } else {
            self.console.end_prompt()?;
        }
        Ok(line)
    }
}

/// Whether a line is a yes, typed out or as a letter.
pub fn says_yes(line: &Line) -> bool {
    matches!(line, Line::Text(text) if is_yes(text.expose()))
}

/// Whether a text is a yes.
pub fn is_yes(text: &str) -> bool {
    ["yes", "y"].iter().any(|yes| text.trim().eq_ignore_ascii_case(yes))
}

/// A letter of the question, or a text. `=` before a single letter, or before nothing, makes a text of it.
fn reply(word: &str, text: &SecretText, letters: &str) -> Reply {
    let mut characters = word.chars();
    match (characters.next(), characters.next(), characters.next()) {
        (Some(letter), None, None) if letters.contains(letter) => Reply::Letter(letter),
        (Some('='), None, None) => Reply::Text(SecretText::default()),
        (Some('='), Some(letter), None) if "b?rq".contains(letter) || letters.contains(letter) => {
            Reply::Text(SecretText::new(letter))
        }
        _ => Reply::Text(text.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(word: &str, letters: &str) -> Reply {
        reply(word, &SecretText::new(word), letters)
    }

    #[test]
    fn a_letter_that_is_an_answer_is_typed_with_a_sign_before_it() {
        assert_eq!(of("f", "fs"), Reply::Letter('f'));
        assert_eq!(of("f", ""), Reply::Text("f".into()));
        assert_eq!(of("=f", "fs"), Reply::Text("f".into()));
        assert_eq!(of("=b", ""), Reply::Text("b".into()));
        assert_eq!(of("=", ""), Reply::Text("".into()));
        assert_eq!(of("=x", "fs"), Reply::Text("=x".into()));
        assert_eq!(of("==", ""), Reply::Text("==".into()));
        assert_eq!(of("=quilt", "g"), Reply::Text("=quilt".into()));
    }

    #[test]
    fn only_yes_is_a_yes() {
        for (text, yes) in [("yes", true), ("Y", true), (" YES ", true), ("", false), ("no", false), ("yep", false)] {
            assert_eq!(is_yes(text), yes, "{text}");
        }
    }
}
