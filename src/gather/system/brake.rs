//! Slowing down when AWS asks for it: all paths of a look wait, the longer the more often it asks.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What is waited the first time. The SDK has waited and tried again before that.
const FIRST: Duration = Duration::from_secs(1);

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(16);

/// So many waits in a row without any answer between them, and nothing is asked again any more.
const WAITS: u32 = 6;

/// Shared by all paths of a look.
#[derive(Debug, Default)]
pub(super) struct Brake(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Nothing begins before.
    until: Option<Instant>,
    /// Waits since the last answer.
    waits: u32,
}

impl Brake {
    /// Waits for as long as was asked.
    pub(super) async fn pass(&self) {
        while let Some(until) = self.until().filter(|until| *until > Instant::now()) {
            tokio::time::sleep_until(until).await;
        }
    }

    /// AWS answered.
    pub(super) fn answered(&self) {
        self.lock().waits = 0;
    }

    /// AWS asked to slow down, of something that began at `since`. Whether it is worth asking again.
    pub(super) fn strike(&self, since: Instant) -> bool {
        let mut state = self.lock();
        // What had begun before all were told to wait says nothing new.
        if state.until.is_none_or(|until| until <= since) {
            if state.waits >= WAITS {
                return false;
            }
            let pause = FIRST.saturating_mul(1 << state.waits.min(8)).min(LONGEST);
            state.until = Some(Instant::now() + pause);
            state.waits += 1;
        }
        true
    }

    fn until(&self) -> Option<Instant> {
        self.lock().until
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn all_wait_longer_each_time_and_in_the_end_nobody_asks_again() {
        let brake = Brake::default();
        let mut waited = Vec::new();
        loop {
            let since = Instant::now();
            if !brake.strike(since) {
                break;
            }
            assert!(brake.strike(since), "the second of the same moment lengthens nothing");
            brake.pass().await;
            waited.push(since.elapsed().as_secs());
        }
        assert_eq!(waited, [1, 2, 4, 8, 16, 16]);
        brake.answered();
        assert!(brake.strike(Instant::now()), "after an answer it begins anew");
    }
}
