//! How far a long look-up is, and how long it will still take.

use std::collections::VecDeque;
use std::time::Duration;

use crate::values::text::grouped;

/// The pace is that of so many of the last landings.
const WINDOW: usize = 64;

/// Of fewer no pace is made out.
const FEWEST: usize = 8;

/// How many of how many are done, and how fast the last of them came. Times count from the beginning, on a clock that only goes forward.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    total: usize,
    done: usize,
    /// The last landings: when, and how many were done with it. The first is the beginning itself, until it is so long ago that it is dropped.
    landings: VecDeque<(Duration, usize)>,
}

impl Progress {
    /// Nothing done yet.
    #[must_use]
    pub fn of(total: usize) -> Self {
        Self { total, done: 0, landings: VecDeque::from([(Duration::ZERO, 0)]) }
    }

    /// `count` more are done, `at` after the beginning.
    pub fn land(&mut self, count: usize, at: Duration) {
        self.done = (self.done + count).min(self.total);
        self.landings.push_back((at, self.done));
        if self.landings.len() > WINDOW {
            self.landings.pop_front();
        }
    }

    /// How many are done.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.done
    }

    /// How many there are.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.total
    }

    /// How long the rest will take at the pace of the last ones, `now` after the beginning. Where none has ended for longer than that pace
    /// says, the wait counts: the pace has dropped. `None`: too few are done to tell, or all are.
    #[must_use]
    pub fn remaining(&self, now: Duration) -> Option<Duration> {
        let left = self.total - self.done;
        if left == 0 || self.done < FEWEST {
            return None;
        }
        let ((first, before), (last, done)) = (*self.landings.front()?, *self.landings.back()?);
        let span = last.saturating_sub(first);
        let gap = span.div_f64(self.landings.len().saturating_sub(1).max(1) as f64);
        let waiting = now.saturating_sub(last);
        let overdue = waiting.saturating_sub(gap * 2);
        let each = (span + overdue).div_f64(done.saturating_sub(before).max(1) as f64);
        Some(each.mul_f64(left as f64).saturating_sub(waiting.saturating_sub(overdue)))
    }

    /// "412 of 1,000, about 20 s left", `now` after the beginning.
    #[must_use]
    pub fn words(&self, now: Duration) -> String {
        let so_far = format!("{} of {}", grouped(self.done), grouped(self.total));
        match self.remaining(now) {
            Some(left) => format!("{so_far}, {}", about(left)),
            None => so_far,
        }
    }
}

/// "about 20 s left": no finer than anybody could tell.
fn about(left: Duration) -> String {
    match left.as_secs() {
        0..3 => "a few seconds left".into(),
        seconds @ 3..10 => format!("about {seconds} s left"),
        seconds @ 10..60 => format!("about {} s left", seconds.div_ceil(5) * 5),
        seconds => format!("about {} min left", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(number: u64) -> Duration {
        Duration::from_millis(number)
    }

    /// `done` of `total`, one every `each` milliseconds.
    fn even(done: u64, total: usize, each: u64) -> Progress {
        let mut progress = Progress::of(total);
        (1..=done).for_each(|number| progress.land(1, ms(number * each)));
        progress
    }

    #[test]
    fn the_rest_takes_as_long_as_the_pace_of_the_last_ones_says() {
        for (progress, now, words) in [
            (Progress::of(1_000), ms(0), "0 of 1,000"),
            (even(7, 1_000, 10), ms(70), "7 of 1,000"),
            (even(8, 1_000, 10), ms(80), "8 of 1,000, about 9 s left"),
            (even(412, 1_000, 34), ms(412 * 34), "412 of 1,000, about 20 s left"),
            (even(100, 1_000, 200), ms(20_000), "100 of 1,000, about 3 min left"),
            (even(990, 1_000, 10), ms(9_900), "990 of 1,000, a few seconds left"),
            (even(1_000, 1_000, 10), ms(10_000), "1,000 of 1,000"),
            (Progress::of(0), ms(0), "0 of 0"),
        ] {
            assert_eq!(progress.words(now), words);
        }
    }

    #[test]
    fn what_was_slow_long_ago_does_not_count_any_more() {
        let mut progress = Progress::of(1_000);
        (1..=100).for_each(|number| progress.land(1, ms(number * 1_000)));
        (1..=100).for_each(|number| progress.land(1, ms(100_000 + number * 10)));
        assert_eq!(progress.remaining(ms(101_000)), Some(ms(8_000)));
    }

    #[test]
    fn several_at_once_are_a_pace_too_and_a_pause_lengthens_it() {
        let mut progress = Progress::of(1_000);
        (1..=20).for_each(|number| progress.land(16, ms(number * 50)));
        let at_once = progress.remaining(ms(1_000)).unwrap();
        assert!((ms(1_500)..ms(2_800)).contains(&at_once), "680 are left, 16 every 50 ms: {at_once:?}");
        assert!(progress.remaining(ms(1_040)).unwrap() <= at_once, "it runs down between two landings");
        assert!(progress.remaining(ms(9_000)).unwrap() > at_once * 4, "nothing has ended for eight seconds");
    }
}
