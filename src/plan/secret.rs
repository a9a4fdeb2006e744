//! What becomes of the secret.

use super::Draft;
use super::draft::name_in_arn;
use super::shown;
use crate::model::Fact;
use crate::model::facts::{Facts, Secret, SecretContent};
use crate::model::plan::{FieldChange, FieldKind, SecretChange};
use crate::model::selection::Selection;
use crate::secret::document::Member;
use crate::secret::{Document, Entry, Key};
use crate::values::{SecretText, json, text};

/// The most that a secret may hold, in bytes (Secrets Manager quotas).
const LARGEST: usize = 65_536;

/// Which secret the draft's name means.
pub enum Target<'f> {
    /// There is none of that name: it would be created.
    New,
    /// This one.
    There(&'f Secret),
    /// It cannot be told, or not be read. Its ARN, if that is known, and why, as a sentence.
    Unclear(Option<String>, String),
}

impl Target<'_> {
    /// Whether it could not be read what the secret holds: no value is known to be missing from it.
    pub fn is_unread(&self) -> bool {
        match self {
            Self::Unclear(..) => true,
            Self::There(secret) => secret.value.error().is_some(),
            Self::New => false,
        }
    }

    /// The ARN, where there is one already.
    pub fn arn(&self) -> Option<&str> {
        match self {
            Self::There(secret) => Some(&secret.arn),
            Self::Unclear(arn, _) => arn.as_deref(),
            Self::New => None,
        }
    }
}

/// Finds the secret that the draft names.
pub fn target<'f>(facts: &'f Facts, selection: &Selection, draft: &Draft) -> Target<'f> {
    let name = draft.secret_name.trim();
    if let Some(secret) = facts.secret.known().filter(|secret| is_named(secret, name)) {
        return Target::There(secret);
    }
    let bare = name_in_arn(name);
    let listed = facts.secrets.known().into_iter().flatten();
    let listed =
        listed.into_iter().find(|entry| entry.name == name || entry.arn == name || Some(&entry.name) == bare.as_ref());
    let arn = || listed.map(|entry| entry.arn.clone()).or_else(|| bare.is_some().then(|| name.to_owned()));
    let shown = text::safe(name);
    let asked =
        selection.secret.as_deref().is_none_or(|chosen| chosen == name || name_in_arn(chosen).as_deref() == Some(name));
    match &facts.secret {
        Fact::NotAsked if asked => Target::Unclear(arn(), format!("The secret {shown} has not been looked up.")),
        Fact::Pending(_) if asked => Target::Unclear(arn(), format!("The secret {shown} is still being read.")),
        Fact::Denied { action, .. } if asked => Target::Unclear(arn(), denied(&shown, action)),
        Fact::Failed(error) if asked => {
            let why = format!(
                "The secret {shown} could not be read, so nothing is written over it: {}.",
                text::safe(error.to_string().trim_end_matches('.'))
            );
            Target::Unclear(arn(), why)
        }
        Fact::Absent if asked => Target::New,
        _ if listed.is_some() => {
            let why = format!(
                "A secret {shown} exists but was not read. Choose it in the secret step, so that what it holds is kept."
            );
            Target::Unclear(arn(), why)
        }
        _ => Target::New,
    }
}

fn is_named(secret: &Secret, name: &str) -> bool {
    secret.name == name || secret.arn == name || name_in_arn(name).as_deref() == Some(&secret.name)
}

