//! AWS account ids.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A 12-digit AWS account id.
///
/// `Display` gives the plain digits, for copying and for commands; [`AccountId::grouped`] gives `1111-2222-3333`, for reading.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(String);

impl AccountId {
    /// Accepts exactly 12 ASCII digits; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())).then(|| Self(text.to_owned()))
    }

    /// The plain digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as the AWS console prints it.
    #[must_use]
    pub fn grouped(&self) -> String {
        let digits: Vec<char> = self.0.chars().collect();
        digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}

/// A text with every account id in it as plain digits: what is copied or typed into a command is never in groups.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        // The whole run of letters, digits and hyphens: an id within something longer, a UUID for instance, is none.
        let end = from.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        let joined = out.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
        let digits: String = run.split('-').collect();
        let grouped = AccountId::parse(&digits).is_some_and(|id| id.grouped() == run);
        out.push_str(if grouped && !joined { &digits } else { run });
        rest = after;
    }
    out.push_str(rest);
    out
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<AccountId> for String {
    fn from(id: AccountId) -> Self {
        id.0
    }
}

impl TryFrom<String> for AccountId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not an AWS account id: 12 digits are needed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_twelve_digits_are_an_account() {
        assert_eq!(AccountId::parse("111122223333").unwrap().grouped(), "1111-2222-3333");
        for wrong in ["", "11112222333", "1111222233334", "1111-2222-3333", "11112222333x", "１１１１２２２２３３３３"]
        {
            assert_eq!(AccountId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_copied_has_plain_account_ids() {
        for (text, copied) in [
            ("account 1111-2222-3333.", "account 111122223333."),
            ("1111-2222-3333 and 4444-5555-6666", "111122223333 and 444455556666"),
            ("id 00000000-1111-2222-3333-444444444444", "id 00000000-1111-2222-3333-444444444444"),
            ("x1111-2222-3333, 2026-03-04, 1111-2222", "x1111-2222-3333, 2026-03-04, 1111-2222"),
            ("", ""),
        ] {
            assert_eq!(plain(text), copied);
        }
    }
}
