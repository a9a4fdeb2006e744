//! The program's state, and how messages change it. Pure: what is to be done outside is returned as effects.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::diagnosis;
use super::draft;
use super::engine::{self, Ask, Draft, Judgement};
use super::export;
use super::help::Help;
use super::keymap::When;
use super::message::{Effect, Message};
use super::prompt::Prompt;
use super::route::{Route, Walk};
use super::screens;
use super::steps;
use super::system;
use super::theme::Theme;
use super::watch;
use super::widgets::list::ListState;
use crate::aws::Surroundings;
use crate::migrate::{self, Gathered};
use crate::model::{Facts, Migration, Plan, Selection, Trials};
pub use crate::plan::Answers;
use crate::secret::Key;
use crate::systems;
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
    /// Where files that the user names are looked for.
    pub folders: Folders,
}

/// What a path that is typed begins from.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Folders {
    /// What `~` means.
    pub home: PathBuf,
    /// The folder that the program was started in; empty where that is not known.
    pub current: PathBuf,
}

impl Folders {
    /// Those of this run of the program.
    pub fn of(here: &Surroundings) -> Self {
        Self { home: here.home.clone(), current: here.current.clone() }
    }

    /// The file that is meant: `~/x` is one below the home folder, a relative path one below the current folder.
    pub fn whole(&self, typed: &str) -> PathBuf {
        let path = Path::new(typed);
        path.strip_prefix("~").map_or_else(|_| self.current.join(path), |rest| self.home.join(rest))
    }

    /// A path as people write it: `~/x` for what is below the home folder.
    pub fn short(&self, path: &Path) -> String {
        let home = Some(&self.home).filter(|home| !home.as_os_str().is_empty());
        match home.and_then(|home| path.strip_prefix(home).ok()) {
            Some(rest) => format!("~/{}", rest.display()),
            None => path.display().to_string(),
        }
    }
}

