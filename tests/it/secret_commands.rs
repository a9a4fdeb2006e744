//! `rolecall secret check`, `plan`, `apply` and `check --as-container` as a user and a build run them: every source, their order, the exit codes,
//! the JSON, and that no secret is in anything that was printed, kept or passed on.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::processes;
use crate::raw_bytes::{Sink, strangers};
use crate::said::{Said, flat};
use crate::writing::{VALUES, document};

pub const STACK: &str =
    "arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-prod/5f0c2b90-7d1e-11ee-9a3b-0e1c7f2d4a6b";

/// A folder for the sources, which is the home and the current folder too, and the log of every run.
pub struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path(name), text).unwrap();
        std::fs::set_permissions(self.path(name), PermissionsExt::from_mode(0o600)).unwrap();
        self
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command.args(arguments).arg("--log-file").arg(self.path("run.log"));
        command.env_clear().env("HOME", self.folder.path()).current_dir(self.folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        self.said(&mut self.command(arguments), b"")
    }

    pub fn piped(&self, arguments: &[&str], input: &[u8]) -> Said {
        self.said(&mut self.command(arguments), input)
    }

    pub fn said(&self, command: &mut Command, input: &[u8]) -> Said {
        let output = processes::run_with(command, input).unwrap();
        let log = std::fs::read(self.path("run.log")).unwrap_or_default();
        for (place, bytes) in
            [("standard output", &output.stdout), ("standard error", &output.stderr), ("the log", &log)]
        {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(!text.contains("canary"), "a secret is in {place}:\n{text}");
            assert_eq!(strangers(bytes, Sink::Text), Vec::<String>::new(), "{place}");
        }
        Said::of(output)
    }
}

/// Names that earlier versions gave the values.
const OLD: [&str; 11] = [
    "BENCHLING_CLIENT_ID",
    "BENCHLING_CLIENT_SECRET",
    "BENCHLING_TENANT",
    "BENCHLING_APP_DEFINITION_ID",
    "LOG_LEVEL",
    "PKG_PREFIX",
    "PKG_KEY",
    "QUILT_USER_BUCKET",
    "ECR_REPOSITORY_NAME",
    "ENABLE_WEBHOOK_VERIFICATION",
    "WEBHOOK_ALLOW_LIST",
];

fn variables() -> Vec<(&'static str, &'static str)> {
    OLD.iter().zip(VALUES).map(|(name, (_, value))| (*name, value)).collect()
}

pub fn env_file() -> String {
    variables().iter().map(|(name, value)| format!("{name}={value}\n")).collect()
}

pub fn task_definition() -> Value {
    let environment: Vec<Value> =
        variables().iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    json!({"taskDefinition": {"family": "webhook", "containerDefinitions": [{"name": "webhook", "image": "i", "environment": environment}]}})
}

fn config() -> Value {
    json!({
        "benchling": {"tenant": "acme", "clientId": "wqFabcdefgYe", "clientSecret": "canary-client-secret", "appDefinitionId": "appdef_wqFabcdefg"},
        "packages": {"bucket": "quilt-user-bucket", "prefix": "benchling", "metadataKey": "experiment_id"},
        "deployment": {"ecrRepository": "quiltdata/benchling"}, "logging": {"level": "INFO"},
        "security": {"enableVerification": true, "webhookAllowList": ""}
    })
}

#[test]
fn every_source_that_needs_no_credentials_is_judged_without_any() {
    let desk = Desk::new();
    desk.file("s.json", document().to_string())
        .file("t.json", task_definition().to_string())
        .file("c.json", config().to_string())
        .file("e.env", env_file());
    let folder = desk.path(".config/benchling-webhook/default");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.json"), config().to_string()).unwrap();
    for (source, label, shape) in [
        (&["--file", "s.json"][..], "file s.json", "secret"),
        (&["--file", "t.json"], "file t.json", "task_definition"),
        (&["--file", "c.json"], "file c.json", "config"),
        (&["--env-file", "e.env"], "env file e.env", "variables"),
        (&["--from-config"], "config.json", "config"),
    ] {
        let json = desk.run(&[&["secret", "check", "--format", "json"], source].concat()).expect(0).check();
        assert_eq!(
            (&json["sources"][0]["label"], &json["sources"][0]["shape"]),
            (&json!(label), &json!(shape)),
            "{label}"
        );
        assert_eq!(json["sources"][0]["values"], 11, "{label}");
        assert!(json["keys"].as_array().unwrap().iter().all(|key| key["severity"] == "ok"), "{json:#}");
        assert_eq!((&json["asked_aws"], &json["identity"], &json["calls"]), (&json!(false), &Value::Null, &json!([])));
        desk.run(&[&["secret", "check"], source].concat()).expect(0).has(&[
            &format!("1 {label}:"),
            "is valid",
            "AWS was not asked",
        ]);
    }
    let mut with_environment = desk.command(&["secret", "check", "--environment"]);
    desk.said(with_environment.envs(variables()), b"").expect(0).has(&["The environment is valid"]);
    for text in [document().to_string(), task_definition().to_string(), config().to_string(), env_file()] {
        desk.piped(&["secret", "check", "-"], text.as_bytes())
            .expect(0)
            .has(&["1 standard input:", "Standard input is valid"]);
    }
}

