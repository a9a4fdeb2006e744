//! Which condition keys AWS sends with an AssumeRole.
//!
//! Source: IAM User Guide, "AWS global condition context keys" and "Available keys for AWS STS"; Service Authorization Reference,
//! "AWS Security Token Service". Keys are in lower case.

/// Whether a key may be in the context of `sts:AssumeRole`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sent {
    Never,
    Perhaps,
    /// Only when the caller signs with temporary credentials.
    WithTemporary,
}

/// Keys that any caller's request may carry.
const PERHAPS: [&str; 36] = [
    "aws:currenttime",
    "aws:epochtime",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principaltype",
    "aws:referer",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:securetransport",
    "aws:sourceidentity",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:tagkeys",
    "aws:useragent",
    "aws:userid",
    "aws:username",
    "aws:viaawsservice",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
    "sts:externalid",
    "sts:rolesessionname",
    "sts:sourceidentity",
    "sts:transitivetagkeys",
    "aws:calledvia",
    "aws:tokenissuetime",
];

/// Keys that role sessions may carry from where they were issued: a service, an identity provider, an earlier call.
const WITH_TEMPORARY: [&str; 16] = [
    "aws:assumedroot",
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:chatbotsourcearn",
    "aws:ec2instancesourceprivateipv4",
    "aws:ec2instancesourcevpc",
    "aws:federatedprovider",
    "aws:multifactorauthage",
    "aws:sourceidentity",
    "aws:tokenissuetime",
    "ec2:roledelivery",
    "ec2:sourceinstancearn",
    "glue:credentialissuingservice",
    "lambda:sourcefunctionarn",
    "ssm:sourceinstancearn",
];

/// Beginnings of keys whose rest is a tag's name.
const PERHAPS_PREFIXES: [&str; 4] = ["aws:principaltag/", "aws:requesttag/", "aws:resourcetag/", "iam:resourcetag/"];

/// Beginnings of keys that federated sessions carry.
const TEMPORARY_PREFIXES: [&str; 8] = [
    "saml:",
    "accounts.google.com:",
    "cognito-identity.amazonaws.com:",
    "graph.facebook.com:",
    "www.amazon.com:",
    "identitystore:",
    "identitycenter:",
    "sts:requestcontext",
];

/// Whether AWS may send a key, given in lower case.
pub(crate) fn sent(key: &str) -> Sent {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| key.starts_with(prefix));
    if WITH_TEMPORARY.contains(&key) || begins(&TEMPORARY_PREFIXES) || is_oidc(key) {
        Sent::WithTemporary
    } else if PERHAPS.contains(&key) || begins(&PERHAPS_PREFIXES) {
        Sent::Perhaps
    } else {
        Sent::Never
    }
}

/// Keys of OpenID Connect providers begin with the provider's host: `token.actions.githubusercontent.com:sub`.
fn is_oidc(key: &str) -> bool {
    key.split_once(':').is_some_and(|(host, _)| host.contains('.'))
}

/// Whether the Service Authorization Reference lists a key of STS, given in lower case, for `sts:AssumeRole` but not for this action.
pub(crate) fn is_of_another_action(action: &str, key: &str) -> bool {
    let tags = || matches!(key, "aws:tagkeys" | "sts:transitivetagkeys") || key.starts_with("aws:requesttag/");
    match action {
        "sts:TagSession" => key.starts_with("sts:") && !tags(),
        "sts:SetSourceIdentity" => (key.starts_with("sts:") && key != "sts:sourceidentity") || tags(),
        _ => false,
    }
}

/// Whether a key holds a list, so that it needs a set operator.
pub(crate) fn is_multivalued(key: &str) -> bool {
    matches!(
        key,
        "aws:tagkeys"
            | "aws:principalorgpaths"
            | "aws:resourceorgpaths"
            | "aws:vpceorgpaths"
            | "aws:calledvia"
            | "sts:transitivetagkeys"
    )
}

/// What would tell a key's value: an IAM action, or words.
pub(crate) fn told_by(key: &str) -> &'static str {
    match key {
        "aws:principalorgid" | "aws:principalorgpaths" | "aws:resourceorgid" | "aws:resourceorgpaths" => {
            "organizations:DescribeOrganization"
        }
        "aws:sourceip" | "aws:vpcsourceip" | "aws:sourcevpc" | "aws:sourcevpce" | "aws:sourcevpcarn" => {
            "the address and network from which the caller calls"
        }
        "aws:userid" => "sts:GetCallerIdentity",
        _ if key.starts_with("aws:principaltag/") => "iam:ListRoleTags or iam:ListUserTags",
        _ if key.starts_with("aws:resourcetag/") || key.starts_with("iam:resourcetag/") => "iam:ListRoleTags",
        _ => "the request as AWS sees it (CloudTrail shows it)",
    }
}
