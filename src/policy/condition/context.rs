//! The condition context: the keys of one request and what is known of them.

use std::collections::BTreeMap;

use super::keys::{self, Sent};

/// Condition keys (letter case ignored) and their values.
///
/// A context made with [`Context::new`] is complete: a key that was not set was not sent. The context of a case may be open: a key
/// that AWS might send and nobody told is then not known.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Context {
    keys: BTreeMap<String, Entry>,
    /// `Some`: open, and whether the caller's credentials are temporary.
    open: Option<Temporary>,
    /// Whether all `aws:RequestTag/` keys are set.
    tags_known: bool,
}

/// Whether the caller's credentials are temporary, as far as known.
pub(crate) type Temporary = Option<bool>;

#[derive(Clone, PartialEq, Debug)]
enum Entry {
    Values(Vec<String>),
    Absent,
    Unknown,
    Pathless(String),
}

/// What is known of one key.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Lookup<'a> {
    /// Never empty.
    Values(&'a [String]),
    Absent,
    Unknown,
    /// The ARN of a role, shown without its path, which is not known.
    Pathless {
        role: &'a str,
    },
}

impl Context {
    /// A complete context without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A context in which an unset key that AWS might send is not known.
    pub(crate) fn open(temporary: Temporary) -> Self {
        Self { keys: BTreeMap::new(), open: Some(temporary), tags_known: false }
    }

    /// Sets a key to one value.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.set_many(key, vec![value.into()]);
    }

    /// Sets a key to several values. Without any it counts as absent.
    pub fn set_many(&mut self, key: &str, values: Vec<String>) {
        let entry = if values.is_empty() { Entry::Absent } else { Entry::Values(values) };
        self.keys.insert(key.to_ascii_lowercase(), entry);
    }

    /// Says that a key was not sent.
    pub(crate) fn set_absent(&mut self, key: &str) {
        self.keys.insert(key.to_ascii_lowercase(), Entry::Absent);
    }

    /// Says that no session tags were sent but those set.
    pub(crate) fn set_tags_known(&mut self) {
        self.tags_known = true;
    }

    /// Says that a key may have been sent, with a value nobody told.
    pub(crate) fn set_unknown(&mut self, key: &str) {
        self.keys.insert(key.to_ascii_lowercase(), Entry::Unknown);
    }

    /// Sets a key to the ARN of a role whose path is not known.
    pub(crate) fn set_pathless_role(&mut self, key: &str, partition: &str, account: &str, role: &str) {
        // The paths of these two kinds begin alike in every account (IAM Identity Center and service-linked role guides).
        let path = if role.starts_with("AWSReservedSSO_") {
            "aws-reserved/sso.amazonaws.com/"
        } else if role.starts_with("AWSServiceRoleFor") {
            "aws-service-role/"
        } else {
            ""
        };
        let shown = format!("arn:{partition}:iam::{account}:role/{path}{role}");
        self.keys.insert(key.to_ascii_lowercase(), Entry::Pathless(shown));
    }

    /// The only value of a key, letter case ignored.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        match self.get(&key.to_ascii_lowercase()) {
            Lookup::Values([one]) => Some(one),
            _ => None,
        }
    }

    /// What is known of a key, given in lower case.
    pub(crate) fn get(&self, key: &str) -> Lookup<'_> {
        match (self.keys.get(key), self.open) {
            (Some(Entry::Values(values)), _) => Lookup::Values(values),
            (Some(Entry::Absent), _) | (None, None) => Lookup::Absent,
            (Some(Entry::Unknown), _) => Lookup::Unknown,
            (Some(Entry::Pathless(role)), _) => Lookup::Pathless { role },
            (None, Some(_)) if self.tags_known && key.starts_with("aws:requesttag/") => Lookup::Absent,
            (None, Some(temporary)) => match keys::sent(key) {
                Sent::Never => Lookup::Absent,
                Sent::Perhaps => Lookup::Unknown,
                Sent::WithTemporary if temporary == Some(false) => Lookup::Absent,
                Sent::WithTemporary => Lookup::Unknown,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_no_letter_case() {
        let mut context = Context::new();
        context.set("STS:externalid", "x");
        assert_eq!(context.value("sts:ExternalId"), Some("x"));
    }

    #[test]
    fn an_open_context_does_not_know_what_aws_might_send() {
        let context = Context::open(Some(false));
        assert_eq!(context.get("aws:principalorgid"), Lookup::Unknown);
        assert_eq!(context.get("aws:principaltag/team"), Lookup::Unknown);
        assert_eq!(context.get("aws:externalid"), Lookup::Absent);
        assert_eq!(context.get("s3:prefix"), Lookup::Absent);
        assert_eq!(context.get("aws:tokenissuetime"), Lookup::Absent);
        assert_eq!(Context::open(None).get("aws:tokenissuetime"), Lookup::Unknown);
        assert_eq!(Context::new().get("aws:principalorgid"), Lookup::Absent);
    }
}
