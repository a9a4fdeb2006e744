//! What is looked up, when, and what begins once it is known.

use super::app::{App, Run};
use super::engine::Ask;
use super::keymap::When;
use super::message::Effect;
use super::route::{Route, Walk};
use super::screens;
use crate::gather;
use crate::migrate;
use crate::model::{ImportSource, Trials};
use crate::preselect;

/// What other look-ups wait for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reached {
    /// Who the credentials are.
    identity: bool,
    /// The stack and its resources were asked for, and have answered.
    stack: bool,
}
impl App {
    /// Whether `r` has something to look up.
    pub fn may_rerun(&self) -> When {
        if self.done.is_writing() {
            return When::No("writing; wait until it is done");
        }
        match self.route {
            Route::Home | Route::Source | Route::Sources | Route::Settings | Route::Ask => When::Yes,
            Route::Diagnose if self.has_no_source() => When::Yes,
            _ if self.selection.source.is_none() => When::No("choose an AWS profile first"),
            Route::Roles if self.selection.stack.is_none() => When::No("choose a stack first"),
            _ => When::Yes,
        }
    }

    /// Whether Esc cancels: what this screen shows is being looked up for so long that the status line speaks of it. A second Esc leads back.
    pub fn esc_stops(&self) -> When {
        let asks: &[Ask] = match self.route {
            Route::Sources => &[Ask::Imports],
            Route::Source => &[Ask::Survey, Ask::Identity],
            Route::Stack => &[Ask::Stacks],
            Route::Roles => &[Ask::Stack],
            Route::Secret => &[Ask::Secrets, Ask::Secret],
            Route::Diagnose => &[Ask::Identity, Ask::Path],
            Route::Settings => &[Ask::Survey],
            Route::Access => &[Ask::Identity, Ask::System],
            Route::Home | Route::Review | Route::Done | Route::Ask => &[],
        };
        let filtered = self.shown_list().is_some_and(|list| list.filter.is_some());
        let slow = asks.iter().filter_map(|ask| self.running.get(ask)).any(|run| run.is_slow(self.clock));
        // Many paths take long enough from the first on: the key is not to change what it does under a finger.
        let many = self.asked_plan().is_some_and(|plan| plan.paths.len() > 1);
        let many = many && self.route == Route::Access && self.running.contains_key(&Ask::System);
        let watching = self.watch.active.is_some();
        if ((slow || many) && !filtered) || watching { When::Yes } else { When::Hidden }
    }

    /// Whether Esc leads back.
    pub fn esc_leads_back(&self) -> When {
        if matches!(self.esc_stops(), When::Yes) { When::Hidden } else { self.may_go_back() }
    }

    /// Looks everything on this screen up again.
    pub fn rerun(&mut self) -> Vec<Effect> {
        let asks: &[Ask] = match self.route {
            Route::Home | Route::Ask => &[Ask::Survey],
            Route::Diagnose => {
                self.diagnosis.wanted = true;
                if self.selection.source.is_none() {
                    // An AWS profile may have been made meanwhile.
                    return vec![self.ask(Ask::Survey)];
                }
                // Who asks comes first where it is not known: the login may have been made meanwhile.
                let nobody = self.facts.identity.known().is_none() && self.selection.source.is_some();
                return if nobody { vec![self.ask(Ask::Identity)] } else { self.begin_diagnosis() };
            }
            Route::Access => {
                self.want_system(true);
                let nobody = self.facts.identity.known().is_none();
                return if nobody {
                    vec![self.ask(Ask::Identity)]
                } else {
                    self.look_at_system().into_iter().collect()
                };
            }
            Route::Settings => &[Ask::Survey],
            Route::Sources => &[Ask::Survey, Ask::Imports],
            Route::Source if self.selection.source.is_some() => &[Ask::Survey, Ask::Identity],
            Route::Source => &[Ask::Survey],
            Route::Stack => &[Ask::Stacks],
            Route::Roles => &[Ask::Stack],
            Route::Secret => &[Ask::Secrets, Ask::Secret],
            Route::Review | Route::Done => &[Ask::Survey, Ask::Stack, Ask::Secrets, Ask::Secret],
        };
        let effects: Vec<Effect> = asks.iter().map(|ask| self.ask(*ask)).collect();
        match self.route {
            Route::Secret | Route::Review | Route::Done => effects.into_iter().chain(self.ask_for_imports()).collect(),
            _ => effects,
        }
    }

    /// Reads the sources of the secret, and the file that would be written, where there are any.
    pub fn ask_for_imports(&mut self) -> Option<Effect> {
        let migration = &self.selection.migration;
        let any = !migration.imports.is_empty() || migration.to_file.is_some() || self.route == Route::Sources;
        any.then(|| self.ask(Ask::Imports))
    }

    /// Cancels every look-up under way.
    pub fn stop(&mut self) -> Vec<Effect> {
        let quick = !self.running.values().any(|run| run.is_slow(self.clock));
        if self.watch.active.is_some() && quick {
            self.stop_watching();
            return Vec::new();
        }
        self.watch.active = None;
        self.diagnosis.wanted = false;
        self.running.clear();
        self.attempt = 1;
        self.note = Some("stopped; r looks it up again, Esc leads back".into());
        gather::take_back(&mut self.facts);
        screens::access::settle(self);
        self.derive();
        vec![Effect::Cancel]
    }

