//! The user's answers.

use std::collections::{BTreeMap, BTreeSet};

use super::{content, file};
use crate::config::Config;
use crate::migrate;
use crate::model::Reader;
use crate::model::Severity;
use crate::model::facts::Facts;
use crate::model::selection::Selection;
use crate::secret::{Document, Key, rules};
use crate::systems::quilt::{self, Service};
use crate::values::{SecretText, arn};

/// What the user answered so far, and what was there already.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Draft {
    /// The values of the secret. A key without one was neither there nor typed.
    pub values: BTreeMap<Key, SecretText>,
    /// Where each value that nobody typed comes from, ready to be shown but for [`crate::values::text::safe`].
    pub origins: BTreeMap<Key, Origin>,
    /// The values that were put right, as they had been.
    pub corrected: BTreeMap<Key, SecretText>,
    /// The source whose value is taken where two differ, by its place in the selection; else the first.
    pub prefer: BTreeMap<Key, usize>,
    /// Which runtime will read the secret.
    pub reader: Reader,
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

/// Where a value comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A source of the migration: how it is called, and what it calls the key.
    Import {
        /// "env file prod.env".
        label: String,
        /// `BENCHLING_TENANT`.
        name: String,
    },
    /// The secret that is there.
    Secret,
    /// `config.json`, or what it inherits.
    Config,
    /// An output of the stack.
    Stack,
}

impl Draft {
    /// Filled with what is there: the secret's values in either spelling, else those of `config.json`, else for the bucket a stack output.
    /// What is merely usual is never filled in (S3-63); see [`Key::suggested`].
    #[must_use]
    pub fn from_facts(facts: &Facts, selection: &Selection) -> Self {
        Self::preferring(facts, selection, BTreeMap::new())
    }

    /// The same, with the user's choice where two sources differ.
    #[must_use]
    pub fn preferring(facts: &Facts, selection: &Selection, prefer: BTreeMap<Key, usize>) -> Self {
        let mut draft = Self { write_secret: true, write_config: true, prefer, ..Self::default() };
        draft.refill(facts, selection);
        draft.client_secret_in_config = config_of(facts).own_text(&["benchling", "clientSecret"]).is_some();
        draft
    }

    /// Fills in again what the user did not type, after facts have changed.
    pub fn refill(&mut self, facts: &Facts, selection: &Selection) {
        let typed = &self.typed;
        self.values.retain(|key, _| typed.contains(key));
        self.origins.clear();
        self.corrected.clear();
        self.reader = migrate::reader::chosen(facts, selection).0;
        let reader = self.reader;
        let (file, secret, config) = (file_document(facts, selection), Document::current(facts), config_of(facts));
        let gathered = migrate::gathered(facts, selection);
        // Whoever names sources means those, and what the secret holds already: `config.json` is one of them only where it is named.
        let unasked = selection.migration.imports.is_empty();
        let file_is_no_target = selection.migration.to_file.is_none();
        for key in Key::ALL.into_iter().filter(|key| !typed.contains(key)) {
            let filled = |value: &SecretText| key.may_be_empty() || !value.is_empty();
            let imported = gathered.merged.chosen(key, &self.prefer).map(|offer| {
                let origin = Origin::Import { label: offer.label.clone(), name: offer.name.clone() };
                (offer.value.clone(), origin)
            });
            let of_file = || {
                let (label, document) = file.as_ref()?;
                let (name, value) = content::held(document, key, reader)?;
                Some((value, Origin::Import { label: label.clone(), name }))
            };
            let of_secret = || Some((content::held(secret.as_ref()?, key, reader)?.1, Origin::Secret));
            let of_config = || config.answer(key.config_path()?).filter(filled).map(|value| (value, Origin::Config));
            // What a file holds comes before the secret, so that a file that was written once is left alone.
            let there = imported
                .or_else(of_file)
                .or_else(|| of_secret().filter(|_| unasked || file_is_no_target))
                .or_else(|| of_config().filter(|_| unasked))
                .or_else(|| bucket(key, facts).map(|value| (value, Origin::Stack)));
            if let Some((value, origin)) = there {
                match rules::repaired(key, &value).filter(|_| selection.migration.fix) {
                    Some(meant) => {
                        self.values.insert(key, meant);
                        self.corrected.insert(key, value);
                    }
                    None => {
                        self.values.insert(key, value);
                    }
                }
                self.origins.insert(key, origin);
            }
        }
        if !self.name_typed {
            self.secret_name = secret_name(facts, selection, &config);
        }
    }

    /// The same as it is written: a yes or no has one spelling there, whatever the draft holds (C12).
    #[must_use]
    pub(super) fn as_written(&self) -> Self {
        let mut written = self.clone();
        if let Some(value) = written.values.get_mut(&Key::EnableWebhookVerification)
            && let Some(meant) = rules::repaired(Key::EnableWebhookVerification, value)
        {
            *value = meant;
        }
        written
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

    /// Why the values cannot be written, a sentence for each fault; `missing` says whether a value that is nowhere is one, `config` whether
    /// `config.json` is written as well.
    pub(super) fn faults(&self, missing: bool, config: bool) -> Vec<String> {
        if !self.write_secret && !config {
            return Vec::new();
        }
        Key::ALL.into_iter().flat_map(|key| self.faults_of(key, missing, config)).collect()
    }

    fn faults_of(&self, key: Key, missing: bool, config: bool) -> Vec<String> {
        let in_secret = self.write_secret && content::is_needed(self.reader, key);
        let Some(value) = self.values.get(&key) else {
            let why = match key.shipped_name().filter(|_| !self.reader.reads_capitals()) {
                Some(name) => format!("{name} has no value yet; shipped runtimes read 10 names."),
                None => format!("{key} has no value yet; the secret needs all 11."),
            };
            return if in_secret && missing { vec![why] } else { Vec::new() };
        };
        if !in_secret && !config {
            return Vec::new();
        }
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

/// What the file holds that the secret goes to, and how it is called.
fn file_document(facts: &Facts, selection: &Selection) -> Option<(String, Document)> {
    let path = selection.migration.to_file.as_ref()?;
    let document = Document::parse(file::text(facts)?).ok()?;
    Some((format!("file {}", path.display()), document))
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