fn denied(name: &str, action: &str) -> String {
    format!("The secret {name} cannot be read, so nothing is written over it: {} is needed.", text::safe(action))
}

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
        Target::New => created(draft, region)?,
        Target::There(secret) => match replaced(draft, secret, region)? {
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

fn created(draft: &Draft, region: String) -> Result<SecretChange, Vec<String>> {
    let name = draft.secret_name.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
    if name.is_empty() || name.len() > 512 || !name.chars().all(plain) {
        let shown = text::elide_end(&text::safe(name), 80);
        let rule = "a name has 1 to 512 letters, digits and /_+=.@-";
        return Err(vec![format!("No secret can be created under the name `{shown}`: {rule}.")]);
    }
    let (content, fields) = merged(draft, None);
    Ok(SecretChange { name: name.to_owned(), arn: None, region, replaces_version: None, content, fields })
}

fn replaced(draft: &Draft, secret: &Secret, region: String) -> Result<Option<SecretChange>, Vec<String>> {
    let name = text::safe(&secret.name);
    if let Some(when) = secret.deleted {
        return Err(vec![format!(
            "The secret {name} is scheduled for deletion on {when}. Restore it, or choose another name."
        )]);
    }
    if let Some(service) = &secret.owning_service {
        return Err(vec![format!(
            "The secret {name} is managed by {}; only that service writes it.",
            text::safe(service)
        )]);
    }
    let (replaces_version, content, fields) = match &secret.value {
        Fact::Known(value) => {
            let written = match read(&value.content) {
                Ok(document) => match merged_with(draft, &document) {
                    Some(written) => written,
                    None => return Ok(None),
                },
                Err(why) => whole(draft, &why),
            };
            (Some(value.version_id.clone()), written.0, written.1)
        }
        Fact::Absent => {
            let (content, fields) = merged(draft, None);
            (None, content, fields)
        }
        Fact::Denied { action, .. } => return Err(vec![denied(&name, action)]),
        Fact::NotAsked | Fact::Pending(_) => return Err(vec![format!("The secret {name} is still being read.")]),
        Fact::Failed(error) => {
            let why = text::safe(error.to_string().trim_end_matches('.')).into_owned();
            return Err(vec![format!("The secret {name} could not be read, so nothing is written over it: {why}.")]);
        }
    };
    let (name, arn) = (secret.name.clone(), Some(secret.arn.clone()));
    Ok(Some(SecretChange { name, arn, region, replaces_version, content, fields }))
}

fn read(content: &SecretContent) -> Result<Document, String> {
    match content {
        SecretContent::Text(text) => Document::parse(text).map_err(|fault| fault.to_string()),
        SecretContent::Binary(bytes) => Err(format!("it is binary, {bytes} bytes")),
    }
}

/// A content that cannot be read is replaced whole; the version that holds it stays.
fn whole(draft: &Draft, why: &str) -> (SecretText, Vec<FieldChange>) {
    let (content, mut fields) = merged(draft, None);
    fields.insert(0, shown::line("(the whole content)", FieldKind::Removed, why, "kept as the previous version"));
    (content, fields)
}

/// `None` when nothing changes.
fn merged_with(draft: &Draft, document: &Document) -> Option<(SecretText, Vec<FieldChange>)> {
    let (content, mut fields) = merged(draft, Some(document));
    for name in document.duplicates() {
        let line = shown::line(name, FieldKind::Removed, "stands more than once", "stands once, with its last value");
        fields.push(line);
    }
    fields.iter().any(|field| field.kind != FieldKind::Same).then_some((content, fields))
}

/// The members that are there, with the draft's values, then the keys that were missing, in the specification's order.
fn merged(draft: &Draft, document: Option<&Document>) -> (SecretText, Vec<FieldChange>) {
    let mut members: Vec<(String, SecretText)> = Vec::new();
    let mut fields = Vec::new();
    for member in document.map(Document::members).unwrap_or_default() {
        let new = document.and_then(|document| wanted(draft, document, member));
        let before = shown::entry(&member.name, &member.entry);
        let (raw, line) = match new {
            Some(new) => {
                let after = shown::value(new.expose(), shown::mask_of(&member.name));
                (json::quoted(new.expose()).into(), shown::line(&member.name, FieldKind::Changed, before, after))
            }
            None => (member.raw.clone(), shown::line(&member.name, FieldKind::Same, before.clone(), before)),
        };
        members.push((member.name.clone(), raw));
        fields.push(line);
    }
    let missing = |key: &Key| document.is_none_or(|document| document.get(key.name()).is_none());
    for (key, value) in Key::ALL.into_iter().filter(missing).filter_map(|key| Some((key, draft.values.get(&key)?))) {
        members.push((key.name().to_owned(), json::quoted(value.expose()).into()));
        fields.push(shown::line(key.name(), FieldKind::Added, "", shown::value(value.expose(), key.mask())));
    }
    (rendered(&members), fields)
}

/// The new text of a member; `None` when it stays.
///
/// The shipped runtimes' spelling of a key follows the key as long as the two were in step, or only the one was there: whoever reads the
/// secret then reads the same.
fn wanted(draft: &Draft, document: &Document, member: &Member) -> Option<SecretText> {
    let is_text = |text: &SecretText| member.entry == Entry::Text(text.clone());
    if let Some(key) = Key::from_name(&member.name) {
        return draft.values.get(&key).filter(|value| !is_text(value)).cloned();
    }
    let key = Key::from_shipped_name(&member.name)?;
    let value = draft.values.get(&key)?;
    let here = member.entry.text();
    let in_step = document.get(key.name()).is_none_or(|entry| entry.text() == here);
    (in_step && here.as_ref() != Some(value)).then(|| value.clone())
}

/// Two spaces, no newline at the end, as the shipped writer does it.
fn rendered(members: &[(String, SecretText)]) -> SecretText {
    let lines: Vec<String> =
        members.iter().map(|(name, raw)| format!("  {}: {}", json::quoted(name), raw.expose())).collect();
    format!("{{\n{}\n}}", lines.join(",\n")).into()
}
