//! The two sides that must agree: what a decision says of each, for pictures of an access path.

use crate::policy::{Answer, Decision, Layer};

/// What one side says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Says {
    /// It lets the call through.
    Yes,
    /// It refuses, or does not allow.
    No,
    /// It could not be read.
    NotKnown,
}

impl From<Answer> for Says {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Allow => Self::Yes,
            Answer::Deny => Self::No,
            Answer::Unknown => Self::NotKnown,
        }
    }
}

/// Both sides of an access path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sides {
    /// The principal's own policies, and what stands above them.
    pub caller: Says,
    /// The role's trust policy, and what stands above it.
    pub trust: Says,
}

/// Which side a layer is on.
#[must_use]
pub const fn on_trust_side(layer: Layer) -> bool {
    matches!(layer, Layer::Trust | Layer::Rcp)
}

/// What a decision says of each side. A side that nothing refuses is right only if something was read that allows.
#[must_use]
pub fn sides(decision: &Decision) -> Sides {
    let side = |trust: bool| {
        if decision.blocked_by.iter().any(|layer| on_trust_side(*layer) == trust) {
            return Says::No;
        }
        let of_side = decision.deciding.iter().filter(|d| on_trust_side(d.layer) == trust);
        let (allows, misses): (Vec<_>, Vec<_>) = of_side.partition(|d| d.failed.is_empty());
        match (decision.verdict, allows.is_empty(), misses.is_empty()) {
            (Answer::Allow, ..) | (_, false, _) => Says::Yes,
            // Within one account a trust policy may suffice, so the caller's side does not refuse; it allows nothing either.
            (Answer::Deny, true, false) => Says::No,
            _ => Says::NotKnown,
        }
    };
    Sides { caller: side(false), trust: side(true) }
}
