//! How long credentials that end can be used again.

use std::time::Duration;

use super::text::counted;
use super::time::Timestamp;

/// They are renewed so long before they end, for clocks that differ and for calls under way (C15, S1-10).
pub const MARGIN: Duration = Duration::from_secs(5 * 60);

/// They are kept no shorter than this (S1-29).
pub const SHORTEST: Duration = Duration::from_secs(60);

/// How long credentials that end in `left` are kept: until five minutes before their end, no longer than `most`, and never under a minute
/// (S1-28, S1-29).
#[must_use]
pub fn usable_life(left: Duration, most: Duration) -> Duration {
    left.saturating_sub(MARGIN).min(most).max(SHORTEST)
}

/// Until when, UTC. Credentials whose end is not known are kept for `most`.
#[must_use]
pub fn usable_until(now: Timestamp, ends: Option<Timestamp>, most: Duration) -> Timestamp {
    let left = ends.map(|ends| Duration::try_from(ends.duration_since(now)).unwrap_or_default());
    let life = left.map_or(most, |left| usable_life(left, most));
    now.checked_add(life).unwrap_or(Timestamp::MAX)
}

/// In whole minutes, rounded to the nearest: "55 minutes", "1 minute". A call takes a moment, by which a session's hour is never whole.
#[must_use]
pub fn in_minutes(life: Duration) -> String {
    counted((life.as_secs_f64() / 60.0).round(), "minute")
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn minutes(count: u64) -> Duration {
        Duration::from_secs(count * 60)
    }

    #[test]
    fn five_minutes_are_left_and_never_less_than_one_kept() {
        for (left, most, kept) in [
            (6, 180, 1),
            (10, 180, 5),
            (30, 180, 25),
            (60, 180, 55),
            (200, 180, 180),
            (60, 20, 20),
            (5, 180, 1),
            (0, 180, 1),
            (60, 0, 1),
        ] {
            assert_eq!(usable_life(minutes(left), minutes(most)), minutes(kept), "{left} min, at most {most} min");
        }
    }

    #[test]
    fn the_moment_that_a_call_took_costs_no_minute() {
        for (millis, told) in [
            (3_299_860, "55 minutes"),
            (599_860, "10 minutes"),
            (60_000, "1 minute"),
            (89_000, "1 minute"),
            (0, "0 minutes"),
        ] {
            assert_eq!(in_minutes(Duration::from_millis(millis)), told);
        }
    }

    #[test]
    fn an_end_that_is_past_or_not_known_has_its_answer_too() {
        let now: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
        for (ends, until) in [
            (Some("2026-03-04T13:00:00Z"), "2026-03-04T12:55:00Z"),
            (Some("2026-03-04T11:00:00Z"), "2026-03-04T12:01:00Z"),
            (None, "2026-03-04T15:00:00Z"),
        ] {
            let ends = ends.map(|ends| ends.parse().unwrap());
            assert_eq!(usable_until(now, ends, minutes(180)), until.parse::<Timestamp>().unwrap(), "{ends:?}");
        }
    }
}
