//! Whatever happens in whatever order at whatever size: no panic, and no secret on the screen that nobody asked to see.

use proptest::prelude::*;

use super::*;
use crate::tui::engine::Ask;
use crate::tui::help::{Help, Pane};

#[derive(Clone, Debug)]
enum Step {
    Key(KeyCode, KeyModifiers),
    Paste(String),
    Resize(u16, u16),
    Land(Ask, u8),
    End(Ask),
    Read(bool),
    Written,
    Later,
}

fn key() -> impl Strategy<Value = Step> {
    let code = prop_oneof![
        8 => prop::sample::select("nqyN?/aetrfosxgc12l jkXé日pwmEAhvbT".chars().collect::<Vec<_>>()).prop_map(KeyCode::Char),
        8 => prop::sample::select(vec![KeyCode::Enter, KeyCode::Esc, KeyCode::Up, KeyCode::Down, KeyCode::Tab]),
        2 => prop::sample::select(vec![
            KeyCode::PageDown,
            KeyCode::PageUp,
            KeyCode::Home,
            KeyCode::End,
            KeyCode::Left,
            KeyCode::Right,
            KeyCode::Backspace,
            KeyCode::Delete,
            KeyCode::BackTab,
        ]),
    ];
    let modifiers = prop_oneof![9 => Just(KeyModifiers::NONE), 1 => Just(KeyModifiers::ALT)];
    let typed = (code, modifiers).prop_map(|(code, modifiers)| Step::Key(code, modifiers));
    let control = prop::sample::select(vec!['u', 'w', 'k', 'a', 'e', 'l', 'h', 'z', 'n', 'x']);
    prop_oneof![12 => typed, 1 => control.prop_map(|c| Step::Key(KeyCode::Char(c), KeyModifiers::CONTROL))]
}

fn ask() -> impl Strategy<Value = Ask> {
    prop::sample::select([Ask::ALL.as_slice(), &[Ask::Path, Ask::Trials, Ask::System]].concat())
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => key(),
        1 => "\\PC{0,40}|[\\x00-\\x9f]{0,8}".prop_map(Step::Paste),
        2 => (0u16..140, 0u16..50).prop_map(|(columns, rows)| Step::Resize(columns, rows)),
        2 => (ask(), 0u8..6).prop_map(|(ask, what)| Step::Land(ask, what)),
        1 => ask().prop_map(Step::End),
        1 => any::<bool>().prop_map(Step::Read),
        1 => Just(Step::Written),
        1 => Just(Step::Later),
    ]
}

fn take(app: &mut App, step: Step, size: &mut (u16, u16)) -> Vec<Effect> {
    let generation = |app: &App, ask| app.running.get(&ask).map_or(0, |run| run.generation);
    let mut effects = match step {
        Step::Key(code, modifiers) => app.update(Message::Key(KeyEvent::new(code, modifiers))),
        Step::Paste(text) => app.update(Message::Paste(text.into())),
        Step::Resize(columns, rows) => {
            *size = (columns, rows);
            Vec::new()
        }
        Step::Land(ask, what) => {
            let generation = generation(app, ask);
            app.update(Message::Landed { ask, generation, land: Box::new(move |into| spoil(into, what)) })
        }
        Step::End(ask) => {
            let generation = generation(app, ask);
            app.update(Message::Ended { ask, generation })
        }
        Step::Read(good) => {
            let text = format!(r#"{{"CLIENT_SECRET":"{CANARY}","TENANT":"acme"}}"#);
            app.update(Message::FileRead(if good { Ok(text.into()) } else { Err("no".into()) }))
        }
        Step::Written => app.update(Message::Written(Vec::new())),
        Step::Later => {
            app.clock += std::time::Duration::from_secs(1);
            app.update(Message::Tick)
        }
    };
    effects.extend(app.keep_draft());
    effects
}

/// Facts come and go.
fn spoil(into: &mut Facts, what: u8) {
    match what {
        0 => *into = facts(),
        1 => into.stacks = Fact::Known(Vec::new()),
        2 => into.secret = Fact::Known(broken_secret()),
        3 => into.sources.begin(),
        4 => into.secret.begin(),
        _ => into.identity = Fact::Failed(AwsError::local(ErrorKind::Network, "sts:GetCallerIdentity", "no route")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_nothing_hidden_is_shown(steps in prop::collection::vec(step(), 1..60), from_nothing: bool) {
        let mut app = if from_nothing { fresh() } else { untouched() };
        app.begin();
        let mut size = (80, 24);
        for step in steps {
            for effect in take(&mut app, step, &mut size) {
                let outside = match effect {
                    Effect::Copy(text) | Effect::Export { text, .. } => text,
                    Effect::KeepDraft(draft) => format!("{draft:?}"),
                    _ => String::new(),
                };
                prop_assert!(!outside.contains(CANARY), "{outside}");
            }
            let shown = text(&frame(&app, size.0, size.1));
            prop_assert!(!shown.contains(CANARY), "{shown}");
        }
    }

    #[test]
    fn every_size_is_drawn(columns in 0u16..200, rows in 0u16..70, route in prop::sample::select([Walk::SetUp.steps(), Walk::Secret.steps(), Walk::System.steps()].concat())) {
        let mut app = filled_in();
        app.go(route);
        frame(&app, columns, rows);
        for pane in [Pane::Keys, Pane::About] {
            app.help = Some(Help { scroll: 3, ..Help::at(pane) });
            frame(&app, columns, rows);
        }
    }
}
