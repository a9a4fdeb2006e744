//! A pasted message may hold what its owner did not see there: keys, tokens, passwords.

use regex_lite::{Captures, Regex};

/// The encoded message of a refusal, which only the account's own people can decode, is long by nature.
const ENCODED: &str = "Encoded authorization failure message: ";
/// A token is longer than any name.
const LONG: &str = r"[A-Za-z0-9/+_=-]{100,}";
/// Access key ids (IAM User Guide, "IAM identifiers", unique identifiers).
const KEY_ID: &str = r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b";
/// What is named as a secret, with its value.
const NAMED: &str = r#"(?i)\b((?:aws_)?(?:secret_?access_?key|session_?token|security_?token)|x-amz-security-token|password|authorization)(["']?\s*[=:]\s*["']?)[^\s"',]+"#;
/// A secret access key has forty characters.
const FORTY: &str = r"[A-Za-z0-9/+]{40,}";

/// A message without what looks like a secret.
pub(in crate::report) fn scrubbed(message: &str) -> String {
    let text = replace(message, KEY_ID, |_, _| Some("<access-key-id>".into()));
    let text =
        replace(&text, NAMED, |captures, _| Some(format!("{}{}<hidden>", group(captures, 1), group(captures, 2))));
    let text = replace(&text, LONG, |_, before| (!before.ends_with(ENCODED)).then(|| "<hidden>".into()));
    replace(&text, FORTY, |captures, before| is_secret_key(group(captures, 0), before).then(|| "<hidden>".into()))
}

fn group<'a>(captures: &Captures<'a>, number: usize) -> &'a str {
    captures.get(number).map_or("", |group| group.as_str())
}

/// Replaces what matches; `None` leaves it. The closure sees what stands before it.
fn replace(text: &str, pattern: &str, with: impl Fn(&Captures<'_>, &str) -> Option<String>) -> String {
    let Ok(pattern) = Regex::new(pattern) else { return text.to_owned() };
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for captures in pattern.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        let before = text.get(..whole.start()).unwrap_or_default();
        out.push_str(text.get(end..whole.start()).unwrap_or_default());
        out.push_str(&with(&captures, before).unwrap_or_else(|| whole.as_str().to_owned()));
        end = whole.end();
    }
    out.push_str(text.get(end..).unwrap_or_default());
    out
}

/// Exactly forty characters of all three sorts, and no part of an ARN or a path.
fn is_secret_key(run: &str, before: &str) -> bool {
    let has = |sort: fn(char) -> bool| run.chars().any(sort);
    run.len() == 40
        && has(|c| c.is_ascii_uppercase())
        && has(|c| c.is_ascii_lowercase())
        && has(|c| c.is_ascii_digit())
        && !before.ends_with([':', '-', '_', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_hidden_and_the_rest_is_left() {
        for (text, out) in [
            ("key ASIAIOSFODNN7EXAMPLE is expired", "key <access-key-id> is expired"),
            (
                "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY aws sts",
                "AWS_SECRET_ACCESS_KEY=<hidden> aws sts",
            ),
            ("tried wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE1KEY", "tried wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE1KEY"),
            ("tried wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE1 once", "tried <hidden> once"),
            ("\"SessionToken\": \"IQoJb3JpZ2lu\", x", "\"SessionToken\": \"<hidden>\", x"),
            (
                "User: arn:aws:sts::111122223333:assumed-role/ci/run is not authorized to perform: sts:AssumeRole",
                "User: arn:aws:sts::111122223333:assumed-role/ci/run is not authorized to perform: sts:AssumeRole",
            ),
        ] {
            assert_eq!(scrubbed(text), out);
        }
        let long = "Aa1".repeat(50);
        assert_eq!(scrubbed(&format!("token {long}.")), "token <hidden>.");
        let encoded = format!("{ENCODED}{long}");
        assert_eq!(scrubbed(&encoded), encoded);
    }
}
