//! A secret made from what stands elsewhere: by keys alone, from its sources to what is left to do.

use std::path::Path;

use super::frames::both;
use super::walks::{Walk as Walked, load};
use super::*;
use crate::migrate::reader::Why;
use crate::model::facts::{ImportContent, Imported, TokenAnswer, Trial};
use crate::model::plan::{ChangeOutcome, ChangeReport};
use crate::model::{ImportSource, Reader, VersionChoice};
use crate::secret::{Document, Key};
use crate::tui::Start;
use crate::tui::engine::Ask;
use crate::tui::keymap::Place;
use crate::tui::screens::secret::{self, Cursor};
use crate::tui::theme::Mark;

/// Six faults: a URL, white space, an app's id, a level in small letters, an address of S3, a boolean in capitals.
const SIX_FAULTS: &str = "AWS_REGION=us-east-1\nBENCHLING_TENANT=https://acme.benchling.com/\nBENCHLING_CLIENT_ID=wqF4hT8mZsYe\n\
    BENCHLING_CLIENT_SECRET='canary-client-secret '\nBENCHLING_APP_DEFINITION_ID=app_123\nQUILT_USER_BUCKET=s3://acme-data\n\
    PKG_PREFIX=benchling\nPKG_KEY=experiment_id\nLOG_LEVEL=info\nENABLE_WEBHOOK_VERIFICATION=TRUE\n";

const TASK: &str = r#"{"taskDefinition": {"family": "webhook", "containerDefinitions": [{"name": "webhook", "image": "webhook:0.9.9",
    "environment": [{"name": "BENCHLING_TENANT", "value": "acme"}, {"name": "LOG_LEVEL", "value": "INFO"}],
    "secrets": [{"name": "BENCHLING_CLIENT_SECRET", "valueFrom": "arn:aws:ssm:us-east-1:111122223333:parameter/client-secret"}]}]}}"#;

/// At the sources, with nothing brought along; everything of AWS is known.
fn at_sources() -> App {
    let mut app = untouched();
    app.setting.demo = Some("secret-migration".into());
    app.selection.secret = Some("benchling-webhook-prod".into());
    app.open_at(Start::Secret);
    app
}

fn text_of(text: &str) -> Fact<ImportContent> {
    Fact::Known(ImportContent::Text { text: text.into(), version_id: None, mode: None })
}

/// Names a file by keys, and lets it be read.
fn add(app: &mut App, key: char, path: &str, content: Fact<ImportContent>) {
    press(app, KeyCode::Char(key));
    write(app, path);
    let effects = press(app, KeyCode::Enter);
    assert!(matches!(effects.as_slice(), [Effect::Gather { ask: Ask::Imports, .. }]), "{effects:?}");
    let source = app.selection.migration.imports.last().unwrap().clone();
    land(app, vec![Imported { source, content }]);
}

/// The sources answer, all at once.
fn land(app: &mut App, more: Vec<Imported>) {
    let generation = app.running[&Ask::Imports].generation;
    let land = Box::new(move |facts: &mut Facts| facts.migration.imports.extend(more));
    app.update(Message::Landed { ask: Ask::Imports, generation, land });
    app.update(Message::Ended { ask: Ask::Imports, generation });
}

/// An env file with six faults, and a task definition that differs from it.
fn migrating() -> App {
    let mut app = at_sources();
    add(&mut app, 'e', "prod.env", text_of(SIX_FAULTS));
    add(&mut app, 'o', "~/task.json", text_of(TASK));
    app
}

fn shown(app: &App) -> String {
    text(&frame(app, 80, 24))
}

fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    app.update(Message::Paste(text.into()))
}

#[test]
fn how_the_sources_look() {
    both("sources-empty", &at_sources());
    let mut app = migrating();
    both("sources", &app);
    add(&mut app, 'o', "broken.json", text_of("{\n  \"TENANT\": \"acme\",,\n}"));
    both("sources-fault", &app);
    press(&mut app, KeyCode::Char('s'));
    both("sources-secret", &app);
}

