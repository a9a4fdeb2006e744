//! The condition keys that follow from a case.
//!
//! Source: IAM User Guide, "AWS global condition context keys" and "Available keys for AWS STS".

use jiff::Timestamp;

use super::case::{Case, CredentialKind};
use super::condition::Context;
use crate::values::PrincipalArn;

/// Whether the caller signs with temporary credentials. `None` is not known: a user may do either.
pub(super) fn temporary(case: &Case) -> Option<bool> {
    match (case.credential, &case.caller) {
        (Some(kind), _) => Some(kind == CredentialKind::Temporary),
        (None, PrincipalArn::Session { .. } | PrincipalArn::Role(_) | PrincipalArn::FederatedUser { .. }) => Some(true),
        (None, PrincipalArn::Root { .. } | PrincipalArn::User { .. }) => None,
    }
}

/// The context of a case. What the case tells in so many words wins over what is derived.
pub(super) fn context(case: &Case, now: Timestamp) -> Context<'_> {
    let mut context = match (&case.context, &case.extra_context) {
        (Some(_), _) => Context::whole(),
        (None, Some(_)) => Context::new(),
        (None, None) => Context::open(temporary(case)),
    };
    if case.context.is_none() {
        caller(case, &mut context);
        request(case, &mut context);
        mfa(case, &mut context);
        // To the second, as AWS gives it.
        context.set("aws:CurrentTime", now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        context.set("aws:EpochTime", now.as_second().to_string());
    }
    if let Some(told) = case.context.as_ref().or(case.extra_context.as_ref()) {
        context.tell(told);
    }
    context
}

fn caller<'a>(case: &'a Case, context: &mut Context<'a>) {
    let caller = &case.caller;
    context.set("aws:PrincipalAccount", caller.account().as_str());
    let kind = match caller {
        PrincipalArn::Root { .. } => "Account",
        PrincipalArn::User { .. } => "User",
        PrincipalArn::Role(_) | PrincipalArn::Session { .. } => "AssumedRole",
        PrincipalArn::FederatedUser { .. } => "FederatedUser",
    };
    context.set("aws:PrincipalType", kind);
    match caller {
        PrincipalArn::Session { partition, account, role, .. } => {
            context.set_pathless_role("aws:PrincipalArn", partition, account.as_str(), role);
        }
        other => context.set("aws:PrincipalArn", other.to_string()),
    }
    match caller {
        PrincipalArn::User { name, .. } => context.set("aws:username", name),
        _ => context.set_absent("aws:username"),
    }
    if case.extra_context.is_none() {
        // An IAM principal that calls for itself.
        context.set("aws:PrincipalIsAWSService", "false");
        context.set("aws:ViaAWSService", "false");
        if let Some(account) = case.role_arn.split(':').nth(4) {
            context.set("aws:ResourceAccount", account);
        }
        if matches!(caller, PrincipalArn::User { .. }) && temporary(case) == Some(false) {
            context.set_absent("aws:SourceIdentity");
        }
    }
}

fn request<'a>(case: &'a Case, context: &mut Context<'a>) {
    let request = &case.request;
    context.set("aws:SecureTransport", "true");
    for (key, value) in [("sts:ExternalId", &request.external_id), ("sts:SourceIdentity", &request.source_identity)] {
        match value {
            Some(value) => context.set_all(key, std::slice::from_ref(value)),
            None => context.set_absent(key),
        }
    }
    for (key, value) in [
        ("sts:RoleSessionName", &request.session_name),
        ("aws:SourceIp", &request.source_ip),
        ("aws:RequestedRegion", &request.region),
    ] {
        if let Some(value) = value {
            context.set_all(key, std::slice::from_ref(value));
        }
    }
    context.set_many("aws:TagKeys", request.tags.keys().cloned().collect());
    for (key, value) in &request.tags {
        context.set(format!("aws:RequestTag/{key}"), value);
    }
    context.set_tags_known();
    context.set_all("sts:TransitiveTagKeys", &request.transitive_tag_keys);
}

/// "The key is not present" with long-term keys that sent no code; with temporary credentials it is true or false.
fn mfa<'a>(case: &'a Case, context: &mut Context<'a>) {
    const PRESENT: &str = "aws:MultiFactorAuthPresent";
    const AGE: &str = "aws:MultiFactorAuthAge";
    // A service that runs with a role presents no code.
    let mfa = case.request.mfa.or(matches!(case.caller, PrincipalArn::Role(_)).then_some(false));
    match mfa {
        Some(true) => {
            context.set(PRESENT, "true");
            match case.request.mfa_age_seconds {
                Some(age) => context.set(AGE, age.to_string()),
                None => context.set_unknown(AGE),
            }
        }
        Some(false) => {
            context.set_absent(AGE);
            match temporary(case) {
                Some(true) => context.set(PRESENT, "false"),
                Some(false) => context.set_absent(PRESENT),
                None => context.set_unknown(PRESENT),
            }
        }
        None if case.extra_context.is_some() => {}
        None => {
            context.set_unknown(PRESENT);
            context.set_unknown(AGE);
        }
    }
}
