//! Every sort of target for every reader, and two writers at the same moment.

use std::collections::BTreeSet;
use std::thread;

use rolecall::model::Reader;
use rolecall::secret::Key;
use serde_json::{Value, json};
use tokio::task::block_in_place;

use super::{Desk, Source, said};
use crate::writing::document;

fn stdin(values: &Value) -> Source {
    Source { stdin: values.to_string(), ..Source::of(&["-"]) }
}

fn level(level: &str) -> Value {
    let mut values = document();
    values["LOG_LEVEL"] = json!(level);
    values
}

/// Plans and applies with the same words.
fn written(desk: &Desk, words: &[&str], source: &Source) -> String {
    let id = desk.run(&[&["plan"], words].concat(), source).expect(4).id();
    desk.run(&[&["apply"], words, &["--plan-id", &id, "--yes"]].concat(), source).expect(0).out
}

fn names(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// What each reader finds, and nothing else.
fn expected(reader: Reader) -> Value {
    let values = document();
    let mut all = serde_json::Map::new();
    for key in Key::ALL {
        let value = values[key.name()].clone();
        let small = key.shipped_name().filter(|_| reader.reads_small_letters());
        for name in reader.reads_capitals().then_some(key.name()).into_iter().chain(small) {
            all.insert(name.to_owned(), value.clone());
        }
    }
    all.into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_is_spelled_for_its_reader_with_its_key_and_its_tags_and_written_once() {
    let Some(desk) = Desk::new().await else { return };
    for reader in Reader::ALL {
        let name = format!("for-{}", reader.word());
        let words = ["--to", &name, "--reader", reader.word(), "--kms-key", "alias/webhook", "--tag", "team=data"];
        block_in_place(|| {
            let out = written(&desk, &words, &stdin(&document()));
            assert!(out.contains("delete-secret"), "{out}");
            desk.run(&[&["plan"], &words[..]].concat(), &stdin(&document())).expect(0);
        });
        let secret = desk.account.read_back(&name);
        assert_eq!(secret.current(), expected(reader), "{name}");
        assert_eq!(secret.kms_key.as_deref(), Some("alias/webhook"));
        assert_eq!(secret.tags.get("ManagedBy").map(String::as_str), Some("rolecall"));
        assert_eq!(secret.tags.get("team").map(String::as_str), Some("data"));
        assert_eq!((secret.version_count, secret.versions.len()), (1, 1), "{name}");
        let other = ["plan", "--to", &name, "--reader", reader.word(), "--kms-key", "alias/other"];
        block_in_place(|| {
            let said = desk.run(&other, &stdin(&document())).expect(1);
            assert!(format!("{}{}", said.out, said.err).contains("alias/other"), "{}{}", said.out, said.err);
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_of_shipped_runtimes_keeps_them_running_and_its_versions_are_named() {
    let Some(desk) = Desk::new().await else { return };
    let mut small = expected(Reader::Shipped);
    small["workflow"] = json!("default");
    let clients = desk.account.clients();
    let there = clients.secrets.create_secret().name("shipped").secret_string(small.to_string()).send().await.unwrap();
    let old = there.version_id.unwrap();
    let out = block_in_place(|| written(&desk, &["--to", "shipped"], &stdin(&level("DEBUG"))));
    let secret = desk.account.read_back("shipped");
    let now = secret.current();
    assert_eq!(
        (&now["LOG_LEVEL"], &now["log_level"], &now["workflow"]),
        (&json!("DEBUG"), &json!("DEBUG"), &json!("default"))
    );
    assert_eq!(names(&now).len(), 11 + 10 + 1);
    let current = &secret.stage("AWSCURRENT").unwrap().id;
    assert_eq!(secret.stage("AWSPREVIOUS").unwrap().id, old);
    assert_eq!(secret.version_count, 2);
    let restores = format!("--move-to-version-id {old} --remove-from-version-id {current}");
    assert!(out.contains(current) && out.contains(&old) && out.contains(&restores), "{out}");
    assert!(out.contains("--region us-east-1"), "{out}");
    block_in_place(|| desk.run(&["plan", "--to", "shipped"], &stdin(&level("DEBUG"))).expect(0));
    assert_eq!(desk.account.read_back("shipped").version_count, 2, "nothing to change, no new version");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_without_a_current_version_gets_one() {
    let Some(desk) = Desk::new().await else { return };
    let secrets = desk.account.clients().secrets;
    let made = secrets.create_secret().name("empty").secret_string("{}").send().await.unwrap();
    let version = made.version_id.unwrap();
    let bare = secrets.update_secret_version_stage().secret_id("empty").version_stage("AWSCURRENT");
    bare.remove_from_version_id(version).send().await.unwrap();
    block_in_place(|| written(&desk, &["--to", "empty"], &stdin(&document())));
    let secret = desk.account.read_back("empty");
    assert_eq!(secret.current(), document());
    assert_eq!(secret.versions.len(), 1);
}

/// Two processes that saw the same, at the same moment: the exit codes in order of the writers.
fn race(desk: &Desk, words: &[&str]) -> Vec<Option<i32>> {
    let writers = ["DEBUG", "ERROR"].map(|word| {
        let source = stdin(&level(word));
        let id = desk.run(&[&["plan"], words].concat(), &source).expect(4).id();
        (source, id)
    });
    thread::scope(|scope| {
        let running: Vec<_> = writers
            .iter()
            .map(|(source, id)| {
                scope.spawn(move || {
                    let words = [&["apply"], words, &["--plan-id", id, "--yes"]].concat();
                    said(desk.start(&words, source, None)).code
                })
            })
            .collect();
        running.into_iter().map(|writer| writer.join().unwrap()).collect()
    })
}

/// Which of the two wrote, if one did and the other was refused.
fn winner(codes: &[Option<i32>]) -> &'static str {
    match codes {
        [Some(0), Some(5)] => "DEBUG",
        [Some(5), Some(0)] => "ERROR",
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_the_same_moment_one_writes_the_secret_and_the_other_loses_nothing() {
    let Some(desk) = Desk::new().await else { return };
    for round in 0..4 {
        let name = format!("race-{round}");
        let create = desk.account.clients().secrets.create_secret().name(&name).secret_string(document().to_string());
        let old = create.send().await.unwrap().version_id.unwrap();
        let codes = block_in_place(|| race(&desk, &["--to", &name]));
        let secret = desk.account.read_back(&name);
        assert_eq!(secret.current()["LOG_LEVEL"], winner(&codes), "{name}");
        assert_eq!(secret.stage("AWSPREVIOUS").unwrap().id, old, "{name}");
        assert!(secret.stage("ROLECALL_PENDING").is_none(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_the_same_moment_one_writes_the_file_and_the_other_loses_nothing() {
    let Some(desk) = Desk::new().await else { return };
    for round in 0..4 {
        let folder = desk.home.path().join(format!("race-{round}"));
        let path = desk.put(&format!("race-{round}/secret.json"), &document().to_string());
        let codes = block_in_place(|| race(&desk, &["--to-file", path.to_str().unwrap()]));
        let now: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(now["LOG_LEVEL"], winner(&codes));
        let beside: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(beside.len(), 2, "the file and its backup: {beside:?}");
        let backup = beside.iter().find(|path| path.extension().is_some_and(|end| end == "backup")).unwrap();
        assert_eq!(std::fs::read_to_string(backup).unwrap(), document().to_string());
    }
}