#[test]
fn how_the_secret_looks_while_it_is_put_together() {
    let mut app = migrating();
    press(&mut app, KeyCode::Char('n'));
    assert_eq!(app.route, Route::Secret, "AWS profile and stack are chosen");
    both("secret-migrating", &app);
    app.secret.cursor = Some(Cursor::Key(Key::Tenant));
    both("secret-conflict", &app);
    app.secret.cursor = Some(Cursor::Reader);
    press(&mut app, KeyCode::Enter);
    both("secret-reader", &app);
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.draft.reader, Reader::Both);
    press(&mut app, KeyCode::Char('w'));
    write(&mut app, "~/secret.json");
    press(&mut app, KeyCode::Enter);
    app.running.clear();
    app.facts.migration.file = Fact::Absent;
    app.derive();
    both("secret-both-to-a-file", &app);
}

#[test]
fn how_review_and_end_look() {
    let mut app = valid();
    both("review-secret", &app);
    press(&mut app, KeyCode::Char('y'));
    let outcome = ChangeOutcome::Written {
        what: "created as version 2c2ad355-0000".into(),
        undo: vec!["aws secretsmanager delete-secret --secret-id benchling-webhook-prod".into()],
    };
    app.update(Message::Written(vec![ChangeReport { subject: "secret benchling-webhook-prod".into(), outcome }]));
    app.running.clear();
    app.facts.secret = Fact::Known(written());
    app.derive();
    both("done-secret", &app);
    press(&mut app, KeyCode::PageDown);
    press(&mut app, KeyCode::PageDown);
    both("done-secret-checklist", &app);
    let screen = shown(&app);
    assert!(!screen.contains(CANARY), "{screen}");
    assert!(app.selection.migration.imports.is_empty() && !app.unsaved(), "what was corrected stays corrected");
}

/// Everything put right, at the review.
fn valid() -> App {
    let mut app = migrating();
    press(&mut app, KeyCode::Char('n'));
    press(&mut app, KeyCode::Char('f'));
    for (key, value) in
        [(Key::AppDefinitionId, "appdef_wqFabc"), (Key::EcrRepositoryName, ""), (Key::WebhookAllowList, "")]
    {
        app.secret.cursor = Some(Cursor::Key(key));
        press(&mut app, KeyCode::Enter);
        app.update(Message::Key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)));
        write(&mut app, value);
        press(&mut app, KeyCode::Enter);
        if app.place() == Place::Edit {
            press(&mut app, KeyCode::Esc);
        }
    }
    press(&mut app, KeyCode::Char('n'));
    assert_eq!((app.route, app.plan.blocked.clone()), (Route::Review, Vec::new()));
    app
}

fn written() -> Secret {
    let mut secret = broken_secret();
    secret.name = "benchling-webhook-prod".into();
    secret.versions =
        vec![("7f3a0000-1111".into(), vec!["AWSPREVIOUS".into()]), ("2c2ad355-0000".into(), vec!["AWSCURRENT".into()])];
    let text = format!(
        r#"{{"CLIENT_ID":"wqF4hT8mZsYe","CLIENT_SECRET":"{CANARY}","TENANT":"acme","APP_DEFINITION_ID":"appdef_wqFabc","LOG_LEVEL":"INFO",
        "PKG_PREFIX":"benchling","PKG_KEY":"experiment_id","USER_BUCKET":"acme-data","ECR_REPOSITORY_NAME":"quiltdata/benchling",
        "ENABLE_WEBHOOK_VERIFICATION":"true","WEBHOOK_ALLOW_LIST":""}}"#
    );
    if let Fact::Known(value) = &mut secret.value {
        value.version_id = "2c2ad355-0000".into();
        value.content = SecretContent::Text(text.into());
    }
    secret
}

#[test]
fn a_refusal_counts_in_opening_and_mark_and_its_value_is_marked() {
    let mut app = valid();
    press(&mut app, KeyCode::Esc);
    assert_eq!((app.route, secret::mark(&app)), (Route::Secret, Mark::Good));
    let outcome = Trial::Refused("HTTP 401, invalid_client".into());
    app.facts.migration.benchling = Fact::Known(TokenAnswer { host: "acme.benchling.com".into(), outcome });
    app.derive();
    let screen = shown(&app);
    let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    let opening = "All 11 values are well-formed; acme.benchling.com refuses CLIENT_ID and CLIENT_SECRET.";
    assert!(words.contains(opening), "{screen}");
    assert_eq!(secret::mark(&app), Mark::Fault);
    assert_eq!(screen.matches("refused when tried").count(), 2, "{screen}");
    assert!(!screen.contains("still to be put right"), "it may be written all the same: {screen}");
}

