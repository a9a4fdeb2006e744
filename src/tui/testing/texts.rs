//! The texts to hand over, trying the values, and a machine without credentials.

use super::diagnoses::external_id;
use super::frames::both;
use super::*;
use crate::handover;
use crate::model::facts::{BucketTrial, TokenAnswer, Trial};
use crate::model::plan::{ChangeOutcome, ChangeReport};
use crate::model::{Inquiry, Trials};
use crate::secret::Key;
use crate::tui::engine::Ask;
use crate::tui::keymap::Place;

fn shown(app: &App) -> String {
    text(&frame(app, 120, 40))
}

fn done() -> App {
    let mut app = untouched();
    app.go(Route::Done);
    app.done.reports = vec![ChangeReport {
        subject: "secret benchling-webhook-default in us-east-1".into(),
        outcome: ChangeOutcome::Written { what: "created".into(), undo: Vec::new() },
    }];
    app
}

fn handed_over(mut app: App) -> App {
    press(&mut app, KeyCode::Char('h'));
    assert_eq!(app.place(), Place::Texts);
    app
}

#[test]
fn texts_of_a_diagnosis() {
    let mut app = handed_over(external_id());
    both("texts-list", &app);
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Enter);
    both("texts-trust-policy", &app);
}

#[test]
fn texts_of_a_set_up() {
    both("texts-done", &handed_over(done()));
}

#[test]
fn the_page_has_what_print_prints_and_copies_it_whole() {
    for start in [done(), external_id()] {
        let printed = handover::texts(
            &start.facts,
            &start.selection,
            &start.judgement,
            Some(&start.draft),
            &handover::Wish::default(),
        );
        assert!(printed.len() >= 5, "{}", printed.len());
        let mut app = handed_over(start);
        for text in &printed {
            let screen = shown(&app);
            assert!(screen.contains(text.name.word()), "{}:\n{screen}", text.name.word());
            let words: Vec<&str> = screen.split_whitespace().collect();
            for gap in text.gaps.iter().take(1) {
                assert!(words.iter().any(|word| word.contains(gap.placeholder.split(' ').next().unwrap())), "{gap:?}");
            }
            assert_eq!(press(&mut app, KeyCode::Char('c')), [Effect::Copy(text.body.clone())]);
            press(&mut app, KeyCode::Down);
        }
    }
}

#[test]
fn external_ids_are_withheld_until_they_are_asked_for() {
    let mut app = handed_over(external_id());
    let all = |app: &mut App| {
        let mut texts = String::new();
        for _ in 0..9 {
            let copied = press(app, KeyCode::Char('c'));
            texts.extend(copied.into_iter().map(|effect| match effect {
                Effect::Copy(text) => text,
                other => panic!("{other:?}"),
            }));
            press(app, KeyCode::Down);
        }
        (0..9).for_each(|_| drop(press(app, KeyCode::Up)));
        texts
    };
    let external_id = "cust-42";
    assert!(!all(&mut app).contains(external_id), "withheld");
    press(&mut app, KeyCode::Char('v'));
    assert!(all(&mut app).contains(external_id), "asked for");
}

#[test]
fn a_text_is_saved_where_the_user_says_and_never_over_another_file_unasked() {
    let mut app = handed_over(external_id());
    press(&mut app, KeyCode::Char('x'));
    assert_eq!(app.place(), Place::Prompt);
    assert!(shown(&app).contains("caller-policy"), "a name is proposed: {}", shown(&app));
    let effects = press(&mut app, KeyCode::Enter);
    let [Effect::Export { path, text, replace: false }] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(path.to_string_lossy().ends_with(".json") && text.contains("sts:AssumeRole"), "{path:?}");
    let path = path.clone();
    app.update(Message::Exported(Err(crate::store::ExportError::Exists(path.clone()))));
    assert_eq!(app.place(), Place::Replacing);
    let effects = press(&mut app, KeyCode::Char('y'));
    assert!(
        matches!(effects.as_slice(), [Effect::Export { replace: true, text, .. }] if text.contains("sts:AssumeRole"))
    );
    assert_eq!(app.place(), Place::Texts);
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.place(), Place::Screen(Route::Diagnose), "Esc leads back to where it was opened");
}

#[test]
fn a_long_text_is_read_to_its_end() {
    let mut app = handed_over(external_id());
    (0..9).for_each(|_| drop(press(&mut app, KeyCode::Down)));
    let last =
        handover::texts(&app.facts, &app.selection, &app.judgement, Some(&app.draft), &handover::Wish::default())
            .pop()
            .unwrap();
    let end = last.body.trim_end().lines().last().unwrap().trim().to_owned();
    press(&mut app, KeyCode::Enter);
    for _ in 0..40 {
        frame(&app, 80, 24);
        press(&mut app, KeyCode::PageDown);
    }
    let screen = text(&frame(&app, 80, 24));
    assert!(screen.lines().any(|line| line.trim() == end), "{end}:\n{screen}");
}

