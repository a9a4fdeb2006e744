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
    bind(stack, &[key('a')], Do::AllRegions, "a", "all regions")
        .when(|app| app.may_search(true))
        .help("look for Quilt stacks in every region"),
    bind(stack, &[key('a')], Do::AllRegions, "a", "one region")
        .when(|app| app.may_search(false))
        .help("list the stacks of one region only"),
    bind(lists, &[key('/')], Do::Filter, "/", "filter").help("filter the list; every word must be found in the row"),
    bind(screens, &[key('r')], Do::Rerun, "r", "re-run")
        .when(App::may_rerun)
        .help("look everything on this screen up again"),
    bind(lists, &[key('g')], Do::Region, "g", "region").help("type another region"),
    bind(home_or_source, &[key('C')], Do::ConfigProfile, "C", "config profile").help("type the config profile's name"),
    bind(home, &[key('d')], Do::Discard, "d", "discard")
        .when(App::may_discard)
        .help("throw the kept draft under the cursor away"),
    bind(screens, &[key('c')], Do::Copy, "c", "copy")
        .when(App::may_copy)
        .help("copy what the cursor is on: an ARN, a finding, the command that cures it"),
    bind(screens, &[key('x')], Do::Export, "x", "export")
        .when(App::may_export)
        .help("write what was found to a file, as `rolecall check` prints it"),
    bind(before_review, &[key('n'), code(KeyCode::Right)], Do::Next, "n", "next")
        .when(App::may_go_on)
        .help("the next step"),
    bind(after_home, &[ESC], Do::Stop, "Esc", "stop")
        .when(App::esc_stops)
        .help("cancel what is being looked up; again: back"),
    bind(after_home, &[ESC], Do::Back, "Esc", "back")
        .when(App::esc_leads_back)
        .help("back to the step before; every answer is kept"),
    bind(after_home, &[code(KeyCode::Left), code(KeyCode::Backspace)], Do::Back, "", "").when(App::may_go_back),
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
    bind(leaving, &[key('y')], Do::Yes, "y", "leave").help("leave; nothing is written"),
    bind(leaving, &[key('n'), key('N'), ENTER, ESC], Do::No, "N", "stay").help("stay"),
    bind(replacing, &[key('y')], Do::Yes, "y", "replace").help("replace the file that is there"),
    bind(replacing, &[key('n'), key('N'), ENTER, ESC], Do::No, "N", "keep it").help("leave the file as it is"),
    bind(keys_page, &[ESC, ENTER], Do::Back, "Esc", "close").help("close this page"),
    bind(keys_page, &[key('?'), code(KeyCode::F(1))], Do::Back, "", "").when(App::nothing_searched),
    bind(help_pages, &[code(KeyCode::Tab)], Do::OtherPane, "Tab", "keys, findings")
        .help("from the keys to what was found, and back"),
    bind(about_page, &[ESC, key('?'), code(KeyCode::F(1)), key('q'), ENTER], Do::Back, "Esc", "close")
        .help("close this page"),
    bind(about_page, &[key('c')], Do::Copy, "c", "copy")
        .when(App::may_copy)
        .help("copy what is shown, or a part of it"),
    bind(help_pages, &[UP], Do::Up, "↑ ↓", "scroll").help("scroll"),
    bind(help_pages, &[DOWN], Do::Down, "", ""),
    bind(help_pages, &[code(KeyCode::PageUp)], Do::PageUp, "PgUp PgDn", "").help("scroll by a page"),
    bind(help_pages, &[code(KeyCode::PageDown)], Do::PageDown, "", ""),
    bind(about_page, &[key('k')], Do::Up, "", ""),
    bind(about_page, &[key('j'), key(' ')], Do::Down, "", ""),
    bind(screens, &[key('?'), code(KeyCode::F(1))], Do::Help, "?", "help")
        .help("these keys, to be searched; on a finding what it means"),
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

fn replacing(place: Place) -> bool {
    place == Place::Replacing
}

fn keys_page(place: Place) -> bool {
    place == Place::Help
}

fn about_page(place: Place) -> bool {
    place == Place::About
}

fn help_pages(place: Place) -> bool {
    keys_page(place) || about_page(place)
}