#[test]
fn the_shipped_reader_has_its_names_in_the_rows() {
    let mut app = valid();
    press(&mut app, KeyCode::Esc);
    app.selection.migration.reader = Some(Reader::Shipped);
    app.derive();
    let screen = shown(&app);
    assert!(screen.contains("app_definition_id") && !screen.contains("APP_DEFINITION_ID"), "{screen}");
}

#[test]
fn going_on_stays_in_sight_however_many_sources_there_are() {
    let mut app = at_sources();
    for index in 0..12 {
        assert!(shown(&app).contains("Go on with these") || index == 0, "{index}: {}", shown(&app));
        add(&mut app, 'o', &format!("~/task-{index}.json"), text_of(TASK));
    }
    let screen = shown(&app);
    assert!(screen.contains("Go on with these") && screen.contains("lacks"), "{screen}");
}

#[test]
fn files_that_are_there_are_offered_and_taken() {
    let mut app = at_sources();
    let effects = press(&mut app, KeyCode::Char('e'));
    let [Effect::FindFiles { purpose, folders, endings: [".env"] }] = effects.as_slice() else { panic!("{effects:?}") };
    let (purpose, home, current) = (*purpose, app.setting.folders.home.clone(), app.setting.folders.current.clone());
    assert!(folders.contains(&home) && folders.contains(&current), "{folders:?}");
    app.update(Message::FilesFound { purpose, files: vec![current.join("dev.env"), home.join("prod.env")] });
    let screen = shown(&app);
    assert!(screen.contains("  dev.env") && screen.contains("~/prod.env"), "{screen}");
    both("sources-files", &app);
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.selection.migration.imports, [ImportSource::EnvFile(home.join("prod.env"))]);
}

#[test]
fn nothing_to_bring_along_is_one_key_to_the_secret() {
    let mut app = at_sources();
    assert!(shown(&app).contains("n without any"), "{}", shown(&app));
    press(&mut app, KeyCode::Char('n'));
    assert_eq!(app.route, Route::Secret);
    for route in [Route::Stack, Route::Source, Route::Sources, Route::Home] {
        press(&mut app, KeyCode::Esc);
        assert_eq!(app.route, route);
    }
}

#[test]
fn without_aws_credentials_a_secret_can_still_be_put_together() {
    let mut app = fresh();
    app.open_at(Start::Secret);
    add(&mut app, 'e', "prod.env", text_of(SIX_FAULTS));
    for route in [Route::Source, Route::Stack, Route::Secret] {
        press(&mut app, KeyCode::Char('n'));
        assert_eq!(app.route, route);
    }
    let screen = shown(&app);
    assert!(screen.contains("acme.benchling") || screen.contains("a URL"), "{screen}");
}

#[test]
fn the_first_of_two_that_differ_counts_until_the_user_says_otherwise() {
    let mut app = migrating();
    let tenant = |app: &App| app.draft.values.get(&Key::Tenant).map(|value| value.expose().to_owned());
    assert_eq!(tenant(&app).as_deref(), Some("https://acme.benchling.com/"));
    press(&mut app, KeyCode::Char('K'));
    assert_eq!(tenant(&app).as_deref(), Some("acme"), "the task definition is the first now");
    press(&mut app, KeyCode::Char('n'));
    app.secret.cursor = Some(Cursor::Key(Key::Tenant));
    let screen = shown(&app);
    assert!(screen.contains("two sources differ") && screen.contains("env file prod.env has https://acme"), "{screen}");
    let told = |app: &App| {
        app.judgement.findings.iter().filter(|f| f.id == "secret/conflict" && f.subject == "TENANT").count()
    };
    assert_eq!(told(&app), 1);
    press(&mut app, KeyCode::Char('p'));
    assert_eq!(tenant(&app).as_deref(), Some("https://acme.benchling.com/"));
    assert_eq!(told(&app), 0, "nobody is told that the first counts where it does not");
    // The choice goes with its source, wherever that is moved to, and away with it.
    app.go(Route::Sources);
    app.gathering.cursor = Some(crate::tui::screens::sources::Cursor::Source(1));
    press(&mut app, KeyCode::Char('K'));
    assert_eq!(app.answers.prefer.get(&Key::Tenant), Some(&0));
    press(&mut app, KeyCode::Char('d'));
    assert_eq!((tenant(&app).as_deref(), app.answers.prefer.len()), (Some("acme"), 0));
}

