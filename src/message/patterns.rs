//! The known messages: `assets/aws-errors.json`, read once.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::hint::Hinted;
use super::unwrap::Bare;
use crate::policy::{Cause, Layer};
use crate::values::Arn;

const DATA: &str = include_str!("../../assets/aws-errors.json");

/// The known messages, the most telling first.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

#[derive(Debug, Default, Deserialize)]
struct Data {
    steps: BTreeMap<String, Step>,
    messages: Vec<Pattern>,
}

/// One thing to look at; `{names}` are filled in.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Step {
    /// Words of which each must fit: `user`, `role`, `boundary`, ….
    #[serde(default)]
    pub when: String,
    /// What it shows, and with whose credentials.
    pub what: String,
    /// The words of the command; none for advice.
    pub command: Option<Vec<String>>,
}

/// A step by its name, or advice in place.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Next {
    Named(String),
    Advice(Step),
}

/// One known message.
#[derive(Debug, Deserialize)]
pub(super) struct Pattern {
    pub id: String,
    /// The error codes it comes with; `(client)` for none.
    pub codes: Vec<String>,
    /// Whether the code must be known to be one of them, since the text alone says too little.
    #[serde(default)]
    pub needs_code: bool,
    pattern: String,
    /// The message as it was seen or is documented.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests hold pattern and sample to each other"))]
    pub sample: String,
    pub tells: String,
    pub open: Vec<String>,
    pub next: Vec<Next>,
    pub source: String,
    /// The call that it always is about, where the text does not name it.
    pub about: Option<String>,
    /// No role was assumed, and none is to be asked for.
    #[serde(default)]
    pub about_no_role: bool,
    pub cause: Option<String>,
    pub layer: Option<Layer>,
    #[serde(default)]
    pub causes: Vec<Told>,
}

/// A cause that follows when something that was taken out of the message holds a text.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    pub field: String,
    pub holds: String,
    pub cause: String,
    pub layer: Option<Layer>,
}

#[derive(Debug)]
pub(super) struct Table {
    steps: BTreeMap<String, Step>,
    patterns: Vec<(Hinted, Pattern)>,
    of_unknown: Vec<Next>,
}

/// A message that is known.
#[derive(Debug)]
pub(super) struct Found {
    /// How many patterns are more telling.
    rank: usize,
    pub pattern: &'static Pattern,
    /// What was taken out of it, by name.
    pub captured: BTreeMap<String, String>,
}

impl Found {
    /// The smaller, the more it tells: by its pattern, how many of its names are torn, how many there are.
    pub fn rank(&self) -> (usize, usize, Reverse<usize>) {
        let is_torn = |name: &str, value: &str| match name {
            "caller" | "principal" | "arn" | "policy_arn" => value.contains(' ') || Arn::parse(value).is_err(),
            "resource" => value.starts_with("arn:") && Arn::parse(value).is_err(),
            _ => false,
        };
        let torn = self.captured.iter().filter(|(name, value)| is_torn(name, value)).count();
        (self.rank, torn, Reverse(self.captured.len()))
    }
}

impl Table {
    fn new() -> Self {
        // The data is part of the program; a test reads every pattern of it.
        let data: Data = serde_json::from_str(DATA).unwrap_or_default();
        let patterns = data.messages.into_iter();
        Self {
            steps: data.steps,
            patterns: patterns.filter_map(|one| Some((Hinted::new(&one.pattern)?, one))).collect(),
            of_unknown: vec![Next::Named("whoami".into()), Next::Named("configured".into())],
        }
    }

    /// The first pattern that fits, and how many are more telling.
    pub fn find(&'static self, bare: &Bare) -> Option<Found> {
        self.patterns.iter().enumerate().find_map(|(rank, (regex, pattern))| {
            let has_code = bare.code.as_ref().is_some_and(|code| pattern.codes.contains(code));
            if pattern.needs_code && !has_code {
                return None;
            }
            let captures = regex.captures(&bare.message)?;
            let named = regex.names().filter_map(|name| {
                let value = captures.name(name)?.as_str();
                Some((name.to_owned(), trimmed(name, value).to_owned()))
            });
            Some(Found { rank, pattern, captured: named.collect() })
        })
    }

    pub fn step<'a>(&'a self, next: &'a Next) -> Option<&'a Step> {
        match next {
            Next::Named(name) => self.steps.get(name),
            Next::Advice(step) => Some(step),
        }
    }

    /// The call that a message is always about.
    pub fn about(&'static self, id: &str) -> Option<&'static str> {
        self.patterns.iter().find(|(_, pattern)| pattern.id == id)?.1.about.as_deref()
    }

    /// Whether a message is about no role at all.
    pub fn about_no_role(&'static self, id: &str) -> bool {
        self.patterns.iter().any(|(_, pattern)| pattern.id == id && pattern.about_no_role)
    }

    /// What to look at when the message is not known.
    pub fn of_unknown(&self) -> &[Next] {
        &self.of_unknown
    }

    #[cfg(test)]
    pub fn all(&self) -> impl Iterator<Item = &Pattern> {
        self.patterns.iter().map(|(_, pattern)| pattern)
    }

    #[cfg(test)]
    pub fn steps(&self) -> impl Iterator<Item = (&String, &Step)> {
        self.steps.iter()
    }
}

impl Pattern {
    /// The cause and the side, where the message leaves no other.
    pub fn cause(&'static self, fields: &BTreeMap<String, String>) -> (Option<Cause>, Option<Layer>) {
        // The vocabulary is that of assuming a role; what else was refused has no word in it.
        let action = fields.get("action").map(String::as_str);
        let told =
            self.causes.iter().find(|one| fields.get(&one.field).is_some_and(|value| value.contains(&one.holds)));
        let (slug, layer) = match told {
            Some(told) => (Some(told.cause.as_str()), told.layer.or(self.layer)),
            None => (self.cause.as_deref(), self.layer),
        };
        let fits = action.is_none_or(|action| action.starts_with("sts:") || action == "iam:GetRole");
        (slug.filter(|_| fits).map(Cause), layer)
    }
}

/// A name at the end of a sentence, without the punctuation that follows it.
fn trimmed<'a>(name: &str, value: &'a str) -> &'a str {
    match name {
        "caller" | "action" | "resource" | "policy_arn" | "arn" => {
            value.trim_end_matches(['.', ',', ';', ':', ')', ']', '}', '"', '\'', '`', '\\', '>'])
        }
        "user_name" => value.trim_matches(['"', '\'', '`', '\\']),
        _ => value.trim_end(),
    }
}

#[cfg(test)]
pub(super) fn count_in_data() -> usize {
    serde_json::from_str::<Data>(DATA).unwrap().messages.len()
}
