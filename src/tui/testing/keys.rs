//! What keys do.

use std::time::Duration;

use super::*;
use crate::tui::engine::Ask;
use crate::tui::keymap::Place;

fn control(app: &mut App, c: char) -> Vec<Effect> {
    app.update(Message::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL)))
}

fn asks(effects: &[Effect]) -> Vec<Ask> {
    let ask = |effect: &Effect| match effect {
        Effect::Gather { ask, .. } => Some(*ask),
        _ => None,
    };
    effects.iter().filter_map(ask).collect()
}

fn land(app: &mut App, ask: Ask, change: impl FnOnce(&mut Facts) + Send + 'static) -> Vec<Effect> {
    let generation = app.running[&ask].generation;
    app.update(Message::Landed { ask, generation, land: Box::new(change) })
}

fn end(app: &mut App, ask: Ask) -> Vec<Effect> {
    let generation = app.running[&ask].generation;
    app.update(Message::Ended { ask, generation })
}

#[test]
fn back_then_next_is_identity() {
    for step in Walk::SetUp.steps().iter().copied().skip(1) {
        let mut app = untouched();
        app.go(step);
        let before = dump(&frame(&app, 80, 24));
        press(&mut app, KeyCode::Esc);
        assert_ne!(app.route, step);
        press(&mut app, KeyCode::Char('n'));
        assert_eq!(dump(&frame(&app, 80, 24)), before, "{step:?}");
    }
}

#[test]
fn a_newcomer_gets_from_home_to_a_written_secret_by_enter_n_the_values_and_one_y() {
    let mut app = untouched();
    app.selection.secret = Some("benchling-webhook-default".into());
    for route in [Route::Source, Route::Stack, Route::Roles] {
        press(&mut app, KeyCode::Enter);
        assert_eq!(app.route, route);
    }
    press(&mut app, KeyCode::Char('n'));
    assert_eq!(app.route, Route::Secret);
    press(&mut app, KeyCode::Enter);
    for text in TYPED {
        assert_eq!(app.place(), Place::Edit);
        write(&mut app, text);
        press(&mut app, KeyCode::Enter);
    }
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.route, Route::Review);
    assert_eq!(press(&mut app, KeyCode::Enter), [], "Enter is no on the review");
    let effects = press(&mut app, KeyCode::Char('y'));
    let Some(Effect::Apply { plan, .. }) = effects.first() else { panic!("{effects:?}") };
    assert_eq!(plan.get().changes.len(), 2);
    assert_eq!(app.route, Route::Done);
    assert_eq!(asks(&app.update(Message::Written(Vec::new()))).len(), 4, "everything is looked up again");
}

#[test]
fn looking_up_begins_with_this_machine_and_goes_on_by_what_is_known() {
    let mut app = fresh();
    let first = app.begin();
    assert_eq!(asks(&first), [Ask::Survey]);
    land(&mut app, Ask::Survey, |into| into.sources = facts().sources);
    assert_eq!(end(&mut app, Ask::Survey), [], "nothing is asked of AWS before an AWS profile was chosen");
    press(&mut app, KeyCode::Enter);
    press(&mut app, KeyCode::End);
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!(asks(&effects), [Ask::Survey, Ask::Identity]);
    let known = land(&mut app, Ask::Identity, |into| into.identity = facts().identity);
    assert_eq!(asks(&known), [Ask::Stacks, Ask::Secrets, Ask::Stack], "the operator's policies are not waited for");
    assert_eq!(end(&mut app, Ask::Identity), []);
    land(&mut app, Ask::Stack, |into| into.stack.begin());
    let known = land(&mut app, Ask::Stack, |into| into.stack = facts().stack);
    assert_eq!(asks(&known), [Ask::Secret], "nor are the roles, once it is known which secret is meant");
    assert_eq!(end(&mut app, Ask::Stack), []);
}

