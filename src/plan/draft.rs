//! The user's answers.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::model::Severity;
use crate::model::facts::{Facts, SecretContent};
use crate::model::selection::Selection;
use crate::secret::{Document, Key, rules};
use crate::systems::quilt::{self, Service};
use crate::values::{SecretText, arn};

/// What the user answered so far, and what was there already.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Draft {
    /// The values of the secret. A key without one was neither there nor typed.
    pub values: BTreeMap<Key, SecretText>,
    /// The name of the secret, or its ARN.
    pub secret_name: String,
    /// Fields of `config.json` that are not touched: dotted paths such as `quilt.readRoleArn`; one such as `quilt` means all below it.
    pub leave_out: BTreeSet<String>,
    /// Whether the secret is written.
    pub write_secret: bool,
    /// Whether `config.json` is written.
    pub write_config: bool,
    /// Whether `config.json` holds the client secret in clear. Off, unless the file has one already.
    pub client_secret_in_config: bool,
    /// The keys that the user typed; facts that arrive later do not change them.
    pub typed: BTreeSet<Key>,
    /// Whether the user typed the secret's name.
    pub name_typed: bool,
}

impl Draft {
    /// Filled with what is there: the secret's values in either spelling, else those of `config.json`, else for the bucket a stack output.
    /// What is merely usual is never filled in (S3-63); see [`Key::suggested`].
    #[must_use]
    pub fn from_facts(facts: &Facts, selection: &Selection) -> Self {
        let mut draft = Self { write_secret: true, write_config: true, ..Self::default() };
        draft.refill(facts, selection);
        draft.client_secret_in_config = config_of(facts).own_text(&["benchling", "clientSecret"]).is_some();
        draft
    }

    /// Fills in again what the user did not type, after facts have changed.
    pub fn refill(&mut self, facts: &Facts, selection: &Selection) {
        let typed = &self.typed;
        self.values.retain(|key, _| typed.contains(key));
        let (secret, config) = (secret_document(facts), config_of(facts));
        for key in Key::ALL.into_iter().filter(|key| !typed.contains(key)) {
            let filled = |value: &SecretText| key.may_be_empty() || !value.is_empty();
            let there = secret.as_ref().and_then(|document| document.value(key)).filter(filled);
            let there =
                there.or_else(|| config.answer(key.config_path()?).filter(filled)).or_else(|| bucket(key, facts));
            self.values.extend(there.map(|value| (key, value)));
        }
        if !self.name_typed {
            self.secret_name = secret_name(facts, selection, &config);
        }
    }

    /// Takes over what the user typed for a key.
    pub fn set(&mut self, key: Key, value: impl Into<SecretText>) {
        self.values.insert(key, value.into());
        self.typed.insert(key);
    }

    /// Takes over the name that the user typed.
    pub fn set_secret_name(&mut self, name: impl Into<String>) {
        (self.secret_name, self.name_typed) = (name.into(), true);
    }

    /// Whether a dotted path of `config.json` is left as it is.
    #[must_use]
    pub fn leaves_out(&self, path: &[&str]) -> bool {
        (1..=path.len()).any(|depth| path.get(..depth).is_some_and(|part| self.leave_out.contains(&part.join("."))))
    }

    /// Why the values cannot be written, a sentence for each fault; `missing` says whether a value that is nowhere is one.
    pub(super) fn faults(&self, missing: bool) -> Vec<String> {
        if !self.write_secret && !self.write_config {
            return Vec::new();
        }
        Key::ALL.into_iter().flat_map(|key| self.faults_of(key, missing)).collect()
    }

    fn faults_of(&self, key: Key, missing: bool) -> Vec<String> {
        let Some(value) = self.values.get(&key) else {
            let sentence = format!("{key} has no value yet; the secret needs all 11.");
            return if self.write_secret && missing { vec![sentence] } else { Vec::new() };
        };
        rules::check(key, value.expose())
            .into_iter()
            .filter(|fault| fault.severity == Severity::Error)
            .map(|fault| match fault.suggestion.filter(|suggestion| !suggestion.is_empty()) {
                Some(suggestion) => format!("{key} is not valid: {}; {suggestion}?", fault.message),
                None => format!("{key} is not valid: {}.", fault.message),
            })
            .collect()
    }
}

/// The file and what it inherits: what a parent says is an answer too. None where there is no file, or none that can be read.
fn config_of(facts: &Facts) -> Config {
    Config::of(facts).unwrap_or(Config::none())
}

fn secret_document(facts: &Facts) -> Option<Document> {
    match &facts.secret.known()?.value.known()?.content {
        SecretContent::Text(text) => Document::parse(text).ok(),
        SecretContent::Binary(_) => None,
    }
}

fn bucket(key: Key, facts: &Facts) -> Option<SecretText> {
    let stack = facts.stack.known().filter(|_| key == Key::UserBucket)?;
    quilt::service(stack, Service::Bucket).map(|found| found.value.into())
}

/// The chosen secret, else the one that `config.json` names, else the stack's own, else the name that the specification proposes.
fn secret_name(facts: &Facts, selection: &Selection, config: &Config) -> String {
    if let Some(secret) = facts.secret.known() {
        return secret.name.clone();
    }
    let chosen = selection.secret.clone().or_else(|| config.text(&["benchling", "secretArn"]).map(str::to_owned));
    let chosen = chosen.or_else(|| quilt::own_secret(facts).map(|found| found.value));
    chosen.map_or_else(
        || quilt::suggested_secret_name(&selection.config_profile),
        |name| name_in_arn(&name).unwrap_or(name),
    )
}

/// The name in a secret's ARN, without the hyphen and six characters that AWS adds.
pub(super) fn name_in_arn(text: &str) -> Option<String> {
    let name = arn::secret_name(text);
    (name != text).then(|| name.to_owned())
}
