//! Asking which access was denied, and what one can do while the diagnosis is on the screen.

use std::time::Duration;

use super::*;
use crate::model::facts::{HopFacts, KnownRole, MfaDevice};
use crate::model::inquiry::ProbeTarget;
use crate::model::{Hop, Inquiry};
use crate::policy::Answer;
use crate::tui::app::Job;
use crate::tui::engine::Ask;
use crate::tui::keymap::{self, Place};
use crate::tui::screens::ask::{self, Row};

const TARGET: &str = "arn:aws:iam::444455556666:role/Target";
const WANTS_ID: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
    "Principal":{"AWS":"arn:aws:iam::111122223333:user/operator"},"Condition":{"StringEquals":{"sts:ExternalId":"cust-42"}}}}"#;
const WANTS_MFA: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
    "Principal":{"AWS":"arn:aws:iam::111122223333:user/operator"},"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}"#;
const OPEN: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
    "Principal":{"AWS":"arn:aws:iam::111122223333:user/operator"}}}"#;

fn message(caller: &str) -> String {
    format!(
        "An error occurred (AccessDenied) when calling the AssumeRole operation: User: {caller} is not authorized to perform: \
         sts:AssumeRole on resource: {TARGET}"
    )
}

fn at_home() -> App {
    let mut app = untouched();
    app.facts.machine = Fact::Known(Machine {
        roles: vec![
            KnownRole {
                hops: vec![Hop { external_id: Some("cust-24".into()), ..Hop::to(TARGET) }],
                from: "AWS profile partner".into(),
                source: Some(CredentialSource::Profile("research".into())),
                mfa_serial: None,
            },
            KnownRole {
                hops: vec![
                    Hop::to("arn:aws:iam::111122223333:role/Jump"),
                    Hop::to("arn:aws:iam::777788889999:role/Far"),
                ],
                from: "AWS profile far".into(),
                source: Some(CredentialSource::Profile("staging".into())),
                mfa_serial: None,
            },
        ],
        ..machine()
    });
    app
}

fn asking() -> App {
    let mut app = at_home();
    app.go(Route::Ask);
    app
}

fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    app.update(Message::Paste(text.into()))
}

fn shown(app: &App) -> String {
    text(&frame(app, 80, 24))
}

fn gathers(effects: &[Effect]) -> Vec<Ask> {
    let ask = |effect: &Effect| match effect {
        Effect::Gather { ask, .. } => Some(*ask),
        _ => None,
    };
    effects.iter().filter_map(ask).collect()
}

/// What the effect looks the path up with.
fn sent(effects: &[Effect]) -> Inquiry {
    let path = effects.iter().find_map(|effect| match effect {
        Effect::Gather { ask: Ask::Path, selection, .. } => selection.inquiry.clone(),
        _ => None,
    });
    path.unwrap_or_else(|| panic!("no path is looked up: {effects:?}"))
}

/// The path was looked up, with this trust policy, and refused.
fn looked_up(app: &mut App, trust: &'static str, refused: bool) {
    let generation = app.running[&Ask::Path].generation;
    let land = move |into: &mut Facts| {
        let arn = RoleArn::parse(TARGET).unwrap();
        let outcome = match refused {
            true => Err(AwsError {
                code: Some("AccessDenied".into()),
                ..AwsError::local(ErrorKind::Denied, "sts:AssumeRole", "not authorized to perform: sts:AssumeRole")
            }),
            false => Ok("2026-03-04T13:00:00Z".parse().unwrap()),
        };
        let live = LiveCall { at: now(), took: Duration::from_millis(91), session_name: "rolecall-x".into(), outcome };
        into.path.roles = vec![TARGET.into()];
        into.path.hops =
            vec![HopFacts { detail: Fact::Known(detail(&arn, trust)), live: Fact::Known(live), ..HopFacts::default() }];
    };
    app.update(Message::Landed { ask: Ask::Path, generation, land: Box::new(land) });
}

fn end(app: &mut App) -> Vec<Effect> {
    let generation = app.running[&Ask::Path].generation;
    app.update(Message::Ended { ask: Ask::Path, generation })
}

fn diagnosed(trust: &'static str) -> App {
    let mut app = asking();
    app.diagnose(Inquiry::of_role(TARGET, "typed"));
    looked_up(&mut app, trust, true);
    end(&mut app);
    assert_eq!(app.path_verdicts().len(), 1);
    app
}

