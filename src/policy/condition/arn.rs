//! `ArnEquals` and `ArnLike`: the six parts of an ARN are compared one by one, wildcards in each.

use crate::policy::pattern::Glob;
use crate::policy::truth::Truth;
use crate::policy::variable::Resolved;

/// `None` when the policy's value is no ARN.
pub(super) fn holds(actual: &str, expected: &Resolved<'_>) -> Option<bool> {
    let pattern = parts(expected)?;
    Some(matches(actual, &pattern))
}

/// As [`holds`], for the ARN of a role whose path is not known.
pub(super) fn holds_for_some_path(role: &str, expected: &Resolved<'_>) -> Truth {
    let Some(pattern) = parts(expected) else { return Truth::No };
    let Some(resource) = role.splitn(6, ':').nth(5) else { return Truth::No };
    let (Some(last), Some(head)) = (pattern.last(), role.strip_suffix(resource)) else { return Truth::No };
    let same_head = pattern.iter().zip(head.trim_end_matches(':').split(':')).all(|(glob, part)| glob.matches(part));
    if same_head { super::string::for_some_path(resource, last) } else { Truth::No }
}

fn matches(actual: &str, pattern: &[Glob]) -> bool {
    let mut count = 0;
    let all = actual.splitn(6, ':').zip(pattern).all(|(part, glob)| {
        count += 1;
        glob.matches(part)
    });
    all && count == 6
}

fn parts(expected: &Resolved<'_>) -> Option<Vec<Glob>> {
    let mut start = 0;
    let parts: Vec<Glob> = expected
        .text
        .splitn(6, ':')
        .map(|part| {
            let glob = expected.glob_of(start, part);
            start += part.len() + 1;
            glob
        })
        .collect();
    (parts.len() == 6 && expected.text.starts_with("arn:")).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::condition::Context;
    use crate::policy::variable::{Resolution, Template};

    #[test]
    fn a_star_stays_within_its_part() {
        for (pattern, arn, expected) in [
            ("arn:aws:iam::111111111111:role/*", "arn:aws:iam::111111111111:role/a/b", Some(true)),
            ("arn:*:iam::*:user/alice", "arn:aws:iam::111111111111:user/alice", Some(true)),
            ("arn:aws:iam:*:role/x", "arn:aws:iam::111111111111:role/x", None),
            ("arn:aws:iam::*", "arn:aws:iam::111111111111:role/x", None),
            ("arn:aws:*:111111111111:role/x", "arn:aws:iam::111111111111:role/x", None),
            ("arn:aws:s3:::bucket*", "arn:aws:s3:::bucket:x", Some(true)),
            ("arn:aws:iam::111111111111:role/X", "arn:aws:iam::111111111111:role/x", Some(false)),
            ("arn:aws:iam::111111111111:*", "not an arn", Some(false)),
            ("*", "arn:aws:iam::111111111111:role/x", None),
        ] {
            let template = Template::new(pattern, true);
            let Resolution::Text(resolved) = template.resolve(&Context::new()) else { panic!("no variables") };
            assert_eq!(holds(arn, &resolved), expected, "{pattern} on {arn}");
        }
    }
}
