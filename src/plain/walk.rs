//! The order of the questions.

use std::convert::Infallible;
use std::io;

use super::session::{End, Session};
use super::{Why, ask, config, diagnosis, done, job, review, roles, secret, source, stack, values};
use crate::tui::Start;
use crate::tui::route::Route;

/// A question, or a page of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Which of the three jobs.
    Job,
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
    /// In the order of the walk.
    const ALL: [Self; 9] = [
        Self::Job,
        Self::Source,
        Self::Config,
        Self::Stack,
        Self::Roles,
        Self::Secret,
        Self::Values,
        Self::Review,
        Self::Done,
    ];

    /// The screen whose facts the step is about.
    const fn route(self) -> Route {
        match self {
            Self::Job => Route::Home,
            Self::Source | Self::Config => Route::Source,
            Self::Stack => Route::Stack,
            Self::Roles => Route::Roles,
            Self::Secret | Self::Values => Route::Secret,
            Self::Review => Route::Review,
            Self::Done => Route::Done,
            Self::Ask => Route::Ask,
            Self::Diagnosis => Route::Diagnose,
        }
    }

    /// The step that a screen begins with.
    pub const fn of(route: Route) -> Self {
        match route {
            Route::Home => Self::Job,
            Route::Ask => Self::Ask,
            Route::Diagnose => Self::Diagnosis,
            Route::Source => Self::Source,
            Route::Stack => Self::Stack,
            Route::Roles => Self::Roles,
            Route::Secret => Self::Secret,
            Route::Review => Self::Review,
            Route::Done => Self::Done,
        }
    }

    /// "Step 3 of 7: the stack."; what begins and ends the walk is no step.
    fn heading(self) -> Option<String> {
        let name = match self {
            Self::Job | Self::Done | Self::Ask | Self::Diagnosis => return None,
            Self::Source => "AWS profile",
            Self::Config => "config profile",
            Self::Stack => "stack",
            Self::Roles => "roles",
            Self::Secret => "secret",
            Self::Values => "values of the secret",
            Self::Review => "review",
        };
        let number = Self::ALL.iter().position(|step| *step == self)?;
        Some(format!("Step {number} of {}: {name}.", Self::ALL.len() - 2))
    }

    fn moved(self, by: isize) -> Option<Self> {
        let at = Self::ALL.iter().position(|step| *step == self)?;
        Self::ALL.get(at.checked_add_signed(by)?).copied()
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
        if let Some(heading) = step.heading() {
            session.console.say(&heading)?;
        }
        let turn = match step {
            Step::Job => job::ask(session).await?,
            Step::Source => source::ask(session).await?,
            Step::Config => config::ask(session).await?,
            Step::Stack => stack::ask(session).await?,
            Step::Roles => roles::ask(session).await?,
            Step::Secret => secret::ask(session).await?,
            Step::Values => values::ask(session).await?,
            Step::Review => review::ask(session).await?,
            Step::Done => done::ask(session).await?,
            Step::Ask => ask::ask(session).await?,
            Step::Diagnosis => diagnosis::ask(session).await?,
        };
        step = match turn {
            Turn::Next => step.moved(1).unwrap_or(step),
            Turn::To(step) => step,
            Turn::Again => step,
            Turn::Back => match step.moved(-1) {
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
        console.say(&format!("This is the demo world {world}: neither AWS nor your own files are touched."))?;
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
        for pair in Step::ALL.windows(2) {
            assert_eq!((pair[0].moved(1), pair[1].moved(-1)), (Some(pair[1]), Some(pair[0])));
        }
        assert_eq!(Step::Job.moved(-1), None);
        assert_eq!(Step::Source.heading().unwrap(), "Step 1 of 7: AWS profile.");
        assert_eq!(Step::Review.heading().unwrap(), "Step 7 of 7: review.");
    }
}
