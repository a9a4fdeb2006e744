//! Commands that can be pasted into a POSIX shell.

use std::borrow::Cow;

/// One word, quoted if a shell would read more into it than its characters.
///
/// Source: POSIX.1-2017, Shell Command Language, section 2.2 "Quoting".
#[must_use]
pub fn quote(word: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&b);
    if !word.is_empty() && !word.starts_with('=') && word.bytes().all(plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

/// A whole command, each word quoted where it must be.
#[must_use]
pub fn command<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(quote).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        assert_eq!(command(["aws", "iam", "get-role", "--role-name", "Team+A"]), "aws iam get-role --role-name Team+A");
        assert_eq!(quote("a b"), "'a b'");
        assert_eq!(quote("it's; rm -rf $HOME"), r"'it'\''s; rm -rf $HOME'");
        assert_eq!(quote(""), "''");
        assert_eq!(quote("*-T4BucketReadRole-*"), "'*-T4BucketReadRole-*'");
    }
}
