//! A shell with job control in a terminal: what Ctrl-Z and `fg` need.

use std::cell::Cell;
use std::path::Path;

use crate::terminal::{Launch, PATIENCE, Terminal};

const PROMPT: &str = "prompt> ";

/// An interactive shell.
pub struct Shell {
    /// Its terminal.
    pub terminal: Terminal,
    /// How many prompts had been written when the last command was typed.
    prompts: Cell<usize>,
}

impl Shell {
    /// Starts one, with this program as `$program`.
    pub fn start(program: &Path) -> Self {
        let launch = Launch::program("/bin/bash", &["--noprofile", "--norc", "-i"])
            .env("PS1", PROMPT)
            .env("INPUTRC", "inputrc")
            .env("HISTFILE", "/dev/null")
            .env("program", program);
        // The shell's own brackets would be mistaken for the program's.
        std::fs::write(launch.home().join("inputrc"), "set enable-bracketed-paste off\n").unwrap();
        let shell = Self { terminal: launch.start(), prompts: Cell::new(0) };
        shell.wait_for_prompt();
        // A job that outlives its terminal and spins is ended by the system.
        shell.run("ulimit -t 60");
        shell.wait_for_prompt();
        shell
    }

    /// Types a command line at the prompt.
    pub fn run(&self, line: &str) {
        self.prompts.set(count(&self.terminal.raw(), PROMPT));
        self.terminal.send(line);
        self.terminal.press("Enter");
    }

    /// Waits until the shell asks for the next command.
    ///
    /// What is typed before that is lost: the shell and the program each drop what came while the other had the
    /// terminal.
    pub fn wait_for_prompt(&self) {
        let before = self.prompts.get();
        self.terminal.wait_until("a prompt", PATIENCE, |output| count(&output.raw, PROMPT) > before);
    }

    /// Presses Ctrl-Z and waits until the shell has the terminal.
    pub fn suspend(&self) {
        let before = count(&self.terminal.raw(), "Stopped");
        self.terminal.press("Ctrl-Z");
        self.terminal.wait_until("a stopped job", PATIENCE, |output| count(&output.raw, "Stopped") > before);
        self.wait_for_prompt();
    }

    /// Asserts the exit code of the last command.
    pub fn expect_code(&self, expected: i32) {
        self.run("echo code=$?.");
        self.terminal.wait_for(&format!("code={expected}."), PATIENCE);
        self.wait_for_prompt();
    }
}

fn count(raw: &[u8], text: &str) -> usize {
    raw.windows(text.len()).filter(|window| *window == text.as_bytes()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_stops_and_goes_on() {
        let shell = Shell::start(Path::new("/bin/sh"));
        shell.run("$program -c 'echo st\"\"arted; exec cat'");
        shell.terminal.wait_for("started", PATIENCE);
        shell.terminal.send("hello\r");
        shell.terminal.wait_until("the line twice", PATIENCE, |output| output.text().matches("hello").count() == 2);
        shell.suspend();
        shell.run("fg");
        // The shell says which job it is when the terminal is out of its own hands.
        shell.terminal.wait_until("the job's name", PATIENCE, |output| output.text().ends_with("exec cat'"));
        shell.terminal.send("again\r");
        shell.terminal.wait_until("the line twice", PATIENCE, |output| output.text().matches("again").count() == 2);
        shell.terminal.press("Ctrl-D");
        shell.wait_for_prompt();
        shell.expect_code(0);
    }
}
