//! Systems other than the Quilt webhook: home, settings, access paths.

use std::sync::Arc;
use std::time::Duration;

use super::diagnoses::{refused, role, session, trusting};
use super::frames::both;
use super::*;
use crate::model::SystemChoice;
use crate::tui::app::Job;
use crate::tui::engine::Ask;
use crate::tui::keymap::Place;
use crate::tui::screens::access::{self, Pane};
use crate::tui::screens::home::offered_systems;
use crate::tui::screens::settings::{self, Cursor};
use crate::tui::theme::Mark;

const EXTERNAL_ID: &str = "cust-canary-42";
const OPERATOR: &str = "arn:aws:iam::111122223333:user/operator";

/// The roles of a bot: their names, which account they are in, and whether they let the operator in.
const ROLES: [(&str, &str, &str, bool); 6] = [
    ("prod", "444455556666", "SREReadOnly", true),
    ("prod-deploy", "444455556666", "SREDeploy", false),
    ("staging", "555566667777", "SREReadOnly", true),
    ("partner-logs", "777788889999", "team/LogReader", false),
    ("dev", "666677778888", "SREReadOnly", true),
    ("tools", "111122223333", "SRETools", true),
];

fn arn(account: &str, role: &str) -> String {
    format!("arn:aws:iam::{account}:role/{role}")
}

