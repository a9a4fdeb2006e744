//! The order of the questions.

use std::convert::Infallible;
use std::io;

use super::session::{End, Session};
use super::{
    Why, access, ask, config, diagnosis, done, job, review, roles, secret, settings, source, sources, stack, values,
};
use crate::tui::Start;
use crate::tui::route::{Route, Walk};

/// A question, or a page of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Which of the three jobs.
    Job,
    /// Where the values of a secret come from.
    Sources,
    /// AWS profile and identity.
    Source,
    /// The config profile.
    Config,
    /// The Quilt stack.
    Stack,
    /// The two roles.
    Roles,
    /// Which secret.
    Secret,
    /// Its values.
    Values,
    /// What would be written.
    Review,
    /// What was written.
    Done,
    /// The settings of a system other than the Quilt webhook.
    Settings,
    /// Its access paths.
    Access,
    /// Which access is to be diagnosed. No step of the walk.
    Ask,
    /// Its diagnosis. No step of the walk.
    Diagnosis,
}

/// What an answer leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// The next step.
    Next,
    /// The step before.
    Back,
    /// The same step, said anew.
    Again,
    /// Another step.
    To(Step),
}

impl Step {
    /// In the order of a walk: the job that it is, its steps, and what was written.
    const fn all(walk: Walk) -> &'static [Self] {
        match walk {
            Walk::SetUp => &[
                Self::Job,
                Self::Source,
                Self::Config,
                Self::Stack,
                Self::Roles,
                Self::Secret,
                Self::Values,
                Self::Review,
                Self::Done,
            ],
            Walk::Secret => &[
                Self::Job,
                Self::Sources,
                Self::Source,
                Self::Stack,
                Self::Secret,
                Self::Values,
                Self::Review,
                Self::Done,
            ],
            Walk::System => &[Self::Job, Self::Source, Self::Settings, Self::Access],
        }
    }

    /// The screen whose facts the step is about.
    const fn route(self) -> Route {
        match self {
            Self::Job => Route::Home,
            Self::Sources => Route::Sources,
            Self::Source | Self::Config => Route::Source,
            Self::Stack => Route::Stack,
            Self::Roles => Route::Roles,
            Self::Secret | Self::Values => Route::Secret,
            Self::Review => Route::Review,
            Self::Done => Route::Done,
            Self::Settings => Route::Settings,
            Self::Access => Route::Access,
            Self::Ask => Route::Ask,
            Self::Diagnosis => Route::Diagnose,
        }
    }

    /// The step that a screen begins with.
    pub const fn of(route: Route) -> Self {
        match route {
            Route::Home => Self::Job,
            Route::Sources => Self::Sources,
            Route::Ask => Self::Ask,
            Route::Diagnose => Self::Diagnosis,
            Route::Source => Self::Source,
            Route::Stack => Self::Stack,
            Route::Roles => Self::Roles,
            Route::Secret => Self::Secret,
            Route::Review => Self::Review,
            Route::Done => Self::Done,
            Route::Settings => Self::Settings,
            Route::Access => Self::Access,
        }
    }

    /// "Step 3 of 7: the stack."; what begins and ends the walk is no step.
    fn heading(self, walk: Walk) -> Option<String> {
        let name = match self {
            Self::Job | Self::Done | Self::Ask | Self::Diagnosis => return None,
            Self::Sources => "sources",
            Self::Source => "AWS profile",
            Self::Config => "config profile",
            Self::Stack => "stack",
            Self::Roles => "roles",
            Self::Secret => "secret",
            Self::Values => "values of the secret",
            Self::Review => "review",
            Self::Settings => "settings",
            Self::Access => "access",
        };
        let all = Self::all(walk);
        let number = all.iter().position(|step| *step == self)?;
        let steps = all.iter().filter(|step| !matches!(step, Self::Job | Self::Done)).count();
        Some(format!("Step {number} of {steps}: {name}."))
    }

    fn moved(self, walk: Walk, by: isize) -> Option<Self> {
        let all = Self::all(walk);
        let at = all.iter().position(|step| *step == self)?;
        all.get(at.checked_add_signed(by)?).copied()
    }
}

