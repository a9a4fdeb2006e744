//! Commands for a POSIX shell, with a line above each that says what it does.

use std::fmt::Write as _;

use serde_json::Value;

use crate::policy::fix::Step;
use crate::values::text::safe;
use crate::values::{json, shell};

/// Ends a document in a script. No line of JSON is this word.
const END: &str = "EOF";

/// A script being written.
#[derive(Default)]
pub(super) struct Script(String);

impl Script {
    /// The script so far.
    pub(super) fn text(self) -> String {
        self.0
    }

    /// The beginning of a part.
    pub(super) fn part(&mut self, title: &str) {
        let gap = if self.0.is_empty() { "" } else { "\n" };
        let _ = writeln!(self.0, "{gap}# {}", safe(title));
    }

    /// A comment.
    pub(super) fn say(&mut self, line: &str) {
        let _ = writeln!(self.0, "# {}", safe(line));
    }

    /// A command, for an AWS profile if one is known to be of the right account; `file` takes what it prints.
    pub(super) fn run(&mut self, words: &[&str], profile: Option<&String>, file: Option<&str>) {
        let profile = profile.map(|name| ["--profile", name]).into_iter().flatten();
        let command = shell::command(words.iter().copied().chain(profile));
        let _ = match file {
            Some(file) => writeln!(self.0, "{command} > {}", shell::quote(file)),
            None => writeln!(self.0, "{command}"),
        };
    }

    /// A line as it is.
    pub(super) fn line(&mut self, line: &str) {
        let _ = writeln!(self.0, "{line}");
    }

    /// A command that prints the three parts of a session, which the commands behind it are made with; nothing of it is shown or written. The
    /// shell ends where it fails.
    pub(super) fn session(&mut self, words: &[&str], profile: Option<&String>) {
        let profile = profile.map(|name| ["--profile", name]).into_iter().flatten();
        let command = shell::command(words.iter().copied().chain(profile));
        let names = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN";
        let _ =
            write!(self.0, "session=$({command}) || exit\nread -r {names} <<{END}\n$session\n{END}\nexport {names}\n");
    }

    /// A step of a fix.
    pub(super) fn step(&mut self, step: &Step) {
        self.say(&step.what);
        if let Some(command) = &step.command {
            let _ = writeln!(self.0, "{command}");
        }
    }

    /// Writes a JSON document to a file: nothing in it is expanded.
    ///
    /// Source: POSIX.1-2017, Shell Command Language, section 2.7.4 "Here-Document".
    pub(super) fn document(&mut self, file: &str, document: &Value) {
        let body = json::printed(document);
        let _ = write!(self.0, "cat > {} <<'{END}'\n{}\n{END}\n", shell::quote(file), body.trim_end());
    }

    /// As comments, line by line: a document that is only shown.
    pub(super) fn shown(&mut self, document: &Value) {
        json::printed(document).lines().for_each(|line| self.say(&format!("  {line}")));
    }
}
