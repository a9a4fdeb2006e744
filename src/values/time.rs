//! Points in time and durations, as people read them.

use std::time::Duration;

pub use jiff::Timestamp;

/// "84 ms", "1.2 s", "2 min 5 s".
#[must_use]
pub fn short(duration: Duration) -> String {
    let millis = duration.as_millis();
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..60_000 => format!("{}.{} s", millis / 1_000, millis % 1_000 / 100),
        _ => format!("{} min {} s", millis / 60_000, millis % 60_000 / 1_000),
    }
}

/// How long ago, roughly: "just now", "5 minutes ago", "3 days ago". A time ahead of `now` reads "just now".
#[must_use]
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(then).as_secs().max(0);
    let (count, unit) = match seconds {
        0..60 => return "just now".into(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_on_the_screen() {
        for (millis, text) in [(0, "0 ms"), (84, "84 ms"), (1_240, "1.2 s"), (59_999, "59.9 s"), (125_000, "2 min 5 s")]
        {
            assert_eq!(short(Duration::from_millis(millis)), text);
        }
    }

    #[test]
    fn ages_are_rounded_down() {
        let now: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
        for (then, text) in [
            ("2026-03-04T11:59:30Z", "just now"),
            ("2026-03-04T11:58:30Z", "1 minute ago"),
            ("2026-03-04T09:00:00Z", "3 hours ago"),
            ("2026-03-01T11:00:00Z", "3 days ago"),
            ("2026-03-04T13:00:00Z", "just now"),
        ] {
            assert_eq!(ago(then.parse().unwrap(), now), text);
        }
    }
}
