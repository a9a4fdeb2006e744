//! The three causes that AWS refuses `sts:AssumeRole` for with one and the same message, each by itself: the caller's own side, whom the role
//! trusts, the external ID (S1-32).

use crate::model::finding::Fix;
use crate::model::{Finding, Severity, Verdict};
use crate::policy::{Answer, Case, Layer, apart, wants};
use crate::values::time::Timestamp;
use crate::values::{RoleArn, shell};

/// What is said of one of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Said {
    /// Allowed, denied, or not known.
    pub answer: Answer,
    /// The cause's slug; `ok` where it is allowed.
    pub cause: &'static str,
}

/// All three.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Causes {
    /// Whether the caller's own side allows the call.
    pub caller: Said,
    /// Whether the role trusts the caller, whatever external ID is sent.
    pub trust: Said,
    /// Whether the external ID, or that none is sent, is what the role asks for.
    pub external_id: Said,
}

impl Said {
    const OK: Self = Self { answer: Answer::Allow, cause: "ok" };

    const fn open(cause: &'static str) -> Self {
        Self { answer: Answer::Unknown, cause }
    }
}

/// Takes a verdict apart. What AWS let through once was allowed on all three counts, whatever could be read.
#[must_use]
pub fn causes(verdict: &Verdict, now: Timestamp) -> Causes {
    if verdict.decision.verdict == Answer::Allow {
        return Causes { caller: Said::OK, trust: Said::OK, external_id: Said::OK };
    }
    let apart = verdict.case.as_deref().and_then(|case| apart::trust(case, now));
    let of_trust = |alone: Option<apart::Alone>| {
        alone.map_or(Said::open("trust_policy_unreadable"), |alone| Said { answer: alone.answer, cause: alone.cause.0 })
    };
    Causes {
        caller: caller(verdict),
        trust: of_trust(apart.map(|apart| apart.principal)),
        external_id: of_trust(apart.map(|apart| apart.external_id)),
    }
}

/// The caller's policies as they were read; where they were not, AWS's message may name them.
fn caller(verdict: &Verdict) -> Said {
    let evidence = &verdict.evidence;
    if let Some(side) = &evidence.caller {
        return Said { answer: side.verdict, cause: side.cause.0 };
    }
    let told = evidence.told.as_ref().filter(|told| told.layer == Some(Layer::Identity));
    match told {
        Some(told) => Said { answer: Answer::Deny, cause: told.cause.map_or("identity_missing", |cause| cause.0) },
        None => Said::open("caller_policies_unreadable"),
    }
}

/// Refused for these, neither side has an answer: there is no role, or none that this caller could be let into by a policy.
const OF_NO_POLICY: [&str; 5] =
    ["role_not_found", "wrong_partition", "role_arn_malformed", "root_cannot_assume", "federated_user_cannot_assume"];

/// What the request or its credentials are refused for, whatever the policies say (STS API Reference, AssumeRole, and its common errors).
const OF_REQUEST: [&str; 13] = [
    "duration_over_max",
    "duration_under_min",
    "role_chaining_duration",
    "session_name_invalid",
    "packed_policy_too_large",
    "mfa_invalid_code",
    "mfa_wrong_device",
    "sts_region_disabled",
    "caller_token_expired",
    "caller_key_invalid",
    "clock_skew",
    "secret_key_wrong",
    "vpc_endpoint_policy",
];

/// Whether a side's policy makes a cause.
fn is_of_policy(cause: &str) -> bool {
    !OF_NO_POLICY.contains(&cause) && !OF_REQUEST.contains(&cause)
}

/// Whom the trust policy does not name: a statement that does cures it. Everything else that it refuses for is a condition or a Deny of its
/// owner's.
fn is_not_named(cause: &str) -> bool {
    cause.starts_with("principal_") || matches!(cause, "self_assume_not_trusted" | "trust_action_missing")
}

