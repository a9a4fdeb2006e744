//! A system other than the Quilt webhook on the screens: which one, what was chosen for it, when it is looked at, and one of its paths diagnosed.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::app::{App, Job};
use super::engine::{Ask, OfSystem, as_diagnosis};
use super::message::Effect;
use super::route::{Route, Walk};
use super::screens::{access, diagnose, settings};
use crate::model::facts::PathFacts;
use crate::model::system::SystemPlan;
use crate::model::{Fact, SystemChoice};
use crate::systems::{self, Settings, Strength, System};

/// What is kept of systems beside what was looked up.
#[derive(Default)]
pub struct State {
    /// What was chosen for the systems that are not open, by name.
    kept: BTreeMap<String, SystemChoice>,
    /// What the command line or the demo chose: nothing that could be lost.
    begun_with: BTreeMap<String, SystemChoice>,
    /// The open system and what was judged of it, while one of its paths is diagnosed by itself.
    aside: Option<(SystemChoice, OfSystem)>,
    /// The settings of the open system, resolved.
    pub settings: Settings,
    /// By setting the worst that was found of it, as its place among the findings.
    pub judged: BTreeMap<&'static str, usize>,
    /// Whether there is a text to hand over, once that was asked for.
    pub has_texts: OnceLock<bool>,
    /// What was looked up last, or is being looked up.
    asked: Option<Arc<SystemPlan>>,
    /// It is to be looked up as soon as it is known who asks.
    due: bool,
}

impl State {
    /// The one that was chosen before the program began is kept until it is opened.
    pub fn begun(chosen: Option<SystemChoice>) -> Self {
        let begun_with: BTreeMap<String, SystemChoice> =
            chosen.into_iter().map(|choice| (choice.name.clone(), choice)).collect();
        Self { kept: begun_with.clone(), begun_with, ..Self::default() }
    }

    /// What was chosen before the program began, if anything was.
    pub fn first(&self) -> Option<&str> {
        self.begun_with.keys().next().map(String::as_str)
    }

    /// What was asked for is forgotten: who asks is another.
    pub fn forget(&mut self) {
        self.asked = None;
    }
}

