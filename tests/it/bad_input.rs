//! What goes wrong is said with its name, its reason and its cure, and nothing is lost.

use std::path::Path;
use std::process::Command;

use crate::emulator::{Account, Emulator};
use crate::personas;
use crate::quilt_template::{TaskPolicy, Trust, deploy_quilt, deploy_webhook};
use crate::said::flat;
use crate::writing::document;

/// `check` in a home, with nothing but these variables.
fn check(home: &Path, variables: &[(&str, String)], arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .arg("check")
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), flat(&text))
}

fn aws_file(home: &Path, file: &str, text: &str) {
    std::fs::create_dir_all(home.join(".aws")).unwrap();
    std::fs::write(home.join(".aws").join(file), text).unwrap();
}

const KEYS: &str = "[default]\naws_access_key_id=AKIAEXAMPLE\naws_secret_access_key=canary-key\n";

#[test]
fn without_credentials_it_says_so_and_how_to_get_some() {
    let home = tempfile::tempdir().unwrap();
    let (code, text) = check(home.path(), &[], &[]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("There are no AWS credentials on this machine") && text.contains("aws configure"), "{text}");
}

#[test]
fn an_unknown_aws_profile_is_told_beside_those_there_are() {
    let home = tempfile::tempdir().unwrap();
    aws_file(home.path(), "credentials", KEYS);
    let (code, text) = check(home.path(), &[], &["--aws-profile", "nope"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("There is no AWS profile nope") && text.contains("there are: default"), "{text}");
}

#[test]
fn an_aws_file_that_does_not_parse_is_named_with_its_line() {
    let home = tempfile::tempdir().unwrap();
    aws_file(home.path(), "config", "[default]\nregion = us-east-1\n[profile x\n");
    let (code, text) = check(home.path(), &[], &[]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains(".aws/config on line 3"), "{text}");
}

#[test]
fn without_a_network_nothing_is_claimed() {
    let home = tempfile::tempdir().unwrap();
    aws_file(home.path(), "credentials", KEYS);
    let (code, text) = check(home.path(), &[("AWS_ENDPOINT_URL", "http://127.0.0.1:9".into())], &[]);
    assert_eq!(code, 3, "{text}");
    assert!(text.starts_with("Nothing could be judged. AWS could not be reached"), "{text}");
    assert!(text.contains("HTTPS_PROXY") && !text.contains("canary-key"), "{text}");
}

#[test]
fn an_expired_sso_login_names_the_command() {
    let home = tempfile::tempdir().unwrap();
    let config = "[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\nregion = us-east-1\n\
                  [sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.awsapps.com/start\n";
    aws_file(home.path(), "config", config);
    let (code, text) = check(home.path(), &[], &["--aws-profile", "corp"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("aws sso login --profile corp"), "{text}");
}

struct Scene {
    account: Account,
    keys: Vec<(&'static str, String)>,
    home: tempfile::TempDir,
    stack: String,
}

impl Scene {
    async fn new() -> Option<Self> {
        let account = Emulator::shared()?.account();
        let operator = personas::operator(&account).await;
        let webhook = deploy_webhook(&account, "BenchlingWebhookStack", TaskPolicy::RealNames).await;
        let stack = deploy_quilt(&account, "quilt-prod", &Trust::Role(webhook)).await.name;
        let keys = account.environment(&operator.keys);
        Some(Self { account, keys, home: tempfile::tempdir().unwrap(), stack })
    }

    fn check(&self, arguments: &[&str]) -> (i32, String) {
        check(self.home.path(), &self.keys, arguments)
    }

    async fn secret(&self, name: &str, text: &str) {
        self.account.clients().secrets.create_secret().name(name).secret_string(text).send().await.unwrap();
    }

    fn config(&self, text: &str) {
        let folder = self.home.path().join(".config/benchling-webhook/default");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.json"), text).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_without_the_stack_and_an_unknown_stack_are_told_apart_from_denials() {
    let Some(scene) = Scene::new().await else { return };
    let (code, text) = scene.check(&["--region", "eu-west-1"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("eu-west-1") && text.contains("--region"), "{text}");
    let (code, text) = scene.check(&["--stack", "quilt-pord"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("There is no stack quilt-pord"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_a_secret_can_be_wrong_has_its_own_words() {
    let Some(scene) = Scene::new().await else { return };
    let clients = scene.account.clients();
    for (name, text, words) in [
        ("not-json", "{\"CLIENT_ID\": }", "line 1"),
        ("array", "[1]", "not an object"),
        ("nested", "{\"CLIENT_ID\": {\"a\": 1}}", "CLIENT_ID"),
        ("empty", "{}", "11 of 11 keys are missing"),
    ] {
        scene.secret(name, text).await;
        let (code, said) = scene.check(&["--stack", &scene.stack, "--secret", name]);
        assert_eq!(code, 1, "{name}: {said}");
        assert!(said.contains(words), "{name}: {said}");
    }
    let blob = aws_sdk_secretsmanager::primitives::Blob::new(b"canary-binary".to_vec());
    clients.secrets.create_secret().name("binary").secret_binary(blob).send().await.unwrap();
    let (code, said) = scene.check(&["--stack", &scene.stack, "--secret", "binary"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("binary") && !said.contains("canary-binary"), "{said}");
    scene.secret("deleted", &document().to_string()).await;
    clients.secrets.delete_secret().secret_id("deleted").send().await.unwrap();
    let (code, said) = scene.check(&["--stack", &scene.stack, "--secret", "deleted"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("scheduled for deletion") && said.contains("restore-secret"), "{said}");
}

/// `secret check` of a text by file and on standard input, in a home without anything.
fn secret_check(flag: &str, content: &[u8], arguments: &[&str]) -> [(i32, String); 2] {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("broken");
    std::fs::write(&path, content).unwrap();
    let run = |source: &[&str], input: std::fs::File| {
        let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(["secret", "check"])
            .args(source)
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .stdin(input)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert!(!text.contains("canary"), "{text}");
        (output.status.code().unwrap(), flat(&text))
    };
    let open = || std::fs::File::open(&path).unwrap();
    [run(&[flag, path.to_str().unwrap()], open()), run(&["-"], open())]
}

/// What does not parse is a finding, wherever it was read, and says where it breaks; nobody needs credentials to learn it.
#[test]
fn content_that_cannot_be_read_is_a_finding_with_its_reason() {
    let large = format!("{{\"TENANT\": \"{}\"}}", "x".repeat(70_000));
    for (content, words) in [
        (&b""[..], "it is empty"),
        (b"  \n", "it is empty"),
        (b"{\"CLIENT_SECRET\": \"canary\", }", "line 1"),
        (b"{\n \"CLIENT_SECRET\": \"canary\"\n \"TENANT\": \"acme\"}", "line 2, column 27"),
        (b"{\"CLIENT_SECRET\": \"canary", "line 1"),
        (b"[\"canary\"]", "not an object"),
        (b"\"canary\"", "not an object"),
        (b"{\"CLIENT_SECRET\": \"canary\", \"TENANT\": {\"a\": 1}}", "TENANT"),
        (b"{\"CLIENT_SECRET\": \"canary\", \"TENANT\": null}", "null"),
        (b"{}", "11 of 11 keys are missing"),
        (b"\xff\xfecanary", "not UTF-8 text"),
        (large.as_bytes(), "too large"),
    ] {
        for (code, text) in secret_check("--file", content, &[]) {
            assert_eq!(code, 1, "{:?}: {text}", String::from_utf8_lossy(content.get(..40).unwrap_or(content)));
            assert!(text.contains(words), "{words}: {text}");
        }
    }
    for (content, words) in [
        (&b"CLIENT_SECRET canary"[..], "line 1"),
        (b"TENANT=acme\nCLIENT_SECRET=\"canary\n", "line 2"),
        (b"PATH=/bin\n", "none of the 11 keys"),
    ] {
        for (code, text) in secret_check("--env-file", content, &["--fail-on", "warning"]) {
            assert_eq!(code, 1, "{text}");
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}

#[test]
fn a_source_that_is_not_there_or_no_file_is_a_finding() {
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(["secret", "check"])
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .output()
            .unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let folder = home.path().to_str().unwrap();
    for (arguments, words) in [
        (&["--file", "/nowhere/s.json"][..], "no file /nowhere/s.json"),
        (&["--env-file", "/nowhere/e.env"], "no env file /nowhere/e.env"),
        (&["--file", folder], "cannot be used"),
        (&["--from-config"], "no config.json"),
        (&["--environment"], "none of the 11 keys"),
    ] {
        let (code, text) = run(&[arguments, &["--fail-on", "warning"]].concat());
        assert_eq!(code, 1, "{text}");
        assert!(flat(&text).contains(words), "{words}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_alone_is_judged_in_the_same_words() {
    let Some(scene) = Scene::new().await else { return };
    let secret = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(["secret", "check"])
            .args(arguments)
            .env_clear()
            .env("HOME", scene.home.path())
            .envs(scene.keys.iter().map(|(name, value)| (name, value)))
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains("canary"), "{text}");
        (output.status.code().unwrap(), flat(&text))
    };
    for (name, text, words) in [
        ("alone-not-json", "{\"CLIENT_ID\": }".to_owned(), "line 1"),
        ("alone-array", "[1]".into(), "not an object"),
        ("alone-empty", "{}".into(), "11 of 11 keys are missing"),
        ("alone-valid", document().to_string(), "Secret alone-valid is valid"),
    ] {
        scene.secret(name, &text).await;
        for source in ["--secret", "--name"] {
            let (code, said) = secret(&[source, name]);
            assert_eq!(code, i32::from(name != "alone-valid"), "{name}: {said}");
            assert!(said.contains(words), "{name}: {said}");
        }
    }
    let (code, said) = secret(&["--name", "no-such-secret"]);
    assert_eq!(code, 1, "{said}");
    let (code, said) = secret(&["--name", "alone-valid", "--version-stage", "AWSPREVIOUS"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("AWSPREVIOUS"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_that_is_not_json_is_named_with_its_place() {
    let Some(scene) = Scene::new().await else { return };
    scene.secret("benchling-webhook-prod", &document().to_string()).await;
    scene.config("{\n  \"quilt\": {,\n");
    let (code, text) = scene.check(&["--stack", &scene.stack]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("config.json") && text.contains("line 2"), "{text}");
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["check", "--demo=quilt-healthy", "-o", "/nowhere/report.txt"])
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(70), "{text}");
    assert!(text.contains("/nowhere/report.txt cannot be written") && text.contains("No such file"), "{text}");
}
