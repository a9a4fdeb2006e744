//! Watching: the same path again and again, until the verdict changes, for when someone else applies the patch.

use std::time::Duration;

use super::app::App;
use super::engine::Ask;
use super::keymap::When;
use super::message::Effect;
use super::route::Route;
use crate::model::verdict::Party;
use crate::model::{LiveCall, Verdict};
use crate::policy::{Answer, Cause};
use crate::values::text::counted;
use crate::values::time::Timestamp;

/// How long it waits before each try; after the last of them always as long.
const PAUSES: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(40),
    Duration::from_secs(60),
];

/// How long it is watched.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// How one verdict stood when the watch began.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Standing {
    party: Party,
    hop: usize,
    answer: Answer,
    cause: Cause,
}

impl Standing {
    fn of(verdict: &Verdict) -> Self {
        let Verdict { party, hop, decision, .. } = verdict;
        Self { party: *party, hop: *hop, answer: decision.verdict, cause: decision.cause }
    }
}

/// A watch under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watch {
    /// When it began, on the program's clock.
    began: Duration,
    /// When the next try is due, on the program's clock.
    due: Duration,
    /// How many tries have ended.
    tries: usize,
    /// A try is under way.
    trying: bool,
    /// What it waits to see changed.
    before: Vec<Standing>,
}

/// What is kept of watching.
#[derive(Default)]
pub struct State {
    /// The watch under way.
    pub active: Option<Watch>,
    /// How the last one ended, until the path is looked up again.
    pub outcome: Option<String>,
}

impl App {
    /// Whether a watch can be begun (`true`), or stopped (`false`).
    pub fn may_watch(&self, beginning: bool) -> When {
        match (beginning, self.watch.active.is_some()) {
            (true, true) | (false, false) => When::Hidden,
            (false, true) => When::Yes,
            (true, false) if self.path_verdicts().is_empty() => When::No("there is no verdict yet to watch"),
            (true, false) => When::Yes,
        }
    }

    /// Begins to watch, or stops.
    pub fn watch(&mut self) -> Vec<Effect> {
        if self.watch.active.is_some() {
            self.stop_watching();
            return Vec::new();
        }
        self.watch.outcome = None;
        let [first, ..] = PAUSES;
        let before = self.path_verdicts().iter().map(Standing::of).collect();
        let trying = self.running.contains_key(&Ask::Path);
        self.watch.active = Some(Watch { began: self.clock, due: self.clock + first, tries: 0, trying, before });
        Vec::new()
    }

    /// Stops, because the user said so.
    pub fn stop_watching(&mut self) {
        if self.watch.active.take().is_some() {
            self.note = Some("stopped watching; w begins again".into());
        }
    }

    /// When the countdown changes: once a second at most, and not while a try is under way.
    pub fn next_watch_tick(&self) -> Option<Duration> {
        let watch = self.watch.active.as_ref().filter(|watch| !watch.trying)?;
        let left = watch.due.saturating_sub(self.clock);
        let part = Duration::from_nanos(left.subsec_nanos().into());
        Some(if part.is_zero() { left.min(Duration::from_secs(1)) } else { part })
    }

    /// Tries again when it is time, and looks at what came of it.
    pub fn go_on_watching(&mut self) -> Vec<Effect> {
        let Some(watch) = &mut self.watch.active else { return Vec::new() };
        let running = self.running.contains_key(&Ask::Path);
        if watch.trying && !running {
            watch.trying = false;
            watch.tries += 1;
            let pause = PAUSES.get(watch.tries).or(PAUSES.last()).copied().unwrap_or(LONGEST);
            watch.due = self.clock + pause;
            return self.look_at_the_change();
        }
        // A try of the user's own counts as one.
        watch.trying |= running;
        if watch.trying || self.clock < watch.due {
            return Vec::new();
        }
        watch.trying = true;
        vec![self.walk_the_path()]
    }

    fn look_at_the_change(&mut self) -> Vec<Effect> {
        let Some(watch) = &self.watch.active else { return Vec::new() };
        let (tries, over) = (watch.tries, self.clock.saturating_sub(watch.began) >= LONGEST);
        let changed = self.path_verdicts().iter().find_map(|verdict| {
            let now = Standing::of(verdict);
            let before = watch.before.iter().find(|before| (before.party, before.hop) == (now.party, now.hop))?;
            // What could not be looked up this time was not changed by anybody.
            let changed = now.answer != Answer::Unknown && (now.answer, now.cause) != (before.answer, before.cause);
            changed.then(|| self.told(before, &now, verdict))
        });
        if changed.is_none() && !over {
            return Vec::new();
        }
        self.watch.active = None;
        self.watch.outcome =
            Some(changed.unwrap_or_else(|| format!("watched for 15 min, {}: nothing changed", counted(tries, "test"))));
        vec![Effect::Bell]
    }

    /// "workload, hop 2: denied → allowed at 14:02:11 +01:00".
    fn told(&self, before: &Standing, now: &Standing, verdict: &Verdict) -> String {
        let at = verdict.live.as_ref().map_or(self.facts.observed_at, |LiveCall { at, .. }| *at);
        let hops = self.selection.inquiry.as_ref().map_or(1, |inquiry| inquiry.hops.len());
        let hop = if hops > 1 { format!(", hop {}", now.hop + 1) } else { String::new() };
        let who = if now.party == Party::Operator { "you" } else { "the workload" };
        let how = if before.answer == now.answer {
            format!("still {}, now for another reason, {}", word(now.answer), now.cause.0)
        } else {
            format!("{} → {}", word(before.answer), word(now.answer))
        };
        format!("{who}{hop}: {how} at {}", local(at))
    }

    /// What the status line says of it.
    pub fn watching(&self) -> Option<String> {
        if self.route != Route::Diagnose {
            return None;
        }
        let Some(watch) = &self.watch.active else { return self.watch.outcome.clone() };
        let spent = self.clock.saturating_sub(watch.began);
        let left = LONGEST.saturating_sub(spent).as_secs().div_ceil(60);
        let number = watch.tries + 1;
        if watch.trying {
            return Some(format!("watching, test {number}: asking now"));
        }
        let until = watch.due.saturating_sub(self.clock);
        // Full seconds, so that the countdown begins at 5 and ends at 1.
        let seconds = until.as_secs() + u64::from(until.subsec_nanos() > 0);
        Some(format!("watching, test {number} in {seconds} s; at most {left} min more"))
    }
}

const fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Allow => "allowed",
        Answer::Deny => "denied",
        Answer::Unknown => "unknown",
    }
}

fn local(time: Timestamp) -> String {
    time.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M:%S %:z").to_string()
}
