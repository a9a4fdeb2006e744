//! The file of answers, and the one value that may come from standard input beside it.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use crate::answers::{self, AnswersFile, faults_of};
use crate::commands::stdin;
use crate::model::Severity;
use crate::secret::Key;
use crate::values::SecretText;
use crate::values::shell;
use crate::values::text::{counted, safe};

/// The most that is read of a file of answers, and of a value, in bytes: what a secret may hold, with room for comments.
const LARGEST: u64 = 1 << 18;

/// Reads the answers. What is merely worth knowing is said on standard error.
///
/// # Errors
/// All that is wrong with them, ready to be said.
pub(super) fn read(path: &Path) -> Result<AnswersFile, String> {
    let from_stdin = path == Path::new("-");
    let name = if from_stdin { "standard input".into() } else { safe(&path.to_string_lossy()).into_owned() };
    let (text, mode) = if from_stdin { (stdin::read(LARGEST), None) } else { file(path) };
    let text = text.map_err(|why| format!("{name} {why}"))?;
    let reading = answers::read(&text).map_err(|faults| {
        let many = counted(faults.len(), "fault");
        let lines: String = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        format!("{name} cannot be used, {many}; nothing was looked up:{lines}")
    })?;
    for remark in &reading.remarks {
        say(&format!("{name}, {remark}"));
    }
    let mut file = reading.file;
    warn_of_others(&file, mode, path, &name);
    if let Some(key) = file.from_stdin {
        if from_stdin {
            return Err(format!("{key} cannot be read from standard input: the answers come from there"));
        }
        let value = value(key)?;
        file.values.insert(key, value);
    }
    Ok(file)
}

/// A file that holds the client secret is for its owner alone.
fn warn_of_others(file: &AnswersFile, mode: Option<u32>, path: &Path, name: &str) {
    let holds_secret = file.values.get(&Key::ClientSecret).is_some_and(|value| !value.is_empty());
    let Some(mode) = mode.filter(|mode| holds_secret && mode & 0o077 != 0) else { return };
    let command = shell::command(["chmod", "600", &path.to_string_lossy()]);
    say(&format!("{name} holds CLIENT_SECRET, and others may read it ({:04o}): {}", mode & 0o7777, safe(&command)));
}

/// A value from standard input, without the line break that `echo` and editors end it with.
fn value(key: Key) -> Result<SecretText, String> {
    if stdin::is_terminal() {
        return Err(format!("{key} is to come from standard input, which is a terminal and would show it: pipe it in"));
    }
    let text = stdin::read(LARGEST).map_err(|why| format!("{key} was not read: standard input {why}"))?;
    let line = text.expose();
    let line = line.strip_suffix('\n').unwrap_or(line);
    let value = SecretText::from(line.strip_suffix('\r').unwrap_or(line));
    let mut errors = Vec::new();
    for (severity, message) in faults_of(key, &value) {
        if severity == Severity::Error {
            errors.push(message);
        } else {
            say(&format!("standard input: {message}"));
        }
    }
    if errors.is_empty() { Ok(value) } else { Err(format!("standard input: {}", errors.join("; "))) }
}

/// The text, and the permission bits where there are such.
fn file(path: &Path) -> (Result<SecretText, String>, Option<u32>) {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return (Err(format!("cannot be read: {error}")), None),
    };
    let mode = mode(&file);
    (stdin::bounded(file, LARGEST), mode)
}

#[cfg(unix)]
fn mode(file: &File) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    // A pipe, as a shell puts it in place of a file, is nobody else's.
    file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.permissions().mode())
}

#[cfg(not(unix))]
const fn mode(_: &File) -> Option<u32> {
    None
}

fn say(remark: &str) {
    let _ = writeln!(io::stderr(), "rolecall: {remark}");
}
