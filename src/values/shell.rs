//! Commands that can be pasted into a POSIX shell.

use std::borrow::Cow;

use super::text::has_unsafe;

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

/// `NAME=value` or `NAME='value'`: a line that a POSIX shell, python-dotenv and Compose read as the same value. `None`: no line would be, since they
/// differ in how `'` and two backslashes stand between single quotes, and python-dotenv puts variables in there as well. `docker run --env-file` keeps quotes
/// as a part of the value.
///
/// Source: POSIX.1-2017, 2.2.2 "Single-Quotes"; Docker docs, "Variable interpolation", `.env` file syntax; python-dotenv, "File format", and its
/// issue 422.
#[must_use]
pub fn assignment(name: &str, value: &str) -> Option<String> {
    let ends_a_quote = value.contains('\'') || value.contains(r"\\") || value.ends_with('\\');
    if ends_a_quote || value.contains('$') || has_unsafe(value) {
        return None;
    }
    Some(format!("{name}={}", quote(value)))
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

    #[test]
    fn an_assignment_is_one_for_every_reader_or_none() {
        assert_eq!(assignment("A", "us-east-1").as_deref(), Some("A=us-east-1"));
        assert_eq!(assignment("A", r#"{"a": "\u0027 #"}"#).as_deref(), Some(r#"A='{"a": "\u0027 #"}'"#));
        for differs in ["it's", "$HOME", r"a\\b", "ends\\", "two\nlines"] {
            assert_eq!(assignment("A", differs), None, "{differs}");
        }
    }
}
