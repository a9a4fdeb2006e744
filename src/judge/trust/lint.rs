//! What a trust policy says to others: dead principals, and principals of foreign accounts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::view::View;
use crate::model::facts::{RoleDetail, RoleFacts};
use crate::model::finding::Fix;
use crate::model::selection::RoleKind;
use crate::model::{Finding, Severity};
use crate::values::text::counted;
use crate::values::{AccountId, Arn};

pub(super) fn judge(view: &View<'_>, kind: RoleKind, role: &RoleFacts) -> Vec<Finding> {
    let Some(detail) = role.detail.known() else { return Vec::new() };
    if view.facts.role(kind).and_then(|role| role.found.known()).is_none() {
        return Vec::new();
    }
    let principals = principals(&detail.trust_text);
    [dead(detail, &principals), foreign(view, detail, &principals)].into_iter().flatten().collect()
}

/// The AWS principals of every Allow, in order, as they are written.
fn principals(trust_text: &str) -> Vec<String> {
    let Ok(document) = serde_json::from_str::<Value>(trust_text) else { return Vec::new() };
    let listed = |value: &Value| match value {
        Value::Array(all) => all.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    document
        .get("Statement")
        .map(listed)
        .unwrap_or_default()
        .iter()
        .filter(|statement| statement.get("Effect").and_then(Value::as_str) == Some("Allow"))
        .filter_map(|statement| statement.get("Principal")?.get("AWS").map(listed))
        .flatten()
        .filter_map(|principal| principal.as_str().map(str::to_owned))
        .collect()
}

/// A unique id in place of an ARN: the principal was deleted, and one made again under its name is another (C30).
fn dead(detail: &RoleDetail, principals: &[String]) -> Option<Finding> {
    let is_id = |text: &str| {
        (text.starts_with("AROA") || text.starts_with("AIDA")) && text.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let dead: Vec<&str> = principals.iter().map(String::as_str).filter(|text| is_id(text)).collect();
    let name = detail.arn.name();
    (!dead.is_empty()).then(|| {
        Finding::new(
            Severity::Warning,
            "trust/deleted-principal",
            name,
            format!("The trust policy of {name} names {} that no longer exists.", counted(dead.len(), "principal")),
        )
        .because(dead.join(", "))
        .because("IAM shows the unique id in place of the ARN when a trusted user or role was deleted; making it again under its name does not help")
        .cure(Fix::advice("Let the role's owner replace each id by the ARN of the principal that is meant, or take it out."))
    })
}

fn foreign(view: &View<'_>, detail: &RoleDetail, principals: &[String]) -> Option<Finding> {
    let workload = view.facts.workload.arn.known().map(|arn| arn.account().clone());
    let outside = |account: &AccountId| account != detail.arn.account() && Some(account) != workload.as_ref();
    let account_of = |text: &str| {
        let account = Arn::parse(text).map_or_else(|_| text.to_owned(), |arn| arn.account);
        AccountId::parse(&account).filter(|account| outside(account))
    };
    let found: Vec<(&String, AccountId)> =
        principals.iter().filter_map(|principal| Some((principal, account_of(principal)?))).collect();
    let accounts: BTreeSet<String> = found.iter().map(|(_, account)| account.grouped()).collect();
    let name = detail.arn.name();
    (!found.is_empty()).then(|| {
        let list = accounts.into_iter().collect::<Vec<_>>().join(", ");
        let claim = format!("{name} also trusts {} of account {list}.", counted(found.len(), "principal"));
        let finding = Finding::new(Severity::Info, "trust/foreign-principal", name, claim);
        found
            .iter()
            .fold(finding, |finding, (principal, _)| finding.because((*principal).clone()))
            .because("whoever runs that account decides who uses these principals")
            .cure(Fix::advice("Nothing to do if you know the account; else ask the role's owner why it is there."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_are_read_in_every_spelling() {
        let text = r#"{"Statement":[
            {"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"},
            {"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::9:root"},"Action":"*"},
            {"Effect":"Allow","Principal":{"AWS":["AROAEXAMPLE","arn:aws:iam::444455556666:user/a"],"Service":"ecs.amazonaws.com"}},
            {"Effect":"Allow","Principal":"*"}]}"#;
        assert_eq!(principals(text), ["111122223333", "AROAEXAMPLE", "arn:aws:iam::444455556666:user/a"]);
        assert!(principals("no policy").is_empty());
    }
}
