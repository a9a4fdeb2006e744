//! `StringEquals`, `StringEqualsIgnoreCase`, `StringLike`.

use super::operator::StringTest;
use crate::policy::pattern::Glob;
use crate::policy::truth::Truth;
use crate::policy::variable::Resolved;

pub(super) fn holds(test: StringTest, actual: &str, expected: &Resolved<'_>) -> bool {
    match test {
        StringTest::Equals => actual == expected.text,
        StringTest::EqualsIgnoreCase => {
            actual.eq_ignore_ascii_case(&expected.text) || actual.to_lowercase() == expected.text.to_lowercase()
        }
        StringTest::Like => expected.matches(actual),
    }
}

/// As [`holds`], for the ARN of a role whose path is not known.
pub(super) fn holds_for_some_path(test: StringTest, role: &str, expected: &Resolved<'_>) -> Truth {
    match test {
        StringTest::Like => for_some_path(role, &expected.glob()),
        StringTest::Equals => for_some_path(role, &Glob::with_literals(&expected.text, |_| true)),
        StringTest::EqualsIgnoreCase => {
            for_some_path(&role.to_lowercase(), &Glob::with_literals(&expected.text.to_lowercase(), |_| true))
        }
    }
}

/// Whether a pattern matches `arn:…:role/Name` with every path in it, with none, or with some.
pub(super) fn for_some_path(role: &str, pattern: &Glob) -> Truth {
    let Some((before, name)) = role.rsplit_once('/') else { return Truth::Unknown };
    // A path that no pattern spells out: only a wildcard can cover it.
    let far = format!("{before}/\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}/{name}");
    if pattern.matches(role) && pattern.matches(&far) {
        return Truth::Yes;
    }
    let below = Glob::new(&format!("{before}/*/{name}"));
    if pattern.matches(role) || pattern.meets(&below) { Truth::Unknown } else { Truth::No }
}
