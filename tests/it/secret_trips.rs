//! `rolecall secret plan` and `apply`, from every source to every target, over HTTP against the emulator. What was written is read back by a
//! client that shares no code with the program.

mod killed;
mod targets;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::emulator::{Account, Emulator, Gate};
use crate::personas;
use crate::processes;
use crate::said::Said;
use crate::writing::{VALUES, document};

/// What the sources hold: `VALUES`, whose client secret no output may show.
const CANARY: &str = "canary-client-secret";

/// A home with an AWS profile for the emulator, and files beside it.
pub struct Desk {
    pub home: tempfile::TempDir,
    pub account: Account,
}

impl Desk {
    pub async fn new() -> Option<Self> {
        let account = Emulator::shared()?.account();
        let operator = personas::operator(&account).await;
        let home = tempfile::tempdir().unwrap();
        account.write_aws_profiles(home.path(), &[("default", &operator.keys)]);
        Some(Self { home, account })
    }

    pub fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn start(&self, words: &[&str], source: &Source, gate: Option<&Gate>) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command.arg("secret").args(words).args(&source.words).env_clear().env("HOME", self.home.path());
        command.envs(source.environment.iter().cloned());
        if let Some(gate) = gate {
            command.env("AWS_ENDPOINT_URL", gate.endpoint());
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = processes::starting();
        let mut child = command.spawn().unwrap();
        drop(started);
        // One that reads nothing closes its end at once.
        child.stdin.take().unwrap().write_all(source.stdin.as_bytes()).ok();
        child
    }

    pub fn run(&self, words: &[&str], source: &Source) -> Said {
        said(self.start(words, source, None))
    }
}

pub fn said(child: Child) -> Said {
    let said = Said::of(child.wait_with_output().unwrap());
    for text in [&said.out, &said.err] {
        assert!(!text.contains(CANARY), "a secret was printed:\n{text}");
    }
    said
}

/// A way to name values on the command line.
#[derive(Clone, Default)]
pub struct Source {
    pub words: Vec<String>,
    pub stdin: String,
    pub environment: Vec<(String, String)>,
}

impl Source {
    pub fn of(words: &[&str]) -> Self {
        Self { words: words.iter().map(|&word| word.to_owned()).collect(), ..Self::default() }
    }

    pub fn file(flag: &str, path: &Path) -> Self {
        Self::of(&[flag, path.to_str().unwrap()])
    }
}

/// The names that deployments before the one secret used.
fn old_name(name: &str) -> String {
    match name {
        "TENANT" | "CLIENT_ID" | "CLIENT_SECRET" | "APP_DEFINITION_ID" => format!("BENCHLING_{name}"),
        "USER_BUCKET" => "QUILT_USER_BUCKET".into(),
        other => other.to_owned(),
    }
}

fn old_variables() -> Vec<(String, String)> {
    VALUES.iter().map(|(key, value)| (old_name(key.name()), (*value).to_owned())).collect()
}

fn env_lines() -> String {
    old_variables().iter().map(|(name, value)| format!("{name}={value}\n")).collect()
}

fn task_definition() -> String {
    let environment: Vec<Value> =
        old_variables().iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let container = json!({"name": "webhook", "environment": environment});
    json!({"taskDefinition": {"family": "benchling", "containerDefinitions": [container]}}).to_string()
}

fn config() -> String {
    let mut config = json!({"_metadata": {"version": "0.9.9"}});
    for (key, value) in VALUES {
        let Some([section, field]) = key.config_path() else { continue };
        let value = if *field == "enableVerification" { json!(true) } else { json!(value) };
        config[*section][*field] = value;
    }
    config.to_string()
}

fn shipped() -> String {
    let names = VALUES.iter().filter_map(|(key, value)| Some((key.shipped_name()?.to_owned(), json!(value))));
    let mut all = names.collect::<serde_json::Map<_, _>>();
    all.insert("ECR_REPOSITORY_NAME".into(), json!("quiltdata/benchling"));
    Value::from(all).to_string()
}

