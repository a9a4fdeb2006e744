//! How long Wave keeps what a session gave it (S1-10, S1-28 to S1-30).

use std::time::Duration;

use jiff::SignedDuration;

use crate::model::finding::Fix;
use crate::model::{Finding, Severity};
use crate::systems::{PathRow, View};
use crate::values::lifetime::{MARGIN, in_minutes, usable_life, usable_until};

/// What Wave keeps a token for at most unless it is told otherwise: `wave.aws.ecr.cache.duration` (S1-30).
const MOST: Duration = Duration::from_secs(3 * 3_600);

/// So many tokens it keeps unless it is told otherwise: `wave.aws.ecr.cache.max-size` (S1-30).
const ENTRIES: u32 = 10_000;

/// A session that can be used for less than this ends during builds that are nothing out of the way (S1-35).
const SHORT: Duration = Duration::from_secs(30 * 60);

/// What is said of a text that is none, as a clause.
pub(super) const FORM: &str = "Wave takes a whole number with s, m, h or d behind it, such as 3h, or PT3H";

/// Reads a duration as Wave's configuration does: a whole number and `ns`, `ms`, `s`, `m`, `h` or `d`, or ISO 8601 from days down to seconds.
/// `None`: Wave takes none of it; or it is none, or longer than could be.
///
/// Source: Micronaut, `TimeConverterRegistrar`, whose pattern is `^(-?\d+)([unsmhd])(s?)$` and leaves what begins with `P` to Java's
/// `Duration.parse`.
pub(super) fn lasting(text: &str) -> Option<Duration> {
    let duration = match text.strip_prefix('P') {
        Some(rest) => iso(rest)?,
        None => short(text)?,
    };
    (!duration.is_zero()).then_some(duration)
}

/// The pattern lets an `s` stand behind every unit.
fn short(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let number = u64::try_from(number.parse::<i32>().ok()?).ok()?;
    let of_seconds = |seconds: u64| Some(Duration::from_secs(number.checked_mul(seconds)?));
    match unit {
        "ns" => Some(Duration::from_nanos(number)),
        "ms" => Some(Duration::from_millis(number)),
        "s" | "ss" => of_seconds(1),
        "m" => of_seconds(60),
        "h" | "hs" => of_seconds(3_600),
        "d" | "ds" => of_seconds(86_400),
        _ => None,
    }
}

/// What follows the `P`: days, and behind a `T` hours, minutes and seconds, each at most once and in this order.
fn iso(text: &str) -> Option<Duration> {
    let text = text.to_ascii_uppercase();
    let (days, time) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None => (text.as_str(), ""),
    };
    let days = match days {
        "" => 0,
        days => days.strip_suffix('D')?.parse::<u32>().ok()?,
    };
    let (mut rest, mut total) = (time, Duration::from_secs(u64::from(days) * 86_400));
    for (unit, seconds) in [('H', 3_600_u64), ('M', 60)] {
        if let Some((number, after)) = rest.split_once(unit) {
            total += Duration::from_secs(u64::from(number.parse::<u32>().ok()?) * seconds);
            rest = after;
        }
    }
    let seconds = match rest {
        "" => 0.0,
        rest => rest.strip_suffix('S').filter(|number| is_decimal(number))?.replace(',', ".").parse::<f64>().ok()?,
    };
    total.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

fn is_decimal(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
        && text.matches(['.', ',']).count() <= 1
}

/// How long Wave can keep a session of the path, where there is one.
pub(super) fn kept(view: &View<'_>, row: &PathRow) -> Option<Finding> {
    let ends = row.live.as_ref().and_then(|live| live.outcome.as_ref().ok()).copied()?;
    let most = view.settings.get("cache").and_then(lasting).unwrap_or(MOST);
    let now = view.facts.observed_at;
    let left = Duration::try_from(ends.duration_since(now)).unwrap_or_default();
    let (life, until) = (usable_life(left, most), usable_until(now, Some(ends), most));
    let claim = format!("Wave can keep a session of {} for {}.", row.label, in_minutes(life));
    let rule = format!(
        "its end less {}, at most {} (wave.aws.ecr.cache.duration), never under a minute",
        in_minutes(MARGIN),
        cached(most)
    );
    let finding = Finding::new(Severity::Ok, "wave/cache", &row.label, claim)
        .because(format!("until {}", until.strftime("%F %T UTC")))
        .because(rule)
        .because(format!("of {ENTRIES} registries at most, unless wave.aws.ecr.cache.max-size says otherwise"));
    Some(if usable_life(left, Duration::MAX) < SHORT {
        let finding = Finding { severity: Severity::Info, ..finding };
        let cure = "Ask for an hour: take --set duration away, and where Wave itself asks for less, have it ask for more. The role's MaxSessionDuration is an hour at least.";
        finding.because("a build that goes on longer takes new credentials in between").cure(Fix::advice(cure))
    } else {
        finding
    })
}

/// How long is kept at most, to the second: a person wrote it.
fn cached(most: Duration) -> String {
    let most = SignedDuration::try_from(most).unwrap_or(SignedDuration::MAX);
    format!("{most:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_as_micronaut_reads_it() {
        let seconds = |text: &str| lasting(text).map(|duration| duration.as_secs_f64());
        for (text, expected) in [
            ("3h", 10_800.0),
            ("45m", 2_700.0),
            ("10s", 10.0),
            ("1d", 86_400.0),
            ("10ms", 0.01),
            ("10ns", 1e-8),
            ("3hs", 10_800.0),
            ("PT3H", 10_800.0),
            ("P1DT1H1M1.5S", 90_061.5),
            ("Pt20m", 1_200.0),
            ("P2D", 172_800.0),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        let refused = [
            "3hours",
            "3 h",
            "3h30m",
            "90",
            "3us",
            "3w",
            "1.5h",
            "-3h",
            "0s",
            "h",
            "",
            "P",
            "PT",
            "P1DT",
            "P1Y",
            "P1W",
            "PT1M1H",
            "PT1.5H",
            "pt3h",
            "99999999999d",
            "PTS",
            "PT.S",
        ];
        for text in refused {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(cached(MOST), "3h");
    }
}
