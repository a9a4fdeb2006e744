//! Cures, applied to the JSON of a case as a reader of the answer would apply them.

use serde_json::Value;

use super::{Cure, fixes};
use crate::policy::{Answer, Case, evaluate};

mod edits;
mod law;
mod laws;
mod recorded;

fn now() -> jiff::Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn cure(case: &Value) -> Cure {
    let case = Case::from_json(case).unwrap();
    fixes(&case, &evaluate(&case, now()), now())
}

/// Applies a patch to the part of a case that it names.
fn apply(case: &mut Value, target: &str, patch: &Value) {
    let patch: json_patch::Patch = serde_json::from_value(patch.clone()).unwrap();
    json_patch::patch(case.pointer_mut(&format!("/{target}")).unwrap(), &patch).unwrap();
}

/// Applies every fix, and checks that the verdict is what each says.
fn patched(case: &Value, cure: &Cure) -> Value {
    let mut case = case.clone();
    case.as_object_mut().unwrap().remove("live_error");
    for fix in serde_json::to_value(&cure.fixes).unwrap().as_array().unwrap() {
        apply(&mut case, fix["target"].as_str().unwrap(), &fix["patch"]);
        let decision = evaluate(&Case::from_json(&case).unwrap(), now());
        assert_eq!(
            serde_json::to_value(decision.verdict).unwrap(),
            fix["turns_verdict_to"],
            "{fix}\n{}",
            decision.summary
        );
    }
    case
}

fn last(cure: &Cure) -> Option<Answer> {
    cure.fixes.last().map(|fix| fix.turns_verdict_to)
}
