//! A process that is killed after each step, and two that write at once: the file is old or new, and nothing stays beside it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Barrier;

use super::*;
use crate::values::SecretText;

const OLD: &str = "{\"CLIENT_SECRET\": \"canary-old\"}";
const NEW: &str = "{\"CLIENT_SECRET\": \"canary-new\"}";
const STEPS: [Step; 5] = [Step::Compared, Step::Swept, Step::Filled, Step::BackedUp, Step::Replaced];

const CHILD: &str = "store::write::kill_tests::writes_and_is_killed";
const DIES_AT: &str = "ROLECALL_TEST_DIES_AT";
const PLACE: &str = "ROLECALL_TEST_PLACE";

fn change(path: &Path, replaces: Option<&str>, content: &str) -> FileChange {
    FileChange {
        path: path.to_owned(),
        replaces: replaces.map(SecretText::from),
        content: content.into(),
        fields: Vec::new(),
        tightens_mode: None,
    }
}

fn at(second: u8) -> Timestamp {
    format!("2026-03-04T12:00:{second:02}Z").parse().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn temporary(folder: &Path) -> Vec<String> {
    names(folder).into_iter().filter(|name| name.starts_with(".rolecall")).collect()
}

#[test]
#[ignore = "run by the test below, in a process of its own"]
fn writes_and_is_killed() {
    let path = PathBuf::from(std::env::var_os(PLACE).unwrap());
    let dies_at = std::env::var(DIES_AT).unwrap();
    let there = fs::read_to_string(&path).ok();
    let outcome = write_secret_file_watched(&change(&path, there.as_deref(), NEW), at(0), &mut |step| {
        if format!("{step:?}") == dies_at {
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).unwrap();
        }
    });
    panic!("it lives: {outcome:?}");
}

fn killed_at(step: Step, path: &Path) {
    let ended = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", CHILD, "--ignored"])
        .env(DIES_AT, format!("{step:?}"))
        .env(PLACE, path)
        .output()
        .unwrap();
    let signal = std::os::unix::process::ExitStatusExt::signal(&ended.status);
    assert_eq!(signal, Some(9), "{step:?}: {}", String::from_utf8_lossy(&ended.stdout));
}

#[test]
fn killed_after_any_step_the_file_is_old_or_new_and_the_next_write_finishes_and_clears_up() {
    for step in STEPS {
        for old in [None, Some(OLD)] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("secret.json");
            if let Some(old) = old {
                fs::write(&path, old).unwrap();
            }
            killed_at(step, &path);
            let there = fs::read_to_string(&path).ok();
            let expected = if step == Step::Replaced { Some(NEW) } else { old };
            assert_eq!(there.as_deref(), expected, "{step:?}");
            for name in temporary(folder.path()) {
                let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o600, "{step:?}");
            }

            // Where it is new already the next plan is empty; any later write into the folder clears up all the same.
            let beside = folder.path().join("other.json");
            let next = if expected == Some(NEW) { &beside } else { &path };
            write_secret_file(&change(next, old.filter(|_| next == &path), NEW), at(1)).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), NEW, "{step:?}");
            assert_eq!(temporary(folder.path()), Vec::<String>::new(), "{step:?}");
            for name in names(folder.path()).iter().filter(|name| name.ends_with(".backup")) {
                let backup = folder.path().join(name);
                assert_eq!(fs::read_to_string(&backup).unwrap(), OLD);
                assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
            }
        }
    }
}

#[test]
fn of_several_writers_that_saw_the_same_one_writes_and_nothing_of_it_is_lost() {
    for round in 0..40 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.json");
        let old = (round % 2 == 0).then_some(OLD);
        if let Some(old) = old {
            fs::write(&path, old).unwrap();
        }
        let start = Barrier::new(4);
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..4)
                .map(|number| {
                    let (start, path) = (&start, &path);
                    scope.spawn(move || {
                        let content = format!("{{\"writer\": {number}}}");
                        start.wait();
                        let written = write_secret_file(&change(path, old, &content), at(0));
                        (content, written)
                    })
                })
                .collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        let (written, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|(_, outcome)| outcome.is_ok());
        assert_eq!(written.len(), 1, "{written:?} {refused:?}");
        assert!(refused.iter().all(|(_, outcome)| matches!(outcome, Err(StoreError::LostRace { .. }))), "{refused:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), written[0].0);
        assert_eq!(names(folder.path()).len(), 1 + usize::from(old.is_some()), "{:?}", names(folder.path()));
    }
}

#[test]
fn a_file_for_others_is_made_private_without_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.json");
    fs::write(&path, OLD).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let tighten = |text: &str| FileChange { tightens_mode: Some(0o644), ..change(&path, Some(text), text) };
    assert!(matches!(write_secret_file(&tighten(NEW), at(0)), Err(StoreError::LostRace { .. })));
    let written = write_secret_file(&tighten(OLD), at(0)).unwrap();
    assert_eq!(written.how, How::Tightened { from: 0o644 });
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(names(folder.path()), ["secret.json"]);
}

#[test]
fn a_link_is_not_written_through_and_no_folder_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (path, elsewhere) = (folder.path().join("secret.json"), folder.path().join("elsewhere.json"));
    fs::write(&elsewhere, OLD).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    assert!(matches!(write_secret_file(&change(&path, Some(OLD), NEW), at(0)), Err(StoreError::Link(_))));
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), OLD);

    let nowhere = folder.path().join("no/such/secret.json");
    let refused = write_secret_file(&change(&nowhere, None, NEW), at(0)).unwrap_err().to_string();
    assert!(refused.contains("no/such/secret.json") && !refused.contains("canary"), "{refused}");
    assert!(!folder.path().join("no").exists());
}
