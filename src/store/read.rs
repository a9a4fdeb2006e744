//! Reading config profiles and their `config.json`.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use super::{CONFIG_FILE, DEPLOYMENTS_FILE, StoreError, check_profile_name, config_path};
use crate::config::{deployments, inherits};
use crate::model::facts::{Ancestor, ConfigFile, ConfigProfile, Deployed};
use crate::model::{AwsError, ErrorKind, Fact};
use crate::values::SecretText;

/// The most that is read of a `config.json`, in bytes.
pub const LARGEST: u64 = 1 << 20;

/// The config profiles, by name. A folder that does not exist holds none; names that the webhook package would refuse are passed over.
///
/// # Errors
/// The folder is there and cannot be listed.
pub fn list_profiles(root: &Path) -> io::Result<Vec<ConfigProfile>> {
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut profiles = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if check_profile_name(&name).is_ok() && entry.path().is_dir() {
            let has_config = fs::symlink_metadata(entry.path().join(CONFIG_FILE)).is_ok();
            profiles.push(ConfigProfile { name, has_config });
        }
    }
    profiles.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(profiles)
}

/// The `config.json` of a config profile; `None` when there is none.
///
/// # Errors
/// The name is a path; the file or its folder is a symbolic link; the file is no text, too large or not readable.
pub fn read_config(root: &Path, profile: &str) -> Result<Option<ConfigFile>, StoreError> {
    read_file(&config_path(root, profile)?)
}

/// The config profiles that a file inherits from, nearest first, each read once: a circle ends where it closes.
#[must_use]
pub fn read_ancestors(root: &Path, profile: &str, file: &ConfigFile) -> Vec<Ancestor> {
    let mut found: Vec<Ancestor> = Vec::new();
    let mut next = inherits(file);
    while let Some(name) = next.filter(|name| name != profile && found.iter().all(|seen| seen.name != *name)) {
        let file = match read_config(root, &name) {
            Ok(Some(file)) => Fact::Known(file),
            Ok(None) => Fact::Absent,
            Err(error) => Fact::Failed(AwsError::local(ErrorKind::Other, "config.json", error.to_string())),
        };
        next = file.known().and_then(inherits);
        found.push(Ancestor { name, file });
    }
    found
}

/// What `deployments.json` beside the `config.json` of a config profile says was last deployed.
#[must_use]
pub fn read_deployed(root: &Path, profile: &str) -> Fact<Deployed> {
    let failed = |why: String| Fact::Failed(AwsError::local(ErrorKind::Other, DEPLOYMENTS_FILE, why));
    let path = match config_path(root, profile) {
        Ok(path) => path.with_file_name(DEPLOYMENTS_FILE),
        Err(error) => return failed(error.to_string()),
    };
    match read_file(&path) {
        Ok(Some(file)) => match deployments::active(&file.text) {
            Ok(Some(deployed)) => Fact::Known(deployed),
            Ok(None) => Fact::Absent,
            Err(fault) => failed(fault.to_string()),
        },
        Ok(None) => Fact::Absent,
        Err(error) => failed(error.to_string()),
    }
}

/// As [`read_config`], by the file's path.
pub(super) fn read_file(path: &Path) -> Result<Option<ConfigFile>, StoreError> {
    let folder = folder_of(path);
    let Some(there) = look(folder)? else { return Ok(None) };
    if there.is_symlink() {
        return Err(StoreError::Link(folder.to_owned()));
    }
    read_named(path)
}

/// As [`read_config`], of a file that the user named: in whatever folder, but no symbolic link itself.
pub(super) fn read_named(path: &Path) -> Result<Option<ConfigFile>, StoreError> {
    let Some(seen) = look(path)? else { return Ok(None) };
    if seen.is_symlink() {
        return Err(StoreError::Link(path.to_owned()));
    }
    // Before it is opened: opening a pipe would wait for a writer.
    if !seen.is_file() {
        return Err(StoreError::NotAFile(path.to_owned()));
    }
    let file = File::open(path).map_err(|error| StoreError::reading(path, &error))?;
    let opened = file.metadata().map_err(|error| StoreError::reading(path, &error))?;
    if !same_file(&seen, &opened) {
        return Err(StoreError::LostRace { path: path.to_owned() });
    }
    let text = read_bounded(file, path)?;
    Ok(Some(ConfigFile { path: path.to_owned(), text, mode: mode(&opened) }))
}

/// The folder that a file is in: the current one of a bare name.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Whether what was opened is what stands there now.
pub(super) fn stands_at(file: &File, path: &Path) -> bool {
    match (fs::symlink_metadata(path), file.metadata()) {
        (Ok(there), Ok(opened)) => same_file(&there, &opened),
        _ => false,
    }
}

fn look(path: &Path) -> Result<Option<Metadata>, StoreError> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::reading(path, &error)),
    }
}