fn wait(app: &mut App, time: Duration) -> Vec<Effect> {
    app.clock += time;
    app.update(Message::Tick)
}

#[test]
fn a_message_pasted_at_home_is_read_at_once_and_enter_diagnoses_it() {
    let mut app = at_home();
    paste(&mut app, &message("arn:aws:iam::111122223333:user/ci"));
    assert_eq!((app.route, app.place()), (Route::Ask, Place::Screen(Route::Ask)));
    let screen = shown(&app);
    for part in ["user/ci of 1111-2222-3333", "sts:AssumeRole", "role/Target of 4444-5555-6666", "Enter diagnose"] {
        assert!(screen.contains(part), "{part}\n{screen}");
    }
    let effects = press(&mut app, KeyCode::Enter);
    let inquiry = sent(&effects);
    assert_eq!((app.route, inquiry.hops[0].role_arn.as_str()), (Route::Diagnose, TARGET));
    assert_eq!(inquiry.principal.map(|arn| arn.short()).as_deref(), Some("user/ci"));
    assert!(inquiry.message.is_some_and(|message| message.expose().starts_with("An error occurred")));
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.route, Route::Ask);
    assert!(shown(&app).contains("role/Target of 4444-5555-6666"), "what was pasted is still there");
}

#[test]
fn p_opens_the_field_and_what_was_typed_survives_escape() {
    let mut app = at_home();
    press(&mut app, KeyCode::Char('p'));
    assert_eq!((app.job, app.place()), (Job::Diagnose, Place::Message));
    write(&mut app, "q is no command here");
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.place(), Place::Screen(Route::Ask));
    press(&mut app, KeyCode::Esc);
    press(&mut app, KeyCode::Char('p'));
    assert_eq!(app.inquiring.message.field.text(), "q is no command here");
    press(&mut app, KeyCode::Enter);
    assert!(shown(&app).contains("This is no error message of AWS that rolecall knows"), "{}", shown(&app));
    assert!(matches!(ask::under_cursor(&app), Some(Row::Known(_))), "the cursor goes to what can be picked");
}

#[test]
fn a_message_of_another_account_says_so_and_offers_its_aws_profiles() {
    let mut app = asking();
    paste(&mut app, &message("arn:aws:iam::777788889999:user/ci"));
    let screen = shown(&app);
    assert!(screen.contains("The caller is of 7777-8888-9999, AWS profile staging of 1111-2222-3333."), "{screen}");
    assert!(screen.contains("use AWS profile research") && !screen.contains("use AWS profile audit"), "{screen}");
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!(app.selection.source, Some(CredentialSource::Profile("research".into())));
    assert_eq!((app.route, gathers(&effects)), (Route::Ask, vec![Ask::Survey, Ask::Identity]));
    assert_eq!(ask::under_cursor(&app), Some(Row::Message));
}

#[test]
fn known_roles_are_listed_with_their_account_and_where_they_come_from() {
    let app = asking();
    let screen = shown(&app);
    for part in ["ReadQuiltV2-quilt-prod", "read role of stack quilt-prod", "AWS profile partner", "Jump → Far"] {
        assert!(screen.contains(part), "{part}\n{screen}");
    }
    let ids: Vec<String> = ask::rows(&app).iter().map(Row::id).collect();
    let once: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(ids.len(), once.len());
}

#[test]
fn a_role_of_an_aws_profile_is_asked_for_with_the_credentials_it_rests_on() {
    let mut app = asking();
    let partner = ask::rows(&app).into_iter().find(|row| row.id().contains("partner")).unwrap();
    app.inquiring.list.selected = Some(partner.id());
    assert!(shown(&app).contains("AWS profile research"), "with whom it asks is said before");
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!(app.selection.source, Some(CredentialSource::Profile("research".into())));
    assert_eq!(gathers(&effects), [Ask::Survey, Ask::Identity], "first who that is");
    let generation = app.running[&Ask::Identity].generation;
    let land = Box::new(|into: &mut Facts| into.identity = facts().identity);
    let effects = app.update(Message::Landed { ask: Ask::Identity, generation, land });
    assert_eq!(gathers(&effects), [Ask::Path], "nothing of the walk is looked up for a diagnosis");
    assert_eq!(sent(&effects).hops[0].external_id.as_deref(), Some("cust-24"));
    let generation = app.running[&Ask::Path].generation;
    app.update(Message::Ended { ask: Ask::Path, generation });
    let effects = press(&mut app, KeyCode::Esc);
    assert_eq!(gathers(&effects), [Ask::Stacks, Ask::Secrets, Ask::Stack], "it is caught up with on the way back");
}

