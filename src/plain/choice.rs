//! Answers that choose from a list, or that are typed under a rule.

use std::io;

use super::console::Console;
use super::findings::ended;
use super::session::{End, Question, Reply, Session};
use crate::tui::prompt::{self, Purpose};
use crate::values::text::counted;

/// Which of `names` an answer means: a number counted from 1, a name, or a part that only one name has. Otherwise why none, as a sentence.
pub fn pick(answer: &str, names: &[String]) -> Result<usize, String> {
    let answer = answer.trim();
    if let Some(at) = names.iter().position(|name| name == answer) {
        return Ok(at);
    }
    if !answer.is_empty() && answer.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        return number
            .filter(|at| *at < names.len())
            .ok_or_else(|| format!("There is no number {answer} here: {}.", range(names.len())));
    }
    let lower = answer.to_lowercase();
    let fitting = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..names.len()).filter(|at| names.get(*at).is_some_and(|name| fits(&name.to_lowercase()))).collect()
    };
    match (fitting(&|name| name == lower).as_slice(), fitting(&|name| name.contains(&lower)).as_slice()) {
        ([only], _) | ([], [only]) => Ok(*only),
        ([], []) => Err(format!("Nothing in the list is called {answer}: {}.", range(names.len()))),
        (_, several) => Err(format!("{answer} fits {} of the names: type more of it, or a number.", several.len())),
    }
}

/// What can be typed for a list of that length, as a clause.
pub fn range(length: usize) -> String {
    match length {
        0 => "the list is empty".into(),
        1 => "type 1, or the name".into(),
        many => format!("type a number from 1 to {many}, or a name"),
    }
}

/// What a list was answered with.
pub enum Chosen<'a, T> {
    /// One of it.
    One(&'a T),
    /// Back.
    Back,
    /// It was looked up again.
    Again,
}

/// Says how many choices there are, and each with its number.
pub fn say_choices(console: &mut Console, opening: &str, lines: &[String]) -> io::Result<()> {
    console.say(&format!("{opening} {}.", counted(lines.len(), "choice")))?;
    (1..).zip(lines).try_for_each(|(number, line)| console.item(&format!("{number}. "), &ended(line)))
}

/// Asks until one of `list` is chosen, whose `names` stand in the same order; Enter chooses the one at `enter`. The question has no letters.
pub async fn choose<'a, T>(
    session: &mut Session,
    question: &Question<'_>,
    list: &'a [T],
    names: &[String],
    enter: usize,
) -> Result<Chosen<'a, T>, End> {
    loop {
        let picked = match session.ask(question).await? {
            Reply::Back => return Ok(Chosen::Back),
            Reply::Again => return Ok(Chosen::Again),
            Reply::Enter | Reply::Letter(_) => Ok(enter),
            Reply::Text(text) => pick(text.expose(), names),
        };
        match picked.map(|at| list.get(at)) {
            Ok(Some(one)) => return Ok(Chosen::One(one)),
            Ok(None) => {}
            Err(why) => session.console.say(&why)?,
        }
    }
}

/// Asks for a text under the rule that the screen's prompts have; `None`: the user went back.
///
/// `meant` says which text an answer stands for, where it is the number or a part of one that is known.
pub async fn text(
    session: &mut Session,
    purpose: Purpose,
    help: &str,
    meant: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, End> {
    let question = Question { asks: purpose.title(), enter: None, help, letters: "", hidden: purpose.is_hidden() };
    loop {
        let answer = match session.ask(&question).await? {
            Reply::Back | Reply::Again | Reply::Letter(_) => return Ok(None),
            Reply::Enter => String::new(),
            Reply::Text(text) => text.expose().trim().to_owned(),
        };
        let answer = meant(&answer).unwrap_or(answer);
        match purpose.fault(&answer) {
            Some(fault) => session.console.say(&format!("That cannot be taken: {fault}."))?,
            None => return Ok(Some(answer)),
        }
    }
}

/// As [`text`], and takes it; `false`: the user went back.
pub async fn typed(
    session: &mut Session,
    purpose: Purpose,
    help: &str,
    meant: impl Fn(&str) -> Option<String>,
) -> Result<bool, End> {
    let Some(answer) = text(session, purpose, help, meant).await? else { return Ok(false) };
    let effects = prompt::take(&mut session.app, purpose, answer);
    session.perform(effects)?;
    Ok(true)
}

/// For a text that stands for no other.
pub const fn itself(_: &str) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_a_name_or_a_part_that_only_one_has() {
        let names = ["default", "staging", "Prod", "prod-eu", "12"].map(str::to_owned);
        for (answer, at) in [("1", 0), (" 5 ", 4), ("12", 4), ("staging", 1), ("PROD", 2), ("stag", 1), ("-eu", 3)] {
            assert_eq!(pick(answer, &names), Ok(at), "{answer}");
        }
        for (answer, part) in [
            ("0", "no number 0 here: type a number from 1 to 5"),
            ("6", "no number 6"),
            ("99999999999999999999999", "no number"),
            ("-1", "called -1"),
            ("pro", "fits 2"),
            ("nobody", "called nobody"),
        ] {
            let why = pick(answer, &names).unwrap_err();
            assert!(why.contains(part), "{answer}: {why}");
        }
        assert!(pick("x", &[]).unwrap_err().contains("empty"));
    }
}
