//! What IAM's policy simulator adds to a verdict that is open: a doubt, and no more.
//!
//! It sees SCPs that nobody else here can read, but not their conditions (IAM User Guide, "Testing IAM policies with the IAM policy
//! simulator"), so that what it says of them neither allows nor refuses for certain.

use crate::model::facts::Simulation;
use crate::policy::{Answer, Decision, Leaning};

/// A verdict that leans to allow, where the simulator refuses: it leans to a denial, and says why.
pub(super) fn doubted(decision: Decision, simulated: Option<&Simulation>) -> Decision {
    let open = decision.verdict == Answer::Unknown && decision.leaning == Some(Leaning::Allow);
    let Some(simulated) = simulated.filter(|simulated| open && !simulated.allows()) else { return decision };
    let by = match (simulated.allowed_by_organizations, simulated.allowed_by_boundary) {
        (Some(false), _) => "a service control policy",
        (_, Some(false)) => "the permissions boundary",
        _ => "the caller's own policies",
    };
    let summary = format!(
        "{} IAM's policy simulator refuses {} by {by}; it does not weigh every condition.",
        decision.summary, simulated.action
    );
    Decision { leaning: Some(Leaning::Deny), summary, ..decision }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Cause;

    fn leaning_to_allow() -> Decision {
        Decision {
            verdict: Answer::Unknown,
            leaning: Some(Leaning::Allow),
            cause: Cause("scp_unreadable"),
            causes: Vec::new(),
            blocked_by: Vec::new(),
            summary: "Allowed by everything readable.".into(),
            deciding: Vec::new(),
            unknowns: Vec::new(),
        }
    }

    fn says(decision: &str, by_organizations: Option<bool>) -> Simulation {
        Simulation { allowed_by_organizations: by_organizations, ..Simulation::of("sts:AssumeRole", decision) }
    }

    #[test]
    fn the_simulator_turns_a_leaning_and_never_a_verdict() {
        let doubted_by = |simulated: &Simulation, decision| doubted(decision, Some(simulated));
        let scp = says("implicitDeny", Some(false));
        let turned = doubted_by(&scp, leaning_to_allow());
        assert_eq!((turned.verdict, turned.leaning), (Answer::Unknown, Some(Leaning::Deny)));
        assert!(turned.summary.contains("a service control policy"), "{}", turned.summary);
        let allowed = Decision { verdict: Answer::Allow, leaning: None, ..leaning_to_allow() };
        assert_eq!(doubted_by(&scp, allowed.clone()), allowed);
        assert_eq!(doubted_by(&says("allowed", Some(true)), leaning_to_allow()), leaning_to_allow());
        assert_eq!(doubted(leaning_to_allow(), None), leaning_to_allow());
    }
}
