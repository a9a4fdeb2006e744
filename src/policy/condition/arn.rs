//! `ArnEquals` and `ArnLike`: the six parts of an ARN are compared one by one, wildcards in each.

use crate::policy::pattern::Glob;
use crate::policy::truth::Truth;
use crate::policy::variable::Resolved;

/// An ARN of a policy: one pattern for each of its six parts.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Pattern(Vec<Glob>);

impl Pattern {
    /// `None` when the policy's value is no ARN.
    pub(super) fn read(written: &Resolved<'_>) -> Option<Self> {
        let mut start = 0;
        let parts: Vec<Glob> = written
            .text
            .splitn(6, ':')
            .map(|part| {
                let glob = written.glob_of(start, part);
                start += part.len() + 1;
                glob
            })
            .collect();
        (parts.len() == 6 && written.text.starts_with("arn:")).then_some(Self(parts))
    }

    pub(super) fn matches(&self, actual: &str) -> bool {
        let mut count = 0;
        let all = actual.splitn(6, ':').zip(&self.0).all(|(part, glob)| {
            count += 1;
            glob.matches(part)
        });
        all && count == 6
    }

    /// As [`Pattern::matches`], for the ARN of a role whose path is not known.
    pub(super) fn holds_for_some_path(&self, role: &str) -> Truth {
        let Some(resource) = role.splitn(6, ':').nth(5) else { return Truth::No };
        let (Some(last), Some(head)) = (self.0.last(), role.strip_suffix(resource)) else { return Truth::No };
        let same_head = self.0.iter().zip(head.trim_end_matches(':').split(':')).all(|(glob, part)| glob.matches(part));
        if same_head { super::string::for_some_path(resource, last) } else { Truth::No }
    }
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
            assert_eq!(Pattern::read(&resolved).map(|pattern| pattern.matches(arn)), expected, "{pattern} on {arn}");
        }
    }
}