#[test]
fn of_two_sources_that_differ_the_first_counts_in_either_order_and_the_difference_is_told() {
    let desk = Desk::new();
    desk.file("a.env", env_file()).file("b.json", r#"{"LOG_LEVEL": "DEBUG", "CLIENT_SECRET": "canary-other-secret"}"#);
    for (sources, level, counts) in [
        (["--env-file", "a.env", "--file", "b.json"], "INFO", "env file a.env"),
        (["--file", "b.json", "--env-file", "a.env"], "DEBUG", "file b.json"),
    ] {
        let json = desk.run(&[&["secret", "check", "--format", "json"][..], &sources].concat()).expect(0).check();
        let key = |name: &str| json["keys"].as_array().unwrap().iter().find(|key| key["key"] == name).unwrap().clone();
        assert_eq!((&key("LOG_LEVEL")["value"], &key("LOG_LEVEL")["source"]), (&json!(level), &json!(counts)));
        assert_eq!(key("TENANT")["source"], "env file a.env");
        assert_eq!(json["conflicts"][1]["offers"][0]["source"], counts);
        assert_eq!(json["conflicts"][0]["key"], "CLIENT_SECRET");
        assert_eq!(json["conflicts"][0]["offers"][0]["value"], "********");
        assert!(json["findings"].as_array().unwrap().iter().any(|finding| finding["id"] == "secret/conflict"));
        desk.run(&[&["secret", "check", "--fail-on", "warning"][..], &sources].concat())
            .expect(1)
            .has(&["secret/conflict"]);
    }
}

#[test]
fn every_fault_is_told_at_once_with_its_key_and_its_cure() {
    let desk = Desk::new();
    desk.file(
        "six.env",
        "BENCHLING_TENANT=https://acme.benchling.com\nBENCHLING_CLIENT_ID=wqFabcdefgYe\nBENCHLING_CLIENT_SECRET=canary secret\n\
         BENCHLING_APP_DEFINITION_ID=wqFabc\nLOG_LEVEL=info\nPKG_PREFIX=benchling\nPKG_KEY=experiment_id\nQUILT_USER_BUCKET=s3://quilt-user-bucket\n\
         ECR_REPOSITORY_NAME=quiltdata/benchling\nENABLE_WEBHOOK_VERIFICATION=yes\nWEBHOOK_ALLOW_LIST=10.0.0.0/8,999.1.1.1\n",
    );
    let json = desk.run(&["secret", "check", "--env-file", "six.env", "--format", "json"]).expect(1).check();
    let wrong: Vec<&str> = json["keys"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|key| key["severity"] == "error" || key["severity"] == "warning")
        .map(|key| key["key"].as_str().unwrap())
        .collect();
    assert_eq!(
        wrong,
        [
            "CLIENT_SECRET",
            "TENANT",
            "APP_DEFINITION_ID",
            "LOG_LEVEL",
            "USER_BUCKET",
            "ENABLE_WEBHOOK_VERIFICATION",
            "WEBHOOK_ALLOW_LIST"
        ]
    );
    let claims: Vec<&str> =
        json["findings"].as_array().unwrap().iter().map(|one| one["claim"].as_str().unwrap()).collect();
    for key in wrong {
        assert!(claims.iter().any(|claim| claim.contains(key)), "{key}: {claims:#?}");
    }
    desk.run(&["secret", "check", "--env-file", "six.env"]).expect(1).has(&[
        "acme?",
        "INFO?",
        "quilt-user-bucket?",
        "is not valid:",
    ]);
}

#[test]
fn a_secret_of_a_world_is_judged_and_no_role_is_looked_at() {
    let desk = Desk::new();
    let broken = desk.run(&["secret", "check", "--demo=secret-broken", "--format", "json"]).expect(1).check();
    let called: Vec<&str> =
        broken["calls"].as_array().unwrap().iter().map(|call| call["operation"].as_str().unwrap()).collect();
    assert!(called.contains(&"secretsmanager:GetSecretValue"), "{called:?}");
    assert!(called.iter().all(|one| !one.starts_with("iam:") && *one != "sts:AssumeRole"), "{called:?}");
    desk.run(&["secret", "check", "--demo=quilt-healthy"])
        .expect(0)
        .has(&["Secret benchling-webhook-production is valid"]);
    desk.run(&["secret", "check", "--demo=quilt-no-secret"]).expect(1).has(&["does not exist"]);
    desk.run(&["secret", "check", "--demo=quilt-healthy", "--name", "no-such"]).expect(1).has(&["no-such"]);
    desk.run(&["secret", "check", "--demo=read-only-operator"]).expect(3).has(&["it up needs secretsmanager:"]);
    desk.run(&["secret", "check", "--demo=expired-login"])
        .expect(3)
        .has(&["Nothing could be judged.", "aws sso login --profile staging"]);
    let by_name = ["secret", "check", "--demo=quilt-healthy", "--name", "benchling-webhook-production"];
    desk.run(&by_name).expect(0);
    desk.run(&[&by_name[..], &["--version-stage", "AWSCURRENT"]].concat())
        .expect(0)
        .has(&["1 secret benchling-webhook-production, AWSCURRENT:"]);
    desk.run(&[&by_name[..], &["--version-id", "no-such-version"]].concat()).expect(1);
}

#[test]
fn without_credentials_only_what_needs_them_cannot_be_told() {
    let desk = Desk::new();
    desk.file("s.json", document().to_string());
    desk.run(&["secret", "check"]).expect(3).has(&["Nothing could be judged."]);
    desk.run(&["secret", "check", "--name", "benchling"]).expect(3);
    desk.run(&["secret", "plan", "--file", "s.json"])
        .expect(3)
        .has(&["Nothing is written while it is not known who asks."]);
    let unreachable = |arguments: &[&str]| {
        let mut command = desk.command(arguments);
        command.envs([
            ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "canary-key"),
            ("AWS_REGION", "us-east-1"),
        ]);
        command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
        desk.said(&mut command, b"")
    };
    unreachable(&["secret", "check"]).expect(3).has(&["AWS could not be reached"]);
    unreachable(&["secret", "check", "--file", "s.json"]).expect(0);
}

