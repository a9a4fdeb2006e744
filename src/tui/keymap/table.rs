//! The table of keys.

use crossterm::event::{KeyCode, KeyModifiers};

use super::{Action as Do, Binding, Place, When, always};
use crate::tui::app::App;
use crate::tui::route::Route;
use crate::tui::screens::access::{self, Pane as OnAccess};
use crate::tui::screens::ask::{Enters, enter_does, may_edit, may_remove};
use crate::tui::screens::sources::{self, Enters as OnSources, Kind};
use crate::tui::screens::{diagnose, review, secret, settings, texts};

type Keys = &'static [(KeyCode, KeyModifiers)];

const ENTER: (KeyCode, KeyModifiers) = code(KeyCode::Enter);
const ESC: (KeyCode, KeyModifiers) = code(KeyCode::Esc);
const UP: (KeyCode, KeyModifiers) = code(KeyCode::Up);
const DOWN: (KeyCode, KeyModifiers) = code(KeyCode::Down);

/// Every key. The order is that of the footer, most useful first; a key without a label is on the help page only, one without a help text is
/// the second half of the one before.
pub const BINDINGS: &[Binding] = &[
    bind(home, &[ENTER], Do::Enter, "Enter", "open").help("open the job under the cursor"),
    bind(gathering, &[ENTER], Do::Enter, "Enter", "add")
        .when(|app| sources::enter_does(app, OnSources::Adds))
        .help("add what is under the cursor to the sources"),
    bind(gathering, &[ENTER], Do::Enter, "Enter", "change")
        .when(|app| sources::enter_does(app, OnSources::Changes))
        .help("name another file, or another version of the secret"),
    bind(gathering, &[ENTER], Do::Enter, "Enter", "go on")
        .when(|app| sources::enter_does(app, OnSources::GoesOn))
        .help("go on to the step that is open next"),
    bind(gathering, &[key('d'), code(KeyCode::Delete)], Do::RemoveSource, "d", "remove")
        .when(sources::on_source)
        .help("take the source under the cursor out of the list"),
    bind(gathering, &[key('K')], Do::Earlier, "K J", "move")
        .when(sources::may_move)
        .help("move the source up or down: of two that differ the first counts"),
    bind(gathering, &[key('J')], Do::Later, "", "").when(sources::may_move),
    bind(gathering, &[key('e')], Do::AddSource(Kind::EnvFile), "e", "env file").help("add an env file"),
    bind(gathering, &[key('o')], Do::AddSource(Kind::File), "o", "file")
        .help("add a JSON file: a secret, a task definition, a config.json"),
    bind(gathering, &[key('s')], Do::AddSource(Kind::Secret), "s", "secret").help("add a secret of Secrets Manager"),
    bind(gathering, &[key('p')], Do::AddSource(Kind::Pasted), "p", "")
        .help("paste JSON or NAME=value lines; a paste does the same without the key"),
    bind(lists, &[ENTER], Do::Enter, "Enter", "choose")
        .when(|app| app.enter_chooses(true))
        .help("choose what is under the cursor; again: go on"),
    bind(lists, &[ENTER], Do::Enter, "Enter", "next")
        .when(|app| app.enter_chooses(false))
        .help("go on to the next step"),
    bind(roles, &[ENTER], Do::Enter, "Enter", "diagnose")
        .help("diagnose the role under the cursor: both sides, every call, what cures it"),
    bind(settings, &[ENTER], Do::Enter, "Enter", "edit")
        .when(settings::enter_edits)
        .help("edit what is under the cursor; left empty it is taken away"),
    bind(settings, &[ENTER], Do::Enter, "Enter", "go on")
        .when(settings::enter_goes_on)
        .help("look at the access paths"),
    bind(settings, &[key('d'), code(KeyCode::Delete)], Do::RemoveSource, "d", "take away")
        .when(settings::may_remove)
        .help("take away what was typed, or else leave out what stands elsewhere; a file is no longer read"),
    bind(settings, &[key('d'), code(KeyCode::Delete)], Do::RemoveSource, "d", "take in")
        .when(settings::may_restore)
        .help("take in again what stands elsewhere"),
    bind(settings, &[key('o')], Do::FromFile, "o", "file")
        .help("name a file to read settings from: NAME=value lines, or JSON"),
    bind(settings, &[key('v')], Do::Reveal, "v", "reveal")
        .when(settings::can_reveal)
        .help("show the value under the cursor for ten seconds"),
    bind(access, &[ENTER], Do::Enter, "Enter", "diagnose")
        .when(access::enter_diagnoses)
        .help("diagnose the path under the cursor: both sides, every call, what cures it"),
    bind(access, &[ENTER], Do::Enter, "Enter", "explain")
        .when(access::enter_explains)
        .help("what the finding under the cursor means, and what cures it"),
    bind(access, &[code(KeyCode::Tab), code(KeyCode::BackTab)], Do::OtherPane, "Tab", "findings")
        .when(|app| access::shows(app, OnAccess::Paths))
        .help("what was found beside the paths"),
    bind(access, &[code(KeyCode::Tab), code(KeyCode::BackTab)], Do::OtherPane, "Tab", "paths")
        .when(|app| access::shows(app, OnAccess::Findings))
        .help("the access paths"),
    bind(access, &[key('/')], Do::Filter, "/", "filter")
        .when(access::may_filter)
        .help("filter the list; every word must be found in the row"),
    bind(access, &[key('s')], Do::Sort, "s", "worst first")
        .when(access::may_sort)
        .help("sort by trouble now; it is done by itself when everything is looked up"),
    bind(ask, &[ENTER], Do::Enter, "Enter", "diagnose")
        .when(|app| enter_does(app, Enters::Diagnoses))
        .help("diagnose the path under the cursor"),
    bind(ask, &[ENTER], Do::Enter, "Enter", "paste")
        .when(|app| enter_does(app, Enters::Writes))
        .help("paste or type an error message"),
    bind(ask, &[ENTER], Do::Enter, "Enter", "use it")
        .when(|app| enter_does(app, Enters::Chooses))
        .help("ask with the AWS profile under the cursor"),
    bind(ask, &[ENTER], Do::Enter, "Enter", "open")
        .when(|app| enter_does(app, Enters::Opens))
        .help("open what is under the cursor"),
    bind(home, &[key('p')], Do::PasteMessage, "p", "paste an error")
        .help("paste an error message, to be diagnosed; a paste does the same without the key"),
    bind(ask, &[key('p')], Do::PasteMessage, "p", "paste")
        .help("paste an error message; a paste does the same without the key"),
    bind(ask, &[key('e')], Do::EditPath, "e", "change")
        .when(may_edit)
        .help("change the path under the cursor before it is diagnosed: external ID, tags, hops"),
    bind(diagnosis, &[ENTER], Do::Enter, "Enter", "change")
        .when(diagnose::may_change)
        .help("change the value under the cursor, and see what the policies would say"),
    bind(diagnosis, &[key('0'), code(KeyCode::Delete)], Do::Reset, "0", "real request")
        .when(diagnose::may_reset)
        .help("take every change back: the real request again"),
    bind(diagnosis, &[code(KeyCode::Tab)], Do::PaneAfter, "Tab", "pane")
        .help("the next pane; Shift-Tab the one before"),
    bind(diagnosis, &[code(KeyCode::BackTab)], Do::PaneBefore, "", ""),
    bind(diagnosis, &[key('c')], Do::Copy, "c", "copy")
        .when(App::may_copy)
        .help("copy what cures it, the policies, the calls, a name: you say which"),
    bind(diagnosis, &[key('1')], Do::Pane(0), "1 to 6", "").help("Why, Trust, Caller, Fix, What if, Calls"),
    bind(diagnosis, &[key('2')], Do::Pane(1), "", ""),
    bind(diagnosis, &[key('3')], Do::Pane(2), "", ""),
    bind(diagnosis, &[key('4')], Do::Pane(3), "", ""),
    bind(diagnosis, &[key('5')], Do::Pane(4), "", ""),
    bind(diagnosis, &[key('6')], Do::Pane(5), "", ""),
    bind(diagnosis, &[key(']'), code(KeyCode::Right)], Do::HopAfter, "[ ]", "hop")
        .when(diagnose::has_hops)
        .help("the hop before, the next one (← and → do the same)"),
    bind(diagnosis, &[key('['), code(KeyCode::Left)], Do::HopBefore, "", "").when(diagnose::has_hops),
    bind(diagnosis, &[key('p')], Do::Party, "p", "principal")
        .when(diagnose::has_parties)
        .help("look at the other principal: the workload, or you"),
    bind(diagnosis, &[key(' ')], Do::Unfold, "Space", "unfold")
        .when(diagnose::may_unfold)
        .help("show long values and lists whole, or fold them"),
    bind(diagnose, &[key('w')], Do::Watch, "w", "watch")
        .when(|app| app.may_watch(true))
        .help("try again, after 5 s and ever longer, until the verdict changes; for 15 min at most"),
    bind(diagnose, &[key('w')], Do::Watch, "w", "stop watching").when(|app| app.may_watch(false)).help("stop watching"),
    bind(diagnose, &[key('m')], Do::MfaCode, "m", "MFA code")
        .when(App::may_type_code)
        .help("type the code of an MFA device, and try with it"),
    bind(diagnose, &[key('E')], Do::TryExternalId, "E", "wanted ID")
        .when(App::may_try_external_id)
        .help("try once with the external ID that the trust policy wants; asks first"),
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
    bind(roles, &[key('t')], Do::Workload, "t", "").help("type the ARN of the role that will assume it in production"),
    bind(roles, &[key(' ')], Do::Unfold, "Space", "evidence").help("show the evidence, or hide it"),
    bind(secret, &[key('f')], Do::Fix, "f", "fix").when(secret::can_fix).help("take every correction that is certain"),
    bind(secret, &[key('o')], Do::FromFile, "o", "file").help("read the whole secret from a JSON file"),
    bind(secret, &[key('p')], Do::OtherSource, "p", "other source")
        .when(secret::may_prefer)
        .help("take the value of the next source that has one; the line below shows each"),
    bind(secret, &[key('w')], Do::TargetFile, "w", "to a file")
        .when(|app| secret::writes_to_file(app, false))
        .help("write the secret to a file, in place of Secrets Manager"),
    bind(secret, &[key('w')], Do::TargetFile, "w", "file")
        .when(|app| secret::writes_to_file(app, true))
        .help("name another file to write to; an empty name: Secrets Manager again"),
    bind(secret, &[key('T')], Do::Tags, "T", "").when(secret::makes_new).help("type the tags of a new secret"),
    bind(secret, &[key('v')], Do::Reveal, "v", "reveal")
        .when(secret::can_reveal)
        .help("show the value under the cursor for ten seconds"),
    bind(secret, &[key('s')], Do::SecretName, "s", "name")
        .help("choose another secret of the region, or name a new one"),
    bind(secret, &[key('t')], Do::TryValues, "t", "try")
        .when(secret::trials::may_try)
        .help("list the bucket, and ask Benchling whether it takes the client id and secret; asks first"),
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
    bind(diagnose, &[key('h')], Do::Texts, "h", "hand over")
        .when(texts::may_open)
        .help("texts for whoever changes roles, policies or the deployment: read, copy or save them"),
    bind(done, &[key('h')], Do::Texts, "h", "hand over")
        .when(texts::may_open)
        .help("texts for whoever changes roles, policies or the deployment: read, copy or save them"),
    bind(settings_or_access, &[key('h')], Do::Texts, "h", "hand over")
        .when(texts::may_open)
        .help("texts of this system: policies, commands, an environment: read, copy or save them"),
    bind(lists, &[key('g')], Do::Region, "g", "region").help("type another region"),
    bind(ask_or_diagnose, &[key('A')], Do::AwsProfile, "A", "AWS profile").help("choose the AWS profile to ask with"),
    bind(home_or_source, &[key('C')], Do::ConfigProfile, "C", "config profile")
        .when(App::has_config_profile)
        .help("type the config profile's name"),
    bind(home, &[key('d')], Do::Discard, "d", "discard")
        .when(App::may_discard)
        .help("throw the kept draft under the cursor away"),
    bind(but_diagnosis, &[key('c')], Do::Copy, "c", "copy")
        .when(App::may_copy)
        .help("copy what the cursor is on: an ARN, a finding, the command that cures it"),
    bind(but_diagnosis, &[key('x')], Do::Export, "x", "export")
        .when(App::may_export)
        .help("write what was found to a file, as `rolecall check` prints it"),
    bind(diagnosis, &[key('x')], Do::Export, "x", "report")
        .when(App::may_export)
        .help("write a report: Markdown for a ticket, HTML, JSON or text, as the name of the file ends"),
    bind(diagnosis, &[key('s')], Do::SaveCase, "s", "save case")
        .when(diagnose::may_save)
        .help("save the access case: `rolecall explain FILE` gives the same verdict again"),
    bind(gathering, &[key('n'), code(KeyCode::Right)], Do::Next, "n", "without any")
        .when(|app| sources::brings(app, false))
        .help("bring nothing along: go on with the secret that is there"),
    bind(gathering, &[key('n'), code(KeyCode::Right)], Do::Next, "n", "next")
        .when(|app| sources::brings(app, true))
        .help("the next step that is open"),
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
    bind(message, &[ENTER], Do::Enter, "Enter", "take it").help("take the message, and diagnose what it is about"),
    bind(message, &[ESC], Do::Back, "Esc", "to the list").help("to the list; the message stays"),
    bind(form, &[ENTER], Do::Enter, "Enter", "diagnose").help("diagnose the path as it is typed"),
    bind(form, &[code(KeyCode::Tab), DOWN], Do::Down, "Tab", "next").help("the next field"),
    bind(form, &[code(KeyCode::BackTab), UP], Do::Up, "↑", "").help("the field before"),
    bind(form, &[control('n')], Do::AddHop, "Ctrl-N", "add hop").help("add a hop after the one under the cursor"),
    bind(form, &[control('x')], Do::RemoveHop, "Ctrl-X", "remove")
        .when(may_remove)
        .help("remove the hop under the cursor"),
    bind(form, &[ESC], Do::Back, "Esc", "list").help("to the list; what was typed stays"),
    bind(edit, &[ENTER, code(KeyCode::Tab), DOWN], Do::Enter, "Enter", "take it, next")
        .help("take the value and go to the next one that is missing"),
    bind(edit, &[code(KeyCode::BackTab), UP], Do::Up, "↑", "the one before")
        .help("take the value and edit the one before"),
    bind(edit, &[control('r')], Do::Reveal, "Ctrl-R", "reveal")
        .when(secret::can_reveal)
        .help("show the value for ten seconds, or hide it"),
    bind(edit, &[ESC], Do::Back, "Esc", "leave it").help("leave the value as it was"),
    bind(setting, &[ENTER, code(KeyCode::Tab), DOWN], Do::Enter, "Enter", "take it")
        .help("take the value and go to the next one that needs it"),
    bind(setting, &[code(KeyCode::BackTab), UP], Do::Up, "↑", "the one before")
        .help("take the value and edit the one before"),
    bind(setting, &[ESC], Do::Back, "Esc", "leave it").help("leave the value as it was"),
    bind(trying, &[ENTER, code(KeyCode::Tab), DOWN], Do::Enter, "Enter", "take it, next")
        .help("keep the value and go to the next one"),
    bind(trying, &[code(KeyCode::BackTab), UP], Do::Up, "↑", "the one before")
        .help("keep the value and go to the one before"),
    bind(trying, &[ESC], Do::Back, "Esc", "leave it").help("leave the value as it was"),
    bind(leaving, &[key('y')], Do::Yes, "y", "leave").help("leave; nothing is written"),
    bind(leaving, &[key('n'), key('N'), ENTER, ESC], Do::No, "N", "stay").help("stay"),
    bind(agreeing, &[key('y')], Do::Yes, "y", "send it").help("send the wanted external ID, once"),
    bind(agreeing, &[key('n'), key('N'), ENTER, ESC], Do::No, "N", "do not").help("send nothing"),
    bind(sending, &[key('y')], Do::Yes, "y", "yes").help("try what the question says, once"),
    bind(sending, &[key('b')], Do::BucketAlone, "b", "the bucket alone")
        .help("list the bucket, and send nothing to Benchling"),
    bind(sending, &[key('n'), key('N'), ENTER, ESC], Do::No, "N", "no").help("try nothing"),
    bind(handing_over, &[ENTER], Do::Enter, "Enter", "open").help("open the text under the cursor, or the list again"),
    bind(handing_over, &[key('c')], Do::Copy, "c", "copy").when(App::may_copy).help("copy the text"),
    bind(handing_over, &[key('x')], Do::Export, "x", "save").when(App::may_copy).help("write the text to a file"),
    bind(handing_over, &[key('v')], Do::Reveal, "v", "external IDs")
        .help("show external IDs as they are, or withhold them again; what is copied or saved follows"),
    bind(handing_over, &[UP, key('k')], Do::Up, "↑ ↓", "").help("move the cursor, or scroll the open text"),
    bind(handing_over, &[DOWN, key('j')], Do::Down, "", ""),
    bind(handing_over, &[code(KeyCode::PageUp)], Do::PageUp, "PgUp PgDn", "").help("scroll the text"),
    bind(handing_over, &[code(KeyCode::PageDown), key(' ')], Do::PageDown, "", ""),
    bind(handing_over, &[ESC, code(KeyCode::Left), key('q')], Do::Back, "Esc", "back")
        .help("from the text to the list, from the list to where it was opened"),
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
    lists(place) || roles(place) || secret(place) || settings(place)
}

