//! The diagnosis: how its panes look, and what keys do on them.

use proptest::prelude::*;

use super::diagnoses::*;
use super::*;
use crate::model::CallRecord;
use crate::tui::screens::diagnose::Pane;

fn both(name: &str, app: &App) {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let frame = dump(&frame(app, columns, rows));
        insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("diagnose-{name}-{columns}x{rows}"), frame);
        });
    }
}

fn at(mut app: App, pane: char) -> App {
    press(&mut app, KeyCode::Char(pane));
    app
}

fn shown(app: &App) -> String {
    text(&frame(app, 80, 24))
}

#[test]
fn a_trust_denial() {
    both("external-id-why", &external_id());
    both("external-id-trust", &at(external_id(), '2'));
    both("external-id-caller", &at(external_id(), '3'));
    both("external-id-fix", &at(external_id(), '4'));
    both("external-id-what-if", &at(external_id(), '5'));
    both("external-id-calls", &at(external_id(), '6'));
}

#[test]
fn a_chain_that_breaks_at_its_second_role() {
    both("chain-why", &broken_chain());
    both("chain-trust", &at(broken_chain(), '2'));
    both("chain-fix", &at(broken_chain(), '4'));
}

#[test]
fn allowed_and_too_open() {
    both("too-open-why", &too_open());
}

#[test]
fn not_decided() {
    both("leaning-why", &leaning());
    both("leaning-caller", &at(leaning(), '3'));
}

#[test]
fn live_and_evaluated_disagree() {
    both("disagreement-why", &disagreement());
}

#[test]
fn credentials_that_do_not_work() {
    both("expired-why", &expired());
}

#[test]
fn nobodys_patch_cures_an_scp() {
    both("scp-why", &refused_by_scp());
    both("scp-fix", &at(refused_by_scp(), '4'));
}

#[test]
fn at_first_nothing_is_said_then_what_is_asked() {
    let mut app = begun();
    assert!(!shown(&app).contains("Looking up"), "{}", shown(&app));
    app.clock += std::time::Duration::from_millis(200);
    both("begun", &app);
}

#[test]
fn without_colour_and_unicode_every_edge_still_tells() {
    let mut app = broken_chain();
    app.setting.theme = Theme { color: false, ascii: true, ..app.setting.theme };
    let shown = shown(&app);
    assert!(shown.is_ascii() && shown.contains("--+--> Hub --x--> Spoke --"), "{shown}");
}

#[test]
fn the_panes_are_opened_by_number_and_in_turn() {
    let mut app = external_id();
    for (index, pane) in Pane::ALL.into_iter().enumerate() {
        press(&mut app, KeyCode::Char(char::from(b'1' + u8::try_from(index).unwrap())));
        assert_eq!(app.diagnose.pane, pane);
    }
    press(&mut app, KeyCode::Tab);
    assert_eq!(app.diagnose.pane, Pane::Why);
    press(&mut app, KeyCode::BackTab);
    assert_eq!(app.diagnose.pane, Pane::Calls);
}

#[test]
fn a_call_that_was_given_up_is_listed_and_no_failure() {
    let mut app = at(external_id(), '6');
    assert!(shown(&app).contains("5 calls to AWS, 2 failed; newest last"), "{}", shown(&app));
    let last = app.facts.calls.last().unwrap().clone();
    app.facts.calls.push(CallRecord { status: None, request_id: None, given_up: true, ..last });
    let after = shown(&app);
    assert!(after.contains("6 calls to AWS, 2 failed, 1 given up; newest last"), "{after}");
    assert!(after.contains("given up: nobody waited"), "{after}");
}

#[test]
fn hops_and_principals_are_chosen() {
    let mut app = broken_chain();
    assert!(shown(&app).contains("Denied."), "it opens at the hop that is denied: {}", shown(&app));
    press(&mut app, KeyCode::Char('['));
    assert!(shown(&app).contains("Allowed."), "{}", shown(&app));
    press(&mut app, KeyCode::Right);
    assert!(shown(&app).contains("Denied."), "{}", shown(&app));
    assert_eq!(app.route, Route::Diagnose, "the arrows lead nowhere else");
    let mut two = leaning();
    assert!(shown(&two).contains("▸ workload"), "{}", shown(&two));
    press(&mut two, KeyCode::Char('p'));
    assert!(shown(&two).contains("▸ you"), "{}", shown(&two));
}

