//! Edits of a JSON text that leave every byte outside of them as it was.
//!
//! The places come from `jsonc-parser`'s syntax tree; the edits are spliced into the text itself. (The crate's own editing functions lay out
//! anew the object they append to.)

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;

use crate::config::document::BYTE_ORDER_MARK;
use crate::model::plan::{Edit, EditValue};
use crate::values::json::{self, JsonFault};

/// Why a text cannot be edited.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EditError {
    /// The text is not a JSON object.
    #[error("config.json cannot be edited: {0}")]
    NotJson(#[from] JsonFault),
    /// An edit waits for the ARN of a secret that was not created.
    #[error("config.json cannot name the new secret: its ARN is not known, since the secret was not created")]
    NoSecretArn,
    /// An edit without a path, or one whose place was not found: a fault in this program.
    #[error("config.json cannot be edited: no place for `{0}` (a fault in rolecall)")]
    NoPlace(String),
}

/// Applies edits in order. Without a text a new one is made: four spaces, no newline at the end, as the webhook's own tools write it.
///
/// A byte order mark in front is taken off: no reader accepts it. Values are replaced where they stand, new members are appended with the spacing of the members before them. Where a name stands twice, the
/// last one is the one that readers see, and the one that is edited.
///
/// # Errors
/// The text is not a JSON object, or the ARN of a created secret is wanted and `created_secret_arn` is `None`.
pub fn apply(text: Option<&str>, edits: &[Edit], created_secret_arn: Option<&str>) -> Result<String, EditError> {
    let text = text.unwrap_or("{}");
    let mut text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).to_owned();
    for edit in edits {
        let value = match &edit.value {
            EditValue::Json(value) => value.to_string(),
            EditValue::Secret(secret) => json::quoted(secret.expose()),
            EditValue::CreatedSecretArn => json::quoted(created_secret_arn.ok_or(EditError::NoSecretArn)?),
            EditValue::Remove => {
                text = removed(text, &edit.path)?;
                continue;
            }
        };
        let splice = set(&text, &edit.path, &value)?;
        text = splice.into(&text).ok_or_else(|| EditError::NoPlace(edit.path.join(".")))?;
    }
    Ok(text)
}

/// New text for a range of the old one, in bytes.
struct Splice {
    start: usize,
    end: usize,
    text: String,
}

impl Splice {
    fn new(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self { start, end, text: text.into() }
    }

    fn into(self, whole: &str) -> Option<String> {
        Some([whole.get(..self.start)?, &self.text, whole.get(self.end..)?].concat())
    }
}

/// How the members of an object are laid out.
struct Layout {
    /// What stands between a comma and the next name.
    gap: String,
    /// What stands between a name and its value.
    colon: String,
    /// What stands between the last value and the closing brace.
    close: String,
    /// What one more level is indented by.
    unit: String,
}

impl Layout {
    /// As the webhook's tools write it.
    fn outermost(text: &str) -> Self {
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Self { gap: format!("{newline}    "), colon: ": ".into(), close: newline.into(), unit: "    ".into() }
    }

    /// As the object's last member stands; an empty object is laid out as one level inside of `self`.
    fn of(&self, text: &str, object: &Object<'_>) -> Self {
        let Some((gap, colon, close)) = spacing(text, object) else { return self.inside() };
        let unit = if gap.contains('\n') { self.unit_of(&gap) } else { String::new() };
        Self { gap, colon, close, unit }
    }

    fn inside(&self) -> Self {
        Self {
            gap: format!("{}{}", self.gap, self.unit),
            colon: self.colon.clone(),
            close: self.gap.clone(),
            unit: self.unit.clone(),
        }
    }

    /// The difference between two levels' indentations, or the whole of the outermost one's.
    fn unit_of(&self, gap: &str) -> String {
        let indent = |gap: &str| gap.rsplit('\n').next().unwrap_or_default().to_owned();
        let (inner, outer) = (indent(gap), indent(&self.close));
        inner.strip_prefix(&outer).filter(|unit| !unit.is_empty()).unwrap_or(&self.unit).to_owned()
    }
}

