//! The first-class details, each held by a test here or in `keys`; those that need a terminal are held in `tests/it/comfort.rs`.

use std::time::Duration;

use ratatui::layout::Rect;

use super::*;
use crate::tui::engine::Ask;
use crate::tui::keymap::Place;

fn at(route: Route) -> App {
    let mut app = untouched();
    app.go(route);
    app
}

/// The real cursor, and the text of the line that it is in.
fn cursor(app: &App) -> Option<(u16, String)> {
    let area = Rect::new(0, 0, 80, 24);
    let mut buffer = Buffer::empty(area);
    let position = draw::onto(app, area, &mut buffer)?;
    Some((position.x, text(&buffer).lines().nth(position.y.into()).unwrap().to_owned()))
}

#[test]
fn the_real_cursor_stands_behind_what_was_typed_in_every_field() {
    let mut filter = at(Route::Stack);
    press(&mut filter, KeyCode::Char('/'));
    let mut prompt = at(Route::Roles);
    press(&mut prompt, KeyCode::Char('e'));
    let mut edit = at(Route::Secret);
    press(&mut edit, KeyCode::Enter);
    let mut search = at(Route::Stack);
    press(&mut search, KeyCode::Char('?'));
    for (mut app, place) in
        [(filter, Place::Filter), (prompt, Place::Prompt), (edit, Place::Edit), (search, Place::Help)]
    {
        assert_eq!(app.place(), place);
        write(&mut app, "qq");
        let (column, line) = cursor(&app).unwrap();
        let before: String = line.chars().take(column.into()).collect();
        assert!(before.ends_with("qq"), "{place:?}: column {column} of {line:?}");
    }
    assert_eq!(cursor(&at(Route::Roles)), None, "without a field it is hidden");
}

#[test]
fn escape_cancels_what_is_running_first_and_leads_back_after_that() {
    let mut app = at(Route::Stack);
    app.ask(Ask::Stacks);
    app.clock += Duration::from_millis(200);
    let shown = text(&frame(&app, 80, 24));
    assert!(shown.contains("Esc stop") && !shown.contains("Esc back"), "{shown}");
    assert_eq!(press(&mut app, KeyCode::Esc), [Effect::Cancel]);
    assert!(app.running.is_empty() && app.route == Route::Stack);
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.route, Route::Source);
}

#[test]
fn a_call_that_is_tried_again_says_so() {
    let mut app = at(Route::Stack);
    app.ask(Ask::Stacks);
    app.clock += Duration::from_millis(1_200);
    app.update(Message::Attempt(2));
    assert!(text(&frame(&app, 80, 24)).contains("asking AWS, 1.2 s, attempt 2 of 3: the stacks"));
    app.running.clear();
    app.ask(Ask::Stacks);
    app.clock += Duration::from_secs(1);
    assert!(!text(&frame(&app, 80, 24)).contains("attempt"), "the next one begins anew");
}

#[test]
fn every_step_can_be_run_again() {
    for step in Walk::SetUp.steps().iter().chain(Walk::Secret.steps()).copied() {
        let mut app = at(step);
        let effects = press(&mut app, KeyCode::Char('r'));
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Gather { .. })), "{step:?}: {effects:?}");
    }
}

#[test]
fn the_footer_shows_no_key_that_does_nothing_now() {
    for route in [Route::Home, Route::Source, Route::Stack, Route::Roles, Route::Secret, Route::Review] {
        let app = at(route);
        for binding in crate::tui::keymap::footer(&app) {
            let told = crate::tui::keymap::help(&app, "").into_iter().find(|told| std::ptr::eq(told.binding, binding));
            assert!(told.is_none_or(|told| told.why.is_none()), "{route:?}: {}", binding.shown);
        }
    }
}

#[test]
fn a_cut_arn_keeps_account_and_name_on_the_screen_and_the_detail_shows_all() {
    let mut app = filled_in();
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Char(' '));
    let arn = stack_arn("quilt-prod");
    let line = text(&frame(&app, 80, 24)).lines().find(|line| line.contains("quilt.stackArn")).unwrap().to_owned();
    assert!(line.contains("…:111122223333:stack/quilt-prod"), "{line}");
    press(&mut app, KeyCode::Down);
    let shown = text(&frame(&app, 80, 24));
    let joined: String = shown.lines().map(str::trim).collect();
    assert!(joined.contains(&arn), "{shown}");
}

#[test]
fn a_role_that_is_still_asked_for_is_not_said_to_be_missing() {
    let mut app = at(Route::Roles);
    app.ask(Ask::Stack);
    app.facts.role_mut(RoleKind::Write).found = Fact::Pending(None);
    let shown = text(&frame(&app, 80, 24));
    assert!(shown.contains("Reading quilt-prod") && !shown.contains("tells of the read role only"), "{shown}");
}

#[test]
fn the_cursor_waits_for_the_secret_and_then_stands_on_what_is_wrong() {
    let mut app = at(Route::Secret);
    let secret = std::mem::replace(&mut app.facts.secret, Fact::NotAsked);
    app.secret.cursor = None;
    app.ask(Ask::Stack);
    crate::tui::screens::secret::follow(&mut app);
    assert!(app.secret.cursor.is_none(), "nothing is known yet");
    app.running.clear();
    app.facts.secret = secret;
    crate::tui::screens::secret::follow(&mut app);
    assert!(app.secret.cursor.is_some());
}
