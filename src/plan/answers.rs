//! What the user answered, apart from what was found: typed and toggled on the screen, or written in a file of answers.

use std::collections::{BTreeMap, BTreeSet};

use super::Draft;
use crate::model::facts::Facts;
use crate::model::selection::Selection;
use crate::secret::Key;
use crate::values::SecretText;

/// The answers: everything else follows from facts.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Answers {
    /// Values of the secret.
    pub values: BTreeMap<Key, SecretText>,
    /// The source whose value is taken where two differ, by its place in the selection; else the first.
    pub prefer: BTreeMap<Key, usize>,
    /// The secret's name.
    pub secret_name: Option<String>,
    /// Fields of `config.json` left out, as dotted paths.
    pub leave_out: BTreeSet<String>,
    /// The secret is left out of the plan.
    pub without_secret: bool,
    /// `config.json` is left out of the plan.
    pub without_config: bool,
}

impl Answers {
    /// What the facts suggest, and over it what was answered.
    #[must_use]
    pub fn draft(&self, facts: &Facts, selection: &Selection) -> Draft {
        let mut draft = Draft::preferring(facts, selection, self.prefer.clone());
        for (key, value) in &self.values {
            draft.set(*key, value.clone());
        }
        if let Some(name) = &self.secret_name {
            draft.set_secret_name(name.clone());
        }
        draft.leave_out.extend(self.leave_out.iter().cloned());
        draft.write_secret &= !self.without_secret;
        draft.write_config &= !self.without_config;
        draft
    }

    /// The same with nothing left out: what could be written.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self { leave_out: BTreeSet::new(), without_secret: false, without_config: false, ..self.clone() }
    }
}
