//! Every key, once: the footer and the help page are made from the table, and an unavailable key answers why.

mod table;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::app::App;
use super::route::Route;
use super::screens::sources::Kind;
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
    /// The keys of this page, to be searched; on a finding its paragraph.
    Help,
    /// From the keys to what was found, and back.
    OtherPane,
    /// Copy what the cursor is on.
    Copy,
    /// Write what the screen shows to a file.
    Export,
    /// Throw the draft of an earlier walk away.
    Discard,
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
    /// Search all regions, or the own one again.
    AllRegions,
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
    /// Write to a file in place of Secrets Manager, or not.
    TargetFile,
    /// Type the tags of a new secret.
    Tags,
    /// Type the KMS key of a new secret.
    KmsKey,
    /// Choose which runtime will read the secret.
    Reader,
    /// Take the value of the next source that has one.
    OtherSource,
    /// The rows by trouble.
    Sort,
    /// A source more.
    AddSource(Kind),
    /// The source or setting under the cursor less.
    RemoveSource,
    /// The source under the cursor before the one above it.
    Earlier,
    /// The source under the cursor after the one below it.
    Later,
    /// Paste or type an error message.
    PasteMessage,
    /// Change a path before it is diagnosed.
    EditPath,
    /// Choose the AWS profile to ask with.
    AwsProfile,
    /// A hop more.
    AddHop,
    /// The hop under the cursor less.
    RemoveHop,
    /// Try again until the verdict changes, or stop that.
    Watch,
    /// Type the code of an MFA device.
    MfaCode,
    /// Try once with the external ID that the trust policy wants.
    TryExternalId,
    /// Open or close the details.
    Unfold,
    /// Leave a change out of the plan, or take it in again, counted from 0.
    LeaveOut(usize),
    /// Leave a field of `config.json` out.
    LeaveFieldOut,
    /// Open a pane of the diagnosis, counted from 0.
    Pane(usize),
    /// The next pane.
    PaneAfter,
    /// The pane before.
    PaneBefore,
    /// The next hop of the path.
    HopAfter,
    /// The hop before.
    HopBefore,
    /// The other principal.
    Party,
    /// The real request again.
    Reset,
    /// Save the access case.
    SaveCase,
    /// Try the bucket and the Benchling credentials; asks first.
    TryValues,
    /// Yes, but the bucket alone.
    BucketAlone,
    /// Open the page of texts to hand over.
    Texts,
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
    /// A setting of a system is being edited.
    Setting,
    /// A value of a request is being changed, to see what would be.
    Trying,
    /// An error message is being typed.
    Message,
    /// An access path is being typed.
    Form,
    /// The keys are shown, and searched.
    Help,
    /// What a finding means is shown.
    About,
    /// "Replace the file?" is being asked.
    Replacing,
    /// "Send the wanted external ID?" is being asked.
    Agreeing,
    /// "Send the client id and secret to Benchling?" is being asked.
    Sending,
    /// The texts to hand over.
    Texts,
    /// "Leave?" is being asked.
    Leaving,
}

impl Place {
    /// Whether characters are typed here, so that letters are no commands.
    pub const fn types(self) -> bool {
        matches!(
            self,
            Self::Filter
                | Self::Prompt
                | Self::Edit
                | Self::Setting
                | Self::Trying
                | Self::Message
                | Self::Form
                | Self::Help
        )
    }

    /// Everywhere a key can mean something, in the order in which the help page tells of it.
    const ALL: [(Self, &'static str); 26] = [
        (Self::Screen(Route::Home), "Home"),
        (Self::Screen(Route::Sources), "Sources"),
        (Self::Screen(Route::Source), "AWS profile"),
        (Self::Screen(Route::Stack), "Stack"),
        (Self::Screen(Route::Roles), "Roles"),
        (Self::Screen(Route::Secret), "Secret"),
        (Self::Screen(Route::Review), "Review"),
        (Self::Screen(Route::Done), "Done"),
        (Self::Screen(Route::Settings), "Settings"),
        (Self::Screen(Route::Access), "Access"),
        (Self::Screen(Route::Ask), "Diagnose: what to ask"),
        (Self::Screen(Route::Diagnose), "Diagnose"),
        (Self::Filter, "filter"),
        (Self::Prompt, "question"),
        (Self::Edit, "editing a value"),
        (Self::Setting, "editing a setting"),
        (Self::Trying, "what if"),
        (Self::Message, "pasting a message"),
        (Self::Form, "typing a path"),
        (Self::Help, "keys"),
        (Self::About, "what was found"),
        (Self::Replacing, "replace?"),
        (Self::Agreeing, "send it?"),
        (Self::Sending, "try the values?"),
        (Self::Texts, "texts to hand over"),
        (Self::Leaving, "leave?"),
    ];
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

/// The keys that do something now, for the footer; of two bindings of one key the one that it is found by.
pub fn footer(app: &App) -> impl Iterator<Item = &'static Binding> + use<'_> {
    let place = app.place();
    let mut seen: Vec<&str> = Vec::new();
    BINDINGS.iter().filter(move |b| {
        let works = !b.label.is_empty() && (b.on)(place) && matches!((b.when)(app), When::Yes);
        let first = works && !seen.contains(&b.shown);
        if first {
            seen.push(b.shown);
        }
        first
    })
}

/// One line of the help page.
pub struct Told {
    /// The key and what it does.
    pub binding: &'static Binding,
    /// Why it does nothing now.
    pub why: Option<&'static str>,
    /// Where it means something, if not on the screen below the help page.
    pub elsewhere: Option<String>,
}

/// The keys of the screen below the help page; searched, those of the whole table in which every word is found, what works here first.
pub fn help(app: &App, search: &str) -> Vec<Told> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let found = |told: &Told| {
        let text = told.searched().to_lowercase();
        if words.is_empty() { told.elsewhere.is_none() } else { words.iter().all(|word| text.contains(word.as_str())) }
    };
    let mut all: Vec<Told> =
        BINDINGS.iter().filter(|binding| binding.is_told()).filter_map(|b| told(app, b)).filter(found).collect();
    all.sort_by_key(|told| told.elsewhere.is_some());
    all
}

fn told(app: &App, binding: &'static Binding) -> Option<Told> {
    if !(binding.on)(Place::Screen(app.route)) {
        return Some(Told { binding, why: None, elsewhere: Some(binding.places()) });
    }
    match (binding.when)(app) {
        When::Yes => Some(Told { binding, why: None, elsewhere: None }),
        When::No(why) => Some(Told { binding, why: Some(why), elsewhere: None }),
        When::Hidden => None,
    }
}

impl Told {
    fn searched(&self) -> String {
        let Binding { shown, label, help, .. } = self.binding;
        format!("{shown} {label} {help} {}", self.elsewhere.as_deref().unwrap_or_default())
    }
}

impl Binding {
    /// Whether the help page has a line for it; the second half of another one has none.
    const fn is_told(&self) -> bool {
        !self.shown.is_empty()
    }

    /// Where it means something, in words.
    fn places(&self) -> String {
        let names: Vec<&str> =
            Place::ALL.iter().filter(|(place, _)| (self.on)(*place)).map(|(_, name)| *name).collect();
        names.join(", ")
    }
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
