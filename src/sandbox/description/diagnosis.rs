//! What a diagnosis of a world's path must say, and what a world file must get right about it.

use serde::Deserialize;

use crate::model::verdict::Party;
use crate::policy::{Answer, CAUSES};

/// What AWS's documentation says of one principal on one hop of the selected path, and what rolecall must make of it.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedDiagnosis {
    /// Whose hop.
    pub party: Party,
    /// Which hop, counted from 0.
    pub hop: usize,
    /// The verdict over all evidence.
    pub verdict: Answer,
    /// The headline cause, of the vocabulary in `assets/causes.md`.
    pub cause: String,
    /// What the operator's own call answers, `allow` or an error code. `None`: the call is not made.
    pub live: Option<String>,
    /// What the trust policy alone says. `None`: it cannot be read, or there is none.
    pub trust: Option<Answer>,
    /// What the caller's own policies alone say. `None`: they cannot be read, or there is nothing to ask them.
    pub caller: Option<Answer>,
    /// What the first edit of the cure is of: `trust_policy`, `identity_policies/0`, `request`, …
    #[serde(default)]
    pub fix: Option<String>,
    /// Where no edit cures it: whose decision it is, in words.
    #[serde(default)]
    pub no_fix: Option<String>,
    /// The rule it follows from, with the page that says so.
    pub because: String,
}

/// Checks that every hop of a path is stated once for each party, with a cause that exists and with a cure or the reason why there is none.
///
/// # Errors
/// A sentence about the first mistake.
pub(super) fn check(stated: &[StatedDiagnosis], hops: usize, with_workload: bool) -> Result<(), String> {
    let parties = if with_workload { &[Party::Operator, Party::Workload][..] } else { &[Party::Operator][..] };
    for party in parties {
        for hop in 0..hops {
            let of_hop = stated.iter().filter(|one| one.party == *party && one.hop == hop).count();
            if of_hop != 1 {
                return Err(format!(
                    "hop {hop} of the path is stated {of_hop} times for the {}, not once",
                    party.word()
                ));
            }
        }
    }
    if let Some(other) = stated.iter().find(|one| one.hop >= hops || !parties.contains(&one.party)) {
        return Err(format!("the path has no hop {} of the {}, which is stated", other.hop, other.party.word()));
    }
    stated
        .iter()
        .try_for_each(|one| sound(one).map_err(|fault| format!("the {}'s hop {}: {fault}", one.party.word(), one.hop)))
}

fn sound(stated: &StatedDiagnosis) -> Result<(), String> {
    if !CAUSES.contains(&stated.cause.as_str()) {
        return Err(format!("`{}` is no cause", stated.cause));
    }
    if stated.party == Party::Workload && stated.live.is_some() {
        return Err("only the operator calls live".into());
    }
    match (stated.verdict, &stated.fix, &stated.no_fix) {
        (Answer::Allow, None, None)
        | (Answer::Deny, Some(_), None)
        | (Answer::Deny, None, Some(_))
        | (Answer::Unknown, None, _) => Ok(()),
        (Answer::Allow, ..) => Err("what is allowed needs no fix".into()),
        (Answer::Unknown, ..) => Err("no edit is proven while it is not known what refuses".into()),
        (Answer::Deny, ..) => Err("what is refused has either a fix or an owner who decides".into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn checked(stated: Value, hops: usize, with_workload: bool) -> Result<(), String> {
        check(&serde_json::from_value::<Vec<StatedDiagnosis>>(stated).unwrap(), hops, with_workload)
    }

    fn one(change: Value) -> Value {
        let mut stated = json!({
            "party": "operator", "hop": 0, "verdict": "deny", "cause": "external_id_missing", "live": "AccessDenied",
            "trust": "deny", "caller": "allow", "fix": "request", "because": "A page says so.",
        });
        json_patch::merge(&mut stated, &change);
        stated
    }

    #[test]
    fn every_hop_is_stated_once_for_each_party() {
        let (first, second) = (one(json!({})), one(json!({"hop": 1})));
        let workload = one(json!({"party": "workload", "live": null}));
        checked(json!([first, second]), 2, false).unwrap();
        checked(json!([first, workload]), 1, true).unwrap();
        for (stated, hops, with_workload, part) in [
            (json!([]), 1, false, "stated 0 times"),
            (json!([first, first]), 1, false, "stated 2 times"),
            (json!([first]), 2, false, "hop 1"),
            (json!([first]), 1, true, "for the workload"),
            (json!([first, second]), 1, false, "no hop 1"),
            (json!([first, workload]), 1, false, "of the workload"),
            (json!([first]), 0, false, "no hop 0"),
        ] {
            let fault = checked(stated, hops, with_workload).unwrap_err();
            assert!(fault.contains(part), "{fault}");
        }
    }

    #[test]
    fn what_no_diagnosis_could_say_is_refused() {
        for (change, part) in [
            (json!({"cause": "bad_luck"}), "`bad_luck` is no cause"),
            (json!({"fix": null}), "either a fix or an owner"),
            (json!({"no_fix": "the owner"}), "either a fix or an owner"),
            (json!({"verdict": "allow", "cause": "ok"}), "needs no fix"),
            (json!({"verdict": "unknown", "cause": "scp_unreadable"}), "no edit is proven"),
        ] {
            let fault = checked(json!([one(change)]), 1, false).unwrap_err();
            assert!(fault.contains(part), "{fault}");
        }
        let live = json!([one(json!({})), one(json!({"party": "workload"}))]);
        assert!(checked(live, 1, true).unwrap_err().contains("only the operator calls live"));
    }
}
