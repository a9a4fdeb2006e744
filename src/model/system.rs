//! Which of the systems that rolecall knows is looked at, what was chosen for it, and what is to be looked up.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::finding::Fix;
use super::{Inquiry, Severity};
use crate::policy::lint::Boundaries;
use crate::values::PrincipalArn;

/// A system other than the Quilt webhook, whose choices have fields of their own in [`super::Selection`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SystemChoice {
    /// Its name: `wave`, `sre-roles`, `megatests`. [`crate::systems::find`] knows it.
    pub name: String,
    /// Settings that the user typed, by the setting's name. They win over files and environment; an empty one takes the setting away.
    pub typed: BTreeMap<String, String>,
    /// Files that settings are read from, in the order of their weight: `NAME=value` lines, JSON, or YAML.
    pub files: Vec<PathBuf>,
    /// Who walks its paths in production, judged beside the operator. `None`: what the system itself says, or the operator alone.
    pub principal: Option<PrincipalArn>,
    /// AWS profiles that may read accounts which the operator's own credentials cannot.
    pub inspectors: Vec<String>,
    /// What is to be looked up: worked out from the settings where the look begins, by [`crate::preselect::for_gathering`].
    pub plan: Arc<SystemPlan>,
}

/// What is to be looked up for a system.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SystemPlan {
    /// Its access paths.
    pub paths: Vec<PathPlan>,
    /// The principals it asks about.
    pub questions: Vec<Question>,
    /// Where its settings have it call AWS. A region that the user chose for this run wins.
    pub calls_in: Option<CallsIn>,
}

/// A region that a system's settings name for its calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallsIn {
    /// For example `eu-central-1`.
    pub region: String,
    /// What names it, as a word: "AWS_AUTH_DEFAULT_REGION".
    pub from: String,
}

impl SystemChoice {
    /// A system with nothing chosen for it.
    #[must_use]
    pub fn of(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// An access path of a system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathPlan {
    /// Unique in its system and stable: "role", "prod".
    pub id: String,
    /// What people call it; findings about it have this subject.
    pub label: String,
    /// Hops, external IDs, probes, and who walks it in production.
    pub inquiry: Inquiry,
    /// The settings that it is made of, by name. While one of them cannot be used, the path is not looked at.
    pub settings: &'static [&'static str],
}

/// A principal whose rights and keys are looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Unique in its system and stable: "batch-user".
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Who it is.
    pub who: Asked,
    /// The names of the managed policies that it must carry, and no other policy. `None`: any.
    pub carries: Option<Vec<String>>,
    /// What its policies are meant to reach: they are read over with that in mind. `None`: they are not.
    pub reaches: Option<Boundaries>,
    /// What the simulator is asked of it.
    pub expectations: Vec<Expectation>,
    /// Whether its access keys are listed; of a user alone.
    pub lists_keys: bool,
    /// Where it works with an access key of its own: how one is made if none of its keys works. `None`: it needs none.
    pub needs_key: Option<Fix>,
    /// The settings that name the principal. While one of them cannot be used, nobody is asked about.
    pub settings: &'static [&'static str],
}

impl Question {
    /// Whether there is such a principal and what it is allowed, and nothing else yet.
    #[must_use]
    pub fn of(id: impl Into<String>, label: impl Into<String>, who: Asked) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            who,
            carries: None,
            reaches: None,
            expectations: Vec::new(),
            lists_keys: false,
            needs_key: None,
            settings: &[],
        }
    }
}

/// Who is asked about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asked {
    /// A user of the caller's account, by name.
    User(String),
    /// By ARN, read with whoever reads its account.
    Principal(PrincipalArn),
    /// Whoever runs rolecall.
    Operator,
}

/// Something that a principal must be allowed to do, or must not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expectation {
    /// What it is for, as a sentence goes on after "may": "pull an image", "launch Batch jobs".
    pub what: String,
    /// IAM actions, without wildcards: the simulator takes none.
    pub actions: Vec<String>,
    /// ARNs; `*` where the actions take none.
    pub resources: Vec<String>,
    /// Condition keys that the simulator is given, with their values.
    pub context: BTreeMap<String, String>,
    /// Whether it should be allowed.
    pub allowed: bool,
    /// How bad it is where it is otherwise.
    pub trouble: Severity,
}
