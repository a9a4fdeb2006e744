//! What AWS's refusal leaves as its only reason.

use jiff::Timestamp;

use crate::model::verdict::Told;
use crate::policy::fix::{Cure, NoFix};
use crate::policy::{Answer, Case, Decision, Leaning, evaluate};

/// The longest that credentials with MFA behind them can live, in seconds (STS API Reference, "GetSessionToken": 36 hours).
const OLDEST: u64 = 129_600;
const TOO_OLD: &str = "mfa_too_old";

/// How long ago the code behind a user's temporary credentials was given is nowhere to be read. Where AWS refuses without naming a
/// policy type, a code of this moment would let the caller in, and the oldest possible one would not, the MFA is too old.
pub(super) fn mfa_age(case: &Case, open: &Decision, told: Option<&Told>, now: Timestamp) -> Option<Decision> {
    let is_open = open.verdict == Answer::Unknown
        && case.request.mfa == Some(true)
        && case.request.mfa_age_seconds.is_none()
        && told.is_some_and(|told| !told.pasted && told.layer.is_none() && told.cause.is_none());
    if !is_open {
        return None;
    }
    let aged = |age| {
        let mut case = Case { live_error: None, ..case.clone() };
        case.request.mfa_age_seconds = Some(age);
        evaluate(&case, now)
    };
    let (fresh, mut old) = (aged(0), aged(OLDEST));
    let lets_in = fresh.verdict == Answer::Allow || fresh.leaning == Some(Leaning::Allow);
    if !lets_in || old.verdict != Answer::Deny || old.cause.0 != TOO_OLD {
        return None;
    }
    let mut wanted = None;
    for failed in old.deciding.iter_mut().flat_map(|one| &mut one.failed) {
        if failed.key.as_deref().is_some_and(|key| key.eq_ignore_ascii_case("aws:MultiFactorAuthAge")) {
            // What was tried is not what is there.
            failed.actual = None;
            wanted = wanted.or_else(|| failed.expected.first().cloned());
        }
    }
    let limit = wanted.map(|limit| format!(" (the role accepts less than {limit} s)")).unwrap_or_default();
    old.summary = format!("AWS refused, and of all that was read only the age of the caller's MFA can be why{limit}.");
    Some(old)
}

/// The cure of such a decision: its own words, not those of the age that was tried.
pub(super) fn cure(cure: Cure, decision: &Decision) -> Cure {
    match cure.no_fix {
        Some(none) if decision.cause.0 == TOO_OLD => {
            let reason = decision.summary.clone();
            Cure { no_fix: Some(NoFix { reason, ..none }), ..cure }
        }
        _ => cure,
    }
}
