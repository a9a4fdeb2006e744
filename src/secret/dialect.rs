//! Which generation of the webhook a secret was written for (C10).

use super::{Document, Key};

/// A spelling of the secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// The 11 keys in capitals.
    Specification,
    /// The names in small letters that releases from 0.6.0 read.
    Shipped,
    /// `client_id`, `client_secret` and `tenant` alone, as before 0.6.0.
    Legacy,
    /// Both spellings, which every reader accepts.
    Both,
    /// Neither.
    Unrecognised,
}

impl Dialect {
    /// What reads it, in a phrase.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Specification => "specification (11 keys in capitals)",
            Self::Shipped => "shipped runtimes (names in small letters)",
            Self::Legacy => "runtimes before 0.6.0 (3 names in small letters)",
            Self::Both => "both spellings, which every runtime accepts",
            Self::Unrecognised => "no known spelling",
        }
    }
}

/// Tells which spelling a secret speaks. Of a mixture the one with more keys counts, unless each has at least half of them.
#[must_use]
pub fn dialect(document: &Document) -> Dialect {
    let capitals = Key::ALL.iter().filter(|key| document.get(key.name()).is_some()).count();
    let small: Vec<Key> = Key::ALL
        .into_iter()
        .filter(|key| key.shipped_name().is_some_and(|name| document.get(name).is_some()))
        .collect();
    let legacy = |key: &Key| matches!(key, Key::ClientId | Key::ClientSecret | Key::Tenant);
    match (capitals, small.len()) {
        (0, 0) => Dialect::Unrecognised,
        (6.., 5..) => Dialect::Both,
        (capitals, small) if capitals >= small => Dialect::Specification,
        _ if capitals == 0 && small.iter().all(legacy) => Dialect::Legacy,
        _ => Dialect::Shipped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Dialect {
        let members: Vec<String> = names.iter().map(|name| format!("\"{name}\": \"x\"")).collect();
        dialect(&Document::parse(&format!("{{{}}}", members.join(",")).into()).unwrap())
    }

    #[test]
    fn every_generation_is_told_apart() {
        let capitals: Vec<&str> = Key::ALL.iter().map(|key| key.name()).collect();
        let small: Vec<&str> = Key::ALL.iter().filter_map(|key| key.shipped_name()).collect();
        assert_eq!(of(&capitals), Dialect::Specification);
        assert_eq!(of(&["TENANT"]), Dialect::Specification);
        assert_eq!(of(&small), Dialect::Shipped);
        assert_eq!(of(&["tenant", "client_id", "client_secret"]), Dialect::Legacy);
        assert_eq!(of(&[capitals, small].concat()), Dialect::Both);
        assert_eq!(of(&["TENANT", "client_id", "client_secret", "log_level"]), Dialect::Shipped);
        assert_eq!(of(&["username", "password"]), Dialect::Unrecognised);
    }
}
