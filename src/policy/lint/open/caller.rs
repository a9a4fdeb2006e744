//! Which roles the caller may assume beside the one that was asked for.

use serde_json::Value;

use super::super::super::statement::Statement;
use super::pages::{NOT_ACTION, RESOURCE, SWITCH};
use super::{Found, Weight, condition, texts};

/// A resource that names more than one role.
pub(in crate::policy::lint) enum Wide {
    /// `*`, and what is as good.
    Everything,
    /// Any role name of some accounts, or of any.
    AllRoles,
    /// Names of a pattern in any account.
    AnyAccount,
    /// Names of a pattern.
    Pattern,
}

pub(super) fn judge(statement: &Statement, source: &Value) -> Vec<Found> {
    let mut all = Vec::new();
    if source.get("NotAction").is_some() {
        all.push(Found {
            rule: "not_action_allow",
            weight: Weight::Warning,
            what: "allows with NotAction: every action is allowed that is not listed, sts:AssumeRole among them".into(),
            cure: "List the actions that are meant under Action.",
            page: NOT_ACTION,
        });
    }
    if source.get("NotResource").is_some() {
        all.push(Found {
            rule: "not_resource_allow",
            weight: Weight::Warning,
            what: "allows sts:AssumeRole with NotResource: on every role that is not listed".into(),
            cure: "Name the ARNs of the roles that are meant under Resource.",
            page: RESOURCE,
        });
    }
    let conditional = !statement.conditions().is_empty();
    // An administrator is meant to be one.
    let meant = conditional || texts(source, "Action").contains(&"*");
    let resources = texts(source, "Resource").into_iter();
    all.extend(resources.filter_map(|resource| of_resource(resource, conditional, meant)));
    all.extend(condition::judge(statement));
    all
}

fn of_resource(resource: &str, conditional: bool, meant: bool) -> Option<Found> {
    const CURE: &str = "Name the ARNs of the roles that are meant.";
    let weight = if meant { Weight::Info } else { Weight::Warning };
    let within = if conditional { ", within its conditions" } else { "" };
    let (rule, weight, what) = match wide(resource)? {
        Wide::Everything => (
            "assumes_any_role",
            weight,
            format!("allows sts:AssumeRole on every role of every account that trusts the caller{within}"),
        ),
        Wide::AllRoles => (
            "assumes_all_roles",
            weight,
            format!(
                "allows sts:AssumeRole on {resource}, whatever the role's name: on every one that trusts the caller or its account{within}"
            ),
        ),
        Wide::AnyAccount => (
            "assumes_in_any_account",
            weight,
            format!(
                "allows sts:AssumeRole on {resource}, in every account: whoever makes a role of that name elsewhere and trusts the caller may be called{within}"
            ),
        ),
        Wide::Pattern => (
            "assumes_a_pattern",
            Weight::Info,
            format!("allows sts:AssumeRole on {resource}: on roles of such a name that are made later as well{within}"),
        ),
    };
    let page = if rule == "assumes_any_role" { SWITCH } else { RESOURCE };
    Some(Found { rule, weight, what, cure: CURE, page })
}

/// How wide the pattern of a resource is, if it is one. A pattern that can fit no role (`arn:aws:s3:::*`) is none.
pub(in crate::policy::lint) fn wide(resource: &str) -> Option<Wide> {
    let is_wild = |text: &str| text.contains(['*', '?']);
    if !is_wild(resource) {
        return None;
    }
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    let [_, _, service, _, account, names] = parts.as_slice() else {
        // A `*` reaches over colons: with fewer parts the last one fits all that follow.
        let service = parts.get(2).copied().unwrap_or("*");
        return (is_wild(service) || service == "iam").then_some(Wide::Everything);
    };
    if !is_wild(service) && *service != "iam" {
        return None;
    }
    let name = match names.strip_prefix("role/") {
        Some(name) => name,
        None if is_wild(names.split('/').next().unwrap_or_default()) => "*",
        None => return None,
    };
    Some(match (name.chars().all(|c| c == '*'), account.contains(['*', '?'])) {
        (true, true) => Wide::Everything,
        (true, false) => Wide::AllRoles,
        (false, true) => Wide::AnyAccount,
        (false, false) => Wide::Pattern,
    })
}
