//! Where the values of a secret come from: what each source gives, and more sources, fewer, or another order.

use super::choice::{Chosen, choose, itself, pick, say_choices, typed};
use super::findings::ended;
use super::session::{End, Question, Reply, Session};
use super::walk::{Step, Turn};
use crate::migrate::sources::{Given, Value};
use crate::migrate::{Import, Source};
use crate::model::ImportSource;
use crate::secret::Key;
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::prompt::Purpose;
use crate::tui::screens::sources::{Kind, added, given, go_on, moved, opening, remove, short, unusable, words};

const HELP: &str = "A source is where values of the secret stand now. Each is read, nothing of it is changed, and no value is said here. \
                    Of two sources that differ the first counts, unless you choose otherwise later.";
const FILE: &str = "A path; one that begins with ~/ is in your home folder. The file is read and stays as it is.";
const SECRET: &str = "The name or the ARN of a secret in Secrets Manager, or the number of one that was said.";
const VERSION: &str =
    "A version id, or a label: AWSCURRENT is the version that readers get, AWSPREVIOUS the one before.";

/// The most names that are said at once.
const SAID: usize = 12;

/// What can be done next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    GoOn,
    Add(Kind),
    Remove,
    First,
    Version,
}

/// Says the sources, and asks what to do with them.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    let what = "Reading the sources";
    // Only a source in Secrets Manager has to wait until it is known who asks.
    if session.app.selection.migration.imports.iter().any(ImportSource::needs_aws) {
        session.wait_for(&[Ask::Imports], what).await?;
    } else {
        session.wait_for_alone(&[Ask::Survey, Ask::Imports], what).await?;
    }
    let sentence = opening(&session.app);
    session.console.say(&sentence)?;
    session.told_sources.clear();
    say_news(session)?;
    menu(session).await
}

/// Says of each source what was not said before.
pub fn say_news(session: &mut Session) -> Result<(), End> {
    let imports = session.app.selection.migration.imports.iter().zip(&session.app.gathered.sources);
    let said: Vec<Vec<String>> =
        (1..).zip(imports).map(|(number, (named, source))| lines(&session.app, number, named, source)).collect();
    for lines in said {
        if lines.first().is_some_and(|line| session.told_sources.contains(line)) {
            continue;
        }
        lines.iter().try_for_each(|line| session.console.say(line))?;
        session.told_sources.extend(lines.into_iter().take(1));
    }
    Ok(())
}

/// "Source 1, env file prod.env: 9 of 11 values, read as environment variables.", then what else there is to know of it.
fn lines(app: &App, number: usize, named: &ImportSource, source: &Source) -> Vec<String> {
    let name = format!("Source {number}, {}", short(app, named));
    match (unusable(app, named, source), source.import.shown()) {
        (None, Some(Ok(import))) => {
            let count = given(source).unwrap_or(0);
            let first = format!("{name}: {count} of 11 values, read as {}.", import.shape.words());
            std::iter::once(first).chain(details(import)).collect()
        }
        (why, _) => vec![ended(&format!("{name}: {}", why.unwrap_or_else(|| "not read".into())))],
    }
}

/// Every remark, and what is empty, referred to or lacking. No value.
fn details(import: &Import) -> Vec<String> {
    let mut lines: Vec<String> = import.remarks.iter().map(|remark| ended(remark)).collect();
    let is_empty =
        |given: &&Given| matches!(&given.value, Value::Text(text) if text.is_empty() && !given.key.may_be_empty());
    let empty: Vec<&str> = import.given.iter().filter(is_empty).map(|given| given.name.as_str()).collect();
    if !empty.is_empty() {
        lines.push(format!("Empty: {}.", empty.join(", ")));
    }
    lines.extend(import.given.iter().filter_map(|given| match &given.value {
        Value::Reference(from) => Some(format!("{} is no value there: the container gets it from {from}", given.key)),
        Value::Text(_) => None,
    }));
    let keys = import.keys();
    let lacks: Vec<&str> = Key::ALL.iter().filter(|key| !keys.contains(key)).map(|key| key.name()).collect();
    if !keys.is_empty() && !lacks.is_empty() {
        lines.push(format!("It lacks {}.", lacks.join(", ")));
    }
    lines
}

fn choices(app: &App) -> Vec<Next> {
    let imports = &app.selection.migration.imports;
    let addable = |kind: &Kind| match kind {
        // A line is an answer here: a text of several lines is a file's matter.
        Kind::Pasted => false,
        Kind::Environment => !imports.contains(&ImportSource::Environment),
        Kind::Config => !imports.contains(&ImportSource::Config),
        Kind::EnvFile | Kind::File | Kind::Secret => true,
    };
    let mut choices = vec![Next::GoOn];
    choices.extend(Kind::ALL.into_iter().filter(addable).map(Next::Add));
    if !imports.is_empty() {
        choices.push(Next::Remove);
    }
    if imports.len() > 1 {
        choices.push(Next::First);
    }
    if imports.iter().any(ImportSource::needs_aws) {
        choices.push(Next::Version);
    }
    choices
}

