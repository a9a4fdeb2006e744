//! Reading roles.

use super::{action, encoded, listing, no_such_entity};
use crate::sandbox::auth;
use crate::sandbox::description::iam::Role;
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::query::Form;
use crate::sandbox::state::{PARTITION, State, role_arn, role_id};
use crate::sandbox::sts::whole_seconds;
use crate::sandbox::xml::Xml;

/// The role that the call names, once the caller may do the call's action on it. IAM knows the caller's own account only.
pub(super) fn find<'a>(state: &'a State, call: &Call, form: &'a Form) -> Result<(&'a str, &'a Role), ServiceError> {
    let name = form.required("RoleName")?;
    let role = state.role(call.account(), name);
    let arn = role.map_or_else(
        || format!("arn:{PARTITION}:iam::{}:role/{name}", call.account()),
        |role| role_arn(call.account(), name, role),
    );
    auth::require(state, call, &action(call), &arn, Some(&format!("role {name}")))?;
    let role = role.ok_or_else(|| no_such_entity(format!("The role with name {name} cannot be found.")))?;
    Ok((name, role))
}

/// GetRole.
pub(super) fn get(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let (name, role) = find(state, call, form)?;
    let mut result = Xml::new();
    result.element("Role", |xml| {
        xml.text("Path", &role.path);
        xml.text("RoleName", name);
        xml.text("RoleId", &role_id(call.account(), name, role));
        xml.text("Arn", &role_arn(call.account(), name, role));
        xml.text("CreateDate", &whole_seconds(role.created.resolve(state.loaded)));
        xml.text("AssumeRolePolicyDocument", &encoded(&role.trust));
        xml.optional("Description", role.description.as_deref());
        xml.text("MaxSessionDuration", &role.max_session_duration.to_string());
        boundary(xml, role.boundary.as_deref());
        if !role.tags.is_empty() {
            xml.list("Tags", &role.tags, |xml, (key, value)| {
                xml.text("Key", key);
                xml.text("Value", value);
            });
        }
        xml.element("RoleLastUsed", |_| {});
    });
    Ok(result)
}

/// `PermissionsBoundary`, where there is one.
pub(super) fn boundary(xml: &mut Xml, arn: Option<&str>) {
    let Some(arn) = arn else { return };
    xml.element("PermissionsBoundary", |xml| {
        xml.text("PermissionsBoundaryType", "Policy");
        xml.text("PermissionsBoundaryArn", arn);
    });
}

/// ListRolePolicies.
pub(super) fn list_inline(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    listing::inline_names(form, &find(state, call, form)?.1.inline)
}

/// GetRolePolicy.
pub(super) fn get_inline(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let (name, role) = find(state, call, form)?;
    listing::inline_document(form, "Role", name, &role.inline)
}

/// ListAttachedRolePolicies.
pub(super) fn list_attached(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    listing::attached(form, &find(state, call, form)?.1.attached)
}
