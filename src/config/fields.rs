//! Every field of `config.json` that a reader knows: whether it must be there, its rule, and which versions read it.

use serde_json::Value;

use super::rules;
use super::version::{ReadBy, Version};
use crate::model::Severity;
use crate::secret::Key;
use crate::values::mask::Mask;

/// What is wrong with a value.
///
/// How bad it is follows from what the readers do: their schema only warns, so that a breach of it alone is a [`Severity::Warning`]. A value
/// that cannot work, as a queue that is none, is an [`Severity::Error`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// How bad.
    pub severity: Severity,
    /// What is expected, to follow "expected".
    pub expected: &'static str,
    /// What else there is to know.
    pub why: Option<&'static str>,
}

/// The rule of a field.
pub type Rule = fn(&Value) -> Result<(), Wrong>;

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The way to it.
    pub path: &'static [&'static str],
    /// Whether the readers' schema wants it.
    pub required: bool,
    /// What it must hold.
    pub rule: Rule,
    /// Which versions read it.
    pub read_by: ReadBy,
}

impl Field {
    /// The field at a path.
    #[must_use]
    pub fn at(path: &[&str]) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.path == path)
    }

    /// The key of the secret that holds the same value.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        Key::ALL.into_iter().find(|key| key.config_path() == Some(self.path))
    }

    /// How much of it may be seen unasked.
    #[must_use]
    pub fn mask(&self) -> Mask {
        self.key().map_or(Mask::Open, Key::mask)
    }

    /// `quilt.stackArn`.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.join(".")
    }

    /// What is wrong with a value of it.
    ///
    /// # Errors
    /// What is expected in its place.
    pub fn check(&self, value: &Value) -> Result<(), Wrong> {
        match value {
            Value::Null if self.required => Err(Wrong { severity: Severity::Error, ..rules::NULL }),
            Value::Null => Err(rules::NULL),
            value => (self.rule)(value),
        }
    }
}

const fn must(path: &'static [&'static str], rule: Rule) -> Field {
    Field { path, required: true, rule, read_by: ReadBy::Every }
}

const fn may(path: &'static [&'static str], rule: Rule) -> Field {
    Field { path, required: false, rule, read_by: ReadBy::Every }
}

const fn only(path: &'static [&'static str], rule: Rule, read_by: ReadBy) -> Field {
    Field { path, required: false, rule, read_by }
}

/// The versions that assume the write role: the released ones from 0.8.0 to 0.9.9. 0.10.0 attaches managed policies to the task role instead.
const ASSUMES_ROLES: ReadBy = ReadBy::Between(Version(0, 8, 0), Version(0, 9, 9));
const ATTACHES_POLICIES: ReadBy = ReadBy::Since(Version(0, 10, 0));

/// All of them, in the order of a new file.
pub const FIELDS: &[Field] = &[
    may(&["quilt", "stackArn"], rules::stack_arn),
    must(&["quilt", "catalog"], rules::catalog),
    must(&["quilt", "database"], rules::filled),
    must(&["quilt", "queueUrl"], rules::queue),
    must(&["quilt", "region"], rules::region),
    only(&["quilt", "bucketWritePolicyArn"], rules::policy_arn, ATTACHES_POLICIES),
    only(&["quilt", "athenaUserPolicyArn"], rules::policy_arn, ATTACHES_POLICIES),
    may(&["quilt", "athenaUserWorkgroup"], rules::optional),
    only(&["quilt", "readRoleArn"], rules::role_arn, ReadBy::None),
    only(&["quilt", "writeRoleArn"], rules::role_arn, ASSUMES_ROLES),
    only(&["quilt", "icebergDatabase"], rules::optional, ASSUMES_ROLES),
    only(&["quilt", "icebergWorkgroup"], rules::optional, ASSUMES_ROLES),
    must(&["benchling", "tenant"], rules::tenant),
    must(&["benchling", "clientId"], rules::client_id),
    may(&["benchling", "clientSecret"], rules::text),
    must(&["benchling", "appDefinitionId"], rules::app_definition),
    may(&["benchling", "secretArn"], rules::secret_arn),
    may(&["benchling", "testEntryId"], rules::text),
    must(&["packages", "bucket"], rules::bucket),
    must(&["packages", "prefix"], rules::prefix),
    must(&["packages", "metadataKey"], rules::metadata_key),
    only(&["packages", "workflow"], rules::optional, ReadBy::Since(Version(0, 13, 0))),
    must(&["deployment", "region"], rules::region),
    may(&["deployment", "account"], rules::account),
    may(&["deployment", "ecrRepository"], rules::text),
    may(&["deployment", "imageTag"], rules::text),
    // `@since 0.9.8` in the package's own types.
    only(&["deployment", "stackName"], rules::stack_name, ReadBy::Since(Version(0, 9, 8))),
    may(&["deployment", "vpc"], rules::vpc),
    may(&["integratedStack"], rules::boolean),
    may(&["logging", "level"], rules::level),
    may(&["security", "webhookAllowList"], rules::allow_list),
    may(&["security", "enableVerification"], rules::boolean),
    must(&["_metadata", "version"], rules::metadata_text),
    must(&["_metadata", "createdAt"], rules::date),
    must(&["_metadata", "updatedAt"], rules::date),
    must(&["_metadata", "source"], rules::source),
    may(&["_inherits"], rules::optional),
];

/// The objects at the top, and whether the readers' schema wants them.
pub const SECTIONS: &[(&str, bool)] = &[
    ("quilt", true),
    ("benchling", true),
    ("packages", true),
    ("deployment", true),
    ("logging", false),
    ("security", false),
    ("_metadata", true),
];

/// Whether a name at the top is one that readers know.
#[must_use]
pub fn is_known_at_top(name: &str) -> bool {
    FIELDS.iter().any(|field| field.path.first() == Some(&name))
}

/// The known names below a section, or at the top where `section` is `None`.
pub fn known(section: Option<&str>) -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter_map(move |field| match (section, field.path) {
        (None, [top, ..]) => Some(*top),
        (Some(section), [top, name]) if *top == section => Some(*name),
        _ => None,
    })
}
