//! The draft of a walk that was left: one file per config profile in rolecall's state folder, without anything secret.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::check_profile_name;
use crate::model::{ImportSource, Reader, VersionChoice};
use crate::secret::Key;
use crate::values::mask::Mask;
use crate::values::text::safe;
use crate::values::time::Timestamp;

/// Raised when a field changes its meaning.
pub const VERSION: u32 = 1;

/// Far more than a draft ever holds, in bytes.
const LARGEST: u64 = 64 << 10;

/// The answers of a walk that was not finished.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// [`VERSION`].
    pub version: u32,
    /// When it was kept, UTC.
    pub saved: Timestamp,
    /// The config profile it is for.
    pub config_profile: String,
    /// The AWS profile, if one was chosen: a draft that rests on other credentials names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aws_profile: Option<String>,
    /// The region, if it was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Name or ARN of the stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack: Option<String>,
    /// The secret's name, if it was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Role ARNs that were typed, by `read` and `write`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<String, String>,
    /// The workload's ARN, if it was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload: Option<String>,
    /// Values by key: those alone that are shown in full anyway.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// Fields of `config.json` that are left out.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub leave_out: BTreeSet<String>,
    /// The secret is left out.
    #[serde(default)]
    pub without_secret: bool,
    /// `config.json` is left out.
    #[serde(default)]
    pub without_config: bool,
    /// What the secret is made from and where it goes. `None`: a set-up, which brings nothing along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migration: Option<Migration>,
}

/// The answers of a migration, without any value: what the sources hold is read again.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// Where values come from, in order. A text that was pasted is not among them: it is nowhere but in memory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// The source that counts where two differ, by key: its place in `sources`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub prefer: BTreeMap<String, usize>,
    /// Which runtime will read the secret, if that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<Reader>,
    /// The file to write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_file: Option<PathBuf>,
    /// The KMS key of a new secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key: Option<String>,
    /// The tags of a new secret.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, String)>,
}

/// A source, as far as it can be read again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A secret in Secrets Manager.
    Secret {
        /// Name or ARN.
        id: String,
        /// The id of its version; at most one of the two.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version_id: Option<String>,
        /// The staging label of its version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<String>,
    },
    /// A file with JSON.
    File(PathBuf),
    /// A file with `NAME=value` lines.
    EnvFile(PathBuf),
    /// The environment of the process that resumes.
    Environment,
    /// `config.json` of the config profile.
    Config,
}

impl Source {
    /// `None` for what can be read only once.
    #[must_use]
    pub fn of(source: &ImportSource) -> Option<Self> {
        Some(match source {
            ImportSource::Secret { id, version } => {
                let (version_id, stage) = match version {
                    VersionChoice::Current => (None, None),
                    VersionChoice::Id(id) => (Some(id.clone()), None),
                    VersionChoice::Stage(label) => (None, Some(label.clone())),
                };
                Self::Secret { id: id.clone(), version_id, stage }
            }
            ImportSource::File(path) => Self::File(path.clone()),
            ImportSource::EnvFile(path) => Self::EnvFile(path.clone()),
            ImportSource::Environment => Self::Environment,
            ImportSource::Config => Self::Config,
            ImportSource::Stdin(_) | ImportSource::StdinBytes(_) | ImportSource::Pasted(_) => return None,
        })
    }
}

impl From<Source> for ImportSource {
    fn from(source: Source) -> Self {
        match source {
            Source::Secret { id, version_id, stage } => {
                let version = match (version_id, stage) {
                    (Some(id), _) => VersionChoice::Id(id),
                    (None, Some(label)) => VersionChoice::Stage(label),
                    (None, None) => VersionChoice::Current,
                };
                Self::Secret { id, version }
            }
            Source::File(path) => Self::File(path),
            Source::EnvFile(path) => Self::EnvFile(path),
            Source::Environment => Self::Environment,
            Source::Config => Self::Config,
        }
    }
}

