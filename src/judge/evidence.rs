//! The kinds of evidence beside the live call and the evaluation of everything together, each by itself.

use super::told;
use crate::model::verdict::{Evidence, Side, Told};
use crate::model::{Fact, LiveCall};
use crate::policy::{Answer, Case, Decision, Effect, Layer, evaluate, explain, sides};
use crate::values::text::capitalized;
use crate::values::time::Timestamp;

/// What each side says alone, and what the answer to the live call says. `pasted` counts where the call itself told nothing.
pub(super) fn of(case: &Case, now: Timestamp, live: Option<&LiveCall>, pasted: Option<Told>) -> Evidence {
    let side = |case: Option<Case>, layer| case.map(|case| side(&case, &evaluate(&case, now), layer));
    let policies = sides::of_policies(case);
    let policies = policies.as_ref();
    Evidence {
        trust: side(policies.filter(|case| trusts_somebody(case)).and_then(sides::trust_only), Layer::Trust),
        caller: side(policies.and_then(sides::caller_only), Layer::Identity),
        simulated: Fact::NotAsked,
        told: live.and_then(told::of_call).or(pasted),
    }
}

/// Whether it is the role's own trust policy that was read: there is a role, and GetRole did not tell of another.
fn trusts_somebody(case: &Case) -> bool {
    case.get_role_arn.is_none() && case.trust.read().is_some_and(Option::is_some)
}

/// An allow speaks of the side that was asked alone: what was taken to be open has no say in its sentence.
fn side(case: &Case, decision: &Decision, layer: Layer) -> Side {
    let allowing = decision.deciding.iter().find(|one| one.layer == layer && one.effect == Effect::Allow);
    let summary = match (decision.verdict, allowing, layer) {
        (Answer::Allow, Some(one), Layer::Trust) => {
            format!("{} admits {}.", capitalized(&explain::place(one)), case.caller.short())
        }
        (Answer::Allow, Some(one), _) => format!("{} allows sts:AssumeRole.", capitalized(&explain::place(one))),
        _ => decision.summary.clone(),
    };
    Side { verdict: decision.verdict, cause: decision.cause, summary }
}
