//! The help pages: the keys, searched as one types, and what the finding under the cursor means.

use super::app::App;
use super::field::Field;
use super::focus;
use super::keymap::{Action, When};
use super::message::Effect;

/// The furthest that a page is scrolled, in lines; drawing stops at its end.
const FURTHEST: usize = 2_000;

/// Which page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pane {
    /// The table of keys.
    Keys,
    /// Findings, each with its paragraph.
    About,
}

/// An open help page.
pub struct Help {
    /// Which one.
    pub pane: Pane,
    /// What is searched among the keys.
    pub search: Field,
    /// Lines scrolled by.
    pub scroll: usize,
}

impl Help {
    /// A page from its beginning.
    pub fn at(pane: Pane) -> Self {
        Self { pane, search: Field::new(""), scroll: 0 }
    }
}

impl App {
    /// Opens the page that answers best: on a finding what it means, else the keys.
    pub fn open_help(&mut self) {
        let on_finding = !focus::of(self).findings.is_empty();
        self.help = Some(Help::at(if on_finding { Pane::About } else { Pane::Keys }));
    }

    /// What a key does on a help page.
    pub fn act_on_help(&mut self, action: Action) -> Vec<Effect> {
        if action == Action::Copy {
            return self.copy();
        }
        let Some(help) = &mut self.help else { return Vec::new() };
        match action {
            Action::Up => help.scroll = help.scroll.saturating_sub(1),
            Action::Down => help.scroll = (help.scroll + 1).min(FURTHEST),
            Action::PageUp => help.scroll = help.scroll.saturating_sub(10),
            Action::PageDown => help.scroll = (help.scroll + 10).min(FURTHEST),
            Action::OtherPane => {
                let other = if help.pane == Pane::Keys { Pane::About } else { Pane::Keys };
                *help = Help::at(other);
            }
            _ => self.help = None,
        }
        Vec::new()
    }

    /// Whether `?` closes the keys: once something is searched it is a character like any other.
    pub fn nothing_searched(&self) -> When {
        let searched = self.help.as_ref().is_some_and(|help| !help.search.text().is_empty());
        if searched { When::Hidden } else { When::Yes }
    }
}
