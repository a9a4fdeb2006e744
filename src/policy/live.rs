//! What a live call adds to a case: errors that settle it whatever the policies say, and what could not be read.

use super::case::Case;
use super::decision::{Cause, Layer, LayerCause, Unknown};
use crate::values::{AccountId, PrincipalArn, RoleArn};

/// What the error of a live call says.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Live {
    /// It names its reason, and the reason is none that a policy read here could contradict.
    pub refusal: Option<LayerCause>,
    /// `sts:AssumeRole` was denied.
    pub denied: bool,
}

pub(super) fn read(case: &Case) -> Live {
    let Some(error) = &case.live_error else { return Live::default() };
    let assumes = error.operation.as_deref().is_none_or(|call| call.trim_start_matches("sts:") == "AssumeRole");
    if !assumes {
        return Live::default();
    }
    let settled = by_code(&error.code, &error.message).or_else(|| by_unread_layer(case, &error.message));
    Live {
        refusal: settled.map(|(layer, slug)| LayerCause { layer, cause: Cause(slug) }),
        denied: error.code.starts_with("AccessDenied"),
    }
}

/// What an error settles whoever called and whatever the policies say: the credentials or the request itself are at fault.
#[must_use]
pub fn settled_by_error(code: &str, message: &str) -> Option<LayerCause> {
    by_code(code, message).map(|(layer, slug)| LayerCause { layer, cause: Cause(slug) })
}

/// Errors of the credentials and of the request itself.
fn by_code(code: &str, message: &str) -> Option<(Layer, &'static str)> {
    let has = |part: &str| message.contains(part);
    Some(match code {
        "RegionDisabledException" => (Layer::Credentials, "sts_region_disabled"),
        "ExpiredToken" | "ExpiredTokenException" => (Layer::Credentials, "caller_token_expired"),
        "InvalidClientTokenId" | "UnrecognizedClientException" => (Layer::Credentials, "caller_key_invalid"),
        "SignatureDoesNotMatch" | "InvalidSignatureException" | "RequestExpired"
            if has("Signature expired") || has("Signature not yet current") || code == "RequestExpired" =>
        {
            (Layer::Credentials, "clock_skew")
        }
        "SignatureDoesNotMatch" | "InvalidSignatureException" => (Layer::Credentials, "secret_key_wrong"),
        "PackedPolicyTooLarge" | "PackedPolicyTooLargeException" => (Layer::Request, "packed_policy_too_large"),
        "ValidationError" if has("role chaining") => (Layer::Request, "role_chaining_duration"),
        "ValidationError" if has("MaxSessionDuration") => (Layer::Request, "duration_over_max"),
        "ValidationError" if has("roleSessionName") => (Layer::Request, "session_name_invalid"),
        "ValidationError" if has("durationSeconds") && has("less than or equal to") => {
            (Layer::Request, "duration_over_max")
        }
        "ValidationError" if has("durationSeconds") => (Layer::Request, "duration_under_min"),
        "ValidationError" if has("Request ARN is invalid") || has("roleArn") => (Layer::Request, "role_arn_malformed"),
        "AccessDenied" if has("may not be assumed by root") => (Layer::Request, "root_cannot_assume"),
        "AccessDenied" if has("invalid MFA one time pass code") => (Layer::Request, "mfa_invalid_code"),
        "AccessDenied" if has("unable to validate MFA code") => (Layer::Request, "mfa_wrong_device"),
        "AccessDenied" if has("VPC endpoint policy") => (Layer::Request, "vpc_endpoint_policy"),
        _ => return None,
    })
}

/// The account that has STS switched off in the region: the one that the message of a `RegionDisabledException` names, else the role's.
///
/// Source: IAM User Guide, "Manage AWS STS in an AWS Region": the account in which the credentials are made has to have the regional endpoint
/// activated, for `sts:AssumeRole` the role's; whether the caller's own account has does not matter.
#[must_use]
pub fn sts_off_for(message: &str, role_arn: &str) -> Option<AccountId> {
    let named = message.split_once("for account:").and_then(|(_, rest)| {
        let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
        AccountId::parse(&digits)
    });
    named.or_else(|| RoleArn::parse(role_arn).ok().map(|role| role.account().clone()))
}

