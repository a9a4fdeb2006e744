//! The AWS pages that the rules stand on.

use std::fmt;

use serde::Serialize;

/// A page of AWS's documentation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Page {
    /// The guide it is part of.
    pub guide: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its address.
    pub url: &'static str,
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, \"{}\", {}", self.guide, self.title, self.url)
    }
}

const fn iam(title: &'static str, url: &'static str) -> Page {
    Page { guide: "IAM User Guide", title, url }
}

pub(super) const PRINCIPAL: Page = iam(
    "AWS JSON policy elements: Principal",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
);
pub(super) const NOT_PRINCIPAL: Page = iam(
    "AWS JSON policy elements: NotPrincipal",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
);
pub(in crate::policy::lint) const NOT_ACTION: Page = iam(
    "IAM JSON policy elements: NotAction",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
);
pub(in crate::policy::lint) const RESOURCE: Page = iam(
    "IAM JSON policy elements: Resource",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
);
pub(super) const SWITCH: Page = iam(
    "Grant a user permissions to switch roles",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html",
);
pub(super) const OPERATORS: Page = iam(
    "IAM JSON policy elements: Condition operators",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
);
pub(super) const KEYS: Page = iam(
    "AWS global condition context keys",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
);
pub(super) const THIRD_PARTIES: Page = iam(
    "Access to AWS accounts owned by third parties",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
);
pub(super) const CONFUSED_DEPUTY: Page =
    iam("The confused deputy problem", "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html");
pub(super) const SESSION_TAGS: Page =
    iam("Pass session tags in AWS STS", "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html");
pub(super) const MFA: Page = iam(
    "Secure API access with MFA",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
);
pub(in crate::policy::lint) const NOT_RESOURCE: Page = iam(
    "IAM JSON policy elements: NotResource",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html",
);
pub(in crate::policy::lint) const PASS_ROLE: Page = iam(
    "Grant a user permissions to pass a role to an AWS service",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
);
pub(in crate::policy::lint) const BOUNDARIES: Page = iam(
    "Permissions boundaries for IAM entities",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
);
pub(in crate::policy::lint) const CHECKS: Page = iam(
    "IAM policy validation check reference",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
);
pub(in crate::policy::lint) const LEAST_PRIVILEGE: Page =
    iam("Security best practices in IAM", "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html");
pub(in crate::policy::lint) const PREFIXES: Page = Page {
    guide: "Service Authorization Reference",
    title: "Actions, resources, and condition keys for AWS services",
    url: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
};
pub(in crate::policy::lint) const BUCKETS: Page = Page {
    guide: "Amazon S3 User Guide",
    title: "Policies and permissions in Amazon S3",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html",
};
