//! Why there is no fix, whose decision it is, and what to do next.

use super::view::Place;
use crate::policy::case::Case;
use crate::policy::decision::{Answer, Decision, Failed, Layer, LayerCause};
use crate::policy::explain;
use crate::policy::fix::NoFix;
use crate::policy::live::region_owner;
use crate::values::text::{safe, safe_whole};
use crate::values::{PrincipalArn, RoleArn};

/// What stands against every edit.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Refusal {
    layer: Option<Layer>,
    slug: Option<&'static str>,
    failed: Option<Box<(usize, Failed)>>,
    note: Option<String>,
    denied: bool,
}

impl Refusal {
    /// The verdict is none that an edit could turn.
    pub(super) fn of_verdict() -> Self {
        Self::default()
    }

    pub(super) fn of(layer: Layer) -> Self {
        Self { layer: Some(layer), ..Self::default() }
    }

    pub(super) fn denied(layer: Layer) -> Self {
        Self { denied: true, ..Self::of(layer) }
    }

    pub(super) fn because(layer: Layer, slug: &'static str) -> Self {
        Self { slug: Some(slug), ..Self::of(layer) }
    }

    /// An element of a statement that no edit of ours may touch.
    pub(super) fn at(place: Place, failed: &Failed) -> Self {
        Self { failed: Some(Box::new((place.statement, failed.clone()))), ..Self::of(place.layer) }
    }

    pub(super) fn noted(note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..Self::default() }
    }

    pub(super) fn on(self, layer: Layer) -> Self {
        Self { layer: Some(layer), ..self }
    }

    /// As the answer has it.
    pub(super) fn no_fix(self, case: &Case, decision: &Decision) -> NoFix {
        match decision.verdict {
            Answer::Allow => NoFix {
                reason: "It is allowed: there is nothing to cure.".into(),
                owner: "nobody".into(),
                next_step: "Make the call.".into(),
            },
            Answer::Unknown => open(case, decision),
            Answer::Deny => self.refused(case, decision),
        }
    }

    fn refused(self, case: &Case, decision: &Decision) -> NoFix {
        let cause = decision
            .causes
            .iter()
            .find(|cause| self.slug.map_or(Some(cause.layer) == self.layer, |slug| slug == cause.cause.0))
            .or_else(|| decision.causes.iter().find(|cause| cause.cause == decision.cause));
        let layer = self.layer.or_else(|| cause.map(|cause| cause.layer)).unwrap_or(Layer::Trust);
        let mut reason =
            cause.map_or_else(|| decision.summary.trim_end_matches('.').to_owned(), |cause| why(case, decision, cause));
        if let Some((statement, failed)) = self.failed.as_deref()
            && !is_told(decision, layer, failed)
        {
            reason = format!("{reason}; besides, {}", also(*statement, failed));
        }
        if let Some(note) = &self.note {
            reason = format!("{reason}; {note}");
        }
        let slug = cause.map_or("", |cause| cause.cause.0);
        let key = self.failed.as_deref().and_then(|(_, failed)| failed.key.as_deref()).map(str::to_ascii_lowercase);
        NoFix {
            reason: safe_whole(&format!("{reason}.")).into_owned(),
            owner: owner(case, layer, slug, key.as_deref()),
            next_step: next_step(case, layer, slug, key.as_deref(), self.denied),
        }
    }
}

