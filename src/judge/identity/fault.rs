//! Credentials that did not work: one finding per way of failing.

use super::super::live;
use super::super::view::{View, evidence, reason};
use super::{chosen, clock};
use crate::model::facts::{SourceEntry, SourceKind};
use crate::model::finding::Fix;
use crate::model::{AwsError, ErrorKind, Finding, Severity};

/// The finding about credentials that did not work, from the error code; the message decides only where AWS gives one code two meanings.
pub(super) fn judge(view: &View<'_>, error: &AwsError) -> Option<Finding> {
    let source = view.source_words();
    let finding = match (error.kind, error.code()) {
        (ErrorKind::Cancelled, _) => return None,
        (ErrorKind::Network, _) => unreachable(error),
        (ErrorKind::RegionDisabled, _) => live::region_disabled(view, error, None),
        (_, "ExpiredToken" | "ExpiredTokenException" | "RequestExpired") => expired(view, &source),
        (_, "SignatureDoesNotMatch" | "InvalidSignatureException") if clock::is_clock_message(&error.message) => {
            clock::refused()
        }
        (_, "SignatureDoesNotMatch" | "InvalidSignatureException") => key_invalid(
            &source,
            "its secret access key does not belong to its access key id",
            "Copy the secret access key again, or make a new key.",
        ),
        (_, "InvalidClientTokenId" | "UnrecognizedClientException" | "AuthFailure") => key_invalid(
            &source,
            "AWS does not know the access key: deleted, switched off, or of another partition",
            "Make a new access key, or choose another AWS profile.",
        ),
        _ if wants_login(view, error) => login(view, &source),
        _ if is_undefined_profile(error) => undefined_source(&source),
        (ErrorKind::Denied, _) => profile_role(view, &source),
        _ => return Some(no_credentials(view, Some(error))),
    };
    Some(evidence(finding, error))
}

fn says(error: &AwsError, words: &[&str]) -> bool {
    let texts = std::iter::once(&error.message).chain(&error.chain);
    texts.map(|text| text.to_lowercase()).any(|text| words.iter().any(|word| text.contains(word)))
}

fn wants_login(view: &View<'_>, error: &AwsError) -> bool {
    let by_login = chosen(view).is_some_and(|entry| entry.login.is_some());
    let sso_code = matches!(error.code(), "UnauthorizedException" | "InvalidGrantException");
    says(error, &["sso token has expired", "cached login token", "token has expired and cannot be refreshed"])
        || (by_login && (sso_code || says(error, &["token"])))
}

fn is_undefined_profile(error: &AwsError) -> bool {
    says(error, &["was not defined", "could not find source profile"])
}

fn login(view: &View<'_>, source: &str) -> Finding {
    Finding::new(
        Severity::Error,
        "identity/login",
        source,
        format!("The login of {source} has ended, or was never made."),
    )
    .because("no AWS call can be signed until it is renewed")
    .cure(Fix::command("Log in again.", login_command(view)))
}

/// The login is that of the AWS profile at the end of the chain: one that assumes a role has none of its own.
fn login_command(view: &View<'_>) -> String {
    chosen(view).and_then(SourceEntry::login_command).unwrap_or_else(|| view.aws(&["sso", "login"]))
}

fn expired(view: &View<'_>, source: &str) -> Finding {
    let fix = match chosen(view).map(|entry| (entry.kind, entry.login.is_some())) {
        Some((_, true)) => Fix::command("Log in again.", login_command(view)),
        Some((SourceKind::Environment, _)) => {
            Fix::advice("Set fresh AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.")
        }
        _ => Fix::advice("Renew the session token, or choose another AWS profile."),
    };
    Finding::new(
        Severity::Error,
        "identity/expired",
        source,
        format!("The session of {source} has expired; nothing else was checked."),
    )
    .because("temporary credentials end at a fixed time and cannot be extended")
    .cure(fix)
}

fn key_invalid(source: &str, why: &str, cure: &str) -> Finding {
    Finding::new(Severity::Error, "identity/key-invalid", source, format!("AWS refuses {source}: {why}."))
        .because("nothing about stack, roles or secret was checked")
        .cure(Fix::advice(cure))
}

fn undefined_source(source: &str) -> Finding {
    Finding::new(
        Severity::Error,
        "identity/profile-not-found",
        source,
        format!("{source} is built on an AWS profile that is not in the AWS files."),
    )
    .because("`source_profile` must name a section of ~/.aws/config or ~/.aws/credentials")
    .cure(Fix::advice("Correct `source_profile`, or add the section it names."))
}

fn profile_role(view: &View<'_>, source: &str) -> Finding {
    let role = chosen(view).and_then(|entry| entry.role.clone());
    let role = role.map_or_else(|| "its role".to_owned(), |role| format!("role {role}"));
    Finding::new(
        Severity::Error,
        "identity/profile-role",
        source,
        format!("{source} may not assume {role}, which it is configured to use."),
    )
    .because("the AWS files name the role, its `source_profile` and its `external_id`; one of them, or the role's trust, is wrong")
    .cure(Fix::advice("Correct `role_arn`, `source_profile` or `external_id` of that section, or choose another AWS profile."))
}

fn unreachable(error: &AwsError) -> Finding {
    Finding::new(
        Severity::Error,
        "identity/unreachable",
        "AWS",
        format!("AWS could not be reached, so nothing was checked ({}).", error.operation),
    )
    .because("there was no answer: name resolution, connection, TLS, proxy or time-out")
    .cure(Fix::advice("Check the connection, HTTPS_PROXY and NO_PROXY, AWS_CA_BUNDLE and AWS_ENDPOINT_URL."))
}

pub(super) fn no_credentials(view: &View<'_>, error: Option<&AwsError>) -> Finding {
    let source = view.source_words();
    let why = error.map(|error| format!(": {}", reason(error))).unwrap_or_default();
    let nowhere = view.facts.sources.known().is_some_and(Vec::is_empty);
    let claim = if nowhere {
        "There are no AWS credentials on this machine: no AWS profile, and none in the environment.".to_owned()
    } else {
        format!("{source} gave no credentials{why}.")
    };
    let mut finding = Finding::new(Severity::Error, "identity/no-credentials", &source, claim);
    if let Some(error) = error {
        finding = evidence(finding, error);
    }
    if let Some(fault) = chosen(view).and_then(|entry| entry.fault.as_ref()) {
        finding = finding.because(format!("the AWS files say: {fault}"));
    }
    finding
        .cure(Fix::advice("Choose another AWS profile, or set this one up."))
        .cure(Fix::command("With IAM Identity Center:", "aws configure sso"))
        .cure(Fix::command("With an access key:", view.aws(&["configure"])))
}
