//! The condition context: the keys of one request and what is known of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::keys::{self, Sent};

/// Above this many keys an index finds them; below, looking at each is faster.
const FEW: usize = 32;

/// Condition keys (letter case ignored) and their values.
///
/// A context made with [`Context::new`] is complete: a key that was not set was not sent. The context of a case may be open: a key
/// that AWS might send and nobody told is then not known.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Context<'a> {
    /// What the case tells in so many words. It wins over what was set.
    told: Option<&'a BTreeMap<String, Vec<String>>>,
    /// What is told, by lower case, if it is more than a few keys.
    told_index: HashMap<String, &'a [String]>,
    /// Of a key that was set twice, the later one counts.
    keys: Vec<(Cow<'a, str>, Entry<'a>)>,
    /// Where the keys are, by their lower case, once there are more than a few.
    index: HashMap<String, usize>,
    /// `Some`: open, and whether the caller's credentials are temporary.
    open: Option<Temporary>,
    /// Whether all `aws:RequestTag/` keys are set.
    tags_known: bool,
    /// Whether it holds for every action as it is.
    whole: bool,
}

/// Whether the caller's credentials are temporary, as far as known.
pub(crate) type Temporary = Option<bool>;

#[derive(Clone, PartialEq, Debug)]
enum Entry<'a> {
    Values(Cow<'a, [String]>),
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

impl<'a> Context<'a> {
    /// A complete context without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A context in which an unset key that AWS might send is not known.
    pub(crate) fn open(temporary: Temporary) -> Self {
        Self { open: Some(temporary), ..Self::default() }
    }

    /// A complete context that holds for every action as it is.
    pub(crate) fn whole() -> Self {
        Self { whole: true, ..Self::default() }
    }

    /// Adds keys that win over all others.
    pub(crate) fn tell(&mut self, told: &'a BTreeMap<String, Vec<String>>) {
        self.told = Some(told);
        if told.len() > FEW {
            self.told_index = told.iter().map(|(key, values)| (key.to_ascii_lowercase(), values.as_slice())).collect();
        }
    }

    /// Sets a key to one value.
    pub fn set(&mut self, key: impl Into<Cow<'a, str>>, value: impl Into<String>) {
        self.set_many(key, vec![value.into()]);
    }

    /// Sets a key to several values. Without any it counts as absent.
    pub fn set_many(&mut self, key: impl Into<Cow<'a, str>>, values: Vec<String>) {
        self.put(key.into(), if values.is_empty() { Entry::Absent } else { Entry::Values(values.into()) });
    }

    /// As [`Context::set_many`], without a copy.
    pub(crate) fn set_all(&mut self, key: &'a str, values: &'a [String]) {
        self.put(key.into(), if values.is_empty() { Entry::Absent } else { Entry::Values(values.into()) });
    }

    /// Says that a key was not sent.
    pub(crate) fn set_absent(&mut self, key: &'a str) {
        self.put(key.into(), Entry::Absent);
    }

    /// Says that no session tags were sent but those set.
    pub(crate) const fn set_tags_known(&mut self) {
        self.tags_known = true;
    }

    /// Says that a key may have been sent, with a value nobody told.
    pub(crate) fn set_unknown(&mut self, key: &'a str) {
        self.put(key.into(), Entry::Unknown);
    }

    /// Sets a key to the ARN of a role whose path is not known.
    pub(crate) fn set_pathless_role(&mut self, key: &'a str, partition: &str, account: &str, role: &str) {
        // The paths of these two kinds begin alike in every account (IAM Identity Center and service-linked role guides).
        let path = if role.starts_with("AWSReservedSSO_") {
            "aws-reserved/sso.amazonaws.com/"
        } else if role.starts_with("AWSServiceRoleFor") {
            "aws-service-role/"
        } else {
            ""
        };
        self.put(key.into(), Entry::Pathless(format!("arn:{partition}:iam::{account}:role/{path}{role}")));
    }

    fn put(&mut self, key: Cow<'a, str>, entry: Entry<'a>) {
        self.keys.push((key, entry));
        let indexed = if self.index.is_empty() { 0 } else { self.keys.len() - 1 };
        if self.keys.len() > FEW {
            let new = self.keys.iter().enumerate().skip(indexed);
            self.index.extend(new.map(|(at, (key, _))| (key.to_ascii_lowercase(), at)));
        }
    }

    /// The only value of a key, letter case ignored.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        match self.get(&key.to_ascii_lowercase()) {
            Lookup::Values([one]) => Some(one),
            _ => None,
        }
    }

    fn told(&self, key: &str) -> Option<&'a [String]> {
        if self.told_index.is_empty() {
            // The later of two that differ in letter case, as everywhere.
            self.told?
                .iter()
                .rev()
                .find(|(name, _)| name.eq_ignore_ascii_case(key))
                .map(|(_, values)| values.as_slice())
        } else {
            self.told_index.get(key).copied()
        }
    }

    fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        if self.index.is_empty() {
            self.keys.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, entry)| entry)
        } else {
            self.index.get(key).and_then(|at| self.keys.get(*at)).map(|(_, entry)| entry)
        }
    }

    /// What is known of a key, given in lower case.
    pub(crate) fn get(&self, key: &str) -> Lookup<'_> {
        match self.told(key) {
            Some([]) => return Lookup::Absent,
            Some(values) => return Lookup::Values(values),
            None => {}
        }
        match (self.entry(key), self.open) {
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

    /// As [`Context::get`], for one action: a key that AWS lists for other actions of the same request is not known.
    pub(crate) fn get_for(&self, action: &str, key: &str) -> Lookup<'_> {
        match self.get(key) {
            Lookup::Values(_) if !self.whole && keys::is_of_another_action(action, key) => Lookup::Unknown,
            found => found,
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
    fn of_many_keys_each_is_found() {
        let mut context = Context::new();
        for number in 0..100 {
            context.set(format!("Key{number}"), number.to_string());
            assert_eq!(context.value("kEY0"), Some("0"));
            assert_eq!(context.value(&format!("key{number}")), Some(number.to_string().as_str()));
        }
        context.set("KEY7", "later");
        assert_eq!(context.value("key7"), Some("later"));
        assert_eq!(context.value("key100"), None);
        let told = (0..100).map(|number| (format!("KEY{number}"), vec![format!("told {number}")])).collect();
        context.tell(&told);
        assert_eq!(context.value("key7"), Some("told 7"));
    }

    #[test]
    fn a_key_listed_for_one_action_is_not_known_for_the_others() {
        let mut context = Context::new();
        context.set("sts:ExternalId", "x");
        assert_ne!(context.get_for("sts:AssumeRole", "sts:externalid"), Lookup::Unknown);
        assert_eq!(context.get_for("sts:TagSession", "sts:externalid"), Lookup::Unknown);
        assert_eq!(context.get_for("sts:TagSession", "sts:rolesessionname"), Lookup::Absent);
        let mut told = Context::whole();
        told.set("sts:ExternalId", "x");
        assert_ne!(told.get_for("sts:TagSession", "sts:externalid"), Lookup::Unknown);
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