#[test]
fn a_plan_is_made_read_and_written_by_its_id_and_then_there_is_none() {
    let desk = Desk::new();
    desk.file("e.env", env_file());
    let sources = ["--demo=quilt-no-secret", "--env-file", "e.env"];
    let plan = desk.run(&[&["secret", "plan"][..], &sources].concat()).expect(4).has(&[
        "1 secret benchling-webhook-prod: new secret",
        "+ CLIENT_SECRET ******** <- env file e.env, BENCHLING_CLIENT_SECRET",
        "+ LOG_LEVEL INFO <- env file e.env",
        "rolecall secret apply --demo=quilt-no-secret --env-file e.env --plan-id",
    ]);
    assert!(!plan.out.contains("config.json of config profile"), "the secret alone is planned: {}", plan.out);
    let id = plan.id();
    let json = desk.run(&[&["secret", "plan", "--format", "json"][..], &sources].concat()).expect(4).plan();
    assert_eq!(json["plan"]["id"], id);
    assert_eq!(json["origins"]["TENANT"], "env file e.env, BENCHLING_TENANT");
    let names: Vec<&str> = json["plan"]["changes"][0]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, VALUES.map(|(key, _)| key.name()), "exactly 11 keys");

    let apply =
        |more: &[&str]| desk.run(&[&["secret", "apply"][..], &sources, &["--plan-id", &id, "--yes"], more].concat());
    let done = apply(&[]).expect(0).has(&[
        "written: secret benchling-webhook-prod: created as version",
        "to undo: aws secretsmanager",
        "Secret benchling-webhook-prod is valid",
        "What is left to do",
        &format!("QuiltStackARN={STACK}"),
        "BenchlingSecret=benchling-webhook-prod",
        "BENCHLING_CLIENT_SECRET",
        "--force-new-deployment",
        "\"config_parameters\": 11",
        "\"client_id\": \"wqF***Ye\"",
    ]);
    assert!(done.err.contains("writing secret benchling-webhook-prod"), "{}", done.err);
    let json = apply(&["--format", "json"]).expect(0).plan();
    assert_eq!((&json["written"][0]["outcome"], &json["refused"]), (&json!("written"), &Value::Null));
    assert!(json["checklist"].as_array().unwrap().len() >= 5, "{json:#}");

    apply(&["--read-only"]).expect(2);
    desk.file("e.env", env_file().replace("INFO", "DEBUG"));
    let other = apply(&[]).expect(5);
    assert!(other.err.contains("Nothing was written.") && other.err.contains("a source"), "{}", other.err);
    let other = apply(&["--reader", "both"]).expect(5);
    assert!(other.err.contains("the sources or the flags"), "{}", other.err);
}

