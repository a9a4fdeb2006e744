//! What becomes of `config.json`.

use std::path::PathBuf;

use serde_json::Value;

use super::fields::{self, Field};
use super::secret::Target;
use super::{Draft, OTHERS, shown};
use crate::config::{Config, FIELDS, SECTIONS};
use crate::model::Fact;
use crate::model::facts::{ConfigFile, Facts};
use crate::model::plan::{ConfigChange, Edit, EditValue, FieldChange, FieldKind};
use crate::model::selection::{self, Selection};
use crate::systems::quilt;
use crate::values::mask::Mask;
use crate::values::text;

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
    let parents = facts.ancestors.known().map(Vec::as_slice);
    let (current, fault) = match file.map(|file| Config::with_parents(file, parents)) {
        Some(Ok(current)) => (current, None),
        Some(Err(fault)) => (Config::none(), Some(fault)),
        None => (Config::none(), None),
    };
    let known = fields::all(facts, selection, draft, &current, target);
    let missing: Vec<String> = known.iter().filter_map(|field| unknown(field, &current, draft)).collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let mut steps: Vec<Step> = known.into_iter().filter_map(|field| step(field, &current, draft)).collect();
    steps.extend(refused(&current, draft, &steps));
    let opened = file.and_then(|file| tightened(file, &current));
    let marked = current.has_byte_order_mark();
    if fault.is_none() && opened.is_none() && !marked && !steps.iter().any(|step| step.counts) {
        return Ok(None);
    }
    let mut lines = Vec::new();
    if let Some(fault) = &fault {
        let before = text::safe(&fault.to_string()).into_owned();
        lines.push(shown::line("(the whole file)", FieldKind::Removed, before, "kept as a backup"));
    }
    if marked {
        let before = "readers refuse it; all else is kept";
        lines.push(shown::line("(the byte order mark)", FieldKind::Removed, before, "taken off"));
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
fn unknown(field: &Field, current: &Config, draft: &Draft) -> Option<String> {
    let why = field.needed.as_ref().filter(|_| field.value.is_none() && !draft.leaves_out(&field.path))?;
    let name = field.path.join(".");
    let sentence = || format!("config.json needs {name}, and {why}.");
    current.own_text(&field.path).is_none().then(sentence)
}

/// What happens to one field.
struct Step {
    edit: Option<Edit>,
    line: FieldChange,
    /// Whether it is worth a new file: times and provenance alone are not.
    counts: bool,
}

fn step(field: Field, current: &Config, draft: &Draft) -> Option<Step> {
    let Field { path, value, mask, note, .. } = field;
    let there = current.own(&path);
    if draft.leaves_out(&path) {
        return None;
    }
    let value = value?;
    let name = path.join(".");
    let before = there.map(|value| shown::json(value, mask)).unwrap_or_default();
    let kind = kind(&path, there, &value);
    let counts = kind != FieldKind::Same && !rides_along(&path, there);
    let mut after = match &value {
        EditValue::Json(value) => shown::json(value, mask),
        EditValue::Secret(secret) => shown::value(secret.expose(), mask),
        EditValue::CreatedSecretArn => "the ARN of the new secret".into(),
        EditValue::Remove => String::new(),
    };
    if kind == FieldKind::Same {
        after.clone_from(&before);
    } else if let Some(note) = note.map(str::to_owned).or_else(|| inherited(&path, mask, current, &value)) {
        after = format!("{after} ({note})");
    }
    let path = path.iter().map(|part| (*part).to_owned()).collect();
    let edit = (kind != FieldKind::Same).then_some(Edit { path, value });
    Some(Step { edit, line: shown::line(&name, kind, before, after), counts })
}

/// What a parent says of a value that the file itself did not say until now.
fn inherited(path: &[&str], mask: Mask, current: &Config, value: &EditValue) -> Option<String> {
    let parent = text::safe(current.inherited_from(path)?);
    let there = current.get(path)?;
    Some(match kind(path, Some(there), value) {
        FieldKind::Same => format!("until now inherited from {parent}"),
        _ => format!("{parent} has {}", shown::json(there, mask)),
    })
}

/// Optional fields that readers refuse as they stand and that get no value: `null`, empty where something must be, a level that they do not
/// know. They go; but not where a parent says something, since that would come through then.
fn refused(current: &Config, draft: &Draft, steps: &[Step]) -> Vec<Step> {
    let is_refused = |path: &[&str], value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || path == ["logging", "level"],
        _ => false,
    };
    let fields = FIELDS.iter().filter(|field| !field.required).filter_map(|field| {
        let value = current.own(field.path).filter(|value| field.check(value).is_err())?;
        is_refused(field.path, value).then_some((field.path, shown::json(value, field.mask())))
    });
    let sections = SECTIONS.iter().filter(|(_, required)| !required).filter_map(|(name, _)| {
        let path = std::slice::from_ref(name);
        current.own(path).is_some_and(Value::is_null).then(|| (path, "null".to_owned()))
    });
    let touched = |name: &str| {
        let below = format!("{name}.");
        steps.iter().any(|step| step.line.name == name || step.line.name.starts_with(&below))
    };
    fields
        .chain(sections)
        .filter(|(path, _)| !draft.leaves_out(path) && !touched(&path.join(".")) && current.of_parents(path).is_none())
        .map(|(path, before)| Step {
            edit: Some(Edit { path: path.iter().map(|part| (*part).to_owned()).collect(), value: EditValue::Remove }),
            line: shown::line(&path.join("."), FieldKind::Removed, before, "readers refuse it"),
            counts: true,
        })
        .collect()
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
fn tightened(file: &ConfigFile, current: &Config) -> Option<u32> {
    let holds_secret = current.own_text(&["benchling", "clientSecret"]).is_some();
    file.mode.filter(|mode| holds_secret && mode & OTHERS != 0)
}
