//! The comforts: help that explains, copying, exporting, drafts, a login that is waited for.

use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::secret::Key;
use crate::store::ExportError;
use crate::tui::app::Job;
use crate::tui::clipboard;
use crate::tui::engine::Ask;
use crate::tui::help::Pane;
use crate::tui::keymap::Place;
use crate::tui::screens::secret::Cursor;

fn at(route: Route) -> App {
    let mut app = untouched();
    app.go(route);
    app
}

fn shown(app: &App) -> String {
    text(&frame(app, 80, 24))
}

fn copied(effects: &[Effect]) -> Option<&str> {
    effects.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn the_keys_are_searched_as_one_types() {
    let mut app = at(Route::Stack);
    press(&mut app, KeyCode::Char('?'));
    assert_eq!(app.place(), Place::Help, "nothing is wrong with the stack");
    assert!(shown(&app).contains("Keys on this page: Stack"));
    write(&mut app, "reveal q");
    assert_eq!(app.help.as_ref().map(|help| help.search.text().to_owned()).as_deref(), Some("reveal q"));
    write(&mut app, "\u{8}");
    for _ in 0..2 {
        press(&mut app, KeyCode::Backspace);
    }
    let found = shown(&app);
    assert!(found.contains("show the value under the cursor") && found.contains("on: Secret"), "{found}");
    assert!(!found.contains("type another region"), "{found}");
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.place(), Place::Screen(Route::Stack));
    press(&mut app, KeyCode::Char('?'));
    press(&mut app, KeyCode::Char('?'));
    assert_eq!(app.place(), Place::Screen(Route::Stack), "a second ? closes");
}

#[test]
fn on_a_finding_help_says_what_it_means_and_why_access_is_refused() {
    let mut app = at(Route::Roles);
    press(&mut app, KeyCode::Char('?'));
    assert_eq!(app.place(), Place::About);
    let mut whole = String::new();
    for _ in 0..20 {
        whole.push_str(&shown(&app));
        press(&mut app, KeyCode::PageDown);
    }
    let paragraph = crate::judge::paragraph("trust/task-role").unwrap();
    let cause = crate::policy::paragraph("principal_not_listed").unwrap();
    for text in [paragraph, cause] {
        let first: Vec<&str> = text.split_whitespace().take(4).collect();
        assert!(whole.contains(&first.join(" ")), "{first:?}\n{whole}");
    }
    assert!(whole.contains("aws iam get-role --role-name ReadQuiltV2-quilt-prod"), "{whole}");
    press(&mut app, KeyCode::Tab);
    assert!(shown(&app).contains("Keys on this page: Roles"));
    press(&mut app, KeyCode::Tab);
    press(&mut app, KeyCode::Char('q'));
    assert_eq!(app.place(), Place::Screen(Route::Roles));
}

#[test]
fn what_the_cursor_is_on_is_copied_plain() {
    let mut app = at(Route::Roles);
    let effects = press(&mut app, KeyCode::Char('c'));
    assert_eq!((copied(&effects), app.place()), (None, Place::Prompt), "there are several things to copy");
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!(copied(&effects), Some("arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod"));
    assert!(app.note.as_deref().is_some_and(|note| note.contains("if nothing arrives, x exports")));
    press(&mut app, KeyCode::Char('c'));
    write(&mut app, "finding trust");
    let effects = press(&mut app, KeyCode::Enter);
    let finding = copied(&effects).unwrap();
    assert!(finding.contains("trust/task-role of ReadQuiltV2-quilt-prod") && finding.contains("aws iam get-role"));
    let mut app = at(Route::Source);
    press(&mut app, KeyCode::Char('c'));
    write(&mut app, "account");
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!(copied(&effects), Some("111122223333"), "without groups");
}

#[test]
fn nothing_to_copy_answers_why_and_too_much_offers_the_export() {
    let mut app = at(Route::Home);
    assert_eq!(press(&mut app, KeyCode::Char('c')), []);
    assert!(app.note.as_deref().is_some_and(|note| note.contains("nothing to copy")), "{:?}", app.note);
    let mut app = at(Route::Roles);
    if let Fact::Known(detail) = &mut app.facts.role_mut(RoleKind::Read).detail {
        detail.trust_text = "x".repeat(clipboard::LARGEST);
    }
    press(&mut app, KeyCode::Char('c'));
    write(&mut app, "trust policy");
    assert_eq!(press(&mut app, KeyCode::Enter), []);
    assert!(app.note.as_deref().is_some_and(|note| note.contains("x exports it")), "{:?}", app.note);
}

