//! Canary values in every secret place, and everything that runs produced, searched for them: what was printed, files, logs, reports, the
//! arguments and the environment of the process and of what it starts.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::emulator::{Account, Emulator};
use crate::personas;
use crate::processes;
use crate::terminal::{Launch, PATIENCE, Terminal};

/// Of the env file, of a file with JSON, of the secret that is there, of `config.json`, and what is half masked.
const CANARIES: [&str; 6] = [
    "canaryEnvSecret",
    "canaryFileSecret",
    "canaryThereSecret",
    "canaryConfigSecret",
    "canaryClientIdOfTheApp",
    "canaryForeignValue",
];

struct Scene {
    home: tempfile::TempDir,
    account: Account,
    /// Keys of the operator, which are secrets as well.
    keys: Vec<String>,
}

impl Scene {
    async fn new() -> Option<Self> {
        let account = Emulator::shared()?.account();
        let operator = personas::operator(&account).await;
        let there = json!({"CLIENT_SECRET": "canaryThereSecret", "TENANT": "acme", "foreign": "canaryForeignValue"});
        let create = account.clients().secrets.create_secret().name("there").secret_string(there.to_string());
        create.send().await.unwrap();
        let home = tempfile::tempdir().unwrap();
        account.write_aws_profiles(home.path(), &[("default", &operator.keys)]);
        let scene = Self { home, account, keys: vec![operator.keys.secret_access_key] };
        scene.files();
        Some(scene)
    }

