//! Reading users and their groups.

use super::roles::boundary;
use super::{action, listing, no_such_entity};
use crate::sandbox::description::iam::{Group, User};
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::query::Form;
use crate::sandbox::state::{PARTITION, State, group_arn, user_arn};
use crate::sandbox::sts::whole_seconds;
use crate::sandbox::xml::Xml;
use crate::sandbox::{auth, ids};
use crate::values::PrincipalArn;

/// The user that the call names; without a name GetUser, ListMFADevices and ListAccessKeys mean the caller.
pub(super) fn find<'a>(state: &'a State, call: &'a Call, form: &'a Form) -> Result<(&'a str, &'a User), ServiceError> {
    let name = match (form.get("UserName"), &call.caller.arn, call.operation.as_str()) {
        (Some(name), ..) => name,
        (None, PrincipalArn::User { name, .. }, "GetUser" | "ListMFADevices" | "ListAccessKeys") => name,
        (None, _, "GetUser" | "ListMFADevices" | "ListAccessKeys") => {
            return Err(ServiceError::validation("Must specify userName when calling with non-User credentials"));
        }
        _ => form.required("UserName")?,
    };
    let user = state.user(call.account(), name);
    let arn = user.map_or_else(
        || format!("arn:{PARTITION}:iam::{}:user/{name}", call.account()),
        |user| user_arn(call.account(), name, user),
    );
    auth::require(state, call, &action(call), &arn, Some(&format!("user {name}")))?;
    let user = user.ok_or_else(|| no_such_entity(format!("The user with name {name} cannot be found.")))?;
    Ok((name, user))
}

fn find_group<'a>(state: &'a State, call: &Call, form: &'a Form) -> Result<(&'a str, &'a Group), ServiceError> {
    let name = form.required("GroupName")?;
    let group = state.group(call.account(), name);
    let arn = group.map_or_else(
        || format!("arn:{PARTITION}:iam::{}:group/{name}", call.account()),
        |group| group_arn(call.account(), name, group),
    );
    auth::require(state, call, &action(call), &arn, Some(&format!("group {name}")))?;
    let group = group.ok_or_else(|| no_such_entity(format!("The group with name {name} cannot be found.")))?;
    Ok((name, group))
}

/// GetUser.
pub(super) fn get(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let (name, user) = find(state, call, form)?;
    let arn = user_arn(call.account(), name, user);
    let mut result = Xml::new();
    result.element("User", |xml| {
        xml.text("Path", &user.path);
        xml.text("UserName", name);
        xml.text("UserId", &ids::unique("AIDA", 21, &arn));
        xml.text("Arn", &arn);
        xml.text("CreateDate", &whole_seconds(user.created.resolve(state.loaded)));
        boundary(xml, user.boundary.as_deref());
    });
    Ok(result)
}

/// ListMFADevices.
pub(super) fn mfa_devices(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let (name, user) = find(state, call, form)?;
    let enabled = whole_seconds(user.created.resolve(state.loaded));
    listing::paged(form, "MFADevices", &user.mfa_devices, |xml, device| {
        xml.text("UserName", name);
        xml.text("SerialNumber", &device.serial);
        xml.text("EnableDate", &enabled);
    })
}

/// ListAccessKeys.
pub(super) fn access_keys(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let (name, user) = find(state, call, form)?;
    let keys: Vec<_> = user.access_keys.iter().collect();
    listing::paged(form, "AccessKeyMetadata", &keys, |xml, (id, key)| {
        xml.text("UserName", name);
        xml.text("AccessKeyId", id);
        xml.text("Status", if key.active { "Active" } else { "Inactive" });
        xml.text("CreateDate", &whole_seconds(key.created.resolve(state.loaded)));
    })
}

/// GetAccessKeyLastUsed: it names a key, and is allowed on the key's user.
pub(super) fn last_used(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let id = form.required("AccessKeyId")?;
    let users = state.accounts.get(call.account()).into_iter().flat_map(|account| &account.users);
    let found = users.into_iter().find_map(|(name, user)| Some((name, user, user.access_keys.get(id)?)));
    let arn = found.map_or_else(
        || format!("arn:{PARTITION}:iam::{}:user/*", call.account()),
        |(name, user, _)| user_arn(call.account(), name, user),
    );
    auth::require(state, call, &action(call), &arn, None)?;
    let missing = || no_such_entity(format!("The Access Key with id {id} cannot be found."));
    let (name, _, key) = found.ok_or_else(missing)?;
    let mut result = Xml::new();
    result.text("UserName", name);
    let unknown = "N/A";
    result.element("AccessKeyLastUsed", |xml| {
        let used = key.last_used.as_ref();
        xml.optional("LastUsedDate", used.map(|used| whole_seconds(used.at.resolve(state.loaded))).as_deref());
        xml.text("ServiceName", used.map_or(unknown, |used| &used.service));
        xml.text("Region", used.map_or(unknown, |used| &used.region));
    });
    Ok(result)
}

/// ListUserPolicies.
pub(super) fn list_inline(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    listing::inline_names(form, &find(state, call, form)?.1.inline)
}

/// GetUserPolicy.
pub(super) fn get_inline(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let (name, user) = find(state, call, form)?;
    listing::inline_document(form, "User", name, &user.inline)
}

/// ListAttachedUserPolicies.
pub(super) fn list_attached(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    listing::attached(form, &find(state, call, form)?.1.attached)
}

/// ListGroupsForUser.
pub(super) fn groups(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let (_, user) = find(state, call, form)?;
    let groups: Vec<(&String, &Group)> =
        user.groups.iter().filter_map(|name| Some((name, state.group(call.account(), name)?))).collect();
    listing::paged(form, "Groups", &groups, |xml, (name, group)| {
        let arn = group_arn(call.account(), name, group);
        xml.text("Path", &group.path);
        xml.text("GroupName", name);
        xml.text("GroupId", &ids::unique("AGPA", 21, &arn));
        xml.text("Arn", &arn);
        xml.text("CreateDate", &whole_seconds(group.created.resolve(state.loaded)));
    })
}

/// ListGroupPolicies.
pub(super) fn list_group_inline(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    listing::inline_names(form, &find_group(state, call, form)?.1.inline)
}

/// GetGroupPolicy.
pub(super) fn get_group_inline(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let (name, group) = find_group(state, call, form)?;
    listing::inline_document(form, "Group", name, &group.inline)
}

/// ListAttachedGroupPolicies.
pub(super) fn list_group_attached(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    listing::attached(form, &find_group(state, call, form)?.1.attached)
}
