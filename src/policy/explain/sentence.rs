//! One sentence per cause.

use super::{and, caller, either, listed, place, quoted, role, side, whole};
use crate::policy::case::Case;
use crate::policy::decision::{Deciding, Decision, Effect, Failed, Layer, LayerCause};
use crate::policy::live::region_owner;
use crate::policy::request::{LONGEST, LONGEST_CHAINED, SHORTEST};
use crate::values::{PrincipalArn, RoleArn};

pub(super) fn of(case: &Case, decision: &Decision, cause: &LayerCause) -> String {
    let slug = cause.cause.0;
    if let Some(sentence) = of_request(case, slug) {
        return sentence;
    }
    let of_layer = || decision.deciding.iter().filter(|one| one.layer == cause.layer);
    let deny = of_layer().find(|one| one.effect == Effect::Deny && one.failed.is_empty());
    if let Some(deny) = deny {
        return denied(case, slug, deny);
    }
    let Some(near) = of_layer().find(|one| one.effect == Effect::Allow && !one.failed.is_empty()) else {
        return without_statement(case, slug, cause.layer);
    };
    match cause.layer {
        Layer::Trust => of_trust(case, slug, near),
        _ => of_caller(case, slug, near),
    }
}

fn denied(case: &Case, slug: &str, deny: &Deciding) -> String {
    let caller = caller(case);
    match slug {
        "explicit_deny_notprincipal" if case.boundary.read().is_some_and(Option::is_some) => format!(
            "{} denies {} to everyone it does not list, and NotPrincipal spares nobody who has a permissions boundary, as {caller} has",
            place(deny),
            deny.action
        ),
        "explicit_deny_notprincipal" => format!(
            "{} denies {} to everyone it does not list, and {caller} is not listed under all its names (session, role and account)",
            place(deny),
            deny.action
        ),
        _ => format!("{} denies {} to {caller}; no Allow outweighs a Deny", place(deny), deny.action),
    }
}

/// No Allow statement is there at all, or only a live call told.
fn without_statement(case: &Case, slug: &str, layer: Layer) -> String {
    match slug {
        "identity_missing" => format!("no identity policy of {} allows sts:AssumeRole on {}", caller(case), role(case)),
        "scp_explicit_deny" | "rcp_explicit_deny" => {
            format!("AWS says that {} deny it", side(layer))
        }
        _ => format!("nothing in {} allows {} to assume {}", side(layer), caller(case), role(case)),
    }
}

fn of_request(case: &Case, slug: &str) -> Option<String> {
    let request = &case.request;
    let asked = request.duration_seconds.unwrap_or_default();
    Some(match slug {
        "role_arn_malformed" => match RoleArn::parse(&case.role_arn) {
            Err(error) => format!("`{}` is not the ARN of a role: {error}", case.role_arn),
            Ok(_) => format!("AWS does not take `{}` for the ARN of a role", case.role_arn),
        },
        "root_cannot_assume" => "the root user of an account cannot assume roles; call as a user or a role".into(),
        "federated_user_cannot_assume" => {
            "credentials from GetFederationToken cannot assume roles; call as a user or a role".into()
        }
        "wrong_partition" => format!(
            "the role is in partition {}, the caller in {}; credentials never cross partitions",
            case.role_arn.split(':').nth(1).unwrap_or_default(),
            case.caller.partition()
        ),
        "role_not_found" => format!("there is no {}: its account does not know the name", role(case)),
        "session_name_invalid" => format!(
            "the session name `{}` is not valid: 2 to 64 letters, digits and _+=,.@- are allowed",
            request.session_name.as_deref().unwrap_or_default()
        ),
        "duration_under_min" => format!("a session of {asked} s was asked for; the least is {SHORTEST} s"),
        "duration_over_max" => format!(
            "a session of {asked} s was asked for; the role allows {} s at most",
            case.max_session_duration.unwrap_or(LONGEST)
        ),
        "role_chaining_duration" => format!(
            "a session of {asked} s was asked for; a role that assumes a role gets {LONGEST_CHAINED} s at most, whatever its MaxSessionDuration"
        ),
        "packed_policy_too_large" => "the session tags and session policy are larger, packed, than AWS takes".into(),
        "mfa_invalid_code" => "the MFA code is wrong or was used already; wait for the next one".into(),
        "mfa_wrong_device" => "the MFA serial number does not belong to the calling user".into(),
        "vpc_endpoint_policy" => "AWS says that the policy of the STS VPC endpoint refuses it".into(),
        "sts_region_disabled" => {
            let region = request.region.as_deref().unwrap_or("this region");
            let owner = region_owner(case);
            let whose = match (&owner, RoleArn::parse(&case.role_arn)) {
                (Some(owner), Ok(role)) if owner == role.account() => {
                    format!("the role's account, {},", owner.grouped())
                }
                (Some(owner), _) => format!("account {}", owner.grouped()),
                (None, _) => "the role's account".into(),
            };
            format!("{whose} has STS switched off in {region}; us-east-1 is always on")
        }
        "caller_token_expired" => "the caller's session token has expired; nothing about the role was checked".into(),
        "caller_key_invalid" => {
            "AWS does not know the caller's access key: deleted, inactive, or of another partition or region".into()
        }
        "clock_skew" => "the clock of this machine is off by more than AWS accepts".into(),
        "secret_key_wrong" => "the caller's secret access key does not fit its access key".into(),
        _ => return None,
    })
}

