//! The id of a plan: the same for the same plan at any time and in any process, another for any other.
//!
//! It goes over everything that would be written and over what that replaces: the version of the secret, the values of the file; and over what
//! goes with it, KMS key, tags, and a stage that is taken off. Times are
//! left out, and so is the folder that the config profiles are in: the id names the config profile.
//!
//! An id stands in build logs. Whoever knows the rest of a plan could try one CLIENT_SECRET after the other until the id fits, were it a plain
//! hash. A random key would stop that, and also stop two build steps on two machines from naming the same plan. So no value that the review
//! masks goes into the hash itself: its seal does, 16 bits that follow from the value alone. However many ids of however many plans are
//! known, 65,535 of 65,536 wrong guesses are ruled out and no more, which leaves a client secret of 128 bits at 112; and a value changed by
//! accident goes unnoticed once in 65,536 times. AWS refuses to replace another version than the one that was seen in either case.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Answers, fields, shown};
use crate::model::plan::{Change, ConfigChange, EditValue, FileChange, SecretChange};
use crate::model::selection::{Selection, WorkloadChoice};
use crate::model::{Migration, Reader};
use crate::secret::Document;
use crate::values::json;
use crate::values::mask::Mask;
use crate::values::{SecretText, text};

/// What `--plan-id` names: a plan, and the answers that led to it, so that of two different plans it can be said why they differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanId {
    plan: String,
    answers: String,
}

impl PlanId {
    /// The id of a plan that follows from these answers. `selection` is what was chosen, before anything was preselected.
    #[must_use]
    pub fn new(plan_id: &str, selection: &Selection, answers: &Answers) -> Self {
        Self { plan: plan_id.to_owned(), answers: of_answers(selection, answers) }
    }

    /// As [`crate::model::Plan::id`] has it.
    #[must_use]
    pub fn plan(&self) -> &str {
        &self.plan
    }

    /// Whether the same answers led to both.
    #[must_use]
    pub fn has_answers_of(&self, other: &Self) -> bool {
        self.answers == other.answers
    }
}

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.plan, self.answers)
    }
}

impl FromStr for PlanId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits =
            |part: &str, count| part.len() == count && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match text.split_once('-') {
            Some((plan, answers)) if digits(plan, 16) && digits(answers, 4) => {
                Ok(Self { plan: plan.to_owned(), answers: answers.to_owned() })
            }
            _ => Err(format!(
                "`{}` is no plan's id, which looks like 0123456789abcdef-0123: take it from the plan that was printed",
                text::elide_end(&text::safe(text), 40)
            )),
        }
    }
}

/// 16 hexadecimal digits over the changes and the account they are made in.
pub(super) fn of_plan(changes: &[Change], account: Option<&str>) -> String {
    let mut hash = Hash::default();
    hash.part(account.unwrap_or_default());
    for change in changes {
        match change {
            Change::Secret(change) => secret(&mut hash, change),
            Change::File(change) => file(&mut hash, change),
            Change::Config(change) => config(&mut hash, change),
        }
    }
    hash.digits(8)
}

/// 4 hexadecimal digits over what was chosen and answered.
fn of_answers(selection: &Selection, answers: &Answers) -> String {
    let mut hash = Hash::default();
    hash.maybe(selection.source.as_ref().map(|source| source.label()).as_deref());
    let workload = match &selection.workload {
        WorkloadChoice::WebhookStack | WorkloadChoice::Named(_) => (0, String::new()),
        WorkloadChoice::Stack(name) => (1, name.clone()),
        WorkloadChoice::Role(arn) => (2, arn.to_string()),
    };
    hash.bytes(&[workload.0]);
    hash.part(&workload.1);
    hash.part(&selection.config_profile);
    for choice in [&selection.region, &selection.stack, &selection.secret] {
        hash.maybe(choice.as_deref());
    }
    hash.maybe_sealed(selection.external_id.as_deref());
    for (kind, arn) in &selection.typed_roles {
        hash.part(kind.word());
        hash.part(&arn.to_string());
    }
    for (key, value) in &answers.values {
        hash.part(key.name());
        hash.value(value, key.mask());
    }
    for (key, source) in &answers.prefer {
        hash.part(key.name());
        hash.bytes(&source.to_le_bytes());
    }
    hash.maybe(answers.secret_name.as_deref());
    for path in &answers.leave_out {
        hash.part(path);
    }
    hash.bytes(&[u8::from(answers.without_secret), u8::from(answers.without_config)]);
    migration(&mut hash, &selection.migration);
    hash.digits(2)
}