#[test]
fn credentials_that_lead_to_nobody_are_diagnosed_too() {
    let mut app = asking();
    app.facts.identity = Fact::Failed(AwsError::local(ErrorKind::Credentials, "sso", "expired"));
    let effects = app.diagnose(Inquiry::of_role(TARGET, "typed"));
    assert_eq!(gathers(&effects), [Ask::Path]);
}

#[test]
fn a_path_is_typed_field_by_field_and_escape_loses_nothing() {
    let mut app = asking();
    press(&mut app, KeyCode::End);
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.place(), Place::Form);
    write(&mut app, "arn:aws:iam:444455556666:role/Target");
    assert_eq!(press(&mut app, KeyCode::Enter), []);
    assert!(shown(&app).contains("one colon is missing"), "{}", shown(&app));
    app.update(Message::Key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)));
    paste(&mut app, TARGET);
    press(&mut app, KeyCode::Tab);
    write(&mut app, "cust-24");
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.place(), Place::Screen(Route::Ask));
    assert!(shown(&app).contains("A path to be typed") && shown(&app).contains("Target"));
    press(&mut app, KeyCode::Enter);
    assert!(shown(&app).contains("cust-24"));
    app.update(Message::Key(KeyEvent::new(KeyCode::Char('n'), KeyModifiers::CONTROL)));
    assert!(shown(&app).contains("Hop 2"));
    app.update(Message::Key(KeyEvent::new(KeyCode::Char('x'), KeyModifiers::CONTROL)));
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!(sent(&effects).hops, [Hop { external_id: Some("cust-24".into()), ..Hop::to(TARGET) }]);
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.inquiring.typed.len(), 1, "it is offered again");
}

#[test]
fn a_known_role_is_changed_in_the_form_before_it_is_diagnosed() {
    let mut app = asking();
    let partner = ask::rows(&app).into_iter().find(|row| row.id().contains("partner")).unwrap();
    app.inquiring.list.selected = Some(partner.id());
    press(&mut app, KeyCode::Char('e'));
    let screen = shown(&app);
    assert!(screen.contains(TARGET) && screen.contains("cust-24"), "{screen}");
}

#[test]
fn what_the_message_leads_to_is_copied_as_a_command() {
    let mut app = asking();
    paste(&mut app, &message("arn:aws:iam::111122223333:user/ci"));
    press(&mut app, KeyCode::Char('c'));
    let effects = press(&mut app, KeyCode::Enter);
    assert!(matches!(effects.as_slice(), [Effect::Copy(command)] if command.starts_with("aws ")), "{effects:?}");
}

#[test]
fn who_asks_comes_first_when_nobody_is_known() {
    let mut app = asking();
    app.facts.identity = Fact::Failed(AwsError::local(ErrorKind::Credentials, "sso", "expired"));
    app.diagnose(Inquiry::of_role(TARGET, "typed"));
    let generation = app.running[&Ask::Path].generation;
    app.update(Message::Ended { ask: Ask::Path, generation });
    assert_eq!(gathers(&press(&mut app, KeyCode::Char('r'))), [Ask::Identity]);
}

#[test]
fn the_cursor_stays_on_its_row_while_roles_arrive() {
    let mut app = asking();
    press(&mut app, KeyCode::Down);
    let before = app.inquiring.list.selected.clone();
    app.selection.inquiry = Some(Inquiry::of_role("arn:aws:iam::111122223333:role/New", "the world"));
    app.derive();
    app.follow();
    assert_eq!(app.inquiring.list.selected, before);
}

#[test]
fn a_path_that_was_chosen_beforehand_is_what_enter_diagnoses() {
    let mut app = at_home();
    let pasted = Some(message("arn:aws:iam::111122223333:user/operator").into());
    app.selection.inquiry = Some(Inquiry { message: pasted, ..Inquiry::of_role(TARGET, "the world") });
    app.open_job(Job::Diagnose);
    assert!(shown(&app).contains("user/operator of 1111-2222-3333"), "its message is read again: {}", shown(&app));
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!(sent(&effects).hops[0].role_arn, TARGET);
}