/// As [`sts_off_for`], of the case's own live call.
pub(super) fn region_owner(case: &Case) -> Option<AccountId> {
    sts_off_for(case.live_error.as_ref().map_or("", |error| &error.message), &case.role_arn)
}

/// The policy type that the message names, where policies of that type could not be read. AWS names one even if several deny.
fn by_unread_layer(case: &Case, message: &str) -> Option<(Layer, &'static str)> {
    let denies = |kind: &str| message.contains(&format!("with an explicit deny in a {kind}"));
    let lacks = |kind: &str| message.contains(&format!("because no {kind} allows"));
    let refuses = |kind: &str| denies(kind) || lacks(kind);
    let unread = [
        (case.scps.read().is_none() && denies("service control policy"), Layer::Scp, "scp_explicit_deny"),
        (case.scps.read().is_none() && lacks("service control policy"), Layer::Scp, "scp_implicit_deny"),
        (case.rcps.read().is_none() && refuses("resource control policy"), Layer::Rcp, "rcp_explicit_deny"),
        (case.boundary.read().is_none() && refuses("permissions boundary"), Layer::Boundary, "permission_boundary"),
        (case.session.read().is_none() && refuses("session policy"), Layer::Session, "session_policy"),
    ];
    unread.into_iter().find(|(applies, ..)| *applies).map(|(_, layer, slug)| (layer, slug))
}

/// Whether `iam:GetRole` answered for another role: it takes a name and looks in the account of whoever asks.
pub(super) fn is_another_role(case: &Case) -> bool {
    case.get_role_arn.as_deref().is_some_and(|arn| arn != case.role_arn)
}

/// Whether IAM refused to be read for want of MFA: credentials of `GetSessionToken` without it work with STS but not with IAM.
pub(super) fn reads_need_mfa(case: &Case) -> bool {
    case.live_error.as_ref().is_some_and(|error| {
        error.code == "InvalidClientTokenId" && error.operation.as_deref().is_some_and(|call| call.starts_with("iam:"))
    })
}

/// What could not be read of a layer, and what would read it.
pub(super) fn unread(case: &Case, layer: Layer) -> Unknown {
    let caller = case.caller.short();
    let owner = case.caller.account().grouped();
    let role = RoleArn::parse(&case.role_arn).ok();
    let role_owner = role.as_ref().map_or_else(|| "the role's account".to_owned(), |role| role.account().grouped());
    let is_user = matches!(case.caller, PrincipalArn::User { .. });
    let (what, needs) = match layer {
        Layer::Trust => (format!("the trust policy of the role in {role_owner}"), "iam:GetRole"),
        Layer::Identity if is_user => (
            format!("the identity policies of {caller}"),
            "iam:ListUserPolicies, iam:GetUserPolicy, iam:ListAttachedUserPolicies, iam:ListGroupsForUser, iam:GetPolicyVersion",
        ),
        Layer::Identity => (
            format!("the identity policies of {caller}"),
            "iam:ListRolePolicies, iam:GetRolePolicy, iam:ListAttachedRolePolicies, iam:GetPolicyVersion",
        ),
        Layer::Boundary => {
            (format!("the permissions boundary of {caller}"), if is_user { "iam:GetUser" } else { "iam:GetRole" })
        }
        Layer::Session => (
            format!("the session policy of {caller}"),
            "whoever started the session: no AWS call shows its session policy",
        ),
        Layer::Scp => (format!("the SCPs of {owner}"), "organizations:DescribePolicy"),
        Layer::Rcp => (format!("the RCPs of {role_owner}"), "organizations:DescribePolicy"),
        Layer::Credentials | Layer::Request => (format!("the credentials of {caller}"), "sts:GetCallerIdentity"),
    };
    Unknown { what, needs: needs.into() }
}
