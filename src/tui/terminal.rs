//! The terminal: taken, drawn on, and given back as it was, whatever happens.

use std::io::{self, BufWriter, Stdout, Write};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};

use color_eyre::config::HookBuilder;
use crossterm::event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, CrosstermBackend};
use rustix::process::getpgrp;
use rustix::termios::tcgetpgrp;

use super::app::App;
use super::draw;

/// The exit code after a panic: an internal error.
const INTERNAL: i32 = 70;

/// Whether the terminal is ours at the moment, so that giving it back twice does no harm.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal, given back when it is dropped.
pub struct Screen {
    // Never dropped: ratatui's own drop complains on standard error, and panics when that is gone with the terminal.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<BufWriter<Stdout>>>>,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// It is none, or it went away.
    pub fn open() -> io::Result<Self> {
        // crossterm turns `NO_COLOR` into a reset that takes bold and reverse away too; the theme does it right.
        crossterm::style::force_color_output(true);
        take()?;
        let backend = CrosstermBackend::new(BufWriter::with_capacity(1 << 16, io::stdout()));
        match Terminal::new(backend) {
            Ok(terminal) => Ok(Self { terminal: ManuallyDrop::new(terminal) }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// Draws one frame, in one piece for terminals that can.
    ///
    /// # Errors
    /// The terminal went away.
    pub fn draw(&mut self, app: &App) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| draw::draw(app, frame))?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        Write::flush(self.terminal.backend_mut())
    }

    /// Sends the terminal something that is not drawn.
    ///
    /// # Errors
    /// The terminal went away.
    pub fn send(&mut self, sequence: &str) -> io::Result<()> {
        self.terminal.backend_mut().write_all(sequence.as_bytes())?;
        Write::flush(self.terminal.backend_mut())
    }

    /// Takes the terminal again, after a stop, and forgets what was on it.
    ///
    /// # Errors
    /// The terminal went away.
    pub fn resume(&mut self) -> io::Result<()> {
        take()?;
        self.forget()
    }

    /// Forgets what is on the screen, so that the next frame draws every cell. ratatui's own `clear` would ask the terminal where the
    /// cursor is, and wait for an answer that only the reader of keys can get.
    ///
    /// # Errors
    /// The terminal went away.
    pub fn forget(&mut self) -> io::Result<()> {
        self.terminal.backend_mut().clear_region(ClearType::All)?;
        self.terminal.swap_buffers();
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, cursor::Hide)
}

/// Gives the terminal back. Nothing can be done about a failure here: the terminal is gone then.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
}

/// The shell took the terminal away without a word and gave it to another job: there is nothing to give back.
pub fn taken_away() {
    TAKEN.store(false, Ordering::SeqCst);
}

/// Whether this process may touch the terminal: another job that did would be stopped.
///
/// # Errors
/// The terminal went away.
pub fn is_in_foreground() -> io::Result<bool> {
    Ok(tcgetpgrp(io::stdin())? == getpgrp())
}

/// A panic in any task gives the terminal back, prints the report on the normal screen, and ends the program.
pub fn install_panic_hook() {
    let (report, errors) = HookBuilder::default().into_hooks();
    // `main` may have installed it; a second time changes nothing.
    let _ = errors.install();
    std::panic::set_hook(Box::new(move |info| {
        tracing::error!(at = info.location().map(tracing::field::display), "panicked");
        give_back();
        // Where the terminal is gone standard error is too; printing must not panic again.
        let _ = writeln!(io::stderr(), "{}", report.panic_report(info));
        std::process::exit(INTERNAL);
    }));
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    use super::*;

    /// Not a test of its own: the program that the next one runs in a terminal.
    #[test]
    #[ignore = "run by the test below, in a terminal"]
    fn panics_in_a_task_while_the_screen_is_open() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        install_panic_hook();
        let _screen = Screen::open().unwrap();
        runtime.block_on(async {
            let _ = tokio::spawn(async { panic!("on purpose") }).await;
            // Reached only if the panic did not end the program.
            std::process::exit(1);
        });
    }

    #[test]
    fn a_panic_in_a_task_gives_the_terminal_back_and_ends_with_70() {
        let pair =
            native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        let name = "tui::terminal::tests::panics_in_a_task_while_the_screen_is_open";
        command.args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"]);
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let reading = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            // The end of a terminal's output is an error on Linux.
            let _ = reader.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        let status = child.wait().unwrap();
        drop(pair.master);
        let output = reading.join().unwrap();
        assert_eq!(status.exit_code(), u32::try_from(INTERNAL).unwrap(), "{output}");
        let (entered, left) = (output.find("\u{1b}[?1049h").unwrap(), output.find("\u{1b}[?1049l").unwrap());
        let report = output.find("on purpose").unwrap();
        assert!(entered < left && left < report, "the report is printed on the normal screen: {output:?}");
        assert!(output.get(left..).unwrap().contains("\u{1b}[?25h"), "the cursor is shown again: {output:?}");
    }
}
