//! An environment as a text: lines that a shell, python-dotenv and Compose read alike.

use std::fmt::Write as _;

use crate::model::text::{Gap, Language, Name, Text};
use crate::values::shell;
use crate::values::text::safe_whole;

/// Such a text being written.
#[derive(Default)]
pub struct Lines {
    body: String,
    gaps: Vec<Gap>,
}

impl Lines {
    /// A line that is only for people.
    pub fn comment(&mut self, text: &str) {
        let _ = writeln!(self.body, "# {}", safe_whole(text));
    }

    /// A variable; a placeholder where its readers would differ over the value.
    pub fn set(&mut self, name: &str, value: &str) {
        let line = shell::assignment(name, value).unwrap_or_else(|| {
            let why =
                "Its value has a character that a shell, python-dotenv and Compose take differently: set it by hand.";
            let gap = Gap::new(&name.to_lowercase().replace('_', "-"), why);
            let line = format!("{name}='{}'", gap.placeholder);
            self.gap(gap);
            line
        });
        let _ = writeln!(self.body, "{line}");
    }

    /// A variable that stays to be filled in, and why.
    pub fn gap_line(&mut self, name: &str, placeholder: &str, why: &str) {
        let gap = Gap::new(placeholder, why);
        let _ = writeln!(self.body, "{name}={}", gap.placeholder);
        self.gap(gap);
    }

    /// Says of a placeholder in a value why it stands there.
    pub fn gap(&mut self, gap: Gap) {
        if !self.gaps.iter().any(|known| known.placeholder == gap.placeholder) {
            self.gaps.push(gap);
        }
    }

    /// What an external ID is written as: itself, or a placeholder named after the role that it belongs to.
    pub fn external_id(&mut self, role: &str, id: &str, is_shown: bool) -> String {
        if is_shown {
            return id.to_owned();
        }
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        let name: String = role.chars().take(64).map(plain).collect();
        let gap =
            Gap::new(&format!("external-id-of-{name}"), "External IDs are withheld: --show-external-ids writes it.");
        let placeholder = gap.placeholder.clone();
        self.gap(gap);
        placeholder
    }

    /// The text.
    #[must_use]
    pub fn text(self, name: &'static str, title: &str) -> Text {
        let notes = vec![
            "A POSIX shell (`set -a; . ./FILE`), python-dotenv and Compose's env_file read every line alike; `docker run --env-file` would keep the quotes as a part of the value."
                .to_owned(),
        ];
        Text {
            name: Name::OfSystem(name),
            of: None,
            title: title.to_owned(),
            language: Language::Env,
            body: self.body,
            gaps: self.gaps,
            partial: false,
            notes,
        }
    }
}
