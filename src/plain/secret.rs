//! Which secret.

use super::session::{End, Question, Reply, Session};
use super::source::may_go_on;
use super::target;
use super::walk::{Step, Turn};
use crate::tui::engine::Ask;
use crate::tui::prompt::Purpose;
use crate::tui::route::Walk;
use crate::tui::screens::secret::{about, exists, named, trouble};
use crate::values::SecretText;
use crate::values::arn::secret_name;

const HELP: &str = "The secret in AWS Secrets Manager from which the webhook reads its 11 values at start-up. A name that does not \
                    exist makes a new one.";

/// Everything that the secret and its values follow from.
pub const NEEDS: [Ask; 6] = [Ask::Survey, Ask::Identity, Ask::Stack, Ask::Secrets, Ask::Secret, Ask::Imports];

/// Asks it.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&NEEDS, "Looking up the secret").await?;
    if !may_go_on(session)? {
        return Ok(Turn::To(Step::Source));
    }
    if session.app.walk == Walk::Secret {
        return target::ask(session).await;
    }
    say_state(session)?;
    let current = session.app.draft.secret_name.clone();
    let question = Question {
        asks: "Name of the secret that holds the values",
        enter: Some(&current),
        help: HELP,
        letters: "",
        hidden: false,
    };
    loop {
        let name = match session.ask(&question).await? {
            Reply::Back => return Ok(Turn::Back),
            Reply::Again => return Ok(Turn::Again),
            Reply::Enter | Reply::Letter(_) => return Ok(Turn::Next),
            Reply::Text(text) => text,
        };
        if let Some(turn) = answered(session, &name)? {
            return Ok(turn);
        }
    }
}

/// Takes over the name of a secret that was typed; `None`: it cannot be one, which was said.
pub fn answered(session: &mut Session, typed: &SecretText) -> Result<Option<Turn>, End> {
    let name = typed.expose().trim().to_owned();
    if let Some(fault) = Purpose::SecretName.fault(&name) {
        session.console.say(&format!("That cannot be a secret's name: {fault}."))?;
        return Ok(None);
    }
    if name == session.app.draft.secret_name {
        return Ok(Some(Turn::Next));
    }
    let effects = named(&mut session.app, name);
    session.perform(effects)?;
    // What is known of it is said before it is taken by Enter.
    Ok(Some(Turn::Again))
}

/// What is known of the secret.
pub fn say_state(session: &mut Session) -> Result<(), End> {
    let app = &session.app;
    let name = secret_name(&app.draft.secret_name).to_owned();
    let sentence = match (trouble(app), app.facts.secret.shown()) {
        (Some(trouble), _) => trouble,
        (None, Some(secret)) if exists(app) => {
            let about = about(app, secret).join(", ");
            if about.is_empty() {
                format!("The secret {name} exists.")
            } else {
                format!("The secret {name} exists: {about}.")
            }
        }
        (None, _) => format!("There is no secret {name} yet; it will be created."),
    };
    Ok(session.console.say(&sentence)?)
}
