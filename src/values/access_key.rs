//! Access keys: the ID, the half that is no secret, and the form of the half that is.

use std::borrow::Cow;

/// Whether a text has the form of one: a long-term key's begins with `AKIA`, a session's with `ASIA`.
///
/// Source: IAM User Guide, "IAM identifiers", the prefixes of unique IDs; STS API Reference, GetAccessKeyInfo, AccessKeyId: 16 to 128 of `[\w]`.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let known = ["AKIA", "ASIA"].iter().any(|prefix| text.starts_with(prefix));
    known && (16..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Its first four and last four characters, by which its owner knows it again. A text that is none is withheld whole.
#[must_use]
pub fn masked(id: &str) -> String {
    match (id.get(..4), id.len().checked_sub(4).and_then(|at| id.get(at..))) {
        (Some(first), Some(last)) if is_id(id) => format!("{first}…{last}"),
        _ => "…".into(),
    }
}

/// Whether a text has the form of a secret access key: 40 characters of base 64, with capitals and small letters among them.
///
/// Source: IAM User Guide, "Manage access keys for IAM users", the example `wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`.
#[must_use]
pub fn is_secret(text: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| text.as_bytes().iter().any(kind);
    let fits = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'+' | b'='));
    text.len() == 40 && fits && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
}

/// Whether a text has the form of either half, so that it is no role and goes into no text as it is.
#[must_use]
pub fn is_half(text: &str) -> bool {
    is_id(text) || is_secret(text)
}

/// A text as it may be shown: what has the form of a key's half is masked, everything else stays.
#[must_use]
pub fn withheld(text: &str) -> Cow<'_, str> {
    if is_half(text) { Cow::Owned(masked(text)) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_key_is_told_from_a_role() {
        assert!(is_id("AKIAIOSFODNN7EXAMPLE") && is_id("ASIAIOSFODNN7EXAMPLE"));
        for other in
            ["", "AKIA", "arn:aws:iam::123456789012:role/MyRole", "AKIAiosfodnn7example", "AROAIOSFODNN7EXAMPLE"]
        {
            assert!(!is_id(other), "{other}");
        }
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        assert!(is_secret(secret) && !is_secret("arn:aws:iam::123456789012:role/MyRole-Of-40"));
        assert!(!is_secret("0123456789abcdef0123456789abcdef01234567"), "a commit is none");
        assert_eq!((withheld(secret), withheld("MyRole")), ("…".into(), "MyRole".into()));
        assert_eq!((masked("AKIAIOSFODNN7EXAMPLE").as_str(), masked("secret").as_str()), ("AKIA…MPLE", "…"));
    }
}
