//! Which system, or which job beside them.

use super::choice::{Chosen, choose, say_choices};
use super::session::{End, Question, Session};
use super::walk::{Step, Turn};
use crate::tui::app::Job;
use crate::tui::engine::Ask;
use crate::tui::screens::home::{BESIDE, Offer, offered_systems};

const HELP: &str = "A system is looked at as a whole: its settings, and who can assume which of its roles. Of Quilt's webhook config.json and \
                    secret can be set up too. Diagnosing says which side refuses an access, from its message or a role, and what cures it. \
                    Validating judges all 11 values of a secret.";

/// Asks it.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&[Ask::Survey], "Reading this machine's files").await?;
    let beside = BESIDE.map(|(job, name, hint)| Offer { job, name: name.into(), hint: hint.into(), found: false });
    let offers: Vec<Offer> = offered_systems(&session.app).into_iter().chain(beside).collect();
    let lines: Vec<String> = offers.iter().map(|offer| format!("{}: {}", offer.name, offer.hint)).collect();
    say_choices(&mut session.console, "What shall be done?", &lines)?;
    let names: Vec<String> = offers.iter().map(|offer| offer.name.clone()).collect();
    let enter = names.first().map(|name| format!("1, {name}"));
    let asks = "Number or name of what is to be done";
    let question = Question { asks, enter: enter.as_deref(), help: HELP, letters: "", hidden: false };
    let offer = match choose(session, &question, &offers, &names, 0).await? {
        Chosen::Back => return Ok(Turn::Back),
        Chosen::Again => return Ok(Turn::Again),
        Chosen::One(offer) => offer,
    };
    session.app.open_job(offer.job);
    if offer.job == Job::Validate {
        let effects = session.app.ask_for_imports().into_iter().collect();
        session.perform(effects)?;
    }
    Ok(Turn::To(Step::of(session.app.route)))
}