fn environment(roles: &[(String, String)], more: &[(&str, &str)]) -> SettingsSource {
    let entry = |(name, arn): &(String, String)| {
        let external =
            if name == "partner-logs" { format!(r#","external_id":"{EXTERNAL_ID}""#) } else { String::new() };
        let account = arn.split(':').nth(4).unwrap();
        format!(r#""{name}":{{"role_arn":"{arn}","account_id":"{account}"{external}}}"#)
    };
    let json = format!("{{{}}}", roles.iter().map(entry).collect::<Vec<_>>().join(","));
    let values = [("AWS_AUTH_ROLES", json.as_str())].into_iter().chain(more.iter().copied());
    SettingsSource {
        place: SettingsPlace::Environment,
        values: values.map(|(name, value)| (name.to_owned(), SecretText::new(value))).collect(),
        twice: Vec::new(),
        fault: None,
    }
}

/// On a machine whose environment names these roles; at home.
fn machine_of(roles: &[(String, String)]) -> App {
    let mut app = untouched();
    let source = environment(roles, &[("AWS_AUTH_DEFAULT_REGION", "us-east-1")]);
    app.facts.system.settings = Fact::Known(vec![source]);
    app.derive();
    app
}

fn named_roles() -> Vec<(String, String)> {
    ROLES.iter().map(|(name, account, role, _)| ((*name).to_owned(), arn(account, role))).collect()
}

/// The bot is open at its settings.
fn at_settings(roles: &[(String, String)]) -> App {
    let mut app = machine_of(roles);
    app.open_system("sre-roles");
    app.go(Route::Settings);
    app
}

fn asks(effects: &[Effect]) -> Vec<Ask> {
    let ask = |effect: &Effect| match effect {
        Effect::Gather { ask, .. } => Some(*ask),
        _ => None,
    };
    effects.iter().filter_map(ask).collect()
}

/// The look at a path: the role trusts the operator, and gives a session, or neither.
fn look(arn: &str, lets_in: bool) -> PathFacts {
    let trusted = if lets_in { OPERATOR } else { "arn:aws:iam::111122223333:user/deploy-bot" };
    let mut hop = role(arn, &trusting(trusted));
    hop.live = if lets_in { session() } else { refused(arn, "") };
    PathFacts { roles: vec![arn.to_owned()], hops: vec![hop], ..PathFacts::default() }
}

/// The access paths are being looked up: nothing has landed.
fn begun(roles: &[(String, String)]) -> App {
    let mut app = at_settings(roles);
    assert_eq!(asks(&press(&mut app, KeyCode::Char('n'))), [Ask::System]);
    let ids: Vec<String> = access::paths(&app).iter().map(|row| row.id.clone()).collect();
    land(&mut app, move |facts| {
        facts.system.begin(&ids, &[]);
        facts.system.paths.iter_mut().for_each(|path| path.facts.begin());
    });
    app
}

fn land(app: &mut App, change: impl FnOnce(&mut Facts) + Send + 'static) {
    let generation = app.running[&Ask::System].generation;
    app.update(Message::Landed { ask: Ask::System, generation, land: Box::new(change) });
}

/// Some paths land, by their places.
fn land_paths(
    app: &mut App,
    roles: &[(String, String)],
    which: impl Iterator<Item = usize>,
    lets_in: impl Fn(usize) -> bool,
) {
    let looks: Vec<(usize, PathFacts)> = which.map(|at| (at, look(&roles[at].1, lets_in(at)))).collect();
    let at = app.clock.saturating_sub(app.running[&Ask::System].since);
    land(app, move |facts| {
        let each = at / u32::try_from(looks.len()).unwrap();
        for (count, (index, look)) in (1..).zip(looks) {
            facts.system.land_path(index, Arc::new(look), true);
            facts.system.progress.land(1, each * count);
        }
    });
}

fn ended(app: &mut App) {
    let generation = app.running[&Ask::System].generation;
    app.update(Message::Ended { ask: Ask::System, generation });
}

/// Everything was looked up.
fn looked_up() -> App {
    let roles = named_roles();
    let mut app = begun(&roles);
    land_paths(&mut app, &roles, 0..ROLES.len(), |at| ROLES[at].3);
    ended(&mut app);
    app
}

fn under_cursor(app: &App) -> Option<String> {
    access::path_under_cursor(app).map(|row| row.label.clone())
}

#[test]
fn home_offers_what_the_machine_shows_signs_of_first() {
    let mut app = machine_of(&named_roles());
    app.update(Message::Tick);
    app.follow();
    both("home-signs", &app);
    let shown = text(&frame(&app, 80, 24));
    let line = |part: &str| shown.lines().position(|line| line.contains(part)).unwrap();
    assert!(line("6 roles") < line("Quilt and its webhook"), "{shown}");
    assert_eq!(app.job, Job::System("sre-roles"), "what is offered first is what Enter opens");
}

#[test]
fn once_a_key_was_pressed_a_sign_that_arrives_does_not_change_what_enter_hits() {
    let mut app = untouched();
    press(&mut app, KeyCode::Down);
    let under = app.job;
    app.facts.system.settings = Fact::Known(vec![environment(&named_roles(), &[])]);
    app.derive();
    app.follow();
    assert_eq!(app.job, under);
    assert_eq!(offered_systems(&app)[0].job, Job::System("sre-roles"));
}

/// The bot's roles were looked up, and the service itself refuses the third: its account is another.
fn one_refused_by_the_service() -> App {
    let mut app = looked_up();
    let choice = app.selection.system.as_mut().unwrap();
    choice.typed.insert("roles.staging.account_id".into(), "111111111111".into());
    app.derive();
    access::settle(&mut app);
    access::list(&mut app);
    app
}

#[test]
fn a_role_that_the_service_refuses_is_marked_and_stands_among_the_worst() {
    let app = one_refused_by_the_service();
    both("access-refused-by-service", &app);
    let row = access::paths(&app).iter().find(|row| row.label == "staging").unwrap();
    assert_eq!(access::mark_of(row), Mark::Fault);
    assert!(access::reason(row).contains("account"), "{}", access::reason(row));
    let shown = text(&frame(&app, 120, 40));
    let line = |part: &str| shown.lines().position(|line| line.contains(part)).unwrap();
    assert!(line("✗ staging") < line("✓ prod"), "{shown}");
    let tally = access::tally(&app);
    assert_eq!((tally.refused, tally.allowed, tally.doubtful), (2, 4, 1), "AWS refuses two, and gives a session of it");
    assert!(access::findings(&app).iter().all(|finding| finding.subject != "staging"), "its row says it");
}

#[test]
fn a_second_look_is_counted_by_itself_and_what_it_did_not_reach_is_dim() {
    let mut app = looked_up();
    press(&mut app, KeyCode::Char('r'));
    let ids: Vec<String> = access::paths(&app).iter().map(|row| row.id.clone()).collect();
    land(&mut app, move |facts| {
        facts.system.paths.iter_mut().for_each(|path| path.facts.begin());
        facts.system.begin(&ids, &[]);
    });
    assert!(access::opening(&app).contains("Asking about 6 roles"), "{}", access::opening(&app));
    assert!(matches!(app.esc_stops(), crate::tui::keymap::When::Yes), "from the first moment on");
    land_paths(&mut app, &named_roles(), 0..2, |at| ROLES[at].3);
    assert!(access::opening(&app).contains("2 are done, 1 of them refused"), "{}", access::opening(&app));
    both("access-second-look", &app);
    press(&mut app, KeyCode::Esc);
    let told = access::opening(&app);
    assert!(told.ends_with("4 are as the look before found them."), "{told}");
    both("access-second-look-stopped", &app);
}

#[test]
fn a_key_does_not_read_the_roles_again() {
    let roles: Vec<_> = (0..300).map(|n| (format!("role-{n:03}"), arn("444455556666", &format!("Role{n}")))).collect();
    let mut app = begun(&roles);
    land_paths(&mut app, &roles, 0..300, |at| at % 7 != 0);
    let choice = app.selection.system.as_mut().unwrap();
    for (name, _) in roles.iter().step_by(3) {
        choice.typed.insert(format!("roles.{name}.account_id"), "111111111111".into());
    }
    app.derive();
    ended(&mut app);
    // The first frame may make what every later one is drawn from.
    frame(&app, 120, 40);
    let before = crate::role_set::READ.get();
    let begun = std::time::Instant::now();
    press(&mut app, KeyCode::Down);
    frame(&app, 120, 40);
    eprintln!("a key and a frame took {:?}", begun.elapsed());
    assert_eq!(crate::role_set::READ.get(), before);
}

#[test]
fn of_several_systems_the_one_with_the_strongest_signs_is_offered_first() {
    let names = |more: &[(&str, &str)]| {
        let mut app = untouched();
        app.facts.system.settings = Fact::Known(vec![environment(&named_roles(), more)]);
        offered_systems(&app).into_iter().map(|offer| offer.job).collect::<Vec<_>>()
    };
    let role = ("AWS_ROLE_ARN", "arn:aws:iam::444455556666:role/WaveEcrAccess");
    let (wave, bot) = (Job::System("wave"), Job::System("sre-roles"));
    assert_eq!(names(&[role])[..2], [bot, wave], "any SDK reads that role");
    let own = [role, ("ECR_REGISTRY", "444455556666.dkr.ecr.eu-west-1.amazonaws.com"), ("AWS_EXTERNAL_ID", "acme-1")];
    assert_eq!(names(&own)[..2], [wave, bot]);
}

#[test]
fn settings_are_shown_with_where_they_stand() {
    let mut app = at_settings(&named_roles());
    both("settings", &app);
    assert!(!text(&frame(&app, 120, 40)).contains(EXTERNAL_ID), "external IDs are masked");
    app.settings.cursor = Some(Cursor::Setting(settings::rows(&app)[0].setting.name));
    press(&mut app, KeyCode::Char('v'));
    assert!(app.settings.revealed.is_some());
    app.clock += Duration::from_secs(10);
    app.update(Message::Tick);
    assert!(app.settings.revealed.is_none());
}

/// The environment holds these, and a system is open at its settings.
fn with_settings(system: &'static str, values: &[(&str, &str)]) -> App {
    let mut app = untouched();
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), SecretText::new(*value))).collect();
    let source = SettingsSource { place: SettingsPlace::Environment, values, fault: None, twice: Vec::new() };
    app.facts.system.settings = Fact::Known(vec![source]);
    app.derive();
    app.open_system(system);
    app.go(Route::Settings);
    app
}