#[test]
fn where_all_is_as_it_should_be_there_is_no_plan_and_a_fault_blocks_it() {
    let desk = Desk::new();
    desk.run(&["secret", "plan", "--demo=quilt-healthy"])
        .expect(0)
        .has(&["No changes: the secret benchling-webhook-production holds"]);
    desk.file("half.env", "BENCHLING_TENANT=https://acme.benchling.com\nLOG_LEVEL=info\n");
    let blocked = desk.run(&["secret", "plan", "--demo=quilt-no-secret", "--env-file", "half.env"]).expect(1);
    assert!(!blocked.out.contains("--plan-id"), "{}", blocked.out);
    let blocked = blocked.has(&["TENANT is not valid", "LOG_LEVEL is not valid", "CLIENT_ID has no value yet"]);
    drop(blocked);
    desk.run(&["secret", "plan", "--demo=quilt-healthy", "--env-file", "none.env"])
        .expect(1)
        .has(&["Env file none.env cannot be used"]);
    desk.run(&["secret", "plan", "--demo=read-only-operator"]).expect(3);
    desk.run(&["secret", "plan", "--demo=expired-login"]).expect(3);
}

#[test]
fn as_both_the_secret_holds_either_spelling_and_as_shipped_the_small_letters() {
    let desk = Desk::new();
    desk.file("s.json", document().to_string());
    for (reader, capitals, small) in [("specification", 11, 0), ("both", 11, 10), ("shipped", 0, 10)] {
        let arguments =
            ["secret", "plan", "--demo=quilt-no-secret", "--file", "s.json", "--reader", reader, "--format", "json"];
        let json = desk.run(&arguments).expect(4).plan();
        assert_eq!(json["reader"], json!({"reader": reader, "why": "as you said"}));
        let fields = json["plan"]["changes"][0]["fields"].as_array().unwrap().clone();
        let of = |upper: bool| {
            fields.iter().filter(|field| field["name"].as_str().unwrap().contains(char::is_uppercase) == upper).count()
        };
        assert_eq!((of(true), of(false)), (capitals, small), "{reader}: {fields:#?}");
    }
}

#[test]
fn a_file_is_written_for_its_owner_alone_without_credentials() {
    let desk = Desk::new();
    desk.file("e.env", env_file());
    let sources = ["--env-file", "e.env", "--to-file", "out.json"];
    let id = desk
        .run(&[&["secret", "plan"][..], &sources].concat())
        .expect(4)
        .has(&["1 file out.json: new file, 0600"])
        .id();
    desk.run(&[&["secret", "apply"][..], &sources, &["--plan-id", &id, "--yes"]].concat()).expect(0).has(&["is valid"]);
    assert_eq!(std::fs::metadata(desk.path("out.json")).unwrap().permissions().mode() & 0o777, 0o600);
    let written: Value = serde_json::from_slice(&std::fs::read(desk.path("out.json")).unwrap()).unwrap();
    assert_eq!(written, document());
    desk.run(&[&["secret", "plan"][..], &sources].concat())
        .expect(0)
        .has(&["No changes: the file out.json holds what it should."]);
}

