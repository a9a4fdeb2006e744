//! The text of a set, read as far as it goes: what is wrong with one entry does not hide the others.

use std::collections::BTreeMap;

use jsonc_parser::ast::{Object, Value};

use super::{Field, NamedRole, RoleSet};
use crate::values::RoleArn;
use crate::values::json::{self, JsonFault, kind};

/// Why a text is no set of roles, as a clause about it. Never holds any of the text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RoleSetFault {
    /// Not JSON, with line and column.
    #[error(transparent)]
    Json(#[from] JsonFault),
    /// JSON of another kind.
    #[error("it is {0}, not an object of roles")]
    Neither(&'static str),
}

/// Reads a set.
///
/// # Errors
/// What is wrong with the text as a whole; what is wrong with an entry stands with it.
pub fn read(text: &str) -> Result<RoleSet, RoleSetFault> {
    #[cfg(test)]
    super::READ.set(super::READ.get() + 1);
    let mut set = RoleSet::default();
    match json::value(text)? {
        Value::Object(object) => {
            let mut places: BTreeMap<&str, usize> = BTreeMap::new();
            for property in &object.properties {
                let name = property.name.as_str();
                let role = entry(name.to_owned(), &property.value);
                match places.get(name).and_then(|place| set.roles.get_mut(*place)) {
                    Some(before) => {
                        *before = role;
                        set.twice.push(name.to_owned());
                    }
                    None => {
                        places.insert(name, set.roles.len());
                        set.roles.push(role);
                    }
                }
            }
            set.twice.dedup();
        }
        Value::Array(list) => {
            set.is_list = true;
            set.roles = (1..).zip(&list.elements).map(|(place, one)| entry(format!("{place}"), one)).collect();
        }
        other => return Err(RoleSetFault::Neither(kind(&other))),
    }
    Ok(set)
}

/// One entry; a bare text is taken for the role's ARN.
pub(super) fn entry(name: String, value: &Value<'_>) -> NamedRole {
    match value {
        Value::Object(object) => of_object(name, object),
        Value::StringLit(arn) => {
            let unfit = vec![(Field::Entry, "it is a text and not an object with role_arn and account_id".to_owned())];
            // Another text may be what nobody is to see.
            let role_arn = RoleArn::parse(&arn.value).map(|arn| arn.to_string()).unwrap_or_default();
            NamedRole { name, role_arn, unfit, ..NamedRole::default() }
        }
        other => NamedRole {
            name,
            unfit: vec![(Field::Entry, format!("it is {}, not an object", kind(other)))],
            ..NamedRole::default()
        },
    }
}

fn of_object(name: String, object: &Object<'_>) -> NamedRole {
    let mut role = NamedRole { name, ..NamedRole::default() };
    for property in &object.properties {
        let word = property.name.as_str();
        // Of a member that stands twice the last one counts, as for every reader of JSON in use.
        role.unfit.retain(|(field, _)| field.word() != word);
        match Field::MEMBERS.into_iter().find(|field| field.word() == word) {
            Some(field) => role.take(field, &property.value),
            None => {
                role.others.insert(word.to_owned(), property.value.clone().into());
            }
        }
    }
    role
}

impl NamedRole {
    /// Takes a member as pydantic does, which lets the text of a whole number pass for one and nothing else for a text.
    ///
    /// Source: Pydantic, "Conversion Table", Python mode, lax.
    fn take(&mut self, field: Field, value: &Value<'_>) {
        let text = match value {
            Value::StringLit(text) => Some(text.value.to_string()),
            Value::NumberLit(number) => Some(number.value.to_owned()),
            _ => None,
        };
        let is_text = matches!(value, Value::StringLit(_));
        let mut fits = is_text;
        match field {
            Field::Entry => {}
            Field::RoleArn => self.role_arn = text.unwrap_or_default(),
            Field::AccountId => self.account_id = text,
            Field::SessionName => self.session_name = text.filter(|_| is_text),
            Field::Duration => {
                self.duration_seconds = text.and_then(|text| whole(&text, is_text));
                fits = self.duration_seconds.is_some();
            }
            Field::ExternalId => {
                fits |= matches!(value, Value::NullKeyword(_));
                self.external_id = text.filter(|_| is_text);
            }
        }
        if !fits {
            let wanted = if field == Field::Duration { "a whole number" } else { "a text in quotes" };
            let found = if is_text { "another text" } else { kind(value) };
            self.unfit.push((field, format!("{} is {found} and must be {wanted}", field.word())));
        }
    }
}

/// A whole number as Python's `int` reads one: `3600`, `3_600`.
#[must_use]
pub fn int(text: &str) -> Option<i64> {
    let text = text.trim();
    let is_grouped = text.split('_').all(|part| part.ends_with(|c: char| c.is_ascii_digit()));
    if is_grouped { text.replace('_', "").parse().ok() } else { None }
}

/// A whole number as pydantic has one: nothing but zeros may follow a point, and what is no text may have an exponent.
fn whole(text: &str, is_text: bool) -> Option<i64> {
    let bare = text.split_once('.').filter(|(_, rest)| rest.bytes().all(|b| b == b'0'));
    if let Some(number) = int(bare.map_or(text, |(whole, _)| whole)) {
        return Some(number);
    }
    // Beyond nine digits it is no duration, and a float would round it.
    let number: f64 =
        text.parse().ok().filter(|number: &f64| !is_text && number.fract() == 0.0 && number.abs() < 1e9)?;
    format!("{number:.0}").parse().ok()
}