#[test]
fn esc_stops_what_the_screen_waits_for_and_then_leads_back() {
    let mut app = untouched();
    app.go(Route::Stack);
    press(&mut app, KeyCode::Char('r'));
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.route, Route::Source, "what nobody was told of is not stopped");
    app.go(Route::Stack);
    press(&mut app, KeyCode::Char('r'));
    app.clock += Duration::from_millis(1_200);
    app.update(Message::Attempt(2));
    let shown = text(&frame(&app, 80, 24));
    assert!(shown.contains("asking AWS, 1.2 s, attempt 2 of 3: the stacks"), "{shown}");
    assert!(shown.contains("Esc stop") && !shown.contains("Esc back"), "{shown}");
    assert_eq!(press(&mut app, KeyCode::Esc), [Effect::Cancel]);
    assert_eq!((app.route, app.running.is_empty()), (Route::Stack, true));
    assert!(text(&frame(&app, 80, 24)).contains("stopped; r looks it up again"));
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.route, Route::Source);
}

#[test]
fn answers_of_an_older_run_are_dropped() {
    let mut app = fresh();
    app.begin();
    let old = app.running[&Ask::Survey].generation;
    press(&mut app, KeyCode::Char('r'));
    let land = Box::new(|into: &mut Facts| into.sources = Fact::Known(Vec::new()));
    app.update(Message::Landed { ask: Ask::Survey, generation: old, land });
    assert_eq!(app.facts.sources, Fact::NotAsked);
    app.update(Message::Ended { ask: Ask::Survey, generation: old });
    assert!(app.running.contains_key(&Ask::Survey));
}

#[test]
fn arriving_stacks_do_not_change_what_enter_hits() {
    let mut app = untouched();
    app.facts.stacks = Fact::Pending(Some(Box::new(stacks().split_off(6))));
    app.derive();
    app.selection.stack = None;
    app.stacks.selected = None;
    app.go(Route::Stack);
    press(&mut app, KeyCode::Down);
    let before = app.stacks.selected.clone();
    assert_eq!(before.as_deref(), Some(stack_arn("quilt-staging").as_str()));
    app.ask(Ask::Stacks);
    land(&mut app, Ask::Stacks, |into| {
        let mut all = stacks();
        all.push(stack("aaa-quilt", true));
        into.stacks = Fact::Known(all);
    });
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.selection.stack, before);
    assert_eq!(app.route, Route::Roles);
}

#[test]
fn q_asks_when_answers_are_unsaved_and_control_c_leaves_at_once() {
    let mut app = untouched();
    assert_eq!(press(&mut app, KeyCode::Char('q')), [Effect::Quit(0)]);
    let mut app = filled_in();
    assert_eq!(press(&mut app, KeyCode::Char('q')), []);
    assert!(text(&frame(&app, 80, 24)).contains("Leave?"));
    assert_eq!(press(&mut app, KeyCode::Enter), [], "the default is to stay");
    press(&mut app, KeyCode::Char('q'));
    assert_eq!(press(&mut app, KeyCode::Char('y')), [Effect::Quit(0)]);
    assert_eq!(control(&mut app, 'c'), [Effect::Quit(130)]);
}

#[test]
fn while_writing_control_c_finishes_the_change_and_a_second_one_leaves() {
    let mut app = filled_in();
    press(&mut app, KeyCode::Char('y'));
    assert_eq!(control(&mut app, 'c'), [Effect::StopWriting]);
    assert_eq!(app.update(Message::Written(Vec::new())), [Effect::Quit(130)]);
    let mut app = filled_in();
    press(&mut app, KeyCode::Char('y'));
    control(&mut app, 'c');
    assert_eq!(app.update(Message::Signal(143)), [Effect::Quit(143)]);
}

#[test]
fn an_unavailable_key_answers_why() {
    let mut app = untouched();
    app.go(Route::Review);
    assert_eq!(press(&mut app, KeyCode::Char('y')), []);
    assert!(app.note.as_deref().is_some_and(|note| note.contains("cannot be written")), "{:?}", app.note);
    press(&mut app, KeyCode::Down);
    assert_eq!(app.note, None);
}