#[test]
fn what_makes_no_sense_is_refused_with_a_sentence_and_nothing_is_begun() {
    let desk = Desk::new();
    desk.file("s.json", document().to_string());
    for (arguments, word) in [
        (&["secret", "plan", "--to-file", "o", "--kms-key", "k"][..], "--kms-key is about Secrets Manager"),
        (&["secret", "plan", "--to-file", "o", "--to", "s"], "--to is about Secrets Manager"),
        (&["secret", "plan", "--to", "a", "--secret", "b"], "two targets"),
        (&["secret", "plan", "--file", "s.json", "--to-file", "s.json"], "a source too"),
        (&["secret", "check", "--secret", "a", "--file", "s.json"], "--secret names the secret to judge"),
        (&["secret", "check", "--version-id", "v"], "--name"),
        (&["secret", "check", "s.json"], "--file FILE"),
        (&["secret", "--file", "s.json", "check"], "stand behind check"),
        (&["secret", "apply", "--file", "s.json", "--yes"], "--plan-id"),
        (&["secret", "apply", "--file", "s.json", "--plan-id", "0123", "--yes"], "is no plan's id"),
        (&["check", "--as-container", "--stack", "a"], "QuiltStackARN and BenchlingSecret"),
        (&["check", "--as-container", "--format", "html"], "text or json"),
        (&["check", "--env-file", "e"], "--as-container"),
        (&["check", "--as-container", "--env-file", "none.env"], "there is no file none.env"),
    ] {
        let said = desk.run(arguments).expect(2);
        assert_eq!(said.out, "", "{arguments:?}");
        assert!(flat(&said.err).contains(word), "{arguments:?}: {}", said.err);
    }
    let said = desk.run(&["secret", "--file", "s.json"]).expect(2);
    assert!(said.err.contains("rolecall secret check"), "{}", said.err);
}

/// Values come in by files, standard input and the environment, and go on to nobody: no argument of any process, no temporary file.
#[test]
fn a_value_is_in_nothing_but_the_target_after_the_run() {
    let desk = Desk::new();
    let tmp = desk.path("tmp");
    std::fs::create_dir_all(&tmp).unwrap();
    let arguments = ["secret", "plan", "--demo=quilt-no-secret", "-"];
    let run = |arguments: &[&str]| {
        let mut command = desk.command(arguments);
        command.env("TMPDIR", &tmp);
        desk.said(&mut command, env_file().as_bytes())
    };
    let id = run(&arguments).expect(4).id();
    run(&["secret", "apply", "--demo=quilt-no-secret", "-", "--plan-id", &id, "--yes"]).expect(0);
    run(&["secret", "check", "-", "--format", "json"]).expect(0);
    let kept = holding(desk.folder.path(), b"canary");
    assert_eq!(kept, Vec::<PathBuf>::new(), "standard input leaves nothing behind");
}

fn holding(folder: &Path, needle: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, needle));
        } else if std::fs::read(&path).unwrap().windows(needle.len()).any(|part| part == needle) {
            found.push(path);
        }
    }
    found
}

pub fn container(desk: &Desk, secret: &str, more: &str) {
    desk.file("c.env", format!("QuiltStackARN={STACK}\nBenchlingSecret={secret}\n{more}"));
}

#[test]
fn without_its_two_variables_the_container_stops_before_any_call() {
    let desk = Desk::new();
    let said = desk.run(&["check", "--as-container"]).expect(1);
    assert!(
        said.out.contains(
            "❌ Configuration Error: Missing required environment variables\n\nRequired: QuiltStackARN, BenchlingSecret\n\nCurrent:\n  \
             QuiltStackARN: not set\n  BenchlingSecret: not set\n\nSee: https://github.com/quiltdata/benchling-webhook#configuration\n"
        ),
        "{}",
        said.out
    );
    let json = desk.run(&["check", "--as-container", "--format", "json"]).expect(1).startup();
    assert_eq!((&json["phase"], &json["calls"]), (&json!("environment"), &json!([])));
    let mut command = desk.command(&["check", "--as-container"]);
    command.envs([("QuiltStackARN", "invalid-arn"), ("BenchlingSecret", "s")]);
    desk.said(&mut command, b"").expect(1).has(&["Received: invalid-arn", "step 2 of 5"]);
}