/// The gap before the last member, its colon, and what follows it. `None` for an object without members.
fn spacing(text: &str, object: &Object<'_>) -> Option<(String, String, String)> {
    let last = object.properties.last()?;
    let before = object.properties.iter().rev().nth(1).map_or(object.range.start + 1, |before| before.range.end);
    let gap = text.get(before..last.name.range().start)?;
    let gap = gap.rsplit(',').next().unwrap_or(gap).to_owned();
    let colon = text.get(last.name.range().end..last.value.range().start)?.to_owned();
    let close = text.get(last.range.end..object.range.end.checked_sub(1)?)?.to_owned();
    Some((gap, colon, close))
}

fn last_named<'o, 't>(object: &'o Object<'t>, name: &str) -> Option<&'o ObjectProp<'t>> {
    object.properties.iter().rev().find(|property| property.name.as_str() == name)
}

/// The splice that gives the member at `path` the value `value`, a JSON text.
fn set(text: &str, path: &[String], value: &str) -> Result<Splice, EditError> {
    let no_place = || EditError::NoPlace(path.join("."));
    let root = json::object(text)?;
    let mut object = &root;
    let outermost = Layout::outermost(text);
    // The outermost object of an empty text has no members to copy from.
    let mut layout = spacing(text, &root).map_or_else(|| Layout::outermost(text), |_| outermost.of(text, &root));
    let mut rest = path;
    while let Some((name, deeper)) = rest.split_first() {
        let Some(property) = last_named(object, name) else {
            return inserted(text, object, &layout, name, &nested(deeper, value, &layout)).ok_or_else(no_place);
        };
        match &property.value {
            Value::Object(inner) if !deeper.is_empty() => {
                layout = layout.of(text, inner);
                object = inner;
            }
            old => return Ok(Splice::new(old.range().start, old.range().end, nested(deeper, value, &layout))),
        }
        rest = deeper;
    }
    Err(no_place())
}

/// The value wrapped in the objects that are missing on the way to it.
fn nested(path: &[String], value: &str, layout: &Layout) -> String {
    let Some((name, deeper)) = path.split_first() else { return value.to_owned() };
    let inside = layout.inside();
    let value = nested(deeper, value, &inside);
    if layout.gap.contains('\n') {
        format!("{{{}{}{}{value}{}}}", inside.gap, json::quoted(name), inside.colon, inside.close)
    } else {
        format!("{{{}{}{value}}}", json::quoted(name), inside.colon)
    }
}

/// A new member at the end of an object.
fn inserted(text: &str, object: &Object<'_>, layout: &Layout, name: &str, value: &str) -> Option<Splice> {
    let Layout { gap, colon, close, .. } = layout;
    let member = format!("{gap}{}{colon}{value}", json::quoted(name));
    match object.properties.last() {
        Some(last) => Some(Splice::new(last.range.end, last.range.end, format!(",{member}"))),
        None => {
            let (start, end) = (object.range.start + 1, object.range.end.checked_sub(1)?);
            let wide = if gap.contains('\n') { member + close } else { member.trim_start().to_owned() };
            text.get(start..end).map(|_| Splice::new(start, end, wide))
        }
    }
}

/// Takes out every member at `path`, so that no earlier one of that name comes to light.
fn removed(mut text: String, path: &[String]) -> Result<String, EditError> {
    let no_place = || EditError::NoPlace(path.join("."));
    let (name, way) = path.split_last().ok_or_else(no_place)?;
    while let Some(splice) = removal(&text, way, name)? {
        text = splice.into(&text).ok_or_else(no_place)?;
    }
    Ok(text)
}

fn removal(text: &str, way: &[String], name: &str) -> Result<Option<Splice>, EditError> {
    let root = json::object(text)?;
    let mut object = &root;
    for step in way {
        match last_named(object, step).map(|property| &property.value) {
            Some(Value::Object(inner)) => object = inner,
            _ => return Ok(None),
        }
    }
    let members = &object.properties;
    let Some(at) = members.iter().position(|property| property.name.as_str() == name) else { return Ok(None) };
    let range = |index: usize| members.get(index).map(|property| property.range);
    let before = at.checked_sub(1).and_then(range);
    let splice = match (before, range(at), range(at + 1)) {
        (Some(before), Some(this), _) => Splice::new(before.end, this.end, ""),
        (None, Some(this), Some(next)) => Splice::new(this.start, next.start, ""),
        _ => Splice::new(object.range.start + 1, object.range.end.saturating_sub(1), ""),
    };
    Ok(Some(splice))
}

#[cfg(test)]
mod tests;