    /// Begins a look-up.
    pub fn ask(&mut self, ask: Ask) -> Effect {
        self.generation += 1;
        if self.running.is_empty() {
            self.attempt = 1;
        }
        self.running.insert(ask, Run { generation: self.generation, since: self.clock });
        let mut selection = Box::new(preselect::for_gathering(&self.facts, &self.selection));
        if ask == Ask::Imports && !selection.migration.imports.contains(&ImportSource::Environment) {
            // So that the list can tell what this environment would give before it is taken.
            selection.migration.imports.push(ImportSource::Environment);
        }
        if ask == Ask::Stack {
            self.webhook_asked = Some(selection.webhook_stack());
        }
        Effect::Gather { ask, generation: self.generation, selection }
    }

    /// A look-up ended: what depends on it begins.
    pub fn ended(&mut self, ask: Ask, generation: u64) -> Vec<Effect> {
        if self.running.get(&ask).is_none_or(|run| run.generation != generation) {
            return Vec::new();
        }
        self.running.remove(&ask);
        if self.running.is_empty() {
            self.attempt = 1;
        }
        let mut effects = Vec::new();
        if ask == Ask::System {
            screens::access::settle(self);
        }
        if ask == Ask::Survey && self.walk == Walk::System {
            self.settings_changed();
        }
        match ask {
            Ask::Survey if self.selection.source.is_some() && !self.has_asked_identity() => {
                effects.push(self.ask(Ask::Identity));
            }
            // The file names another stack of the webhook than the one that was looked at.
            Ask::Survey
                if self.walk != Walk::System
                    && self.facts.identity.known().is_some()
                    && self.names_another_webhook() =>
            {
                effects.push(self.ask_for_stack());
            }
            _ => {}
        }
        effects.extend(self.begin_diagnosis());
        effects
    }

    /// Tries the values once, right after a yes: what arrives later may name another place than the one that the question showed. A yes is
    /// good for one question.
    pub fn begin_trials(&mut self, trials: Trials) -> Vec<Effect> {
        let waits =
            [Ask::Stack, Ask::Secret, Ask::Imports, Ask::Trials].iter().any(|ask| self.running.contains_key(ask));
        if waits {
            self.note = Some("still looking things up: nothing was sent".into());
            return Vec::new();
        }
        if !trials.any() {
            return Vec::new();
        }
        // What they are made with is worked out where they are asked for.
        self.selection.migration.trials = trials;
        let mut effect = self.ask(Ask::Trials);
        self.selection.migration.trials = Trials::default();
        if let Effect::Gather { selection, .. } = &mut effect {
            // What was typed since is what would be written.
            migrate::trial::of_draft(&mut selection.migration.tried, &self.draft.values);
            screens::secret::trials::begun(self, &selection.migration.tried);
        }
        vec![effect]
    }

    /// What is known that other look-ups wait for.
    pub fn reached(&self) -> Reached {
        Reached {
            identity: self.facts.identity.known().is_some(),
            stack: !self.facts.stack.is_pending() && !self.facts.resources.is_pending(),
        }
    }

    /// An answer landed: what it made possible begins at once, without waiting for the rest of its ask.
    pub fn go_on_from(&mut self, ask: Ask, before: Reached) -> Vec<Effect> {
        let now = self.reached();
        match ask {
            // A diagnosis needs nothing of the walk; what that looks up is caught up with when one goes back to it.
            Ask::Identity
                if now.identity && !before.identity && (self.route == Route::Diagnose || self.walk == Walk::System) =>
            {
                self.diagnosis.owes = true;
                if self.route != Route::Diagnose || !std::mem::take(&mut self.diagnosis.wanted) {
                    return Vec::new();
                }
                vec![self.walk_the_path()]
            }
            Ask::Identity if now.identity && !before.identity => {
                let mut effects = vec![self.ask(Ask::Stacks), self.ask(Ask::Secrets), self.ask_for_stack()];
                if self.selection.migration.imports.iter().any(ImportSource::needs_aws) {
                    effects.push(self.ask(Ask::Imports));
                }
                effects
            }
            Ask::Stack if now.stack && !before.stack => vec![self.ask_for_secret()],
            _ => Vec::new(),
        }
    }

    /// Asks for the chosen stack; the one that `config.json` names was chosen in an earlier walk.
    pub fn ask_for_stack(&mut self) -> Effect {
        if self.selection.stack.is_none() && self.facts.config.known().is_some() {
            self.selection.stack = preselect::stack(&self.facts);
        }
        self.ask(Ask::Stack)
    }

    /// Asks for the secret; without one that the user chose, for the one that follows from `config.json` and stack.
    pub fn ask_for_secret(&mut self) -> Effect {
        if self.secret_follows {
            self.selection.secret = preselect::secret(&self.facts, &self.selection);
            self.derive();
        }
        self.ask(Ask::Secret)
    }

    fn names_another_webhook(&self) -> bool {
        !self.running.contains_key(&Ask::Identity)
            && self.webhook_asked.as_ref() != Some(&crate::config::webhook_stack(&self.facts, &self.selection))
    }

    fn has_asked_identity(&self) -> bool {
        self.running.contains_key(&Ask::Identity) || self.facts.identity.is_settled()
    }
}