/// The folder of the drafts, below the user's state folder.
#[must_use]
pub fn folder(state_home: &Path) -> PathBuf {
    state_home.join("rolecall").join("drafts")
}

fn file(folder: &Path, config_profile: &str) -> io::Result<PathBuf> {
    check_profile_name(config_profile).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    Ok(folder.join(format!("{config_profile}.json")))
}

/// Keeps a draft, in one step, for the owner alone (0600).
///
/// # Errors
/// The state folder cannot be made or takes no file.
pub fn save(folder: &Path, draft: &Draft) -> io::Result<()> {
    let path = file(folder, &draft.config_profile)?;
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let mut new = tempfile::Builder::new().prefix(".draft.").suffix(".new").tempfile_in(folder)?;
    serde_json::to_writer_pretty(new.as_file_mut(), draft)?;
    new.as_file_mut().write_all(b"\n")?;
    new.as_file().sync_all()?;
    new.persist(path).map(|_| ()).map_err(|error| error.error)
}

/// Takes a draft away; that there is none is no fault.
///
/// # Errors
/// It is there and cannot be removed.
pub fn remove(folder: &Path, config_profile: &str) -> io::Result<()> {
    match fs::remove_file(file(folder, config_profile)?) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The drafts that were kept, the latest first, and a sentence for each file that is none.
#[must_use]
pub fn list(folder: &Path) -> (Vec<Draft>, Vec<String>) {
    let (mut drafts, mut faults) = (Vec::new(), Vec::new());
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (drafts, faults),
        Err(error) => return (drafts, vec![format!("kept drafts cannot be read: {error}")]),
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    for path in paths {
        match read(&path) {
            Ok(draft) => drafts.push(draft),
            Err(why) => faults.push(format!("the draft {} is ignored: {why}", safe(&path.to_string_lossy()))),
        }
    }
    drafts.sort_by_key(|draft| std::cmp::Reverse(draft.saved));
    (drafts, faults)
}

fn read(path: &Path) -> Result<Draft, String> {
    let seen = fs::symlink_metadata(path).map_err(|error| error.to_string())?;
    if !seen.is_file() || seen.len() > LARGEST {
        return Err("it is no file that rolecall wrote".into());
    }
    let mut text = String::new();
    let opened = fs::File::open(path).map_err(|error| error.to_string())?;
    opened.take(LARGEST).read_to_string(&mut text).map_err(|_| "it is no text".to_owned())?;
    // The error of the parser names a place, and may repeat a name of the file: nothing else of it.
    let draft: Draft = serde_json::from_str(&text)
        .map_err(|error| format!("line {}, column {} is no draft", error.line(), error.column()))?;
    checked(draft, path)
}

fn checked(draft: Draft, path: &Path) -> Result<Draft, String> {
    if draft.version != VERSION {
        return Err(format!("it is of version {}, this rolecall reads {VERSION}", draft.version));
    }
    if path.file_stem().is_none_or(|stem| stem != draft.config_profile.as_str()) {
        return Err("it is for another config profile than its name says".into());
    }
    let kept = |name: &String| Key::from_name(name).is_some_and(|key| key.mask() == Mask::Open);
    let preferred = draft.migration.iter().flat_map(|migration| migration.prefer.keys());
    if preferred.filter(|name| Key::from_name(name).is_none()).count() > 0 {
        return Err("it names a key that there is none of".into());
    }
    if draft.values.keys().all(kept) { Ok(draft) } else { Err("it holds a value that is never kept".into()) }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn draft(profile: &str, saved: &str) -> Draft {
        Draft {
            version: VERSION,
            saved: saved.parse().unwrap(),
            config_profile: profile.into(),
            aws_profile: Some("staging".into()),
            region: None,
            stack: Some("quilt-prod".into()),
            secret: None,
            roles: BTreeMap::new(),
            workload: None,
            values: BTreeMap::from([("TENANT".to_owned(), "acme".to_owned())]),
            leave_out: BTreeSet::new(),
            without_secret: false,
            without_config: false,
            migration: None,
        }
    }

    #[test]
    fn drafts_come_back_the_latest_first_and_go_when_they_are_done_with() {
        let home = tempfile::tempdir().unwrap();
        let folder = folder(home.path());
        assert_eq!(list(&folder), (Vec::new(), Vec::new()));
        let (old, new) = (draft("dev", "2026-03-03T12:00:00Z"), draft("default", "2026-03-04T12:00:00Z"));
        save(&folder, &old).unwrap();
        save(&folder, &new).unwrap();
        assert_eq!(list(&folder), (vec![new, old], Vec::new()));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder.join("dev.json")), mode(&folder)), (0o600, 0o700));
        remove(&folder, "dev").unwrap();
        remove(&folder, "dev").unwrap();
        assert_eq!(list(&folder).0.len(), 1);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn sources_come_back_in_their_order_and_what_was_pasted_does_not() {
        let sources = [
            ImportSource::Secret { id: "s".into(), version: VersionChoice::Stage("AWSPREVIOUS".into()) },
            ImportSource::Secret { id: "s".into(), version: VersionChoice::Current },
            ImportSource::EnvFile("/home/op/a.env".into()),
            ImportSource::File("/home/op/task.json".into()),
            ImportSource::Environment,
            ImportSource::Config,
        ];
        let migration = Migration {
            sources: sources.iter().filter_map(Source::of).collect(),
            reader: Some(Reader::Both),
            prefer: BTreeMap::from([("TENANT".to_owned(), 1)]),
            ..Migration::default()
        };
        let home = tempfile::tempdir().unwrap();
        let folder = folder(home.path());
        let kept = Draft { migration: Some(migration), ..draft("default", "2026-03-03T12:00:00Z") };
        save(&folder, &kept).unwrap();
        let (drafts, faults) = list(&folder);
        assert_eq!((drafts.as_slice(), faults), (&[kept][..], Vec::new()));
        let back = drafts[0].migration.clone().unwrap().sources.into_iter().map(ImportSource::from);
        assert_eq!(back.collect::<Vec<_>>(), sources);
        assert_eq!(Source::of(&ImportSource::Pasted("canary".into())), None);
        assert_eq!(Source::of(&ImportSource::Stdin("canary".into())), None);
    }

    #[test]
    fn a_file_that_is_no_draft_is_ignored_with_a_word() {
        let home = tempfile::tempdir().unwrap();
        let folder = folder(home.path());
        fs::create_dir_all(&folder).unwrap();
        let good = serde_json::to_value(draft("a", "2026-03-03T12:00:00Z")).unwrap();
        let with = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut value = good.clone();
            change(&mut value);
            value.to_string()
        };
        for (name, text, part) in [
            ("b", "{".to_owned(), "line 1"),
            ("c", good.to_string(), "another config profile"),
            ("a", with(&|v| v["version"] = 9.into()), "version 9"),
            ("a", with(&|v| v["values"]["CLIENT_SECRET"] = "canary".into()), "never kept"),
            ("a", with(&|v| v["more"] = 1.into()), "is no draft"),
        ] {
            let path = folder.join(format!("{name}.json"));
            fs::write(&path, text).unwrap();
            let (drafts, faults) = list(&folder);
            assert!(drafts.is_empty() && faults.len() == 1, "{faults:?}");
            assert!(faults[0].contains(part) && !faults[0].contains("canary"), "{faults:?}");
            fs::remove_file(path).unwrap();
        }
        std::os::unix::fs::symlink("/etc/passwd", folder.join("l.json")).unwrap();
        assert!(list(&folder).1[0].contains("no file that rolecall wrote"));
        assert!(save(&folder, &draft("../x", "2026-03-03T12:00:00Z")).is_err());
    }
}
