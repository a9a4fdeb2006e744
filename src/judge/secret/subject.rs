//! What a document was read from, as findings speak of it.

use super::super::view::View;
use crate::model::finding::Fix;
use crate::secret::Key;

/// The secret of the selection, or a source of a migration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::judge) struct Subject {
    /// What findings about the whole document are about.
    pub name: String,
    /// The same, to begin a sentence with: "Secret benchling-webhook-prod", "Env file prod.env".
    pub words: String,
    /// Whether it is a source, which is corrected where it stands or on the way.
    source: bool,
}

impl Subject {
    /// The secret of the selection.
    pub fn secret(name: &str) -> Self {
        Self { name: name.to_owned(), words: format!("Secret {name}"), source: false }
    }

    /// A source of a migration, by its label.
    pub fn source(label: &str) -> Self {
        let mut letters = label.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        Self { name: label.to_owned(), words: format!("{first}{}", letters.as_str()), source: true }
    }

    /// What stands behind a key's name: " of env file prod.env"; nothing for the secret of the selection.
    pub fn of(&self) -> String {
        if self.source { format!(" of {}", self.name) } else { String::new() }
    }

    /// What stands behind a list of keys: " in env file prod.env"; nothing for the secret of the selection.
    pub fn behind(&self) -> String {
        if self.source { format!(" in {}", self.name) } else { String::new() }
    }

    /// What a finding about one key is about.
    pub fn key(&self, key: Key) -> String {
        format!("{key}{}", self.of())
    }

    /// What becomes of keys that nobody asked for. What of a source is left behind, the finding about the source tells.
    pub const fn fate_of_extras(&self) -> &'static str {
        if self.source {
            "ignored by the service; kept only where the target holds them"
        } else {
            "ignored by the service, kept on writing"
        }
    }

    /// The walk that cures it. A source is left as it is: the walk writes what is right to the target.
    pub fn cure(&self, view: &View<'_>, what: &str) -> Fix {
        let what = if self.source { format!("{what} {} stays as it is.", self.words) } else { what.to_owned() };
        Fix::command(what, view.rolecall("secret"))
    }
}
