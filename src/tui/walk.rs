//! Moving through the walk: which screen, what is chosen, and what has to be looked up for it.

use std::sync::Arc;

use super::Start;
use super::app::{App, Job, Run};
use super::engine::Ask;
use super::keymap::When;
use super::message::Effect;
use super::route::Route;
use super::screens;
use super::widgets::list::{Item, ListState};
use crate::model::selection::CredentialSource;
use crate::model::{Fact, Facts};
use crate::preselect;
use crate::values::StackArn;

/// What other look-ups wait for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reached {
    /// Who the credentials are.
    identity: bool,
    /// The stack and its resources were asked for, and have answered.
    stack: bool,
}

impl App {
    /// Opens a screen. A value that was revealed on the one before hides.
    pub fn go(&mut self, route: Route) {
        self.secret.revealed = None;
        self.roles.scroll = 0;
        self.review.scroll = 0;
        self.route = route;
        self.follow();
    }

    /// The next step.
    pub fn next(&mut self) -> Vec<Effect> {
        if let Some(next) = self.route.next() {
            self.go(next);
        }
        Vec::new()
    }

    /// Back: first out of a kept filter, then to the step before.
    pub fn back(&mut self) {
        if let Some(list) = self.list()
            && list.filter.is_some()
        {
            list.clear_filter();
            return;
        }
        // What could not be written is still there to be written: back to the review.
        let unfinished = self.route == Route::Done && !self.done.all_written();
        if let Some(back) = if unfinished { Some(Route::Review) } else { self.route.back() } {
            self.go(back);
        }
    }

    /// Opens the program where the command line says.
    pub fn open_at(&mut self, start: Start) {
        match start {
            Start::Home => {}
            Start::Setup => self.open_job(Job::SetUp),
            Start::Diagnose => self.open_job(Job::Diagnose),
            Start::Secret => self.open_job(Job::Validate),
        }
    }

    /// Opens a job: at its own screen if what it needs is chosen, at the first step that is open otherwise.
    pub fn open_job(&mut self, job: Job) {
        self.job = job;
        let goal = match job {
            Job::SetUp | Job::Resume => Route::Source,
            Job::Diagnose => Route::Roles,
            Job::Validate => Route::Secret,
        };
        let open = if self.selection.source.is_none() {
            Route::Source
        } else if self.selection.stack.is_none() {
            Route::Stack
        } else {
            goal
        };
        self.go(open.min(goal));
    }

    /// Whether `n` leads on from here.
    pub fn may_go_on(&self) -> When {
        if self.route == Route::Source && self.selection.source.is_none() {
            return When::No("choose an AWS profile first");
        }
        When::Yes
    }

    /// Whether Enter chooses what is under the cursor (`true`), or goes on because it is chosen already (`false`).
    pub fn enter_chooses(&self, choosing: bool) -> When {
        let chosen = match self.route {
            Route::Source => screens::source::cursor_on_chosen(self),
            _ => screens::stack::cursor_on_chosen(self),
        };
        if chosen == choosing { When::Hidden } else { When::Yes }
    }

    /// Whether `r` has something to look up.
    pub fn may_rerun(&self) -> When {
        if self.done.is_writing() {
            return When::No("writing; wait until it is done");
        }
        match self.route {
            Route::Home | Route::Source => When::Yes,
            _ if self.selection.source.is_none() => When::No("choose an AWS profile first"),
            Route::Roles if self.selection.stack.is_none() => When::No("choose a stack first"),
            _ => When::Yes,
        }
    }

    /// Whether Esc leads back from here.
    pub fn may_go_back(&self) -> When {
        if self.done.is_writing() { When::No("writing; this page shows what becomes of it") } else { When::Yes }
    }

    /// Whether the walk is over.
    pub fn may_go_home(&self) -> When {
        if self.done.all_written() { When::Yes } else { When::Hidden }
    }

    /// Whether Esc cancels: what this screen shows is being looked up for so long that the status line speaks of it. A second Esc leads back.
    pub fn esc_stops(&self) -> When {
        let asks: &[Ask] = match self.route {
            Route::Source => &[Ask::Survey, Ask::Identity],
            Route::Stack => &[Ask::Stacks],
            Route::Roles => &[Ask::Stack],
            Route::Secret => &[Ask::Secrets, Ask::Secret],
            Route::Home | Route::Review | Route::Done => &[],
        };
        let filtered = self.shown_list().is_some_and(|list| list.filter.is_some());
        let slow = asks.iter().filter_map(|ask| self.running.get(ask)).any(|run| run.is_slow(self.clock));
        if slow && !filtered { When::Yes } else { When::Hidden }
    }

