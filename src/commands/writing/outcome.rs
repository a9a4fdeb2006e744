//! What a plan without a screen came to, and the JSON of it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::plan::{Change, ChangeOutcome, ChangeReport, FieldChange, FieldKind};
use crate::model::{Finding, Plan};
use crate::plan::PlanId;
use crate::report::{Chosen, Report, Who};
use crate::values::text::safe;
use crate::wording::review as words;

/// Raised when a field changes its meaning or goes away; a new field does not raise it.
const SCHEMA_VERSION: u32 = 1;

/// A plan, and what it was made from.
pub(in crate::commands) struct Planned {
    pub plan: Plan,
    /// What `--plan-id` is given.
    pub id: PlanId,
    /// What was judged before anything was written.
    pub report: Report,
    /// The first sentence of the plan.
    pub opening: String,
    /// What stands between who asked and the changes: the sources. Ended by an empty line, or empty.
    pub beside: String,
    /// Where the value of a key comes from, by the key's name, where that is said.
    pub origins: BTreeMap<String, String>,
    /// The fields of `config.json` that the answers leave as they are.
    pub left_out: Vec<String>,
    /// What is wrong as things are now, apart from what the changes show by themselves. Ended by an empty line, or empty.
    pub wrong: String,
    /// What to know before it is written. Ended by an empty line, or empty.
    pub warnings: String,
    /// What may help where the plan cannot be written.
    pub hint: Option<String>,
    /// The command that writes the plan, but for the id.
    pub again: String,
    /// Whether this run was told to write nothing.
    pub read_only: bool,
}

/// A plan, and what became of it.
pub(in crate::commands) struct Outcome {
    pub planned: Planned,
    /// Why it was not carried out though that was asked for.
    pub refused: Option<String>,
    /// What was written and what not; `None` when nothing was begun.
    pub reports: Option<Vec<ChangeReport>>,
    /// What was judged after writing.
    pub after: Option<After>,
}

/// What was judged after writing, as JSON has it and as text.
pub(in crate::commands) struct After {
    pub report: Report,
    /// Ended by a line break; empty where there is nothing to say.
    pub text: String,
}

impl Outcome {
    /// Nothing was begun.
    pub const fn planned(planned: Planned, refused: Option<String>) -> Self {
        Self { planned, refused, reports: None, after: None }
    }

    /// It was carried out as far as the reports say. Without `after` a signal came before all was looked up again.
    pub const fn written(planned: Planned, reports: Vec<ChangeReport>, after: Option<After>) -> Self {
        Self { planned, refused: None, reports: Some(reports), after }
    }

    /// As JSON.
    pub fn document(&self) -> Document<'_> {
        let planned = &self.planned;
        let report = self.after.as_ref().map_or(&planned.report, |after| &after.report);
        Document {
            schema_version: SCHEMA_VERSION,
            selection: &report.selection,
            identity: report.identity.as_ref(),
            plan: PlanDocument {
                id: planned.id.to_string(),
                can_be_written: !planned.plan.is_empty() && planned.plan.blocked.is_empty(),
                blocked: planned.plan.blocked.iter().map(|why| safe(why).into_owned()).collect(),
                changes: planned.plan.changes.iter().map(change).collect(),
            },
            refused: self.refused.as_deref(),
            written: self.reports.as_ref().map(|reports| reports.iter().map(written).collect()),
            findings: &report.findings,
        }
    }
}

/// The JSON.
#[derive(Serialize)]
pub(in crate::commands) struct Document<'a> {
    schema_version: u32,
    selection: &'a Chosen,
    identity: Option<&'a Who>,
    plan: PlanDocument,
    refused: Option<&'a str>,
    written: Option<Vec<WrittenDocument>>,
    findings: &'a [Finding],
}

#[derive(Serialize)]
struct PlanDocument {
    id: String,
    can_be_written: bool,
    blocked: Vec<String>,
    changes: Vec<ChangeDocument>,
}

#[derive(Serialize)]
struct ChangeDocument {
    subject: String,
    kind: String,
    condition: Option<String>,
    fields: Vec<FieldDocument>,
}

#[derive(Serialize)]
struct FieldDocument {
    name: String,
    kind: &'static str,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct WrittenDocument {
    subject: String,
    outcome: &'static str,
    what: String,
    undo: Vec<String>,
}

fn change(change: &Change) -> ChangeDocument {
    ChangeDocument {
        subject: safe(&words::subject(change)).into_owned(),
        kind: words::kind(change),
        condition: words::condition(change),
        fields: words::fields(change).iter().map(field).collect(),
    }
}

fn field(field: &FieldChange) -> FieldDocument {
    let kind = match field.kind {
        FieldKind::Added => "added",
        FieldKind::Changed => "changed",
        FieldKind::Renamed => "renamed",
        FieldKind::Same => "same",
        FieldKind::Removed => "removed",
    };
    FieldDocument { name: field.name.clone(), kind, before: field.before.clone(), after: field.after.clone() }
}

fn written(report: &ChangeReport) -> WrittenDocument {
    let (outcome, what, undo) = match &report.outcome {
        ChangeOutcome::Written { what, undo } => ("written", what, undo.as_slice()),
        ChangeOutcome::NotBegun(why) => ("not_begun", why, [].as_slice()),
        ChangeOutcome::LostRace(why) => ("lost_race", why, [].as_slice()),
        ChangeOutcome::Failed(why) => ("failed", why, [].as_slice()),
    };
    WrittenDocument {
        subject: safe(&report.subject).into_owned(),
        outcome,
        what: safe(what).into_owned(),
        undo: undo.iter().map(|command| safe(command).into_owned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::commands::{secret, setup};
    use crate::report;

    #[test]
    fn what_several_schemas_have_is_the_same_in_all() {
        let texts = [
            report::SCHEMA,
            setup::SCHEMA,
            secret::PLAN_SCHEMA,
            report::SECRET_SCHEMA,
            crate::commands::container::SCHEMA,
        ];
        let [report, setup, plan, check, startup]: [Value; 5] = texts.map(|text| serde_json::from_str(text).unwrap());
        let same = |schema: &Value, like: &Value, names: &[&str]| {
            for name in names {
                assert_eq!(schema["$defs"][name], like["$defs"][name], "{name}");
                assert!(schema["$defs"][name].is_object(), "{name}");
            }
        };
        same(&setup, &report, &["selection", "identity", "finding"]);
        same(&plan, &setup, &["selection", "identity", "finding", "plan", "change", "field", "written"]);
        same(&check, &report, &["selection", "identity", "finding", "call"]);
        same(&plan, &check, &["source", "conflict", "reader"]);
        same(&startup, &report, &["identity"]);
    }
}
