//! What a system's access paths lead to: a row each, the principals it asks about below them, and on a second pane what was found beside.
//!
//! Rows are sorted by trouble when a look ends or a key asks for it, never while results land: the cursor stays on its item all the same.

mod detail;
mod rows;
mod view;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use crate::model::facts::PrincipalLook;
use crate::model::system::Question;
use crate::model::{Finding, Severity};
use crate::systems::{PathRow, RowState, Standing};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::focus::is_told;
use crate::tui::keymap::{Action, When};
use crate::tui::message::Effect;
use crate::tui::route::Route;
use crate::tui::steps;
use crate::tui::theme::Mark;
use crate::tui::widgets::list::{Item, ListState};
use crate::values::text::safe;

pub use rows::{findings_of, mark_of, mark_of_principal, reason, role_of, words_of_principal};
pub use view::{draw, opening};

/// What is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Pane {
    /// Access paths and principals.
    #[default]
    Paths,
    /// What was found beside the paths.
    Findings,
}

/// What a row is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entry {
    /// An access path, by its place in the system's order.
    Path(usize),
    /// A principal, by its place among the questions.
    Principal(usize),
}

/// What the screen keeps.
#[derive(Default)]
pub struct State {
    /// The pane that is open.
    pub pane: Pane,
    /// The cursor of the first pane, and its filter.
    pub list: ListState,
    /// The finding under the cursor of the second.
    pub finding: usize,
    /// The rows, in the order they are shown in.
    entries: Vec<Entry>,
    /// What the filter searches, row by row.
    items: Arc<[Item]>,
    /// What was found beside the paths, by its place among all findings.
    beside: Vec<usize>,
    /// The rows are to be sorted.
    unsettled: bool,
}

impl State {
    /// The list, where it is open.
    pub const fn shown_list(&self) -> Option<&ListState> {
        match self.pane {
            Pane::Paths => Some(&self.list),
            Pane::Findings => None,
        }
    }

    /// The list, where it is open, to change.
    pub const fn list_to_change(&mut self) -> Option<&mut ListState> {
        match self.pane {
            Pane::Paths => Some(&mut self.list),
            Pane::Findings => None,
        }
    }

    /// The rows as the filter searches them.
    pub fn items(&self) -> Arc<[Item]> {
        self.items.clone()
    }
}

/// The questions of the last look.
pub fn questions(app: &App) -> &[Question] {
    app.asked_plan().map(|plan| plan.questions.as_slice()).unwrap_or_default()
}

/// The paths, as they were judged.
pub fn paths(app: &App) -> &[Arc<PathRow>] {
    &app.judgement.system.rows
}

/// The look at a principal.
pub fn look<'a>(app: &'a App, question: &Question) -> Option<&'a PrincipalLook> {
    app.facts.system.principal(&question.id)
}

/// The rows anew, in the order that they have; sorted where that is due.
pub fn list(app: &mut App) {
    if app.selection.system.is_none() {
        if app.open_one().is_none() {
            app.access = State::default();
        }
        return;
    }
    let ids = |app: &App, entry: Entry| match entry {
        Entry::Path(at) => paths(app).get(at).map(|row| format!("path {}", row.id)),
        Entry::Principal(at) => questions(app).get(at).map(|question| format!("principal {}", question.id)),
    };
    let count = paths(app).len() + questions(app).len();
    let is_same = |(entry, item): (&Entry, &Item)| ids(app, *entry).as_ref() == Some(&item.id);
    let same = app.access.entries.len() == count && app.access.entries.iter().zip(app.access.items.iter()).all(is_same);
    let mut entries = std::mem::take(&mut app.access.entries);
    if !same {
        entries = (0..paths(app).len()).map(Entry::Path).collect();
        entries.extend((0..questions(app).len()).map(Entry::Principal));
    }
    if app.access.unsettled || (!same && !app.running.contains_key(&Ask::System)) {
        entries.sort_by_key(|entry| match entry {
            Entry::Path(at) => (0, paths(app).get(*at).map(|row| row.trouble()), *at),
            Entry::Principal(at) => (1, None, *at),
        });
        app.access.unsettled = false;
    }
    let item = |entry: &Entry| Item { id: ids(app, *entry).unwrap_or_default(), shown: searched(app, *entry) };
    let items = entries.iter().map(item).collect();
    let beside = beside(app);
    app.access.finding = app.access.finding.min(beside.len().saturating_sub(1));
    app.access.entries = entries;
    app.access.items = items;
    app.access.beside = beside;
}