fn lists(place: Place) -> bool {
    matches!(place, Place::Screen(Route::Source | Route::Stack))
}

fn gathering(place: Place) -> bool {
    place == Place::Screen(Route::Sources)
}

fn home_or_source(place: Place) -> bool {
    matches!(place, Place::Screen(Route::Home | Route::Source))
}

fn home(place: Place) -> bool {
    place == Place::Screen(Route::Home)
}

fn ask(place: Place) -> bool {
    place == Place::Screen(Route::Ask)
}

fn settings(place: Place) -> bool {
    place == Place::Screen(Route::Settings)
}

fn access(place: Place) -> bool {
    place == Place::Screen(Route::Access)
}

fn settings_or_access(place: Place) -> bool {
    settings(place) || access(place)
}

fn setting(place: Place) -> bool {
    place == Place::Setting
}

fn diagnose(place: Place) -> bool {
    place == Place::Screen(Route::Diagnose)
}

fn ask_or_diagnose(place: Place) -> bool {
    ask(place) || diagnose(place)
}

fn message(place: Place) -> bool {
    place == Place::Message
}

fn form(place: Place) -> bool {
    place == Place::Form
}

fn agreeing(place: Place) -> bool {
    place == Place::Agreeing
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

fn trying(place: Place) -> bool {
    place == Place::Trying
}

fn but_diagnosis(place: Place) -> bool {
    screens(place) && !diagnosis(place)
}

fn diagnosis(place: Place) -> bool {
    place == Place::Screen(Route::Diagnose)
}

fn leaving(place: Place) -> bool {
    place == Place::Leaving
}

fn sending(place: Place) -> bool {
    place == Place::Sending
}

fn handing_over(place: Place) -> bool {
    place == Place::Texts
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