fn mark_of_setting(app: &App, name: &str) -> Mark {
    settings::rows(app).iter().find(|row| row.setting.name == name).unwrap().mark()
}

#[test]
fn a_setting_that_the_system_judges_wrong_is_no_good_one() {
    let app = with_settings("sre-roles", &[("AWS_AUTH_ROLES", r#"{"prod": {"external_id": "canary-77"},}"#)]);
    both("settings-not-json", &app);
    assert_eq!(mark_of_setting(&app, "roles"), Mark::Fault);
    assert_eq!(crate::tui::steps::mark(&app, Route::Settings), Mark::Fault);
    assert!(settings::opening(&app).contains("NO ROLES"), "{}", settings::opening(&app));
    let shown = text(&frame(&app, 80, 24));
    assert!(shown.contains("not JSON") && !shown.contains("canary"), "{shown}");

    let long = "s".repeat(65);
    let entry = format!(
        r#"{{"prod":{{"role_arn":"{}","account_id":"444455556666","role_session_name":"{long}"}}}}"#,
        arn("444455556666", "A")
    );
    let app = with_settings("sre-roles", &[("AWS_AUTH_ROLES", &entry)]);
    assert_eq!(mark_of_setting(&app, "roles"), Mark::Fault, "what is wrong with an entry is wrong with the setting");
    let single = [("AWS_AUTH_DEFAULT_ROLE_ARN", "arn:aws:iam::123:role/x"), ("AWS_AUTH_DEFAULT_ACCOUNT_ID", "123")];
    assert_eq!(mark_of_setting(&with_settings("sre-roles", &single), "role-arn"), Mark::Fault);
    let both = [("OP_ACCOUNT", "nf-core"), ("OP_SERVICE_ACCOUNT_TOKEN", "t")];
    assert_eq!(mark_of_setting(&with_settings("megatests", &both), "op-account"), Mark::Fault);
    assert_eq!(mark_of_setting(&with_settings("megatests", &both[..1]), "op-account"), Mark::Doubt);
    assert_eq!(mark_of_setting(&at_settings(&named_roles()), "roles"), Mark::Good);
}

#[test]
fn a_message_that_is_about_no_role_is_explained_and_no_role_is_asked_for() {
    let mut app = untouched();
    press(&mut app, KeyCode::Char('p'));
    write(&mut app, "Failed to get credentials from 1Password");
    press(&mut app, KeyCode::Enter);
    both("ask-no-role", &app);
    let shown = text(&frame(&app, 80, 24));
    assert!(shown.contains("pulumi-onepassword:service_account_token"), "{shown}");
    assert!(!shown.contains("type the ARN"), "{shown}");
}

/// Which systems home offers, from the top, where the environment holds these.
fn offered(values: &[(&str, &str)]) -> Vec<Job> {
    let mut app = with_settings("wave", values);
    app.go(Route::Home);
    crate::tui::screens::home::offered_systems(&app).iter().map(|offer| offer.job).collect()
}

#[test]
fn variables_that_two_systems_share_put_neither_first() {
    let shared = [("TOWER_ACCESS_TOKEN", "t"), ("TOWER_WORKSPACE_ID", "42")];
    assert_eq!(offered(&shared), offered(&[]));
    let with = |more| [shared[0], shared[1], more];
    assert_eq!(offered(&with(("GITHUB_TOKEN", "t")))[0], Job::System("megatests"));
    let host = "444455556666.dkr.ecr.eu-west-1.amazonaws.com";
    assert_eq!(offered(&with(("ECR_REGISTRY", host)))[0], Job::System("wave"));
}

/// A principal that is the role of a path: what is wrong with the path is not said of the principal again.
#[tokio::test]
async fn paths_and_principals_are_counted_and_marked_apart() {
    let home = tempfile::tempdir().unwrap();
    let (here, selection) = super::worlds::world("wave-external-id", home.path());
    let app = super::worlds::on_screen(here, selection, crate::tui::Start::System).await;
    let shown = text(&frame(&app, 80, 24));
    assert!(shown.contains("Access 1 path, 1 principal"), "{shown}");
    let question = &access::questions(&app)[0];
    assert_eq!(access::paths(&app)[0].label, question.label);
    assert_eq!(access::mark_of(&access::paths(&app)[0]), Mark::Fault);
    assert_eq!(access::mark_of_principal(&app, question), Mark::Good, "{shown}");
}

/// What nobody shall be allowed reads as what it is, and what is merely worth knowing is on the screen as it is in the report.
#[tokio::test]
async fn what_is_expected_of_a_principal_and_what_is_worth_knowing_are_told() {
    let home = tempfile::tempdir().unwrap();
    let (here, selection) = super::worlds::world("megatests-overlap", home.path());
    let mut app = super::worlds::on_screen(here, selection, crate::tui::Start::System).await;
    let shown = text(&frame(&app, 120, 40));
    assert!(shown.contains("✓ may launch and watch jobs"), "{shown}");
    assert!(shown.contains("✓ may not do the infrastructure's work"), "{shown}");
    press(&mut app, KeyCode::Tab);
    let shown = text(&frame(&app, 120, 40));
    assert!(shown.contains("○ Every one of the 24 actions of TowerForge-Launch-Policy"), "{shown}");
}

/// The eye finds the fault first: before everything that is as it should be.
#[tokio::test]
async fn what_is_wrong_with_a_principal_comes_before_what_is_right() {
    let home = tempfile::tempdir().unwrap();
    let (here, selection) = super::worlds::world("megatests-no-key", home.path());
    let app = super::worlds::on_screen(here, selection, crate::tui::Start::System).await;
    let shown = text(&frame(&app, 80, 24));
    let line = |part: &str| shown.lines().position(|line| line.contains(part));
    assert!(line("✗ TowerForge-AWSMegatests has no access key") < line("✓ may build"), "{shown}");
    assert!(line("has no access key").is_some() && shown.contains("uv run pulumi up --refresh"), "{shown}");
}

#[test]
fn a_setting_is_typed_under_its_rule_and_nothing_is_looked_up_for_it() {
    let mut app = at_settings(&named_roles());
    let name = "caching";
    app.settings.cursor = Some(Cursor::Setting(name));
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.place(), Place::Setting);
    write(&mut app, "soon");
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.place(), Place::Setting, "what breaks the rule is not taken");
    both("settings-editing", &app);
    app.update(Message::Key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)));
    write(&mut app, "false");
    assert_eq!(asks(&press(&mut app, KeyCode::Enter)), [], "nothing is looked up before one goes on");
    assert_eq!(app.system.settings.get(name), Some("false"));
    assert!(app.unsaved(), "what was typed stands nowhere else");
    assert_eq!(press(&mut app, KeyCode::Char('q')), []);
    assert!(text(&frame(&app, 80, 24)).contains("Leave?"));
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.keep_draft(), None, "it is no draft of a set-up");
    press(&mut app, KeyCode::Delete);
    assert!(app.system.settings.get(name).is_none() && !app.unsaved());
}