fn of_trust(case: &Case, slug: &str, near: &Deciding) -> String {
    let (place, who) = (place(near), caller(case));
    if slug.starts_with("principal_") && slug != "principal_tag_mismatch" || slug == "self_assume_not_trusted" {
        let empty = Vec::new();
        let names =
            near.failed.iter().find(|failed| failed.element.ends_with("Principal")).map_or(&empty, |f| &f.expected);
        return by_principal(case, slug, &place, names);
    }
    match slug {
        "trust_action_missing" | "tag_session_missing_trust" | "set_source_identity_missing" => {
            format!("{place} names {who} but does not allow {}", near.action)
        }
        _ => {
            let conditions: Vec<String> = near.failed.iter().filter_map(|failed| condition(slug, failed)).collect();
            if conditions.is_empty() {
                return format!("{place} does not apply to {}", role(case));
            }
            format!("{place} {}", and(&conditions))
        }
    }
}

fn by_principal(case: &Case, slug: &str, place: &str, names: &[String]) -> String {
    let who = caller(case);
    if slug == "principal_deleted" {
        let dead: Vec<&String> =
            names.iter().filter(|name| name.starts_with("AIDA") || name.starts_with("AROA")).collect();
        return format!(
            "{place} names {}: what is left of a deleted user or role, and never matches again",
            listed(&dead)
        );
    }
    let names = listed(names);
    match slug {
        "principal_wrong_account" => {
            format!("{place} trusts {names}; the caller is {who} of account {}", case.caller.account())
        }
        "principal_type_service" => format!("{place} trusts the service {names}; {who} is no service"),
        "principal_type_federated" => {
            format!("{place} trusts the identity provider {names}, for web or SAML sign-in; {who} calls sts:AssumeRole")
        }
        "principal_session_name_mismatch" => {
            let session = match &case.caller {
                PrincipalArn::Session { session, .. } => session.as_str(),
                _ => "another",
            };
            format!("{place} trusts only the session {names}; the caller's session is {session}")
        }
        "self_assume_not_trusted" => {
            format!("{place} trusts {names}; a role may assume itself only if its trust policy names it")
        }
        _ => format!("{place} trusts {names}; it does not name {who}"),
    }
}

fn of_caller(case: &Case, slug: &str, near: &Deciding) -> String {
    let place = place(near);
    let failed = |element: &str| near.failed.iter().find(|failed| failed.element.ends_with(element));
    match slug {
        "identity_missing" => format!("no identity policy of {} allows sts:AssumeRole on {}", caller(case), role(case)),
        "identity_resource_mismatch" => {
            let names = failed("Resource").map(|failed| either(&failed.expected, quoted)).unwrap_or_default();
            format!("{place} allows sts:AssumeRole on {names}, not on {}", case.role_arn)
        }
        "identity_condition_failed" => {
            let conditions: Vec<String> = near.failed.iter().filter_map(|failed| condition(slug, failed)).collect();
            format!("{place} {}", and(&conditions))
        }
        "tag_session_missing_identity" | "set_source_identity_missing" => {
            format!("no identity policy of {} allows {} on {}", caller(case), near.action, role(case))
        }
        "scp_implicit_deny" => format!("an SCP level of the caller's account has no Allow for {}", near.action),
        _ => format!("{} does not allow {} on {}", side(near.layer), near.action, role(case)),
    }
}

