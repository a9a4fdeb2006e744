//! Facts as a walk finds them, keys, and frames as text with their styles.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::app::{App, Folders, Setting};
use super::clipboard::Wrap;
use super::draw;
use super::message::{Effect, Message};
use super::route::{Route, Walk};
use super::theme::Theme;
use crate::model::facts::*;
use crate::model::selection::{CredentialSource, RoleKind};
use crate::model::{AwsError, ErrorKind, Fact, Facts, LiveCall, Selection};
use crate::policy::NamedPolicy;
use crate::policy::document::Policy;
use crate::values::time::Timestamp;
use crate::values::{AccountId, PrincipalArn, RoleArn, SecretText, StackArn};

pub const CANARY: &str = "canary-client-secret";

pub fn now() -> Timestamp {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

pub fn setting() -> Setting {
    Setting {
        demo: Some("quilt-untouched".into()),
        read_only: false,
        theme: Theme { color: true, ascii: false, wrap: Wrap::None },
        zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(1)),
        folders: Folders { home: "/home/op".into(), current: "/home/op/work".into() },
    }
}

/// Nothing looked up yet.
pub fn fresh() -> App {
    App::new(now(), Selection::new(), setting())
}

/// The whole walk of an untouched stack is known; at home.
pub fn untouched() -> App {
    let mut selection = Selection::new();
    selection.source = Some(CredentialSource::Profile("staging".into()));
    selection.stack = Some(stack_arn("quilt-prod"));
    let mut app = App::new(now(), selection, setting());
    app.facts = facts();
    app.derive();
    app.follow();
    app
}

pub fn facts() -> Facts {
    let mut facts = Facts::new(now());
    facts.machine = Fact::Known(machine());
    facts.sources = Fact::Known(sources());
    facts.config_profiles = Fact::Known(Vec::new());
    facts.config = Fact::Absent;
    facts.credentials = Fact::Known(Credentials {
        prefix: "AKIA".into(),
        expires: None,
        provider: "ProfileFile".into(),
        region: "us-east-1".into(),
        region_from: "AWS profile staging".into(),
    });
    let operator = PrincipalArn::parse("arn:aws:iam::111122223333:user/operator").unwrap();
    facts.identity = Fact::Known(CallerIdentity {
        account: AccountId::parse("111122223333").unwrap(),
        arn: operator.clone(),
        user_id: "AIDAEXAMPLE".into(),
    });
    facts.operator.arn = Fact::Known(operator);
    facts.stacks = Fact::Known(stacks());
    facts.stack = Fact::Known(stack("quilt-prod", true));
    facts.webhook = Fact::Known(stack("BenchlingWebhookStack", false));
    facts.workload.arn =
        Fact::Known(PrincipalArn::parse("arn:aws:iam::111122223333:role/webhook-TaskRole-1AB2").unwrap());
    facts.workload.source = "stack resource of BenchlingWebhookStack".into();
    facts.workload.policies = policies(
        r#"{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":["arn:aws:iam::*:role/*-T4BucketReadRole-*",
        "arn:aws:iam::*:role/*-T4BucketWriteRole-*"]}}"#,
    );
    facts.workload.boundary = Fact::Known(None);
    facts.operator.policies = policies(r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#);
    facts.operator.boundary = Fact::Known(None);
    for (kind, name) in [(RoleKind::Read, "ReadQuiltV2-quilt-prod"), (RoleKind::Write, "ReadWriteQuiltV2-quilt-prod")] {
        let role = facts.role_mut(kind);
        let arn = RoleArn::parse(&format!("arn:aws:iam::111122223333:role/{name}")).unwrap();
        role.detail = Fact::Known(detail(&arn, TRUST));
        role.found = Fact::Known(RoleFound {
            arn,
            composed: false,
            source: RoleSource::StackResource(kind.logical_id().into()),
        });
        role.live = Fact::Known(LiveCall {
            at: now(),
            took: std::time::Duration::from_millis(84),
            session_name: "rolecall-operator-1772625600".into(),
            outcome: Err(AwsError {
                code: Some("AccessDenied".into()),
                ..AwsError::local(ErrorKind::Denied, "sts:AssumeRole", "not authorized to perform: sts:AssumeRole")
            }),
        });
    }
    facts.secrets = Fact::Known(Vec::new());
    facts.secret = Fact::Absent;
    facts
}

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":[
    "arn:aws:iam::111122223333:role/quilt-prod-AmazonECSTaskExecutionRole-1M8F","arn:aws:iam::712023778557:user/quilt-dev-1",
    "arn:aws:iam::712023778557:user/quilt-dev-2"]}}]}"#;

