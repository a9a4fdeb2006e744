//! The eleven values: all of them said, those that are missing or wrong asked one by one.

use super::choice::pick;
use super::conflicts;
use super::findings::ended;
use super::secret::NEEDS;
use super::session::{End, Question, Reply, Session, is_yes};
use super::source::may_go_on;
use super::walk::{Step, Turn};
use crate::model::Severity;
use crate::plan::Origin;
use crate::secret::{Key, rules};
use crate::tui::app::App;
use crate::tui::route::Walk;
use crate::tui::screens::secret::{Row, enter, exists, kept, offered, opening, remark, rows, short, trouble, unread};
use crate::values::SecretText;
use crate::values::mask::{Mask, masked};

const HELP: &str =
    "Enter goes on to the review. A number or the name of a value changes it. f reads the values from a JSON file.";
const FILE: &str =
    "A file with the secret's JSON; ~ is your home folder. Its values are taken, nothing is written yet.";

/// Says them, asks what is missing or wrong, and what to change.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&NEEDS, "Looking up the secret").await?;
    if !may_go_on(session)? {
        return Ok(Turn::To(Step::Source));
    }
    match conflicts::ask(session).await? {
        Turn::Next => {}
        other => return Ok(other),
    }
    say_values(session)?;
    if is_usable(&session.app) {
        match ask_needed(session).await? {
            Turn::Next => {}
            other => return Ok(other),
        }
    }
    ask_changes(session).await
}

/// Whether the values can be put together, whatever is with the secret.
fn is_usable(app: &App) -> bool {
    trouble(app).is_none() || !app.gathered.sources.is_empty() || app.selection.migration.to_file.is_some()
}

fn say_values(session: &mut Session) -> Result<(), End> {
    let rows = rows(&session.app);
    let sentence = opening(&session.app, &rows);
    session.console.say(&sentence)?;
    let new = !exists(&session.app);
    for (number, row) in (1..).zip(&rows).filter(|(_, row)| row.value.is_some() || !new) {
        let words = format!("{}: {}", row.key, state(row, origin(&session.app, row).as_deref()));
        session.console.item(&format!("{number}. "), &words)?;
    }
    if session.app.walk == Walk::Secret {
        let names = kept(&session.app);
        if !names.is_empty() {
            session.console.say(&format!("The secret holds more, which is kept: {}.", names.join(", ")))?;
        }
    }
    Ok(())
}

/// Where a value comes from: "env file prod.env, as BENCHLING_TENANT", "typed".
fn origin(app: &App, row: &Row) -> Option<String> {
    if !app.answers.values.contains_key(&row.key)
        && let Some(Origin::Import { label, name }) = app.draft.origins.get(&row.key)
    {
        let name = if name == row.key.name() { String::new() } else { format!(", as {name}") };
        return Some(format!("{}{name}", short(app, label)));
    }
    row.from.clone()
}

/// "info, env file prod.env. Wrong: not in capitals; INFO?"
fn state(row: &Row, origin: Option<&str>) -> String {
    let remark = remark(row);
    let value = match &row.value {
        None => return ended(&remark),
        Some(value) if value.is_empty() => "empty",
        Some(value) => &heard(row.key, value),
    };
    let from = origin.map(|from| format!(", {from}")).unwrap_or_default();
    // A value with nothing to remark is remarked where it comes from.
    let is_origin = row.from.as_deref() == Some(remark.as_str());
    let judged = match row.severity {
        Severity::Error => format!(". Wrong: {}", ended(&remark)),
        Severity::Warning => format!(". Doubtful: {}", ended(&remark)),
        Severity::Info | Severity::Ok if remark.is_empty() || is_origin || remark == "hidden" => ".".to_owned(),
        Severity::Info | Severity::Ok if remark.starts_with(value) => {
            return format!("{}{from}.", remark.trim_end_matches('.'));
        }
        Severity::Info | Severity::Ok => format!(", {}", ended(&remark)),
    };
    format!("{value}{from}{judged}")
}

/// The values that would stop the service, or that cannot be written.
fn needed(app: &App) -> Vec<Key> {
    // What a file is to hold stands nowhere else, if the secret cannot be read.
    let to_file = app.selection.migration.to_file.is_some() && unread(app);
    let needs = |row: &Row| row.severity == Severity::Error || (to_file && row.value.is_none());
    rows(app).into_iter().filter(needs).map(|row| row.key).collect()
}

/// What is asked: what is needed, and what has a correction that is certain.
fn asked(app: &App) -> Vec<Key> {
    let needed = needed(app);
    rows(app).into_iter().filter(|row| row.cure.is_some() || needed.contains(&row.key)).map(|row| row.key).collect()
}