#[test]
fn the_rehearsal_goes_through_and_says_what_the_service_would_answer() {
    let desk = Desk::new();
    container(&desk, "benchling-webhook-production", "BENCHLING_TENANT=canary-left\nPATH=/bin\n");
    let arguments = ["check", "--as-container", "--env-file", "c.env", "--demo=quilt-healthy"];
    desk.run(&arguments).expect(0).has(&[
        "you, not the service's task role",
        "GET /health",
        "\"config_source\": \"secrets-only-mode\"",
        "GET /config",
        "warning: Still set, and no longer read: BENCHLING_TENANT.",
        "The service would start: all 5 steps are passed.",
    ]);
    let json = desk.run(&[&arguments[..], &["--format", "json"]].concat()).expect(0).startup();
    assert_eq!((&json["outcome"], &json["health"]["config_parameters"]), (&json!("starts"), &json!(11)));
    let called: Vec<&str> =
        json["calls"].as_array().unwrap().iter().map(|call| call["operation"].as_str().unwrap()).collect();
    assert_eq!(
        called,
        ["sts:GetCallerIdentity", "cloudformation:DescribeStacks", "secretsmanager:GetSecretValue"],
        "what the service asks, in its order, and who is asking"
    );
}

#[test]
fn the_rehearsal_stops_where_the_service_would_and_only_there() {
    let desk = Desk::new();
    let run = |world: &str| {
        desk.run(&["check", "--as-container", "--env-file", "c.env", &format!("--demo={world}"), "--format", "json"])
    };
    container(&desk, "benchling-webhook-production", "");
    let broken = run("secret-broken").expect(1).startup();
    assert_eq!(broken["phase"], "parameters");
    assert!(broken["message"].as_str().unwrap().contains("Missing: ECR_REPOSITORY_NAME"), "{broken:#}");
    let refused = run("read-only-operator").expect(3).startup();
    assert_eq!((&refused["outcome"], &refused["phase"]), (&json!("unknown"), &json!("stack")));
    assert!(refused["message"].as_str().unwrap().contains("  - cloudformation:DescribeStacks"), "{refused:#}");
    container(&desk, "no-such-secret", "");
    let missing = run("quilt-healthy").expect(1).startup();
    assert!(missing["message"].as_str().unwrap().contains("Secret 'no-such-secret' not found"), "{missing:#}");
    container(&desk, "arn:aws:secretsmanager:eu-west-1:111122223333:secret:benchling-webhook-production-AbCdEf", "");
    let elsewhere = run("quilt-healthy").expect(1).startup();
    assert!(elsewhere["message"].as_str().unwrap().contains("names a secret in eu-west-1"), "{elsewhere:#}");
    desk.file("c.env", format!("QuiltStackARN={}\nBenchlingSecret=s\n", STACK.replace("quilt-prod", "no-such")));
    let gone = run("quilt-healthy").expect(1).startup();
    assert_eq!(gone["phase"], "stack");
    assert!(gone["message"].as_str().unwrap().contains("'no-such' not found"), "{gone:#}");
    desk.file("c.env", format!("QuiltStackARN={}\nBenchlingSecret=s\n", STACK.replace("111122223333", "444455556666")));
    let foreign = run("quilt-healthy").expect(3).startup();
    assert!(foreign["unknown"].as_str().unwrap().contains("4444-5555-6666"), "{foreign:#}");
}

#[test]
fn the_reader_is_among_the_answers_of_a_set_up() {
    let desk = Desk::new();
    let output = desk.command(&["print", "answers"]).output().unwrap();
    let filled = VALUES.iter().fold(String::from_utf8(output.stdout).unwrap(), |text, (key, value)| {
        text.replace(&format!("\"{}\": null", key.name()), &format!("\"{}\": \"{value}\"", key.name()))
    });
    let plan = |text: &str| {
        desk.file("answers.jsonc", text);
        desk.run(&["setup", "--answers", "answers.jsonc", "--demo=quilt-no-secret"])
    };
    let specification = plan(&filled).expect(4);
    let both = plan(&filled.replace("\"reader\": null", "\"reader\": \"both\"")).expect(4).has(&["+ client_secret"]);
    assert_ne!(specification.id(), both.id());
    let wrong = plan(&filled.replace("\"reader\": null", "\"reader\": \"spec\"")).expect(2);
    assert!(wrong.err.contains("`spec` is none of specification, shipped, both"), "{}", wrong.err);
}