fn label(app: &App, next: Next) -> String {
    match next {
        Next::GoOn => {
            let (name, next) = go_on(app);
            format!("{name}: {next}")
        }
        Next::Add(kind) => {
            let (name, hint) = words(app, kind);
            format!("Add {name}: {hint}")
        }
        Next::Remove => "Take a source away".into(),
        Next::First => "Put another source first".into(),
        Next::Version => "Take another version of a secret".into(),
    }
}

async fn menu(session: &mut Session) -> Result<Turn, End> {
    let choices = choices(&session.app);
    let labels: Vec<String> = choices.iter().map(|next| label(&session.app, *next)).collect();
    say_choices(&mut session.console, "What next?", &labels)?;
    let none = session.app.selection.migration.imports.is_empty();
    let enter = if none { "1, nothing to bring along" } else { "1, go on with these" };
    let asks = "Number of what is to be done";
    let question = Question { asks, enter: Some(enter), help: HELP, letters: "", hidden: false };
    match choose(session, &question, &choices, &labels, 0).await? {
        Chosen::Back => Ok(Turn::Back),
        Chosen::Again => Ok(Turn::Again),
        Chosen::One(next) => act(session, *next).await,
    }
}

async fn act(session: &mut Session, next: Next) -> Result<Turn, End> {
    session.app.gathering.replacing = None;
    session.app.note = None;
    match next {
        Next::GoOn => {
            // Which steps are open shows once it is known who asks.
            session.wait_for(&[], "Asking AWS who this is").await?;
            let effects = session.app.next();
            session.perform(effects)?;
            return Ok(Turn::To(Step::of(session.app.route)));
        }
        Next::Add(kind) => add(session, kind).await?,
        Next::Remove => {
            if let Some(index) = which(session, "Which source is taken away? Number or name", |_| true).await? {
                let effects = remove(&mut session.app, index);
                session.perform(effects)?;
            }
        }
        Next::First => {
            if let Some(index) = which(session, "Which source comes first? Number or name", |_| true).await? {
                for from in (1..=index).rev() {
                    let effects = moved(&mut session.app, from, -1);
                    session.perform(effects)?;
                }
            }
        }
        Next::Version => {
            let asks = "A version of which secret? Number or name of the source";
            if let Some(index) = which(session, asks, ImportSource::needs_aws).await? {
                session.app.gathering.replacing = Some(index);
                one_of(session, Purpose::ImportVersion, VERSION).await?;
            }
        }
    }
    if let Some(note) = session.app.note.take() {
        session.console.say(&ended(&note))?;
    }
    Ok(Turn::Again)
}

async fn add(session: &mut Session, kind: Kind) -> Result<(), End> {
    let source = match kind {
        Kind::EnvFile => return typed(session, Purpose::ImportEnvFile, FILE, itself).await.map(drop),
        Kind::File => return typed(session, Purpose::ImportFile, FILE, itself).await.map(drop),
        Kind::Secret => {
            session.wait_for(&[Ask::Secrets], "Listing the secrets").await?;
            return one_of(session, Purpose::ImportSecret, SECRET).await;
        }
        Kind::Pasted => return Ok(()),
        Kind::Environment => ImportSource::Environment,
        Kind::Config => ImportSource::Config,
    };
    let effects = added(&mut session.app, source);
    session.perform(effects)
}

/// Which of the sources that `fits`: the only one, or the one that is named; `None`: the user went back.
async fn which(session: &mut Session, asks: &str, fits: fn(&ImportSource) -> bool) -> Result<Option<usize>, End> {
    let app = &session.app;
    let names: Vec<String> = app.selection.migration.imports.iter().map(|named| short(app, named)).collect();
    let fitting: Vec<usize> =
        app.selection.migration.imports.iter().enumerate().filter(|(_, named)| fits(named)).map(|(at, _)| at).collect();
    if let [only] = fitting.as_slice() {
        return Ok(Some(*only));
    }
    let question = Question { asks, enter: None, help: HELP, letters: "", hidden: false };
    loop {
        let picked = match session.ask(&question).await? {
            Reply::Back | Reply::Again | Reply::Letter(_) => return Ok(None),
            Reply::Enter => Err("Type the number of a source, or its name; b goes back.".to_owned()),
            Reply::Text(text) => pick(text.expose(), &names),
        };
        match picked {
            Ok(at) if fitting.contains(&at) => return Ok(Some(at)),
            Ok(_) => session.console.say("That source is no secret, and has no versions.")?,
            Err(why) => session.console.say(&why)?,
        }
    }
}

/// A text under the rule that the screen's prompts have, or the number of one that is known.
async fn one_of(session: &mut Session, purpose: Purpose, help: &str) -> Result<(), End> {
    let known: Vec<String> = session.app.suggestions(purpose).into_iter().take(SAID).collect();
    for (number, name) in (1..).zip(&known) {
        session.console.item(&format!("{number}. "), name)?;
    }
    let numbered = |answer: &str| known.get(answer.parse::<usize>().ok()?.checked_sub(1)?).cloned();
    typed(session, purpose, help, numbered).await.map(drop)
}
