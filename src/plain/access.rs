//! What a system's access paths lead to, said: the sentence first, then what is wrong, worst first; then the principals, and what was found
//! beside.

use super::choice::{Chosen, choose, say_choices};
use super::findings::{ended, tell};
use super::session::{End, Question, Session};
use super::walk::{Step, Turn};
use crate::model::Finding;
use crate::systems::{PathRow, Standing};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::keymap::When;
use crate::tui::screens::access::{findings, mark_of, opening, paths, questions, reason, role_of, words_of_principal};
use crate::tui::screens::texts;
use crate::tui::theme::Mark;

const HELP: &str = "Every access path was walked as far as its live call. What is refused is said first. A path can be diagnosed by itself: \
                    both sides, what refuses, and what cures it.";

/// The most paths that are said unasked.
const SAID: usize = 12;

/// What can be done next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Leave,
    Again,
    Diagnose,
    All,
    Text,
    Settings,
}

impl Next {
    const fn words(self) -> &'static str {
        match self {
            Self::Leave => "Leave",
            Self::Again => "Ask AWS again",
            Self::Diagnose => "Diagnose one of the paths",
            Self::All => "Hear every path",
            Self::Text => "Hear a text to hand over",
            Self::Settings => "Change the settings",
        }
    }
}

/// Says it, and asks what to do.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&[], "Asking AWS who this is").await?;
    if session.app.selection.source.is_none() {
        return Ok(Turn::To(Step::Source));
    }
    let effects = session.app.look_at_system().into_iter().collect();
    session.perform(effects)?;
    session.wait_for(&[Ask::System], "Asking about the access paths").await?;
    say(session)?;
    menu(session).await
}

fn say(session: &mut Session) -> Result<(), End> {
    let app = &session.app;
    let mut lines = vec![opening(app)];
    let wrong: Vec<&PathRow> = worst_first(app).into_iter().filter(|row| mark_of(row) != Mark::Good).collect();
    lines.extend(wrong.iter().take(SAID).map(|row| of_row(row)));
    if wrong.len() > SAID {
        lines.push(format!("{} more are not as they should be.", wrong.len() - SAID));
    }
    lines.extend(questions(app).iter().map(|of| ended(&format!("{}: {}", of.label, words_of_principal(app, of)))));
    let beside: Vec<Finding> = findings(app).into_iter().cloned().collect();
    lines.iter().try_for_each(|line| session.console.say(line))?;
    beside.iter().try_for_each(|finding| tell(&mut session.console, finding))?;
    Ok(())
}

fn worst_first(app: &App) -> Vec<&PathRow> {
    let mut rows: Vec<&PathRow> = paths(app).iter().map(AsRef::as_ref).collect();
    rows.sort_by_key(|row| row.trouble());
    rows
}

/// "prod, role 4444-5555-6666 Target: refused; another external ID is wanted."
fn of_row(row: &PathRow) -> String {
    let word = match mark_of(row) {
        Mark::Good => "allowed",
        Mark::Doubt => "allowed, but",
        Mark::Fault if row.standing() == Standing::Refused => "refused",
        Mark::Fault => "wrong",
        Mark::Unknown => "not known",
        Mark::Open | Mark::Running => "not looked up",
    };
    let reason = reason(row);
    let reason = if reason.starts_with(word) || reason == "assumed" { reason } else { format!("{word}: {reason}") };
    ended(&format!("{}, role {}: {reason}", row.label, role_of(&row.role)))
}

fn choices(app: &App) -> Vec<Next> {
    let mut choices = vec![Next::Leave, Next::Again];
    if !paths(app).is_empty() && app.asked_plan().is_some() {
        choices.extend([Next::Diagnose, Next::All]);
    }
    if matches!(texts::may_open(app), When::Yes) {
        choices.push(Next::Text);
    }
    choices.push(Next::Settings);
    choices
}

async fn menu(session: &mut Session) -> Result<Turn, End> {
    let choices = choices(&session.app);
    let labels: Vec<String> = choices.iter().map(|choice| choice.words().to_owned()).collect();
    say_choices(&mut session.console, "What next?", &labels)?;
    let asks = "Number of what is to be done";
    let question = Question { asks, enter: Some("1, leave"), help: HELP, letters: "", hidden: false };
    loop {
        let next = match choose(session, &question, &choices, &labels, 0).await? {
            Chosen::Back => return Ok(Turn::Back),
            Chosen::Again => return Ok(Turn::Again),
            Chosen::One(next) => next,
        };
        match next {
            Next::Leave => return Err(End::Left),
            Next::Again => {
                let effects = session.app.rerun();
                session.perform(effects)?;
                return Ok(Turn::Again);
            }
            Next::Settings => return Ok(Turn::To(Step::Settings)),
            Next::All => {
                let lines: Vec<String> = worst_first(&session.app).into_iter().map(of_row).collect();
                lines.iter().try_for_each(|line| session.console.say(line))?;
            }
            Next::Text => hear(session).await?,
            Next::Diagnose => {
                if let Some(id) = which(session).await? {
                    let effects = session.app.diagnose_path(&id);
                    session.perform(effects)?;
                    return Ok(Turn::To(Step::Diagnosis));
                }
            }
        }
    }
}

/// Which path; `None`: the user went back.
async fn which(session: &mut Session) -> Result<Option<String>, End> {
    let rows: Vec<(String, String)> =
        worst_first(&session.app).into_iter().map(|row| (row.id.clone(), row.label.clone())).collect();
    let names: Vec<String> = rows.iter().map(|(_, label)| label.clone()).collect();
    let picked = one_of(session, "Which path? Number or name, the worst first", &rows, &names).await?;
    Ok(picked.map(|(id, _)| id.clone()))
}

/// Says one of the texts, line by line as it stands.
async fn hear(session: &mut Session) -> Result<(), End> {
    let all = texts::all(&session.app, false);
    let names: Vec<String> = all.iter().map(texts::title).collect();
    let Some(text) = one_of(session, "Which text? Number or name", &all, &names).await? else { return Ok(()) };
    session.console.say(&ended(&text.title))?;
    for gap in &text.gaps {
        session.console.say(&ended(&format!("{}: {}", gap.placeholder, gap.why)))?;
    }
    text.notes.iter().try_for_each(|note| session.console.say(&ended(note)))?;
    text.body.lines().try_for_each(|line| session.console.whole(line))?;
    Ok(())
}

/// One of a list, said where it is short; `None`: the user went back.
async fn one_of<'a, T>(
    session: &mut Session,
    asks: &str,
    list: &'a [T],
    names: &[String],
) -> Result<Option<&'a T>, End> {
    if let [only] = list {
        return Ok(Some(only));
    }
    for (number, name) in (1..).zip(names).take(SAID) {
        session.console.item(&format!("{number}. "), name)?;
    }
    if names.len() > SAID {
        session.console.say(&format!("{} more can be named.", names.len() - SAID))?;
    }
    let question = Question { asks, enter: Some("1"), help: HELP, letters: "", hidden: false };
    Ok(match choose(session, &question, list, names, 0).await? {
        Chosen::One(one) => Some(one),
        Chosen::Back | Chosen::Again => None,
    })
}