fn detail(arn: &RoleArn, trust: &str) -> RoleDetail {
    RoleDetail {
        arn: arn.clone(),
        role_id: "AROAEXAMPLE".into(),
        created: Some("2026-01-04T12:00:00Z".parse().unwrap()),
        max_session_duration: Some(3_600),
        trust_text: trust.into(),
        trust: Ok(Policy::parse(trust).unwrap()),
        boundary_arn: None,
    }
}

fn policies(text: &str) -> Fact<Vec<NamedPolicy>> {
    let name = "inline policy TaskRoleDefaultPolicy282E4B81".into();
    Fact::Known(vec![NamedPolicy { name, policy: Policy::parse(text).unwrap() }])
}

fn machine() -> Machine {
    Machine {
        ca_roots: 140,
        config_root: "/home/op/.config/benchling-webhook".into(),
        environment: BTreeMap::from([("AWS_PROFILE".to_owned(), "staging".to_owned())]),
        ..Machine::default()
    }
}

fn sources() -> Vec<SourceEntry> {
    let entry = |name: &str, kind, account: Option<&str>| SourceEntry {
        source: CredentialSource::Profile(name.into()),
        kind,
        region: Some("us-east-1".into()),
        account: account.and_then(AccountId::parse),
        role: None,
        sso_token: None,
        login: (kind == SourceKind::Sso).then(|| name.to_owned()),
        fault: None,
    };
    let mut sso = entry("prod-admin", SourceKind::Sso, Some("444455556666"));
    sso.role = Some("AdministratorAccess".into());
    sso.sso_token = Some(SsoToken::Expired("2026-03-04T09:00:00Z".parse().unwrap()));
    let mut live = entry("research", SourceKind::Sso, Some("777788889999"));
    live.role = Some("PowerUserAccess".into());
    live.sso_token = Some(SsoToken::Live("2026-03-04T15:00:00Z".parse().unwrap()));
    let mut role = entry("audit", SourceKind::AssumeRole, Some("444455556666"));
    role.role = Some("arn:aws:iam::444455556666:role/audit/ReadOnly".into());
    vec![role, sso, live, entry("staging", SourceKind::StaticKeys, None)]
}

pub fn stack_arn(name: &str) -> String {
    format!("arn:aws:cloudformation:us-east-1:111122223333:stack/{name}/0a1b2c3d")
}

pub fn stack(name: &str, quilt: bool) -> Stack {
    let outputs = [
        ("QuiltWebHost", format!("{name}.example.com")),
        ("UserAthenaDatabaseName", format!("{name}-athena")),
        ("PackagerQueueUrl", format!("https://sqs.us-east-1.amazonaws.com/111122223333/{name}-packager")),
    ];
    Stack {
        arn: StackArn::parse(&stack_arn(name)).unwrap(),
        status: "UPDATE_COMPLETE".into(),
        status_reason: None,
        created: Some("2026-01-04T12:00:00Z".parse().unwrap()),
        updated: Some("2026-03-02T11:00:00Z".parse().unwrap()),
        outputs: outputs.into_iter().filter(|_| quilt).map(|(key, value)| (key.to_owned(), value)).collect(),
        parameters: Vec::new(),
    }
}

pub fn stacks() -> Vec<Stack> {
    let others = ["api-gateway", "BenchlingWebhookStack", "cdk-toolkit", "data-lake", "network", "zz-test"];
    let mut stacks: Vec<Stack> = others.map(|name| stack(name, false)).into();
    stacks.push(stack("quilt-staging", true));
    stacks.push(stack("quilt-prod", true));
    stacks
}

