//! The eleven values: all of them said, those that are missing or wrong asked one by one.

use super::choice::pick;
use super::findings::ended;
use super::secret::NEEDS;
use super::session::{End, Question, Reply, Session};
use super::source::identified;
use super::walk::{Step, Turn};
use crate::model::Severity;
use crate::secret::{Key, rules};
use crate::tui::app::App;
use crate::tui::screens::secret::{Row, enter, exists, offered, opening, remark, rows, trouble};
use crate::values::SecretText;
use crate::values::mask::{Mask, masked};

const HELP: &str =
    "Enter goes on to the review. A number or the name of a value changes it. f reads the values from a JSON file.";
const FILE: &str =
    "A file with the secret's JSON; ~ is your home folder. Its values are taken, nothing is written yet.";

/// Says them, asks what is missing or wrong, and what to change.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&NEEDS, "Looking up the secret").await?;
    if !identified(session)? {
        return Ok(Turn::To(Step::Source));
    }
    say_values(session)?;
    if trouble(&session.app).is_none() {
        match ask_needed(session).await? {
            Turn::Next => {}
            other => return Ok(other),
        }
    }
    ask_changes(session).await
}

fn say_values(session: &mut Session) -> Result<(), End> {
    let rows = rows(&session.app);
    let sentence = opening(&session.app, &rows);
    session.console.say(&sentence)?;
    let new = !exists(&session.app);
    for (number, row) in (1..).zip(&rows).filter(|(_, row)| row.value.is_some() || !new) {
        session.console.item(&format!("{number}. "), &format!("{}: {}", row.key, state(row)))?;
    }
    Ok(())
}

/// "info. Wrong: not in capitals; INFO?"
fn state(row: &Row) -> String {
    let remark = remark(row);
    let value = match &row.value {
        None => return ended(&remark),
        Some(value) if value.is_empty() => "empty",
        Some(_) if row.key.mask() == Mask::Full => "hidden",
        Some(value) => &masked(value.expose(), row.key.mask()),
    };
    let judged = match row.severity {
        Severity::Error => format!(". Wrong: {}", ended(&remark)),
        Severity::Warning => format!(". Doubtful: {}", ended(&remark)),
        Severity::Info | Severity::Ok if remark.is_empty() || remark == "hidden" => ".".to_owned(),
        Severity::Info | Severity::Ok if remark.starts_with(value) => return ended(&remark),
        Severity::Info | Severity::Ok => format!(", {}", ended(&remark)),
    };
    format!("{value}{judged}")
}

/// The values that would stop the service.
fn needed(app: &App) -> Vec<Key> {
    rows(app).into_iter().filter(|row| row.severity == Severity::Error).map(|row| row.key).collect()
}

/// Asks for what is missing or wrong, in the order of the specification.
async fn ask_needed(session: &mut Session) -> Result<Turn, End> {
    let keys = needed(&session.app);
    let mut at = 0;
    while let Some(key) = keys.get(at) {
        let place = match keys.len() {
            1 => format!("{key}, the only value that needs an answer."),
            many => format!("{key}, value {} of the {many} that need an answer.", at + 1),
        };
        match ask_value(session, *key, &place).await? {
            Turn::Next => at += 1,
            Turn::Back if at > 0 => at -= 1,
            other => return Ok(other),
        }
    }
    Ok(Turn::Next)
}

/// Asks for one value until it is valid, left for later, or left.
async fn ask_value(session: &mut Session, key: Key, place: &str) -> Result<Turn, End> {
    let row = rows(&session.app).into_iter().find(|row| row.key == key);
    let now = row.as_ref().filter(|row| row.value.is_some()).map(|row| format!(" Now {}", state(row)));
    session.console.say(&format!("{place}{} It must be: {}.", now.unwrap_or_default(), key.rule()))?;
    let mut offer = row.as_ref().and_then(|row| offer(&session.app, row));
    let help = format!(
        "{key} is one of the 11 values of the secret. It must be: {}. s leaves it for later, f reads all values from a JSON file. \
         = alone is an empty value.",
        key.rule()
    );
    loop {
        let enter = offer.as_ref().map(|value| said(key, value));
        let asks = if key.mask() == Mask::Full { format!("{key}, not shown while you type") } else { key.to_string() };
        let question = Question {
            asks: &asks,
            enter: enter.as_deref(),
            help: &help,
            letters: "sf",
            hidden: key.mask() == Mask::Full,
        };
        let value = match (session.ask(&question).await?, &offer) {
            (Reply::Back, _) => return Ok(Turn::Back),
            (Reply::Again, _) => return Ok(Turn::Again),
            (Reply::Letter('f'), _) => {
                read_file(session).await?;
                return Ok(Turn::Again);
            }
            (Reply::Letter(_), _) => return Ok(Turn::Next),
            (Reply::Enter, Some(value)) => value.clone(),
            (Reply::Enter, None) => {
                session.console.say(&format!("{key} cannot be empty. Type it, or s to leave it for later."))?;
                continue;
            }
            (Reply::Text(value), _) => value,
        };
        let faults = rules::check(key, value.expose());
        let why: Vec<String> = faults
            .iter()
            .map(|fault| match &fault.suggestion {
                Some(meant) => format!("{}; {meant}?", fault.message),
                None => fault.message.clone(),
            })
            .collect();
        if faults.iter().any(|fault| fault.severity == Severity::Error) {
            session.console.say(&format!("That is not valid: {}", ended(&why.join("; "))))?;
            offer = rules::repaired(key, &value).or(offer);
            continue;
        }
        if !why.is_empty() {
            session.console.say(&format!("Taken, with a doubt: {}", ended(&why.join("; "))))?;
        }
        enter_value(session, key, value);
        return Ok(Turn::Next);
    }
}

