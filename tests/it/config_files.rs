//! The `config.json` of every demo world: what is written passes the published schema and is all there is to write; what stands beside it
//! is left alone; and what the commands tell of it without writing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rolecall::apply::apply;
use rolecall::aws::{Clock, Demo, Surroundings};
use rolecall::check::{self, Checked};
use rolecall::gather::Gatherer;
use rolecall::model::plan::{Change, ChangeOutcome, ChangeReport};
use rolecall::model::{Plan, Severity};
use rolecall::plan::{Draft, plan};
use rolecall::sandbox::World;
use rolecall::secret::rules;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::writing::VALUES;

/// Worlds in which the walk ends with a written file, whatever else is wrong in them.
const WRITABLE: [&str; 4] = ["quilt-untouched", "quilt-no-secret", "quilt-healthy", "secret-broken"];

const NOT_OURS: &str = "{ \"active\": null,\r\n  \"history\": [ ] }\n";

struct Place {
    name: &'static str,
    world: World,
    home: tempfile::TempDir,
}

impl Place {
    fn new(name: &'static str) -> Self {
        let world = World::load(name).unwrap().without_latency();
        let home = tempfile::tempdir().unwrap();
        world.install_files(home.path()).unwrap();
        Self { name, world, home }
    }

    fn here(&self) -> Arc<Surroundings> {
        let demo = Demo {
            world: self.name.to_owned(),
            selection: self.world.selection(),
            environment: self.world.environment(),
        };
        let client = SharedHttpClient::new(self.world.client());
        Surroundings::of_demo(self.home.path().to_owned(), client, Clock::System, demo).shared()
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join(".config/benchling-webhook").join(self.world.selection().config_profile)
    }

    fn config(&self) -> Option<Value> {
        serde_json::from_slice(&fs::read(self.folder().join("config.json")).ok()?).ok()
    }

    async fn checked(&self) -> Checked {
        check::run(self.here(), self.world.selection()).await
    }

    async fn write(&self, checked: &Checked, plan: Plan) -> Vec<ChangeReport> {
        let (events, _kept) = mpsc::unbounded_channel();
        let id = plan.id.clone();
        let confirmed = plan.confirm(&id).expect("nothing blocks the plan");
        let gatherer = Gatherer::new(self.here());
        // The connection that writes is made for the credentials that were checked.
        apply(&gatherer, &checked.selection, confirmed, events, CancellationToken::new()).await.unwrap()
    }
}

/// What is there, and valid values where something is missing or wrong.
fn answered(checked: &Checked) -> Draft {
    let mut draft = Draft::from_facts(&checked.facts, &checked.selection);
    for (key, value) in VALUES {
        let right = draft.values.get(&key).is_some_and(|there| {
            rules::check(key, there.expose()).iter().all(|fault| fault.severity != Severity::Error)
        });
        if !right {
            draft.set(key, value);
        }
    }
    draft
}

/// `deployments.json` and what the webhook package leaves beside it, as of long ago.
fn beside(folder: &Path) -> Vec<PathBuf> {
    fs::create_dir_all(folder).unwrap();
    ["deployments.json", "deployments.json.backup"]
        .map(|name| {
            let path = folder.join(name);
            if !path.exists() {
                fs::write(&path, NOT_OURS).unwrap();
            }
            let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
            fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
            path
        })
        .to_vec()
}

fn seen(files: &[PathBuf]) -> Vec<(Vec<u8>, SystemTime)> {
    files.iter().map(|path| (fs::read(path).unwrap(), fs::metadata(path).unwrap().modified().unwrap())).collect()
}

fn nulls(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Null => {
            found.insert(path.to_owned());
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| nulls(value, &format!("{path}/{name}"), found));
        }
        Value::Array(all) => all.iter().for_each(|value| nulls(value, &format!("{path}/[]"), found)),
        _ => {}
    }
}

fn top(value: &Value) -> BTreeSet<String> {
    value.as_object().into_iter().flat_map(|members| members.keys().cloned()).collect()
}

