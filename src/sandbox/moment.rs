//! Points in time as a world file writes them.

use jiff::SignedDuration;
use serde::Deserialize;

use crate::values::time::Timestamp;

/// `"-3d"` or `"+2h"` counted from the moment the world was loaded, or a fixed time in RFC 3339.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) enum Moment {
    /// So much after loading; before it when negative.
    FromLoading(SignedDuration),
    /// That very moment, UTC.
    At(Timestamp),
}

impl Moment {
    /// The point in time, in a world that was loaded at `loaded`.
    pub(super) fn resolve(self, loaded: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::FromLoading(offset) => loaded.checked_add(offset).unwrap_or(loaded),
        }
    }

    /// So many days before loading.
    pub(super) const fn days_ago(days: i64) -> Self {
        Self::FromLoading(SignedDuration::from_hours(-24 * days))
    }
}

impl Default for Moment {
    fn default() -> Self {
        Self::days_ago(400)
    }
}

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if let Ok(time) = text.parse() {
            return Ok(Self::At(time));
        }
        relative(&text)
            .map(Self::FromLoading)
            .ok_or_else(|| format!("`{text}` is no time: write `-3d`, `+2h`, `-15m`, `-30s` or RFC 3339"))
    }
}

fn relative(text: &str) -> Option<SignedDuration> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let unit = match rest.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let count: i64 = rest.get(..rest.len() - 1)?.parse().ok().filter(|count| (0..=100_000).contains(count))?;
    Some(SignedDuration::from_secs(sign * count * unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_relative_or_fixed() {
        let loaded: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
        for (text, time) in [
            ("-3d", "2026-03-01T12:00:00Z"),
            ("+2h", "2026-03-04T14:00:00Z"),
            ("-15m", "2026-03-04T11:45:00Z"),
            ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
        ] {
            let moment = Moment::try_from(text.to_owned()).unwrap();
            assert_eq!(moment.resolve(loaded), time.parse().unwrap(), "{text}");
        }
        for wrong in ["", "3d", "-d", "-3w", "--3d", "-3é", "yesterday"] {
            assert!(Moment::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
