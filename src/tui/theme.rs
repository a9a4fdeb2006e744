//! The terminal's own sixteen colours, and what to do without them.
//!
//! Screens draw in Unicode and colour. [`Theme::finish`] takes colour away for `NO_COLOR` and folds every glyph to ASCII where the terminal
//! has no others, on the finished frame: so no screen can forget it. Bold, dim and reverse stay.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier, Style};

use super::clipboard::Wrap;
use crate::model::{Finding, Severity};

/// How the terminal wants to be drawn on, and to be given a copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Theme {
    /// Whether colours are wanted.
    pub color: bool,
    /// Whether only ASCII can be shown.
    pub ascii: bool,
    /// What a copy has to get through.
    pub wrap: Wrap,
}

impl Theme {
    /// Reads `NO_COLOR` (no-color.org: set and not empty), `TERM` and the locale variables, in the order POSIX gives them.
    #[must_use]
    pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| get(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        let utf8 = locale.contains("utf-8") || locale.contains("utf8");
        Self {
            color: set("NO_COLOR").is_none() && term != "dumb",
            ascii: !utf8 || term == "linux" || term == "dumb",
            wrap: Wrap::from_environment(get),
        }
    }

    /// Makes a finished frame fit the terminal.
    pub fn finish(self, buffer: &mut Buffer) {
        for cell in &mut buffer.content {
            if !self.color {
                cell.fg = Color::Reset;
                cell.bg = Color::Reset;
            }
            if self.ascii {
                fold(cell);
            }
        }
    }
}

fn fold(cell: &mut Cell) {
    if cell.symbol().is_ascii() {
        return;
    }
    let plain = match cell.symbol() {
        "✓" => "+",
        "✗" => "x",
        "○" => "o",
        "▸" | "▶" | "→" => ">",
        "─" | "·" | "–" => "-",
        "│" => "|",
        "…" => "~",
        "↑" => "^",
        "↓" => "v",
        "•" => "*",
        _ => "?",
    };
    cell.set_symbol(plain);
}

/// Nothing special.
pub const PLAIN: Style = Style::new();
/// Secondary text.
pub const DIM: Style = Style::new().add_modifier(Modifier::DIM);
/// A heading, the main thing.
pub const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);
/// What has the focus.
pub const FOCUS: Style = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD);
/// The step one is at.
pub const HERE: Style = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD).add_modifier(Modifier::UNDERLINED);
/// A key in the footer.
pub const KEY: Style = Style::new().add_modifier(Modifier::BOLD);
/// A fault.
pub const ERROR: Style = Style::new().fg(Color::Red);
/// A doubt.
pub const WARNING: Style = Style::new().fg(Color::Yellow);
/// Right.
pub const GOOD: Style = Style::new().fg(Color::Green);
/// The banner that matters.
pub const BANNER: Style = Style::new().add_modifier(Modifier::REVERSED);
/// A field that is being typed into.
pub const FIELD: Style = Style::new().add_modifier(Modifier::UNDERLINED);

/// The mark of a state, one cell wide, and its style.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// Checked, and right.
    Good,
    /// A doubt.
    Doubt,
    /// A fault.
    Fault,
    /// Could not be known.
    Unknown,
    /// Not there yet, or nobody asked; of a finding: merely worth knowing.
    Open,
    /// Being looked up.
    Running,
}

impl Mark {
    /// The glyph.
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Doubt => "!",
            Self::Fault => "✗",
            Self::Unknown => "?",
            Self::Open => "○",
            Self::Running => "·",
        }
    }

    /// Its style.
    pub const fn style(self) -> Style {
        match self {
            Self::Good => GOOD,
            Self::Doubt => WARNING,
            Self::Fault => ERROR,
            Self::Unknown | Self::Open => PLAIN,
            Self::Running => DIM,
        }
    }
}

impl Mark {
    /// The mark of a finding: what could not be known is neither right nor wrong.
    pub fn of(finding: &Finding) -> Self {
        if finding.unknown { Self::Unknown } else { Self::from(finding.severity) }
    }
}

impl From<Severity> for Mark {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Fault,
            Severity::Warning => Self::Doubt,
            Severity::Info => Self::Open,
            Severity::Ok => Self::Good,
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    fn theme(variables: &[(&str, &str)]) -> Theme {
        Theme::from_environment(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn the_environment_decides() {
        assert_eq!(theme(&[("LANG", "en_US.UTF-8")]), Theme { color: true, ascii: false, wrap: Wrap::None });
        assert_eq!(
            theme(&[("LANG", "C.utf8"), ("NO_COLOR", "1")]),
            Theme { color: false, ascii: false, wrap: Wrap::None }
        );
        assert_eq!(
            theme(&[("LANG", "C.utf8"), ("NO_COLOR", "")]),
            Theme { color: true, ascii: false, wrap: Wrap::None }
        );
        assert_eq!(
            theme(&[("LANG", "en_US.UTF-8"), ("TERM", "linux")]),
            Theme { color: true, ascii: true, wrap: Wrap::None }
        );
        assert!(theme(&[("LANG", "en_US.UTF-8"), ("LC_ALL", "C")]).ascii);
        assert!(theme(&[]).ascii);
    }

    #[test]
    fn without_colour_bold_stays_and_without_unicode_nothing_else_is_sent() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
        buffer.set_string(0, 0, "▸ ✗ é 日 ──▶", FOCUS);
        Theme { color: false, ascii: true, wrap: Wrap::None }.finish(&mut buffer);
        assert!(buffer.content.iter().all(|cell| cell.fg == Color::Reset && cell.symbol().is_ascii()));
        assert!(buffer.content[0].modifier.contains(Modifier::BOLD));
        assert_eq!(buffer.content[0].symbol(), ">");
    }
}
