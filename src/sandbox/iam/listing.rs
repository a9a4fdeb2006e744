//! What users, groups and roles have in common: inline policies and attached ones.

use serde_json::Value;

use super::{encoded, no_such_entity};
use crate::sandbox::description::iam::Inline;
use crate::sandbox::exchange::ServiceError;
use crate::sandbox::page::page;
use crate::sandbox::query::Form;
use crate::sandbox::xml::Xml;

/// A page of a list, each item written by `each`.
pub(super) fn paged<T>(
    form: &Form,
    list: &str,
    items: &[T],
    each: impl FnMut(&mut Xml, &T),
) -> Result<Xml, ServiceError> {
    let size = form.number("MaxItems")?.map_or(100, |size| usize::try_from(size).unwrap_or(100).clamp(1, 1_000));
    let found = page(items, form.get("Marker"), size).ok_or_else(|| ServiceError::validation("Invalid Marker."))?;
    let mut xml = Xml::new();
    xml.list(list, found.items, each);
    xml.text("IsTruncated", if found.next.is_some() { "true" } else { "false" });
    xml.optional("Marker", found.next.as_deref());
    Ok(xml)
}

/// `PolicyNames`.
pub(super) fn inline_names(form: &Form, inline: &Inline) -> Result<Xml, ServiceError> {
    let names: Vec<&String> = inline.keys().collect();
    paged(form, "PolicyNames", &names, |xml, name| xml.content(name))
}

/// One inline policy.
pub(super) fn inline_document(form: &Form, kind: &str, holder: &str, inline: &Inline) -> Result<Xml, ServiceError> {
    let name = form.required("PolicyName")?;
    let missing = || no_such_entity(format!("The {} policy with name {name} cannot be found.", kind.to_lowercase()));
    let document: &Value = inline.get(name).ok_or_else(missing)?;
    let mut xml = Xml::new();
    xml.text(&format!("{kind}Name"), holder);
    xml.text("PolicyName", name);
    xml.text("PolicyDocument", &encoded(document));
    Ok(xml)
}

/// `AttachedPolicies`.
pub(super) fn attached(form: &Form, arns: &[String]) -> Result<Xml, ServiceError> {
    paged(form, "AttachedPolicies", arns, |xml, arn| {
        xml.text("PolicyName", arn.rsplit('/').next().unwrap_or_default());
        xml.text("PolicyArn", arn);
    })
}
