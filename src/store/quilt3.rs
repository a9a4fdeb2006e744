//! The catalog in quilt3's own configuration file.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use saphyr_parser::{Event, Parser};

/// The most that is read of the file, in bytes.
const LARGEST: u64 = 1 << 16;

/// Why the file was not read, although it is there. It only preselects a stack: nothing depends on it.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", crate::values::text::safe(&path.to_string_lossy()))]
pub struct Quilt3Fault {
    path: PathBuf,
    reason: String,
}

/// `navigator_url` of the file; `None` without a file, or where none is set.
///
/// # Errors
/// The file is there and cannot be read, or is no YAML.
pub fn catalog(path: &Path) -> Result<Option<String>, Quilt3Fault> {
    let fault = |reason: String| Quilt3Fault { path: path.to_owned(), reason };
    match read(path) {
        Ok(Some(text)) => navigator_url(&text).map_err(fault),
        Ok(None) => Ok(None),
        Err(error) => Err(fault(error.to_string())),
    }
}

/// Whoever keeps such files elsewhere links them here: links are followed.
fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() <= LARGEST => {}
        Ok(found) if found.is_file() => return Err(io::Error::other("it is too large to be quilt3's configuration")),
        Ok(_) => return Err(io::Error::other("it is no regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut text = String::new();
    File::open(path)?.take(LARGEST).read_to_string(&mut text)?;
    Ok(Some(text))
}

/// The text of the key `navigator_url` at the top of a YAML document. Read as events: an alias is never followed.
fn navigator_url(text: &str) -> Result<Option<String>, String> {
    let mut depth = 0_usize;
    let mut key: Option<String> = None;
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| format!("line {}: it is no YAML", error.marker().line()))?;
        let opens = matches!(event, Event::MappingStart(..) | Event::SequenceStart(..));
        let closes = matches!(event, Event::MappingEnd | Event::SequenceEnd);
        match event {
            // A second document is none of quilt3's.
            Event::DocumentEnd => break,
            Event::SequenceStart(..) if depth == 0 => break,
            Event::Scalar(value, ..) if depth == 1 => match key.take() {
                None => key = Some(value.into_owned()),
                Some(name) if name == "navigator_url" => return Ok(set(&value)),
                Some(_) => {}
            },
            Event::Alias(_) if depth == 1 => key = if key.is_some() { None } else { Some(String::new()) },
            _ if opens => depth += 1,
            _ if closes => {
                depth = depth.saturating_sub(1);
                if depth == 1 {
                    key = None;
                }
            }
            _ => {}
        }
    }
    Ok(None)
}

/// quilt3 writes `null` or nothing while no catalog is set.
fn set(value: &str) -> Option<String> {
    let value = value.trim();
    (!["", "~", "null", "Null", "NULL"].contains(&value)).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_is_found_as_yaml_has_it() {
        for (text, wanted) in [
            ("navigator_url: https://q.example.com\n", Some("https://q.example.com")),
            (
                "# quilt3\ndefault_local_registry: file:///x\nnavigator_url:   'https://q.example.com'  # mine\n",
                Some("https://q.example.com"),
            ),
            ("\"navigator_url\": \"https://q.example.com\"\nregion: us-east-1\n", Some("https://q.example.com")),
            ("{navigator_url: https://q.example.com, region: x}", Some("https://q.example.com")),
            ("navigator_url: >-\n  https://q.example.com\n", Some("https://q.example.com")),
            ("other:\n  navigator_url: https://nested.example.com\nlist: [navigator_url, x]\n", None),
            ("other: navigator_url\nnext: https://wrong.example.com\n", None),
            ("a: &x {k: v}\nb: *x\nnavigator_url: https://q.example.com\n", Some("https://q.example.com")),
            ("navigator_url:\n", None),
            ("navigator_url: null\n", None),
            ("", None),
            ("- navigator_url\n- x\n", None),
        ] {
            assert_eq!(navigator_url(text).unwrap().as_deref(), wanted, "{text}");
        }
        assert!(navigator_url("a: [").is_err());
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.yml");
        assert_eq!(catalog(&path).unwrap(), None);
        fs::write(&path, "navigator_url: https://q.example.com\n").unwrap();
        assert_eq!(catalog(&path).unwrap().as_deref(), Some("https://q.example.com"));
        fs::write(&path, "navigator_url: [\n").unwrap();
        assert!(catalog(&path).unwrap_err().to_string().contains("it is no YAML"));
        assert!(catalog(folder.path()).unwrap_err().to_string().contains("no regular file"));
    }
}
