//! A program in a pseudo-terminal, met as a person meets it: keys in, a screen out.
//!
//! Waiting never sleeps for a guessed time: it wakes with each piece of output and gives up at a deadline.

mod keys;
mod launch;
mod modes;
mod output;
#[cfg(test)]
mod tests;

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtyPair, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tempfile::TempDir;

use crate::processes::starting;
pub use launch::Launch;
use output::{Exit, Output, Watched};

/// How long anything may take on a busy machine before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Columns and rows.
pub type Size = (u16, u16);

/// The hard size.
pub const STANDARD: Size = (80, 24);

type Master = Arc<Mutex<Box<dyn MasterPty + Send>>>;
type Writer = Arc<Mutex<Box<dyn Write + Send>>>;

/// A running program and its terminal. Dropped, it is killed.
pub struct Terminal {
    master: Master,
    writer: Writer,
    output: Arc<Watched<Output>>,
    settings_before: String,
    process: Pid,
    home: Arc<TempDir>,
}

impl Terminal {
    /// Starts `rolecall` with these arguments and variables in a terminal of this size.
    pub fn spawn(arguments: &[&str], environment: &[(&str, &str)], size: Size) -> Self {
        Launch::rolecall(arguments).envs(environment.iter().copied()).size(size).start()
    }

    fn start(launch: Launch) -> Self {
        let started = starting();
        let PtyPair { master, slave } = native_pty_system().openpty(pty_size(launch.size)).unwrap();
        let mut command = CommandBuilder::new(&launch.program);
        command.args(&launch.arguments);
        command.cwd(launch.home());
        command.env_clear();
        for (name, value) in &launch.environment {
            command.env(name, value);
        }
        let settings_before = settings(master.as_ref());
        let child = slave.spawn_command(command).unwrap();
        drop(started);
        let process = Pid::from_raw(child.process_id().unwrap().try_into().unwrap()).unwrap();

        let output = Arc::new(Watched::new(Output::new(launch.size)));
        let writer = Arc::new(Mutex::new(master.take_writer().unwrap()));
        read_on(master.try_clone_reader().unwrap(), Arc::clone(&output), Arc::clone(&writer));
        let master = Arc::new(Mutex::new(master));
        wait_on(child, process, Arc::clone(&master), slave, Arc::clone(&output));
        Self { master, writer, output, settings_before, process, home: launch.home }
    }

    /// The program's home.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Presses these keys, named as in "Down Down Enter Ctrl-C".
    pub fn press(&self, names: &str) {
        names.split(' ').for_each(|name| self.send(&keys::bytes(name)));
    }