#[test]
fn the_program_opens_at_the_diagnosis_of_the_role_that_was_named() {
    let mut app = fresh();
    app.selection.inquiry = Some(Inquiry::of_role(TARGET, "named"));
    app.open_at(crate::tui::Start::Diagnose);
    assert_eq!((app.route, gathers(&app.begin())), (Route::Diagnose, vec![Ask::Survey]));
    let generation = app.running[&Ask::Survey].generation;
    let land = Box::new(|into: &mut Facts| into.sources = facts().sources);
    app.update(Message::Landed { ask: Ask::Survey, generation, land });
    let effects = app.update(Message::Ended { ask: Ask::Survey, generation });
    assert_eq!((gathers(&effects), app.place()), (vec![], Place::Prompt), "several AWS profiles: the user says which");
    write(&mut app, "stag");
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!(app.selection.source, Some(CredentialSource::Profile("staging".into())));
    assert_eq!(gathers(&effects), [Ask::Survey, Ask::Identity]);
}

#[test]
fn enter_on_a_role_diagnoses_it_for_the_webhook_with_its_bucket() {
    let mut app = untouched();
    app.facts.secret = Fact::Known(broken_secret());
    app.selection.secret = Some("benchling-webhook-prod".into());
    app.selection.external_id = Some("cust-42".into());
    app.derive();
    app.go(Route::Roles);
    press(&mut app, KeyCode::Down);
    let effects = press(&mut app, KeyCode::Enter);
    let inquiry = sent(&effects);
    assert!(inquiry.hops[0].role_arn.ends_with("role/ReadWriteQuiltV2-quilt-prod"));
    assert_eq!(inquiry.hops[0].external_id.as_deref(), Some("cust-42"));
    assert_eq!(inquiry.principal, app.facts.workload.arn.known().cloned());
    assert_eq!(inquiry.probes, [ProbeTarget::Bucket { name: "quilt-old".into(), writes: true }]);
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.route, Route::Roles);
}

#[test]
fn running_it_again_keeps_the_verdict_until_the_new_one_is_there() {
    let mut app = diagnosed(WANTS_ID);
    let effects = press(&mut app, KeyCode::Char('r'));
    assert_eq!(gathers(&effects), [Ask::Path]);
    looked_up(&mut app, OPEN, false);
    assert_eq!(app.path_verdicts()[0].decision.verdict, Answer::Deny, "half an answer changes nothing");
    end(&mut app);
    assert_eq!(app.path_verdicts()[0].decision.verdict, Answer::Allow);
    app.diagnose(Inquiry::of_role("arn:aws:iam::444455556666:role/Other", "typed"));
    assert!(app.path_verdicts().is_empty(), "a verdict on another role is none on this one");
}

#[test]
fn watching_counts_down_and_waits_longer_each_time() {
    let mut app = diagnosed(WANTS_ID);
    assert_eq!(app.next_tick(), None);
    press(&mut app, KeyCode::Char('w'));
    assert!(shown(&app).contains("watching, test 1 in 5 s; at most 15 min more"), "{}", shown(&app));
    let mut pauses = Vec::new();
    for _ in 0..7 {
        let mut waited = Duration::ZERO;
        loop {
            let tick = app.next_tick().unwrap();
            assert!(tick <= Duration::from_secs(1) && !tick.is_zero(), "{tick:?}");
            waited += tick;
            if gathers(&wait(&mut app, tick)) == [Ask::Path] {
                break;
            }
        }
        pauses.push(waited.as_secs());
        assert!(shown(&app).contains("asking now"), "{}", shown(&app));
        looked_up(&mut app, WANTS_ID, true);
        end(&mut app);
    }
    assert_eq!(pauses, [5, 10, 20, 40, 60, 60, 60]);
}

#[test]
fn a_watch_ends_with_the_change_its_time_and_one_bell() {
    let mut app = diagnosed(WANTS_ID);
    press(&mut app, KeyCode::Char('w'));
    wait(&mut app, Duration::from_secs(5));
    looked_up(&mut app, OPEN, false);
    assert_eq!(end(&mut app), [Effect::Bell]);
    let screen = shown(&app);
    assert!(screen.contains("you: denied → allowed at "), "{screen}");
    assert_eq!(app.next_tick(), None);
    press(&mut app, KeyCode::Char('j'));
    assert!(shown(&app).contains("denied → allowed"), "it stays to be read");
    assert_eq!(wait(&mut app, Duration::from_secs(60)), []);
}