#[test]
fn of_a_client_secret_it_is_said_only_that_it_differs() {
    let mut app = migrating();
    paste(&mut app, "BENCHLING_CLIENT_SECRET=canary-of-another\n");
    app.running.clear();
    let source = app.selection.migration.imports.last().unwrap().clone();
    assert_eq!(source.label(), "pasted text");
    app.facts
        .migration
        .imports
        .push(Imported { source, content: text_of("BENCHLING_CLIENT_SECRET=canary-of-another\n") });
    app.derive();
    press(&mut app, KeyCode::Char('n'));
    for key in Key::ALL {
        app.secret.cursor = Some(Cursor::Key(key));
        for (columns, rows) in [(80, 24), (120, 40), (60, 16), (40, 10)] {
            assert!(!text(&frame(&app, columns, rows)).contains("canary"), "{key}");
        }
    }
    app.secret.cursor = Some(Cursor::Key(Key::ClientSecret));
    assert!(text(&frame(&app, 120, 40)).contains("another value, hidden"), "{}", text(&frame(&app, 120, 40)));
    assert!(!format!("{:?}", app.selection).contains("canary"));
    assert!(!format!("{:?}", app.facts.migration).contains("canary"));
}

#[test]
fn a_paste_is_a_source_in_memory_alone_and_typed_text_is_none() {
    let mut app = at_sources();
    press(&mut app, KeyCode::Char('p'));
    write(&mut app, "TENANT=q");
    assert_eq!(press(&mut app, KeyCode::Enter), []);
    assert_eq!(app.place(), Place::Prompt, "a paste that comes as keys is swallowed, line after line");
    assert!(shown(&app).contains("a paste comes in one piece"), "{}", shown(&app));
    let effects = paste(&mut app, "TENANT=acme\nLOG_LEVEL=INFO\n");
    assert!(matches!(effects.as_slice(), [Effect::Gather { ask: Ask::Imports, .. }, ..]), "{effects:?}");
    assert!(matches!(app.selection.migration.imports.as_slice(), [ImportSource::Pasted(_)]));
    let Some(Effect::KeepDraft(draft)) = app.keep_draft() else { panic!("a draft is kept") };
    assert_eq!(draft.migration.unwrap().sources, []);
}

#[test]
fn another_version_of_a_secret_takes_the_place_of_the_one_before() {
    let mut app = at_sources();
    press(&mut app, KeyCode::Char('s'));
    write(&mut app, "benchling-old");
    press(&mut app, KeyCode::Enter);
    press(&mut app, KeyCode::Enter);
    write(&mut app, "AWSPREVIOUS");
    press(&mut app, KeyCode::Enter);
    let stage = VersionChoice::Stage("AWSPREVIOUS".into());
    assert_eq!(app.selection.migration.imports, [ImportSource::Secret { id: "benchling-old".into(), version: stage }]);
}

#[test]
fn a_draft_keeps_where_values_come_from_and_never_a_value() {
    let mut app = migrating();
    press(&mut app, KeyCode::Char('n'));
    app.secret.cursor = Some(Cursor::Key(Key::Tenant));
    press(&mut app, KeyCode::Char('p'));
    let Some(Effect::KeepDraft(draft)) = app.keep_draft() else { panic!("a draft is kept") };
    let text = format!("{draft:?}");
    assert!(!text.contains("canary") && !text.contains("acme"), "{text}");
    let mut next = untouched();
    next.drafts_read(vec![*draft], &[]);
    assert!(text_has(&next, "Resume the migration of"), "{}", shown(&next));
    press(&mut next, KeyCode::Up);
    let effects = press(&mut next, KeyCode::Enter);
    assert_eq!(next.route, Route::Sources);
    let asks_imports = |effect: &Effect| matches!(effect, Effect::Gather { ask: Ask::Imports, .. });
    assert!(effects.iter().any(asks_imports), "{effects:?}");
    let paths =
        [ImportSource::EnvFile("/home/op/work/prod.env".into()), ImportSource::File("/home/op/task.json".into())];
    assert_eq!(next.selection.migration.imports, paths);
    assert_eq!(next.answers.prefer.get(&Key::Tenant), Some(&1));
}

fn text_has(app: &App, part: &str) -> bool {
    shown(app).contains(part)
}

