//! What was looked up for a system: where its settings stand, its access paths, and the principals it asks about.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::{CallerIdentity, PathFacts, PrincipalFacts, Simulation};
use crate::model::{AwsError, Fact, Hop, Inquiry, Progress};
use crate::values::time::Timestamp;
use crate::values::{PrincipalArn, SecretText, access_key};

/// Everything looked up for one system.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SystemFacts {
    /// Where settings stand, by weight: the files that were named, the environment, `.env` of the current folder. Of all systems, so that
    /// each can say what it finds here.
    pub settings: Fact<Vec<SettingsSource>>,
    /// A random UUID (version 4), made once: an external ID for a trust policy that is new (C18). `None`: not made yet.
    pub new_external_id: Option<String>,
    /// The access paths, in the system's order.
    pub paths: Vec<PathLook>,
    /// How far the look at them is.
    pub progress: Progress,
    /// By ARN, principals that walk those paths beside the operator, and of many paths the roles that lead on to the next: read once, however
    /// many paths name one.
    pub callers: BTreeMap<String, PrincipalFacts>,
    /// Who the inspectors are, by AWS profile.
    pub inspectors: BTreeMap<String, Fact<CallerIdentity>>,
    /// The principals that the system asks about, in its order.
    pub principals: Vec<PrincipalLook>,
}

/// One place that settings stand in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettingsSource {
    /// Which one.
    pub place: SettingsPlace,
    /// What it gives, by the name that stands there: a variable, a key of JSON. Any of it may be a secret.
    pub values: BTreeMap<String, SecretText>,
    /// Names that stand there more than once, with several values: the last one counts.
    pub twice: Vec<String>,
    /// Why it gives nothing, or not everything: a clause about it, without any of its text.
    pub fault: Option<String>,
}

/// Where settings stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SettingsPlace {
    /// The user typed them.
    Typed,
    /// A file that the user named.
    File(PathBuf),
    /// The environment of this process.
    Environment,
    /// `.env` in the folder that rolecall was started in.
    DotEnv(PathBuf),
}

impl SettingsPlace {
    /// As a list shows it: "typed", "environment", a path.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Typed => "typed".into(),
            Self::File(path) | Self::DotEnv(path) => path.display().to_string(),
            Self::Environment => "environment".into(),
        }
    }
}

/// How far one access path was looked into.
#[derive(Clone, PartialEq, Debug)]
pub struct PathLook {
    /// The path's id in its system.
    pub id: String,
    /// Everything looked up for it. Shared, since it is not changed any more: a new look makes a new one.
    pub facts: Fact<Arc<PathFacts>>,
    /// Experiments, probes and the simulator were asked too; without it only the roles themselves and the live calls were.
    pub closely: bool,
    /// It is of the look before: another one began since, and has not come to it.
    pub before: bool,
}

/// What was looked up of a principal that a system asks about.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PrincipalLook {
    /// The question's id in its system.
    pub id: String,
    /// `iam:GetUser` or `iam:GetRole`. `Absent`: there is none of that name.
    pub found: Fact<PrincipalDetail>,
    /// Who has the name in that account, where it is another ARN than was asked for: `found` is `Absent` then.
    pub namesake: Option<PrincipalArn>,
    /// Its policies, where each came from, and its boundary.
    pub policies: PrincipalFacts,
    /// The names of the managed policies that are attached to it directly: `iam:ListAttachedUserPolicies`.
    pub attached: Fact<Vec<AttachedPolicy>>,
    /// `iam:ListAccessKeys` with `iam:GetAccessKeyLastUsed`. `NotAsked` for a role, or where they were not asked for.
    pub access_keys: Fact<Vec<AccessKeyFacts>>,
    /// `iam:SimulatePrincipalPolicy`, an answer per action and resource, by the expectation's place in the question.
    pub simulated: Vec<Fact<Vec<Simulated>>>,
}

/// What the simulator says of one action on one resource.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Simulated {
    /// The ARN that was asked about, or `*`.
    pub resource: String,
    /// The answer.
    pub answer: Simulation,
}

/// A user or a role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PrincipalDetail {
    /// The ARN as IAM has it, path included.
    pub arn: PrincipalArn,
    /// When it was made, UTC.
    pub created: Option<Timestamp>,
}

/// A managed policy that is attached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttachedPolicy {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
}