/// Every way in, by name. Each gives all 11 values.
async fn sources(desk: &Desk) -> Vec<(&'static str, Source)> {
    let clients = desk.account.clients();
    let create = clients.secrets.create_secret().name("an-older-one").secret_string(document().to_string());
    let arn = create.send().await.unwrap().arn.unwrap();
    clients.secrets.put_secret_value().secret_id(&arn).secret_string("{}").send().await.unwrap();
    desk.put(".config/benchling-webhook/default/config.json", &config());
    let without_suffix = &arn[..arn.len() - 7];
    vec![
        ("a JSON file", Source::file("--file", &desk.put("secret.json", &document().to_string()))),
        ("a JSON file of the other spelling", Source::file("--file", &desk.put("shipped.json", &shipped()))),
        ("a task definition", Source::file("--file", &desk.put("task.json", &task_definition()))),
        ("an env file", Source::file("--env-file", &desk.put("prod.env", &env_lines()))),
        ("the environment", Source { environment: old_variables(), ..Source::of(&["--environment"]) }),
        ("config.json", Source::of(&["--from-config"])),
        ("JSON on standard input", Source { stdin: document().to_string(), ..Source::of(&["-"]) }),
        ("lines on standard input", Source { stdin: env_lines(), ..Source::of(&["-"]) }),
        ("a task definition on standard input", Source { stdin: task_definition(), ..Source::of(&["-"]) }),
        ("an earlier version", Source::of(&["--name", "an-older-one", "--version-stage", "AWSPREVIOUS"])),
        ("an ARN without its suffix", Source::of(&["--name", without_suffix, "--version-stage", "AWSPREVIOUS"])),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_source_reaches_every_target_and_a_second_run_changes_nothing() {
    let Some(desk) = Desk::new().await else { return };
    let clients = desk.account.clients();
    for (number, (what, source)) in sources(&desk).await.into_iter().enumerate() {
        let (new, old) = (format!("new-{number}"), format!("old-{number}"));
        let before = json!({"TENANT": "other", "more": [1, {"a": null}]}).to_string();
        clients.secrets.create_secret().name(&old).secret_string(&before).send().await.unwrap();
        let file = desk.home.path().join(format!("out-{number}.json"));
        let file = file.to_str().unwrap();
        tokio::task::block_in_place(|| {
            for target in [["--to", &new], ["--to", &old], ["--to-file", file]] {
                let plan = desk.run(&["plan", target[0], target[1]], &source).expect(4);
                let id = plan.id();
                let applied = desk.run(&["apply", target[0], target[1], "--plan-id", &id, "--yes"], &source);
                assert_eq!(applied.code, Some(0), "{what} to {target:?}\n{}\n{}", applied.out, applied.err);
                desk.run(&["plan", target[0], target[1]], &source).expect(0);
            }
        });
        let created = desk.account.read_back(&new);
        assert_eq!(created.current(), document(), "{what}: exactly the 11 keys");
        assert_eq!(created.versions.len(), 1, "{what}");
        let changed = desk.account.read_back(&old);
        let mut expected = document();
        expected["more"] = json!([1, {"a": null}]);
        assert_eq!(changed.current(), expected, "{what}: what is none of ours stays");
        let stages: Vec<&[String]> = changed.versions.iter().map(|version| version.stages.as_slice()).collect();
        assert_eq!(stages.len(), 2, "{what}");
        for stage in ["AWSCURRENT", "AWSPREVIOUS"] {
            assert!(stages.iter().any(|stages| *stages == [stage]), "{what}: {stages:?}");
        }
        let written: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        assert_eq!(written, document(), "{what}");
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_writers_the_second_is_told_and_nothing_is_lost() {
    let Some(desk) = Desk::new().await else { return };
    let clients = desk.account.clients();
    clients.secrets.create_secret().name("shared").secret_string(document().to_string()).send().await.unwrap();
    let with = |level: &str| {
        let mut values = document();
        values["LOG_LEVEL"] = json!(level);
        Source { stdin: values.to_string(), ..Source::of(&["-"]) }
    };
    tokio::task::block_in_place(|| {
        let plan = |source: &Source| desk.run(&["plan", "--to", "shared"], source).expect(4).id();
        let (first, second) = (with("DEBUG"), with("ERROR"));
        let (first_id, second_id) = (plan(&first), plan(&second));
        desk.run(&["apply", "--to", "shared", "--plan-id", &first_id, "--yes"], &first).expect(0);
        desk.run(&["apply", "--to", "shared", "--plan-id", &second_id, "--yes"], &second).expect(5);
    });
    let secret = desk.account.read_back("shared");
    assert_eq!(secret.current()["LOG_LEVEL"], "DEBUG");
    assert_eq!(secret.versions.len(), 2);
}