/// Asks one step after the other until the user leaves.
pub async fn walk(session: &mut Session, start: Start, why: Why) -> Result<Infallible, End> {
    session.app.open_at(start);
    opening(session, why)?;
    let effects = session.app.begin();
    session.perform(effects)?;
    let mut step = Step::of(session.app.route);
    loop {
        if session.app.route != step.route() {
            session.app.go(step.route());
        }
        session.console.gap()?;
        if let Some(heading) = step.heading(session.app.walk) {
            session.console.say(&heading)?;
        }
        let turn = match step {
            Step::Job => job::ask(session).await?,
            Step::Sources => sources::ask(session).await?,
            Step::Source => source::ask(session).await?,
            Step::Config => config::ask(session).await?,
            Step::Stack => stack::ask(session).await?,
            Step::Roles => roles::ask(session).await?,
            Step::Secret => secret::ask(session).await?,
            Step::Values => values::ask(session).await?,
            Step::Review => review::ask(session).await?,
            Step::Done => done::ask(session).await?,
            Step::Settings => settings::ask(session).await?,
            Step::Access => access::ask(session).await?,
            Step::Ask => ask::ask(session).await?,
            Step::Diagnosis => diagnosis::ask(session).await?,
        };
        step = match turn {
            Turn::Next => step.moved(session.app.walk, 1).unwrap_or(step),
            Turn::To(step) => step,
            Turn::Again => step,
            Turn::Back => match step.moved(session.app.walk, -1) {
                Some(before) => before,
                None => {
                    session.console.say("This is the first question; q leaves.")?;
                    step
                }
            },
        };
    }
}

fn opening(session: &mut Session, why: Why) -> io::Result<()> {
    let (console, setting) = (&mut session.console, &session.app.setting);
    console.say(&format!("Plain mode is on, {}: rolecall asks line by line, and nothing moves.", why.words()))?;
    if let Some(world) = &setting.demo {
        console.say(&format!(
            "This is the demo world {world}: AWS is not asked, and your own settings are neither read nor changed. A report or a text that you save is written where you say."
        ))?;
    }
    if setting.read_only {
        console.say("Read-only: nothing will be written.")?;
    }
    console.say(
        "At every question: type a number, a name or a value, or just Enter for what is offered. \
         b goes back, question mark explains, r looks it up again, q leaves.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_undoes_next_and_the_steps_are_counted_from_one() {
        for walk in [Walk::SetUp, Walk::Secret, Walk::System] {
            for pair in Step::all(walk).windows(2) {
                assert_eq!((pair[0].moved(walk, 1), pair[1].moved(walk, -1)), (Some(pair[1]), Some(pair[0])));
            }
            assert_eq!(Step::Job.moved(walk, -1), None);
        }
        assert_eq!(Step::Source.heading(Walk::SetUp).unwrap(), "Step 1 of 7: AWS profile.");
        assert_eq!(Step::Review.heading(Walk::SetUp).unwrap(), "Step 7 of 7: review.");
        assert_eq!(Step::Source.heading(Walk::Secret).unwrap(), "Step 2 of 6: AWS profile.");
        assert_eq!(Step::Review.heading(Walk::Secret).unwrap(), "Step 6 of 6: review.");
        assert_eq!(Step::Access.heading(Walk::System).unwrap(), "Step 3 of 3: access.");
        assert_eq!(Step::Done.heading(Walk::Secret), None);
    }

    #[test]
    fn the_steps_of_a_walk_have_the_screens_of_the_same_walk() {
        for walk in [Walk::SetUp, Walk::Secret] {
            let mut routes: Vec<Route> = Step::all(walk).iter().map(|step| step.route()).collect();
            routes.dedup();
            let steps = walk.steps().iter().copied().filter(|route| *route != Route::Done);
            let of_walk: Vec<Route> = [Route::Home].into_iter().chain(steps).chain([Route::Done]).collect();
            assert_eq!(routes, of_walk);
        }
    }
}
