//! Lines of `NAME=value`: every statement by itself, so that no fault hides the next.
//!
//! The grammar is the library's; what this adds is that all faults are told at once, that a name that stands twice is seen, and that no
//! reader's habit alters a value silently: a `$` stays, and so does a `#` that no white space precedes.

use dotenvor::{Error, ParseError, ParseErrorKind};
use zeroize::Zeroizing;

use super::names::{Meaning, meaning};
use crate::secret::Key;
use crate::values::SecretText;

/// The most lines that a quoted value may span.
const MOST_LINES: usize = 100;

/// One `NAME=value`.
pub(super) struct Statement {
    /// From 1.
    pub line: usize,
    /// The name.
    pub name: String,
    /// The value, as it counts.
    pub value: SecretText,
    /// What other readers would have made of it.
    pub habits: Vec<Habit>,
}

/// A way in which readers of such lines differ, where a value meets it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Habit {
    /// A `$` where shells and Compose put in a variable.
    Dollar,
    /// A `#` within a word, which some readers take for a comment.
    Hash,
    /// A comment behind the value, which `docker run --env-file` takes for a part of it.
    Comment,
    /// A backslash in double quotes, which was read as an escape.
    Escape,
}

/// What is wrong with a line.
pub(super) struct LineFault {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What, as a clause.
    pub what: &'static str,
}

/// Everything that stands in a text.
#[derive(Default)]
pub(super) struct Lines {
    /// In their order.
    pub statements: Vec<Statement>,
    /// All of them.
    pub faults: Vec<LineFault>,
    /// Lines that hold a name alone, and the key it is for if it is one of ours.
    pub bare: Vec<(usize, Option<Key>)>,
}

/// Reads a text.
pub(super) fn read(text: &str) -> Lines {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = Zeroizing::new(text.replace("\r\n", "\n").replace('\r', "\n"));
    let page = Page::new(&text);
    let mut lines = Lines::default();
    let mut at = 0;
    while at < page.starts.len() {
        at = page.statement(at, &mut lines);
    }
    lines
}

/// A text, and where its lines begin.
struct Page<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Page<'t> {
    fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// Lines of the text, the last one included.
    fn part(&self, first: usize, last: usize) -> &'t str {
        let start = self.starts.get(first).copied().unwrap_or(self.text.len());
        let end = self.starts.get(last + 1).map_or(self.text.len(), |next| next - 1);
        self.text.get(start..end).unwrap_or_default()
    }

    /// Reads the statement that begins at a line, and returns the line behind it. Behind a fault it goes on at the next line, whatever was
    /// read along with it: a quote that nobody closed spoils one line and no more.
    fn statement(&self, at: usize, lines: &mut Lines) -> usize {
        let mut last = at;
        loop {
            let part = self.part(at, last);
            match dotenvor::parse_str(part) {
                Ok(_) if last > at && self.swallows(at, last) => {
                    lines.faults.push(LineFault { line: at + 1, column: 1, what: "a quote is not closed on its line" });
                    return at + 1;
                }
                Ok(entries) => {
                    let read = entries.into_iter().map(|entry| statement(at + 1, entry, part));
                    lines.statements.extend(read);
                    return last + 1;
                }
                Err(Error::Parse(error)) => {
                    if error.kind == ParseErrorKind::UnterminatedQuote
                        && let Some(closing) = self.closing(at, last, &error)
                    {
                        last = closing;
                        continue;
                    }
                    self.faulty(at, part, &error, lines);
                    return at + 1;
                }
                Err(_) => {
                    lines.faults.push(LineFault { line: at + 1, column: 1, what: "it cannot be read" });
                    return at + 1;
                }
            }
        }
    }

    /// The next line that may close the quote which the statement from `at` to `last` leaves open.
    fn closing(&self, at: usize, last: usize, error: &ParseError) -> Option<usize> {
        let quote = self.part(at, last).get(offset(error)..)?.chars().next()?;
        (last + 1..self.starts.len().min(at + MOST_LINES)).find(|line| self.part(*line, *line).contains(quote))
    }

    /// Whether a value over several lines has taken in a line that sets a key of ours: then it was not meant to.
    fn swallows(&self, at: usize, last: usize) -> bool {
        (at + 1..=last).any(|line| {
            let name = self.part(line, line).split('=').next().unwrap_or_default().trim();
            let name = name.strip_prefix("export ").unwrap_or(name).trim();
            self.part(line, line).contains('=') && matches!(meaning(name), Meaning::Key(_))
        })
    }

    fn faulty(&self, at: usize, part: &str, error: &ParseError, lines: &mut Lines) {
        let has_value = part.contains('=');
        let name = part.trim();
        let name = name.strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace)).unwrap_or(name);
        if !has_value && is_name(name.trim()) {
            let key = match meaning(name.trim()) {
                Meaning::Key(key) => Some(key),
                _ => None,
            };
            return lines.bare.push((at + 1, key));
        }
        let what = match error.kind {
            ParseErrorKind::InvalidSyntax if has_value => "something follows the closing quote",
            ParseErrorKind::InvalidSyntax => "there is no = in it",
            ParseErrorKind::MissingKey => "there is no name before the =",
            ParseErrorKind::InvalidKey => "a name has letters, digits, _ . and - alone",
            ParseErrorKind::UnterminatedQuote => "the quote is not closed",
        };
        // The parser counts bytes of the whole statement, which may span lines.
        let before = part.get(..offset(error).min(part.len())).unwrap_or_default();
        let line = at + 1 + before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        lines.faults.push(LineFault { line, column, what });
    }
}

fn offset(error: &ParseError) -> usize {
    usize::try_from(error.column).unwrap_or(1).saturating_sub(1)
}

fn is_name(text: &str) -> bool {
    let mut letters = text.bytes();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && letters.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn statement(line: usize, entry: dotenvor::Entry, part: &str) -> Statement {
    let raw = part.split_once('=').map_or("", |(_, raw)| raw.trim_start());
    let value = Zeroizing::new(entry.value);
    let mut habits = Vec::new();
    let quote = raw.chars().next().filter(|c| matches!(c, '\'' | '"' | '`'));
    let value = if quote.is_none() {
        let (kept, comment) = without_comment(raw);
        if kept != value.as_str() {
            habits.push(Habit::Hash);
        }
        if comment {
            habits.push(Habit::Comment);
        }
        SecretText::from(kept)
    } else {
        SecretText::from(value.as_str())
    };
    if matches!(quote, None | Some('"')) && value.expose().contains('$') {
        habits.push(Habit::Dollar);
    }
    if quote == Some('"') && raw.contains('\\') {
        habits.push(Habit::Escape);
    }
    Statement { line, name: entry.key, value, habits }
}

/// A value without quotes: up to a `#` that begins it or has white space before it, as shells and Compose have it.
fn without_comment(raw: &str) -> (&str, bool) {
    let begins = |(at, _): &(usize, &str)| {
        let before = raw.get(..*at).unwrap_or_default();
        before.is_empty() || before.ends_with(char::is_whitespace)
    };
    match raw.match_indices('#').find(begins) {
        Some((at, _)) => (raw.get(..at).unwrap_or_default().trim_end(), true),
        None => (raw.trim_end(), false),
    }
}
