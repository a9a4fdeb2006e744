//! The files: config profiles, `config.json`, a file that holds the secret, and their backups; drafts of a walk; what is exported.
//!
//! `config.json` stands below `$XDG_CONFIG_HOME` or `~/.config` on every system, as the webhook package has it (C26, S0-25).

pub mod drafts;
pub mod error;
pub mod export;
pub mod import;
pub mod quilt3;
pub mod read;
pub mod write;

pub use error::StoreError;
pub use export::{ExportError, export};
pub use import::{read_import, read_target};
pub use read::{list_profiles, read_ancestors, read_config, read_deployed};
pub use write::{WrittenFile, write_config, write_secret_file};

use std::path::{Path, PathBuf};

use crate::model::selection;

/// The file's name in the folder of its config profile.
pub const CONFIG_FILE: &str = "config.json";

/// The file beside it in which the webhook package notes its deployments. rolecall reads it and never writes it.
pub const DEPLOYMENTS_FILE: &str = "deployments.json";

/// The folder that holds the config profiles, below `$XDG_CONFIG_HOME` or `~/.config`.
#[must_use]
pub fn config_root(config_home: &Path) -> PathBuf {
    config_home.join("benchling-webhook")
}

/// Refuses what cannot be the name of a config profile: a path above all.
///
/// # Errors
/// [`StoreError::Name`], with the reason.
pub fn check_profile_name(name: &str) -> Result<(), StoreError> {
    selection::config_profile_fault(name).map_or(Ok(()), |why| Err(StoreError::Name(why)))
}

/// Where the `config.json` of a config profile belongs.
///
/// # Errors
/// [`StoreError::Name`] for a name that is none.
pub fn config_path(root: &Path, profile: &str) -> Result<PathBuf, StoreError> {
    check_profile_name(profile)?;
    Ok(root.join(profile).join(CONFIG_FILE))
}

/// A path as one word of a POSIX shell.
#[must_use]
pub fn shell_quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_no_config_profile() {
        let root = Path::new("/home/ada/.config/benchling-webhook");
        assert_eq!(config_path(root, "dev").unwrap(), root.join("dev/config.json"));
        let refused = config_path(root, "../../.ssh").unwrap_err().to_string();
        assert!(refused.starts_with("`../../.ssh` is a path"), "{refused}");
    }

    #[test]
    fn a_path_is_one_word_in_a_shell() {
        assert_eq!(shell_quoted(Path::new("/home/ada/config.json")), "/home/ada/config.json");
        assert_eq!(shell_quoted(Path::new("/home/a b/it's")), r"'/home/a b/it'\''s'");
    }
}
