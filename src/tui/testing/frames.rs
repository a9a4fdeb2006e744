//! How the screens look, at both sizes.

use super::*;
use crate::model::plan::{ChangeOutcome, ChangeReport};

pub(super) fn both(name: &str, app: &App) {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let frame = dump(&frame(app, columns, rows));
        insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), frame);
        });
    }
}

fn at(route: Route) -> App {
    let mut app = untouched();
    app.go(route);
    app
}

#[test]
fn home() {
    both("home", &untouched());
    both("home-empty", &fresh());
}

#[test]
fn source() {
    both("source", &at(Route::Source));
}

#[test]
fn stack_list() {
    both("stack", &at(Route::Stack));
    let mut filtered = at(Route::Stack);
    press(&mut filtered, KeyCode::Char('/'));
    write(&mut filtered, "stag");
    both("stack-filter", &filtered);
}

#[test]
fn roles() {
    both("roles", &at(Route::Roles));
}

#[test]
fn secret() {
    both("secret-new", &at(Route::Secret));
    let mut broken = untouched();
    broken.facts.secret = Fact::Known(broken_secret());
    broken.selection.secret = Some("benchling-webhook-prod".into());
    broken.answers.secret_name = Some("benchling-webhook-prod".into());
    broken.derive();
    broken.go(Route::Secret);
    both("secret-broken", &broken);
    press(&mut broken, KeyCode::Enter);
    both("secret-editing", &broken);
}

#[test]
fn review_and_done() {
    let mut app = filled_in();
    assert_eq!(app.route, Route::Review);
    both("review", &app);
    press(&mut app, KeyCode::Char('2'));
    press(&mut app, KeyCode::Char(' '));
    both("review-without-config", &app);
    press(&mut app, KeyCode::Char('y'));
    both("writing", &app);
    let written = |subject: &str, what: &str, undo: &str| ChangeReport {
        subject: subject.into(),
        outcome: ChangeOutcome::Written { what: what.into(), undo: vec![undo.into()] },
    };
    app.update(Message::Written(vec![
        written("secret benchling-webhook-default", "created as version 2c2ad355", "aws secretsmanager delete-secret"),
        ChangeReport {
            subject: "config.json of config profile default".into(),
            outcome: ChangeOutcome::Failed("/home/op/.config cannot be written: permission denied.".into()),
        },
    ]));
    both("done-with-failure", &app);
}

#[test]
fn colourless_and_plain_ascii() {
    let mut app = at(Route::Roles);
    app.setting.theme = Theme { color: false, ascii: true, ..app.setting.theme };
    let frame = frame(&app, 80, 24);
    assert!(text(&frame).is_ascii(), "{}", text(&frame));
    both("roles-ascii", &app);
}

#[test]
fn at_the_smallest_size_everything_fits_or_scrolls() {
    for route in [Route::Source, Route::Stack, Route::Roles, Route::Secret, Route::Review] {
        let mut app = filled_in();
        app.go(route);
        let frame = text(&frame(&app, 60, 16));
        assert!(
            frame.lines().nth(3).is_some_and(|line| !line.trim().is_empty()),
            "{route:?} opens with a sentence\n{frame}"
        );
        assert!(frame.lines().last().is_some_and(|line| line.contains("Esc back")), "{route:?}\n{frame}");
    }
}

#[test]
fn help_and_prompt() {
    let mut app = at(Route::Roles);
    press(&mut app, KeyCode::Char('?'));
    both("help", &app);
    press(&mut app, KeyCode::Esc);
    press(&mut app, KeyCode::Char('a'));
    write(&mut app, "arn:aws:iam:1");
    press(&mut app, KeyCode::Enter);
    both("prompt", &app);
}

#[test]
fn too_small() {
    assert!(text(&frame(&untouched(), 40, 10)).contains("rolecall needs 60x16"));
}
