//! The text of a secret for whoever will read it: which keys under which names, and a line of the review for each.
//!
//! Source: the names are those of the specification (S3-11 to S3-21) and of the shipped runtimes, in the order in which the webhook package
//! writes them (C8, C10).

mod lines;
mod old;

use std::collections::BTreeMap;

use super::Draft;
use crate::model::Reader;
use crate::model::plan::{FieldChange, FieldKind};
use crate::secret::nearest::{Spelling, nearest};
use crate::secret::{Document, Entry, Key};
use crate::values::{SecretText, json};

pub use old::Old;

/// The shipped writer's order of the names in small letters.
const SHIPPED_ORDER: [Key; 10] = [
    Key::Tenant,
    Key::ClientId,
    Key::ClientSecret,
    Key::AppDefinitionId,
    Key::UserBucket,
    Key::PkgPrefix,
    Key::PkgKey,
    Key::LogLevel,
    Key::WebhookAllowList,
    Key::EnableWebhookVerification,
];

/// A secret's text, and what becomes of each key.
pub struct Content {
    /// JSON: two spaces, no newline at the end, as the shipped writer does it.
    pub text: SecretText,
    /// Masked.
    pub fields: Vec<FieldChange>,
}

impl Content {
    /// Whether anything differs from what was there.
    pub fn changes(&self) -> bool {
        self.fields.iter().any(|field| field.kind != FieldKind::Same)
    }
}

/// Whether a reader needs a value for a key: shipped runtimes know no ECR repository.
pub fn is_needed(reader: Reader, key: Key) -> bool {
    !key.names(reader).is_empty()
}

/// The key that a name of a secret certainly spells: its own name, the shipped runtimes', or either in other case or with other separators.
///
/// Names with a product in front and those of old environments are not among them: a deployment may still take `BENCHLING_TENANT` out of the
/// secret by that name, so they are kept.
#[must_use]
pub fn spelled(name: &str) -> Option<Key> {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
    Key::from_name(name).or_else(|| {
        let (key, spelling) = nearest(name)?;
        (spelling != Spelling::Typo && letters(name) == letters(key.name())).then_some(key)
    })
}

/// The value that a secret holds for a key, and the name it stands under: the one that the reader looks for first, then any other that
/// certainly means the key, then its names in an object within the object.
pub fn held(document: &Document, key: Key, reader: Reader) -> Option<(String, SecretText)> {
    let read = key.names(reader);
    let unread = Some(key.name()).into_iter().chain(key.shipped_name()).filter(|name| !read.contains(name));
    let is_variant = |name: &str| matches!(nearest(name), Some((meant, Spelling::Variant)) if meant == key);
    let others = document.entries().map(|(name, _)| name).filter(|name| is_variant(name));
    let filled = |document: &Document, name: &str| {
        document.get(name)?.text().filter(|value| key.may_be_empty() || !value.is_empty())
    };
    let names: Vec<&str> = read.iter().copied().chain(unread).chain(others).collect();
    let at_top = names.iter().find_map(|name| Some(((*name).to_owned(), filled(document, name)?)));
    // What stands a level too deep is read by nobody, and yet it is what was meant.
    at_top.or_else(|| {
        let own = [Some(key.name()), key.shipped_name()];
        document.nested().find_map(|(place, inner)| {
            own.into_iter().flatten().find_map(|name| Some((format!("{place}.{name}"), filled(&inner, name)?)))
        })
    })
}

/// The whole text anew: every name that the reader knows, and nothing else.
pub fn fresh(draft: &Draft) -> Content {
    let mut written = lines::Written::default();
    missing(&draft.as_written(), &mut written, |_| true);
    written.content()
}

/// The members that are there, each where it stands, with the draft's values under the names that the reader knows; then what was missing.
/// Of what is none of the reader's keys every byte stays.
pub fn edited(draft: &Draft, old: &Old) -> Content {
    let draft = &draft.as_written();
    let renames = renames(draft, old);
    let mut written = lines::Written::default();
    for member in old.members() {
        let Some((key, value)) = spelled(member.name).and_then(|key| Some((key, draft.values.get(&key)?))) else {
            written.kept(member);
            continue;
        };
        let is_text = *member.entry == Entry::Text(value.clone());
        match renames.get(member.name.as_str()) {
            // A reader without any name for the key ignores it under every name.
            None if !is_needed(draft.reader, key) => written.kept(member),
            None if !key.names(draft.reader).contains(&member.name.as_str()) => written.removed(member),
            None if is_text => written.kept(member),
            None => written.changed(member, value),
            Some(name) if member.entry.text().as_ref() == Some(value) => written.renamed(member, name, key, value),
            Some(name) => {
                written.removed(member);
                written.added(name, key, value);
            }
        }
    }
    let taken: Vec<&str> = renames.values().copied().collect();
    missing(draft, &mut written, |name| old.get(name).is_none() && !taken.contains(&name));
    for name in old.duplicates() {
        written.stood_twice(name);
    }
    written.content()
}

/// Which member takes which name: of those that spell a key otherwise the ones that hold the value already come first.
fn renames<'o>(draft: &Draft, old: &'o Old) -> BTreeMap<&'o str, &'static str> {
    let mut renames = BTreeMap::new();
    for (key, value) in &draft.values {
        let wanted = key.names(draft.reader);
        let mut others: Vec<_> = old
            .members()
            .filter(|member| spelled(member.name) == Some(*key) && !wanted.contains(&member.name.as_str()))
            .collect();
        others.sort_by_key(|member| member.entry.text().as_ref() != Some(value));
        let free = wanted.into_iter().filter(|name| old.get(name).is_none());
        renames.extend(others.into_iter().map(|member| member.name.as_str()).zip(free));
    }
    renames
}

/// Appends the names that are not there yet, capitals first.
fn missing(draft: &Draft, written: &mut lines::Written, is_missing: impl Fn(&str) -> bool) {
    let reader = draft.reader;
    let capitals = Key::ALL.into_iter().filter(|_| reader.reads_capitals()).map(|key| (key, Some(key.name())));
    let small = SHIPPED_ORDER.into_iter().filter(|_| reader.reads_small_letters()).map(|key| (key, key.shipped_name()));
    for (key, name) in capitals.chain(small) {
        if let (Some(name), Some(value)) = (name.filter(|name| is_missing(name)), draft.values.get(&key)) {
            written.added(name, key, value);
        }
    }
}

fn pair(name: &str, value: &SecretText) -> SecretText {
    format!("{}: {}", json::quoted(name), json::quoted(value.expose())).into()
}

#[cfg(test)]
mod tests;