#[test]
fn what_stands_in_the_environment_can_be_left_out_and_taken_in_again() {
    let mut app = at_settings(&named_roles());
    app.settings.cursor = Some(Cursor::Setting(settings::rows(&app)[0].setting.name));
    let paths = |app: &App| app.judgement.system.rows.len();
    assert_eq!(paths(&app), 6);
    press(&mut app, KeyCode::Delete);
    assert_eq!(paths(&app), 0);
    assert!(text(&frame(&app, 80, 24)).contains("left out"));
    press(&mut app, KeyCode::Delete);
    assert_eq!(paths(&app), 6);
}

#[test]
fn a_file_is_named_and_read_at_once() {
    let mut app = at_settings(&named_roles());
    press(&mut app, KeyCode::Char('o'));
    write(&mut app, "~/bot.env");
    assert_eq!(asks(&press(&mut app, KeyCode::Enter)), [Ask::Survey]);
    assert_eq!(app.selection.system.as_ref().unwrap().files, [std::path::PathBuf::from("/home/op/bot.env")]);
}

#[test]
fn access_paths_are_shown_worst_first() {
    let mut app = looked_up();
    both("access", &app);
    let shown = text(&frame(&app, 80, 24));
    assert!(shown.contains("2 of 6 roles cannot be assumed."), "{shown}");
    assert_eq!(under_cursor(&app).as_deref(), Some("prod-deploy"), "the worst is under the cursor");
    press(&mut app, KeyCode::Char('/'));
    write(&mut app, "logs");
    both("access-filter", &app);
    press(&mut app, KeyCode::Esc);
    press(&mut app, KeyCode::Tab);
    assert_eq!(app.access.pane, Pane::Findings);
    both("access-findings", &app);
}

