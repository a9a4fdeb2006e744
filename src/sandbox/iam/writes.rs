//! The writes that cure a denied AssumeRole: an inline policy of the caller and the role's trust policy.

use serde_json::Value;

use super::{roles, users};
use crate::policy::document::Policy;
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::query::Form;
use crate::sandbox::state::State;
use crate::sandbox::xml::Xml;
use crate::values::{AccountId, PrincipalArn};

/// PutRolePolicy.
pub(super) fn put_role_policy(state: &mut State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let role = roles::find(state, call, form)?.0.to_owned();
    let name = form.required("PolicyName")?.to_owned();
    let document = identity_document(form)?;
    if let Some(role) = state.role_mut(call.account(), &role) {
        role.inline.insert(name, document);
    }
    Ok(Xml::new())
}

/// PutUserPolicy.
pub(super) fn put_user_policy(state: &mut State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let user = users::find(state, call, form)?.0.to_owned();
    let name = form.required("PolicyName")?.to_owned();
    let document = identity_document(form)?;
    if let Some(user) = state.user_mut(call.account(), &user) {
        user.inline.insert(name, document);
    }
    Ok(Xml::new())
}

/// UpdateAssumeRolePolicy.
pub(super) fn update_trust(state: &mut State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let name = roles::find(state, call, form)?.0.to_owned();
    let document = document(form)?;
    if statements(&document).any(|statement| statement.get("Resource").is_some()) {
        return Err(malformed("Has prohibited field Resource"));
    }
    if let Some(principal) = unknown_principal(state, &document) {
        return Err(malformed(&format!("Invalid principal in policy: \"AWS\":\"{principal}\"")));
    }
    if let Some(role) = state.role_mut(call.account(), &name) {
        role.trust = document;
    }
    Ok(Xml::new())
}

fn identity_document(form: &Form) -> Result<Value, ServiceError> {
    let document = document(form)?;
    if statements(&document).any(|statement| statement.get("Principal").is_some()) {
        return Err(malformed("Policy document should not specify a principal."));
    }
    Ok(document)
}

/// The document, with no key twice in one object (IAM User Guide, "Grammar of the IAM JSON policy language").
fn document(form: &Form) -> Result<Value, ServiceError> {
    let text = form.required("PolicyDocument")?;
    serde_json::from_str::<Value>(text).map_err(|_| malformed("This policy contains invalid Json"))?;
    let policy = Policy::parse(text).map_err(|_| malformed("Syntax errors in policy."))?;
    Ok(policy.to_json())
}

fn malformed(message: &str) -> ServiceError {
    ServiceError::new(400, "MalformedPolicyDocument", message)
}

fn statements(document: &Value) -> impl Iterator<Item = &Value> {
    one_or_many(document.get("Statement"))
}

fn one_or_many(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (many, one) = match value {
        Some(Value::Array(items)) => (items.as_slice(), None),
        other => (&[][..], other),
    };
    many.iter().chain(one)
}

/// The first AWS principal that does not exist: IAM resolves each to a unique id when a trust policy is saved.
fn unknown_principal(state: &State, document: &Value) -> Option<String> {
    statements(document)
        .filter_map(|statement| statement.get("Principal")?.get("AWS"))
        .flat_map(|principals| one_or_many(Some(principals)))
        .filter_map(Value::as_str)
        .find(|text| {
            let anyone = *text == "*" || AccountId::parse(text).is_some();
            !anyone && !PrincipalArn::parse(text).is_ok_and(|principal| state.exists(&principal))
        })
        .map(ToOwned::to_owned)
}