/// "requires sts:ExternalId cust-42; the request sent none".
fn condition(slug: &str, failed: &Failed) -> Option<String> {
    let (operator, key) = (failed.operator.as_deref()?, failed.key.as_deref()?);
    let verb = verb(operator);
    let lower = key.to_ascii_lowercase();
    let quoted = |values: &[String]| if is_external_id(&lower) { whole(values) } else { quoted(values) };
    let wanted = either(&failed.expected, quoted);
    let absent = if is_of_request(&lower) { "the request sent none" } else { "it is absent" };
    let is_null = operator.eq_ignore_ascii_case("Null");
    Some(match (slug, &failed.actual) {
        ("mfa_not_possible_for_role_session", _) if lower.starts_with("aws:multifactorauth") => {
            format!("requires MFA ({key}), which a role session cannot present")
        }
        ("mfa_missing", _) if lower.starts_with("aws:multifactorauth") => {
            format!("requires MFA ({key}); the caller presented none")
        }
        ("condition_key_never_present", None) => {
            let right = if lower == "aws:externalid" { "; the right key is sts:ExternalId" } else { "" };
            format!("requires {key} {verb}{wanted}, a key that AWS never sends with AssumeRole{right}")
        }
        ("source_ip_absent_vpce", None) => {
            format!("requires {key} {verb}{wanted}; a call through a VPC endpoint carries no {key}")
        }
        ("org_id_absent", None) => {
            format!("requires {key} {verb}{wanted}; the caller's account is in no organization")
        }
        (_, None) if is_null => format!("requires {key}; {absent}"),
        (_, None) => format!("requires {key} {verb}{wanted}; {absent}"),
        (_, Some(_)) if is_null => format!("requires that there is no {key}; there is one"),
        ("policy_variable_absent", Some(actual)) => {
            format!(
                "requires {key} {verb}{wanted}, a variable without a value for this caller; it is {}",
                quoted(actual)
            )
        }
        (_, Some(actual)) if is_of_request(&lower) => {
            format!("requires {key} {verb}{wanted}; the request sent {}", quoted(actual))
        }
        (_, Some(actual)) => format!("requires {key} {verb}{wanted}; it is {}", quoted(actual)),
    })
}

/// `sts:ExternalId`, and what is written in its place by mistake.
fn is_external_id(key: &str) -> bool {
    let name = key.rsplit(':').next().unwrap_or(key);
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>() == "externalid"
}

/// Whether the one who calls chooses the key's value.
fn is_of_request(key: &str) -> bool {
    matches!(
        key,
        "sts:externalid" | "sts:rolesessionname" | "sts:sourceidentity" | "aws:tagkeys" | "aws:requestedregion"
    ) || key.starts_with("aws:requesttag/")
}

/// What an operator asks, to stand between key and value.
fn verb(operator: &str) -> &'static str {
    let lower = operator.to_ascii_lowercase();
    let name = lower.rsplit(':').next().unwrap_or_default().trim_end_matches("ifexists");
    match name {
        "stringnotequals" | "stringnotequalsignorecase" | "numericnotequals" | "datenotequals" | "arnnotequals" => {
            "other than "
        }
        "stringnotlike" | "arnnotlike" => "not like ",
        "stringlike" | "arnlike" | "arnequals" => "like ",
        "ipaddress" => "within ",
        "notipaddress" => "outside ",
        "numericlessthan" => "below ",
        "numericlessthanequals" => "at most ",
        "numericgreaterthan" => "above ",
        "numericgreaterthanequals" => "at least ",
        "datelessthan" => "before ",
        "datelessthanequals" => "up to ",
        "dategreaterthan" => "after ",
        "dategreaterthanequals" => "from ",
        _ => "",
    }
}
