//! One part of a set, edited by its name: `prod.duration_seconds`.

use jsonc_parser::ast::Value;

use super::{Field, NamedRole, RoleSet, int, read};
use crate::values::json;

/// What an edit names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit<'a> {
    /// The role.
    pub role: &'a str,
    /// The member of it; the whole entry for [`Field::Entry`].
    pub field: Field,
}

impl<'a> Edit<'a> {
    /// Reads `NAME` or `NAME.MEMBER`; a name may have dots in it, and a member may be written with hyphens.
    #[must_use]
    pub fn parse(part: &'a str) -> Self {
        let member = part.rsplit_once('.').and_then(|(role, word)| {
            let word = word.replace('-', "_");
            let field = match word.as_str() {
                "arn" => Some(Field::RoleArn),
                "account" => Some(Field::AccountId),
                "session_name" => Some(Field::SessionName),
                "duration" => Some(Field::Duration),
                _ => Field::MEMBERS.into_iter().find(|field| field.word() == word),
            };
            Some(Self { role, field: field? })
        });
        member.unwrap_or(Self { role: part, field: Field::Entry })
    }
}

/// Sets a part of a set; an empty text takes it away. A whole entry is a role's ARN, or its JSON.
///
/// # Errors
/// Why the text cannot stand there, as a clause.
pub fn edit(set: &mut RoleSet, part: &str, text: &str) -> Result<(), String> {
    let Edit { role, field } = Edit::parse(part);
    let text = text.trim();
    if field == Field::Entry {
        return whole(set, role, text);
    }
    let mut entry =
        set.get(role).cloned().unwrap_or_else(|| NamedRole { name: role.to_owned(), ..NamedRole::default() });
    let value = (!text.is_empty()).then(|| text.to_owned());
    entry.unfit.retain(|(known, _)| *known != field);
    match field {
        Field::Entry => {}
        Field::RoleArn => entry.role_arn = text.to_owned(),
        Field::AccountId => entry.account_id = value,
        Field::SessionName => entry.session_name = value,
        Field::ExternalId => entry.external_id = value,
        Field::Duration => {
            let seconds =
                value.map(|text| int(&text).ok_or_else(|| "a duration is a whole number of seconds".to_owned()));
            entry.duration_seconds = seconds.transpose()?;
        }
    }
    set.put(entry);
    Ok(())
}

fn whole(set: &mut RoleSet, name: &str, text: &str) -> Result<(), String> {
    if text.is_empty() {
        set.roles.retain(|role| role.name != name);
        return Ok(());
    }
    let entry = if text.starts_with('{') {
        let object = json::object(text).map_err(|fault| fault.to_string())?;
        read::entry(name.to_owned(), &Value::Object(object))
    } else {
        NamedRole::of(name, text)
    };
    set.put(entry);
    Ok(())
}
