//! The vocabulary of causes.

/// Every cause that a decision can have, and one that no case tells.
pub const CAUSES: [&str; 67] = [
    "ok",
    "principal_not_listed",
    "principal_wrong_account",
    "principal_deleted",
    "principal_type_service",
    "principal_type_federated",
    "principal_session_name_mismatch",
    "condition_failed",
    "trust_action_missing",
    "external_id_missing",
    "external_id_mismatch",
    "condition_key_never_present",
    "mfa_missing",
    "mfa_not_possible_for_role_session",
    "mfa_too_old",
    "source_ip_mismatch",
    "source_ip_absent_vpce",
    "explicit_deny_trust",
    "org_id_mismatch",
    "org_id_absent",
    "org_path_mismatch",
    "principal_tag_mismatch",
    "request_tag_missing",
    "tag_session_missing_trust",
    "tag_session_missing_identity",
    "tag_keys_not_allowed",
    "set_source_identity_missing",
    "session_name_mismatch",
    "policy_variable_absent",
    "date_condition_failed",
    "explicit_deny_identity",
    "explicit_deny_notprincipal",
    "identity_missing",
    "identity_resource_mismatch",
    "identity_condition_failed",
    "permission_boundary",
    "session_policy",
    "scp_explicit_deny",
    "scp_implicit_deny",
    "rcp_explicit_deny",
    "self_assume_not_trusted",
    "duration_over_max",
    "role_chaining_duration",
    "duration_under_min",
    "session_name_invalid",
    "packed_policy_too_large",
    "mfa_invalid_code",
    "mfa_wrong_device",
    // No policy, request or message tells it: whoever asks the caller for a code learns it from iam:ListMFADevices.
    "mfa_device_unusable",
    "sts_region_disabled",
    "caller_token_expired",
    "caller_key_invalid",
    "clock_skew",
    "secret_key_wrong",
    "root_cannot_assume",
    "federated_user_cannot_assume",
    "wrong_partition",
    "role_not_found",
    "trust_policy_unreadable",
    "caller_policies_unreadable",
    "condition_undecided",
    "scp_unreadable",
    "recently_changed",
    "role_arn_malformed",
    "trust_policy_wrong_account",
    "iam_reads_need_mfa",
    "vpc_endpoint_policy",
];

const PARAGRAPHS: &str = include_str!("../../../assets/causes.md");

/// What a cause means, why it matters, how to cure it and which AWS page says so: Markdown, without the heading. Its parts are
/// parted by blank lines; the last three begin with "Why it matters:", "Cure:" and "AWS:".
#[must_use]
pub fn paragraph(slug: &str) -> Option<&'static str> {
    PARAGRAPHS.split("\n## ").skip(1).find_map(|section| {
        let (heading, body) = section.split_once('\n')?;
        (heading.trim() == slug).then(|| body.trim())
    })
}

/// Holds a text of `assets/causes.md` or `assets/findings.md` to its form, and tells the AWS page that it names, if it names one.
#[cfg(test)]
pub(crate) fn page_of(id: &str, text: &'static str) -> Option<(&'static str, &'static str)> {
    let parts: Vec<&str> = text.split("\n\n").collect();
    let [meaning, why, cure, source] = parts.as_slice() else { panic!("{id} has {} parts, not four", parts.len()) };
    let after = |part: &'static str, lead: &str| {
        let said =
            part.strip_prefix(lead).unwrap_or_else(|| panic!("{id}: a part does not begin with {lead:?}: {part}"));
        assert!(said.starts_with(' ') && said.trim_end() == said, "{id}: {part:?}");
        said.trim_start()
    };
    for said in [meaning, after(why, "Why it matters:"), after(cure, "Cure:")] {
        assert!(said.ends_with('.') && !said.contains('\n') && said.len() > 12, "{id}: {said:?}");
    }
    if let Some(other) = source.strip_prefix("Source: ") {
        assert!(other.len() > 12 && !other.contains('\n') && !other.contains("AWS page"), "{id}: {other:?}");
        return None;
    }
    let (title, url) =
        after(source, "AWS:").rsplit_once(", ").unwrap_or_else(|| panic!("{id} names no page: {source}"));
    let at_aws = ["https://docs.aws.amazon.com/", "https://aws.amazon.com/blogs/"].iter().any(|at| url.starts_with(at));
    assert!(at_aws && !url.contains([' ', '#']), "{id}: {url}");
    let (guide, page) = title.split_once(", \"").unwrap_or_else(|| panic!("{id}: {title}"));
    let (page, _section) = page.split_once('"').unwrap_or_else(|| panic!("{id}: {title}"));
    assert!(["Guide", "Reference", "Blog"].iter().any(|end| guide.ends_with(end)) && !page.is_empty(), "{id}: {title}");
    Some((page, url))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn every_cause_is_explained_once() {
        let mut known: BTreeSet<&str> = CAUSES.into();
        assert_eq!(known.len(), CAUSES.len(), "a cause stands twice");
        // The one cause that no policy can have: there is nobody to evaluate.
        known.insert(crate::judge::NOT_DEPLOYED.0);
        let headings: Vec<&str> = PARAGRAPHS.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings.iter().copied().collect::<BTreeSet<_>>(), known, "assets/causes.md and CAUSES differ");
        assert_eq!(headings.len(), known.len(), "a heading stands twice");
        let mut pages = BTreeMap::new();
        for slug in known {
            let (page, url) = page_of(slug, paragraph(slug).unwrap()).expect("every cause is AWS's to explain");
            assert_eq!(*pages.entry(page).or_insert(url), url, "{slug}: one page has two addresses");
        }
        assert_eq!(paragraph("no_such_cause"), None);
    }
}