fn why(case: &Case, decision: &Decision, cause: &LayerCause) -> String {
    let sentence = explain::why(case, decision, cause);
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Whether the decision names the failed element already.
fn is_told(decision: &Decision, layer: Layer, failed: &Failed) -> bool {
    let near = decision.deciding.iter().filter(|one| one.layer == layer);
    near.flat_map(|one| one.failed.first()).any(|first| first.key == failed.key && first.element == failed.element)
}

fn also(statement: usize, failed: &Failed) -> String {
    let number = statement + 1;
    match (&failed.operator, &failed.key) {
        (Some(operator), Some(key)) => {
            format!("statement {number} asks for {operator} {key} = {}", failed.expected.join(" or "))
        }
        _ => format!("{} of statement {number} does not fit", failed.element),
    }
}

/// What could not be read or judged leaves nothing to edit.
fn open(case: &Case, decision: &Decision) -> NoFix {
    let first = decision.unknowns.first();
    NoFix {
        reason: safe_whole(&format!("{} No edit can be proven while that is open.", decision.summary)).into_owned(),
        owner: match decision.cause.0 {
            "trust_policy_unreadable" | "trust_policy_wrong_account" => role_owner(case),
            "scp_unreadable" => "the administrators of both accounts' organizations".into(),
            _ => caller_owner(case),
        },
        next_step: match (decision.cause.0, first) {
            ("recently_changed", _) => "Repeat the call in a minute.".into(),
            (_, Some(unknown)) => safe(&format!("Find out {}: {}.", unknown.what, unknown.needs)).into_owned(),
            (_, None) => "Repeat the call in a minute.".into(),
        },
    }
}

fn role_owner(case: &Case) -> String {
    RoleArn::parse(&case.role_arn).map_or_else(
        |_| "whoever gave the role's ARN".into(),
        |role| format!("the owner of role/{} in account {}", role.name(), role.account().grouped()),
    )
}

fn caller_owner(case: &Case) -> String {
    format!("the administrators of account {}", case.caller.account().grouped())
}

fn owner(case: &Case, layer: Layer, slug: &str, key: Option<&str>) -> String {
    let caller = || format!("the caller, {}", case.caller.short());
    if key.is_some_and(|key| key.starts_with("aws:multifactor")) || slug.starts_with("mfa_") {
        return caller();
    }
    match layer {
        Layer::Trust => role_owner(case),
        Layer::Identity | Layer::Boundary => caller_owner(case),
        Layer::Session => format!("whoever starts the session of {}", case.caller.short()),
        Layer::Scp => format!("the administrators of the organization of account {}", case.caller.account().grouped()),
        Layer::Rcp => RoleArn::parse(&case.role_arn).map_or_else(
            |_| "the administrators of the role's organization".into(),
            |role| format!("the administrators of the organization of account {}", role.account().grouped()),
        ),
        Layer::Request if slug == "vpc_endpoint_policy" => "the owner of the VPC endpoint for STS".into(),
        Layer::Request if slug == "role_not_found" => role_owner(case),
        Layer::Credentials if slug == "sts_region_disabled" => region_owner(case).map_or_else(
            || "the administrators of the role's account".into(),
            |account| format!("the administrators of account {}", account.grouped()),
        ),
        Layer::Credentials | Layer::Request => caller(),
    }
}

fn next_step(case: &Case, layer: Layer, slug: &str, key: Option<&str>, denied: bool) -> String {
    if denied {
        return format!(
            "Ask {} whether the Deny is meant for this caller; no Allow outweighs it.",
            owner(case, layer, slug, key)
        );
    }
    if let Some(step) = of_request(case, slug) {
        return step.into();
    }
    if let Some(step) = key.and_then(|key| of_key(case, key, &owner(case, layer, "", None))) {
        return step;
    }
    match layer {
        Layer::Session => {
            "Start the session again with a session policy that allows sts:AssumeRole on this role, or with none."
                .into()
        }
        Layer::Scp | Layer::Rcp => {
            format!("Ask {} to allow sts:AssumeRole on {}.", owner(case, layer, slug, key), case.role_arn)
        }
        Layer::Boundary => {
            format!("Ask {} for a boundary that allows sts:AssumeRole on {}.", caller_owner(case), case.role_arn)
        }
        _ if key.is_some() => {
            format!("Ask {} how this caller can meet the condition, or whether it must.", owner(case, layer, slug, key))
        }
        _ => format!("Ask {} whether this caller is meant to be allowed.", owner(case, layer, slug, key)),
    }
}

/// What whoever holds them does about credentials that AWS does not take.
pub(super) fn of_credentials(slug: &str) -> Option<&'static str> {
    Some(match slug {
        "caller_token_expired" => "Sign in again, and take stale AWS_SESSION_TOKEN values out of the environment.",
        "caller_key_invalid" => {
            "Check with sts:GetCallerIdentity which key is used, and whether it is active and of this partition."
        }
        "clock_skew" => "Set the clock of this machine (NTP), then repeat the call.",
        "secret_key_wrong" => "Enter the secret access key again; copying often cuts it.",
        _ => return None,
    })
}