#[test]
fn no_value_of_the_secret_is_ever_offered_for_copying() {
    let mut app = untouched();
    app.facts.secret = Fact::Known(broken_secret());
    app.selection.secret = Some("benchling-webhook-prod".into());
    app.derive();
    app.go(Route::Secret);
    for key in Key::ALL {
        app.secret.cursor = Some(Cursor::Key(key));
        press(&mut app, KeyCode::Char('v'));
        let mut texts: Vec<String> =
            copied(&press(&mut app, KeyCode::Char('c'))).map(str::to_owned).into_iter().collect();
        let several = app.prompt.as_ref().map_or(0, |prompt| prompt.suggestions.len());
        for index in 0..several {
            if app.prompt.is_none() {
                press(&mut app, KeyCode::Char('c'));
            }
            app.prompt.as_mut().unwrap().at = Some(index);
            texts.extend(copied(&press(&mut app, KeyCode::Enter)).map(str::to_owned));
        }
        app.prompt = None;
        for text in texts {
            assert!(!text.contains(CANARY) && !text.contains("wqFabcdefgYe"), "{key}: {text}");
        }
    }
}

#[test]
fn the_report_is_exported_to_the_file_that_was_named_and_replaces_only_after_a_yes() {
    let mut app = at(Route::Roles);
    press(&mut app, KeyCode::Char('x'));
    assert!(shown(&app).contains("rolecall-report.txt"));
    let effects = press(&mut app, KeyCode::Enter);
    let Some(Effect::Export { path, text, replace: false }) = effects.first() else { panic!("{effects:?}") };
    assert_eq!(path, &PathBuf::from("rolecall-report.txt"));
    assert!(text.starts_with("DEMO world quilt-untouched") && text.contains("trust/task-role"), "{text}");
    app.update(Message::Exported(Err(ExportError::Exists("/home/op/r.json".into()))));
    assert!(shown(&app).contains("Replace /home/op/r.json?"));
    assert_eq!(press(&mut app, KeyCode::Enter), [], "the default is to keep it");
    app.update(Message::Exported(Err(ExportError::Exists("/home/op/r.json".into()))));
    let effects = press(&mut app, KeyCode::Char('y'));
    let Some(Effect::Export { text, replace: true, .. }) = effects.first() else { panic!("{effects:?}") };
    let json: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(json["demo"], "quilt-untouched");
    app.update(Message::Exported(Ok("/home/op/r.json".into())));
    assert!(shown(&app).contains("written: /home/op/r.json"));
    let farewell = crate::tui::farewell(&app);
    assert_eq!(farewell, ["report: /home/op/r.json"], "the path is told on the normal screen too");
}

#[test]
fn the_reviews_export_holds_the_diff_and_no_hidden_value() {
    let mut app = filled_in();
    press(&mut app, KeyCode::Char('x'));
    let effects = press(&mut app, KeyCode::Enter);
    let Some(Effect::Export { text, .. }) = effects.first() else { panic!("{effects:?}") };
    assert!(text.contains("What would be written") && text.contains("+ TENANT: quilt-dtt"), "{text}");
    assert!(!text.contains(CANARY) && !text.contains("wqFabcdefgYe"));
}

#[test]
fn a_walk_is_kept_without_hidden_values_and_taken_up_again() {
    let mut app = filled_in();
    let Some(Effect::KeepDraft(draft)) = app.keep_draft() else { panic!("nothing was kept") };
    assert_eq!(app.keep_draft(), None, "the same is not kept twice");
    let kept = serde_json::to_string(&draft).unwrap();
    assert!(!kept.contains(CANARY) && !kept.contains("wqFabcdefgYe") && !kept.contains("appdef_"), "{kept}");
    assert_eq!(draft.values.get("TENANT").map(String::as_str), Some("quilt-dtt"));

    let mut next = fresh();
    next.facts.sources = facts().sources;
    let mut offered = *draft;
    offered.saved = "2026-03-03T14:02:00Z".parse().unwrap();
    next.update(Message::DraftsRead { drafts: vec![offered.clone()], faults: Vec::new() });
    assert_eq!(next.job, Job::SetUp, "an offer that arrives does not change what Enter hits");
    let home = shown(&next);
    assert!(home.contains("Resume the set-up of ") && home.contains("AWS profile staging, stack quilt-prod"), "{home}");
    assert!(home.contains(&format!("{} of 11 values", offered.values.len())), "{home}");
    press(&mut next, KeyCode::Up);
    let effects = press(&mut next, KeyCode::Enter);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Gather { ask: Ask::Identity, .. })), "{effects:?}");
    assert_eq!(next.answers.values.len(), offered.values.len());
    assert_eq!(next.selection.stack, app.selection.stack);
    assert_eq!((next.route, next.keep_draft()), (Route::Secret, None));
}

