//! A set, written as it is read.

use serde_json::{Map, Value};

use super::{Field, NamedRole, RoleSet};

impl RoleSet {
    /// As JSON, with something in the place of each external ID: `shown` is asked with the role's name and the external ID. Members that
    /// nobody reads may hold anything: they are written only `with_others`.
    #[must_use]
    pub fn json(&self, with_others: bool, mut shown: impl FnMut(&str, &str) -> String) -> Value {
        let roles = self.roles.iter().map(|role| (role.name.clone(), role.json(with_others, &mut shown)));
        Value::Object(roles.collect())
    }
}

impl NamedRole {
    fn json(&self, with_others: bool, shown: &mut impl FnMut(&str, &str) -> String) -> Value {
        let text = |text: &str| Value::from(text);
        let mut members = Map::new();
        for field in Field::MEMBERS {
            let value = match field {
                Field::Entry => None,
                Field::RoleArn => Some(text(&self.role_arn)),
                Field::AccountId => self.account_id.as_deref().map(text),
                Field::SessionName => self.session_name.as_deref().map(text),
                Field::Duration => self.duration_seconds.map(Value::from),
                Field::ExternalId => self.external_id.as_deref().map(|id| Value::from(shown(&self.name, id))),
            };
            members.extend(value.map(|value| (field.word().to_owned(), value)));
        }
        if with_others {
            members.extend(self.others.clone());
        }
        Value::Object(members)
    }
}
