//! A trust policy taken apart: whether it lets the principal in, and whether it takes the external ID, each by itself.
//!
//! AWS refuses with one message for both, and for a caller whose own policies do not allow the call (S1-32).

use jiff::Timestamp;

use super::decision::{Answer, Cause, Decision, Effect, Layer};
use super::document::Policy;
use super::{Case, evaluate, sides, wants};

/// The two questions that a trust policy answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Apart {
    /// Whether the principal is let in, if the external ID is right.
    pub principal: Alone,
    /// Whether the external ID that is sent, or that none is, is what the policy asks for.
    pub external_id: Alone,
}

/// One question by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Alone {
    /// The answer.
    pub answer: Answer,
    /// Why, as a slug; `ok` where it is allowed.
    pub cause: Cause,
}

impl Alone {
    const OK: Self = Self { answer: Answer::Allow, cause: Cause("ok") };

    const fn denied(cause: &'static str) -> Self {
        Self { answer: Answer::Deny, cause: Cause(cause) }
    }

    const fn open(cause: &'static str) -> Self {
        Self { answer: Answer::Unknown, cause: Cause(cause) }
    }

    const fn of(decision: &Decision) -> Self {
        Self { answer: decision.verdict, cause: decision.cause }
    }
}

/// Takes the trust policy of a case apart. `None`: it was not read, or the case names no role.
#[must_use]
pub fn trust(case: &Case, now: Timestamp) -> Option<Apart> {
    let asked = sides::trust_only(&sides::of_policies(case)?)?;
    let Some(policy) = asked.trust.read()? else {
        return Some(Apart {
            principal: Alone::denied("role_not_found"),
            external_id: Alone::open("trust_policy_unreadable"),
        });
    };
    let decision = evaluate(&asked, now);
    if decision.verdict == Answer::Allow {
        return Some(Apart { principal: Alone::OK, external_id: Alone::OK });
    }
    let sent = asked.request.external_id.as_deref();
    let wanted = wants::external_id(policy);
    let external_id = external_id(policy, sent, wanted, &decision);
    let principal = match wanted.filter(|wanted| sent != Some(*wanted)) {
        Some(wanted) => {
            let mut right = asked.clone();
            right.request.external_id = Some(wanted.to_owned());
            Alone::of(&evaluate(&right, now))
        }
        None if fails_by_external_id_alone(&decision) => Alone::OK,
        None => Alone::of(&decision),
    };
    Some(Apart { principal, external_id })
}

fn external_id(policy: &Policy, sent: Option<&str>, wanted: Option<&str>, decision: &Decision) -> Alone {
    let refused = if sent.is_some() { "external_id_mismatch" } else { "external_id_missing" };
    match wanted {
        _ if !wants::any_external_id(policy) => Alone::OK,
        Some(wanted) if sent == Some(wanted) => Alone::OK,
        Some(_) => Alone::denied(refused),
        None if of_nearest(decision).any(|(_, key)| is_external_id(key)) => Alone::denied(refused),
        None if of_nearest(decision).next().is_some() => Alone::OK,
        None => Alone::open("condition_undecided"),
    }
}

/// What failed of the statements that came nearest, as element and key.
fn of_nearest(decision: &Decision) -> impl Iterator<Item = (&'static str, Option<&str>)> {
    let nearest = decision.deciding.iter().filter(|one| one.layer == Layer::Trust && one.effect == Effect::Allow);
    nearest.flat_map(|one| &one.failed).map(|failed| (failed.element, failed.key.as_deref()))
}

fn fails_by_external_id_alone(decision: &Decision) -> bool {
    let refused = decision.deciding.iter().any(|one| one.layer == Layer::Trust && one.effect == Effect::Deny);
    let mut failed = of_nearest(decision).peekable();
    !refused && failed.peek().is_some() && failed.all(|(_, key)| is_external_id(key))
}

fn is_external_id(key: Option<&str>) -> bool {
    key.is_some_and(|key| key.eq_ignore_ascii_case("sts:ExternalId"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::policy::{Readable, Request};
    use crate::values::PrincipalArn;

    const USER: &str = "arn:aws:iam::111122223333:user/wave";

    fn asked(condition: &Value, principal: &str, sent: Option<&str>) -> Option<(Alone, Alone)> {
        let policy = json!({"Statement": [{
            "Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole", "Condition": condition,
        }]});
        let case = Case {
            trust: Readable::Read(Some(Policy::from_json(&policy).unwrap())),
            request: Request { external_id: sent.map(str::to_owned), ..Request::default() },
            ..Case::new(PrincipalArn::parse(USER).unwrap(), "arn:aws:iam::444455556666:role/Pull")
        };
        trust(&case, Timestamp::UNIX_EPOCH).map(|apart| (apart.principal, apart.external_id))
    }

    #[test]
    fn each_question_is_answered_whatever_the_other_says() {
        let (equals, other) =
            (json!({"StringEquals": {"sts:ExternalId": "a-1"}}), "arn:aws:iam::111122223333:user/other");
        let (missing, mismatch) = (Alone::denied("external_id_missing"), Alone::denied("external_id_mismatch"));
        let unlisted = Alone::denied("principal_not_listed");
        for (condition, principal, sent, expected) in [
            (&equals, USER, Some("a-1"), (Alone::OK, Alone::OK)),
            (&equals, USER, None, (Alone::OK, missing)),
            (&equals, USER, Some("b-2"), (Alone::OK, mismatch)),
            (&equals, other, Some("a-1"), (unlisted, Alone::OK)),
            (&equals, other, Some("b-2"), (unlisted, mismatch)),
            (&json!({}), other, None, (unlisted, Alone::OK)),
            (&json!({}), USER, Some("b-2"), (Alone::OK, Alone::OK)),
            (&json!({"StringLike": {"sts:ExternalId": "a-*"}}), USER, Some("b-2"), (Alone::OK, mismatch)),
            (&json!({"StringLike": {"sts:ExternalId": "a-*"}}), USER, Some("a-9"), (Alone::OK, Alone::OK)),
            (&json!({"StringEquals": {"sts:ExternalId": ["a-1", "a-2"]}}), other, Some("a-2"), (unlisted, Alone::OK)),
        ] {
            assert_eq!(asked(condition, principal, sent), Some(expected), "{condition} {principal} {sent:?}");
        }
    }

    #[test]
    fn another_condition_is_held_against_the_principal_and_not_the_external_id() {
        let condition =
            json!({"StringEquals": {"sts:ExternalId": "a-1"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}});
        let (principal, external_id) = asked(&condition, USER, Some("a-1")).unwrap();
        assert_ne!(principal.answer, Answer::Allow);
        assert_eq!(external_id, Alone::OK);
    }

    #[test]
    fn what_was_not_read_is_not_taken_apart_and_a_missing_role_lets_nobody_in() {
        let case = Case::new(PrincipalArn::parse(USER).unwrap(), "arn:aws:iam::444455556666:role/Pull");
        assert_eq!(trust(&case, Timestamp::UNIX_EPOCH), None);
        let gone = Case { trust: Readable::Read(None), ..case };
        let apart = trust(&gone, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((apart.principal.cause.0, apart.external_id.answer), ("role_not_found", Answer::Unknown));
    }
}