#[test]
fn a_draft_goes_when_it_is_thrown_away_and_when_all_is_written() {
    let mut app = filled_in();
    let Some(Effect::KeepDraft(draft)) = app.keep_draft() else { panic!("nothing was kept") };
    let mut next = fresh();
    next.update(Message::DraftsRead { drafts: vec![*draft], faults: Vec::new() });
    press(&mut next, KeyCode::Up);
    assert_eq!(press(&mut next, KeyCode::Char('d')), [Effect::DropDraft("default".into())]);
    assert!(!shown(&next).contains("Resume"));

    press(&mut app, KeyCode::Char('y'));
    let outcome = crate::model::plan::ChangeOutcome::Written { what: "w".into(), undo: Vec::new() };
    app.update(Message::Written(vec![crate::model::plan::ChangeReport { subject: "s".into(), outcome }]));
    assert_eq!(app.keep_draft(), Some(Effect::DropDraft("default".into())));
}

#[test]
fn a_draft_that_is_not_usable_is_ignored_with_a_word() {
    let mut app = fresh();
    app.update(Message::DraftsRead { drafts: Vec::new(), faults: vec!["the draft x is ignored: why".into()] });
    assert!(shown(&app).contains("the draft x is ignored: why"));
}

#[test]
fn nothing_is_kept_of_a_walk_in_which_nothing_was_answered() {
    assert_eq!(untouched().keep_draft(), None);
}

fn expired() -> App {
    let mut app = at(Route::Source);
    app.selection.source = Some(CredentialSource::Profile("prod-admin".into()));
    app.facts.identity = Fact::NotAsked;
    let refused = AwsError::local(ErrorKind::Credentials, "sso", "the SSO token has expired and cannot be refreshed");
    app.facts.credentials = Fact::Failed(refused);
    app.sources.selected = Some("prod-admin".into());
    app.derive();
    app.update(Message::Tick);
    app
}

#[test]
fn an_expired_login_is_named_waited_for_and_gone_on_with() {
    let mut app = expired();
    let screen = shown(&app);
    assert!(
        screen.contains("aws sso login --profile prod-admin") && screen.contains("rolecall notices it"),
        "{screen}"
    );
    assert_eq!(app.next_tick(), Some(Duration::from_secs(2)));
    app.clock += Duration::from_secs(2);
    let source = CredentialSource::Profile("prod-admin".into());
    assert_eq!(app.update(Message::Tick), [Effect::LookForLogin(source.clone())]);
    assert_eq!(app.next_tick(), Some(Duration::from_secs(2)), "once in two seconds");

    let old = Some(SsoToken::Expired("2026-03-04T09:00:00Z".parse().unwrap()));
    assert_eq!(app.update(Message::LoginSeen { source: source.clone(), token: old }), []);
    let live = Some(SsoToken::Live("2026-03-04T20:00:00Z".parse().unwrap()));
    let effects = app.update(Message::LoginSeen { source, token: live });
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Gather { ask: Ask::Identity, .. })), "{effects:?}");
}

#[test]
fn a_login_is_looked_for_only_while_it_is_on_the_screen() {
    let mut app = expired();
    press(&mut app, KeyCode::Up);
    assert_eq!(app.next_tick(), None, "another AWS profile is under the cursor");
    press(&mut app, KeyCode::Down);
    assert!(app.next_tick().is_some());
    app.go(Route::Stack);
    assert_eq!(app.next_tick(), None);
}

#[test]
fn the_commands_at_the_end_are_the_webhook_packages_own() {
    let mut app = filled_in();
    let next = crate::wording::done::next(&app.facts, &app.selection);
    assert_eq!(
        next,
        [
            "rolecall check --profile default --aws-profile staging",
            "AWS_PROFILE=staging npx @quiltdata/benchling-webhook deploy --profile default --region us-east-1",
            "npx @quiltdata/benchling-webhook logs --profile default --aws-profile staging",
        ]
    );
    app.facts.config =
        Fact::Known(ConfigFile { path: "/c".into(), text: SecretText::new(r#"{"integratedStack":true}"#), mode: None });
    let next = crate::wording::done::next(&app.facts, &app.selection).join("\n");
    assert!(next.contains("status --profile default --aws-profile staging") && !next.contains("deploy"), "{next}");
}

#[test]
fn help_panes_take_their_own_keys() {
    let mut app = at(Route::Roles);
    press(&mut app, KeyCode::Char('?'));
    press(&mut app, KeyCode::Tab);
    write(&mut app, "c x q");
    assert_eq!(app.place(), Place::Help, "letters are searched, and do nothing");
    assert_eq!(app.help.as_ref().map(|help| help.pane), Some(Pane::Keys));
}