/// One access key of a user, without its secret half.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessKeyFacts {
    /// `AKIA…`. Shown masked: its first four and last four characters.
    pub id: SecretText,
    /// Whether AWS takes it.
    pub active: bool,
    /// When it was made, UTC.
    pub created: Option<Timestamp>,
    /// `iam:GetAccessKeyLastUsed`; `Absent`: never, since AWS keeps count (April 2015).
    pub last_used: Fact<KeyUse>,
}

/// The last use of an access key that AWS tells, which may be some hours behind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyUse {
    /// When, UTC.
    pub at: Timestamp,
    /// `batch`, `s3`; "N/A" where AWS does not tell.
    pub service: String,
    /// The region; "N/A" where AWS does not tell.
    pub region: String,
}

impl AccessKeyFacts {
    /// The id as it may be shown: `AKIA…7Q2X`.
    #[must_use]
    pub fn masked(&self) -> String {
        access_key::masked(self.id.expose())
    }
}

impl SystemFacts {
    /// Makes room for these paths, and for these questions with their numbers of expectations. What is known of the same stays, to be shown while it is looked up again.
    pub fn begin(&mut self, paths: &[String], questions: &[(String, usize)]) {
        if !self.paths.iter().map(|path| &path.id).eq(paths) {
            let look = |id: &String| PathLook { id: id.clone(), facts: Fact::NotAsked, closely: false, before: false };
            self.paths = paths.iter().map(look).collect();
        }
        self.paths.iter_mut().for_each(|path| path.before = path.facts.shown().is_some());
        let asked = self.principals.iter().map(|principal| (&principal.id, principal.simulated.len()));
        if !asked.eq(questions.iter().map(|(id, expectations)| (id, *expectations))) {
            let look = |(id, expectations): &(String, usize)| PrincipalLook {
                id: id.clone(),
                simulated: vec![Fact::NotAsked; *expectations],
                ..Default::default()
            };
            self.principals = questions.iter().map(look).collect();
        }
        self.progress = Progress::of(paths.len());
        self.inspectors.clear();
    }

    /// What was looked up of the path at that place.
    pub fn land_path(&mut self, index: usize, facts: Arc<PathFacts>, closely: bool) {
        if let Some(look) = self.paths.get_mut(index) {
            look.facts = Fact::Known(facts);
            look.closely = closely;
            look.before = false;
        }
    }

    /// What was looked up of a path, with what many have in common: who walks it, and the roles that lead on.
    #[must_use]
    pub fn whole_path(&self, inquiry: &Inquiry, mut look: PathFacts) -> PathFacts {
        let read = |arn: String| self.callers.get(&arn);
        if let Some(caller) = inquiry.principal.as_ref().and_then(|arn| read(arn.to_string())) {
            look.workload = caller.clone();
        }
        // Of the inspectors those that read an account of this path.
        let accounts: Vec<_> = inquiry
            .hops
            .iter()
            .filter_map(Hop::role)
            .map(|role| role.account().clone())
            .chain(inquiry.principal.iter().map(|principal| principal.account().clone()))
            .collect();
        let reads = |who: &Fact<CallerIdentity>| who.known().is_some_and(|who| accounts.contains(&who.account));
        let of_path = self.inspectors.iter().filter(|(_, who)| reads(who));
        look.inspectors.extend(of_path.map(|(name, who)| (name.clone(), who.clone())));
        for (hop, facts) in inquiry.hops.iter().zip(&mut look.hops) {
            let Some(of_many) = hop.role().and_then(|role| read(role.to_string())) else { continue };
            if facts.own.policies == Fact::NotAsked {
                facts.own = of_many.clone();
            }
            if facts.detail == Fact::NotAsked {
                facts.detail = of_many.role.clone();
            }
        }
        look
    }

    /// The look at one path, most likely at this place of the list.
    #[must_use]
    pub fn path(&self, index: usize, id: &str) -> Option<&PathLook> {
        let there = self.paths.get(index).filter(|path| path.id == id);
        there.or_else(|| self.paths.iter().find(|path| path.id == id))
    }

    /// The look at one principal.
    #[must_use]
    pub fn principal(&self, id: &str) -> Option<&PrincipalLook> {
        self.principals.iter().find(|principal| principal.id == id)
    }

    /// The failure of a whole look, for everything that is still open.
    pub fn fail(&mut self, error: &AwsError) {
        for path in &mut self.paths {
            if path.facts.is_pending() {
                path.facts = Fact::Failed(error.clone());
            }
        }
        for principal in self.principals.iter_mut().filter(|principal| principal.found.is_pending()) {
            principal.found = Fact::Failed(error.clone());
        }
    }
}
