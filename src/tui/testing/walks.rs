//! Every demo world by keys, from home to the end, as the runtime would carry it out: where it can be written it is, and opened again it has
//! nothing left to write; where it cannot, the review says why.

use std::path::Path;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::worlds::is_of_set_up;
use super::*;
use crate::aws::{Clock, Demo, Surroundings};
use crate::sandbox::World;
use crate::secret::Key;
use crate::tui::effects::Hands;
use crate::tui::keymap::{Place, When};
use crate::tui::screens;

/// How the walk ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    /// Something was written.
    Written,
    /// Everything is as it should be.
    NoChanges,
    /// Nothing can be written, and the review says so with these words.
    Blocked(&'static str),
}

/// What each world comes to, and what its screens say on the way.
const WALKS: [(&str, End, &[&str]); 14] = [
    ("quilt-untouched", End::Written, &["The webhook can assume neither of the two roles of quilt-prod."]),
    ("quilt-no-secret", End::Written, &["Everything readable lets the webhook assume both roles of quilt-prod."]),
    ("quilt-healthy", End::NoChanges, &["All 11 values are as they should be"]),
    (
        "fresh-account",
        End::Blocked("no Quilt stack is chosen"),
        &["None of the 130 stacks of us-east-1", "None of the 130 stacks of 34 regions"],
    ),
    ("secret-broken", End::Written, &["quilt-acme-scratch"]),
    (
        "webhook-not-deployed",
        End::Written,
        &["The webhook is not deployed yet", "After the deployment", "IAM refuses a principal that does not exist"],
    ),
    (
        "several-stacks",
        End::Written,
        &["None of the 9 stacks of eu-west-1", "of 34 regions are Quilt stacks", "quilt-eu eu-central-1"],
    ),
    (
        "quilt-integrated",
        End::Written,
        &["built in (integrated): BenchlingWebhook is Enabled", "webhook role/quil…", "benchling-webhook status"],
    ),
    ("quilt-standalone", End::NoChanges, &["a stack of its own (standalone): BenchlingWebhook is Disabled"]),
    (
        "roles-missing",
        End::Written,
        &["quilt-prod tells of neither role", "without it the webhook uses its task role's own permissions"],
    ),
    ("roles-in-iam-stack", End::Written, &["parameter T4BucketReadRole", "output T4BucketWriteRoleArn"]),
    (
        "role-arns-typed",
        End::Written,
        &["QuiltDataRead likely typed", "To find out Choose an AWS profile of account 4444-5555-6666"],
    ),
    (
        "stack-rolled-back",
        End::Written,
        &["The last update of quilt-prod failed and was taken back (UPDATE_ROLLBACK_COMPLETE)."],
    ),
    (
        "wrong-account",
        End::Blocked("nothing is written across accounts"),
        &[
            "You are in account 7777-8888-9999, but stack quilt-prod, the secret and config.json name account 1111-2222-3333.",
            "AWS profile staging is of account 1111-2222-3333: choose it",
            "Stack quilt-prod cannot be read: it is of account 1111-2222-3333",
            "webhook not known: in another account",
        ],
    ),
];

/// What a newcomer types where a value is missing or wrong.
const VALUES: [(Key, &str); 11] = [
    (Key::ClientId, "wqF4hT8mZsYe"),
    (Key::ClientSecret, CANARY),
    (Key::Tenant, "acme"),
    (Key::AppDefinitionId, "appdef_wqFfVUoh1Y"),
    (Key::LogLevel, "INFO"),
    (Key::PkgPrefix, "benchling"),
    (Key::PkgKey, "experiment_id"),
    (Key::UserBucket, "quilt-acme-user-bucket"),
    (Key::EcrRepositoryName, "quiltdata/benchling"),
    (Key::EnableWebhookVerification, "true"),
    (Key::WebhookAllowList, ""),
];

/// The program over a world, with its effects carried out.
pub(super) struct Walk {
    pub app: App,
    hands: Hands,
    outbox: UnboundedSender<Message>,
    inbox: UnboundedReceiver<Message>,
    /// Everything that was on the screen at 80x24, runs of spaces and box lines as one space.
    pub seen: String,
}