/// What the caller does about its own request or credentials.
fn of_request(case: &Case, slug: &str) -> Option<&'static str> {
    if let Some(step) = of_credentials(slug) {
        return Some(step);
    }
    Some(match slug {
        "sts_region_disabled" => {
            "Ask for STS to be activated in the region: IAM console, Account settings, Security Token Service (STS), Endpoints. Or call STS \
             in another region, where that account has it on."
        }
        "packed_policy_too_large" => "Send fewer or shorter session tags, or a shorter session policy.",
        "mfa_invalid_code" => "Wait for the next six digits, and set the clock of the device.",
        "mfa_wrong_device" => "Give the ARN of the caller's own MFA device (iam:ListMFADevices), not the user's.",
        "mfa_device_unusable" => "Register a device that shows codes: the API takes no passkey.",
        "root_cannot_assume" => "Call as an IAM user or role: the root user can assume no role.",
        "federated_user_cannot_assume" => {
            "Call with the user's or a role's own credentials: a federated user can assume no role."
        }
        "wrong_partition" => "Use credentials of the role's own partition: none cross from one to another.",
        "role_not_found" => {
            "Check the name, the path and the account of the role's ARN with iam:GetRole in its account."
        }
        "role_arn_malformed" => "Correct the role's ARN: arn:aws:iam::ACCOUNT:role/NAME.",
        "vpc_endpoint_policy" => "Ask for sts:AssumeRole in the endpoint's policy, or call STS by another way.",
        "mfa_not_possible_for_role_session" => {
            "Assume the role from the IAM user, with MFA: a role session can present no code."
        }
        "mfa_missing" if matches!(case.caller, PrincipalArn::User { .. }) => {
            "Call again with the caller's MFA device: --serial-number and --token-code."
        }
        "mfa_too_old" => "Authenticate with MFA again, then repeat the call.",
        _ => return None,
    })
}

/// What to do about a condition key (in lower case) that the caller does not meet; `owner` set the condition.
fn of_key(case: &Case, key: &str, owner: &str) -> Option<String> {
    Some(match key {
        "aws:multifactorauthpresent" | "aws:multifactorauthage" => {
            "Authenticate with MFA as the IAM user (a role session can present no code), then repeat the call.".into()
        }
        "aws:sourceip" | "aws:vpcsourceip" | "aws:sourcevpc" | "aws:sourcevpce" => {
            format!("Call from a network that the policy allows, or ask {owner} to allow this one.")
        }
        "aws:principalorgid" | "aws:principalorgpaths" => {
            format!("Ask {owner} whether accounts outside of that organization may be trusted.")
        }
        "aws:currenttime" | "aws:epochtime" => format!("Ask {owner} for a new period."),
        "sts:externalid" => {
            format!("Ask {owner} for the external ID: STS takes 2 to 1,224 letters, digits and _+=,.@:/-, no spaces.")
        }
        "aws:principalarn" if matches!(case.caller, PrincipalArn::Session { .. }) => {
            "Read the caller's role with iam:GetRole in its account: the policy must give its exact ARN, path included."
                .into()
        }
        _ if key.starts_with("aws:principaltag/") => {
            let tag = key.trim_start_matches("aws:principaltag/");
            format!(
                "Ask {} whether the caller should bear the tag {tag} (iam:TagRole, iam:TagUser).",
                caller_owner(case)
            )
        }
        _ => return None,
    })
}
