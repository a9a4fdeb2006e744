//! A signal while something is written or much is looked up: what is in flight is ended, nothing is begun, and what was done is printed.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// What was told from outside.
#[derive(Debug)]
pub struct Told {
    cancel: CancellationToken,
    code: Arc<AtomicU8>,
}

impl Told {
    /// Begins to listen; the signals end the program no longer.
    ///
    /// # Errors
    /// The operating system refuses.
    pub fn listen() -> io::Result<Self> {
        let told = Self { cancel: CancellationToken::new(), code: Arc::default() };
        // 128 and the signal's number, as shells have it.
        for (kind, code) in
            [(SignalKind::hangup(), 129), (SignalKind::interrupt(), 130), (SignalKind::terminate(), 143)]
        {
            let mut signals = signal(kind)?;
            let (cancel, told) = (told.cancel.clone(), told.code.clone());
            tokio::spawn(async move {
                if signals.recv().await.is_some() {
                    told.store(code, Ordering::SeqCst);
                    cancel.cancel();
                }
            });
        }
        Ok(told)
    }

    /// Cancelled by the first signal.
    #[must_use]
    pub fn cancel(&self) -> CancellationToken {
        self.cancel.clone()
    }

    /// The exit code to leave with, if there was a signal.
    #[must_use]
    pub fn code(&self) -> Option<u8> {
        Some(self.code.load(Ordering::SeqCst)).filter(|code| *code != 0)
    }
}
