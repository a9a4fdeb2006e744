//! Which runtime will read the secret: as the user said, else as what is there suggests (C8, C10).

use crate::model::{Facts, Reader, Selection};
use crate::secret::{Document, Key};

/// Why a reader is preselected, as a clause.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// The user said so.
    Said,
    /// The secret that is there holds names in small letters, which only shipped runtimes read.
    SmallLetters,
    /// A release of the webhook package was deployed with this config profile.
    Deployed,
    /// Nothing is known: the specification.
    Unknown,
}

impl Why {
    /// For a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Said => "as you said",
            Self::SmallLetters => "the secret holds names in small letters, which shipped runtimes read",
            Self::Deployed => "a shipped release was deployed with this config profile",
            Self::Unknown => "nothing here tells which runtime it is",
        }
    }
}

/// The reader of a plan, and why.
#[must_use]
pub fn chosen(facts: &Facts, selection: &Selection) -> (Reader, Why) {
    if let Some(reader) = selection.migration.reader {
        return (reader, Why::Said);
    }
    if there(facts, selection).is_some_and(|document| holds_small_letters(&document)) {
        return (Reader::Both, Why::SmallLetters);
    }
    if facts.deployed.known().is_some_and(|deployed| deployed.image_tag.is_some()) {
        return (Reader::Both, Why::Deployed);
    }
    (Reader::Specification, Why::Unknown)
}

/// What the target holds: the file that was named, else the secret.
pub(super) fn there(facts: &Facts, selection: &Selection) -> Option<Document> {
    if selection.migration.to_file.is_some() {
        return Document::parse(&facts.migration.file.known()?.text).ok();
    }
    Document::current(facts)
}

/// One such name is enough: whoever reads it would miss it.
fn holds_small_letters(document: &Document) -> bool {
    document.entries().any(|(name, _)| Key::from_shipped_name(name).is_some())
}

/// The reader that a secret is judged for: where nobody said, the specification, and other spellings are worth knowing only.
#[must_use]
pub fn judged(selection: &Selection) -> Reader {
    selection.migration.reader.unwrap_or(Reader::Specification)
}
