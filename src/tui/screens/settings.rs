//! The settings of a system other than the Quilt webhook: each with its value, where it stands and what is wrong with it, edited in place;
//! and below them what they are read from.

mod change;
mod view;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::model::facts::{SettingsPlace, SettingsSource};
use crate::model::{Finding, Severity};
use crate::systems::{Given, Secrecy, Setting, Settings, System};
use crate::tui::app::App;
use crate::tui::field::Field;
use crate::tui::keymap::{Action, When};
use crate::tui::message::Effect;
use crate::tui::theme::Mark;

pub use change::{act_on_edit, fault_of, file_named, put, remove};
pub use view::{about_source, absent, draw, go_on, inspectors, opening, place, principal, shown_value};

/// How long a revealed value stays.
const REVEALED: Duration = Duration::from_secs(10);

/// What the cursor can be on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cursor {
    /// A setting, by its name.
    Setting(&'static str),
    /// Who walks the paths in production.
    Principal,
    /// Who may read what the operator cannot.
    Inspectors,
    /// A file that settings are read from.
    File(PathBuf),
    /// On to the paths.
    GoOn,
}

/// A value that is shown for a while.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Revealed {
    /// Of which setting.
    pub setting: &'static str,
    /// Until when, on the program's clock.
    pub until: Duration,
}

/// A value being typed.
pub struct Edit {
    /// Of what.
    pub of: Cursor,
    /// As it is typed.
    pub field: Field,
    /// Enter was pressed, and it cannot be taken.
    pub refused: bool,
}

/// What the screen keeps.
#[derive(Default)]
pub struct State {
    /// Where the cursor is; nowhere until it is known what is missing.
    pub cursor: Option<Cursor>,
    /// The value being typed.
    pub edit: Option<Edit>,
    /// The value that is shown.
    pub revealed: Option<Revealed>,
}

/// One setting.
pub struct Row<'a> {
    /// Which.
    pub setting: &'static Setting,
    /// What counts.
    pub given: Option<&'a Given>,
    /// What stands elsewhere with another value.
    pub others: Vec<&'a Given>,
    /// Why it cannot be used, or that it is missing.
    pub fault: Option<String>,
    /// The worst that the system makes of it, beside what its own rule says.
    pub judged: Option<&'a Finding>,
}

impl<'a> Row<'a> {
    /// What it is like.
    pub fn mark(&self) -> Mark {
        match (&self.fault, self.given) {
            _ if self.is_wrong() => Mark::Fault,
            _ if self.judged.is_some() => Mark::Doubt,
            (Some(_), _) => Mark::Fault,
            (None, None) => Mark::Open,
            (None, Some(_)) if !self.others.is_empty() => Mark::Doubt,
            (None, Some(_)) => Mark::Good,
        }
    }

    /// It cannot stay as it is.
    pub fn is_wrong(&self) -> bool {
        self.fault.is_some() || self.error().is_some()
    }

    /// The system's judgement, where that is an error.
    pub fn error(&self) -> Option<&'a Finding> {
        self.judged.filter(|finding| finding.severity == Severity::Error)
    }

    /// It is given somewhere, and was taken away here.
    pub fn is_left_out(&self) -> bool {
        self.given.is_none() && !self.others.is_empty()
    }
}

/// Every setting of the open system, in its order.
pub fn rows(app: &App) -> Vec<Row<'_>> {
    let settings = &app.system.settings;
    let row = |setting: &'static Setting| {
        let given = settings.given(setting.name);
        let fault = match given {
            Some(given) => (setting.fault)(given.value.expose()),
            None if setting.required => Some("it is needed".to_owned()),
            None => None,
        };
        let others = settings.overruled().iter().filter(|other| other.setting == setting.name).collect();
        Row { setting, given, others, fault, judged: worst(app, setting) }
    };
    app.open_one().into_iter().flat_map(|system| system.settings()).map(row).collect()
}

/// The worst that was found of a setting.
fn worst<'a>(app: &'a App, setting: &Setting) -> Option<&'a Finding> {
    app.judgement.findings.get(*app.system.judged.get(setting.name)?)
}

/// By setting the worst that was found of it, as its place among the findings: by the variable that a finding names, or as the system says.
/// Whether it is there, keeps its rule and stands elsewhere too is said by the row itself.
pub fn judged(system: &dyn System, settings: &Settings, findings: &[Finding]) -> BTreeMap<&'static str, usize> {
    let of_system = format!("{}/", system.name());
    let is_grave = |one: &Finding| !one.unknown && one.severity <= Severity::Warning && one.id.starts_with(&of_system);
    let (places, grave): (Vec<usize>, Vec<&Finding>) =
        findings.iter().enumerate().filter(|(_, finding)| is_grave(finding)).unzip();
    let about = system.settings_of(&grave, settings);
    let mut worst = BTreeMap::new();
    for ((at, finding), about) in places.into_iter().zip(grave).zip(about) {
        for setting in system.settings() {
            let is_named = setting.variables.contains(&finding.subject.as_str());
            if is_named || about == Some(setting.name) {
                let rank = (finding.severity, !is_named, at);
                let known = worst.entry(setting.name).or_insert(rank);
                *known = rank.min(*known);
            }
        }
    }
    worst.into_iter().map(|(name, (.., at))| (name, at)).collect()
}

/// What the system says first of all: the worst of its errors about settings.
pub fn loudest(app: &App) -> Option<&Finding> {
    rows(app).into_iter().find_map(|row| row.error())
}