    fn files(&self) {
        let text = "export BENCHLING_TENANT=https://acme.benchling.com/\nBENCHLING_CLIENT_ID=canaryClientIdOfTheApp\n\
                    BENCHLING_CLIENT_SECRET=\"canaryEnvSecret\"\nBENCHLING_APP_DEFINITION_ID=appdef_abc\nLOG_LEVEL=info\n\
                    PKG_PREFIX=benchling\nPKG_KEY=experiment_id\nQUILT_USER_BUCKET=acme-data\n\
                    ECR_REPOSITORY_NAME=quiltdata/benchling\nENABLE_WEBHOOK_VERIFICATION=TRUE\nWEBHOOK_ALLOW_LIST=\n";
        self.put("prod.env", text);
        let file = json!({"CLIENT_SECRET": "canaryFileSecret", "CLIENT_ID": "canaryClientIdOfTheApp"});
        self.put("secret.json", &file.to_string());
        self.put("broken.json", "{\"CLIENT_SECRET\": \"canaryFileSecret\", oops}");
        let config = json!({"benchling": {"clientSecret": "canaryConfigSecret", "tenant": "acme"}});
        self.put(".config/benchling-webhook/default/config.json", &config.to_string());
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        let home = self.home.path();
        command.args(words).current_dir(home).env_clear().env("HOME", home).env("TMPDIR", home.join("tmp"));
        command.env("AWS_ENDPOINT_URL", self.account.endpoint()).env("RUST_BACKTRACE", "full");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn secrets(&self) -> impl Iterator<Item = &str> {
        CANARIES.iter().copied().chain(self.keys.iter().map(String::as_str))
    }

    fn search(&self, what: &str, text: &str) {
        for secret in self.secrets() {
            assert!(!text.contains(secret), "{what} holds {secret}:\n{text}");
        }
    }

    /// Runs it to its end, looking meanwhile at what `ps` would show of it and of whatever it starts.
    fn run(&self, words: &[&str], input: &str) -> (Option<i32>, String) {
        fs::create_dir_all(self.home.path().join("tmp")).unwrap();
        let started = processes::starting();
        let mut child = self.command(words).spawn().unwrap();
        drop(started);
        child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
        let texts = [read(child.stdout.take().unwrap()), read(child.stderr.take().unwrap())];
        self.watch(&mut child);
        let code = child.wait().unwrap().code();
        let text: String = texts.into_iter().map(|text| text.join().unwrap()).collect();
        self.search(&words.join(" "), &text);
        (code, text)
    }

    fn watch(&self, child: &mut Child) {
        let mut seen = 0;
        while child.try_wait().unwrap().is_none() {
            for process in family(child.id()) {
                for file in ["cmdline", "environ"] {
                    let text = fs::read(format!("/proc/{process}/{file}")).unwrap_or_default();
                    seen += usize::from(!text.is_empty());
                    self.search(&format!("{file} of process {process}"), &String::from_utf8_lossy(&text));
                }
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        assert!(seen > 0 || !Path::new("/proc/self/cmdline").exists(), "the process was never looked at");
    }

    /// Every file below the home, and below another folder, but those that may hold a secret.
    fn search_files(&self, other: Option<&Path>, may: &[&str], wanted: &[&str]) {
        let mut looked_at = Vec::new();
        let mut folders = vec![self.home.path().to_owned()];
        folders.extend(other.map(Path::to_owned));
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(self.home.path()).unwrap_or(&path).to_string_lossy().into_owned();
                assert!(!name.ends_with(".new"), "a temporary file was left: {name}");
                if may
                    .iter()
                    .any(|may| name == *may || (may.ends_with('*') && name.starts_with(may.trim_end_matches('*'))))
                {
                    continue;
                }
                self.search(&name, &String::from_utf8_lossy(&fs::read(&path).unwrap()));
                looked_at.push(name);
            }
        }
        for wanted in wanted {
            assert!(looked_at.iter().any(|name| name.contains(wanted)), "{wanted} was not among {looked_at:?}");
        }
    }
}

/// A process and everything below it.
fn family(process: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    let below = children.split_whitespace().filter_map(|id| id.parse().ok()).flat_map(family);
    std::iter::once(process).chain(below).collect()
}

fn read(mut from: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Where the secrets were put to begin with, and the targets that were confirmed, with what they replaced.
const MAY: [&str; 6] = [
    "prod.env",
    "secret.json",
    "broken.json",
    ".aws/credentials",
    ".config/benchling-webhook/default/*",
    "target.json*",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_without_a_screen_shows_no_secret_anywhere() {
    let Some(scene) = Scene::new().await else { return };
    tokio::task::block_in_place(|| {
        let env = ["--env-file", "prod.env"];
        let both = ["--env-file", "prod.env", "--file", "secret.json"];
        let mut ids = BTreeMap::new();
        let mut said = String::new();
        for (words, code) in [
            ([&["secret", "check"], env.as_slice()].concat(), 1),
            ([&["secret", "check", "--format", "json"], both.as_slice()].concat(), 1),
            (vec!["secret", "check", "--file", "broken.json"], 1),
            (vec!["secret", "check", "--name", "there"], 1),
            ([&["secret", "plan", "--to", "there"], both.as_slice()].concat(), 1),
        ] {
            let (actual, text) = scene.run(&words, "");
            assert_eq!(actual, Some(code), "{words:?}\n{text}");
            said += &text;
        }
        assert!(said.contains("CLIENT_SECRET"), "the canaries were met: {said}");
        let fixed = fs::read_to_string(scene.home.path().join("prod.env")).unwrap();
        let fixed =
            fixed.replace("=info", "=INFO").replace("=TRUE", "=true").replace("https://acme.benchling.com/", "acme");
        scene.put("prod.env", &fixed);
        for target in [["--to", "there"], ["--to", "new"], ["--to-file", "target.json"]] {
            let (code, text) = scene.run(&[&["secret", "plan"], target.as_slice(), &env].concat(), "");
            assert_eq!(code, Some(4), "{text}");
            let id = text.split_once("--plan-id ").unwrap().1.split_whitespace().next().unwrap().to_owned();
            ids.insert(target[1], id);
        }
        for (target, id) in
            [(["--to", "there"], "there"), (["--to", "new"], "new"), (["--to-file", "target.json"], "target.json")]
        {
            for format in ["json", "text"] {
                // The second finds nothing to write any more.
                let words = [
                    &["secret", "apply", "--plan-id", &ids[id], "--yes", "--format", format, "--log-file", "log"],
                    target.as_slice(),
                    &env,
                ]
                .concat();
                let (code, text) = scene.run(&words, "");
                assert!(code == Some(0) || format == "text", "{text}");
            }
        }
        for format in ["text", "json", "markdown", "html"] {
            let file = format!("report.{format}");
            scene.run(&["check", "--secret", "there", "--format", format, "-o", &file, "--log-file", "log"], "");
        }
        scene.run(&["print", "config"], "");
        scene.run(&["secret", "check", "-"], "CLIENT_SECRET=canaryEnvSecret\n");
    });
    scene.search_files(None, &MAY, &["log", "report.html", "report.json"]);
}

/// The walk by keys: the raw bytes of the terminal, the draft it keeps, its report and its log.
#[tokio::test(flavor = "multi_thread")]
async fn the_walk_shows_no_secret_anywhere() {
    let Some(scene) = Scene::new().await else { return };
    let env_file = scene.home.path().join("prod.env");
    let log = scene.home.path().join("log");
    let words =
        ["secret", "--env-file", env_file.to_str().unwrap(), "--secret", "there", "--log-file", log.to_str().unwrap()];
    let launch = Launch::rolecall(&words).env("HOME", scene.home.path()).env("TMPDIR", scene.home.path());
    let launch = launch.env("AWS_ENDPOINT_URL", scene.account.endpoint());
    let terminal: Terminal = tokio::task::spawn_blocking(move || {
        let terminal = launch.start();
        terminal.wait_for("prod.env", PATIENCE);
        let pause = || std::thread::sleep(Duration::from_millis(150));
        terminal.press("n");
        terminal.wait_for("access keys", PATIENCE);
        terminal.settle(Duration::from_millis(300));
        terminal.press("Enter");
        terminal.wait_for("You are user/operator", PATIENCE);
        terminal.press("n");
        pause();
        terminal.press("n");
        terminal.wait_for("CLIENT_SECRET", PATIENCE);
        for key in ["f", "Down", "v", "Up", "v", "?", "Esc", "n", "x", "Enter", "Esc", "Esc", "q"] {
            terminal.press(key);
            pause();
        }
        terminal
    })
    .await
    .unwrap();
    scene.search("the terminal", &String::from_utf8_lossy(&terminal.raw()));
    let wanted = ["log", "drafts", "rolecall-report"];
    scene.search_files(Some(terminal.home()), &MAY, &wanted);
}