#[test]
fn leaving_with_sources_asks_and_with_those_of_the_command_line_does_not() {
    let mut app = migrating();
    press(&mut app, KeyCode::Char('q'));
    assert_eq!(app.place(), Place::Leaving);
    let mut selection = Selection::new();
    selection.migration.imports = vec![ImportSource::EnvFile("/home/op/prod.env".into())];
    let mut app = App::new(now(), selection, setting());
    app.open_at(Start::Secret);
    assert!(app.begin().iter().any(|effect| matches!(effect, Effect::Gather { ask: Ask::Imports, .. })));
    assert_eq!(press(&mut app, KeyCode::Char('q')), [Effect::Quit(0)]);
}

#[test]
fn config_json_is_left_out_unless_it_is_taken_in() {
    let mut app = valid();
    assert_eq!(app.plan.changes.len(), 1);
    press(&mut app, KeyCode::Char('2'));
    assert_eq!(app.plan.changes.len(), 2);
    let reader = crate::migrate::reader::chosen(&app.facts, &app.selection);
    assert_eq!(reader, (Reader::Specification, Why::Unknown));
}

/// Every file below a folder that holds a text.
fn holding(folder: &Path, part: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(holding(&entry, part));
        } else if String::from_utf8_lossy(&std::fs::read(&entry).unwrap()).contains(part) {
            found.push(entry.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn an_env_file_with_six_faults_becomes_a_valid_secret_by_keys_alone() {
    let home = tempfile::tempdir().unwrap();
    let world = load("secret-migration", home.path());
    let file = home.path().join("prod.env");
    let env = std::fs::read_to_string(&file).unwrap().replace("demo-client-secret-not-real", CANARY);
    assert!(env.contains(CANARY));
    std::fs::write(&file, env).unwrap();
    let mut walk = Walked::open("secret-migration", &world, home.path(), world.selection()).await;
    for key in [KeyCode::End, KeyCode::Enter] {
        walk.press(key).await;
    }
    assert_eq!(walk.app.route, Route::Sources);
    press(&mut walk.app, KeyCode::Char('e'));
    write(&mut walk.app, "~/prod.env");
    walk.press(KeyCode::Enter).await;
    assert!(walk.seen.contains("9 of 11 values come from 1 source."), "{}", walk.seen);
    walk.press(KeyCode::Char('n')).await;
    assert_eq!(walk.app.route, Route::Secret);
    let rows = crate::tui::screens::secret::rows(&walk.app);
    let faulty = rows.iter().filter(|row| row.value.is_some() && !row.message.is_empty()).count();
    assert_eq!(faulty, 6, "all six are shown at once");
    assert_eq!(walk.app.secret.cursor, Some(Cursor::Key(Key::ClientSecret)), "the cursor is on the first of them");
    for key in [KeyCode::Char('f'), KeyCode::Down, KeyCode::Down] {
        walk.press(key).await;
    }
    walk.fill_in().await;
    walk.press(KeyCode::Enter).await;
    assert_eq!((walk.app.route, walk.app.plan.blocked.clone()), (Route::Review, Vec::new()));
    walk.press(KeyCode::Char('y')).await;
    assert!(walk.app.done.all_written(), "{:?}", walk.app.done.reports);
    let secret = walk.app.facts.secret.known().unwrap();
    let SecretContent::Text(text) = &secret.value.known().unwrap().content else { panic!("a text") };
    let document = Document::parse(text).unwrap();
    assert_eq!(document.entries().count(), 11);
    for (key, value) in [(Key::Tenant, "acme"), (Key::LogLevel, "INFO"), (Key::ClientSecret, CANARY)] {
        assert_eq!(document.value(key).unwrap().expose(), value);
    }
    assert!(walk.seen.contains("Written, and proven"), "{}", walk.seen);
    for _ in 0..5 {
        walk.press(KeyCode::PageDown).await;
    }
    for part in ["QuiltStackARN=arn:aws", "Take out the 9 variables", "BENCHLING_TENANT", "\"config_parameters\": 11"] {
        assert!(walk.seen.contains(part), "{part}: {}", walk.seen);
    }
    assert!(!walk.seen.contains(CANARY) && !walk.seen.contains("canary"), "hidden on every screen");
    assert_eq!(holding(home.path(), CANARY), ["prod.env"], "and in no file but the user's own");
}
