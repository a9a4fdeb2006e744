//! The table of keys.

use crossterm::event::{KeyCode, KeyModifiers};

use super::{Action as Do, Binding, Place, When, always};
use crate::tui::app::App;
use crate::tui::route::Route;
use crate::tui::screens::{review, secret};

type Keys = &'static [(KeyCode, KeyModifiers)];

const ENTER: (KeyCode, KeyModifiers) = code(KeyCode::Enter);
const ESC: (KeyCode, KeyModifiers) = code(KeyCode::Esc);
const UP: (KeyCode, KeyModifiers) = code(KeyCode::Up);
const DOWN: (KeyCode, KeyModifiers) = code(KeyCode::Down);

/// Every key. The order is that of the footer, most useful first; a key without a label is on the help page only, one without a help text is
/// the second half of the one before.
pub const BINDINGS: &[Binding] = &[
    bind(home, &[ENTER], Do::Enter, "Enter", "open").help("open the job under the cursor"),
    bind(lists, &[ENTER], Do::Enter, "Enter", "choose")
        .when(|app| app.enter_chooses(true))
        .help("choose what is under the cursor; again: go on"),
    bind(lists, &[ENTER], Do::Enter, "Enter", "next")
        .when(|app| app.enter_chooses(false))
        .help("go on to the next step"),
    bind(roles, &[ENTER], Do::Enter, "Enter", "next").help("go on to the next step"),
    bind(secret, &[ENTER], Do::Enter, "Enter", "edit")
        .when(secret::enter_edits)
        .help("edit the value under the cursor"),
    bind(secret, &[ENTER], Do::Enter, "Enter", "review").when(secret::enter_goes_on).help("go on to the review"),
    bind(review, &[key('y')], Do::Yes, "y", "write").when(App::may_write).help("write what is shown"),
    bind(review, &[key('N'), key('n'), ENTER], Do::No, "N", "no").when(App::may_write).help("write nothing"),
    bind(review, &[key(' ')], Do::Unfold, "Space", "unfold")
        .when(review::has_changes)
        .help("show every line of the change, or fold it"),
    bind(review, &[key('1')], Do::LeaveOut(0), "1", "leave 1 out")
        .when(|app| review::has_change(app, 0))
        .help("leave the first change out, or take it in again"),
    bind(review, &[key('2')], Do::LeaveOut(1), "2", "leave 2 out")
        .when(|app| review::has_change(app, 1))
        .help("leave the second change out, or take it in again"),
    bind(review, &[key('l')], Do::LeaveFieldOut, "l", "leave line out")
        .when(review::on_field)
        .help("leave a field of config.json out, or take it in again"),
    bind(roles, &[key('e')], Do::ExternalId, "e", "external ID")
        .help("type the external ID that goes with the live call"),
    bind(roles, &[key('a')], Do::RoleArn, "a", "ARN").help("type the ARN of the role under the cursor"),
    bind(roles, &[key('t')], Do::Workload, "t", "workload")
        .help("type the ARN of the role that will assume it in production"),
    bind(roles, &[key(' ')], Do::Unfold, "Space", "evidence").help("show the evidence, or hide it"),
    bind(secret, &[key('f')], Do::Fix, "f", "fix").when(secret::can_fix).help("take every correction that is certain"),
    bind(secret, &[key('o')], Do::FromFile, "o", "file").help("read the whole secret from a JSON file"),
    bind(secret, &[key('v')], Do::Reveal, "v", "reveal")
        .when(secret::can_reveal)
        .help("show the value under the cursor for ten seconds"),
    bind(secret, &[key('s')], Do::SecretName, "s", "name")
        .help("choose another secret of the region, or name a new one"),
    bind(stack, &[key('t')], Do::StackName, "t", "name").help("type a stack's name or ARN"),
    bind(lists, &[key('/')], Do::Filter, "/", "filter").help("filter the list; every word must be found in the row"),
    bind(screens, &[key('r')], Do::Rerun, "r", "re-run")
        .when(App::may_rerun)
        .help("look everything on this screen up again"),
    bind(lists, &[key('g')], Do::Region, "g", "region").help("type another region"),
    bind(home_or_source, &[key('c')], Do::ConfigProfile, "c", "config profile").help("type the config profile's name"),
    bind(screens, &[key('x')], Do::Stop, "x", "stop").when(App::may_stop).help("cancel what is being looked up"),
    bind(before_review, &[key('n'), code(KeyCode::Right)], Do::Next, "n", "next")
        .when(App::may_go_on)
        .help("the next step"),
    bind(after_home, &[ESC, code(KeyCode::Left), code(KeyCode::Backspace)], Do::Back, "Esc", "back")
        .when(App::may_go_back)
        .help("back to the step before; every answer is kept"),
    bind(done, &[ENTER], Do::Back, "Enter", "home").when(App::may_go_home).help("back to the start"),
    bind(screens, &[UP, key('k')], Do::Up, "↑ ↓", "").help("move the cursor (k and j do the same)"),
    bind(screens, &[DOWN, key('j')], Do::Down, "", ""),
    bind(screens, &[code(KeyCode::PageUp)], Do::PageUp, "PgUp PgDn", "").help("a page up or down"),
    bind(screens, &[code(KeyCode::PageDown)], Do::PageDown, "", ""),
    bind(screens, &[code(KeyCode::Home)], Do::First, "Home End", "").help("to the first, to the last"),
    bind(screens, &[code(KeyCode::End)], Do::Last, "", ""),
    bind(filter, &[ENTER], Do::Enter, "Enter", "keep the filter").help("keep the filter and return to the list"),
    bind(filter, &[ESC], Do::Back, "Esc", "clear").help("clear the filter"),
    bind(filter, &[UP], Do::Up, "↑ ↓", "move").help("move the cursor in the list"),
    bind(filter, &[DOWN], Do::Down, "", ""),
    bind(prompt, &[ENTER], Do::Enter, "Enter", "take it").help("take what was typed"),
    bind(prompt, &[UP], Do::Up, "↑ ↓", "suggestions").when(App::prompt_suggests).help("go through what is known"),
    bind(prompt, &[DOWN], Do::Down, "", "").when(App::prompt_suggests),
    bind(prompt, &[ESC], Do::Back, "Esc", "leave it").help("leave it as it was"),
    bind(edit, &[ENTER, code(KeyCode::Tab), DOWN], Do::Enter, "Enter", "take it, next")
        .help("take the value and go to the next one that is missing"),
    bind(edit, &[code(KeyCode::BackTab), UP], Do::Up, "↑", "the one before")
        .help("take the value and edit the one before"),
    bind(edit, &[control('r')], Do::Reveal, "Ctrl-R", "reveal")
        .when(secret::can_reveal)
        .help("show the value for ten seconds, or hide it"),
    bind(edit, &[ESC], Do::Back, "Esc", "leave it").help("leave the value as it was"),
    bind(leaving, &[key('y')], Do::Yes, "y", "leave").help("leave; what was typed is lost"),
    bind(leaving, &[key('n'), key('N'), ENTER, ESC], Do::No, "N", "stay").help("stay"),
    bind(help_page, &[ESC, key('?'), key('q'), ENTER], Do::Back, "Esc", "close").help("close this page"),
    bind(help_page, &[UP, key('k'), code(KeyCode::PageUp)], Do::Up, "↑ ↓", "scroll").help("scroll"),
    bind(help_page, &[DOWN, key('j'), code(KeyCode::PageDown), key(' ')], Do::Down, "", ""),
    bind(screens, &[key('?'), code(KeyCode::F(1))], Do::Help, "?", "help").help("this page"),
    bind(screens, &[key('q')], Do::Quit, "q", "quit").help("leave; asks when answers are unsaved"),
    bind(anywhere, &[control('c')], Do::Leave, "Ctrl-C", "")
        .help("leave at once; a change that is being written is finished"),
    bind(anywhere, &[control('z')], Do::Suspend, "Ctrl-Z", "").help("suspend; fg brings it back"),
    bind(anywhere, &[control('l')], Do::Redraw, "Ctrl-L", "").help("draw the screen anew"),
];

