//! The review in words: each change, each field of it, and the question at its end.

use crate::model::Plan;
use crate::model::plan::{Change, ConfigChange, FieldChange, FieldKind, FileChange, PENDING_STAGE, SecretChange};
use crate::values::mask::FULL;
use crate::values::text::counted;

/// How many changes there are, and that none was made; `whole` is the plan with nothing left out.
#[must_use]
pub fn opening(plan: &Plan, whole: &Plan) -> String {
    let left = whole.changes.len().saturating_sub(plan.changes.len());
    let left = if left == 0 { String::new() } else { format!(" {left} left out.") };
    match plan.changes.len() {
        0 if is_in_order(plan, whole) => "No changes: config.json and the secret are as they should be.".into(),
        _ if !plan.blocked.is_empty() => "Not ready to be written yet.".into(),
        0 => format!("There is nothing to write.{left}"),
        count => format!("{}. Nothing has been written yet.{left}", counted(count, "change")),
    }
}

/// Nothing would change even if nothing were left out.
#[must_use]
pub fn is_in_order(plan: &Plan, whole: &Plan) -> bool {
    whole.is_empty() && plan.is_empty() && plan.blocked.is_empty()
}

/// What a change is about: "secret benchling-webhook-prod", "config.json of config profile default".
#[must_use]
pub fn subject(change: &Change) -> String {
    match change {
        Change::Secret(secret) => format!("secret {}", secret.name),
        Change::File(file) => format!("file {}", file.path.display()),
        Change::Config(config) => format!("config.json of config profile {}", config.profile),
    }
}

/// What sort of change it is.
#[must_use]
pub fn kind(change: &Change) -> String {
    match change {
        Change::Secret(SecretChange { arn: None, .. }) => "new secret".into(),
        Change::Secret(change) if change.only_takes_stage_off() => {
            format!("no new version, {PENDING_STAGE} is taken off")
        }
        Change::Secret(_) => "new version".into(),
        Change::File(change) if change.only_tightens_mode() => {
            format!("{:04o} → 0600", change.tightens_mode.unwrap_or_default() & 0o7777)
        }
        Change::File(FileChange { replaces, tightens_mode, .. }) => match (replaces, tightens_mode) {
            (None, _) => "new file, 0600".into(),
            (_, Some(mode)) => format!("replaced, backup kept, {:04o} → 0600", mode & 0o7777),
            _ => "replaced, a backup is kept".into(),
        },
        Change::Config(ConfigChange { replaces, tightens_mode, replaces_unreadable, .. }) => {
            match (replaces, replaces_unreadable, tightens_mode) {
                (None, ..) => "new file, 0600".into(),
                (_, true, _) => "not JSON: replaced whole, a backup is kept".into(),
                (_, _, Some(mode)) => format!("edited, backup kept, {:04o} → 0600", mode & 0o7777),
                _ => "edited, a backup is kept".into(),
            }
        }
    }
}

/// What must still be so for the change to be made.
#[must_use]
pub fn condition(change: &Change) -> Option<String> {
    let Change::Secret(secret) = change else { return None };
    let version = secret.replaces_version.as_ref().filter(|_| !secret.only_takes_stage_off())?;
    let id: String = version.chars().take(4).collect();
    Some(format!("only if version {id}… is still the current one"))
}

/// The fields of a change, already masked.
#[must_use]
pub fn fields(change: &Change) -> &[FieldChange] {
    match change {
        Change::Secret(secret) => &secret.fields,
        Change::File(file) => &file.fields,
        Change::Config(config) => &config.fields,
    }
}

/// The sign in front of a line of the review.
#[must_use]
pub const fn sign(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Added => "+",
        FieldKind::Changed => "~",
        FieldKind::Renamed => ">",
        FieldKind::Same => " ",
        FieldKind::Removed => "-",
    }
}

/// What happens to a field, as a sentence that needs no column beside it.
#[must_use]
pub fn sentence(field: &FieldChange) -> String {
    let FieldChange { name, kind, before, after } = field;
    match kind {
        FieldKind::Added if after == FULL => format!("{name} is new; its value is hidden."),
        FieldKind::Added => format!("{name} is new: {after}"),
        FieldKind::Renamed if after == FULL => format!("{name} takes the place of {before}; its value stays, hidden."),
        FieldKind::Renamed => format!("{name} takes the place of {before}; its value stays: {after}"),
        FieldKind::Removed if before == FULL => format!("{name} is taken out; its value is hidden."),
        FieldKind::Removed => format!("{name} is taken out; it was: {before}"),
        FieldKind::Same if after.is_empty() => format!("{name} stays as it is."),
        FieldKind::Same if after == FULL => format!("{name} stays as it is; its value is hidden."),
        FieldKind::Same => format!("{name} stays: {after}"),
        FieldKind::Changed if before == FULL && after == FULL => format!("{name} changes; both values are hidden."),
        FieldKind::Changed => format!("{name} changes from {} to {}", spoken(before), spoken(after)),
    }
}

/// Asterisks say nothing to someone who hears them.
fn spoken(value: &str) -> &str {
    if value == FULL { "(hidden)" } else { value }
}

/// The question that only "yes" answers.
#[must_use]
pub const fn question(plan: &Plan) -> &'static str {
    match plan.changes.as_slice() {
        [Change::Secret(_)] => "Write the secret?",
        [Change::File(_)] => "Write the file?",
        [Change::Config(_)] => "Write config.json?",
        _ => "Write both?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind, before: &str, after: &str) -> FieldChange {
        FieldChange { name: "LOG_LEVEL".into(), kind, before: before.into(), after: after.into() }
    }

    #[test]
    fn a_field_is_a_sentence_that_can_be_heard() {
        for (kind, before, after, sentence) in [
            (FieldKind::Added, "", "INFO", "LOG_LEVEL is new: INFO"),
            (FieldKind::Changed, "info", "INFO", "LOG_LEVEL changes from info to INFO"),
            (FieldKind::Changed, FULL, FULL, "LOG_LEVEL changes; both values are hidden."),
            (FieldKind::Changed, "null", FULL, "LOG_LEVEL changes from null to (hidden)"),
            (FieldKind::Same, "", "", "LOG_LEVEL stays as it is."),
            (FieldKind::Removed, FULL, "", "LOG_LEVEL is taken out; its value is hidden."),
        ] {
            assert_eq!(super::sentence(&field(kind, before, after)), sentence);
        }
    }

    #[test]
    fn nothing_to_write_is_not_always_in_order() {
        let plan = |blocked: &[&str], changes| Plan {
            id: String::new(),
            changes,
            blocked: blocked.iter().map(|&why| why.to_owned()).collect(),
        };
        let change = || Change::Secret(SecretChange::of_new("s"));
        let nothing = plan(&[], Vec::new());
        assert!(opening(&nothing, &nothing).starts_with("No changes"));
        assert_eq!(opening(&nothing, &plan(&[], vec![change()])), "There is nothing to write. 1 left out.");
        assert_eq!(opening(&plan(&["why"], Vec::new()), &nothing), "Not ready to be written yet.");
        let one = plan(&[], vec![change()]);
        assert_eq!(opening(&one, &one), "1 change. Nothing has been written yet.");
    }
}