/// Which job was opened at home.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Job {
    /// Set up a config profile.
    #[default]
    SetUp,
    /// Find out why access is denied.
    Diagnose,
    /// Check a secret, or make it from what stands elsewhere.
    Validate,
    /// Go on with the draft of an earlier walk.
    Resume,
    /// Look at the system of that name.
    System(&'static str),
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
    /// What the sources of a secret give.
    pub gathered: Gathered,
    /// What would be written.
    pub plan: Plan,
    /// The same with nothing left out, to show what could be.
    pub whole: Plan,
    /// The screen.
    pub route: Route,
    /// The job under the cursor at home.
    pub job: Job,
    /// A key was pressed, or something pasted.
    pub touched: bool,
    /// The walk that was opened last.
    pub walk: Walk,
    /// The screen of the secret's sources.
    pub gathering: screens::sources::State,
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
    /// Systems other than the Quilt webhook.
    pub system: system::State,
    /// The settings of the open one.
    pub settings: screens::settings::State,
    /// Its access paths.
    pub access: screens::access::State,
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
    /// The page of texts to hand over, where it is open.
    pub texts: Option<screens::texts::State>,
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
    pub fn new(now: Timestamp, mut selection: Selection, setting: Setting) -> Self {
        // On the screen nothing is tried but after a yes there.
        selection.migration.trials = Trials::default();
        let system = system::State::begun(selection.system.take());
        let mut app = Self {
            facts: Facts::new(now),
            judgement: Judgement::default(),
            selection,
            answers: Answers::default(),
            draft: Draft::default(),
            gathered: Gathered::default(),
            plan: nothing(),
            whole: nothing(),
            route: Route::Home,
            job: Job::default(),
            touched: false,
            walk: Walk::default(),
            gathering: screens::sources::State::default(),
            sources: ListState::default(),
            stacks: ListState::default(),
            listing: screens::stack::Listing::default(),
            texts: None,
            roles: screens::roles::State::default(),
            secret: screens::secret::State::default(),
            review: screens::review::State::default(),
            system,
            settings: screens::settings::State::default(),
            access: screens::access::State::default(),
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
        app.gathering.begun_with = app.selection.migration.clone();
        let known = app.system.first().and_then(systems::find);
        app.job = known.map_or(app.job, |system| Job::System(system.name()));
        app.derive();
        app
    }

    /// What to do first, after the first draw.
    pub fn begin(&mut self) -> Vec<Effect> {
        let mut effects = vec![Effect::ReadDrafts, self.ask(Ask::Survey)];
        effects.extend(self.ask_for_imports());
        effects
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
        effects.extend(self.look_at_system());
        effects
    }

    fn step(&mut self, message: Message) -> Vec<Effect> {
        self.touched |= matches!(message, Message::Key(_) | Message::Paste(_));
        match message {
            Message::Key(key) => self.key(key),
            Message::Paste(text) => self.paste(&text),
            Message::FocusLost => {
                self.secret.revealed = None;
                self.settings.revealed = None;
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
            Message::FilesFound { purpose, files } => {
                self.files_found(purpose, &files);
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
        self.unwritten() || self.typed_for_systems()
    }

    /// Whether something was answered that a set-up would write.
    pub fn unwritten(&self) -> bool {
        // What was tried is no answer.
        let told = Migration { trials: Trials::default(), ..self.selection.migration.clone() };
        let begun = Migration { trials: Trials::default(), ..self.gathering.begun_with.clone() };
        self.answers != self.bare_answers() || told != begun
    }

    /// Nothing answered. Whoever came for the secret has `config.json` left as it is.
    pub fn bare_answers(&self) -> Answers {
        Answers { without_config: self.walk == Walk::Secret, ..Answers::default() }
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
        let other = self.settings.revealed.as_ref().map(|revealed| revealed.until.saturating_sub(self.clock));
        spoken.chain(hide).chain(other).chain(self.next_login_look()).chain(self.next_watch_tick()).min()
    }

    /// A revealed value hides when its time is over.
    fn hide_when_due(&mut self) {
        if self.secret.revealed.as_ref().is_some_and(|revealed| self.clock >= revealed.until) {
            self.secret.revealed = None;
        }
        if self.settings.revealed.as_ref().is_some_and(|revealed| self.clock >= revealed.until) {
            self.settings.revealed = None;
        }
    }

    /// Everything that follows from facts and answers, anew.
    pub fn derive(&mut self) {
        // While roles or a path are looked up again their last verdicts stay, dimmed; facts under way are not judged.
        let roles_stay = self.running.contains_key(&Ask::Stack) && !self.judgement.verdicts.is_empty();
        let path_stays = self.running.contains_key(&Ask::Path) && self.diagnosis.again;
        if !roles_stay && !path_stays {
            let now = engine::again(&self.facts, &self.selection, &self.judgement);
            crate::log::judged(&self.judgement, &now);
            self.judgement = now;
            self.leave_the_set_up();
        }
        self.derive_settings();
        screens::access::list(self);
        self.listing = screens::stack::Listing::of(&self.facts);
        self.gathered = migrate::gathered(&self.facts, &self.selection);
        self.forget_settled_conflicts();
        self.draft = engine::draft(&self.facts, &self.selection, &self.answers);
        screens::secret::trials::forget_stale(self);
        self.plan = engine::plan(&self.facts, &self.selection, &self.draft);
        let whole = engine::draft(&self.facts, &self.selection, &self.answers.whole());
        self.whole = engine::plan(&self.facts, &self.selection, &whole);
    }

    /// A system is about its own: what was found of the Quilt webhook meanwhile stays with its walk.
    fn leave_the_set_up(&mut self) {
        if self.selection.system.is_some() {
            let own = [Route::Source, Route::Settings, Route::Access];
            self.judgement.findings.retain(|finding| own.contains(&steps::step_of(finding)));
        }
    }

    /// What a finding says of sources that differ is no longer so once the user has said which value counts.
    fn forget_settled_conflicts(&mut self) {
        let open: Vec<&str> = Key::ALL
            .iter()
            .filter(|key| screens::sources::is_open_conflict(self, **key))
            .map(|key| key.name())
            .collect();
        self.judgement
            .findings
            .retain(|finding| finding.id != "secret/conflict" || open.contains(&finding.subject.as_str()));
    }
}

fn nothing() -> Plan {
    Plan { id: String::new(), changes: Vec::new(), blocked: Vec::new() }
}