#[test]
fn a_watch_ends_after_fifteen_minutes_and_by_w_and_by_escape() {
    let mut app = diagnosed(WANTS_ID);
    press(&mut app, KeyCode::Char('w'));
    app.clock += Duration::from_secs(15 * 60);
    app.update(Message::Tick);
    looked_up(&mut app, WANTS_ID, true);
    assert_eq!(end(&mut app), [Effect::Bell]);
    assert!(shown(&app).contains("watched for 15 min, 1 test: nothing changed"), "{}", shown(&app));
    for key in [KeyCode::Char('w'), KeyCode::Esc] {
        press(&mut app, KeyCode::Char('w'));
        assert!(app.watch.active.is_some());
        press(&mut app, key);
        assert_eq!((app.watch.active.is_none(), app.route), (true, Route::Diagnose), "{key:?}");
    }
}

#[test]
fn what_could_not_be_looked_up_once_ends_no_watch() {
    let mut app = diagnosed(WANTS_ID);
    press(&mut app, KeyCode::Char('w'));
    wait(&mut app, Duration::from_secs(5));
    let generation = app.running[&Ask::Path].generation;
    let land = |into: &mut Facts| {
        into.path.hops = vec![HopFacts {
            live: Fact::Failed(AwsError::local(ErrorKind::Network, "sts:AssumeRole", "no route")),
            ..HopFacts::default()
        }];
    };
    app.update(Message::Landed { ask: Ask::Path, generation, land: Box::new(land) });
    assert_eq!(end(&mut app), []);
    assert!(app.watch.active.is_some());
}

#[test]
fn a_code_is_typed_unseen_and_sent_once() {
    let mut app = diagnosed(WANTS_MFA);
    app.facts.path.mfa_devices = Fact::Known(vec![
        MfaDevice { serial: "arn:aws:iam::111122223333:u2f/user/operator/key".into() },
        MfaDevice { serial: "arn:aws:iam::111122223333:mfa/operator".into() },
    ]);
    press(&mut app, KeyCode::Char('m'));
    assert_eq!(app.place(), Place::Prompt, "one of the two gives codes: there is nothing to choose");
    write(&mut app, "12345");
    press(&mut app, KeyCode::Enter);
    assert!(shown(&app).contains("a code has six digits"));
    write(&mut app, "6");
    assert!(!shown(&app).contains("123456") && shown(&app).contains("••••••"), "{}", shown(&app));
    let effects = press(&mut app, KeyCode::Enter);
    let mfa = sent(&effects).mfa.unwrap();
    assert_eq!((mfa.serial.as_str(), mfa.code.expose()), ("arn:aws:iam::111122223333:mfa/operator", "123456"));
    assert!(!format!("{effects:?}").contains("123456"));
    looked_up(&mut app, WANTS_MFA, true);
    end(&mut app);
    assert_eq!(sent(&press(&mut app, KeyCode::Char('r'))).mfa, None, "a code works once");
}

#[test]
fn of_several_devices_one_is_chosen_and_without_codes_it_says_so() {
    let device = |name: &str| MfaDevice { serial: format!("arn:aws:iam::111122223333:{name}") };
    let mut app = diagnosed(WANTS_MFA);
    app.facts.path.mfa_devices = Fact::Known(vec![device("mfa/phone"), device("mfa/token")]);
    press(&mut app, KeyCode::Char('m'));
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Enter);
    write(&mut app, "654321");
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!(sent(&effects).mfa.unwrap().serial, "arn:aws:iam::111122223333:mfa/token");
    let mut app = diagnosed(WANTS_MFA);
    app.facts.path.mfa_devices = Fact::Known(vec![device("u2f/user/operator/key")]);
    assert_eq!(press(&mut app, KeyCode::Char('m')), []);
    assert!(app.prompt.is_none() && app.note.as_deref().is_some_and(|note| note.contains("give no codes")));
    let mut app = diagnosed(WANTS_ID);
    press(&mut app, KeyCode::Char('m'));
    assert!(app.prompt.is_none() && app.note.is_none(), "nobody wants MFA");
}

