//! Points in time and durations, as people read them.

use std::time::Duration;

pub use jiff::Timestamp;

use super::text::counted;

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
    format!("{} ago", counted(count, unit))
}

/// A day and a time of day as people say them, in a time zone: "today 09:10", "yesterday 14:02", "2026-03-01 14:02".
#[must_use]
pub fn day_and_time(then: Timestamp, now: Timestamp, zone: &jiff::tz::TimeZone) -> String {
    let (then, now) = (then.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let day = if then.date() == now.date() {
        "today".to_owned()
    } else if now.date().yesterday().is_ok_and(|yesterday| yesterday == then.date()) {
        "yesterday".to_owned()
    } else {
        then.strftime("%Y-%m-%d").to_string()
    };
    format!("{day} {}", then.strftime("%H:%M"))
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

    #[test]
    fn days_are_those_of_the_time_zone() {
        let now: Timestamp = "2026-03-04T00:30:00Z".parse().unwrap();
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(1));
        for (then, text) in [
            ("2026-03-03T23:10:00Z", "today 00:10"),
            ("2026-03-03T13:02:00Z", "yesterday 14:02"),
            ("2026-03-01T13:02:00Z", "2026-03-01 14:02"),
        ] {
            assert_eq!(day_and_time(then.parse().unwrap(), now, &zone), text);
        }
    }
}