/// On the secret screen, with values that can be tried.
fn with_values() -> App {
    let mut app = untouched();
    app.go(Route::Secret);
    for (key, value) in [
        (Key::Tenant, "acme"),
        (Key::ClientId, "wqF4hT8mZsYe"),
        (Key::ClientSecret, CANARY),
        (Key::UserBucket, "acme-data"),
    ] {
        app.answers.values.insert(key, value.into());
    }
    app.derive();
    app
}

fn trials(effects: &[Effect]) -> Option<Trials> {
    effects.iter().find_map(|effect| match effect {
        Effect::Gather { ask: Ask::Trials, selection, .. } => Some(selection.migration.trials),
        _ => None,
    })
}

#[test]
fn nothing_is_sent_to_benchling_without_a_yes_to_its_very_host() {
    for (key, wanted) in [
        (KeyCode::Enter, None),
        (KeyCode::Esc, None),
        (KeyCode::Char('N'), None),
        (KeyCode::Char('b'), Some(Trials { bucket: true, benchling: false })),
        (KeyCode::Char('y'), Some(Trials { bucket: true, benchling: true })),
    ] {
        let mut app = with_values();
        assert_eq!(press(&mut app, KeyCode::Char('t')), []);
        assert_eq!(app.place(), Place::Sending);
        assert!(shown(&app).contains("Send the client id and secret to acme.benchling.com"), "{}", shown(&app));
        assert_eq!(trials(&press(&mut app, key)), wanted, "{key:?}");
        assert_eq!(app.selection.migration.trials, Trials::default(), "a yes is good for one question");
    }
    both("secret-try", &{
        let mut app = with_values();
        press(&mut app, KeyCode::Char('t'));
        app
    });
}

#[test]
fn what_came_of_it_is_told_until_the_value_changes() {
    let mut app = with_values();
    press(&mut app, KeyCode::Char('t'));
    press(&mut app, KeyCode::Char('y'));
    let generation = app.running[&Ask::Trials].generation;
    app.update(Message::Landed {
        ask: Ask::Trials,
        generation,
        land: Box::new(|into| {
            let host = "acme.benchling.com".to_owned();
            let outcome = Trial::Refused("HTTP 401, invalid_client".into());
            into.migration.benchling = Fact::Known(TokenAnswer { host, outcome });
            into.migration.bucket = vec![BucketTrial {
                bucket: "acme-data".into(),
                role: None,
                outcome: Trial::Works,
                missing: false,
                region: None,
            }];
        }),
    });
    app.update(Message::Ended { ask: Ask::Trials, generation });
    app.secret.cursor = Some(crate::tui::screens::secret::Cursor::GoOn);
    assert!(shown(&app).contains("acme.benchling.com refuses CLIENT_ID and CLIENT_SECRET"), "{}", shown(&app));
    both("secret-tried", &app);
    app.answers.values.insert(Key::ClientSecret, "another-secret".into());
    app.derive();
    app.derive();
    let screen = shown(&app);
    assert!(!screen.contains("refuses CLIENT_ID") && screen.contains("may list bucket acme-data"), "{screen}");
}

#[test]
fn a_machine_without_credentials_says_so_and_asks_nothing() {
    let mut selection = Selection::new();
    selection.inquiry = Some(Inquiry::of_role("arn:aws:iam::444455556666:role/Target", "typed"));
    let mut app = App::new(now(), selection, setting());
    app.open_at(crate::tui::Start::Diagnose);
    app.begin();
    let generation = app.running[&Ask::Survey].generation;
    app.update(Message::Landed {
        ask: Ask::Survey,
        generation,
        land: Box::new(|into| {
            into.sources = Fact::Known(Vec::new());
            into.machine = Fact::Known(Machine { environment: BTreeMap::new(), ..machine() });
        }),
    });
    app.update(Message::Ended { ask: Ask::Survey, generation });
    assert!(app.prompt.is_none(), "no question over an empty list");
    both("diagnose-no-credentials", &app);
    press(&mut app, KeyCode::Char('A'));
    assert!(app.prompt.is_none() && app.note.as_deref().is_some_and(|note| note.contains("no AWS profile")));
    let effects = press(&mut app, KeyCode::Char('r'));
    assert!(matches!(effects.as_slice(), [Effect::Gather { ask: Ask::Survey, .. }]), "{effects:?}");
    let generation = app.running[&Ask::Survey].generation;
    let land: crate::tui::engine::Land = Box::new(|into: &mut Facts| into.sources = facts().sources);
    app.update(Message::Landed { ask: Ask::Survey, generation, land });
    let effects = app.update(Message::Ended { ask: Ask::Survey, generation });
    assert!(!effects.is_empty() || app.prompt.is_some(), "now there is somebody to ask as");
}