fn searched(app: &App, entry: Entry) -> String {
    match entry {
        Entry::Path(at) => {
            paths(app).get(at).map(|row| format!("{} {} {} {}", row.label, row.role, reason(row), mark_of(row).glyph()))
        }
        Entry::Principal(at) => questions(app).get(at).map(|question| question.label.clone()),
    }
    .unwrap_or_default()
}

/// What was found beside the paths that is worth a word: of settings, principals, the system itself and who asks.
fn beside(app: &App) -> Vec<usize> {
    let mut of_rows: HashSet<(Cow<'_, str>, &str)> = HashSet::new();
    for row in paths(app) {
        let label = safe(&row.label);
        of_rows.extend(row.findings.iter().chain(&row.told).map(|finding| (label.clone(), finding.id.as_str())));
    }
    let about = [Route::Source, Route::Settings, Route::Access];
    let all = app.judgement.findings.iter().enumerate();
    all.filter(|(_, finding)| {
        (is_told(finding) || finding.severity == Severity::Info) && about.contains(&steps::step_of(finding))
    })
    .filter(|(_, finding)| !finding.id.starts_with("hop/"))
    .filter(|(_, finding)| !of_rows.contains(&(Cow::Borrowed(finding.subject.as_str()), finding.id.as_str())))
    .map(|(index, _)| index)
    .collect()
}

/// The look has ended: the rows are sorted by trouble.
pub const fn settle(app: &mut App) {
    app.access.unsettled = true;
}

/// Whether sorting would change anything.
pub fn may_sort(app: &App) -> When {
    if app.access.pane == Pane::Findings || paths(app).len() < 2 {
        return When::Hidden;
    }
    let troubles: Vec<_> = app
        .access
        .entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Path(at) => paths(app).get(*at).map(|row| row.trouble()),
            Entry::Principal(_) => None,
        })
        .collect();
    if troubles.is_sorted() { When::No("the worst come first already") } else { When::Yes }
}

/// What was found beside the paths.
pub fn findings(app: &App) -> Vec<&Finding> {
    app.access.beside.iter().filter_map(|index| app.judgement.findings.get(*index)).collect()
}

/// What is under the cursor.
pub fn under_cursor(app: &App) -> Option<Entry> {
    let row = app.access.list.row_under_cursor(&app.access.items)?;
    app.access.entries.get(row).copied()
}

/// The path under the cursor.
pub fn path_under_cursor(app: &App) -> Option<&PathRow> {
    match under_cursor(app).filter(|_| app.access.pane == Pane::Paths)? {
        Entry::Path(at) => paths(app).get(at).map(AsRef::as_ref),
        Entry::Principal(_) => None,
    }
}

/// The principal under the cursor.
pub fn principal_under_cursor(app: &App) -> Option<&Question> {
    match under_cursor(app).filter(|_| app.access.pane == Pane::Paths)? {
        Entry::Principal(at) => questions(app).get(at),
        Entry::Path(_) => None,
    }
}

/// The finding under the cursor.
pub fn finding_under_cursor(app: &App) -> Option<&Finding> {
    let at = *app.access.beside.get(app.access.finding)?;
    app.judgement.findings.get(at).filter(|_| app.access.pane == Pane::Findings)
}

/// The step's mark: the worst of the paths.
pub fn mark(app: &App) -> Mark {
    if app.running.contains_key(&Ask::System) {
        return Mark::Running;
    }
    let looked = paths(app).iter().filter(|row| row.state != RowState::Waiting);
    let marks: Vec<Mark> = looked.map(|row| mark_of(row)).collect();
    let marks = marks.into_iter().chain(questions(app).iter().map(|question| mark_of_principal(app, question)));
    let marks: Vec<Mark> = marks.filter(|mark| *mark != Mark::Open).collect();
    let worst = [Mark::Fault, Mark::Unknown, Mark::Doubt].into_iter().find(|mark| marks.contains(mark));
    worst.unwrap_or(if marks.is_empty() { Mark::Open } else { Mark::Good })
}

