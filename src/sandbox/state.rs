//! The world as it is now: what the file said, with every write applied and every session that was issued.

use std::collections::{BTreeMap, BTreeSet};

use aws_smithy_async::time::SharedTimeSource;

use jiff::SignedDuration;

use super::description::iam::{Group, ManagedPolicy, Role, User};
use super::description::secret::Secret;
use super::description::stack::Stack;
use super::description::storage::Bucket;
use super::description::{Account, Benchling, Description, Latency, Region, filler};
use super::fault::{Failure, Fault};
use super::ids;
use super::session::Session;
use crate::values::PrincipalArn;
use crate::values::time::Timestamp;

/// The partition of every world.
pub(super) const PARTITION: &str = "aws";

/// What can change while the program runs.
pub(super) struct State {
    /// Accounts by id.
    pub accounts: BTreeMap<String, Account>,
    /// Sessions by access key id.
    pub sessions: BTreeMap<String, Session>,
    /// The time that relative times count from.
    pub loaded: Timestamp,
    /// A tenant of Benchling, if the world has one.
    pub benchling: Option<Benchling>,
    /// Every call that reached the sandbox, in order.
    pub log: Vec<LoggedCall>,
    /// Calls that are being answered now, and the most that ever were at once.
    pub under_way: usize,
    pub busiest: usize,
    latency: Latency,
    faults: Vec<Fault>,
    request_id: Option<String>,
    clock: SharedTimeSource,
    skew: SignedDuration,
    /// The codes of MFA devices that were taken: serial, and the period of 30 seconds.
    taken_codes: BTreeSet<(String, i64)>,
    serial: u64,
}

/// One call as the sandbox saw it, before it decided anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LoggedCall {
    /// For example `sts:AssumeRole`.
    pub operation: String,
    /// The access key id that signed it; empty for an unsigned one.
    pub access_key_id: String,
}

impl State {
    /// The state at the beginning.
    ///
    /// # Errors
    /// A sentence, when the file contradicts itself.
    pub(super) fn new(description: &Description, clock: SharedTimeSource) -> Result<Self, String> {
        let mut accounts = description.accounts.clone();
        for region in accounts.values_mut().flat_map(|account| account.regions.values_mut()) {
            region.fill();
        }
        let mut state = Self {
            accounts,
            sessions: BTreeMap::new(),
            loaded: Timestamp::UNIX_EPOCH,
            benchling: description.benchling.clone(),
            log: Vec::new(),
            under_way: 0,
            busiest: 0,
            latency: description.latency_ms.clone(),
            faults: description.faults.clone(),
            request_id: description.request_id.clone(),
            clock: clock.clone(),
            skew: SignedDuration::from_secs(description.clock_skew_seconds),
            taken_codes: BTreeSet::new(),
            serial: 0,
        };
        state.set_clock(clock);
        for session in &description.sessions {
            let issued = Session::starting(session)
                .ok_or_else(|| format!("session `{}` is of no role and no user", session.access_key_id))?;
            state.sessions.insert(session.access_key_id.clone(), issued);
        }
        Ok(state)
    }

    /// The world's clock, UTC.
    pub(super) fn now(&self) -> Timestamp {
        let machine = timestamp(&self.clock);
        machine.checked_add(self.skew).unwrap_or(machine)
    }

    /// Whether the machine's clock and AWS's are not the same.
    pub(super) fn is_skewed(&self) -> bool {
        !self.skew.is_zero()
    }

    /// Replaces the clock of the machine; relative times count from its present.
    pub(super) fn set_clock(&mut self, clock: SharedTimeSource) {
        self.clock = clock;
        self.loaded = self.now();
    }

    /// Lets time pass: another clock, while relative times count from where they did.
    #[cfg(test)]
    pub(super) fn set_clock_only(&mut self, clock: SharedTimeSource) {
        self.clock = clock;
    }

    /// Takes the code that a device shows now: false when it was taken before.
    pub(super) fn take_code(&mut self, serial: &str, now: Timestamp) -> bool {
        self.taken_codes.insert((serial.to_owned(), now.as_second().div_euclid(30)))
    }

    /// Adds something that goes wrong, before what the world had.
    pub(super) fn inject(&mut self, fault: Fault) {
        self.faults.insert(0, fault);
    }

    /// From now on nothing goes wrong.
    pub(super) fn without_faults(&mut self) {
        self.faults.clear();
    }

    /// A number that no one had before: the seed of ids.
    pub(super) const fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// The id of the next answer: the world's own text, or one that no answer had before.
    pub(super) fn request_id(&mut self) -> String {
        let serial = self.next_serial();
        self.request_id.clone().unwrap_or_else(|| ids::uuid(&format!("request {serial}")))
    }

    /// What goes wrong with this attempt of a call, if anything.
    pub(super) fn strike(&mut self, operation: &str, attempt: u32) -> Option<Failure> {
        self.faults.iter_mut().find_map(|fault| fault.strikes(operation, attempt).then(|| fault.failure.clone()))
    }

    /// How long this call takes, in milliseconds.
    pub(super) fn latency_ms(&self, operation: &str) -> u64 {
        self.latency.operations.get(operation).copied().unwrap_or(self.latency.default)
    }

    /// Answers every call after this long from now on, in milliseconds.
    pub(super) fn set_latency(&mut self, milliseconds: u64) {
        self.latency = Latency { default: milliseconds, ..Latency::default() };
    }

    /// A role.
    pub(super) fn role(&self, account: &str, name: &str) -> Option<&Role> {
        self.accounts.get(account)?.roles.get(name)
    }