/// Of the sources which they are and in which order, not what stands there: that is in the plan.
fn migration(hash: &mut Hash, migration: &Migration) {
    hash.maybe(migration.reader.map(Reader::word));
    hash.bytes(&(migration.imports.len() as u64).to_le_bytes());
    for source in &migration.imports {
        hash.part(&source.label());
    }
    hash.maybe(migration.to_file.as_ref().map(|path| path.to_string_lossy()).as_deref());
    hash.maybe(migration.kms_key.as_deref());
    hash.tags(&migration.tags);
}

fn secret(hash: &mut Hash, change: &SecretChange) {
    for text in ["secret", &change.name, &change.region] {
        hash.part(text);
    }
    hash.maybe(change.arn.as_deref());
    hash.maybe(change.replaces_version.as_deref());
    hash.maybe(change.kms_key.as_deref());
    hash.tags(&change.tags);
    hash.maybe(change.left_pending.as_deref());
    content(hash, &change.content);
}

fn content(hash: &mut Hash, content: &SecretText) {
    match Document::parse(content) {
        Ok(document) => {
            for member in document.members() {
                hash.part(&member.name);
                // The value itself, as everywhere: with quotes it would have a second seal.
                let value = member.entry.text().unwrap_or_else(|| member.raw.clone());
                hash.value(&value, shown::mask_of(&member.name));
            }
        }
        Err(_) => hash.value(content, Mask::Full),
    }
}

fn file(hash: &mut Hash, change: &FileChange) {
    hash.part("file");
    hash.part(&change.path.to_string_lossy());
    if let Some(old) = &change.replaces {
        hash.value(old, Mask::Full);
    }
    hash.bytes(&[u8::from(change.replaces.is_some())]);
    hash.bytes(&change.tightens_mode.unwrap_or_default().to_le_bytes());
    content(hash, &change.content);
}

fn config(hash: &mut Hash, change: &ConfigChange) {
    hash.part("config");
    hash.part(&change.profile);
    if let Some(old) = &change.replaces {
        match json::object(old.expose()) {
            Ok(object) => replaced(hash, &jsonc_parser::ast::Value::Object(object).into()),
            Err(_) => hash.value(old, Mask::Full),
        }
    }
    hash.bytes(&[u8::from(change.replaces.is_some()), u8::from(change.replaces_unreadable)]);
    hash.bytes(&change.tightens_mode.unwrap_or_default().to_le_bytes());
    for edit in change.edits.iter().filter(|edit| !fields::is_time(&edit.path)) {
        hash.part(&edit.path.join("."));
        match &edit.value {
            EditValue::Json(value) => hash.part(&value.to_string()),
            EditValue::Secret(value) => hash.value(value, Mask::Full),
            EditValue::CreatedSecretArn => hash.part("created secret"),
            EditValue::Remove => hash.part("remove"),
        }
    }
}

/// Of what is replaced each value by its seal: which of the unknown ones are secret nobody knows.
fn replaced(hash: &mut Hash, value: &Value) {
    match value {
        Value::Object(members) => {
            hash.bytes(&members.len().to_le_bytes());
            for (name, value) in members {
                hash.part(name);
                replaced(hash, value);
            }
        }
        Value::Array(values) => {
            hash.bytes(&values.len().to_le_bytes());
            values.iter().for_each(|value| replaced(hash, value));
        }
        Value::String(text) => hash.bytes(&seal(text)),
        other => hash.bytes(&seal(&other.to_string())),
    }
}

/// 16 bits that follow from a value alone.
fn seal(value: &str) -> [u8; 2] {
    let digest: [u8; 32] = Sha256::new().chain_update(b"rolecall plan seal\0").chain_update(value).finalize().into();
    let [first, second, ..] = digest;
    [first, second]
}

/// Each part goes in with its length in front, so that no two lists of parts look alike.
#[derive(Default)]
struct Hash(Sha256);

