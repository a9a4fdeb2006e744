//! The writes that cure a denied AssumeRole: a policy of the caller, inline or managed, the role's trust policy and its longest session.

use serde_json::Value;

use super::{managed, roles, users};
use crate::policy::document::Policy;
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::query::Form;
use crate::sandbox::state::State;
use crate::sandbox::sts::whole_seconds;
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

/// UpdateRole: the description and the longest session.
pub(super) fn update_role(state: &mut State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let name = roles::find(state, call, form)?.0.to_owned();
    let longest = form.number("MaxSessionDuration")?;
    if let Some(seconds) = longest.filter(|seconds| !(3_600..=43_200).contains(seconds)) {
        let bound = if seconds < 3_600 { "greater than or equal to 3600" } else { "less than or equal to 43200" };
        return Err(ServiceError::validation(format!(
            "1 validation error detected: Value '{seconds}' at 'maxSessionDuration' failed to satisfy constraint: Member must have \
             value {bound}"
        )));
    }
    if let Some(role) = state.role_mut(call.account(), &name) {
        role.description = form.get("Description").map(ToOwned::to_owned).or_else(|| role.description.take());
        // "If you do not specify a value for this setting, the default value of one hour is applied."
        role.max_session_duration = longest.unwrap_or(3_600);
    }
    Ok(Xml::new())
}

/// CreatePolicyVersion: up to five, of which one is in force.
pub(super) fn create_policy_version(state: &mut State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let arn = managed::find(state, call, form)?.0.to_owned();
    let document = identity_document(form)?;
    let in_force = form.get("SetAsDefault") == Some("true");
    let now = whole_seconds(call.now);
    let Some(policy) = state.managed_mut(&arn).filter(|_| arn.split(':').nth(4) == Some(call.account())) else {
        return Err(call.service.denied(format!("policy {arn} is AWS's own")));
    };
    if policy.versions.len() >= 5 {
        let message = "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.";
        return Err(ServiceError::new(409, "LimitExceeded", message));
    }
    let last = policy.versions.keys().filter_map(|id| id.strip_prefix('v')?.parse::<u32>().ok()).max().unwrap_or(0);
    let id = format!("v{}", last + 1);
    policy.versions.insert(id.clone(), document);
    if in_force {
        policy.default_version.clone_from(&id);
    }
    let mut result = Xml::new();
    result.element("PolicyVersion", |xml| {
        xml.text("VersionId", &id);
        xml.text("IsDefaultVersion", if in_force { "true" } else { "false" });
        xml.text("CreateDate", &now);
    });
    Ok(result)
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