impl Walk {
    pub async fn open(name: &str, world: &World, home: &Path, selection: Selection) -> Self {
        let demo = Demo { world: name.to_owned(), selection: selection.clone(), environment: world.environment() };
        let client = SharedHttpClient::new(world.client());
        let here = Arc::new(Surroundings::of_demo(home.to_owned(), client, Clock::System, demo));
        let (outbox, inbox) = unbounded_channel();
        let folders = Folders { home: home.to_owned(), current: home.to_owned() };
        let app = App::new(here.clock.now(), selection, Setting { folders, ..setting() });
        let mut walk = Self { app, hands: Hands::new(here), outbox, inbox, seen: String::new() };
        let effects = walk.app.begin();
        walk.settle(effects).await;
        walk
    }

    /// Carries effects out until nothing is under way, then looks at the screen in both sizes.
    async fn settle(&mut self, mut effects: Vec<Effect>) {
        loop {
            effects.drain(..).for_each(|effect| self.hands.perform(effect, &self.outbox));
            if self.app.running.is_empty() && !self.app.done.is_writing() {
                break;
            }
            effects = self.app.update(self.inbox.recv().await.unwrap());
        }
        frame(&self.app, 120, 40);
        let shown = text(&frame(&self.app, 80, 24));
        self.seen.push_str(&flat(&shown));
        self.seen.push(' ');
    }

    pub async fn press(&mut self, code: KeyCode) {
        let effects = press(&mut self.app, code);
        self.settle(effects).await;
    }

    /// From home to the review, filling in what is missing.
    async fn walk_to_the_review(&mut self) {
        self.press(KeyCode::Enter).await;
        assert_eq!(self.app.route, Route::Source);
        self.press(KeyCode::Char('n')).await;
        assert_eq!(self.app.route, Route::Stack);
        self.choose_a_stack().await;
        assert_eq!(self.app.route, Route::Roles);
        self.press(KeyCode::Down).await;
        self.press(KeyCode::PageDown).await;
        self.press(KeyCode::Char('n')).await;
        assert_eq!(self.app.route, Route::Secret);
        self.fill_in().await;
        self.press(KeyCode::Enter).await;
        assert_eq!(self.app.route, Route::Review);
    }

    /// The chosen one; without one, the first Quilt stack of any region.
    async fn choose_a_stack(&mut self) {
        if self.app.selection.stack.is_none() {
            self.press(KeyCode::Char('a')).await;
        }
        if self.app.selection.stack.is_none() && self.app.stacks.selected.is_some() {
            self.press(KeyCode::Enter).await;
        } else {
            self.press(KeyCode::Char('n')).await;
        }
    }

    pub async fn fill_in(&mut self) {
        let on_a_value = matches!(self.app.secret.cursor, Some(screens::secret::Cursor::Key(_)));
        if on_a_value {
            self.press(KeyCode::Enter).await;
        }
        while self.app.place() == Place::Edit {
            let edit = self.app.secret.edit.as_ref().unwrap();
            let (key, typed) = (edit.key, edit.field.text().chars().count());
            for _ in 0..typed {
                press(&mut self.app, KeyCode::Backspace);
            }
            let value = VALUES.iter().find(|(of, _)| *of == key).unwrap().1;
            write(&mut self.app, value);
            self.press(KeyCode::Enter).await;
            assert_ne!(self.app.secret.edit.as_ref().map(|edit| edit.key), Some(key), "{key} was not taken");
        }
    }

    fn end(&self) -> String {
        let plan = &self.app.plan;
        format!("{:?} {:?}", plan.changes.iter().map(crate::apply::subject).collect::<Vec<_>>(), plan.blocked)
    }
}