#[test]
fn the_wanted_external_id_is_sent_only_after_a_yes_and_once() {
    let mut app = diagnosed(WANTS_ID);
    press(&mut app, KeyCode::Char('E'));
    assert!(shown(&app).contains("Send the wanted external ID, once?"), "{}", shown(&app));
    assert_eq!(press(&mut app, KeyCode::Enter), [], "the default is not to");
    press(&mut app, KeyCode::Char('E'));
    let effects = press(&mut app, KeyCode::Char('y'));
    assert!(sent(&effects).tries_wanted_external_id);
    looked_up(&mut app, WANTS_ID, true);
    end(&mut app);
    assert!(!sent(&press(&mut app, KeyCode::Char('r'))).tries_wanted_external_id);
    let mut app = diagnosed(WANTS_MFA);
    press(&mut app, KeyCode::Char('E'));
    assert_eq!(app.place(), Place::Screen(Route::Diagnose), "the trust policy wants none");
}

#[test]
fn an_expired_login_is_waited_for_and_the_diagnosis_goes_on() {
    let mut app = at_home();
    app.selection.source = Some(CredentialSource::Profile("prod-admin".into()));
    app.facts.identity = Fact::NotAsked;
    app.facts.credentials = Fact::Failed(AwsError::local(ErrorKind::Credentials, "sso", "the SSO token has expired"));
    app.derive();
    app.go(Route::Ask);
    app.diagnose(Inquiry::of_role(TARGET, "typed"));
    let generation = app.running[&Ask::Path].generation;
    app.update(Message::Ended { ask: Ask::Path, generation });
    let screen = shown(&app);
    assert!(screen.contains("needs a login") && screen.contains("aws sso login --profile prod-admin"), "{screen}");
    let source = CredentialSource::Profile("prod-admin".into());
    assert_eq!(wait(&mut app, Duration::from_secs(2)), [Effect::LookForLogin(source.clone())]);
    let token = Some(SsoToken::Live("2026-03-04T20:00:00Z".parse().unwrap()));
    let effects = app.update(Message::LoginSeen { source, token });
    assert_eq!(gathers(&effects), [Ask::Survey, Ask::Identity]);
    let generation = app.running[&Ask::Identity].generation;
    let land = Box::new(|into: &mut Facts| into.identity = facts().identity);
    let effects = app.update(Message::Landed { ask: Ask::Identity, generation, land });
    assert_eq!(gathers(&effects), [Ask::Path]);
}

#[test]
fn the_footers_show_no_key_that_does_nothing_now() {
    let mut typing = asking();
    press(&mut typing, KeyCode::End);
    press(&mut typing, KeyCode::Enter);
    for app in [asking(), diagnosed(WANTS_ID), diagnosed(WANTS_MFA), typing] {
        for binding in keymap::footer(&app) {
            let told = keymap::help(&app, "").into_iter().find(|told| std::ptr::eq(told.binding, binding));
            assert!(told.is_none_or(|told| told.why.is_none()), "{:?}: {}", app.route, binding.shown);
        }
    }
}

#[test]
fn the_real_cursor_stands_behind_what_was_typed() {
    let mut message = asking();
    press(&mut message, KeyCode::Char('p'));
    let mut form = asking();
    press(&mut form, KeyCode::End);
    press(&mut form, KeyCode::Enter);
    press(&mut form, KeyCode::Down);
    for mut app in [message, form] {
        write(&mut app, "qq");
        let area = Rect::new(0, 0, 80, 24);
        let mut buffer = Buffer::empty(area);
        let position = draw::onto(&app, area, &mut buffer).unwrap();
        let line: String = (0..position.x).map(|x| buffer[(x, position.y)].symbol()).collect();
        assert!(line.ends_with("qq"), "{line:?}");
    }
}

#[test]
fn how_it_looks() {
    super::frames::both("ask", &asking());
    let mut pasted = asking();
    paste(&mut pasted, &message("arn:aws:iam::777788889999:user/ci"));
    super::frames::both("ask-message", &pasted);
    let mut form = asking();
    app_with_form(&mut form);
    super::frames::both("ask-form", &form);
}

fn app_with_form(app: &mut App) {
    let far = ask::rows(app).into_iter().find(|row| row.id().contains("far")).unwrap();
    app.inquiring.list.selected = Some(far.id());
    press(app, KeyCode::Char('e'));
    press(app, KeyCode::Down);
    write(app, "x");
    press(app, KeyCode::Enter);
}
