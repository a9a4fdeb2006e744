//! What a migration looked up: the texts its values come from, the file it would write, and what became of trying the values.

use crate::model::migration::ImportSource;
use crate::model::selection::RoleKind;
use crate::model::{AwsError, Fact};
use crate::values::SecretText;

/// Empty where no migration was asked for.
#[derive(Clone, Debug, Default)]
pub struct MigrationFacts {
    /// Every source that was named, in that order. `config.json` is a fact of its own, and not among them.
    pub imports: Vec<Imported>,
    /// The file that would be written. `Absent`: there is none yet.
    pub file: Fact<TargetFile>,
    /// What became of trying the bucket.
    pub bucket: Vec<BucketTrial>,
    /// What Benchling answered to the client credentials.
    pub benchling: Fact<TokenAnswer>,
}

/// One source, and what stood there.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Where.
    pub source: ImportSource,
    /// What.
    pub content: Fact<ImportContent>,
}

/// What a source holds, unread.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ImportContent {
    /// A text, and of a secret the id of its version, of a file its permission bits.
    Text {
        /// The text.
        text: SecretText,
        /// The version of a secret.
        version_id: Option<String>,
        /// The permission bits of a file.
        mode: Option<u32>,
    },
    /// Bytes that are no text, and how many.
    Binary(usize),
    /// Names and values.
    Variables(Vec<(String, SecretText)>),
}

/// A file that would be replaced.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TargetFile {
    /// What it holds.
    pub text: SecretText,
    /// Its permission bits.
    pub mode: Option<u32>,
}

/// Who tried the bucket, and what came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BucketTrial {
    /// The bucket.
    pub bucket: String,
    /// The role whose session tried it; `None`: the operator.
    pub role: Option<RoleKind>,
    /// Works, refused, or could not be reached.
    pub outcome: Trial,
    /// Whether S3 said that there is no such bucket, whoever asks.
    pub missing: bool,
    /// The bucket's region, as far as S3 told.
    pub region: Option<String>,
}

/// What came of trying a value. A place that could not be reached says nothing about the value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trial {
    /// It works.
    Works,
    /// It was refused: by whom and in what words.
    Refused(String),
    /// Nobody answered, or in a way that says nothing: why.
    Unreached(String),
}

/// What Benchling's token endpoint answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenAnswer {
    /// The host that was asked: `<tenant>.benchling.com`.
    pub host: String,
    /// What came of it.
    pub outcome: Trial,
}

impl Trial {
    /// An error of AWS: a refusal where AWS refused, else nothing that says anything.
    #[must_use]
    pub fn of_error(error: &AwsError) -> Self {
        use crate::model::ErrorKind;
        match error.kind {
            ErrorKind::Denied | ErrorKind::NotFound => Self::Refused(error.to_string()),
            _ => Self::Unreached(error.to_string()),
        }
    }
}
