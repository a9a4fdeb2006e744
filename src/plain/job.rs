//! Which of the three jobs.

use super::choice::pick;
use super::session::{End, Question, Reply, Session};
use super::walk::{Step, Turn};
use crate::tui::app::Job;
use crate::tui::engine::Ask;
use crate::tui::screens::home::{JOBS, set_up_hint};

const HELP: &str = "Setting up leads from an AWS profile to a valid config.json and a valid secret. Diagnosing says \
                    which side refuses an access, from its message or a role, and what cures it. Validating judges all 11 values of a secret.";

/// Asks it.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&[Ask::Survey], "Reading this machine's files").await?;
    session.console.say(&format!("What shall be done? {} choices.", JOBS.len()))?;
    for (number, (job, name, hint)) in (1..).zip(JOBS) {
        let hint = if job == Job::SetUp { set_up_hint(&session.app) } else { hint.to_owned() };
        session.console.item(&format!("{number}. "), &format!("{name}: {hint}."))?;
    }
    let names = JOBS.map(|(_, name, _)| name.to_owned());
    let asks = "Number or name of the job";
    let question = Question { asks, enter: Some("1, set up a config profile"), help: HELP, letters: "", hidden: false };
    loop {
        let at = match session.ask(&question).await? {
            Reply::Back => return Ok(Turn::Back),
            Reply::Again => return Ok(Turn::Again),
            Reply::Enter | Reply::Letter(_) => Ok(0),
            Reply::Text(text) => pick(text.expose(), &names),
        };
        match at.map(|at| JOBS.get(at)) {
            Ok(Some((job, ..))) => {
                session.app.open_job(*job);
                if *job == Job::Validate {
                    let effects = session.app.ask_for_imports().into_iter().collect();
                    session.perform(effects)?;
                }
                return Ok(Turn::To(Step::of(session.app.route)));
            }
            Ok(None) => {}
            Err(why) => session.console.say(&why)?,
        }
    }
}
