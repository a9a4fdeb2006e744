//! Where the walks are done: a world of the sandbox, or an account of the emulator. In both, one person who has a given policy, and
//! beside it only what grants nothing: a group, an attached policy, a boundary, so that each kind of policy is there to be read.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use clap::Parser;
use rolecall::aws::{Clock, Demo, Surroundings};
use rolecall::cli::{Cli, Command, Reach};
use rolecall::commands::permissions::{Scope, document};
use rolecall::model::Selection;
use rolecall::sandbox::World;
use serde_json::{Value, json};

use super::walk::{Walked, Written, look};
use crate::emulator::{Account, Emulator};
use crate::headless;
use crate::personas;
use crate::quilt_template::{TaskPolicy, Trust, deploy_quilt, deploy_webhook};
use crate::writing;

const ACCOUNT: &str = "111122223333";

/// What `rolecall permissions` prints with these arguments.
pub fn printed(arguments: &[&str]) -> Value {
    let cli = Cli::parse_from(["rolecall", "permissions"].iter().chain(arguments));
    let Some(Command::Permissions(options)) = &cli.command else { panic!("another command") };
    let scope = Scope::new(&cli.global, options.caller.as_ref(), None).unwrap();
    document(&scope.for_path(&options.role), options.what)
}

/// What both policies are, by convention.
pub fn conventional(reach: Reach) -> Value {
    printed(&[if reach == Reach::Write { "write" } else { "read" }])
}

/// Everything.
pub fn administrator() -> Value {
    personas::policy(&[personas::allow(&["*"])])
}

/// One of the two places.
pub enum Place {
    /// A demo world.
    Sandbox(&'static str),
    /// An account with a Quilt stack and a webhook.
    Emulator(Box<Seeded>),
}

/// What the account holds.
pub struct Seeded {
    account: Account,
    persons: AtomicU32,
    /// Whether the secret is there before the walk.
    has_secret: bool,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sandbox(world) => world,
            Self::Emulator(_) => "the emulator",
        })
    }
}

impl Place {
    /// An account of its own; `None` where the emulator cannot run.
    pub async fn emulator(has_secret: bool) -> Option<Self> {
        let account = Emulator::shared()?.account();
        deploy_webhook(&account, "BenchlingWebhookStack", TaskPolicy::RealNames).await;
        deploy_quilt(&account, "quilt-prod", &Trust::AccountRoot).await;
        Some(Self::Emulator(Box::new(Seeded { account, persons: AtomicU32::new(0), has_secret })))
    }

    /// The read walk of somebody with this policy.
    pub async fn read(&self, policy: &Value) -> Walked {
        let home = tempfile::tempdir().unwrap();
        let (here, selection) = self.enter(policy, home.path()).await;
        look(here, selection).await
    }

    /// The write walk of somebody with this policy; then what an administrator finds.
    pub async fn write(&self, policy: &Value) -> (Walked, Written, Walked) {
        let home = tempfile::tempdir().unwrap();
        let (here, selection) = self.enter(policy, home.path()).await;
        let walked = look(here.clone(), selection.clone()).await;
        let written = walked.write().await;
        let after = match self {
            Self::Sandbox(_) => look(here_of_root(&here), selection).await,
            Self::Emulator(seeded) => {
                let here = headless::surroundings(&seeded.account, &seeded.account.root(), home.path());
                look(here, selection).await
            }
        };
        (walked, written, after)
    }

    async fn enter(&self, policy: &Value, home: &std::path::Path) -> (Arc<Surroundings>, Selection) {
        match self {
            Self::Sandbox(world) => sandbox(world, policy, home),
            Self::Emulator(seeded) => seeded.enter(policy, home).await,
        }
    }
}

/// The AWS profile of the world's second user, who may do everything.
fn here_of_root(here: &Arc<Surroundings>) -> Arc<Surroundings> {
    let credentials =
        "[staging]\naws_access_key_id = AKIADEMOADMINISTRATOR\naws_secret_access_key = demo/administrator\n";
    std::fs::write(&here.aws_credentials_file, credentials).unwrap();
    here.clone()
}