    /// Types this text.
    pub fn send(&self, text: &str) {
        let mut writer = self.writer.lock().unwrap();
        writer.write_all(text.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Pastes this as a terminal does: in brackets if the program asked for them.
    pub fn paste(&self, text: &str) {
        if self.output.look(|output| output.screen().bracketed_paste()) {
            self.send(&format!("\x1b[200~{text}\x1b[201~"));
        } else {
            self.send(text);
        }
    }

    /// Changes the size; the program is told by SIGWINCH.
    pub fn resize(&self, size: Size) {
        self.output.change(|output| output.resize(size));
        self.master.lock().unwrap().resize(pty_size(size)).unwrap();
    }

    /// Changes the size and waits until the program has answered with output and gone quiet again.
    pub fn resize_and_settle(&self, size: Size) {
        let before = self.output.look(|output| output.raw.len());
        self.resize(size);
        self.wait_until("output after the new size", PATIENCE, |output| output.raw.len() > before);
        self.settle(Duration::from_millis(150));
    }

    /// Waits until the screen shows this text within one line.
    pub fn wait_for(&self, text: &str, limit: Duration) {
        self.wait_until(&format!("the text {text:?}"), limit, |output| output.text().contains(text));
    }

    /// Waits until the screen no longer shows this text.
    pub fn wait_gone(&self, text: &str, limit: Duration) {
        self.wait_until(&format!("the text {text:?} to go"), limit, |output| !output.text().contains(text));
    }

    /// Waits until the alternate screen is entered, or left.
    pub fn wait_alternate_screen(&self, entered: bool, limit: Duration) {
        let what = if entered { "the alternate screen" } else { "the normal screen" };
        self.wait_until(what, limit, |output| output.screen().alternate_screen() == entered);
    }

    /// Waits until nothing was written for this long.
    pub fn settle(&self, quiet: Duration) {
        self.output.wait_quiet(quiet, PATIENCE, |output| output.raw.len());
    }

    /// Waits until `is` holds of the output; panics with the screen at the deadline, or when no more can come.
    pub fn wait_until(&self, what: &str, limit: Duration, is: impl Fn(&Output) -> bool) {
        self.output.wait(limit, |output| is(output) || output.closed);
        let (holds, code, picture) =
            self.output.look(|output| (is(output), output.exit.as_ref().map(|exit| exit.code), output.text()));
        match code {
            _ if holds => {}
            Some(code) => panic!("waiting for {what}, but it ended with {code}; the screen:\n{picture}"),
            None => panic!("waited {limit:?} for {what}; the screen:\n{picture}"),
        }
    }

    /// What the screen shows, without blanks at the ends of lines.
    pub fn screen(&self) -> String {
        self.output.look(Output::text)
    }

    /// Looks at the screen with its colours.
    pub fn look<R>(&self, with: impl FnOnce(&vt100::Screen) -> R) -> R {
        self.output.look(|output| with(output.screen()))
    }

    /// Every byte that was written so far.
    pub fn raw(&self) -> Vec<u8> {
        self.output.look(|output| output.raw.clone())
    }

    /// Whether the program still runs (or is stopped).
    pub fn is_alive(&self) -> bool {
        self.output.look(|output| output.exit.is_none())
    }

    /// Sends the program a signal.
    pub fn kill(&self, signal: Signal) {
        kill_process(self.process, signal).unwrap();
    }

    /// Waits for the end and gives the exit code as a shell has it: 128 and the signal's number after a signal.
    ///
    /// All output has been read when it returns.
    pub fn exit_code(&self, limit: Duration) -> i32 {
        assert!(
            self.output.wait(limit, |output| output.exit.is_some()),
            "still running after {limit:?}; the screen:\n{}",
            self.screen()
        );
        // A process that it left behind may hold the terminal open.
        self.output.wait(Duration::from_secs(2), |output| output.closed);
        self.output.look(|output| output.exit.as_ref().unwrap().code)
    }

    /// The modes that the output so far leaves on: alternate screen, hidden cursor and the like.
    pub fn modes_left_on(&self) -> Vec<String> {
        self.output.look(|output| modes::left_on(&output.raw))
    }

    /// What the terminal was not given back as: empty if all is as it was before the program started.
    pub fn left_behind(&self) -> Vec<String> {
        let mut left = self.modes_left_on();
        let after = self.output.look(|output| output.exit.as_ref().map(|exit| exit.settings.clone()));
        let after = after.unwrap_or_else(|| settings(self.master.lock().unwrap().as_ref()));
        if after != self.settings_before {
            left.push(format!("terminal settings: before {} after {after}", self.settings_before));
        }
        left
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.is_alive() {
            let _ = kill_process(self.process, Signal::KILL);
        }
    }
}

/// Reads until the terminal is closed, answering what the program asks.
fn read_on(mut reader: Box<dyn Read + Send>, output: Arc<Watched<Output>>, writer: Writer) {
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(length @ 1..) = reader.read(&mut buffer) {
            let answers = output.change(|output| output.take(&buffer[..length]));
            if !answers.is_empty() {
                let mut writer = writer.lock().unwrap();
                let _ = writer.write_all(&answers).and_then(|()| writer.flush());
            }
        }
        output.change(|output| output.closed = true);
    });
}

/// Waits for the program's end and notes it, with the terminal's settings; then lets go of the terminal.
fn wait_on(
    mut child: Box<dyn Child + Send + Sync>,
    process: Pid,
    master: Master,
    slave: Box<dyn SlavePty + Send>,
    output: Arc<Watched<Output>>,
) {
    thread::spawn(move || {
        let code = exit_code_of(process);
        let settings = settings(master.lock().unwrap().as_ref());
        output.change(|output| output.exit = Some(Exit { code, settings }));
        drop(slave);
        // Reaped only now, so that no signal goes to another process that took the number over.
        let _ = child.wait();
    });
}

/// Waits for the end of a child without reaping it.
fn exit_code_of(process: Pid) -> i32 {
    loop {
        match waitid(WaitId::Pid(process), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
            Ok(Some(status)) => {
                return status
                    .exit_status()
                    .or_else(|| status.terminating_signal().map(|signal| 128 + signal))
                    .unwrap();
            }
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => panic!("the program cannot be waited for: {error}"),
        }
    }
}

/// The terminal's settings (echo, line mode, signals and so on), to be compared.
fn settings(master: &dyn MasterPty) -> String {
    let termios = master.get_termios().unwrap();
    format!(
        "{:?} {:?} {:?} {:?} {:?}",
        termios.input_flags, termios.output_flags, termios.control_flags, termios.local_flags, termios.control_chars
    )
}

fn pty_size((cols, rows): Size) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// Rows and columns as the screen's model wants them.
fn screen_size((columns, rows): Size) -> (NonZeroU16, NonZeroU16) {
    (NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap())
}