    /// A role, to be changed.
    pub(super) fn role_mut(&mut self, account: &str, name: &str) -> Option<&mut Role> {
        self.accounts.get_mut(account)?.roles.get_mut(name)
    }

    /// A user.
    pub(super) fn user(&self, account: &str, name: &str) -> Option<&User> {
        self.accounts.get(account)?.users.get(name)
    }

    /// A user, to be changed.
    pub(super) fn user_mut(&mut self, account: &str, name: &str) -> Option<&mut User> {
        self.accounts.get_mut(account)?.users.get_mut(name)
    }

    /// A group.
    pub(super) fn group(&self, account: &str, name: &str) -> Option<&Group> {
        self.accounts.get(account)?.groups.get(name)
    }

    /// A managed policy, by ARN.
    pub(super) fn managed(&self, arn: &str) -> Option<(&str, &ManagedPolicy)> {
        managed_in(&self.accounts, arn)
    }

    /// A managed policy, to be changed.
    pub(super) fn managed_mut(&mut self, arn: &str) -> Option<&mut ManagedPolicy> {
        let (owner, name) = (arn.split(':').nth(4)?, arn.rsplit('/').next()?);
        let policy = self.accounts.get_mut(owner)?.policies.get_mut(name)?;
        (policy_arn(owner, name, policy) == arn).then_some(policy)
    }

    /// A bucket, with its account and region.
    pub(super) fn bucket(&self, name: &str) -> Option<(&str, &str, &Bucket)> {
        self.accounts.iter().find_map(|(account, content)| {
            let mut regions = content.regions.iter();
            regions.find_map(|(region, content)| Some((account.as_str(), region.as_str(), content.buckets.get(name)?)))
        })
    }

    /// The stacks of a region.
    pub(super) fn stacks(&self, account: &str, region: &str) -> Option<&BTreeMap<String, Stack>> {
        Some(&self.accounts.get(account)?.regions.get(region)?.stacks)
    }

    /// The secrets of a region, which then exists.
    pub(super) fn secrets_mut(&mut self, account: &str, region: &str) -> &mut BTreeMap<String, Secret> {
        let account = self.accounts.entry(account.to_owned()).or_default();
        &mut account.regions.entry(region.to_owned()).or_default().secrets
    }

    /// Whether an IAM principal that a policy names exists. What lies in an account that the world does not have is taken to exist.
    pub(super) fn exists(&self, principal: &PrincipalArn) -> bool {
        let Some(account) = self.accounts.get(principal.account().as_str()) else { return true };
        match principal {
            PrincipalArn::User { path, name, .. } => account.users.get(name).is_some_and(|user| user.path == *path),
            PrincipalArn::Role(role) => account.roles.get(role.name()).is_some_and(|found| found.path == role.path()),
            PrincipalArn::Session { role, .. } => account.roles.contains_key(role),
            PrincipalArn::Root { .. } | PrincipalArn::FederatedUser { .. } => true,
        }
    }
}

/// A managed policy, by ARN, of one of these accounts.
pub(super) fn managed_in<'a>(
    accounts: &'a BTreeMap<String, Account>,
    arn: &str,
) -> Option<(&'a str, &'a ManagedPolicy)> {
    let owner = arn.split(':').nth(4)?;
    let (name, policy) = accounts.get(owner)?.policies.get_key_value(arn.rsplit('/').next()?)?;
    (policy_arn(owner, name, policy) == arn).then_some((name.as_str(), policy))
}

impl Region {
    fn fill(&mut self) {
        for (name, stack) in &mut self.stacks {
            filler::resources(stack, name);
        }
        for (name, stack) in filler::stacks(self.filler_stacks) {
            self.stacks.entry(name).or_insert(stack);
        }
        for (name, secret) in filler::secrets(self.filler_secrets) {
            self.secrets.entry(name).or_insert(secret);
        }
    }
}

fn timestamp(clock: &SharedTimeSource) -> Timestamp {
    Timestamp::try_from(clock.now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The ARN of a user.
pub(super) fn user_arn(account: &str, name: &str, user: &User) -> String {
    format!("arn:{PARTITION}:iam::{account}:user{}{name}", user.path)
}

/// The ARN of a group.
pub(super) fn group_arn(account: &str, name: &str, group: &Group) -> String {
    format!("arn:{PARTITION}:iam::{account}:group{}{name}", group.path)
}

/// The ARN of a role.
pub(super) fn role_arn(account: &str, name: &str, role: &Role) -> String {
    format!("arn:{PARTITION}:iam::{account}:role{}{name}", role.path)
}

/// The unique id of a role.
pub(super) fn role_id(account: &str, name: &str, role: &Role) -> String {
    role.id.clone().unwrap_or_else(|| ids::unique("AROA", 21, &role_arn(account, name, role)))
}

/// The ARN of a managed policy.
pub(super) fn policy_arn(account: &str, name: &str, policy: &ManagedPolicy) -> String {
    format!("arn:{PARTITION}:iam::{account}:policy{}{name}", policy.path)
}

/// The ARN of a stack.
pub(super) fn stack_arn(account: &str, region: &str, name: &str, stack: &Stack) -> String {
    let id = stack.id.clone().unwrap_or_else(|| ids::uuid(&format!("{account}/{region}/{name}")));
    format!("arn:{PARTITION}:cloudformation:{region}:{account}:stack/{name}/{id}")
}

/// The ARN of a secret, with its suffix.
pub(super) fn secret_arn(account: &str, region: &str, name: &str, secret: &Secret) -> String {
    let suffix = secret.suffix.clone().unwrap_or_else(|| ids::token(6, &format!("{account}/{region}/{name}")));
    format!("arn:{PARTITION}:secretsmanager:{region}:{account}:secret:{name}-{suffix}")
}