/// One space between words, and no rule.
pub(super) fn flat(text: &str) -> String {
    text.replace(['─', '▸'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn load(name: &str, home: &Path) -> World {
    let world = World::load(name).unwrap().without_latency();
    world.install_files(home).unwrap();
    world
}

/// Readers refuse a null, and older ones an unknown field at the top.
fn assert_readable(name: &str, home: &Path) {
    const TOP: [&str; 9] = [
        "quilt",
        "benchling",
        "packages",
        "deployment",
        "integratedStack",
        "logging",
        "security",
        "_metadata",
        "_inherits",
    ];
    fn nulls(value: &Value) -> usize {
        match value {
            Value::Null => 1,
            Value::Array(items) => items.iter().map(nulls).sum(),
            Value::Object(fields) => fields.values().map(nulls).sum(),
            _ => 0,
        }
    }
    let text = std::fs::read_to_string(home.join(".config/benchling-webhook/default/config.json")).unwrap();
    let config: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(nulls(&config), 0, "{name}: {text}");
    for field in config.as_object().unwrap().keys() {
        assert!(TOP.contains(&field.as_str()), "{name}: {field}");
    }
}

/// As the world chose, and as somebody who only names the AWS profile.
async fn assert_no_changes(name: &str, world: &World, home: &Path) {
    let bare = Selection { source: world.selection().source, ..Selection::new() };
    for selection in [world.selection(), bare] {
        let mut walk = Walk::open(name, world, home, selection).await;
        walk.walk_to_the_review_again().await;
        assert_eq!(walk.end(), "[] []", "{name}: opened again");
        assert!(walk.seen.contains("No changes"), "{name}");
    }
}

impl Walk {
    async fn walk_to_the_review_again(&mut self) {
        self.press(KeyCode::Enter).await;
        for _ in 0..4 {
            self.press(KeyCode::Char('n')).await;
        }
        assert_eq!(self.app.route, Route::Review);
    }
}

async fn walk(name: &str) {
    let home = tempfile::tempdir().unwrap();
    let world = load(name, home.path());
    let mut walk = Walk::open(name, &world, home.path(), world.selection()).await;
    walk.walk_to_the_review().await;
    let stated = WALKS.iter().find(|(of, ..)| *of == name);
    let end = if matches!(walk.app.may_write(), When::Yes) {
        walk.press(KeyCode::Char('y')).await;
        assert!(walk.app.done.all_written(), "{name}: {:?}", walk.app.done.reports);
        End::Written
    } else if walk.app.plan.blocked.is_empty() {
        End::NoChanges
    } else {
        End::Blocked("")
    };
    assert!(!walk.seen.contains(CANARY), "{name}: the client secret is never shown");
    match (end, stated.map(|(_, end, _)| *end)) {
        (End::Blocked(_), Some(End::Blocked(words))) => {
            assert!(walk.end().contains(words), "{name}: {}", walk.end());
        }
        (end, Some(stated)) => assert_eq!(end, stated, "{name}: {}", walk.end()),
        (_, None) => {}
    }
    for words in stated.map(|(.., words)| *words).unwrap_or_default() {
        assert!(walk.seen.contains(words), "{name} does not say `{words}`");
    }
    if end == End::Written {
        assert_readable(name, home.path());
        assert_no_changes(name, &world, home.path()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_world_is_walked_to_its_end_and_has_nothing_left_to_write() {
    for (name, ..) in WALKS {
        assert!(World::names().contains(&name), "{name}");
    }
    for name in World::names().iter().filter(|name| is_of_set_up(name)) {
        walk(name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_aws_profile_puts_everything_right() {
    let home = tempfile::tempdir().unwrap();
    let world = load("wrong-account", home.path());
    let mut walk = Walk::open("wrong-account", &world, home.path(), world.selection()).await;
    walk.press(KeyCode::Enter).await;
    walk.press(KeyCode::Down).await;
    walk.press(KeyCode::Enter).await;
    assert_eq!(walk.app.selection.source, Some(CredentialSource::Profile("staging".into())));
    assert!(walk.seen.contains("You are user/operator in account 1111-2222-3333."), "{}", walk.seen);
    for _ in 0..4 {
        walk.press(KeyCode::Char('n')).await;
    }
    assert_eq!(walk.end(), "[] []");
    assert!(walk.app.judgement.findings.iter().all(|finding| finding.severity != crate::model::Severity::Error));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_of_another_region_takes_region_and_secrets_with_it() {
    let home = tempfile::tempdir().unwrap();
    let world = load("several-stacks", home.path());
    let mut walk = Walk::open("several-stacks", &world, home.path(), world.selection()).await;
    walk.press(KeyCode::Enter).await;
    walk.press(KeyCode::Char('n')).await;
    walk.choose_a_stack().await;
    assert_eq!(walk.app.facts.credentials.known().unwrap().region, "eu-central-1");
    let ids: Vec<&str> = walk.app.judgement.findings.iter().map(|finding| finding.id.as_str()).collect();
    assert!(!ids.contains(&"stack/region"), "{ids:?}");
    assert_eq!(walk.app.facts.secrets.known().map(Vec::len), Some(0), "the secrets of eu-central-1, which has none");
    assert_eq!(walk.app.facts.regions.len(), 34);

    walk.press(KeyCode::Esc).await;
    walk.press(KeyCode::Char('a')).await;
    assert!(walk.app.facts.regions.is_empty(), "one region again");
    assert_eq!(walk.app.facts.stacks.known().map(Vec::len), Some(5));
}
