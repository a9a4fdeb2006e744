//! Answers that choose from a list, or that are typed under a rule.

use super::session::{End, Question, Reply, Session};
use crate::tui::prompt::{self, Purpose};

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

/// "1 stack", "3 stacks".
pub fn counted(number: usize, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}

/// Asks for a text under the rule that the screen's prompts have, and takes it; `false`: the user went back.
pub async fn typed(session: &mut Session, purpose: Purpose, help: &str) -> Result<bool, End> {
    let question = Question { asks: purpose.title(), enter: None, help, letters: "", hidden: false };
    loop {
        let answer = match session.ask(&question).await? {
            Reply::Back | Reply::Again | Reply::Letter(_) => return Ok(false),
            Reply::Enter => String::new(),
            Reply::Text(text) => text.expose().trim().to_owned(),
        };
        if let Some(fault) = purpose.fault(&answer) {
            session.console.say(&format!("That cannot be taken: {fault}."))?;
            continue;
        }
        let effects = prompt::take(&mut session.app, purpose, answer);
        session.perform(effects)?;
        return Ok(true);
    }
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