    /// Whether Esc leads back.
    pub fn esc_leads_back(&self) -> When {
        if matches!(self.esc_stops(), When::Yes) { When::Hidden } else { self.may_go_back() }
    }

    /// Looks everything on this screen up again.
    pub fn rerun(&mut self) -> Vec<Effect> {
        let asks: &[Ask] = match self.route {
            Route::Home => &[Ask::Survey],
            Route::Source if self.selection.source.is_some() => &[Ask::Survey, Ask::Identity],
            Route::Source => &[Ask::Survey],
            Route::Stack => &[Ask::Stacks],
            Route::Roles => &[Ask::Stack],
            Route::Secret => &[Ask::Secrets, Ask::Secret],
            Route::Review | Route::Done => &[Ask::Survey, Ask::Stack, Ask::Secrets, Ask::Secret],
        };
        asks.iter().map(|ask| self.ask(*ask)).collect()
    }

    /// Cancels every look-up under way.
    pub fn stop(&mut self) -> Vec<Effect> {
        self.running.clear();
        self.attempt = 1;
        self.note = Some("stopped; r looks it up again, Esc leads back".into());
        settle(&mut self.facts);
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
        let selection = Box::new(preselect::for_gathering(&self.facts, &self.selection));
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
        match ask {
            Ask::Survey if self.selection.source.is_some() && !self.has_asked_identity() => {
                effects.push(self.ask(Ask::Identity));
            }
            // The file names another stack of the webhook than the one that was looked at.
            Ask::Survey if self.facts.identity.known().is_some() && self.names_another_webhook() => {
                effects.push(self.ask_for_stack());
            }
            _ => {}
        }
        effects
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
            Ask::Identity if now.identity && !before.identity => {
                vec![self.ask(Ask::Stacks), self.ask(Ask::Secrets), self.ask_for_stack()]
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
        self.stacks.selected = None;
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

    /// The list on this screen.
    pub const fn shown_list(&self) -> Option<&ListState> {
        match self.route {
            Route::Source => Some(&self.sources),
            Route::Stack => Some(&self.stacks),
            _ => None,
        }
    }

    /// The list on this screen, to change.
    pub const fn list(&mut self) -> Option<&mut ListState> {
        match self.route {
            Route::Source => Some(&mut self.sources),
            Route::Stack => Some(&mut self.stacks),
            _ => None,
        }
    }

    /// The rows of the list on this screen.
    pub fn items(&self) -> Arc<[Item]> {
        match self.route {
            Route::Source => screens::source::items(self).into(),
            Route::Stack => screens::stack::items(self),
            _ => Arc::default(),
        }
    }

    /// Puts cursors that are nowhere yet where they belong.
    pub fn follow(&mut self) {
        if self.sources.selected.is_none() {
            self.sources.selected = screens::source::preselected(self);
        }
        if self.stacks.selected.is_none() {
            self.stacks.selected = screens::stack::preselected(self);
        }
        screens::secret::follow(self);
    }
}

/// After a cancellation nothing is under way: what was known before is known again.
fn settle(facts: &mut Facts) {
    fn one<T>(fact: &mut Fact<T>) {
        if let Fact::Pending(previous) = std::mem::take(fact) {
            *fact = previous.map_or(Fact::NotAsked, |value| Fact::Known(*value));
        }
    }
    fn keep<T>(fact: &mut Fact<T>) {
        if fact.is_pending() {
            one(fact);
        }
    }
    keep(&mut facts.machine);
    keep(&mut facts.sources);
    keep(&mut facts.config_profiles);
    keep(&mut facts.config);
    keep(&mut facts.ancestors);
    keep(&mut facts.deployed);
    keep(&mut facts.credentials);
    keep(&mut facts.identity);
    keep(&mut facts.stacks);
    keep(&mut facts.stack);
    keep(&mut facts.resources);
    keep(&mut facts.webhook);
    keep(&mut facts.secrets);
    keep(&mut facts.secret);
    for role in facts.roles.values_mut() {
        keep(&mut role.found);
        keep(&mut role.detail);
        keep(&mut role.live);
    }
    for principal in [&mut facts.workload, &mut facts.operator] {
        keep(&mut principal.arn);
        keep(&mut principal.policies);
        keep(&mut principal.boundary);
        keep(&mut principal.role);
    }
}