/// Puts the cursor on the worst once the look has ended, if it is nowhere yet.
pub fn follow(app: &mut App) {
    let looked = app.asked_plan().is_some() && !app.running.contains_key(&Ask::System);
    if app.route == Route::Access && app.access.list.selected.is_none() && looked && app.access.list.filter.is_none() {
        app.access.list.selected = app.access.items.first().map(|item| item.id.clone());
    }
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(by) = super::movement(action) {
        match app.access.pane {
            Pane::Paths => {
                let items = app.access.items.clone();
                app.access.list.step(&items, by);
            }
            Pane::Findings => {
                let last = app.access.beside.len().saturating_sub(1);
                app.access.finding = app.access.finding.saturating_add_signed(by).min(last);
            }
        }
        return Vec::new();
    }
    match action {
        Action::Enter => {
            let path = path_under_cursor(app).map(|row| row.id.clone());
            if let Some(id) = path {
                return app.diagnose_path(&id);
            }
            if app.access.pane == Pane::Findings {
                app.open_help();
            }
        }
        Action::OtherPane => {
            app.access.pane = if app.access.pane == Pane::Paths { Pane::Findings } else { Pane::Paths };
        }
        Action::Filter => app.access.list.open_filter(),
        Action::Sort => {
            app.access.unsettled = true;
            list(app);
        }
        _ => {}
    }
    Vec::new()
}

/// Whether Enter diagnoses a path.
pub fn enter_diagnoses(app: &App) -> When {
    if app.access.pane == Pane::Findings {
        return When::Hidden;
    }
    match (path_under_cursor(app), principal_under_cursor(app)) {
        (Some(_), _) if app.asked_plan().is_some() => When::Yes,
        (Some(_), _) => When::No("the paths are looked up once it is known who asks"),
        (None, Some(_)) => When::No("a principal is no path: what was found of it stands here"),
        (None, None) if app.access.items.is_empty() => When::No("there is no access path"),
        (None, None) => When::No("move the cursor to an access path first"),
    }
}

/// Whether Enter explains a finding.
pub fn enter_explains(app: &App) -> When {
    if finding_under_cursor(app).is_some() { When::Yes } else { When::Hidden }
}

/// Whether this pane is open (`true`), for the label of the key that opens the other.
pub fn shows(app: &App, pane: Pane) -> When {
    if app.access.pane == pane { When::Yes } else { When::Hidden }
}

/// Whether there is a list to filter.
pub fn may_filter(app: &App) -> When {
    if app.access.pane == Pane::Paths { When::Yes } else { When::No("Tab leads to the list that can be filtered") }
}

/// How the paths stand: how many are refused or failed, not known, fine, and not looked up.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// All.
    pub all: usize,
    /// Refused, or the look itself failed.
    pub refused: usize,
    /// Could not be known.
    pub unknown: usize,
    /// Allowed, whatever else there is to say.
    pub allowed: usize,
    /// Of the allowed: those that are not as they should be.
    pub doubtful: usize,
    /// Not looked up.
    pub waiting: usize,
    /// Looked up before, and not by the last look; they are counted above too.
    pub before: usize,
}

/// Counts the paths. While a look is under way, what was only found by the one before waits.
pub fn tally(app: &App) -> Tally {
    let running = app.running.contains_key(&Ask::System);
    let mut tally = Tally { all: paths(app).len(), ..Tally::default() };
    for (at, row) in paths(app).iter().enumerate() {
        let before = is_before(app, at);
        if running && before {
            tally.waiting += 1;
            continue;
        }
        tally.before += usize::from(before);
        match row.standing() {
            Standing::Waiting => tally.waiting += 1,
            Standing::Refused => tally.refused += 1,
            Standing::Unknown => tally.unknown += 1,
            Standing::Allowed => {
                tally.allowed += 1;
                let severe = row.severity().is_some_and(|severity| severity <= Severity::Warning);
                tally.doubtful += usize::from(severe || mark_of(row) == Mark::Doubt);
            }
        }
    }
    tally
}

/// Whether what is shown of the path at that place is of the look before.
pub fn is_before(app: &App, at: usize) -> bool {
    app.facts.system.paths.get(at).is_some_and(|look| look.before)
}