impl App {
    /// The system that is open, also while one of its paths is diagnosed.
    pub fn open_one(&self) -> Option<&'static dyn System> {
        let aside = self.system.aside.as_ref().map(|(choice, _)| choice);
        systems::find(&self.selection.system.as_ref().or(aside)?.name)
    }

    /// What is chosen for the open system.
    pub fn choice(&mut self) -> Option<&mut SystemChoice> {
        self.selection.system.as_mut()
    }

    /// Every system, what this machine shows of it, and how strongly.
    pub fn signs(&self) -> Vec<(&'static dyn System, Option<String>, Strength)> {
        let sign = |system: &&'static dyn System| {
            let open = self.selection.system.as_ref().filter(|choice| choice.name == system.name());
            let choice = open.or_else(|| self.system.kept.get(system.name()));
            let settings = Settings::of(system.settings(), choice, &self.facts);
            (*system, systems::sign(*system, &settings), Strength::of(*system, &settings))
        };
        systems::ALL.iter().map(sign).collect()
    }

    /// Opens the walk of a system: what was chosen for it before is still chosen.
    pub fn open_system(&mut self, name: &'static str) {
        if self.selection.system.as_ref().is_none_or(|choice| choice.name != name) {
            self.close_system();
            let kept = self.system.kept.remove(name);
            self.selection.system = Some(kept.unwrap_or_else(|| SystemChoice::of(name)));
            self.settings = settings::State::default();
            self.access = access::State::default();
        }
        self.job = Job::System(name);
        self.begin_walk(Walk::System);
        self.derive();
        self.go(Route::Source);
    }

    /// Puts the open system away; what was chosen for it is kept, what was looked up for it is not.
    pub fn close_system(&mut self) {
        self.return_to_system();
        let Some(choice) = self.selection.system.take() else { return };
        self.system.kept.insert(choice.name.clone(), choice);
        self.running.remove(&Ask::System);
        self.system.asked = None;
        self.system.due = false;
        self.facts.system.begin(&[], &[]);
        self.derive();
    }

    /// Whether a setting was typed that stands nowhere else.
    pub fn typed_for_systems(&self) -> bool {
        let aside = self.system.aside.iter().map(|(choice, _)| choice);
        let mut all = self.system.kept.values().chain(&self.selection.system).chain(aside);
        all.any(|choice| {
            let nothing = SystemChoice::default();
            let begun = self.system.begun_with.get(&choice.name).unwrap_or(&nothing);
            (&choice.typed, &choice.principal, &choice.inspectors)
                != (&begun.typed, &begun.principal, &begun.inspectors)
        })
    }

    /// What was typed stands in a file now.
    pub fn settings_are_kept(&mut self) {
        if let Some(choice) = &self.selection.system {
            self.system.begun_with.insert(choice.name.clone(), choice.clone());
        }
    }

    /// Everything that follows from the settings, anew.
    pub fn derive_settings(&mut self) {
        let chosen = systems::chosen(&self.facts, &self.selection);
        self.system.settings = chosen.map(|(_, settings)| settings).unwrap_or_default();
        let judged =
            self.open_one().map(|system| settings::judged(system, &self.system.settings, &self.judgement.findings));
        self.system.judged = judged.unwrap_or_default();
        self.system.has_texts = OnceLock::new();
    }

    /// A setting changed, or where settings stand was read again: what was looked up for other paths is forgotten.
    pub fn settings_changed(&mut self) {
        self.derive();
        let Some(asked) = &self.system.asked else { return };
        if self.selection.system.is_some() && **asked != systems::plan(&self.facts, &self.selection) {
            self.system.asked = None;
            self.running.remove(&Ask::System);
            self.facts.system.begin(&[], &[]);
            self.derive();
        }
    }

    /// The paths and questions of the last look.
    pub fn asked_plan(&self) -> Option<&SystemPlan> {
        self.system.asked.as_deref()
    }

    /// Wants the system looked up, `again` or where it was not yet.
    pub fn want_system(&mut self, again: bool) {
        self.system.due = self.selection.system.is_some() && (again || self.system.asked.is_none());
    }

    /// Looks the system up where that is wanted and it is known who asks.
    pub fn look_at_system(&mut self) -> Option<Effect> {
        let waits = self.running.contains_key(&Ask::Identity) || self.facts.system.settings.is_pending();
        let nobody = self.facts.identity.known().is_none();
        if !self.system.due || self.route != Route::Access || waits || nobody {
            return None;
        }
        self.system.due = false;
        let plan = Arc::new(systems::plan(&self.facts, &self.selection));
        let empty = plan.paths.is_empty() && plan.questions.is_empty();
        self.system.asked = Some(plan);
        (!empty).then(|| self.ask(Ask::System))
    }

    /// Diagnoses one of the paths by itself, on the screen of diagnoses: with what is known of it, or looked up closely first.
    pub fn diagnose_path(&mut self, id: &str) -> Vec<Effect> {
        let asked = self.system.asked.clone();
        let Some(plan) = asked.iter().flat_map(|plan| &plan.paths).find(|path| path.id == id) else {
            return Vec::new();
        };
        let closely = self.facts.system.paths.iter().any(|look| look.id == id && look.closely);
        let known = as_diagnosis(&self.facts, &self.selection, plan).filter(|_| closely);
        let closely = known.is_some();
        self.facts.path = known.map(|(facts, ..)| facts.path).unwrap_or_default();
        let choice = self.selection.system.take();
        self.system.aside = choice.map(|choice| (choice, std::mem::take(&mut self.judgement.system)));
        self.selection.inquiry = Some(plan.inquiry.clone());
        diagnose::begin(self);
        self.diagnosis.from = Route::Access;
        self.diagnosis.wanted = !closely;
        self.go(Route::Diagnose);
        self.derive();
        self.begin_diagnosis()
    }

    /// Ends the diagnosis of one path: what was found for it holds for its row too.
    pub fn return_to_system(&mut self) {
        let Some((choice, judged)) = self.system.aside.take() else { return };
        let found = !self.path_verdicts().is_empty() && !self.running.contains_key(&Ask::Path);
        let inquiry = self.selection.inquiry.take();
        let asked = self.system.asked.iter().flat_map(|plan| &plan.paths);
        let id = asked.filter(|path| Some(&path.inquiry) == inquiry.as_ref()).map(|path| path.id.clone()).next();
        let path = std::mem::take(&mut self.facts.path);
        let look = self.facts.system.paths.iter_mut().find(|look| Some(&look.id) == id.as_ref());
        if let Some(look) = look.filter(|_| found) {
            take_over(look, path);
        }
        self.running.remove(&Ask::Path);
        self.selection.system = Some(choice);
        self.judgement.system = judged;
        self.derive();
    }

    /// "412 of 1,000, about 20 s left", while the system is looked up.
    pub fn progress(&self) -> Option<String> {
        let run = self.running.get(&Ask::System)?;
        let progress = &self.facts.system.progress;
        (progress.total() > 1).then(|| progress.words(self.clock.saturating_sub(run.since)))
    }
}

/// A look that is the very same is left as it is, so that nothing is judged again.
fn take_over(look: &mut crate::model::facts::PathLook, path: PathFacts) {
    let same = look.facts.shown().is_some_and(|known| known.hops == path.hops);
    if !same || !look.closely {
        look.facts = Fact::Known(Arc::new(path));
        look.closely = true;
        look.before = false;
    }
}
