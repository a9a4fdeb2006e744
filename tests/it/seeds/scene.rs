//! What the acceptance tests share: a demo world with a home that is kept, and the real binary without the user's environment.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rolecall::apply::apply;
use rolecall::aws::{Clock, Demo, Surroundings};
use rolecall::check::{self, Checked};
use rolecall::gather::Gatherer;
use rolecall::model::plan::{Change, ChangeOutcome, ConfigChange};
use rolecall::model::verdict::Party;
use rolecall::model::{Finding, Plan, Selection, Severity, Verdict};
use rolecall::plan::{Draft, plan};
use rolecall::sandbox::World;
use rolecall::secret::rules;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::processes;
use crate::said::Said;
use crate::writing::VALUES;

/// The account of the demo worlds.
pub const ACCOUNT: &str = "111122223333";
/// The Quilt stack's read role.
pub const READ: &str = "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod";
/// The Quilt stack's write role.
pub const WRITE: &str = "arn:aws:iam::111122223333:role/ReadWriteQuiltV2-quilt-prod";
/// The webhook's task role.
pub const TASK_ROLE: &str = "arn:aws:iam::111122223333:role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6";

/// A world and the home of its user.
pub struct Scene {
    pub world: World,
    home: tempfile::TempDir,
}

impl Scene {
    /// A demo world.
    pub fn of(name: &str) -> Self {
        Self::new(World::load(name).unwrap())
    }

    /// A world of its own: JSON that extends a demo world.
    pub fn patched(patch: Value) -> Self {
        Self::new(World::from_json(&patch.to_string()).unwrap())
    }

    fn new(world: World) -> Self {
        let home = tempfile::tempdir().unwrap();
        world.install_files(home.path()).unwrap();
        Self { world, home }
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    fn here(&self) -> Arc<Surroundings> {
        let (selection, environment) = (self.world.selection(), self.world.environment());
        let demo = Demo { world: "test".into(), selection, environment };
        let client = SharedHttpClient::new(self.world.client());
        Surroundings::of_demo(self.home().to_owned(), client, Clock::System, demo).shared()
    }

    /// `check` of what the world selects.
    pub fn check(&self) -> Checked {
        self.check_as(self.world.selection())
    }

    /// `check` of what is selected here, on a clock that jumps to the next event.
    pub fn check_as(&self, selection: Selection) -> Checked {
        paused().block_on(check::run(self.here(), selection))
    }

    /// Writes a plan as after `y`, and has every change written.
    pub fn write(&self, checked: &Checked, plan: Plan) {
        let (id, blocked) = (plan.id.clone(), plan.blocked.clone());
        let confirmed = plan.confirm(&id).unwrap_or_else(|| panic!("nothing to write, or blocked: {blocked:?}"));
        let reports = paused().block_on(async {
            let (events, _kept) = mpsc::unbounded_channel();
            let gatherer = Gatherer::new(self.here());
            apply(&gatherer, &checked.selection, confirmed, events, CancellationToken::new()).await.unwrap()
        });
        for report in reports {
            assert!(matches!(report.outcome, ChangeOutcome::Written { .. }), "{report:?}");
        }
    }

    pub fn config_path(&self) -> PathBuf {
        let profile = self.world.selection().config_profile;
        self.home().join(".config/benchling-webhook").join(profile).join("config.json")
    }

    pub fn config(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.config_path()).unwrap()).unwrap()
    }

    /// Every file below the home, with what it holds.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        files(self.home())
    }
}

/// `check` of what a demo world selects.
pub fn in_world(name: &str) -> Checked {
    Scene::of(name).check()
}

fn paused() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}

/// Every file below a folder, with what it holds, sorted by path.
pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// The plan that leads to valid values where one is missing or wrong, and keeps what is right.
pub fn planned(checked: &Checked) -> Plan {
    plan(&checked.facts, &checked.selection, &answered(checked))
}

/// What is there, and valid values where one is missing or wrong.
pub fn answered(checked: &Checked) -> Draft {
    let mut draft = Draft::from_facts(&checked.facts, &checked.selection);
    for (key, value) in VALUES {
        let faults = draft.values.get(&key).map(|there| rules::check(key, there.expose()));
        if faults.is_none_or(|faults| faults.iter().any(|fault| fault.severity == Severity::Error)) {
            draft.set(key, value);
        }
    }
    draft
}

/// What a plan does to `config.json`.
pub fn of_config(plan: &Plan) -> &ConfigChange {
    let change = plan.changes.iter().find_map(|change| match change {
        Change::Config(change) => Some(change),
        _ => None,
    });
    change.unwrap_or_else(|| panic!("nothing becomes of config.json: {:?}", plan.blocked))
}

/// The finding of an id about a subject.
pub fn finding<'a>(checked: &'a Checked, id: &str, subject: &str) -> &'a Finding {
    let found = with_id(checked, id).into_iter().find(|finding| finding.subject == subject);
    found.unwrap_or_else(|| panic!("no {id} of {subject}: {:#?}", lines(checked)))
}

/// Every finding of an id.
pub fn with_id<'a>(checked: &'a Checked, id: &str) -> Vec<&'a Finding> {
    checked.judgement.findings.iter().filter(|finding| finding.id == id).collect()
}

/// The one finding of an id.
pub fn only<'a>(checked: &'a Checked, id: &str) -> &'a Finding {
    let found = with_id(checked, id);
    assert_eq!(found.len(), 1, "{id}: {:#?}", checked.judgement.findings);
    found[0]
}

fn lines(checked: &Checked) -> Vec<String> {
    let line = |finding: &Finding| format!("{} {} {}", finding.severity.word(), finding.id, finding.subject);
    checked.judgement.findings.iter().map(line).collect()
}

/// Everything that a finding says: claim, evidence, fixes with their commands.
pub fn says(finding: &Finding) -> String {
    let fixes = finding.fixes.iter().flat_map(|fix| [Some(fix.what.clone()), fix.command.clone()]).flatten();
    std::iter::once(finding.claim.clone()).chain(finding.evidence.clone()).chain(fixes).collect::<Vec<_>>().join("\n")
}

/// The verdict of a party on a role, of the stack or of the path that was asked about.
pub fn verdict<'a>(checked: &'a Checked, party: Party, role: &str) -> &'a Verdict {
    let of_role = |verdict: &&Verdict| verdict.party == party && verdict.role_arn == role;
    let mut all = checked.judgement.verdicts.iter().chain(&checked.judgement.path);
    all.find(of_role).unwrap_or_else(|| panic!("no verdict of {party:?} on {role}"))
}

/// Runs the real binary with a home of its own and no other environment; where AWS would be asked, nobody answers.
pub fn rolecall(arguments: &[&str]) -> Said {
    let home = tempfile::tempdir().unwrap();
    rolecall_at(home.path(), arguments)
}

/// As [`rolecall`], with variables of its own.
pub fn rolecall_with(variables: &[(&str, &str)], arguments: &[&str]) -> Said {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.args(arguments).env_clear().env("HOME", home.path()).env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    Said::of(processes::run(command.envs(variables.iter().copied())).unwrap())
}

/// As [`rolecall`], in a home that is kept.
pub fn rolecall_at(home: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.args(arguments).env_clear().env("HOME", home).env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    Said::of(processes::run(&mut command).unwrap())
}

/// `rolecall print` in a demo world.
pub fn print(world: &str, arguments: &[&str]) -> Said {
    rolecall(&[&["print"], arguments, &[&format!("--demo={world}")]].concat())
}