fn sandbox(base: &str, policy: &Value, home: &std::path::Path) -> (Arc<Surroundings>, Selection) {
    let world = World::from_json(&world(base, policy).to_string()).unwrap().without_latency();
    world.install_files(home).unwrap();
    let demo = Demo { world: base.to_owned(), selection: world.selection(), environment: world.environment() };
    let client = SharedHttpClient::new(world.client());
    let here = Surroundings::of_demo(home.to_owned(), client, Clock::System, demo);
    // The stack is found, not given: the list is part of the walk.
    (here.shared(), Selection { stack: None, ..world.selection() })
}

fn world(base: &str, policy: &Value) -> Value {
    let managed = |name: &str| format!("arn:aws:iam::{ACCOUNT}:policy/{name}");
    let denies = |action: &str| personas::policy(&[personas::deny(&[action])]);
    let version = |document: Value| json!({"versions": {"v1": document}});
    let trust = json!({"trust": {"Statement": [{
        "Effect": "Allow",
        "Principal": {"AWS": [
            format!("arn:aws:iam::{ACCOUNT}:root"),
            format!("arn:aws:iam::{ACCOUNT}:role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6"),
        ]},
        "Action": "sts:AssumeRole",
    }]}});
    json!({
        "extends": base,
        "accounts": {ACCOUNT: {
            "users": {
                "operator": {
                    "groups": ["everyone"],
                    "attached": [managed("NoQueues")],
                    "boundary": managed("Ceiling"),
                    "inline": {"rolecall": policy},
                },
                "administrator": {
                    "created": "-1d",
                    "access_keys": {"AKIADEMOADMINISTRATOR": {"secret": "demo/administrator"}},
                    "inline": {"everything": administrator()},
                },
            },
            "groups": {"everyone": {
                "created": "-1d", "inline": {"NoBuckets": denies("s3:*")}, "attached": [managed("NoTopics")],
            }},
            "policies": {
                "NoQueues": version(denies("sqs:*")),
                "NoTopics": version(denies("sns:*")),
                "Ceiling": version(administrator()),
            },
            "roles": {
                "ReadQuiltV2-quilt-prod": trust,
                "ReadWriteQuiltV2-quilt-prod": trust,
                "BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6": {
                    "attached": [managed("NoTopics")], "boundary": managed("Ceiling"),
                },
            },
        }},
        "answers": [],
        "expected": [],
    })
}

impl Seeded {
    async fn enter(&self, policy: &Value, home: &std::path::Path) -> (Arc<Surroundings>, Selection) {
        let number = self.persons.fetch_add(1, Ordering::Relaxed);
        let name = format!("person-{number}");
        // The emulator knows no policy variables: here it is given what AWS would put in.
        let policy = serde_json::from_str(&policy.to_string().replace("${aws:username}", &name)).unwrap();
        let person = personas::user(&self.account, &name, Some(&policy)).await;
        self.surround(&person.name).await;
        let secret = format!("benchling-webhook-{number}");
        if self.has_secret {
            let document = writing::document().to_string();
            self.account.clients().secrets.create_secret().name(&secret).secret_string(document).send().await.unwrap();
        }
        let selection = Selection { secret: Some(secret), ..headless::selection(None) };
        (headless::surroundings(&self.account, &person.keys, home), selection)
    }

    /// A group and an attached policy that grant nothing.
    async fn surround(&self, user: &str) {
        let iam = self.account.clients().iam;
        let denies = |action: &str| personas::policy(&[personas::deny(&[action])]).to_string();
        let group = format!("group-of-{user}");
        iam.create_group().group_name(&group).send().await.unwrap();
        let inline = iam.put_group_policy().group_name(&group).policy_name("NoBuckets");
        inline.policy_document(denies("s3:*")).send().await.unwrap();
        iam.add_user_to_group().group_name(&group).user_name(user).send().await.unwrap();
        let made = iam.create_policy().policy_name(format!("NoQueues-{user}")).policy_document(denies("sqs:*"));
        let arn = made.send().await.unwrap().policy.unwrap().arn.unwrap();
        iam.attach_user_policy().user_name(user).policy_arn(&arn).send().await.unwrap();
    }
}