/// Asks for what is missing or wrong, in the order of the specification.
async fn ask_needed(session: &mut Session) -> Result<Turn, End> {
    let keys = asked(&session.app);
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
    let now = row.as_ref().filter(|row| row.value.is_some());
    let now = now.map(|row| format!(" Now {}", state(row, origin(&session.app, row).as_deref())));
    session.console.say(&format!("{place}{} It must be: {}.", now.unwrap_or_default(), key.rule()))?;
    say_references(session, key)?;
    if let Some(cure) = row.as_ref().and_then(|row| row.cure.as_ref())
        && let Some(turn) = ask_cure(session, key, cure).await?
    {
        return Ok(turn);
    }
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

/// Says where a container gets a value that no source has.
fn say_references(session: &mut Session, key: Key) -> Result<(), End> {
    let merged = &session.app.gathered.merged;
    let references = merged.references.get(&key).into_iter().flatten().filter(|_| merged.offers(key).is_empty());
    let lines: Vec<String> = references
        .map(|(label, from)| format!("By {} the container gets it from {from}", short(&session.app, label)))
        .collect();
    lines.iter().try_for_each(|line| session.console.say(line))?;
    Ok(())
}

/// Offers a correction that is certain; `None`: it was not taken, and the value is to be typed.
async fn ask_cure(session: &mut Session, key: Key, cure: &SecretText) -> Result<Option<Turn>, End> {
    let asks = match key.mask() {
        Mask::Full => format!("{key}: take the corrected value instead? It is not said. Type yes or no"),
        _ => format!("{key}: take {} instead? Type yes or no", said(key, cure)),
    };
    let help = format!(
        "The correction is certain: only how {key} is written changes, not what it means. no asks for the value."
    );
    let question = Question { asks: &asks, enter: Some("yes"), help: &help, letters: "sf", hidden: false };
    loop {
        match session.ask(&question).await? {
            Reply::Back => return Ok(Some(Turn::Back)),
            Reply::Again => return Ok(Some(Turn::Again)),
            Reply::Letter('f') => {
                read_file(session).await?;
                return Ok(Some(Turn::Again));
            }
            Reply::Letter(_) => return Ok(Some(Turn::Next)),
            Reply::Text(text) if ["no", "n"].iter().any(|no| text.expose().trim().eq_ignore_ascii_case(no)) => {
                return Ok(None);
            }
            Reply::Text(text) if !is_yes(text.expose()) => session.console.say("That is neither yes nor no.")?,
            Reply::Enter | Reply::Text(_) => {
                enter_value(session, key, cure.clone());
                return Ok(Some(Turn::Next));
            }
        }
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

/// What Enter takes: a valid value that is there already, or what is usual. A correction was asked about before.
fn offer(app: &App, row: &Row) -> Option<SecretText> {
    let valid = |value: &SecretText| {
        rules::check(row.key, value.expose()).iter().all(|fault| fault.severity != Severity::Error)
    };
    let there = row.value.clone().filter(|_| row.severity != Severity::Error);
    let usual = || offered(app, row.key).filter(|value| row.cure.as_ref() != Some(value));
    there.or_else(usual).filter(valid)
}

/// A value, as far as it may be heard.
fn said(key: Key, value: &SecretText) -> String {
    match key.mask() {
        Mask::Full => "the value that is there".into(),
        _ if value.is_empty() => "empty".into(),
        _ => heard(key, value),
    }
}

/// A value, masked; asterisks alone say nothing to someone who hears them.
pub fn heard(key: Key, value: &SecretText) -> String {
    let shown = masked(value.expose(), key.mask());
    if shown.chars().all(|shown| shown == '*') && key.mask() != Mask::Open { "hidden".into() } else { shown }
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
    loop {
        let keys: Vec<Key> = rows(&session.app).iter().map(|row| row.key).collect();
        let names: Vec<String> = keys.iter().map(|key| key.name().to_owned()).collect();
        let left = needed(&session.app).len();
        let trouble = trouble(&session.app).filter(|_| !is_usable(&session.app));
        session.console.say(&match (trouble, left) {
            (Some(trouble), _) => trouble,
            (None, 0) => format!("All {} values are valid.", keys.len()),
            (None, left) => {
                format!("{left} of {} values still {} an answer.", keys.len(), if left == 1 { "needs" } else { "need" })
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
            Reply::Text(text) => pick(text.expose(), &names).map(|at| keys.get(at).copied()),
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
        let say = |key, value: &str, message: &str| state(&row(key, Some(value), Severity::Ok, message), None);
        assert_eq!(say(Key::ClientSecret, "canary-1", ""), "hidden.");
        assert_eq!(say(Key::ClientId, "wqFabcdefgYe", ""), "wqF***Ye.");
        assert_eq!(say(Key::WebhookAllowList, "", "empty: any address"), "empty: any address.");
        assert_eq!(say(Key::PkgPrefix, "benchling", "from config.json"), "benchling, from config.json.");
        let wrong = row(Key::LogLevel, Some("info"), Severity::Error, "not in capitals");
        assert_eq!(state(&wrong, None), "info. Wrong: not in capitals.");
        assert_eq!(
            state(&wrong, Some("env file prod.env, as LOGLEVEL")),
            "info, env file prod.env, as LOGLEVEL. Wrong: not in capitals."
        );
        assert_eq!(state(&row(Key::Tenant, None, Severity::Error, "missing"), None), "missing.");
        assert_eq!(said(Key::ClientSecret, &"canary-1".into()), "the value that is there");
    }
}
