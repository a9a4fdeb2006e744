//! The word for a condition of a trust policy that failed.

use crate::policy::case::Case;
use crate::policy::condition::context::Lookup;
use crate::policy::condition::keys::{Sent, sent};
use crate::policy::condition::{Condition, Context};
use crate::policy::decision::Failed;
use crate::values::PrincipalArn;

/// Of several failed conditions the first that has a word of its own.
pub(super) fn by_conditions(
    case: &Case,
    context: &Context<'_>,
    conditions: &[Condition],
    failed: &[Failed],
) -> &'static str {
    let slugs = failed.iter().filter_map(|failed| {
        let without_value = conditions.iter().any(|one| one.is_told_by(failed) && one.lacks_variables(context));
        by_condition(case, context, failed, without_value)
    });
    slugs.into_iter().find(|slug| *slug != "condition_failed").unwrap_or("condition_failed")
}

/// `without_value`: every value holds a variable that has none.
fn by_condition(case: &Case, context: &Context<'_>, failed: &Failed, without_value: bool) -> Option<&'static str> {
    let key = failed.key.as_deref()?.to_ascii_lowercase();
    let operator = failed.operator.as_deref().unwrap_or_default().to_ascii_lowercase();
    let absent = failed.actual.is_none();
    if absent && sent(&key) == Sent::Never {
        return Some("condition_key_never_present");
    }
    if !absent && without_value {
        return Some("policy_variable_absent");
    }
    if !absent && operator == "null" {
        return Some("condition_failed");
    }
    let wants_mfa = !failed.expected.iter().all(|value| value.eq_ignore_ascii_case("false")) || operator == "null";
    let tag = |prefix: &str| key.starts_with(prefix);
    Some(match key.as_str() {
        "sts:externalid" if absent => "external_id_missing",
        "sts:externalid" => "external_id_mismatch",
        "aws:multifactorauthpresent" if wants_mfa => without_mfa(case),
        "aws:multifactorauthage" if absent => without_mfa(case),
        "aws:multifactorauthage" if operator.starts_with("numericless") => "mfa_too_old",
        "aws:sourceip" if absent => "source_ip_absent_vpce",
        "aws:sourceip" => "source_ip_mismatch",
        "aws:principalorgid" | "aws:principalorgpaths" if absent => "org_id_absent",
        "aws:principalorgid" => "org_id_mismatch",
        "aws:principalorgpaths" => "org_path_mismatch",
        "aws:tagkeys" if absent => "request_tag_missing",
        "aws:tagkeys" if context.get("aws:tagkeys") != Lookup::Absent => "tag_keys_not_allowed",
        "sts:rolesessionname" if !absent => "session_name_mismatch",
        _ if tag("aws:principaltag/") => "principal_tag_mismatch",
        _ if tag("aws:requesttag/") => "request_tag_missing",
        _ if operator.contains("date") || key == "aws:currenttime" || key == "aws:epochtime" => "date_condition_failed",
        _ => "condition_failed",
    })
}

const fn without_mfa(case: &Case) -> &'static str {
    match case.caller {
        PrincipalArn::Session { .. } | PrincipalArn::Role(_) => "mfa_not_possible_for_role_session",
        _ => "mfa_missing",
    }
}
