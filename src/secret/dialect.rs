//! Which generation of the webhook a secret was written for (C10).

use super::{Document, Key};
use crate::model::Reader;

/// A spelling of the secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// The 11 keys in capitals.
    Specification,
    /// The names in small letters that releases from 0.6.0 read.
    Shipped,
    /// `client_id`, `client_secret`, `tenant` and perhaps `app_definition_id` alone, as before 0.6.0.
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
            Self::Legacy => "runtimes before 0.6.0 (3 or 4 names in small letters)",
            Self::Both => "both spellings, which every runtime accepts",
            Self::Unrecognised => "no known spelling",
        }
    }

    /// Whether the secret was spelled for this reader.
    #[must_use]
    pub const fn suits(self, reader: Reader) -> bool {
        matches!(
            (self, reader),
            (Self::Specification, Reader::Specification)
                | (Self::Shipped, Reader::Shipped)
                | (Self::Both, Reader::Both)
        )
    }
}

/// Tells which spelling a secret speaks. Of a mixture the one with more keys counts, unless each has at least half of them.
#[must_use]
pub fn dialect(document: &Document) -> Dialect {
    let capitals = Key::ALL.iter().filter(|key| document.get(key.name()).is_some()).count();
    let small = small_letters(document);
    let legacy = |key: &Key| matches!(key, Key::ClientId | Key::ClientSecret | Key::Tenant | Key::AppDefinitionId);
    match (capitals, small.len()) {
        (0, 0) => Dialect::Unrecognised,
        (6.., 5..) => Dialect::Both,
        (capitals, small) if capitals >= small => Dialect::Specification,
        _ if capitals == 0 && small.iter().all(legacy) => Dialect::Legacy,
        _ => Dialect::Shipped,
    }
}

fn small_letters(document: &Document) -> Vec<Key> {
    let there = |key: &Key| key.shipped_name().is_some_and(|name| document.get(name).is_some());
    Key::ALL.into_iter().filter(there).collect()
}

/// Which releases of the webhook package a spelling in small letters was written for, as far as its names tell; `None` of any other.
///
/// 0.6.0 to 0.9.9 wrote 10 names, with `queue_url` from 0.7.2 on; from 0.10.0 on `webhook_allow_list` may be missing and `queue_url` is no
/// longer written; from 0.13 on there may be a `workflow`.
#[must_use]
pub fn releases(document: &Document) -> Option<String> {
    let there = |name: &str| document.get(name).is_some();
    let names = small_letters(document).len();
    let of = match dialect(document) {
        Dialect::Legacy => "those before 0.6.0",
        Dialect::Shipped if there("queue_url") => "those from 0.7.2 to 0.9.9, which write queue_url",
        Dialect::Shipped if there("workflow") => "those from 0.13 on, which write workflow",
        Dialect::Shipped if !there("webhook_allow_list") => "those from 0.10.0 on, which need no webhook_allow_list",
        Dialect::Shipped => "those from 0.6.0 on",
        Dialect::Specification | Dialect::Both | Dialect::Unrecognised => return None,
    };
    Some(format!("{names} names in small letters: {of}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(names: &[&str]) -> Document {
        let members: Vec<String> = names.iter().map(|name| format!("\"{name}\": \"x\"")).collect();
        Document::parse(&format!("{{{}}}", members.join(",")).into()).unwrap()
    }

    fn of(names: &[&str]) -> Dialect {
        dialect(&document(names))
    }

    #[test]
    fn every_generation_is_told_apart() {
        let capitals: Vec<&str> = Key::ALL.iter().map(|key| key.name()).collect();
        let small: Vec<&str> = Key::ALL.iter().filter_map(|key| key.shipped_name()).collect();
        assert_eq!(of(&capitals), Dialect::Specification);
        assert_eq!(of(&["TENANT"]), Dialect::Specification);
        assert_eq!(of(&small), Dialect::Shipped);
        assert_eq!(of(&["tenant", "client_id", "client_secret"]), Dialect::Legacy);
        assert_eq!(of(&["tenant", "client_id", "client_secret", "app_definition_id"]), Dialect::Legacy);
        assert_eq!(of(&["tenant", "client_id", "client_secret", "user_bucket"]), Dialect::Shipped);
        assert_eq!(of(&[capitals, small].concat()), Dialect::Both);
        assert_eq!(of(&["TENANT", "client_id", "client_secret", "log_level"]), Dialect::Shipped);
        assert_eq!(of(&["username", "password"]), Dialect::Unrecognised);
    }

    #[test]
    fn the_releases_are_told_by_the_names_that_come_and_go() {
        let ten: Vec<&str> = Key::ALL.iter().filter_map(|key| key.shipped_name()).collect();
        let nine: Vec<&str> = ten.iter().copied().filter(|name| *name != "webhook_allow_list").collect();
        for (names, words) in [
            (ten.clone(), Some("10 names in small letters: those from 0.6.0 on")),
            (nine.clone(), Some("9 names in small letters: those from 0.10.0 on, which need no webhook_allow_list")),
            (
                [&ten[..], &["queue_url"]].concat(),
                Some("10 names in small letters: those from 0.7.2 to 0.9.9, which write queue_url"),
            ),
            (
                [&nine[..], &["workflow"]].concat(),
                Some("9 names in small letters: those from 0.13 on, which write workflow"),
            ),
            (vec!["tenant", "client_id", "client_secret"], Some("3 names in small letters: those before 0.6.0")),
            (vec!["TENANT"], None),
        ] {
            assert_eq!(releases(&document(&names)).as_deref(), words, "{names:?}");
        }
    }

    #[test]
    fn a_spelling_suits_its_own_reader_alone() {
        for reader in Reader::ALL {
            let suited: Vec<Dialect> =
                [Dialect::Specification, Dialect::Shipped, Dialect::Legacy, Dialect::Both, Dialect::Unrecognised]
                    .into_iter()
                    .filter(|dialect| dialect.suits(reader))
                    .collect();
            assert_eq!(suited.len(), 1, "{reader:?}: {suited:?}");
        }
    }
}