#[test]
fn rows_that_land_move_neither_the_cursor_nor_each_other() {
    let roles = named_roles();
    let mut app = begun(&roles);
    assert_eq!(
        under_cursor(&app),
        None,
        "nothing is under the cursor before the user or the end of the look puts it there"
    );
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Down);
    let order = |app: &App| app.access.items().iter().map(|item| item.id.clone()).collect::<Vec<_>>();
    let (before, under) = (order(&app), under_cursor(&app));
    assert_eq!(under.as_deref(), Some("prod-deploy"));
    for at in [5, 1, 3] {
        land_paths(&mut app, &roles, std::iter::once(at), |at| ROLES[at].3);
        assert_eq!((order(&app), under_cursor(&app)), (before.clone(), under.clone()));
    }
    press(&mut app, KeyCode::Char('s'));
    assert_ne!(order(&app), before, "asked for, they are sorted");
    assert_eq!(under_cursor(&app), under);
    land_paths(&mut app, &roles, [0, 2, 4].into_iter(), |at| ROLES[at].3);
    ended(&mut app);
    assert_eq!(under_cursor(&app), under, "and so they are at the end");
    assert_eq!(order(&app)[0], "path prod-deploy");
}

#[test]
fn a_look_can_be_stopped_and_taken_up_again() {
    let roles = named_roles();
    let mut app = begun(&roles);
    land_paths(&mut app, &roles, 0..2, |at| ROLES[at].3);
    app.clock += Duration::from_secs(1);
    let shown = text(&frame(&app, 80, 24));
    assert!(shown.contains("Asking about 6 roles: 2 are done, 1 of them refused."), "{shown}");
    assert!(shown.contains("2 of 6") && shown.contains("Esc stop"), "{shown}");
    assert_eq!(press(&mut app, KeyCode::Esc), [Effect::Cancel]);
    let shown = text(&frame(&app, 80, 24));
    assert!(shown.contains("1 of 6 roles cannot be assumed. 4 were not looked at."), "{shown}");
    assert_eq!(asks(&press(&mut app, KeyCode::Char('r'))), [Ask::System]);
}

