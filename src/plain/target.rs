//! The secret of a migration: where it is written to, which runtime will read it, and the key and tags of a new one.

use super::choice::{itself, pick, say_choices, typed};
use super::secret::say_state;
use super::session::{End, Question, Reply, Session};
use super::sources::say_news;
use super::walk::{Step, Turn};
use crate::migrate::reader;
use crate::model::Reader;
use crate::tui::keymap::When;
use crate::tui::prompt::{self, Purpose};
use crate::tui::screens::secret::{about_file, makes_new};

const SECRET: &str = "The secret in AWS Secrets Manager from which the webhook reads its 11 values at start-up. A name that does not \
                      exist makes a new one. w writes the values to a file instead.";
const FILE: &str = "A path; one that begins with ~/ is in your home folder. The file is readable by you alone (0600). w writes to Secrets \
                    Manager instead.";
const READER: &str = "The specification has 11 keys in capitals. The runtimes that were shipped read other names, in small letters. A \
                      secret with both spellings is accepted by every runtime.";
const KMS_KEY: &str = "The key that encrypts a new secret: an id, an ARN or an alias. aws/secretsmanager is the key that AWS keeps for \
                       it. t adds tags.";
const TAGS: &str = "Tags of the new secret, as Name=Value, Name=Value. ManagedBy is set anyway.";

/// The key that AWS uses where none is named.
const OF_AWS: &str = "aws/secretsmanager";

/// Asks all of it.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    // What had to wait for the AWS profile is read now.
    say_news(session)?;
    let mut at = 0;
    loop {
        let turn = match at {
            0 => target(session).await?,
            1 => which_runtime(session).await?,
            2 if matches!(makes_new(&session.app), When::Yes) => kms_key(session).await?,
            _ => return Ok(Turn::Next),
        };
        match turn {
            Turn::Next => at += 1,
            Turn::Back if at > 0 => at -= 1,
            Turn::Back if session.without_aws => return Ok(Turn::To(Step::Source)),
            other => return Ok(other),
        }
    }
}

async fn target(session: &mut Session) -> Result<Turn, End> {
    if session.app.selection.migration.to_file.is_some() {
        return file(session).await;
    }
    if session.without_aws {
        session.console.say("Without AWS the secret can be written to a file only.")?;
        return Ok(if to_a_file(session).await? { Turn::Again } else { Turn::Back });
    }
    say_state(session)?;
    let current = session.app.draft.secret_name.clone();
    let asks = "Name of the secret that is written, or w for a file";
    let question = Question { asks, enter: Some(&current), help: SECRET, letters: "w", hidden: false };
    loop {
        let name = match session.ask(&question).await? {
            Reply::Back => return Ok(Turn::Back),
            Reply::Again => return Ok(Turn::Again),
            Reply::Enter => return Ok(Turn::Next),
            Reply::Letter(_) => {
                to_a_file(session).await?;
                return Ok(Turn::Again);
            }
            Reply::Text(text) => text,
        };
        if let Some(turn) = super::secret::answered(session, &name)? {
            return Ok(turn);
        }
    }
}

/// Asks for a file to write to; `false`: the user went back.
async fn to_a_file(session: &mut Session) -> Result<bool, End> {
    let asks = "File to write the secret to, for you alone";
    let question = Question { asks, enter: None, help: FILE, letters: "", hidden: false };
    loop {
        match session.ask(&question).await? {
            Reply::Back | Reply::Again | Reply::Letter(_) => return Ok(false),
            Reply::Enter => session.console.say("A path is needed; b goes back.")?,
            Reply::Text(text) => {
                let effects = prompt::take(&mut session.app, Purpose::TargetFile, text.expose().trim().to_owned());
                session.perform(effects)?;
                return Ok(true);
            }
        }
    }
}

/// The values go to a file.
async fn file(session: &mut Session) -> Result<Turn, End> {
    let app = &session.app;
    let path = app.selection.migration.to_file.as_deref().map(|path| app.setting.folders.short(path));
    let path = path.unwrap_or_default();
    let sentence = format!("The secret is written to {path}: {}.", about_file(app));
    session.console.say(&sentence)?;
    let (asks, letters) = if session.without_aws {
        ("File that is written", "")
    } else {
        ("File that is written, or w for Secrets Manager", "w")
    };
    let question = Question { asks, enter: Some(&path), help: FILE, letters, hidden: false };
    let answer = match session.ask(&question).await? {
        Reply::Back => return Ok(Turn::Back),
        Reply::Again => return Ok(Turn::Again),
        Reply::Enter => return Ok(Turn::Next),
        Reply::Letter(_) => String::new(),
        Reply::Text(text) => text.expose().trim().to_owned(),
    };
    let effects = prompt::take(&mut session.app, Purpose::TargetFile, answer);
    session.perform(effects)?;
    Ok(Turn::Again)
}

/// Which runtime will read the secret: three answers, one of them preselected, and why.
async fn which_runtime(session: &mut Session) -> Result<Turn, End> {
    let labels = Reader::ALL.map(|reader| reader.words().to_owned());
    say_choices(&mut session.console, Purpose::Reader.title(), &labels)?;
    let (chosen, why) = reader::chosen(&session.app.facts, &session.app.selection);
    let number = Reader::ALL.iter().position(|reader| *reader == chosen).map_or(1, |at| at + 1);
    let enter = format!("{number}, {}; {}", chosen.word(), why.words());
    let asks = "Number or name of the runtime";
    let question = Question { asks, enter: Some(&enter), help: READER, letters: "", hidden: false };
    loop {
        let picked = match session.ask(&question).await? {
            Reply::Back => return Ok(Turn::Back),
            Reply::Again => return Ok(Turn::Again),
            Reply::Enter | Reply::Letter(_) => return Ok(Turn::Next),
            Reply::Text(text) => pick(text.expose(), &labels),
        };
        match picked.map(|at| labels.get(at).cloned()) {
            Ok(label) => {
                let effects = prompt::take(&mut session.app, Purpose::Reader, label.unwrap_or_default());
                session.perform(effects)?;
                return Ok(Turn::Next);
            }
            Err(why) => session.console.say(&why)?,
        }
    }
}

async fn kms_key(session: &mut Session) -> Result<Turn, End> {
    loop {
        let migration = &session.app.selection.migration;
        let tags: Vec<String> = migration.tags.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let current = migration.kms_key.clone().unwrap_or_else(|| OF_AWS.to_owned());
        if !tags.is_empty() {
            session.console.say(&format!("Tags of the new secret: {}.", tags.join(", ")))?;
        }
        let asks = "KMS key that encrypts the new secret, or t for tags";
        let question = Question { asks, enter: Some(&current), help: KMS_KEY, letters: "t", hidden: false };
        let key = match session.ask(&question).await? {
            Reply::Back => return Ok(Turn::Back),
            Reply::Again => return Ok(Turn::Again),
            Reply::Enter => return Ok(Turn::Next),
            Reply::Letter(_) => {
                typed(session, Purpose::Tags, TAGS, itself).await?;
                continue;
            }
            Reply::Text(text) => text.expose().trim().to_owned(),
        };
        if let Some(fault) = Purpose::KmsKey.fault(&key) {
            session.console.say(&format!("That cannot be a KMS key: {fault}."))?;
            continue;
        }
        let key = if key == OF_AWS { String::new() } else { key };
        let effects = prompt::take(&mut session.app, Purpose::KmsKey, key);
        session.perform(effects)?;
        return Ok(Turn::Next);
    }
}
