//! A world: loaded from its file, asked for its client, its home, its selection and what must come out of it.

use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use aws_smithy_async::time::SharedTimeSource;
use serde_json::Value;
use thiserror::Error;

use super::catalogue;
use super::client::{SandboxClient, lock};
use super::description::diagnosis::StatedDiagnosis;
use super::description::expectation::{ExpectedFinding, StatedAnswer, StatedFix, TrialName};
use super::description::iam::AccessKey;
use super::description::{Description, check, texts};
use super::fault::Fault;
use super::session::Session;
use super::state::{LoggedCall, State};
use crate::aws::Environment;
use crate::model::selection::{CredentialSource, RoleKind, WorkloadChoice};
use crate::model::{Selection, Trials};
use crate::values::{PrincipalArn, SecretText};

/// Why a world could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WorldError {
    /// No demo world has that name.
    #[error("there is no demo world `{name}`; {}", catalogue::meant(name))]
    Unknown {
        /// The name that was asked for.
        name: String,
    },
    /// The file is not JSON, or not a world.
    #[error("the world cannot be read: {0}")]
    Unreadable(String),
    /// A world extends itself, by way of others.
    #[error("the world extends `{0}`, which extends it")]
    Circle(String),
}

/// A world.
pub struct World {
    description: Description,
    state: Arc<Mutex<State>>,
}

/// Credentials of a principal of a world.
#[derive(Clone, Debug)]
pub struct Keys {
    /// `AKIA…` or `ASIA…`.
    pub access_key_id: String,
    /// The secret half.
    pub secret_access_key: SecretText,
    /// For a role session.
    pub session_token: Option<SecretText>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("about", &self.description.about).finish_non_exhaustive()
    }
}

impl World {
    /// The world that `--demo` opens when none is named.
    pub const DEFAULT: &'static str = "quilt-untouched";