#[test]
fn going_back_and_on_again_looks_up_only_what_changed() {
    let mut app = looked_up();
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.route, Route::Settings);
    assert_eq!(asks(&press(&mut app, KeyCode::Char('n'))), [], "the same paths");
    press(&mut app, KeyCode::Esc);
    app.settings.cursor = Some(Cursor::Principal);
    press(&mut app, KeyCode::Enter);
    write(&mut app, "arn:aws:iam::111122223333:role/bot");
    press(&mut app, KeyCode::Enter);
    assert!(access::paths(&app).iter().all(|row| row.live.is_none()), "what was found was for others");
    assert_eq!(asks(&press(&mut app, KeyCode::Char('n'))), [Ask::System]);
}

#[test]
fn a_path_is_diagnosed_by_itself_and_esc_leads_back_to_its_row() {
    let mut app = looked_up();
    press(&mut app, KeyCode::Down);
    let before = dump(&frame(&app, 80, 24));
    assert_eq!(asks(&press(&mut app, KeyCode::Enter)), [], "it was looked up closely");
    assert_eq!(app.route, Route::Diagnose);
    let shown = text(&frame(&app, 80, 24));
    assert!(shown.contains("→ role/LogReader") && shown.contains("Denied"), "{shown}");
    assert!(app.judgement.system.rows.is_empty(), "what is reported is the diagnosis alone");
    press(&mut app, KeyCode::Esc);
    assert_eq!(dump(&frame(&app, 80, 24)), before);
}

#[test]
fn another_job_puts_the_system_away_and_it_comes_back_as_it_was() {
    let mut app = looked_up();
    app.settings.cursor = Some(Cursor::Inspectors);
    app.go(Route::Settings);
    press(&mut app, KeyCode::Enter);
    write(&mut app, "audit");
    press(&mut app, KeyCode::Enter);
    app.go(Route::Home);
    app.open_job(Job::SetUp);
    assert!(app.selection.system.is_none() && app.judgement.system.rows.is_empty());
    assert!(app.judgement.findings.iter().all(|finding| !finding.id.starts_with("hop/")));
    app.go(Route::Home);
    app.open_job(Job::System("sre-roles"));
    assert_eq!(app.selection.system.as_ref().unwrap().inspectors, ["audit"]);
}

#[test]
fn a_thousand_roles_are_looked_up_with_progress_and_scroll_at_once() {
    let roles: Vec<(String, String)> =
        (0..1_000).map(|at| (format!("team-{at:03}"), arn("444455556666", &format!("Team{at:03}")))).collect();
    let mut app = begun(&roles);
    app.clock += Duration::from_secs(14);
    land_paths(&mut app, &roles, 0..412, |at| at % 100 != 7);
    both("access-progress", &app);
    let shown = text(&frame(&app, 80, 24));
    assert!(shown.contains("412 of 1,000, about 20 s left"), "{shown}");
    let begins = std::time::Instant::now();
    for _ in 0..100 {
        press(&mut app, KeyCode::PageDown);
        frame(&app, 120, 40);
    }
    assert!(begins.elapsed() < Duration::from_secs(5), "{:?} for a hundred pages", begins.elapsed());
    assert_eq!(under_cursor(&app).as_deref(), Some("team-990"));
}

#[test]
fn a_system_that_the_command_line_named_opens_at_its_walk() {
    let selection = Selection { system: Some(SystemChoice::of("wave")), ..Selection::new() };
    let mut app = App::new(now(), selection, setting());
    assert_eq!(app.job, Job::System("wave"), "at home the cursor is on it");
    app.open_at(crate::tui::Start::System);
    assert_eq!((app.route, app.walk), (Route::Source, Walk::System));
    assert!(!app.unsaved());
}
