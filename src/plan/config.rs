//! What becomes of `config.json`.

use std::path::PathBuf;

use serde_json::Value;

use super::current::Current;
use super::fields::{self, Field};
use super::secret::Target;
use super::{Draft, shown};
use crate::model::Fact;
use crate::model::facts::{ConfigFile, Facts};
use crate::model::plan::{ConfigChange, Edit, EditValue, FieldChange, FieldKind};
use crate::model::selection::{self, Selection};
use crate::systems::quilt;
use crate::values::text;

/// The permission bits that are for others than the owner.
const OTHERS: u32 = 0o077;

/// The new file or the edit; `None` when it holds what it should.
///
/// # Errors
/// Sentences: why it cannot be written.
pub fn change(
    facts: &Facts,
    selection: &Selection,
    draft: &Draft,
    target: &Target<'_>,
) -> Result<Option<ConfigChange>, Vec<String>> {
    let file = file(facts).map_err(|why| vec![why])?;
    let path = path(facts, selection, file).map_err(|why| vec![why])?;
    let (current, fault) = match file.map(Current::read) {
        Some(Ok(current)) => (current, None),
        Some(Err(fault)) => (Current::none(), Some(fault)),
        None => (Current::none(), None),
    };
    let known = fields::all(facts, selection, draft, &current, target);
    let missing: Vec<String> = known.iter().filter_map(|field| unknown(field, &current, draft)).collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let mut steps: Vec<Step> = known.into_iter().filter_map(|field| step(field, &current, draft)).collect();
    let opened = file.and_then(|file| tightened(file, &current));
    if fault.is_none() && opened.is_none() && !steps.iter().any(|step| step.counts) {
        return Ok(None);
    }
    let mut lines = Vec::new();
    if let Some(fault) = &fault {
        let before = text::safe(&fault.to_string()).into_owned();
        lines.push(shown::line("(the whole file)", FieldKind::Removed, before, "kept as a backup"));
    }
    lines.extend(steps.iter().map(|step| step.line.clone()));
    Ok(Some(ConfigChange {
        path,
        profile: selection.config_profile.clone(),
        replaces: file.map(|file| file.text.clone()),
        edits: steps.drain(..).filter_map(|step| step.edit).collect(),
        fields: lines,
        tightens_mode: file.and_then(|file| file.mode).filter(|mode| mode & OTHERS != 0),
        replaces_unreadable: fault.is_some(),
    }))
}

fn file(facts: &Facts) -> Result<Option<&ConfigFile>, String> {
    match &facts.config {
        Fact::Known(file) => Ok(Some(file)),
        Fact::Absent => Ok(None),
        Fact::NotAsked | Fact::Pending(_) => Err("config.json is still being read.".into()),
        Fact::Denied { error, .. } | Fact::Failed(error) => {
            let why = text::safe(&error.message).into_owned();
            Err(format!("config.json could not be read, so nothing is written over it: {why}."))
        }
    }
}

fn path(facts: &Facts, selection: &Selection, file: Option<&ConfigFile>) -> Result<PathBuf, String> {
    if let Some(fault) = selection::config_profile_fault(&selection.config_profile) {
        return Err(fault);
    }
    if let Some(file) = file {
        return Ok(file.path.clone());
    }
    let root = facts.machine.known().map(|machine| &machine.config_root).filter(|root| !root.as_os_str().is_empty());
    let root = root.ok_or("It is not known yet where config.json belongs: the home folder was not found.")?;
    Ok(root.join(&selection.config_profile).join("config.json"))
}

/// The sentence about a field that every reader needs, that is not there and whose value is not known.
fn unknown(field: &Field, current: &Current, draft: &Draft) -> Option<String> {
    let why = field.needed.as_ref().filter(|_| field.value.is_none() && !draft.leaves_out(&field.path))?;
    let name = field.path.join(".");
    let sentence = || format!("config.json needs {name}, and {why}.");
    current.text(&field.path).is_none().then(sentence)
}

/// What happens to one field.
struct Step {
    edit: Option<Edit>,
    line: FieldChange,
    /// Whether it is worth a new file: times and provenance alone are not.
    counts: bool,
}

fn step(field: Field, current: &Current, draft: &Draft) -> Option<Step> {
    let there = current.get(&field.path);
    if draft.leaves_out(&field.path) {
        return None;
    }
    let value = field.value?;
    let name = field.path.join(".");
    let before = there.map(|value| shown::json(value, field.mask)).unwrap_or_default();
    let kind = kind(&field.path, there, &value);
    let counts = kind != FieldKind::Same && !rides_along(&field.path, there);
    let mut after = match &value {
        EditValue::Json(value) => shown::json(value, field.mask),
        EditValue::Secret(secret) => shown::value(secret.expose(), field.mask),
        EditValue::CreatedSecretArn => "the ARN of the new secret".into(),
        EditValue::Remove => String::new(),
    };
    if kind == FieldKind::Same {
        after.clone_from(&before);
    } else if let Some(note) = field.note {
        after = format!("{after} ({note})");
    }
    let path = field.path.iter().map(|part| (*part).to_owned()).collect();
    let edit = (kind != FieldKind::Same).then_some(Edit { path, value });
    Some(Step { edit, line: shown::line(&name, kind, before, after), counts })
}

fn kind(path: &[&str], there: Option<&Value>, value: &EditValue) -> FieldKind {
    let same = |old: &Value| match value {
        EditValue::Json(new) if path == ["quilt", "catalog"] => same_catalog(old, new),
        EditValue::Json(new) => old == new,
        EditValue::Secret(new) => old.as_str() == Some(new.expose()),
        EditValue::CreatedSecretArn | EditValue::Remove => false,
    };
    match (there, value) {
        (Some(_), EditValue::Remove) => FieldKind::Removed,
        (Some(old), _) if same(old) => FieldKind::Same,
        (Some(_), _) => FieldKind::Changed,
        (None, _) => FieldKind::Added,
    }
}

/// `https://quilt.example.com/` and `quilt.example.com` are one catalog.
fn same_catalog(old: &Value, new: &Value) -> bool {
    let host = |value: &Value| value.as_str().map(|text| quilt::bare_host(text).to_lowercase());
    host(old).is_some() && host(old) == host(new)
}

/// Fields that follow any other change and are none by themselves, as long as readers accept what stands there.
fn rides_along(path: &[&str], there: Option<&Value>) -> bool {
    let there = there.and_then(Value::as_str);
    match path {
        ["_metadata", "updatedAt"] => there.is_some(),
        ["_metadata", "source"] => matches!(there, Some("wizard" | "manual" | "cli")),
        _ => false,
    }
}

/// A file with a client secret in it that others may read is worth writing again, if only to close it.
fn tightened(file: &ConfigFile, current: &Current) -> Option<u32> {
    let holds_secret = current.text(&["benchling", "clientSecret"]).is_some();
    file.mode.filter(|mode| holds_secret && mode & OTHERS != 0)
}
