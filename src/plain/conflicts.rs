//! Two sources that differ about a value: each is asked, with what both have, masked.

use super::choice::pick;
use super::findings::ended;
use super::session::{End, Question, Reply, Session};
use super::values::heard;
use super::walk::Turn;
use crate::migrate::Offer;
use crate::model::Severity;
use crate::secret::{Key, rules};
use crate::tui::app::App;
use crate::tui::screens::secret::short;
use crate::tui::screens::sources::is_open_conflict;
use crate::values::mask::Mask;

const HELP: &str = "Two sources have different values for the same key. The number of one takes its value; s leaves it open, and the \
                    first that has it counts. Any value can be typed anew afterwards.";

/// Asks about every key that is open, in the order of the specification.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    let open: Vec<Key> = Key::ALL.into_iter().filter(|key| is_open_conflict(&session.app, *key)).collect();
    let mut at = 0;
    while let Some(key) = open.get(at) {
        let place = match open.len() {
            1 => String::new(),
            many => format!(", difference {} of {many}", at + 1),
        };
        match ask_one(session, *key, &place).await? {
            Turn::Next => at += 1,
            Turn::Back if at > 0 => at -= 1,
            other => return Ok(other),
        }
    }
    Ok(Turn::Next)
}

async fn ask_one(session: &mut Session, key: Key, place: &str) -> Result<Turn, End> {
    let offers = of_each(&session.app, key);
    session.console.say(&format!("{key}{place}: the sources differ."))?;
    let lines: Vec<String> = offers.iter().map(|offer| words(&session.app, key, offer)).collect();
    for (number, line) in (1..).zip(&lines) {
        session.console.item(&format!("{number}. "), line)?;
    }
    let names: Vec<String> = offers.iter().map(|offer| short(&session.app, &offer.label)).collect();
    let now = session.app.gathered.merged.chosen(key, &session.app.answers.prefer).map(|offer| offer.source);
    let at = offers.iter().position(|offer| Some(offer.source) == now).unwrap_or(0);
    let enter = names.get(at).map(|name| format!("{}, {name}", at + 1));
    let asks = format!("Which {key} counts? Number or name of the source");
    let question = Question { asks: &asks, enter: enter.as_deref(), help: HELP, letters: "s", hidden: false };
    loop {
        let picked = match session.ask(&question).await? {
            Reply::Back => return Ok(Turn::Back),
            Reply::Again => return Ok(Turn::Again),
            Reply::Letter(_) => return Ok(Turn::Next),
            Reply::Enter => Ok(at),
            Reply::Text(text) => pick(text.expose(), &names),
        };
        match picked.map(|at| offers.get(at)) {
            Ok(Some(offer)) => {
                session.app.answers.prefer.insert(key, offer.source);
                session.app.derive();
                return Ok(Turn::Next);
            }
            Ok(None) => {}
            Err(why) => session.console.say(&why)?,
        }
    }
}

/// What each source has: of one that has two names for a key the first counts.
fn of_each(app: &App, key: Key) -> Vec<Offer> {
    let mut offers: Vec<Offer> = app.gathered.merged.offers(key).to_vec();
    offers.dedup_by_key(|offer| offer.source);
    offers
}

/// "env file prod.env, as BENCHLING_TENANT: acme. Wrong: not a slug."
fn words(app: &App, key: Key, offer: &Offer) -> String {
    let name = if offer.name == key.name() { String::new() } else { format!(", as {}", offer.name) };
    let first = app.gathered.merged.offers(key).first().filter(|first| first.value != offer.value);
    let value = match (key.mask(), first) {
        (Mask::Full, Some(_)) => "another value, hidden".to_owned(),
        (Mask::Full, None) => "a value, hidden".to_owned(),
        _ if offer.value.is_empty() => "empty".to_owned(),
        (_, Some(first)) if heard(key, &first.value) == heard(key, &offer.value) => {
            format!("{}, another value that is masked alike", heard(key, &offer.value))
        }
        _ => heard(key, &offer.value),
    };
    let faults: Vec<String> = rules::check(key, offer.value.expose())
        .into_iter()
        .filter(|fault| fault.severity == Severity::Error)
        .map(|fault| fault.message)
        .collect();
    let wrong = if faults.is_empty() { String::new() } else { format!(". Wrong: {}", faults.join("; ")) };
    ended(&format!("{}{name}: {value}{wrong}", short(app, &offer.label)))
}
