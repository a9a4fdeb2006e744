//! An AWS emulator for the tests: installed on first use, one server per test process, an account per test.
//!
//! It enforces identity policies, trust policies and external IDs, and deploys CloudFormation templates. What it gets
//! wrong, and no test may assert against it: role chaining limits, `DurationSeconds` limits, session names, a trust
//! policy that names a user of the same account, role ARNs without their path, `aws:PrincipalArn` of sessions, and
//! whole error messages (assert on codes).

mod clients;
mod gate;
mod install;
mod server;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rolecall::values::AccountId;
use serde::Deserialize;

pub use clients::{Clients, Keys, code};
pub use gate::{Gate, Moment};
use install::Environment;
use server::Server;

use crate::processes;

/// The region that everything is seeded in.
pub const REGION: &str = "us-east-1";

/// The running emulator.
pub struct Emulator {
    environment: Environment,
    server: Server,
    accounts: AtomicU64,
}

impl Emulator {
    /// The emulator of this test process, started on first use; `None` where it cannot be installed.
    ///
    /// That is said once on standard error, and the test is to return. With `CI` set it is a failure instead, so that
    /// a run there never passes for want of the emulator.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Result<Emulator, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| {
            let started = install::environment().map(Self::start);
            if let Err(reason) = &started {
                // Not `eprintln!`, which the test harness keeps to itself when the test passes.
                let _ = writeln!(std::io::stderr(), "skipped: the tests against the AWS emulator, because {reason}");
            }
            started
        });
        match shared {
            Ok(emulator) => Some(emulator),
            Err(reason) if std::env::var_os("CI").is_some() => panic!("the AWS emulator cannot run: {reason}"),
            Err(_) => None,
        }
    }

    fn start(environment: Environment) -> Self {
        let server = Server::start(&environment);
        Self { environment, server, accounts: AtomicU64::new(200_000_000_001) }
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        self.server.endpoint()
    }

    /// An account that no other test has.
    pub fn account(&'static self) -> Account {
        let number = self.accounts.fetch_add(1, Ordering::Relaxed);
        Account { emulator: self, id: AccountId::parse(&number.to_string()).unwrap() }
    }
}

/// One AWS account in the emulator, empty at first.
#[derive(Clone)]
pub struct Account {
    emulator: &'static Emulator,
    id: AccountId,
}

impl Account {
    /// Its twelve digits.
    pub const fn id(&self) -> &AccountId {
        &self.id
    }

    /// Where the emulator listens.
    pub fn endpoint(&self) -> &str {
        self.emulator.endpoint()
    }

    /// The root user's keys: they may do everything.
    pub fn root(&self) -> Keys {
        Keys { access_key_id: self.id.to_string(), secret_access_key: "test".into(), session_token: None }
    }

    /// SDK clients that sign as the root user.
    pub fn clients(&self) -> Clients {
        self.clients_as(&self.root())
    }

    /// SDK clients that sign with these keys.
    pub fn clients_as(&self, keys: &Keys) -> Clients {
        Clients::new(self.endpoint(), REGION, keys)
    }

    /// What the program needs in its environment to work here with these keys.
    pub fn environment(&self, keys: &Keys) -> Vec<(&'static str, String)> {
        let mut variables = keys.environment();
        variables.extend([("AWS_ENDPOINT_URL", self.endpoint().to_owned()), ("AWS_REGION", REGION.to_owned())]);
        variables
    }

    /// Writes `.aws/config` and `.aws/credentials` below `home`, one AWS profile per entry, each with this endpoint.
    pub fn write_aws_profiles(&self, home: &Path, profiles: &[(&str, &Keys)]) {
        let (mut config, mut credentials) = (String::new(), String::new());
        for (name, keys) in profiles {
            let section = if *name == "default" { "default".to_owned() } else { format!("profile {name}") };
            config += &format!("[{section}]\nregion = {REGION}\nendpoint_url = {}\n\n", self.endpoint());
            credentials += &format!("[{name}]\n{}\n", keys.file_lines());
        }
        let folder = home.join(".aws");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config"), config).unwrap();
        std::fs::write(folder.join("credentials"), credentials).unwrap();
    }

    /// A secret with all its versions, read by a client that shares no code with the program.
    pub fn read_back(&self, secret: &str) -> SecretReadBack {
        self.try_read_back(secret).unwrap_or_else(|| panic!("there is no secret {secret}"))
    }

    /// The same; `None`: there is no such secret.
    pub fn try_read_back(&self, secret: &str) -> Option<SecretReadBack> {
        let mut command = Command::new(self.emulator.environment.python());
        command.arg("-I").arg(install::script("read_back.py")).arg(secret);
        let output = processes::run(command.env_clear().envs(self.environment(&self.root()))).unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        if complaint.contains("ResourceNotFoundException") {
            return None;
        }
        assert!(output.status.success(), "reading {secret} back failed:\n{complaint}");
        Some(serde_json::from_slice(&output.stdout).unwrap())
    }
}

/// A secret as the independent client sees it. No `Debug`: the values are secrets.
#[derive(Deserialize)]
pub struct SecretReadBack {
    /// The secret's ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Its tags.
    pub tags: std::collections::BTreeMap<String, String>,
    /// The KMS key that was named when it was made.
    pub kms_key: Option<String>,
    /// Every version that carries a stage.
    pub versions: Vec<VersionReadBack>,
    /// How many versions there are, those without a stage included.
    pub version_count: usize,
}

/// One version of a secret.
#[derive(Deserialize)]
pub struct VersionReadBack {
    /// The version id.
    pub id: String,
    /// Its stages, sorted.
    pub stages: Vec<String>,
    /// The text; `None` where the value is binary.
    pub value: Option<String>,
}

impl SecretReadBack {
    /// The version that carries this stage.
    pub fn stage(&self, stage: &str) -> Option<&VersionReadBack> {
        self.versions.iter().find(|version| version.stages.iter().any(|name| name == stage))
    }

    /// The value that `AWSCURRENT` points to, as JSON.
    pub fn current(&self) -> serde_json::Value {
        let version = self.stage("AWSCURRENT").expect("the secret has a current version");
        serde_json::from_str(version.value.as_deref().expect("the current version is text")).unwrap()
    }
}