fn read_bounded(file: File, path: &Path) -> Result<SecretText, StoreError> {
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| StoreError::reading(path, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(StoreError::TooLarge { path: path.to_owned(), limit: LARGEST });
    }
    String::from_utf8(bytes).map(SecretText::from).map_err(|_| StoreError::NotText(path.to_owned()))
}

/// What was looked at is what was opened, and no link put in its place meanwhile.
#[cfg(unix)]
fn same_file(seen: &Metadata, opened: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (seen.dev(), seen.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn same_file(seen: &Metadata, opened: &Metadata) -> bool {
    seen.file_type() == opened.file_type()
}

#[cfg(unix)]
pub(super) fn mode(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
pub(super) const fn mode(_: &Metadata) -> Option<u32> {
    None
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn root_with(text: &[u8]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("default")).unwrap();
        fs::write(root.path().join("default/config.json"), text).unwrap();
        root
    }

    #[test]
    fn a_file_is_read_with_its_mode() {
        let root = root_with(b"{ }\n");
        fs::set_permissions(root.path().join("default/config.json"), fs::Permissions::from_mode(0o644)).unwrap();
        let file = read_config(root.path(), "default").unwrap().unwrap();
        assert_eq!((file.text.expose(), file.mode), ("{ }\n", Some(0o644)));
        assert_eq!(read_config(root.path(), "dev").unwrap(), None);
        assert_eq!(read_config(&root.path().join("nowhere"), "default").unwrap(), None);
    }

    #[test]
    fn what_is_no_plain_text_file_is_refused() {
        let root = root_with(b"\xff\xfe{");
        assert!(matches!(read_config(root.path(), "default"), Err(StoreError::NotText(_))));
        let large = root_with(&vec![b' '; (LARGEST + 1) as usize]);
        assert!(matches!(read_config(large.path(), "default"), Err(StoreError::TooLarge { .. })));
        fs::create_dir_all(root.path().join("odd/config.json")).unwrap();
        assert!(matches!(read_config(root.path(), "odd"), Err(StoreError::NotAFile(_))));
        assert!(matches!(read_config(root.path(), "../x"), Err(StoreError::Name(_))));
    }

    #[test]
    fn links_are_refused_as_file_and_as_folder() {
        let root = root_with(b"{}");
        symlink(root.path().join("default"), root.path().join("linked")).unwrap();
        fs::create_dir(root.path().join("dev")).unwrap();
        symlink(root.path().join("default/config.json"), root.path().join("dev/config.json")).unwrap();
        for name in ["linked", "dev"] {
            let refused = read_config(root.path(), name).unwrap_err();
            assert!(refused.to_string().contains("is a symbolic link"), "{refused}");
        }
    }

    #[test]
    fn parents_are_read_once_each_and_circles_end() {
        let root = root_with(br#"{"_inherits": "team"}"#);
        for (name, text) in [("team", r#"{"_inherits": "base"}"#), ("base", r#"{"_inherits": "default"}"#)] {
            fs::create_dir(root.path().join(name)).unwrap();
            fs::write(root.path().join(name).join("config.json"), text).unwrap();
        }
        let of = |profile: &str| {
            let file = read_config(root.path(), profile).unwrap().unwrap();
            let found = read_ancestors(root.path(), profile, &file);
            found.into_iter().map(|one| (one.name, one.file.known().is_some())).collect::<Vec<_>>()
        };
        assert_eq!(of("default"), [("team".to_owned(), true), ("base".to_owned(), true)]);
        fs::write(root.path().join("base/config.json"), r#"{"_inherits": "../../etc"}"#).unwrap();
        assert_eq!(of("team"), [("base".to_owned(), true), ("../../etc".to_owned(), false)], "a path is not followed");
    }

    #[test]
    fn the_last_deployment_is_read() {
        let root = root_with(b"{}");
        let path = root.path().join("default/deployments.json");
        assert_eq!(read_deployed(root.path(), "default"), Fact::Absent);
        fs::write(&path, r#"{"active": {"stackName": "Mine", "imageTag": "0.9.9"}, "history": []}"#).unwrap();
        let found = read_deployed(root.path(), "default");
        assert_eq!(found.known().unwrap().image_tag.as_deref(), Some("0.9.9"));
        fs::write(&path, "canary").unwrap();
        let failed = read_deployed(root.path(), "default");
        assert!(failed.error().is_some_and(|error| !error.message.contains("canary")), "{failed:?}");
    }

    #[test]
    fn profiles_are_listed_by_name() {
        let root = root_with(b"{}");
        fs::create_dir(root.path().join("dev")).unwrap();
        fs::create_dir(root.path().join(".git")).unwrap();
        fs::write(root.path().join("notes"), "").unwrap();
        let listed: Vec<_> =
            list_profiles(root.path()).unwrap().into_iter().map(|profile| (profile.name, profile.has_config)).collect();
        assert_eq!(listed, [("default".to_owned(), true), ("dev".to_owned(), false)]);
        assert_eq!(list_profiles(&root.path().join("nowhere")).unwrap(), []);
    }
}
