//! Which secret a draft means.

use crate::model::Fact;
use crate::model::facts::{Facts, Secret};
use crate::model::selection::Selection;
use crate::plan::Draft;
use crate::plan::draft::name_in_arn;
use crate::values::text;

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
        Fact::Pending(_) | Fact::Denied { .. } | Fact::Failed(_) if asked => {
            Target::Unclear(arn(), unread(&shown, &facts.secret))
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

/// Why nothing is written over what was not read.
pub(super) fn unread<T>(name: &str, fact: &Fact<T>) -> String {
    match fact {
        Fact::Denied { action, .. } => denied(name, action),
        Fact::Failed(error) => format!(
            "The secret {name} could not be read, so nothing is written over it: {}.",
            text::safe(error.to_string().trim_end_matches('.'))
        ),
        _ => format!("The secret {name} is still being read."),
    }
}