/// The step's mark beside what was found of the settings alone.
pub fn mark(app: &App) -> Mark {
    let marks: Vec<Mark> = rows(app).iter().filter(|row| row.judged.is_some()).map(Row::mark).collect();
    [Mark::Fault, Mark::Doubt].into_iter().find(|mark| marks.contains(mark)).unwrap_or(Mark::Good)
}

/// Where settings are read from, by weight.
pub fn sources(app: &App) -> &[SettingsSource] {
    app.facts.system.settings.shown().map(Vec::as_slice).unwrap_or_default()
}

/// Every place of the cursor, from top to bottom.
fn places(app: &App) -> Vec<Cursor> {
    let settings = app.open_one().into_iter().flat_map(|system| system.settings());
    let settings = settings.map(|setting| Cursor::Setting(setting.name));
    let files = app.selection.system.iter().flat_map(|choice| choice.files.iter().cloned().map(Cursor::File));
    let engine = [Cursor::Principal, Cursor::Inspectors];
    settings.chain(engine).chain(files).chain(std::iter::once(Cursor::GoOn)).collect()
}

/// Where the cursor is drawn.
pub fn cursor(app: &App) -> Cursor {
    app.settings.cursor.clone().filter(|cursor| places(app).contains(cursor)).unwrap_or(Cursor::GoOn)
}

/// The first setting that needs someone, after one or from the beginning.
fn needing(app: &App, after: Option<&str>) -> Option<&'static str> {
    let rows = rows(app);
    let start = after.and_then(|name| rows.iter().position(|row| row.setting.name == name)).map_or(0, |at| at + 1);
    rows.iter().skip(start).find(|row| row.is_wrong()).map(|row| row.setting.name)
}

/// Puts the cursor on what needs someone first, once it is known where settings stand.
pub fn follow(app: &mut App) {
    let known = app.facts.system.settings.known().is_some();
    if app.route == crate::tui::route::Route::Settings && app.settings.cursor.is_none() && known {
        app.settings.cursor = Some(needing(app, None).map_or(Cursor::GoOn, Cursor::Setting));
    }
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(by) = super::movement(action) {
        let places = places(app);
        let here = cursor(app);
        let at = places.iter().position(|place| *place == here).unwrap_or(0);
        app.settings.cursor = places.get(at.saturating_add_signed(by).min(places.len().saturating_sub(1))).cloned();
        app.settings.revealed = None;
        return Vec::new();
    }
    match (action, cursor(app)) {
        (Action::Enter, Cursor::GoOn) => app.next(),
        (Action::Enter, at) => change::begin(app, at),
        (Action::RemoveSource, at) => change::remove(app, &at),
        (Action::Reveal, Cursor::Setting(name)) => {
            reveal(app, name);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn reveal(app: &mut App, setting: &'static str) {
    app.settings.revealed = match app.settings.revealed {
        Some(_) => None,
        None => Some(Revealed { setting, until: app.clock + REVEALED }),
    };
}

/// Whether a setting is shown in full now.
pub fn is_revealed(app: &App, setting: &Setting) -> bool {
    let asked = app.settings.revealed.is_some_and(|revealed| revealed.setting == setting.name);
    match setting.secrecy {
        Secrecy::Shown => true,
        Secrecy::ExternalId => asked,
        Secrecy::Presence => false,
    }
}

/// The setting under the cursor.
pub fn under_cursor(app: &App) -> Option<Row<'_>> {
    let Cursor::Setting(name) = cursor(app) else { return None };
    rows(app).into_iter().find(|row| row.setting.name == name)
}

/// Whether Enter edits what is under the cursor.
pub fn enter_edits(app: &App) -> When {
    match cursor(app) {
        Cursor::GoOn => When::Hidden,
        Cursor::Setting(_) if under_cursor(app).is_some_and(|row| row.setting.secrecy == Secrecy::Presence) => {
            When::No("it is a secret: only whether it is set is looked at, never typed")
        }
        _ => When::Yes,
    }
}

/// Whether Enter goes on.
pub fn enter_goes_on(app: &App) -> When {
    match cursor(app) {
        Cursor::GoOn => app.may_go_on(),
        _ => When::Hidden,
    }
}

/// Whether what is under the cursor can be taken away.
pub fn may_remove(app: &App) -> When {
    let choice = app.selection.system.as_ref();
    match cursor(app) {
        Cursor::GoOn => When::Hidden,
        Cursor::File(_) => When::Yes,
        Cursor::Principal if choice.is_some_and(|choice| choice.principal.is_some()) => When::Yes,
        Cursor::Inspectors if choice.is_some_and(|choice| !choice.inspectors.is_empty()) => When::Yes,
        Cursor::Setting(_) => match under_cursor(app) {
            Some(row) if row.given.is_some() => When::Yes,
            _ => When::No("it is not set"),
        },
        Cursor::Principal | Cursor::Inspectors => When::No("it is not set"),
    }
}

/// Whether what was taken away can be taken in again.
pub fn may_restore(app: &App) -> When {
    if under_cursor(app).is_some_and(|row| row.is_left_out()) { When::Yes } else { When::Hidden }
}

/// Whether the value under the cursor can be shown.
pub fn can_reveal(app: &App) -> When {
    match under_cursor(app) {
        Some(row) if row.setting.secrecy == Secrecy::Presence => When::No("it is a secret, and was not kept"),
        Some(row) if row.setting.secrecy == Secrecy::ExternalId && row.given.is_some() => When::Yes,
        _ => When::No("only a masked value can be revealed; move to one"),
    }
}

/// A file that the user named, whatever else is a place.
const fn is_file(place: &SettingsPlace) -> bool {
    matches!(place, SettingsPlace::File(_))
}
