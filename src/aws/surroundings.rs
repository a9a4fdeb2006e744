//! Where rolecall runs: the environment, the user's files, the clock, and what lies below HTTP.
//!
//! `main` makes one from the real process, a demo world brings its own. Nothing else reads the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::Guard;
use crate::model::{Confirmed, Plan, Selection};
use crate::values::SecretText;
use crate::values::time::Timestamp;

/// Environment variables, redacted: some of them are credentials.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, SecretText>);

impl Environment {
    /// From name and value pairs.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name, SecretText::new(value))).collect())
    }

    /// A variable that is set and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(SecretText::expose).filter(|value| !value.is_empty())
    }

    /// The variables whose names are wanted, by name; those that are set and empty too.
    #[must_use]
    pub fn named(&self, wanted: impl Fn(&str) -> bool) -> Vec<(String, SecretText)> {
        self.0.iter().filter(|(name, _)| wanted(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Whether any of the names is set.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// What time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The machine's.
    System,
    /// Always the same: for tests.
    Fixed(Timestamp),
}

impl Clock {
    /// Now, UTC.
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(at) => at,
        }
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        SystemTime::from(Self::now(*self))
    }
}

impl From<Clock> for SharedTimeSource {
    fn from(clock: Clock) -> Self {
        Self::new(clock)
    }
}

/// A demo world that is shown in place of AWS.
#[derive(Clone, Debug)]
pub struct Demo {
    /// The world's name, for the banner.
    pub world: String,
    /// What the world chose beforehand.
    pub selection: Selection,
    /// The world's environment variables.
    pub environment: Environment,
}

/// Everything outside the program.
#[derive(Clone)]
pub struct Surroundings {
    /// Environment variables. A demo world has its own, if any.
    pub environment: Environment,
    /// The home folder.
    pub home: PathBuf,
    /// The folder that the program was started in: relative paths and `.env` are looked for there. A demo world's is its home.
    pub current: PathBuf,
    /// `~/.aws/config`, or what `AWS_CONFIG_FILE` says.
    pub aws_config_file: PathBuf,
    /// `~/.aws/credentials`, or what `AWS_SHARED_CREDENTIALS_FILE` says.
    pub aws_credentials_file: PathBuf,
    /// `$XDG_CONFIG_HOME` or `~/.config`, on every system (C26).
    pub config_home: PathBuf,
    /// The configuration file of quilt3, where its own library (appdirs) puts it.
    pub quilt3_config: PathBuf,
    /// The folder below which programs keep their state: drafts of a walk, logs.
    pub state_home: PathBuf,
    /// What lies below HTTP: `None` is the network.
    pub http: Option<SharedHttpClient>,
    /// The clock.
    pub clock: Clock,
    /// The demo world, if this is one.
    pub demo: Option<Demo>,
    /// Nothing may be written, whatever is confirmed.
    pub read_only: bool,
}

/// Something was to be written and nothing may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("nothing is written with --read-only: leave it out to write")]
pub struct ReadOnly;

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("home", &self.home).field("demo", &self.demo).finish_non_exhaustive()
    }
}

impl Surroundings {
    /// The user's own: files follow from `environment` and `home`. The current folder is `home` until it is said to be another one.
    #[must_use]
    pub fn of_user(environment: Environment, home: PathBuf) -> Self {
        let file = |variable: &str, default: &str| {
            environment.get(variable).map_or_else(|| home.join(".aws").join(default), |path| expand(path, &home))
        };
        Self {
            aws_config_file: file("AWS_CONFIG_FILE", "config"),
            aws_credentials_file: file("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            config_home: environment
                .get("XDG_CONFIG_HOME")
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
                .unwrap_or_else(|| home.join(".config")),
            quilt3_config: data_home(&environment, &home).join("Quilt").join("config.yml"),
            state_home: home.join(".local/state"),
            http: None,
            clock: Clock::System,
            demo: None,
            read_only: false,
            environment,
            current: home.clone(),
            home,
        }
    }

    /// A demo world's: its own home, its own environment, its own HTTP client.
    #[must_use]
    pub fn of_demo(home: PathBuf, http: SharedHttpClient, clock: Clock, demo: Demo) -> Self {
        let quilt3_config = home.join(".local/share/Quilt/config.yml");
        let own = Self::of_user(demo.environment.clone(), home);
        Self { http: Some(http), clock, demo: Some(demo), quilt3_config, ..own }
    }

    /// The endpoint that all calls go to, if the environment names one.
    #[must_use]
    pub fn endpoint_url(&self) -> Option<&str> {
        let ignored = self.environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|value| value == "true");
        self.environment.get("AWS_ENDPOINT_URL").filter(|_| !ignored)
    }

    /// The guard that lets a confirmed plan's writes out: the only way to one.
    ///
    /// # Errors
    /// [`ReadOnly`]: this run has no writer.
    pub fn writer(&self, plan: &Confirmed<Plan>) -> Result<Guard, ReadOnly> {
        if self.read_only { Err(ReadOnly) } else { Ok(Guard::writer(plan)) }
    }

    /// For sharing between tasks.
    #[must_use]
    pub fn shared(self) -> Arc<Self> {
        Arc::new(self)
    }
}

/// The user's data folder as the Python library appdirs has it, which quilt3 asks.
fn data_home(environment: &Environment, home: &std::path::Path) -> PathBuf {
    if cfg!(target_os = "macos") {
        return home.join("Library/Application Support");
    }
    environment.get("XDG_DATA_HOME").map_or_else(|| home.join(".local/share"), PathBuf::from)
}

/// `~/x` names a file below the home folder.
fn expand(path: &str, home: &std::path::Path) -> PathBuf {
    path.strip_prefix("~/").map_or_else(|| PathBuf::from(path), |rest| home.join(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quilt3_is_looked_for_where_appdirs_puts_it() {
        let environment = Environment::new([("XDG_DATA_HOME".into(), "/data".into())]);
        let wanted = if cfg!(target_os = "macos") { "/home/u/Library/Application Support" } else { "/data" };
        let here = Surroundings::of_user(environment, PathBuf::from("/home/u"));
        assert_eq!(here.quilt3_config, PathBuf::from(wanted).join("Quilt/config.yml"));
    }

    #[test]
    fn files_follow_the_environment() {
        let environment = Environment::new([
            ("AWS_CONFIG_FILE".into(), "~/other/config".into()),
            ("XDG_CONFIG_HOME".into(), "relative".into()),
            ("AWS_SECRET_ACCESS_KEY".into(), "canary-env".into()),
        ]);
        let here = Surroundings::of_user(environment, PathBuf::from("/home/u"));
        assert_eq!(here.aws_config_file, PathBuf::from("/home/u/other/config"));
        assert_eq!(here.aws_credentials_file, PathBuf::from("/home/u/.aws/credentials"));
        assert_eq!(here.config_home, PathBuf::from("/home/u/.config"));
        assert!(!format!("{here:?} {:?}", here.environment).contains("canary-env"));
    }
}
