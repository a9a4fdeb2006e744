//! Moving through the screens: which one, and where its cursor is.

use std::sync::Arc;

use super::Start;
use super::app::{App, Job};
use super::keymap::When;
use super::message::Effect;
use super::route::{Route, Walk};
use super::screens;
use super::watch;
use super::widgets::list::{Item, ListState};
use crate::systems;

impl App {
    /// Opens a screen. A value that was revealed on the one before hides.
    pub fn go(&mut self, route: Route) {
        self.secret.revealed = None;
        self.settings.revealed = None;
        self.settings.edit = None;
        self.texts = None;
        self.roles.scroll = 0;
        self.review.scroll = 0;
        if route == Route::Review && self.walk == Walk::Secret && self.route != Route::Review {
            // One change, and every line of it matters.
            self.review.unfolded.insert(0);
        }
        if route != Route::Diagnose {
            self.watch = watch::State::default();
            self.return_to_system();
        }
        self.route = route;
        if route == Route::Access {
            self.want_system(false);
        }
        self.follow();
    }

    /// The next step.
    pub fn next(&mut self) -> Vec<Effect> {
        let next = match self.route {
            Route::Sources => Some(self.after_sources()),
            route => route.next(self.walk),
        };
        if let Some(next) = next {
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
        let unfinished = !self.done.all_written();
        let back = match self.route {
            Route::Done if unfinished => Some(Route::Review),
            Route::Diagnose => Some(self.diagnosis.from),
            route => route.back(self.walk),
        };
        if let Some(back) = back {
            self.go(back);
        }
    }

    /// Opens the program where the command line says.
    pub fn open_at(&mut self, start: Start) {
        match start {
            Start::Home => {}
            Start::Setup => self.open_job(Job::SetUp),
            Start::Diagnose => {
                self.job = Job::Diagnose;
                self.open_diagnosis();
            }
            Start::Secret => self.open_job(Job::Validate),
            Start::System => {
                if let Some(system) = self.system.first().and_then(systems::find) {
                    self.open_system(system.name());
                }
            }
        }
    }

    /// Opens a job: at its own screen if what it needs is chosen, at the first step that is open otherwise.
    pub fn open_job(&mut self, job: Job) {
        if !matches!(job, Job::System(_)) {
            self.close_system();
        }
        self.job = job;
        match job {
            Job::SetUp | Job::Resume => {
                self.begin_walk(Walk::SetUp);
                self.go(Route::Source);
            }
            Job::Diagnose => self.open_question(),
            Job::System(name) => self.open_system(name),
            Job::Validate => {
                self.begin_walk(Walk::Secret);
                self.go(Route::Sources);
            }
        }
    }

    /// Takes up a walk. Whoever comes for the secret leaves `config.json` as it is, unless they say otherwise on the review.
    pub fn begin_walk(&mut self, walk: Walk) {
        if walk != Walk::System {
            self.close_system();
        }
        if self.walk != walk {
            self.walk = walk;
            self.answers.without_config = walk == Walk::Secret;
            self.review = screens::review::State::default();
            self.derive();
        }
    }

    /// Where the values are put together: the first step that is still open, and the secret where none is.
    fn after_sources(&self) -> Route {
        match (&self.selection.source, &self.selection.stack) {
            (None, _) => Route::Source,
            (Some(_), None) => Route::Stack,
            (Some(_), Some(_)) => Route::Secret,
        }
    }

    /// Opens the roles of the stack; at the first step that is open, if AWS profile or stack are.
    pub fn open_roles(&mut self) {
        self.begin_walk(Walk::SetUp);
        self.go(match (&self.selection.source, &self.selection.stack) {
            (None, _) => Route::Source,
            (Some(_), None) => Route::Stack,
            (Some(_), Some(_)) => Route::Roles,
        });
    }

    /// Whether `n` leads on from here.
    pub fn may_go_on(&self) -> When {
        // A secret can be put together, and written to a file, without AWS.
        if matches!(self.route, Route::Source | Route::Settings)
            && self.selection.source.is_none()
            && self.walk != Walk::Secret
        {
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

    /// Whether Esc leads back from here.
    pub fn may_go_back(&self) -> When {
        if self.done.is_writing() { When::No("writing; this page shows what becomes of it") } else { When::Yes }
    }

    /// Whether a config profile is of any use here.
    pub fn has_config_profile(&self) -> When {
        if self.route == Route::Source && self.walk == Walk::System { When::Hidden } else { When::Yes }
    }

    /// Whether the walk is over.
    pub fn may_go_home(&self) -> When {
        if self.done.all_written() { When::Yes } else { When::Hidden }
    }

    /// The list on this screen.
    pub const fn shown_list(&self) -> Option<&ListState> {
        match self.route {
            Route::Source => Some(&self.sources),
            Route::Stack => Some(&self.stacks),
            Route::Access => self.access.shown_list(),
            _ => None,
        }
    }

    /// The list on this screen, to change.
    pub const fn list(&mut self) -> Option<&mut ListState> {
        match self.route {
            Route::Source => Some(&mut self.sources),
            Route::Stack => Some(&mut self.stacks),
            Route::Access => self.access.list_to_change(),
            _ => None,
        }
    }

    /// The rows of the list on this screen.
    pub fn items(&self) -> Arc<[Item]> {
        match self.route {
            Route::Source => screens::source::items(self).into(),
            Route::Stack => screens::stack::items(self),
            Route::Access => self.access.items(),
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
        screens::home::follow(self);
        screens::secret::follow(self);
        screens::ask::follow(self);
        screens::settings::follow(self);
        screens::access::follow(self);
    }
}
