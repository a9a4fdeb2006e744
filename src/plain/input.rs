//! What is typed: lines of standard input, and an echo that can be switched off.

use std::io::{self, BufRead, IsTerminal};
use std::sync::{Mutex, PoisonError};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use tokio::sync::mpsc::{Receiver, channel};

use crate::values::SecretText;

/// The longest line that is taken, in bytes: as long as a secret can be.
const LONGEST: usize = 65_536;

/// The exit code after a panic: an internal error.
const INTERNAL: i32 = 70;

/// A line. It may be a secret, so all of them are kept as one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    /// Without its end.
    Text(SecretText),
    /// More than can be an answer.
    TooLong,
    /// No UTF-8.
    NoText,
}

/// The lines of standard input, read on a thread of its own: a look-up goes on while nothing is typed.
pub struct Lines {
    lines: Receiver<Line>,
    /// Whether someone types them.
    pub interactive: bool,
}

impl Lines {
    /// Begins to read. No more is read ahead than a line, so that an endless pipe takes no memory.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn listen() -> io::Result<Self> {
        let (tell, lines) = channel(1);
        std::thread::Builder::new().name("lines".into()).spawn(move || {
            let mut input = io::stdin().lock();
            // A terminal that went away reads as an error: the end of input as well.
            while let Ok(Some(line)) = read_line(&mut input) {
                if tell.blocking_send(line).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { lines, interactive: io::stdin().is_terminal() })
    }

    /// The next line; `None` at the end of input.
    pub async fn next(&mut self) -> Option<Line> {
        self.lines.recv().await
    }
}

/// Reads up to the end of a line, or of the input if something stands before it.
fn read_line(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let (mut bytes, mut too_long, mut any) = (Vec::new(), false, false);
    loop {
        let held = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        if held.is_empty() {
            return Ok(any.then(|| line(bytes, too_long)));
        }
        any = true;
        let end = held.iter().position(|byte| *byte == b'\n');
        let part = held.get(..end.unwrap_or(held.len())).unwrap_or_default();
        too_long |= bytes.len() + part.len() > LONGEST;
        if !too_long {
            bytes.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            return Ok(Some(line(bytes, too_long)));
        }
    }
}

fn line(mut bytes: Vec<u8>, too_long: bool) -> Line {
    if too_long {
        return Line::TooLong;
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    String::from_utf8(bytes).map_or(Line::NoText, |text| Line::Text(SecretText::new(text)))
}

/// The terminal's settings from before the echo was switched off, while it is.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// What is typed is not shown until this is dropped, however that comes about.
#[derive(Debug)]
pub struct Hidden(());

impl Hidden {
    /// Switches the echo off, and with it Ctrl-Z, so that no shell is left without an echo. `None`: standard input is no terminal and shows
    /// nothing anyway.
    ///
    /// # Errors
    /// The terminal refuses: nothing secret may be typed then.
    pub fn begin() -> io::Result<Option<Self>> {
        let stdin = io::stdin();
        if !stdin.is_terminal() {
            return Ok(None);
        }
        let before = tcgetattr(&stdin)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ECHOE | LocalModes::ECHOK | LocalModes::ECHONL);
        // `_POSIX_VDISABLE`.
        hidden.special_codes[SpecialCodeIndex::VSUSP] = 0;
        *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
        tcsetattr(&stdin, OptionalActions::Drain, &hidden)?;
        Ok(Some(Self(())))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        show_again();
    }
}

/// Switches the echo on again, if it is off.
pub fn show_again() {
    if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        // Nothing can be done about a failure: the terminal is gone then.
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &before);
    }
}

/// A panic in any task gives the echo back, is reported, and ends the program.
pub fn install_panic_hook() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        show_again();
        report(info);
        std::process::exit(INTERNAL);
    }));
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    use super::*;

    fn lines(input: &[u8]) -> Vec<Line> {
        let mut input = io::BufReader::with_capacity(7, input);
        std::iter::from_fn(|| read_line(&mut input).unwrap()).collect()
    }

    fn text(text: &str) -> Line {
        Line::Text(SecretText::new(text))
    }

    #[test]
    fn a_secret_is_taken_as_it_is_but_for_the_end_of_its_line() {
        assert_eq!(
            lines(b"  spaced and longer than a buffer \r\n\nlast"),
            [text("  spaced and longer than a buffer "), text(""), text("last")]
        );
        assert_eq!(lines(b""), []);
    }

    #[test]
    fn what_is_no_answer_is_told_from_the_next_line() {
        let long = [vec![b'x'; LONGEST + 1], b"\nnext\n".to_vec()].concat();
        assert_eq!(lines(&long), [Line::TooLong, text("next")]);
        assert_eq!(lines(b"\xff\xfe\nnext\n"), [Line::NoText, text("next")]);
        assert_eq!(lines(&[b'x'; LONGEST]).len(), 1);
    }

    #[test]
    fn a_line_is_never_printed_by_accident() {
        assert!(!format!("{:?}", text("canary-7")).contains("canary"));
    }

    /// Not a test of its own: the program that the next one runs in a terminal.
    #[test]
    #[ignore = "run by the test below, in a terminal"]
    fn panics_in_a_task_while_the_echo_is_off() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        install_panic_hook();
        let _hidden = Hidden::begin().unwrap().expect("standard input is a terminal");
        runtime.block_on(async {
            let _ = tokio::spawn(async { panic!("on purpose") }).await;
            // Reached only if the panic did not end the program.
            std::process::exit(1);
        });
    }

    #[test]
    fn a_panic_in_a_task_gives_the_echo_back_and_ends_with_70() {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let before = format!("{:?}", pair.master.get_termios().unwrap());
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        let name = "plain::input::tests::panics_in_a_task_while_the_echo_is_off";
        command.args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"]);
        let mut child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let reading = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            // The end of a terminal's output is an error on Linux.
            let _ = reader.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        let status = child.wait().unwrap();
        let after = format!("{:?}", pair.master.get_termios().unwrap());
        drop(pair);
        let output = reading.join().unwrap();
        assert_eq!(status.exit_code(), u32::try_from(INTERNAL).unwrap(), "{output}");
        assert!(output.contains("on purpose"), "{output:?}");
        assert_eq!(before, after);
    }
}