/// A secret with several faults.
pub fn broken_secret() -> Secret {
    let text = format!(
        r#"{{"CLIENT_ID":"wqFabcdefgYe","CLIENT_SECRET":"{CANARY}","TENANT":"quilt dtt","APP_DEFINITION_ID":"appdef_wqFabc",
        "LOG_LEVEL":"info","PKG_PREFIX":"benchling","PKG_KEY":"experiment_id","USER_BUCKET":"quilt-old",
        "ENABLE_WEBHOOK_VERIFICATION":"true","WEBHOOK_ALLOW_LIST":"","WORKFLOW":"x"}}"#
    );
    Secret {
        name: "benchling-webhook-prod".into(),
        arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-prod-AbCdEf".into(),
        deleted: None,
        versions: vec![("7f3a0000-1111".into(), vec!["AWSCURRENT".into()])],
        kms_key: None,
        owning_service: None,
        tags: Vec::new(),
        stack: None,
        kept: Keeping::default(),
        value: Fact::Known(SecretValue {
            version_id: "7f3a0000-1111".into(),
            created: Some("2026-03-01T11:00:00Z".parse().unwrap()),
            content: SecretContent::Text(SecretText::new(text)),
        }),
    }
}

/// The values that a newcomer types, in the order in which they are asked for; nothing takes what is offered.
pub const TYPED: [&str; 11] =
    ["wqFabcdefgYe", CANARY, "quilt-dtt", "appdef_wqFabc", "", "", "", "quilt-user-bucket", "", "", ""];

/// Everything is filled in, at the review.
pub fn filled_in() -> App {
    let mut app = untouched();
    app.selection.secret = Some("benchling-webhook-default".into());
    app.go(Route::Secret);
    press(&mut app, KeyCode::Enter);
    for text in TYPED {
        write(&mut app, text);
        press(&mut app, KeyCode::Enter);
    }
    press(&mut app, KeyCode::Enter);
    app
}

/// Presses one key.
pub fn press(app: &mut App, code: KeyCode) -> Vec<Effect> {
    app.update(Message::Key(KeyEvent::new(code, KeyModifiers::NONE)))
}

/// Types a text, key by key.
pub fn write(app: &mut App, text: &str) {
    for c in text.chars() {
        press(app, KeyCode::Char(c));
    }
}

/// Draws a frame.
pub fn frame(app: &App, columns: u16, rows: u16) -> Buffer {
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    draw::onto(app, area, &mut buffer);
    buffer
}

/// The text of a frame.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let line: String = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The text of a frame, and below it every run of cells that is not in the terminal's own style.
pub fn dump(buffer: &Buffer) -> String {
    let mut out = text(buffer);
    out.push_str("---\n");
    for y in 0..buffer.area.height {
        let mut runs = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let style = style(&buffer[(x, y)]);
            let start = x;
            while x < buffer.area.width && self::style(&buffer[(x, y)]) == style {
                x += 1;
            }
            if !style.is_empty() {
                write!(runs, " {start}-{} {style}", x - 1).unwrap();
            }
        }
        if !runs.is_empty() {
            writeln!(out, "{y}:{runs}").unwrap();
        }
    }
    out
}

fn style(cell: &Cell) -> String {
    let mut words = Vec::new();
    if cell.fg != Color::Reset {
        words.push(format!("{:?}", cell.fg).to_lowercase());
    }
    for (modifier, word) in [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::REVERSED, "reverse"),
        (Modifier::UNDERLINED, "underline"),
    ] {
        if cell.modifier.contains(modifier) {
            words.push(word.into());
        }
    }
    words.join("+")
}

mod anything;
mod asking;
mod comfort;
mod denials;
mod diagnoses;
mod diagnosis;
mod frames;
mod keys;
mod migration;
mod promises;
mod systems;
mod texts;
mod walks;
mod worlds;
