//! What a program wrote to its terminal: the bytes, and the screen they make.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Size, screen_size};

/// The longest question below.
const LONGEST_QUESTION: usize = 10;

/// Questions a program asks its terminal, and the answers that do not depend on the screen.
const QUESTIONS: [(&[u8], &[u8]); 14] = [
    (b"\x1b[6n", b""),
    (b"\x1b[5n", b"\x1b[0n"),
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[0c", b"\x1b[?62;22c"),
    (b"\x1b[>c", b"\x1b[>1;10;0c"),
    (b"\x1b[>0c", b"\x1b[>1;10;0c"),
    (b"\x1b[?u", b"\x1b[?0u"),
    (b"\x1b[>0q", b"\x1bP>|test\x1b\\"),
    (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
    (b"\x1b[14t", b"\x1b[4;480;800t"),
    (b"\x1b[16t", b"\x1b[6;20;10t"),
    (b"\x1b]10;?", b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\"),
    (b"\x1b]11;?", b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
    (b"\x1b[18t", b"\x1b[8;24;80t"),
];

/// How the program ended.
pub struct Exit {
    /// The code as a shell has it.
    pub code: i32,
    /// The terminal's settings at that moment.
    pub settings: String,
}

/// Everything written so far.
pub struct Output {
    /// The bytes.
    pub raw: Vec<u8>,
    /// Whether no more can come.
    pub closed: bool,
    /// Set when the program has ended.
    pub exit: Option<Exit>,
    parser: vt100::Parser,
    /// How much of `raw` the parser has.
    shown: usize,
    /// How much of `raw` was searched for questions.
    searched: usize,
}

impl Output {
    pub fn new(size: Size) -> Self {
        let (rows, columns) = screen_size(size);
        Self {
            raw: Vec::new(),
            closed: false,
            exit: None,
            parser: vt100::Parser::new(rows, columns, 0),
            shown: 0,
            searched: 0,
        }
    }

    /// The screen as a terminal would show it.
    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// The screen's text, without blanks at the ends of lines.
    pub fn text(&self) -> String {
        let columns = self.screen().size().1.get();
        let rows: Vec<String> = self.screen().rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
        rows.join("\n").trim_end().to_owned()
    }

    pub fn resize(&mut self, size: Size) {
        let (rows, columns) = screen_size(size);
        self.parser.screen_mut().set_size(rows, columns);
    }

    /// Takes more bytes; gives the answers to what they ask, in the order it was asked.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.raw.extend_from_slice(bytes);
        let mut answers = Vec::new();
        while let Some((end, answer)) = self.next_question() {
            self.searched = end;
            self.show(end);
            if answer.is_empty() {
                let (row, column) = self.screen().cursor_position();
                answers.extend(format!("\x1b[{};{}R", row + 1, column + 1).into_bytes());
            } else {
                answers.extend_from_slice(answer);
            }
        }
        // The end may hold the beginning of a question.
        self.searched = self.searched.max((self.raw.len() + 1).saturating_sub(LONGEST_QUESTION));
        self.show(self.raw.len());
        answers
    }

    fn next_question(&self) -> Option<(usize, &'static [u8])> {
        let rest = &self.raw[self.searched..];
        let found = (0..rest.len()).find_map(|start| {
            let question = QUESTIONS.iter().find(|(question, _)| rest[start..].starts_with(question));
            question.map(|(question, answer)| (start + question.len(), *answer))
        });
        found.map(|(end, answer)| (self.searched + end, answer))
    }

    fn show(&mut self, end: usize) {
        if end > self.shown {
            self.parser.process(&self.raw[self.shown..end]);
            self.shown = end;
        }
    }
}

/// A value that can be waited on.
pub struct Watched<T> {
    value: Mutex<T>,
    changed: Condvar,
}

impl<T> Watched<T> {
    pub fn new(value: T) -> Self {
        Self { value: Mutex::new(value), changed: Condvar::new() }
    }

    pub fn look<R>(&self, with: impl FnOnce(&T) -> R) -> R {
        with(&self.lock())
    }

    pub fn change<R>(&self, with: impl FnOnce(&mut T) -> R) -> R {
        let result = with(&mut self.lock());
        self.changed.notify_all();
        result
    }

    /// A test that panicked while it looked has changed nothing, and the terminal must still be let go of.
    fn lock(&self) -> MutexGuard<'_, T> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `is` holds; false if it does not at the deadline.
    pub fn wait(&self, limit: Duration, is: impl Fn(&T) -> bool) -> bool {
        let value = self.lock();
        let (value, _) =
            self.changed.wait_timeout_while(value, limit, |value| !is(value)).unwrap_or_else(PoisonError::into_inner);
        is(&value)
    }

    /// Waits until `of` has not changed for `quiet`; at most for `limit`.
    pub fn wait_quiet<K: PartialEq>(&self, quiet: Duration, limit: Duration, of: impl Fn(&T) -> K) {
        let deadline = Instant::now() + limit;
        let mut last = self.look(&of);
        while Instant::now() < deadline && self.wait(quiet, |value| of(value) != last) {
            last = self.look(&of);
        }
    }
}