#[test]
fn the_proof_of_a_file_shows_what_was_written_and_a_second_time_nothing_is() {
    let desk = Desk::new();
    desk.file("e.env", env_file());
    for old in [document().to_string().replace("acme", "zeta").replace("INFO", "DEBUG"), "not JSON".to_owned()] {
        desk.file("w.json", old);
        let sources = ["--env-file", "e.env", "--to-file", "w.json"];
        let id = desk.run(&[&["secret", "plan"][..], &sources].concat()).expect(4).id();
        let apply = || desk.run(&[&["secret", "apply"][..], &sources, &["--plan-id", &id, "--yes"]].concat());
        let done = apply().expect(0).has(&["\"tenant\": \"acme\"", "\"log_level\": \"INFO\"", "rm -- w.json"]);
        assert!(!done.out.contains("zeta"), "{}", done.out);
        apply().expect(0).has(&["No changes: the file w.json holds what it should."]);
    }
}

#[test]
fn a_plan_tells_what_matters_once_it_is_written() {
    let desk = Desk::new();
    desk.file("s.json", document().to_string().replace("quilt-user-bucket", "another-bucket"));
    let plan = |world: &str, more: &[&str]| {
        let world = format!("--demo={world}");
        desk.run(&[&["secret", "plan", &world, "--file", "s.json"][..], more].concat())
    };
    plan("secret-stack-owned", &[]).expect(4).has(&["DEMO world secret-stack-owned", "Warnings", "secret/owner of"]);
    plan("secret-rotated", &[]).expect(4).has(&["Warnings", "secret/rotation of"]);
    plan("secret-pending", &[]).has(&["secret/pending-version of"]);
    plan("quilt-healthy", &["--read-only"])
        .expect(4)
        .has(&["config/secret-values of", "can be written, without --read-only."]);
    let name = ["--name", "benchling-webhook-production"];
    let twice = desk.run(&[&["secret", "plan", "--demo=secret-nested"][..], &name].concat());
    assert_eq!(twice.out.matches("secret/nested of").count(), 1, "{}", twice.out);
}

#[test]
fn what_cannot_be_used_or_written_is_the_one_thing_that_blocks() {
    let desk = Desk::new();
    desk.file("e.env", env_file()).file("typo.env", "what is this?\n");
    let typo = desk.run(&["secret", "plan", "--env-file", "typo.env", "--to-file", "o.json"]).expect(1);
    assert!(!typo.out.contains("has no value yet"), "{}", typo.out);
    drop(typo.has(&["The plan cannot be written: - Env file typo.env cannot be used:"]));
    let nowhere = desk.run(&["secret", "plan", "--env-file", "e.env", "--to-file", "no/x.json"]).expect(1);
    assert!(!nowhere.out.contains("--plan-id"), "{}", nowhere.out);
    drop(nowhere.has(&["The file no/x.json cannot be written: there is no folder no"]));
    desk.file("two.json", r#"{"TENANT": "https://acme.benchling.com"}"#);
    let both = ["secret", "plan", "--env-file", "e.env", "--file", "two.json", "--to-file", "o.json"];
    desk.run(&both).expect(4).has(&["Two sources differ"]);
    let fixed = desk.run(&[&both[..], &["--fix"]].concat()).expect(4);
    assert!(!fixed.out.contains("Two sources differ"), "{}", fixed.out);
}

#[test]
fn trying_the_values_says_that_they_work_or_that_it_is_not_known() {
    let desk = Desk::new();
    desk.file("s.json", document().to_string());
    desk.run(&["secret", "check", "--demo=secret-tried-works", "--try-bucket", "--try-benchling"]).expect(0).has(&[
        "Tried, and it works",
        "secret/bucket-access of",
        "secret/benchling of",
    ]);
    let open = desk.run(&["secret", "check", "--file", "s.json", "--try-bucket"]).expect(3);
    assert!(!open.out.contains("not valid"), "{}", open.out);
    drop(open.has(&["Not known", "not everything could be known."]));
    let shipped = ["secret", "check", "--demo=secret-shipped", "--reader", "shipped"];
    desk.run(&shipped).expect(0).has(&["ok client_id"]);
    container(&desk, "benchling-webhook-production", "");
    let shipped = ["check", "--as-container", "--reader", "shipped", "--env-file", "c.env", "--demo=secret-shipped"];
    let json = desk.run(&[&shipped[..], &["--format", "json"]].concat()).expect(0).startup();
    let fields: Vec<&String> = json["health"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["status", "service", "version"]);
}
