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

use crate::model::Selection;
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// The world's name, for the banner.
    pub world: String,
    /// What the world chose beforehand.
    pub selection: Selection,
}

/// Everything outside the program.
#[derive(Clone)]
pub struct Surroundings {
    /// Environment variables. A demo world has none.
    pub environment: Environment,
    /// The home folder.
    pub home: PathBuf,
    /// `~/.aws/config`, or what `AWS_CONFIG_FILE` says.
    pub aws_config_file: PathBuf,
    /// `~/.aws/credentials`, or what `AWS_SHARED_CREDENTIALS_FILE` says.
    pub aws_credentials_file: PathBuf,
    /// `$XDG_CONFIG_HOME` or `~/.config`, on every system (C26).
    pub config_home: PathBuf,
    /// What lies below HTTP: `None` is the network.
    pub http: Option<SharedHttpClient>,
    /// The clock.
    pub clock: Clock,
    /// The demo world, if this is one.
    pub demo: Option<Demo>,
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("home", &self.home).field("demo", &self.demo).finish_non_exhaustive()
    }
}

impl Surroundings {
    /// The user's own: files follow from `environment` and `home`.
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
            http: None,
            clock: Clock::System,
            demo: None,
            environment,
            home,
        }
    }

    /// A demo world's: its own home, no environment, its own HTTP client.
    #[must_use]
    pub fn of_demo(home: PathBuf, http: SharedHttpClient, clock: Clock, demo: Demo) -> Self {
        Self { http: Some(http), clock, demo: Some(demo), ..Self::of_user(Environment::default(), home) }
    }

    /// The endpoint that all calls go to, if the environment names one.
    #[must_use]
    pub fn endpoint_url(&self) -> Option<&str> {
        let ignored = self.environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|value| value == "true");
        self.environment.get("AWS_ENDPOINT_URL").filter(|_| !ignored)
    }

    /// For sharing between tasks.
    #[must_use]
    pub fn shared(self) -> Arc<Self> {
        Arc::new(self)
    }
}

/// `~/x` names a file below the home folder.
fn expand(path: &str, home: &std::path::Path) -> PathBuf {
    path.strip_prefix("~/").map_or_else(|| PathBuf::from(path), |rest| home.join(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

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
