//! The config profile.

use super::choice::pick;
use super::session::{End, Question, Reply, Session};
use super::walk::Turn;
use crate::tui::engine::Ask;
use crate::tui::prompt::{self, Purpose};

const HELP: &str = "A config profile is a folder below benchling-webhook in your configuration folder; it holds config.json. The \
                    webhook uses the one called default unless it is told otherwise. A new name makes a new one. It is not the AWS profile.";

/// Asks it.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&[Ask::Survey], "Reading this machine's files").await?;
    let profiles = session.app.facts.config_profiles.shown().cloned().unwrap_or_default();
    let names: Vec<String> = profiles.iter().map(|profile| profile.name.clone()).collect();
    let there = match names.len() {
        0 => "None exists yet".to_owned(),
        1 => "1 exists".to_owned(),
        many => format!("{many} exist"),
    };
    session.console.say(&format!("Which config profile is set up? {there}; a new name makes a new one."))?;
    for (number, profile) in (1..).zip(&profiles) {
        let holds = if profile.has_config { "has a config.json" } else { "has no config.json yet" };
        session.console.item(&format!("{number}. "), &format!("{}: {holds}.", profile.name))?;
    }
    let current = session.app.selection.config_profile.clone();
    let new = if names.contains(&current) { "" } else { ", new" };
    let enter = format!("{current}{new}");
    let asks = if names.is_empty() { "Name of the config profile" } else { "Number or name of the config profile" };
    let question = Question { asks, enter: Some(&enter), help: HELP, letters: "", hidden: false };
    loop {
        let name = match session.ask(&question).await? {
            Reply::Back => return Ok(Turn::Back),
            Reply::Again => return Ok(Turn::Again),
            Reply::Enter | Reply::Letter(_) => current.clone(),
            Reply::Text(text) => match named(text.expose().trim(), &names) {
                Ok(name) => name,
                Err(why) => {
                    session.console.say(&why)?;
                    continue;
                }
            },
        };
        if name != current {
            let effects = prompt::take(&mut session.app, Purpose::ConfigProfile, name);
            session.perform(effects)?;
            session.wait_for(&[Ask::Survey], "Reading this machine's files").await?;
        }
        return Ok(Turn::Next);
    }
}

/// A number means a profile that exists; anything else is a name, whole: a part of one would be another profile.
fn named(answer: &str, names: &[String]) -> Result<String, String> {
    if !names.is_empty() && answer.bytes().all(|byte| byte.is_ascii_digit()) {
        let at = pick(answer, names)?;
        return Ok(names.get(at).cloned().unwrap_or_else(|| answer.to_owned()));
    }
    match Purpose::ConfigProfile.fault(answer) {
        Some(fault) => Err(format!("That cannot be the name of a config profile: {fault}.")),
        None => Ok(answer.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_name_is_a_new_name() {
        let names = ["default".to_owned(), "dev".to_owned()];
        assert_eq!(named("2", &names).unwrap(), "dev");
        assert_eq!(named("de", &names).unwrap(), "de");
        assert_eq!(named("7", &[]).unwrap(), "7");
        assert!(named("7", &names).unwrap_err().contains("no number 7"));
        assert!(named("../x", &names).unwrap_err().contains("folder"));
    }
}
