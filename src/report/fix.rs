//! A proven edit as a report has it.

use serde::Serialize;
use serde_json::Value;

use crate::policy::Answer;
use crate::policy::fix::{Fix, Step};

/// Stands where a document was left out of a report.
const WITHHELD: &str = "The document holds an external ID, which reports leave out: the roles screen has the command.";

/// One edit: applied in order, the last one turns the verdict.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ProvenFix {
    /// The part of the case: `trust_policy`, `identity_policies/0`, `identity_policies`, `permission_boundary`.
    pub target: String,
    /// RFC 6902 operations on that part.
    pub patch: Value,
    /// The command that makes the edit; absent where its document holds an external ID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The verdict after this fix and those before it.
    pub turns_verdict_to: Answer,
    /// The edit in a sentence.
    pub what: String,
    /// The whole way.
    pub steps: Vec<Step>,
    /// What must happen before the command can work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
}

impl From<&Fix> for ProvenFix {
    fn from(fix: &Fix) -> Self {
        Self {
            target: fix.target.clone(),
            // Patch operations are texts and JSON, which always serialize.
            patch: serde_json::to_value(&fix.patch).unwrap_or_default(),
            command: Some(fix.command.clone()),
            turns_verdict_to: fix.turns_verdict_to,
            what: fix.what.clone(),
            steps: fix.steps.clone(),
            waits: fix.waits.clone(),
        }
    }
}

impl ProvenFix {
    pub(super) fn clean(&mut self, clean: &mut impl FnMut(&mut String)) {
        if let Value::Array(operations) = &mut self.patch {
            operations.iter_mut().for_each(|operation| in_json(operation, clean));
        }
        clean(&mut self.what);
        self.waits.iter_mut().for_each(&mut *clean);
        self.steps.iter_mut().for_each(|step| clean(&mut step.what));
    }

    pub(super) fn clean_commands(&mut self, clean: &mut impl FnMut(&mut String)) {
        command(&mut String::new(), &mut self.command, clean);
        self.steps.iter_mut().for_each(|step| command(&mut step.what, &mut step.command, clean));
    }
}

/// Cleans a command. One whose document cleaning would change is left out: run with a placeholder in it, it would break the policy.
pub(super) fn command(what: &mut String, command: &mut Option<String>, clean: &mut impl FnMut(&mut String)) {
    let Some(text) = command else { return };
    let before = text.clone();
    clean(text);
    if *text != before && before.contains('{') {
        *command = None;
        what.push(' ');
        what.push_str(WITHHELD);
    }
}

fn in_json(value: &mut Value, clean: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => clean(text),
        Value::Array(all) => all.iter_mut().for_each(|one| in_json(one, clean)),
        Value::Object(members) => members.values_mut().for_each(|one| in_json(one, clean)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
