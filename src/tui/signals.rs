//! What concerns a terminal program from outside: signals, and a terminal that goes away without one.

use std::io;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal as Kill, kill_current_process_group};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The exit code when the terminal goes away: 128 and the number of SIGHUP.
pub const HUNG_UP: u8 = 129;

/// What was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// Leave, with this exit code (128 and the signal's number).
    Leave(u8),
    /// Awake again after a stop.
    Continued,
}

/// Listens.
pub struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
    resumed: Signal,
    gone: UnboundedReceiver<()>,
}

impl Signals {
    /// Begins to listen.
    ///
    /// # Errors
    /// The operating system refuses.
    pub fn listen() -> io::Result<Self> {
        let (tell, gone) = unbounded_channel();
        std::thread::Builder::new().name("hang-up".into()).spawn(move || {
            if wait_for_hang_up() {
                let _ = tell.send(());
            }
        })?;
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            resumed: signal(SignalKind::from_raw(Kill::CONT.as_raw()))?,
            gone,
        })
    }

    /// The next one.
    pub async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.hangup.recv() => Told::Leave(HUNG_UP),
            Some(()) = self.gone.recv() => Told::Leave(HUNG_UP),
            _ = self.interrupt.recv() => Told::Leave(130),
            _ = self.terminate.recv() => Told::Leave(143),
            _ = self.resumed.recv() => Told::Continued,
        }
    }

    /// Stops the whole process group, as Ctrl-Z does in a terminal that is not in raw mode. Comes back when it is continued, or at once
    /// where nobody could continue it: the kernel discards the signal in an orphaned group.
    ///
    /// # Errors
    /// The operating system refuses.
    pub async fn stop_here(&mut self) -> io::Result<()> {
        kill_current_process_group(Kill::TSTP)?;
        let _ = tokio::time::timeout(Duration::from_millis(50), self.resumed.recv()).await;
        Ok(())
    }
}

/// Waits until the terminal is gone; `false`: it cannot be watched. A leader that keeps SIGHUP to itself leaves nothing but this to see it by,
/// and the event stream spins at the end of its input instead of ending.
fn wait_for_hang_up() -> bool {
    let stdin = io::stdin();
    let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
    loop {
        match poll(&mut watched, None) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Ok(_) => return true,
            Err(_) => return false,
        }
    }
}
