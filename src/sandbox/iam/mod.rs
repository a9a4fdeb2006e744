//! Identity and Access Management: what a principal's policies are read with, and the writes that a cure needs.

mod listing;
mod managed;
mod roles;
mod simulate;
mod users;
mod writes;

use serde_json::Value;

use super::exchange::{Call, ServiceError};
use super::query::Form;
use super::state::State;
use super::xml::Xml;

/// Answers a call to IAM.
///
/// # Errors
/// As AWS answers.
pub(super) fn serve(state: &mut State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    match call.operation.as_str() {
        "GetRole" => roles::get(state, call, form),
        "ListRolePolicies" => roles::list_inline(state, call, form),
        "GetRolePolicy" => roles::get_inline(state, call, form),
        "ListAttachedRolePolicies" => roles::list_attached(state, call, form),
        "GetUser" => users::get(state, call, form),
        "ListUserPolicies" => users::list_inline(state, call, form),
        "GetUserPolicy" => users::get_inline(state, call, form),
        "ListAttachedUserPolicies" => users::list_attached(state, call, form),
        "ListGroupsForUser" => users::groups(state, call, form),
        "ListGroupPolicies" => users::list_group_inline(state, call, form),
        "GetGroupPolicy" => users::get_group_inline(state, call, form),
        "ListAttachedGroupPolicies" => users::list_group_attached(state, call, form),
        "GetPolicy" => managed::get(state, call, form),
        "GetPolicyVersion" => managed::get_version(state, call, form),
        "ListMFADevices" => users::mfa_devices(state, call, form),
        "ListAccessKeys" => users::access_keys(state, call, form),
        "GetAccessKeyLastUsed" => users::last_used(state, call, form),
        "SimulatePrincipalPolicy" => simulate::principal(state, call, form),
        "PutUserPolicy" => writes::put_user_policy(state, call, form),
        "PutRolePolicy" => writes::put_role_policy(state, call, form),
        "UpdateAssumeRolePolicy" => writes::update_trust(state, call, form),
        "UpdateRole" => writes::update_role(state, call, form),
        "CreatePolicyVersion" => writes::create_policy_version(state, call, form),
        other => Err(ServiceError::new(
            400,
            "InvalidAction",
            format!("Could not find operation {other} for version 2010-05-08"),
        )),
    }
}

/// The action that the operation needs; in IAM they have the same name.
fn action(call: &Call) -> String {
    format!("iam:{}", call.operation)
}

/// `NoSuchEntity`.
fn no_such_entity(message: impl Into<String>) -> ServiceError {
    ServiceError::new(404, "NoSuchEntity", message)
}

/// A document as IAM returns it: percent-encoded, nothing but RFC 3986's unreserved characters left as they are.
fn encoded(document: &Value) -> String {
    const RESERVED: percent_encoding::AsciiSet =
        percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    percent_encoding::utf8_percent_encode(&document.to_string(), &RESERVED).to_string()
}