/// Without what stood in the file before and no reader knows: rolecall keeps it, and answers for the rest.
fn ours(mut written: Value, before: &Value, known: &BTreeSet<String>) -> Value {
    let theirs: BTreeSet<String> = top(before).difference(known).cloned().collect();
    if let Some(members) = written.as_object_mut() {
        members.retain(|name, _| !theirs.contains(name));
    }
    written
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_passes_the_published_schema_and_is_written_once() {
    let schema: Value = serde_json::from_str(rolecall::config::SCHEMA).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let known = top(&schema["properties"]);
    let mut written = BTreeSet::new();
    for name in World::names() {
        let place = Place::new(name);
        let before = place.config().unwrap_or(Value::Null);
        let files = beside(&place.folder());
        let untouched = seen(&files);
        let checked = place.checked().await;
        let plan = plan(&checked.facts, &checked.selection, &answered(&checked));
        let has_config = plan.changes.iter().any(|change| matches!(change, Change::Config(_)));
        if plan.blocked.is_empty() && has_config {
            let reports = place.write(&checked, plan).await;
            let all = reports.iter().all(|report| matches!(report.outcome, ChangeOutcome::Written { .. }));
            assert!(all || !WRITABLE.contains(name), "{name}: {reports:?}");
            if all {
                written.insert(*name);
            }
        }
        assert_eq!(seen(&files), untouched, "{name}: deployments.json is not ours to write");
        let Some(config) = place.config() else { continue };
        let config = ours(config, &before, &known);
        if written.contains(name) || WRITABLE.contains(name) {
            let faults: Vec<String> =
                validator.iter_errors(&config).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
            assert_eq!(faults, Vec::<String>::new(), "{name}");
            let (mut now, mut then) = (BTreeSet::new(), BTreeSet::new());
            nulls(&config, "", &mut now);
            nulls(&before, "", &mut then);
            assert!(now.is_subset(&then), "{name}: {now:?}");
            assert!(top(&config).is_subset(&known), "{name}: {config}");
        }
        if written.contains(name) {
            let again = place.checked().await;
            let draft = Draft::from_facts(&again.facts, &again.selection);
            let second = rolecall::plan::plan(&again.facts, &again.selection, &draft);
            assert!(second.is_empty() && second.blocked.is_empty(), "{name}: {second:?}");
        }
    }
    for name in WRITABLE {
        // What is right already has nothing to write.
        let place = Place::new(name);
        assert!(written.contains(name) || place.config().is_some(), "{name} ends with a file");
    }
    assert!(written.len() >= 2, "{written:?}");
}

fn rolecall(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_rolecall")).args(arguments).env_clear().env("HOME", home).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_effective_configuration_is_printed_without_secrets_and_without_aws() {
    let home = tempfile::tempdir().unwrap();
    let put = |profile: &str, text: &str| {
        let folder = home.path().join(".config/benchling-webhook").join(profile);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config.json"), text).unwrap();
    };
    put("base", r#"{"quilt": {"catalog": "q.example.com"}, "benchling": {"clientSecret": "canary-secret"}}"#);
    put(
        "dev",
        r#"{"_inherits": "base", "quilt": {"region": "us-east-1"}, "benchling": {"clientId": "canaryClientId"}}"#,
    );
    let (code, out, err) = rolecall(home.path(), &["print", "config", "--profile", "dev"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("q.example.com") && out.contains("inherited from base"), "{out}");
    assert!(!out.contains("canary-secret") && !out.contains("canaryClientId"), "{out}");
    let (code, out, _) = rolecall(home.path(), &["print", "config", "--profile", "dev", "--format", "json"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["inherits"][0]), (0, &Value::from("base")));
    assert!(!out.contains("canary"), "{out}");
    let (code, out, err) = rolecall(home.path(), &["print", "config", "--profile", "prod"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("has no config.json"), "{err}");
}

#[test]
fn the_schema_of_the_file_is_published() {
    let home = tempfile::tempdir().unwrap();
    let (code, out, _) = rolecall(home.path(), &["schema", "config"]);
    let schema: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &schema["title"]), (0, &Value::from("config.json of a config profile")));
    assert!(jsonschema::meta::is_valid(&schema));
}
