use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::model::plan::{Edit, EditValue};

const OLD: &str = "{\n  \"mine\": 1,\n  \"quilt\": {}\n}\n";

struct Place {
    root: TempDir,
}

impl Place {
    fn new(old: Option<&str>) -> Self {
        let place = Self { root: tempfile::tempdir().unwrap() };
        if let Some(old) = old {
            fs::create_dir_all(place.folder()).unwrap();
            fs::write(place.path(), old).unwrap();
            fs::set_permissions(place.path(), fs::Permissions::from_mode(0o644)).unwrap();
        }
        place
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("benchling-webhook/default")
    }

    fn path(&self) -> PathBuf {
        self.folder().join("config.json")
    }

    fn change(&self, replaces: Option<&str>) -> ConfigChange {
        let path = |text: &str| text.split('.').map(str::to_owned).collect();
        ConfigChange {
            path: self.path(),
            profile: "default".into(),
            replaces: replaces.map(SecretText::from),
            edits: vec![
                Edit { path: path("quilt.region"), value: EditValue::Json(json!("us-east-1")) },
                Edit { path: path("benchling.secretArn"), value: EditValue::CreatedSecretArn },
            ],
            fields: Vec::new(),
            tightens_mode: None,
            replaces_unreadable: false,
        }
    }

    fn write(&self, replaces: Option<&str>) -> Result<WrittenFile, StoreError> {
        write_config(&self.change(replaces), Some("arn:new"), "2026-03-04T12:00:00Z".parse().unwrap())
    }

    fn files(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.folder()) else { return Vec::new() };
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn backup_of(written: WrittenFile) -> PathBuf {
    let How::Replaced { backup } = written.how else { panic!("{written:?}") };
    backup
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_new_file_is_for_its_owner_alone() {
    let place = Place::new(None);
    let written = place.write(None).unwrap();
    assert_eq!(written, WrittenFile { path: place.path(), how: How::New });
    assert_eq!(
        fs::read_to_string(place.path()).unwrap(),
        "{\n    \"quilt\": {\n        \"region\": \"us-east-1\"\n    },\n    \"benchling\": {\n        \"secretArn\": \"arn:new\"\n    }\n}"
    );
    assert_eq!((mode(&place.path()), mode(&place.folder())), (0o600, 0o700));
    assert_eq!(mode(place.folder().parent().unwrap()), 0o700);
    assert_eq!(place.files(), ["config.json"]);
}

#[test]
fn the_old_file_is_kept_as_a_dated_backup() {
    let place = Place::new(Some(OLD));
    let backup = backup_of(place.write(Some(OLD)).unwrap());
    assert_eq!(backup.file_name().unwrap(), "config.json.2026-03-04T120000Z.backup");
    assert_eq!(fs::read_to_string(&backup).unwrap(), OLD);
    assert_eq!((mode(&backup), mode(&place.path())), (0o600, 0o600));
    let now = fs::read_to_string(place.path()).unwrap();
    assert!(now.starts_with("{\n  \"mine\": 1,\n  \"quilt\": {\n    \"region\": \"us-east-1\"\n  },\n"), "{now}");

    let again = backup_of(place.write(Some(&now)).unwrap());
    assert_eq!(again.file_name().unwrap(), "config.json.2026-03-04T120000Z-2.backup");
    assert_eq!(fs::read_to_string(&backup).unwrap(), OLD, "an older backup is never written over");
    assert_eq!(place.files().len(), 3);
}

#[test]
fn what_stands_beside_it_is_never_touched() {
    let place = Place::new(Some(OLD));
    let beside = ["deployments.json", "deployments.json.backup", "config.json.backup"];
    let seen = |name: &str| {
        let path = place.folder().join(name);
        let found = fs::metadata(&path).unwrap();
        (fs::read(&path).unwrap(), found.modified().unwrap(), found.permissions().mode())
    };
    for name in beside {
        fs::write(place.folder().join(name), format!("{{ \"of\":\"{name}\" }}\r\n")).unwrap();
        let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
        File::options().write(true).open(place.folder().join(name)).unwrap().set_modified(long_ago).unwrap();
    }
    let before = beside.map(seen);
    place.write(Some(OLD)).unwrap();
    assert_eq!(beside.map(seen), before);
}

#[test]
fn a_file_that_changed_meanwhile_is_left_alone() {
    for (there, replaces) in [(Some("{}"), Some(OLD)), (Some(OLD), None), (None, Some(OLD))] {
        let place = Place::new(there);
        assert!(matches!(place.write(replaces), Err(StoreError::LostRace { .. })));
        assert_eq!(fs::read_to_string(place.path()).ok().as_deref(), there);
        assert!(place.files().len() < 2, "{:?}", place.files());
    }
}

#[test]
fn a_link_is_not_written_through() {
    let place = Place::new(Some(OLD));
    let elsewhere = place.root.path().join("elsewhere.json");
    fs::rename(place.path(), &elsewhere).unwrap();
    symlink(&elsewhere, place.path()).unwrap();
    assert!(matches!(place.write(Some(OLD)), Err(StoreError::Link(_))));
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), OLD);
}

#[test]
fn what_is_no_json_is_replaced_whole_and_kept() {
    let place = Place::new(Some("not json"));
    let mut change = place.change(Some("not json"));
    change.replaces_unreadable = true;
    let written = write_config(&change, Some("arn:new"), Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(fs::read_to_string(backup_of(written)).unwrap(), "not json");
    assert!(fs::read_to_string(place.path()).unwrap().starts_with("{\n    \"quilt\""));
}

#[test]
fn without_the_arn_of_the_secret_nothing_is_touched() {
    let place = Place::new(Some(OLD));
    let refused = write_config(&place.change(Some(OLD)), None, Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(matches!(refused, StoreError::Edit(_)), "{refused}");
    assert_eq!(place.files(), ["config.json"]);
}

#[test]
fn a_folder_that_takes_no_files_is_named() {
    let place = Place::new(None);
    fs::write(place.root.path().join("benchling-webhook"), "a file where a folder belongs").unwrap();
    let refused = place.write(None).unwrap_err().to_string();
    assert!(refused.contains("benchling-webhook"), "{refused}");

    let place = Place::new(Some(OLD));
    fs::set_permissions(place.folder(), fs::Permissions::from_mode(0o500)).unwrap();
    let refused = place.write(Some(OLD));
    fs::set_permissions(place.folder(), fs::Permissions::from_mode(0o700)).unwrap();
    // The superuser may write anywhere.
    if let Err(refused) = refused {
        assert!(refused.to_string().contains("cannot be written to"), "{refused}");
        assert_eq!((fs::read_to_string(place.path()).unwrap().as_str(), place.files().len()), (OLD, 1));
    }
}