/// A finding about each cause, with the ids for caller, trust and external ID in this order; `options` follow the name of a text that a command
/// prints: the system, and of a chain the role. None where nobody is known to call, and none about a side whose policy has no part in the
/// refusal.
#[must_use]
pub fn findings(verdict: &Verdict, now: Timestamp, ids: [&str; 3], options: &[String]) -> Vec<Finding> {
    let Some(case) = verdict.case.as_deref() else { return Vec::new() };
    let refused = (verdict.decision.verdict != Answer::Allow).then_some(verdict.decision.cause.0);
    // What a missing role would trust, and what leads from one partition to another, is no question.
    if refused.is_some_and(|cause| OF_NO_POLICY.contains(&cause)) {
        return Vec::new();
    }
    let said = causes(verdict, now);
    let role = RoleArn::parse(&case.role_arn).map_or_else(|_| case.role_arn.clone(), |arn| arn.name().to_owned());
    let who = case.caller.short();
    let [of_caller, of_trust, of_external_id] = ids;
    let print = |text: &str, what: &str| {
        let words = ["rolecall", "print", text];
        Fix::command(what, shell::command(words.into_iter().chain(options.iter().map(String::as_str))))
    };
    let mut caller = finding(
        of_caller,
        &role,
        said.caller,
        [
            format!("Nothing on the side of {who} stands against calling sts:AssumeRole on {role}."),
            format!("{who} may not call sts:AssumeRole on {role}: its own side does not allow it."),
            format!("Whether {who} may call sts:AssumeRole on {role} by its own policies is not known."),
        ],
    );
    let mut trust = finding(
        of_trust,
        &role,
        said.trust,
        [
            format!("{role} trusts {who}."),
            format!("{role} does not let {who} in, whatever external ID is sent."),
            format!("Whether {role} trusts {who} is not known."),
        ],
    );
    let sent = case.request.external_id.is_some();
    let mut external_id = finding(
        of_external_id,
        &role,
        said.external_id,
        [
            format!("{role} takes the call {} external ID.", if sent { "with this" } else { "without an" }),
            if sent {
                format!("{role} wants another external ID than is sent.")
            } else {
                format!("{role} wants an external ID, and none is sent.")
            },
            format!("Which external ID {role} wants is not known."),
        ],
    );
    if said.caller.answer == Answer::Deny {
        caller = caller.cure(match said.caller.cause {
            "identity_missing" | "identity_resource_mismatch" => {
                print("caller-policy", "Have the caller's own account allow the call on this one role.")
            }
            _ => Fix::advice(format!(
                "Have the caller's own account change the policy that refuses it: another Allow beside it does nothing. The cause is {}.",
                said.caller.cause
            )),
        });
    }
    if said.trust.answer == Answer::Deny {
        trust = trust.cure(if is_not_named(said.trust.cause) {
            print("trust-policy", "Have the role's account trust the caller.")
        } else {
            Fix::advice(
                "Ask the role's account about the condition or the Deny that refuses the caller: it is its owner's to change.",
            )
        });
    }
    if said.external_id.answer == Answer::Deny {
        let both = "Caller and trust policy must hold the same one. Ask whoever made it, and correct the side that is wrong: rolecall changes neither.";
        external_id = external_id.cure(Fix::advice(both));
    }
    if said.external_id.answer == Answer::Allow && asks_nothing_across(case) {
        external_id.severity = Severity::Warning;
        external_id.claim = format!("{role} lets another account in without asking for an external ID.");
        external_id = external_id
            .because(
                "who serves several customers can be made to use one customer's role for another (confused deputy)",
            )
            .cure(Fix::advice("Have the trust policy ask for one: StringEquals on sts:ExternalId."));
    }
    let answered = |one: Said| one.answer == Answer::Allow || is_of_policy(one.cause);
    let all = [(said.caller, caller), (said.trust, trust), (said.external_id, external_id)];
    all.into_iter().filter(|(said, _)| answered(*said)).map(|(_, finding)| finding).collect()
}

/// As allowed, denied, or not known.
fn finding(id: &str, role: &str, said: Said, [allowed, denied, open]: [String; 3]) -> Finding {
    let needs = match said.cause {
        "caller_policies_unreadable" => {
            "iam:GetUser or iam:GetRole and the policies of the caller, with credentials of its account"
        }
        _ => "iam:GetRole of the role, with credentials of its account: --inspector names an AWS profile",
    };
    match said.answer {
        Answer::Allow => Finding::new(Severity::Ok, id, role, allowed),
        Answer::Deny => Finding::new(Severity::Error, id, role, denied).because(format!("cause: {}", said.cause)),
        Answer::Unknown => {
            Finding::new(Severity::Info, id, role, open).because(format!("to know it needs {needs}")).not_known()
        }
    }
}

/// A trust policy that asks for no external ID, of another account than the caller's.
fn asks_nothing_across(case: &Case) -> bool {
    let across = RoleArn::parse(&case.role_arn).is_ok_and(|role| role.account() != case.caller.account());
    across && case.trust.read().and_then(Option::as_ref).is_some_and(|trust| !wants::any_external_id(trust))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::verdict::{Evidence, Party};
    use crate::policy::{Policy, Readable, Request, evaluate};
    use crate::values::PrincipalArn;

    fn told(role: &str, trusted: Option<&str>, seconds: u32) -> Vec<(String, Severity)> {
        let now: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
        let policy = |arn: &str| {
            let statement = json!({"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"});
            Policy::from_json(&json!({"Statement": [statement]})).unwrap()
        };
        let case = Case {
            trust: Readable::Read(trusted.map(policy)),
            request: Request { duration_seconds: Some(seconds), ..Request::default() },
            ..Case::new(PrincipalArn::parse("arn:aws:iam::111122223333:user/wave").unwrap(), role)
        };
        let verdict = Verdict {
            party: Party::Operator,
            principal: None,
            hop: 0,
            role_arn: role.into(),
            evidence: Evidence::default(),
            evaluated: None,
            decision: evaluate(&case, now),
            case: Some(Box::new(case)),
            live: None,
            disagreement: false,
            next: Vec::new(),
            cure: None,
        };
        let findings =
            findings(&verdict, now, ["caller", "trust", "external-id"], &["--system".to_owned(), "wave".to_owned()]);
        findings.into_iter().map(|finding| (finding.id, finding.severity)).collect()
    }

    #[test]
    fn what_no_policy_refuses_is_no_sides_fault() {
        const ROLE: &str = "arn:aws:iam::444455556666:role/Pull";
        let user = Some("arn:aws:iam::111122223333:user/wave");
        assert_eq!(told(ROLE, None, 3_600), [], "a role that is not there");
        assert_eq!(told("arn:aws-cn:iam::444455556666:role/Pull", user, 3_600), [], "another partition");
        let denied = |told: &[(String, Severity)]| told.iter().filter(|one| one.1 == Severity::Error).count();
        assert_eq!(denied(&told(ROLE, user, 60)), 0, "a session that is too short");
        assert_eq!(denied(&told(ROLE, Some("arn:aws:iam::111122223333:user/bob"), 3_600)), 1);
    }
}