    /// The demo worlds, the default one first.
    #[must_use]
    pub const fn names() -> &'static [&'static str] {
        catalogue::names()
    }

    /// Loads a demo world, afresh: what was written to another of the same name is not in it.
    ///
    /// # Errors
    /// [`WorldError::Unknown`] names the worlds there are.
    pub fn load(name: &str) -> Result<Self, WorldError> {
        Self::from_json(catalogue::text(name).ok_or_else(|| unknown(name))?)
    }

    /// Reads a world from JSON. It may `extend` a demo world, of which it is then a JSON Merge Patch.
    ///
    /// # Errors
    /// [`WorldError::Unreadable`] says what and where.
    pub fn from_json(text: &str) -> Result<Self, WorldError> {
        let mut whole = resolve(parse(text)?, &mut Vec::new())?;
        texts::spell_out(&mut whole).map_err(WorldError::Unreadable)?;
        let description: Description =
            serde_json::from_value(whole).map_err(|error| WorldError::Unreadable(error.to_string()))?;
        check::check(&description).map_err(WorldError::Unreadable)?;
        let state = State::new(&description, SharedTimeSource::default()).map_err(WorldError::Unreadable)?;
        Ok(Self { description, state: Arc::new(Mutex::new(state)) })
    }

    /// Runs the world on another clock: its `Date` headers, expiries and relative times.
    #[must_use]
    pub fn with_clock(self, clock: SharedTimeSource) -> Self {
        lock(&self.state).set_clock(clock);
        self
    }

    /// Answers every call after this long, whatever the world says.
    pub fn set_latency(&self, milliseconds: u64) {
        lock(&self.state).set_latency(milliseconds);
    }

    /// Answers every call at once.
    #[must_use]
    pub fn without_latency(self) -> Self {
        lock(&self.state).set_latency(0);
        self
    }

    /// Takes away everything that goes wrong on purpose: what the accounts themselves answer is left.
    #[must_use]
    pub fn without_faults(self) -> Self {
        lock(&self.state).without_faults();
        self
    }

    /// What the world shows, in a sentence.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.description.about
    }

    /// An HTTP client for the SDK. All clients of a world share its state.
    #[must_use]
    pub fn client(&self) -> SandboxClient {
        SandboxClient::new(Arc::clone(&self.state))
    }

    /// Makes something go wrong from now on.
    pub fn inject(&self, fault: Fault) {
        lock(&self.state).inject(fault);
    }

    /// Every call that reached the sandbox so far, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<LoggedCall> {
        lock(&self.state).log.clone()
    }

    /// The most calls that were being answered at once so far.
    #[must_use]
    pub fn busiest(&self) -> usize {
        lock(&self.state).busiest
    }

    /// Credentials of a user, or of a session of a role; `None` for a principal that the world gives no keys. A user without an active
    /// access key has those of its session, or else a key that AWS no longer takes.
    #[must_use]
    pub fn keys_of(&self, principal: &str) -> Option<Keys> {
        let arn = PrincipalArn::parse(principal).ok()?;
        let state = lock(&self.state);
        let account = arn.account().as_str();
        match &arn {
            PrincipalArn::User { name, .. } => {
                let user = state.user(account, name)?;
                let of_session = || state.sessions.iter().find(|(_, session)| session.is_of_user(account, name));
                let active = user.access_keys.iter().find(|(_, key)| key.active);
                let long_term = |(id, key): (&String, &AccessKey)| Keys {
                    access_key_id: id.clone(),
                    secret_access_key: key.secret.0.clone(),
                    session_token: None,
                };
                let temporary = || of_session().map(keys_of_session);
                active.map(long_term).or_else(temporary).or_else(|| user.access_keys.iter().next().map(long_term))
            }
            PrincipalArn::Role(role) => {
                state.sessions.iter().find(|(_, session)| session.is_of_role(account, role.name())).map(keys_of_session)
            }
            _ => None,
        }
    }

    /// Whether an access key is that of a session of this role.
    #[must_use]
    pub fn is_of_role(&self, access_key_id: &str, role: &str) -> bool {
        let Ok(PrincipalArn::Role(role)) = PrincipalArn::parse(role) else { return false };
        let state = lock(&self.state);
        state
            .sessions
            .get(access_key_id)
            .is_some_and(|session| session.is_of_role(role.account().as_str(), role.name()))
    }

    /// What is selected when the program starts.
    #[must_use]
    pub fn selection(&self) -> Selection {
        let chosen = self.description.selection.clone();
        let mut selection = Selection::new();
        selection.source = chosen.aws_profile.map(CredentialSource::Profile);
        selection.region = chosen.region;
        if let Some(name) = chosen.config_profile {
            selection.config_profile = name;
        }
        selection.stack = chosen.stack;
        let typed = [(RoleKind::Read, chosen.typed_roles.read), (RoleKind::Write, chosen.typed_roles.write)];
        selection.typed_roles = typed.into_iter().filter_map(|(kind, arn)| Some((kind, arn?))).collect();
        selection.secret = chosen.secret;
        selection.external_id = chosen.external_id;
        selection.migration.trials = Trials {
            bucket: chosen.trials.contains(&TrialName::Bucket),
            benchling: chosen.trials.contains(&TrialName::Benchling),
        };
        // Checked when the world was loaded.
        selection.inquiry = chosen.path.and_then(|path| path.inquiry().ok());
        selection.system = chosen.system.map(|system| system.choice());
        selection.workload = match (chosen.workload_role, chosen.workload_stack) {
            (Some(role), _) => WorkloadChoice::Role(role),
            (None, Some(stack)) => WorkloadChoice::Stack(stack),
            (None, None) => WorkloadChoice::WebhookStack,
        };
        selection
    }

    /// The environment variables of the process.
    #[must_use]
    pub fn environment(&self) -> Environment {
        let pairs = self.description.environment.iter();
        Environment::new(pairs.map(|(name, value)| (name.clone(), value.0.expose().to_owned())))
    }

    /// What the judges must say.
    #[must_use]
    pub fn expected(&self) -> &[ExpectedFinding] {
        &self.description.expected
    }

    /// What AWS's documentation says of every principal and role.
    #[must_use]
    pub fn answers(&self) -> &[StatedAnswer] {
        &self.description.answers
    }

    /// Edits of policies, each of the world as it is, and what AWS's documentation says of it afterwards.
    #[must_use]
    pub fn fixes(&self) -> &[StatedFix] {
        &self.description.fixes
    }

    /// What the diagnosis of its access path must say, or of the one path of the system that it selects. Empty: there is none.
    #[must_use]
    pub fn diagnosis(&self) -> &[StatedDiagnosis] {
        &self.description.diagnosis
    }

    /// Writes the files of the world's home below `home`, readable by their owner only.
    ///
    /// # Errors
    /// The file system's own; also when a path leads out of `home`.
    pub fn install_files(&self, home: &Path) -> io::Result<()> {
        for (path, file) in &self.description.home {
            let path = home.join(inside(path)?);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            write_private(&path, file.text.expose())?;
        }
        Ok(())
    }
}

fn keys_of_session((id, session): (&String, &Session)) -> Keys {
    Keys {
        access_key_id: id.clone(),
        secret_access_key: session.secret_access_key.clone(),
        session_token: Some(session.token.clone()),
    }
}

fn inside(path: &str) -> io::Result<PathBuf> {
    let path = PathBuf::from(path);
    let fits = path.components().all(|part| matches!(part, Component::Normal(_)));
    fits.then_some(path).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a path that leads out of the home"))
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}

fn unknown(name: &str) -> WorldError {
    WorldError::Unknown { name: name.to_owned() }
}

fn parse(text: &str) -> Result<Value, WorldError> {
    serde_json::from_str(text).map_err(|error| WorldError::Unreadable(error.to_string()))
}

/// Follows `extends` to its end.
fn resolve(mut world: Value, seen: &mut Vec<String>) -> Result<Value, WorldError> {
    let base = world.as_object_mut().and_then(|world| world.remove("extends"));
    let Some(base) = base else { return Ok(world) };
    let name = base.as_str().unwrap_or_default().to_owned();
    if seen.contains(&name) {
        return Err(WorldError::Circle(name));
    }
    let text = catalogue::base(&name).ok_or_else(|| unknown(&name))?;
    seen.push(name);
    let mut whole = resolve(parse(text)?, seen)?;
    // They are edits of that world's own policies.
    if let Some(base) = whole.as_object_mut() {
        base.remove("fixes");
    }
    merge(&mut whole, world);
    Ok(whole)
}

/// JSON Merge Patch (RFC 7396).
pub(super) fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(target) = target.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(&key);
        } else {
            merge(target.entry(key).or_insert(Value::Null), value);
        }
    }
}
