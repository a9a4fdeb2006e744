//! `DateEquals` and its like: ISO 8601 (the W3C profile) or seconds since 1970.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A year, a month, a day, a time (UTC where it names no offset), or seconds since 1970.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    if text.len() > 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Timestamp::from_second(text.parse().ok()?).ok();
    }
    if let Ok(timestamp) = text.parse() {
        return Some(timestamp);
    }
    let day = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let time = day.parse::<Date>().ok().filter(|_| day.len() == 10).map(|date| date.at(0, 0, 0, 0));
    time.or_else(|| day.parse::<DateTime>().ok())?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::super::operator::Order;
    use super::*;

    fn holds(order: Order, actual: &str, expected: &str) -> Option<bool> {
        order.of(read(actual)?, read(expected)?)
    }

    #[test]
    fn dates_are_read_in_both_forms() {
        let noon = "2026-11-21T12:00:00Z";
        for (text, same) in [
            ("2026-11-21T12:00:00Z", true),
            ("2026-11-21T12:00Z", true),
            ("2026-11-21T13:00:00+01:00", true),
            ("2026-11-21T12:00:00", true),
            ("2026-11-21T12:00:00.000Z", true),
            ("1795262400", true),
            ("2026-11-21", false),
        ] {
            assert_eq!(holds(Order::Equal, noon, text), Some(same), "{text}");
        }
        for (text, after) in [("2026", true), ("2026-11", true), ("2027", false), ("2026-11-22", false)] {
            assert_eq!(holds(Order::Greater, noon, text), Some(after), "{text}");
        }
        for wrong in ["", "soon", "2026-13-01", "99999999999999999999", "21.11.2026"] {
            assert_eq!(holds(Order::Equal, noon, wrong), None, "{wrong}");
        }
    }
}
