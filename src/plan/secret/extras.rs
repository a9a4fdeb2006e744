//! The KMS key and the tags of a new secret. Of one that is there a new version changes neither.
//!
//! Source: Secrets Manager API reference, CreateSecret and Tag.

use crate::model::facts::Secret;
use crate::model::migration::Migration;
use crate::model::plan::{FieldChange, FieldKind};
use crate::plan::shown;
use crate::values::mask::Mask;
use crate::values::text;

/// How many tags a secret may have; one of them is rolecall's own.
const MOST_TAGS: usize = 50;

/// Which key encrypts a secret for which none was named.
const DEFAULT_KEY: &str = "alias/aws/secretsmanager";

/// Why a secret cannot be created with them: sentences.
pub fn faults(migration: &Migration) -> Vec<String> {
    let mut faults: Vec<String> = migration.kms_key.as_deref().and_then(key_fault).into_iter().collect();
    let tags = &migration.tags;
    faults.extend(tags.iter().filter_map(|(name, value)| tag_fault(name, value)));
    for (index, (name, _)) in tags.iter().enumerate() {
        if tags.iter().take(index).any(|(other, _)| other == name) {
            faults.push(format!("The tag {} is given twice: a secret has each tag once.", text::safe(name)));
        }
    }
    let own = usize::from(!tags.iter().any(|(name, _)| name == OWN_TAG.0));
    if tags.len() + own > MOST_TAGS {
        let given = tags.len();
        faults.push(format!("{given} tags are too many: a secret has at most {MOST_TAGS}, {own} of them rolecall's."));
    }
    faults
}

/// The tag that tells who made a secret.
pub const OWN_TAG: (&str, &str) = ("ManagedBy", "rolecall");

fn key_fault(key: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_:-".contains(c);
    let is_key = !key.is_empty() && key.len() <= 2_048 && key.chars().all(plain);
    let shown = text::elide_end(&text::safe(key), 80);
    (!is_key).then(|| format!("`{shown}` names no KMS key: give its id, its ARN or alias/NAME."))
}

fn tag_fault(name: &str, value: &str) -> Option<String> {
    let shown = text::elide_end(&text::safe(name), 60);
    let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c));
    let reserved = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    let why = match (name.chars().count(), value.chars().count()) {
        _ if reserved => "names that begin with aws: are AWS's own",
        (1..=128, 0..=256) if plain(name) && plain(value) => return None,
        (1..=128, 0..=256) => "tags hold letters, digits, spaces and _.:/=+-@",
        (0 | 129.., _) => "a tag's name has 1 to 128 characters",
        _ => "a tag's value has at most 256 characters",
    };
    Some(format!("The tag `{shown}` cannot be given to a secret: {why}."))
}

/// The lines of the review.
pub fn lines(migration: &Migration) -> Vec<FieldChange> {
    let added = |name: &str, value: &str| shown::line(name, FieldKind::Added, "", shown::value(value, Mask::Open));
    let key = migration.kms_key.iter().map(|key| added("(KMS key)", key));
    key.chain(migration.tags.iter().map(|(name, value)| added(&format!("(tag {name})"), value))).collect()
}

/// The sentence about what was asked for and would not come about, since the secret is there already and has something else.
pub fn kept(secret: &Secret, migration: &Migration) -> Option<String> {
    let key = migration.kms_key.as_deref().filter(|key| !is_key_of(secret, key));
    let key = key.map(|key| format!("the KMS key {}", text::safe(key)));
    let lacks = |tag: &&(String, String)| !secret.tags.contains(tag);
    let tags = migration.tags.iter().filter(lacks).map(|(name, value)| text::safe(&format!("{name}={value}")).into());
    let tags: Vec<String> = tags.collect();
    let tags = (!tags.is_empty()).then(|| format!("the tags {}", tags.join(", ")));
    let asked: Vec<String> = key.into_iter().chain(tags).collect();
    let name = text::safe(&secret.name);
    (!asked.is_empty()).then(|| {
        format!(
            "The secret {name} is there already, and a new version changes neither its KMS key nor its tags: leave out {}.",
            asked.join(" and ")
        )
    })
}

/// Keys are called by id, by ARN and by alias; those that end alike are one.
fn is_key_of(secret: &Secret, given: &str) -> bool {
    let there = secret.kms_key.as_deref().unwrap_or(DEFAULT_KEY);
    let (there, given) = (bare(there), bare(given));
    there == given || there.strip_prefix("alias/") == Some(given)
}

/// `arn:aws:kms:us-east-1:111122223333:key/1234` and `1234` are one key; of an alias its name is left.
fn bare(key: &str) -> &str {
    let local = key.rsplit(':').next().unwrap_or(key);
    local.strip_prefix("key/").unwrap_or(local)
}
