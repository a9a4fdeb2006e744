//! Everything that was looked up, in one place. Judges read nothing else.

mod machine;
mod migration;
mod path;
mod role;
mod secret;
mod stack;
mod system;

use std::collections::BTreeMap;

pub use machine::{
    Ancestor, CallerIdentity, ConfigFile, ConfigProfile, Credentials, Deployed, KnownRole, Machine, SourceEntry,
    SourceKind, SsoToken,
};
pub use migration::{BucketTrial, ImportContent, Imported, MigrationFacts, TargetFile, TokenAnswer, Trial};
pub use path::{Experiment, ExperimentKind, HopFacts, MfaDevice, PathFacts, Probe, ProbeKind, Simulation};
pub use role::{PrincipalFacts, RoleDetail, RoleFacts, RoleFound, RoleSource};
pub use secret::{Keeping, Replica, Rotation, Secret, SecretContent, SecretSummary, SecretValue};
pub use stack::{Stack, StackResource};
pub use system::{
    AccessKeyFacts, AttachedPolicy, KeyUse, PathLook, PrincipalDetail, PrincipalLook, SettingsPlace, SettingsSource,
    Simulated, SystemFacts,
};

use super::selection::RoleKind;
use super::{CallRecord, Fact};
use crate::values::time::Timestamp;

/// All facts of one walk or one check.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The judges' only clock, UTC.
    pub observed_at: Timestamp,
    /// This machine: looked up before anything else, without AWS.
    pub machine: Fact<Machine>,
    /// The AWS profiles, and the other places credentials can come from.
    pub sources: Fact<Vec<SourceEntry>>,
    /// The config profiles on this machine.
    pub config_profiles: Fact<Vec<ConfigProfile>>,
    /// The `config.json` of the chosen config profile. `Absent`: there is none yet.
    pub config: Fact<ConfigFile>,
    /// What that config profile inherits from, nearest first. Empty: nothing.
    pub ancestors: Fact<Vec<Ancestor>>,
    /// What was last deployed with it. `Absent`: nothing, as far as this machine knows.
    pub deployed: Fact<Deployed>,
    /// The chosen credentials, resolved.
    pub credentials: Fact<Credentials>,
    /// Who they are.
    pub identity: Fact<CallerIdentity>,
    /// Every stack of the region; of every region that answered, when all were searched.
    pub stacks: Fact<Vec<Stack>>,
    /// How many stacks each region has, when all were searched. Empty: only the region of all calls was asked.
    pub regions: BTreeMap<String, Fact<usize>>,
    /// The chosen stack.
    pub stack: Fact<Stack>,
    /// Resources of the chosen stack that matter to the service, by logical id. A resource that the stack does not have is not in it.
    pub resources: Fact<BTreeMap<String, StackResource>>,
    /// The two roles.
    pub roles: BTreeMap<RoleKind, RoleFacts>,
    /// The stack of the webhook. `Absent`: not deployed yet.
    pub webhook: Fact<Stack>,
    /// The identity that will assume the roles. Its `arn` is `Absent` while the webhook is not deployed.
    pub workload: PrincipalFacts,
    /// The identity running rolecall.
    pub operator: PrincipalFacts,
    /// The secrets of the region.
    pub secrets: Fact<Vec<SecretSummary>>,
    /// The chosen secret. `Absent`: it does not exist yet.
    pub secret: Fact<Secret>,
    /// What a diagnosis looked up; empty where none was asked for.
    pub path: PathFacts,
    /// What a migration of the secret looked up; empty where none was asked for.
    pub migration: MigrationFacts,
    /// What was looked up for a system other than the Quilt webhook, and where the settings of all of them stand.
    pub system: SystemFacts,
    /// Every HTTP exchange so far.
    pub calls: Vec<CallRecord>,
}

impl Facts {
    /// Nothing looked up yet, at `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            observed_at: now,
            machine: Fact::NotAsked,
            sources: Fact::NotAsked,
            config_profiles: Fact::NotAsked,
            config: Fact::NotAsked,
            ancestors: Fact::NotAsked,
            deployed: Fact::NotAsked,
            credentials: Fact::NotAsked,
            identity: Fact::NotAsked,
            stacks: Fact::NotAsked,
            regions: BTreeMap::new(),
            stack: Fact::NotAsked,
            resources: Fact::NotAsked,
            roles: RoleKind::BOTH.into_iter().map(|kind| (kind, RoleFacts::default())).collect(),
            webhook: Fact::NotAsked,
            workload: PrincipalFacts::default(),
            operator: PrincipalFacts::default(),
            secrets: Fact::NotAsked,
            secret: Fact::NotAsked,
            path: PathFacts::default(),
            migration: MigrationFacts::default(),
            system: SystemFacts::default(),
            calls: Vec::new(),
        }
    }

    /// The facts of one role.
    pub fn role_mut(&mut self, kind: RoleKind) -> &mut RoleFacts {
        self.roles.entry(kind).or_default()
    }

    /// The facts of one role, if any were gathered.
    #[must_use]
    pub fn role(&self, kind: RoleKind) -> Option<&RoleFacts> {
        self.roles.get(&kind)
    }
}
