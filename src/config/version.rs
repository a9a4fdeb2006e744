//! Versions of the webhook package, as far as they decide which field of `config.json` is read.

/// A released version: major, minor, patch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Version(pub u16, pub u16, pub u16);

impl Version {
    /// The version that an image tag names: `0.9.9`, `v0.9.9`, `0.9.9-20251218T0933Z`. `None` for `latest` and the like.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let bare = tag.strip_prefix('v').unwrap_or(tag);
        let core = bare.split(['-', '+']).next().unwrap_or(bare);
        let mut parts = core.split('.').map(|part| {
            let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            if digits { part.parse::<u16>().ok() } else { None }
        });
        let version = Self(parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(version)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// Which released versions read a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReadBy {
    /// All of them.
    Every,
    /// This one and newer ones.
    Since(Version),
    /// From the first to the last.
    Between(Version, Version),
    /// None that was ever released.
    None,
}

impl ReadBy {
    /// Whether a version reads the field.
    #[must_use]
    pub fn reads(self, version: Version) -> bool {
        match self {
            Self::Every => true,
            Self::Since(first) => version >= first,
            Self::Between(first, last) => (first..=last).contains(&version),
            Self::None => false,
        }
    }

    /// In words; `None` where every version reads it.
    #[must_use]
    pub fn words(self) -> Option<String> {
        match self {
            Self::Every => None,
            Self::Since(first) => Some(format!("read by {first} and newer")),
            Self::Between(first, last) => Some(format!("read by {first} to {last}")),
            Self::None => Some("read by no released version".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_versions_or_none() {
        for (tag, version) in [
            ("0.9.9", Some(Version(0, 9, 9))),
            ("v0.18.0", Some(Version(0, 18, 0))),
            ("0.10.0-20260101T0000Z", Some(Version(0, 10, 0))),
            ("latest", None),
            ("0.9", None),
            ("1.2.3.4", None),
            ("+1.2.3", None),
        ] {
            assert_eq!(Version::of_tag(tag), version, "{tag}");
        }
    }

    #[test]
    fn a_version_reads_what_it_knows() {
        let roles = ReadBy::Between(Version(0, 8, 0), Version(0, 9, 9));
        assert!(roles.reads(Version(0, 9, 9)) && !roles.reads(Version(0, 10, 0)) && !roles.reads(Version(0, 7, 9)));
        assert!(ReadBy::Since(Version(0, 13, 0)).reads(Version(0, 18, 0)) && !ReadBy::None.reads(Version(0, 18, 0)));
        assert_eq!(roles.words().unwrap(), "read by 0.8.0 to 0.9.9");
    }
}