impl Hash {
    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn part(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn maybe(&mut self, text: Option<&str>) {
        self.bytes(&[u8::from(text.is_some())]);
        self.part(text.unwrap_or_default());
    }

    fn tags(&mut self, tags: &[(String, String)]) {
        self.bytes(&(tags.len() as u64).to_le_bytes());
        for (name, value) in tags {
            self.part(name);
            self.part(value);
        }
    }

    fn maybe_sealed(&mut self, text: Option<&str>) {
        self.bytes(&[u8::from(text.is_some())]);
        self.bytes(&seal(text.unwrap_or_default()));
    }

    /// Whole where the review shows it whole.
    fn value(&mut self, value: &SecretText, mask: Mask) {
        match mask {
            Mask::Open => self.part(value.expose()),
            Mask::Full | Mask::Partial => self.bytes(&seal(value.expose())),
        }
    }

    fn digits(self, bytes: usize) -> String {
        self.0.finalize().iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::Edit;
    use crate::secret::Key;

    fn secret_change(content: &str, version: Option<&str>) -> Change {
        Change::Secret(SecretChange {
            arn: version.map(|_| "arn:1".into()),
            replaces_version: version.map(str::to_owned),
            content: content.into(),
            ..SecretChange::of_new("benchling")
        })
    }

    fn config_change(path: &str, old: Option<&str>, edits: &[(&str, &str)]) -> Change {
        Change::Config(ConfigChange {
            path: path.into(),
            profile: "default".into(),
            replaces: old.map(SecretText::from),
            edits: edits
                .iter()
                .map(|(path, value)| Edit {
                    path: path.split('.').map(str::to_owned).collect(),
                    value: EditValue::Json((*value).into()),
                })
                .collect(),
            fields: Vec::new(),
            tightens_mode: None,
            replaces_unreadable: false,
        })
    }

    #[test]
    fn whatever_is_written_or_replaced_changes_the_id() {
        let edits = [("quilt.region", "us-east-1"), ("_metadata.updatedAt", "2026-01-01T00:00:00.000Z")];
        let later = [("quilt.region", "us-east-1"), ("_metadata.updatedAt", "2027-01-01T00:00:00.000Z")];
        let id = |change: Change| of_plan(&[change], Some("111122223333"));
        let base = id(config_change("/home/a/config.json", Some("{\"a\": 1}"), &edits));
        assert_eq!(
            base,
            id(config_change("/tmp/other/config.json", Some("{\"a\":1}"), &later)),
            "folder, time, spaces"
        );
        for (other, why) in [
            (config_change("/home/a/config.json", None, &edits), "no file"),
            (config_change("/home/a/config.json", Some("{\"a\": 2}"), &edits), "another value"),
            (config_change("/home/a/config.json", Some("{\"b\": 1}"), &edits), "another name"),
            (config_change("/home/a/config.json", Some("{\"a\": 1}"), &[("quilt.region", "eu-west-1")]), "an edit"),
        ] {
            assert_ne!(base, id(other), "{why}");
        }
        let secret = id(secret_change(r#"{"TENANT": "a", "CLIENT_SECRET": "x"}"#, Some("v1")));
        for (content, version) in [
            (r#"{"TENANT": "b", "CLIENT_SECRET": "x"}"#, Some("v1")),
            (r#"{"TENANT": "a", "CLIENT_SECRET": "y"}"#, Some("v1")),
            (r#"{"TENANT": "a", "CLIENT_SECRET": "x"}"#, Some("v2")),
            (r#"{"TENANT": "a", "CLIENT_SECRET": "x"}"#, None),
        ] {
            assert_ne!(secret, id(secret_change(content, version)), "{content} {version:?}");
        }
        let change = || secret_change("{}", None);
        assert_ne!(of_plan(&[change()], Some("111122223333")), of_plan(&[change()], Some("444455556666")), "account");
    }

    /// The law that keeps a client secret from being guessed: values with the same seal give the same id.
    #[test]
    fn an_id_tells_sixteen_bits_of_a_client_secret_and_no_more() {
        let mut seen = std::collections::BTreeMap::new();
        let twins = (0..).find_map(|number: u32| {
            let guess = format!("guess-{number}");
            seen.insert(seal(&guess), guess.clone()).map(|other| (other, guess))
        });
        let (one, other) = twins.unwrap();
        for version in [None, Some("v1")] {
            let id =
                |value: &str| of_plan(&[secret_change(&format!("{{\"CLIENT_SECRET\": \"{value}\"}}"), version)], None);
            assert_eq!(id(&one), id(&other));
            assert_ne!(id(&one), id("another"));
        }
        let id = |value: &str| {
            of_plan(
                &[config_change("/c", Some(&format!("{{\"benchling\": {{\"clientSecret\": \"{value}\"}}}}")), &[])],
                None,
            )
        };
        assert_eq!(id(&one), id(&other));
        assert_ne!(id(&one), id("another"));
    }

    #[test]
    fn the_answers_have_a_part_of_their_own() {
        let mut answers = Answers::default();
        let first = PlanId::new("0123456789abcdef", &Selection::new(), &answers);
        answers.values.insert(Key::Tenant, "acme".into());
        let second = PlanId::new("0123456789abcdef", &Selection::new(), &answers);
        let third =
            PlanId::new("0123456789abcdef", &Selection { stack: Some("a".into()), ..Selection::new() }, &answers);
        assert!(!first.has_answers_of(&second) && !second.has_answers_of(&third));
        assert_eq!(first.to_string().parse::<PlanId>().unwrap(), first);
        for wrong in ["", "0123456789abcdef", "0123456789abcdef-01", "0123456789ABCDEF-0123", "x-y"] {
            assert!(wrong.parse::<PlanId>().unwrap_err().contains("no plan's id"), "{wrong}");
        }
    }
}