const fn bind(on: fn(Place) -> bool, keys: Keys, action: Do, shown: &'static str, label: &'static str) -> Binding {
    Binding { keys, shown, label, help: "", action, on, when: always }
}

impl Binding {
    const fn help(mut self, text: &'static str) -> Self {
        self.help = text;
        self
    }

    const fn when(mut self, when: fn(&App) -> When) -> Self {
        self.when = when;
        self
    }
}

const fn key(c: char) -> (KeyCode, KeyModifiers) {
    (KeyCode::Char(c), KeyModifiers::NONE)
}

const fn control(c: char) -> (KeyCode, KeyModifiers) {
    (KeyCode::Char(c), KeyModifiers::CONTROL)
}

const fn code(code: KeyCode) -> (KeyCode, KeyModifiers) {
    (code, KeyModifiers::NONE)
}

fn anywhere(_: Place) -> bool {
    true
}

fn screens(place: Place) -> bool {
    matches!(place, Place::Screen(_))
}

fn after_home(place: Place) -> bool {
    screens(place) && !home(place)
}

fn before_review(place: Place) -> bool {
    lists(place) || roles(place) || secret(place)
}

fn lists(place: Place) -> bool {
    matches!(place, Place::Screen(Route::Source | Route::Stack))
}

fn home_or_source(place: Place) -> bool {
    matches!(place, Place::Screen(Route::Home | Route::Source))
}

fn home(place: Place) -> bool {
    place == Place::Screen(Route::Home)
}

fn stack(place: Place) -> bool {
    place == Place::Screen(Route::Stack)
}

fn roles(place: Place) -> bool {
    place == Place::Screen(Route::Roles)
}

fn secret(place: Place) -> bool {
    place == Place::Screen(Route::Secret)
}

fn review(place: Place) -> bool {
    place == Place::Screen(Route::Review)
}

fn done(place: Place) -> bool {
    place == Place::Screen(Route::Done)
}

fn filter(place: Place) -> bool {
    place == Place::Filter
}

fn prompt(place: Place) -> bool {
    place == Place::Prompt
}

fn edit(place: Place) -> bool {
    place == Place::Edit
}

fn leaving(place: Place) -> bool {
    place == Place::Leaving
}

fn help_page(place: Place) -> bool {
    place == Place::Help
}