#[test]
fn in_a_field_letters_are_letters() {
    let mut app = untouched();
    app.go(Route::Roles);
    press(&mut app, KeyCode::Char('e'));
    write(&mut app, "qn?");
    assert_eq!(app.prompt.as_ref().map(|prompt| prompt.field.text().to_owned()).as_deref(), Some("qn?"));
    press(&mut app, KeyCode::Enter);
    assert!(app.prompt.as_ref().is_some_and(|prompt| prompt.refused.is_some()), "a `?` is not valid there");
    control(&mut app, 'u');
    write(&mut app, "cust-42");
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!(app.selection.external_id.as_deref(), Some("cust-42"));
    assert_eq!(asks(&effects), [Ask::Stack]);
}

#[test]
fn a_hidden_value_shows_only_when_asked_and_hides_by_itself() {
    let mut app = untouched();
    app.facts.secret = Fact::Known(broken_secret());
    app.derive();
    app.go(Route::Secret);
    let shows = |app: &App| text(&frame(app, 120, 40)).contains(CANARY);
    app.secret.cursor = Some(crate::tui::screens::secret::Cursor::Key(crate::secret::Key::ClientSecret));
    assert!(!shows(&app));
    press(&mut app, KeyCode::Char('v'));
    assert!(shows(&app));
    assert_eq!(app.next_tick(), Some(Duration::from_secs(10)));
    app.clock += Duration::from_secs(10);
    app.update(Message::Tick);
    assert!(!shows(&app) && app.next_tick().is_none());
    press(&mut app, KeyCode::Char('v'));
    app.update(Message::FocusLost);
    assert!(!shows(&app));
    press(&mut app, KeyCode::Char('v'));
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Up);
    assert!(!shows(&app));
}

#[test]
fn editing_can_be_left_as_it_was() {
    let mut app = untouched();
    app.facts.secret = Fact::Known(broken_secret());
    app.derive();
    app.go(Route::Secret);
    press(&mut app, KeyCode::Enter);
    write(&mut app, "x");
    press(&mut app, KeyCode::Esc);
    assert!(app.answers.values.is_empty() && !app.unsaved());
}

#[test]
fn a_file_fills_the_whole_secret_and_a_bad_one_says_why() {
    let mut app = untouched();
    app.go(Route::Secret);
    press(&mut app, KeyCode::Char('o'));
    write(&mut app, "s.json");
    assert_eq!(press(&mut app, KeyCode::Enter), [Effect::ReadFile("s.json".into())]);
    app.update(Message::FileRead(Ok("[1]".into())));
    assert!(app.note.as_deref().is_some_and(|note| note.contains("not usable")), "{:?}", app.note);
    app.update(Message::FileRead(Ok(r#"{"TENANT":"acme","log_level":"DEBUG"}"#.into())));
    assert_eq!(app.note.as_deref(), Some("2 of 11 values were read from the file"));
    assert_eq!(app.answers.values.len(), 2);
}

#[test]
fn nothing_ticks_while_nothing_changes() {
    let mut app = untouched();
    assert_eq!(app.next_tick(), None);
    app.ask(Ask::Stacks);
    assert_eq!(app.next_tick(), Some(Duration::from_millis(150)));
    assert!(!text(&frame(&app, 80, 24)).contains("asking AWS"), "no word of it before 150 ms");
    app.clock += Duration::from_millis(200);
    assert!(text(&frame(&app, 80, 24)).contains("asking AWS, 200 ms: the stacks"));
    end(&mut app, Ask::Stacks);
    assert_eq!(app.next_tick(), None);
}

#[test]
fn read_only_never_writes() {
    let mut app = filled_in();
    app.setting.read_only = true;
    assert_eq!(press(&mut app, KeyCode::Char('y')), []);
    assert_eq!(app.route, Route::Review);
}