/// Takes a valid value; an empty one must not be taken for "what is offered".
fn enter_value(session: &mut Session, key: Key, value: SecretText) {
    if value.is_empty() {
        session.app.answers.values.insert(key, value);
        session.app.derive();
    } else {
        enter(&mut session.app, key, value);
    }
}

/// What Enter takes: what was certainly meant, what is usual, or a valid value that is there already.
fn offer(app: &App, row: &Row) -> Option<SecretText> {
    let valid = |value: &SecretText| {
        rules::check(row.key, value.expose()).iter().all(|fault| fault.severity != Severity::Error)
    };
    let there = row.value.clone().filter(|_| row.severity != Severity::Error);
    row.cure.clone().or(there).or_else(|| offered(app, row.key)).filter(valid)
}

/// A value, as far as it may be heard.
fn said(key: Key, value: &SecretText) -> String {
    match key.mask() {
        Mask::Full => "the value that is there".into(),
        _ if value.is_empty() => "empty".into(),
        mask => masked(value.expose(), mask),
    }
}

async fn read_file(session: &mut Session) -> Result<(), End> {
    let asks = "JSON file that holds the secret's values";
    let question = Question { asks, enter: Some("none"), help: FILE, letters: "", hidden: false };
    match session.ask(&question).await? {
        Reply::Text(path) => session.read_file(path.expose().trim()).await,
        _ => Ok(()),
    }
}

/// Asks what else to change.
async fn ask_changes(session: &mut Session) -> Result<Turn, End> {
    let names = Key::ALL.map(|key| key.name().to_owned());
    loop {
        let left = needed(&session.app).len();
        session.console.say(&match (trouble(&session.app), left) {
            (Some(trouble), _) => trouble,
            (None, 0) => "All 11 values are valid.".to_owned(),
            (None, left) => {
                format!("{left} of 11 values still {} an answer.", if left == 1 { "needs" } else { "need" })
            }
        })?;
        let asks = "Number or name of a value to change";
        let question = Question { asks, enter: Some("go on to the review"), help: HELP, letters: "f", hidden: false };
        let key = match session.ask(&question).await? {
            Reply::Back => return Ok(Turn::Back),
            Reply::Again => return Ok(Turn::Again),
            Reply::Enter => return Ok(Turn::Next),
            Reply::Letter(_) => {
                read_file(session).await?;
                return Ok(Turn::Again);
            }
            Reply::Text(text) => pick(text.expose(), &names).map(|at| Key::ALL.get(at).copied()),
        };
        match key {
            Ok(Some(key)) => {
                if ask_value(session, key, &format!("{key}.")).await? == Turn::Again {
                    return Ok(Turn::Again);
                }
            }
            Ok(None) => {}
            Err(why) => session.console.say(&why)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: Key, value: Option<&str>, severity: Severity, message: &str) -> Row {
        Row {
            key,
            value: value.map(SecretText::from),
            from: None,
            severity,
            message: message.into(),
            suggestion: None,
            cure: None,
        }
    }

    #[test]
    fn a_value_is_said_only_as_far_as_it_may_be_heard() {
        let say = |key, value: &str, message: &str| state(&row(key, Some(value), Severity::Ok, message));
        assert_eq!(say(Key::ClientSecret, "canary-1", ""), "hidden.");
        assert_eq!(say(Key::ClientId, "wqFabcdefgYe", ""), "wqF***Ye.");
        assert_eq!(say(Key::WebhookAllowList, "", "empty: any address"), "empty: any address.");
        assert_eq!(say(Key::PkgPrefix, "benchling", "from config.json"), "benchling, from config.json.");
        let wrong = row(Key::LogLevel, Some("info"), Severity::Error, "not in capitals");
        assert_eq!(state(&wrong), "info. Wrong: not in capitals.");
        assert_eq!(state(&row(Key::Tenant, None, Severity::Error, "missing")), "missing.");
        assert_eq!(said(Key::ClientSecret, &"canary-1".into()), "the value that is there");
    }
}
