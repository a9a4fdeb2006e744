//! What becomes of a file that holds the secret, in place of Secrets Manager. Nothing of AWS is needed for it.

use std::path::Path;

use super::content::{self, Content, Old};
use super::secret::replaced_whole;
use super::{Draft, OTHERS};
use crate::model::Fact;
use crate::model::facts::{Facts, TargetFile};
use crate::model::plan::FileChange;
use crate::values::{SecretText, text};

/// The new file, the new text of one, or its permission bits alone; `None` when it is as it should be.
///
/// # Errors
/// Sentences: why it cannot be written.
pub fn change(facts: &Facts, draft: &Draft, path: &Path) -> Result<Option<FileChange>, Vec<String>> {
    if let Some(why) = refused(facts, path) {
        return Err(vec![why]);
    }
    let shown = text::safe(&path.to_string_lossy()).into_owned();
    let file = match &facts.migration.file {
        Fact::Known(file) => Some(file),
        Fact::Absent => None,
        Fact::NotAsked | Fact::Pending(_) => return Err(vec![format!("The file {shown} is still being read.")]),
        Fact::Denied { error, .. } | Fact::Failed(error) => {
            let why = text::safe(error.message.trim_end_matches('.'));
            return Err(vec![format!("The file {shown} cannot be written: {why}.")]);
        }
    };
    let Content { text, fields } = match file {
        None => content::fresh(draft),
        Some(file) => match next(draft, file) {
            Some(content) => content,
            None => return Ok(None),
        },
    };
    Ok(Some(FileChange {
        path: path.to_owned(),
        replaces: file.map(|file| file.text.clone()),
        content: text,
        fields,
        tightens_mode: file.and_then(wider),
    }))
}

/// Whether the file's contents are known: there, or known not to be.
pub fn is_read(facts: &Facts) -> bool {
    matches!(facts.migration.file, Fact::Known(_) | Fact::Absent)
}

/// A secret's JSON in the place of a `config.json` would leave every reader of that without its own.
fn refused(facts: &Facts, path: &Path) -> Option<String> {
    let shown = text::safe(&path.to_string_lossy()).into_owned();
    if path.file_name().is_none() {
        return Some(format!("`{shown}` names no file to write the secret to."));
    }
    let is_config = path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("config.json"));
    let root = facts.machine.known().map(|machine| &machine.config_root).filter(|root| !root.as_os_str().is_empty());
    (is_config || root.is_some_and(|root| path.starts_with(root))).then(|| {
        format!("The secret is not written to {shown}: that is where the webhook's own config.json belongs. Name another file.")
    })
}

fn next(draft: &Draft, file: &TargetFile) -> Option<Content> {
    match Old::parse(&file.text) {
        Ok(old) => {
            let content = content::edited(draft, &old);
            if content.changes() {
                return Some(content);
            }
            wider(file).map(|_| Content { text: file.text.clone(), ..content })
        }
        Err(why) => {
            let mut content = content::fresh(draft);
            content.fields.insert(0, replaced_whole(&why.to_string(), "kept as a backup"));
            Some(content)
        }
    }
}

fn wider(file: &TargetFile) -> Option<u32> {
    file.mode.filter(|mode| mode & OTHERS != 0)
}

/// The text that a file holds, if it could be read.
pub fn text(facts: &Facts) -> Option<&SecretText> {
    facts.migration.file.known().map(|file| &file.text)
}
