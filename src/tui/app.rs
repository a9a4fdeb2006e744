//! The program's state, and how messages change it. Pure: what is to be done outside is returned as effects.

use std::collections::BTreeMap;
use std::time::Duration;

use super::diagnosis;
use super::draft;
use super::engine::{self, Ask, Draft, Judgement};
use super::export;
use super::help::Help;
use super::keymap::When;
use super::message::{Effect, Message};
use super::prompt::Prompt;
use super::route::Route;
use super::screens;
use super::theme::Theme;
use super::watch;
use super::widgets::list::ListState;
use crate::model::{Facts, Plan, Selection};
pub use crate::plan::Answers;
use crate::values::time::Timestamp;

/// How long a call may take before it is spoken of.
pub const QUIET: Duration = Duration::from_millis(150);

/// What the banner on the right says, and how the terminal is drawn on.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The demo world's name.
    pub demo: Option<String>,
    /// Nothing will be written.
    pub read_only: bool,
    /// Colours and glyphs.
    pub theme: Theme,
    /// The time zone that times are shown in.
    pub zone: jiff::tz::TimeZone,
}

/// Which job was opened at home.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Job {
    /// Set up a config profile.
    #[default]
    SetUp,
    /// Find out why access is denied.
    Diagnose,
    /// Check a secret.
    Validate,
    /// Go on with the draft of an earlier walk.
    Resume,
}

/// A look-up under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run {
    /// Its answers carry this.
    pub generation: u64,
    /// When it began, on the program's clock.
    pub since: Duration,
}

impl Run {
    /// Whether it takes long enough to be spoken of.
    pub fn is_slow(&self, now: Duration) -> bool {
        now.saturating_sub(self.since) >= QUIET
    }
}

/// Everything.
pub struct App {
    /// What was looked up.
    pub facts: Facts,
    /// What was judged of it.
    pub judgement: Judgement,
    /// What was chosen.
    pub selection: Selection,
    /// What was typed.
    pub answers: Answers,
    /// The answers over what the facts suggest.
    pub draft: Draft,
    /// What would be written.
    pub plan: Plan,
    /// The same with nothing left out, to show what could be.
    pub whole: Plan,
    /// The screen.
    pub route: Route,
    /// The job.
    pub job: Job,
    /// AWS profiles.
    pub sources: ListState,
    /// Stacks.
    pub stacks: ListState,
    /// The rows of the stacks.
    pub listing: screens::stack::Listing,
    /// The roles screen.
    pub roles: screens::roles::State,
    /// The secret screen.
    pub secret: screens::secret::State,
    /// The review screen.
    pub review: screens::review::State,
    /// The last screen.
    pub done: screens::done::State,
    /// What is to be diagnosed, as it is asked for.
    pub inquiring: screens::ask::State,
    /// The diagnosis under way: where it was begun.
    pub diagnosis: diagnosis::State,
    /// Trying a path again until the verdict changes.
    pub watch: watch::State,
    /// The diagnosis screen.
    pub diagnose: screens::diagnose::State,
    /// A prompt over the screen.
    pub prompt: Option<Prompt>,
    /// A help page is open.
    pub help: Option<Help>,
    /// What became of exporting.
    pub export: export::State,
    /// The draft of an earlier walk, and of this one.
    pub kept_draft: draft::State,
    /// When a login that is waited for was last looked for, on the program's clock.
    pub login_looked: Duration,
    /// "Leave?" is being asked.
    pub leaving: bool,
    /// What the status line says until the next key.
    pub note: Option<String>,
    /// Look-ups under way.
    pub running: BTreeMap<Ask, Run>,
    /// The highest attempt that a call under way is in, or waits for.
    pub attempt: u32,
    /// The last generation that was handed out.
    pub generation: u64,
    /// Time since the program began.
    pub clock: Duration,
    /// The secret was not chosen by the user: it follows from the rest.
    pub secret_follows: bool,
    /// The exit code to leave with once writing has ended.
    pub leave_after_writing: Option<u8>,
    /// The name of the webhook's stack that was last asked for.
    pub webhook_asked: Option<String>,
    /// Banner and looks.
    pub setting: Setting,
}

impl App {
    /// Nothing looked up yet.
    pub fn new(now: Timestamp, selection: Selection, setting: Setting) -> Self {
        let mut app = Self {
            facts: Facts::new(now),
            judgement: Judgement::default(),
            selection,
            answers: Answers::default(),
            draft: Draft::default(),
            plan: nothing(),
            whole: nothing(),
            route: Route::Home,
            job: Job::default(),
            sources: ListState::default(),
            stacks: ListState::default(),
            listing: screens::stack::Listing::default(),
            roles: screens::roles::State::default(),
            secret: screens::secret::State::default(),
            review: screens::review::State::default(),
            done: screens::done::State::default(),
            inquiring: screens::ask::State::default(),
            diagnosis: diagnosis::State::default(),
            watch: watch::State::default(),
            diagnose: screens::diagnose::State::default(),
            prompt: None,
            help: None,
            export: export::State::default(),
            kept_draft: draft::State::default(),
            login_looked: Duration::ZERO,
            leaving: false,
            note: None,
            running: BTreeMap::new(),
            attempt: 1,
            generation: 0,
            clock: Duration::ZERO,
            secret_follows: false,
            leave_after_writing: None,
            webhook_asked: None,
            setting,
        };
        app.secret_follows = app.selection.secret.is_none();
        app.derive();
        app
    }

