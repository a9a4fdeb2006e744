//! Every key, once: the footer and the help page are made from the table, and an unavailable key answers why.

mod table;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::app::App;
use super::route::Route;
pub use table::BINDINGS;

/// What a key asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// The cursor up.
    Up,
    /// The cursor down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// What Enter does here.
    Enter,
    /// The next step.
    Next,
    /// Back.
    Back,
    /// The help page.
    Help,
    /// Leave, after a question if answers are unsaved.
    Quit,
    /// Leave at once.
    Leave,
    /// Stop, as a shell's job.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Type a filter.
    Filter,
    /// Look it up again.
    Rerun,
    /// Cancel what is being looked up.
    Stop,
    /// Type a region.
    Region,
    /// Type the config profile's name.
    ConfigProfile,
    /// Type a stack's name or ARN.
    StackName,
    /// Type an external ID.
    ExternalId,
    /// Type a role's ARN.
    RoleArn,
    /// Type the workload's ARN.
    Workload,
    /// Show a hidden value.
    Reveal,
    /// Read the whole secret from a file.
    FromFile,
    /// Take every certain correction.
    Fix,
    /// Choose another secret, or name a new one.
    SecretName,
    /// Open or close the details.
    Unfold,
    /// Leave a change out of the plan, or take it in again, counted from 0.
    LeaveOut(usize),
    /// Leave a field of `config.json` out.
    LeaveFieldOut,
    /// Yes.
    Yes,
    /// No.
    No,
}

/// Where a key means something: a screen, or what is open over it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A screen.
    Screen(Route),
    /// A filter is being typed.
    Filter,
    /// A prompt is open.
    Prompt,
    /// A value of the secret is being edited.
    Edit,
    /// The help page is open.
    Help,
    /// "Leave?" is being asked.
    Leaving,
}

impl Place {
    /// Whether characters are typed here, so that letters are no commands.
    pub const fn types(self) -> bool {
        matches!(self, Self::Filter | Self::Prompt | Self::Edit)
    }
}

/// Whether a key does something now.
pub enum When {
    /// It does.
    Yes,
    /// It does not, and here is why.
    No(&'static str),
    /// It means nothing here.
    Hidden,
}

/// One line of the table.
pub struct Binding {
    /// The keys.
    keys: &'static [(KeyCode, KeyModifiers)],
    /// As the footer writes the key.
    pub shown: &'static str,
    /// What it does, in a word or three; empty: not in the footer.
    pub label: &'static str,
    /// What it does, for the help page.
    pub help: &'static str,
    /// What it asks for.
    pub action: Action,
    on: fn(Place) -> bool,
    when: fn(&App) -> When,
}

fn always(_: &App) -> When {
    When::Yes
}

/// What became of a key.
pub enum Found {
    /// It asks for this.
    Do(Action),
    /// It would, but for this.
    Not(&'static str),
    /// It is not in the table.
    Nothing,
}

/// Looks a key up where the user is now.
pub fn find(app: &App, event: KeyEvent) -> Found {
    let place = app.place();
    // Shift is part of the character, so `?` and `N` are found whether or not the terminal reports it.
    let pressed = (event.code, event.modifiers & !KeyModifiers::SHIFT);
    let mut refused = None;
    for binding in BINDINGS.iter().filter(|binding| (binding.on)(place) && binding.keys.contains(&pressed)) {
        match (binding.when)(app) {
            When::Yes => return Found::Do(binding.action),
            When::No(why) => refused = refused.or(Some(why)),
            When::Hidden => {}
        }
    }
    refused.map_or(Found::Nothing, Found::Not)
}

/// The keys that do something now, for the footer.
pub fn footer(app: &App) -> impl Iterator<Item = &'static Binding> + use<'_> {
    let place = app.place();
    BINDINGS.iter().filter(move |b| !b.label.is_empty() && (b.on)(place) && matches!((b.when)(app), When::Yes))
}

/// Every key of the screen below the help page, with why it does nothing now.
pub fn help(app: &App) -> Vec<(&'static Binding, Option<&'static str>)> {
    let place = Place::Screen(app.route);
    let known = |b: &&'static Binding| !b.shown.is_empty() && (b.on)(place);
    BINDINGS
        .iter()
        .filter(known)
        .filter_map(|binding| match (binding.when)(app) {
            When::Yes => Some((binding, None)),
            When::No(why) => Some((binding, Some(why))),
            When::Hidden => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_is_shown_is_explained() {
        for binding in BINDINGS {
            assert_eq!(binding.shown.is_empty(), binding.help.is_empty(), "{:?}", binding.action);
            assert!(binding.label.is_empty() || !binding.shown.is_empty(), "{:?}", binding.action);
        }
    }
}
