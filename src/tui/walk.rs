//! Moving through the walk: which screen, what is chosen, and what has to be looked up for it.

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
            Job::SetUp => Route::Source,
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

    /// Whether there is anything to cancel.
    pub fn may_stop(&self) -> When {
        if self.is_busy() { When::Yes } else { When::Hidden }
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
        self.note = Some("stopped; r looks it up again".into());
        settle(&mut self.facts);
        self.derive();
        vec![Effect::Cancel]
    }

    /// Begins a look-up.
    pub fn ask(&mut self, ask: Ask) -> Effect {
        self.generation += 1;
        self.running.insert(ask, Run { generation: self.generation, since: self.clock });
        Effect::Gather { ask, generation: self.generation, selection: Box::new(self.selection.clone()) }
    }

    /// A look-up ended: what depends on it begins.
    pub fn ended(&mut self, ask: Ask, generation: u64) -> Vec<Effect> {
        if self.running.get(&ask).is_none_or(|run| run.generation != generation) {
            return Vec::new();
        }
        self.running.remove(&ask);
        self.derive();
        self.follow();
        let mut effects = Vec::new();
        match ask {
            Ask::Survey if self.selection.source.is_some() && !self.has_asked_identity() => {
                effects.push(self.ask(Ask::Identity));
            }
            Ask::Identity if self.facts.identity.known().is_some() => {
                effects.push(self.ask(Ask::Stacks));
                effects.push(self.ask(Ask::Secrets));
                effects.push(self.ask_for_stack());
            }
            Ask::Stack => effects.push(self.ask_for_secret()),
            _ => {}
        }
        effects
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
        self.facts.calls = old.calls;
        self.stacks.selected = None;
        self.running.retain(|ask, _| *ask == Ask::Survey);
        self.derive();
        vec![Effect::Cancel, self.ask(Ask::Survey), self.ask(Ask::Identity)]
    }

    /// Takes a stack: what was looked up of another one is forgotten.
    pub fn choose_stack(&mut self, stack: String) -> Vec<Effect> {
        self.selection.stack = Some(stack);
        self.selection.typed_roles.clear();
        let empty = Facts::new(self.facts.observed_at);
        self.facts.stack = Fact::NotAsked;
        self.facts.resources = Fact::NotAsked;
        self.facts.webhook = Fact::NotAsked;
        self.facts.roles = empty.roles;
        self.facts.workload = empty.workload;
        self.running.remove(&Ask::Stack);
        self.derive();
        vec![self.ask(Ask::Stack)]
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
    pub fn items(&self) -> Vec<Item> {
        match self.route {
            Route::Source => screens::source::items(self),
            Route::Stack => screens::stack::items(self),
            _ => Vec::new(),
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