#[test]
fn the_verdict_follows_what_is_typed_and_is_never_called_live() {
    let mut app = at(external_id(), '5');
    press(&mut app, KeyCode::Enter);
    for _ in 0..2 {
        press(&mut app, KeyCode::Backspace);
    }
    write(&mut app, "42");
    let typing = shown(&app);
    assert!(typing.contains("Evaluated, not live") && !typing.contains("✗ Denied"), "{typing}");
    write(&mut app, "q");
    assert!(shown(&app).contains("cust-42q"), "q is typed: {}", shown(&app));
    press(&mut app, KeyCode::Esc);
    assert!(shown(&app).contains("cust-24") && !shown(&app).contains("was"), "{}", shown(&app));
    press(&mut app, KeyCode::Enter);
    write(&mut app, "5");
    press(&mut app, KeyCode::Enter);
    both("what-if-changed", &app);
    press(&mut app, KeyCode::Char('0'));
    assert!(shown(&app).contains("This is the real request"), "{}", shown(&app));
}

#[test]
fn what_cures_it_is_copied_first() {
    let mut app = external_id();
    press(&mut app, KeyCode::Char('c'));
    let effects = press(&mut app, KeyCode::Enter);
    assert!(matches!(effects.as_slice(), [Effect::Copy(text)] if text.contains("cust-42")), "{effects:?}");
}

#[test]
fn a_saved_case_is_explained_the_same() {
    let mut app = external_id();
    press(&mut app, KeyCode::Char('s'));
    let effects = press(&mut app, KeyCode::Enter);
    let [Effect::Export { path, text, replace: false }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(path.to_str(), Some("rolecall-case.json"));
    let case = crate::policy::Case::from_json(&serde_json::from_str(text).unwrap()).unwrap();
    assert_eq!(crate::policy::evaluate(&case, now()).cause.0, "external_id_mismatch");
    app.update(Message::Exported(Err(crate::store::ExportError::Exists(path.clone()))));
    let again = press(&mut app, KeyCode::Char('y'));
    assert!(matches!(again.as_slice(), [Effect::Export { text: same, replace: true, .. }] if same == text));
}

#[test]
fn the_ending_of_its_name_says_what_a_report_is_written_as() {
    let mut app = external_id();
    for (ending, part) in [(".md", "# "), (".html", "<!DOCTYPE html>"), (".json", "{"), (".txt", "")] {
        press(&mut app, KeyCode::Char('x'));
        let proposed = app.prompt.as_ref().unwrap().field.text().to_owned();
        assert!(proposed.starts_with("rolecall-Target-") && proposed.ends_with(".md"), "{proposed}");
        for _ in 0..3 {
            press(&mut app, KeyCode::Backspace);
        }
        write(&mut app, ending);
        let effects = press(&mut app, KeyCode::Enter);
        let [Effect::Export { text, .. }] = effects.as_slice() else { panic!("{effects:?}") };
        assert!(text.starts_with(part) && !text.contains("cust-42"), "{text}");
    }
}

#[test]
fn a_pane_scrolls_from_what_is_seen_and_not_beyond_its_end() {
    let mut app = at(external_id(), '2');
    let opened = shown(&app);
    assert!(opened.contains("cust-24"), "it opens at what is wrong: {opened}");
    for _ in 0..9 {
        press(&mut app, KeyCode::PageDown);
        shown(&app);
    }
    let end = shown(&app);
    press(&mut app, KeyCode::Up);
    assert_ne!(shown(&app), end, "one step leads back from the end");
}

/// Keys that mean something here, and some that do not.
fn key() -> impl Strategy<Value = KeyCode> {
    let letters = prop::sample::select("123456[]p0 scxrwkjqé?mE".chars().collect::<Vec<_>>()).prop_map(KeyCode::Char);
    let others = prop::sample::select(vec![
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::Backspace,
        KeyCode::Delete,
    ]);
    prop_oneof![letters, others]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_key_at_any_size_is_survived(
        scene in 0usize..8,
        steps in prop::collection::vec((key(), 0u16..140, 0u16..50), 1..24),
    ) {
        let scenes: [fn() -> App; 8] =
            [external_id, broken_chain, too_open, leaning, disagreement, expired, refused_by_scp, begun];
        let mut app = scenes[scene]();
        for (code, columns, rows) in steps {
            press(&mut app, code);
            frame(&app, columns, rows);
        }
    }

    #[test]
    fn no_line_is_cut_by_the_edge(scene in 0usize..8, pane in 0u8..6, columns in 60u16..140) {
        let scenes: [fn() -> App; 8] =
            [external_id, broken_chain, too_open, leaning, disagreement, expired, refused_by_scp, begun];
        let app = at(scenes[scene](), char::from(b'1' + pane));
        let frame = frame(&app, columns, 40);
        for y in 3..38 {
            let last = frame[(columns - 1, y)].symbol();
            prop_assert_eq!(last, " ", "line {} of\n{}", y, text(&frame));
        }
    }
}
