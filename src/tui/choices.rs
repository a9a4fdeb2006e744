//! Choosing an AWS profile or a stack: what was looked up for another one is forgotten.

use super::app::App;
use super::engine::Ask;
use super::keymap::When;
use super::message::Effect;
use super::route::Route;
use crate::model::facts::SourceEntry;
use crate::model::selection::CredentialSource;
use crate::model::{Fact, Facts};
use crate::values::StackArn;

impl App {
    /// Takes an AWS profile: what was looked up with another one is forgotten.
    pub fn choose_source(&mut self, source: CredentialSource) -> Vec<Effect> {
        if self.selection.source.as_ref() != Some(&source) {
            if self.selection.source.is_some() {
                self.selection.stack = None;
                self.selection.secret = None;
                self.secret_follows = true;
                self.selection.typed_roles.clear();
            }
            self.selection.source = Some(source);
        }
        self.start_over()
    }

    /// Takes the AWS profile of that name, if there is one.
    pub fn choose_named_source(&mut self, label: &str) -> Vec<Effect> {
        let named = |entry: &&SourceEntry| entry.source.label() == label;
        match self.facts.sources.shown().into_iter().flatten().find(named).map(|entry| entry.source.clone()) {
            Some(source) => self.choose_source(source),
            None => {
                self.note = Some(format!("there is no AWS profile {label}"));
                Vec::new()
            }
        }
    }

    /// Forgets everything AWS said and asks who the chosen credentials are.
    pub fn start_over(&mut self) -> Vec<Effect> {
        let empty = Facts::new(self.facts.observed_at);
        let old = std::mem::replace(&mut self.facts, empty);
        self.facts.machine = old.machine;
        self.facts.sources = old.sources;
        self.facts.config_profiles = old.config_profiles;
        self.facts.config = old.config;
        self.facts.ancestors = old.ancestors;
        self.facts.deployed = old.deployed;
        self.facts.calls = old.calls;
        self.facts.migration = old.migration;
        self.facts.system.settings = old.system.settings;
        self.facts.system.new_external_id = old.system.new_external_id;
        self.system.forget();
        self.stacks.selected = None;
        self.diagnosis.owes = false;
        self.diagnosis.again = false;
        self.diagnosis.wanted = self.route == Route::Diagnose && self.selection.inquiry.is_some();
        self.running.retain(|ask, _| *ask == Ask::Survey);
        self.derive();
        vec![Effect::Cancel, self.ask(Ask::Survey), self.ask(Ask::Identity)]
    }

    /// Takes a stack: what was looked up of another one is forgotten.
    ///
    /// A stack of another region takes the region with it: a region that was typed before is no longer meant, and the secrets are others.
    pub fn choose_stack(&mut self, stack: String) -> Vec<Effect> {
        let here = self.facts.credentials.shown().map(|credentials| credentials.region.clone());
        let there = StackArn::parse(&stack).ok().map(|arn| arn.region().to_owned());
        let moves = there.is_some() && here.is_some() && here != there;
        if self.selection.region.is_some() && there.is_some() && self.selection.region != there {
            self.selection.region = None;
        }
        self.selection.stack = Some(stack);
        self.kept_draft.stack_chosen = true;
        self.selection.typed_roles.clear();
        let empty = Facts::new(self.facts.observed_at);
        self.facts.stack = Fact::NotAsked;
        self.facts.resources = Fact::NotAsked;
        self.facts.webhook = Fact::NotAsked;
        self.facts.roles = empty.roles;
        self.facts.workload = empty.workload;
        self.running.remove(&Ask::Stack);
        if moves {
            self.facts.secrets = Fact::NotAsked;
            self.facts.secret = Fact::NotAsked;
        }
        self.derive();
        let mut effects = vec![self.ask(Ask::Stack)];
        if moves {
            effects.push(self.ask(Ask::Secrets));
        }
        effects
    }

    /// Looks for stacks in every region, or in the own one again.
    pub fn search_regions(&mut self) -> Vec<Effect> {
        self.selection.all_regions = !self.selection.all_regions;
        vec![self.ask(Ask::Stacks)]
    }

    /// Whether all regions can be searched (`wanted`), or the search can be taken back.
    pub fn may_search(&self, wanted: bool) -> When {
        if self.selection.all_regions == wanted {
            When::Hidden
        } else if self.facts.identity.known().is_none() {
            When::No("without an identity no stack can be listed")
        } else {
            When::Yes
        }
    }
}
