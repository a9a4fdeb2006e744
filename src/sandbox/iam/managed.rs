//! Reading managed policies.

use super::{action, encoded, no_such_entity};
use crate::sandbox::description::iam::ManagedPolicy;
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::query::Form;
use crate::sandbox::state::State;
use crate::sandbox::sts::whole_seconds;
use crate::sandbox::xml::Xml;
use crate::sandbox::{auth, ids};

/// The policy that the call names, once the caller may do the call's action on it: its ARN, name and content.
pub(super) fn find<'a>(
    state: &'a State,
    call: &Call,
    form: &'a Form,
) -> Result<(&'a str, &'a str, &'a ManagedPolicy), ServiceError> {
    let arn = form.required("PolicyArn")?;
    auth::require(state, call, &action(call), arn, Some(&format!("policy {arn}")))?;
    let owner = arn.split(':').nth(4).unwrap_or_default();
    let found = state.managed(arn).filter(|_| owner == "aws" || owner == call.account());
    let (name, policy) = found.ok_or_else(|| no_such_entity(format!("Policy {arn} was not found.")))?;
    Ok((arn, name, policy))
}

/// GetPolicy.
pub(super) fn get(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let (arn, name, policy) = find(state, call, form)?;
    let created = whole_seconds(policy.created.resolve(state.loaded));
    let mut result = Xml::new();
    result.element("Policy", |xml| {
        xml.text("PolicyName", name);
        xml.text("PolicyId", &ids::unique("ANPA", 21, arn));
        xml.text("Arn", arn);
        xml.text("Path", &policy.path);
        xml.text("DefaultVersionId", &policy.default_version);
        xml.text("AttachmentCount", "1");
        xml.text("IsAttachable", "true");
        xml.text("CreateDate", &created);
        xml.text("UpdateDate", &created);
    });
    Ok(result)
}

/// GetPolicyVersion.
pub(super) fn get_version(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let (arn, _, policy) = find(state, call, form)?;
    let id = form.required("VersionId")?;
    let document = policy.versions.get(id);
    let document = document
        .ok_or_else(|| no_such_entity(format!("Policy {arn} version {id} does not exist or is not attachable.")))?;
    let mut result = Xml::new();
    result.element("PolicyVersion", |xml| {
        xml.text("Document", &encoded(document));
        xml.text("VersionId", id);
        xml.text("IsDefaultVersion", if id == policy.default_version { "true" } else { "false" });
        xml.text("CreateDate", &whole_seconds(policy.created.resolve(state.loaded)));
    });
    Ok(result)
}
