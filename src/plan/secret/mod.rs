//! What becomes of the secret.

mod extras;
mod target;

use super::content::{Content, Old};
use super::{Draft, content, shown};
use crate::model::Fact;
use crate::model::facts::{Facts, Secret, SecretContent, SecretValue};
use crate::model::migration::Migration;
use crate::model::plan::{FieldChange, FieldKind, PENDING_STAGE, SecretChange};
use crate::model::selection::Selection;
use crate::values::{Arn, text};

pub use extras::OWN_TAG;
pub use target::{Target, target};

/// The most that a secret may hold, in bytes (Secrets Manager quotas).
const LARGEST: usize = 65_536;

/// The new secret or the new version; `None` when it holds what it should.
///
/// # Errors
/// Sentences: why it cannot be written.
pub fn change(
    facts: &Facts,
    selection: &Selection,
    draft: &Draft,
    target: &Target<'_>,
) -> Result<Option<SecretChange>, Vec<String>> {
    let region = region(facts, selection)
        .ok_or_else(|| vec!["No region is known to write the secret to. Choose one.".into()])?;
    let change = match target {
        Target::Unclear(_, why) => return Err(vec![why.clone()]),
        Target::New => created(draft, &selection.migration, region)?,
        Target::There(secret) => match replaced(draft, &selection.migration, secret, region)? {
            Some(change) => change,
            None => return Ok(None),
        },
    };
    let size = change.content.expose().len();
    if size > LARGEST {
        return Err(vec![format!("The secret would have {size} bytes; Secrets Manager takes at most {LARGEST}.")]);
    }
    Ok(Some(change))
}

/// The region of the credentials, which every regional call goes to; else the stack's, else the chosen one (S3-03).
fn region(facts: &Facts, selection: &Selection) -> Option<String> {
    let credentials = facts.credentials.known().map(|credentials| credentials.region.clone());
    let stack = || facts.stack.known().map(|stack| stack.arn.region().to_owned());
    credentials.or_else(stack).or_else(|| selection.region.clone()).filter(|region| !region.is_empty())
}

fn created(draft: &Draft, migration: &Migration, region: String) -> Result<SecretChange, Vec<String>> {
    let mut faults: Vec<String> = name_fault(draft.secret_name.trim()).into_iter().collect();
    faults.extend(extras::faults(migration));
    if !faults.is_empty() {
        return Err(faults);
    }
    let Content { text, mut fields } = content::fresh(draft);
    fields.extend(extras::lines(migration));
    Ok(SecretChange {
        name: draft.secret_name.trim().to_owned(),
        arn: None,
        region,
        replaces_version: None,
        content: text,
        fields,
        kms_key: migration.kms_key.clone(),
        tags: migration.tags.clone(),
        left_pending: None,
    })
}

fn name_fault(name: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
    let is_name = !name.is_empty() && name.len() <= 512 && name.chars().all(plain);
    let shown = text::elide_end(&text::safe(name), 80);
    let rule = "a name has 1 to 512 letters, digits and /_+=.@-";
    (!is_name).then(|| format!("No secret can be created under the name `{shown}`: {rule}."))
}

fn replaced(
    draft: &Draft,
    migration: &Migration,
    secret: &Secret,
    region: String,
) -> Result<Option<SecretChange>, Vec<String>> {
    let mut faults: Vec<String> = unwritable(secret).into_iter().collect();
    faults.extend(extras::kept(secret, migration));
    if !faults.is_empty() {
        return Err(faults);
    }
    let (replaces_version, Content { text, fields }) = match &secret.value {
        Fact::Known(value) => match next(draft, value, left_pending(secret).is_some()) {
            Some(content) => (Some(value.version_id.clone()), content),
            None => return Ok(None),
        },
        Fact::Absent => (None, content::fresh(draft)),
        unread => return Err(vec![target::unread(&text::safe(&secret.name), unread)]),
    };
    Ok(Some(SecretChange {
        name: secret.name.clone(),
        arn: Some(secret.arn.clone()),
        region,
        replaces_version,
        content: text,
        fields,
        kms_key: None,
        tags: Vec::new(),
        left_pending: left_pending(secret),
    }))
}

/// Why nothing can be written to a secret, whatever it holds.
fn unwritable(secret: &Secret) -> Option<String> {
    let name = text::safe(&secret.name);
    if let Some(when) = secret.deleted {
        return Some(format!(
            "The secret {name} is scheduled for deletion on {when}. Restore it, or choose another name."
        ));
    }
    if let Some(primary) = primary_elsewhere(secret) {
        let primary = text::safe(&primary);
        return Some(format!(
            "The secret {name} is a replica, which cannot be written: write the secret in {primary}, and this one follows."
        ));
    }
    let service = secret.owning_service.as_deref()?;
    Some(format!("The secret {name} is managed by {}; only that service writes it.", text::safe(service)))
}

/// The region that is written in place of this one (Secrets Manager User Guide, "Replicate secrets across Regions").
fn primary_elsewhere(secret: &Secret) -> Option<String> {
    let here = Arn::parse(&secret.arn).ok()?.region;
    secret.kept.primary_region.clone().filter(|primary| *primary != here)
}

/// The version that an interrupted write left under rolecall's own stage.
fn left_pending(secret: &Secret) -> Option<String> {
    let is_pending = |stages: &[String]| stages.iter().any(|stage| stage == PENDING_STAGE);
    secret.versions.iter().find(|(_, stages)| is_pending(stages)).map(|(id, _)| id.clone())
}

/// What the next version holds; `None` where there is no need of one. Where a write was interrupted its stage is taken off at least.
fn next(draft: &Draft, value: &SecretValue, was_interrupted: bool) -> Option<Content> {
    let (there, old) = match &value.content {
        SecretContent::Text(text) => (text, Old::parse(text).map_err(|fault| fault.to_string())),
        SecretContent::Binary(bytes) => return Some(whole(draft, &format!("it is binary, {bytes} bytes"))),
    };
    match old {
        Ok(old) => {
            let content = content::edited(draft, &old);
            if content.changes() {
                return Some(content);
            }
            was_interrupted.then(|| Content { text: there.clone(), ..content })
        }
        Err(why) => Some(whole(draft, &why)),
    }
}

/// A content that cannot be read is replaced whole; the version that holds it stays.
fn whole(draft: &Draft, why: &str) -> Content {
    let mut content = content::fresh(draft);
    content.fields.insert(0, replaced_whole(why, "kept as the previous version"));
    content
}

/// The line about a content that cannot be read, and where it stays.
pub(super) fn replaced_whole(why: &str, kept: &str) -> FieldChange {
    shown::line("(the whole content)", FieldKind::Removed, text::safe(why), kept)
}