    /// What to do first, after the first draw.
    pub fn begin(&mut self) -> Vec<Effect> {
        vec![Effect::ReadDrafts, self.ask(Ask::Survey)]
    }

    /// One step of the program.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        self.update_all(std::iter::once(message))
    }

    /// Several steps. What follows from facts is worked out once for answers that come together, and before anything else looks at it.
    pub fn update_all(&mut self, messages: impl IntoIterator<Item = Message>) -> Vec<Effect> {
        self.hide_when_due();
        let mut effects = Vec::new();
        let mut stale = false;
        for message in messages {
            let answer = matches!(message, Message::Landed { .. } | Message::Ended { .. });
            if stale && !answer {
                self.derive();
                self.follow();
            }
            effects.extend(self.step(message));
            stale = answer;
        }
        if stale {
            self.derive();
            self.follow();
        }
        effects.extend(self.look_for_login());
        effects.extend(self.catch_up());
        effects.extend(self.go_on_watching());
        effects
    }

    fn step(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Key(key) => self.key(key),
            Message::Paste(text) => self.paste(&text),
            Message::FocusLost => {
                self.secret.revealed = None;
                Vec::new()
            }
            Message::Resized | Message::Tick => Vec::new(),
            Message::Landed { ask, generation, land } => {
                if self.running.get(&ask).is_none_or(|run| run.generation != generation) {
                    return Vec::new();
                }
                let before = self.reached();
                land(&mut self.facts);
                self.go_on_from(ask, before)
            }
            Message::Ended { ask, generation } => self.ended(ask, generation),
            Message::Attempt(attempt) => {
                self.attempt = attempt;
                Vec::new()
            }
            Message::Writing(what) => {
                self.done.writing = Some(what);
                Vec::new()
            }
            Message::Written(reports) => screens::done::written(self, reports),
            Message::FileRead(read) => {
                screens::secret::file_read(self, read);
                Vec::new()
            }
            Message::LoginSeen { source, token } => self.login_seen(&source, token),
            Message::DraftsRead { drafts, faults } => {
                self.drafts_read(drafts, &faults);
                Vec::new()
            }
            Message::DraftNotKept(why) => {
                self.note = Some(why);
                Vec::new()
            }
            Message::Exported(result) => {
                self.exported(result);
                Vec::new()
            }
            Message::Signal(code) => self.leave(code),
        }
    }

    /// Whether something was typed that was not written.
    pub fn unsaved(&self) -> bool {
        self.answers != Answers::default()
    }

    /// Whether a look-up takes long enough to be spoken of.
    pub fn is_busy(&self) -> bool {
        self.running.values().any(|run| run.is_slow(self.clock))
    }

    /// Whether the plan can be confirmed, and why not.
    pub fn may_write(&self) -> When {
        if self.setting.read_only {
            return When::No("read-only: nothing is written");
        }
        if !self.running.is_empty() {
            return When::No("still looking things up; Esc stops that");
        }
        if self.plan.is_empty() {
            return When::No("there is nothing to write");
        }
        if !self.plan.blocked.is_empty() {
            return When::No("it cannot be written yet; the page says why");
        }
        When::Yes
    }

    /// When the screen changes by itself, from now.
    pub fn next_tick(&self) -> Option<Duration> {
        let spoken = self.running.values().map(|run| {
            let age = self.clock.saturating_sub(run.since);
            // What is watched changes once a second at most.
            let step = Duration::from_millis(if self.watch.active.is_some() { 1_000 } else { 100 });
            if age < QUIET { QUIET.saturating_sub(age) } else { step }
        });
        let hide = self.secret.revealed.as_ref().map(|revealed| revealed.until.saturating_sub(self.clock));
        spoken.chain(hide).chain(self.next_login_look()).chain(self.next_watch_tick()).min()
    }

    /// A revealed value hides when its time is over.
    fn hide_when_due(&mut self) {
        if self.secret.revealed.as_ref().is_some_and(|revealed| self.clock >= revealed.until) {
            self.secret.revealed = None;
        }
    }

    /// Everything that follows from facts and answers, anew.
    pub fn derive(&mut self) {
        // While roles or a path are looked up again their last verdicts stay, dimmed; facts under way are not judged.
        let roles_stay = self.running.contains_key(&Ask::Stack) && !self.judgement.verdicts.is_empty();
        let path_stays = self.running.contains_key(&Ask::Path) && self.diagnosis.again;
        if !roles_stay && !path_stays {
            let now = engine::judge(&self.facts, &self.selection);
            crate::log::judged(&self.judgement, &now);
            self.judgement = now;
        }
        self.listing = screens::stack::Listing::of(&self.facts);
        self.draft = engine::draft(&self.facts, &self.selection, &self.answers);
        self.plan = engine::plan(&self.facts, &self.selection, &self.draft);
        let whole = engine::draft(&self.facts, &self.selection, &self.answers.whole());
        self.whole = engine::plan(&self.facts, &self.selection, &whole);
    }
}

fn nothing() -> Plan {
    Plan { id: String::new(), changes: Vec::new(), blocked: Vec::new() }
}
