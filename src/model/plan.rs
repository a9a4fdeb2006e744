//! A plan: the changes that would be made, each with a redacted before and after. Nothing in it was written.

use std::path::PathBuf;

use crate::values::SecretText;

/// The stage that a version carries from being put until it is current. No reader asks for it.
pub const PENDING_STAGE: &str = "ROLECALL_PENDING";

/// The changes of one walk.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// A hash over everything that would be written, times apart: the same plan has the same id.
    pub id: String,
    /// In the order in which they are made: the secret, then the file that names it.
    pub changes: Vec<Change>,
    /// Why a change cannot be made: sentences. A plan with any is never confirmed.
    pub blocked: Vec<String>,
}

impl Plan {
    /// Nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The user said yes to the plan whose id they saw. `None`: it is another one, empty, or blocked.
    #[must_use]
    pub fn confirm(self, seen_id: &str) -> Option<Confirmed<Self>> {
        (self.id == seen_id && self.blocked.is_empty() && !self.changes.is_empty()).then_some(Confirmed(self))
    }
}

/// Something the user said yes to. Only [`Plan::confirm`] makes one.
#[derive(Clone, PartialEq, Debug)]
pub struct Confirmed<T>(T);

impl<T> Confirmed<T> {
    /// What was confirmed.
    pub const fn get(&self) -> &T {
        &self.0
    }
}

/// One thing that would be written.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// The secret in Secrets Manager.
    Secret(SecretChange),
    /// A file that holds the secret, in place of Secrets Manager.
    File(FileChange),
    /// The file `config.json`.
    Config(ConfigChange),
}

/// A new secret, or a new version of one.
#[derive(Clone, PartialEq, Debug)]
pub struct SecretChange {
    /// The name.
    pub name: String,
    /// The ARN; `None` when it is created.
    pub arn: Option<String>,
    /// The region.
    pub region: String,
    /// The version it replaces, which must still be current; `None` for a new secret or one without any version.
    pub replaces_version: Option<String>,
    /// The JSON to write.
    pub content: SecretText,
    /// Key by key, masked.
    pub fields: Vec<FieldChange>,
    /// Of a new secret: the KMS key it is encrypted with; `None`: `aws/secretsmanager`.
    pub kms_key: Option<String>,
    /// Of a new secret: its tags, beside `ManagedBy`.
    pub tags: Vec<(String, String)>,
    /// The version that still carries rolecall's own stage, left there by a write that was interrupted. If `content` is what is current
    /// already, nothing is done but to take that stage off.
    pub left_pending: Option<String>,
}

impl SecretChange {
    /// Whether nothing is written: what is current is as it should be, and a write that was interrupted left its stage on a version.
    #[must_use]
    pub fn only_takes_stage_off(&self) -> bool {
        self.left_pending.is_some() && self.fields.iter().all(|field| field.kind == FieldKind::Same)
    }
}

#[cfg(test)]
impl SecretChange {
    /// A new secret of that name, with nothing in it.
    pub(crate) fn of_new(name: &str) -> Self {
        Self {
            name: name.into(),
            arn: None,
            region: "us-east-1".into(),
            replaces_version: None,
            content: "{}".into(),
            fields: Vec::new(),
            kms_key: None,
            tags: Vec::new(),
            left_pending: None,
        }
    }
}

/// A file that holds the secret: new, or in place of what it holds.
#[derive(Clone, PartialEq, Debug)]
pub struct FileChange {
    /// The file.
    pub path: PathBuf,
    /// The text it replaces, whole: the file must still hold exactly this. `None`: there must be no file.
    pub replaces: Option<SecretText>,
    /// The JSON to write.
    pub content: SecretText,
    /// Key by key, masked.
    pub fields: Vec<FieldChange>,
    /// The permission bits it has now, if they are wider than the 0600 it will have.
    pub tightens_mode: Option<u32>,
}

impl FileChange {
    /// Whether the text stays, and only the permission bits change.
    #[must_use]
    pub fn only_tightens_mode(&self) -> bool {
        self.tightens_mode.is_some() && self.replaces.as_ref() == Some(&self.content)
    }
}

/// A new `config.json`, or an edit of one.
#[derive(Clone, PartialEq, Debug)]
pub struct ConfigChange {
    /// The file.
    pub path: PathBuf,
    /// The config profile's name.
    pub profile: String,
    /// The text it replaces, whole: the file must still hold exactly this. `None`: there must be no file.
    pub replaces: Option<SecretText>,
    /// What is set, in order.
    pub edits: Vec<Edit>,
    /// Field by field, masked.
    pub fields: Vec<FieldChange>,
    /// The permission bits it has now, if they are wider than the 0600 it will have.
    pub tightens_mode: Option<u32>,
    /// What the backup replaces nothing of: true when the file is not JSON and will be replaced whole.
    pub replaces_unreadable: bool,
}

/// One field set in `config.json`.
#[derive(Clone, PartialEq, Debug)]
pub struct Edit {
    /// The way to it: `["quilt", "stackArn"]`.
    pub path: Vec<String>,
    /// What it becomes.
    pub value: EditValue,
}

/// What a field becomes.
#[derive(Clone, PartialEq, Debug)]
pub enum EditValue {
    /// A value that may be seen.
    Json(serde_json::Value),
    /// A value that may not.
    Secret(SecretText),
    /// The ARN of the secret that the same plan creates: known only after that.
    CreatedSecretArn,
    /// The field is taken out.
    Remove,
}

/// What happens to a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// It is new.
    Added,
    /// It gets another value.
    Changed,
    /// It gets another name, and keeps its value: `name` is the new one, `before` the old one, `after` the value.
    Renamed,
    /// It stays.
    Same,
    /// It goes.
    Removed,
}

/// One line of the review: already masked and made safe to print.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldChange {
    /// The key, or the dotted path.
    pub name: String,
    /// What happens to it.
    pub kind: FieldKind,
    /// What it is now, as far as it may be seen.
    pub before: String,
    /// What it becomes, as far as it may be seen.
    pub after: String,
}

/// What became of one change.
#[derive(Clone, PartialEq, Debug)]
pub struct ChangeReport {
    /// "secret benchling-webhook-prod", "config.json of config profile default".
    pub subject: String,
    /// What became of it.
    pub outcome: ChangeOutcome,
}

/// Written, or why not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChangeOutcome {
    /// It was written.
    Written {
        /// Where and what: "version 7f3a… is now current", "/home/…/config.json".
        what: String,
        /// The commands that take it back, in order.
        undo: Vec<String>,
    },
    /// It was not begun, because of what went before.
    NotBegun(String),
    /// It lost a race: what was to be replaced had changed. Nothing moved.
    LostRace(String),
    /// It failed; the sentence says how things are now.
    Failed(String),
}
