//! The files that a prompt could mean: those of the folders that a path begins from.

use std::path::{Path, PathBuf};

use super::app::App;
use super::message::Effect;
use super::prompt::Purpose;

/// The most files that are offered.
const MOST: usize = 100;

/// What the names of the files end with that a prompt asks for.
const fn endings(purpose: Purpose) -> Option<&'static [&'static str]> {
    match purpose {
        Purpose::ImportEnvFile => Some(&[".env"]),
        Purpose::ImportFile | Purpose::SecretFile => Some(&[".json"]),
        Purpose::SettingsFile => Some(&[".env", ".json"]),
        _ => None,
    }
}

/// The files of these folders with such an ending, in the order of the folders and then of the alphabet. What cannot be looked into has
/// none: the path can still be typed. Hidden ones are left out, but for `.env` itself.
pub fn ending_with(folders: &[PathBuf], endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let mut files: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| is_meant(path, endings)).collect();
        files.sort();
        found.extend(files);
    }
    found.truncate(MOST);
    found
}

fn is_meant(path: &Path, endings: &[&str]) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let meant = |ending: &&str| name.ends_with(*ending) && (!name.starts_with('.') || name == *ending);
    endings.iter().any(meant) && path.is_file()
}

impl App {
    /// Has the files looked for that the open prompt could mean.
    pub fn find_files(&self) -> Vec<Effect> {
        let Some((purpose, endings)) =
            self.prompt.as_ref().and_then(|prompt| Some((prompt.purpose, endings(prompt.purpose)?)))
        else {
            return Vec::new();
        };
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in [&self.setting.folders.current, &self.setting.folders.home] {
            if !folder.as_os_str().is_empty() && !folders.contains(folder) {
                folders.push(folder.clone());
            }
        }
        vec![Effect::FindFiles { purpose, folders, endings }]
    }

    /// Offers them, unless another prompt is open by now.
    pub fn files_found(&mut self, purpose: Purpose, files: &[PathBuf]) {
        let folders = &self.setting.folders;
        let named = |path: &PathBuf| match path.strip_prefix(&folders.current) {
            Ok(rest) if !folders.current.as_os_str().is_empty() && rest.components().count() == 1 => {
                rest.display().to_string()
            }
            _ => folders.short(path),
        };
        if let Some(prompt) = self.prompt.as_mut().filter(|prompt| prompt.purpose == purpose) {
            prompt.suggestions = files.iter().map(named).collect();
            prompt.at = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_kind_are_found_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["prod.env", ".env", "task.json", ".hidden.env", "notes.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("folder.env")).unwrap();
        let folders = [folder.path().join("nowhere"), folder.path().to_owned()];
        let names = |endings: &[&str]| {
            let found = ending_with(&folders, endings);
            found.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&[".env"]), [".env", "prod.env"]);
        assert_eq!(names(&[".json"]), ["task.json"]);
    }
}
